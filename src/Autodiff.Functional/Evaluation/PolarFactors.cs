// The polar factor of a matrix, and the equation that its derivative solves, on numbers.

using System.Globalization;
using System.Numerics.Tensors;

namespace Autodiff.Functional.Evaluation;

internal static class PolarFactors
{
    private const double Rounding = 1.0 / (1L << 52);

    /// <summary>UVᵀ of A = U diag(s) Vᵀ.</summary>
    public static Storage Of(Shape shape, Storage a)
    {
        var result = Storage.Uninitialized(shape, out var elements);
        if (elements.IsEmpty)
        {
            return result;
        }

        elements.Clear();
        var matrices = new Matrices(Op.PolarFactor, a);
        var (rows, columns) = (shape[shape.Rank - 2], shape[shape.Rank - 1]);
        var rank = Math.Min(rows, columns);
        var length = rank * (rows + 1 + columns);
        var packed = LinearAlgebraKernels.Evaluate(Op.Svd, null, new([.. shape.Lengths[..^2], length]), [a]).Span;
        for (var i = 0; i < matrices.Count; i++)
        {
            var factors = packed.Slice(i * length, length);
            var u = factors[..(rows * rank)];
            var values = factors.Slice(rows * rank, rank);
            var vt = factors[((rows + 1) * rank)..];
            if (values[^1] <= Math.Max(rows, columns) * Rounding * values[0])
            {
                throw matrices[i].Error(string.Create(
                    CultureInfo.InvariantCulture,
                    $"has linearly dependent {(rows < columns ? "rows" : "columns")} to rounding, with singular values from {values[0]:G3} to {values[^1]:G3}, so its polar factor is not unique; Svd takes matrices of any rank"));
            }

            var product = elements.Slice(i * rows * columns, rows * columns);
            for (var row = 0; row < rows; row++)
            {
                var sum = product.Slice(row * columns, columns);
                for (var k = 0; k < rank; k++)
                {
                    TensorPrimitives.MultiplyAdd(vt.Slice(k * columns, columns), u[(row * rank) + k], sum, sum);
                }
            }
        }

        return result;
    }

    /// <summary>
    /// The antisymmetric X with H X + X H = B − Bᵀ for symmetric H = V diag(λ) Vᵀ: in the basis V, the right-hand side divided by
    /// λᵢ + λⱼ off the diagonal.
    /// </summary>
    public static Storage Lyapunov(Shape shape, Storage h, Storage b)
    {
        var result = Storage.Uninitialized(shape, out var elements);
        if (elements.IsEmpty)
        {
            return result;
        }

        var own = new Matrices(Op.Lyapunov, h);
        var sides = new Matrices(Op.Lyapunov, b);
        var bases = EigenBasis.Of(h);
        var (batch, n) = (new Shape(shape.Lengths[..^2]), shape[shape.Rank - 1]);
        var inside = new double[n * n];
        for (var i = 0; i < batch.Size; i++)
        {
            var basis = bases[own.Under(batch, i)];
            basis.Enter(sides[sides.Under(batch, i)].Elements, inside);
            for (var row = 0; row < n; row++)
            {
                for (var column = 0; column <= row; column++)
                {
                    var (below, above) = ((row * n) + column, (column * n) + row);
                    var solved = row == column ? 0 : (inside[below] - inside[above]) / (basis.Values[row] + basis.Values[column]);
                    (inside[below], inside[above]) = (solved, -solved);
                }
            }

            basis.Leave(inside, -1, elements.Slice(i * n * n, n * n));
        }

        return result;
    }
}
