// The elementary functions of double-doubles. Each is a short series after a reduction of the argument, or a Newton step from the value of the
// function for doubles, which has half of the digits.

namespace Autodiff.Functional;

public readonly partial struct DoubleDouble
{
    /// <summary>log 2 as a sum of three doubles.</summary>
    private static readonly double[] s_log2 = [0.6931471805599453, 2.3190468138462996e-17, 5.707708438416212e-34];

    /// <summary>π/2 as a sum of four doubles.</summary>
    private static readonly double[] s_halfPi = [1.5707963267948966, 6.123233995736766e-17, -1.4973849048591698e-33, 5.562271104316826e-50];

    /// <summary>1/k!.</summary>
    private static readonly DoubleDouble[] s_inverseFactorials =
    [
        Exactly(1.0, 0.0),
        Exactly(1.0, 0.0),
        Exactly(0.5, 0.0),
        Exactly(0.16666666666666666, 9.25185853854297e-18),
        Exactly(0.041666666666666664, 2.3129646346357427e-18),
        Exactly(0.008333333333333333, 1.1564823173178714e-19),
        Exactly(0.001388888888888889, -5.300543954373577e-20),
        Exactly(0.0001984126984126984, 1.7209558293420705e-22),
        Exactly(2.48015873015873e-05, 2.1511947866775882e-23),
        Exactly(2.7557319223985893e-06, -1.858393274046472e-22),
        Exactly(2.755731922398589e-07, 2.3767714622250297e-23),
        Exactly(2.505210838544172e-08, -1.448814070935912e-24),
        Exactly(2.08767569878681e-09, -1.20734505911326e-25),
        Exactly(1.6059043836821613e-10, 1.2585294588752098e-26),
        Exactly(1.1470745597729725e-11, 2.0655512752830745e-28),
        Exactly(7.647163731819816e-13, 7.03872877733453e-30),
        Exactly(4.779477332387385e-14, 4.399205485834081e-31),
        Exactly(2.8114572543455206e-15, 1.6508842730861433e-31),
        Exactly(1.5619206968586225e-16, 1.1910679660273754e-32),
        Exactly(8.22063524662433e-18, 2.2141894119604265e-34),
        Exactly(4.110317623312165e-19, 1.4412973378659527e-36),
        Exactly(1.9572941063391263e-20, -1.3643503830087908e-36),
        Exactly(8.896791392450574e-22, -7.911402614872376e-38),
        Exactly(3.868170170630684e-23, -8.843177655482344e-40),
        Exactly(1.6117375710961184e-24, -3.6846573564509766e-41),
        Exactly(6.446950284384474e-26, -1.9330404233703465e-42),
        Exactly(2.4795962632247976e-27, -1.2953730964765229e-43),
        Exactly(9.183689863795546e-29, 1.4303150396787322e-45),
        Exactly(3.279889237069838e-30, 1.5117542744029879e-46),
        Exactly(1.1309962886447716e-31, 1.0498015412959506e-47),
        Exactly(3.7699876288159054e-33, 2.5870347832750324e-49),
        Exactly(1.216125041553518e-34, 5.586290567888806e-51),
    ];

    /// <summary>1/(2k + 1).</summary>
    private static readonly DoubleDouble[] s_inverseOdds = [.. Enumerable.Range(0, 24).Select(k => One / ((2 * k) + 1))];

    private static DoubleDouble Log2E => One / Log2Of;

    private static DoubleDouble Log2Of => Exactly(s_log2[0], s_log2[1]);

    private static DoubleDouble Log10Of => Exactly(2.302585092994046, -2.1707562233822494e-16);

    /// <summary>√x.</summary>
    /// <param name="x">The argument.</param>
    public static DoubleDouble Sqrt(DoubleDouble x)
    {
        if (!(x.Hi > 0) || IsInfinity(x))
        {
            return Math.Sqrt(x.Hi);
        }

        if (x.Hi is < 1e-200 or > 1e300)
        {
            // Where the error of the square of the root would underflow, or the square overflow.
            var shift = x.Hi < 1 ? 600 : -600;
            return ScaleB(Sqrt(ScaleB(x, shift)), -shift / 2);
        }

        var root = Math.Sqrt(x.Hi);
        return new(root, (x - Product(root, root)).Hi / (2 * root));
    }

    /// <summary>∛x, also of negative numbers.</summary>
    /// <param name="x">The argument.</param>
    public static DoubleDouble Cbrt(DoubleDouble x)
    {
        var root = Math.Cbrt(x.Hi);
        if (root == 0 || !double.IsFinite(root))
        {
            return root;
        }

        if (Math.Abs(x.Hi) is < 1e-200 or > 1e300)
        {
            var shift = Math.Abs(x.Hi) < 1 ? 600 : -600;
            return ScaleB(Cbrt(ScaleB(x, shift)), -shift / 3);
        }

        var square = Product(root, root);
        return new(root, (x - (square * root)).Hi / (3 * square.Hi));
    }

    /// <summary>The n-th root of x; odd roots of negative numbers are real.</summary>
    /// <param name="x">The argument.</param>
    /// <param name="n">The degree n.</param>
    public static DoubleDouble RootN(DoubleDouble x, int n)
    {
        var root = double.RootN(x.Hi, n);
        if (root == 0 || !double.IsFinite(root) || n == 0)
        {
            return root;
        }

        // A Newton step for the logarithm of the root.
        var power = Log(Abs(x)) / n;
        var value = Exp(power);
        return root < 0 ? -value : value;
    }

    /// <summary>√(x² + y²), without overflow.</summary>
    /// <param name="x">x.</param>
    /// <param name="y">y.</param>
    public static DoubleDouble Hypot(DoubleDouble x, DoubleDouble y)
    {
        var length = double.Hypot(x.Hi, y.Hi);
        if (length == 0 || !double.IsFinite(length))
        {
            // The length of two finite numbers may overflow only by rounding.
            return length;
        }

        var shift = -Math.ILogB(length);
        var (a, b) = (ScaleB(x, shift), ScaleB(y, shift));
        return ScaleB(Sqrt((a * a) + (b * b)), -shift);
    }

    /// <summary>eˣ.</summary>
    /// <param name="x">The argument.</param>
    public static DoubleDouble Exp(DoubleDouble x)
    {
        if (!(Math.Abs(x.Hi) < 746))
        {
            return Math.Exp(x.Hi);
        }

        var power = Math.Round(x.Hi / s_log2[0]);
        return ScaleB(One + ExpM1OfSmall(Reduced(x, power, s_log2)), (int)power);
    }

    /// <summary>eˣ − 1.</summary>
    /// <param name="x">The argument.</param>
    public static DoubleDouble ExpM1(DoubleDouble x) => x.Hi == 0 || IsNaN(x) ? x : Math.Abs(x.Hi) < 0.4 ? ExpM1OfSmall(x) : Exp(x) - 1;

    /// <summary>2ˣ.</summary>
    /// <param name="x">The argument.</param>
    public static DoubleDouble Exp2(DoubleDouble x)
    {
        if (!(Math.Abs(x.Hi) < 1080))
        {
            return double.Exp2(x.Hi);
        }

        var power = Math.Round(x.Hi);
        return ScaleB(One + ExpM1OfSmall((x - power) * Log2Of), (int)power);
    }

    /// <summary>10ˣ.</summary>
    /// <param name="x">The argument.</param>
    public static DoubleDouble Exp10(DoubleDouble x)
    {
        // The whole part is a product of powers of 10, so that a large exponent does not magnify the error of log 10.
        if (!(Math.Abs(x.Hi) < 325))
        {
            return double.Exp10(x.Hi);
        }

        var power = Math.Round(x.Hi);
        return IntegerPower(10, (int)power) * Exp((x - power) * Log10Of);
    }

    /// <summary>The natural logarithm.</summary>
    /// <param name="x">The argument.</param>
    public static DoubleDouble Log(DoubleDouble x)
    {
        if (!(x.Hi > 0) || IsInfinity(x))
        {
            return Math.Log(x.Hi);
        }

        var (part, power) = Parts(x);
        return Product(power, s_log2[0]) + (Product(power, s_log2[1]) + LogByQuotient((part - 1) / (part + 1)));
    }

    /// <summary>The logarithm of x to the base b.</summary>
    /// <param name="x">The argument.</param>
    /// <param name="newBase">The base b.</param>
    public static DoubleDouble Log(DoubleDouble x, DoubleDouble newBase) => Log(x) / Log(newBase);

    /// <summary>The logarithm to the base 2.</summary>
    /// <param name="x">The argument.</param>
    public static DoubleDouble Log2(DoubleDouble x)
    {
        if (!(x.Hi > 0) || IsInfinity(x))
        {
            return Math.Log2(x.Hi);
        }

        var (part, power) = Parts(x);
        return power + (LogByQuotient((part - 1) / (part + 1)) * Log2E);
    }

    /// <summary>The logarithm to the base 10.</summary>
    /// <param name="x">The argument.</param>
    public static DoubleDouble Log10(DoubleDouble x) => Log(x) / Log10Of;

    /// <summary>log(1 + x).</summary>
    /// <param name="x">The argument.</param>
    public static DoubleDouble LogP1(DoubleDouble x) => x.Hi == 0 ? x : x.Hi is > -0.25 and < 0.4 ? LogByQuotient(x / (2 + x)) : Log(1 + x);

    /// <summary>xʸ. Powers with whole exponents from −64 to 64 are computed by multiplications, also for negative x.</summary>
    /// <param name="x">The base.</param>
    /// <param name="y">The exponent.</param>
    public static DoubleDouble Pow(DoubleDouble x, DoubleDouble y)
    {
        if (y.Lo == 0 && Math.Abs(y.Hi) <= 64 && y.Hi == Math.Floor(y.Hi))
        {
            return IntegerPower(x, (int)y.Hi);
        }

        var rough = Math.Pow(x.Hi, y.Hi);
        if (!IsFinite(x) || !IsFinite(y) || x.Hi == 0 || (x.Hi < 0 && !IsInteger(y)))
        {
            return rough;
        }

        var power = Exp(y * Log(Abs(x)));
        return x.Hi < 0 && IsOddInteger(y) ? -power : power;
    }

    /// <summary>sin x.</summary>
    /// <param name="x">The argument.</param>
    public static DoubleDouble Sin(DoubleDouble x) => SinCos(x).Sin;

    /// <summary>cos x.</summary>
    /// <param name="x">The argument.</param>
    public static DoubleDouble Cos(DoubleDouble x) => SinCos(x).Cos;

    /// <summary>tan x.</summary>
    /// <param name="x">The argument.</param>
    public static DoubleDouble Tan(DoubleDouble x)
    {
        var (sin, cos) = SinCos(x);
        return sin / cos;
    }

    /// <summary>sin x and cos x, computed together.</summary>
    /// <param name="x">The argument.</param>
    public static (DoubleDouble Sin, DoubleDouble Cos) SinCos(DoubleDouble x)
    {
        if (x.Hi == 0 || !IsFinite(x))
        {
            return (Math.Sin(x.Hi), Math.Cos(x.Hi));
        }

        var turns = Round(x / Exactly(s_halfPi[0], s_halfPi[1]));
        var rest = Reduced(Reduced(x, turns.Hi, s_halfPi), turns.Lo, s_halfPi);
        var (sin, cos) = SinCosOfSmall(rest);
        return (((int)(turns % 4).Hi) & 3) switch
        {
            0 => (sin, cos),
            1 => (cos, -sin),
            2 => (-sin, -cos),
            _ => (-cos, sin),
        };
    }

    /// <summary>The arc tangent.</summary>
    /// <param name="x">The argument.</param>
    public static DoubleDouble Atan(DoubleDouble x) => x.Hi == 0 || IsNaN(x) ? x : IsInfinity(x) ? CopySign(Pi / 2, x) : Turned(Math.Atan(x.Hi), x, 1);

    /// <summary>The angle of the point (x, y).</summary>
    /// <param name="y">y.</param>
    /// <param name="x">x.</param>
    public static DoubleDouble Atan2(DoubleDouble y, DoubleDouble x)
    {
        var angle = Math.Atan2(y.Hi, x.Hi);
        var largest = Math.Max(Math.Abs(x.Hi), Math.Abs(y.Hi));
        if (angle == 0 && y.Hi == 0 || double.IsNaN(angle))
        {
            return angle;
        }

        if (largest == 0 || double.IsInfinity(largest) || y.Hi == 0 || x.Hi == 0)
        {
            // A multiple of π/4.
            return Pi / 4 * Math.Round(angle / (Math.PI / 4));
        }

        var shift = -Math.ILogB(largest);
        return Turned(angle, ScaleB(y, shift), ScaleB(x, shift));
    }

    /// <summary>The arc sine.</summary>
    /// <param name="x">The argument.</param>
    public static DoubleDouble Asin(DoubleDouble x)
    {
        if (x.Hi == 0 || !(Abs(x) <= 1))
        {
            return Math.Asin(x.Hi);
        }

        if (Math.Abs(x.Hi) > 0.7)
        {
            return CopySign((Pi / 2) - (2 * Asin(Sqrt((1 - Abs(x)) / 2))), x);
        }

        var angle = Math.Asin(x.Hi);
        var (sin, cos) = SinCos(angle);
        var step = (x - sin) / cos;
        return angle + (step + (0.5 * step.Hi * step.Hi * sin.Hi / cos.Hi));
    }

    /// <summary>The arc cosine.</summary>
    /// <param name="x">The argument.</param>
    public static DoubleDouble Acos(DoubleDouble x) => x.Hi switch
    {
        > 0.5 => 2 * Asin(Sqrt((1 - x) / 2)),
        < -0.5 => Pi - (2 * Asin(Sqrt((1 + x) / 2))),
        _ => (Pi / 2) - Asin(x),
    };

    /// <summary>sinh x.</summary>
    /// <param name="x">The argument.</param>
    public static DoubleDouble Sinh(DoubleDouble x)
    {
        if (!(Math.Abs(x.Hi) < 40))
        {
            var half = Exp(Abs(x) / 2);
            return CopySign(half / 2 * half, x);
        }

        var more = ExpM1(Abs(x));
        return x.Hi == 0 ? x : CopySign((more + (more / (1 + more))) / 2, x);
    }

    /// <summary>cosh x.</summary>
    /// <param name="x">The argument.</param>
    public static DoubleDouble Cosh(DoubleDouble x)
    {
        var half = Exp(Abs(x) / 2);
        return Math.Abs(x.Hi) < 40 ? ((half * half) + (1 / half / half)) / 2 : half / 2 * half;
    }

    /// <summary>tanh x.</summary>
    /// <param name="x">The argument.</param>
    public static DoubleDouble Tanh(DoubleDouble x)
    {
        var less = ExpM1(-2 * Abs(x));
        return x.Hi == 0 ? x : CopySign(-less / (2 + less), x);
    }

    /// <summary>arsinh x.</summary>
    /// <param name="x">The argument.</param>
    public static DoubleDouble Asinh(DoubleDouble x)
    {
        var size = Abs(x);
        return x.Hi == 0 || !IsFinite(x) ? x
            : size > 1e15 ? CopySign(Log(size) + Log2Of + (1 / size / size / 4), x)
            : CopySign(LogP1(size + (size * size / (1 + Sqrt(1 + (size * size))))), x);
    }

    /// <summary>arcosh x.</summary>
    /// <param name="x">The argument.</param>
    public static DoubleDouble Acosh(DoubleDouble x)
    {
        var above = x - 1;
        return IsInfinity(x) ? Math.Acosh(x.Hi) : x > 1e15 ? Log(x) + Log2Of - (1 / x / x / 4) : LogP1(above + Sqrt(above * (x + 1)));
    }

    /// <summary>artanh x.</summary>
    /// <param name="x">The argument.</param>
    public static DoubleDouble Atanh(DoubleDouble x)
    {
        var size = Abs(x);
        return x.Hi == 0 || !(size < 1) ? Math.Atanh(x.Hi) : CopySign(LogP1(2 * size / (1 - size)) / 2, x);
    }

    /// <summary>|x| with the sign of another number.</summary>
    /// <param name="value">The number.</param>
    /// <param name="sign">The number that gives the sign.</param>
    public static DoubleDouble CopySign(DoubleDouble value, DoubleDouble sign) => IsNegative(value) == IsNegative(sign) ? value : -value;

    static DoubleDouble System.Numerics.ITrigonometricFunctions<DoubleDouble>.SinPi(DoubleDouble x) => SinCosPi(x).SinPi;

    static DoubleDouble System.Numerics.ITrigonometricFunctions<DoubleDouble>.CosPi(DoubleDouble x) => SinCosPi(x).CosPi;

    static DoubleDouble System.Numerics.ITrigonometricFunctions<DoubleDouble>.TanPi(DoubleDouble x) => SinCosPi(x) is var (sin, cos) ? sin / cos : NaN;

    static DoubleDouble System.Numerics.ITrigonometricFunctions<DoubleDouble>.AsinPi(DoubleDouble x) => Asin(x) / Pi;

    static DoubleDouble System.Numerics.ITrigonometricFunctions<DoubleDouble>.AcosPi(DoubleDouble x) => Acos(x) / Pi;

    static DoubleDouble System.Numerics.ITrigonometricFunctions<DoubleDouble>.AtanPi(DoubleDouble x) => Atan(x) / Pi;

    static DoubleDouble System.Numerics.IFloatingPointIeee754<DoubleDouble>.Atan2Pi(DoubleDouble y, DoubleDouble x) => Atan2(y, x) / Pi;

    /// <summary>sin πx and cos πx, without an error of π·x.</summary>
    /// <param name="x">The argument.</param>
    public static (DoubleDouble SinPi, DoubleDouble CosPi) SinCosPi(DoubleDouble x)
    {
        if (!IsFinite(x))
        {
            return (NaN, NaN);
        }

        var halves = Round(2 * x);
        var (sin, cos) = SinCosOfSmall(Pi * (x - (halves / 2)));
        return (((int)(halves % 4).Hi) & 3) switch
        {
            0 => (sin, cos),
            1 => (cos, -sin),
            2 => (-sin, -cos),
            _ => (-cos, sin),
        };
    }

    /// <summary>x − n·c, where c is a sum of doubles: the products are exact, and so few digits are lost where the difference is small.</summary>
    private static DoubleDouble Reduced(DoubleDouble x, double n, double[] c)
    {
        foreach (var part in c)
        {
            x -= Product(n, part);
        }

        return x;
    }

    /// <summary>The significand, between √½ and √2, and the exponent of 2.</summary>
    private static (DoubleDouble Part, int Power) Parts(DoubleDouble x)
    {
        var power = Math.ILogB(x.Hi);
        var part = ScaleB(x, -power);
        return part.Hi > 1.4 ? (ScaleB(part, -1), power + 1) : (part, power);
    }

    /// <summary>eˣ − 1 for |x| ≤ 0.4: the series of x/512, doubled nine times by (1 + e)² − 1 = 2e + e².</summary>
    private static DoubleDouble ExpM1OfSmall(DoubleDouble x)
    {
        var part = ScaleB(x, -9);
        var sum = s_inverseFactorials[9];
        for (var k = 8; k >= 1; k--)
        {
            sum = (sum * part) + s_inverseFactorials[k];
        }

        sum *= part;
        for (var doubling = 0; doubling < 9; doubling++)
        {
            sum = (2 * sum) + (sum * sum);
        }

        return sum;
    }

    /// <summary>log((1 + q)/(1 − q)) = 2(q + q³/3 + q⁵/5 + …) for |q| ≤ 0.18.</summary>
    private static DoubleDouble LogByQuotient(DoubleDouble q)
    {
        var square = q * q;
        var sum = s_inverseOdds[^1];
        for (var k = s_inverseOdds.Length - 2; k >= 0; k--)
        {
            sum = (sum * square) + s_inverseOdds[k];
        }

        return 2 * q * sum;
    }

    /// <summary>Sine and cosine for |x| ≤ π/4, by their series.</summary>
    private static (DoubleDouble Sin, DoubleDouble Cos) SinCosOfSmall(DoubleDouble x)
    {
        var square = -(x * x);
        var (sin, cos) = (s_inverseFactorials[29], s_inverseFactorials[28]);
        for (var k = 27; k >= 1; k -= 2)
        {
            sin = (sin * square) + s_inverseFactorials[k];
            cos = (cos * square) + s_inverseFactorials[k - 1];
        }

        return (x * sin, cos);
    }

    /// <summary>The angle of (x, y), given that to double precision: the point is turned back by it, and the small angle that remains is added.</summary>
    private static DoubleDouble Turned(double angle, DoubleDouble y, DoubleDouble x)
    {
        var (sin, cos) = SinCos(angle);
        return angle + (((y * cos) - (x * sin)) / ((x * cos) + (y * sin)));
    }

    /// <summary>xⁿ by squaring and multiplying.</summary>
    private static DoubleDouble IntegerPower(DoubleDouble x, int n)
    {
        var (power, square) = (One, x);
        for (var bits = Math.Abs(n); bits > 0; bits >>= 1)
        {
            power = int.IsOddInteger(bits) ? power * square : power;
            square = bits > 1 ? square * square : square;
        }

        return n < 0 ? 1 / power : power;
    }
}
