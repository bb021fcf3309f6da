// The table of planted faults: mistakes that people make in derivatives, each in an operation inside a larger function.

using Autodiff.Functional.Primitives;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;
using static Autodiff.PropertyTests.Verification.PlantedFault;

namespace Autodiff.PropertyTests.Verification;

internal static class PlantedFaults
{
    private static readonly Domain<Expr> s_numbers = Domain.Box(Shape.Scalar, -3, 3);
    private static readonly Domain<Expr> s_vectors = Domain.Box(new Shape(3), -3, 3);
    private static readonly Domain<Expr> s_matrices = Domain.Box(new Shape(3, 3), -3, 3);
    private static readonly Domain<Expr> s_long = Domain.Box(new Shape(37), -3, 3);
    private static readonly Domain<Expr> s_wide = Domain.Box(new Shape(2), -1e3, 1e3);
    private static readonly Domain<Expr> s_positive = Domain.Box(new Shape(3), 0.1, 3);
    private static readonly Domain<(Expr, Expr)> s_pairs = Domain.Pair(s_numbers, s_numbers);
    private static readonly Domain<(Expr, Expr)> s_vectorPairs = Domain.Pair(s_vectors, s_vectors);
    private static readonly Domain<(Expr, Expr)> s_matrixPairs = Domain.Pair(Domain.Box(new Shape(2, 2), -3, 3), Domain.Box(new Shape(2, 2), -3, 3));

    private static readonly Expr s_map = new double[,] { { 1, 2, 0 }, { 0, 1, 3 }, { 1, 0, 1 } };
    private static readonly Expr s_rotation = new double[,] { { 0.6, -0.8 }, { 0.8, 0.6 } };
    private static readonly int[] s_cycle = [2, 0, 1];

    public static IReadOnlyList<PlantedFault> All { get; } =
    [
        .. SignsAndFactors, .. RulesOfCalculus, .. Jacobians, .. Broadcasts, .. Masks, .. Places, .. Points, .. SecondOrders, .. Seeds, .. Loops, .. Matrices, .. Trees,
        .. OneModeOnly,
    ];

    private static PlantedFault[] SignsAndFactors =>
    [
        Pullback("sign", "sin′ = −cos", "sine", s_vectors, Sin, (x, y) => -y * Cos(x)),
        Tangent("sign", "cos′ = sin", "cosine", s_vectors, Cos, (x, dx) => dx * Sin(x)),
        Elementwise("sign", "(e⁻ˣ)′ without the minus", "decay", s_vectors, x => Math.Exp(-x), (_, y) => y),
        Elementwise("sign", "log(4 − x)′ without the inner minus", "logarithm", s_vectors, x => Math.Log(4 - x), (x, _) => 1 / (4 - x)),
        Elementwise("sign", "arccos′ has the sign of arcsin′", "arc cosine", Domain.Box(new Shape(2), -0.9, 0.9), Math.Acos, (x, _) => 1 / Sqrt(1 - (x * x))),
        Pullback("factor", "(x²)′ = x", "square", s_vectors, x => x * x, (x, y) => y * x),
        Elementwise("factor", "tanh′ too large by 1.0001", "tanh", s_vectors, Math.Tanh, (_, y) => 1.0001 * (1 - (y * y))),
        Elementwise("factor", "exp′ too large by 1 + 10⁻⁸", "exponential", s_vectors, Math.Exp, (_, y) => (1 + 1e-8) * y),
        Elementwise("factor", "log₁₀′ without ln 10", "log10", s_positive, Math.Log10, (x, _) => 1 / x),
        Elementwise("factor", "sine of degrees without π/180", "sine of degrees", s_vectors, x => Math.Sin(x * Math.PI / 180), (x, _) => Cos(x * (Math.PI / 180))),
        Elementwise("factor", "erf′ with √π the wrong way up", "erf", s_vectors, x => Erf(x).Value, (x, _) => 2 * Math.Sqrt(Math.PI) * Exp(-x * x)),
        Pullback("wrong reduction", "the pullback of a mean that does not divide", "mean", s_vectors, x => Mean(x), (x, y) => BroadcastTo(y, x.Shape)),
        Pullback("wrong reduction", "the pullback of a sum that divides", "total", s_vectors, x => Sum(x), (x, y) => BroadcastTo(y / x.Shape.Size, x.Shape)),
        Pullback("wrong reduction", "variance by n, derivative by n − 1", "variance", s_vectors, x => Mean((x - Mean(x)) * (x - Mean(x))), (x, y) => y * 2 * (x - Mean(x)) / (x.Shape.Size - 1)),
    ];

    private static PlantedFault[] RulesOfCalculus =>
    [
        Elementwise("chain rule", "exp(x²)′ without 2x", "exp of a square", Domain.Box(new Shape(2), -2, 2), x => Math.Exp(x * x), (_, y) => y),
        Pullback("chain rule", "sin(3x)′ without 3", "triple sine", s_vectors, x => Sin(3 * x), (x, y) => y * Cos(3 * x)),
        Tangent("chain rule", "√(1 + x²)′ without 2x", "hyperbola", s_vectors, x => Sqrt(1 + (x * x)), (x, dx) => dx / (2 * Sqrt(1 + (x * x)))),
        Elementwise("product rule", "(x eˣ)′ = eˣ", "x exp x", s_vectors, x => x * Math.Exp(x), (x, _) => Exp(x)),
        Tangent("product rule", "(x sin x)′ = x cos x", "x sin x", s_vectors, x => x * Sin(x), (x, dx) => dx * x * Cos(x)),
        In("product rule", "one of three factors has no derivative", "three factors", Domain.Triple(s_numbers, s_numbers, s_numbers), Factors()),
        Pullback("quotient rule", "(a/b)′ in b has no minus", "quotient", Domain.Pair(s_numbers, Domain.Box(Shape.Scalar, 0.5, 3)), (a, b) => a / b, (a, b, y) => (y / b, y * a / (b * b))),
        Elementwise("quotient rule", "(x/(1 + x²))′ without the denominator's derivative", "witch", s_vectors, x => x / (1 + (x * x)), (x, _) => 1 / (1 + (x * x))),
        Elementwise("quotient rule", "(1/x)′ = −1/x", "reciprocal", s_positive, x => 1 / x, (_, y) => -y),
        Elementwise("power rule", "(x⁴)′ = 4x⁴", "fourth power", s_vectors, x => x * x * x * x, (_, y) => 4 * y),
    ];

    private static PlantedFault[] Jacobians =>
    [
        Pullback("transposed Jacobian", "the pullback of Ax is Ay", "linear map", s_vectors, x => MatMul(s_map, x), (_, y) => MatMul(s_map, y)),
        Tangent("transposed Jacobian", "the tangent of Ax is Aᵀ dx", "linear map", s_vectors, x => MatMul(s_map, x), (_, dx) => MatMul(Transpose(s_map), dx)),
        Pullback("transposed Jacobian", "the pullback of a rotation rotates forward", "rotation", Domain.Box(new Shape(2), -3, 3), x => MatMul(s_rotation, x), (_, y) => MatMul(s_rotation, y)),
        Pullback("permutation not inverted", "a cycle is pulled back by itself", "cycle", s_vectors, x => Take(x, s_cycle), (_, y) => Take(y, s_cycle)),
        Pullback("permutation not inverted", "axes are pulled back in the same order", "axes", Domain.Box(new Shape(2, 2, 2), -3, 3), x => Permute(x, 1, 2, 0), (_, y) => Permute(y, 1, 2, 0)),
        Pullback("softmax Jacobian", "softmax′ is the diagonal alone", "softmax", s_vectors, Softmax, (x, y) => Softmax(x) is var p ? y * p * (1 - p) : x),
        Pullback("softmax Jacobian", "softmax′ without the diagonal", "softmax", s_vectors, Softmax, (x, y) => Softmax(x) is var p ? -p * Sum(y * p) : x),
        Pullback("softmax Jacobian", "log-softmax′ without the normalisation", "log-softmax", s_vectors, x => x - LogSumExp(x), (_, y) => y),
        Pullback("Jacobian", "x/‖x‖ without the projection", "direction", s_positive, x => x / Norm(x), (x, y) => y / Norm(x)),
        Pullback("Jacobian", "x − mean without the mean's derivative", "centred", s_vectors, x => x - Mean(x), (_, y) => y),
    ];

    private static PlantedFault[] Broadcasts =>
    [
        Pullback("lost broadcast sum", "a scalar that is added to a vector gets the first cotangent", "shift", Domain.Pair(s_vectors, s_numbers), (a, b) => a + b, (_, _, y) => (y, y[0])),
        Pullback("lost broadcast sum", "a scalar that is repeated gets the mean", "repeat", s_numbers, x => BroadcastTo(x, new Shape(4)), (_, y) => Mean(y)),
        Pullback("lost broadcast sum", "a row that is added to a matrix gets the first row", "bias", Domain.Pair(s_matrices, s_vectors), (a, b) => a + b, (_, _, y) => (y, y[0])),
        Pullback("wrong axis", "a row that is added to a matrix gets the sums of the rows", "bias", Domain.Pair(s_matrices, s_vectors), (a, b) => a + b, (_, _, y) => (y, Sum(y, 1))),
        Pullback("wrong axis", "means of columns are pulled back to rows", "means", s_matrices, x => Mean(x, 0), (x, y) => BroadcastTo(Reshape(y, -1, 1), x.Shape) / x.Shape[0]),
        Pullback("wrong axis", "softmax of rows with sums over columns", "softmax", s_matrices, x => Exp(x - LogSumExp(x, 1, keepDims: true)), (x, y) => Exp(x - LogSumExp(x, 1, keepDims: true)) is var p ? p * (y - Sum(y * p, 0, keepDims: true)) : x),
        Pullback("wrong axis", "a flip is pulled back along the other axis", "flip rows", s_matrices, x => Flip(x, 0), (_, y) => Flip(y, 1)),
    ];

    private static PlantedFault[] Masks =>
    [
        Pullback("branch mask", "|x|′ changes sign at 1", "magnitude", s_vectors, Abs, (x, y) => y * Where(x > 1, 1, -1)),
        Pullback("branch mask", "a leaky Relu with its branches swapped", "leaky", s_vectors, x => Where(x > 0, x, 0.1 * x), (x, y) => Where(x > 0, 0.1 * y, y)),
        Pullback("branch mask", "Huber's function bends at 1, its derivative at 2", "huber", s_vectors, x => Where(Abs(x) < 1, x * x / 2, Abs(x) - 0.5), (x, y) => y * Where(Abs(x) < 2, x, Sign(x))),
        Pullback("branch mask", "a maximum gives both operands the cotangent", "maximum", s_pairs, Max, (_, _, y) => (y, y)),
        Pullback("branch mask", "a selection that forgets its mask", "selection", s_vectors, x => Where(x > 1, x * x, 0), (x, y) => 2 * x * y),
        Pullback("clipped values", "clipped values have slope 1", "clip", s_vectors, x => Clamp(x, -1, 1), (_, y) => y),
        Pullback("clipped values", "values in range have slope 0", "clip", s_vectors, x => Clamp(x, -1, 1), (x, y) => Where(Abs(x) > 1, y, 0)),
        In("branch mask", "the wrong rule in one branch of Cond", "inner branch", s_numbers, Branch()),
    ];

    private static PlantedFault[] Places =>
    [
        Pullback("last element", "the last of 37 elements has no derivative", "padded", s_long, Sin, (x, y) => y * Cos(x) * (Arange(x.Shape[0]) < x.Shape[0] - 1)),
        Pullback("last element", "the last of 37 elements is doubled", "padded", s_long, x => x * x, (x, y) => y * 2 * x * (1 + Eq(Arange(x.Shape[0]), x.Shape[0] - 1))),
        Pullback("lane", "elements from 32 on, after whole registers, are wrong", "remainder", s_long, Exp, (x, y) => y * Exp(x) * Where(Arange(x.Shape[0]) > 31, 1.5, 1)),
        Pullback("lane", "lane 7 of 8 is wrong", "lanes", s_long, Sin, (x, y) => y * Cos(x) * Constant([.. Enumerable.Range(0, x.Shape[0]).Select(i => i % 8 == 7 ? -1.0 : 1)], x.Shape)),
        Pullback("shifted index", "a gather pulled back one place off", "gather", s_vectors, x => Take(x, [0, 2]), (_, y) => Stack([0, y[0], y[1]])),
        Pullback("shifted index", "a roll is pulled back by a roll the same way", "roll", s_vectors, x => Concat([x[1..], x[..1]]), (_, y) => Concat([y[1..], y[..1]])),
        Pullback("shifted index", "differences are pulled back without the shift", "differences", s_vectors, x => x[1..] - x[..^1], (_, y) => Concat([y, Zeros(1)]) - Concat([y, Zeros(1)])),
        Pullback("shifted index", "repeated positions of a gather are not added", "repeats", s_vectors, x => Take(x, [0, 0, 1]), (_, y) => Stack([y[1], y[2], 0])),
        Pullback("cumulative sum", "a running sum is pulled back without reversing", "running sum", s_vectors, x => CumSum(x), (_, y) => CumSum(y)),
        Pullback("cumulative sum", "a running sum is pulled back without the element itself", "running sum", s_vectors, x => CumSum(x), (_, y) => Flip(CumSum(Flip(y))) - y),
    ];

    private static PlantedFault[] Points =>
    [
        Elementwise("at 0", "(sin x / x)′ = 1 at 0", "cardinal sine", s_vectors, x => x == 0 ? 1 : Math.Sin(x) / x, (x, _) => Where(Eq(x, 0), 1, (Cos(x) - Sinc(x)) / Where(Eq(x, 0), 1, x))),
        Pullback("at 0", "(x|x|)′ = 1 at 0", "signed square", s_vectors, x => x * Abs(x), (x, y) => y * Where(Eq(x, 0), 1, 2 * Abs(x))),
        Pullback("NaN at 0", "(Σx²)′ by ‖x‖·x/‖x‖", "energy", s_vectors, x => Sum(x * x), (x, y) => Sqrt(Sum(x * x)) is var norm ? y * 2 * norm * (x / norm) : x),
        Elementwise("NaN at 0", "(x² log x²)′ with 0·∞", "entropy", s_vectors, x => x == 0 ? 0 : x * x * Math.Log(x * x), (x, _) => 2 * x * (Log(x * x) + 1)),
        Elementwise("NaN at 0", "(x³)′ = 3y/x", "cube", s_vectors, x => x * x * x, (x, y) => 3 * y / x),
        Pullback("ties", "log(eᵃ + eᵇ) gives equal operands the whole", "soft maximum", s_pairs, (a, b) => Log(Exp(a) + Exp(b)), (a, b, y) => (y * Where(Eq(a, b), 1, Sigmoid(a - b)), y * Where(Eq(a, b), 1, Sigmoid(b - a)))),
        Pullback("ties", "a maximum counts ties twice", "maximum", s_pairs, Max, (a, b, y) => (y * ((a > b) + (2 * Eq(a, b))), y * (b > a))),
        Pullback("ties", "(a − b)² at a = b", "squared distance", s_pairs, (a, b) => (a - b) * (a - b), (a, b, y) => Where(Eq(a, b), y, 2 * y * (a - b)) is var d ? (d, -d) : (a, b)),
        Elementwise("large arguments", "softplus′ by eˣ/(1 + eˣ), which overflows", "softplus", s_wide, x => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x))), (x, _) => Exp(x) / (1 + Exp(x))),
        Elementwise("large arguments", "(x/(1 + |x|))′ = 0 beyond 100", "softsign", s_wide, x => x / (1 + Math.Abs(x)), (x, _) => Where(Abs(x) > 100, 0, Pow(1 + Abs(x), -2))),
        Elementwise("large arguments", "(log cosh x)′ = 0 beyond 20", "log cosh", s_wide, x => Math.Abs(x) + Math.Log((1 + Math.Exp(-2 * Math.Abs(x))) / 2), (x, _) => Where(Abs(x) > 20, 0, Tanh(x))),
        Elementwise("negative arguments", "cbrt′ has the sign of x", "cube root", Domain.Box(new Shape(2), -3, -0.1), Math.Cbrt, (x, y) => y / (3 * Abs(x))),
        Elementwise("negative arguments", "(x³)′ = 3x|x|", "cube", s_vectors, x => x * x * x, (x, _) => 3 * x * Abs(x)),
        Elementwise("negative arguments", "arctan′ = 0 for negative x", "arctan", s_vectors, Math.Atan, (x, _) => Where(x < 0, 0, 1 / (1 + (x * x)))),
        Pullback("domain", "√(1 − ‖x‖²)′ without the minus", "hemisphere", Domain.Ball(new Shape(2), 0.9), x => Sqrt(1 - Sum(x * x)), (x, y) => y * x / Sqrt(1 - Sum(x * x))),
        Pullback("domain", "Σp² of probabilities without 2", "collision", Domain.Simplex(3), x => Sum(x * x), (x, y) => y * x),
    ];

    private static PlantedFault[] SecondOrders =>
    [
        Elementwise("second order", "exp′ does not depend on x", "exponential", s_vectors, Math.Exp, (_, y) => StopGradient(y)),
        Elementwise("second order", "tanh″ misses half", "tanh", s_vectors, Math.Tanh, (_, y) => 1 - (StopGradient(y) * y)),
        Pullback("second order", "(x³)″ = 3x", "cube", s_vectors, x => x * x * x, (x, y) => 3 * y * x * StopGradient(x)),
        Tangent("second order", "the tangent of a product stops one factor", "x sin x", s_vectors, x => x * Sin(x), (x, dx) => dx * (Sin(x) + (StopGradient(x) * Cos(x)))),
        Elementwise("second order", "sin″ = sin", "sine", s_vectors, Math.Sin, (x, _) => Primitive.Define("its derivative", Math.Cos, (v, _) => Sin(v))(x)),
        Pullback("second order", "the cotangent is stopped, not the argument", "stopped flow", s_vectors, x => x * x, (x, y) => 2 * x * StopGradient(y)),
    ];

    private static PlantedFault[] Seeds =>
    [
        Pullback("seed", "the pullback ignores the cotangent", "unseeded", s_vectors, Sin, (x, y) => Cos(x) + (0 * y)),
        Pullback("seed", "the pullback takes the cotangent's magnitude", "unsigned", s_vectors, x => -x, (_, y) => -Abs(y)),
        Tangent("seed", "the tangent ignores that of the argument", "unseeded", s_vectors, Sin, (x, dx) => Cos(x) + (0 * dx)),
        Pullback("seed", "the pullback uses its own result as the cotangent", "self-seeded", s_positive, x => x * x, (x, y) => 2 * x * y * x),
        Stale(),
        FirstPoint(),
        In("StopGradient left in", "x · stop(x)", "StopGradient", s_vectors, x => Sum(Sin(x * StopGradient(x)))),
        In("StopGradient left in", "x / stop(‖x‖)", "StopGradient", s_positive, x => Sum(Exp(x / StopGradient(Norm(x))))),
        In("StopGradient left in", "the state of a loop is stopped", "StopGradient", s_numbers, x => Iterate(3, s => Sin(StopGradient(s)) + x, x)),
    ];

    private static PlantedFault[] Loops =>
    [
        Pullback("off by one in a scan", "a moving average is pulled back a step late", "average", s_vectors, x => MatMul(Decays(x.Shape[0], 0), x), (x, y) => MatMul(Transpose(Decays(x.Shape[0], 1)), y)),
        Pullback("off by one in a scan", "a moving average is pulled back forward in time", "average", s_vectors, x => MatMul(Decays(x.Shape[0], 0), x), (x, y) => MatMul(Decays(x.Shape[0], 0), y)),
        In("off by one in a scan", "the step of a fold forgets its factor", "step", s_vectors, Folded()),
        In("off by one in a scan", "the step of a loop in a loop", "inner step", s_numbers, Nested()),
        In("off by one in a scan", "inside a checkpoint", "kept", s_vectors, Checkpointed()),
        Pullback("off by one in a scan", "a power by n steps is pulled back through n − 1", "steps", s_positive, x => Iterate(4, s => s * x, Ones(x.Shape)), (x, y) => 3 * y * Iterate(3, s => s * x, Ones(x.Shape))),
    ];

    private static PlantedFault[] Matrices =>
    [
        Pullback("operand order", "the pullback of AB in B is YAᵀ", "product", s_matrixPairs, MatMul, (a, b, y) => (MatMul(y, Transpose(b)), MatMul(y, Transpose(a)))),
        Pullback("operand order", "the pullback of AB in A is YB", "product", s_matrixPairs, MatMul, (a, b, y) => (MatMul(y, b), MatMul(Transpose(a), y))),
        Pullback("operand order", "the pullback of an outer product swaps its operands", "outer", s_vectorPairs, Outer, (a, b, y) => (MatMul(Transpose(y), b), MatMul(y, a))),
        Pullback("missing transpose", "the pullback of Solve does not transpose", "solve", s_vectors, b => Solve(s_map, b), (_, y) => Solve(s_map, y)),
        Pullback("missing transpose", "the pullback of an inverse does not transpose", "inverse", Regular, Inverse, (a, y) => Inverse(a) is var b ? -MatMul(b, MatMul(y, b)) : a),
        Pullback("missing transpose", "det′ without the transpose of the inverse", "determinant", Regular, Det, (a, y) => y * Det(a) * Inverse(a)),
        Pullback("missing transpose", "xᵀAx with 2Ax for a matrix that is not symmetric", "form", s_vectors, x => Dot(x, MatMul(s_map, x)), (x, y) => 2 * y * MatMul(s_map, x)),
        Pullback("sign", "the pullback of an inverse has no minus", "inverse", Domain.PositiveDefinite(2), Inverse, (a, y) => Inverse(a) is var b ? MatMul(Transpose(b), MatMul(y, Transpose(b))) : a),
        Pullback("factor", "(log det A)′ = 2A⁻¹", "log-determinant", Domain.PositiveDefinite(2), LogDet, (a, y) => 2 * y * Inverse(a)),
        Tangent("half of the diagonal", "the Cholesky factor's tangent takes the whole diagonal", "Cholesky factor", Domain.PositiveDefinite(2), Cholesky, (a, da) => Cholesky(a) is var l ? MatMul(l, Lower(SolveTriangular(l, Transpose(SolveTriangular(l, da))))) : a),
        Pullback("missing transpose", "eigenvalues are pulled back with rows for columns", "eigenvalues", Domain.Box(new Shape(2, 2), -3, 3), a => Eigh(Symmetric(a)).Values, (a, y) => Eigh(Symmetric(a)).Vectors is var v ? MatMul(Transpose(v) * y, v) : a),
        Pullback("domain", "trace(QA) of a rotation Q, with A for Aᵀ", "trace", Domain.Orthogonal(3), q => Trace(MatMul(q, s_map)), (_, y) => y * s_map),
    ];

    private static PlantedFault[] Trees =>
    [
        Pullback("arguments swapped", "the cotangents of a product's operands are swapped", "product", s_pairs, (a, b) => a * b, (a, b, y) => (y * a, y * b)),
        In("arguments swapped", "the bias of a layer has no derivative", "layer", Domain.Tree(new Layer(Zeros(2, 3), Zeros(2)), (_, shape) => Domain.Box(shape, -1, 1)), Affine()),
        In("data", "(xⁿ)′ = nxⁿ", "power", Domain.Pair(Domain.Integers(2, 5), s_positive), p => Sum(CustomVjp(x => (Pow(x, p.Item1), y => y * p.Item1 * Pow(x, p.Item1)), "power")(p.Item2))),
    ];

    private static PlantedFault[] OneModeOnly =>
    [
        OneMode("forward alone", "the tangent of a flip is not flipped", "Flip", s_vectors, v => Flip(v), right => new(right) { Pushforward = (_, _, _, tangents) => tangents[0] }),
        OneMode("forward alone", "the tangent of a norm is doubled", "Norm", s_positive, v => Norm(v), right => new(right) { Pushforward = Doubled }),
        OneMode("forward alone", "the tangent of a product is a structural zero", "Prod", s_positive, v => Prod(v), right => new(right) { Pushforward = (_, _, _, _) => null }),
        OneMode("reverse alone", "the pullback of a flip is not flipped", "Flip", s_vectors, v => Flip(v), right => new(right) { Pullback = (_, cotangent) => cotangent }),
        OneMode("reverse alone", "the pullback of a running sum is a running sum", "CumSum", s_vectors, v => CumSum(v), right => new(right) { Pullback = (_, cotangent) => cotangent.Through(y => CumSum(y)) }),
        OneMode("reverse alone", "the pullback of a product is a structural zero", "Prod", s_positive, v => Prod(v), right => new(right) { Pullback = (_, _) => null }),
        OneMode("reverse alone", "the pullback of a maximum goes to the first element", "MaxOf", s_vectors, v => MaxOf(v), right => new(right) { Pullback = ToFirst }),
        OneMode("reverse alone", "the pullback of a sum gives the first element alone", "Sum", s_vectors, v => Sum(v), right => new(right) { Pullback = ToFirst }),
        OneMode("series alone", "the series of a flip is not flipped", "Flip", s_vectors, v => Flip(v), right => new(right) { Coefficient = (_, x) => Flip(x) }),
        OneMode("series alone", "the series of a running sum runs the other way", "CumSum", s_vectors, v => CumSum(v), right => new(right) { Coefficient = (_, x) => Flip(x) }),
        OneMode("series alone", "the series of a norm is doubled", "Norm", s_positive, v => Norm(v), right => new(right) { Coefficient = (_, x) => 2 * x }),
        OneMode("series alone", "the series of a norm stops at order 1", "Norm", s_positive, v => Norm(v), right => new(right) { Coefficient = (order, x) => order > 1 ? 0 * x : x }),
    ];

    private static Domain<Expr> Regular => Domain.OneOf<Expr>(new double[,] { { 2, 1 }, { 0, 3 } }, new double[,] { { 1, 2 }, { 3, 4 } }, new double[,] { { 4, -1.5 }, { 0.5, 2 } });

    private static Expr Softmax(Expr x) => Exp(x - LogSumExp(x));

    private static Expr Symmetric(Expr a) => (a + Transpose(a)) / 2;

    private static Expr Lower(Expr a) => a * Constant([.. Enumerable.Range(0, a.Shape.Size).Select(i => i % a.Shape[0] <= i / a.Shape[0] ? 1.0 : 0)], a.Shape);

    /// <summary>The matrix of sₜ = sₜ₋₁/2 + xₜ, whose inputs come some steps late.</summary>
    private static Expr Decays(int n, int late) => Constant(
        [.. Enumerable.Range(0, n * n).Select(k => (k / n) - (k % n) - late is >= 0 and var steps ? Math.Pow(0.5, steps) : 0)], new Shape(n, n));

    /// <summary>A primitive with a fault in one of its rules, between others.</summary>
    private static PlantedFault OneMode(string kind, string name, string blamed, Domain<Expr> domain, Func<Expr, Expr> operation, Func<TensorPrimitive, FaultyPrimitive> replaced)
    {
        var faulty = Faulty(operation, replaced);
        return In(kind, name, blamed, domain, x => Mean(Sin(faulty(Exp(x / 3)) * x)));
    }

    private static Sensitivity? Doubled(TensorPrimitive right, Point point, Expr node, Sensitivity?[] tangents) =>
        right.Push(point, node, tangents) is { } flow ? flow with { Value = 2 * flow.Value } : null;

    private static Sensitivity? ToFirst(Expr node, Sensitivity cotangent) =>
        new(Concat([Reshape(cotangent.Value, 1), Zeros(node.Operand(0).Shape.Size - 1)]), null);

    private static Func<(Expr, Expr, Expr), Expr> Factors()
    {
        var faulty = CustomVjp<(Expr A, Expr B, Expr C)>(p => (p.A * p.B * p.C, y => (y * p.B * p.C, y * p.A * p.C, 0)), "three factors");
        return p => Sin(faulty(p));
    }

    private static Func<Expr, Expr> Branch()
    {
        var faulty = CustomVjp(x => (x * x, y => y * x), "inner branch");
        return x => Cond(x > 1, () => Sin(faulty(x)), () => Cos(x));
    }

    private static Func<Expr, Expr> Folded()
    {
        var faulty = CustomVjp(s => (0.5 * s, y => y), "step");
        return x => Fold((s, v) => faulty(s) + Sin(v), (Expr)0, x);
    }

    private static Func<Expr, Expr> Nested()
    {
        var faulty = CustomJvp((s, ds) => (Sin(s), ds * Sin(s)), "inner step");
        return x => Iterate(2, s => Iterate(2, faulty, s) + x, x);
    }

    private static Func<Expr, Expr> Checkpointed()
    {
        var faulty = CustomVjp(s => (Exp(s), y => y * (1 + Exp(s))), "kept");
        return Checkpoint(x => Sum(Sin(faulty(x / 2))));
    }

    private static Func<Layer, Expr> Affine()
    {
        Expr input = new double[] { 1, -2, 0.5 };
        var faulty = CustomVjp<Layer>(layer => (MatMul(layer.Weight, input) + layer.Bias, y => new Layer(Outer(y, input), 0 * y)), "layer");
        return layer => Sum(Tanh(faulty(layer)));
    }

    /// <summary>A weight that has changed since the pullback was made.</summary>
    private static PlantedFault Stale()
    {
        var weight = 2.0;
        var stale = weight;
        weight = 3;
        return Pullback("stale variable", "the pullback keeps the weight of before", "weighted", s_vectors, x => weight * Sin(x), (x, y) => stale * y * Cos(x));
    }

    /// <summary>A point that is kept from the first call.</summary>
    private static PlantedFault FirstPoint()
    {
        double? kept = null;
        return Pullback("stale variable", "the pullback keeps the first point", "first", s_numbers, x => x * x, (x, y) => 2 * y * (kept ??= x.Value));
    }

    private sealed record Layer(Expr Weight, Expr Bias);
}
