// The matrix of cofactors: the gradient of the determinant.

using Autodiff.Functional.Formulas;
using Autodiff.Functional.LinearAlgebra;
using Autodiff.Functional.Numerics;

namespace Autodiff.Functional;

/// <summary>The matrix of cofactors of a square matrix; with directions below the matrix, also its derivatives.</summary>
internal sealed record CofactorsPrimitive : NilpotentPrimitive
{
    public override Op Op => Op.Cofactors;

    public override Spelling Spelling => Spelling.Named("cofactors", @"\operatorname{cof}");

    protected override Expr? Transpose(int operand, Expr a, Expr cotangent) => Reversed(Nested(a, Reversed(cotangent)));

    protected override void Compute(in Matrix a, Span<double> result) => Cofactors.Of(a.Elements, a.Columns, result);
}
