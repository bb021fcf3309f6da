// Intervals contain the exact results: arithmetic against exact fractions, functions against double-doubles and against the library at points, programs
// and their derivatives against values at points of a box; and what is proved by them.

using System.Numerics;
using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.Expr;
using Interval = Autodiff.Functional.Interval;

namespace Autodiff.PropertyTests.FsCheckPackage;

public class IntervalTests
{
    private static readonly Gen<double> s_number = Gen.Frequency(
        (6, Gen.Choose(-4_000_000, 4_000_000).Select(number => number / 1e6)),
        (2, Gen.Choose(-20, 20).Select(number => number / 2.0)),
        (1, from digits in Gen.Choose(1, 1_000_000) from exponent in Gen.Choose(-300, 300) from sign in Gen.Elements(-1, 1) select sign * digits * Math.Pow(10, exponent)));

    private static readonly Gen<(Interval X, double At)> s_case =
        from a in s_number
        from b in Gen.Frequency((4, s_number), (2, Gen.Choose(0, 1000).Select(width => a + (width * 1e-4))), (1, Gen.Constant(a)))
        from place in Gen.Choose(0, 10)
        let x = Interval.Of(Math.Min(a, b), Math.Max(a, b))
        select (x, Math.Clamp(x.Low + (place / 10.0 * (x.High - x.Low)), x.Low, x.High));

    private static void Check<T>(Gen<T> cases, Action<T> law, int count = 2000) => Prop.ForAll(cases.ToArbitrary(), law).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(count));

    [Fact]
    public void Arithmetic_contains_exact_results() => Check(
        from a in s_case from b in s_case select (a, b),
        cases =>
        {
            var ((x, s), (y, t)) = cases;
            AssertContains(x + y, Fraction(s) + Fraction(t));
            AssertContains(x - y, Fraction(s) + Fraction(-t));
            AssertContains(x * y, Fraction(s) * Fraction(t));
            AssertContains(Interval.Square(x), Fraction(s) * Fraction(s));
            AssertContains(Interval.Pow(x, 3), Fraction(s) * Fraction(s) * Fraction(s));
            if (t != 0)
            {
                AssertContains(x / y, Fraction(s) / Fraction(t));
            }
        });

    [Fact]
    public void Exact_results_of_points_are_points()
    {
        Assert.Equal(Interval.Of(3, 3), Interval.Of(1, 1) + 2);
        Assert.Equal(Interval.Of(0.75, 0.75), (Interval)1.5 * 0.5);
        Assert.Equal(Interval.Of(0.25, 0.25), (Interval)1 / 4);
        Assert.Equal(Interval.Of(3, 3), Interval.Sqrt(9));
        Assert.True(((Interval)0.1 + 0.2).Width is > 0 and < 1e-16);
        Assert.True(((Interval)1 / 3).Width is > 0 and < 1e-16);
        Assert.Equal(Interval.One, Interval.Exp(0));
        Assert.Equal(Interval.Zero, Interval.Sin(0));
        Assert.Equal(Interval.Zero, Interval.Log(1));
    }

    public static TheoryData<string> Functions => [.. s_functions.Keys];

    // The double-double value, where the library has one, is exact for the purpose of these tests.
    private static readonly Dictionary<string, (Func<Interval, Interval> Of, Func<DoubleDouble, DoubleDouble> Exact)> s_functions = new()
    {
        ["Sqrt"] = (Interval.Sqrt, DoubleDouble.Sqrt),
        ["Cbrt"] = (Interval.Cbrt, DoubleDouble.Cbrt),
        ["Exp"] = (Interval.Exp, DoubleDouble.Exp),
        ["ExpM1"] = (Interval.ExpM1, DoubleDouble.ExpM1),
        ["Log"] = (Interval.Log, DoubleDouble.Log),
        ["LogP1"] = (Interval.LogP1, DoubleDouble.LogP1),
        ["Sin"] = (Interval.Sin, DoubleDouble.Sin),
        ["Cos"] = (Interval.Cos, DoubleDouble.Cos),
        ["Tan"] = (Interval.Tan, DoubleDouble.Tan),
        ["Asin"] = (Interval.Asin, DoubleDouble.Asin),
        ["Acos"] = (Interval.Acos, DoubleDouble.Acos),
        ["Atan"] = (Interval.Atan, DoubleDouble.Atan),
        ["Sinh"] = (Interval.Sinh, DoubleDouble.Sinh),
        ["Cosh"] = (Interval.Cosh, DoubleDouble.Cosh),
        ["Tanh"] = (Interval.Tanh, DoubleDouble.Tanh),
        ["Asinh"] = (Interval.Asinh, DoubleDouble.Asinh),
        ["Acosh"] = (Interval.Acosh, DoubleDouble.Acosh),
        ["Atanh"] = (Interval.Atanh, DoubleDouble.Atanh),
    };

    [Theory]
    [MemberData(nameof(Functions))]
    public void Functions_contain_values_of_double_doubles(string name) => Check(s_case, given =>
    {
        var (of, exact) = s_functions[name];
        var value = exact(given.At);
        if (DoubleDouble.IsFinite(value) && Math.Abs(given.At) < 1e15)
        {
            var y = of(given.X);
            Assert.True(y.Low <= value && value <= y.High, $"{name}({given.At:R}) is {value}, which is not in {y}, of {given.X}.");
        }
    });

    private static readonly Dictionary<string, (Func<Expr, Expr> Of, double Low, double High)> s_special = new()
    {
        ["Sigmoid"] = (Sigmoid, -800, 800),
        ["Softplus"] = (Softplus, -800, 800),
        ["Exp2"] = (Exp2, -20, 20),
        ["Log2"] = (Log2, 1e-9, 50),
        ["Log10"] = (Log10, 1e-9, 50),
        ["Erf"] = (Erf, -7, 7),
        ["Erfc"] = (Erfc, -7, 30),
        ["Gamma"] = (Gamma, -4.9, 20),
        ["LogGamma"] = (LogGamma, -4.9, 200),
        ["Digamma"] = (Digamma, -4.9, 200),
        ["Polygamma"] = (x => Polygamma(2, x), 0.01, 50),
        ["LambertW"] = (LambertW, -0.36, 100),
        ["Sinc"] = (Sinc, -30, 30),
        ["NormalCdf"] = (NormalCdf, -40, 40),
        ["LogNormalCdf"] = (LogNormalCdf, -40, 40),
        ["NormalQuantile"] = (NormalQuantile, 1e-9, 1 - 1e-9),
        ["BesselJ0"] = (BesselJ0, -50, 50),
        ["BesselJ1"] = (BesselJ1, -50, 50),
        ["BesselI0"] = (BesselI0, -50, 50),
        ["BesselI1"] = (BesselI1, -50, 50),
        ["GammaP"] = (x => GammaP(2.5, x), 0, 30),
        ["GammaQ in its parameter"] = (a => GammaQ(a, 3), 0.1, 30),
        ["LogBeta"] = (x => LogBeta(x, 2.5), 0.01, 100),
        ["Beta"] = (x => Beta(2.5, x), 0.01, 100),
        ["Pow"] = (x => Pow(x, 2.5), 0, 20),
        ["Pow in its exponent"] = (y => Pow(2.5, y), -20, 20),
        ["Square"] = (x => Pow(x, 2), -20, 20),
        ["Reciprocal cube"] = (x => Pow(x, -3), -20, 20),
        ["Atan2"] = (x => Atan2(x, x - 1), -20, 20),
        ["Hypot"] = (x => Hypot(x, x - 1), -20, 20),
        ["Xlogy"] = (x => Xlogy(x, x), 0, 20),
        ["Relu"] = (x => Relu(x - 1), -20, 20),
        ["Where"] = (x => Where(x > 1, Sin(x), 3 * x), -20, 20),
        ["Where of a negation"] = (x => Where(!(x <= 1), Sin(x), 3 * x), -20, 20),
        ["Clamp"] = (x => Clamp(x, -1, 2), -20, 20),
        ["Max"] = (x => Max(Sin(x), Cos(x)), -20, 20),
        ["Abs, Sign, Floor, Round"] = (x => Abs(x) * Sign(x - 1) + Floor(x) + Round(2 * x) + Ceiling(x), -20, 20),
        ["LogSumExp"] = (x => LogSumExp(Stack([x, 2 * x, 1])), -20, 20),
        ["Solve"] = (x => Sum(Solve(Stack([Stack([4 + (x / 20), 1]), Stack([1, 3 - (x / 20)])]), Stack([x, 1]))), -20, 20),
        ["Fold"] = (x => AD.Fold((s, item) => Sin(s + item), x, Stack([x, 1, 2])), -3, 3),
        ["Norm"] = (x => Norm(Stack([x, 2 * x, 1])), -20, 20),
    };

    public static TheoryData<string> Special => [.. s_special.Keys];

    [Fact]
    public void The_gamma_density_at_0_is_a_power()
    {
        var x = Variable("x");
        var zero = Interval.Of(0, 0);
        Assert.True(AD.Grad(v => GammaP(2.5, v))(x).Evaluate((x, zero)).Contains(0));
        Assert.True(AD.Grad(v => GammaP(1, v))(x).Evaluate((x, zero)).Contains(1));
        Assert.Equal(1, AD.Grad(v => GammaP(1, v))(x).Evaluate((x, (DoubleDouble)0)).Hi);
    }

    [Theory]
    [MemberData(nameof(Special))]
    public void Functions_and_their_derivatives_at_points_are_in_the_enclosure_over_a_box(string name)
    {
        var (of, low, high) = s_special[name];
        var x = Variable("x");
        Expr[] trees = name == "GammaQ in its parameter" ? [of(x)] : [of(x), AD.Diff(of)(x)];
        Check(
            from a in Gen.Choose(0, 100_000)
            from width in Gen.Elements(0, 1e-9, 1e-3, 0.1, 1)
            from place in Gen.Choose(0, 10)
            select (a, width, place),
            given =>
            {
                var start = low + ((high - low) * (given.a / 100_000.0));
                var box = Interval.Of(start, Math.Min(high, start + (given.width * (high - low))));
                var at = Math.Clamp(box.Low + (given.place / 10.0 * (box.High - box.Low)), box.Low, box.High);
                foreach (var tree in trees)
                {
                    var (value, enclosure) = (tree.Substitute((x, at)).Value, tree.Evaluate((x, box)));

                    // The double value has an error of its own.
                    var allowed = 2e-12 * Math.Max(1, Math.Abs(value));
                    Assert.True(
                        !double.IsFinite(value) || (enclosure.Low - allowed <= value && value <= enclosure.High + allowed),
                        $"{tree} at {at:R} is {value:R}, which is not in {enclosure}, over {box}.");
                }
            },
            400);
    }

    [Fact]
    public void Random_programs_and_their_derivatives_at_points_of_a_box_are_in_the_enclosure()
    {
        var options = new RandomProgramOptions { Loops = 0, Branches = 0, Batches = 0, Searches = 0, CustomRules = 0, Derivatives = 0, LinearAlgebra = 0, ScalarResult = true, LongestProgram = 6 };
        var (inside, total) = (0, 0);
        foreach (var (seed, program) in Enumerable.Range(0, 300).Select(seed => (seed, RandomPrograms.Generate((ulong)seed, options))).Where(each => HasIntervals(each.Item2)).Take(150))
        {
            var x = Variable("x", program.Input.Shape);
            var numbers = program.Input.ToArray();
            Interval[] box = [.. numbers.Select(number => Interval.Of(number - 0.01, number + 0.01))];
            var point = Constant([.. numbers.Select((number, i) => number + (i % 2 == 0 ? 0.007 : -0.004))], program.Input.Shape);
            foreach (var tree in new[] { program.Function(x), AD.Grad(program.Function)(x) })
            {
                var (values, enclosures) = (tree.Substitute((x, point)).ToArray(), tree.EvaluateElements((x, box)));
                for (var i = 0; i < values.Length; i++)
                {
                    var allowed = 1e-12 * Math.Max(1, Math.Abs(values[i]));
                    Assert.True(enclosures[i].Low - allowed <= values[i] && values[i] <= enclosures[i].High + allowed, $"{seed}: {values[i]:R} is not in {enclosures[i]}\n{program}");
                    (inside, total) = (inside + (enclosures[i].Width < 1 ? 1 : 0), total + 1);
                }
            }
        }

        // The enclosures say something.
        Assert.True(inside > 0.9 * total, $"{inside} of {total}");
    }

    // Intervals have no order of elements, and not the functions that are computed with doubles alone.
    private static bool HasIntervals(RandomProgram program)
    {
        try
        {
            var x = Variable("x", program.Input.Shape);
            Interval[] point = [.. program.Input.ToArray().Select(number => Interval.Of(number, number))];
            program.Function(x).EvaluateElements((x, point));
            AD.Grad(program.Function)(x).EvaluateElements((x, point));
            return true;
        }
        catch (AutodiffException error) when (error.Message.Contains("Interval numbers", StringComparison.Ordinal))
        {
            return false;
        }
    }

    [Fact]
    public void Sets()
    {
        var x = Interval.Of(1, 3);
        Assert.True(x.Contains(1) && x.Contains(3) && !x.Contains(3.1) && x.Contains(Interval.Of(2, 3)) && x.Contains(Interval.Empty) && !x.Contains(Interval.Of(0, 2)));
        Assert.Equal(Interval.Of(2, 3), x.Intersect(Interval.Of(2, 5)));
        Assert.True(x.Intersect(Interval.Of(4, 5)).IsEmpty);
        Assert.Equal(Interval.Of(1, 6), x.Hull(Interval.Of(5, 6)));
        Assert.Equal(x, x.Hull(Interval.Empty));
        Assert.Equal((Interval.Of(1, 2), Interval.Of(2, 3)), x.Bisect());
        Assert.Equal((2.0, 2.0), (x.Width, x.Midpoint));
        Assert.Equal((0.0, double.PositiveInfinity), (Interval.Entire.Midpoint, Interval.Entire.Width));
        Assert.Equal("[1, 3]", x.ToString());
        Assert.Equal("[]", Interval.Empty.ToString());
        Assert.Equal(x, Interval.Parse("[1, 3]", null));
        Assert.Equal(Interval.Empty, Interval.Parse("[]", null));
        Assert.True(x.CertainlyLess(4) && !x.CertainlyLess(3) && x.PossiblyLess(2) && !x.PossiblyLess(1) && x.CertainlyAtMost(3) && x.PossiblyAtMost(1));
        Assert.Contains("are not bounds", Assert.Throws<AutodiffException>(() => Interval.Of(2, 1)).Message);
        Assert.Throws<AutodiffException>(() => Interval.Of(double.NaN, 1));
    }

    [Fact]
    public void Divisors_with_0()
    {
        Assert.Equal(Interval.Of(0.5, double.PositiveInfinity), Interval.Of(1, 2) / Interval.Of(0, 2));
        Assert.Equal(Interval.Of(double.NegativeInfinity, -0.5), Interval.Of(1, 2) / Interval.Of(-2, 0));
        Assert.Equal(Interval.Of(double.NegativeInfinity, -0.5), Interval.Of(-2, -1) / Interval.Of(0, 2));
        Assert.Equal(Interval.Entire, Interval.Of(1, 2) / Interval.Of(-1, 2));
        Assert.Equal(Interval.Entire, Interval.Of(-1, 2) / Interval.Of(0, 2));
        Assert.True((Interval.Of(1, 2) / Interval.Zero).IsEmpty);
        Assert.Equal(Interval.Of(0, 1), Interval.Of(1, 1) / Interval.Of(1, double.PositiveInfinity));
    }

    [Fact]
    public void Powers_roots_and_waves_by_their_pieces()
    {
        Assert.Equal(Interval.Of(0, 9), Interval.Pow(Interval.Of(-3, 2), 2));
        Assert.Equal(Interval.Of(-27, 8), Interval.Pow(Interval.Of(-3, 2), 3));
        Assert.Equal(Interval.Of(0, 2), Interval.Sqrt(Interval.Of(-1, 4)));
        Assert.True(Interval.Sqrt(Interval.Of(-2, -1)).IsEmpty && Interval.Log(Interval.Of(-2, 0)).IsEmpty);
        Assert.Equal(1, Interval.Sin(Interval.Of(1, 2)).High);
        Assert.Equal(Interval.Of(-1, 1), Interval.Cos(Interval.Of(0, 7)));
        Assert.Equal(-1, Interval.Cos(Interval.Of(3, 3.2)).Low);
        Assert.Equal(Interval.Of(-1, 1), Interval.Sin(Interval.Of(1e17, 1.1e17)));
        Assert.True(Interval.Sin(1e10).Width < 1e-15);
        Assert.Equal(Interval.Entire, Interval.Tan(Interval.Of(1, 2)));
        Assert.Equal(Interval.Entire, Interval.Gamma(Interval.Of(-1.5, -0.5)));
        Assert.Equal(Interval.Of(0, 1), Interval.Less(Interval.Of(0, 2), Interval.Of(1, 3)));
        Assert.Equal((true, false, (bool?)null), (Interval.Decide(1), Interval.Decide(0), Interval.Decide(Interval.Of(0, 1))));
        Assert.Equal(Interval.Of(1, 5), Interval.Choose(Interval.Of(0, 1), Interval.Of(1, 2), Interval.Of(4, 5)));
    }

    [Fact]
    public void Bounds_are_close_and_contain_the_range()
    {
        AssertNear(Interval.Of(0, 0.25), Interval.Bound(x => x * (1 - x), Interval.Of(0, 1)), 1e-3);
        AssertNear(Interval.Of(-1, 1), Interval.Bound(Sin, Interval.Of(0, 10)), 1e-3);
        AssertNear(Interval.Of(0, 1), Interval.Bound(x => (x * x) - (x * x * x) + Pow(x, 3), Interval.Of(-1, 1)), 1e-3);
        AssertNear(Interval.Of(1, Math.E), Interval.BoundDerivative(Exp, Interval.Of(0, 1)), 1e-3);

        // The Rosenbrock function has its minimum, 0, at (1, 1).
        var bound = Interval.Bound(v => (100 * Pow(v[1] - Pow(v[0], 2), 2)) + Pow(1 - v[0], 2), [Interval.Of(-2, 2), Interval.Of(-2, 2)], 500);
        Assert.True(bound.Low is <= 0 and > -5 && bound.High is >= 3609 and < 3615, $"{bound}");
    }

    [Fact]
    public void The_excess_of_the_mean_value_form_is_quadratic_in_the_width()
    {
        double Excess(double width) => Interval.Bound(x => x * (3 - x), Interval.Of(1, 1 + width), 0).Width - (width - (width * width));
        foreach (var width in new[] { 0.1, 0.01, 0.001 })
        {
            Assert.InRange(Excess(width) / (width * width), 0, 3);
        }
    }

    [Fact]
    public void Monotone_functions_are_proved_to_be()
    {
        Assert.Equal(Monotonicity.Increasing, Interval.Monotonicity(x => x + (Sin(x) / 2), Interval.Of(-10, 10)));
        Assert.Equal(Monotonicity.Decreasing, Interval.Monotonicity(x => Exp(-x) / (1 + x), Interval.Of(0, 5)));
        Assert.Equal(Monotonicity.Neither, Interval.Monotonicity(Sin, Interval.Of(0, 3)));
        Assert.Equal(Monotonicity.Undecided, Interval.Monotonicity(x => x * x * x, Interval.Of(-1, 1)));
        Assert.Equal(Monotonicity.Undecided, Interval.Monotonicity(x => (x * x * x) - (x * x) + (0.35 * x), Interval.Of(-10, 10), 1));
    }

    [Fact]
    public void Roots_are_proved_to_be_the_only_ones()
    {
        var (count, root) = Interval.Root(x => Cos(x) - x, Interval.Of(0, 1));
        Assert.Equal(RootCount.One, count);
        Assert.True(root.Contains(0.7390851332151607) && root.Width < 1e-15, $"{root}");
        Assert.Equal(RootCount.None, Interval.Root(x => Exp(x) + x, Interval.Of(0, 3)).Count);
        Assert.Equal(RootCount.One, Interval.Root(x => (x * x) - 2, Interval.Of(0, 100)).Count);
        Assert.Equal(RootCount.One, Interval.Root(x => x, Interval.Of(-1, 1)).Count);
        Assert.Equal(RootCount.Several, Interval.Root(Sin, Interval.Of(1, 10)).Count);
        Assert.Equal(RootCount.Undecided, Interval.Root(x => x * x, Interval.Of(-1, 1)).Count);
        Assert.Equal(RootCount.Undecided, Interval.Root(Sin, Interval.Of(1, 10), 0).Count);
    }

    [Fact]
    public void Errors()
    {
        Assert.Contains("function is null", Assert.Throws<AutodiffException>(() => Interval.Bound((Func<Expr, Expr>)null!, Interval.One)).Message);
        Assert.Contains("finite bounds", Assert.Throws<AutodiffException>(() => Interval.Bound(Sin, Interval.Entire)).Message);
        Assert.Contains("-1", Assert.Throws<AutodiffException>(() => Interval.Root(Sin, Interval.One, -1)).Message);
        Assert.Contains("result is null", Assert.Throws<AutodiffException>(() => Interval.Monotonicity(_ => null!, Interval.One)).Message);
        Assert.Contains("returned null", Assert.Throws<AutodiffException>(() => Interval.Bound(_ => null!, Interval.One)).Message);
    }

    private static void AssertNear(Interval expected, Interval actual, double tolerance)
    {
        Assert.True(actual.Contains(expected), $"{actual} does not contain {expected}.");
        Assert.True(actual.Width <= expected.Width + (3 * tolerance * expected.Width), $"{actual} is wider than {expected}.");
    }

    private static void AssertContains(Interval x, Ratio exact) =>
        Assert.True(
            (double.IsInfinity(x.Low) || Fraction(x.Low).CompareTo(exact) <= 0) && (double.IsInfinity(x.High) || Fraction(x.High).CompareTo(exact) >= 0),
            $"{x} does not contain {exact}.");

    private static Ratio Fraction(double number)
    {
        var exponent = Math.Max(number == 0 ? 0 : Math.ILogB(number) - 52, -1074);
        var digits = new BigInteger(Math.ScaleB(Math.ScaleB(number, -exponent / 2), -(exponent - (exponent / 2))));
        return exponent >= 0 ? new(digits << exponent, 1) : new(digits, BigInteger.One << -exponent);
    }

    private readonly record struct Ratio(BigInteger Over, BigInteger Under)
    {
        public static Ratio operator +(Ratio a, Ratio b) => new((a.Over * b.Under) + (b.Over * a.Under), a.Under * b.Under);

        public static Ratio operator *(Ratio a, Ratio b) => new(a.Over * b.Over, a.Under * b.Under);

        public static Ratio operator /(Ratio a, Ratio b) => b.Over.Sign < 0 ? new(-a.Over * b.Under, -a.Under * b.Over) : new(a.Over * b.Under, a.Under * b.Over);

        public int CompareTo(Ratio other) => (Over * other.Under).CompareTo(other.Over * Under);
    }
}
