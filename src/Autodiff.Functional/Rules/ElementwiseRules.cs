// The derivative table: one line for each elementwise primitive, read by every mode, on every number system.
// The lines keep the relative precision of the function itself: tanh' is 4σ(2x)σ(−2x), not 1 − tanh², asin' is
// 1/(√(1−x)√(1+x)), not 1/√(1−x²); and they are smooth themselves, since the next order differentiates them.
// Masks are written so that a NaN lives: a NaN must not come out as a derivative of 0.
// The lines are inlined into the sweeps, where the number system is fixed: on doubles a line is then a few instructions.

using System.Runtime.CompilerServices;
using Autodiff.Functional.Evaluation;

namespace Autodiff.Functional.Rules;

internal static class ElementwiseRules
{
    /// <summary>f′(x) of a unary primitive y = f(x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Partial<T> Unary<T>(Op op, T x, T y)
        where T : struct, IElementary<T> => op switch
        {
            Op.Negate => (T)(-1),
            Op.Abs => When<T>(1 - Eq(x, 0), Map(Op.Sign, x)),
            Op.Sign or Op.Floor or Op.Ceiling or Op.Round or Op.StopGradient => Partial<T>.Zero,
            Op.Sqrt => 0.5 / Map(Op.PlusZero, y),
            Op.Cbrt => (T)(1.0 / 3) / y / y,
            Op.Exp => y,
            Op.Exp2 => Math.Log(2) * y,
            Op.ExpM1 => Map(Op.Exp, x),
            Op.Log => 1 / Map(Op.PlusZero, x),
            Op.Log2 => 1 / Math.Log(2) / Map(Op.PlusZero, x),
            Op.Log10 => 1 / Math.Log(10) / Map(Op.PlusZero, x),
            Op.LogP1 => 1 / (1 + x),
            Op.Sin => Map(Op.Cos, x),
            Op.Cos => -Map(Op.Sin, x),
            Op.Tan => 1 + (y * y),
            Op.Asin => Map(Op.AsinDerivative, x),
            Op.Acos => -Map(Op.AsinDerivative, x),
            Op.Atan => Square(T.Apply(Op.DirectionCosine, 1, x)),
            Op.Sinh => Map(Op.Cosh, x),
            Op.Cosh => Map(Op.Sinh, x),
            Op.Tanh => 4 * Map(Op.LogisticDensity, 2 * x),
            Op.Asinh => T.Apply(Op.DirectionCosine, 1, x),
            Op.Acosh => 1 / Map(Op.Sqrt, x - 1) / Map(Op.Sqrt, x + 1),
            Op.Atanh => Square(Map(Op.AsinDerivative, x)),
            Op.Sigmoid => Map(Op.LogisticDensity, x),
            Op.Softplus => Map(Op.Sigmoid, x),
            Op.Relu => When<T>(1 - T.Apply(Op.LessOrEqual, x, 0), 1),
            Op.Erf => WhereFinite(x, 2 / Math.Sqrt(Math.PI) * T.Apply(Op.Gaussian, 0, 1, x)),
            Op.Erfc => WhereFinite(x, -2 / Math.Sqrt(Math.PI) * T.Apply(Op.Gaussian, 0, 1, x)),
            Op.Gamma => T.Apply(Op.GammaDerivative, 1, x),
            Op.LogGamma => Map(Op.Digamma, x),
            Op.Digamma => T.Apply(Op.Polygamma, 1, x),
            Op.LambertW => Map(Op.Exp, -y) / (1 + y),
            Op.Sinc => T.Apply(Op.SincDerivative, 1, x),
            Op.NormalCdf => WhereFinite(x, 1 / Math.Sqrt(Math.Tau) * T.Apply(Op.Gaussian, 0, 0.5, x)),
            Op.LogNormalCdf => When<T>(1 - Eq(x, double.PositiveInfinity), T.Apply(Op.LogNormalCdfDerivative, 1, x)),
            Op.NormalQuantile => Math.Sqrt(Math.Tau) * Map(Op.Exp, 0.5 * (y * y)),
            Op.LogisticDensity => -y * Map(Op.Tanh, 0.5 * x),
            Op.AsinDerivative => x * (y * y * y),
            Op.PlusZero => (T)1,
            _ => throw Missing(op, 0),
        };

    /// <summary>The partial derivative of a binary primitive y = f(a, b) in a (operand 0) or b (operand 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Partial<T> Binary<T>(Op op, int operand, T a, T b, T y)
        where T : struct, IElementary<T> => op switch
        {
            Op.Add => (T)1,
            Op.Subtract => (T)(operand == 0 ? 1 : -1),
            Op.Multiply => operand == 0 ? b : a,
            Op.Divide => operand == 0 ? 1 / b : -y / b,
            Op.Pow => operand == 0 ? When<T>(1 - T.Both(Eq(b, 0), Eq(a, 0)), b * T.Apply(Op.Pow, a, b - 1)) : When<T>(1 - T.Both(Eq(a, 0), T.Apply(Op.GreaterOrEqual, b, 0)), y * Map(Op.Log, a)),
            Op.Atan2 => operand == 0 ? T.Apply(Op.DirectionCosine, b, a) / T.Apply(Op.Hypot, a, b) : -T.Apply(Op.DirectionCosine, a, b) / T.Apply(Op.Hypot, a, b),
            Op.Hypot => When<T>(1 - Eq(y, 0), operand == 0 ? T.Apply(Op.DirectionCosine, a, b) : T.Apply(Op.DirectionCosine, b, a)),
            Op.DirectionCosine => operand == 0 ? Square(T.Apply(op, b, a)) / T.Apply(Op.Hypot, a, b) : -y * T.Apply(op, b, a) / T.Apply(Op.Hypot, a, b),
            Op.ShareOfNorm => operand == 0 ? 1 / b : -y / b,
            Op.Min => When<T>(1 - (operand == 0 ? T.Apply(Op.Greater, a, b) : T.Apply(Op.Greater, b, a)), 1 - (0.5 * Eq(a, b))),
            Op.Max => When<T>(1 - (operand == 0 ? T.Apply(Op.Less, a, b) : T.Apply(Op.Less, b, a)), 1 - (0.5 * Eq(a, b))),
            Op.Xlogy => operand == 0 ? Map(Op.Log, b) : When<T>(1 - T.Both(Eq(a, 0), Eq(b, 0)), a / Map(Op.PlusZero, b)),
            Op.LogBeta => operand == 0 ? T.Apply(Op.PolygammaDifference, 0, a, b) : T.Apply(Op.PolygammaDifference, 0, b, a),
            Op.Beta => T.Apply(Op.Where, y, y * (operand == 0 ? T.Apply(Op.PolygammaDifference, 0, a, b) : T.Apply(Op.PolygammaDifference, 0, b, a)), 0),
            Op.GammaP when operand == 1 => T.Apply(Op.GammaDensity, 0, a, b),
            Op.GammaQ when operand == 1 => -T.Apply(Op.GammaDensity, 0, a, b),
            Op.BesselJ when operand == 1 => (0.5 * T.Apply(op, a - 1, b)) - (0.5 * T.Apply(op, a + 1, b)),
            Op.BesselI when operand == 1 => (0.5 * T.Apply(op, a - 1, b)) + (0.5 * T.Apply(op, a + 1, b)),
            Op.Polygamma or Op.GammaDerivative or Op.SincDerivative or Op.LogNormalCdfDerivative when operand == 1 => T.Apply(op, a + 1, b),
            Op.Less or Op.LessOrEqual or Op.Greater or Op.GreaterOrEqual or Op.Equal => Partial<T>.Zero,
            _ => throw Missing(op, operand),
        };

    /// <summary>The partial derivative of a ternary primitive f(a, b, c) in operand 0, 1 or 2.</summary>
    public static Partial<T> Ternary<T>(Op op, int operand, T a, T b, T c)
        where T : struct, IElementary<T> => (op, operand) switch
        {
            (Op.Where, 0) => Partial<T>.Zero,
            (Op.Where, 1) => When<T>(1 - Eq(a, 0), 1),
            (Op.Where, 2) => When<T>(Eq(a, 0), 1),
            (Op.Clamp, 0) => When<T>(T.Both(1 - T.Apply(Op.Less, a, b), 1 - T.Apply(Op.Greater, a, c)), 1),
            (Op.Clamp, 1) => When<T>(T.Both(T.Apply(Op.Less, a, b), T.Apply(Op.LessOrEqual, b, c)), 1),
            (Op.Clamp, 2) => When<T>(T.Apply(Op.Greater, T.Apply(Op.Max, a, b), c), 1),
            (Op.PolygammaDifference, 1) => T.Apply(op, a + 1, b, c),
            (Op.PolygammaDifference, 2) => -T.Apply(Op.Polygamma, a + 1, b + c),
            (Op.GammaDensity or Op.Gaussian, 2) => T.Apply(op, a + 1, b, c),
            _ => throw Missing(op, operand),
        };

    private static T Map<T>(Op op, T x)
        where T : struct, IElementary<T> => T.Apply(op, x);

    private static T Square<T>(T x)
        where T : struct, IElementary<T> => x * x;

    private static T Eq<T>(T a, T b)
        where T : struct, IElementary<T> => T.Apply(Op.Equal, a, b);

    private static Partial<T> When<T>(T live, T factor)
        where T : struct, IElementary<T> => Partial<T>.When(live, factor);

    /// <summary>
    /// The factor of a distribution that is constant at ±∞: so fast does its density vanish that no algebraic slope of the argument counts beside it.
    /// </summary>
    private static Partial<T> WhereFinite<T>(T x, T factor)
        where T : struct, IElementary<T> => When(1 - Eq(Map(Op.Abs, x), double.PositiveInfinity), factor);

    private static NotDifferentiableException Missing(Op op, int operand) => new(op switch
    {
        _ when op.HasOrder() && operand == 0 => $"{op}: there is no derivative with respect to the order; make the order a constant.",
        Op.GammaP or Op.GammaQ or Op.GammaDensity or Op.Gaussian => $"{op}: there is no derivative with respect to a, only to x; make a a constant.",
        _ => $"{op}: no derivative is stated for this primitive.",
    });
}
