// The rows of the table in docs/edges.md, by section. An expected number is worked out by hand from the formula, or is
// the closed form that stands beside it.

using static System.Double;
using static Autodiff.Functional.Expr;
using static Autodiff.PropertyTests.Edges.Edge;

namespace Autodiff.PropertyTests.Edges;

internal static class EdgeTable
{
    public static IReadOnlyList<(string Title, Edge[] Rows)> Sections { get; } =
    [
        ("The side not taken", Untaken),
        ("Kinks", Kinks),
        ("Ties", Ties),
        ("A number that happens to be zero", NumericZeros),
        ("Parts of tensors", Parts),
        ("Masks on their way through linear functions", MasksThroughLinear),
        ("Powers", Powers),
        ("Norms and angles", Norms),
        ("LogSumExp", LogSumExps),
        ("Tails", Tails),
        ("At infinity", Infinities),
        ("Infinite bounds", Bounds),
        ("Products", Products),
        ("Functions of matrices", MatrixFunctions),
        ("Poles and domains", Poles),
        ("Special functions", Special),
        ("Steps", Steps),
        ("NaN", NotNumbers),
    ];

    private static Edge[] Untaken =>
    [
        Of(x => Where(x > 0, Sqrt(x), 0), 0, 0, [0, 0, 0], "√ has slope ∞ at 0, on the side not taken"),
        Of(x => Where(x > 0, Log(x), 2 * x), 0, 0, [2, 0, 0], "log is −∞ at 0, on the side not taken"),
        Of(x => Where(x > 0, 1 / x, x * x), 0, 0, [0, 2, 0], "1/x is ∞ at 0, on the side not taken"),
        Of(x => Where(x > 0, Pow(x, 0.5), Pow(x, 3)), 0, 0, [0, 0, 6], "x^0.5 is singular from its first derivative on"),
        Of(x => Where(x > 0, Pow(x, -1.5), Exp(x)), 0, 1, [1, 1, 1], "x^−1.5 is ∞ at 0"),
        Of(x => Where(x > 0, Log(x), Exp(x)), -1, Math.Exp(-1), [Math.Exp(-1), Math.Exp(-1), Math.Exp(-1)], "log is NaN at −1"),
        Of(x => Where(x <= 0, 3, Sqrt(x) * Log(x) / x), 0, 3, [0, 0, 0], "the side taken is a constant; the other is NaN"),
        Of(x => Where(x > 0, Where(x > 1, Log(x - 1), Sqrt(x)), 0), 0, 0, [0, 0, 0], "nested: neither inner side is taken"),
        Of(x => Where(x >= 0, Where(x > 0, Sqrt(x), x), Log(x)), 0, 0, [1, 0, 0], "nested: the inner side taken is x"),
        Of(x => Where(x > 0, x * x, -x * x), 0, 0, [0, -2, 0], "a mask chooses one formula, here −x²; x·abs(x) has no second derivative at 0"),
        Of(x => Where(Eq(x, 0), 1, Sin(x) / x), 0, 1, [0, 0, 0], "the formula taken is the constant 1, though sin x/x continues with second derivative −1/3: give the other formula enough terms"),
        Of(x => Where(Eq(x, 0), 1 - (x * x / 6), Sin(x) / x), 0, 1, [0, -1.0 / 3, 0], "as before, with a second term"),
        Of(x => Exp(Where(x > 0, Sqrt(x), x)), 0, 1, [1, 1, 1], "the mask is carried through what is done after Where"),
        Of(x => Sqrt(Where(x > 0, x, 0)), 0, 0, [0, 0], "the whole argument of √ is a constant where x ≤ 0"),
        Of(x => Where(x, Sqrt(x), 5 * x), 0, 0, [5, 0, 0], "a mask need not be a comparison; no derivative passes through it"),
        Of(x => Where(x > 0, Sqrt(x), 0), Vector(4, 0, 9), [2, 0, 3], [[1.0 / 4, 0, 0, 0, 0, 0, 0, 0, 1.0 / 6]], "each element has its own side"),
        Of(x => Sum(Where(x > 0, Log(x) * x, 0)), Vector(1, 0, -1), [0], [[1, 0, 0], [1, 0, 0, 0, 0, 0, 0, 0, 0], [-1, .. new double[26]]], "x log x on its domain, 0 elsewhere"),
        Of(x => Where(Sum(x) > 5, Norm(x), Sum(Sqrt(x))), Vector(9, 0), [9], [[1, 0], [0, 0, 0, 1.0 / 9]], "a scalar mask of a vector"),
        Of(x => Sum(Where(Vector(1, 0), x[0] / x, x)), Vector(2, 0), [1], [[0, 1]], "the mask is a constant; 2/0 is not taken"),
    ];

    private static Edge[] Kinks =>
    [
        Of(Abs, 0, 0, [0, 0], "the middle of −1 and 1"),
        Of(Relu, 0, 0, [0, 0], "the side not taken is the moving one"),
        Of(x => Max(x, 0), 0, 0, [0.5, 0], "a tie is shared: the middle of 0 and 1"),
        Of(x => Min(x, 0), 0, 0, [0.5, 0], "as Max"),
        Of(x => Clamp(x, 0, 1), 0, 0, [1, 0], "within the bounds, both included"),
        Of(x => Clamp(x, 0, 1), 1, 1, [1, 0], "within the bounds, both included"),
        Of(x => Clamp(x[0], x[1], x[2]), Vector(0, 0, 1), [0], [[1, 0, 0]], "at a bound x has the whole derivative"),
        Of(x => Clamp(x[0], x[1], x[2]), Vector(-1, 0, 1), [0], [[0, 1, 0]], "below, the lower bound has it"),
        Of(x => Clamp(x[0], x[1], x[2]), Vector(2, 0, 1), [1], [[0, 0, 1]], "above, the upper bound has it"),
        Of(x => Clamp(x[0], x[1], x[2]), Vector(0, 2, 1), [1], [[0, 0, 1]], "the upper bound wins where the bounds are crossed"),
        Of(x => Relu(Sqrt(x)), 0, 0, [0, 0], "relu is 0 on its left; what is under it does not matter"),
        Of(x => Relu(Log(x)), 0, 0, [0, 0], "log 0 = −∞ is clipped"),
        Of(x => Max(Log(x), -3), 0, -3, [0, 0], "log 0 = −∞ loses against −3"),
        Of(x => Max(-Sqrt(x), -1) + Max(Sqrt(x), 1), 0, 1, [NegativeInfinity], "the first √ is taken, the second is not"),
        Of(x => Min(1 / x, 5), 0, 5, [0, 0], "1/0 = ∞ loses against 5"),
        Of(x => Clamp(Log(x), -2, 2), 0, -2, [0, 0], "−∞ is clipped"),
        Of(x => Clamp(1 / x, -2, 2), 0, 2, [0, 0], "∞ is clipped"),
        Of(x => Max(Sqrt(x), 0), 0, 0, [PositiveInfinity], "a tie: half of ∞"),
        Of(x => Abs(Sqrt(x)), 0, 0, [0], "convention: at its kink abs hands on nothing, not 0·∞"),
        Of(x => Sqrt(Abs(x)), 0, 0, [0], "the kink of abs under an infinite slope: nothing passes"),
        Of(x => Sqrt(Relu(x)), -1, 0, [0, 0], "left of the kink the argument of √ is constant"),
        Of(x => Abs(x) * Abs(x), 0, 0, [0, 0], "convention: at the kink the slope counts as the constant 0, so x² written so loses its second derivative; write x·x"),
        Of(x => Sum(Relu(x) / x), Vector(2, -1), [1], [[0, 0]], "relu is constant at −1"),
    ];

    private static Edge[] Ties =>
    [
        Of(x => Max(x[0], x[1]), Vector(3, 3), [3], [[0.5, 0.5], [0, 0, 0, 0]], "shared equally"),
        Of(x => Min(x[0], x[1]), Vector(3, 3), [3], [[0.5, 0.5], [0, 0, 0, 0]], "shared equally"),
        Of(x => Max(x, x), 3, 3, [1, 0], "the shares add up to 1"),
        Of(x => Max(x, 2 * x), 0, 0, [1.5], "the middle of 1 and 2"),
        Of(x => MaxOf(x), Vector(1, 3, 3), [3], [[0, 0.5, 0.5], new double[9]], "two-way tie"),
        Of(x => MaxOf(x), Vector(3, 3, 3), [3], [[1.0 / 3, 1.0 / 3, 1.0 / 3], new double[9]], "three-way tie"),
        Of(x => MinOf(x), Vector(3, 3, 3), [3], [[1.0 / 3, 1.0 / 3, 1.0 / 3], new double[9]], "three-way tie"),
        Of(x => MaxOf(x * x), Vector(-2, 2, 1), [4], [[-2, 2, 0], [1, 0, 0, 0, 1, 0, 0, 0, 0]], "two elements tie after squaring"),
        Of(x => Max(Max(x[0], x[1]), x[2]), Vector(3, 3, 3), [3], [[0.25, 0.25, 0.5]], "a tie of a tie; MaxOf shares equally among all"),
        Of(x => MaxOf(Reshape(x, 2, 2), 1), Vector(1, 1, 2, 3), [1, 3], [[0.5, 0.5, 0, 0, 0, 0, 0, 1]], "each row has its own tie"),
        Of(x => MaxOf(Sqrt(x)), Vector(4, 0), [2], [[0.25, 0]], "√0 is not the largest"),
        Of(x => MinOf(Sqrt(x)), Vector(4, 0), [0], [[0, PositiveInfinity]], "√0 is the smallest"),
        Of(x => MaxOf(x), Vector(NegativeInfinity, NegativeInfinity), [NegativeInfinity], [[0.5, 0.5]], "a tie of infinities"),
    ];

    private static Edge[] NumericZeros =>
    [
        Of(x => Sqrt(x) * Sqrt(x), 0, 0, [NaN], "0·∞ is unknown to the rules: NaN, never a silent 0 (the function is x)"),
        Of(x => Pow(Sqrt(x), 2), 0, 0, [NaN], "as before"),
        Of(x => 0 * Sqrt(x), 0, 0, [NaN], "the factor 0 is a number, not a mask"),
        Of(x => x * Log(x), 0, NaN, [NaN], "0·(−∞)"),
        Of(x => Sqrt(x * x), 0, 0, [NaN], "∞·0; for the size of x write Abs, Norm or Hypot"),
        Of(x => Sum(Vector(1, 0) * Sqrt(x)), Vector(4, 0), [2], [[0.25, NaN]], "weights are numbers; select with Where, a slice or Take instead"),
        Of(x => Dot(Vector(1, 0), Sqrt(x)), Vector(4, 0), [2], [[0.25, NaN]], "as before"),
        Of(x => LogSumExp(Log(x) + 1), Vector(0, 1), [1], [[NaN, 1]], "the weight e^(−∞) = 0 meets log′(0) = ∞"),
        Of(x => Prod(Stack([Sqrt(x), 0])), 0, 0, [NaN], "the other factor is the number 0"),
    ];

    private static Edge[] Parts =>
    [
        Of(x => Sqrt(x)[0], Vector(4, 0), [2], [[0.25, 0], [-1.0 / 32, 0, 0, 0]], "the element not read does not matter"),
        Of(x => Sqrt(x)[..1], Vector(4, 0), [2], [[0.25, 0], [-1.0 / 32, 0, 0, 0]], "as before"),
        Of(x => Take(Sqrt(x), [0, 0]), Vector(4, 0), [2, 2], [[0.25, 0, 0.25, 0]], "read twice, and the other not at all"),
        Of(x => Sum(Take(Sqrt(x), [0, 0])), Vector(4, 0), [4], [[0.5, 0]], "what is read twice counts twice"),
        Of(x => Concat([Sqrt(x), x])[..1], Vector(4, 0), [2], [[0.25, 0]], "a part of a join"),
        Of(x => Stack([Sqrt(x[1]), x[0]])[1], Vector(4, 0), [4], [[1, 0]], "the element not read has slope ∞"),
        Of(x => Sqrt(x), Vector(4, 0), [2, 0], [[0.25, 0, 0, PositiveInfinity]], "a Jacobian beside an infinite derivative"),
        Of(x => 1 / x, Vector(2, 0), [0.5, PositiveInfinity], [[-0.25, 0, 0, NegativeInfinity]], "as before"),
        Of(x => Log(x), Vector(1, 0), [0, NegativeInfinity], [[1, 0, 0, PositiveInfinity], [-1, 0, 0, 0, 0, 0, 0, NegativeInfinity]], "as before, at second order"),
        Of(x => Concat([Sqrt(x), Log(x)]), Vector(4, 0), [2, 0, Math.Log(4), NegativeInfinity], [[0.25, 0, 0, PositiveInfinity, 0.25, 0, 0, PositiveInfinity]], "every part has its own"),
        Of(x => Sqrt(Dot(x[..2], x[..2])), Vector(0, 0, 1), [0], [[NaN, NaN, 0]], "NaN where 0·∞, and 0 for the element that is not read"),
        Of(x => Flip(Sqrt(x))[0], Vector(0, 4), [2], [[0, 0.25]], "a part of a mirror image"),
    ];

    private static Edge[] MasksThroughLinear =>
    [
        Of(x => Sum(Reshape(Sqrt(x), 2, 2)[0]), Vector(4, 1, 0, 0), [3], [[0.25, 0.5, 0, 0]], "Sum and Reshape"),
        Of(x => Sum(Reshape(Sqrt(x), 2, 2), 0)[1], Vector(0, 4, 0, 1), [3], [[0, 0.25, 0, 0.5]], "Sum over an axis"),
        Of(x => CumSum(Sqrt(x))[1], Vector(4, 1, 0), [3], [[0.25, 0.5, 0]], "a running sum knows nothing of what comes later"),
        Of(x => CumSum(Sqrt(x)), Vector(4, 0), [2, 2], [[0.25, 0, 0.25, PositiveInfinity]], "as before"),
        Of(x => Permute(Reshape(Sqrt(x), 2, 2), 1, 0)[0], Vector(4, 0, 1, 0), [2, 1], [[0.25, 0, 0, 0, 0, 0, 0.5, 0]], "Permute"),
        Of(x => BroadcastTo(Reshape(Sqrt(x), 2, 1), new Shape(2, 3))[0, 1], Vector(4, 0), [2], [[0.25, 0]], "BroadcastTo"),
        Of(x => MatMul(Reshape(Sqrt(x), 2, 2), Vector(1, 2))[0], Vector(4, 1, 0, 0), [4], [[0.25, 1, 0, 0]], "a row of a product"),
        Of(x => Einsum("ij,j->i", Reshape(Sqrt(x), 2, 2), Vector(1, 2))[0], Vector(4, 1, 0, 0), [4], [[0.25, 1, 0, 0]], "as before"),
        Of(x => Trace(Reshape(Sqrt(x), 2, 2)), Vector(4, 0, 0, 1), [3], [[0.25, 0, 0, 0.5]], "off the diagonal nothing matters"),
        Of(x => Diag(Sqrt(x))[0], Vector(4, 0), [2, 0], [[0.25, 0, 0, 0]], "a row of a diagonal matrix"),
        Of(x => Outer(Sqrt(x), Vector(1, 2))[0], Vector(4, 0), [2, 4], [[0.25, 0, 0.5, 0]], "a row of an outer product"),
        Of(x => Dot(x, Vector(PositiveInfinity, 1)), Vector(1, 1), [PositiveInfinity], [[PositiveInfinity, 1]], "an infinite operand beside a structural zero"),
        Of(x => MatMul(Infinite, x), Vector(1, 1), [3, PositiveInfinity], [[1, 2, PositiveInfinity, 3]], "the Jacobian of a linear map is its matrix"),
        Of(x => Sum(Where(Vector(1, 0), MatMul(Infinite, x), 0)), Vector(1, 1), [3], [[1, 2]], "the row not taken holds the ∞"),
        Of(x => Einsum("ij,j->i", Infinite, x)[0], Vector(1, 1), [3], [[1, 2]], "the row not read holds the ∞"),
        Of(x => Sum(Where(Vector(1, 0), Norm(Reshape(Sqrt(x), 2, 2), 1), 0)), Vector(1, 1, 0, 0), [Math.Sqrt(2)], [[Math.Sqrt(0.125), Math.Sqrt(0.125), 0, 0]], "a reduction with weights"),
    ];

    private static Edge[] Powers =>
    [
        Of(x => Pow(x, 0), 0, 1, [0, 0, 0, 0], "x⁰ is 1 everywhere"),
        Of(x => Pow(x, 1), 0, 0, [1, 0, 0, 0], "x¹ is x"),
        Of(x => Pow(x, 2), 0, 0, [0, 2, 0, 0], "by multiplication, not by e^(2 log x)"),
        Of(x => Pow(x, 3), 0, 0, [0, 0, 6, 0], "as before"),
        Of(x => Pow(x, 4), 0, 0, [0, 0, 0, 24], "as before"),
        Of(x => Pow(x, 0), 2, 1, [0, 0, 0, 0], "x⁰ is 1 everywhere"),
        Of(x => Pow(x, 2), 3, 9, [6, 2, 0, 0], "derivatives beyond the exponent are 0"),
        Of(x => Pow(x, 0.5), 0, 0, [PositiveInfinity, NegativeInfinity, PositiveInfinity], "½x^−½, −¼x^−1½, ⅜x^−2½"),
        Of(x => Pow(x, 1.5), 0, 0, [0, PositiveInfinity], "1½x^½, ¾x^−½"),
        Of(x => Pow(x, -1), 0, PositiveInfinity, [NegativeInfinity], "1/x; the limit from the right"),
        Of(x => Pow(x, 2), -3, 9, [-6, 2, 0], "a negative base with a whole exponent"),
        Of(x => Pow(x, 3), -2, -8, [12, -12, 6], "as before"),
        Of(x => Pow(x, -2), -2, 0.25, [0.25, 0.375, 0.75], "x^−2: −2x^−3, 6x^−4, −24x^−5"),
        Of(x => Pow(x, 0.5), -1, NaN, [NaN], "√ of a negative number"),
        Of(p => Pow(0, p), 2, 0, [0, 0], "0^p is 0 for every p > 0"),
        Of(p => Pow(0, p), 0.5, 0, [0, 0], "as before"),
        Of(p => Pow(0, p), 0, 1, [0], "convention: 0^p jumps from 1 to 0 here; the exponent gets 0"),
        Of(p => Pow(0, p), -1, PositiveInfinity, [NegativeInfinity], "0^p log 0 with 0^−1 = ∞"),
        Of(p => Pow(-2, p), 2, 4, [NaN], "(−2)^p is real at whole p only, so it has no slope in p"),
        Of(p => Pow(2, p), 0, 1, [Math.Log(2), Math.Log(2) * Math.Log(2)], "2^p log 2, 2^p log² 2"),
        Of(x => Pow(x[0], x[1]), Vector(2, 3), [8], [[12, 8 * Math.Log(2)], [12, 4 + (12 * Math.Log(2)), 4 + (12 * Math.Log(2)), 8 * Math.Log(2) * Math.Log(2)]], "b^p: pb^(p−1) and b^p log b; across, b^(p−1)(1 + p log b)"),
        Of(x => Pow(x[0], x[1]), Vector(2, 0), [1], [[0, Math.Log(2)], [0, 0.5, 0.5, Math.Log(2) * Math.Log(2)]], "across, b^(p−1)(1 + p log b) is 1/b at p = 0"),
        Of(x => Pow(x[0], x[1]), Vector(0, 2), [0], [[0, 0], [2, 0, 0, 0]], "across, b(1 + 2 log b) tends to 0"),
        Of(x => Pow(x[0], x[1]), Vector(0, 3), [0], [[0, 0], [0, 0, 0, 0]], "0³ with both variable"),
        Of(x => Pow(x, x), 1, 1, [1, 2], "x^x(1 + log x); x^x((1 + log x)² + 1/x)"),
    ];

    private static Edge[] Norms =>
    [
        Of(x => Norm(x), Vector(0, 0), [0], [[0, 0], [0, 0, 0, 0]], "convention: the middle of all slopes at the tip of the cone"),
        Of(x => Norm(x), Vector(0, 5), [5], [[0, 1], [0.2, 0, 0, 0]], "on an axis; (I − uuᵀ)/‖x‖"),
        Of(x => Norm(x), Vector(3e200, 4e200), [5e200], [[0.6, 0.8], [1.28e-201, -9.6e-202, -9.6e-202, 7.2e-202]], "the squares would overflow"),
        Of(x => Norm(x), Vector(3e-200, 4e-200), [5e-200], [[0.6, 0.8], [1.28e199, -9.6e198, -9.6e198, 7.2e198]], "the squares would vanish"),
        Of(x => Norm(x), Vector(PositiveInfinity, 1), [PositiveInfinity], [[1, 0]], "the limits: far out the length is that of one side"),
        Of(x => Hypot(x[0], x[1]), Vector(NegativeInfinity, 1), [PositiveInfinity], [[-1, 0], [0, 0, 0, 0]], "as before"),
        Of(x => Hypot(x[0], x[1]), Vector(PositiveInfinity, PositiveInfinity), [PositiveInfinity], [[NaN, NaN]], "every direction has another limit"),
        Of(x => Hypot(x[0], x[1]), Vector(1.5e308, 1.5e308), [PositiveInfinity], [[Math.Sqrt(0.5), Math.Sqrt(0.5)]], "the length overflows, the direction does not"),
        Of(x => Norm(x), -2, 2, [-1, 0], "of one number: its size"),
        Of(x => Where(Norm(x) > 0, x / Norm(x), 0)[0], Vector(0, 0), [0], [[0, 0]], "a direction that is 0/0 at the origin, not taken there"),
        Of(x => Sqrt(Norm(x)), Vector(0, 0), [0], [[0, 0]], "at its kink Norm hands on nothing, not ∞·0"),
        Of(x => Norm(x) * Norm(x), Vector(0, 0), [0], [[0, 0], [0, 0, 0, 0]], "convention: at the kink the slope counts as the constant 0, so the second derivative 2I is lost; write Dot(x, x)"),
        Of(x => Hypot(x[0], x[1]), Vector(0, 0), [0], [[0, 0], [0, 0, 0, 0]], "as Norm"),
        Of(x => Hypot(x[0], x[1]), Vector(0, -2), [2], [[0, -1], [0.5, 0, 0, 0]], "on an axis"),
        Of(x => Hypot(x[0], x[1]), Vector(3e200, 4e200), [5e200], [[0.6, 0.8]], "the squares would overflow"),
        Of(x => Hypot(x[0], x[1]), Vector(3e-200, 4e-200), [5e-200], [[0.6, 0.8]], "the squares would vanish"),
        Of(x => Atan2(x[0], x[1]), Vector(0, 1), [0], [[1, 0], [0, -1, -1, 0]], "on the axis x > 0; (x, −y)/r²"),
        Of(x => Atan2(x[0], x[1]), Vector(2, 0), [Math.PI / 2], [[0, -0.5], [0, 0.25, 0.25, 0]], "on the axis y > 0"),
        Of(x => Atan2(x[0], x[1]), Vector(0, -1), [Math.PI], [[-1, 0], [0, -1, -1, 0]], "on the cut: the value jumps, the derivative does not"),
        Of(x => Atan2(x[0], x[1]), Vector(-2, 0), [-Math.PI / 2], [[0, 0.5], [0, 0.25, 0.25, 0]], "on the axis y < 0"),
        Of(x => Atan2(x[0], x[1]), Vector(0, 0), [0], [[NaN, NaN]], "every direction has another limit"),
        Of(x => Atan2(x[0], x[1]), Vector(3e200, 4e200), [Math.Atan(0.75)], [[1.6e-201, -1.2e-201]], "r² would overflow"),
        Of(x => Atan2(x[0], x[1]), Vector(3e-200, 4e-200), [Math.Atan(0.75)], [[1.6e199, -1.2e199]], "r² would vanish"),
    ];

    private static Edge[] LogSumExps =>
    [
        Of(x => LogSumExp(x), Vector(1000, 1000), [1000 + Math.Log(2)], [[0.5, 0.5], [0.25, -0.25, -0.25, 0.25]], "e^1000 would overflow; softmax s, and diag(s) − ssᵀ"),
        Of(x => LogSumExp(x), Vector(1e16, 1e16), [1e16], [[0.5, 0.5], [0.25, -0.25, -0.25, 0.25]], "log 2 is lost in the value, not in the weights"),
        Of(x => LogSumExp(x), Vector(-1000, -1000), [-1000 + Math.Log(2)], [[0.5, 0.5], [0.25, -0.25, -0.25, 0.25]], "e^−1000 would vanish"),
        Of(x => LogSumExp(x), Vector(0, 40), [40 + Math.Exp(-40)], [[Math.Exp(-40), 1]], "the small weight keeps its digits: e^−40 but for e^−80"),
        Of(x => LogSumExp(x), Vector(1e-300, 0), [Math.Log(2)], [[0.5, 0.5]], "tiny entries"),
        Of(x => LogSumExp(x), Vector(NegativeInfinity, 0), [0], [[0, 1], [0, 0, 0, 0]], "e^−∞ adds nothing"),
        Of(x => LogSumExp(x), Vector(NegativeInfinity, 2, 2), [2 + Math.Log(2)], [[0, 0.5, 0.5], [0, 0, 0, 0, 0.25, -0.25, 0, -0.25, 0.25]], "as before"),
        Of(x => LogSumExp(Log(x)), Vector(0, 1), [0], [[1, 1], [-1, -1, -1, -1]], "of logarithms it is log Σx, and no product of 0 and ∞"),
        Of(x => LogSumExp(Log(x)), Vector(0, 0), [NegativeInfinity], [[PositiveInfinity, PositiveInfinity]], "as before"),
        Of(x => LogSumExp(Log(x)), Vector(-1, 2), [NaN], [[1, 1]], "log has no value; the rule 1/Σx does"),
        Of(x => LogSumExp(x), Vector(PositiveInfinity, 0), [PositiveInfinity], [[1, 0]], "∞ makes the sum alone"),
        Of(x => LogSumExp(x), 3, 3, [1, 0], "of one element: that element"),
        Of(x => LogSumExp(Reshape(x, 2, 2), 1), Vector(1000, 1000, NegativeInfinity, 0), [1000 + Math.Log(2), 0], [[0.5, 0.5, 0, 0, 0, 0, 0, 1]], "each row by itself"),
        Of(x => Where(Vector(1, 0), LogSumExp(Reshape(x, 2, 2), 1), 0)[0], Vector(0, 0, NegativeInfinity, NegativeInfinity), [Math.Log(2)], [[0.5, 0.5, 0, 0]], "a row all of −∞, not taken"),
    ];

    // In the tails the functions are their leading exponentials: with e = e^−|x| below 2⁻⁵³, σ(−|x|) = e, σ′ = e,
    // σ″ = ∓e, tanh′ = 4e², tanh″ = ∓8e², softplus(−|x|) = softplus′(−|x|) = e; the next term is smaller by the factor e.
    private static Edge[] Tails =>
    [
        Of(Sigmoid, 40, 1, [Math.Exp(-40), -Math.Exp(-40)], "σ′ = e^−x and σ″ = −e^−x but for e^−2x"),
        Of(Sigmoid, -40, Math.Exp(-40), [Math.Exp(-40), Math.Exp(-40)], "σ = σ′ = σ″ = e^x but for e^2x"),
        Of(Sigmoid, 700, 1, [Math.Exp(-700), -Math.Exp(-700)], "as before, near the smallest number"),
        Of(Sigmoid, -700, Math.Exp(-700), [Math.Exp(-700), Math.Exp(-700)], "as before"),
        Of(Sigmoid, -800, 0, [0, 0], "e^−800 is below the smallest number"),
        Of(Sigmoid, PositiveInfinity, 1, [0], "the limit"),
        Of(Sigmoid, NegativeInfinity, 0, [0], "the limit"),
        Of(Tanh, 40, 1, [4 * Math.Exp(-80), -8 * Math.Exp(-80)], "tanh′ = 4e^−2x and tanh″ = −8e^−2x but for e^−4x; 1 − tanh² would be 0"),
        Of(Tanh, -40, -1, [4 * Math.Exp(-80), 8 * Math.Exp(-80)], "as before"),
        Of(Tanh, 350, 1, [4 * Math.Exp(-700), -8 * Math.Exp(-700)], "as before"),
        Of(Tanh, -350, -1, [4 * Math.Exp(-700), 8 * Math.Exp(-700)], "as before"),
        Of(Tanh, PositiveInfinity, 1, [0], "the limit"),
        Of(Softplus, 40, 40, [1, Math.Exp(-40)], "x + e^−x, 1 − e^−x, e^−x"),
        Of(Softplus, -40, Math.Exp(-40), [Math.Exp(-40), Math.Exp(-40)], "e^x but for e^2x"),
        Of(Softplus, 700, 700, [1, Math.Exp(-700)], "as before"),
        Of(Softplus, -700, Math.Exp(-700), [Math.Exp(-700), Math.Exp(-700)], "as before"),
        Of(Softplus, PositiveInfinity, PositiveInfinity, [1], "the limit"),
        Of(Softplus, NegativeInfinity, 0, [0], "the limit"),
    ];

    // Every derivative at ±∞ is the limit of what it is at large numbers.
    private static Edge[] Infinities =>
    [
        Of(Atan, PositiveInfinity, Math.PI / 2, [0, 0, 0, 0], "1/(1 + x²) and its derivatives"),
        Of(Asinh, NegativeInfinity, NegativeInfinity, [0, 0, 0, 0], "1/√(1 + x²) and its derivatives"),
        Of(Acosh, PositiveInfinity, PositiveInfinity, [0, 0, 0, 0], "1/√(x² − 1) and its derivatives"),
        Of(Sqrt, PositiveInfinity, PositiveInfinity, [0, 0, 0, 0], "powers below 0"),
        Of(Cbrt, NegativeInfinity, NegativeInfinity, [0, 0, 0, 0], "as before"),
        Of(Log, PositiveInfinity, PositiveInfinity, [0, 0, 0, 0], "as before"),
        Of(x => Pow(x, 1.5), PositiveInfinity, PositiveInfinity, [PositiveInfinity, 0, 0, 0], "powers above 0, and then below"),
        Of(Erf, PositiveInfinity, 1, [0, 0, 0, 0], "powers times e^−x²"),
        Of(Erfc, NegativeInfinity, 2, [0, 0, 0, 0], "as before"),
        Of(NormalCdf, NegativeInfinity, 0, [0, 0, 0, 0], "powers times e^(−x²/2)"),
        Of(Tanh, NegativeInfinity, -1, [0, 0, 0, 0], "powers of e^2x"),
        Of(Gamma, PositiveInfinity, PositiveInfinity, [PositiveInfinity, PositiveInfinity, PositiveInfinity, PositiveInfinity], "powers of log x times Γ"),
        Of(x => Beta(x[0], x[1]), Vector(2, PositiveInfinity), [0], [[0, 0], [0, 0, 0, 0]], "powers of b, and b^−2 log b"),
        Of(x => Hypot(x, 1), NegativeInfinity, PositiveInfinity, [-1, 0, 0, 0], "the length is that of one side"),
        Of(x => Atan2(1, x), NegativeInfinity, Math.PI, [0, 0, 0, 0], "as the arc tangent"),
    ];

    // At ±∞ a normal distribution does not depend on its bound, whatever slope that has: Φ′ vanishes faster than any power grows.
    private static Edge[] Bounds =>
    [
        Of(x => NormalCdf(1 / x), 0, 1, [0, 0], "all the density is below an infinite bound, also when it moves"),
        Of(x => NormalCdf(-1 / x), 0, 0, [0, 0], "none of it is"),
        Of(x => LogNormalCdf(1 / x), 0, 0, [0, 0], "log 1"),
        Of(x => Erf(1 / x), 0, 1, [0, 0], "as before"),
        Of(x => Erfc(1 / x), 0, 0, [0, 0], "as before"),
        Of(x => NormalCdf(PositiveInfinity / x) - NormalCdf(-1 / x), 2, 1 - (0.5 * 0.6170750774519738), [-Math.Exp(-0.125) / Math.Sqrt(Math.Tau) / 4], "the scale of a one-sided interval"),
        Of(s => (s * NormalCdf(Log(s / 2) / 0)) - (2 * NormalCdf(Log(s / 2) / 0)), 3, 1, [1, 0], "a call in the money at its expiry, by its price"),
        Of(s => (s * NormalCdf(Log(s / 2) / 0)) - (2 * NormalCdf(Log(s / 2) / 0)), 1, 0, [0, 0], "out of the money"),
        Of(t => (3 * NormalCdf((Log(1.5) + (t / 2)) / Sqrt(t))) - (2 * NormalCdf((Log(1.5) - (t / 2)) / Sqrt(t))), 0, 1, [0], "by the time that is left"),
        Of(x => NormalCdf(NormalQuantile(x)), 0, 0, [0], "convention: the one slope that does count beside the density is that of its own quantile. The function is x"),
    ];

    private static Edge[] Products =>
    [
        Of(x => Prod(x), Vector(2, 3, 4), [24], [[12, 8, 6], [0, 4, 3, 4, 0, 2, 3, 2, 0]], "the product of the others"),
        Of(x => Prod(x), Vector(0, 3, 4), [0], [[12, 0, 0], [0, 4, 3, 4, 0, 0, 3, 0, 0]], "one zero: no division by it"),
        Of(x => Prod(x), Vector(0, 0, 4), [0], [[0, 0, 0], [0, 4, 0, 4, 0, 0, 0, 0, 0]], "two zeros"),
        Of(x => Prod(x), Vector(0, 0, 0), [0], [[0, 0, 0], new double[9], [0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0]], "three zeros: only the third derivative is left"),
        Of(x => Prod(x), 5, 5, [1, 0], "of one element: that element"),
        Of(x => Prod(x), Vector(1e200, 1e200, 1e-300), [1e100], [[1e-100, 1e-100, PositiveInfinity]], "the product of the others overflows where it must"),
    ];

    private static Edge[] MatrixFunctions =>
    [
        Of(x => MatrixFunction(Sqrt, Stack([x[..2], x[1..]]))[0, 1], Vector(1, 0, 1), [0], [[0, 1.0 / 2, 0], [0, -1.0 / 8, 0, -1.0 / 8, 0, -1.0 / 8, 0, -1.0 / 8, 0]], "the eigenvalue 1 occurs twice: f[1, 1] = f′(1), and f[1, 1, 1] = f″(1)/2"),
        Of(x => MatrixFunction(Abs, Stack([x[..2], x[1..]]))[0, 1], Vector(2, 0, -1), [0], [[0, 1.0 / 3, 0], [0, 2.0 / 9, 0, 2.0 / 9, 0, 4.0 / 9, 0, 4.0 / 9, 0]], "the kink lies between the eigenvalues 2 and −1: f[2, −1] = (2 − 1)/3"),
        Of(x => PolarFactor(Stack([Stack([x[0], -x[1]]), Stack([x[1], x[0]])]))[1, 0], Vector(1, 0), [0], [[0, 1], [0, -1, -1, 0]], "the sine of an angle, of a matrix whose singular values coincide"),
    ];

    private static Edge[] Poles =>
    [
        Of(LogGamma, -1.5, Math.Log(4 * Math.Sqrt(Math.PI) / 3), [PsiOfHalf + 2 + (2.0 / 3), (Math.PI * Math.PI / 2) + 4 + (4.0 / 9)], "Γ(−1½) = 4√π/3; ψ(x) = ψ(x + 1) − 1/x from ψ(½) = −γ − 2 log 2 and ψ₁(½) = π²/2"),
        Of(LogGamma, -2.5, Math.Log(8 * Math.Sqrt(Math.PI) / 15), [PsiOfHalf + 2 + (2.0 / 3) + (2.0 / 5), (Math.PI * Math.PI / 2) + 4 + (4.0 / 9) + (4.0 / 25)], "Γ(−2½) = −8√π/15, so log of its size; the rest as before"),
        Of(LogGamma, 0, PositiveInfinity, [NaN], "a pole: the slope is −∞ on one side and ∞ on the other"),
        Of(LogGamma, -1, PositiveInfinity, [NaN], "as before"),
        Of(Digamma, 0, NaN, [PositiveInfinity], "a pole of odd order; ψ₁ is +∞ on both sides"),
        Of(Log, 0, NegativeInfinity, [PositiveInfinity, NegativeInfinity], "the limits from the right"),
        Of(Log, -1, NaN, [-1], "log has no value; the rule 1/x, which log abs(x) shares, does"),
        Of(Sqrt, 0, 0, [PositiveInfinity, NegativeInfinity], "the limits from the right"),
        Of(x => Log(-x), 0, NegativeInfinity, [NegativeInfinity, NegativeInfinity], "the argument is −0, to which the functions continue from the right alone"),
        Of(x => Sqrt(-x), 0, 0, [NegativeInfinity, NegativeInfinity], "as before"),
        Of(x => Pow(-x, 0.5), 0, 0, [NegativeInfinity, NegativeInfinity], "as before"),
        Of(Sqrt, -1, NaN, [NaN], "outside the domain"),
        Of(Cbrt, 0, 0, [PositiveInfinity], "a vertical tangent"),
        Of(Cbrt, -8, -2, [1.0 / 12, 1.0 / 144], "⅓x^−⅔ and −2⁄9 x^−1⅔, with a negative base"),
        Of(Cbrt, 1e-300, Math.Cbrt(1e-300), [1 / 3.0 / Math.Cbrt(1e-300) / Math.Cbrt(1e-300), NegativeInfinity, PositiveInfinity], "10⁻³⁰⁰ to the powers ⅓, −⅔, −1⅔ and −2⅔"),
        Of(x => 1 / x, 0, PositiveInfinity, [NegativeInfinity], "the limits from the right"),
        Of(x => 1 / x, -0.0, NegativeInfinity, [NegativeInfinity], "the limits from the left"),
        Of(Asin, 1, Math.PI / 2, [PositiveInfinity], "a vertical tangent"),
        Of(Acos, -1, Math.PI, [NegativeInfinity], "a vertical tangent"),
        Of(Acosh, 1, 0, [PositiveInfinity], "a vertical tangent"),
        Of(Atanh, 1, PositiveInfinity, [PositiveInfinity], "a pole"),
        Of(Asin, 2, NaN, [NaN], "outside the domain"),
    ];

    private static Edge[] Special =>
    [
        Of(Gamma, 0, PositiveInfinity, [NaN], "a pole: ∞ and −∞ on the two sides"),
        Of(Gamma, -1, NaN, [NaN], "as before, with no sign of 0 to tell the sides apart"),
        Of(Gamma, -1.5, 4 * Math.Sqrt(Math.PI) / 3, [4 * Math.Sqrt(Math.PI) / 3 * (PsiOfHalf + 2 + (2.0 / 3))], "Γ(½)/((−½)(−1½)), and Γψ with ψ(−1½) = ψ(½) + 2 + ⅔"),
        Of(Gamma, 172, PositiveInfinity, [PositiveInfinity], "171! is beyond the largest number"),
        Of(x => Beta(x, 1), 0, PositiveInfinity, [NegativeInfinity], "1/x; the limits from the right"),
        Of(x => Beta(x, 1), 1, 1, [-1, 2, -6], "1/x"),
        Of(x => Beta(x, 1), -0.5, NaN, [NaN], "outside the domain"),
        Of(x => Beta(-x, 1), 0, PositiveInfinity, [PositiveInfinity, PositiveInfinity], "the argument is −0; the limits from the right"),
        Of(x => LogBeta(x, 2), 1e17, -34 * Math.Log(10), [-2e-17, 2e-34, -4e-51], "−log x(x + 1); ψ(x) − ψ(x + 2) as a difference would have no digit"),
        Of(x => GammaP(1, x), 0, 0, [1, -1, 1], "1 − e^−x"),
        Of(x => GammaP(2, x), 0, 0, [0, 1, -2, 3], "its derivative is xe^−x"),
        Of(x => GammaP(0.5, x), 0, 0, [PositiveInfinity, NegativeInfinity], "its derivative is e^−x/√(πx)"),
        Of(x => GammaQ(1, x), 0, 1, [-1, 1, -1], "e^−x"),
        Of(x => GammaQ(1, x), 700, Math.Exp(-700), [-Math.Exp(-700), Math.Exp(-700)], "as before, where P = 1 has no digit left"),
        Of(x => GammaP(3, x), PositiveInfinity, 1, [0, 0], "the limits"),
        Of(x => GammaP(2, x), -1, NaN, [NaN], "outside the domain"),
        Of(BesselJ0, 0, 1, [0, -0.5, 0, 0.375], "1 − x²/4 + x⁴/64 − …"),
        Of(BesselJ1, 0, 0, [0.5, 0, -0.375, 0], "x/2 − x³/16 + …; the rule has no 1/x"),
        Of(BesselI0, 0, 1, [0, 0.5, 0, 0.375], "1 + x²/4 + x⁴/64 + …"),
        Of(BesselI1, 0, 0, [0.5, 0, 0.375, 0], "x/2 + x³/16 + …"),
        Of(LambertW, -1 / Math.E, -1, [PositiveInfinity, NegativeInfinity], "a vertical tangent"),
        Of(LambertW, -1, NaN, [NaN], "outside the domain"),
        Of(LambertW, 0, 0, [1, -2, 9, -64], "x − x² + 3x³/2 − 8x⁴/3 + …; the rule has no 1/x"),
        Of(LambertW, Math.E, 1, [0.5 / Math.E], "1·e¹ = e"),
        Of(LambertW, PositiveInfinity, PositiveInfinity, [0], "the limits"),
        Of(Sinc, 0, 1, [0, -1.0 / 3, 0, 0.2], "1 − x²/6 + x⁴/120 − …"),
        Of(Sinc, 1e-200, 1, [-1e-200 / 3, -1.0 / 3, 1e-200 / 5], "as before; cos x/x − sin x/x² would have no digit"),
        Of(Sinc, PositiveInfinity, 0, [0, 0], "the limit"),
        Of(x => Xlogy(x, 0), 0, 0, [NegativeInfinity], "convention: 0 log 0 is 0, and the derivative in x is log y"),
        Of(y => Xlogy(0, y), 0, 0, [0, 0], "0 for every y"),
        Of(y => Xlogy(0, y), -1, 0, [0, 0], "as before"),
        Of(x => Xlogy(x, x), 0, 0, [NegativeInfinity, PositiveInfinity], "log x + 1 and 1/x; the limits from the right"),
        Of(x => Xlogy(x[0], x[1]), Vector(0, 2), [0], [[Math.Log(2), 0], [0, 0.5, 0.5, 0]], "across, 1/y, though x is 0"),
        Of(BesselI1, 713.5, 1.1043265136795953e308, [1.1035534484630562e308], "half the sum of I₀ and I₂, which would overflow"),
        Of(LogNormalCdf, -1e10, -5e19, [1e10, -1, 2e-30, 6e-40], "−x²/2 − log −x but for a constant and 1/x²"),
        Of(LogNormalCdf, NegativeInfinity, NegativeInfinity, [PositiveInfinity, -1, 0], "the limits"),
        Of(LogNormalCdf, PositiveInfinity, 0, [0, 0], "the limits"),
        Of(NormalQuantile, 0.5, 0, [Math.Sqrt(Math.Tau), 0, Math.Tau * Math.Sqrt(Math.Tau)], "√2π e^(z²/2), and its derivatives zz′² and (1 + 2z²)z′³"),
        Of(NormalQuantile, 0, NegativeInfinity, [PositiveInfinity, NegativeInfinity], "the limits from the right"),
        Of(NormalQuantile, 1, PositiveInfinity, [PositiveInfinity, PositiveInfinity], "the limits from the left"),
        Of(NormalQuantile, -0.1, NaN, [NaN], "no probability"),
    ];

    private static Edge[] Steps =>
    [
        Of(Floor, 2, 2, [0, 0], "constant almost everywhere: the derivative is 0 at the jumps too"),
        Of(Ceiling, 2.5, 3, [0, 0], "as before"),
        Of(Round, 2.5, 2, [0, 0], "as before; halves go to even"),
        Of(Sign, 0, 0, [0, 0], "as before"),
        Of(x => x > 0, 0, 0, [0, 0], "a mask is a constant"),
        Of(x => Eq(x, 0) * x, 0, 0, [1, 0], "a mask times x: 1·x here"),
        Of(x => (x > 0) * Sqrt(x), 0, 0, [NaN], "multiplying by a mask is multiplying by a number; Where selects"),
        Of(x => x - Floor(x), 2.25, 0.25, [1, 0], "a sawtooth"),
        Of(x => Floor(Sqrt(x)), 0, 0, [0], "no derivative passes, so none is multiplied by ∞"),
        Of(AD.StopGradient, 3, 3, [0, 0], "a constant by decree"),
    ];

    private static Edge[] NotNumbers =>
    [
        Of(x => x * x, NaN, NaN, [NaN, 2], "NaN goes where it is used: x² has second derivative 2 everywhere"),
        Of(Sin, NaN, NaN, [NaN], "as before"),
        Of(Abs, NaN, NaN, [NaN], "the sign of NaN is NaN"),
        Of(Relu, NaN, NaN, [1], "NaN is not on the constant side: a NaN result never has derivative 0"),
        Of(x => Max(x, 1), NaN, NaN, [1], "as before"),
        Of(x => Min(1, x), NaN, NaN, [1], "as before"),
        Of(x => Clamp(x, 0, 1), NaN, NaN, [1], "as before"),
        Of(x => Where(x > 0, x * x, 3 * x), NaN, NaN, [3], "a comparison with NaN is false"),
        Of(x => Where(Eq(x, x), x * x, 0), NaN, 0, [0], "NaN is not equal to itself: how to catch it"),
        Of(x => Sum(Where(x > 0, x, 0)), Vector(NaN, 2), [2], [[0, 1]], "a NaN not taken does no harm"),
        Of(x => Sum(x * x), Vector(NaN, 2), [NaN], [[NaN, 4]], "the other elements keep their derivatives"),
        Of(x => Norm(x), Vector(NaN, 2), [NaN], [[NaN, NaN]], "all elements share the result"),
        Of(x => LogSumExp(x), Vector(NaN, 2), [NaN], [[NaN, NaN]], "as before"),
    ];

    private const double PsiOfHalf = -1.9635100260214235;

    private static Expr Infinite => new double[,] { { 1, 2 }, { PositiveInfinity, 3 } };

    private static Expr Vector(params double[] elements) => elements;
}
