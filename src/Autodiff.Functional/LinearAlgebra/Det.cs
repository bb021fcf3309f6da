// The determinant of a matrix, and the logarithm of its magnitude.

using Autodiff.Functional.Formulas;
using Autodiff.Functional.LinearAlgebra;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// The determinant of a matrix. The derivative is the matrix of cofactors; it and all higher derivatives are accurate also if a is
    /// singular. The derivative of order k costs O(n³ + nᵏ). The accuracy does not depend on the units of rows and columns.
    /// </summary>
    /// <param name="a">Square matrices, of shape (…, n, n).</param>
    /// <returns>Of the shape of the batch axes.</returns>
    /// <exception cref="ShapeException">a is not square.</exception>
    public static Expr Det(Expr a) => new DetPrimitive().OfSquare(a);

    /// <summary>
    /// log |det a|, without overflow. It is −∞ for a singular matrix, where the derivative is NaN; for other matrices the
    /// derivative is a⁻ᵀ.
    /// </summary>
    /// <param name="a">Square matrices, of shape (…, n, n).</param>
    /// <returns>Of the shape of the batch axes.</returns>
    /// <exception cref="ShapeException">a is not square.</exception>
    public static Expr LogDet(Expr a) => new LogDetPrimitive().OfSquare(a);

    /// <summary>
    /// The sign of det a and log |det a|, without overflow: det a is their product Sign · exp(LogAbsDet). A singular matrix has the sign 0 and the logarithm −∞.
    /// </summary>
    /// <remarks>The sign has derivative 0; the logarithm is <see cref="LogDet"/>, with derivative a⁻ᵀ, and NaN for a singular matrix.</remarks>
    /// <param name="a">Square matrices, of shape (…, n, n).</param>
    /// <returns>Both of the shape of the batch axes.</returns>
    /// <exception cref="ShapeException">a is not square.</exception>
    public static (Expr Sign, Expr LogAbsDet) SignedLogDet(Expr a)
    {
        _ = SquareOf("SignedLogDet", a);
        return (new DetSignPrimitive().Of(a), LogDet(a));
    }
}

/// <summary>The sign of det a, which is constant wherever it is continuous.</summary>
internal sealed record DetSignPrimitive : OneMatrixPrimitive
{
    public override Op Op => Op.DetSign;

    public static Reader Reader { get; } = Reader.Unary("detsign", a => new DetSignPrimitive().OfSquare(a));

    public override Spelling Spelling => Spelling.Formed("detsign", @"\operatorname{sign}\left(\det ⟨a:Atom⟩\right)");

    /// <summary>The determinant of an empty matrix is the empty product.</summary>
    public override double OfNone => 1;

    protected override int[] LengthsFor(int rows, int columns) => [];

    protected override Expr Tangent(Expr a, Expr y, Expr tangent) => Zeros(y.Shape);

    protected override T[] ComputeIn<T>(NumberField<T> field, T[] a, int rows, int columns) => [FieldMatrices.Eliminate(field, a, [], rows) is { } pivots
        ? pivots.Aggregate(T.One, (sign, pivot) => field.Approximate(pivot) < 0 ? -sign : sign)
        : T.Zero];

    protected override MatrixKernels.Kernel KernelFor(int rows, int columns) => MatrixKernels.DetSign;
}

/// <summary>det a, with the derivative ⟨cof a, a′⟩.</summary>
internal sealed record DetPrimitive : OneMatrixPrimitive
{
    public override Op Op => Op.Det;

    public static Reader Reader { get; } = Reader.Unary("det", Expr.Det);

    public override Spelling Spelling => Spelling.Command("det");

    /// <summary>The determinant of an empty matrix is the empty product.</summary>
    public override double OfNone => 1;

    protected override int[] LengthsFor(int rows, int columns) => [];

    protected override Expr Tangent(Expr a, Expr y, Expr tangent) => Blocks.Inner(new CofactorsPrimitive().Of(a), tangent);

    public override PowerSeries Expand(Expr node, PowerSeries[] operands, Expr primal, SeriesTable table) => DeterminantSeries.OfDet(operands[0], primal, table);

    protected override T[] ComputeIn<T>(NumberField<T> field, T[] a, int rows, int columns) =>
        [FieldMatrices.Eliminate(field, a, [], rows) is { } pivots ? pivots.Aggregate(T.One, (product, pivot) => product * pivot) : T.Zero];

    protected override MatrixKernels.Kernel KernelFor(int rows, int columns) => MatrixKernels.Det;
}

/// <summary>log |det a|, with the derivative ⟨a⁻ᵀ, a′⟩.</summary>
internal sealed record LogDetPrimitive : OneMatrixPrimitive
{
    public override Op Op => Op.LogDet;

    public static Reader Reader { get; } = Reader.Unary("logdet", Expr.LogDet);

    public override Spelling Spelling => Spelling.Formed("logdet", @"\log\left|\det ⟨a:Atom⟩\right|");

    protected override int[] LengthsFor(int rows, int columns) => [];

    protected override Expr Tangent(Expr a, Expr y, Expr tangent) => Blocks.Inner(MatrixTranspose(new InversePrimitive(IsNaNWhereSingular: true).Of(a)), tangent);

    protected override T[] ComputeIn<T>(NumberField<T> field, T[] a, int rows, int columns)
    {
        if (FieldMatrices.Eliminate(field, a, [], rows) is not { } pivots)
        {
            return [field.Constant(double.NegativeInfinity)];
        }

        var sum = T.Zero;
        foreach (var pivot in pivots)
        {
            sum += field.Apply(Op.Log, field.Approximate(pivot) < 0 ? -pivot : pivot);
        }

        return [sum];
    }

    protected override MatrixKernels.Kernel KernelFor(int rows, int columns) => MatrixKernels.LogDet;
}
