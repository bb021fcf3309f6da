// Norms, condition numbers and ranks of matrices.

namespace Autodiff.Functional;

public sealed partial class Expr
{
    private const string Frobenius = "fro";
    private const string Nuclear = "nuc";

    /// <summary>The Frobenius norm of matrices: the root of the sum of the squares of all elements.</summary>
    /// <param name="a">Matrices, of shape (…, m, n).</param>
    /// <returns>Of the shape of the batch axes.</returns>
    /// <exception cref="ShapeException">a is not a matrix.</exception>
    public static Expr MatrixNorm(Expr a) => MatrixNorm(a, Frobenius);

    /// <summary>A norm of matrices: "fro", the root of the sum of the squares of all elements, or "nuc", the sum of the singular values.</summary>
    /// <remarks>
    /// The nuclear norm has the derivative U Vᵀ and derivatives of every order where a has full rank, also where singular values coincide. At a matrix of lower
    /// rank it has a kink, and the derivative is the least subgradient, U Vᵀ over the singular values other than 0.
    /// </remarks>
    /// <param name="a">Matrices, of shape (…, m, n).</param>
    /// <param name="order">"fro" or "nuc".</param>
    /// <returns>Of the shape of the batch axes.</returns>
    /// <exception cref="ShapeException">a is not a matrix.</exception>
    /// <exception cref="AutodiffException">There is no such norm.</exception>
    public static Expr MatrixNorm(Expr a, string order)
    {
        _ = MatrixOf("MatrixNorm", a);
        return order switch
        {
            Frobenius => Norm(a, [-2, -1]),
            Nuclear => new NuclearNormPrimitive().Of(a),
            null => throw AutodiffException.Null("MatrixNorm", "the order"),
            _ => throw new AutodiffException($"MatrixNorm: there is no norm \"{order}\"; use \"{Frobenius}\", \"{Nuclear}\", or the numbers 1, 2, ∞ and their negatives."),
        };
    }

    /// <summary>
    /// A norm of matrices by its number: 1, the largest sum of absolute values in a column; 2, the largest singular value; ∞, the largest sum of absolute values
    /// in a row. As in NumPy, −1, −2 and −∞ are the smallest of these in place of the largest.
    /// </summary>
    /// <remarks>Derivatives are those of the largest column, singular value or row; several that are equal share it, as in <see cref="MaxOf"/>.</remarks>
    /// <param name="a">Matrices, of shape (…, m, n), with m and n at least 1.</param>
    /// <param name="order">1, 2, ∞, −1, −2 or −∞.</param>
    /// <returns>Of the shape of the batch axes.</returns>
    /// <exception cref="ShapeException">a is not a matrix, or has no elements.</exception>
    /// <exception cref="AutodiffException">There is no such norm.</exception>
    public static Expr MatrixNorm(Expr a, double order)
    {
        var shape = MatrixOf("MatrixNorm", a);
        Expr values = Math.Abs(order) switch
        {
            1 => Sum(Abs(a), -2),
            double.PositiveInfinity => Sum(Abs(a), -1),
            2 => Svd(a).S,
            _ => throw new AutodiffException(FormattableString.Invariant($"MatrixNorm: there is no norm {order}; use 1, 2, ∞, their negatives, \"{Frobenius}\" or \"{Nuclear}\".")),
        };
        return shape[shape.Rank - 2] == 0 || shape[shape.Rank - 1] == 0
            ? throw new ShapeException($"MatrixNorm: matrices of shape {shape} have no elements, of which none is the largest; use \"{Frobenius}\" or \"{Nuclear}\".")
            : order > 0 ? MaxOf(values, -1) : MinOf(values, -1);
    }

    /// <summary>
    /// The condition number: the largest singular value divided by the smallest, ∞ for a matrix without full rank. Relative errors of a and b are magnified up to
    /// so many times in the solution of a x = b.
    /// </summary>
    /// <param name="a">Matrices, of shape (…, m, n), with m and n at least 1.</param>
    /// <returns>Of the shape of the batch axes.</returns>
    /// <exception cref="ShapeException">a is not a matrix, or has no elements.</exception>
    public static Expr ConditionNumber(Expr a) => ConditionNumber(a, 2);

    /// <summary>The condition number in a norm: that of a times that of its inverse, ∞ for a singular matrix.</summary>
    /// <param name="a">Square matrices, of shape (…, n, n); for the orders 2 and −2 of any shape (…, m, n).</param>
    /// <param name="order">1, 2, ∞, −1, −2 or −∞: see <see cref="MatrixNorm(Expr, double)"/>. The order −2 gives the inverse of that of order 2.</param>
    /// <returns>Of the shape of the batch axes.</returns>
    /// <exception cref="ShapeException">a is not square, or has no elements.</exception>
    /// <exception cref="AutodiffException">There is no such norm.</exception>
    public static Expr ConditionNumber(Expr a, double order)
    {
        if (order is 2 or -2)
        {
            var shape = MatrixOf("ConditionNumber", a);
            if (shape[shape.Rank - 2] == 0 || shape[shape.Rank - 1] == 0)
            {
                throw new ShapeException($"ConditionNumber: matrices of shape {shape} have no elements, so they have no singular values to compare.");
            }

            var values = Svd(a).S;
            var (largest, smallest) = (MaxOf(values, -1), MinOf(values, -1));
            return order < 0 ? Where(Eq(largest, 0), 0, smallest / largest) : Where(Eq(smallest, 0), double.PositiveInfinity, largest / smallest);
        }

        return Conditioned(a, x => MatrixNorm(x, order));
    }

    /// <summary>The condition number in a norm: that of a times that of its inverse, ∞ for a singular matrix.</summary>
    /// <param name="a">Square matrices, of shape (…, n, n).</param>
    /// <param name="order">"fro" or "nuc": see <see cref="MatrixNorm(Expr, string)"/>.</param>
    /// <returns>Of the shape of the batch axes.</returns>
    /// <exception cref="ShapeException">a is not square.</exception>
    /// <exception cref="AutodiffException">There is no such norm.</exception>
    public static Expr ConditionNumber(Expr a, string order) => Conditioned(a, x => MatrixNorm(x, order));

    /// <summary>
    /// How many rows, or columns, are linearly independent: the number of singular values larger than max(m, n)·2⁻⁵² times the largest, as in NumPy. It has
    /// derivative 0.
    /// </summary>
    /// <param name="a">Matrices, of shape (…, m, n).</param>
    /// <returns>Of the shape of the batch axes.</returns>
    /// <exception cref="ShapeException">a is not a matrix.</exception>
    public static Expr MatrixRank(Expr a)
    {
        var shape = MatrixOf("MatrixRank", a);
        var (rows, columns) = (shape[shape.Rank - 2], shape[shape.Rank - 1]);
        if (rows == 0 || columns == 0)
        {
            return Zeros(BatchOf(shape));
        }

        var values = Svd(a).S;
        return Sum(values > MaxOf(values, -1, keepDims: true) * (Math.Max(rows, columns) * Math.ScaleB(1, -52)), -1);
    }

    private static Expr Conditioned(Expr a, Func<Expr, Expr> norm)
    {
        _ = SquareOf("ConditionNumber", a);
        var isSingular = Eq(new DetSignPrimitive().Of(a), 0);
        return Where(isSingular, double.PositiveInfinity, norm(a) * norm(new InversePrimitive(IsNaNWhereSingular: true).Of(a)));
    }
}
