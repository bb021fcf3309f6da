// The iteration space of a kernel: its samples and loops.

namespace Autodiff.Functional.Compilation.Kernels;

/// <summary>The iteration space of a kernel: the iteration domains of its samples and loops, and their lengths.</summary>
internal sealed class KernelSpace : IEquatable<KernelSpace>
{
    /// <summary>The length of the shortest axis that is put in the lanes of registers, which is the most lanes that a register has.</summary>
    public const int ShortestSamples = 8;

    private readonly int[] _loops;

    public KernelSpace(int sampleDomain, int samples, int[] loops, int[] lengths) => (SampleDomain, Samples, _loops, Lengths) = (sampleDomain, samples, loops, lengths);

    /// <summary>The space of a scalar kernel: one number, no loops.</summary>
    public static KernelSpace Scalar { get; } = new(-1, 1, [], []);

    /// <summary>The iteration domain of the axis in the lanes; −1 for a kernel without samples.</summary>
    public int SampleDomain { get; }

    public int Samples { get; }

    public ReadOnlySpan<int> Loops => _loops;

    /// <summary>The lengths of the loops, outermost first.</summary>
    public int[] Lengths { get; }

    /// <summary>Whether the lanes of registers are samples.</summary>
    public bool IsVector => SampleDomain >= 0;

    public bool Equals(KernelSpace? other) => ReferenceEquals(this, other) || (other is not null && SampleDomain == other.SampleDomain && Loops.SequenceEqual(other.Loops));

    public override bool Equals(object? obj) => Equals(obj as KernelSpace);

    public override int GetHashCode() => HashCode.Combine(SampleDomain, Shape.Hash(_loops));
}
