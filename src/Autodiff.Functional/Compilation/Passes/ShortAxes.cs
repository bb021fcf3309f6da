// A pass that turns tensors of many short vectors, such as points in space, into a few long vectors. A last axis of two to four positions is
// written out, position by position, where a computation combines the positions with one another. What is known to be zero at a position is
// then not computed, and all kernels run along the long axes.

using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.Passes;

internal static class ShortAxes
{
    private const int Longest = 4;

    // With fewer vectors than this the long vectors would be too short to be worth it.
    private const int FewestRows = 32;

    // The most products with a small matrix that are written out: each becomes about twenty operations, so many products are better left to
    // the kernel of matrix products.
    private const int MostTransformations = 8;

    public static Computation Split(Computation computation)
    {
        var transformations = computation.Nodes.Count(node => Transformation.Of(node) is not null);
        var transforms = transformations is > 0 and <= MostTransformations;
        return transforms || Array.Exists(computation.Nodes, CombinesPositions)
            ? Rewriting.Apply(computation, node => (transforms && Transformation.Of(node) is { } transformation ? Stack(node, transformation.At) : SplitNode(node)) ?? node)
            : computation;
    }

    private static bool IsShort(Shape shape) =>
        shape.Rank > 1 && shape[shape.Rank - 1] is > 1 and <= Longest && shape.Size / shape[shape.Rank - 1] >= FewestRows;

    private static bool FoldsLast(Expr node) => node.Primitive is Reduction { Axes: var folding } && folding.Indices.Contains(node.Operand(0).Rank - 1);

    private static bool CombinesPositions(Expr node) => node.Primitive switch
    {
        Reduction { Monoid: not null } => IsShort(node.Operand(0).Shape) && FoldsLast(node),
        SlicePrimitive => node.Operand(0) is { OperandCount: > 0 } x && IsShort(x.Shape) && node.Shape.Size % x.Shape[x.Rank - 1] != 0,
        StackPrimitive stack => IsShort(node.Shape) && stack.Axis == node.Rank - 1,
        ScatterPrimitive => IsShort(node.Shape),
        null => node.Op.IsElementwise() && IsShort(node.Shape) && node.Operands.Any(operand => operand.Rank > 1 && operand.Shape[operand.Rank - 1] == 1),
        _ => false,
    };

    private static Expr? SplitNode(Expr node)
    {
        switch (node.Primitive)
        {
            case null when node.Op.IsElementwise() && IsShort(node.Shape):
                return Stack(node, i => node.WithOperands([.. node.Operands.Select(operand => Position(operand, i, node.Rank))]));
            case Reduction { Monoid: { } monoid } reduction when IsShort(node.Operand(0).Shape) && node.Operand(0).OperandCount > 0:
                return Folded(node, reduction, monoid);
            case ReshapePrimitive when IsStack(node.Operand(0)) && node.Rank > 1 && node.Shape[node.Rank - 1] == node.Operand(0).OperandCount:
                return Stack(node, i => Layout.Reshape(node.Operand(0).Operand(i), Rows(node.Shape)));
            case TakePrimitive { Positions: var positions } when IsStack(node.Operand(0)) && positions.Axis < node.Rank - 1:
                var taken = positions with { From = Rows(positions.From), Part = Rows(positions.Part) };
                return Stack(node, i => SelectionPrimitive.Read(taken, node.Operand(0).Operand(i)));
            case ScatterPrimitive scatter:
                return SplitPieces(node, scatter.Placement);
            default:
                return null;
        }
    }

    private static Shape Rows(Shape shape) => new(shape.Lengths[..^1]);

    private static bool IsStack(Expr x) => x.Primitive is StackPrimitive stack && IsShort(x.Shape) && stack.Axis == x.Rank - 1;

    /// <summary>Stacks the tensors at each position of the last axis.</summary>
    private static Expr Stack(Expr node, Func<int, Expr> at)
    {
        var rows = Rows(node.Shape);
        return Expr.Stack([.. Enumerable.Range(0, node.Shape[node.Rank - 1]).Select(i => Expr.BroadcastTo(at(i), rows))], node.Rank - 1);
    }

    /// <summary>The tensor at a position of the last axis of a result of some rank, to which the operand may have been stretched.</summary>
    private static Expr Position(Expr x, int i, int rank) =>
        x.IsScalar ? x
        : x.Shape[x.Rank - 1] == 1 ? Layout.Reshape(x, Rows(x.Shape))
        : IsStack(x) ? x.Operand(i)
        : x.Primitive is ScatterPrimitive { Placement: var placement } && x.Rank == rank && OfScatter(x, placement, i) is { } sum ? sum
        : Column(x, i, 1) is var column && column.Rank == x.Rank ? Layout.Reshape(column, Rows(x.Shape)) : column;

    private static Expr Column(Expr x, int start, int count)
    {
        var (starts, lengths) = (new int[x.Rank], x.Shape.Lengths.ToArray());
        (starts[^1], lengths[^1]) = (start, count);
        return Layout.Slice(x, count == 1 ? Rows(x.Shape) : Shape.Of([.. lengths]), starts, lengths);
    }

    /// <summary>What a Scatter has at a position of the last axis: the sum of what is placed there; null if not all pieces are boxes of whole rows.</summary>
    private static Expr? OfScatter(Expr x, Placement placement, int position)
    {
        Expr? sum = null;
        for (var i = 0; i < placement.Selections.Length; i++)
        {
            if (Columns(placement.Selections[i], x.Shape) is not var (start, count))
            {
                return null;
            }

            if (position >= start && position < start + count)
            {
                var piece = Layout.Reshape(x.Operand(i), new Shape([.. Rows(x.Shape), count]));
                var column = Position(piece, count == 1 ? 0 : position - start, x.Rank);
                sum = sum is null ? column + 0 : sum + column;
            }
        }

        return sum ?? Expr.Zeros(Rows(x.Shape));
    }

    /// <summary>The positions of the last axis that a selection reads, if it reads all of the other axes; otherwise null.</summary>
    private static (int Start, int Count)? Columns(Selection selection, Shape shape)
    {
        if (selection is not Region region)
        {
            return null;
        }

        var (starts, lengths) = region.Box;
        return lengths.AsSpan(0, lengths.Length - 1).SequenceEqual(shape.Lengths[..^1]) ? (starts[^1], lengths[^1]) : null;
    }

    private static Expr? Folded(Expr node, Reduction reduction, Monoid monoid)
    {
        var folding = reduction.Axes;
        var x = node.Operand(0);
        var last = x.Rank - 1;
        if (!folding.Indices.Contains(last))
        {
            return IsStack(x) && !folding.KeepDims && node.Rank > 1
                ? Stack(node, i => reduction.Of(x.Operand(i)))
                : null;
        }

        var folded = Position(x, 0, x.Rank);
        for (var i = 1; i < x.Shape[last]; i++)
        {
            folded = Expr.Apply(monoid.Op, folded, Position(x, i, x.Rank));
        }

        int[] rest = [.. folding.Indices.Where(axis => axis != last)];
        return Layout.Reshape(rest.Length == 0 ? folded : (reduction with { Axes = new(rest, false) }).Of(folded), node.Shape);
    }

    /// <summary>Splits a Scatter: a piece that is a Stack is placed position by position, and a piece that is a Scatter is replaced by its own pieces.</summary>
    private static Expr? SplitPieces(Expr node, Placement placement)
    {
        if (node.Rank < 2 || !Enumerable.Range(0, node.OperandCount).Any(i => IsSplit(node, placement, i)))
        {
            return null;
        }

        var selections = new List<Selection>();
        var pieces = new List<Expr>();
        for (var i = 0; i < node.OperandCount; i++)
        {
            var (selection, piece) = (placement.Selections[i], node.Operand(i));
            if (!IsSplit(node, placement, i))
            {
                selections.Add(selection);
                pieces.Add(piece);
                continue;
            }

            var start = Columns(selection, node.Shape)!.Value.Start;
            for (var part = 0; part < piece.OperandCount; part++)
            {
                var (first, count) = piece.Primitive is ScatterPrimitive inner ? Columns(inner.Placement.Selections[part], piece.Shape)!.Value : (part, 1);
                var (starts, lengths) = (new int[node.Rank], node.Shape.Lengths.ToArray());
                (starts[^1], lengths[^1]) = (start + first, count);
                selections.Add(Region.Of(node.Shape, piece.Operand(part).Shape, starts, lengths));
                pieces.Add(piece.Operand(part));
            }
        }

        return Expr.Scatter(node.Shape, [.. selections], [.. pieces]);
    }

    private static bool IsSplit(Expr node, Placement placement, int operand) =>
        node.Operand(operand) is var piece && piece.Rank == node.Rank && Columns(placement.Selections[operand], node.Shape) is not null
        && (IsStack(piece) || (piece.Primitive is ScatterPrimitive inner && Array.TrueForAll(inner.Placement.Selections, selection => Columns(selection, piece.Shape) is not null)));

    /// <summary>Many short vectors multiplied by a small matrix: at each position of the last axis the result is a sum of a few products.</summary>
    private sealed record Transformation(Expr Vectors, int Axis, Expr Matrix, bool IsTransposed)
    {
        public static Transformation? Of(Expr node)
        {
            if (node is not { OperandCount: 2, Primitive: ContractionPrimitive { Contraction: var contraction } } || !IsShort(node.Shape))
            {
                return null;
            }

            var matrix = Array.FindIndex(contraction.Inputs, input => input.Length == 2 && input.Contains(contraction.Output[^1]));
            if (matrix < 0)
            {
                return null;
            }

            var isTransposed = contraction.Inputs[matrix][0] == contraction.Output[^1];
            var summed = contraction.Inputs[matrix][isTransposed ? 1 : 0];
            var axis = contraction.Inputs[1 - matrix].IndexOf(summed);
            return axis >= 0 && contraction.Lengths[summed] <= Longest && contraction.Inputs[1 - matrix].Remove(axis, 1) == contraction.Output[..^1]
                && !contraction.Output.Contains(summed) && contraction.Output[^1] != summed
                ? new(node.Operand(1 - matrix), axis, node.Operand(matrix), isTransposed)
                : null;
        }

        public Expr At(int position)
        {
            var sum = Product(0, position);
            for (var i = 1; i < Vectors.Shape[Axis]; i++)
            {
                sum += Product(i, position);
            }

            return sum;
        }

        private Expr Product(int i, int position) =>
            Slices(Vectors, Axis, i) * Layout.Slice(Matrix, Shape.Scalar, IsTransposed ? [position, i] : [i, position], [1, 1]);

        private static Expr Slices(Expr x, int axis, int i)
        {
            if (axis == x.Rank - 1)
            {
                return Position(x, i, x.Rank);
            }

            var (starts, lengths) = (new int[x.Rank], x.Shape.Lengths.ToArray());
            (starts[axis], lengths[axis]) = (i, 1);
            return Layout.Slice(x, Shape.Of([.. lengths.Where((_, other) => other != axis)]), starts, lengths);
        }
    }
}
