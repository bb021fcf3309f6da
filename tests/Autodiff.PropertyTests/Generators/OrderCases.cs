// Random calls of the functions that compare elements or run along an axis.

using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Generators;

internal static class OrderCases
{
    private static readonly double[] s_quantiles = [0, 0.2, 0.5, 0.71, 1];

    public static IReadOnlyDictionary<string, Gen<StructuralCase>> All { get; } = new Dictionary<string, Gen<StructuralCase>>
    {
        ["Sort"] = OfLines("Sort", (x, axis) => Sort(x, axis), line => [.. line.Order()]),
        ["Sort descending"] = OfLines("Sort descending", (x, axis) => Sort(x, axis, descending: true), line => [.. line.OrderDescending()]),
        ["ArgSort"] = OfLines("ArgSort", (x, axis) => ArgSort(x, axis), line => [.. line.Index().OrderBy(each => each.Item).Select(each => (double)each.Index)]),
        ["TopK"] = OfLines("TopK", (x, axis) => TopK(x, (x.Shape[axis] + 1) / 2, axis).Values, line => [.. line.OrderDescending().Take((line.Length + 1) / 2)]),
        ["CumProd"] = OfLines("CumProd", CumProd, line => [.. line.Select((_, i) => line[..(i + 1)].Aggregate(1.0, (product, x) => product * x))]),
        ["CumMax"] = OfLines("CumMax", CumMax, line => [.. line.Select((_, i) => line[..(i + 1)].Max())]),
        ["CumMin"] = OfLines("CumMin", CumMin, line => [.. line.Select((_, i) => line[..(i + 1)].Min())]),
        ["CumLogSumExp"] = OfLines("CumLogSumExp", CumLogSumExp, line => [.. line.Select((_, i) => Math.Log(line[..(i + 1)].Sum(Math.Exp)))]),
        ["Median"] = OfFolds("Median", Median, line => (line.Order().ElementAt((line.Length - 1) / 2) + line.Order().ElementAt(line.Length / 2)) / 2),
        ["IndexOfMax"] = OfFolds("IndexOfMax", IndexOfMax, line => Array.IndexOf(line, line.Max())),
        ["IndexOfMin"] = OfFolds("IndexOfMin", IndexOfMin, line => Array.IndexOf(line, line.Min())),
        ["Quantile"] =
            from shape in Tensors.ShapesWithAxes
            from x in Tensors.Of(shape)
            select new StructuralCase(
                "Quantile(axis: -1)",
                [x],
                v => Quantile(v[0], s_quantiles, -1),
                v => Grid.Build([s_quantiles.Length, .. shape.SkipLast(1)], at => QuantileOf(LineAt(v[0], at[1..]), s_quantiles[at[0]]))),
        ["SegmentMax"] =
            from count in Gen.Choose(1, 4)
            from ids in Gen.Choose(0, count - 1).ArrayOf(5)
            from values in Tensors.Of(new(5, 2))
            let segments = Enumerable.Range(0, count).Select(segment => Enumerable.Range(0, 5).Where(k => ids[k] == segment).ToArray()).ToArray()
            where segments.All(segment => segment.Length > 0)
            select new StructuralCase(
                $"SegmentMax([{string.Join(", ", ids)}], {count})",
                [values],
                v => SegmentMax(v[0], Array.ConvertAll(ids, id => (double)id), count),
                v => Grid.Build([count, 2], at => segments[at[0]].Max(k => v[0][k, at[1]]))),
        ["SearchSorted"] =
            from x in Tensors.Of(new(2, 3))
            from right in Gen.Elements(false, true)
            let sorted = (double[])[-1, -0.25, -0.25, 1.5]
            where x.ToArray().All(each => sorted.All(jump => Math.Abs(each - jump) > 0.05))
            select new StructuralCase(
                $"SearchSorted(right: {right})",
                [x],
                v => SearchSorted(sorted, v[0], right),
                v => Grid.Build([2, 3], at => sorted.Count(each => right ? each <= v[0][at] : each < v[0][at]))),
    };

    /// <summary>A function of the runs of elements along an axis.</summary>
    private static Gen<StructuralCase> OfLines(string name, Func<Expr, int, Expr> apply, Func<double[], double[]> line) =>
        from shape in FewElements
        from x in Tensors.Of(shape)
        from axis in Gen.Choose(0, shape.Rank - 1)
        select new StructuralCase($"{name}(axis: {axis})", [x], v => apply(v[0], axis), v =>
        {
            Grid LineThrough(int[] at) => Grid.Build([shape[axis]], i => v[0][[.. at.Select((position, each) => each == axis ? i[0] : position)]]);
            var first = line(LineThrough(new int[shape.Rank]).Elements);
            return Grid.Build(shape.Select((length, each) => each == axis ? first.Length : length), at => line(LineThrough(at).Elements)[at[axis]]);
        });

    private static Gen<StructuralCase> OfFolds(string name, Func<Expr, Axes, bool, Expr> apply, Func<double[], double> fold) =>
        from shape in FewElements
        from x in Tensors.Of(shape)
        from axes in Tensors.AxesOf(shape.Rank)
        from keepDims in Gen.Elements(false, true)
        let folded = (axes ?? [.. Enumerable.Range(0, shape.Rank)]).Select(axis => axis < 0 ? axis + shape.Rank : axis).ToArray()
        where folded.Length > 0
        select new StructuralCase(
            $"{name}(axis: {(axes is null ? "all" : $"[{string.Join(", ", axes)}]")}, keepDims: {keepDims})",
            [x],
            v => apply(v[0], axes, keepDims),
            v => v[0].Fold(folded, keepDims, elements => fold([.. elements])));

    /// <summary>Shapes with so few elements that no step of a finite difference changes their order.</summary>
    private static Gen<Shape> FewElements => Gen.Elements(new Shape(1), new Shape(4), new Shape(2, 3), new Shape(3, 2), new Shape(2, 1, 3));

    private static double[] LineAt(Grid x, int[] at) => [.. Enumerable.Range(0, x.Lengths[^1]).Select(i => x[[.. at, i]])];

    private static double QuantileOf(double[] line, double q)
    {
        double[] sorted = [.. line.Order()];
        var position = q * (line.Length - 1);
        var low = (int)position;
        return low == line.Length - 1 ? sorted[low] : sorted[low] + ((sorted[low + 1] - sorted[low]) * (position - low));
    }
}
