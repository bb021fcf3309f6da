// Functions of symmetric matrices and their derivatives on numbers (see Programs.SpectralFunction), one matrix of a batch after
// another: the directions are transformed to the basis of eigenvectors, the paths are summed there, and the sum is transformed back.

using System.Numerics.Tensors;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.Programs;

internal static class MatrixFunctionKernels
{
    public static Storage Evaluate(SpectralFunction function, Shape shape, ReadOnlySpan<Storage> operands)
    {
        var result = Storage.Uninitialized(shape, out var elements);
        var n = operands[0].Shape[operands[0].Shape.Rank - 1];
        if (elements.IsEmpty || n == 0)
        {
            elements.Clear();
            return result;
        }

        var batch = new Shape(shape.Lengths[..^function.ResultRank]);
        var length = elements.Length / batch.Size;
        var matrices = MatricesOf(operands[0]);
        var spectra = new Spectra(function, operands, batch);
        var directions = new double[function.Directions][];
        for (var j = 0; j < directions.Length; j++)
        {
            directions[j] = new double[n * n];
        }

        var (sum, paths) = (new double[n * n], new PathSum(n, function.IsTrace ? directions[1..] : directions));
        for (var i = 0; i < batch.Size; i++)
        {
            var own = matrices.Under(batch.Lengths, i);
            var basis = spectra.BasisOf(own);
            var target = elements.Slice(i * length, length);
            if (double.IsNaN(basis.Values[0]))
            {
                target.Fill(double.NaN);
                continue;
            }

            for (var j = 0; j < directions.Length; j++)
            {
                var along = MatricesOf(operands[1 + j]);
                basis.Enter(along[along.Under(batch.Lengths, i)].SymmetricPart(), directions[j]);
            }

            var differences = spectra.DifferencesOf(own, i);
            for (var component = 0; component < differences.Length; component++)
            {
                paths.Of(differences[component], sum);
                if (function.IsTrace)
                {
                    target[component] = TensorPrimitives.Dot(directions[0], sum);
                }
                else
                {
                    basis.Leave(sum, 1, target);
                }
            }
        }

        return result;
    }

    private static Matrices MatricesOf(Storage operand) => new(Op.MatrixFunction.Name(), operand.Span, operand.Shape.Lengths);

    /// <summary>
    /// The eigenbases of some matrices, and the divided differences of a function at their eigenvalues. Divided differences that several
    /// places of the batch share are computed once.
    /// </summary>
    private sealed class Spectra
    {
        private readonly FunctionFamily _family;
        private readonly int _order;
        private readonly Storage[] _parameters;
        private readonly int _placesOfOneFunction;
        private readonly EigenBasis[] _bases;
        private readonly DividedDifferences[]?[]? _shared;
        private FunctionValues? _values;

        public Spectra(SpectralFunction function, ReadOnlySpan<Storage> operands, Shape batch)
        {
            (_family, _order) = (function.Family, function.Directions - (function.IsTrace ? 1 : 0));
            _bases = EigenBasis.Of(MatricesOf(operands[0]));
            _parameters = operands[function.Matrices..].ToArray();
            var prefix = _parameters.Length == 0 ? 0 : _parameters[^1].Shape.Rank - _family.Value.Parameters[^1].Rank;
            _placesOfOneFunction = new Shape(batch.Lengths[prefix..]).Size;
            _shared = prefix == 0 && _bases.Length < batch.Size ? new DividedDifferences[_bases.Length][] : null;
        }

        public EigenBasis BasisOf(int own) => _bases[own];

        /// <summary>
        /// The divided differences of each component of the function, for the matrix with index <paramref name="own"/> at a place of the batch.
        /// </summary>
        public DividedDifferences[] DifferencesOf(int own, int place)
        {
            if (_shared?[own] is { } known)
            {
                return known;
            }

            if (_values is null || place % _placesOfOneFunction == 0)
            {
                _values = new(_family, _parameters, place / _placesOfOneFunction);
            }

            var values = _values;
            var differences = new DividedDifferences[_family.Shape.Size];
            for (var i = 0; i < differences.Length; i++)
            {
                var component = i;
                differences[i] = new(_bases[own].Values, (order, x) => values.Derivative(order, x, component), _order);
            }

            if (_shared is not null)
            {
                _shared[own] = differences;
            }

            return differences;
        }
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
