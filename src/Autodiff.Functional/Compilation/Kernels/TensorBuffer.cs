// BufferView that kernels read and write: runs of numbers, and steps in them.

namespace Autodiff.Functional.Compilation.Kernels;

/// <summary>A step along an axis of memory: so many elements of a buffer, and so many samples within an element.</summary>
internal readonly record struct Stride(int Elements, int Samples)
{
    /// <summary>The step in numbers.</summary>
    public int In(TensorBuffer buffer) => (Elements * buffer.Lead) + Samples;
}

/// <summary>A run of memory: elements, each of which is a number for every sample.</summary>
internal sealed class TensorBuffer
{
    public TensorBuffer(int elements, int samples) => (Elements, Samples, Lead) = (elements, samples, samples);

    /// <summary>The place of memory that a program works in; behind it are those of constants, arguments and results.</summary>
    public const int Arena = 0;

    /// <summary>The place of memory for the samples of one tile.</summary>
    public const int Tile = 1;

    /// <summary>The place of memory for what one part of the work adds up.</summary>
    public const int Part = 2;

    /// <summary>The place of constants; those of arguments and then results are behind it.</summary>
    public const int Constants = 3;

    /// <summary>Whether its numbers are all different, if it is a table of places.</summary>
    public bool IsOneToOne { get; init; }

    /// <summary>The largest of its numbers, if it is a table of places.</summary>
    public int Furthest { get; init; }

    /// <summary>How many elements there are.</summary>
    public int Elements { get; private set; }

    /// <summary>How many samples an element has.</summary>
    public int Samples { get; }

    /// <summary>Which of the program's pointers it is relative to.</summary>
    public int Place { get; set; } = Arena;

    /// <summary>The first number behind the pointer.</summary>
    public int Start { get; set; }

    /// <summary>The numbers from one element to the next.</summary>
    public int Lead { get; set; }

    public long Size => (long)Elements * Lead;

    /// <summary>What every number is before anything is folded into it; null if all are written once.</summary>
    public double? Initial { get; set; }

    /// <summary>The first step that writes it.</summary>
    public int FirstWriter { get; private set; } = int.MaxValue;

    /// <summary>The last step that writes it; −1 if it was there before.</summary>
    public int LastWriter { get; private set; } = -1;

    /// <summary>The last step that reads it.</summary>
    public int LastReader { get; private set; } = -1;

    /// <summary>Whether a step reads or writes samples other than its own.</summary>
    public bool IsShared { get; private set; }

    /// <summary>Whether a step writes samples other than its own: none is complete before all are done.</summary>
    public bool IsScattered { get; private set; }

    /// <summary>Makes room for one element more, behind the others.</summary>
    public int Append() => Elements++;

    /// <summary>Makes as if nothing had written or read it.</summary>
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
