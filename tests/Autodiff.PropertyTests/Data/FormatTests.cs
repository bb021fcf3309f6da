// Formats and cultures of numbers in text.

using System.Globalization;
using FsCheck.Xunit;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Data;

public class FormatTests
{
    private static readonly CultureInfo s_withComma = WithComma();

    [Property]
    public bool A_format_is_that_of_every_number(double a, double b)
    {
        Expr x = [a, b];
        return x.ToString("F2", s_withComma) == $"[{a.ToString("F2", s_withComma)}, {b.ToString("F2", s_withComma)}]"
            && string.Create(CultureInfo.InvariantCulture, $"{x:E3}") == string.Create(CultureInfo.InvariantCulture, $"[{a:E3}, {b:E3}]")
            && string.Create(s_withComma, $"{x}") == x.ToString();
    }

    [Fact]
    public void Scalars_matrices_and_symbols()
    {
        Expr m = [[1, 2.345], [-3, double.NaN]];
        Assert.Equal("[[1.0, 2.3], [-3.0, NaN]]", m.ToString("F1", CultureInfo.InvariantCulture));
        Assert.Equal("2.35", ((Expr)2.345).ToString("F2", CultureInfo.InvariantCulture));
        Assert.Equal("sin(x)", Sin(Variable("x")).ToString("F2", CultureInfo.InvariantCulture));
        Assert.Equal(m.ToString(), m.ToString(null));
        Assert.Equal(m.ToString(), m.ToString("", s_withComma));
        Assert.Equal("[0.0, 0.0, 0.0, ..., 0.0, 0.0, 0.0]", Zeros(2000).ToString("F1", CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Text_is_written_into_a_span_that_has_room()
    {
        ISpanFormattable x = Of(1, 2);
        var room = new char[10];
        Assert.True(x.TryFormat(room, out var written, "F1", CultureInfo.InvariantCulture));
        Assert.Equal("[1.0, 2.0]", new string(room, 0, written));
        Assert.False(x.TryFormat(room.AsSpan(1), out written, "F1", CultureInfo.InvariantCulture));
        Assert.Equal(0, written);
    }

    private static CultureInfo WithComma()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        return culture;
    }

    [Fact]
    public void What_is_no_format_is_an_error_of_the_library() =>
        Assert.Equal("ToString: 'Q' is no format of numbers; use one such as F2, E3 or G6.", Assert.Throws<AutodiffException>(() => Of(1, 2).ToString("Q", null)).Message);
}
