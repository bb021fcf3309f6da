// The cofactors of a matrix and their derivatives in any number of directions.

using System.Numerics;

namespace Autodiff.Functional.Numerics;

/// <summary>
/// In equilibrated units and with complete pivoting, A = P L D U Q with well-conditioned L and U and diagonal D; its cofactors are the
/// product of the cofactors of these factors, accurate at any rank. (G. W. Stewart, On the adjugate matrix, Linear Algebra and its
/// Applications 283, 1998.) Derivatives are those of the cofactors of D + M, where M holds the directions with nilpotent units: the sum
/// over sets of indices S of the product of D outside of S times the cofactors of M in S. Only sets with at most one index more than
/// there are units contribute. No division is by a number that may be 0. A small matrix is treated as M alone: its cofactors are sums of
/// products of its elements, with no other errors than the rounding of these.
/// </summary>
internal sealed class Cofactors
{
    // The largest size of a matrix that is treated as M alone, without elimination.
    private const int Small = 4;

    private readonly int _n;
    private readonly int _sets;
    private readonly Equilibration _units;

    // The largest number of indices in a set S.
    private readonly int _most;

    // L below the diagonal and U above it, both with (unstored) ones on the diagonal.
    private readonly double[] _factors;
    private readonly double[] _pivots;
    private readonly int[] _rowOrder;
    private readonly int[] _columnOrder;
    private bool _isOdd;

    // M and the sum of cofactors, by rows; the coefficients of one element are adjacent.
    private readonly double[] _moved;
    private readonly double[] _sum;

    private Cofactors(ReadOnlySpan<double> a, int n, int sets)
    {
        (_n, _sets, _units) = (n, sets, Equilibration.Of(a[..(n * n)], n));
        _most = n <= Small ? n : Math.Min(BitOperations.Log2((uint)sets) + 1, n);
        (_factors, _pivots) = (n <= Small ? new double[n * n] : _units.Scaled(a[..(n * n)]), new double[n]);
        (_rowOrder, _columnOrder) = ([.. Enumerable.Range(0, n)], [.. Enumerable.Range(0, n)]);
        (_moved, _sum) = (new double[n * n * sets], new double[n * n * sets]);
        for (var k = 0; n > Small && k < n && Pivot(k); k++)
        {
            Eliminate(k);
        }
    }

    /// <summary>The cofactors of a matrix with directions, stacked below one another as described at <see cref="NilpotentUnits"/>.</summary>
    public static void Of(ReadOnlySpan<double> a, int n, Span<double> result)
    {
        new Cofactors(a, n, a.Length / (n * n)).Compute(a, result);
    }

    private void Compute(ReadOnlySpan<double> a, Span<double> result)
    {
        var scales = TakeDirections(a);
        var last = new int[_most];
        for (var i = 0; i < last.Length; i++)
        {
            last[i] = _n - last.Length + i;
        }

        var largest = Others(last);
        result.Clear();
        if (largest.Significand == 0)
        {
            return;
        }

        for (var size = 1; size <= _most; size++)
        {
            AddSets(size, largest.Exponent);
        }

        var exponent = largest.Exponent + _units.Rows.Sum(unit => (long)unit) + _units.Columns.Sum(unit => (long)unit);
        var coefficient = new double[_n * _n];
        for (var set = 0; set < _sets; set++)
        {
            for (var i = 0; i < coefficient.Length; i++)
            {
                coefficient[i] = _sum[(i * _sets) + set];
            }

            TurnBack(coefficient);
            for (var i = 0; i < coefficient.Length; i++)
            {
                var (row, column) = (_rowOrder[i / _n], _columnOrder[i % _n]);
                var own = exponent - _units.Rows[row] - _units.Columns[column] - scales[set];
                result[(((set * _n) + row) * _n) + column] = Math.ScaleB(_isOdd ? -coefficient[i] : coefficient[i], (int)Math.Clamp(own, -5000, 5000));
            }
        }
    }

    /// <summary>Moves the largest remaining element to position k of the diagonal; false if all remaining elements are 0.</summary>
    private bool Pivot(int k)
    {
        var (row, column, size) = (k, k, 0.0);
        for (var i = k; i < _n; i++)
        {
            var rest = _factors.AsSpan((i * _n) + k, _n - k);
            if (RowOperations.Largest(rest) is var largest && largest > size)
            {
                (row, column, size) = (i, k + rest.IndexOfAny(largest, -largest), largest);
            }
        }

        RowOperations.Swap(_factors, _n, k, row);
        (_rowOrder[k], _rowOrder[row]) = (_rowOrder[row], _rowOrder[k]);
        for (var i = 0; i < _n; i++)
        {
            (_factors[(i * _n) + k], _factors[(i * _n) + column]) = (_factors[(i * _n) + column], _factors[(i * _n) + k]);
        }

        (_columnOrder[k], _columnOrder[column]) = (_columnOrder[column], _columnOrder[k]);
        _isOdd ^= row != k ^ column != k;
        return size > 0;
    }

    private void Eliminate(int k)
    {
        var pivot = _pivots[k] = _factors[(k * _n) + k];
        var upper = _factors.AsSpan((k * _n) + k + 1, _n - k - 1);
        for (var i = k + 1; i < _n; i++)
        {
            var factor = _factors[(i * _n) + k] /= pivot;
            RowOperations.AddMultiple(_factors.AsSpan((i * _n) + k + 1, _n - k - 1), -factor, upper);
        }

        RowOperations.Divide(upper, pivot, upper);
    }

    /// <summary>Computes M = L⁻¹ Pᵀ E Qᵀ U⁻¹ for each coefficient E; returns the exponents of the units of the coefficients.</summary>
    private int[] TakeDirections(ReadOnlySpan<double> a)
    {
        var sizes = new int[_sets];
        for (var set = 1; set < _sets; set++)
        {
            sizes[set] = PowersOfTwo.OfZero;
            for (var i = 0; i < _n * _n; i++)
            {
                sizes[set] = Math.Max(sizes[set], PowersOfTwo.Exponent(a[(set * _n * _n) + i]) - _units.Rows[i / _n] - _units.Columns[i % _n]);
            }
        }

        var scales = NilpotentUnits.Scales(sizes);
        var direction = new double[_n * _n];
        for (var set = _n <= Small ? 0 : 1; set < _sets; set++)
        {
            for (var i = 0; i < direction.Length; i++)
            {
                var (row, column) = (_rowOrder[i / _n], _columnOrder[i % _n]);
                direction[i] = Math.ScaleB(a[(((set * _n) + row) * _n) + column], scales[set] - _units.Rows[row] - _units.Columns[column]);
            }

            for (var i = 0; i < _n; i++)
            {
                var row = direction.AsSpan(i * _n, _n);
                for (var k = 0; k < i; k++)
                {
                    RowOperations.AddMultiple(row, -_factors[(i * _n) + k], direction.AsSpan(k * _n, _n));
                }
            }

            for (var i = 0; i < direction.Length; i++)
            {
                // Within a row, each element is final once those before it have been processed.
                var rest = direction.AsSpan(i + 1, _n - 1 - (i % _n));
                RowOperations.AddMultiple(rest, -direction[i], _factors.AsSpan((i % _n * _n) + (i % _n) + 1, rest.Length));
            }

            for (var i = 0; i < direction.Length; i++)
            {
                _moved[(i * _sets) + set] = direction[i];
            }
        }

        return scales;
    }

    /// <summary>C ← L⁻ᵀ C U⁻ᵀ.</summary>
    private void TurnBack(double[] c)
    {
        for (var i = _n - 1; i >= 0; i--)
        {
            for (var k = 0; k < i; k++)
            {
                RowOperations.AddMultiple(c.AsSpan(k * _n, _n), -_factors[(i * _n) + k], c.AsSpan(i * _n, _n));
            }
        }

        for (var i = c.Length - 1; i >= 0; i--)
        {
            var rest = c.AsSpan(i + 1, _n - 1 - (i % _n));
            c[i] -= RowOperations.Dot(rest, _factors.AsSpan((i % _n * _n) + (i % _n) + 1, rest.Length));
        }
    }

    /// <summary>The product of the pivots outside of a set of indices.</summary>
    private WideNumber Others(ReadOnlySpan<int> indices)
    {
        WideNumber product = 1;
        for (var i = 0; i < _n; i++)
        {
            product *= indices.Contains(i) ? 1 : _pivots[i];
        }

        return product;
    }

    /// <summary>Adds the contributions of all sets of a size to the sum, in units of 2^exponent.</summary>
    private void AddSets(int size, long exponent)
    {
        var indices = new int[size];
        for (var i = 0; i < size; i++)
        {
            indices[i] = i;
        }

        WideNumber all = 1;
        var zeros = 0;
        foreach (var pivot in _pivots)
        {
            all *= pivot == 0 ? 1 : pivot;
            zeros += pivot == 0 ? 1 : 0;
        }

        var (rows, columns) = (new int[size - 1], new int[size - 1]);
        var minor = new double[_sets];
        var scratch = new double[_sets * size];
        do
        {
            var (weight, missing) = (all, zeros);
            foreach (var index in indices)
            {
                weight /= _pivots[index] == 0 ? 1 : _pivots[index];
                missing -= _pivots[index] == 0 ? 1 : 0;
            }

            for (var i = 0; i < size * size && missing == 0; i++)
            {
                Without(indices, i / size, rows);
                Without(indices, i % size, columns);
                Minor(rows, columns, minor, scratch);
                var factor = weight.Times2To(-exponent).Value * (((i / size) + (i % size)) % 2 == 0 ? 1 : -1);
                var place = ((indices[i / size] * _n) + indices[i % size]) * _sets;
                RowOperations.AddMultiple(_sum.AsSpan(place, _sets), factor, minor);
            }
        }
        while (Next(indices));
    }

    /// <summary>The determinant of some rows and columns of M, by expansion along the first of the rows.</summary>
    private void Minor(ReadOnlySpan<int> rows, ReadOnlySpan<int> columns, Span<double> result, Span<double> scratch)
    {
        result.Clear();
        if (rows.IsEmpty)
        {
            result[0] = 1;
            return;
        }

        Span<int> others = stackalloc int[columns.Length - 1];
        var rest = scratch[.._sets];
        for (var j = 0; j < columns.Length; j++)
        {
            var element = _moved.AsSpan(((rows[0] * _n) + columns[j]) * _sets, _sets);
            if (element.ContainsAnyExcept(0.0))
            {
                Without(columns, j, others);
                Minor(rows[1..], others, rest, scratch[_sets..]);
                NilpotentUnits.AddProduct(element, rest, j % 2 == 0 ? 1 : -1, result);
            }
        }
    }

    private static void Without(ReadOnlySpan<int> indices, int place, Span<int> others)
    {
        indices[..place].CopyTo(others);
        indices[(place + 1)..].CopyTo(others[place..]);
    }

    /// <summary>Advances to the next set of as many indices, in lexicographic order; false if there is none.</summary>
    private bool Next(Span<int> indices)
    {
        var place = indices.Length - 1;
        while (place >= 0 && indices[place] == _n - indices.Length + place)
        {
            place--;
        }

        if (place < 0)
        {
            return false;
        }

        indices[place]++;
        for (var i = place + 1; i < indices.Length; i++)
        {
            indices[i] = indices[i - 1] + 1;
        }

        return true;
    }
}
