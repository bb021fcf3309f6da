// What a product of matrices in memory is: lengths and strides, so that one kernel serves every layout of its operands.

namespace Autodiff.Functional.Numerics;

/// <summary>
/// C[i, j] = Σₚ A[i, p]·B[p, j] for matrices of m×k and k×n that lie in memory with any strides, in elements; the same <see cref="Count"/> times over,
/// each further on by the batch strides. A batch stride of 0 shares an operand. C's elements must be distinct, and apart from A's and B's.
/// </summary>
internal readonly record struct MatrixProductShape(int M, int K, int N)
{
    /// <summary>The step from one row of A to the next.</summary>
    public nint ARow { get; init; } = K;

    /// <summary>The step from one column of A to the next.</summary>
    public nint AColumn { get; init; } = 1;

    /// <summary>The step from one row of B to the next.</summary>
    public nint BRow { get; init; } = N;

    /// <summary>The step from one column of B to the next.</summary>
    public nint BColumn { get; init; } = 1;

    /// <summary>The step from one row of C to the next.</summary>
    public nint CRow { get; init; } = N;

    /// <summary>The step from one column of C to the next.</summary>
    public nint CColumn { get; init; } = 1;

    /// <summary>How many products there are.</summary>
    public int Count { get; init; } = 1;

    /// <summary>The step from one A to the next.</summary>
    public nint ABatch { get; init; }

    /// <summary>The step from one B to the next.</summary>
    public nint BBatch { get; init; }

    /// <summary>The step from one C to the next.</summary>
    public nint CBatch { get; init; }

    /// <summary>Whether the products are added to what C holds, rather than written over it.</summary>
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

    /// <summary>The same product with a batch that shares B read as more rows of A, where the strides allow it.</summary>
    public MatrixProductShape Stacked =>
        Count > 1 && BBatch == 0 && (M == 1 || (ABatch == M * ARow && CBatch == M * CRow)) && (long)M * Count <= int.MaxValue
            ? this with { M = M * Count, ARow = M == 1 ? ABatch : ARow, CRow = M == 1 ? CBatch : CRow, Count = 1 }
            : this;
}
