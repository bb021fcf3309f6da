// Eigenvalues and eigenvectors of symmetric matrices. (J. Demmel and K. Veselić, Jacobi's method is more accurate than QR, SIAM J. Matrix Anal.
// Appl. 13, 1992; G. H. Golub and C. F. Van Loan, Matrix Computations, 2013, 8.3.)

namespace Autodiff.Functional.Numerics;

/// <summary>
/// A = V Λ Vᵀ. If rows differ much in size, or are few, Jacobi's rotations are used: they form no squares of elements, so elements may have
/// very different sizes, and the eigenvalues of a positive definite matrix are accurate if some units make it well-conditioned.
/// Otherwise the matrix is reduced to tridiagonal form by reflections and diagonalized by QL steps, which is faster.
/// </summary>
internal sealed class SymmetricEigen
{
    // The largest number of sweeps of Jacobi's rotations. Elements off the diagonal vanish at a quadratic rate, so about ten are expected at most.
    private const int MostSweeps = 60;

    // The largest number of QL steps for one eigenvalue. An element beside the diagonal vanishes at a cubic rate, so about five are expected at
    // most.
    private const int MostSteps = 60;

    // Up to this number of rows Jacobi's rotations are as fast as QL steps.
    private const int Few = 6;

    private readonly int _n;
    private readonly double[] _a;
    private readonly double[] _vectors;
    private readonly int[] _order;

    /// <summary>Decomposes a symmetric matrix, which is overwritten.</summary>
    public SymmetricEigen(double[] a, int n)
    {
        (_n, _a, _vectors, Values, _order) = (n, a, new double[n * n], new double[n], [.. Enumerable.Range(0, n)]);
        var (smallest, largest) = (int.MaxValue, PowersOfTwo.OfZero);
        for (var i = 0; i < n; i++)
        {
            var size = PowersOfTwo.Largest(a.AsSpan(i * n, n));
            (smallest, largest) = (Math.Min(smallest, size), Math.Max(largest, size));
            _vectors[i * (n + 1)] = 1;
        }

        // The matrix is scaled if sums of its elements might overflow or products might lose digits by underflow.
        var isEven = n > Few && largest - smallest <= Equilibration.Span;
        var unit = largest switch
        {
            PowersOfTwo.OfZero => 0,
            _ when isEven => PowersOfTwo.Unit(largest),
            > 1000 => largest - 1000,
            < -900 => largest,
            _ => 0,
        };
        PowersOfTwo.Scale(a, -unit);
        if (!isEven || !TakeSteps())
        {
            TakeSweeps();
        }

        PowersOfTwo.Scale(Values, unit);
        Array.Sort(Values, _order);
    }

    /// <summary>The eigenvalues, ascending.</summary>
    public double[] Values { get; }

    /// <summary>The eigenvector of the eigenvalue at an index.</summary>
    public ReadOnlySpan<double> Vector(int index) => _vectors.AsSpan(_order[index] * _n, _n);

    private void TakeSweeps()
    {
        for (var sweep = 0; sweep < MostSweeps && Sweep(); sweep++)
        {
        }

        for (var i = 0; i < _n; i++)
        {
            Values[i] = _a[i * (_n + 1)];
        }
    }

    /// <summary>Rotates each pair of axes once; false if the matrix was diagonal.</summary>
    private bool Sweep()
    {
        var turned = false;
        for (var p = 0; p < _n; p++)
        {
            for (var q = p + 1; q < _n; q++)
            {
                turned |= Turn(p, q);
            }
        }

        return turned;
    }

    private bool Turn(int p, int q)
    {
        var (app, apq, aqq) = (_a[(p * _n) + p], _a[(p * _n) + q], _a[(q * _n) + q]);
        if (Math.Abs(apq) <= Math.ScaleB(Math.Sqrt(Math.Abs(app)) * Math.Sqrt(Math.Abs(aqq)), -53))
        {
            return false;
        }

        var zeta = ((aqq / 2) - (app / 2)) / apq;
        var tangent = Math.CopySign(1 / (Math.Abs(zeta) + double.Hypot(1, zeta)), zeta);
        var cosine = 1 / Math.Sqrt(1 + (tangent * tangent));
        var rowP = _a.AsSpan(p * _n, _n);
        var rowQ = _a.AsSpan(q * _n, _n);
        RowOperations.Turn(rowP, rowQ, cosine, tangent * cosine);
        RowOperations.Turn(_vectors.AsSpan(p * _n, _n), _vectors.AsSpan(q * _n, _n), cosine, tangent * cosine);
        (rowP[p], rowP[q]) = (app - (tangent * apq), 0);
        (rowQ[q], rowQ[p]) = (aqq + (tangent * apq), 0);
        for (var i = 0; i < _n; i++)
        {
            _a[(i * _n) + p] = rowP[i];
            _a[(i * _n) + q] = rowQ[i];
        }

        return true;
    }

    /// <summary>Diagonalizes through a tridiagonal matrix; false, with the matrix and the vectors as before, if the QL steps do not converge.</summary>
    private bool TakeSteps()
    {
        var reduced = _a.ToArray();
        var (beside, weights) = (new double[_n], new double[_n]);
        for (var k = 0; k < _n; k++)
        {
            Reduce(reduced, k, beside, weights);
        }

        for (var k = 0; k < _n; k++)
        {
            Values[k] = reduced[k * (_n + 1)];
        }

        if (!Diagonalize(beside))
        {
            Array.Clear(_vectors);
            for (var i = 0; i < _n; i++)
            {
                _vectors[i * (_n + 1)] = 1;
            }

            return false;
        }

        for (var i = 0; i < _n; i++)
        {
            for (var k = _n - 3; k >= 0; k--)
            {
                var rest = _vectors.AsSpan((i * _n) + k + 1, _n - k - 1);
                var reflected = reduced.AsSpan((k * _n) + k + 1, _n - k - 1);
                RowOperations.AddMultiple(rest, -weights[k] * RowOperations.Dot(rest, reflected), reflected);
            }
        }

        return true;
    }

    // The reflection H = I − τ v vᵀ leaves one element beside the diagonal in row k; H A H = A − v wᵀ − w vᵀ, where w = p − ½ τ (pᵀv) v and
    // p = τ A v.
    private void Reduce(double[] a, int k, double[] beside, double[] weights)
    {
        var v = a.AsSpan((k * _n) + k + 1, _n - k - 1);
        if (v.Length < 2)
        {
            beside[k] = v.IsEmpty ? 0 : v[0];
            return;
        }

        var norm = Math.Sqrt(RowOperations.Dot(v, v));
        if (norm == 0)
        {
            return;
        }

        beside[k] = v[0] > 0 ? -norm : norm;
        weights[k] = 1 / (norm * (norm + Math.Abs(v[0])));
        v[0] -= beside[k];
        var w = new double[v.Length];
        for (var i = 0; i < w.Length; i++)
        {
            w[i] = weights[k] * RowOperations.Dot(v, a.AsSpan(((k + 1 + i) * _n) + k + 1, v.Length));
        }

        RowOperations.AddMultiple(w, -weights[k] * RowOperations.Dot(v, w) / 2, v);
        for (var i = 0; i < w.Length; i++)
        {
            var row = a.AsSpan(((k + 1 + i) * _n) + k + 1, v.Length);
            RowOperations.AddMultiple(row, -v[i], w);
            RowOperations.AddMultiple(row, -w[i], v);
        }
    }

    /// <summary>Makes the elements beside the diagonal vanish by QL steps with Wilkinson's shift; false if this takes too many steps.</summary>
    private bool Diagonalize(double[] beside)
    {
        for (var first = 0; first < _n; first++)
        {
            for (var step = 0; ; step++)
            {
                var last = first;
                while (last < _n - 1 && Math.Abs(beside[last]) > Math.ScaleB(Math.Abs(Values[last]) + Math.Abs(Values[last + 1]), -53))
                {
                    last++;
                }

                if (last == first)
                {
                    break;
                }

                if (step == MostSteps)
                {
                    return false;
                }

                Step(beside, first, last);
            }
        }

        return true;
    }

    // One implicit QL step on the rows from first to last. The first rotation, determined by the shift, creates an element outside of the
    // tridiagonal form (the bulge); the following rotations move it from the end to the beginning, where it disappears.
    private void Step(double[] beside, int first, int last)
    {
        var half = (Values[first + 1] - Values[first]) / (2 * beside[first]);
        var shift = Values[first] - (beside[first] / (half + Math.CopySign(double.Hypot(half, 1), half)));
        var (head, sine, cosine, moved) = (Values[last] - shift, 1.0, 1.0, 0.0);
        for (var i = last - 1; i >= first; i--)
        {
            var (bulge, own) = (sine * beside[i], cosine * beside[i]);
            var norm = beside[i + 1] = double.Hypot(bulge, head);
            if (norm == 0)
            {
                // The element beside the diagonal is 0, so the matrix splits into two parts here.
                Values[i + 1] -= moved;
                beside[last] = 0;
                return;
            }

            (sine, cosine) = (bulge / norm, head / norm);
            var diagonal = Values[i + 1] - moved;
            var change = ((Values[i] - diagonal) * sine) + (2 * cosine * own);
            moved = sine * change;
            Values[i + 1] = diagonal + moved;
            head = (cosine * change) - own;
            RowOperations.Turn(_vectors.AsSpan(i * _n, _n), _vectors.AsSpan((i + 1) * _n, _n), cosine, sine);
        }

        Values[first] -= moved;
        beside[first] = head;
        beside[last] = 0;
    }
}
