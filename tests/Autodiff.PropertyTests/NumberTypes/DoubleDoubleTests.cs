// Double-doubles against 45 digits from mpmath (double_doubles.csv, written by make_double_doubles.py), and the laws of their arithmetic.

using System.Globalization;
using Autodiff.Functional.NumberTypes;
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
