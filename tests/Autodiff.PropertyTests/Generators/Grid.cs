// Tensors with operations as plain loops over multi-indices: a slow and simple reference that is independent of the code under test.

namespace Autodiff.PropertyTests.Generators;

internal sealed record Grid(int[] Lengths, double[] Elements)
{
    public int Rank => Lengths.Length;

    public double this[params int[] index] => Elements[Offset(Lengths, index)];

    public static Grid Of(Expr x) => new([.. x.Shape], x.ToArray());

    public static Grid Build(IEnumerable<int> lengths, Func<int[], double> element)
    {
        int[] all = [.. lengths];
        return new(all, [.. Indices(all).Select(element)]);
    }

    /// <summary>All multi-indices of a tensor with the given lengths, in row-major order.</summary>
    public static IEnumerable<int[]> Indices(int[] lengths)
    {
        var count = lengths.Aggregate(1, (product, length) => product * length);
        for (var i = 0; i < count; i++)
        {
            var index = new int[lengths.Length];
            var rest = i;
            for (var axis = lengths.Length - 1; axis >= 0; axis--)
            {
                (rest, index[axis]) = Math.DivRem(rest, lengths[axis]);
            }

            yield return index;
        }
    }

    /// <summary>The element at an index of a shape to which this tensor broadcasts: axes are aligned at the last, those of length 1 repeated.</summary>
    public double Stretched(int[] index) =>
        this[[.. index[^Rank..].Select((position, axis) => Lengths[axis] == 1 ? 0 : position)]];

    /// <summary>A reduction: a function of each group of elements whose indices differ in the given axes only.</summary>
    public Grid Fold(int[] axes, bool keepDims, Func<IEnumerable<double>, double> fold)
    {
        var kept = Lengths.Select((length, axis) => axes.Contains(axis) ? 1 : length);
        var folded = Build(kept, target => fold(Indices(Lengths)
            .Where(index => index.Select((position, axis) => axes.Contains(axis) || position == target[axis]).All(agrees => agrees))
            .Select(index => this[index])));
        return keepDims ? folded : folded with { Lengths = [.. Lengths.Where((_, axis) => !axes.Contains(axis))] };
    }

    public Expr ToExpr() => Expr.Constant(Elements, new Shape(Lengths));

    private static int Offset(int[] lengths, int[] index)
    {
        Assert.Equal(lengths.Length, index.Length);
        var offset = 0;
        for (var axis = 0; axis < lengths.Length; axis++)
        {
            Assert.InRange(index[axis], 0, lengths[axis] - 1);
            offset = (offset * lengths[axis]) + index[axis];
        }

        return offset;
    }
}
