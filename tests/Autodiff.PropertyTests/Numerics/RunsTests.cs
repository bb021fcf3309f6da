// Loops over runs: whatever the length, the place in memory and the width of registers, an element's result is that of the element alone,
// in place as out of place, and nothing beside the run is written.

using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Numerics;
using Autodiff.PropertyTests.Evaluation;

namespace Autodiff.PropertyTests.Numerics;

public class RunsTests
{
    private const int LongestRun = 70;
    private const double Guard = 12345;

    private static readonly double[] Special =
    [
        double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0, -0.0, double.Epsilon, -double.Epsilon, 2.2250738585072014e-308,
        double.MaxValue, double.MinValue, 1, -1, 0.7849999999999999, 0.7850000000000001, -0.785, 1e-9, -1e-9, 1 << 30, -1.2e9, 1e22, 710, -745.2,
    ];

    public static TheoryData<Op> Unary => new(Enum.GetValues<Op>().Where(op => op.IsUnary()));

    public static TheoryData<Op> Binary => new(Enum.GetValues<Op>().Where(op => op.IsBinary() && !op.HasOrder() && !IsSlow(op)));

    [Theory]
    [MemberData(nameof(Unary))]
    public void A_unary_result_depends_on_its_element_alone(Op op)
    {
        foreach (var (length, offset) in Places())
        {
            var x = Numbers(length + offset, 1);
            var result = Guarded(length, offset);
            ElementwiseTable.Map(op, x.AsSpan(offset, length), result.AsSpan(offset, length));
            AssertRun(result, length, offset, i => Alone(op, x[offset + i]), $"{op} of {length} from {offset}");
            var copy = x.ToArray();
            ElementwiseTable.Map(op, copy.AsSpan(offset, length), copy.AsSpan(offset, length));
            AssertSame(result.AsSpan(offset, length), copy.AsSpan(offset, length), $"{op} of {length} in place");
        }
    }

    [Theory]
    [MemberData(nameof(Binary))]
    public void A_binary_result_depends_on_its_elements_alone(Op op)
    {
        foreach (var (length, offset) in Places().Where(place => place.Length > 0))
        {
            var (a, b) = (Numbers(length + offset, 1), Numbers(length + offset, 2));
            Lane A() => new(a.AsSpan(offset, length));
            Lane B() => new(b.AsSpan(offset, length));
            var result = Guarded(length, offset);
            var target = result.AsSpan(offset, length);
            ElementwiseTable.Map(op, A(), B(), target);
            AssertRun(result, length, offset, i => Alone(op, a[offset + i], b[offset + i]), $"{op} of {length} from {offset}");
            var copy = b.ToArray();
            ElementwiseTable.Map(op, A(), new(copy.AsSpan(offset, length)), copy.AsSpan(offset, length));
            AssertSame(target, copy.AsSpan(offset, length), $"{op} of {length} in place of the second operand");
            copy = a.ToArray();
            ElementwiseTable.Map(op, new(copy.AsSpan(offset, length)), B(), copy.AsSpan(offset, length));
            AssertSame(target, copy.AsSpan(offset, length), $"{op} of {length} in place of the first operand");

            ElementwiseTable.Map(op, A(), new(0.75), target);
            AssertRun(result, length, offset, i => Alone(op, a[offset + i], 0.75), $"{op} of {length} and a number");
            ElementwiseTable.Map(op, new(0.75), B(), target);
            AssertRun(result, length, offset, i => Alone(op, 0.75, b[offset + i]), $"{op} of a number and {length}");
        }
    }

    [Fact]
    public void A_choice_depends_on_its_elements_alone()
    {
        foreach (var (length, offset) in Places())
        {
            var (mask, a, b) = (Numbers(length + offset, 3), Numbers(length + offset, 1), Numbers(length + offset, 2));
            for (var i = 0; i < mask.Length; i += 3)
            {
                mask[i] = i % 2 == 0 ? 0 : -0.0;
            }

            for (var which = 0; which < 4; which++)
            {
                var (isFirst, isSecond) = (which % 2 == 1, which / 2 == 1);
                var result = Guarded(length, offset);
                Runs.Choose(
                    mask.AsSpan(offset, length),
                    isFirst ? new(2) : new(a.AsSpan(offset, length)),
                    isSecond ? new(3) : new(b.AsSpan(offset, length)),
                    result.AsSpan(offset, length));
                AssertRun(
                    result, length, offset,
                    i => mask[offset + i] != 0 ? isFirst ? 2 : a[offset + i] : isSecond ? 3 : b[offset + i],
                    $"a choice of {length} from {offset}");
            }
        }
    }

    [Fact]
    public void Registers_of_all_widths_give_the_same_bits()
    {
        SameInAllWidths(default(Functions.Negate));
        SameInAllWidths(default(Functions.Round));
        SameInAllWidths(default(Functions.Sqrt));
        SameInAllWidths(default(Functions.Exp));
        SameInAllWidths(default(Functions.Exp2));
        SameInAllWidths(default(Functions.Log));
        SameInAllWidths(default(Functions.Sin));
        SameInAllWidths(default(Functions.Cos));
        SameInAllWidths(default(Functions.Tan));
        SameInAllWidths(default(Functions.Tanh));
        SameInAllWidths(default(Functions.Sigmoid));
        SameInAllWidths(new Functions.IntegerPower(-5));
    }

    [Fact]
    public void Registers_of_all_widths_give_the_same_bits_for_two_operands()
    {
        SameInAllWidthsOfTwo(default(Functions.Add));
        SameInAllWidthsOfTwo(default(Functions.Divide));
        SameInAllWidthsOfTwo(default(Functions.Max));
        SameInAllWidthsOfTwo(default(Functions.Less));
        SameInAllWidthsOfTwo(default(Functions.Hypot));
    }

    [Fact]
    public void An_operand_that_is_too_short_is_an_error() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ElementwiseTable.Map(Op.Add, new Lane(new double[20]), new Lane(new double[19]), new double[20]));

    private static void SameInAllWidths<TFunction>(TFunction function)
        where TFunction : struct, IUnaryFunction
    {
        for (var length = 0; length <= LongestRun; length++)
        {
            var x = Numbers(length, 1);
            var (one, two, four, eight) = (new double[length], new double[length], new double[length], new double[length]);
            Runs.Map<Lanes1, TFunction>(function, x, one);
            Runs.Map<Lanes128, TFunction>(function, x, two);
            Runs.Map<Lanes256, TFunction>(function, x, four);
            Runs.Map<Lanes512, TFunction>(function, x, eight);
            AssertSame(one, two, $"{typeof(TFunction).Name} of {length} in registers of two");
            AssertSame(one, four, $"{typeof(TFunction).Name} of {length} in registers of four");
            AssertSame(one, eight, $"{typeof(TFunction).Name} of {length} in registers of eight");
        }
    }

    private static void SameInAllWidthsOfTwo<TFunction>(TFunction function)
        where TFunction : struct, IBinaryFunction
    {
        for (var length = 0; length <= LongestRun; length++)
        {
            var (a, b) = (Numbers(length, 1), Numbers(length, 2));
            var (one, two, four, eight) = (new double[length], new double[length], new double[length], new double[length]);
            Runs.Map<Lanes1, TFunction, Elements, Elements>(function, new(a, length), new(b, length), one);
            Runs.Map<Lanes128, TFunction, Elements, Elements>(function, new(a, length), new(b, length), two);
            Runs.Map<Lanes256, TFunction, Elements, Elements>(function, new(a, length), new(b, length), four);
            Runs.Map<Lanes512, TFunction, Elements, Elements>(function, new(a, length), new(b, length), eight);
            AssertSame(one, two, $"{typeof(TFunction).Name} of {length} in registers of two");
            AssertSame(one, four, $"{typeof(TFunction).Name} of {length} in registers of four");
            AssertSame(one, eight, $"{typeof(TFunction).Name} of {length} in registers of eight");
        }
    }

    /// <summary>All lengths, each at some offset.</summary>
    private static IEnumerable<(int Length, int Offset)> Places() =>
        Enumerable.Range(0, LongestRun + 1).SelectMany(length => new[] { (length, length % 9), (length, (length + 4) % 9) });

    /// <summary>Each seventh number is special, and the special ones come to stand in all lanes.</summary>
    private static double[] Numbers(int count, int seed)
    {
        var random = new System.Random((1_000 * count) + seed);
        var numbers = new double[count];
        for (var i = 0; i < count; i++)
        {
            numbers[i] = random.Next(7) == 0 ? Special[random.Next(Special.Length)] : (8 * random.NextDouble()) - 4;
        }

        return numbers;
    }

    /// <summary>Those of which a single value may take long at large arguments.</summary>
    private static bool IsSlow(Op op) => op is Op.Beta or Op.LogBeta or Op.GammaP or Op.GammaQ;

    private static double Alone(Op op, double x)
    {
        var result = new double[1];
        ElementwiseTable.Map(op, [x], result);
        return result[0];
    }

    private static double Alone(Op op, double a, double b)
    {
        var result = new double[1];
        ElementwiseTable.Map(op, new Lane([a]), new Lane([b]), result);
        return result[0];
    }

    private static double[] Guarded(int length, int offset)
    {
        var array = new double[length + offset + 9];
        Array.Fill(array, Guard);
        return array;
    }

    private static void AssertRun(double[] result, int length, int offset, Func<int, double> expected, string message)
    {
        AssertSame([.. Enumerable.Range(0, length).Select(expected)], result.AsSpan(offset, length), message);
        Assert.All(result[..offset].Concat(result[(offset + length)..]), number => Assert.Equal(Guard, number));
    }

    /// <summary>The same bits, but for those of NaN.</summary>
    private static void AssertSame(ReadOnlySpan<double> expected, ReadOnlySpan<double> found, string message)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(
                Ulps.Between(expected[i], found[i]) == 0 && (found[i] != 0 || double.IsNegative(found[i]) == double.IsNegative(expected[i])),
                $"{message}: element {i} is {found[i]:R}, not {expected[i]:R}.");
        }
    }
}
