// The Schur form of a real square matrix: a basis in which it is triangular, by the QR algorithm with complex shifts. (J. G. F. Francis, The QR
// transformation, Computer Journal 4, 1961; the criterion for small elements is that of M. Ahues and F. Tisseur, 1997.)

using System.Numerics;
using System.Runtime.InteropServices;

namespace Autodiff.Functional.Numerics;

/// <summary>
/// A = S T S⁻¹ with T upper triangular and S = D P Z, where D are powers of two and P is an order of the indices (<see cref="Balancing"/>), and Z is
/// unitary. A matrix that some order of its indices makes triangular is only reordered, so its eigenvalues are exact.
/// </summary>
internal sealed class SchurForm
{
    // The largest number of steps for one eigenvalue. Three are usual; where eigenvalues differ by little more than rounding errors, more than 30 have been
    // needed. Every tenth takes another shift, which breaks cycles.
    private const int MostSteps = 300;
    private const int StepsBeforeOtherShift = 10;

    private const double Rounding = 1.0 / (1L << 52);
    private const double Smallest = 2.2250738585072014e-308;

    private readonly int _n;
    private readonly Balancing _balancing;
    private readonly Complex[] _basis;

    private SchurForm(ReadOnlySpan<double> a, int n)
    {
        (_n, _balancing) = (n, Balancing.Of(a, n));
        var balanced = new double[n * n];
        for (var i = 0; i < balanced.Length; i++)
        {
            var (row, column) = (_balancing.Order[i / n], _balancing.Order[i % n]);
            balanced[i] = Math.ScaleB(a[(row * n) + column], _balancing.Units[column] - _balancing.Units[row]);
        }

        var basis = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            basis[i * (n + 1)] = 1;
        }

        Reduce(balanced, basis, n);
        (T, _basis) = (new Complex[n * n], new Complex[n * n]);
        for (var i = 0; i < balanced.Length; i++)
        {
            (T[i], _basis[i]) = (balanced[i], basis[i]);
        }
    }

    /// <summary>The triangular matrix, by rows.</summary>
    public Complex[] T { get; }

    /// <summary>The Schur form of a matrix whose elements are not so large that squares overflow; null if the QR algorithm does not converge.</summary>
    public static SchurForm? Of(ReadOnlySpan<double> a, int n)
    {
        var form = new SchurForm(a, n);
        return form.Iterate() ? form : null;
    }

    /// <summary>S⁻¹ X R, where R is the basis of another matrix.</summary>
    public Complex[] Enter(ReadOnlySpan<double> x, SchurForm right)
    {
        var (rows, columns) = (_n, right._n);
        var inside = new Complex[rows * columns];
        for (var i = 0; i < inside.Length; i++)
        {
            var (row, column) = (_balancing.Order[i / columns], right._balancing.Order[i % columns]);
            inside[i] = Math.ScaleB(x[(row * columns) + column], right._balancing.Units[column] - _balancing.Units[row]);
        }

        return ComplexMatrices.Product(ComplexMatrices.Adjoint(_basis, rows, rows), ComplexMatrices.Product(inside, right._basis, rows, columns, columns), rows, rows, columns);
    }

    /// <summary>The real part of S Y R⁻¹, where R is the basis of another matrix.</summary>
    public void Leave(Complex[] y, SchurForm right, Span<double> x)
    {
        var (rows, columns) = (_n, right._n);
        var outside = ComplexMatrices.Product(_basis, ComplexMatrices.Product(y, ComplexMatrices.Adjoint(right._basis, columns, columns), rows, columns, columns), rows, rows, columns);
        for (var i = 0; i < outside.Length; i++)
        {
            var (row, column) = (_balancing.Order[i / columns], right._balancing.Order[i % columns]);
            x[(row * columns) + column] = Math.ScaleB(outside[i].Real, _balancing.Units[row] - right._balancing.Units[column]);
        }
    }

    /// <summary>Reduces a matrix to zeros below the first subdiagonal by reflections, which are multiplied to the basis.</summary>
    private static void Reduce(double[] a, double[] basis, int n)
    {
        var (vector, sums) = (new double[n], new double[n]);
        for (var k = 0; k + 2 < n; k++)
        {
            var below = 0.0;
            for (var i = k + 1; i < n; i++)
            {
                vector[i] = a[(i * n) + k];
                below = Math.Max(below, i == k + 1 ? 0 : Math.Abs(vector[i]));
            }

            if (below == 0)
            {
                continue;
            }

            // The reflection I − v vᵀ/w takes the column to a multiple of the first unit vector; in a unit of the column its square does not underflow.
            var part = vector.AsSpan((k + 1)..);
            PowersOfTwo.Scale(part, -PowersOfTwo.Largest(part));
            var norm = Math.Sqrt(RowOperations.Dot(part, part));
            var weight = 1 / (norm * (norm + Math.Abs(part[0])));
            part[0] += part[0] > 0 ? norm : -norm;
            Array.Clear(sums);
            for (var i = k + 1; i < n; i++)
            {
                RowOperations.AddMultiple(sums.AsSpan(k..), vector[i], a.AsSpan((i * n) + k, n - k));
            }

            for (var i = k + 1; i < n; i++)
            {
                RowOperations.AddMultiple(a.AsSpan((i * n) + k, n - k), -weight * vector[i], sums.AsSpan(k..));
            }

            for (var i = 0; i < n; i++)
            {
                var row = a.AsSpan((i * n) + k + 1, n - k - 1);
                var turned = basis.AsSpan((i * n) + k + 1, n - k - 1);
                RowOperations.AddMultiple(row, -weight * RowOperations.Dot(row, part), part);
                RowOperations.AddMultiple(turned, -weight * RowOperations.Dot(turned, part), part);
            }

            for (var i = k + 2; i < n; i++)
            {
                a[(i * n) + k] = 0;
            }
        }
    }

    /// <summary>Makes the subdiagonal zero from below; false if an eigenvalue takes too many steps.</summary>
    private bool Iterate()
    {
        var steps = 0;
        for (var last = _n - 1; last > 0;)
        {
            var first = last;
            while (first > 0 && !IsNegligible(first, steps > StepsBeforeOtherShift))
            {
                first--;
            }

            if (first > 0)
            {
                T[(first * _n) + first - 1] = 0;
            }

            if (first == last)
            {
                (last, steps) = (last - 1, 0);
                continue;
            }

            if (first == last - 1)
            {
                Split(last);
                (last, steps) = (last - 2, 0);
                continue;
            }

            if (++steps > MostSteps)
            {
                return false;
            }

            Chase(first, last, steps % StepsBeforeOtherShift == 0 ? T[(last * _n) + last] + (0.75 * Complex.Abs(T[(last * _n) + last - 1])) : Shift(last));
        }

        return true;
    }

    /// <summary>Whether the element beside the diagonal before an index is a rounding error of its neighbours.</summary>
    /// <param name="k">The index.</param>
    /// <param name="isSlow">
    /// Whether the iteration takes long, as where eigenvalues differ by a small multiple of their rounding errors: it is then enough that the change of the
    /// matrix is a rounding error, even if the change of its eigenvalues is larger than one.
    /// </param>
    private bool IsNegligible(int k, bool isSlow)
    {
        var (before, own) = (T[((k - 1) * _n) + k - 1], T[(k * _n) + k]);
        var (below, above) = (Complex.Abs(T[(k * _n) + k - 1]), Complex.Abs(T[((k - 1) * _n) + k]));
        var (size, gap) = (Complex.Abs(own), Complex.Abs(before - own));
        if (below == 0)
        {
            return true;
        }

        if (below > Rounding * (size + Complex.Abs(before)))
        {
            return size + Complex.Abs(before) == 0 && below <= Smallest;
        }

        if (isSlow)
        {
            return true;
        }

        var (large, small) = (Math.Max(size, gap), Math.Min(size, gap));
        var (most, least) = (Math.Max(below, above), Math.Min(below, above));
        return least * (most / (large + most)) <= Math.Max(Smallest, Rounding * (small * (large / (large + most))));
    }

    /// <summary>The eigenvalue of the last 2 × 2 block that is nearer to its last element (the shift of Wilkinson).</summary>
    private Complex Shift(int last)
    {
        var (a, b) = (T[((last - 1) * _n) + last - 1], T[((last - 1) * _n) + last]);
        var (c, d) = (T[(last * _n) + last - 1], T[(last * _n) + last]);
        var (half, product) = ((a - d) / 2, b * c);
        var root = Complex.Sqrt((half * half) + product);
        var sum = IsAlong(half, root) ? half + root : half - root;
        return sum == 0 ? d : d - (product / sum);
    }

    /// <summary>
    /// Makes the last 2 × 2 block triangular by one rotation, also where its eigenvalues differ by less than a rounding error of them, so that no shift tells
    /// them apart. For the block (a b; c d), (λ − d, c) is an eigenvector, and λ − d = h ± √(h² + bc) with h = (a − d)/2.
    /// </summary>
    private void Split(int last)
    {
        var first = last - 1;
        var (b, c, d) = (T[(first * _n) + last], T[(last * _n) + first], T[(last * _n) + last]);
        var half = (T[(first * _n) + first] - d) / 2;
        var unit = Math.ILogB(Math.Max(Math.Max(Complex.Abs(b), Complex.Abs(c)), Complex.Abs(half)));
        Complex InUnit(Complex x) => new(Math.ScaleB(x.Real, -unit), Math.ScaleB(x.Imaginary, -unit));
        var root = Complex.Sqrt((InUnit(half) * InUnit(half)) + (InUnit(b) * InUnit(c)));
        var gap = IsAlong(half, root) ? InUnit(half) + root : InUnit(half) - root;
        if (gap != 0 || Complex.Abs(c) > Complex.Abs(b))
        {
            // Without the multiple d of the unit matrix, the rounding errors are relative to what differs from it.
            T[(first * _n) + first] -= d;
            T[(last * _n) + last] = 0;
            Turn(first, last, gap, InUnit(c));
            T[(first * _n) + first] += d;
            T[(last * _n) + last] += d;
        }

        T[(last * _n) + first] = 0;
    }

    /// <summary>Whether the sum of two numbers is at least as large as their difference.</summary>
    private static bool IsAlong(Complex x, Complex y) => (x.Real * y.Real) + (x.Imaginary * y.Imaginary) >= 0;

    /// <summary>One step of the QR algorithm on the block between two indices, by rotations of neighbouring rows and columns.</summary>
    private void Chase(int first, int last, Complex shift)
    {
        var (x, y) = (T[(first * _n) + first] - shift, T[((first + 1) * _n) + first]);
        for (var k = first; k < last; k++)
        {
            if (k > first)
            {
                (x, y) = (T[(k * _n) + k - 1], T[((k + 1) * _n) + k - 1]);
            }

            var turned = Turn(k, last, x, y);
            if (k > first)
            {
                (T[(k * _n) + k - 1], T[((k + 1) * _n) + k - 1]) = (turned, 0);
            }
        }
    }

    /// <summary>Turns rows and columns k and k + 1 by the rotation that takes (x, y) to (z, 0), and returns z.</summary>
    private Complex Turn(int k, int last, Complex x, Complex y)
    {
        var (sizeOfX, sizeOfY) = (Complex.Abs(x), Complex.Abs(y));
        if (sizeOfY == 0)
        {
            return x;
        }

        var length = ScalarFunctions.Hypot(sizeOfX, sizeOfY);
        var (cosine, phase) = (sizeOfX / length, sizeOfX == 0 ? 1 : x / sizeOfX);
        var sine = phase * Complex.Conjugate(y) / length;
        for (var j = k; j < _n; j++)
        {
            ref var upper = ref T[(k * _n) + j];
            ref var lower = ref T[((k + 1) * _n) + j];
            (upper, lower) = ((cosine * upper) + (sine * lower), (cosine * lower) - (Complex.Conjugate(sine) * upper));
        }

        TurnColumns(T, k, Math.Min(k + 2, last), cosine, sine);
        TurnColumns(_basis, k, _n - 1, cosine, sine);
        return phase * length;
    }

    private void TurnColumns(Complex[] x, int k, int lastRow, double cosine, Complex sine)
    {
        for (var i = 0; i <= lastRow; i++)
        {
            ref var left = ref x[(i * _n) + k];
            ref var right = ref x[(i * _n) + k + 1];
            (left, right) = ((cosine * left) + (Complex.Conjugate(sine) * right), (cosine * right) - (sine * left));
        }
    }
}

/// <summary>Products of matrices of complex numbers, by rows.</summary>
internal static class ComplexMatrices
{
    /// <summary>The product of an m×k and a k×n matrix.</summary>
    public static Complex[] Product(Complex[] a, Complex[] b, int m, int k, int n)
    {
        var product = new Complex[m * n];
        for (var i = 0; i < m; i++)
        {
            var row = product.AsSpan(i * n, n);
            for (var l = 0; l < k; l++)
            {
                AddMultiple(row, a[(i * k) + l], b.AsSpan(l * n, n));
            }
        }

        return product;
    }

    /// <summary>y ← y + f x. Factors without an imaginary part, as all those of matrices with real eigenvalues, take two products instead of four.</summary>
    public static void AddMultiple(Span<Complex> y, Complex f, ReadOnlySpan<Complex> x)
    {
        if (f == 0)
        {
            return;
        }

        var to = MemoryMarshal.Cast<Complex, double>(y);
        var from = MemoryMarshal.Cast<Complex, double>(x);
        if (f.Imaginary == 0)
        {
            RowOperations.AddMultiple(to, f.Real, from[..to.Length]);
            return;
        }

        for (var i = 0; i + 1 < to.Length; i += 2)
        {
            var (real, imaginary) = (from[i], from[i + 1]);
            to[i] += (f.Real * real) - (f.Imaginary * imaginary);
            to[i + 1] += (f.Real * imaginary) + (f.Imaginary * real);
        }
    }

    /// <summary>The conjugate transpose.</summary>
    public static Complex[] Adjoint(Complex[] a, int rows, int columns)
    {
        var adjoint = new Complex[a.Length];
        for (var i = 0; i < a.Length; i++)
        {
            adjoint[(i % columns * rows) + (i / columns)] = Complex.Conjugate(a[i]);
        }

        return adjoint;
    }
}
