// The polar factor of a matrix.

using Autodiff.Functional.Formulas;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// The polar factor U Vᵀ of a = U diag(s) Vᵀ: the nearest matrix to a with orthonormal columns (rows if m &lt; n), which is the rotation
    /// or reflection part of a. a is the product of this factor and a symmetric positive definite matrix.
    /// </summary>
    /// <remarks>
    /// The derivatives are right to every order, also where singular values coincide, as at an orthogonal matrix: they divide by
    /// sums of two singular values. For a square matrix, they stay moderate also if one singular value is tiny.
    /// </remarks>
    /// <param name="a">Matrices of full rank, of shape (…, m, n).</param>
    /// <exception cref="ShapeException">a is not a matrix.</exception>
    /// <exception cref="AutodiffException">
    /// A matrix does not have full rank: its smallest singular value is at most max(m, n)·2⁻⁵² times the largest, so its factor would be
    /// determined by rounding errors.
    /// </exception>
    public static Expr PolarFactor(Expr a)
    {
        _ = MatrixOf("PolarFactor", a);
        return new PolarFactorPrimitive().Of(a);
    }
}

/// <summary>
/// Q = U Vᵀ of a = U diag(s) Vᵀ. With a = QH and H = Qᵀa symmetric, a′ = Q′H + QH′. Hence Qᵀa′ − a′ᵀQ = ΩH + HΩ, which determines the
/// antisymmetric Ω = QᵀQ′; and the part of a′ outside the column space of Q determines that of Q′. (C. S. Kenney and A. J. Laub, Polar
/// decomposition and matrix sign function condition estimates, SIAM J. Sci. Stat. Comput. 12, 1991.) Only sums of two singular values are
/// divided by; for a square matrix they are of two different ones, so never of the smallest one alone.
/// </summary>
/// <param name="IsPartial">
/// Whether a matrix of lower rank has the sum of uᵢvᵢᵀ over its singular values other than 0, which is the least subgradient of the nuclear norm, instead of
/// an error. Derivatives then are those along which the rank stays, and NaN where sums of two singular values are 0.
/// </param>
internal sealed record PolarFactorPrimitive(bool IsPartial = false) : OneMatrixPrimitive
{
    public override Op Op => Op.PolarFactor;

    private const string Partial = "partial";

    public static Reader Reader { get; } = new("polarfactor", call => new PolarFactorPrimitive(call.Flag(Partial)).OfMatrix(call.Operand("the matrix")));

    public override IEnumerable<(string Label, string Text)> Attributes(Expr node) => IsPartial ? [(Partial, "true")] : [];

    public override Spelling Spelling => new("polarfactor");

    protected override Expr Tangent(Expr a, Expr y, Expr tangent) => Moved(a, y, tangent, IsPartial);

    protected override T[] ComputeIn<T>(NumberField<T> field, T[] a, int rows, int columns)
    {
        var rank = Math.Min(rows, columns);
        var factors = SvdPrimitive.DecomposeIn(field, a, rows, columns);
        var (u, values, vt) = (factors[..(rows * rank)], factors[(rows * rank)..((rows + 1) * rank)], factors[((rows + 1) * rank)..]);
        bool IsRounding(int k) => MatrixKernels.IsRounding(field.Magnitude(values[k]), field.Magnitude(values[0]), rows, columns);
        for (var i = 0; i < u.Length && IsPartial; i++)
        {
            u[i] = IsRounding(i % rank) ? T.Zero : u[i];
        }

        return IsPartial || !IsRounding(rank - 1)
            ? FieldMatrices.Product<T>(u, vt, rows, rank, columns)
            : throw Error(rows, columns, $"has linearly dependent {(rows < columns ? "rows" : "columns")} to rounding, so its polar factor is not unique");
    }

    protected override MatrixKernels.Kernel KernelFor(int rows, int columns) => IsPartial ? MatrixKernels.PartialIsometry : MatrixKernels.PolarFactor;

    private static Expr Moved(Expr a, Expr q, Expr tangent, bool isPartial)
    {
        var (rows, columns) = (a.Shape[a.Rank - 2], a.Shape[a.Rank - 1]);
        if (rows < columns)
        {
            return MatrixTranspose(Moved(MatrixTranspose(a), MatrixTranspose(q), MatrixTranspose(tangent), isPartial));
        }

        var transposed = MatrixTranspose(q);
        var (stretch, inner) = (MatMul(transposed, a), MatMul(transposed, tangent));
        var turned = MatMul(q, new LyapunovPrimitive().Of(stretch, inner));
        if (rows == columns)
        {
            return turned;
        }

        var outside = MatrixTranspose(tangent - MatMul(q, inner));
        return turned + MatrixTranspose(isPartial ? new LeastSquaresPrimitive().Of(Blocks.Symmetric(stretch), outside) : new SolvePrimitive().Of(Blocks.Symmetric(stretch), outside));
    }
}
