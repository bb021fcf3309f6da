// The axes that a reduction folds.

namespace Autodiff.Functional;

/// <summary>The axes that a reduction folds, ascending, and whether the result keeps them with length 1.</summary>
internal sealed record Folding(int[] Indices, bool KeepDims)
{
    public Shape Reduce(Shape shape) => KeepDims ? Kept(shape) : Shape.Of(Remaining(shape));

    /// <summary>The shape with every folded axis at length 1.</summary>
    public Shape Kept(Shape shape)
    {
        var lengths = shape.Lengths.ToArray();
        foreach (var axis in Indices)
        {
            lengths[axis] = 1;
        }

        return Shape.Of(lengths);
    }

    /// <summary>How many elements fold into one.</summary>
    public int Count(Shape shape)
    {
        var count = 1;
        foreach (var axis in Indices)
        {
            count *= shape[axis];
        }

        return count;
    }

    public bool IsAll(Shape shape) => Indices.Length == shape.Rank;

    /// <summary>Whether an axis is among the folded ones.</summary>
    public bool Folds(int axis) => Indices.AsSpan().Contains(axis);

    public static Folding All(Shape shape, bool keepDims)
    {
        var indices = new int[shape.Rank];
        for (var axis = 0; axis < indices.Length; axis++)
        {
            indices[axis] = axis;
        }

        return new(indices, keepDims);
    }

    public bool Equals(Folding? other) => other is not null && KeepDims == other.KeepDims && Indices.AsSpan().SequenceEqual(other.Indices);

    public override int GetHashCode() => HashCode.Combine(KeepDims, Shape.Hash(Indices));

    private int[] Remaining(Shape shape)
    {
        var lengths = new int[shape.Rank - Indices.Length];
        var next = 0;
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            if (!Folds(axis))
            {
                lengths[next++] = shape[axis];
            }
        }

        return lengths;
    }
}
