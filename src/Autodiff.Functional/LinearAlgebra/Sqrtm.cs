// The principal square root of a matrix.

using Autodiff.Functional.Formulas;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// The principal square root y of a general real matrix: y y = a, with eigenvalues in the right half plane. It is real if no eigenvalue of a is a negative
    /// number. The derivatives, of every order, solve Sylvester equations with y, and are right also where eigenvalues coincide.
    /// </summary>
    /// <remarks>
    /// A singular matrix has a root if the eigenvalue 0 has as many eigenvectors as its multiplicity; its derivative is NaN. Of a symmetric matrix,
    /// <c>MatrixFunction(Sqrt, a)</c> is the symmetric root.
    /// </remarks>
    /// <param name="a">Square matrices, of shape (…, n, n).</param>
    /// <exception cref="ShapeException">a is not square.</exception>
    /// <exception cref="AutodiffException">A matrix has a negative number as an eigenvalue, or is singular without a root.</exception>
    public static Expr Sqrtm(Expr a) => new SqrtmPrimitive().OfSquare(a);
}

/// <summary>y with y y = a, so that y y′ + y′ y = a′.</summary>
internal sealed record SqrtmPrimitive : OneMatrixPrimitive
{
    public override Op Op => Op.Sqrtm;

    public static Reader Reader { get; } = Reader.Unary("sqrtm", Expr.Sqrtm);

    public override Spelling Spelling => Spelling.Formed("sqrtm", @"⟨a:Atom⟩^{1/2}", Level.Power);

    protected override Expr Tangent(Expr a, Expr y, Expr tangent) => new SylvesterPrimitive(IsNaNWhereSingular: true).Of(y, y, tangent);

    protected override T[] ComputeIn<T>(NumberField<T> field, T[] a, int rows, int columns) =>
        FieldRoots.Root(field, a, rows) ?? throw Error(rows, columns, FieldRoots.NoRoot);

    protected override MatrixKernels.Kernel KernelFor(int rows, int columns) => MatrixKernels.Sqrtm;
}
