// The table of right functions, on which a check must raise no alarm: every elementwise function with its kinks, jumps and poles, on bounded
// domains and on all magnitudes; reductions, linear algebra, loops and branches, functions of textbooks, trees, and sums that cancel.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;
using static Autodiff.PropertyTests.Verification.RightFunction;

namespace Autodiff.PropertyTests.Verification;

internal static partial class RightFunctions
{
    private static readonly Domain<Expr> s_number = Domain.Box(Shape.Scalar, -3, 3);
    private static readonly Domain<Expr> s_line = Domain.Box(Shape.Scalar, double.NegativeInfinity, double.PositiveInfinity);
    private static readonly Domain<Expr> s_half = Domain.Positive(Shape.Scalar);
    private static readonly Domain<Expr> s_unit = Domain.Box(Shape.Scalar, 0, 1);
    private static readonly Domain<Expr> s_vector = Domain.Box(new Shape(3), -3, 3);
    private static readonly Domain<Expr> s_anyVector = Domain.Box(new Shape(3), double.NegativeInfinity, double.PositiveInfinity);
    private static readonly Domain<Expr> s_positive = Domain.Box(new Shape(3), 0.1, 3);
    private static readonly Domain<Expr> s_matrix = Domain.Box(new Shape(2, 3), -3, 3);
    private static readonly Domain<Expr> s_square = Domain.Box(new Shape(2, 2), -3, 3);

    // Where functions with poles at negative whole numbers begin. Next to a pole the sine of one oscillates faster than any step.
    private const double Poles = -5;

    private static readonly Expr s_weights = new double[] { 0.7, -1.3, 0.4 };
    private static readonly Expr s_map = new double[,] { { 1, 2, 0 }, { 0, 1, 3 }, { 1, 0, 1 } };
    private static readonly Expr s_quantiles = new double[] { 0.1, 0.5, 1 };
    private static readonly Expr s_segments = new double[] { 0, 2, 2, 0 };
    private static readonly Expr s_data = new double[] { -1.2, 0.3, 0.8, 2.1, 2.9 };

    // Elementwise functions, and bounds within which they are defined, poles aside; infinite ones if they are defined everywhere on that side.
    private static readonly (string Name, Func<Expr, Expr> F, double Low, double High)[] s_elementwise =
    [
        ("Sin", Sin, double.NegativeInfinity, double.PositiveInfinity),
        ("Cos", Cos, double.NegativeInfinity, double.PositiveInfinity),
        ("Tan", Tan, -5, 5),
        ("Asin", Asin, -1, 1),
        ("Acos", Acos, -1, 1),
        ("Atan", Atan, double.NegativeInfinity, double.PositiveInfinity),
        ("Sinh", Sinh, double.NegativeInfinity, double.PositiveInfinity),
        ("Cosh", Cosh, double.NegativeInfinity, double.PositiveInfinity),
        ("Tanh", Tanh, double.NegativeInfinity, double.PositiveInfinity),
        ("Asinh", Asinh, double.NegativeInfinity, double.PositiveInfinity),
        ("Acosh", Acosh, 1, double.PositiveInfinity),
        ("Atanh", Atanh, -1, 1),
        ("Exp", Exp, double.NegativeInfinity, double.PositiveInfinity),
        ("Exp2", Exp2, double.NegativeInfinity, double.PositiveInfinity),
        ("ExpM1", ExpM1, double.NegativeInfinity, double.PositiveInfinity),
        ("Log", Log, 0, double.PositiveInfinity),
        ("Log2", Log2, 0, double.PositiveInfinity),
        ("Log10", Log10, 0, double.PositiveInfinity),
        ("LogP1", LogP1, -1, double.PositiveInfinity),
        ("Sqrt", Sqrt, 0, double.PositiveInfinity),
        ("Cbrt", Cbrt, double.NegativeInfinity, double.PositiveInfinity),
        ("Sigmoid", Sigmoid, double.NegativeInfinity, double.PositiveInfinity),
        ("Softplus", Softplus, double.NegativeInfinity, double.PositiveInfinity),
        ("Relu", Relu, double.NegativeInfinity, double.PositiveInfinity),
        ("Abs", Abs, double.NegativeInfinity, double.PositiveInfinity),
        ("Sign", Sign, double.NegativeInfinity, double.PositiveInfinity),
        ("Floor", Floor, double.NegativeInfinity, double.PositiveInfinity),
        ("Ceiling", Ceiling, double.NegativeInfinity, double.PositiveInfinity),
        ("Round", Round, double.NegativeInfinity, double.PositiveInfinity),
        ("Clamp", x => Clamp(x, -1, 1), double.NegativeInfinity, double.PositiveInfinity),
        ("Erf", Erf, double.NegativeInfinity, double.PositiveInfinity),
        ("Erfc", Erfc, double.NegativeInfinity, double.PositiveInfinity),
        ("NormalCdf", NormalCdf, double.NegativeInfinity, double.PositiveInfinity),
        ("LogNormalCdf", LogNormalCdf, double.NegativeInfinity, double.PositiveInfinity),
        ("NormalQuantile", NormalQuantile, 0, 1),
        ("Gamma", Gamma, Poles, double.PositiveInfinity),
        ("LogGamma", LogGamma, Poles, double.PositiveInfinity),
        ("Digamma", Digamma, Poles, double.PositiveInfinity),
        ("Trigamma", x => Polygamma(1, x), Poles, double.PositiveInfinity),
        ("Polygamma(2)", x => Polygamma(2, x), 0, double.PositiveInfinity),
        ("BesselJ0", BesselJ0, double.NegativeInfinity, double.PositiveInfinity),
        ("BesselJ1", BesselJ1, double.NegativeInfinity, double.PositiveInfinity),
        ("BesselI0", BesselI0, double.NegativeInfinity, double.PositiveInfinity),
        ("BesselI1", BesselI1, double.NegativeInfinity, double.PositiveInfinity),
        ("LambertW", LambertW, -0.36, double.PositiveInfinity),
        ("Sinc", Sinc, double.NegativeInfinity, double.PositiveInfinity),
        ("x²", x => x * x, double.NegativeInfinity, double.PositiveInfinity),
        ("x³", x => Pow(x, 3), double.NegativeInfinity, double.PositiveInfinity),
        ("1/x", x => 1 / x, double.NegativeInfinity, double.PositiveInfinity),
        ("x⁻²", x => Pow(x, -2), double.NegativeInfinity, double.PositiveInfinity),
        ("x^2.5", x => Pow(x, 2.5), 0, double.PositiveInfinity),
        ("x^1.5", x => Pow(x, 1.5), 0, double.PositiveInfinity),
        ("2ˣ", x => Pow(2, x), double.NegativeInfinity, double.PositiveInfinity),
        ("xˣ", x => Pow(x, x), 1e-3, double.PositiveInfinity),
        ("x log x", x => Xlogy(x, x), 0, double.PositiveInfinity),
        ("x|x|", x => x * Abs(x), double.NegativeInfinity, double.PositiveInfinity),
        ("GammaP(2.5, x)", x => GammaP(2.5, x), 0, double.PositiveInfinity),
        ("GammaQ(0.5, x)", x => GammaQ(0.5, x), 0, double.PositiveInfinity),
        ("LogBeta(x, 2)", x => LogBeta(x, 2), 0, double.PositiveInfinity),
        ("Hypot(x, 1)", x => Hypot(x, 1), double.NegativeInfinity, double.PositiveInfinity),
        ("Atan2(x, 2)", x => Atan2(x, 2), double.NegativeInfinity, double.PositiveInfinity),
        ("Square", Square, double.NegativeInfinity, double.PositiveInfinity),
        ("Log1mExp", Log1mExp, double.NegativeInfinity, 0),
        ("LogSigmoid", LogSigmoid, double.NegativeInfinity, double.PositiveInfinity),
        ("Logit", Logit, 0, 1),
        ("ErfInv", ErfInv, -1, 1),
        ("ErfcInv", ErfcInv, 0, 2),
        ("Erfcx", Erfcx, double.NegativeInfinity, double.PositiveInfinity),
        ("Dawson", Dawson, double.NegativeInfinity, double.PositiveInfinity),
        ("ExpIntegralE1", ExpIntegralE1, 0, double.PositiveInfinity),
        ("ExpIntegralEi", ExpIntegralEi, double.NegativeInfinity, double.PositiveInfinity),
        ("Factorial", Factorial, Poles, double.PositiveInfinity),
        ("Zeta", x => Zeta(x), 1.1, double.PositiveInfinity),
        ("BesselJ(2)", x => BesselJ(2, x), double.NegativeInfinity, double.PositiveInfinity),
        ("BesselJ(7)", x => BesselJ(7, x), double.NegativeInfinity, double.PositiveInfinity),
        ("BesselY(0)", x => BesselY(0, x), 0, double.PositiveInfinity),
        ("BesselY(3)", x => BesselY(3, x), 0.5, double.PositiveInfinity),
        ("BesselI(2)", x => BesselI(2, x), double.NegativeInfinity, double.PositiveInfinity),
        ("BesselI(1.5)", x => BesselI(1.5, x), 0, double.PositiveInfinity),
        ("BesselIScaled(2.5)", x => BesselIScaled(2.5, x), 0, double.PositiveInfinity),
        ("BesselK(0)", x => BesselK(0, x), 0, double.PositiveInfinity),
        ("BesselK(1.5)", x => BesselK(1.5, x), 0.1, double.PositiveInfinity),
        ("BesselKScaled(2)", x => BesselKScaled(2, x), 0.1, double.PositiveInfinity),
        ("LogMultigamma(3)", x => LogMultigamma(x, 3), 1, double.PositiveInfinity),
        ("Elu", Elu, double.NegativeInfinity, double.PositiveInfinity),
        ("Elu(½)", x => Elu(x, 0.5), double.NegativeInfinity, double.PositiveInfinity),
        ("LeakyRelu", LeakyRelu, double.NegativeInfinity, double.PositiveInfinity),
        ("Gelu", Gelu, double.NegativeInfinity, double.PositiveInfinity),
        ("Silu", Silu, double.NegativeInfinity, double.PositiveInfinity),
        ("Truncate", Truncate, double.NegativeInfinity, double.PositiveInfinity),
        ("Mod(x, 2)", x => Mod(x, 2), -5, 5),
        ("CopySign(x, −1)", x => CopySign(x, -1), double.NegativeInfinity, double.PositiveInfinity),
        ("LogAddExp(x, 1)", x => LogAddExp(x, 1), double.NegativeInfinity, double.PositiveInfinity),
        ("Binomial(x, 3)", x => Binomial(x, 3), 0, double.PositiveInfinity),
        ("Binomial(10.5, x)", x => Binomial(10.5, x), -5, 15),
        ("Zeta(2.5, x)", x => Zeta(2.5, x), 0.1, double.PositiveInfinity),
        ("BetaInc(2, 3, x)", x => BetaInc(2, 3, x), 0, 1),
        ("BetaInc(½, ½, x)", x => BetaInc(0.5, 0.5, x), 0, 1),
        ("x/3 by DivideByInt", x => DivideByInt(x, 3), double.NegativeInfinity, double.PositiveInfinity),
        ("NanTo of Sqrt", x => NanTo(Sqrt(x), 0), double.NegativeInfinity, double.PositiveInfinity),
    ];

    public static IReadOnlyList<RightFunction> All { get; } =
        [.. Elementwise, .. Pairs, .. Vectors, .. MatrixFunctions, .. Textbooks, .. Programs, .. Trees, .. Cancelling];

    private static IEnumerable<RightFunction> Elementwise => s_elementwise.SelectMany(entry =>
    {
        var (name, f, low, high) = entry;
        var near = Domain.Box(new Shape(2), Math.Max(low, -4), Math.Min(high, 4));
        var all = double.IsFinite(low) && double.IsFinite(high) ? near : Domain.Box(Shape.Scalar, low, high);
        return new[]
        {
            On($"{name}, near 0", near, f),
            On($"{name}, all magnitudes", all, f),
            On($"{name} · cos, summed", near, x => Sum(f(x) * Cos(x))),
            On($"sine of {name}, less its mean", low == Poles ? Domain.Box(new Shape(2), 0.5, 4) : near, x => Sin(f(x) / 3) is var y ? y - Mean(y) : x),
        };
    });

    private static RightFunction[] Pairs =>
    [
        OfTwo("a + b", s_line, s_line, (a, b) => a + b),
        OfTwo("a − b", s_line, s_line, (a, b) => a - b),
        OfTwo("a b", s_line, s_line, (a, b) => a * b),
        OfTwo("a / b", s_line, s_line, (a, b) => a / b),
        OfTwo("Pow", s_half, s_number, Pow),
        OfTwo("Pow of small numbers", s_unit, s_unit, Pow),
        OfTwo("Max", s_number, s_number, Max),
        OfTwo("Min", s_line, s_line, Min),
        OfTwo("Hypot", s_line, s_line, Hypot),
        OfTwo("Atan2", s_line, s_line, Atan2),
        OfTwo("Xlogy", s_half, s_half, Xlogy),
        OfTwo("Xlogy at 0", s_unit, s_unit, Xlogy),
        OfTwo("Beta", s_half, s_half, Beta),
        OfTwo("LogBeta", s_half, s_half, LogBeta),
        On("GammaP", Domain.Pair(Domain.Integers(1, 10), s_half), p => GammaP(p.Item1 / 2.0, p.Item2)),
        OfTwo("remainder by Floor", s_number, Domain.Box(Shape.Scalar, 0.5, 2), (a, b) => a - (b * Floor(a / b))),
        OfTwo("Where", s_vector, s_vector, (a, b) => Where(a > b, a * a, b * a)),
        OfTwo("Dot", s_anyVector, s_anyVector, Dot),
        OfTwo("Outer", s_vector, s_vector, Outer),
        OfTwo("MatMul", s_square, s_square, MatMul),
        OfTwo("distance", s_vector, s_vector, (a, b) => Norm(a - b)),
        OfTwo("cosine of an angle", s_vector, s_vector, (a, b) => Dot(a, b) / (Norm(a) * Norm(b))),
        OfTwo("logaddexp", s_line, s_line, (a, b) => LogSumExp(Stack([a, b]))),
        OfTwo("relative entropy", Domain.Simplex(3), Domain.Simplex(3), (p, q) => Sum(Xlogy(p, p) - Xlogy(p, q))),
        OfTwo("LogAddExp", s_line, s_line, LogAddExp),
        OfTwo("CopySign", s_line, s_line, CopySign),
        OfTwo("Mod", s_number, Domain.Box(Shape.Scalar, 0.5, 2), Mod),
        OfTwo("Binomial", Domain.Box(Shape.Scalar, 0, 20), Domain.Box(Shape.Scalar, -2, 22), Binomial),
        OfTwo("Zeta of two", Domain.Box(Shape.Scalar, 1.1, double.PositiveInfinity), s_half, Zeta),
        On("BetaInc", Domain.Triple(s_half, s_half, s_unit), p => BetaInc(p.Item1, p.Item2, p.Item3)),
        On("Max of three", Domain.Triple(s_number, s_number, s_number), p => Max(p.Item1, p.Item2, p.Item3)),
        On("Min of three", Domain.Triple(s_line, s_line, s_line), p => Min(p.Item1, p.Item2, p.Item3)),
        On("Sum of three", Domain.Triple(s_line, s_line, s_line), p => Sum(p.Item1, p.Item2, p.Item3)),
        OfTwo("Cross", s_anyVector, s_vector, Cross),
        OfTwo("Kron", s_square, Domain.Box(new Shape(1, 2), -3, 3), Kron),
        OfTwo("TensorDot", s_matrix, s_matrix, (a, b) => TensorDot(a, b, ([1], [1]))),
        OfTwo("TensorDot of no axis", s_square, Domain.Box(new Shape(2), -3, 3), (a, b) => TensorDot(a, b, 0)),
        OfTwo("Convolve", s_vector, s_anyVector, (a, b) => Convolve(a, b)),
        OfTwo("Convolve, same", Domain.Box(new Shape(5), -3, 3), s_vector, (a, b) => Convolve(a, b, ConvolutionMode.Same)),
        OfTwo("Conv", Domain.Box(new Shape(1, 2, 5), -2, 2), Domain.Box(new Shape(2, 2, 2), -2, 2), (x, k) => Conv(x, k, stride: 2, padding: 1)),
        OfTwo("ConvTranspose", Domain.Box(new Shape(1, 2, 3), -2, 2), Domain.Box(new Shape(2, 2, 2), -2, 2), (y, k) => ConvTranspose(y, k, stride: 2)),
        OfTwo("Cov", s_vector, s_vector, (a, b) => Cov(a, b)),
        OfTwo("Correlation", s_vector, s_vector, Correlation),
        OfTwo("Interp", Domain.Box(new Shape(2), 0, 4), s_vector, (x, f) => Interp(x, Arange(f.Shape[0]) * 1.5, f)),
        OfTwo("Interp in its places", Domain.Box(new Shape(2), 0, 4), s_unit, (x, p) => Interp(x, Stack([0, 1 + p, 3]), s_weights)),
        OfTwo("Quantile in q", s_vector, s_unit, (x, q) => Quantile(x, q)),
        OfTwo("Linspace", s_line, s_line, (a, b) => Linspace(a, b, 4)),
        OfTwo("Update", s_vector, s_number, (x, v) => Update(x * x, 1, v)),
        OfTwo("Update of a range", s_vector, s_number, (x, v) => Update(Sin(x), 1.., v)),
        OfTwo("weighted LogSumExp", s_anyVector, s_positive, (x, w) => LogSumExp(x, w)),
        OfTwo("MeshGrid", s_vector, s_vector, (a, b) => MeshGrid(a, b) is [var x, var y] ? Sin(x * y) : a),
        OfTwo("masks", s_vector, s_vector, (a, b) => Where(Any(a > b), Sin(a), b) * (1 + Count(a > 0)) * (1 + All(Eq(Floor(a), Floor(b)))) * IsFinite(a) * (1 - IsNaN(b))),
        OfTwo("shift and scale", s_vector, s_number, (a, b) => Sin(a * b) + b),
    ];

    private static RightFunction OfTwo(string name, Domain<Expr> first, Domain<Expr> second, Func<Expr, Expr, Expr> f) => On(name, Domain.Pair(first, second), p => f(p.Item1, p.Item2));
}
