// Dual numbers and jets: every member of generic math has the primal of plain numbers and the derivatives of Expr, nested and over every kind of T.

using System.Numerics;
using System.Reflection;
using FsCheck.Xunit;

namespace Autodiff.PropertyTests.GenericMath;

public class ForwardNumberTests
{
    // Text shows the tangents too.
    private static readonly string[] s_texts = ["ToString", "TryFormat"];

    private static readonly (double X, double Y)[] s_points =
        [(0.31, 0.647), (1.73, 0.413), (-0.37, 2.237), (0.83, 0.617), (2.5, -1.5), (-4.25, 0.1), (0.5, 0.25), (-2.75, -0.6)];

    public static TheoryData<string> Numbers => [.. Calls<double>.Numbers.Keys];

    public static TheoryData<string> Answers => [.. Calls<double>.Answers.Keys.Except(s_texts)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void A_primal_is_that_of_plain_numbers_to_the_last_bit(string member)
    {
        foreach (var (x, y) in s_points.Concat([(0, 0), (-0.0, 1), (3, 3), (3, -3), (double.NaN, 1), (1, double.NaN), (double.PositiveInfinity, 2), (double.MaxValue, double.Epsilon)]))
        {
            var expected = Try(() => Calls<double>.Numbers[member](x, y));
            Same(expected, Try(() => Calls<Dual<double>>.Numbers[member](Dual<double>.Variable(x), y).Primal));
            Same(expected, Try(() => Calls<Jet<double>>.Numbers[member](Jet<double>.Variable(x, 0), Jet<double>.Variable(y, 1)).Primal));
            Same(expected, Try(() => Calls<Dual<Dual<double>>>.Numbers[member](new(Dual<double>.Variable(x), 1.0), Dual<double>.Variable(y)).Primal.Primal));
            var (a, b) = ((float)x, (float)y);
            var single = Try(() => Calls<float>.Numbers[member](a, b));
            Same(single, Try(() => Calls<Dual<float>>.Numbers[member](Dual<float>.Variable(a), b).Primal));
            Same(single, Try(() => Calls<Jet<float>>.Numbers[member](Jet<float>.Variable(a, 0), b).Primal));
        }

        void Same<T>(T expected, T actual) => Assert.True(Equals(expected, actual), $"{member} is {actual}, not {expected}");
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void An_answer_is_that_of_the_primal(string member)
    {
        foreach (var (x, y) in s_points)
        {
            var expected = Calls<double>.Answers[member](x, y);
            Assert.Equal(expected, Calls<Dual<double>>.Answers[member](Dual<double>.Variable(x), y));
            Assert.Equal(expected, Calls<Jet<double>>.Answers[member](Jet<double>.Variable(x, 0), Jet<double>.Variable(y, 1)));
        }
    }

    // The derivatives of Expr are those of the table of elementwise primitives, which other tests compare with finite differences and with mpmath.
    [Theory]
    [MemberData(nameof(Numbers))]
    public void Derivatives_of_two_orders_are_those_of_expressions(string member)
    {
        var gradient = AD.Grad(Calls<Expr>.Numbers[member]);
        foreach (var (x, y) in s_points)
        {
            if (!double.IsFinite(Try(() => Calls<double>.Numbers[member](x, y))))
            {
                continue;
            }

            var (byX, byY) = gradient(x, y);
            var (byXx, byXy) = AD.Grad((a, b) => gradient(a, b).Item1)(x, y);
            var (dual, other) = (Calls<Dual<double>>.Numbers[member](Dual<double>.Variable(x), y), Calls<Dual<double>>.Numbers[member](x, Dual<double>.Variable(y)));
            var jet = Calls<Jet<double>>.Numbers[member](Jet<double>.Variable(x, 0), Jet<double>.Variable(y, 1));
            var nested = Calls<Jet<Dual<double>>>.Numbers[member](Jet<Dual<double>>.Variable(Dual<double>.Variable(x), 0), Jet<Dual<double>>.Variable(y, 1));
            Near(byX.Value, dual.Tangent);
            Near(byY.Value, other.Tangent);
            Near(byX.Value, jet.Tangent(0));
            Near(byY.Value, jet.Tangent(1));
            Near(byX.Value, nested.Tangent(0).Primal);
            Near(byX.Value, nested.Primal.Tangent);
            Near(byXx.Value, nested.Tangent(0).Tangent);
            Near(byXy.Value, nested.Tangent(1).Tangent);
            void Near(double expected, double actual) => Assert.True(
                actual.Equals(expected) || Math.Abs(actual - expected) <= 1e-12 * Math.Max(1, Math.Abs(expected)),
                $"the derivative of {member} at ({x}, {y}) is {actual:R}, not {expected:R}");
        }
    }

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Over_expressions_the_parts_are_expressions(string member)
    {
        foreach (var (atX, atY) in s_points)
        {
            var expected = Calls<Dual<double>>.Numbers[member](Dual<double>.Variable(atX), atY);
            var dual = Calls<Dual<Expr>>.Numbers[member](Dual<Expr>.Variable(atX), (Expr)atY);
            var jet = Calls<Jet<Expr>>.Numbers[member](Jet<Expr>.Variable(atX, 0), (Expr)atY);
            Near(expected.Primal, dual.Primal.Value);
            Near(expected.Tangent, dual.Tangent.Value);
            Near(expected.Tangent, jet.Tangent(0).Value);
        }

        void Near(double expected, double actual) => Assert.True(
            actual.Equals(expected) || Math.Abs(actual - expected) <= 1e-13 * Math.Max(1, Math.Abs(expected)) || !double.IsFinite(expected), $"{member}: {actual:R}, not {expected:R}");
    }

    // A neighbour needs a value, and so do the comparisons that these calls make themselves; everything else runs on symbols, at any depth.
    [Theory]
    [MemberData(nameof(Numbers))]
    public void On_symbols_the_parts_are_formulas_that_hold_for_every_value(string member)
    {
        if (member is "BitIncrement" or "BitDecrement" or "MaxValue" or "MinValue" or "ReciprocalEstimate" or "ReciprocalSqrtEstimate" or "ExpM1")
        {
            return;
        }

        var (x, y) = (Expr.Variable("x"), Expr.Variable("y"));
        var dual = Calls<Dual<Expr>>.Numbers[member](Dual<Expr>.Variable(x), y);
        var nested = Calls<Dual<Dual<Expr>>>.Numbers[member](new(Dual<Expr>.Variable(x), (Expr)1), Dual<Expr>.Constant(y));
        foreach (var (atX, atY) in s_points)
        {
            var expected = Calls<Dual<Dual<double>>>.Numbers[member](new(Dual<double>.Variable(atX), 1.0), Dual<double>.Constant(atY));
            if (double.IsFinite(expected.Primal.Primal))
            {
                Near(expected.Primal.Primal, dual.Primal);
                Near(expected.Primal.Tangent, dual.Tangent);
                Near(expected.Tangent.Tangent, nested.Tangent.Tangent);
            }

            void Near(double value, Expr formula)
            {
                var actual = formula.Substitute((x, atX), (y, atY)).Value;
                Assert.True(actual.Equals(value) || Math.Abs(actual - value) <= 1e-12 * Math.Max(1, Math.Abs(value)), $"{member} at ({atX}, {atY}): {actual:R}, not {value:R}");
            }
        }
    }

    // Programs of random operations, in the order of a stack machine: third derivatives by nested Grad and by nested dual numbers, and gradients by jets.
    [Property]
    public void Random_programs_have_the_same_derivatives_by_every_nesting(byte[] program, sbyte atX, sbyte atY)
    {
        var (x, y) = (atX / 100.0, atY / 100.0);
        T Run<T>(T a, T b)
            where T : IFloatingPointIeee754<T> => RandomProgram(program, a, b);
        var (gradientX, gradientY) = AD.Grad(Run<Expr>)(x, y);
        var (dualX, dualY) = (Run<Dual<double>>(Dual<double>.Variable(x), y).Tangent, Run<Dual<double>>(x, Dual<double>.Variable(y)).Tangent);
        var jet = Run(Jet<double>.Variable(x, 0), Jet<double>.Variable(y, 1));
        Assert.Equal(Run(x, y), jet.Primal);
        Near(gradientX.Value, dualX);
        Near(gradientY.Value, dualY);
        Near(gradientX.Value, jet.Tangent(0));
        Near(gradientY.Value, jet.Tangent(1));

        Func<Expr, Expr> inX = a => Run(a, y);
        Near(AD.Grad(AD.Grad(inX))(x).Value, Forward.Diff(Forward.Diff<Dual<double>>(a => Run<Dual<Dual<double>>>(a, Dual<double>.Constant(y))))(x));
        Near(
            AD.Grad(AD.Grad(AD.Grad(inX)))(x).Value,
            Forward.Diff(Forward.Diff(Forward.Diff<Dual<Dual<double>>>(a => Run<Dual<Dual<Dual<double>>>>(a, Dual<Dual<double>>.Constant(y)))))(x));
        static void Near(double expected, double actual) => Assert.True(
            Math.Abs(actual - expected) <= 1e-9 * Math.Max(1, Math.Abs(expected)) || !double.IsFinite(expected), $"{actual:R}, not {expected:R}");
    }

    [Fact]
    public void A_base_counts_where_the_exponent_passes_0()
    {
        static T Power<T>(T x)
            where T : IFloatingPointIeee754<T> => T.Pow(T.CreateChecked(2) + T.Sin(x), x);

        // (log 2)² + 2 cos 0 / 2.
        Assert.Equal((Math.Log(2) * Math.Log(2)) + 1, Forward.Diff(Forward.Diff<Dual<double>>(Power<Dual<Dual<double>>>))(0), 1e-15);
        Assert.Equal((Math.Log(2) * Math.Log(2)) + 1, AD.Grad(AD.Grad(Power<Expr>))(0).Value, 1e-15);
        Assert.Equal(0, Forward.Diff<double>(a => Dual<double>.Pow(a, 0.0))(0));
    }

    [Property]
    public void A_jet_has_the_tangents_of_its_dual_numbers(byte[] program, double[] directions, sbyte atX, sbyte atY)
    {
        directions = [.. directions.Where(direction => Math.Abs(direction) < 1e6).Take(Jet<double>.Count)];
        var (x, y) = (atX / 100.0, atY / 100.0);
        var reversed = directions.Reverse().ToArray();
        var jet = RandomProgram(program, new Jet<double>(x, directions), new Jet<double>(y, reversed));
        var ofDuals = RandomProgram(
            program,
            new Jet<Dual<double>>(x, [.. directions.Select(Dual<double>.Constant)]),
            new Jet<Dual<double>>(y, [.. reversed.Select(Dual<double>.Constant)]));
        for (var i = 0; i < directions.Length; i++)
        {
            var dual = RandomProgram(program, new Dual<double>(x, directions[i]), new Dual<double>(y, reversed[i]));
            Assert.Equal(dual.Primal, jet.Primal);
            Assert.Equal(dual.Tangent, jet.Tangent(i), 1e-9 * (1 + Math.Abs(dual.Tangent)));
            Assert.Equal(jet.Tangent(i), ofDuals.Tangent(i).Primal, 1e-12 * (1 + Math.Abs(dual.Tangent)));
        }
    }

    private static T RandomProgram<T>(byte[] program, T x, T y)
        where T : IFloatingPointIeee754<T>
    {
        var (a, b, two) = (x, y, T.CreateChecked(2));
        foreach (var code in program)
        {
            var next = (code % 20) switch
            {
                0 => a + b,
                1 => a - b,
                2 => T.Sin(a) * b,
                3 => a / (T.One + (b * b)),
                4 => T.Exp(-(a * a)),
                5 => T.Sqrt(T.One + (a * a)),
                6 => T.Log(two + T.Cos(b)),
                7 => T.Tanh(a - b),
                8 => T.Atan(a),
                9 => T.Atan2(a, two + T.Abs(b)),
                10 => T.Hypot(T.One, a),
                11 => T.Max(a, b),
                12 => T.Min(a, b / two),
                13 => T.Pow(two + T.Sin(a), b),
                14 => T.Asinh(b),
                15 => T.Clamp(a, -T.One, T.One),
                16 => T.Cbrt(two + T.Cos(a)),
                17 => T.CopySign(a, b),
                18 => T.Asin(a / (two + T.Abs(a))),
                _ => T.Sinh(T.Tanh(a)) + (two * b),
            };
            (a, b) = (next, a);
        }

        return a + b;
    }

    [Fact]
    public void A_constant_stays_one_beside_an_infinite_slope()
    {
        // Each function has an infinite or undefined slope at the constant, and the result moves with x alone: with slope 1.
        (string Name, Func<Dual<double>, Dual<double>> F, double At)[] functions =
        [
            ("√", Dual<double>.Sqrt, 0), ("∛", Dual<double>.Cbrt, 0), ("root", x => Dual<double>.RootN(x, 5), 0), ("log", Dual<double>.Log, 0),
            ("log2", Dual<double>.Log2, 0), ("log10", Dual<double>.Log10, 0), ("logp1", Dual<double>.LogP1, -1), ("asin", Dual<double>.Asin, 1),
            ("acos", Dual<double>.Acos, -1), ("acosh", Dual<double>.Acosh, 1), ("atanh", Dual<double>.Atanh, 1), ("pow", x => Dual<double>.Pow(x, 0.5), 0),
            ("pow", x => Dual<double>.Pow(-2, x), 3), ("atan2", x => Dual<double>.Atan2(x, 0.0), 0), ("hypot", x => Dual<double>.Hypot(x, 0.0), 0),
            ("exp", Dual<double>.Exp, double.PositiveInfinity), ("sin", Dual<double>.Sin, double.PositiveInfinity),
        ];
        Assert.All(functions, row => Assert.Equal(1, Forward.Diff(x => x + row.F(row.At))(0.5)));
        Assert.Equal((0.25, 1), Forward.Grad((x, y) => Jet<double>.Sqrt(x) + y)(4, 0));
        Assert.Equal((double.PositiveInfinity, 1), Forward.Grad((x, y) => Jet<double>.Sqrt(x) + y)(0, 0));
        Assert.Equal((5, double.PositiveInfinity), Forward.Grad((x, y) => x * y)(double.PositiveInfinity, 5));
        Assert.Equal(3, Forward.Diff(x => 3 * x)(double.PositiveInfinity));
        Assert.Equal(12, Forward.Diff(x => Dual<double>.Pow(x, 2))(6));
        Assert.Equal(-6, Forward.Diff(x => Dual<double>.Pow(x, 2))(-3));
        Assert.Equal(0, Forward.Diff(x => Dual<double>.Cbrt(x * x * x))(0)); // as its summary says
    }

    [Fact]
    public void Kinks_and_ties_have_the_slopes_of_expressions()
    {
        Slope(0, Dual<double>.Abs, 0);
        Slope(-1, Dual<double>.Abs, -0.5);
        Slope(double.NaN, Dual<double>.Abs, double.NaN);
        Slope(0.5, x => Dual<double>.Max(x, 0.0), 0);
        Slope(0.5, x => Dual<double>.Min(0.0, x), 0);
        Slope(1, x => Dual<double>.Max(x, x), 3);
        Slope(1.5, x => Dual<double>.Max(x, 2 * x), 0);
        Slope(1, x => Dual<double>.Max(x, 1.0), double.NaN);
        Slope(1, x => Dual<double>.Min(1.0, x), double.NaN);
        Slope(1, x => Dual<double>.Clamp(x, 0.0, 1.0), 0);
        Slope(1, x => Dual<double>.Clamp(x, 0.0, 1.0), 1);
        Slope(0, x => Dual<double>.Clamp(x, 0.0, 1.0), 1.5);
        Slope(1, x => Dual<double>.Clamp(0.0, x, 2.0), 0.5);
        Slope(1, x => Dual<double>.Clamp(0.0, 2.0, x), 1);
        Slope(0, x => Dual<double>.Hypot(x, 0.0), 0);
        Slope(-1, x => Dual<double>.Hypot(x, 1.0), double.NegativeInfinity);
        Slope(double.PositiveInfinity, Dual<double>.Sqrt, 0);
        Slope(double.NegativeInfinity, x => Dual<double>.Sqrt(-x), 0);
        Slope(double.NegativeInfinity, x => Dual<double>.Log(-x), 0);
        Slope(double.PositiveInfinity, Dual<double>.Cbrt, 0);
        Slope(double.PositiveInfinity, x => Dual<double>.RootN(x, 5), -0.0);
        Slope(0, x => Dual<double>.Pow(x, 0.0), 0);
        Slope(0, x => Dual<double>.Pow(0.0, x), 0);
        Slope(0, x => Dual<double>.Pow(x, x), 0);
        Slope(double.NegativeInfinity, x => Dual<double>.Pow(-x, 0.5), 0);
        Slope(double.PositiveInfinity, Dual<double>.Asin, 1);
        Slope(double.NegativeInfinity, x => 1 / x, 0);
        Slope(0, Dual<double>.Atan, double.PositiveInfinity);
        Slope(0, Dual<double>.Tanh, double.NegativeInfinity);
        Slope(-3, x => x % 2.0 * 1.0 + (7.5 % x) - x, 2.25);
        static void Slope(double expected, Func<Dual<double>, Dual<double>> f, double x) => Assert.Equal(expected, Forward.Diff(f)(x));
    }

    [Fact]
    public void Second_derivatives_are_right_at_kinks_tails_and_infinities()
    {
        Second(0, Dual<Dual<double>>.Abs, 0);
        Second(double.NegativeInfinity, Dual<Dual<double>>.Sqrt, 0);
        Second(double.NegativeInfinity, Dual<Dual<double>>.Log, 0);
        Second(0, Dual<Dual<double>>.Tanh, 0);
        Second(0, Dual<Dual<double>>.Tanh, double.PositiveInfinity);
        Second(0, Dual<Dual<double>>.Tanh, double.NegativeInfinity);
        Second(0, Dual<Dual<double>>.Atan, double.PositiveInfinity);
        Second(0, Dual<Dual<double>>.Asinh, double.NegativeInfinity);
        Second(1, x => Dual<Dual<double>>.Hypot(x, Dual<double>.Constant(1)), 0);
        Second(0, x => Dual<Dual<double>>.Hypot(x, Dual<double>.Constant(1)), double.PositiveInfinity);
        Second(2, x => Dual<Dual<double>>.Pow(x, Dual<double>.Constant(2)), 0);
        Second(0, x => Dual<Dual<double>>.Pow(x, Dual<double>.Constant(1)), 0);
        Assert.Equal(-2, Forward.Diff(Forward.Diff(Forward.Diff<Dual<Dual<double>>>(Dual<Dual<Dual<double>>>.Tanh)))(0));

        // tanh″ = −8e^−2x but for e^−4x.
        Assert.Equal(1, Forward.Diff(Forward.Diff<Dual<double>>(Dual<Dual<double>>.Tanh))(40) / (-8 * Math.Exp(-80)), 1e-14);
        static void Second(double expected, Func<Dual<Dual<double>>, Dual<Dual<double>>> f, double x) =>
            Assert.Equal(expected, Forward.Diff(Forward.Diff(f))(x));
    }

    [Fact]
    public void Tails_keep_their_digits()
    {
        Assert.Equal(1, Forward.Diff(Dual<double>.Tanh)(350) / (4 * Math.Exp(-700)), 1e-13);
        Assert.Equal(1, Forward.Diff(Dual<double>.Asinh)(1e200) * 1e200, 1e-15);
        Assert.Equal(1, Forward.Diff(Dual<double>.Atan)(1e150) * 1e300, 1e-15);
        Assert.Equal(1, Forward.Diff(x => Dual<double>.Hypot(x, 1e300))(1e300) * Math.Sqrt(2), 1e-15);
    }

    [Fact]
    public void Operators_with_plain_numbers_are_those_with_constants()
    {
        var (x, c) = (new Dual<double>(3, 2), Dual<double>.Constant(5));
        (Dual<double> Plain, Dual<double> Constant)[] duals = [(x + 5.0, x + c), (5.0 + x, c + x), (x - 5.0, x - c), (5.0 - x, c - x), (x * 5.0, x * c), (5.0 * x, c * x), (x / 5.0, x / c), (5.0 / x, c / x)];
        Assert.All(duals, pair => Assert.Equal(pair.Constant, pair.Plain));
        var (y, d) = (new Jet<double>(3, 2, 7), Jet<double>.Constant(5));
        (Jet<double> Plain, Jet<double> Constant)[] jets = [(y + 5.0, y + d), (5.0 + y, d + y), (y - 5.0, y - d), (5.0 - y, d - y), (y * 5.0, y * d), (5.0 * y, d * y), (y / 5.0, y / d), (5.0 / y, d / y)];
        Assert.All(jets, pair => Assert.Equal(pair.Constant, pair.Plain));
        Assert.Equal(new Dual<Dual<double>>(new(6, 2), new(2, 0)), 2.0 * new Dual<Dual<double>>(new(3, 1), new(1, 0)));
    }

    [Fact]
    public void A_function_with_a_known_derivative_is_chained()
    {
        static Dual<double> Sigmoid(Dual<double> x) => Expr.Sigmoid(x.Primal).Value is var y ? x.Chain(y, y * (1 - y)) : default;
        Assert.Equal(AD.Diff(x => Expr.Sigmoid(3 * x))(0.2).Value, Forward.Diff(x => Sigmoid(3 * x))(0.2), 1e-15);
        Assert.Equal(new Jet<double>(7, 6, 8), new Jet<double>(1, 3, 4).Chain(7, 2));
    }

    [Fact]
    public void Equality_is_of_all_parts_and_comparison_of_primals()
    {
        var (a, b) = (new Dual<double>(1, 2), new Dual<double>(1, 3));
        Assert.True(a == b && !(a != b) && a <= b && a >= b && !(a < b) && !(a > b) && a.CompareTo(b) == 0);
        Assert.False(a.Equals(b) || a.Equals((object)b) || a.Equals(null));
        Assert.True(a.Equals(new Dual<double>(1, 2)) && a.GetHashCode() == new Dual<double>(1, 2).GetHashCode());
        var (c, d) = (new Jet<double>(1, 2, 0), new Jet<double>(1, 2));
        Assert.True(c == d && c.Equals(d) && c.GetHashCode() == d.GetHashCode() && c.Equals((object)d) && !(c < d));
        Assert.False(c.Equals(new Jet<double>(1, 2, 1)));
        Assert.Contains("not a dual number", Assert.Throws<AutodiffException>(() => a.CompareTo("1")).Message, StringComparison.Ordinal);
        Assert.Contains("not a jet", Assert.Throws<AutodiffException>(() => c.CompareTo((object)1.0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_is_written_with_its_tangents()
    {
        Assert.Equal("2 + 3ε", new Dual<double>(2, 3).ToString());
        Assert.Equal("2 - 3ε", new Dual<double>(2, -3).ToString());
        Assert.Equal("2.00 + 3.00ε", new Dual<double>(2, 3).ToString("F2", null));
        Assert.Equal("(1 + 2ε) + (3 - 4ε)ε", new Dual<Dual<double>>(new(1, 2), new(3, -4)).ToString());
        Assert.Equal("5 + [0.6, 0.8]ε", Jet<double>.Hypot(Jet<double>.Variable(3, 0), Jet<double>.Variable(4, 1)).ToString());
        Assert.Equal("5", Jet<double>.Constant(5).ToString());
        var x = Expr.Variable("x");
        Assert.Equal("sin(x) + cos(x)ε", Dual<Expr>.Sin(Dual<Expr>.Variable(x)).ToString());
        Assert.Equal("abs(x)", Dual<Expr>.Abs(Dual<Expr>.Variable(x)).Primal.ToString());
        Assert.Equal("exp(x)", Dual<Expr>.Exp(Dual<Expr>.Variable(x)).Tangent.ToString());
        var room = new char[6];
        Assert.True(((ISpanFormattable)new Dual<double>(2, 3)).TryFormat(room, out var length, "", null) && length == 6);
        Assert.False(((ISpanFormattable)new Dual<double>(2, 33)).TryFormat(room, out length, "", null) || length > 0);
        Assert.True(((ISpanFormattable)Jet<double>.Constant(5)).TryFormat(room, out length, "F1", null) && length == 3);
    }

    [Fact]
    public void A_jet_has_the_tangents_that_it_was_given_and_zeros()
    {
        var jet = new Jet<Half>((Half)1, (Half)2, (Half)3);
        Assert.Equal([(Half)2, (Half)3, .. new Half[14]], jet.Tangents);
        Assert.Equal((Half)0, jet.Tangent(15));
        var room = new Half[] { (Half)9, (Half)9, (Half)9 };
        jet.CopyTangentsTo(room);
        Assert.Equal([(Half)2, (Half)3, (Half)0], room);
        Assert.Equal(0, ((Jet<Expr>)Expr.Variable("x")).Tangent(3).Value);
        var product = Jet<Expr>.Variable(2, 0) * Jet<Expr>.Variable(3, 1);
        Assert.Equal([3, 2, 0], product.Tangents[..3].Select(tangent => tangent.Value));
    }

    [Fact]
    public void Numbers_convert_as_constants_and_refuse_tangents_that_they_cannot_keep()
    {
        Assert.Equal(new Dual<double>(3, 0), Make<Dual<double>, int>(3));
        Assert.Equal(new Dual<double>(3, 2), Make<Dual<double>, Dual<double>>(new(3, 2)));
        Assert.Equal(new Dual<Dual<double>>(new(3, 2), default), Make<Dual<Dual<double>>, Dual<double>>(new(3, 2)));
        Assert.Equal(2.5, Make<double, Dual<double>>(new(2.5, 1)));
        Assert.Equal(3, Make<int, Jet<float>>(new(3, 1)));
        var message = Assert.Throws<AutodiffException>(() => Make<Dual<float>, Dual<double>>(new(3, 2))).Message;
        Assert.Equal("Conversion: a Dual<Double> has tangents, which Dual<Single> cannot take over; convert its Primal to make a constant.", message);
        Assert.Throws<AutodiffException>(() => Make<Jet<double>, Dual<double>>(new(3, 2)));
        static TTo Make<TTo, TFrom>(TFrom value)
            where TTo : INumberBase<TTo>
            where TFrom : INumberBase<TFrom> => TTo.CreateChecked(value);
    }

    [Fact]
    public void Errors_say_what_would_work()
    {
        Says("17 tangents are given, and a jet has 16;", () => Made(new double[17]));
        Says("Jet.Variable: there is no tangent 16", () => Jet<double>.Variable(1, 16));
        Says("Jet.Variable: there is no tangent -1", () => Jet<double>.Variable(1, -1));
        Says("Jet.Tangent: there is no tangent 16", () => Jet<double>.Constant(1).Tangent(16));
        Says("Jet.Tangent: there is no tangent -1", () => Jet<double>.Constant(1).Tangent(-1));
        Says("room for 17", () => Jet<double>.Constant(1).CopyTangentsTo(new double[17]));
        Assert.Contains("Jet: the array of tangents is null", Assert.Throws<AutodiffException>(() => Made(null!)).Message, StringComparison.Ordinal);
        static Jet<double> Made(double[] tangents) => new(1, tangents);
        static void Says(string part, Action act) => Assert.Contains(part, Assert.Throws<ShapeException>(act).Message, StringComparison.Ordinal);
        static void Check(Func<object> act) => act();
        Assert.Throws<NotConcreteException>(() => Check(() => Dual<Expr>.Variable(Expr.Variable("x")) < (Expr)1));
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        byte[] program = [.. Enumerable.Range(0, 20).Select(code => (byte)code)];
        long Allocated<T>(T x)
            where T : IFloatingPointIeee754<T>
        {
            RandomProgram(program, x, x);
            var before = GC.GetAllocatedBytesForCurrentThread();
            RandomProgram(program, x, x);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, Allocated(Dual<double>.Variable(0.5)));
        Assert.Equal(0, Allocated(Dual<float>.Variable(0.5f)));
        Assert.Equal(0, Allocated(Dual<Dual<double>>.Variable(0.5)));
        Assert.Equal(0, Allocated(Jet<double>.Variable(0.5, 0)));
        Assert.Equal(0, Allocated(Jet<Dual<double>>.Variable(0.5, 0)));
    }

    [Fact]
    public void Every_interface_of_double_s_mathematics_is_there()
    {
        var faces = typeof(double).GetInterfaces().Where(face => face.Namespace == "System.Numerics").Select(face => face.Name).Except(typeof(IBinaryFloatingPointIeee754<>).GetInterfaces().Select(face => face.Name).Except(typeof(IFloatingPointIeee754<>).GetInterfaces().Select(face => face.Name))).Except(["IBinaryFloatingPointIeee754`1"]);
        Assert.Equal([], faces.Except(typeof(Dual<double>).GetInterfaces().Select(face => face.Name)));
        Assert.Equal([], faces.Except(typeof(Jet<double>).GetInterfaces().Select(face => face.Name)));
        Assert.Equal(
            typeof(Dual<>).GetMethods(BindingFlags.Public | BindingFlags.Static).Select(method => method.Name).Order().Distinct(),
            typeof(Jet<>).GetMethods(BindingFlags.Public | BindingFlags.Static).Select(method => method.Name).Order().Distinct());
    }

    /// <summary>The value; NaN if plain numbers throw instead, as Round and Clamp do on bad bounds.</summary>
    private static T Try<T>(Func<T> f)
        where T : IFloatingPointIeee754<T>
    {
        try
        {
            return f();
        }
        catch (Exception exception) when (exception is OverflowException or ArgumentException)
        {
            return T.NaN;
        }
    }
}
