// The special functions: values and families of derivatives against special.csv (make_special.py computes it), laws between them, derivatives against finite
// differences, batches, compiled code, text and files.

using System.Globalization;
using System.Numerics;
using System.Reflection;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;
using Autodiff.PropertyTests.Generators;
using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Rules;

public class SpecialTests
{
    private static readonly Domain<Expr> s_positive = Domain.Box(Shape.Scalar, 0.2, 6);

    private static readonly ILookup<string, string[]> s_rows = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Rules", "special.csv")).Skip(1)
        .Select(line => line.Split(',')).ToLookup(fields => fields[0]);

    /// <summary>Each function, and the error in ulps of its values, beyond that of an error of half an ulp of each argument, multiplied by 1 + the condition.</summary>
    private static readonly Dictionary<string, double> s_errors = new()
    {
        ["GammaPDerivative"] = 12,
        ["GammaDensity"] = 6,
        ["BetaIncDerivative"] = 110,
        ["ErfInv"] = 3,
        ["ErfcInv"] = 3,
        ["NormalDensityQuantile"] = 4,
        ["Erfcx"] = 4,
        ["ErfcxDerivative"] = 4,
        ["Dawson"] = 4,
        ["DawsonDerivative"] = 1000,
        ["ExpIntegralE1"] = 4,
        ["ExpIntegralEi"] = 4,
        ["HurwitzZeta"] = 8,
        ["BesselY"] = 4,
        ["BesselI"] = 4,
        ["BesselIOfRealOrder"] = 4,
        ["BesselIScaled"] = 1000,
        ["BesselK"] = 4,
        ["BesselKScaled"] = 4,
        ["BinomialDerivative"] = 30,
        ["Digamma"] = 4,
        ["PolygammaDifference"] = 4,
        ["Beta"] = 6,
        ["Gaussian"] = 4,
    };

    /// <summary>Functions of several numbers whose nodes are members of families, at numbers around which they are smooth.</summary>
    private static readonly Dictionary<string, (Func<Expr, Expr> F, double Low, double High)> s_functions = new()
    {
        ["BetaInc of a"] = (a => BetaInc(a, 2.3, 0.4), 0.5, 6),
        ["BetaInc of b"] = (b => BetaInc(1.7, b, 0.4), 0.5, 6),
        ["BetaInc of x"] = (x => BetaInc(1.7, 2.3, x), 0.05, 0.95),
        ["BetaInc of all"] = (x => BetaInc(2 * x, x * x, x / 7), 0.5, 5),
        ["GammaP of a"] = (a => GammaP(a, 2.5), 0.3, 12),
        ["GammaQ of a"] = (a => GammaQ(a, 2.5), 0.3, 12),
        ["GammaP of both"] = (x => GammaP(x * x / 4, x), 0.7, 6),
        ["Zeta"] = (Zeta, 1.2, 6),
        ["Zeta below 1"] = (Zeta, -3.5, 0.8),
        ["Zeta of both"] = (x => Zeta(x, x + 0.3), 1.2, 6),
        ["Binomial of n"] = (n => Binomial(n, 2.5), 2, 9),
        ["Binomial of k"] = (k => Binomial(5.5, k), -3, 9),
        ["Factorial"] = (Factorial, 0, 5),
        ["LogMultigamma"] = (x => LogMultigamma(x, 3), 1.2, 8),
        ["BesselJ"] = (x => BesselJ(3, x), -9, 9),
        ["BesselY"] = (x => BesselY(2, x), 1, 9),
        ["BesselI of a whole order"] = (x => BesselI(2, x), -4, 4),
        ["BesselI"] = (x => BesselI(0.7, x), 0.5, 6),
        ["BesselIScaled"] = (x => BesselIScaled(0.7, x), 0.5, 40),
        ["BesselIScaled of a whole order"] = (x => BesselIScaled(2, x), -9, -0.5),
        ["BesselK"] = (x => BesselK(1.3, x), 0.5, 6),
        ["BesselKScaled"] = (x => BesselKScaled(1.3, x), 0.5, 40),
    };

    public static TheoryData<string> Families => [.. s_errors.Keys];

    public static TheoryData<string> Functions => [.. s_functions.Keys];

    [Theory]
    [MemberData(nameof(Families))]
    public void Values_are_exact_up_to_the_condition(string function)
    {
        var failures = new List<string>();
        foreach (var fields in s_rows[function])
        {
            double[] x = [.. fields[1].Split(' ').Select(Number)];
            var (expected, condition) = (Number(fields[2]), Number(fields[3]));
            var method = typeof(ScalarFunctions).GetMethods(BindingFlags.Public | BindingFlags.Static).Single(each => each.Name == function && each.GetParameters().Length == x.Length);
            var actual = (double)method.Invoke(null, [.. method.GetParameters().Select((parameter, i) => parameter.ParameterType == typeof(int) ? (object)(int)x[i] : x[i])])!;
            var allowed = s_errors[function] * (1 + condition) * (Math.BitIncrement(Math.Abs(expected)) - Math.Abs(expected));
            if (!(Math.Abs(actual - expected) <= allowed))
            {
                failures.Add($"{function}({fields[1]}) is {actual:R}, not {expected:R}: {Math.Abs(actual - expected) / allowed * s_errors[function]:g3}");
            }
        }

        Assert.NotEmpty(s_rows[function]);
        Assert.Empty(failures);
    }

    [Fact]
    public void Densities_keep_their_digits_in_the_tails_in_every_engine()
    {
        var rows = s_rows["Gaussian"].Where(fields => fields[1].StartsWith("0 1.0 ", StringComparison.Ordinal)).ToArray();
        Expr x = rows.Select(fields => Number(fields[1].Split(' ')[2])).ToArray();
        foreach (var (f, factor) in ((Func<Expr, Expr>, double)[])[(Erf, 2 / Math.Sqrt(Math.PI)), (Erfc, -2 / Math.Sqrt(Math.PI)), (t => NormalCdf(Math.Sqrt(2) * t), 1 / Math.Sqrt(Math.PI))])
        {
            var gradient = Grad(t => Sum(f(t)));
            foreach (var actual in (Expr[])[gradient(x), Compile(gradient)(x), Stack([.. Enumerable.Range(0, rows.Length).Select(i => Diff(f)(x[i]))])])
            {
                // √2 x is rounded, which e^(−x²) magnifies by 2x².
                Assert.All(rows.Select((fields, i) => (Expected: factor * Number(fields[2]), Condition: 1 + Number(fields[3]), Actual: actual[i].Value)), row =>
                    Assert.Equal(row.Expected, row.Actual, (4 * double.Epsilon) + (9e-16 * row.Condition * Math.Abs(row.Expected))));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Derivatives_are_those_of_finite_differences(string function)
    {
        var (f, low, high) = s_functions[function];
        Assert.True(Autodiff.Functional.Check.Gradients(f, within: Domain.Box(Shape.Scalar, low, high), order: 2, cases: 4) is { IsSucc: true }, function);
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_batch_is_the_loop_and_compiled_code_the_function(string function)
    {
        var (f, low, high) = s_functions[function];
        Expr x = new[] { low + (0.1 * (high - low)), low + (0.35 * (high - low)), high - (0.1 * (high - low)) };
        Expr[] samples = [x[0], x[1], x[2]];
        foreach (var each in new[] { f, Diff(f), Diff(f, 2) })
        {
            Agreement.Near(Stack([.. samples.Select(each)]), Vmap(each)(x));
            Agreement.Near(Stack([.. samples.Select(each)]), Compile(Vmap(each))(x));
            Agreement.Near(each(x[1]), Compile(each)(x[1]));
        }

        // Elementwise, so of a tensor at once too.
        Agreement.Near(Stack([.. samples.Select(f)]), f(x));
        Agreement.Near(Stack([.. samples.Select(Diff(f))]), Grad(v => Sum(f(v)))(x));
        Agreement.Near(Grad(v => Sum(f(v)))(x), Compile(Grad(v => Sum(f(v))))(x));
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_derivative_is_read_back_from_text_and_from_a_file(string function)
    {
        var (f, low, high) = s_functions[function];
        var x = Variable("x");
        foreach (var formula in (Expr[])[f(x), Diff(f)(x), Diff(f, 2)(x)])
        {
            Expr at = (0.3 * low) + (0.7 * high);
            var value = formula.Substitute((x, at));
            var parsed = Parse($"{formula}", x);
            Agreement.Near(value, parsed.Substitute((x, at)));
            var read = FromJson(formula.ToJson());
            Agreement.Near(value, read.Substitute((Nodes(read).Single(node => node is { Op: Op.Variable, Operands: [] }), at)));
            Assert.NotEmpty(formula.ToLatex());
        }
    }

    [Fact]
    public void The_series_along_a_curve_has_nested_derivatives_as_coefficients()
    {
        foreach (var f in (Func<Expr, Expr>[])[t => GammaP(1 + (t * t), 2 + Sin(t)), t => BetaInc(1 + t, 2 - t, Exp(-t) / 2), t => Erfcx(Sin(t)), t => ErfcInv(Exp(-t) / 2), t => Zeta(2 + t)])
        {
            var nested = Diff(Diff(Diff(f)))(0.3).Value;
            Assert.Equal(nested, Diff(f, 3)(0.3).Value, 1e-10 * (1 + Math.Abs(nested)));
        }
    }

    [Fact]
    public void Both_tails_of_the_incomplete_beta_function_add_up_to_1() => ForAll((a, b, x) =>
    {
        Near(1, BetaInc(a, b, x) + BetaInc(b, a, 1 - x), 1e-15);
        var step = Pow(x, a) * Pow(1 - x, b) / (a * Beta(a, b));
        Near(BetaInc(a, b, x) - step, BetaInc(a + 1, b, x), 1e-14);
        Near(0, Grad(t => BetaInc(t, b, x))(a) + Grad(t => BetaInc(b, t, 1 - x))(a), 1e-13);
    });

    [Fact]
    public void The_distribution_of_a_binomial_variable_is_a_sum() => ForAll((a, b, x) =>
    {
        var (n, k) = (2 + (int)Math.Round(3 * a.Value), 1 + (int)Math.Round(b.Value / 3));
        Expr sum = 0;
        for (var i = k; i <= n; i++)
        {
            sum += Binomial(n, i) * Pow(x, i) * Pow(1 - x, n - i);
        }

        Near(sum, BetaInc(k, n - k + 1, x), 2e-14);
    });

    [Fact]
    public void Derivatives_of_P_in_both_arguments_commute() => ForAll((a, x, _) =>
    {
        var across = Diff(t => Diff(s => GammaP(t, s))(x))(a);
        Near(across, Diff(s => Diff(t => GammaP(t, s))(a))(x), 1e-13);
        Near(Diff(t => GammaP(t, x))(a), -Diff(t => GammaQ(t, x))(a), 1e-15);
        // P(a + 1, x) = P(a, x) − xᵃe⁻ˣ/Γ(a + 1), differentiated in a.
        Near(Diff(t => GammaP(t, x) - (Pow(x, t) * Exp(-x) / Gamma(t + 1)))(a), Diff(t => GammaP(t + 1, x))(a), 1e-13);
    });

    [Fact]
    public void Inverses_are_inverses() => ForAll((_, _, x) =>
    {
        Near(x, Erf(ErfInv(x)), 1e-15);
        Near(x * 1e-9, Erf(ErfInv(x * 1e-9)), 1e-15);
        Near(x, Erfc(ErfcInv(x)), 4e-15);
        Near(Pow(x, 200), Erfc(ErfcInv(Pow(x, 200))), 1e-12);
        Near(1 / Diff(Erf)(ErfInv(x)).Value, Diff(ErfInv)(x), 1e-14);
        Near(1 / Diff(Erfc)(ErfcInv(x)).Value, Diff(ErfcInv)(x), 1e-14);
        Near(1, Diff(NormalQuantile)(Pow(x, 100)) * Diff(NormalCdf)(NormalQuantile(Pow(x, 100))), 1e-12);
    });

    [Fact]
    public void Bessel_functions_have_the_determinants_of_Wronski() => ForAll((order, x, _) =>
    {
        var n = (int)order.Value;
        Near(2 / (Math.PI * x), (BesselJ(n + 1, x) * BesselY(n, x)) - (BesselJ(n, x) * BesselY(n + 1, x)), 1e-13);
        var v = order.Value;
        Near(1 / x, (BesselI(v, x) * BesselK(v + 1, x)) + (BesselI(v + 1, x) * BesselK(v, x)), 1e-13);
        Near(BesselI(v, x), BesselIScaled(v, x) * Exp(x), 1e-13);
        Near(BesselK(v, x), BesselKScaled(v, x) * Exp(-x), 1e-13);
        Near(Sqrt(Math.PI / 2 / x), BesselKScaled(0.5, x), 1e-14);
    });

    [Fact]
    public void Functions_satisfy_their_equations() => ForAll((a, x, u) =>
    {
        Near(1 - (2 * x * Dawson(x)), Diff(Dawson)(x), 2e-14);
        Near(Exp(x * x) * Erfc(x), Erfcx(x), 2e-14);
        Near(ExpIntegralEi(-x), -ExpIntegralE1(x), 0);
        Near(Zeta(a + 1.5, x), Zeta(a + 1.5, x + 1) + Pow(x, -a - 1.5), 1e-13);
        Near((1 - Exp2(-a - 1.5)) * Zeta(a + 1.5), Exp2(-a - 1.5) * Zeta(a + 1.5, 0.5), 1e-14);
        Near(Binomial(a, u) + Binomial(a, u + 1), Binomial(a + 1, u + 1), 1e-13);
        Near(x * Factorial(x - 1), Factorial(x), 1e-14);
        Near(LogMultigamma(x + 2, 4), LogMultigamma(x + 2, 3) + LogGamma(x + 0.5) + (1.5 * Math.Log(Math.PI)), 1e-13);
    });

    [Fact]
    public void Binomial_coefficients_of_whole_numbers_are_exact()
    {
        for (var n = 0; n <= 56; n++)
        {
            BigInteger value = 1;
            for (var k = 0; k <= n; k++)
            {
                Assert.Equal((double)value, Binomial(n, k).Value);
                value = value * (n - k) / (k + 1);
            }

            Assert.Equal(0, Binomial(n, -1).Value);
            Assert.Equal(0, Binomial(n, n + 1).Value);
        }
    }

    [Fact]
    public void Binomial_coefficients_of_huge_numbers_do_not_overflow_on_the_way()
    {
        // n^½/Γ(3/2), and its derivative.
        Near(1.1283791670955126e150, Binomial(1e300, 0.5), 1e-13);
        Near(0.5 * 1.1283791670955126e-150, Grad(n => Binomial(n, 0.5))(1e300), 1e-13);
        Assert.Equal(double.PositiveInfinity, Binomial(1e300, 3).Value);
        Assert.Equal(0, Binomial(1e20, -10000.3).Value);
        Assert.Equal(0, Beta(1e20, 10000.3).Value);
    }

    [Fact]
    public void Shapes_broadcast()
    {
        var value = BetaInc(new double[,] { { 1 }, { 2 } }, 3, new[] { 0.1, 0.2, 0.3 });
        Assert.Equal(new Shape(2, 3), value.Shape);
        Assert.Equal(BetaInc(2, 3, 0.2).Value, value[1, 1].Value);
        Assert.Equal(new Shape(2, 1), Grad(a => Sum(BetaInc(a, 3, new[] { 0.1, 0.2, 0.3 })))(new double[,] { { 1 }, { 2 } }).Shape);
        Assert.Equal(new Shape(0), Zeta(Zeros(0)).Shape);
        Assert.Equal(new Shape(2, 2), LogMultigamma(Ones(2, 2) * 3, 2).Shape);
        Assert.Contains("BetaInc", Assert.Throws<ShapeException>(() => BetaInc(Ones(2), Ones(3), 0.5)).Message, StringComparison.Ordinal);
    }

    // Terms of both signs overflow.
    [Theory]
    [InlineData(0.3)]
    [InlineData(5)]
    [InlineData(60)]
    public void Derivatives_of_the_scaled_K_that_overflow_are_infinite(double order)
    {
        Assert.Equal(double.NegativeInfinity, Diff(x => BesselKScaled(order, x))(1e-250).Value);
        Assert.Equal(double.PositiveInfinity, Diff(Diff(x => BesselKScaled(order, x)))(1e-250).Value);
    }

    [Fact]
    public void Orders_and_dimensions_out_of_range_are_errors()
    {
        Assert.Contains("-100001", Assert.Throws<AutodiffException>(() => BesselJ(-100_001, 2)).Message, StringComparison.Ordinal);
        Assert.Contains("100001", Assert.Throws<AutodiffException>(() => BesselY(100_001, 2)).Message, StringComparison.Ordinal);
        Assert.Contains("-1", Assert.Throws<AutodiffException>(() => BesselI(-1, 2)).Message, StringComparison.Ordinal);
        Assert.Contains("NaN", Assert.Throws<AutodiffException>(() => BesselK(double.NaN, 2)).Message, StringComparison.Ordinal);
        Assert.Contains("-0.5", Assert.Throws<AutodiffException>(() => BesselIScaled(-0.5, 2)).Message, StringComparison.Ordinal);
        Assert.Contains("-2", Assert.Throws<AutodiffException>(() => BesselKScaled(-2, 2)).Message, StringComparison.Ordinal);
        Assert.Contains("0", Assert.Throws<AutodiffException>(() => LogMultigamma(2, 0)).Message, StringComparison.Ordinal);
        Assert.Contains("orders", Assert.Throws<ParseException>(() => Parse("betainc(1, 2, x, orders=[1, -1, 0])", Variable("x"))).Message, StringComparison.Ordinal);
        Assert.Contains("orders", Assert.Throws<ParseException>(() => Parse("binomial(1, x, orders=[1])", Variable("x"))).Message, StringComparison.Ordinal);
        Assert.Contains("order", Assert.Throws<ParseException>(() => Parse("zeta(x, 2, order=65)", Variable("x"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_family_is_named_in_the_vocabulary_of_files() =>
        Assert.All(typeof(FamilyPrimitive).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(FamilyPrimitive)) && !type.IsAbstract), type =>
            Assert.Contains(s_functions.Values, each => Nodes(each.F(Variable("x"))).Any(node => node.Primitive?.GetType() == type)));

    private static IEnumerable<Expr> Nodes(Expr root) => root.Nodes();

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Two numbers from 0.2 to 8, and one from 0.02 to 0.98.</summary>
    private static void ForAll(Action<Expr, Expr, Expr> law) => Prop.ForAll(
        (from a in Gen.Choose(200, 8000)
         from b in Gen.Choose(200, 8000)
         from x in Gen.Choose(20, 980)
         select (a / 1000.0, b / 1000.0, x / 1000.0)).ToArbitrary(),
        point => law(point.Item1, point.Item2, point.Item3)).QuickCheckThrowOnFailure();

    private static void Near(Expr expected, Expr actual, double error) =>
        Assert.Equal(expected.Value, actual.Value, error * Math.Max(1, Math.Abs(expected.Value)));
}
