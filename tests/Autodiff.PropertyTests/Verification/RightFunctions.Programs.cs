// Right functions of textbooks, loops and branches, functions of trees, and sums that cancel.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;
using static Autodiff.PropertyTests.Verification.RightFunction;

namespace Autodiff.PropertyTests.Verification;

internal static partial class RightFunctions
{
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
