// Where instructions read and write.

namespace Autodiff.Functional.Compilation.Kernels;

/// <summary>Numbers in memory, whatever kernel reads them: a position, and the steps along classes of axes.</summary>
/// <param name="Buffer">The memory.</param>
/// <param name="Element">The first element.</param>
/// <param name="Sample">The first sample.</param>
/// <param name="Steps">How far it is to the next position along each class.</param>
/// <param name="Table">Where there is one: for each sample how many steps it is from the first.</param>
internal sealed record MemoryReference(TensorBuffer Buffer, int Element, int Sample, IReadOnlyDictionary<int, Stride> Steps, TensorBuffer? Table = null)
{
    // A kernel of single numbers goes nowhere.
    private static readonly Stride[] s_nowhere = [default];

    /// <summary>The one number there, which all kernels of single numbers read and write alike.</summary>
    public Access OfNumber => field ??= new(Buffer, Element, Sample, s_nowhere, Table);
}

/// <summary>Where an instruction reads or writes: a position, and the steps along the samples and then along the loops of its kernel.</summary>
/// <param name="buffer">The memory.</param>
/// <param name="element">The first element.</param>
/// <param name="sample">The first sample.</param>
/// <param name="steps">The steps.</param>
/// <param name="table">The whole numbers that say which sample's place each sample has; null if it is its own.</param>
/// <param name="sums">What is added up in memory of a part instead; null if nothing is.</param>
internal sealed class Access(TensorBuffer buffer, int element, int sample, Stride[] steps, TensorBuffer? table, PartialSums? sums = null) : IEquatable<Access>
{
    public TensorBuffer Buffer => buffer;

    /// <summary>Which of the program's pointers it is relative to.</summary>
    public int Place => sums is null ? buffer.Place : TensorBuffer.Part;

    /// <summary>The whole numbers that say which sample's place each sample has; null if it is its own.</summary>
    public TensorBuffer? Table => table;

    /// <summary>The step from one sample to the next, in numbers.</summary>
    public int Along => steps[0].In(buffer);

    /// <summary>The first number behind the pointer of the buffer's place.</summary>
    public int Start => sums is null ? buffer.Start + (element * buffer.Lead) + sample : sums.Start + (((element * buffer.Lead) + sample) * sums.Lanes);

    /// <summary>The first sample.</summary>
    public int Sample => sample;

    /// <summary>Whether each sample reads or writes its own of the buffer.</summary>
    public bool IsOwn => sample == 0 && IsInOrder;

    /// <summary>Whether the samples read or write samples of the buffer in the same order, in every round of the loops the same ones.</summary>
    public bool IsInOrder => steps[0] == new Stride(0, 1) && table is null && Array.TrueForAll(steps[1..], step => step.Samples == 0);

    /// <summary>Whether the lanes of a register are not next to each other.</summary>
    public bool IsLaneByLane => table is not null || (steps[0] != default && steps[0] != new Stride(0, 1));

    /// <summary>The step along a loop, in numbers.</summary>
    public int AlongLoop(int loop) => steps[loop + 1].In(buffer) * (sums?.Lanes ?? 1);

    /// <summary>The same place in the memory of a part.</summary>
    public Access InPart(PartialSums sums) => new(buffer, element, sample, steps, table, sums);

    /// <summary>The place some rounds of the innermost loop later, for a loop that goes on by so many rounds at a time.</summary>
    public Access Later(int rounds, int atATime)
    {
        Stride[] jammed = [.. steps[..^1], new(steps[^1].Elements * atATime, steps[^1].Samples * atATime)];
        return new(buffer, element + (steps[^1].Elements * rounds), sample + (steps[^1].Samples * rounds), jammed, table, sums);
    }

    /// <summary>Whether all rounds of all loops have different places, for every sample.</summary>
    public bool IsOnce(KernelSpace space)
    {
        if (table is not null)
        {
            return false;
        }

        var reach = 0L;
        foreach (var (step, length) in space.Lengths.Prepend(space.Samples).Select((length, i) => (Math.Abs(steps[i].In(buffer)), length)).Where(each => each.length > 1).Order())
        {
            if (step <= reach)
            {
                return false;
            }

            reach += step * (length - 1L);
        }

        return true;
    }

    public bool Equals(Access? other) => ReferenceEquals(this, other) || (other is not null && (buffer, element, sample, table, sums) == other.Position && steps.AsSpan().SequenceEqual(other.Steps));

    public override bool Equals(object? obj) => Equals(obj as Access);

    public override int GetHashCode() => HashCode.Combine(buffer, element, sample);

    private (TensorBuffer Buffer, int Element, int Sample, TensorBuffer? Table, PartialSums? Sums) Position => (buffer, element, sample, table, sums);

    private ReadOnlySpan<Stride> Steps => steps;
}
