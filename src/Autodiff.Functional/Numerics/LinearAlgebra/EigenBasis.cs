// The basis of eigenvectors, in which a symmetric matrix is diagonal, and the transformation of other matrices to it and back.

namespace Autodiff.Functional.Numerics;

/// <summary>The eigenvalues of a symmetric matrix, ascending, and the matrix V whose columns are its eigenvectors, stored by rows.</summary>
internal sealed class EigenBasis
{
    private readonly double[] _vectors;
    private readonly double[] _scratch;

    private EigenBasis(ReadOnlySpan<double> packed, int n)
    {
        (Values, _vectors, _scratch) = (new double[n], new double[n * n], new double[n * n]);
        for (var i = 0; i < n; i++)
        {
            var row = packed.Slice(i * (n + 1), n + 1);
            Values[i] = row[0];
            row[1..].CopyTo(_vectors.AsSpan(i * n, n));
        }
    }

    public double[] Values { get; }

    private int Size => Values.Length;

    /// <summary>The eigenbases of the symmetric parts of a batch of matrices; all values are NaN for a matrix that is not finite.</summary>
    public static EigenBasis[] Of(Matrices matrices)
    {
        var n = matrices.Rows;
        var size = n * (n + 1);
        var packed = new double[matrices.Count * size];
        MatrixKernels.ForEach(MatrixKernels.Eigh, matrices, 0, packed);
        var bases = new EigenBasis[matrices.Count];
        for (var i = 0; i < bases.Length; i++)
        {
            bases[i] = new(packed.AsSpan(i * size, size), n);
        }

        return bases;
    }

    /// <summary>VᵀXV: a matrix transformed to this basis.</summary>
    public void Enter(ReadOnlySpan<double> x, Span<double> result)
    {
        var n = Size;
        Array.Clear(_scratch);
        result.Clear();
        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k < n; k++)
            {
                RowOperations.AddMultiple(Row(_scratch, i), x[(i * n) + k], Row(_vectors, k));
            }
        }

        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k < n; k++)
            {
                RowOperations.AddMultiple(Row(result, i), _vectors[(k * n) + i], Row(_scratch, k));
            }
        }
    }

    /// <summary>
    /// VXVᵀ: a matrix transformed back, for a symmetric X (sign 1) or an antisymmetric one (sign −1); so the result is exactly (anti)symmetric.
    /// </summary>
    public void Leave(ReadOnlySpan<double> x, int sign, Span<double> result)
    {
        var n = Size;
        Array.Clear(_scratch);
        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k < n; k++)
            {
                RowOperations.AddMultiple(Row(_scratch, i), _vectors[(i * n) + k], x.Slice(k * n, n));
            }
        }

        for (var i = 0; i < n; i++)
        {
            for (var j = i; j < n; j++)
            {
                var element = RowOperations.Dot(Row(_scratch, i), Row(_vectors, j));
                (result[(j * n) + i], result[(i * n) + j]) = (sign * element, element);
            }
        }
    }

    private Span<double> Row(Span<double> matrix, int row) => matrix.Slice(row * Size, Size);
}
