// The table of right functions, on which a check must raise no alarm: every elementwise function with its kinks, jumps and poles, on bounded
// domains and on all magnitudes; reductions, linear algebra, loops and branches, functions of textbooks, trees, and sums that cancel.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;
using static Autodiff.PropertyTests.Verification.RightFunction;

namespace Autodiff.PropertyTests.Verification;

internal static class RightFunctions
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
        OfTwo("shift and scale", s_vector, s_number, (a, b) => Sin(a * b) + b),
    ];

    private static RightFunction[] Vectors =>
    [
        On("Sum", s_anyVector, x => Sum(x)),
        On("Mean", s_anyVector, x => Mean(x)),
        On("Prod", s_anyVector, x => Prod(x)),
        On("Prod near 0", s_vector, x => Prod(x)),
        On("Prod of rows", s_matrix, x => Prod(x, 1)),
        On("MaxOf", s_vector, x => MaxOf(x)),
        On("MaxOf of columns", s_matrix, x => MaxOf(x, 0)),
        On("MinOf, all magnitudes", s_anyVector, x => MinOf(x)),
        On("LogSumExp, all magnitudes", s_anyVector, x => LogSumExp(x)),
        On("LogSumExp of rows", s_matrix, x => LogSumExp(x, 1)),
        On("Norm", s_vector, x => Norm(x)),
        On("Norm, all magnitudes", s_anyVector, x => Norm(x)),
        On("Norm of columns", s_matrix, x => Norm(x, 0)),
        On("‖x‖²", s_positive, x => Pow(Norm(x), 2)),
        On("‖x‖³", s_vector, x => Pow(Norm(x), 3)),
        On("x/‖x‖", s_vector, x => x / Norm(x)),
        On("softmax", s_anyVector, x => Exp(x - LogSumExp(x))),
        On("log-softmax of rows", s_matrix, x => x - LogSumExp(x, 1, keepDims: true)),
        On("CumSum", s_vector, x => CumSum(x)),
        On("CumSum of squares", s_matrix, x => CumSum(x * x, 1)),
        On("Flip", s_matrix, x => Flip(x, 1) * x),
        On("Take", s_vector, x => Take(x * x, [0, 0])),
        On("slices", s_vector, x => x[1..] * x[..^1]),
        On("Concat", s_vector, x => Concat([x, x * x])),
        On("Stack", s_vector, x => Stack([x, Sin(x)], 1)),
        On("Permute", Domain.Box(new Shape(2, 2, 2), -2, 2), x => Permute(x, 2, 0, 1) * x),
        On("Reshape", s_matrix, x => Sin(Reshape(x, -1))),
        On("BroadcastTo", s_vector, x => BroadcastTo(x, new Shape([2, .. x.Shape])) * 2),
        On("Diag", s_vector, x => Diag(Sin(x))),
        On("Einsum", s_matrix, x => Einsum("ij,kj->ik", x, x)),
        On("variance", s_vector, x => Mean((x - Mean(x)) * (x - Mean(x)))),
        On("deviation", s_vector, x => Norm(x - Mean(x)) / Math.Sqrt(x.Shape[0])),
        On("entropy of probabilities", Domain.Simplex(4), p => -Sum(Xlogy(p, p))),
        On("Gini", Domain.Simplex(3), p => 1 - Sum(p * p)),
        On("largest probability", Domain.Simplex(3), p => MaxOf(p)),
        On("hemisphere", Domain.Ball(new Shape(2)), x => Sqrt(Relu(1 - Sum(x * x)))),
        On("bump", Domain.Ball(new Shape(2)), x => Exp(-1 / (1.0001 - Sum(x * x)))),
        On("hyperbolic distance", Domain.Ball(new Shape(2), 0.99), x => 2 * Asinh(Norm(x) / Sqrt(1 - Sum(x * x)))),
        On("Σ|x|", s_vector, x => Sum(Abs(x))),
        On("largest |x|", s_vector, x => MaxOf(Abs(x))),
        On("hinge", s_vector, x => Sum(Relu(1 - (x * x)))),
        On("Huber", s_vector, x => Sum(Where(Abs(x) < 1, x * x / 2, Abs(x) - 0.5))),
        On("median of three", s_vector, x => x.Shape[0] < 3 ? x[0] : Max(Min(x[0], x[1]), Min(Max(x[0], x[1]), x[2]))),
        On("37 elements", Domain.Box(new Shape(37), -2, 2), x => Sum(Sin(x) * Flip(x))),
        On("whole numbers as data", Domain.Pair(Domain.Integers(new Shape(3), -3, 3), s_vector), p => p.Item1.Shape == p.Item2.Shape ? Sum(p.Item1 * Sin(p.Item2)) : Sum(p.Item2)),
    ];

    private static RightFunction[] MatrixFunctions =>
    [
        On("Trace", s_square, a => Trace(MatMul(a, a))),
        On("Det", s_square, Det),
        On("Det of 3×3", Domain.Box(new Shape(3, 3), -1, 1), a => a.Shape[0] == a.Shape[1] ? Det(a + (4 * Eye(a.Shape[0]))) : Sum(a)),
        On("Det of a singular matrix", Domain.Box(new Shape(2), -2, 2), x => Det(Outer(x, x))),
        On("Inverse", Domain.PositiveDefinite(2), Inverse),
        On("Inverse of 3×3", Domain.PositiveDefinite(3), Inverse),
        On("Inverse of any", s_square, a => Inverse(a + (5 * Eye(a.Shape[0])))),
        On("LogDet", Domain.PositiveDefinite(3), LogDet),
        On("Cholesky", Domain.PositiveDefinite(2), Cholesky),
        On("Cholesky of 3×3", Domain.PositiveDefinite(3), Cholesky),
        On("Solve", Domain.PositiveDefinite(2), a => Solve(a, Ones(a.Shape[0]))),
        On("Solve in b", s_vector, b => b.Shape[0] == 3 ? Solve(s_map, b) : b),
        On("SolveTriangular", Domain.PositiveDefinite(2), a => SolveTriangular(a, Ones(a.Shape[0]))),
        On("quadratic form of the inverse", Domain.PositiveDefinite(3), a => Ones(a.Shape[0]) is var b ? Dot(b, Solve(a, b)) : a),
        On("Gaussian log-likelihood", Domain.PositiveDefinite(2), a => (LogDet(a) + Sum(Solve(a, Ones(a.Shape[0])))) / 2),
        On("eigenvalues", Domain.PositiveDefinite(2), a => Eigh(a).Values),
        On("largest eigenvalue", Domain.PositiveDefinite(3), a => MaxOf(Eigh(a).Values)),
        On("sum of exp of eigenvalues", s_vector, x => Sum(Exp(Eigh(Outer(x, x) / 4 + Diag(Arange(x.Shape[0]) * 9)).Values / 9))),
        On("MatrixFunction Exp", s_square, a => MatrixFunction(Exp, (a + Transpose(a)) / 2)),
        On("MatrixFunction Sqrt", Domain.PositiveDefinite(2), a => MatrixFunction(Sqrt, a)),
        On("MatrixFunction Log", Domain.PositiveDefinite(3), a => MatrixFunction(Log, a)),
        On("Expm", s_square, Expm),
        On("MatrixPower", s_square, a => MatrixPower(a, 3)),
        On("MatrixPower −2", Domain.PositiveDefinite(2), a => MatrixPower(a, -2)),
        On("singular values", s_matrix, a => Sum(Svd(a).S)),
        On("R of Qr", Domain.PositiveDefinite(2), a => Qr(a).R),
        On("Q of Qr", Domain.PositiveDefinite(3), a => Qr(a).Q),
        On("PolarFactor", Domain.PositiveDefinite(2), PolarFactor),
        On("PolarFactor of a rotation", Domain.Orthogonal(2), PolarFactor),
        On("Frobenius norm", s_square, a => Norm(a)),
        On("trace of a rotation", Domain.Orthogonal(3), q => Trace(q)),
        On("rotated form", Domain.Orthogonal(2), q => MatMul(MatMul(Transpose(q), Diag(Arange(q.Shape[0]) + 1)), q)),
        On("Det of a rotation", Domain.Orthogonal(3), Det),
        On("condition number", Domain.PositiveDefinite(2), a => Eigh(a).Values is var v ? MaxOf(v) / MinOf(v) : a),
        On("log det by Cholesky", Domain.PositiveDefinite(3), a => 2 * Sum(Log(Einsum("ii->i", Cholesky(a))))),
        On("batch of matrices", Domain.Box(new Shape(2, 2, 2), -1, 1), a => Inverse(a + (4 * Eye(a.Shape[1])))),
    ];

    private static RightFunction[] Textbooks =>
    [
        OnPlane("Rosenbrock", 2, (x, y) => Pow(1 - x, 2) + (100 * Pow(y - (x * x), 2))),
        OnPlane("Himmelblau", 5, (x, y) => Pow((x * x) + y - 11, 2) + Pow(x + (y * y) - 7, 2)),
        OnPlane("Beale", 4.5, (x, y) => Pow(1.5 - x + (x * y), 2) + Pow(2.25 - x + (x * y * y), 2) + Pow(2.625 - x + (x * y * y * y), 2)),
        OnPlane("Goldstein and Price", 2, (x, y) => 1 + (Pow(x + y + 1, 2) * (19 - (14 * x) + (3 * x * x) - (14 * y) + (6 * x * y) + (3 * y * y)))),
        OnPlane("Booth", 10, (x, y) => Pow(x + (2 * y) - 7, 2) + Pow((2 * x) + y - 5, 2)),
        OnPlane("Easom", 10, (x, y) => -Cos(x) * Cos(y) * Exp(-Pow(x - Math.PI, 2) - Pow(y - Math.PI, 2))),
        OnPlane("six-hump camel", 3, (x, y) => ((4 - (2.1 * x * x) + (Pow(x, 4) / 3)) * x * x) + (x * y) + (4 * ((y * y) - 1) * y * y)),
        OnPlane("McCormick", 4, (x, y) => Sin(x + y) + Pow(x - y, 2) - (1.5 * x) + (2.5 * y) + 1),
        OnPlane("Branin", 10, (x, y) => Pow(y - (5.1 / (4 * Math.PI * Math.PI) * x * x) + (5 / Math.PI * x) - 6, 2) + (10 * (1 - (1 / (8 * Math.PI))) * Cos(x)) + 10),
        OfTwo("drop-wave", Domain.Box(Shape.Scalar, 0.1, 5), s_number, (x, y) => -(1 + Cos(12 * Norm(Stack([x, y])))) / ((0.5 * ((x * x) + (y * y))) + 2)),
        OnPlane("Bukin 6", 3, (x, y) => (100 * Sqrt(Abs(y - (0.01 * x * x)))) + (0.01 * Abs(x + 10))),
        OnPlane("Schaffer 2", 50, (x, y) => 0.5 + ((Pow(Sin((x * x) - (y * y)), 2) - 0.5) / Pow(1 + (0.001 * ((x * x) + (y * y))), 2))),
        OnPlane("eggholder", 50, (x, y) => (-(y + 47) * Sin(Sqrt(Abs((x / 2) + y + 47)))) - (x * Sin(Sqrt(Abs(x - y - 47))))),
        OnPlane("cross-in-tray", 10, (x, y) => -0.0001 * Pow(Abs(Sin(x) * Sin(y) * Exp(Abs(100 - (Hypot(x, y) / Math.PI)))) + 1, 0.1)),
        OnPlane("e^xy", 3, (x, y) => Exp(x * y)),
        OnPlane("x y/(x² + y²)", 3, (x, y) => x * y / ((x * x) + (y * y))),
        OnPlane("x² y/(x² + y²)", 3, (x, y) => x * x * y / ((x * x) + (y * y))),
        OnPlane("polar angle", 3, Atan2),
        On("Rastrigin", Domain.Box(new Shape(3), -5.12, 5.12), x => Sum((x * x) - (10 * Cos(2 * Math.PI * x)) + 10)),
        On("Ackley", Domain.Box(new Shape(2), -5, 5), x => (-20 * Exp(-0.2 * Norm(x) / Math.Sqrt(x.Shape[0]))) - Exp(Mean(Cos(2 * Math.PI * x)))),
        On("Griewank", Domain.Box(new Shape(3), -50, 50), x => 1 + (Sum(x * x) / 4000) - Prod(Cos(x / Sqrt(Arange(x.Shape[0]) + 1)))),
        On("Schwefel", Domain.Box(new Shape(2), -500, 500), x => -Sum(x * Sin(Sqrt(Abs(x))))),
        On("Styblinski and Tang", Domain.Box(new Shape(3), -5, 5), x => Sum(Pow(x, 4) - (16 * x * x) + (5 * x)) / 2),
        On("Powell's sum", Domain.Box(new Shape(3), -1, 1), x => Sum(Pow(Abs(x), Arange(x.Shape[0]) + 3))),
        On("Levy", Domain.Box(Shape.Scalar, -10, 10), x => 1 + ((x - 1) / 4) is var w ? Pow(Sin(Math.PI * w), 2) + (Pow(w - 1, 2) * (1 + Pow(Sin(2 * Math.PI * w), 2))) : x),
        On("Gaussian density", s_line, x => Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI)),
        On("logistic density", s_line, x => Sigmoid(x) * (1 - Sigmoid(x))),
        On("swish", s_line, x => x * Sigmoid(x)),
        On("gelu", s_line, x => x * NormalCdf(x)),
        On("mish", s_line, x => x * Tanh(Softplus(x))),
        On("elu", s_line, x => Where(x > 0, x, ExpM1(x))),
        On("leaky Relu", s_line, x => Max(x, 0.01 * x)),
        On("softsign", s_line, x => x / (1 + Abs(x))),
        On("log cosh", s_number, x => Log(Cosh(x))),
        On("sin(1/x)", Domain.Box(Shape.Scalar, 0.01, 10), x => Sin(1 / x)),
        On("x² sin(1/x)", Domain.Box(Shape.Scalar, 0.01, 1), x => x * x * Sin(1 / x)),
        On("exp(−1/x²)", Domain.Box(Shape.Scalar, 0.01, 3), x => Exp(-1 / (x * x))),
        On("(1 − cos x)/x²", Domain.Box(Shape.Scalar, 0.01, 3), x => (1 - Cos(x)) / (x * x)),
        On("Planck", Domain.Box(Shape.Scalar, 0.01, 100), x => Pow(x, 3) / ExpM1(x)),
        On("Lennard-Jones", Domain.Box(Shape.Scalar, 0.5, 5), r => 4 * (Pow(r, -12) - Pow(r, -6))),
        On("Morse", Domain.Box(Shape.Scalar, 0.1, 10), r => Pow(1 - Exp(-(r - 1)), 2)),
        On("van der Waals", Domain.Box(new Shape(2), 1, 5), x => (8 * x[0] / ((3 * x[^1]) - 1)) - (3 / (x[^1] * x[^1]))),
        OfTwo("call price", Domain.Box(Shape.Scalar, 50, 200), Domain.Box(Shape.Scalar, 0.05, 1), Call),
        On("logistic likelihood", s_vector, w => Sum(Softplus(-w * (s_weights[..w.Shape[0]] * 3)))),
        On("Poisson likelihood", s_vector, w => Sum(Exp(w) - (2 * w))),
        On("Cauchy likelihood", s_number, m => Sum(LogP1(Pow(s_data - m, 2)))),
        On("Student likelihood", Domain.Box(Shape.Scalar, 0.1, 100), n => LogGamma((n + 1) / 2) - LogGamma(n / 2) - (Log(n) / 2) - ((n + 1) / 2 * LogP1(1 / n))),
        On("Gamma density", s_half, a => ((a - 1) * Math.Log(2)) - 2 - LogGamma(a)),
        On("Kepler's left side", s_number, e => e - (0.8 * Sin(e))),
        On("Michaelis and Menten", s_half, s => s / (0.7 + s)),
        On("Hill", s_half, s => Pow(s, 4) / (1 + Pow(s, 4))),
        On("Gompertz", s_number, t => Exp(-2 * Exp(-t))),
        On("Lorentz factor", Domain.Box(Shape.Scalar, -0.999, 0.999), v => 1 / Sqrt(1 - (v * v))),
        On("great circle", Domain.Box(new Shape(2), 0.1, 1.5), x => 2 * Asin(Sqrt(Pow(Sin(x[0] / 2), 2) + (Cos(x[0]) * Pow(Sin(x[^1] / 2), 2))))),
    ];

    private static RightFunction[] Programs =>
    [
        On("Newton's square root", s_positive, x => Iterate(6, s => (s + (x / s)) / 2, x)),
        On("logistic map", Domain.Box(Shape.Scalar, 0, 1), x => Iterate(5, s => 3.7 * s * (1 - s), x)),
        On("Horner", s_number, x => Fold((s, c) => (s * x) + c, (Expr)0, s_data)),
        On("recurrent network", s_vector, x => Fold((s, v) => Tanh((0.5 * s) + v), (Expr)0, x)),
        On("moving average", s_vector, x => Scan((s, v) => (0.5 * s) + v is var next ? (next, next) : default, (Expr)0, x).Outputs),
        On("Runge and Kutta", s_number, x => Iterate(4, s => Step(v => -Sin(v), s, 0.1), x)),
        On("While", Domain.Box(Shape.Scalar, 0.1, 3), x => While(s => s < 10, s => s * 2, x)),
        On("Cond", s_number, x => Cond(x > 0, () => Sin(x), () => x)),
        On("Cond with a kink", s_number, x => Cond(x > 0, () => x, () => x * x)),
        On("Cond with a jump", s_number, x => Cond(x > 1, () => x + 1, () => x)),
        On("C# branch", s_number, x => x > 0 ? Exp(x) : 1 + x),
        On("nested loops", s_number, x => Iterate(2, s => Iterate(2, Sin, s) + x, x)),
        On("checkpointed", s_vector, Checkpoint(x => Sin(Exp(x)))),
        On("checkpointed loop", s_number, x => Iterate(6, s => Sin(s) + x, x, checkpointEvery: 2)),
        On("compiled", s_vector, Compile(x => Sin(x) * x)),
        On("batched", s_vector, Vmap(x => Sin(x) * x)),
        On("batched with a branch", s_vector, Vmap(x => Cond(x > 0, () => x * x, () => Sin(x)))),
        On("Root", Domain.Box(Shape.Scalar, 0.5, 3), x => Root(y => (y * y * y) + y - x, 1.0)),
        On("FixedPoint", Domain.Box(Shape.Scalar, 0.5, 3), x => FixedPoint(y => Cos(y) * x / 4, 0.5)),
        On("gradient inside", s_number, x => Grad(y => Sin(x * y))(x)),
        On("Hessian inside", s_vector, x => Sum(Hessian(v => Sum(Pow(v, 3)))(x))),
        On("custom pullback", s_vector, CustomVjp(x => (x * x, y => 2 * x * y), "square")),
        On("custom pullback of softplus", s_anyVector, CustomVjp(x => (Softplus(x), y => y * Sigmoid(x)), "softplus")),
        On("custom tangent", s_vector, CustomJvp((x, dx) => (Sin(x), dx * Cos(x)), "sine")),
        On("custom primitive", s_vector, Primitive.Define("tan", Math.Atan, (x, _) => 1 / (1 + (x * x)))),
        On("custom primitive by its value", s_vector, Primitive.Define("exponential", Math.Exp, (_, y) => y)),
        On("custom solve", s_vector, CustomVjp(b => (Solve(s_map[..b.Shape[0], ..b.Shape[0]] + Eye(b.Shape[0]), b), y => Solve(Transpose(s_map[..b.Shape[0], ..b.Shape[0]] + Eye(b.Shape[0])), y)), "solve")),
    ];

    private static RightFunction[] Trees =>
    [
        On("affine layer", Domain.Tree(new Layer(Zeros(2, 3), Zeros(2)), (_, shape) => Domain.Box(shape, -1, 1)), p => p.Weight.Shape[1] == 3 ? Sum(Tanh(MatMul(p.Weight, s_weights) + p.Bias)) : Sum(p.Bias)),
        On("Relu network", Domain.Tree((A: new Layer(Zeros(2, 3), Zeros(2)), B: new Layer(Zeros(1, 2), Zeros(1))), (_, shape) => Domain.Box(shape, -1, 1)), p => Sum(MatMul(p.B.Weight, Relu(MatMul(p.A.Weight, s_weights) + p.A.Bias)) + p.B.Bias)),
        On("mixture", Domain.Triple(Domain.Simplex(2), Domain.Box(new Shape(2), -2, 2), Domain.Box(new Shape(2), 0.3, 2)), p => p.Item1.Shape == p.Item2.Shape && p.Item2.Shape == p.Item3.Shape
            ? -Sum(LogSumExp(Log(p.Item1) - Log(p.Item3) - (Pow((Reshape(s_data, -1, 1) - p.Item2) / p.Item3, 2) / 2), 1)) : Sum(p.Item1)),
        On("regression with a penalty", Domain.Pair(s_vector, Domain.Positive(Shape.Scalar)), p => Sum(Pow(p.Item1 - 1, 2)) + (p.Item2 * Sum(Abs(p.Item1)))),
        On("power by data", Domain.Pair(Domain.Integers(0, 5), s_vector), p => Sum(Pow(p.Item2, p.Item1))),
        On("Mahalanobis distance", Domain.Pair(Domain.PositiveDefinite(2), Domain.Box(new Shape(2), -2, 2)), p => p.Item1.Shape[0] == p.Item2.Shape[0] ? Dot(p.Item2, Solve(p.Item1, p.Item2)) : Sum(p.Item2)),
        On("four numbers", Domain.Quadruple(s_number, s_number, s_number, s_half), p => (p.Item1 * p.Item2) + (p.Item3 / p.Item4)),
        On("given points", Domain.OneOf<Expr>(Zeros(2), Ones(2), new double[] { 1, -1 }), x => Sum(Exp(x) * x)),
    ];

    private static RightFunction[] Cancelling =>
    [
        On("x − x", s_anyVector, x => x - x),
        On("sin² + cos²", s_vector, x => Pow(Sin(x), 2) + Pow(Cos(x), 2)),
        On("cosh² − sinh²", s_vector, x => Pow(Cosh(x), 2) - Pow(Sinh(x), 2)),
        On("exp x · exp −x", s_vector, x => Exp(x) * Exp(-x)),
        On("log exp x − x", s_vector, x => Log(Exp(x)) - x),
        On("erf + erfc", s_vector, x => Erf(x) + Erfc(x)),
        On("10⁸ + x − 10⁸", s_vector, x => 1e8 + x - 1e8),
        On("x − x/3 − x/3 − x/3", s_vector, x => x - (x / 3) - (x / 3) - (x / 3)),
        On("‖x/‖x‖‖", s_vector, x => Norm(x / Norm(x))),
        On("Σ softmax", s_vector, x => Sum(Exp(x - LogSumExp(x)))),
        On("A A⁻¹", s_vector, x => Positive(x) is var a ? MatMul(a, Inverse(a)) : x),
        On("det A · det A⁻¹", s_vector, x => Positive(x) is var a ? Det(a) * Det(Inverse(a)) : x),
        On("L Lᵀ − A", Domain.PositiveDefinite(2), a => Cholesky(a) is var l ? MatMul(l, Transpose(l)) - a : a),
        On("trace − eigenvalues", s_vector, x => Outer(x, x) + Diag(x + (8 * Arange(x.Shape[0]))) is var a ? Trace(a) - Sum(Eigh(a).Values) : x),
        On("saturated tanh, less its mean", s_vector, x => Tanh(Exp(x)) is var y ? y - Mean(y) : x),
        On("GammaP + GammaQ", s_positive, x => GammaP(2.5, x) + GammaQ(2.5, x)),
        On("Γ(x + 1) − xΓ(x)", s_positive, x => Gamma(x + 1) - (x * Gamma(x))),
    ];

    private static RightFunction OfTwo(string name, Domain<Expr> first, Domain<Expr> second, Func<Expr, Expr, Expr> f) => On(name, Domain.Pair(first, second), p => f(p.Item1, p.Item2));

    private static RightFunction OnPlane(string name, double size, Func<Expr, Expr, Expr> f) =>
        OfTwo(name, Domain.Box(Shape.Scalar, -size, size), Domain.Box(Shape.Scalar, -size, size), f);

    private static Expr Call(Expr s, Expr σ)
    {
        var d = (Log(s / 105) + ((0.03 + (σ * σ / 2)) * 0.75)) / (σ * Math.Sqrt(0.75));
        return (s * NormalCdf(d)) - (105 * Math.Exp(-0.0225) * NormalCdf(d - (σ * Math.Sqrt(0.75))));
    }

    /// <summary>A positive definite matrix whose eigenvalues are apart.</summary>
    private static Expr Positive(Expr x) => (Outer(x, x) / 9) + Diag(1 + (4 * Arange(x.Shape[0])));

    private static Expr Step(Func<Expr, Expr> slope, Expr s, double h)
    {
        var k1 = slope(s);
        var k2 = slope(s + (h / 2 * k1));
        var k3 = slope(s + (h / 2 * k2));
        return s + (h / 6 * (k1 + (2 * k2) + (2 * k3) + slope(s + (h * k3))));
    }

    private sealed record Layer(Expr Weight, Expr Bias);
}
