// Functions of order and running functions: derivatives in every mode, ties, NaN, infinities, zeros, and laws of permutations and shifts.

using Autodiff.PropertyTests.Generators;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.FunctionGroups;

[Properties(MaxTest = 50, QuietOnSuccess = true)]
public class OrderTests
{
    private const double NaN = double.NaN;
    private const double Infinity = double.PositiveInfinity;

    public static TheoryData<string> Functions => [.. OrderCases.All.Keys];

    [Theory, MemberData(nameof(Functions))]
    public void The_Jacobian_is_the_same_in_every_mode_and_by_differences(string function) =>
        StructuralCase.ForAll(OrderCases.All[function], 30, x => x.HasOneJacobianInEveryMode());

    [Theory, MemberData(nameof(Functions))]
    public void The_pullback_is_the_transpose_of_the_pushforward(string function) =>
        StructuralCase.ForAll(OrderCases.All[function], 50, x => x.PullsBackByTheTransposeOfPushingForward());

    [Theory, MemberData(nameof(Functions))]
    public void The_Hessian_is_the_same_in_every_nesting_and_by_differences(string function) =>
        StructuralCase.ForAll(OrderCases.All[function], 10, x => x.HasOneHessianInEveryNesting());

    [Theory, MemberData(nameof(Functions))]
    public void Compiled_it_is_the_same_without_the_evaluator(string function) => StructuralCase.ForAll(OrderCases.All[function], 8, x =>
    {
        Expr Slope(Expr v) => Grad(t => Sum(Sin(x.Apply([t, .. x.Operands[1..]]))))(v);
        var compiled = CompileFor(v => (x.Apply([v, .. x.Operands[1..]]), Slope(v)), x.Operands[0].Shape);
        Assert.DoesNotContain("as without compilation", compiled.Explain(), StringComparison.Ordinal);
        Agreement.Near(x.Value, Compile(v => x.Apply([v, .. x.Operands[1..]]))(x.Operands[0]));
        Agreement.Near(Slope(x.Operands[0]), Compile(Slope)(x.Operands[0]));
    });

    [Property]
    public Property Order_does_not_matter_and_shifts_and_scales_pass_through() => Prop.ForAll(
        (from x in Tensors.Of(new(7)) from order in Gen.Shuffle(Enumerable.Range(0, 7).ToArray()) select (x, order)).ToArbitrary(),
        pair =>
        {
            var (x, shuffled) = (pair.x, Take(pair.x, pair.order));
            foreach (var f in (Func<Expr, Expr>[])[v => Sort(v), v => Sort(v, descending: true), v => TopK(v, 3).Values, v => Quantile(v, new double[] { 0.1, 0.6 }), v => Median(v)])
            {
                Agreement.Identical(f(x), f(shuffled));
                Agreement.Near(f(x) + 3, f(x + 3));
                Agreement.Near(f(x) * 2, f(x * 2));
                Agreement.Near(Grad(v => Sum(Sin(f(v))))(x)[(Expr)Array.ConvertAll(pair.order, i => (double)i)], Grad(v => Sum(Sin(f(v))))(shuffled));
            }

            Agreement.Identical(Sort(x, descending: true), Flip(Sort(x)));
            Agreement.Identical(TakeAlong(x, ArgSort(x)), Sort(x));
            Agreement.Identical(Arange(7), ArgSort(ArgSort(x))[ArgSort(x)]);
            Agreement.Identical(SearchSorted(Sort(x), x), ArgSort(ArgSort(x)));
        });

    [Property]
    public Property Running_functions_are_those_of_the_elements_so_far() => Prop.ForAll(
        (from shape in Gen.Elements(new Shape(5), new Shape(3, 4), new Shape(2, 3, 2)) from x in Tensors.Of(shape) select x).ToArbitrary(),
        x =>
        {
            foreach (var (running, whole) in ((Func<Expr, int, Expr>, Func<Expr, int, Expr>)[])
            [
                (CumProd, (v, axis) => Prod(v, axis)), (CumMax, (v, axis) => MaxOf(v, axis)), (CumMin, (v, axis) => MinOf(v, axis)), (CumLogSumExp, (v, axis) => LogSumExp(v, axis)),
            ])
            {
                for (var axis = 0; axis < x.Rank; axis++)
                {
                    var along = axis;
                    Expr Loop(Expr v) => Stack([.. Enumerable.Range(1, v.Shape[along]).Select(count => whole(Take(v, [.. Enumerable.Range(0, count)], along), along))], along);
                    Agreement.Near(Loop(x), running(x, along));
                    Agreement.Near(Jacobian(Loop)(x), Jacobian(v => running(v, along))(x));
                    Agreement.Near(Hessian(v => Sum(Sin(Loop(v))))(x), Hessian(v => Sum(Sin(running(v, along))))(x));
                }
            }
        });

    [Fact]
    public void Products_with_zeros_have_derivatives_of_every_order()
    {
        foreach (var x in (Expr[])[new double[] { 2, 0, 3, 5 }, new double[] { 0, 0, 3, 5 }, new double[] { 2, 0, 3, 0 }, new double[] { 0, 0, 0, 0 }])
        {
            Expr Running(Expr v) => Sum(CumProd(v) * new double[] { 1, 2, 3, 4 });
            Expr Whole(Expr v) => v[0] + (2 * v[0] * v[1]) + (3 * v[0] * v[1] * v[2]) + (4 * v[0] * v[1] * v[2] * v[3]);
            Agreement.Identical(Grad(Whole)(x), Grad(Running)(x));
            Agreement.Identical(Hessian(Whole)(x), Hessian(Running)(x));
            Agreement.Identical(Jacobian(Hessian(Whole))(x), Jacobian(Hessian(Running))(x));
            Agreement.Identical(Jacobian(Jacobian(Hessian(Whole)))(x), Jacobian(Jacobian(Hessian(Running)))(x));
            Agreement.Identical(Hessian(Whole)(x), Compile(Hessian(Running))(x));
        }
    }

    [Fact]
    public void NaN_comes_last_and_ties_keep_their_order()
    {
        Expr x = new double[] { 2, NaN, -Infinity, 2, Infinity, NaN, 0, -0.0 };
        Assert.Equal([2, 6, 7, 0, 3, 4, 1, 5], ArgSort(x).ToArray());
        Assert.Equal([1, 5, 4, 0, 3, 6, 7, 2], ArgSort(x, descending: true).ToArray());
        Assert.Equal([1, 5], TopK(x, 2).Indices.ToArray());
        Assert.Equal([-Infinity, 0, -0.0, 2, 2, Infinity, NaN, NaN], Sort(x).ToArray());
        Assert.Equal(1, IndexOfMax(x).Value);
        Assert.Equal(1, IndexOfMin(x).Value);
        Assert.Equal(NaN, Median(x).Value);
        Assert.Equal(NaN, Quantile(x, 0).Value);
        Assert.Equal([2, NaN], CumMax(x)[..2].ToArray());
        Assert.True(double.IsNaN(CumMin(x)[^1].Value));
        Assert.Equal([3, 2], SearchSorted(new double[] { 1, 2, 3 }, new double[] { NaN, 3 }).ToArray());
        Assert.Equal([0, 0, 1], IndexOfMax(new double[,] { { 3, 3 }, { 5, 5 }, { 0, 1 } }, 1).ToArray());
    }

    [Fact]
    public void Ties_share_as_in_maxima()
    {
        Assert.Equal([2.0 / 3, 2.0 / 3, 2.0 / 3, 0], Grad(v => 2 * CumMax(v)[^1])(new double[] { 1, 1, 1, 0 }).ToArray());
        Assert.Equal([1 + 0.5 + (1 / 3.0), 0.5 + (1 / 3.0), 1 / 3.0], Grad(v => Sum(CumMin(v)))(new double[] { 1, 1, 1 }).ToArray());
        Assert.Equal([0, 1, 0], Grad(v => Sort(v)[0])(new double[] { 2, 1, 1 }).ToArray());
        Assert.Equal([0.5, 0, 0.5], Grad(v => Median(v[..3][new double[] { 0, 2 }]))(new double[] { 2, 1, 2 }).ToArray());
    }

    [Fact]
    public void Infinities_are_met_without_NaN()
    {
        Assert.Equal([-Infinity, -Infinity, 1], CumLogSumExp(new double[] { -Infinity, -Infinity, 1 }).ToArray());
        Assert.Equal([-Infinity, Infinity, Infinity], CumLogSumExp(new double[] { -Infinity, Infinity, 1 }).ToArray());
        Assert.Equal([0, 0, 1], Grad(v => CumLogSumExp(v)[^1])(new double[] { -Infinity, -Infinity, 1 }).ToArray());
        Assert.Equal([0, 1, 0], Grad(v => CumLogSumExp(v)[^1])(new double[] { -Infinity, Infinity, 1 }).ToArray());
        Assert.Equal([Infinity, Infinity], Quantile(new double[] { Infinity, 1, Infinity, Infinity }, new double[] { 0.5, 1 }).ToArray());
        Assert.Equal(1000 + Math.Log(2), CumLogSumExp(new double[] { 1000, 1000 })[1].Value);
        Assert.Equal([Infinity], Grad(v => CumProd(Concat([new double[] { Infinity }, v]))[1])(new double[] { 2 }).ToArray());
    }

    [Fact]
    public void The_derivative_in_the_quantile_is_the_slope_between_elements()
    {
        Expr x = new double[] { 4, 1, 2 };
        Assert.Equal(2, Grad(q => Quantile(x, q))(0.25).Value);
        Assert.Equal(4, Grad(q => Quantile(x, q))(0.75).Value);
        Assert.Equal([1.5, 2, 3], Quantile(x, new double[] { 0.25, 0.5, 0.75 }).ToArray());
        Assert.Equal(new Shape(2, 1, 3), Quantile(Ones(4, 3), new double[] { 0.25, 0.5 }, 0, keepDims: true).Shape);
    }

    [Fact]
    public void What_has_no_answer_is_an_error()
    {
        Expr none = Zeros(0, 2);
        Assert.Contains("Quantile: there is no quantile 1.5", Assert.Throws<AutodiffException>(() => Quantile(Ones(3), 1.5)).Message, StringComparison.Ordinal);
        Assert.Contains("no element", Assert.Throws<ShapeException>(() => Median(none, 0)).Message, StringComparison.Ordinal);
        Assert.Contains("IndexOfMin: shape (0, 2) has no element", Assert.Throws<ShapeException>(() => IndexOfMin(none)).Message, StringComparison.Ordinal);
        Assert.Contains("TopK", Assert.Throws<ShapeException>(() => TopK(Ones(3), 4)).Message, StringComparison.Ordinal);
        Assert.Contains("must be a vector", Assert.Throws<ShapeException>(() => SearchSorted(Ones(2, 2), 1)).Message, StringComparison.Ordinal);
        Assert.Contains("element 1, 1, is less than the one before, 2", Assert.Throws<AutodiffException>(() => SearchSorted(new double[] { 2, 1 }, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("Sort: axis 1 does not exist", Assert.Throws<ShapeException>(() => Sort(Ones(3), 1)).Message, StringComparison.Ordinal);
        Assert.Contains("CumProd: axis 0 does not exist in a scalar", Assert.Throws<ShapeException>(() => CumProd(1)).Message, StringComparison.Ordinal);
        Assert.Equal(new Shape(0, 2), Sort(none).Shape);
        Assert.Equal(new Shape(0, 2), CumProd(none).Shape);
    }

    [Theory]
    [InlineData(0, 2)]
    [InlineData(0.5, 4)]
    [InlineData(1, 4)]
    public void A_quantile_that_is_an_element_has_the_slope_of_an_interval_beside_it(double q, double slope) =>
        Assert.Equal(slope, Grad(p => Quantile(new double[] { 4, 1, 2 }, p))(q).Value);

    [Fact]
    public void Quantiles_beside_infinite_elements_are_those_elements_or_infinite()
    {
        Expr q = new[] { 0, 0.25, 0.5, 0.75, 1 };
        Assert.Equal([1, double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity], Quantile(new[] { 1, double.PositiveInfinity }, q).ToArray());
        Assert.Equal([double.NegativeInfinity, double.NegativeInfinity, 0, 2.5, 5], Quantile(new[] { 5, double.NegativeInfinity, 0 }, q).ToArray());
        Assert.Equal([3, 3, 3, 3, 3], Quantile(new double[] { 3 }, q).ToArray());
    }

    [Fact]
    public void A_NaN_shares_the_derivative_with_the_extreme_before_it()
    {
        Expr x = new[] { 1, double.NaN };
        Assert.Equal([0.5, 0.5], Grad(v => CumMax(v)[^1])(x).ToArray());
        Assert.Equal([1.5, 0.5], Grad(v => Sum(CumMin(v)))(x).ToArray());
        Assert.Equal(0.5, Jvp((Expr v) => CumMax(v))(x, new double[] { 0, 1 }).Tangent[1].Value);
        Assert.Equal([0.5, 0.5], Grad(v => SegmentMax(v, new double[] { 0, 0 }, 1)[0])(x).ToArray());
    }

    [Fact]
    public void Tensors_without_elements_have_no_size_that_is_too_large()
    {
        Assert.Equal(new Shape(1_200_000_000, 0), ArgSort(Zeros(1_200_000_000, 0)).Shape);
        Assert.Equal(new Shape(1_500_000_000, 0), Roll(Zeros(1_500_000_000, 0), 1_000_000_000).Shape);
        Assert.Equal(new Shape(0, 50_000, 50_000), Tril(Zeros(0, 50_000, 50_000)).Shape);
    }
}
