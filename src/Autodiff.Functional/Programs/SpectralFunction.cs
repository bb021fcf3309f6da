// A function of a symmetric matrix as one node, with its derivatives of any order: what MatrixFunction makes.

using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Programs;

/// <summary>
/// (A, E₁ … Eₖ, θ) ↦ Dᵏf(A)[E₁, …, Eₖ], the k-th derivative of f(A) = V diag(f(λ)) Vᵀ along k directions, where A = V diag(λ) Vᵀ.
/// It is the sum over all orders of the directions of V R Vᵀ with
/// <para>R[i₀, iₖ] = Σ f[λ(i₀), …, λ(iₖ)] (VᵀE₁V)[i₀, i₁] ⋯ (VᵀEₖV)[iₖ₋₁, iₖ],</para>
/// where f[…] are divided differences (Yu. L. Daleckii and S. G. Krein, 1965; R. Bhatia, Matrix Analysis, 1997, V.3 and X.4). Of all
/// matrices the symmetric part is meant. Since f(A) is the gradient of tr φ(A) with φ′ = f, its derivatives are those of a number:
/// ⟨E₀, Dᵏf(A)[E₁, …, Eₖ]⟩ is symmetric in all its directions, so each of these linear maps is its own transpose.
/// </summary>
/// <param name="Family">f, with parameters θ.</param>
/// <param name="Directions">The number of directions.</param>
/// <param name="IsTrace">
/// Whether this is the number ⟨E₁, Dᵏ⁻¹f(A)[E₂, …, Eₖ]⟩ instead, of a function f to tensors: in the derivatives in θ.
/// </param>
internal sealed record SpectralFunction(FunctionFamily Family, int Directions = 0, bool IsTrace = false) : IProgram
{
    public string Operation => "MatrixFunction";

    public IReadOnlyList<Body> Bodies => [Family.Value];

    public bool MayFail => true;

    /// <summary>How many of the operands are matrices: the first ones. The others are parameters.</summary>
    public int Matrices => 1 + Directions;

    /// <summary>The number of trailing axes that do not belong to the batch of matrices.</summary>
    public int ResultRank => IsTrace ? Family.Shape.Rank : 2;

    /// <summary>The node over matrices, whose batches broadcast, and parameters.</summary>
    public Expr Node(ReadOnlySpan<Expr> operands)
    {
        var shape = operands[0].Shape;
        var batch = BatchOf(shape);
        foreach (var direction in operands[1..Matrices])
        {
            batch = Shape.Broadcast(batch, BatchOf(direction.Shape), Operation);
        }

        int[] lengths = [.. batch.Lengths, .. IsTrace ? Family.Shape.Lengths : shape.Lengths[^2..]];
        return Make(Op.MatrixFunction, this, Shape.Of(lengths, Operation), operands);
    }

    /// <summary>
    /// How many leading axes of the batch the parameters have too: each place along these has a function of its own. All
    /// parameters have the same number.
    /// </summary>
    public int PrefixRank(ReadOnlySpan<Expr> operands) => Family.Parameters == 0 ? 0 : operands[^1].Rank - Family.Value.Parameters[^1].Rank;
}
