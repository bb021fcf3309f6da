// The inverse of a matrix.

using Autodiff.Functional.Formulas;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>The inverse of a matrix. To multiply by it, <see cref="Solve"/> is faster and more accurate.</summary>
    /// <param name="a">Square matrices, of shape (…, n, n).</param>
    /// <exception cref="ShapeException">a is not square.</exception>
    /// <exception cref="AutodiffException">A matrix is singular: elimination comes to a pivot that is exactly 0.</exception>
    public static Expr Inverse(Expr a) => new InversePrimitive().OfSquare(a);
}

/// <summary>a⁻¹, with (a⁻¹)′ = −a⁻¹ a′ a⁻¹.</summary>
/// <param name="IsNaNWhereSingular">Whether the value for a singular matrix is NaN, for a derivative that a mask may remove, instead of an error.</param>
internal sealed record InversePrimitive(bool IsNaNWhereSingular = false) : OneMatrixPrimitive
{
    public override Op Op => Op.Inverse;

    public static Reader Reader { get; } = new("inverse", call => new InversePrimitive(call.Flag(WhereSingular)).OfSquare(call.Operand("the matrix")));

    private const string WhereSingular = "nanwheresingular";

    public override Spelling Spelling => Spelling.Formed("inverse", @"⟨a:Atom⟩^{-1}", Level.Power);

    public override IEnumerable<(string Label, string Text)> Attributes(Expr node) => IsNaNWhereSingular ? [(WhereSingular, "true")] : [];

    protected override Expr Tangent(Expr a, Expr y, Expr tangent) => -MatMul(y, MatMul(tangent, y));

    protected override T[] ComputeIn<T>(NumberField<T> field, T[] a, int rows, int columns)
    {
        var inverse = FieldMatrices.Identity<T>(rows);
        if (FieldMatrices.Eliminate(field, a, inverse, rows) is null)
        {
            Array.Fill(inverse, IsNaNWhereSingular ? field.Constant(double.NaN) : throw Error(rows, columns, "is singular: elimination comes to a pivot of 0"));
        }

        return inverse;
    }

    protected override MatrixKernels.Kernel KernelFor(int rows, int columns) => IsNaNWhereSingular ? MatrixKernels.InverseOrNaN : MatrixKernels.Inverse;
}
