// The sum of the singular values of a matrix.

using Autodiff.Functional.Formulas;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

/// <summary>The sum of the singular values of a = U diag(s) Vᵀ, with the derivative ⟨U Vᵀ, a′⟩.</summary>
internal sealed record NuclearNormPrimitive : OneMatrixPrimitive
{
    public override Op Op => Op.NuclearNorm;

    public static Reader Reader { get; } = Reader.Unary("nuclearnorm", a => new NuclearNormPrimitive().OfMatrix(a));

    public override Spelling Spelling => Spelling.Formed("nuclearnorm", @"\left\lVert ⟨a:Sum⟩\right\rVert_{*}");

    protected override int[] LengthsFor(int rows, int columns) => [];

    protected override Expr Tangent(Expr a, Expr y, Expr tangent) => Blocks.Inner(new PolarFactorPrimitive(IsPartial: true).Of(a), tangent);

    protected override T[] ComputeIn<T>(NumberField<T> field, T[] a, int rows, int columns)
    {
        var rank = Math.Min(rows, columns);
        return [SvdPrimitive.DecomposeIn(field, a, rows, columns)[(rows * rank)..((rows + 1) * rank)].Aggregate(T.Zero, (sum, value) => sum + value)];
    }

    protected override MatrixKernels.Kernel KernelFor(int rows, int columns) => MatrixKernels.NuclearNorm;
}
