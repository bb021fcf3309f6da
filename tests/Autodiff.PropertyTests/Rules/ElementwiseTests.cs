// The derivatives of every elementwise primitive against finite differences: over the region that it states, in every nesting of modes, on scalars,
// vectors and broadcast operands.

using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Verification;
using Autodiff.PropertyTests.HigherOrders;
using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.Expr;
using Check = Autodiff.Functional.Check;

namespace Autodiff.PropertyTests.Rules;

public class ElementwiseTests
{
    // Finite differences need room around a point: its distance from every kink and jump is at least this.
    private const double Room = 0.05;

    // The shapes of the first, second and third operand, which broadcast to (2, 3).
    private static readonly Shape[] Shapes = [new(2, 1), new(3), Shape.Scalar];

    // The derivative of StopGradient is not that of its values; it has a test of its own.
    public static TheoryData<Op> Primitives => new(Enum.GetValues<Op>().Where(op => op.IsElementwise() && op != Op.StopGradient));

    [Theory]
    [MemberData(nameof(Primitives))]
    public void Two_orders_agree_with_finite_differences_at_scalars(Op op) =>
        ForAll(op, 1, points => Passes(CheckAt(op, Array.ConvertAll(points[0], number => (Expr)number))));

    [Theory]
    [MemberData(nameof(Primitives))]
    public void Two_orders_agree_with_finite_differences_on_vectors(Op op) =>
        ForAll(op, 9, points => Passes(CheckAt(op, Operands(points))), tests: 3);

    [Theory]
    [MemberData(nameof(Primitives))]
    public void Two_orders_agree_with_finite_differences_where_operands_broadcast(Op op) =>
        ForAll(op, 1, points => Passes(CheckAt(op, [.. points[0].Select((number, k) => Filled(number, Shapes[k]))])), tests: 3);

    [Theory]
    [MemberData(nameof(Primitives))]
    public void The_second_derivative_agrees_with_second_differences_of_values(Op op) => ForAll(op, 1, points =>
    {
        for (var k = 0; k < points[0].Length; k++)
        {
            Func<Expr, Expr> along = x => Apply(op, [.. points[0].Select((number, i) => i == k ? x : number)]);
            var at = points[0][k];
            var expected = new FiniteDifferences("second differences", x => along(x[0]), at).Along([1], 2)[0];
            var scale = Math.Abs(along(at).Value) + Math.Abs(AD.Diff(along)(at).Value) + Math.Abs(expected.Value);
            foreach (var second in new[] { AD.Diff(along, 2), AD.Grad(AD.Grad(along)), AD.Grad(AD.Diff(along)), AD.Diff(AD.Grad(along)) })
            {
                Assert.Equal(expected.Value, second(at).Value, 1e-7 * scale);
            }
        }
    });

    [Theory]
    [MemberData(nameof(Primitives))]
    public void The_series_of_a_primitive_has_nested_derivatives_as_coefficients(Op op) => ForAll(op, 1, points =>
        SeriesTests.AreNestedDerivatives(
            t => Apply(op, [.. points[0].Select((number, k) => number + ((k + 1) * 0.3 * Sin(t)))]), 0, 1, order: 4));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Polygamma_agrees_with_finite_differences_in_its_argument(int order) =>
        ForAll(Op.Digamma, 9, points => Passes(Check.Gradients(x => Polygamma(order, x), Operands(points)[0], order: 2)), tests: 5);

    [Fact]
    public void StopGradient_keeps_the_value_and_stops_every_mode()
    {
        Expr x = new double[] { 1, -2, 3 };
        Assert.Equal(x.ToArray(), AD.StopGradient(x).ToArray());
        Assert.Equal(new double[9], AD.JacobianReverse(AD.StopGradient)(x).ToArray());
        Assert.Equal(new double[9], AD.JacobianForward(AD.StopGradient)(x).ToArray());
    }

    internal static Expr Apply(Op op, ReadOnlySpan<Expr> x) => (Expr[])[.. RegionOf(op).Constants.Select(number => (Expr)number), .. x] switch
    {
        [var a] => Expr.Apply(op, a),
        [var a, var b] => Expr.Apply(op, a, b),
        [var a, var b, var c] => Expr.Apply(op, a, b, c),
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "not an elementwise primitive"),
    };

    private static LanguageExt.Fin<LanguageExt.Unit> CheckAt(Op op, Expr[] at) => at switch
    {
        [var x] => Check.Gradients(v => Apply(op, [v]), x, order: 2),
        [var x, var y] => Check.Gradients((a, b) => Apply(op, [a, b]), (x, y), order: 2),
        _ => Check.Gradients((a, b, c) => Apply(op, [a, b, c]), (at[0], at[1], at[2]), order: 2),
    };

    private static void Passes(LanguageExt.Fin<LanguageExt.Unit> result) =>
        Assert.True(result.IsSucc, result.Match(Succ: _ => "", Fail: error => error.Message));

    /// <summary>The operands as vectors: the k-th consists of the k-th numbers of all points.</summary>
    private static Expr[] Operands(double[][] points) =>
        [.. points[0].Select((_, k) => (Expr)Array.ConvertAll(points, point => point[k]))];

    private static void ForAll(Op op, int points, Action<double[][]> property, int tests = 20) =>
        FsCheck.Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(tests),
            Prop.ForAll(PointsOf(op).ArrayOf(points).ToArbitrary(), property));

    internal static SmoothRegion RegionOf(Op op) => ElementwiseTable.Describe(op).Region;

    internal static Gen<double[]> PointsOf(Op op) => Gen
        .CollectToArray(RegionOf(op).Operands.Select(interval => Gen.Choose(0, 1 << 30).Select(k => interval.Low + ((interval.High - interval.Low) * k / (1 << 30)))))
        .Where(point => Math.Abs(RegionOf(op).Kink(point)) >= Room);
}
