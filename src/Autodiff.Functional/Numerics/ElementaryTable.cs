// Which function of a register each elementwise primitive is: for an interpreter, which calls it through a switch, and for an
// emitter of code, which calls it by name. Both are the same function, so their results have the same bits.

using System.Reflection;

namespace Autodiff.Functional.Numerics;

internal static class ElementaryTable
{
    /// <summary>
    /// The generic method of <see cref="Elementary"/> for a primitive, whose one type parameter is the register and whose parameters are
    /// the operands; null if there is none, and <see cref="Elementary.Lanewise{T}(Op, T)"/> takes the primitive as its first argument.
    /// </summary>
    /// <remarks>The method has the primitive's name.</remarks>
    public static MethodInfo? MethodFor(Op op) => op.IsElementwise() ? typeof(Elementary).GetMethod(op.Name()) : null;

    public static T Apply<T>(Op op, T x)
        where T : struct, ILanes<T> => op switch
        {
            Op.Negate => Elementary.Negate(x),
            Op.Abs => Elementary.Abs(x),
            Op.Sign => Elementary.Sign(x),
            Op.Sqrt => Elementary.Sqrt(x),
            Op.Cbrt => Elementary.Cbrt(x),
            Op.Exp => Elementary.Exp(x),
            Op.Exp2 => Elementary.Exp2(x),
            Op.ExpM1 => Elementary.ExpM1(x),
            Op.Log => Elementary.Log(x),
            Op.Log2 => Elementary.Log2(x),
            Op.Log10 => Elementary.Log10(x),
            Op.LogP1 => Elementary.LogP1(x),
            Op.Sin => Elementary.Sin(x),
            Op.Cos => Elementary.Cos(x),
            Op.Tan => Elementary.Tan(x),
            Op.Asin => Elementary.Asin(x),
            Op.Acos => Elementary.Acos(x),
            Op.Atan => Elementary.Atan(x),
            Op.Sinh => Elementary.Sinh(x),
            Op.Cosh => Elementary.Cosh(x),
            Op.Tanh => Elementary.Tanh(x),
            Op.Asinh => Elementary.Asinh(x),
            Op.Acosh => Elementary.Acosh(x),
            Op.Atanh => Elementary.Atanh(x),
            Op.Sigmoid => Elementary.Sigmoid(x),
            Op.Softplus => Elementary.Softplus(x),
            Op.Relu => Elementary.Relu(x),
            Op.Floor => Elementary.Floor(x),
            Op.Ceiling => Elementary.Ceiling(x),
            Op.Round => Elementary.Round(x),
            Op.Erf => Elementary.Erf(x),
            Op.Erfc => Elementary.Erfc(x),
            Op.NormalCdf => Elementary.NormalCdf(x),
            Op.LogisticDensity => Elementary.LogisticDensity(x),
            Op.AsinDerivative => Elementary.AsinDerivative(x),
            Op.PlusZero => Elementary.PlusZero(x),
            Op.StopGradient => Elementary.StopGradient(x),
            _ => Elementary.Lanewise(op, x),
        };

    public static T Apply<T>(Op op, T a, T b)
        where T : struct, ILanes<T> => op switch
        {
            Op.Add => Elementary.Add(a, b),
            Op.Subtract => Elementary.Subtract(a, b),
            Op.Multiply => Elementary.Multiply(a, b),
            Op.Divide => Elementary.Divide(a, b),
            Op.Pow => Elementary.Pow(a, b),
            Op.Atan2 => Elementary.Atan2(a, b),
            Op.Hypot => Elementary.Hypot(a, b),
            Op.DirectionCosine => Elementary.DirectionCosine(a, b),
            Op.ShareOfNorm => Elementary.ShareOfNorm(a, b),
            Op.Min => Elementary.Min(a, b),
            Op.Max => Elementary.Max(a, b),
            Op.Xlogy => Elementary.Xlogy(a, b),
            Op.Less => Elementary.Less(a, b),
            Op.LessOrEqual => Elementary.LessOrEqual(a, b),
            Op.Greater => Elementary.Greater(a, b),
            Op.GreaterOrEqual => Elementary.GreaterOrEqual(a, b),
            Op.Equal => Elementary.Equal(a, b),
            _ => Elementary.Lanewise(op, a, b),
        };

    public static T Apply<T>(Op op, T a, T b, T c)
        where T : struct, ILanes<T> => op switch
        {
            Op.Gaussian => Elementary.Gaussian(a, b, c),
            Op.Clamp => Elementary.Clamp(a, b, c),
            Op.Where => Elementary.Where(a, b, c),
            _ => Elementary.Lanewise(op, a, b, c),
        };
}
