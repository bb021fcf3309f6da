// The memory that steps read and write: buffers, and strides in them.

namespace Autodiff.Functional.Compilation.Kernels;

/// <summary>The stride of an axis: some elements of a buffer, and some samples within an element.</summary>
internal readonly record struct Stride(int Elements, int Samples)
{
    /// <summary>The stride in doubles.</summary>
    public int In(TensorBuffer buffer) => (Elements * buffer.Lead) + Samples;
}

/// <summary>A contiguous part of memory: elements, each of which has a number for every sample.</summary>
internal sealed class TensorBuffer
{
    public TensorBuffer(int elements, int samples) => (Elements, Samples, Lead) = (elements, samples, samples);

    /// <summary>The segment (index of a pointer) of the arena, the memory that a program works in.</summary>
    public const int Arena = 0;

    /// <summary>The segment of the memory for the samples of one tile.</summary>
    public const int Tile = 1;

    /// <summary>The segment of the memory for the partial sums of one chunk.</summary>
    public const int Chunk = 2;

    /// <summary>The segment of the constants. It is followed by those of the arguments and then those of the results.</summary>
    public const int Constants = 3;

    /// <summary>Whether its numbers are all different, if it is a table of positions.</summary>
    public bool IsOneToOne { get; init; }

    /// <summary>The largest of its numbers, if it is a table of positions.</summary>
    public int Furthest { get; init; }

    /// <summary>The number of elements.</summary>
    public int Elements { get; private set; }

    /// <summary>The number of samples of each element.</summary>
    public int Samples { get; }

    /// <summary>The segment of memory that it lies in: the index of the pointer that it is relative to.</summary>
    public int Segment { get; set; } = Arena;

    /// <summary>Its distance from the pointer, in doubles.</summary>
    public int Start { get; set; }

    /// <summary>The distance from one element to the next, in doubles.</summary>
    public int Lead { get; set; }

    public long Size => (long)Elements * Lead;

    /// <summary>The number that every element is filled with before anything is accumulated or folded into it; null if each element is stored once.</summary>
    public double? Initial { get; set; }

    /// <summary>The index of the first step that writes it.</summary>
    public int FirstWriter { get; private set; } = int.MaxValue;

    /// <summary>The index of the last step that writes it; −1 if no step does.</summary>
    public int LastWriter { get; private set; } = -1;

    /// <summary>The index of the last step that reads it; −1 if no step does.</summary>
    public int LastReader { get; private set; } = -1;

    /// <summary>Whether a step reads or writes samples other than those it runs for.</summary>
    public bool IsShared { get; private set; }

    /// <summary>Whether a step writes samples other than those it runs for, so that no sample is complete before the step has run for all of them.</summary>
    public bool IsScattered { get; private set; }

    /// <summary>Appends one element, and returns its index.</summary>
    public int Append() => Elements++;

    /// <summary>Forgets which steps write and read it.</summary>
    public void Forget() => (FirstWriter, LastWriter, LastReader, IsShared, IsScattered) = (int.MaxValue, -1, -1, false, false);

    public void Written(int step, bool isOwn)
    {
        (FirstWriter, LastWriter) = (Math.Min(FirstWriter, step), Math.Max(LastWriter, step));
        (IsShared, IsScattered) = (IsShared || !isOwn, IsScattered || !isOwn);
    }

    public void Read(int step, bool isOwn)
    {
        LastReader = Math.Max(LastReader, step);
        IsShared |= !isOwn;
    }
}
