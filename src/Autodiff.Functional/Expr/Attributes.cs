// What a primitive needs to know beside its operands: axes, regions, indices. Plain immutable data, so that a node
// can be rebuilt, transposed, printed and compiled from what it holds.

namespace Autodiff.Functional;

/// <summary>The axes a reduction folds away (ascending), and whether they stay with length 1.</summary>
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

/// <summary>One axis, for CumSum (which may run backwards), Flip, Concat and Stack.</summary>
internal sealed record Axis(int Index, bool Reverse = false);

/// <summary>The order of axes in a permuted tensor: axis i of the result is axis <c>Order[i]</c> of the operand.</summary>
internal sealed record Permutation(int[] Order)
{
    public Permutation Inverse()
    {
        var inverse = new int[Order.Length];
        for (var axis = 0; axis < Order.Length; axis++)
        {
            inverse[Order[axis]] = axis;
        }

        return new(inverse);
    }
}

/// <summary>
/// Elements chosen from a tensor, read into one of shape <see cref="To"/> by Slice and Take, and written back by Scatter,
/// which is their transpose.
/// </summary>
internal abstract record Selection
{
    /// <summary>The shape of what is read.</summary>
    public abstract Shape To { get; }

    /// <summary>The same selection from every sample of a batch of tensors of a shape.</summary>
    public abstract Selection Batched(Shape from, int size);
}

/// <summary>One element of a vector: the commonest slice of programs on scalars. The first ones are made once.</summary>
internal sealed record Element(int Position) : Selection
{
    private static readonly Element[] s_first = [.. Enumerable.Range(0, 1024).Select(position => new Element(position))];

    public override Shape To => Shape.Scalar;

    public override Selection Batched(Shape from, int size) =>
        Region.Of(new([size, .. from.Lengths]), new(size), [0, Position], [size, 1]);

    public static Element At(int position) => position < s_first.Length ? s_first[position] : new(position);
}

/// <summary>A box of the tensor. Where the box is one contiguous run, <see cref="Starts"/> is null and the offset says all.</summary>
internal sealed record Region(Shape From, Shape Part, int Offset, int[]? Starts, int[]? Lengths) : Selection
{
    public override Shape To => Part;

    /// <summary>The first position and the length along each axis.</summary>
    public (int[] Starts, int[] Lengths) Box => Starts is null ? BoxOfRun() : (Starts, Lengths!);

    public override Selection Batched(Shape from, int size)
    {
        var (starts, lengths) = Box;
        return Of(new([size, .. From.Lengths]), new([size, .. Part.Lengths]), [0, .. starts], [size, .. lengths]);
    }

    public static Region Of(Shape from, Shape to, int[] starts, int[] lengths)
    {
        var strides = from.Strides();
        var offset = 0;
        var contiguous = true;
        var partial = false;
        for (var axis = 0; axis < starts.Length; axis++)
        {
            offset += starts[axis] * strides[axis];

            // Below the first axis that keeps more than one position, every axis must be kept whole.
            contiguous &= !partial || lengths[axis] == from[axis];
            partial |= lengths[axis] > 1;
        }

        // Where nothing is read, it might as well be at the start: the offset of a place may lie behind the end.
        return to.Size == 0 ? new(from, to, 0, null, null) : contiguous ? new(from, to, offset, null, null) : new(from, to, offset, starts, lengths);
    }

    /// <summary>The box that a contiguous run is: whole axes at the end, before them a part of one, before that single positions.</summary>
    private (int[] Starts, int[] Lengths) BoxOfRun()
    {
        var starts = new int[From.Rank];
        var lengths = new int[From.Rank];
        var (offset, left) = (Offset, Part.Size);
        for (var axis = From.Rank - 1; axis >= 0; axis--)
        {
            (offset, starts[axis]) = From[axis] == 0 ? (offset, 0) : Math.DivRem(offset, From[axis]);
            lengths[axis] = left == 0 ? 0 : Math.Min(left, From[axis]);
            left = left == 0 ? 0 : left / lengths[axis];
        }

        return (starts, lengths);
    }
}

/// <summary>Positions along one axis, in any order and possibly repeated.</summary>
internal sealed record Positions(Shape From, Shape Part, int Axis, int[] Indices) : Selection
{
    public override Shape To => Part;

    public override Selection Batched(Shape from, int size) =>
        new Positions(new([size, .. From.Lengths]), new([size, .. Part.Lengths]), Axis + 1, Indices);
}

/// <summary>Where each operand of a Scatter is added into the result.</summary>
internal sealed record Placement(Shape Shape, Selection[] Selections);

/// <summary>Which triangle of a matrix SolveTriangular reads, and whether it takes the diagonal to be ones without reading it.</summary>
internal sealed record Triangle(bool IsLower, bool HasUnitDiagonal);

/// <summary>
/// The matrix of a Solve is the Jacobian of equations at a solution that an operation found, so the system is for the solution's
/// derivative.
/// </summary>
internal sealed record RootJacobian(string Operation)
{
    public NotDifferentiableException Singular() => new(
        $"{Operation}: the solution has no derivative: the Jacobian of its equations (f of Root, x − f of FixedPoint, the gradient of ArgMin) " +
        "is singular there, as at a multiple root or a flat minimum. If none is wanted, wrap the solution in StopGradient.");
}

/// <summary>What Inverse does where there is none: an error, or NaN for a derivative that may turn out to be masked.</summary>
internal sealed record Inversion(bool IsNaNWhereSingular);
