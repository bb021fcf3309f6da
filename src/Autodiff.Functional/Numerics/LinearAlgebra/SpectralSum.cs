// Functions of symmetric matrices and their derivatives on numbers (see Programs.SpectralFunction), one matrix of a batch after
// another: the directions are transformed to the basis of eigenvectors, the paths are summed there, and the sum is transformed back.

namespace Autodiff.Functional.Numerics;

/// <summary>Dᵏf(A)[E₁, …, Eₖ] for each matrix A of a batch and its directions, or the inner products of E₁ and Dᵏ⁻¹f(A)[E₂, …, Eₖ].</summary>
internal sealed class SpectralSum
{
    private readonly EigenBasis[] _bases;

    // The matrix at each place of the batch, and its directions in the basis of its eigenvectors.
    private readonly int[] _own;
    private readonly double[][][] _directions;
    private readonly int _n;

    /// <summary>Decomposes matrices.</summary>
    /// <param name="matrices">The matrices, of which the symmetric parts are used.</param>
    /// <param name="batch">The lengths of the axes of the batch that they are broadcast to.</param>
    /// <param name="directions">The number of directions.</param>
    public SpectralSum(Matrices matrices, ReadOnlySpan<int> batch, int directions)
    {
        (_bases, _n) = (EigenBasis.Of(matrices), matrices.Rows);
        var places = 1;
        foreach (var length in batch)
        {
            places *= length;
        }

        (_own, _directions) = (new int[places], new double[places][][]);
        for (var place = 0; place < places; place++)
        {
            (_own[place], _directions[place]) = (matrices.Under(batch, place), new double[directions][]);
        }
    }

    /// <summary>A derivative of a function of one number.</summary>
    /// <param name="function">Which function, if those of the matrices differ.</param>
    /// <param name="order">The order.</param>
    /// <param name="x">The number.</param>
    /// <param name="component">The component of the function's value.</param>
    public delegate Inexact Derivative(int function, int order, double x, int component);

    /// <summary>Takes a direction of every matrix, of which the symmetric parts are used.</summary>
    public void Take(int direction, Matrices along, ReadOnlySpan<int> batch)
    {
        for (var place = 0; place < _own.Length; place++)
        {
            _directions[place][direction] = new double[_n * _n];
            _bases[_own[place]].Enter(along[along.Under(batch, place)].SymmetricPart(), _directions[place][direction]);
        }
    }

    /// <summary>Writes the results, one after another: NaN for matrices that are not finite.</summary>
    /// <param name="derivative">The derivatives of the functions.</param>
    /// <param name="together">How many places of the batch, one after another, have the same function.</param>
    /// <param name="components">How many components the value of a function has.</param>
    /// <param name="isTrace">Whether the results are inner products with the first direction.</param>
    /// <param name="results">Where they are written.</param>
    public void Write(Derivative derivative, int together, int components, bool isTrace, Span<double> results)
    {
        // Divided differences that several places of the batch share are computed once.
        var shared = together >= _own.Length && _bases.Length < _own.Length ? new DividedDifferences[]?[_bases.Length] : null;
        var (length, sum) = (results.Length / _own.Length, new double[_n * _n]);
        for (var place = 0; place < _own.Length; place++)
        {
            var (own, directions) = (_own[place], _directions[place]);
            var basis = _bases[own];
            var target = results.Slice(place * length, length);
            if (double.IsNaN(basis.Values[0]))
            {
                target.Fill(double.NaN);
                continue;
            }

            var paths = new PathSum(_n, isTrace ? directions[1..] : directions);
            var differences = shared?[own] ?? Differences(basis, derivative, place / together, components, isTrace ? directions.Length - 1 : directions.Length);
            if (shared is not null)
            {
                shared[own] = differences;
            }

            for (var component = 0; component < components; component++)
            {
                paths.Of(differences[component], sum);
                if (isTrace)
                {
                    target[component] = RowOperations.Dot(directions[0], sum);
                }
                else
                {
                    basis.Leave(sum, 1, target);
                }
            }
        }
    }

    private static DividedDifferences[] Differences(EigenBasis basis, Derivative derivative, int function, int components, int highest)
    {
        var differences = new DividedDifferences[components];
        for (var i = 0; i < components; i++)
        {
            var component = i;
            differences[i] = new(basis.Values, (order, x) => derivative(function, order, x, component), highest);
        }

        return differences;
    }

    /// <summary>
    /// Σ f[λ(i₀), …, λ(iₘ)] X₁[i₀, i₁] ⋯ Xₘ[iₘ₋₁, iₘ] over all paths from i₀ to iₘ and all orders of the symmetric matrices X₁ … Xₘ.
    /// </summary>
    private sealed class PathSum
    {
        private readonly int _n;
        private readonly double[][] _matrices;
        private readonly int[] _path;

        // For the path up to each of its places, its indices in ascending order.
        private readonly int[][] _ascending;

        // For the path up to each of its places (k steps) and each set of k matrices, given as a bit mask: the sum over all orders of these
        // matrices of the products of their elements along the path.
        private readonly double[][] _products;

        public PathSum(int n, double[][] matrices)
        {
            (_n, _matrices) = (n, matrices);
            _path = new int[matrices.Length + 1];
            (_ascending, _products) = (new int[_path.Length][], new double[_path.Length][]);
            for (var place = 0; place < _path.Length; place++)
            {
                (_ascending[place], _products[place]) = (new int[place + 1], new double[1 << matrices.Length]);
            }

            _products[0][0] = 1;
        }

        public void Of(DividedDifferences differences, double[] sum)
        {
            Array.Clear(sum);
            for (var start = 0; start < _n; start++)
            {
                _path[0] = _ascending[0][0] = start;
                Extend(0, differences, sum.AsSpan(start * _n, _n));
            }

            for (var i = 0; i < _n; i++)
            {
                for (var j = 0; j < i; j++)
                {
                    sum[(i * _n) + j] = sum[(j * _n) + i];
                }
            }
        }

        /// <summary>
        /// Adds the terms of all paths that continue from a place. Paths whose end is before their start are left out, because the sum is
        /// symmetric.
        /// </summary>
        private void Extend(int place, DividedDifferences differences, Span<double> row)
        {
            if (place == _matrices.Length)
            {
                row[_path[place]] += differences[_ascending[place]] * _products[place][^1];
                return;
            }

            for (var next = place + 1 == _matrices.Length ? _path[0] : 0; next < _n; next++)
            {
                _path[place + 1] = next;
                DividedDifferences.Insert(_ascending[place], next, _ascending[place + 1]);
                Step(place);
                Extend(place + 1, differences, row);
            }
        }

        private void Step(int place)
        {
            var (before, after) = (_products[place], _products[place + 1]);
            var element = (_path[place] * _n) + _path[place + 1];
            for (var set = 0; set < after.Length; set++)
            {
                if (int.PopCount(set) == place + 1)
                {
                    after[set] = 0;
                    for (var j = 0; j < _matrices.Length; j++)
                    {
                        after[set] += (set & (1 << j)) == 0 ? 0 : before[set ^ (1 << j)] * _matrices[j][element];
                    }
                }
            }
        }
    }
}
