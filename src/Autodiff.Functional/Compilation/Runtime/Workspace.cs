// The memory that one run of a compiled program works in, and the threads that work in it.

using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Autodiff.Functional.Compilation.Kernels;

namespace Autodiff.Functional.Compilation.Runtime;

/// <summary>The memory of a program for one run at a time.</summary>
internal sealed unsafe class Workspace
{
    // A workspace of more doubles than this (512 KiB) is rented from the shared pool for each run, so that programs share the memory: the
    // operating system takes long to provide memory for the first time.
    private const int Large = 1 << 16;

    private readonly MemorySize _size;
    private readonly int _total;
    private readonly int _count;
    private readonly nint[] _segments;
    private readonly double[]? _own;
    private double[]? _rented;
    private GCHandle _pin;

    /// <summary>Makes a workspace for a program.</summary>
    /// <param name="size">The memory that the program needs.</param>
    /// <param name="constants">The constants of the program, in pinned memory.</param>
    /// <param name="arguments">The number of arguments.</param>
    /// <param name="results">The number of results.</param>
    /// <param name="threads">The number of threads that may work in it.</param>
    public Workspace(MemorySize size, double[] constants, int arguments, int results, int threads)
    {
        _size = new(MemorySize.RoundedUp(size.Arena), MemorySize.RoundedUp(size.Tile), size.Chunks);
        _total = checked((int)(_size.Arena + (threads * _size.Tile) + _size.Chunks + (2 * MemorySize.Line)));
        _count = TensorBuffer.Constants + 1 + arguments + results;
        _segments = GC.AllocateArray<nint>(threads * _count, pinned: true);
        Threads = threads;
        Team = threads > 1 ? new(this) : null;
        Segments = (double**)FirstOf(_segments);
        Segments[TensorBuffer.Constants] = (double*)FirstOf(constants);
        Arguments = Segments + TensorBuffer.Constants + 1;
        Results = Arguments + arguments;
        if (_total <= Large)
        {
            SetArena(_own = GC.AllocateUninitializedArray<double>(_total, pinned: true));
        }
    }

    /// <summary>The number of threads that may work in it.</summary>
    public int Threads { get; }

    /// <summary>The helper threads beside the thread that runs the program; null if there are to be none.</summary>
    public Team? Team { get; }

    /// <summary>The pointers that all accesses to memory are relative to: those of the arena, the tile, the chunk, the constants, the arguments and the results.</summary>
    public double** Segments { get; }

    /// <summary>The pointers to the arguments.</summary>
    public double** Arguments { get; }

    /// <summary>The pointers to the results.</summary>
    public double** Results { get; }

    private double* Tiles => Segments[TensorBuffer.Arena] + _size.Arena;

    /// <summary>Rents memory if the workspace is large. To be called before a run.</summary>
    public void Begin()
    {
        if (_own is null)
        {
            _rented = ArrayPool<double>.Shared.Rent(_total);
            _pin = GCHandle.Alloc(_rented, GCHandleType.Pinned);
            SetArena(_rented);
        }
    }

    /// <summary>Gives rented memory back. To be called after one run or several.</summary>
    public void End()
    {
        if (_own is null)
        {
            _pin.Free();
            ArrayPool<double>.Shared.Return(_rented!);
            _rented = null;
        }
    }

    /// <summary>The memory for the tile of a thread.</summary>
    public double* TileOf(int thread) => Tiles + (thread * _size.Tile);

    /// <summary>The memory for the partial sums of a chunk of the work of a group, given the doubles that each chunk has.</summary>
    public double* ChunkOf(int chunk, int size) => Tiles + (Threads * _size.Tile) + ((long)chunk * size);

    /// <summary>The pointers that one thread uses: its own for the tile and the chunk, and copies of all others.</summary>
    public double** SegmentsOf(int thread)
    {
        var segments = Segments + (thread * _count);
        if (thread > 0)
        {
            new ReadOnlySpan<nint>(Segments, _count).CopyTo(new(segments, _count));
        }

        return segments;
    }

    private void SetArena(double[] memory) => Segments[TensorBuffer.Arena] = (double*)(((nint)FirstOf(memory) + 63) & ~63);

    /// <summary>A pointer to the first element of a pinned array.</summary>
    public static void* FirstOf<T>(T[] pinned) => Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));
}
