// Elementwise functions that are composed of elementwise primitives.

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>x with another value where it is NaN. There x receives no derivative at all, and the value does. Shapes broadcast.</summary>
    /// <param name="x">The argument.</param>
    /// <param name="value">What replaces NaN.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <example><code>
    /// Console.WriteLine(Expr.NanTo(Expr.Sqrt(new double[] { 4, -1 }), 0)); // [2, 0]
    /// Console.WriteLine(Grad(x => Expr.Sum(Expr.NanTo(Expr.Sqrt(x), 0)))(new double[] { 4, -1 })); // [0.25, 0]
    /// </code></example>
    public static Expr NanTo(Expr x, Expr value) => Where(IsNaN(x), value, x);

    /// <summary>
    /// log(p/(1 − p)), the inverse of <see cref="Sigmoid"/>, with full relative precision near 0, ½ and 1: −∞ at 0, ∞ at 1, NaN outside 0 … 1. Derivative
    /// 1/(p(1 − p)).
    /// </summary>
    /// <param name="p">The probability, of any shape.</param>
    public static Expr Logit(Expr p) => Where(p < 0.25, Log(p) - LogP1(-p), 2 * Atanh((2 * p) - 1));

    /// <summary>log σ(x) = −log(1 + e⁻ˣ), finite as far as x is. Derivative σ(−x).</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr LogSigmoid(Expr x) => -Softplus(-x);

    /// <summary>
    /// log(1 − eˣ) for x ≤ 0, with full relative precision near 0 and for large |x|: −∞ at 0, NaN above. Derivative −eˣ/(1 − eˣ).
    /// </summary>
    /// <remarks>One form above −log 2 and another below: M. Mächler, Accurately computing log(1 − exp(−|a|)), 2012.</remarks>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Log1mExp(Expr x) => Where(x < -Math.Log(2), LogP1(-Exp(x)), Log(-ExpM1(x)));

    /// <summary>x·Φ(x) with the normal distribution Φ: the Gaussian error linear unit, in its exact form. It is 0 at −∞. Derivative Φ(x) + x Φ′(x).</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Gelu(Expr x) => AsReluAtInfinity(x, x * NormalCdf(x));

    /// <summary>x·σ(x), the sigmoid linear unit, also called swish. It is 0 at −∞. Derivative σ(x)(1 + x σ(−x)).</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Silu(Expr x) => AsReluAtInfinity(x, x * Sigmoid(x));

    /// <summary>x for x &gt; 0, otherwise eˣ − 1: the exponential linear unit. The derivative at 0 is 1.</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Elu(Expr x) => Where(x > 0, x, ExpM1(x));

    /// <summary>x for x &gt; 0, otherwise alpha·(eˣ − 1): the exponential linear unit. The derivative at 0 is alpha. Shapes broadcast.</summary>
    /// <param name="x">The argument.</param>
    /// <param name="alpha">The negative of the limit at −∞; it receives a derivative.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr Elu(Expr x, Expr alpha) => Where(x > 0, x, alpha * ExpM1(x));

    /// <summary>x for x &gt; 0, otherwise 0.01·x. The derivative at 0 is 0.01.</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr LeakyRelu(Expr x) => LeakyRelu(x, 0.01);

    /// <summary>x for x &gt; 0, otherwise slope·x. The derivative at 0 is the slope. Shapes broadcast.</summary>
    /// <param name="x">The argument.</param>
    /// <param name="slope">The slope for x ≤ 0; it receives a derivative.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr LeakyRelu(Expr x, Expr slope) => Where(x > 0, x, slope * x);

    /// <summary>x².</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Square(Expr x) => Pow(x, 2);

    /// <summary>The largest of the elements of several tensors at each position; NaN if one is. Tied elements share the derivative equally. Shapes broadcast.</summary>
    /// <param name="a">The first tensor.</param>
    /// <param name="b">The second tensor.</param>
    /// <param name="more">The others.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr Max(Expr a, Expr b, params ReadOnlySpan<Expr> more) => more.IsEmpty ? Max(a, b) : MaxOf(Stack(Broadcast("Max", [a, b, .. more])), axis: 0);

    /// <summary>The smallest of the elements of several tensors at each position; NaN if one is. Tied elements share the derivative equally. Shapes broadcast.</summary>
    /// <param name="a">The first tensor.</param>
    /// <param name="b">The second tensor.</param>
    /// <param name="more">The others.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr Min(Expr a, Expr b, params ReadOnlySpan<Expr> more) => more.IsEmpty ? Min(a, b) : MinOf(Stack(Broadcast("Min", [a, b, .. more])), axis: 0);

    /// <summary>
    /// log(eᵃ + eᵇ) without overflow; −∞ contributes nothing. The derivatives are eᵃ/(eᵃ + eᵇ) and eᵇ/(eᵃ + eᵇ); where both are infinite and equal, each
    /// receives half. Shapes broadcast.
    /// </summary>
    /// <param name="a">One logarithm.</param>
    /// <param name="b">The other logarithm.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr LogAddExp(Expr a, Expr b)
    {
        var isLarger = a > b;
        var sum = Where(isLarger, a, b) + Softplus(Where(isLarger, b - a, a - b));
        return Where(Eq(a, b) & Eq(Abs(a), double.PositiveInfinity), Max(a, b), sum);
    }

    /// <summary>x·Φ(x) and the like tend to 0 at −∞ and to x at ∞, but their formulas meet ∞ · 0 there.</summary>
    private static Expr AsReluAtInfinity(Expr x, Expr formula) => Where(Eq(Abs(x), double.PositiveInfinity), Relu(x), formula);

    /// <summary>Tensors brought to the shape that all of them broadcast to.</summary>
    private static Expr[] Broadcast(string operation, ReadOnlySpan<Expr> tensors)
    {
        var shape = FirstOf(operation, tensors);
        foreach (var tensor in tensors)
        {
            shape = Shape.Broadcast(shape, tensor.Shape, operation);
        }

        return Array.ConvertAll(tensors.ToArray(), tensor => BroadcastTo(tensor, shape));
    }
}
