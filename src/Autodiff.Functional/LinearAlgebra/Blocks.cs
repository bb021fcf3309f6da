// Parts of matrices as expressions, in which the derivatives of linear algebra are written.

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>Each matrix transposed: the last two axes exchanged.</summary>
    internal static Expr MatrixTranspose(Expr x) => Permute(x, [.. Enumerable.Range(0, x.Rank - 2), x.Rank - 1, x.Rank - 2]);

    /// <summary>A range of rows and columns of each matrix.</summary>
    internal static Expr Block(Expr x, Range rows, Range columns) => x[[.. Enumerable.Repeat<Slice>(.., x.Rank - 2), rows, columns]];
}

internal static class Blocks
{
    /// <summary>The inner product of matrices.</summary>
    public static Expr Inner(Expr a, Expr b) => Expr.Sum(a * b, [-2, -1]);

    /// <summary>The mean of a square matrix and its transpose.</summary>
    public static Expr Symmetric(Expr x) => (x / 2) + (Expr.MatrixTranspose(x) / 2);

    /// <summary>The diagonal of each matrix.</summary>
    public static Expr Diagonal(Expr x) => Expr.Einsum("...ii->...i", x);

    /// <summary>x / y with zeros on the diagonal, where y may be 0: derivatives of the quotient would be NaN there even if it is not used.</summary>
    public static Expr QuotientOffDiagonal(Expr x, Expr y)
    {
        var diagonal = Expr.Eye(x.Shape[x.Rank - 1]);
        return Expr.Where(diagonal, 0, x / Expr.Where(diagonal, 1, y));
    }

    /// <summary>Each vector as a matrix of one row.</summary>
    public static Expr Row(Expr x) => Expr.Reshape(x, Shape.Of([.. x.Shape.Lengths[..^1], 1, x.Shape[x.Rank - 1]]));

    /// <summary>Each vector as a matrix of one column.</summary>
    public static Expr Column(Expr x) => Expr.Reshape(x, Shape.Of([.. x.Shape.Lengths, 1]));

    /// <summary>
    /// The n × n matrix with ones below the diagonal, and on as many further diagonals from the main one upward as given; zeros elsewhere.
    /// </summary>
    public static Expr Below(int n, int diagonals) => Expr.Reshape(Expr.Arange(n), n, 1) + diagonals > Expr.Arange(n);

    /// <summary>
    /// A unit for the values of a matrix: the largest absolute value, without derivative. Quotients in this unit, and their squares in the
    /// next derivative, do not overflow or underflow. Differences of values are taken before the division, and of halves of the values, so
    /// that they are not rounded twice and do not overflow either.
    /// </summary>
    public static Expr Unit(Expr values)
    {
        if (values.Shape.Size == 0)
        {
            return 1;
        }

        var largest = Expr.Apply(Op.StopGradient, Expr.MaxOf(Expr.Abs(values), [-1], keepDims: true));
        return Column(Expr.Where(largest > 0, largest, 1));
    }
}
