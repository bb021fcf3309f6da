// The matrix of cofactors: the gradient of the determinant.

using Autodiff.Functional.Formulas;
using Autodiff.Functional.LinearAlgebra;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

/// <summary>The matrix of cofactors of a square matrix; with directions below the matrix, also its derivatives.</summary>
internal sealed record CofactorsPrimitive : NilpotentPrimitive
{
    public override Op Op => Op.Cofactors;

    public static Reader Reader { get; } = Reader.Unary("cofactors", a => new CofactorsPrimitive().OfStacked(a));

    public override Spelling Spelling => Spelling.Named("cofactors", @"\operatorname{cof}");

    protected override Expr? Transpose(int operand, Expr a, Expr cotangent) => Reversed(Nested(a, Reversed(cotangent)));

    /// <summary>Without directions it is a matrix of polynomials; the series of its derivatives are found from the pushforward.</summary>
    public override PowerSeries? Expand(Expr node, PowerSeries[] operands, Expr primal, SeriesTable table) =>
        primal.Shape[primal.Rank - 2] == primal.Shape[primal.Rank - 1] ? DeterminantSeries.OfCofactors(operands[0], primal, table) : null;

    protected override T[] ComputeIn<T>(NumberField<T> field, T[] a, int rows, int columns) => FieldMatrices.Cofactors(a, columns);

    protected override MatrixKernels.Kernel KernelFor(int rows, int columns) => MatrixKernels.CofactorMatrix;
}
