// Integer powers of a matrix.

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// The product of n equal matrices, by repeated squaring; for negative n that of their inverses, and for n = 0 the
    /// identity.
    /// </summary>
    /// <param name="a">Square matrices, of shape (…, n, n).</param>
    /// <param name="n">The number of factors.</param>
    /// <exception cref="ShapeException">a is not square.</exception>
    /// <exception cref="AutodiffException">n is negative and a matrix is singular.</exception>
    public static Expr MatrixPower(Expr a, int n)
    {
        var shape = SquareOf("MatrixPower", a);
        var square = n < 0 ? Inverse(a) : a;
        Expr? power = null;
        for (var left = Math.Abs((long)n); left > 0; left >>= 1)
        {
            if ((left & 1) == 1)
            {
                power = power is null ? square : MatMul(power, square);
            }

            if (left > 1)
            {
                square = MatMul(square, square);
            }
        }

        return power ?? BroadcastTo(Eye(shape[shape.Rank - 1]), shape);
    }
}
