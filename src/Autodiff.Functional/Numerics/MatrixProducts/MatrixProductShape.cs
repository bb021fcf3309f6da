// The shape of a product of matrices in memory: lengths and strides, so that one kernel serves every layout of the operands.

namespace Autodiff.Functional.Numerics;

/// <summary>
/// C[i, j] = Σₚ A[i, p]·B[p, j] for m×k and k×n matrices in memory with any strides, which are in elements. There are <see cref="Count"/> such
/// products, whose operands are a batch stride apart; a batch stride of 0 shares an operand. The elements of C must be distinct from one another
/// and from those of A and B.
/// </summary>
internal readonly record struct MatrixProductShape(int M, int K, int N)
{
    /// <summary>The stride from one row of A to the next.</summary>
    public nint ARow { get; init; } = K;

    /// <summary>The stride from one column of A to the next.</summary>
    public nint AColumn { get; init; } = 1;

    /// <summary>The stride from one row of B to the next.</summary>
    public nint BRow { get; init; } = N;

    /// <summary>The stride from one column of B to the next.</summary>
    public nint BColumn { get; init; } = 1;

    /// <summary>The stride from one row of C to the next.</summary>
    public nint CRow { get; init; } = N;

    /// <summary>The stride from one column of C to the next.</summary>
    public nint CColumn { get; init; } = 1;

    /// <summary>How many products there are.</summary>
    public int Count { get; init; } = 1;

    /// <summary>The stride from one A to the next.</summary>
    public nint ABatch { get; init; }

    /// <summary>The stride from one B to the next.</summary>
    public nint BBatch { get; init; }

    /// <summary>The stride from one C to the next.</summary>
    public nint CBatch { get; init; }

    /// <summary>Whether the products are added to the elements of C instead of replacing them.</summary>
    public bool Accumulates { get; init; }

    /// <summary>The transposed product, Cᵀ = Bᵀ·Aᵀ: A and B change places.</summary>
    public MatrixProductShape Transposed => new(N, K, M)
    {
        ARow = BColumn,
        AColumn = BRow,
        BRow = AColumn,
        BColumn = ARow,
        CRow = CColumn,
        CColumn = CRow,
        Count = Count,
        ABatch = BBatch,
        BBatch = ABatch,
        CBatch = CBatch,
        Accumulates = Accumulates,
    };

    /// <summary>
    /// If the products of the batch share B and the strides allow it, the same as one product with all rows of all A; otherwise this.
    /// </summary>
    public MatrixProductShape Stacked =>
        Count > 1 && BBatch == 0 && (M == 1 || (ABatch == M * ARow && CBatch == M * CRow)) && (long)M * Count <= int.MaxValue
            ? this with { M = M * Count, ARow = M == 1 ? ABatch : ARow, CRow = M == 1 ? CBatch : CRow, Count = 1 }
            : this;
}
