// The memory that one run of a program works in, and the threads that work in it.

using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Autodiff.Functional.Compilation.Kernels;

namespace Autodiff.Functional.Compilation.Runtime;

/// <summary>The memory of one run at a time.</summary>
internal sealed unsafe class Workspace
{
    // BufferView larger than this is shared with other programs: the system takes long to give it for the first time.
    private const int Large = 1 << 16;

    private readonly MemorySize _size;
    private readonly int _total;
    private readonly int _count;
    private readonly nint[] _places;
    private readonly double[]? _own;
    private double[]? _rented;
    private GCHandle _pin;

    /// <summary>Makes room for a program.</summary>
    /// <param name="size">The memory it needs.</param>
    /// <param name="constants">The numbers at the place of constants, in pinned memory.</param>
    /// <param name="arguments">How many arguments it has.</param>
    /// <param name="results">How many results.</param>
    /// <param name="threads">How many threads may work.</param>
    public Workspace(MemorySize size, double[] constants, int arguments, int results, int threads)
    {
        _size = new(MemorySize.RoundedUp(size.Arena), MemorySize.RoundedUp(size.Tile), size.Parts);
        _total = checked((int)(_size.Arena + (threads * _size.Tile) + _size.Parts + (2 * MemorySize.Line)));
        _count = TensorBuffer.Constants + 1 + arguments + results;
        _places = GC.AllocateArray<nint>(threads * _count, pinned: true);
        Threads = threads;
        Team = threads > 1 ? new(this) : null;
        Places = (double**)FirstOf(_places);
        Places[TensorBuffer.Constants] = (double*)FirstOf(constants);
        Arguments = Places + TensorBuffer.Constants + 1;
        Results = Arguments + arguments;
        if (_total <= Large)
        {
            SetArena(_own = GC.AllocateUninitializedArray<double>(_total, pinned: true));
        }
    }

    /// <summary>How many threads may work in it.</summary>
    public int Threads { get; }

    /// <summary>The threads beside the one that runs the program; null if there are to be none.</summary>
    public Team? Team { get; }

    /// <summary>The pointers that all memory is relative to.</summary>
    public double** Places { get; }

    /// <summary>Where the arguments lie.</summary>
    public double** Arguments { get; }

    /// <summary>Where the results are written.</summary>
    public double** Results { get; }

    private double* Tiles => Places[TensorBuffer.Arena] + _size.Arena;

    /// <summary>Gets hold of memory, before a run.</summary>
    public void Begin()
    {
        if (_own is null)
        {
            _rented = ArrayPool<double>.Shared.Rent(_total);
            _pin = GCHandle.Alloc(_rented, GCHandleType.Pinned);
            SetArena(_rented);
        }
    }

    /// <summary>Gives it back, after a run or several.</summary>
    public void End()
    {
        if (_own is null)
        {
            _pin.Free();
            ArrayPool<double>.Shared.Return(_rented!);
            _rented = null;
        }
    }

    /// <summary>BufferView for the tile of a thread.</summary>
    public double* TileOf(int thread) => Tiles + (thread * _size.Tile);

    /// <summary>BufferView for what one part of the work of a group adds up, given how much each part has.</summary>
    public double* PartOf(int part, int size) => Tiles + (Threads * _size.Tile) + ((long)part * size);

    /// <summary>The pointers of one thread: its own for a tile and a part, all others as they are.</summary>
    public double** PlacesOf(int thread)
    {
        var places = Places + (thread * _count);
        if (thread > 0)
        {
            new ReadOnlySpan<nint>(Places, _count).CopyTo(new(places, _count));
        }

        return places;
    }

    private void SetArena(double[] memory) => Places[TensorBuffer.Arena] = (double*)(((nint)FirstOf(memory) + 63) & ~63);

    /// <summary>Where the elements of a pinned array begin.</summary>
    public static void* FirstOf<T>(T[] pinned) => Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));
}
