// The special functions against reference.csv to the errors they state, their values where the domain ends, and the
// identities that define them.

using System.Globalization;
using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.Numerics.ScalarFunctions;

namespace Autodiff.PropertyTests.Evaluation;

public class ScalarFunctionsTests
{
    private static readonly Dictionary<string, Func<double, double>> Functions = new()
    {
        ["ExpM1"] = ExpM1,
        ["LogP1"] = LogP1,
        ["Sigmoid"] = Sigmoid,
        ["Softplus"] = Softplus,
        ["Erf"] = Erf,
        ["Erfc"] = Erfc,
        ["Gamma"] = Gamma,
        ["LambertW"] = LambertW,
        ["Sinc"] = Sinc,
        ["BesselJ0"] = x => BesselJ(0, x),
        ["BesselJ1"] = x => BesselJ(1, x),
        ["BesselI0"] = x => BesselI(0, x),
        ["BesselI1"] = x => BesselI(1, x),
        ["NormalCdf"] = NormalCdf,
        ["LogNormalCdf"] = LogNormalCdf,
        ["NormalQuantile"] = NormalQuantile,
        ["LogGamma"] = LogGamma,
        ["Digamma"] = Digamma,
        ["Polygamma1"] = x => Polygamma(1, x),
        ["Polygamma2"] = x => Polygamma(2, x),
        ["Polygamma3"] = x => Polygamma(3, x),
    };

    // From N. M. Temme's uniform expansion at 60 digits, two terms of which are exact to 10⁻²⁰ here; and the limits.
    [Theory]
    [InlineData(1e20, 1.0000000001e20, 0.84134491951309611, 0.15865508048690389)]
    [InlineData(1e20, 9.999999997e19, 0.0013498957613436254, 0.99865010423865637)]
    [InlineData(1e15, 1.0000002e15, 0.99999999987301823, 1.2698176751058534e-10)]
    [InlineData(1e10, 9.9998e9, 0.022749592035814547, 0.97725040796418545)]
    [InlineData(1e12, 1.000005e12, 0.99999971333653416, 2.8666346583725959e-7)]
    [InlineData(1e300, 1e300, 0.5, 0.5)]
    [InlineData(double.MaxValue, double.MaxValue, 0.5, 0.5)]
    [InlineData(double.MaxValue, 1.5e308, 0, 1)]
    [InlineData(4e298, double.MaxValue, 1, 0)]
    [InlineData(1e-300, double.MaxValue, 1, 0)]
    [InlineData(double.MaxValue, 1e-300, 0, 1)]
    public void Incomplete_gamma_functions_are_right_for_any_a(double a, double x, double lower, double upper)
    {
        Assert.Equal(lower, GammaP(a, x), 1e-14 * lower);
        Assert.Equal(upper, GammaQ(a, x), 1e-14 * upper);
    }

    [Theory]
    [InlineData(200, 150.5, -2.2170514118173197e-63)]
    [InlineData(300, 400.25, -2.8971068109102963e-169)]
    [InlineData(1000, 400.0, -9.5463286602289094e-38)]
    [InlineData(171, 20.5, 2.966431136597723e+83)]
    [InlineData(200, 1000.0, -4.3508192705971018e-228)]
    [InlineData(172, -7.5, -3.4660307028190707e+150)]
    [InlineData(200, -3.3, double.PositiveInfinity)]
    [InlineData(200, -2.75, double.NegativeInfinity)]
    [InlineData(171, -0.4, double.PositiveInfinity)]
    [InlineData(200, -2.5, -3.4610807002513192e+265)]
    [InlineData(int.MaxValue, 1.0, double.PositiveInfinity)]
    [InlineData(int.MaxValue, 10000000000.0, 0)]
    public void Polygammas_of_large_orders_are_right_to_their_logarithms(int order, double x, double expected) =>
        Assert.Equal(expected, Polygamma(order, x), double.IsInfinity(expected) ? 0 : 1e-12 * Math.Abs(expected));

    // Γ of both arguments overflows before their quotient does.
    [Fact]
    public void Beta_of_small_numbers_is_the_sum_of_their_reciprocals()
    {
        Assert.Equal(Math.ScaleB(1, 901), Beta(Math.ScaleB(1, -900), Math.ScaleB(1, -900)));
        Assert.Equal(Math.ScaleB(3, 40), Beta(Math.ScaleB(1, -40), Math.ScaleB(1, -41)));
        Assert.Equal(double.PositiveInfinity, Beta(1e-310, 2e-310));
        Assert.Equal(double.NegativeInfinity, AD.Grad(x => Expr.Beta(x, 2e-310))(1e-310).Value);
    }

    [Fact]
    public void The_density_of_a_gamma_distribution_is_right_for_any_a() =>
        Assert.Equal(1 / Math.Sqrt(Math.Tau) / 1e154, GammaDensity(0, 1e308, 1e308), 1e-14 / 1e154);

    [Theory]
    [InlineData("ExpM1", 2)]
    [InlineData("LogP1", 2)]
    [InlineData("Sigmoid", 2)]
    [InlineData("Softplus", 2)]
    [InlineData("Erf", 2)]
    [InlineData("Erfc", 3)]
    [InlineData("Gamma", 5)]
    [InlineData("LambertW", 3)]
    [InlineData("Sinc", 2)]
    [InlineData("BesselI0", 8)]
    [InlineData("BesselI1", 8)]
    [InlineData("NormalCdf", 5)]
    [InlineData("LogNormalCdf", 4)]
    [InlineData("NormalQuantile", 4)]
    public void Values_are_within_the_units_in_the_last_place_stated(string name, uint ulps)
    {
        foreach (var (x, expected) in Table(name))
        {
            var found = Functions[name](x);
            Assert.True(Ulps.Between(found, expected) <= ulps, $"{name}({x:R}) is {found:R}, but the table has {expected:R}.");
        }
    }

    [Theory]
    [InlineData("BesselJ0", 5e-16)]
    [InlineData("BesselJ1", 5e-16)]
    [InlineData("LogGamma", 9e-16)]
    [InlineData("Digamma", 3e-15)]
    [InlineData("Polygamma1", 1.1e-15)]
    [InlineData("Polygamma2", 1.1e-15)]
    [InlineData("Polygamma3", 1.1e-15)]
    public void Values_of_the_gamma_family_and_of_waves_are_within_the_error_stated(string name, double error)
    {
        foreach (var (x, expected) in Table(name))
        {
            var scale = name == "LogGamma" && x > 0 ? Math.Abs(expected) : Math.Max(1, Math.Abs(expected));
            Assert.Equal(expected, Functions[name](x), error * scale);
        }
    }

    [Theory]
    [InlineData("ExpM1", double.NegativeInfinity, -1)]
    [InlineData("ExpM1", double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData("ExpM1", -0.0, -0.0)]
    [InlineData("LogP1", -1, double.NegativeInfinity)]
    [InlineData("LogP1", -1.5, double.NaN)]
    [InlineData("LogP1", double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData("LogP1", -0.0, -0.0)]
    [InlineData("Sigmoid", double.NegativeInfinity, 0)]
    [InlineData("Sigmoid", double.PositiveInfinity, 1)]
    [InlineData("Sigmoid", 0, 0.5)]
    [InlineData("Softplus", double.NegativeInfinity, 0)]
    [InlineData("Softplus", double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData("Erf", double.NegativeInfinity, -1)]
    [InlineData("Erf", double.PositiveInfinity, 1)]
    [InlineData("Erf", -0.0, -0.0)]
    [InlineData("Erfc", double.NegativeInfinity, 2)]
    [InlineData("Erfc", double.PositiveInfinity, 0)]
    [InlineData("Gamma", 0, double.PositiveInfinity)]
    [InlineData("Gamma", -0.0, double.NegativeInfinity)]
    [InlineData("Gamma", -3, double.NaN)]
    [InlineData("Gamma", 23, 1124000727777607680000.0)]
    [InlineData("Gamma", 1e300, double.PositiveInfinity)]
    [InlineData("Gamma", -1000.5, 0)]
    [InlineData("Gamma", double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData("Gamma", double.NegativeInfinity, double.NaN)]
    [InlineData("LambertW", -0.36787944117144233, -1)]
    [InlineData("LambertW", -0.3678794411714424, double.NaN)]
    [InlineData("LambertW", -0.0, -0.0)]
    [InlineData("LambertW", double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData("Sinc", 0, 1)]
    [InlineData("Sinc", double.NegativeInfinity, 0)]
    [InlineData("BesselJ1", -0.0, -0.0)]
    [InlineData("BesselJ0", double.NegativeInfinity, 0)]
    [InlineData("BesselI0", double.NegativeInfinity, double.PositiveInfinity)]
    [InlineData("BesselI1", double.NegativeInfinity, double.NegativeInfinity)]
    [InlineData("NormalCdf", double.NegativeInfinity, 0)]
    [InlineData("NormalCdf", -1e16, 0)]
    [InlineData("NormalCdf", -1e300, 0)]
    [InlineData("NormalCdf", double.PositiveInfinity, 1)]
    [InlineData("LogNormalCdf", double.NegativeInfinity, double.NegativeInfinity)]
    [InlineData("LogNormalCdf", double.PositiveInfinity, -0.0)]
    [InlineData("NormalQuantile", 0, double.NegativeInfinity)]
    [InlineData("NormalQuantile", 1, double.PositiveInfinity)]
    [InlineData("NormalQuantile", 1.5, double.NaN)]
    [InlineData("LogGamma", 0, double.PositiveInfinity)]
    [InlineData("LogGamma", -3, double.PositiveInfinity)]
    [InlineData("LogGamma", 1, 0)]
    [InlineData("LogGamma", 2, 0)]
    [InlineData("LogGamma", double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData("LogGamma", double.NegativeInfinity, double.PositiveInfinity)]
    [InlineData("Digamma", 0, double.NaN)]
    [InlineData("Digamma", -2, double.NaN)]
    [InlineData("Digamma", double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData("Polygamma1", -2, double.PositiveInfinity)]
    [InlineData("Polygamma1", double.PositiveInfinity, 0)]
    [InlineData("Polygamma2", -2, double.NaN)]
    public void At_the_ends_of_the_domain_and_the_poles_values_are_as_documented(string name, double x, double expected) =>
        Assert.Equal(0ul, Ulps.Between(expected, Functions[name](x)));

    [Fact]
    public void NaN_gives_NaN() => Assert.All(Functions.Values, f => Assert.True(double.IsNaN(f(double.NaN))));

    [Fact]
    public void Reflection_and_recurrence_hold() => ForAll(Between(-6.9, 6.9).Where(x => Math.Abs(x - Math.Round(x)) > 0.01), x =>
    {
        // A&S 6.1.15, 6.3.5, 6.4.6, and 7.1.2 with 7.1.9.
        Close(Math.Log(Math.Abs(x)), LogGamma(x + 1), LogGamma(x));
        Close(1 / x, Digamma(x + 1), Digamma(x));
        Close(-1 / (x * x), Polygamma(1, x + 1), Polygamma(1, x));
        Close(2 / (x * x * x), Polygamma(2, x + 1), Polygamma(2, x));
        Assert.Equal(-Erf(x), Erf(-x));
        Assert.Equal(1, Erf(x) + Erfc(x), 4e-16);
        Assert.Equal(1, Sigmoid(x) + Sigmoid(-x), 3e-16);
        Close(x, Softplus(x), Softplus(-x));
        Assert.Equal(x, LogP1(ExpM1(x)), 2e-15 * Math.Max(1, Math.Exp(-x)));
    });

    [Fact]
    public void Identities_of_the_special_functions_hold() => ForAll(Between(0.01, 60), x =>
    {
        // A&S 6.1.15, 6.2.2, 6.5.21, 9.1.27, 9.6.26, the definitions of W and of quantiles, and the three-term form of sinc″.
        var a = 60.5 - x;
        Relative(x * Gamma(x), Gamma(x + 1));
        Relative(Beta(a, x) * a / (a + x), Beta(a + 1, x));
        Relative(Math.Exp(LogBeta(a, x)), Beta(a, x));
        Assert.Equal(1, GammaP(a, x) + GammaQ(a, x), 2e-16);
        Assert.Equal(GammaP(a, x) - Math.Exp((a * Math.Log(x)) - x - LogGamma(a + 1)), GammaP(a + 1, x), 1e-13);
        Assert.Equal(2 * 3 / x * BesselJ(3, x), BesselJ(2, x) + BesselJ(4, x), 1e-15 * (1 + (6 / x)));
        Relative(BesselI(2, x), BesselI(4, x) + (2 * 3 / x * BesselI(3, x)));
        Relative(x, LambertW(x) * Math.Exp(LambertW(x)));
        Relative(Math.Exp(-x), NormalCdf(NormalQuantile(Math.Exp(-x))));
        Assert.Equal(-(2 / x * SincDerivative(1, x)) - Sinc(x), SincDerivative(2, x), 1e-14 / Math.Min(1, x));
    });

    [Fact]
    public void Integer_powers_are_right_to_two_units_in_the_last_place() => ForAll(
        from x in Between(-30, 30)
        from n in Gen.Choose(-64, 64)
        where x != 0
        select (x, n), at =>
        {
            var expected = ExactPower(at.x, at.n);
            Assert.True(Ulps.Between(expected, IntegerPower(at.x, at.n)) <= 2, $"{at.x:R}^{at.n} is {expected:R}, not {IntegerPower(at.x, at.n):R}.");
        });

    [Theory]
    [InlineData(double.NaN, 0, 1)]
    [InlineData(0, 0, 1)]
    [InlineData(-0.0, 3, -0.0)]
    [InlineData(-0.0, 2, 0)]
    [InlineData(0, -1, double.PositiveInfinity)]
    [InlineData(1e300, 2, double.PositiveInfinity)]
    [InlineData(1e300, -2, 0)]
    [InlineData(-1e105, -3, -1e-315)]
    [InlineData(double.NegativeInfinity, 3, double.NegativeInfinity)]
    public void Integer_powers_of_the_extremes_are_as_documented(double x, int n, double expected) =>
        Assert.Equal(0ul, Ulps.Between(expected, IntegerPower(x, n)));

    [Theory]
    [InlineData(2, int.MinValue, 0)]
    [InlineData(-1, int.MinValue, 1)]
    [InlineData(2, int.MaxValue, double.PositiveInfinity)]
    [InlineData(-1, 1e300, 1)]
    public void Exponents_at_the_ends_of_the_integers_are_like_any_other(double x, double exponent, double expected) =>
        Assert.Equal(expected, Expr.Pow(x, exponent).Value);

    private static IEnumerable<(double X, double Value)> Table(string name) => File
        .ReadLines(Path.Combine(AppContext.BaseDirectory, "Reference", "reference.csv"))
        .Select(line => line.Split(','))
        .Where(fields => fields[0] == name)
        .Select(fields => (double.Parse(fields[1], CultureInfo.InvariantCulture), double.Parse(fields[2], CultureInfo.InvariantCulture)));

    /// <summary>a = b − c, where the subtraction loses what the larger of b and c has more than a.</summary>
    private static void Close(double expected, double b, double c) =>
        Assert.Equal(expected, b - c, 2e-14 * Math.Max(1, Math.Max(Math.Abs(b), Math.Abs(c))));

    private static void Relative(double expected, double found, double tolerance = 1e-13) =>
        Assert.Equal(expected, found, tolerance * Math.Abs(expected));

    /// <summary>xⁿ, n ≥ 0, by exact integer arithmetic, rounded once.</summary>
    private static double ExactPower(double x, int n)
    {
        var (mantissa, exponent) = (new BigInteger(Math.ScaleB(x, 52 - Math.ILogB(x))), Math.ILogB(x) - 52);
        var power = BigInteger.Abs(BigInteger.Pow(mantissa, Math.Abs(n)));
        var length = (int)power.GetBitLength();
        var (kept, excess) = n < 0 ? ((BigInteger.One << (length + 63)) / power, -length - 63) : (power >> Math.Max(0, length - 64), Math.Max(0, length - 64));
        if (n < 0 ? kept * power != BigInteger.One << (length + 63) : power != kept << excess)
        {
            // A sticky bit: what was cut off still decides how the rest is rounded.
            kept |= 1;
        }

        var size = Math.ScaleB((double)(ulong)kept, (exponent * n) + excess);
        return int.IsOddInteger(n) ? Math.CopySign(size, x) : size;
    }

    private static Gen<double> Between(double low, double high) =>
        Gen.Choose(0, 1 << 30).Select(k => low + ((high - low) * k / (1 << 30)));

    private static void ForAll<T>(Gen<T> generator, Action<T> property) =>
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(generator.ToArbitrary(), property));
}
