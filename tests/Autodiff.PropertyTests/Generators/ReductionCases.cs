// Random calls of the reductions, with every kind of axes argument.

using FsCheck;
using FsCheck.Fluent;

namespace Autodiff.PropertyTests.Generators;

internal static class ReductionCases
{
    private delegate Expr Reduction(Expr x, Axes axis, bool keepDims);

    /// <summary>The reductions that are linear.</summary>
    public static IReadOnlyDictionary<string, Gen<StructuralCase>> Linear { get; } = new Dictionary<string, Gen<StructuralCase>>
    {
        ["Sum"] = Of("Sum", Expr.Sum, elements => elements.Sum(), Tensors.ShapesWithEmptyOnes),
        ["Mean"] = Of("Mean", Expr.Mean, elements => elements.Average(), Tensors.ShapesWithAxes),
    };

    public static IReadOnlyDictionary<string, Gen<StructuralCase>> All { get; } = new Dictionary<string, Gen<StructuralCase>>(Linear)
    {
        ["Prod"] = Of("Prod", Expr.Prod, elements => elements.Aggregate(1.0, (product, x) => product * x), Tensors.ShapesWithEmptyOnes),
        ["MaxOf"] = Of("MaxOf", Expr.MaxOf, elements => elements.Max(), FewElements),
        ["MinOf"] = Of("MinOf", Expr.MinOf, elements => elements.Min(), FewElements),
        ["LogSumExp"] = Of("LogSumExp", Expr.LogSumExp, elements => Math.Log(elements.Sum(Math.Exp)), Tensors.ShapesWithEmptyOnes),
        ["LogSumExp of logarithms"] = Of("LogSumExp", (x, axis, keepDims) => Expr.LogSumExp(Expr.Log((x * x) + 1), axis, keepDims), elements => Math.Log(elements.Sum(x => (x * x) + 1)), Tensors.ShapesWithEmptyOnes),
        ["Norm"] = Of("Norm", (x, axis, keepDims) => Expr.Norm(x, axis, keepDims), elements => Math.Sqrt(elements.Sum(x => x * x)), AwayFromZero),
    };

    /// <summary>Shapes with so few elements that no step of a finite difference changes which of them is the largest.</summary>
    private static Gen<Shape> FewElements => Gen.Elements(new Shape(1), new Shape(3), new Shape(2, 2), new Shape(3, 2), new Shape(2, 1, 3));

    /// <summary>Shapes with more than one element along every axis, since a norm of one element has a kink at 0.</summary>
    private static Gen<Shape> AwayFromZero => Gen.Elements(new Shape(2), new Shape(4), new Shape(2, 3), new Shape(3, 2), new Shape(2, 3, 2));

    private static Gen<StructuralCase> Of(string name, Reduction apply, Func<IEnumerable<double>, double> fold, Gen<Shape> shapes) =>
        from shape in shapes
        from x in Tensors.Of(shape)
        from axes in Tensors.AxesOf(shape.Rank)
        from keepDims in Gen.Elements(false, true)
        let folded = (axes ?? [.. Enumerable.Range(0, shape.Rank)]).Select(axis => axis < 0 ? axis + shape.Rank : axis).ToArray()
        select new StructuralCase(
            $"{name}(axis: {(axes is null ? "all" : $"[{string.Join(", ", axes)}]")}, keepDims: {keepDims})",
            [x],
            v => apply(v[0], axes, keepDims),
            v => v[0].Fold(folded, keepDims, fold));
}
