// The derivative table against finite differences: every elementwise primitive, over its domain, by every nesting of
// modes, on scalars, vectors and broadcast operands.

using Autodiff.Functional.Verification;
using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.Expr;
using static Autodiff.PropertyTests.Rules.ElementwiseTests.Domain;
using Check = Autodiff.Functional.Check;

namespace Autodiff.PropertyTests.Rules;

public class ElementwiseTests
{
    // Differences need room about a point: it stays this far from every kink and jump.
    private const double Room = 0.05;

    internal static readonly Dictionary<Op, Domain> Domains = new()
    {
        [Op.Negate] = Of((-5, 5)),
        [Op.Abs] = Of((-5, 5)) with { Kink = x => x[0] },
        [Op.Sign] = Of((-5, 5)) with { Kink = x => x[0] },
        [Op.Sqrt] = Of((0.1, 10)),
        [Op.Cbrt] = Of((-5, 5)) with { Kink = x => x[0] },
        [Op.Exp] = Of((-3, 3)),
        [Op.Exp2] = Of((-4, 4)),
        [Op.ExpM1] = Of((-3, 3)),
        [Op.Log] = Of((0.1, 10)),
        [Op.Log2] = Of((0.1, 10)),
        [Op.Log10] = Of((0.1, 10)),
        [Op.LogP1] = Of((-0.9, 5)),
        [Op.Sin] = Of((-7, 7)),
        [Op.Cos] = Of((-7, 7)),
        [Op.Tan] = Of((-1.3, 1.3)),
        [Op.Asin] = Of((-0.9, 0.9)),
        [Op.Acos] = Of((-0.9, 0.9)),
        [Op.Atan] = Of((-5, 5)),
        [Op.Sinh] = Of((-3, 3)),
        [Op.Cosh] = Of((-3, 3)),
        [Op.Tanh] = Of((-3, 3)),
        [Op.Asinh] = Of((-5, 5)),
        [Op.Acosh] = Of((1.1, 10)),
        [Op.Atanh] = Of((-0.9, 0.9)),
        [Op.Sigmoid] = Of((-10, 10)),
        [Op.Softplus] = Of((-10, 10)),
        [Op.Relu] = Of((-5, 5)) with { Kink = x => x[0] },
        [Op.Floor] = Of((-5, 5)) with { Kink = x => x[0] - Math.Round(x[0]) },
        [Op.Ceiling] = Of((-5, 5)) with { Kink = x => x[0] - Math.Round(x[0]) },
        [Op.Round] = Of((-5, 5)) with { Kink = x => x[0] - Math.Floor(x[0]) - 0.5 },
        [Op.Erf] = Of((-3, 3)),
        [Op.Erfc] = Of((-3, 3)),
        [Op.Gamma] = Of((-1.8, 5)) with { Kink = x => x[0] > 0 ? x[0] : x[0] - Math.Round(x[0]) },
        [Op.LogGamma] = Of((-1.8, 8)) with { Kink = x => x[0] > 0 ? x[0] : x[0] - Math.Round(x[0]) },
        [Op.Digamma] = Of((-1.8, 8)) with { Kink = x => x[0] > 0 ? x[0] : x[0] - Math.Round(x[0]) },
        [Op.LambertW] = Of((-0.3, 8)),
        [Op.Sinc] = Of((-12, 12)),
        [Op.NormalCdf] = Of((-4, 4)),
        [Op.LogNormalCdf] = Of((-8, 4)),
        [Op.NormalQuantile] = Of((0.1, 0.9)),
        [Op.LogisticDensity] = Of((-10, 10)),
        [Op.AsinDerivative] = Of((-0.9, 0.9)),
        [Op.PlusZero] = Of((-5, 5)),
        [Op.Add] = Of((-5, 5), (-5, 5)),
        [Op.Subtract] = Of((-5, 5), (-5, 5)),
        [Op.Multiply] = Of((-5, 5), (-5, 5)),
        [Op.Divide] = Of((-5, 5), (-5, 5)) with { Kink = x => x[1] },
        [Op.Pow] = Of((0.1, 4), (-3, 3)),
        [Op.Atan2] = Of((-3, 3), (-3, 3)) with { Kink = x => x[1] > 0 ? double.Hypot(x[0], x[1]) : x[0] },
        [Op.Hypot] = Of((-3, 3), (-3, 3)) with { Kink = x => double.Hypot(x[0], x[1]) },
        [Op.DirectionCosine] = Of((-3, 3), (-3, 3)) with { Kink = x => double.Hypot(x[0], x[1]) },
        [Op.ShareOfNorm] = Of((-3, 3), (0.5, 5)),
        [Op.Min] = Of((-5, 5), (-5, 5)) with { Kink = x => x[0] - x[1] },
        [Op.Max] = Of((-5, 5), (-5, 5)) with { Kink = x => x[0] - x[1] },
        [Op.Xlogy] = Of((-3, 3), (0.3, 5)),
        [Op.LogBeta] = Of((0.3, 15), (0.3, 15)),
        [Op.Beta] = Of((0.5, 5), (0.5, 5)),
        [Op.GammaP] = Of((0.2, 8)) with { Constants = [2.5] },
        [Op.GammaQ] = Of((20, 60)) with { Constants = [40] },
        [Op.Polygamma] = Of((-1.8, 8)) with { Constants = [2], Kink = x => x[0] > 0 ? x[0] : x[0] - Math.Round(x[0]) },
        [Op.BesselJ] = Of((-30, 30)) with { Constants = [2] },
        [Op.BesselI] = Of((-4, 4)) with { Constants = [2] },
        [Op.GammaDerivative] = Of((-1.8, 5)) with { Constants = [2], Kink = x => x[0] > 0 ? x[0] : x[0] - Math.Round(x[0]) },
        [Op.SincDerivative] = Of((-12, 12)) with { Constants = [3] },
        [Op.LogNormalCdfDerivative] = Of((-8, 4)) with { Constants = [2] },
        [Op.Less] = Of((-5, 5), (-5, 5)) with { Kink = x => x[0] - x[1] },
        [Op.LessOrEqual] = Of((-5, 5), (-5, 5)) with { Kink = x => x[0] - x[1] },
        [Op.Greater] = Of((-5, 5), (-5, 5)) with { Kink = x => x[0] - x[1] },
        [Op.GreaterOrEqual] = Of((-5, 5), (-5, 5)) with { Kink = x => x[0] - x[1] },
        [Op.Equal] = Of((-5, 5), (-5, 5)) with { Kink = x => x[0] - x[1] },
        [Op.PolygammaDifference] = Of((0.5, 15), (0.3, 15)) with { Constants = [1] },
        [Op.GammaDensity] = Of((0.2, 8)) with { Constants = [1, 3.5] },
        [Op.Gaussian] = Of((-3, 3)) with { Constants = [2, 0.5] },
        [Op.Clamp] = Of((-5, 5), (-3, -1), (1, 3)) with { Kink = x => Math.Min(Math.Abs(x[0] - x[1]), Math.Abs(x[0] - x[2])) },
        [Op.Where] = Of((-5, 5), (-5, 5), (-5, 5)) with { Kink = x => x[0] },
    };

    // Tested by itself: the derivative of StopGradient is not that of its values.
    private static readonly Op[] Apart = [Op.StopGradient];

    // Of the first, second and third operand: together (2, 3).
    private static readonly Shape[] Shapes = [new(2, 1), new(3), Shape.Scalar];

    public static TheoryData<Op> Primitives => new(Domains.Keys);

    [Fact]
    public void Every_elementwise_primitive_has_a_domain() =>
        Assert.Equal(Enum.GetValues<Op>().Where(op => op.IsElementwise()), Domains.Keys.Concat(Apart).Order());

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

    internal static Expr Apply(Op op, ReadOnlySpan<Expr> x) => (Expr[])[.. Domains[op].Constants.Select(number => (Expr)number), .. x] switch
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

    /// <summary>The k-th elements of all points as the k-th operand.</summary>
    private static Expr[] Operands(double[][] points) =>
        [.. points[0].Select((_, k) => (Expr)Array.ConvertAll(points, point => point[k]))];

    private static void ForAll(Op op, int points, Action<double[][]> property, int tests = 20) =>
        FsCheck.Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(tests),
            Prop.ForAll(Domains[op].Points.ArrayOf(points).ToArbitrary(), property));

    /// <summary>Where a primitive is smooth.</summary>
    /// <param name="Operands">An interval for each operand.</param>
    public sealed record Domain((double Low, double High)[] Operands)
    {
        /// <summary>Operands before these, in which there is no derivative, such as orders.</summary>
        public double[] Constants { get; init; } = [];

        /// <summary>How far a point is from where the primitive is not smooth.</summary>
        public Func<double[], double> Kink { get; init; } = _ => double.PositiveInfinity;

        public Gen<double[]> Points => Gen
            .CollectToArray(Operands.Select(interval => Gen.Choose(0, 1 << 30).Select(k => interval.Low + ((interval.High - interval.Low) * k / (1 << 30)))))
            .Where(point => Math.Abs(Kink(point)) >= Room);

        public static Domain Of(params (double Low, double High)[] operands) => new(operands);
    }
}
