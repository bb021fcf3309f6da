// Where the instructions of kernels read and write memory.

namespace Autodiff.Functional.Compilation.Kernels;

/// <summary>Numbers in memory, for any kernel that reads them: a position, and the strides along iteration domains.</summary>
/// <param name="Buffer">The buffer.</param>
/// <param name="Element">The first element.</param>
/// <param name="Sample">The first sample.</param>
/// <param name="Strides">The stride along each iteration domain.</param>
/// <param name="Table">If not null, for each sample the number of strides that it is from the first sample.</param>
internal sealed record MemoryReference(TensorBuffer Buffer, int Element, int Sample, IReadOnlyDictionary<int, Stride> Strides, TensorBuffer? Table = null)
{
    // A scalar kernel has no samples and no loops to move along.
    private static readonly Stride[] s_nowhere = [default];

    /// <summary>The access to the one number there, which all scalar kernels have in common.</summary>
    public Access OfNumber => field ??= new(Buffer, Element, Sample, s_nowhere, Table);
}

/// <summary>Where an instruction reads or writes: a position, and the strides along the samples and then along the loops of its kernel.</summary>
/// <param name="buffer">The buffer.</param>
/// <param name="element">The first element.</param>
/// <param name="sample">The first sample.</param>
/// <param name="strides">The strides, that of the samples first.</param>
/// <param name="table">For each sample of the kernel the sample that it reads or writes; null if that is the same sample.</param>
/// <param name="sums">The partial sums of a chunk that it adds to instead of the buffer; null if it uses the buffer.</param>
internal sealed class Access(TensorBuffer buffer, int element, int sample, Stride[] strides, TensorBuffer? table, PartialSums? sums = null) : IEquatable<Access>
{
    public TensorBuffer Buffer => buffer;

    /// <summary>The index of the pointer, among those of the program, that it is relative to.</summary>
    public int Segment => sums is null ? buffer.Segment : TensorBuffer.Chunk;

    /// <summary>For each sample of the kernel the sample that it reads or writes; null if that is the same sample.</summary>
    public TensorBuffer? Table => table;

    /// <summary>The stride from one sample to the next, in doubles.</summary>
    public int Along => strides[0].In(buffer);

    /// <summary>The distance from the pointer of its segment to the first number, in doubles.</summary>
    public int Start => sums is null ? buffer.Start + (element * buffer.Lead) + sample : sums.Start + (((element * buffer.Lead) + sample) * sums.Lanes);

    /// <summary>The first sample.</summary>
    public int Sample => sample;

    /// <summary>Whether each sample of the kernel reads or writes the same sample of the buffer.</summary>
    public bool IsOwn => sample == 0 && IsInOrder;

    /// <summary>Whether the samples of the kernel read or write samples of the buffer in the same order, the same ones in every iteration of the loops.</summary>
    public bool IsInOrder => strides[0] == new Stride(0, 1) && table is null && Array.TrueForAll(strides[1..], stride => stride.Samples == 0);

    /// <summary>Whether the lanes of a register are not next to each other in memory.</summary>
    public bool IsLaneByLane => table is not null || (strides[0] != default && strides[0] != new Stride(0, 1));

    /// <summary>The stride along a loop, in doubles.</summary>
    public int AlongLoop(int loop) => strides[loop + 1].In(buffer) * (sums?.Lanes ?? 1);

    /// <summary>The same access, to the partial sums of a chunk.</summary>
    public Access InChunk(PartialSums sums) => new(buffer, element, sample, strides, table, sums);

    /// <summary>The access some iterations of the innermost loop later, for a loop that takes several iterations at a time.</summary>
    public Access Later(int iterations, int atATime)
    {
        Stride[] jammed = [.. strides[..^1], new(strides[^1].Elements * atATime, strides[^1].Samples * atATime)];
        return new(buffer, element + (strides[^1].Elements * iterations), sample + (strides[^1].Samples * iterations), jammed, table, sums);
    }

    /// <summary>Whether all samples and all iterations of all loops have different addresses.</summary>
    public bool IsOnce(KernelSpace space)
    {
        if (table is not null)
        {
            return false;
        }

        var reach = 0L;
        foreach (var (stride, length) in space.Lengths.Prepend(space.Samples).Select((length, i) => (Math.Abs(strides[i].In(buffer)), length)).Where(each => each.length > 1).Order())
        {
            if (stride <= reach)
            {
                return false;
            }

            reach += stride * (length - 1L);
        }

        return true;
    }

    public bool Equals(Access? other) => ReferenceEquals(this, other) || (other is not null && (buffer, element, sample, table, sums) == other.Position && strides.AsSpan().SequenceEqual(other.Strides));

    public override bool Equals(object? obj) => Equals(obj as Access);

    public override int GetHashCode() => HashCode.Combine(buffer, element, sample);

    private (TensorBuffer Buffer, int Element, int Sample, TensorBuffer? Table, PartialSums? Sums) Position => (buffer, element, sample, table, sums);

    private ReadOnlySpan<Stride> Strides => strides;
}
