// Functions of intervals: each is made of pieces on which it is monotone, with bounds that are moved by more than the error of the double function.

using System.Numerics;

namespace Autodiff.Functional;

public readonly partial struct Interval : IRootFunctions<Interval>, IExponentialFunctions<Interval>, ILogarithmicFunctions<Interval>, IPowerFunctions<Interval>,
    ITrigonometricFunctions<Interval>, IHyperbolicFunctions<Interval>, INumberFunctions<Interval>
{
    // How many units in the last place the functions of Math, and those of this library, may be away from the exact value. Math.Cbrt was measured to be off by 2.6.
    private const int Standard = 4;
    private const int Special = 16;

    // Where Γ has its minimum for positive numbers, from below and from above, and bounds of the minima of Γ and log Γ.
    private const double GammaTurnLow = 1.4616321449683620;
    private const double GammaTurnHigh = 1.4616321449683627;
    private const double LeastGamma = 0.8856031944108885;
    private const double LeastLogGamma = -0.12148629053584965;

    /// <summary>e.</summary>
    public static Interval E => new(Math.E, Math.BitIncrement(Math.E));

    /// <summary>π.</summary>
    public static Interval Pi => new(Math.PI, Math.BitIncrement(Math.PI));

    /// <summary>2π.</summary>
    public static Interval Tau => new(Math.Tau, Math.BitIncrement(Math.Tau));

    private static Interval HalfPi => new(Math.PI / 2, Math.BitIncrement(Math.PI / 2));

    private static Interval Unit => new(-1, 1);

    private static Interval NotNegative => new(0, double.PositiveInfinity);

    private double Mignitude => Low > 0 ? Low : High < 0 ? -High : 0;

    private double Magnitude => Math.Max(Math.Abs(Low), Math.Abs(High));

    /// <summary>|x|.</summary>
    /// <param name="value">x.</param>
    public static Interval Abs(Interval value) => value.IsEmpty ? Empty : new(value.Mignitude, value.Magnitude);

    /// <summary>The signs: −1, 0 or 1.</summary>
    /// <param name="x">x.</param>
    public static Interval Sign(Interval x) => x.IsEmpty ? Empty : new(Math.Sign(x.Low), Math.Sign(x.High));

    /// <summary>The smaller of a number of each.</summary>
    /// <param name="x">x.</param>
    /// <param name="y">y.</param>
    public static Interval Min(Interval x, Interval y) => x.IsEmpty || y.IsEmpty ? Empty : new(Math.Min(x.Low, y.Low), Math.Min(x.High, y.High));

    /// <summary>The larger of a number of each.</summary>
    /// <param name="x">x.</param>
    /// <param name="y">y.</param>
    public static Interval Max(Interval x, Interval y) => x.IsEmpty || y.IsEmpty ? Empty : new(Math.Max(x.Low, y.Low), Math.Max(x.High, y.High));

    /// <summary>max(x, 0).</summary>
    /// <param name="x">x.</param>
    public static Interval Relu(Interval x) => Max(x, Zero);

    /// <summary>The largest whole numbers that are not above x.</summary>
    /// <param name="x">x.</param>
    public static Interval Floor(Interval x) => x.IsEmpty ? Empty : new(Math.Floor(x.Low), Math.Floor(x.High));

    /// <summary>The smallest whole numbers that are not below x.</summary>
    /// <param name="x">x.</param>
    public static Interval Ceiling(Interval x) => x.IsEmpty ? Empty : new(Math.Ceiling(x.Low), Math.Ceiling(x.High));

    /// <summary>The nearest whole numbers.</summary>
    /// <param name="x">x.</param>
    public static Interval Round(Interval x) => x.IsEmpty ? Empty : new(Math.Round(x.Low), Math.Round(x.High));

    /// <summary>x², which is not negative.</summary>
    /// <param name="x">x.</param>
    public static Interval Square(Interval x) => Abs(x) is var size && x.IsEmpty ? Empty : new(Product(size.Low, size.Low).Low, Product(size.High, size.High).High);

    /// <summary>√x of the numbers that are not negative.</summary>
    /// <param name="x">x.</param>
    public static Interval Sqrt(Interval x)
    {
        static double Error(double x, double root) => x is > 1e-290 and < double.PositiveInfinity ? Math.FusedMultiplyAdd(-root, root, x) : x is 0 or double.PositiveInfinity ? 0 : double.NaN;
        x = x.Intersect(NotNegative);
        var (low, high) = (Math.Sqrt(x.Low), Math.Sqrt(x.High));
        return x.IsEmpty ? Empty : new(Math.Max(0, Down(low, Error(x.Low, low))), Up(high, Error(x.High, high)));
    }

    /// <summary>∛x.</summary>
    /// <param name="x">x.</param>
    public static Interval Cbrt(Interval x) => Rising(x, Math.Cbrt, Standard, Entire);

    /// <summary>The n-th root; of an even n only that of numbers that are not negative.</summary>
    /// <param name="x">x.</param>
    /// <param name="n">n, other than 0.</param>
    public static Interval RootN(Interval x, int n) => n < 0 ? One / RootN(x, -n)
        : n == 0 ? Empty
        : Rising(int.IsEvenInteger(n) ? x.Intersect(NotNegative) : x, v => double.RootN(v, n), Special, int.IsEvenInteger(n) ? NotNegative : Entire);

    /// <summary>√(x² + y²).</summary>
    /// <param name="x">x.</param>
    /// <param name="y">y.</param>
    public static Interval Hypot(Interval x, Interval y)
    {
        if (x.IsEmpty || y.IsEmpty)
        {
            return Empty;
        }

        Interval Length(double a, double b) => a == 0 ? new(b, b) : b == 0 ? new(a, a) : Widened(double.Hypot(a, b), Standard).Intersect(NotNegative);
        return new(Length(x.Mignitude, y.Mignitude).Low, Length(x.Magnitude, y.Magnitude).High);
    }

    /// <summary>eˣ.</summary>
    /// <param name="x">x.</param>
    public static Interval Exp(Interval x) => Rising(x, Math.Exp, Standard, NotNegative);

    /// <summary>2ˣ.</summary>
    /// <param name="x">x.</param>
    public static Interval Exp2(Interval x) => Rising(x, double.Exp2, Standard, NotNegative);

    /// <summary>10ˣ.</summary>
    /// <param name="x">x.</param>
    public static Interval Exp10(Interval x) => Rising(x, double.Exp10, Standard, NotNegative);

    /// <summary>eˣ − 1.</summary>
    /// <param name="x">x.</param>
    public static Interval ExpM1(Interval x) => Rising(x, v => Expr.ExpM1(v).Value, Special, new(-1, double.PositiveInfinity));

    /// <summary>log x of the positive numbers.</summary>
    /// <param name="x">x.</param>
    public static Interval Log(Interval x) => Logarithm(x, Math.Log);

    /// <summary>The logarithm to a base.</summary>
    /// <param name="x">x.</param>
    /// <param name="newBase">The base.</param>
    public static Interval Log(Interval x, Interval newBase) => Log(x) / Log(newBase);

    /// <summary>log₂ x of the positive numbers.</summary>
    /// <param name="x">x.</param>
    public static Interval Log2(Interval x) => Logarithm(x, Math.Log2);

    /// <summary>log₁₀ x of the positive numbers.</summary>
    /// <param name="x">x.</param>
    public static Interval Log10(Interval x) => Logarithm(x, Math.Log10);

    /// <summary>log(1 + x) of the numbers above −1.</summary>
    /// <param name="x">x.</param>
    public static Interval LogP1(Interval x) => Rising(x.Intersect(new(-1, double.PositiveInfinity)), v => Expr.LogP1(v).Value, Special, Entire);

    /// <summary>sin x.</summary>
    /// <param name="x">x.</param>
    public static Interval Sin(Interval x) => Wave(x, Math.Sin, (x - HalfPi) / Tau, (x + HalfPi) / Tau);

    /// <summary>cos x.</summary>
    /// <param name="x">x.</param>
    public static Interval Cos(Interval x) => Wave(x, Math.Cos, x / Tau, (x - Pi) / Tau);

    /// <summary>Both sin x and cos x.</summary>
    /// <param name="x">x.</param>
    public static (Interval Sin, Interval Cos) SinCos(Interval x) => (Sin(x), Cos(x));

    /// <summary>tan x; all numbers if there is a pole between the bounds.</summary>
    /// <param name="x">x.</param>
    public static Interval Tan(Interval x) => x.IsEmpty ? Empty : HasInteger((x - HalfPi) / Pi) ? Entire : Rising(x, Math.Tan, Standard, Entire);

    /// <summary>sin πx.</summary>
    /// <param name="x">x.</param>
    public static Interval SinPi(Interval x) => Wave(x, double.SinPi, (x - 0.5) / 2, (x + 0.5) / 2);

    /// <summary>cos πx.</summary>
    /// <param name="x">x.</param>
    public static Interval CosPi(Interval x) => Wave(x, double.CosPi, x / 2, (x - 1) / 2);

    /// <summary>Both sin πx and cos πx.</summary>
    /// <param name="x">x.</param>
    public static (Interval SinPi, Interval CosPi) SinCosPi(Interval x) => (SinPi(x), CosPi(x));

    /// <summary>tan πx; all numbers if there is a pole between the bounds.</summary>
    /// <param name="x">x.</param>
    public static Interval TanPi(Interval x) => x.IsEmpty ? Empty : HasInteger(x - 0.5) ? Entire : Rising(x, double.TanPi, Special, Entire);

    /// <summary>The arc sine of the numbers from −1 to 1.</summary>
    /// <param name="x">x.</param>
    public static Interval Asin(Interval x) => Rising(x.Intersect(Unit), Math.Asin, Standard, new(-HalfPi.High, HalfPi.High));

    /// <summary>The arc cosine of the numbers from −1 to 1.</summary>
    /// <param name="x">x.</param>
    public static Interval Acos(Interval x) => Falling(x.Intersect(Unit), Math.Acos, Standard, new(0, Pi.High));

    /// <summary>The arc tangent.</summary>
    /// <param name="x">x.</param>
    public static Interval Atan(Interval x) => Rising(x, Math.Atan, Standard, new(-HalfPi.High, HalfPi.High));

    /// <summary>The arc sine, divided by π.</summary>
    /// <param name="x">x.</param>
    public static Interval AsinPi(Interval x) => Asin(x) / Pi;

    /// <summary>The arc cosine, divided by π.</summary>
    /// <param name="x">x.</param>
    public static Interval AcosPi(Interval x) => Acos(x) / Pi;

    /// <summary>The arc tangent, divided by π.</summary>
    /// <param name="x">x.</param>
    public static Interval AtanPi(Interval x) => Atan(x) / Pi;

    /// <summary>The angles of the points (x, y): from −π to π; all of these if the points surround the origin or cross the negative half of the x axis.</summary>
    /// <param name="y">y.</param>
    /// <param name="x">x.</param>
    public static Interval Atan2(Interval y, Interval x) => x.IsEmpty || y.IsEmpty ? Empty
        : x.Low > 0 ? Atan(y / x)
        : y.Low > 0 ? HalfPi - Atan(x / y)
        : y.High < 0 ? -HalfPi - Atan(x / y)
        : x.Low == 0 && x.High == 0 && y.Low == 0 && y.High == 0 ? Zero
        : x.Low >= 0 ? new(-HalfPi.High, HalfPi.High)
        : y.Low >= 0 ? new(0, Pi.High)
        : new(-Pi.High, Pi.High);

    /// <summary>sinh x.</summary>
    /// <param name="x">x.</param>
    public static Interval Sinh(Interval x) => Rising(x, Math.Sinh, Standard, Entire);

    /// <summary>cosh x.</summary>
    /// <param name="x">x.</param>
    public static Interval Cosh(Interval x) => Rising(Abs(x), Math.Cosh, Standard, new(1, double.PositiveInfinity));

    /// <summary>tanh x.</summary>
    /// <param name="x">x.</param>
    public static Interval Tanh(Interval x) => Rising(x, Math.Tanh, Standard, Unit);

    /// <summary>arsinh x.</summary>
    /// <param name="x">x.</param>
    public static Interval Asinh(Interval x) => Rising(x, v => Expr.Asinh(v).Value, Special, Entire);

    /// <summary>arcosh x of the numbers from 1.</summary>
    /// <param name="x">x.</param>
    public static Interval Acosh(Interval x) => Rising(x.Intersect(new(1, double.PositiveInfinity)), v => Expr.Acosh(v).Value, Special, NotNegative);

    /// <summary>artanh x of the numbers between −1 and 1.</summary>
    /// <param name="x">x.</param>
    public static Interval Atanh(Interval x) => Rising(x.Intersect(Unit), v => Expr.Atanh(v).Value, Special, Entire);

    /// <summary>1/(1 + e⁻ˣ).</summary>
    /// <param name="x">x.</param>
    public static Interval Sigmoid(Interval x) => Rising(x, v => Expr.Sigmoid(v).Value, Special, new(0, 1));

    /// <summary>log(1 + eˣ).</summary>
    /// <param name="x">x.</param>
    public static Interval Softplus(Interval x) => Rising(x, v => Expr.Softplus(v).Value, Special, NotNegative);

    /// <summary>e⁻ˣ/(1 + e⁻ˣ)².</summary>
    /// <param name="x">x.</param>
    public static Interval LogisticDensity(Interval x) => Falling(Abs(x), v => Expr.Sigmoid(v).Value * Expr.Sigmoid(-v).Value, Special, new(0, 0.25));

    /// <summary>1/√(1 − x²) of the numbers between −1 and 1.</summary>
    /// <param name="x">x.</param>
    public static Interval AsinDerivative(Interval x) => Abs(x).Intersect(new(0, 1)) is var size ? One / Sqrt((One - size) * (One + size)) : Empty;

    /// <summary>x/√(x² + y²); from −1 to 1 if the origin is among the points.</summary>
    /// <param name="x">x.</param>
    /// <param name="y">y.</param>
    public static Interval DirectionCosine(Interval x, Interval y)
    {
        if (x.IsEmpty || y.IsEmpty)
        {
            return Empty;
        }

        // It rises with x, and approaches 0 as |y| grows.
        Interval At(double a, double b) => a == 0 && b == 0 ? Unit : double.IsInfinity(a) || double.IsInfinity(b) ? Unit : ((Interval)a / Hypot(a, b)).Intersect(Unit);
        return new(
            At(x.Low, x.Low >= 0 ? y.Magnitude : y.Mignitude).Low,
            At(x.High, x.High >= 0 ? y.Mignitude : y.Magnitude).High);
    }

    /// <summary>erf x.</summary>
    /// <param name="x">x.</param>
    public static Interval Erf(Interval x) => Rising(x, v => Expr.Erf(v).Value, Special, Unit);

    /// <summary>1 − erf x.</summary>
    /// <param name="x">x.</param>
    public static Interval Erfc(Interval x) => Falling(x, v => Expr.Erfc(v).Value, Special, new(0, 2));

    /// <summary>Φ(x).</summary>
    /// <param name="x">x.</param>
    public static Interval NormalCdf(Interval x) => Rising(x, v => Expr.NormalCdf(v).Value, Special, new(0, 1));

    /// <summary>log Φ(x).</summary>
    /// <param name="x">x.</param>
    public static Interval LogNormalCdf(Interval x) => Rising(x, v => Expr.LogNormalCdf(v).Value, Special, new(double.NegativeInfinity, 0));

    /// <summary>The x with Φ(x) = p.</summary>
    /// <param name="p">p; the part between 0 and 1 counts.</param>
    public static Interval NormalQuantile(Interval p) => Rising(p.Intersect(new(0, 1)), v => Expr.NormalQuantile(v).Value, Special, Entire);

    /// <summary>Γ(x); all numbers if there is a pole between the bounds.</summary>
    /// <param name="x">x.</param>
    public static Interval Gamma(Interval x)
    {
        static double Of(double v) => Expr.Gamma(v).Value;
        if (x.IsEmpty)
        {
            return Empty;
        }

        if (x.Low > 0)
        {
            return Valley(x, Of, LeastGamma);
        }

        // Γ(x) = π/(sin πx · Γ(1 − x)).
        return HasInteger(new(x.Low, Math.Min(x.High, 0))) ? Entire : Pi / (SinPi(x) * Gamma(One - x));
    }

    /// <summary>log |Γ(x)|.</summary>
    /// <param name="x">x.</param>
    public static Interval LogGamma(Interval x) => x.Low > 0 ? Valley(x, v => Expr.LogGamma(v).Value, LeastLogGamma) : Log(Abs(Gamma(x)));

    /// <summary>ψ(x); all numbers if there is a pole between the bounds.</summary>
    /// <param name="x">x.</param>
    public static Interval Digamma(Interval x) => x.IsEmpty ? Empty
        : x.Low <= 0 && HasInteger(new(x.Low, Math.Min(x.High, 0))) ? Entire
        : Rising(x, v => Expr.Digamma(v).Value, Special, Entire, isRelative: x.Low > 2);

    /// <summary>The n-th derivative of ψ; all numbers unless x is positive.</summary>
    /// <param name="n">n.</param>
    /// <param name="x">x.</param>
    public static Interval Polygamma(int n, Interval x)
    {
        double Of(double v) => Expr.Polygamma(n, v).Value;
        return n == 0 ? Digamma(x) : x.IsEmpty ? Empty : !(x.Low > 0) ? Entire
            : int.IsOddInteger(n) ? Falling(x, Of, Special, NotNegative) : Rising(x, Of, Special, -NotNegative);
    }

    /// <summary>The principal W with W e^W = x, of the numbers from −1/e.</summary>
    /// <param name="x">x.</param>
    public static Interval LambertW(Interval x)
    {
        // Near −1/e the error is larger, and there W is only bounded by −1.
        const double Branch = -0.36787944117144233;
        x = x.Intersect(new(Branch, double.PositiveInfinity));
        var near = x.Low < -0.36;
        var w = Rising(near ? new(Math.Max(x.Low, -0.36), Math.Max(x.High, -0.36)) : x, v => Expr.LambertW(v).Value, Special, new(-1, double.PositiveInfinity));
        return x.IsEmpty ? Empty : near ? new(-1, w.High) : w;
    }

    /// <summary>sin x / x, and 1 at 0.</summary>
    /// <param name="x">x.</param>
    public static Interval Sinc(Interval x) => SincDerivative(0, x);

    /// <summary>The n-th derivative of sin x / x, found from its value in the middle and the bound 1/(n + 2) of its slope.</summary>
    /// <param name="n">n.</param>
    /// <param name="x">x.</param>
    public static Interval SincDerivative(int n, Interval x)
    {
        var slope = One / (Interval)(n + 2);
        var bound = One / (Interval)(n + 1);
        if (n > 0 || !double.IsFinite(x.Low) || !double.IsFinite(x.High))
        {
            // The derivatives are no public functions: for numbers other than 0 they follow from sin and cos, near 0 only the bound is known.
            return x.IsEmpty ? Empty : x.Contains(0) || !double.IsFinite(x.Low) || !double.IsFinite(x.High) ? new(-bound.High, bound.High) : ByRecurrence(n, x).Intersect(new(-bound.High, bound.High));
        }

        return (Widened(Expr.Sinc(x.Midpoint).Value, Special, isRelative: false) + ((x - x.Midpoint) * new Interval(-slope.High, slope.High)))
            .Intersect(new(-0.2172336282112217, 1));
    }

    /// <summary>Jₙ(x), found from its value in the middle and the bound 1 of its slope.</summary>
    /// <param name="n">n: 0 or 1; of other orders only the bound 1 is known.</param>
    /// <param name="x">x.</param>
    public static Interval BesselJ(int n, Interval x) => x.IsEmpty ? Empty : n is not (0 or 1) || !double.IsFinite(x.Width) ? Unit
        : (Widened((n == 0 ? Expr.BesselJ0(x.Midpoint) : Expr.BesselJ1(x.Midpoint)).Value, Special, isRelative: false) + ((x - x.Midpoint) * Unit)).Intersect(Unit);

    /// <summary>Iₙ(x).</summary>
    /// <param name="n">n: 0 or 1; of other orders only bounds are known.</param>
    /// <param name="x">x.</param>
    public static Interval BesselI(int n, Interval x) => n == 1 ? Rising(x, v => Expr.BesselI1(v).Value, Special, Entire)
        : n == 0 ? Rising(Abs(x), v => Expr.BesselI0(v).Value, Special, new(1, double.PositiveInfinity))
        : Rising(Abs(x), v => Expr.BesselI1(v).Value, Special, NotNegative) is var size && x.IsEmpty ? Empty : new(x.Low >= 0 || int.IsEvenInteger(n) ? 0 : -size.High, size.High);

    /// <summary>xʸ. A whole number as exponent is a power of any number; other exponents are of numbers that are not negative.</summary>
    /// <param name="x">x.</param>
    /// <param name="y">y.</param>
    public static Interval Pow(Interval x, Interval y)
    {
        if (x.IsEmpty || y.IsEmpty)
        {
            return Empty;
        }

        if (y.IsPoint && double.IsInteger(y.Low))
        {
            return IntegerPower(x, y.Low);
        }

        x = x.Intersect(NotNegative);
        if (x.IsEmpty)
        {
            return Empty;
        }

        // y·log x is largest and smallest in corners.
        Interval At(double a, double b) => Math.Pow(a, b) is var power && (a == 1 || b == 0 || a == 0) ? new(power, power) : Widened(power, Standard).Intersect(NotNegative);
        var (p, q, r, s) = (At(x.Low, y.Low), At(x.Low, y.High), At(x.High, y.Low), At(x.High, y.High));
        return p.Hull(q).Hull(r.Hull(s)).Hull(y.Contains(0) ? One : p);
    }

    /// <summary>x log y, and 0 for x = 0.</summary>
    /// <param name="x">x.</param>
    /// <param name="y">y.</param>
    public static Interval Xlogy(Interval x, Interval y) => x.Low == 0 && x.High == 0 ? x : x * Log(y);

    /// <summary>log B(x, y); all numbers unless both are positive.</summary>
    /// <param name="x">x.</param>
    /// <param name="y">y.</param>
    public static Interval LogBeta(Interval x, Interval y) => x.IsEmpty || y.IsEmpty ? Empty
        : !(x.Low > 0 && y.Low > 0) ? Entire
        : new(Widened(Expr.LogBeta(x.High, y.High).Value, Special, isRelative: false).Low, Widened(Expr.LogBeta(x.Low, y.Low).Value, Special, isRelative: false).High);

    /// <summary>B(x, y); all numbers unless both are positive.</summary>
    /// <param name="x">x.</param>
    /// <param name="y">y.</param>
    public static Interval Beta(Interval x, Interval y) => x.IsEmpty || y.IsEmpty ? Empty
        : !(x.Low > 0 && y.Low > 0) ? Entire
        : Exp(LogBeta(x, y));

    /// <summary>P(a, x) for positive a and x that are not negative; it rises with x and falls with a.</summary>
    /// <param name="a">a.</param>
    /// <param name="x">x.</param>
    public static Interval GammaP(Interval a, Interval x)
    {
        (a, x) = (a.Intersect(NotNegative), x.Intersect(NotNegative));
        return a.IsEmpty || x.IsEmpty ? Empty : a.Low == 0 ? new(0, 1)
            : new Interval(Widened(Expr.GammaP(a.High, x.Low).Value, Incomplete).Low, Widened(Expr.GammaP(a.Low, x.High).Value, Incomplete).High).Intersect(new(0, 1));
    }

    /// <summary>Q(a, x) for positive a and x that are not negative; it falls with x and rises with a.</summary>
    /// <param name="a">a.</param>
    /// <param name="x">x.</param>
    public static Interval GammaQ(Interval a, Interval x)
    {
        (a, x) = (a.Intersect(NotNegative), x.Intersect(NotNegative));
        return a.IsEmpty || x.IsEmpty ? Empty : a.Low == 0 ? new(0, 1)
            : new Interval(Widened(Expr.GammaQ(a.Low, x.High).Value, Incomplete).Low, Widened(Expr.GammaQ(a.High, x.Low).Value, Incomplete).High).Intersect(new(0, 1));
    }

    /// <summary>The n-th derivative of e^(−ax²).</summary>
    /// <param name="n">n.</param>
    /// <param name="a">a.</param>
    /// <param name="x">x.</param>
    public static Interval Gaussian(int n, Interval a, Interval x)
    {
        // f⁽ᵏ⁺¹⁾ = −2a(x f⁽ᵏ⁾ + k f⁽ᵏ⁻¹⁾).
        var (before, value) = (Zero, Exp(-(a * Square(x))));
        for (var k = 0; k < n; k++)
        {
            (before, value) = (value, -2 * a * ((x * value) + (k * before)));
        }

        return value;
    }

    /// <summary>The mask x &lt; y: 1 if it holds for all numbers, 0 if for none, and otherwise from 0 to 1.</summary>
    /// <param name="x">x.</param>
    /// <param name="y">y.</param>
    public static Interval Less(Interval x, Interval y) => x.CertainlyLess(y) ? One : x.PossiblyLess(y) ? new(0, 1) : Zero;

    /// <summary>The mask x ≤ y: 1 if it holds for all numbers, 0 if for none, and otherwise from 0 to 1.</summary>
    /// <param name="x">x.</param>
    /// <param name="y">y.</param>
    public static Interval LessOrEqual(Interval x, Interval y) => x.CertainlyAtMost(y) ? One : x.PossiblyAtMost(y) ? new(0, 1) : Zero;

    /// <summary>The mask x = y: 1 if both are the same single number, 0 if they have none in common, and otherwise from 0 to 1.</summary>
    /// <param name="x">x.</param>
    /// <param name="y">y.</param>
    public static Interval Equal(Interval x, Interval y) => x.Intersect(y).IsEmpty ? Zero : x.IsPoint && y.IsPoint ? One : new(0, 1);

    /// <summary>x where the mask is not 0, y where it is, and both where this is undecided.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="x">x.</param>
    /// <param name="y">y.</param>
    public static Interval Choose(Interval mask, Interval x, Interval y) => mask.IsEmpty ? Empty : !mask.Contains(0) ? x : mask.IsPoint ? y : x.Hull(y);

    /// <summary>True: results contain every value.</summary>
    public static bool IsEnclosure => true;

    /// <summary>Whether a mask holds for all numbers, or for none; null if that is undecided.</summary>
    /// <param name="mask">The mask.</param>
    public static bool? Decide(Interval mask) => mask.IsEmpty ? null : !mask.Contains(0) ? true : mask.IsPoint ? false : null;

    /// <summary>The midpoint.</summary>
    /// <param name="x">x.</param>
    public static double Approximate(Interval x) => x.Midpoint;

    // The incomplete gamma functions lose some digits where a is large.
    private const int Incomplete = 4096;

    /// <summary>xⁿ, by the bounds of |x|: an even power is not negative.</summary>
    private static Interval IntegerPower(Interval x, double n)
    {
        if (n < 0)
        {
            return One / IntegerPower(x, -n);
        }

        if (double.IsOddInteger(n))
        {
            return new(x.Low < 0 ? -Powered(-x.Low, n).High : Powered(x.Low, n).Low, x.High < 0 ? -Powered(-x.High, n).Low : Powered(x.High, n).High);
        }

        return n == 0 ? One : new(Powered(x.Mignitude, n).Low, Powered(x.Magnitude, n).High);
    }

    /// <summary>The power of a number that is not negative: small ones by exact products as far as these are exact.</summary>
    private static Interval Powered(double size, double n)
    {
        if (size is 0 or 1 or double.PositiveInfinity)
        {
            return new(size, size);
        }

        if (n > 8)
        {
            return Widened(Math.Pow(size, n), Standard).Intersect(NotNegative);
        }

        Interval power = size;
        for (var i = 1; i < n; i++)
        {
            power = new(Product(power.Low, size).Low, Product(power.High, size).High);
        }

        return power;
    }

    /// <summary>x f⁽ᵏ⁾ + k f⁽ᵏ⁻¹⁾ = sin⁽ᵏ⁾ x for f = sin x/x.</summary>
    private static Interval ByRecurrence(int n, Interval x)
    {
        var (sin, cos) = SinCos(x);
        var value = sin / x;
        for (var k = 1; k <= n; k++)
        {
            value = (((k % 4) switch { 0 => sin, 1 => cos, 2 => -sin, _ => -cos }) - (k * value)) / x;
        }

        return value;
    }

    private static Interval Logarithm(Interval x, Func<double, double> f)
    {
        static bool IsExact(double x) => x is 1 or 0;
        x = x.Intersect(NotNegative);
        return x.IsEmpty || x.High == 0 ? Empty : new(
            IsExact(x.Low) ? f(x.Low) : Widened(f(x.Low), Standard).Low,
            IsExact(x.High) ? f(x.High) : Widened(f(x.High), Standard).High);
    }

    /// <summary>A function between −1 and 1 that is 1 where one interval has a whole number and −1 where the other has one, and monotone between.</summary>
    private static Interval Wave(Interval x, Func<double, double> f, Interval peaks, Interval troughs)
    {
        if (x.IsEmpty)
        {
            return Empty;
        }

        if (!double.IsFinite(x.Low) || !double.IsFinite(x.High))
        {
            return Unit;
        }

        var ends = At(f, x.Low, Standard).Hull(At(f, x.High, Standard));
        return new Interval(HasInteger(troughs) ? -1 : ends.Low, HasInteger(peaks) ? 1 : ends.High).Intersect(Unit);
    }

    /// <summary>Γ or log Γ of positive numbers: it falls to its minimum and rises from there.</summary>
    private static Interval Valley(Interval x, Func<double, double> f, double least)
    {
        var (low, high) = (Widened(f(x.Low), Special, isRelative: false), Widened(f(x.High), Special, isRelative: false));
        return new(
            x.High <= GammaTurnLow ? high.Low : x.Low >= GammaTurnHigh ? low.Low : least,
            Math.Max(low.High, high.High));
    }

    private static bool HasInteger(Interval x) => !(Math.Ceiling(x.Low) > Math.Floor(x.High));

    private static Interval Rising(Interval x, Func<double, double> f, int units, Interval range, bool isRelative = true) =>
        x.IsEmpty ? Empty : new Interval(At(f, x.Low, units, isRelative).Low, At(f, x.High, units, isRelative).High).Intersect(range);

    private static Interval Falling(Interval x, Func<double, double> f, int units, Interval range) =>
        x.IsEmpty ? Empty : new Interval(At(f, x.High, units).Low, At(f, x.Low, units).High).Intersect(range);

    /// <summary>The value at a number. That at 0 is exact if it is a multiple of 1/2.</summary>
    private static Interval At(Func<double, double> f, double x, int units, bool isRelative = true)
    {
        var value = f(x);
        return (x == 0 && double.IsInteger(2 * value)) || double.IsInfinity(x) && double.IsInfinity(value) ? new(value, value) : Widened(value, units, isRelative);
    }

    /// <summary>The numbers that are at most so many units in the last place away, or of the last place of 1 if the function has zeros or is small by cancellation.</summary>
    private static Interval Widened(double value, int units, bool isRelative = true)
    {
        if (double.IsNaN(value))
        {
            return Entire;
        }

        if (double.IsInfinity(value))
        {
            return value;
        }

        var size = isRelative ? Math.Abs(value) : Math.Max(1, Math.Abs(value));
        var margin = units * (Math.BitIncrement(size) - size);
        return new(Math.BitDecrement(value - margin), Math.BitIncrement(value + margin));
    }
}
