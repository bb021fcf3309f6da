// Functions of single doubles that the evaluator uses. System.Math has no error function, gamma functions or sigmoid, and the base library's
// ExpM1 and LogP1 are literally Exp(x) - 1 and Log(x + 1), which lose all digits near zero. The other files of this class hold the gamma and
// beta functions, the incomplete gamma functions, the normal distribution, Bessel functions, Lambert's W and sinc. Functions that System.Math
// computes well (Sinh, Tanh, Asinh, Cbrt, Log2, ...) and double.Exp2, double.Hypot, double.SinPi are called directly and have no wrapper here.
//
// "A&S" is M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions (1964).

namespace Autodiff.Functional.Numerics;

/// <summary>Elementwise functions that <see cref="Math"/> lacks or computes inaccurately.</summary>
/// <remarks>
/// The maximal errors stated were measured on thousands of points each, against values of 75 digits; an ulp is the
/// spacing of doubles at the exact value. NaN ↦ NaN unless stated otherwise.
/// </remarks>
internal static partial class ScalarFunctions
{
    /// <summary>B₂, B₄, …, B₂₄ (A&amp;S table 23.2), the coefficients of the asymptotic series below.</summary>
    private static readonly double[] Bernoulli =
    [
        1.0 / 6, -1.0 / 30, 1.0 / 42, -1.0 / 30, 5.0 / 66, -691.0 / 2730,
        7.0 / 6, -3617.0 / 510, 43867.0 / 798, -174611.0 / 330, 854513.0 / 138, -236364091.0 / 2730,
    ];

    /// <summary>Euler's constant γ.</summary>
    private const double Euler = 0.57721566490153286061;

    /// <summary>√2π.</summary>
    private const double SqrtTau = 2.5066282746310005024;

    /// <summary>log √2π.</summary>
    private const double LogSqrtTau = 0.91893853320467274178;

    /// <summary>The x from which twelve terms of an asymptotic series in 1/x² reach double precision.</summary>
    private const double AsymptoticFrom = 10;

    /// <summary>The largest n whose factorial does not overflow a double.</summary>
    private const int LargestFactorial = 170;

    /// <summary>n! for each n up to the largest.</summary>
    private static readonly double[] Factorials = MakeFactorials();

    /// <summary>Taylor coefficients ψ⁽ᵏ⁻¹⁾(2) / k! of log Γ(2 + z), k = 1, 2, …; ψ(2) = 1 − γ.</summary>
    private static readonly double[] LogGammaAtTwo =
    [
        1 - Euler,
        .. Enumerable.Range(2, 27).Select(k => Polygamma(k - 1, 2) / Factorial(k)),
    ];

    /// <summary>The positive zero of ψ, and what is missing in its double.</summary>
    private const double DigammaZero = 1.4616321449683622;

    private const double DigammaZeroLow = 9.549995429965697e-17;

    /// <summary>The distance from its zero within which ψ is computed by its Taylor series there.</summary>
    private const double DigammaNearZero = 0.4;

    /// <summary>Taylor coefficients ψ⁽ᵏ⁾/k! at the zero of ψ, k = 1, 2, ….</summary>
    private static readonly double[] DigammaAtZero = [.. Enumerable.Range(1, 30).Select(k => Polygamma(k, DigammaZero) / Factorial(k))];

    /// <summary>eˣ − 1 with full relative precision near 0: (u − 1)·x / log u, u = fl(eˣ) (W. Kahan).</summary>
    /// <remarks>±0 ↦ ±0, −∞ ↦ −1, +∞ ↦ +∞. Error 2 ulps.</remarks>
    public static double ExpM1(double x)
    {
        var u = Math.Exp(x);
        return u == 1 ? x
            : Math.Abs(x) < 1 ? (u - 1) * x / Math.Log(u)
            : u - 1;
    }

    /// <summary>The remainder of a/b rounded towards 0, exactly; it has the sign of a.</summary>
    public static double Remainder(double a, double b) => a % b;

    /// <summary>a − b·⌊a/b⌋, rounded once; it has the sign of b, also where it is 0.</summary>
    public static double Mod(double a, double b)
    {
        var remainder = a % b;
        return remainder == 0 ? Math.CopySign(remainder, b)
            : remainder < 0 == b < 0 ? remainder
            : remainder + b;
    }

    /// <summary>log(1 + x) with full relative precision near 0: log(u)·x / (u − 1), u = fl(1 + x) (W. Kahan).</summary>
    /// <remarks>±0 ↦ ±0, −1 ↦ −∞, +∞ ↦ +∞, x &lt; −1 ↦ NaN. Error 1.5 ulps.</remarks>
    public static double LogP1(double x)
    {
        var u = 1 + x;
        return u == 1 ? x
            : Math.Abs(x) < 1 ? Math.Log(u) * x / (u - 1)
            : Math.Log(u);
    }

    /// <summary>1 / (1 + e⁻ˣ), written for each sign so that neither tail overflows or cancels.</summary>
    /// <remarks>−∞ ↦ 0, +∞ ↦ 1; the left tail is accurate down to the subnormal numbers. Error 1.7 ulps.</remarks>
    public static double Sigmoid(double x)
    {
        var e = Math.Exp(-Math.Abs(x));
        return (x < 0 ? e : 1) / (1 + e);
    }

    /// <summary>σ′(x) = σ(x)σ(−x) = e/(1 + e)², e = e^−|x|: the density of the logistic distribution.</summary>
    /// <remarks>±∞ ↦ 0. Error 2.5 ulps. It is computed as the product of the two sigmoids, with the same roundings as in <see cref="Sigmoid"/>.</remarks>
    public static double LogisticDensity(double x)
    {
        var e = Math.Exp(-Math.Abs(x));
        return 1 / (1 + e) * (e / (1 + e));
    }

    /// <summary>1/√((1 − x)(1 + x)).</summary>
    /// <remarks>±1 ↦ ∞, |x| &gt; 1 ↦ NaN. Error 2 ulps.</remarks>
    public static double AsinDerivative(double x) => 1 / Math.Sqrt((1 - x) * (1 + x));

    /// <summary>a/√(a² + b²).</summary>
    /// <remarks>Scaled if a square would overflow or underflow. ±1 for a = ±∞ and a finite b; NaN for (0, 0) and for two infinities. Error 2 ulps.</remarks>
    public static double DirectionCosine(double a, double b)
    {
        var squares = (a * a) + (b * b);
        if (squares is > 1e-270 and < 1e300)
        {
            return a / Math.Sqrt(squares);
        }

        var larger = Math.Max(Math.Abs(a), Math.Abs(b));
        return double.IsInfinity(larger) ? (double.IsInfinity(a) && double.IsInfinity(b) ? double.NaN : double.IsInfinity(a) ? Math.Sign(a) : Math.CopySign(0, a))
            : larger > 1 ? DirectionCosine(Math.ScaleB(a, -600), Math.ScaleB(b, -600))
            : larger > 0 ? DirectionCosine(Math.ScaleB(a, 600), Math.ScaleB(b, 600))
            : double.NaN;
    }

    /// <summary>log(1 + eˣ) = max(x, 0) + log(1 + e⁻|ˣ|).</summary>
    /// <remarks>−∞ ↦ 0, +∞ ↦ +∞. Error 1.9 ulps.</remarks>
    public static double Softplus(double x) => Math.Max(x, 0) + LogP1(Math.Exp(-Math.Abs(x)));

    /// <summary>erf x = 2/√π ∫₀ˣ e^(−t²) dt.</summary>
    /// <remarks>±0 ↦ ±0, ±∞ ↦ ±1. Error 1 ulp.</remarks>
    public static double Erf(double x) => Math.Abs(x) < Elementary.NearZero ? Elementary.ErfNearZero<Lanes1>(x).Value
        : Math.CopySign(1 - Elementary.ErfcOfPositive<Lanes1>(Math.Abs(x)).Value, x);

    /// <summary>erfc x = 1 − erf x, with relative precision in the right tail.</summary>
    /// <remarks>−∞ ↦ 2, +∞ ↦ 0. Error 2 ulps.</remarks>
    public static double Erfc(double x) => Math.Abs(x) < Elementary.NearZero ? 1 - Elementary.ErfNearZero<Lanes1>(x).Value
        : x < 0 ? 2 - Elementary.ErfcOfPositive<Lanes1>(-x).Value
        : Elementary.ErfcOfPositive<Lanes1>(x).Value;

    /// <summary>log |Γ(x)|.</summary>
    /// <remarks>
    /// Taylor series at 2 for 1.5 ≤ x ≤ 2.5 (so that the zeros at 1 and 2 keep relative precision), the recurrence
    /// Γ(x + 1) = xΓ(x) to get there from (−0.5, 10), Stirling's series (A&amp;S 6.1.41) above, and the reflection
    /// Γ(x)Γ(−x) = −π / (x sin πx) (A&amp;S 6.1.17) below. ±∞ and the poles 0, −1, −2, … ↦ +∞. Relative
    /// error 9·10⁻¹⁶ for x &gt; 0; error 6·10⁻¹⁶ · max(1, |value|) for x &lt; 0.
    /// </remarks>
    public static double LogGamma(double x) => x switch
    {
        _ when IsPole(x) => double.PositiveInfinity,
        <= -0.5 => Math.Log(Math.PI / Math.Abs(x * double.SinPi(x))) - LogGamma(-x),
        < 0.5 => LogGammaNearTwo(x) - LogP1(x) - Math.Log(Math.Abs(x)),
        < 1.5 => LogGammaNearTwo(x - 1) - LogP1(x - 1),
        < AsymptoticFrom => LogGammaByRecurrence(x),
        _ => Stirling(x),
    };

    /// <summary>ψ(x) = d/dx log Γ(x).</summary>
    /// <remarks>
    /// Asymptotic series (A&amp;S 6.3.18) after the recurrence ψ(x) = ψ(x + 1) − 1/x, near the positive zero 1.46… the Taylor series there, and the
    /// reflection ψ(x) = ψ(1 − x) − π cot πx (A&amp;S 6.3.7) for x &lt; 0. The one-sided limits at the poles 0, −1, −2, … differ,
    /// so these and −∞ ↦ NaN; +∞ ↦ +∞. Error 3·10⁻¹⁵ · max(1, |ψ(x)|).
    /// </remarks>
    public static double Digamma(double x) => Polygamma(0, x);

    /// <summary>ψ⁽ⁿ⁾(x) = dⁿ/dxⁿ ψ(x), n ≥ 0.</summary>
    /// <remarks>
    /// x &lt; 0 is reflected, ψ⁽ⁿ⁾(x) = (−1)ⁿ ψ⁽ⁿ⁾(1 − x) − dⁿ/dxⁿ π cot πx (A&amp;S 6.4.7). At the poles 0, −1, −2, …
    /// (and −∞) both one-sided limits are +∞ for odd n, which is returned; for even n they differ and the value is NaN.
    /// +∞ ↦ 0 for n ≥ 1. Error 1.1·10⁻¹⁵ · max(1, |value|) for n ≤ 4, growing with n to 2·10⁻¹⁴ for n ≤ 170. From
    /// n = 171 on, values overflow wherever a pole is within ½, so everywhere below 0, and elsewhere the error is n log n ulps.
    /// </remarks>
    public static double Polygamma(int n, double x)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(n);
        return x switch
        {
            _ when IsPole(x) => int.IsOddInteger(n) ? double.PositiveInfinity : double.NaN,
            < 0 when n > LargestFactorial => PolygammaOverflow(n, x),
            < 0 => AlternatingSign(n) * Polygamma(n, 1 - x) - PiCotangentDerivative(n, x),
            _ when n == 0 => DigammaOfPositive(x),
            double.PositiveInfinity => 0,
            _ => PolygammaOfPositive(n, x),
        };
    }

    /// <summary>The powers in ψ⁽ⁿ⁾(x) for x &gt; 0, as Σ wᵢ (x + cᵢ)^eᵢ; n = −1 stands for log Γ.</summary>
    /// <remarks>
    /// (−1)ⁿ⁺¹ (Σ n!/(x + j)ⁿ⁺¹ + (n − 1)!/yⁿ + n!/(2yⁿ⁺¹) + Σ B₂ₖ (2k + n − 1)!/((2k)! y²ᵏ⁺ⁿ)) with y = x + steps: the recurrence and the asymptotic
    /// series (A&amp;S 6.4.6, 6.4.11), which reach double precision if y ≥ 10 + n. For n = 0 the second term is not a power but a logarithm, and so are
    /// the first three for n = −1 (A&amp;S 6.3.18, 6.1.41): these are left out.
    /// </remarks>
    /// <param name="n">The order.</param>
    /// <param name="steps">The number of terms of the first sum.</param>
    public static (double[] Shifts, double[] Exponents, double[] Weights) PolygammaPowers(int n, int steps)
    {
        var factorial = n < 0 ? 0 : Factorial(n);
        (double Shift, double Exponent, double Weight)[] terms =
        [
            .. Enumerable.Range(0, n < 0 ? 0 : steps).Select(j => ((double)j, -n - 1.0, factorial)),
            (steps, -n, n <= 0 ? 0 : factorial / n),
            (steps, -n - 1, factorial / 2),
            .. Bernoulli.Select((b, i) => ((double)steps, -n - (2.0 * i) - 2, b * Factorial((2 * i) + n + 1) / Factorial((2 * i) + 2))),
        ];
        terms = Array.FindAll(terms, term => term.Weight != 0);
        return (
            Array.ConvertAll(terms, term => term.Shift),
            Array.ConvertAll(terms, term => term.Exponent),
            Array.ConvertAll(terms, term => -AlternatingSign(n) * term.Weight));
    }

    /// <summary>x·log y; 0 if x = 0 and y is any number but NaN.</summary>
    public static double Xlogy(double x, double y) => x == 0 && !double.IsNaN(y) ? 0 : x * Math.Log(y);

    /// <summary>xⁿ by squaring and multiplying; x⁻ⁿ = (1/x)ⁿ, which is right also if xⁿ overflows and x⁻ⁿ does not underflow.</summary>
    /// <remarks>
    /// The rounding errors of 1/x and of each product are carried along to first order, since n plain multiplications would have errors
    /// of up to n/2 ulps. x⁰ = 1 for every x, also for NaN. Error 1.4 ulps for |n| ≤ 64.
    /// </remarks>
    public static double IntegerPower(double x, int n)
    {
        var (value, error) = (1.0, 0.0);
        var (square, squareError) = n < 0 ? (1 / x, Math.FusedMultiplyAdd(-(1 / x), x, 1) * (1 / x)) : (x, 0.0);
        for (var bits = Math.Abs((long)n); bits > 0; bits >>= 1)
        {
            if (long.IsOddInteger(bits))
            {
                (value, error) = Product(value, error, square, squareError);
            }

            (square, squareError) = Product(square, squareError, square, squareError);
        }

        return double.IsFinite(error) && error != 0 ? value + error : value;
    }

    private static (double Value, double Error) Product(double a, double aError, double b, double bError) =>
        (a * b, Math.FusedMultiplyAdd(a, b, -(a * b)) + a * bError + b * aError);

    /// <summary>n!, n ≥ 0; exact up to 22!.</summary>
    private static double Factorial(int n) => n > LargestFactorial ? double.PositiveInfinity : Factorials[n];

    private static double[] MakeFactorials()
    {
        var factorials = new double[LargestFactorial + 1];
        factorials[0] = 1;
        for (var n = 1; n < factorials.Length; n++)
        {
            factorials[n] = factorials[n - 1] * n;
        }

        return factorials;
    }

    private static bool IsPole(double x) => x <= 0 && Math.Floor(x) == x;

    private static int AlternatingSign(int n) => int.IsEvenInteger(n) ? 1 : -1;

    /// <summary>log Γ(2 + z) for |z| ≤ 0.5, by its Taylor series (A&amp;S 6.1.33).</summary>
    private static double LogGammaNearTwo(double z)
    {
        var sum = 0.0;
        for (var k = LogGammaAtTwo.Length - 1; k >= 0; k--)
        {
            sum = (sum + LogGammaAtTwo[k]) * z;
        }

        return sum;
    }

    /// <summary>log Γ(x) = log((x − 1)(x − 2)…(x − k)) + log Γ(x − k) with 1.5 ≤ x − k ≤ 2.5, for x ≥ 1.5.</summary>
    private static double LogGammaByRecurrence(double x)
    {
        var product = 1.0;
        while (x > 2.5)
        {
            x--;
            product *= x;
        }

        return Math.Log(product) + LogGammaNearTwo(x - 2);
    }

    /// <summary>(x − ½) log x − x + ½ log 2π + Σ B₂ₖ / (2k(2k − 1)x²ᵏ⁻¹) (A&amp;S 6.1.41).</summary>
    private static double Stirling(double x) =>
        (x - 0.5) * (Math.Log(x) - 1) + (LogSqrtTau - 0.5) + StirlingCorrection(x);

    /// <summary>Σ B₂ₖ / (2k(2k − 1)x²ᵏ⁻¹), the correction to Stirling's formula, for x ≥ 10.</summary>
    private static double StirlingCorrection(double x)
    {
        var sum = 0.0;
        var power = 1 / x;
        for (var k = 1; k <= Bernoulli.Length; k++)
        {
            sum += Bernoulli[k - 1] / (2 * k * (2 * k - 1)) * power;
            power /= x * x;
        }

        return sum;
    }

    /// <summary>log y − 1/(2y) − Σ B₂ₖ / (2k y²ᵏ) − Σ 1/(x + j), y = x + number of terms in the last sum.</summary>
    private static double DigammaOfPositive(double x)
    {
        if (Math.Abs(x - DigammaZero) < DigammaNearZero)
        {
            var distance = x - DigammaZero - DigammaZeroLow;
            return distance * Horner(DigammaAtZero, distance);
        }

        var shift = 0.0;
        for (; x < AsymptoticFrom; x++)
        {
            shift += 1 / x;
        }

        var sum = 0.5 / x;
        var power = 1.0;
        for (var k = 1; k <= Bernoulli.Length; k++)
        {
            power /= x * x;
            sum += Bernoulli[k - 1] / (2 * k) * power;
        }

        return Math.Log(x) - sum - shift;
    }

    /// <summary>
    /// (−1)ⁿ⁺¹ (n − 1)!/xⁿ · [Σ n/(x + j) · (x/(x + j))ⁿ + (x/y)ⁿ (1 + n/(2y) + Σ B₂ₖ (n)₂ₖ / ((2k)! y²ᵏ))]: recurrence
    /// (A&amp;S 6.4.6) up to y ≥ 10 + n, asymptotic series (A&amp;S 6.4.11) there. The factor in front keeps the
    /// bracket of order one, so that nothing overflows before the result does.
    /// </summary>
    private static double PolygammaOfPositive(int n, double x)
    {
        var (bracket, part) = (0.0, 1.0);
        var y = x;

        // If n is large, only the first 60 of the steps up to n + 10 contribute, since (x/(x + j))ⁿ then decreases like e⁻ʲ.
        for (; y < AsymptoticFrom + n && part > 1e-18 * bracket; y++)
        {
            part = n / y * Math.Pow(x / y, n);
            bracket += part;
        }

        var series = 1 + n / (2 * y);
        var term = 1.0;
        for (var k = 1; k <= Bernoulli.Length && y >= AsymptoticFrom + n; k++)
        {
            term *= (n + 2.0 * k - 2) * (n + 2.0 * k - 1) / ((2 * k - 1) * (2 * k)) / (y * y);
            series += Bernoulli[k - 1] * term;
        }

        bracket += Math.Pow(x / y, n) * series;
        return -AlternatingSign(n) * FactorialOverPower(n, x) * bracket;
    }

    /// <summary>(n − 1)!/xⁿ, n ≥ 1.</summary>
    private static double FactorialOverPower(int n, double x)
    {
        if (n > LargestFactorial)
        {
            return Math.Exp(LogGamma(n) - (n * Math.Log(x)));
        }

        var factor = 1 / x;
        for (var k = 1; k < n; k++)
        {
            factor *= k / x;
        }

        return factor;
    }

    /// <summary>
    /// ±∞ for x &lt; 0, n &gt; 170, with the sign of the term of the nearest pole; if two poles are equally near, the poles beyond them decide.
    /// </summary>
    private static double PolygammaOverflow(int n, double x)
    {
        var distance = x - Math.Round(x);
        return int.IsOddInteger(n) ? double.PositiveInfinity
            : Math.Abs(distance) == 0.5 ? Polygamma(n, 1 - x)
            : -Math.Sign(distance) * double.PositiveInfinity;
    }

    /// <summary>
    /// dⁿ/dxⁿ π cot πx = (−1)ⁿ n! πⁿ⁺¹ qₙ(cot πx), where q₀(c) = c and qₖ₊₁(c) = (1 + c²) qₖ′(c) / (k + 1); no
    /// coefficient is negative and each polynomial is odd or even, so that its evaluation does not cancel.
    /// </summary>
    private static double PiCotangentDerivative(int n, double x)
    {
        double[] q = [0, 1];
        for (var k = 1; k <= n; k++)
        {
            var next = new double[q.Length + 1];
            for (var i = 1; i < q.Length; i++)
            {
                next[i - 1] += i * q[i] / k;
                next[i + 1] += i * q[i] / k;
            }

            q = next;
        }

        var cotangent = double.CosPi(x) / double.SinPi(x);
        var value = 0.0;
        for (var k = q.Length - 1; k >= 0; k--)
        {
            value = (value * cotangent) + q[k];
        }

        value *= Math.PI;
        for (var k = 1; k <= n; k++)
        {
            value *= -k * Math.PI;
        }

        return value;
    }
}
