// Units of measure: powers of two, which change no digit of a number.

using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.LinearAlgebra;

internal static class Scaling
{
    /// <summary>Units in a column, 2 to the exponents.</summary>
    public static Expr Powers(int[] exponents) => Constant(Array.ConvertAll(exponents, exponent => Math.ScaleB(1, exponent)), new Shape(exponents.Length, 1));

    /// <summary>2ᵉ x, also where 2ᵉ itself is no double.</summary>
    public static Expr Times2To(Expr x, int exponent) => Constant(Array.ConvertAll(x.ToArray(), element => Math.ScaleB(element, exponent)), x.Shape);

    /// <summary>Each element of a vector in a unit of its own.</summary>
    public static Expr Times2To(Expr x, int[] exponents) => Constant([.. x.ToArray().Zip(exponents, Math.ScaleB)], x.Shape);

    /// <summary>Each element in the unit of its row and column.</summary>
    public static Expr Times2To(Expr x, int[] rows, int[] columns) => Constant(
        [.. x.ToArray().Select((element, i) => Math.ScaleB(element, rows[i / columns.Length] + columns[i % columns.Length]))], x.Shape);
}
