// The axes that are passed to a reduction.

using System.Collections;
using System.Runtime.CompilerServices;

namespace Autodiff.Functional;

/// <summary>
/// The axes a reduction folds: <c>axis: 0</c>, <c>axis: -1</c> for the last, <c>axis: [0, 2]</c> for several; the default
/// is all of them.
/// </summary>
[CollectionBuilder(typeof(Axes), nameof(Of))]
public readonly struct Axes : IEquatable<Axes>, IEnumerable<int>
{
    private readonly int[]? _indices;

    private Axes(int[] indices) => _indices = indices;

    internal bool IsAll => _indices is null;

    internal ReadOnlySpan<int> Indices => _indices;

    /// <summary>One axis.</summary>
    /// <param name="axis">The axis, −1 for the last.</param>
    public static implicit operator Axes(int axis) => new([axis]);

    /// <summary>Several axes.</summary>
    /// <param name="axes">The axes, −1 for the last; null for all.</param>
    public static implicit operator Axes(int[]? axes) => axes is null ? default : new([.. axes]);

    /// <summary>Whether both name the same axes in the same order.</summary>
    /// <param name="left">Some axes.</param>
    /// <param name="right">Some axes.</param>
    public static bool operator ==(Axes left, Axes right) => left.Equals(right);

    /// <summary>Whether they name different axes.</summary>
    /// <param name="left">Some axes.</param>
    /// <param name="right">Some axes.</param>
    public static bool operator !=(Axes left, Axes right) => !left.Equals(right);

    /// <summary>Several axes; what a collection expression <c>[0, 2]</c> calls.</summary>
    /// <param name="axes">The axes, −1 for the last.</param>
    public static Axes Of(params ReadOnlySpan<int> axes) => new(axes.ToArray());

    /// <summary>Several axes, for F#.</summary>
    /// <param name="axes">The axes, −1 for the last.</param>
    [OverloadResolutionPriority(-1)]
    public static Axes Of(params int[] axes) => Of(AutodiffException.NotNull("Axes", "the array of axes", axes).AsSpan());

    /// <inheritdoc/>
    public bool Equals(Axes other) => IsAll == other.IsAll && Indices.SequenceEqual(other.Indices);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Axes other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => IsAll ? -1 : Shape.Hash(Indices);

    /// <summary><c>all</c>, or the axes in brackets.</summary>
    public override string ToString() => IsAll ? "all" : $"[{string.Join(", ", _indices!)}]";

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)(_indices ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
