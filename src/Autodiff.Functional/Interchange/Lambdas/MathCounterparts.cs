// The static methods of System.Math and System.Double as functions of expressions, through the generic math that Expr implements.

using System.Numerics;

namespace Autodiff.Functional.Interchange;

/// <summary>What methods of <see cref="Math"/> and <see cref="double"/> compute, on expressions instead of doubles.</summary>
internal static class MathCounterparts
{
    /// <summary>The method of the given name applied to expressions; null if it has no counterpart.</summary>
    /// <param name="name">The name of the method.</param>
    /// <param name="numbers">The arguments that are doubles, which come first.</param>
    /// <param name="others">The arguments that are not, such as a number of digits.</param>
    public static Expr? Apply(string name, Expr[] numbers, object?[] others) => Predicate(name, numbers) ?? Function(name, numbers, others);

    private static Expr? Predicate(string name, Expr[] numbers) => (name, numbers) switch
    {
        ("IsNaN", [var x]) => Expr.IsNaN(x),
        ("IsFinite", [var x]) => Expr.IsFinite(x),
        ("IsInfinity", [var x]) => Expr.Eq(Expr.Abs(x), double.PositiveInfinity),
        ("IsPositiveInfinity", [var x]) => Expr.Eq(x, double.PositiveInfinity),
        ("IsNegativeInfinity", [var x]) => Expr.Eq(x, double.NegativeInfinity),
        ("Sign", [var x]) => Expr.Sign(x),
        _ => null,
    };

    private static T? Function<T>(string name, T[] numbers, object?[] others)
        where T : class, IFloatingPointIeee754<T> => (name, numbers, others) switch
        {
            ("Abs", [var x], []) => T.Abs(x),
            ("Acos", [var x], []) => T.Acos(x),
            ("AcosPi", [var x], []) => T.AcosPi(x),
            ("Acosh", [var x], []) => T.Acosh(x),
            ("Asin", [var x], []) => T.Asin(x),
            ("AsinPi", [var x], []) => T.AsinPi(x),
            ("Asinh", [var x], []) => T.Asinh(x),
            ("Atan", [var x], []) => T.Atan(x),
            ("Atan2", [var y, var x], []) => T.Atan2(y, x),
            ("Atan2Pi", [var y, var x], []) => T.Atan2Pi(y, x),
            ("AtanPi", [var x], []) => T.AtanPi(x),
            ("Atanh", [var x], []) => T.Atanh(x),
            ("Cbrt", [var x], []) => T.Cbrt(x),
            ("Ceiling", [var x], []) => T.Ceiling(x),
            ("Clamp", [var x, var low, var high], []) => T.Clamp(x, low, high),
            ("ClampNative", [var x, var low, var high], []) => T.ClampNative(x, low, high),
            ("CopySign", [var x, var sign], []) => T.CopySign(x, sign),
            ("Cos", [var x], []) => T.Cos(x),
            ("CosPi", [var x], []) => T.CosPi(x),
            ("Cosh", [var x], []) => T.Cosh(x),
            ("DegreesToRadians", [var x], []) => T.DegreesToRadians(x),
            ("Exp", [var x], []) => T.Exp(x),
            ("Exp10", [var x], []) => T.Exp10(x),
            ("Exp10M1", [var x], []) => T.Exp10M1(x),
            ("Exp2", [var x], []) => T.Exp2(x),
            ("Exp2M1", [var x], []) => T.Exp2M1(x),
            ("ExpM1", [var x], []) => T.ExpM1(x),
            ("Floor", [var x], []) => T.Floor(x),
            ("FusedMultiplyAdd", [var x, var y, var z], []) => T.FusedMultiplyAdd(x, y, z),
            ("Hypot", [var x, var y], []) => T.Hypot(x, y),
            ("IEEERemainder" or "Ieee754Remainder", [var x, var y], []) => T.Ieee754Remainder(x, y),
            ("Lerp", [var x, var y, var amount], []) => T.Lerp(x, y, amount),
            ("Log", [var x], []) => T.Log(x),
            ("Log", [var x, var newBase], []) => T.Log(x, newBase),
            ("Log10", [var x], []) => T.Log10(x),
            ("Log10P1", [var x], []) => T.Log10P1(x),
            ("Log2", [var x], []) => T.Log2(x),
            ("Log2P1", [var x], []) => T.Log2P1(x),
            ("LogP1", [var x], []) => T.LogP1(x),
            ("Max", [var x, var y], []) => T.Max(x, y),
            ("MaxMagnitude", [var x, var y], []) => T.MaxMagnitude(x, y),
            ("MaxMagnitudeNumber", [var x, var y], []) => T.MaxMagnitudeNumber(x, y),
            ("MaxNative", [var x, var y], []) => T.MaxNative(x, y),
            ("MaxNumber", [var x, var y], []) => T.MaxNumber(x, y),
            ("Min", [var x, var y], []) => T.Min(x, y),
            ("MinMagnitude", [var x, var y], []) => T.MinMagnitude(x, y),
            ("MinMagnitudeNumber", [var x, var y], []) => T.MinMagnitudeNumber(x, y),
            ("MinNative", [var x, var y], []) => T.MinNative(x, y),
            ("MinNumber", [var x, var y], []) => T.MinNumber(x, y),
            ("MultiplyAddEstimate", [var x, var y, var z], []) => T.MultiplyAddEstimate(x, y, z),
            ("Pow", [var x, var exponent], []) => T.Pow(x, exponent),
            ("RadiansToDegrees", [var x], []) => T.RadiansToDegrees(x),
            ("ReciprocalEstimate", [var x], []) => T.ReciprocalEstimate(x),
            ("ReciprocalSqrtEstimate", [var x], []) => T.ReciprocalSqrtEstimate(x),
            ("Remainder", [var x, var y], []) => x % y,
            ("RootN", [var x], [int n]) => T.RootN(x, n),
            ("Round", [var x], []) => T.Round(x),
            ("Round", [var x], [int digits]) => T.Round(x, digits),
            ("Round", [var x], [MidpointRounding mode]) => T.Round(x, mode),
            ("Round", [var x], [int digits, MidpointRounding mode]) => T.Round(x, digits, mode),
            ("ScaleB", [var x], [int n]) => T.ScaleB(x, n),
            ("Sin", [var x], []) => T.Sin(x),
            ("SinPi", [var x], []) => T.SinPi(x),
            ("Sinh", [var x], []) => T.Sinh(x),
            ("Sqrt", [var x], []) => T.Sqrt(x),
            ("Tan", [var x], []) => T.Tan(x),
            ("TanPi", [var x], []) => T.TanPi(x),
            ("Tanh", [var x], []) => T.Tanh(x),
            ("Truncate", [var x], []) => T.Truncate(x),
            _ => null,
        };
}
