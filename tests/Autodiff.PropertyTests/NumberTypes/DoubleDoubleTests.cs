// Double-doubles against 45 digits from mpmath (double_doubles.csv, written by make_double_doubles.py), and the laws of their arithmetic.

using System.Globalization;
using Autodiff.Functional.Elementwise;
using Autodiff.Functional.NumberTypes;
using FsCheck;
using FsCheck.Fluent;
using Xunit.Abstractions;

namespace Autodiff.PropertyTests.NumberTypes;

public class DoubleDoubleTests(ITestOutputHelper output)
{
    // The largest relative errors; those of functions near a zero are relative to max(1, |x|) there.
    private const double ElementaryError = 1e-29;

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
            var scale = DoubleDouble.Abs(expected) + (IsPeriodic(name) ? 0.1 * Math.Max(1, Math.Abs(numbers[0].Hi)) : 0);
            var error = actual == expected ? 0 : (double)(DoubleDouble.Abs(actual - expected) / scale);
            if (!(error <= worst))
            {
                (worst, place) = (error, string.Join(", ", operands) + $" ↦ {actual}, not {expected}");
            }
        }

        output.WriteLine($"{name}: {worst:g2} at {place}");
        Assert.True(worst <= ErrorOf(name), $"{name}: {worst:g2} at {place}");
    }

    private static double ErrorOf(string name) => ElementaryError;

    private static bool IsPeriodic(string name) => name is "Sin" or "Cos" or "Tan";

    private static DoubleDouble Value(Op op, DoubleDouble[] x) => x.Length switch
    {
        1 => NumberField<DoubleDouble>.Of.Apply(op, x[0]),
        2 => NumberField<DoubleDouble>.Of.Apply(op, x[0], x[1]),
        _ => NumberField<DoubleDouble>.Of.Apply(op, x[0], x[1], x[2]),
    };
}
