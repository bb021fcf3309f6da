// The exponential of a matrix and its derivatives, by scaling and squaring with a Padé approximant. (A. H. Al-Mohy and N. J. Higham, A new
// scaling and squaring algorithm for the matrix exponential, SIAM J. Matrix Anal. Appl. 31, 2009.)

using System.Numerics;

namespace Autodiff.Functional.Numerics;

/// <summary>
/// The number of squarings is determined by norms of powers of A, which grow more slowly than the powers of its norm if A is far from
/// normal. A is balanced first. The directions of derivatives are coefficients of nilpotent units and do not affect the scaling, since a
/// derivative is linear in each. Where the balanced matrix is triangular, the elements on the diagonal and beside it are computed
/// directly in each step, so they do not accumulate the rounding errors of the steps before.
/// </summary>
internal sealed class MatrixExponential
{
    // log₂ of the unit roundoff.
    private const int Roundoff = -53;

    // The largest absolute exponent of elements before a squaring, so that squares neither overflow nor underflow; beyond it they are rescaled.
    private const int MostBeforeSquaring = 500;

    // With an exponent of at least this absolute value the result is out of range whatever follows, so squaring stops.
    private const int OutOfReach = 1 << 20;

    private readonly int _n;
    private readonly int _sets;
    private readonly Balancing _balancing;
    private readonly int[] _scales;
    private readonly Func<double[], double[], int, double[]> _product;

    // The matrix with its directions, in the balanced order and units, divided by 2^_unit; and powers of that.
    private readonly double[][] _a;
    private readonly int _unit;
    private readonly double[][]?[] _powers = new double[][]?[Approximant.Largest.Degree];

    // The matrix of absolute values; and the sums of the rows of its power _absolutePower, divided by 2^_sumsUnit.
    private readonly double[] _absolute;
    private double[] _sums;
    private int _absolutePower;
    private int _sumsUnit;

    private MatrixExponential(ReadOnlySpan<double> a, int n, Func<double[], double[], int, double[]> product)
    {
        (_n, _sets, _balancing, _product) = (n, a.Length / (n * n), Balancing.Of(a[..(n * n)], n), product);
        _a = new double[_sets][];
        var sizes = new int[_sets];
        for (var i = 0; i < a.Length; i++)
        {
            var set = i / (n * n);
            var size = PowersOfTwo.Exponent(a[i]) + _balancing.Units[i % n] - _balancing.Units[i / n % n];
            sizes[set] = Math.Max(i % (n * n) == 0 ? PowersOfTwo.OfZero : sizes[set], size);
        }

        _unit = Math.Max(sizes[0], 0);
        for (var set = 0; set < _sets; set++)
        {
            sizes[set] -= _unit;
        }

        _scales = NilpotentUnits.Scales(sizes);
        for (var set = 0; set < _sets; set++)
        {
            _a[set] = new double[n * n];
            for (var i = 0; i < n * n; i++)
            {
                var (row, column) = (_balancing.Order[i / n], _balancing.Order[i % n]);
                var exponent = _balancing.Units[column] - _balancing.Units[row] + _scales[set] - _unit;
                _a[set][i] = Math.ScaleB(a[(((set * n) + row) * n) + column], exponent);
            }
        }

        _powers[1] = _a;
        (_absolute, _sums) = (new double[n * n], new double[n]);
        for (var i = 0; i < _absolute.Length; i++)
        {
            _absolute[i] = Math.Abs(_a[0][i]);
        }

        Array.Fill(_sums, 1);
    }

    /// <summary>exp A for a matrix with directions.</summary>
    /// <param name="a">The matrix and its directions, stacked below one another as described at <see cref="NilpotentUnits"/>.</param>
    /// <param name="n">The number of columns.</param>
    /// <param name="product">The product of two square matrices of a size.</param>
    /// <param name="result">Where the exponential and its derivatives are written, in the same way.</param>
    public static void Of(ReadOnlySpan<double> a, int n, Func<double[], double[], int, double[]> product, Span<double> result) =>
        new MatrixExponential(a, n, product).Compute().CopyTo(result);

    private double[] Compute()
    {
        var (approximant, squarings) = Choice();
        var x = Quotient(approximant, _unit - squarings);
        var exponent = 0;
        Correct(squarings, (place, known) => x[0][place] = known.Value);
        for (var left = squarings - 1; left >= 0 && Math.Abs(exponent) < OutOfReach; left--)
        {
            x = Product(x, x);
            exponent *= 2;
            var largest = x.Max(coefficient => PowersOfTwo.Largest(coefficient));
            if (largest != PowersOfTwo.OfZero && Math.Abs(largest) > MostBeforeSquaring)
            {
                exponent += largest;
                Array.ForEach(x, coefficient => PowersOfTwo.Scale(coefficient, -largest));
            }

            Correct(left, (place, known) => x[0][place] = known.Times2To(-exponent).Value);
        }

        var result = new double[_sets * _n * _n];
        for (var i = 0; i < result.Length; i++)
        {
            var (set, place) = Math.DivRem(i, _n * _n);
            var (row, column) = (_balancing.Order[place / _n], _balancing.Order[place % _n]);
            var unit = exponent + _balancing.Units[row] - _balancing.Units[column] - _scales[set];
            result[(((set * _n) + row) * _n) + column] = Math.ScaleB(x[set][place], unit);
        }

        Correct(0, (place, known) =>
        {
            var (row, column) = (_balancing.Order[place / _n], _balancing.Order[place % _n]);
            result[(row * _n) + column] = known.Times2To(_balancing.Units[row] - _balancing.Units[column]).Value;
        });
        return result;
    }

    /// <summary>The cheapest approximant that needs no squarings; if none does, the largest one with the number of squarings that it needs.</summary>
    private (Approximant Approximant, int Squarings) Choice()
    {
        var known = new double[Approximant.Largest.Degree];
        Array.Fill(known, double.NegativeInfinity);
        (known[1], known[2]) = (LogNorm(_a[0]), LogNorm(Power(2)[0]));
        if (double.IsNegativeInfinity(known[1]))
        {
            return (Approximant.All[0], 0);
        }

        var isKnown = 2;
        foreach (var approximant in Approximant.All)
        {
            switch (approximant.Degree)
            {
                case 5:
                    (known[4], isKnown) = (LogNorm(Power(4)[0]), 4);
                    break;
                case 7:
                    (known[6], isKnown) = (LogNorm(Power(6)[0]), 6);
                    break;
                case 9:
                    (known[8], isKnown) = (LogNorm(Product(Power(4)[0], Power(4)[0])), 8);
                    break;
                case 13:
                    (known[10], isKnown) = (LogNorm(Product(Power(4)[0], Power(6)[0])), 10);
                    break;
            }

            var squarings = Squarings(approximant, known.AsSpan(..(isKnown + 1)));
            if (squarings == 0 || approximant == Approximant.Largest)
            {
                return (approximant, squarings);
            }
        }

        throw new InvalidOperationException("The largest approximant takes any matrix.");
    }

    /// <summary>How often A must be halved so that the error of an approximant is below rounding, and no large terms cancel in computing it.</summary>
    private int Squarings(Approximant approximant, ReadOnlySpan<double> known)
    {
        // The norm of a power is bounded by products of norms of lower powers. In a derivative along d directions, these are placed between d + 1
        // powers, whose norms are multiplied.
        var (m, depth) = (approximant.Degree, BitOperations.Log2((uint)_sets));
        var bounds = new double[(4 * m) + 2];
        for (var p = 1; p < bounds.Length; p++)
        {
            bounds[p] = p * known[1];
            for (var q = 2; q < known.Length && q <= p; q += 2)
            {
                bounds[p] = Math.Min(bounds[p], known[q] + bounds[p - q]);
            }
        }

        var products = bounds;
        for (var direction = 0; direction < depth; direction++)
        {
            var last = products;
            products = [.. Enumerable.Range(0, last.Length).Select(p => Enumerable.Range(0, p + 1).Max(q => last[q] + bounds[p - q]))];
        }

        var growth = double.NegativeInfinity;
        for (var p = Math.Max(1, (2 * m) + 1 - depth); p < products.Length; p++)
        {
            growth = Math.Max(growth, products[p] / p);
        }

        var absolute = approximant.LogRemainder + LogNormOfAbsolutePower((2 * m) + 1) - known[1] - Roundoff;
        var halvings = Math.Max(growth - approximant.LogRadius(depth), absolute / (2 * m)) + _unit;
        return Math.Max(0, (int)Math.Ceiling(Math.Max(halvings, 0)));
    }

    /// <summary>log₂ of the norm of a power of the matrix of absolute values. Successive calls must ask for ascending powers.</summary>
    private double LogNormOfAbsolutePower(int power)
    {
        for (; _absolutePower < power; _absolutePower++)
        {
            var next = new double[_n];
            for (var i = 0; i < _n; i++)
            {
                next[i] = RowOperations.Dot(_absolute.AsSpan(i * _n, _n), _sums);
            }

            var unit = PowersOfTwo.Largest(next) is > PowersOfTwo.OfZero and var largest ? largest : 0;
            PowersOfTwo.Scale(next, -unit);
            _sumsUnit += unit;
            _sums = next;
        }

        return Math.Log2(RowOperations.Largest(_sums)) + _sumsUnit;
    }

    /// <summary>log₂ of the largest sum of absolute values in a row.</summary>
    private double LogNorm(double[] a)
    {
        var norm = 0.0;
        for (var row = 0; row < _n; row++)
        {
            var sum = 0.0;
            foreach (var element in a.AsSpan(row * _n, _n))
            {
                sum += Math.Abs(element);
            }

            norm = Math.Max(norm, sum);
        }

        return Math.Log2(norm);
    }

    /// <summary>(V − U)⁻¹ (V + U), where V is the even and U the odd part of the approximant's numerator, for the matrix times 2^unit.</summary>
    private double[][] Quotient(Approximant approximant, int unit)
    {
        var (even, odd) = (Part(approximant, 0, unit), Product(_a, Part(approximant, 1, unit)));
        var (sum, difference) = (new double[_sets][], new double[_sets][]);
        for (var set = 0; set < _sets; set++)
        {
            PowersOfTwo.Scale(odd[set], unit);
            (sum[set], difference[set]) = (even[set], [.. even[set]]);
            RowOperations.AddMultiple(sum[set], 1, odd[set]);
            RowOperations.AddMultiple(difference[set], -1, odd[set]);
        }

        var elimination = new Elimination((double[])difference[0].Clone(), _n);
        for (var set = 0; set < _sets; set++)
        {
            for (var part = set; part > 0; part = (part - 1) & set)
            {
                RowOperations.AddMultiple(sum[set], -1, Product(difference[part], sum[set ^ part]));
            }

            elimination.Solve(sum[set], _n);
        }

        return sum;
    }

    /// <summary>
    /// The terms of the numerator of one parity; odd ones without their factor A. In the largest approximant the terms beyond A⁷ are A⁶ times a
    /// shorter sum.
    /// </summary>
    private double[][] Part(Approximant approximant, int parity, int unit)
    {
        if (approximant.Degree < 13)
        {
            return Terms(approximant, parity, unit, 0, 0, approximant.Degree - 1);
        }

        var (part, low) = (Product(Power(6), Terms(approximant, parity, unit, 6, 2, 6)), Terms(approximant, parity, unit, 0, 0, 6));
        for (var set = 0; set < _sets; set++)
        {
            PowersOfTwo.Scale(part[set], 6 * unit);
            RowOperations.AddMultiple(part[set], 1, low[set]);
        }

        return part;
    }

    /// <summary>Σ c[offset + k + parity] Aᵏ over even k from the first to the last, where c are the coefficients of the approximant.</summary>
    private double[][] Terms(Approximant approximant, int parity, int unit, int offset, int first, int last)
    {
        var sum = Array.ConvertAll(_a, _ => new double[_n * _n]);
        for (var k = first; k <= last; k += 2)
        {
            var factor = Math.ScaleB(approximant[offset + k + parity], k * unit);
            for (var i = 0; k == 0 && i < _n; i++)
            {
                sum[0][i * (_n + 1)] = factor;
            }

            for (var set = 0; k > 0 && set < _sets; set++)
            {
                RowOperations.AddMultiple(sum[set], factor, Power(k)[set]);
            }
        }

        return sum;
    }

    /// <summary>A², A⁴, A⁶ or A⁸.</summary>
    private double[][] Power(int exponent) => _powers[exponent] ??= exponent switch
    {
        2 => Product(_a, _a),
        _ => Product(Power(exponent / 4 * 2), Power(exponent - (exponent / 4 * 2))),
    };

    /// <summary>The product of matrices of numbers with nilpotent units.</summary>
    private double[][] Product(double[][] x, double[][] y)
    {
        var product = new double[_sets][];
        for (var set = 0; set < _sets; set++)
        {
            product[set] = Product(x[set], y[0]);
            for (var part = set; part > 0; part = (part - 1) & set)
            {
                RowOperations.AddMultiple(product[set], 1, Product(x[set ^ part], y[part]));
            }
        }

        return product;
    }

    private double[] Product(double[] x, double[] y) => _product(x, y, _n);

    /// <summary>
    /// Computes elements of exp(2^−halvings A) directly: e^λ for an eigenvalue λ on the diagonal, and c (e^μ − e^λ) / (μ − λ) beside the
    /// diagonal, where c is the element of A between adjacent eigenvalues λ and μ.
    /// </summary>
    private void Correct(int halvings, Action<int, WideNumber> correct)
    {
        double Scaled(int row, int column) => Math.ScaleB(_a[0][(row * _n) + column], _unit - halvings);
        for (var i = 0; i < _n; i++)
        {
            if (_balancing.IsSingle[i])
            {
                correct(i * (_n + 1), WideNumber.Exp(Scaled(i, i)));
                if (i + 1 < _n && _balancing.IsSingle[i + 1])
                {
                    var distance = Math.Abs(Scaled(i, i) - Scaled(i + 1, i + 1));
                    var slope = distance == 0 ? 1 : -ScalarFunctions.ExpM1(-distance) / distance;
                    var mean = WideNumber.Exp(Math.Max(Scaled(i, i), Scaled(i + 1, i + 1))) * slope;
                    correct((i * _n) + i + 1, mean * Scaled(i, i + 1));
                }
            }
        }
    }
}

/// <summary>The diagonal Padé approximant of the exponential of a given degree.</summary>
internal sealed class Approximant
{
    private readonly double[] _coefficients;
    private readonly double _radius;

    private Approximant(int degree, double radius)
    {
        (Degree, _radius, _coefficients) = (degree, radius, new double[degree + 1]);

        // (2m − k)! / (k! (m − k)!), starting with k = m and scaled to be 1 there: whole numbers that are exact as doubles.
        var coefficient = (UInt128)1;
        for (var k = degree; k >= 0; k--)
        {
            _coefficients[k] = (double)coefficient;
            coefficient = coefficient * (UInt128)(((2 * degree) - k + 1) * k) / (UInt128)(degree - k + 1);
        }

        // The coefficient (m!)² / ((2m)! (2m + 1)!) of the backward error.
        for (var k = 1; k <= degree; k++)
        {
            LogRemainder -= Math.Log2((double)(degree + k) / k);
        }

        for (var k = 1; k <= (2 * degree) + 1; k++)
        {
            LogRemainder -= Math.Log2((double)k);
        }
    }

    /// <summary>
    /// The approximants by ascending degree, each with the largest norm for which its error is below rounding (table 3.1 of the paper).
    /// </summary>
    public static Approximant[] All { get; } =
    [
        new(3, 1.495585217958292e-2), new(5, 2.539398330063230e-1), new(7, 9.504178996162932e-1), new(9, 2.097847961257068), new(13, 4.25),
    ];

    public static Approximant Largest => All[^1];

    public int Degree { get; }

    /// <summary>log₂ of the absolute value of the first coefficient of the backward error, that of the power 2m + 1.</summary>
    public double LogRemainder { get; }

    public double this[int power] => _coefficients[power];

    /// <summary>
    /// log₂ of the largest norm for which the error of derivatives of the approximant, of the given order, is below rounding: each
    /// differentiation multiplies the first term of the error by at most its power, 2m + 1.
    /// </summary>
    public double LogRadius(int derivatives) => Math.Log2(_radius) - (derivatives * Math.Log2((2 * Degree) + 1) / (2 * Degree));
}
