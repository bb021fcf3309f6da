// Linear algebra: systems of equations, determinants, factorizations and the exponential. Every function takes a matrix or
// a batch of them in leading axes. A factorization is one node that holds its factors side by side; slices tell them apart.

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// The solution x of a x = b. As in NumPy 2, b is a vector only if it has one axis; otherwise its last two axes are
    /// matrices whose columns are right-hand sides. Leading batch axes broadcast.
    /// </summary>
    /// <param name="a">Square matrices, of shape (…, n, n).</param>
    /// <param name="b">Of shape (n) or (…, n, k).</param>
    /// <returns>Of shape (…, n) if b is a vector, else (…, n, k).</returns>
    /// <exception cref="ShapeException">a is not square, b is not as long, or the batch axes do not broadcast.</exception>
    /// <exception cref="AutodiffException">A matrix is singular: elimination comes to a pivot that is exactly 0.</exception>
    public static Expr Solve(Expr a, Expr b) => SolveSystem(Op.Solve, null, a, b);

    /// <summary>
    /// The solution x of a x = b, or of aᵀ x = b, where a is triangular; the other triangle is not read and has derivative
    /// 0. Right-hand sides and batches are those of <see cref="Solve"/>.
    /// </summary>
    /// <param name="a">Square matrices, of shape (…, n, n).</param>
    /// <param name="b">Of shape (n) or (…, n, k).</param>
    /// <param name="lower">Whether it is the lower triangle of a that is read, or the upper one.</param>
    /// <param name="transpose">Whether to solve aᵀ x = b instead.</param>
    /// <param name="unitDiagonal">Whether the diagonal of a is taken to be ones, and not read.</param>
    /// <returns>Of shape (…, n) if b is a vector, else (…, n, k).</returns>
    /// <exception cref="ShapeException">a is not square, b is not as long, or the batch axes do not broadcast.</exception>
    /// <exception cref="AutodiffException">An element on a diagonal is 0.</exception>
    public static Expr SolveTriangular(Expr a, Expr b, bool lower = true, bool transpose = false, bool unitDiagonal = false)
    {
        _ = SquareOf("SolveTriangular", a);
        return SolveSystem(Op.SolveTriangular, new Triangle(lower != transpose, unitDiagonal), transpose ? MatrixTranspose(a) : a, b);
    }

    /// <summary>The inverse of a matrix. To multiply by it, <see cref="Solve"/> is faster and more accurate.</summary>
    /// <param name="a">Square matrices, of shape (…, n, n).</param>
    /// <exception cref="ShapeException">a is not square.</exception>
    /// <exception cref="AutodiffException">A matrix is singular: elimination comes to a pivot that is exactly 0.</exception>
    public static Expr Inverse(Expr a) => OfSquares(Op.Inverse, new Inversion(IsNaNWhereSingular: false), a);

    /// <summary>
    /// The determinant of a matrix. The derivative is the matrix of cofactors, right also where a is singular, and so are all
    /// higher ones; that of order k costs O(n³ + nᵏ). Units of rows and columns do not matter.
    /// </summary>
    /// <param name="a">Square matrices, of shape (…, n, n).</param>
    /// <returns>Of the shape of the batch axes.</returns>
    /// <exception cref="ShapeException">a is not square.</exception>
    public static Expr Det(Expr a) => OfSquares(Op.Det, null, a);

    /// <summary>
    /// log |det a|, without overflow: −∞ for a singular matrix, where the derivative is NaN. The derivative is a⁻ᵀ
    /// elsewhere.
    /// </summary>
    /// <param name="a">Square matrices, of shape (…, n, n).</param>
    /// <returns>Of the shape of the batch axes.</returns>
    /// <exception cref="ShapeException">a is not square.</exception>
    public static Expr LogDet(Expr a) => OfSquares(Op.LogDet, null, a);

    /// <summary>
    /// The lower triangular L with positive diagonal for which L Lᵀ = (a + aᵀ)/2: of a matrix that is not symmetric, the
    /// symmetric part is meant. So the gradient is symmetric.
    /// </summary>
    /// <param name="a">Positive definite matrices, of shape (…, n, n).</param>
    /// <exception cref="ShapeException">a is not square.</exception>
    /// <exception cref="AutodiffException">A matrix is not positive definite.</exception>
    public static Expr Cholesky(Expr a) => OfSquares(Op.Cholesky, null, a);

    /// <summary>
    /// The reduced factorization a = Q R: the columns of Q are orthonormal, and R is upper triangular (trapezoidal where
    /// m &lt; n). The diagonal of R is not negative, which makes the factors of a matrix of full rank unique, and smooth.
    /// There is no derivative where the first min(m, n) columns are linearly dependent.
    /// </summary>
    /// <param name="a">Matrices, of shape (…, m, n).</param>
    /// <returns>With k = min(m, n), Q of shape (…, m, k) and R of shape (…, k, n).</returns>
    /// <exception cref="ShapeException">a is not a matrix.</exception>
    public static (Expr Q, Expr R) Qr(Expr a)
    {
        var shape = MatrixOf("Qr", a);
        var (rows, columns) = (shape[shape.Rank - 2], shape[shape.Rank - 1]);
        if (rows < columns)
        {
            // The first columns determine Q; the others are combinations of its columns.
            var (basis, square) = Qr(Block(a, .., ..rows));
            return (basis, Concat([square, MatMul(MatrixTranspose(basis), Block(a, .., rows..))], -1));
        }

        return Factors.OfQr(OfMatrices(Op.Qr, null, a), rows, columns);
    }

    /// <summary>
    /// The eigenvalues and eigenvectors of a symmetric matrix: (a + aᵀ)/2 = V diag(λ) Vᵀ. Of a matrix that is not
    /// symmetric, the symmetric part is meant. The sign of a vector is arbitrary.
    /// </summary>
    /// <remarks>
    /// Where eigenvalues coincide, their vectors are an arbitrary basis and have no derivative: what depends on these
    /// vectors has a NaN or infinite derivative there, even if it is the same in every basis. What depends on the values,
    /// symmetrically, or on the vectors of other eigenvalues has the right gradient.
    /// </remarks>
    /// <param name="a">Symmetric matrices, of shape (…, n, n).</param>
    /// <returns>The values, of shape (…, n), ascending, and the vectors, of shape (…, n, n): the columns, in the same order.</returns>
    /// <exception cref="ShapeException">a is not square.</exception>
    public static (Expr Values, Expr Vectors) Eigh(Expr a) => Factors.OfEigh(OfSquares(Op.Eigh, null, a));

    /// <summary>
    /// The reduced singular value decomposition a = U diag(S) Vᵀ, with orthonormal columns in U and rows in Vᵀ. The signs
    /// of the vectors are arbitrary.
    /// </summary>
    /// <remarks>
    /// Where singular values coincide, or vanish in a matrix that is not square, their vectors are an arbitrary basis and
    /// have no derivative: what depends on these vectors has a NaN or infinite derivative there, even if it is the same in
    /// every basis. What depends on the values, symmetrically, or on the vectors of other values has the right gradient.
    /// </remarks>
    /// <param name="a">Matrices, of shape (…, m, n).</param>
    /// <returns>With k = min(m, n), U of shape (…, m, k), the values, of shape (…, k), descending, and Vᵀ of shape (…, k, n).</returns>
    /// <exception cref="ShapeException">a is not a matrix.</exception>
    public static (Expr U, Expr S, Expr Vt) Svd(Expr a)
    {
        var shape = MatrixOf("Svd", a);
        return Factors.OfSvd(OfMatrices(Op.Svd, null, a), shape[shape.Rank - 2], shape[shape.Rank - 1]);
    }

    /// <summary>
    /// The matrix exponential Σ aᵏ/k!, by scaling and squaring after balancing (A. H. Al-Mohy and N. J. Higham, A new scaling and
    /// squaring algorithm for the matrix exponential, SIAM J. Matrix Anal. Appl. 31, 2009), which is accurate far from normal.
    /// </summary>
    /// <remarks>
    /// The zeros of a triangular matrix stay exact, and its diagonal is that of the exponentials, to rounding. An element beyond the
    /// range of numbers is infinite, and leaves the others as they are.
    /// </remarks>
    /// <param name="a">Square matrices, of shape (…, n, n).</param>
    /// <exception cref="ShapeException">a is not square.</exception>
    public static Expr Expm(Expr a) => OfSquares(Op.Expm, null, a);

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

    /// <summary>The inverse of a square matrix, NaN where there is none.</summary>
    internal static Expr InverseOrNaN(Expr a) => OfMatrices(Op.Inverse, new Inversion(IsNaNWhereSingular: true), a);

    /// <summary>The matrix of cofactors of a square matrix.</summary>
    internal static Expr Cofactors(Expr a) => OfMatrices(Op.Cofactors, null, a);

    /// <summary>A primitive of one matrix: the batch axes stay, and the shape of what is made of a matrix follows from its own.</summary>
    internal static Expr OfMatrices(Op op, object? attribute, Expr a)
    {
        var (rows, columns) = (a.Shape[a.Rank - 2], a.Shape[a.Rank - 1]);
        int[] lengths = op switch
        {
            Op.Det or Op.LogDet => [],
            Op.Qr => [Shape.Of([rows + columns, columns], "Qr").Size],
            Op.Eigh => [rows, columns + 1],
            Op.Svd => [Shape.Of([Math.Min(rows, columns), rows + columns + 1], "Svd").Size],
            _ => [rows, columns],
        };
        return Make(op, attribute, Shape.Of([.. a.Shape.Lengths[..^2], .. lengths], op.Name()), [a]);
    }

    /// <summary>A system of equations with one or more right-hand sides, which keeps the kind of matrix: all of it, a triangle, or the Jacobian of a root.</summary>
    internal static Expr SolveSystem(Op op, object? attribute, Expr a, Expr b)
    {
        var left = SquareOf(op.Name(), a);
        var right = ShapeOf(op.Name(), b);
        var n = left[left.Rank - 1];
        if (right.IsScalar || right[Math.Max(right.Rank - 2, 0)] != n)
        {
            throw new ShapeException($"{op}: shapes {left} and {right} do not fit; the right-hand side of matrices (…, n, n) is a vector (n) or matrices (…, n, k).");
        }

        if (right.Rank == 1)
        {
            var column = SolveSystem(op, attribute, a, Reshape(b, n, 1));
            return Reshape(column, Shape.Of([.. column.Shape.Lengths[..^1]]));
        }

        var batch = Shape.TryBroadcast(BatchOf(left), BatchOf(right), op.Name())
            ?? throw new ShapeException($"{op}: shapes {left} and {right} do not fit; the axes before the last two must broadcast: be equal, or one of them 1.");
        return Make(op, attribute, Shape.Of([.. batch.Lengths, .. right.Lengths[^2..]], op.Name()), [a, b]);
    }

    /// <summary>Each matrix transposed: the last two axes exchanged.</summary>
    internal static Expr MatrixTranspose(Expr x) => Permute(x, [.. Enumerable.Range(0, x.Rank - 2), x.Rank - 1, x.Rank - 2]);

    /// <summary>Some rows and columns of each matrix.</summary>
    internal static Expr Block(Expr x, Range rows, Range columns) => x[[.. Enumerable.Repeat<Slice>(.., x.Rank - 2), rows, columns]];

    internal static Shape BatchOf(Shape shape) => Shape.Of([.. shape.Lengths[..^2]]);

    private static Expr OfSquares(Op op, object? attribute, Expr a)
    {
        _ = SquareOf(op.Name(), a);
        return OfMatrices(op, attribute, a);
    }

    private static Shape MatrixOf(string operation, Expr a)
    {
        var shape = ShapeOf(operation, a);
        return shape.Rank >= 2 ? shape
            : throw new ShapeException($"{operation}: shape {shape} is not that of matrices; it must be (…, m, n).");
    }

    private static Shape SquareOf(string operation, Expr a)
    {
        var shape = ShapeOf(operation, a);
        return shape.Rank >= 2 && shape[shape.Rank - 2] == shape[shape.Rank - 1] ? shape
            : throw new ShapeException($"{operation}: shape {shape} is not that of square matrices; it must be (…, n, n).");
    }
}
