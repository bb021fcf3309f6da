// The DampedCholesky factorization for searches: it tells whether a symmetric matrix is positive definite, and solves systems with the matrix plus a
// multiple of the identity, which makes it so.

using MathNet.Numerics.LinearAlgebra;
using Vector = MathNet.Numerics.LinearAlgebra.Vector<double>;

namespace Autodiff.Functional.Solvers;

/// <summary>L with L·Lᵀ = A, which exists if A is positive definite.</summary>
internal sealed class DampedCholesky
{
    private readonly double[,] _factor;

    private DampedCholesky(double[,] factor) => _factor = factor;

    /// <summary>The factor of A + shift·I; null if that matrix is not positive definite, or not finite.</summary>
    public static DampedCholesky? Of(Matrix<double> matrix, double shift) => Of(matrix, shift, out _);

    /// <summary>The same; if the matrix is finite but not positive definite, also a direction v with vᵀ(A + shift·I)v ≤ 0.</summary>
    public static DampedCholesky? Of(Matrix<double> matrix, double shift, out Vector? downwards)
    {
        downwards = null;
        var n = matrix.RowCount;
        var factor = new double[n, n];
        for (var j = 0; j < n; j++)
        {
            for (var i = j; i < n; i++)
            {
                var sum = matrix[i, j] + (i == j ? shift : 0);
                for (var k = 0; k < j; k++)
                {
                    sum -= factor[i, k] * factor[j, k];
                }

                if (!double.IsFinite(sum))
                {
                    return null;
                }

                if (i == j && sum <= 0)
                {
                    downwards = Downwards(factor, j);
                    return null;
                }

                factor[i, j] = i == j ? Math.Sqrt(sum) : sum / factor[j, j];
            }
        }

        return new(factor);
    }

    /// <summary>A⁻¹ times a vector.</summary>
    public Vector Solve(Vector right)
    {
        var solution = right.ToArray();
        for (var i = 0; i < solution.Length; i++)
        {
            for (var k = 0; k < i; k++)
            {
                solution[i] -= _factor[i, k] * solution[k];
            }

            solution[i] /= _factor[i, i];
        }

        for (var i = solution.Length - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < solution.Length; k++)
            {
                solution[i] -= _factor[k, i] * solution[k];
            }

            solution[i] /= _factor[i, i];
        }

        return Vector.Build.Dense(solution);
    }

    /// <summary>v with vⱼ = 1, where j is the row without a positive pivot, and (Lᵀv)ᵢ = 0 for the rows i &lt; j that have one.</summary>
    private static Vector Downwards(double[,] factor, int failed)
    {
        var direction = Vector.Build.Dense(factor.GetLength(0));
        direction[failed] = 1;
        for (var i = failed - 1; i >= 0; i--)
        {
            for (var k = i + 1; k <= failed; k++)
            {
                direction[i] -= factor[k, i] * direction[k];
            }

            direction[i] /= factor[i, i];
        }

        return direction;
    }
}
