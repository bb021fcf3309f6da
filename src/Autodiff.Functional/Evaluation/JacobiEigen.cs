// Eigenvalues of symmetric matrices by rotations. (J. Demmel and K. Veselić, Jacobi's method is more accurate than QR, SIAM J. Matrix
// Anal. Appl. 13, 1992.)

namespace Autodiff.Functional.Evaluation;

/// <summary>
/// A = V Λ Vᵀ. The rotations form no squares of elements, so elements of any sizes stand side by side, and the eigenvalues of a positive
/// definite matrix are accurate where a change of units makes it well-conditioned.
/// </summary>
internal sealed class JacobiEigen
{
    // In theory what is off the diagonal vanishes quadratically fast; ten sweeps are many.
    private const int MostSweeps = 60;

    private readonly int _n;
    private readonly double[] _a;
    private readonly double[] _vectors;

    /// <summary>Decomposes a symmetric matrix, which is overwritten.</summary>
    public JacobiEigen(double[] a, int n)
    {
        (_n, _a, _vectors) = (n, a, new double[n * n]);

        // Near the upper end of the range sums of elements would leave it, and near the lower one products would lose their digits.
        var unit = PowersOfTwo.Largest(a) switch
        {
            > 1000 and var largest => largest - 1000,
            > PowersOfTwo.OfZero and < -900 and var largest => largest,
            _ => 0,
        };
        PowersOfTwo.Scale(a, -unit);
        for (var i = 0; i < n; i++)
        {
            _vectors[(i * n) + i] = 1;
        }

        for (var sweep = 0; sweep < MostSweeps && Sweep(); sweep++)
        {
        }

        Values = [.. Enumerable.Range(0, n).Select(i => a[(i * n) + i])];
        PowersOfTwo.Scale(Values, unit);
        Order = [.. Enumerable.Range(0, n)];
        Array.Sort(Values, Order);
    }

    /// <summary>Ascending.</summary>
    public double[] Values { get; }

    private int[] Order { get; }

    /// <summary>The vector of a value.</summary>
    public ReadOnlySpan<double> Vector(int index) => _vectors.AsSpan(Order[index] * _n, _n);

    /// <summary>Turns each pair of axes once; false if the matrix was diagonal.</summary>
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
        RowOperations.Rotate(rowP, rowQ, cosine, -tangent, -tangent);
        RowOperations.Rotate(_vectors.AsSpan(p * _n, _n), _vectors.AsSpan(q * _n, _n), cosine, -tangent, -tangent);
        (rowP[p], rowP[q]) = (app - (tangent * apq), 0);
        (rowQ[q], rowQ[p]) = (aqq + (tangent * apq), 0);
        for (var i = 0; i < _n; i++)
        {
            _a[(i * _n) + p] = rowP[i];
            _a[(i * _n) + q] = rowQ[i];
        }

        return true;
    }
}
