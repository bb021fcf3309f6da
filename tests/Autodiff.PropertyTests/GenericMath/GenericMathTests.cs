// Generic functions on expressions: every member of the interfaces against double's own, and derivatives of whole programs.

using System.Numerics;
using System.Reflection;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.GenericMath;

public class GenericMathTests
{
    private static readonly (double X, double Y)[] Points = [(0.3, 0.6), (-0.7, 2), (2.5, -1.5), (3, 3), (-4.25, 0.1), (0.5, 0.5)];

    public static TheoryData<string> Numbers => [.. Calls<double>.Numbers.Keys];

    public static TheoryData<string> Answers => [.. Calls<double>.Answers.Keys];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_number_is_that_of_double(string member)
    {
        foreach (var (x, y) in Points)
        {
            var expected = Calls<double>.Numbers[member](x, y);
            var actual = Calls<Expr>.Numbers[member](Variable("x", x), Variable("y", y)).Value;
            Assert.True(
                actual.Equals(expected) || Math.Abs(actual - expected) <= 4e-15 * Math.Max(1, Math.Abs(expected)),
                $"{member}({x}, {y}) is {actual:R}, not {expected:R}");
        }
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void An_answer_is_that_of_double(string member)
    {
        foreach (var (x, y) in Points)
        {
            Assert.Equal(Calls<double>.Answers[member](x, y), Calls<Expr>.Answers[member](Variable("x", x), Variable("y", y)));
        }
    }

    // The reference is the central difference of double's own member, whose error is about h² + ε/h.
    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_number_s_derivative_is_the_slope_of_double_s(string member)
    {
        const double H = 1e-5;
        var f = Calls<double>.Numbers[member];
        foreach (var (x, y) in new[] { (0.31, 0.647), (1.73, 0.413), (-0.37, 2.237), (0.83, 0.617) })
        {
            var (byX, byY) = Grad(Calls<Expr>.Numbers[member])(x, y);
            Slope(byX.Value, f(x - H, y), f(x + H, y));
            Slope(byY.Value, f(x, y - H), f(x, y + H));
            void Slope(double actual, double before, double after)
            {
                var expected = (after - before) / (2 * H);
                Assert.True(
                    !double.IsFinite(expected) || Math.Abs(actual - expected) <= 2e-8 * Math.Max(1, Math.Max(Math.Abs(expected), Math.Abs(after))),
                    $"the derivative of {member} at ({x}, {y}) is {actual:R}, not {expected:R}");
            }
        }
    }

    [Fact]
    public void Every_member_of_the_interfaces_is_called()
    {
        var called = Calls<double>.Numbers.Keys.Concat(Calls<double>.Answers.Keys).ToHashSet();
        var members = typeof(double).GetInterfaces().Where(face => typeof(Expr).GetInterfaces().Any(own => own.Name == face.Name))
            .SelectMany(face => face.GetMethods(BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public))
            .Select(method => method.Name.Replace("get_", "", StringComparison.Ordinal).Replace("TryWrite", "Write", StringComparison.Ordinal))
            .Where(name => name != "Equals")
            .Distinct();
        Assert.Equal([], members.Except(called));
    }

    [Fact]
    public void A_generic_polynomial_runs_on_both_and_is_differentiated()
    {
        Assert.Equal(Horner(2.5), Horner<Expr>(2.5).Value);
        Assert.Equal((9 * 2.5 * 2.5) - (2 * 2.5) + 5, Grad(Horner<Expr>)(2.5).Value);
        Assert.Equal((18 * 2.5) - 2, Grad(Grad(Horner<Expr>))(2.5).Value);
    }

    // Delta = Φ(d₁) and vega = S φ(d₁) √τ (Black and Scholes 1973), at S = 100, K = 95, σ = 0.2, r = 0.03, τ = 0.75.
    [Fact]
    public void A_generic_option_price_has_the_closed_form_s_delta_and_vega()
    {
        var (delta, vega) = Grad((spot, sigma) => Price(spot, 95, sigma, 0.03, 0.75))(100, 0.2);
        Assert.Equal(Price(100.0, 95, 0.2, 0.03, 0.75), Price<Expr>(100, 95, 0.2, 0.03, 0.75).Value, 1e-12);

        var d1 = (Math.Log(100.0 / 95) + ((0.03 + 0.02) * 0.75)) / (0.2 * Math.Sqrt(0.75));
        Assert.Equal((double)Erfc(-d1 / Math.Sqrt(2)) / 2, delta.Value, 1e-14);
        Assert.Equal(100 * Math.Exp(-d1 * d1 / 2) / Math.Sqrt(Math.Tau) * Math.Sqrt(0.75), vega.Value, 1e-12);
    }

    [Fact]
    public void A_generic_loop_with_a_stopping_rule_is_differentiated()
    {
        // Newton's method for √a; d√a/da = 1/(2√a), d²√a/da² = −1/(4 a√a).
        Assert.Equal(Math.Sqrt(7), Newton(7.0), 1e-15);
        Assert.Equal(1 / (2 * Math.Sqrt(7)), Grad(Newton<Expr>)(7).Value, 1e-15);
        Assert.Equal(-1 / (28 * Math.Sqrt(7)), Grad(Grad(Newton<Expr>))(7).Value, 1e-14);
    }

    [Fact]
    public void Masks_choose_where_a_comparison_is_to_give_an_expression()
    {
        static T Step<T>(T x)
            where T : INumberBase<T>, IComparisonOperators<T, T, T> => (x > T.Zero) * x * x;
        Assert.Equal([0, 4, 0], Grad(x => Sum(Step(x)))(new double[] { -1, 2, 0 }).ToArray());
        static T Same<T>(T x, T y)
            where T : IEqualityOperators<T, T, T> => x == y;
        static T Other<T>(T x, T y)
            where T : IEqualityOperators<T, T, T> => x != y;
        Assert.Equal([0, 1], Same<Expr>(new double[] { 1, 2 }, 2).ToArray());
        Assert.Equal([1, 0], Other<Expr>(new double[] { 1, 2 }, 2).ToArray());
    }

    [Fact]
    public void Functions_of_half_turns_are_exact_at_quarter_turns_and_keep_their_precision_between()
    {
        foreach (var quarter in Enumerable.Range(-9, 19))
        {
            var turns = Variable("x", quarter / 2.0);
            Assert.Equal(Math.Round(Math.Sin(quarter * Math.PI / 2)), Calls<Expr>.Numbers["SinPi"](turns, 0).Value);
            Assert.Equal(Math.Round(Math.Cos(quarter * Math.PI / 2)), Calls<Expr>.Numbers["CosPi"](turns, 0).Value);
        }

        foreach (var x in new[] { 1e-9, 0.5 - 1e-9, 0.5 + 1e-9, 1 - 1e-9, 1e6 + 0.499999, -3.000001, 0.25, 0.75 })
        {
            Relative(double.SinPi(x), Calls<Expr>.Numbers["SinPi"](x, 0).Value);
            Relative(double.CosPi(x), Calls<Expr>.Numbers["CosPi"](x, 0).Value);
            Relative(Math.PI * double.CosPi(x), Grad(t => Calls<Expr>.Numbers["SinPi"](t, 0))(x).Value);
            Relative(-Math.PI * Math.PI * double.CosPi(x), Diff(t => Calls<Expr>.Numbers["CosPi"](t, 0), 2)(x).Value);
        }

        static void Relative(double expected, double actual) => Assert.Equal(1, actual / expected, 2e-15);
    }

    [Fact]
    public void The_neighbour_of_an_infinity_is_the_largest_number()
    {
        Assert.Equal(double.MaxValue, Calls<Expr>.Numbers["BitDecrement"](double.PositiveInfinity, 0).Value);
        Assert.Equal(double.MinValue, Calls<Expr>.Numbers["BitIncrement"](double.NegativeInfinity, 0).Value);
    }

    [Fact]
    public void Differences_from_one_keep_their_precision()
    {
        // 2ˣ − 1 = x log 2 + (x log 2)²/2 + …, log₁₀(1 + x) = (x − x²/2 + …)/log 10.
        const double X = 1e-10;
        Assert.Equal(1, Calls<Expr>.Numbers["Exp2M1"](X, 0).Value / (X * Math.Log(2) * (1 + (X * Math.Log(2) / 2))), 1e-15);
        Assert.Equal(1, Calls<Expr>.Numbers["Exp10M1"](X, 0).Value / (X * Math.Log(10) * (1 + (X * Math.Log(10) / 2))), 1e-15);
        Assert.Equal(1, Calls<Expr>.Numbers["Log10P1"](X, 0).Value / (X * (1 - (X / 2)) / Math.Log(10)), 1e-15);
        Assert.Equal(1, Calls<Expr>.Numbers["Log2P1"](X, 0).Value / (X * (1 - (X / 2)) / Math.Log(2)), 1e-15);
    }

    [Fact]
    public void An_odd_root_is_real_left_of_zero_and_steep_at_zero()
    {
        Assert.Equal(-2, Root<Expr>(-32, 5).Value, 1e-15);
        Assert.Equal(1.0 / 80, Grad(x => Root(x, 5))(-32).Value, 1e-16);
        Assert.Equal(double.PositiveInfinity, Grad(x => Root(x, 5))(0).Value);
        Assert.True(double.IsNaN(Root<Expr>(-16, 4).Value));
        Assert.True(double.IsNaN(Root<Expr>(16, 0).Value));
        static T Root<T>(T x, int n)
            where T : IRootFunctions<T> => T.RootN(x, n);
    }

    [Fact]
    public void A_symbol_or_a_tensor_has_no_truth()
    {
        foreach (var (name, ask) in Calls<Expr>.Answers.Where(answer => answer.Key.StartsWith("Is", StringComparison.Ordinal) || answer.Key is "Sign" or "op_LessThan" or "op_Equality" or "CompareTo" or "ILogB"))
        {
            if (name is not ("IsCanonical" or "IsComplexNumber" or "IsImaginaryNumber"))
            {
                Assert.Throws<NotConcreteException>(() => ask(Variable("x"), 1));
                Assert.Throws<ShapeException>(() => ask(new double[] { 1, 2 }, 1));
            }
        }
    }

    [Fact]
    public void A_symbol_runs_through_generic_code_that_asks_nothing()
    {
        var x = Variable("x");
        Assert.Equal(Horner(2.5), Horner(x).Substitute((x, 2.5)).Value);
        Assert.Equal(double.SinPi(0.3), Calls<Expr>.Numbers["SinPi"](x, 0).Substitute((x, 0.3)).Value, 1e-15);
    }

    [Fact]
    public void Nodes_stay_equal_to_themselves_alone_outside_generic_code()
    {
        Expr a = new double[] { 1, 2 };
        Expr b = new double[] { 1, 2 };
        var same = a;
        Assert.True(a == same && a.Equals(same) && a.GetHashCode() == same.GetHashCode());
        Assert.False(a == b || a.Equals(b) || EqualityComparer<Expr>.Default.Equals(a, b));
    }

    [Fact]
    public void A_value_is_formatted_as_its_number_and_a_symbol_as_its_formula()
    {
        Expr x = 1.23456;
        var symbol = Variable("x");
        Assert.Equal("1.23", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{x:F2}"));
        Assert.Equal(x.ToString(), $"{x}");
        Assert.Equal(symbol.ToString(), $"{symbol:F2}");
    }

    [Property]
    public void A_generic_function_is_elementwise_on_a_tensor(double[] values)
    {
        values = [.. values.Where(value => Math.Abs(value) < 1e3)];
        Assert.Equal(values.Select(Horner), Horner<Expr>(values).ToArray());
    }

    private static T Horner<T>(T x)
        where T : INumberBase<T> => (((T.CreateChecked(3) * x - T.One) * x + T.CreateChecked(5)) * x) - T.CreateChecked(7);

    private static T Newton<T>(T a)
        where T : IFloatingPointIeee754<T>
    {
        var two = T.CreateChecked(2);
        var x = T.Max(a, T.One);
        for (var last = T.Zero; x != last && T.Abs(x - last) > x * T.CreateChecked(1e-12);)
        {
            (last, x) = (x, (x + (a / x)) / two);
        }

        return (x + (a / x)) / two;
    }

    /// <summary>A call by Black and Scholes.</summary>
    private static T Price<T>(T spot, T strike, T sigma, T rate, T time)
        where T : IFloatingPointIeee754<T>
    {
        var spread = sigma * T.Sqrt(time);
        var d1 = (T.Log(spot / strike) + ((rate + (sigma * sigma / T.CreateChecked(2))) * time)) / spread;
        return (spot * Normal(d1)) - (strike * T.Exp(-rate * time) * Normal(d1 - spread));
    }

    /// <summary>Φ(x) = ½ + φ(x)(x + x³/3 + x⁵/(3·5) + …), formula 26.2.11 of Abramowitz and Stegun.</summary>
    private static T Normal<T>(T x)
        where T : IFloatingPointIeee754<T>
    {
        var term = x;
        var sum = x;
        for (var k = T.One; T.Abs(term) > T.Abs(sum) * T.CreateChecked(1e-20); k++)
        {
            term *= x * x / (k + k + T.One);
            sum += term;
        }

        return (T.One / (T.One + T.One)) + (T.Exp(-x * x / T.CreateChecked(2)) / T.Sqrt(T.Tau) * sum);
    }
}
