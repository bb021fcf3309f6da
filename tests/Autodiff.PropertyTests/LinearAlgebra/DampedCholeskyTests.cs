// The factorization of searches: it solves a system, or gives a direction along which the matrix is not positive.

using Autodiff.Functional.Solvers;
using MathNet.Numerics.LinearAlgebra;

namespace Autodiff.PropertyTests.LinearAlgebra;

public class DampedCholeskyTests
{
    [Fact]
    public void A_symmetric_matrix_has_a_solution_or_a_direction_downwards()
    {
        var random = new Random(1);
        var (solved, downwards) = (0, 0);
        for (var round = 0; round < 300; round++)
        {
            var n = 1 + random.Next(6);
            var half = Matrix<double>.Build.Dense(n, n, (_, _) => random.NextDouble() - 0.5);
            var matrix = round % 2 == 0 ? half * half.Transpose() : half + half.Transpose();
            var shift = round % 3 == 0 ? 0.0 : random.NextDouble();
            var shifted = matrix + (shift * Matrix<double>.Build.DenseIdentity(n));

            if (DampedCholesky.Of(matrix, shift, out var direction) is { } factor)
            {
                var right = Vector<double>.Build.Dense(n, _ => random.NextDouble() - 0.5);
                var solution = factor.Solve(right);
                Assert.True(((shifted * solution) - right).InfinityNorm() <= 1e-10 * (1 + (shifted.InfinityNorm() * solution.InfinityNorm())));
                Assert.Null(direction);
                solved++;
            }
            else
            {
                Assert.NotNull(direction);
                Assert.True(direction.InfinityNorm() >= 1);
                Assert.True(direction * shifted * direction <= 1e-10 * shifted.InfinityNorm() * (direction * direction));
                downwards++;
            }
        }

        Assert.True(solved > 100 && downwards > 50);
    }

    [Fact]
    public void A_matrix_that_is_not_finite_has_neither() =>
        Assert.True(DampedCholesky.Of(Matrix<double>.Build.Dense(2, 2, double.NaN), 1, out var direction) is null && direction is null);
}
