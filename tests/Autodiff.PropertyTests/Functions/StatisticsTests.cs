// Sums, counts, norms, softmax and statistics: values against plain loops, derivatives against differences, batches, compiled functions, edges and errors.

using Autodiff.PropertyTests.Generators;
using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;
using Check = Autodiff.Functional.Check;

namespace Autodiff.PropertyTests.FunctionGroups;

public class StatisticsTests
{
    private const double NaN = double.NaN;
    private const double Infinity = double.PositiveInfinity;

    private static readonly Dictionary<string, Gen<StructuralCase>> s_cases = new()
    {
        ["Softmax"] = AlongAnAxis((x, axis) => Case($"Softmax({axis})", x, v => Softmax(v, axis), v => Shares(v, axis, false))),
        ["LogSoftmax"] = AlongAnAxis((x, axis) => Case($"LogSoftmax({axis})", x, v => LogSoftmax(v, axis), v => Shares(v, axis, true))),
        ["Var"] = Folded((x, axes, keepDims, ddof) => Case($"Var(ddof: {ddof})", x, v => Var(v, axes, keepDims, ddof), v => v.Fold(Of(axes, v), keepDims, run => Variance([.. run], ddof)))),
        ["Std"] = Folded((x, axes, keepDims, ddof) => Case($"Std(ddof: {ddof})", x, v => Std(v, axes, keepDims, ddof), v => v.Fold(Of(axes, v), keepDims, run => Math.Sqrt(Variance([.. run], ddof))))),
        ["Norm"] = from order in Gen.Elements(0.5, 1, 1.5, 2, 3, 4, 7.5, 66, Infinity)
                   from x in Folded((x, axes, keepDims, _) => Case($"Norm(order: {order})", x, v => Norm(v, axes, keepDims, order), v => v.Fold(Of(axes, v), keepDims, run => Length(run, order))))
                   select x,
        ["LogSumExp"] = from x in Folded((x, axes, keepDims, _) => new StructuralCase(
                            "LogSumExp(weights)",
                            [x, 0.1 + Abs(Sin(x))],
                            v => LogSumExp(v[0], v[1], axes, keepDims),
                            v => (v[0] with { Elements = [.. v[0].Elements.Zip(v[1].Elements, (t, w) => w * Math.Exp(t))] }).Fold(Of(axes, v[0]), keepDims, run => Math.Log(run.Sum()))))
                        select x,
        ["Cov"] = from p in Gen.Choose(1, 3)
                  from batch in Gen.Choose(0, 1)
                  from x in Tensors.Of(new Shape([.. Enumerable.Repeat(2, batch), p, 4]))
                  from ddof in Gen.Choose(0, 2)
                  select Case($"Cov(ddof: {ddof})", x, v => Cov(v, ddof), v => Grid.Build([.. v.Lengths[..^1], p], at => Covariance(v, [.. at[..^1]], [.. at[..^2], at[^1]], ddof))),
        ["Cov of two"] = Pairs("Cov", (x, y) => Cov(x, y), v => Covariance(v, 1)),
        ["Correlation"] = from p in Gen.Choose(1, 3)
                          from x in Tensors.Of(new Shape(p, 4))
                          select Case("Correlation", x, Correlation, v => Grid.Build([p, p], at =>
                              Covariance(v, [at[0]], [at[1]], 0) / Math.Sqrt(Covariance(v, [at[0]], [at[0]], 0) * Covariance(v, [at[1]], [at[1]], 0)))),
        ["Correlation of two"] = Pairs("Correlation", Correlation, v => Covariance(v, 0) / Math.Sqrt(Covariance([v[0], v[0]], 0) * Covariance([v[1], v[1]], 0))),
    };

    public static TheoryData<string> Functions => [.. s_cases.Keys];

    [Theory, MemberData(nameof(Functions))]
    public void The_value_is_that_of_plain_loops(string function) => ForAll(function, 60, x => Agreement.Near(x.Loops([.. x.Operands.Select(Grid.Of)]).ToExpr(), x.Value, 1e-12));

    [Theory, MemberData(nameof(Functions))]
    public void Derivatives_are_the_same_in_every_mode_and_by_differences(string function) => ForAll(function, 12, x =>
    {
        x.IsTheSameBuiltSymbolically();
        x.PullsBackByTheTransposeOfPushingForward();
        x.HasOneJacobianInEveryMode();
    });

    [Theory, MemberData(nameof(Functions))]
    public void The_Hessian_is_the_same_in_every_nesting(string function) => ForAll(function, 4, x => x.HasOneHessianInEveryNesting());

    [Theory, MemberData(nameof(Functions))]
    public void A_batch_is_the_loop_over_samples(string function) => Batching.ForAll(Batching.Of(s_cases[function]), 10, x =>
        Agreement.Near(x.Looped(x.Arguments), x.Mapped(x.Arguments), 1e-12));

    [Theory, MemberData(nameof(Functions))]
    public void A_compiled_function_is_the_function_and_its_kernels_are_its_own(string function) => ForAll(function, 3, x =>
    {
        Expr F(Expr v) => x.Apply([v, .. x.Operands[1..]]);
        Expr Bent(Expr v) => Sum(Sin(F(v)) * F(v));
        var operand = x.Operands[0];
        Agreement.Near(F(operand), Compile(F)(operand), 1e-12);
        Agreement.Near(Grad(Bent)(operand), Compile(Grad(Bent))(operand));
        Assert.DoesNotContain("without compilation", CompileFor(Grad(Bent), operand.Shape).Explain(), StringComparison.Ordinal);
    });

    [Fact]
    public void Shares_of_large_and_infinite_numbers()
    {
        Is([0.5, 0.5], Softmax(new double[] { 1e300, 1e300 }));
        Is([1, 0, 0], Softmax(new[] { 1000, -1000, -Infinity }));
        Is([0.5, 0, 0.5, 0], Softmax(new[] { Infinity, 1, Infinity, -Infinity }));
        Is([0.5, 0.5], Softmax(new[] { -Infinity, -Infinity }));
        Is([1], Softmax(new[] { -Infinity }));
        Is([NaN, NaN], Softmax(new[] { NaN, 1 }));
        Is([-Math.Log(2), -Infinity, -Math.Log(2)], LogSoftmax(new[] { Infinity, 1, Infinity }));
        Is([-Math.Log(2), -Math.Log(2)], LogSoftmax(new[] { -Infinity, -Infinity }));
        Is([0, -2000, -Infinity], LogSoftmax(new[] { 1000, -1000, -Infinity }));
        Assert.Equal(-Math.Exp(-40), LogSoftmax(new double[] { 1040, 1000 })[0].Value, 1e-15 * Math.Exp(-40));
        Assert.Equal(new Shape(0), Softmax(Zeros(0)).Shape);
        Assert.Equal(new Shape(2, 0), LogSoftmax(Zeros(2, 0)).Shape);

        // Shares of infinite numbers are constants, and an element at −∞ does not depend on its neighbours.
        Assert.All(Grad(x => Softmax(x)[0])(new[] { Infinity, 1 }).ToArray(), slope => Assert.Equal(0, slope));
        Is([0, 0, 0], Grad(x => Softmax(x)[2])(new[] { 1, 1, -Infinity }));
        Is([0.25, -0.25, 0], Grad(x => Softmax(x)[0])(new[] { 1, 1, -Infinity }));
        Is([0.5, -0.5, 0], Grad(x => LogSoftmax(x)[0])(new[] { 1, 1, -Infinity }));
        Is([[0, 0], [0, 0]], Hessian(x => Softmax(x)[0])(new double[] { 3, 3 }));
    }

    [Fact]
    public void Weights_of_zero_ignore_what_they_weigh()
    {
        var x = new[] { 1, Infinity, 1000, NaN, -Infinity };
        var weights = new double[] { 2, 0, 0, 0, 3 };
        Assert.Equal(1 + Math.Log(2), LogSumExp(x, weights: weights).Value, 15);
        Is([1, 0, 0, 0, 0], Grad(t => LogSumExp(t, weights))(x));
        Is([0.5, Infinity, Infinity, Infinity, 0], Grad(w => LogSumExp(x, w))(weights));
        Is([0.5, Math.Exp(2) / 2], Grad(w => LogSumExp(new double[] { 1, 3 }, w))(new double[] { 2, 0 }));
        Is([1, 0], Grad(t => LogSumExp(t, new double[] { 2, 0 }))(new double[] { 1, 3 }));
        Is([[0, 0], [0, 0]], Hessian(t => LogSumExp(t, new double[] { 2, 0 }))(new double[] { 1, 3 }));
        Assert.Equal(-Infinity, LogSumExp(new double[] { 1, 2 }, new double[] { 0, 0 }).Value);
        Assert.Equal(-Infinity, LogSumExp(Zeros(0), Zeros(0)).Value);
        Assert.Equal(Infinity, LogSumExp(new[] { Infinity, 1 }, new double[] { 1, 1 }).Value);
        Assert.Equal(-Infinity, LogSumExp(new[] { -Infinity, -Infinity }, new double[] { 1, 3 }).Value);
        Is([0.25, 0.75, 0], Grad(t => LogSumExp(t, new double[] { 1, 3, 1 }))(new[] { Infinity, Infinity, 5 }));
        Is([0.25, 0.75], Grad(t => LogSumExp(t, new double[] { 1, 3 }))(new[] { -Infinity, -Infinity }));
        Assert.Equal(1000 + Math.Log(0.5), LogSumExp(new double[] { 1000, 1000 }, new[] { 1, -0.5 }).Value, 12);
        Assert.True(double.IsNaN(LogSumExp(new double[] { 1, 1 }, new double[] { 1, -2 }).Value));
        Assert.Equal(Math.Exp(-40), LogSumExp(new double[] { 0, -40 }, new double[] { 1, 1 }).Value, 1e-15 * Math.Exp(-40));
        Assert.Equal(new Shape(2, 1), LogSumExp(Ones(2, 3), Ones(3), axis: 1, keepDims: true).Shape);
    }

    [Fact]
    public void Counts_take_NaN_for_true()
    {
        Expr x = new double[,] { { 0, NaN, 2 }, { 0, 0, 1 } };
        Is([0, 1, 1], Any(x, 0));
        Is([0, 0, 1], All(x, axis: 0));
        Is([[2], [1]], Count(x, 1, keepDims: true));
        Assert.Equal((1, 0, 3), (Any(x).Value, All(x).Value, Count(x).Value));
        Assert.Equal((0, 1, 0), (Any(Zeros(0)).Value, All(Zeros(0)).Value, Count(Zeros(0)).Value));
        Is([0, 0], Grad(t => Any(t) + All(t) + Count(t))(new double[] { 0, 1 }));
        Is([0, 1, 1], Compile(t => Any(t, 0))(x));
    }

    [Fact]
    public void Norms_neither_overflow_nor_underflow()
    {
        foreach (var order in new[] { 0.5, 1, 1.5, 3, 4, 100, Infinity })
        {
            foreach (var scale in new[] { 1e-310, 1e-160, 1, 1e160, 1e300 })
            {
                var expected = Length([3, 4, 0], order) * scale;
                Assert.Equal(expected, Norm(new[] { 3 * scale, -4 * scale, 0 }, order: order).Value, 1e-13 * expected);
                if (scale < 1e-300)
                {
                    continue; // the derivative divides by the largest element, whose reciprocal is infinite
                }

                var slopes = Grad(x => Norm(x, order: order))(new[] { 3 * scale, -4 * scale, 0 }).ToArray();
                var (first, second) = double.IsPositiveInfinity(order) ? (0, 1) : (Math.Pow(3 / Length([3, 4], order), order - 1), Math.Pow(4 / Length([3, 4], order), order - 1));
                Agreement.Near(new[] { first, -second, 0 }, slopes, 1e-13);
            }

            Is([0, 0, 0], Grad(x => Norm(x, order: order))(new double[] { 0, 0, 0 }));
            Is([[0, 0], [0, 0]], Hessian(x => Norm(x, order: order))(new double[] { 0, 0 }));
            Assert.Equal(0, Norm(Zeros(0), order: order).Value);
            Assert.Equal(Infinity, Norm(new[] { 1, -Infinity }, order: order).Value);
            Is([0, -1], Grad(x => Norm(x, order: order))(new[] { order == 1 ? 0 : 1, -Infinity }));
            Assert.True(double.IsNaN(Norm(new[] { 1, NaN }, order: order).Value));
        }

        Assert.Equal(5, Norm(new double[] { 3, 4 }, order: 2).Value);
        Is([0.5, 0.5], Grad(x => Norm(x, order: Infinity))(new double[] { 2, 2 }));
        Is([[3], [4]], Norm(new double[,] { { 1, 2 }, { -4, 0 } }, axis: 1, order: 1, keepDims: true));
    }

    [Fact]
    public void Spread_of_equal_numbers_has_no_derivative()
    {
        Assert.Equal(0, Std(new double[] { 3, 3 }).Value);
        Is([0, 0], Grad(x => Std(x))(new double[] { 3, 3 }));
        Is([[0, 0], [0, 0]], Hessian(x => Std(x))(new double[] { 3, 3 }));
        Assert.Equal(0, Std(5).Value);
        Assert.Equal(1e200, Std(new[] { -1e200, 1e200 }).Value, 1e185);
        Assert.Equal(0.25, Var(new[] { 1e9, 1e9 + 1 }).Value);
        Assert.Equal(1.0 / 3, Var(new double[] { 0, 1, 0 }, ddof: 1).Value, 15);
    }

    [Fact]
    public void Correlations_stay_within_one()
    {
        Expr x = new[] { 0.1, 0.7, 0.3, 1e-9 };
        for (var k = 1; k < 40; k++)
        {
            Assert.InRange(Correlation(x, (0.1 * k * x) - k).Value, 1 - 1e-15, 1);
            Assert.InRange(Correlation(x, (-0.3 * k * x) + 1).Value, -1, -1 + 1e-15);
        }

        Assert.True(double.IsNaN(Correlation(x, Ones(4)).Value));
        Assert.Equal(1, Correlation(x).Value);
        Assert.Equal(Var(x, ddof: 1).Value, Cov(x).Value, 1e-16);
        Agreement.Near(Stack(Stack(Cov(x, x), Cov(x, -x)), Stack(Cov(-x, x), Cov(x, x))), Cov(Stack(x, -x)), 1e-15);
        Assert.True(Check.Gradients(y => Correlation(x, y), 2 * x, order: 2).IsSucc);
    }

    public static TheoryData<string, Func<Expr>> Errors => new()
    {
        { "Softmax: axis 1 does not exist in shape (2)", () => Softmax(Ones(2), 1) },
        { "Softmax: axis -1 does not exist in a scalar", () => Softmax(1) },
        { "LogSoftmax: axis -1 does not exist in a scalar", () => LogSoftmax(1) },
        { "Var: shape (2) has 2 element(s) for each sample, and ddof is 2", () => Var(Ones(2), ddof: 2) },
        { "Std: shape (0) has 0 element(s)", () => Std(Zeros(0)) },
        { "Var: axis 1 does not exist", () => Var(Ones(2), 1) },
        { "Cov: a scalar is no sample", () => Cov(1) },
        { "Cov: shape (2, 1) has 1 element(s) for each sample, and ddof is 1", () => Cov(Ones(2, 1)) },
        { "Cov: shapes (2) and (3) are not two vectors", () => Cov(Ones(2), Ones(3)) },
        { "Correlation: a scalar is no sample", () => Correlation(1) },
        { "Correlation: shapes (2, 2) and (2, 2) are not two vectors", () => Correlation(Ones(2, 2), Ones(2, 2)) },
        { "LogSumExp: shapes (2) and (3) do not broadcast", () => LogSumExp(Ones(2), weights: Ones(3)) },
        { "LogSumExp: axis 2 does not exist", () => LogSumExp(Ones(2), Ones(2), 2) },
        { "Any: axis 1 does not exist", () => Any(Ones(2), 1) },
        { "All: axis 1 does not exist", () => All(Ones(2), 1) },
        { "Count: axis 1 does not exist", () => Count(Ones(2), 1) },
        { "Norm: there is no norm of order 0", () => Norm(Ones(2), order: 0) },
        { "Norm: there is no norm of order NaN", () => Norm(Ones(2), order: NaN) },
        { "Norm: axis 3 does not exist", () => Norm(Ones(2), 3, order: 1) },
    };

    [Theory, MemberData(nameof(Errors))]
    public void A_mistake_is_named(string says, Func<Expr> call)
    {
        var error = Assert.ThrowsAny<AutodiffException>(call);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    private static void ForAll(string function, int count, Action<StructuralCase> law) => StructuralCase.ForAll(s_cases[function], count, law);

    private static void Is(double[] expected, Expr actual) => Agreement.Near(expected, actual, 1e-14);

    private static void Is(double[][] expected, Expr actual) => Agreement.Near(Stack([.. expected.Select(row => (Expr)row)]), actual, 1e-14);

    private static StructuralCase Case(string text, Expr x, Func<Expr, Expr> apply, Func<Grid, Grid> loops) => new(text, [x], v => apply(v[0]), v => loops(v[0]));

    private static Gen<StructuralCase> AlongAnAxis(Func<Expr, int, StructuralCase> cases) =>
        from shape in Tensors.ShapesWithAxes
        from x in Tensors.Of(shape)
        from axis in Gen.Choose(-shape.Rank, shape.Rank - 1)
        select cases(x, axis);

    /// <summary>Tensors with axes to fold along which there are several elements, so that no spread is 0.</summary>
    private static Gen<StructuralCase> Folded(Func<Expr, int[]?, bool, int, StructuralCase> cases) =>
        from shape in Gen.Elements(new Shape(3), new Shape(2, 3), new Shape(3, 2, 2), new Shape(4, 2))
        from x in Tensors.Of(shape)
        from axes in Gen.Elements<int[]?>(null, [0], [-1], [0, -1])
        let chosen = shape.Rank == 1 && axes is { Length: 2 } ? null : axes
        from keepDims in Gen.Elements(false, true)
        from ddof in Gen.Choose(0, 1)
        select cases(x, chosen, keepDims, ddof);

    private static Gen<StructuralCase> Pairs(string name, Func<Expr, Expr, Expr> apply, Func<Grid[], double> loops) =>
        from n in Gen.Choose(3, 5)
        from x in Tensors.Of(new Shape(n))
        from y in Tensors.Of(new Shape(n))
        select new StructuralCase(name, [x, y], v => apply(v[0], v[1]), v => new Grid([], [loops(v)]));

    private static int[] Of(int[]? axes, Grid x) => axes is null ? [.. Enumerable.Range(0, x.Rank)] : [.. axes.Select(axis => axis < 0 ? axis + x.Rank : axis)];

    private static double Variance(double[] run, int ddof) => run.Sum(x => Math.Pow(x - run.Average(), 2)) / (run.Length - ddof);

    private static double Length(IEnumerable<double> run, double order) =>
        double.IsPositiveInfinity(order) ? run.Max(Math.Abs) : Math.Pow(run.Sum(x => Math.Pow(Math.Abs(x), order)), 1 / order);

    private static double Covariance(Grid x, int[] row, int[] other, int ddof)
    {
        var n = x.Lengths[^1];
        double[] a = [.. Enumerable.Range(0, n).Select(i => x[[.. row, i]])];
        double[] b = [.. Enumerable.Range(0, n).Select(i => x[[.. other, i]])];
        return a.Zip(b, (s, t) => (s - a.Average()) * (t - b.Average())).Sum() / (n - ddof);
    }

    private static double Covariance(Grid[] v, int ddof) =>
        v[0].Elements.Zip(v[1].Elements, (s, t) => (s - v[0].Elements.Average()) * (t - v[1].Elements.Average())).Sum() / (v[0].Elements.Length - ddof);

    private static Grid Shares(Grid x, int axis, bool isLogarithm)
    {
        var along = axis < 0 ? axis + x.Rank : axis;
        return Grid.Build(x.Lengths, at =>
        {
            var share = Math.Exp(x[at]) / Enumerable.Range(0, x.Lengths[along]).Sum(i => Math.Exp(x[[.. at[..along], i, .. at[(along + 1)..]]]));
            return isLogarithm ? Math.Log(share) : share;
        });
    }
}
