// Double-doubles against 45 digits from mpmath (double_doubles.csv, written by make_double_doubles.py), and the laws of their arithmetic.

using System.Globalization;
using System.Numerics;
using Autodiff.Functional.NumberTypes;
using FsCheck;
using FsCheck.Xunit;
using Xunit.Abstractions;

namespace Autodiff.PropertyTests.NumberTypes;

public class DoubleDoubleTests(ITestOutputHelper output)
{
    // The largest relative error of any function; that of most is 10⁻³¹.
    private const double LargestError = 1e-29;

    private static readonly ILookup<string, string[]> s_rows = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "NumberTypes", "double_doubles.csv")).Select(line => line.Split(',')).ToLookup(cells => cells[0]);

    public static TheoryData<string> Functions => new(s_rows.Select(group => group.Key));

    [Theory]
    [MemberData(nameof(Functions))]
    public void A_function_has_the_digits_of_mpmath(string name)
    {
        var (worst, place) = (0.0, "");
        foreach (var cells in s_rows[name])
        {
            var numbers = cells[2..^1].Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).Chunk(2).Select(pair => DoubleDouble.Exactly(pair[0], pair[1])).ToArray();
            DoubleDouble[] operands = cells[1].Length > 0 ? [double.Parse(cells[1], CultureInfo.InvariantCulture), .. numbers] : numbers;
            var expected = DoubleDouble.Parse(cells[^1], CultureInfo.InvariantCulture);
            var actual = Value(Enum.Parse<Op>(name), operands);
            var scale = DoubleDouble.Max(DoubleDouble.Abs(expected), Floor(name, numbers[0].Hi));
            var error = actual == expected ? 0 : (double)(DoubleDouble.Abs(actual - expected) / scale);
            if (!(error <= worst))
            {
                (worst, place) = (error, string.Join(", ", operands) + $" ↦ {actual}, not {expected}");
            }
        }

        output.WriteLine($"{name}: {worst:g2} at {place}");
        Assert.True(worst <= LargestError, $"{name}: {worst:g2} at {place}");
    }

    [Property]
    public void Odd_functions_have_the_digits_of_positive_arguments_at_negative_ones(NormalFloat number)
    {
        var x = (DoubleDouble)number.Get;
        foreach (var f in (Func<DoubleDouble, DoubleDouble>[])[DoubleDouble.Sinh, DoubleDouble.Tanh, DoubleDouble.Asinh, DoubleDouble.Atanh, DoubleDouble.Sin, DoubleDouble.Tan, DoubleDouble.Asin, DoubleDouble.Atan, DoubleDouble.Cbrt, DoubleDouble.Erf])
        {
            Assert.Equal(f(x), -f(-x));
        }
    }

    [Theory]
    [InlineData("0.1", "0.1")]
    [InlineData("-123456789012345678901234567890.12", "-123456789012345678901234567890.12")]
    [InlineData("1e-250", "1E-250")]
    [InlineData("3.1415926535897932384626433832795028841971", "3.1415926535897932384626433832795")]
    [InlineData("1e400", "Infinity")]
    [InlineData("NaN", "NaN")]
    [InlineData("0", "0")]
    [InlineData("1000000", "1000000")]
    public void A_number_is_parsed_and_written_with_all_digits(string text, string written)
    {
        var number = DoubleDouble.Parse(text, CultureInfo.InvariantCulture);
        Assert.Equal(written, number.ToString(null, CultureInfo.InvariantCulture).Replace("∞", "Infinity", StringComparison.Ordinal));
        Assert.Equal(number, DoubleDouble.Parse(number.ToString("G40", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Text_that_is_no_number_is_an_error() =>
        Assert.Equal("Parse: \"twelve\" is not a number; numbers are written as 1.5, -2 or 6.02e23.", Assert.Throws<AutodiffException>(() => DoubleDouble.Parse("twelve")).Message);

    [Fact]
    public void Whole_numbers_and_decimals_are_converted_exactly()
    {
        Assert.Equal(long.MaxValue, long.CreateChecked(Converted(long.MaxValue)));
        Assert.Equal(1.2345678901234567890123456m, decimal.CreateChecked(Converted(1.2345678901234567890123456m)));
        Assert.Equal(0.5f, float.CreateChecked((DoubleDouble)0.5));
        Assert.Equal(int.MaxValue, int.CreateSaturating((DoubleDouble)1e20));
        Assert.Throws<OverflowException>(() => int.CreateChecked((DoubleDouble)1e20));
    }

    [Fact]
    public void Special_values_are_those_of_doubles()
    {
        double[] special = [0, -0.0, 1, -1, double.PositiveInfinity, double.NegativeInfinity, double.NaN, double.MaxValue, double.Epsilon];
        foreach (var a in special)
        {
            foreach (var b in special)
            {
                var (x, y) = ((DoubleDouble)a, (DoubleDouble)b);
                Assert.Equal(a + b, (x + y).Hi);
                Assert.Equal(a - b, (x - y).Hi);
                Assert.Equal(a * b, (x * y).Hi);
                Assert.Equal(a / b, (x / y).Hi);
                Assert.Equal(a < b, x < y);
                Assert.Equal(a == b, x == y);
                Assert.Equal(Math.Max(a, b), DoubleDouble.Max(x, y).Hi);
                Assert.Equal(Math.Min(a, b), DoubleDouble.Min(x, y).Hi);
                Assert.Equal(Math.Atan2(a, b), DoubleDouble.Atan2(x, y).Hi, 1e-15);
            }

            Assert.Equal(Math.Sqrt(a), DoubleDouble.Sqrt(a).Hi, Rounding(Math.Sqrt(a)));
            Assert.Equal(Math.Exp(a), DoubleDouble.Exp(a).Hi, 1e-15);
            Assert.Equal(Math.Log(a), DoubleDouble.Log(a).Hi, 1e-12);
            Assert.Equal(Math.Tanh(a), DoubleDouble.Tanh(a).Hi, 1e-15);
            Assert.Equal(Math.Atan(a), DoubleDouble.Atan(a).Hi, 1e-15);
            Assert.Equal(Math.Cbrt(a), DoubleDouble.Cbrt(a).Hi, Rounding(Math.Cbrt(a)));
        }
    }

    [Theory]
    [InlineData(2.5, 2, 3, 2, 3)]
    [InlineData(-2.5, -2, -3, -3, -2)]
    [InlineData(3.2, 3, 3, 3, 4)]
    public void Rounding_is_that_of_doubles(double x, double even, double away, double floor, double ceiling)
    {
        Assert.Equal(even, DoubleDouble.Round(x));
        Assert.Equal(away, DoubleDouble.Round(x, 0, MidpointRounding.AwayFromZero));
        Assert.Equal(floor, DoubleDouble.Floor(x));
        Assert.Equal(ceiling, DoubleDouble.Ceiling(x));
        Assert.Equal(Math.Truncate(x), DoubleDouble.Truncate(x));
        Assert.Equal(x % 2, (DoubleDouble)x % 2);
        Assert.Equal(floor - 1, DoubleDouble.Floor(floor - DoubleDouble.Exactly(1e-20, 0)));
    }

    // From mpmath with 60 digits.
    [Theory]
    [InlineData(80, 3.125, "4.61277153540148238666464201086359178e-104")]
    [InlineData(500, 100, "3.59005143146961254630280452098463672e-283")]
    [InlineData(2000, 1500, "2.48676032155466103588366058531031812e+129")]
    [InlineData(6500, 4300, "0.00000000311791396778177098557349641535547992")]
    public void Bessel_functions_of_large_orders_have_all_digits(int order, double x, string expected)
    {
        var value = DoubleDouble.Parse(expected);
        Assert.True(Math.Abs((double)((DoubleDouble.BesselI(order, x) - value) / value)) < order * 1e-31, DoubleDouble.BesselI(order, x).ToString());
        Assert.Equal(0, (double)DoubleDouble.BesselI(3000, 0.5));
    }

    private static double Rounding(double value) => double.IsFinite(value) ? 1e-15 * (1 + Math.Abs(value)) : 0;

    private static DoubleDouble Converted<T>(T number)
        where T : INumberBase<T> => Created<DoubleDouble, T>(number);

    private static TResult Created<TResult, T>(T number)
        where TResult : INumberBase<TResult>
        where T : INumberBase<T> => TResult.CreateChecked(number);

    /// <summary>The magnitude below which the error of a function is absolute: near its zeros, and where the low part of a number would be denormal.</summary>
    private static double Floor(string name, double x) => name switch
    {
        "Sin" or "Cos" or "Tan" => 0.1 * Math.Max(1, Math.Abs(x)),
        "LogGamma" or "LogBeta" or "Digamma" => 1,
        "BesselJ" => 0.01,
        _ => 1e-290,
    };

    private static DoubleDouble Value(Op op, DoubleDouble[] x) => x.Length switch
    {
        1 => NumberField<DoubleDouble>.Of.Apply(op, x[0]),
        2 => NumberField<DoubleDouble>.Of.Apply(op, x[0], x[1]),
        _ => NumberField<DoubleDouble>.Of.Apply(op, x[0], x[1], x[2]),
    };
}
