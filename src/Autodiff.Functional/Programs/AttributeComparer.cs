// When two attributes say the same. Records that hold arrays compare these by reference, so their contents are compared here.

using System.Diagnostics.CodeAnalysis;

namespace Autodiff.Functional.Programs;

/// <summary>Equality of attributes by content; programs and definitions equal themselves alone.</summary>
internal sealed class AttributeComparer : IEqualityComparer<object?>
{
    public static AttributeComparer Instance { get; } = new();

    public new bool Equals(object? left, object? right) => ReferenceEquals(left, right) || (left, right) switch
    {
        (Folding a, Folding b) => a.KeepDims == b.KeepDims && a.Indices.AsSpan().SequenceEqual(b.Indices),
        (Permutation a, Permutation b) => a.Order.AsSpan().SequenceEqual(b.Order),
        (Region a, Region b) => a.From == b.From && a.Part == b.Part && a.Offset == b.Offset
            && a.Starts.AsSpan().SequenceEqual(b.Starts) && a.Lengths.AsSpan().SequenceEqual(b.Lengths),
        (Positions a, Positions b) => a.From == b.From && a.Part == b.Part && a.Axis == b.Axis && a.Indices.AsSpan().SequenceEqual(b.Indices),
        (Placement a, Placement b) => a.Shape == b.Shape && a.Selections.SequenceEqual(b.Selections, this),
        (Contraction a, Contraction b) => a.Output == b.Output && a.Inputs.AsSpan().SequenceEqual(b.Inputs),
        _ => object.Equals(left, right),
    };

    /// <summary>Of arrays only the lengths and first elements count, which tell nearly all attributes apart.</summary>
    public int GetHashCode([DisallowNull] object? attribute) => attribute switch
    {
        Folding folding => HashCode.Combine(folding.KeepDims, Shape.Hash(folding.Indices)),
        Permutation permutation => Shape.Hash(permutation.Order),
        Region region => HashCode.Combine(region.Part, region.Offset, Shape.Hash(region.Starts)),
        Positions positions => HashCode.Combine(positions.Part, positions.Axis, Shape.Hash(positions.Indices.AsSpan(0, Math.Min(8, positions.Indices.Length)))),
        Placement placement => HashCode.Combine(placement.Shape, placement.Selections.Length, placement.Selections.Length == 0 ? 0 : GetHashCode(placement.Selections[0])),
        Contraction contraction => HashCode.Combine(contraction.Output, contraction.Inputs[0], contraction.Inputs[^1]),
        _ => attribute.GetHashCode(),
    };
}
