// Functions of registers against elementary.csv to two units in the last place, against the scalar kernels where values are
// special, and against themselves in registers of other widths.

using System.Globalization;
using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Numerics;
using Autodiff.PropertyTests.Evaluation;
using FsCheck;
using FsCheck.Fluent;

namespace Autodiff.PropertyTests.Numerics;

public class ElementaryTests
{
    private const double LargestError = 2;

    // Two units of a register's, and what the scalar kernels state for theirs.
    private const ulong LargestDistance = 7;

    private static readonly double[] Special =
    [
        0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, -double.Epsilon,
        2.2250738585072009e-308, -2.2250738585072009e-308, 2.2250738585072014e-308, double.MaxValue, double.MinValue,
        1, -1, 0.9999999999999999, 1.0000000000000002, 0.5, -0.5, 1.5, 2, -2, 3, -3, 8, 64, 65, -65, 1e-17, -1e-17, 1e-8, -1e-8,
        710, -745.2, -750, 1e10, -1e16, 4503599627370497, 9007199254740993, 1e22, 1e300, -1e300, 1e-300,
    ];

    private static readonly ILookup<string, string[]> Table = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Numerics", "elementary.csv"))
        .Skip(1)
        .Select(line => line.Split(','))
        .ToLookup(row => row[0]);

    public static TheoryData<Op> Tabulated => new(Table.Select(rows => Enum.Parse<Op>(rows.Key)));

    public static TheoryData<Op> Unary => new(Enum.GetValues<Op>().Where(op => op.IsUnary()));

    public static TheoryData<Op> Binary => new(Enum.GetValues<Op>().Where(op => op.IsBinary()));

    public static TheoryData<Op> Ternary => new(Enum.GetValues<Op>().Where(op => op.IsTernary()));

    public static TheoryData<Op> Elementwise => new(Enum.GetValues<Op>().Where(op => op.IsElementwise()));

    [Theory]
    [MemberData(nameof(Tabulated))]
    public void Values_are_within_two_units_in_the_last_place(Op op)
    {
        foreach (var row in Table[op.Name()])
        {
            var numbers = Array.ConvertAll(row[1..], text => double.Parse(text, CultureInfo.InvariantCulture));
            var (x, y, high, low) = (numbers[0], numbers[1], numbers[2], numbers[3]);
            var found = op.IsUnary() ? Apply(op, x) : Apply(op, x, y);
            var unit = Math.BitIncrement(Math.Abs(high)) - Math.Abs(high);
            Assert.True(Math.Abs(found - high - low) <= LargestError * unit, $"{op}({row[1]}, {row[2]}) is {found:R}, but the table has {row[3]}.");
        }
    }

    [Theory]
    [MemberData(nameof(Unary))]
    public void Special_values_are_those_of_scalars(Op op) =>
        Assert.All(Special, x => AssertAgree(op, Apply(op, x), ElementwiseTable.Value(op, x), $"{x:R}"));

    [Theory]
    [MemberData(nameof(Binary))]
    public void Special_values_of_two_operands_are_those_of_scalars(Op op) =>
        Assert.All(FirstOperands(op), a => Assert.All(Special, b => AssertAgree(op, Apply(op, a, b), ElementwiseTable.Value(op, a, b), $"{a:R}, {b:R}")));

    [Theory]
    [MemberData(nameof(Ternary))]
    public void Special_values_of_three_operands_are_those_of_scalars(Op op) =>
        Assert.All(FirstOperands(op), a => Assert.All(Special[..18], b => Assert.All(
            Special[..18],
            c => AssertAgree(op, Apply(op, a, b, c), ElementwiseTable.Value(op, a, b, c), $"{a:R}, {b:R}, {c:R}"))));

    [Theory]
    [MemberData(nameof(Unary))]
    public void Values_agree_with_scalars(Op op) =>
        ForAll(op, (x, _) => AssertAgree(op, Apply(op, x), ElementwiseTable.Value(op, x), $"{x:R}"));

    [Theory]
    [MemberData(nameof(Binary))]
    public void Values_of_two_operands_agree_with_scalars(Op op) =>
        ForAll(op, (a, b) => AssertAgree(op, Apply(op, a, b), ElementwiseTable.Value(op, a, b), $"{a:R}, {b:R}"));

    [Theory]
    [MemberData(nameof(Unary))]
    public void A_lane_depends_on_no_other(Op op)
    {
        double[] x = [3e40, 0.3, double.NaN, -0.3, double.PositiveInfinity, 1e-310, -40, 2];
        var found = ElementwiseTable.OfRegister(op, Lanes512.Load(in x[0]));
        Assert.All(Enumerable.Range(0, x.Length), i => Assert.Equal(0ul, Ulps.Between(ElementwiseTable.OfRegister(op, new Lanes1(x[i])).Value, found.Value[i])));
    }

    [Theory]
    [MemberData(nameof(Elementwise))]
    public void The_method_of_a_primitive_is_what_the_table_applies(Op op)
    {
        var method = ElementwiseTable.RegisterMethod(op);
        Assert.True(
            op.IsLanewise() == (method is null),
            $"{op} must either have a function of a register, a generic method of its name in {nameof(Elementary)} or {nameof(ElementwiseTable)}, or be in {nameof(OpSets)}.{nameof(OpSets.IsLanewise)}.");
        object[] operands = [new Lanes1(0.75), new Lanes1(-0.5), new Lanes1(0.25)];
        operands = operands[..(op.IsUnary() ? 1 : op.IsBinary() ? 2 : 3)];
        var applied = operands switch
        {
            [Lanes1 x] => ElementwiseTable.OfRegister(op, x),
            [Lanes1 a, Lanes1 b] => ElementwiseTable.OfRegister(op, a, b),
            [Lanes1 a, Lanes1 b, Lanes1 c] => ElementwiseTable.OfRegister(op, a, b, c),
            _ => throw new InvalidOperationException(),
        };
        Assert.Equal(applied, method is null ? applied : method.MakeGenericMethod(typeof(Lanes1)).Invoke(null, operands));
    }

    [Fact]
    public void Whole_powers_have_the_bits_of_scalars()
    {
        for (var n = -64; n <= 64; n++)
        {
            foreach (var x in Special)
            {
                var expected = ScalarFunctions.IntegerPower(x, n);
                var message = $"{x:R} to the power of {n}";
                AssertSame(expected, Elementary.IntegerPower(new Lanes1(x), n).Value, message);
                AssertSame(expected, Elementary.IntegerPower<Lanes512>(x, n).Value[7], message);
            }
        }
    }

    [Fact]
    public void Values_that_are_whole_are_exact()
    {
        for (var n = -300; n <= 300; n++)
        {
            Assert.Equal(Math.ScaleB(1, n), Apply(Op.Exp2, n));
            Assert.Equal(n, Apply(Op.Log2, Math.ScaleB(1, n)));
            Assert.Equal(n, Apply(Op.Cbrt, (double)n * n * n));
            Assert.Equal((double)n * n * n, Apply(Op.Pow, n, 3));
            Assert.Equal(Math.Abs(n), Apply(Op.Pow, (double)n * n, 0.5));
        }

        for (var n = 0; n <= 22; n++)
        {
            Assert.Equal(n, Apply(Op.Log10, Math.Pow(10, n)));
        }
    }

    [Fact]
    public void A_power_is_scaled_with_one_rounding()
    {
        var x = 1 + Math.BitIncrement(0.5);
        for (var n = -1100; n <= 1024; n++)
        {
            var expected = Math.ScaleB(x, n);
            AssertSame(expected, Lanes1.Scale(x, n).Value, $"2^{n}");
            AssertSame(expected, Lanes128.Scale(x, n).Value[1], $"2^{n}");
            AssertSame(expected, Lanes256.Scale(x, n).Value[1], $"2^{n}");
            AssertSame(expected, Lanes512.Scale(x, n).Value[1], $"2^{n}");
        }
    }

    private static double Apply(Op op, double x) =>
        SameInAllWidths($"{op}({x:R})", ElementwiseTable.OfRegister<Lanes512>(op, x), ElementwiseTable.OfRegister<Lanes256>(op, x), ElementwiseTable.OfRegister<Lanes128>(op, x), ElementwiseTable.OfRegister<Lanes1>(op, x));

    private static double Apply(Op op, double a, double b) =>
        SameInAllWidths($"{op}({a:R}, {b:R})", ElementwiseTable.OfRegister<Lanes512>(op, a, b), ElementwiseTable.OfRegister<Lanes256>(op, a, b), ElementwiseTable.OfRegister<Lanes128>(op, a, b), ElementwiseTable.OfRegister<Lanes1>(op, a, b));

    private static double Apply(Op op, double a, double b, double c) =>
        SameInAllWidths($"{op}({a:R}, {b:R}, {c:R})", ElementwiseTable.OfRegister<Lanes512>(op, a, b, c), ElementwiseTable.OfRegister<Lanes256>(op, a, b, c), ElementwiseTable.OfRegister<Lanes128>(op, a, b, c), ElementwiseTable.OfRegister<Lanes1>(op, a, b, c));

    private static double SameInAllWidths(string message, Lanes512 eight, Lanes256 four, Lanes128 two, Lanes1 one)
    {
        for (var i = 0; i < 8; i++)
        {
            AssertSame(one.Value, eight.Value[i], message);
            AssertSame(one.Value, four.Value[i / 2], message);
            AssertSame(one.Value, two.Value[i / 4], message);
        }

        return one.Value;
    }

    /// <summary>The same bits, but for those of NaN.</summary>
    private static void AssertSame(double expected, double found, string message) =>
        Assert.True(Ulps.Between(expected, found) == 0, $"{message} is {found:R} in one register and {expected:R} in another.");

    private static void AssertAgree(Op op, double found, double expected, string operands) => Assert.True(
        Ulps.Between(found, expected) <= LargestDistance && (found != 0 || double.IsNegative(found) == double.IsNegative(expected)),
        $"{op}({operands}) is {found:R} in a register and {expected:R} as a scalar.");

    /// <summary>An order is a small whole number.</summary>
    private static double[] FirstOperands(Op op) => op.HasOrder() ? [0, 1, 2, 3] : Special[..24];

    private static void ForAll(Op op, Action<double, double> property)
    {
        // Those that are computed as scalars need no more points, and take long for some.
        if (!op.IsLanewise())
        {
            FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(Numbers.Two().ToArbitrary(), pair => property(pair.Item1, pair.Item2)));
        }
    }

    private static Gen<double> Numbers => Gen.Frequency(
        (1, Gen.Elements(Special)),
        (4, from size in Gen.Choose(-1_000_000, 1_000_000) select size / 100_000.0),
        (4, from high in Gen.Choose(int.MinValue, int.MaxValue) from low in Gen.Choose(int.MinValue, int.MaxValue) select BitConverter.Int64BitsToDouble(((long)high << 32) ^ low)));
}
