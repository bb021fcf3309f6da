// Functions of positions, composed of gathers and scatters.

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// One element for each element of a tensor of positions: result[…, k, …] = x[…, indices[…, k, …], …], where the positions stand along one axis.
    /// </summary>
    /// <param name="x">The tensor.</param>
    /// <param name="indices">Whole numbers from 0 to length − 1; they have as many axes as the tensor, and all but this one broadcast against its axes.</param>
    /// <param name="axis">The axis, −1 for the last.</param>
    /// <exception cref="ShapeException">There is no such axis, or the other axes do not broadcast.</exception>
    /// <exception cref="AutodiffException">A position is outside the axis, or not a whole number.</exception>
    /// <example>
    /// <code>
    /// Expr x = new double[,] { { 3, 1, 2 }, { 4, 6, 5 } };
    /// Console.WriteLine(TakeAlong(x, ArgSort(x))); // [[1, 2, 3], [4, 5, 6]]
    /// </code>
    /// </example>
    public static Expr TakeAlong(Expr x, Expr indices, int axis = -1)
    {
        var (shape, positions) = (ShapeOf("TakeAlong", x), ShapeOf("TakeAlong", indices));
        var along = shape.Axis(axis, "TakeAlong");
        if (positions.Rank != shape.Rank)
        {
            throw new ShapeException($"TakeAlong: positions of shape {positions} must have as many axes as the tensor of shape {shape}.");
        }

        // The axis becomes the last, and all others are batch axes.
        int[] order = [.. Enumerable.Range(0, shape.Rank).Where(each => each != along), along];
        var (values, places) = (Permute(x, order), Permute(indices, order));
        var batch = Shape.Broadcast(Shape.Of([.. values.Shape.Lengths[..^1]]), Shape.Of([.. places.Shape.Lengths[..^1]]), "TakeAlong");
        Expr Over(Expr operand) => BroadcastTo(operand, new Shape([.. batch.Lengths, .. operand.Shape.Lengths[^1..]]));
        var taken = GatherPrimitive.Of(Over(values), Over(places), new(batch.Rank, batch.Rank));
        return Permute(taken, [.. Enumerable.Range(0, shape.Rank).Select(each => Array.IndexOf(order, each))]);
    }

    /// <summary>The sum of the values of each segment: result[s, …] is the sum of values[k, …] over all k with ids[k] = s, and 0 if there is none.</summary>
    /// <param name="values">The values; their first axes are those of the ids.</param>
    /// <param name="ids">The segment of each value, of any shape: whole numbers from 0 to count − 1.</param>
    /// <param name="count">The number of segments.</param>
    /// <exception cref="ShapeException">The first axes of the values are not those of the ids, or the count is negative.</exception>
    /// <exception cref="AutodiffException">An id is no segment.</exception>
    public static Expr SegmentSum(Expr values, Expr ids, int count)
    {
        _ = (ShapeOf("SegmentSum", values), ShapeOf("SegmentSum", ids));
        return count >= 0 ? ScatterAddPrimitive.Of(ids, values, new(0, 0), count) : throw new ShapeException($"SegmentSum: {count} segments; use 0 or more.");
    }

    /// <summary>For each position a vector that is 1 there and 0 elsewhere, along a new last axis. No derivative flows through positions.</summary>
    /// <param name="indices">The positions, of any shape: whole numbers from 0 to n − 1.</param>
    /// <param name="n">The length of the vectors.</param>
    /// <exception cref="ShapeException">The length is negative.</exception>
    /// <exception cref="AutodiffException">A position is outside the vectors, or not a whole number.</exception>
    /// <example>
    /// <code>
    /// Console.WriteLine(OneHot(new double[] { 2, 0 }, 3)); // [[0, 0, 1], [1, 0, 0]]
    /// </code>
    /// </example>
    public static Expr OneHot(Expr indices, int n)
    {
        var shape = ShapeOf("OneHot", indices);
        var places = Reshape(indices, new Shape([.. shape.Lengths, 1]));
        return n >= 0 ? ScatterAddPrimitive.Of(places, Ones(places.Shape), new(shape.Rank, shape.Rank), n) : throw new ShapeException($"OneHot: length {n}; use 0 or more.");
    }
}
