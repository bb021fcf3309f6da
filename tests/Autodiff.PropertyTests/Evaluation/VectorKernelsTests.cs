// A vector's elements have the values that scalars have: the kernels for runs of numbers against those for one.

using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Numerics;
using FsCheck;
using FsCheck.Fluent;

namespace Autodiff.PropertyTests.Evaluation;

public class VectorKernelsTests
{
    private const int LargestDistance = 4;

    // More than two registers of eight and a remainder.
    private const int Length = 19;

    private static readonly double[] Special =
    [
        0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, -double.Epsilon,
        2.2250738585072009e-308, -2.2250738585072009e-308, 2.2250738585072014e-308, double.MaxValue, double.MinValue,
        1, -1, 0.5, -0.5, 1.5, 2, -2, 3, 1e-17, -1e-17, 1e-8, -1e-8, 710, -745.2, 1e10, -1e16, 1e300,
    ];

    public static TheoryData<Op> Unary => new(Enum.GetValues<Op>().Where(op => op.IsUnary()));

    public static TheoryData<Op> Binary => new(Enum.GetValues<Op>().Where(op => op.IsBinary()));

    public static TheoryData<Op> Ternary => new(Enum.GetValues<Op>().Where(op => op.IsTernary()));

    [Theory]
    [MemberData(nameof(Unary))]
    public void Unary_kernels_agree(Op op)
    {
        void Agree(double[] x)
        {
            var result = new double[x.Length];
            ElementwiseTable.Map(op, x, result);
            AssertClose(op, result, i => ElementwiseTable.Value(op, x[i]), i => $"{x[i]:R}");
        }

        Agree(Special);
        ForAll(1, x => Agree(x[0]));
    }

    [Theory]
    [MemberData(nameof(Binary))]
    public void Binary_kernels_agree(Op op)
    {
        void Agree(double[] x, double[] y)
        {
            var (a, b) = (FirstOperand(op, x), y);
            var result = new double[a.Length];
            ElementwiseTable.Map(op, new Lane(a), new Lane(b), result);
            AssertClose(op, result, i => ElementwiseTable.Value(op, a[i], b[i]), i => $"{a[i]:R}, {b[i]:R}");
            ElementwiseTable.Map(op, new Lane(a[0]), new Lane(b), result);
            AssertClose(op, result, i => ElementwiseTable.Value(op, a[0], b[i]), i => $"{a[0]:R}, {b[i]:R}");
            ElementwiseTable.Map(op, new Lane(a), new Lane(b[0]), result);
            AssertClose(op, result, i => ElementwiseTable.Value(op, a[i], b[0]), i => $"{a[i]:R}, {b[0]:R}");
        }

        for (var shift = 0; shift < Special.Length; shift++)
        {
            Agree(Special, [.. Special[shift..], .. Special[..shift]]);
        }

        // A random pair once met a continued fraction that did not end.
        Agree([4e298, 4e298], [double.MaxValue, 4e298]);

        ForAll(2, x => Agree(x[0], x[1]));
    }

    [Theory]
    [MemberData(nameof(Ternary))]
    public void Ternary_kernels_agree(Op op) => ForAll(3, x =>
    {
        x[0] = FirstOperand(op, x[0]);
        var result = new double[x[0].Length];
        ElementwiseTable.Map(op, new Lane(x[0]), new Lane(x[1]), new Lane(x[2]), result);
        AssertClose(op, result, i => ElementwiseTable.Value(op, x[0][i], x[1][i], x[2][i]), i => $"{x[0][i]:R}, {x[1][i]:R}, {x[2][i]:R}");
        ElementwiseTable.Map(op, new Lane(x[0]), new Lane(x[1][0]), new Lane(x[2][0]), result);
        AssertClose(op, result, i => ElementwiseTable.Value(op, x[0][i], x[1][0], x[2][0]), i => $"{x[0][i]:R}, {x[1][0]:R}, {x[2][0]:R}");
        ElementwiseTable.Map(op, new Lane(x[0][0]), new Lane(x[1][0]), new Lane(x[2]), result);
        AssertClose(op, result, i => ElementwiseTable.Value(op, x[0][0], x[1][0], x[2][i]), i => $"{x[0][0]:R}, {x[1][0]:R}, {x[2][i]:R}");
    });

    /// <summary>An order is a small whole number.</summary>
    private static double[] FirstOperand(Op op, double[] x) =>
        op.HasOrder() ? Array.ConvertAll(x, value => double.IsFinite(value) ? Math.Floor(Math.Abs(value) % 5) : 0) : x;

    private static Gen<double> Numbers => Gen.Frequency(
        (1, Gen.Elements(Special)),
        (2, from size in Gen.Choose(-3_000, 3_000) select size / 100.0),
        (2, from mantissa in Gen.Choose(-1_000_000, 1_000_000) from power in Gen.Choose(-320, 302) select mantissa * Math.Pow(10, power)));

    private static void ForAll(int operands, Action<double[][]> property) => FsCheck.Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(200),
        Prop.ForAll(Numbers.ArrayOf(Length).ArrayOf(operands).ToArbitrary(), property));

    private static void AssertClose(Op op, double[] found, Func<int, double> expected, Func<int, string> operands)
    {
        for (var i = 0; i < found.Length; i++)
        {
            Assert.True(
                Ulps.Between(found[i], expected(i)) <= LargestDistance && (found[i] != 0 || double.IsNegative(found[i]) == double.IsNegative(expected(i))),
                $"{op}({operands(i)}) is {found[i]:R} in a vector and {expected(i):R} as a scalar.");
        }
    }
}
