// Solutions of least squares and least norm of systems with any matrix, and the pseudo-inverse.

using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// The x for which the Euclidean norm of a x − b is least; if there are several, as for m &lt; n, the one of least norm. Right-hand sides and batches are
    /// those of <see cref="Solve"/>: b is a vector only if it has one axis.
    /// </summary>
    /// <remarks>
    /// As in NumPy, singular values up to max(m, n)·2⁻⁵² times the largest count as 0, so a matrix of any rank has a solution. Where a has full rank, derivatives
    /// of every order are those of the solution. A matrix of lower rank has them for directions along which its rank stays, as those of a product U V of thin
    /// factors; in any other direction the solution jumps, and has no derivative.
    /// </remarks>
    /// <example>
    /// <code>
    /// var line = Lstsq(Stack([Ones(3), new double[] { 0, 1, 2 }], 1), new double[] { 1, 3, 5 }); // [1, 2]: the line 1 + 2t
    /// </code>
    /// </example>
    /// <param name="a">Matrices, of shape (…, m, n).</param>
    /// <param name="b">Of shape (m) or (…, m, k).</param>
    /// <returns>Of shape (…, n) if b is a vector, else (…, n, k).</returns>
    /// <exception cref="ShapeException">a is not a matrix, b is not as long, or the batch axes do not broadcast.</exception>
    public static Expr Lstsq(Expr a, Expr b) => new LeastSquaresPrimitive().Of(a, b);

    /// <summary>
    /// The pseudo-inverse of Moore and Penrose: a⁻¹ for an invertible matrix, (aᵀa)⁻¹aᵀ for one with independent columns, and V diag(1/s) Uᵀ over the singular
    /// values that are not rounding errors for any. To multiply by it, <see cref="Lstsq"/> is more accurate; rank and derivatives are the same.
    /// </summary>
    /// <param name="a">Matrices, of shape (…, m, n).</param>
    /// <returns>Of shape (…, n, m).</returns>
    /// <exception cref="ShapeException">a is not a matrix.</exception>
    public static Expr PInv(Expr a)
    {
        var shape = MatrixOf("PInv", a);
        return new LeastSquaresPrimitive().Of(a, Eye(shape[shape.Rank - 2]));
    }
}

/// <summary>
/// x = a⁺b. With r = b − ax, x′ = −a⁺a′x + a⁺a⁺ᵀa′ᵀr + (1 − a⁺a)a′ᵀa⁺ᵀx for directions along which the rank stays. (G. H. Golub and V. Pereyra, The
/// differentiation of pseudo-inverses and nonlinear least squares problems whose variables separate, SIAM J. Numer. Anal. 10, 1973.)
/// </summary>
internal sealed record LeastSquaresPrimitive : EquationsPrimitive
{
    public override Op Op => Op.Lstsq;

    public static Reader Reader { get; } = Reader.Binary("lstsq", Expr.Lstsq);

    public override Spelling Spelling => Spelling.Formed("lstsq", @"⟨a:Atom⟩^{+} \, ⟨b:Power⟩", Level.Product);

    public override Expr Of(Expr a, Expr b)
    {
        var shape = MatrixOf(Op.Name(), a);
        return Of(a, b, shape[shape.Rank - 2], shape[shape.Rank - 1], "matrices (…, m, n) is a vector (m) or matrices (…, m, k)");
    }

    protected override Expr Tangent(Point point, Expr node, int operand, Expr tangent)
    {
        var (a, b, x) = (point.Enter(node.Operand(0)), point.Enter(node.Operand(1)), point.Enter(node));
        if (operand == 1)
        {
            return Of(a, tangent);
        }

        var (transposed, moved) = (MatrixTranspose(a), MatrixTranspose(tangent));
        var outside = MatMul(moved, Of(transposed, x));
        var inRange = Of(a, Of(transposed, MatMul(moved, b - MatMul(a, x))) - MatMul(tangent, x) - MatMul(a, outside));
        return inRange + outside;
    }

    protected override Expr? Transpose(int operand, Expr a, Expr cotangent) => Of(MatrixTranspose(a), cotangent);

    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands)
    {
        var result = Storage.Uninitialized(shape, out var solutions);
        if (!solutions.IsEmpty)
        {
            SystemKernels.LeastSquares(MatricesOf(operands[0]), MatricesOf(operands[1]), shape.Lengths[..^2], solutions);
        }

        return result;
    }

    public override T[] EvaluateIn<T>(NumberField<T> field, Shape shape, ReadOnlySpan<NumberTensor<T>> operands)
    {
        var (rows, n, k) = (operands[0].Shape.Lengths[^2], shape.Lengths[^2], shape.Lengths[^1]);
        var (batch, rank) = (Shape.Of([.. shape.Lengths[..^2]]), Math.Min(rows, n));
        var (matrices, sides, results) = (operands[0].Over(Shape.Of([.. batch.Lengths, rows, n])), operands[1].Over(Shape.Of([.. batch.Lengths, rows, k])), new T[shape.Size]);
        Array.Fill(results, T.Zero);
        for (var i = 0; i < batch.Size && rank * k > 0; i++)
        {
            var factors = SvdPrimitive.DecomposeIn(field, matrices[(i * rows * n)..((i + 1) * rows * n)], rows, n);
            var (u, values, vt) = (factors[..(rows * rank)], factors[(rows * rank)..((rows + 1) * rank)], factors[((rows + 1) * rank)..]);
            var parts = FieldMatrices.Product<T>(FieldMatrices.Transposed<T>(u, rows, rank), sides.AsSpan(i * rows * k, rows * k), rank, rows, k);
            for (var at = 0; at < parts.Length; at++)
            {
                var value = values[at / k];
                parts[at] = MatrixKernels.IsRounding(field.Magnitude(value), field.Magnitude(values[0]), rows, n) ? T.Zero : parts[at] / value;
            }

            FieldMatrices.Product<T>(FieldMatrices.Transposed<T>(vt, rank, n), parts, n, rank, k).CopyTo(results, i * n * k);
        }

        return results;
    }
}
