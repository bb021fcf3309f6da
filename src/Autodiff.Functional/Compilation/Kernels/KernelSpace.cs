// What the loops of a kernel run along.

namespace Autodiff.Functional.Compilation.Kernels;

/// <summary>What the loops of a kernel run along: classes of axes, and their lengths.</summary>
internal sealed class KernelSpace : IEquatable<KernelSpace>
{
    /// <summary>The shortest axis that registers are filled with, and the most lanes that a register has.</summary>
    public const int ShortestSamples = 8;

    private readonly int[] _loops;

    public KernelSpace(int sampleClass, int samples, int[] loops, int[] lengths) => (SampleClass, Samples, _loops, Lengths) = (sampleClass, samples, loops, lengths);

    /// <summary>Single numbers, once.</summary>
    public static KernelSpace OfNumbers { get; } = new(-1, 1, [], []);

    /// <summary>The class of the axis in the lanes; −1 for single numbers.</summary>
    public int SampleClass { get; }

    public int Samples { get; }

    public ReadOnlySpan<int> Loops => _loops;

    /// <summary>The lengths of the loops, outermost first.</summary>
    public int[] Lengths { get; }

    /// <summary>Whether the lanes of registers are samples.</summary>
    public bool IsVector => SampleClass >= 0;

    public bool Equals(KernelSpace? other) => ReferenceEquals(this, other) || (other is not null && SampleClass == other.SampleClass && Loops.SequenceEqual(other.Loops));

    public override bool Equals(object? obj) => Equals(obj as KernelSpace);

    public override int GetHashCode() => HashCode.Combine(SampleClass, Shape.Hash(_loops));
}
