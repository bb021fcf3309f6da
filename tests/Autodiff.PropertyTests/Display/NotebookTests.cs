// What notebooks show: the formatters are found as .NET Interactive finds them, by names.

using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Display;

public class NotebookTests
{
    [Fact]
    public void Formulas_are_MathML_and_LaTeX()
    {
        var x = Variable("x");
        Assert.Equal(Sqrt(x).ToMathML(), Shown(Sqrt(x), "text/html"));
        Assert.Equal(@"$$\sqrt{x}$$", Shown(Sqrt(x), "text/latex"));
    }

    [Fact]
    public void Values_are_tables_of_which_large_ones_are_cut()
    {
        Assert.Equal("<table><tr><td>1</td><td>2.5</td></tr><tr><td>-3</td><td>0.333333</td></tr></table><small>(2, 2)</small>", Shown(new double[,] { { 1, 2.5 }, { -3, 1.0 / 3 } }, "text/html"));
        Assert.Equal("<table><tr><td>1</td><td>2</td></tr></table><small>(2)</small>", Shown(new double[] { 1, 2 }, "text/html"));
        Assert.Equal("<code>1.5</code>", Shown(1.5, "text/html"));
        var large = Shown(Zeros(30, 40), "text/html");
        Assert.Equal(20 * 12, large.Split("<td>0</td>").Length - 1);
        Assert.EndsWith("<tr><td>…</td></tr></table><small>(30, 40)</small>", large, StringComparison.Ordinal);
        Assert.Equal("<table></table><small>(0, 3)</small>", Shown(Zeros(0, 3), "text/html"));
    }

    [Fact]
    public void Other_objects_are_left_to_others() => Assert.False((bool)FormatterOf("text/html").Format("text", new StringWriter()));

    private static string Shown(Expr x, string mimeType)
    {
        var writer = new StringWriter();
        Assert.True((bool)FormatterOf(mimeType).Format(x, writer));
        return writer.ToString();
    }

    private static dynamic FormatterOf(string mimeType)
    {
        var source = typeof(Expr).GetCustomAttributesData().Single(attribute => attribute.AttributeType.Name == "TypeFormatterSourceAttribute");
        var type = (Type)source.ConstructorArguments.Single().Value!;
        var formatters = (IEnumerable<object>)type.GetMethod("CreateTypeFormatters")!.Invoke(Activator.CreateInstance(type), null)!;
        return formatters.Single(formatter => (string)((dynamic)formatter).MimeType == mimeType);
    }
}
