// Formulas as MathML: well-formed, with every name and number of the formula.

using System.Text.RegularExpressions;
using System.Xml.Linq;
using Autodiff.PropertyTests.Generators;
using Autodiff.PropertyTests.Parsing;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Display;

public partial class MathMLTests
{
    private const string Namespace = "http://www.w3.org/1998/Math/MathML";

    private static readonly Expr x = Variable("x");
    private static readonly Expr y = Variable("y");
    private static readonly Expr v = Variable("v", new Shape(3));
    private static readonly Expr A = Variable("A", new Shape(2, 2));

    // The elements of MathML Core that formulas are set with, each with the number of its children; −1 is one or more, −2 a text, −3 any number.
    private static readonly Dictionary<string, int> s_elements = new()
    {
        ["math"] = -1,
        ["mrow"] = -1,
        ["mi"] = -2,
        ["mn"] = -2,
        ["mo"] = -2,
        ["mtext"] = -2,
        ["mspace"] = 0,
        ["mfrac"] = 2,
        ["msqrt"] = -1,
        ["mroot"] = 2,
        ["msup"] = 2,
        ["msub"] = 2,
        ["msubsup"] = 3,
        ["munder"] = 2,
        ["mtable"] = -1,
        ["mtr"] = -1,
        ["mtd"] = -3,
    };

    public static TheoryData<Expr, string> Formulas => new()
    {
        { x, "<mi>x</mi>" },
        { x / (y + 1), "<mfrac><mi>x</mi><mrow><mi>y</mi><mo>+</mo><mn>1</mn></mrow></mfrac>" },
        { 2.5 * Pow(x, 2), "<mn>2.5</mn><mo>\u2062</mo><msup><mi>x</mi><mn>2</mn></msup>" },
        { -x, """<mo form="prefix">−</mo><mi>x</mi>""" },
        { x - y, "<mi>x</mi><mo>−</mo><mi>y</mi>" },
        { Pow(x, -2), """<msup><mi>x</mi><mrow><mo form="prefix">−</mo><mn>2</mn></mrow></msup>""" },
        { Sqrt(x), "<msqrt><mi>x</mi></msqrt>" },
        { Cbrt(x), "<mroot><mi>x</mi><mn>3</mn></mroot>" },
        { Sin(x), "<mi>sin</mi><mo>\u2061</mo><mrow><mo>(</mo><mi>x</mi><mo>)</mo></mrow>" },
        { Exp(x), """<msup><mi mathvariant="normal">e</mi><mi>x</mi></msup>""" },
        { Abs(x), "<mrow><mo>|</mo><mi>x</mi><mo>|</mo></mrow>" },
        { Log2(x), "<msub><mi>log</mi><mn>2</mn></msub><mo>\u2061</mo><mrow><mo>(</mo><mi>x</mi><mo>)</mo></mrow>" },
        { Variable("theta_max"), "<msub><mi>θ</mi><mi>max</mi></msub>" },
        { Variable("W_1_2"), "<msub><mi>W</mi><mrow><mn>1</mn><mo>,</mo><mn>2</mn></mrow></msub>" },
        { Variable("y'"), "<msup><mi>y</mi><mo>′</mo></msup>" },
        { Variable("loss"), "<mi>loss</mi>" },
        { Variable("Ω"), """<mi mathvariant="normal">Ω</mi>""" },
        { Variable("a<b & \"c\""), "<mtext>a&lt;b\u00A0&amp;\u00A0\"c\"</mtext>" },
        { Variable("a\uFFFEb\u0001c\uD800"), "<mtext>a\uFFFDb\u00A0c\uFFFD</mtext>" },
        { Variable("50% {a_b} \\~^"), "<mtext>50%\u00A0{a_b}\u00A0\\~^</mtext>" },
        { x + double.PositiveInfinity, "<mi>x</mi><mo>+</mo><mi>∞</mi>" },
        { x < y, "<mi>x</mi><mo>&lt;</mo><mi>y</mi>" },
        { Where(x >= 0, x, 0), "<mrow><mo>{</mo><mtable>"
            + """<mtr><mtd style="text-align: left"><mi>x</mi></mtd><mtd style="text-align: left"><mtext>if&nbsp;</mtext><mi>x</mi><mo>≥</mo><mn>0</mn></mtd></mtr>""".Replace("&nbsp;", "\u00A0", StringComparison.Ordinal)
            + """<mtr><mtd style="text-align: left"><mn>0</mn></mtd><mtd style="text-align: left"><mtext>otherwise</mtext></mtd></mtr></mtable></mrow>""" },
        { Sum(A, axis: 0), """<munder><mo>∑</mo><mrow><mi>axis</mi><mspace width="0.1667em" /><mn>0</mn></mrow></munder><mi>A</mi>""" },
        { MatMul(Transpose(A), A), """<msup><mi>A</mi><mo>⊤</mo></msup><mspace width="0.1667em" /><mi>A</mi>""" },
        { LogGamma(x), """<mrow><mi>log</mi><mspace width="0.1667em" /></mrow><mi mathvariant="normal">Γ</mi><mo>⁡</mo><mrow><mo>(</mo><mi>x</mi><mo>)</mo></mrow>""" },
        { v[1..], """<mi>v</mi><mrow><mo>[</mo><mrow><mn>1</mn><mo lspace="0" rspace="0">..</mo></mrow><mo>]</mo></mrow>""" },
        { Grad(Asin)(x), """<mfrac><mn>1</mn><msqrt><mrow><mn>1</mn><mo>−</mo><msup><mi>x</mi><mn>2</mn></msup></mrow></msqrt></mfrac>""" },
    };

    public static TheoryData<Op> Elementwise => [.. Enum.GetValues<Op>().Where(op => op.IsElementwise())];

    [Theory]
    [MemberData(nameof(Formulas), DisableDiscoveryEnumeration = true)]
    public void Formulas_are_set_as_in_a_textbook(Expr expression, string row)
    {
        Assert.Equal($"<math display=\"block\" xmlns=\"{Namespace}\">{row}</math>", expression.ToMathML());
        IsSet(expression);
    }

    [Fact]
    public void What_is_used_twice_is_a_line_of_a_table()
    {
        var e = Exp(x);
        var rows = XElement.Parse((e / (1 + e)).ToMathML()).Descendants().Where(element => element.Name.LocalName == "mtr").ToList();
        Assert.Equal(["t1=ex", "t11+t1"], rows.Select(row => row.Value));
    }

    [Theory]
    [MemberData(nameof(Elementwise))]
    public void Every_elementwise_function_is_set(Op op)
    {
        Expr[] operands = [op.HasOrder() ? 7 : x, y, Variable("z")];
        var node = op.Arity() == 1 ? Apply(op, x + 1) : op.Arity() == 2 ? Apply(op, operands[0], y) : Apply(op, operands[0], y, operands[2]);
        IsSet(node);

        // A command without a sign is set as the name of a function, which only these are.
        Assert.All(Command().Matches(node.ToLatex()).Select(command => command.Value[1..]).Where(command => !FunctionName().IsMatch(command)), command =>
            Assert.DoesNotContain($">{command}<", node.ToMathML(), StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(RoundTripTests.Whole), MemberType = typeof(RoundTripTests), DisableDiscoveryEnumeration = true)]
    public void Every_kind_of_formula_is_set(Expr expression) => IsSet(expression);

    [Theory]
    [MemberData(nameof(RoundTripTests.Structural), MemberType = typeof(RoundTripTests))]
    public void Functions_of_tensors_and_their_derivatives_are_set(string name) =>
        StructuralCase.ForAll(StructuralCases.All[name], 10, x =>
        {
            Expr[] variables = [.. x.Operands.Select((operand, i) => Variable($"x{i}", operand.Shape))];
            IsSet(x.Apply(variables));
            IsSet(Grad(t => Sum(Sin(x.Apply([t, .. variables[1..]]))))(variables[0]));
        });

    [Theory]
    [MemberData(nameof(RoundTripTests.OfPrograms), MemberType = typeof(RoundTripTests))]
    public void Loops_branches_and_calls_are_set(string name) => Prop.ForAll(Programs.Short.ToArbitrary(), step =>
        IsSet(ProgramCases.All[name](step, Variable("a", new Shape(2)), Variable("b", new Shape(3, 2)), Variable("c", new Shape(2)), Variable("n")))).Check(Config.QuickThrowOnFailure.WithMaxTest(20));

    [Fact]
    public void Random_programs_and_their_gradients_are_set() => Prop.ForAll(Programs.Arbitrary, program =>
    {
        var variable = Variable("x", program.Input.Shape);
        IsSet(program.Tensor(variable));
        IsSet(Grad(program.Scalar)(variable));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));

    [Theory]
    [InlineData("softsign", "softsign(x)")]
    [InlineData("f1", "f1(x)")]
    [InlineData("f_max", "fmax(x)")]
    [InlineData("größe", "größe(x)")]
    [InlineData("my function", "my function(x)")]
    [InlineData("{50%} \\", "{50%} \\(x)")]
    [InlineData("φ", "φ(x)")]
    public void Functions_of_the_caller_are_set(string name, string text)
    {
        var call = Primitive.Define(name, t => t, (_, _) => 1)(x);
        IsSet(call);
        Assert.Equal(text, XElement.Parse(call.ToMathML()).Value.Replace("\u2061", "", StringComparison.Ordinal).Replace('\u00A0', ' '));
    }

    [Fact]
    public void The_length_is_linear_in_the_size_of_the_graph_however_deep()
    {
        static Expr Chain(int length) => Enumerable.Range(0, length).Aggregate(x, (t, _) => Apply(Op.LogisticDensity, -Sqrt(t)));
        var (one, ten) = (Chain(1_000), Chain(10_000));
        Assert.InRange(ten.ToMathML().Length, 9 * one.ToMathML().Length, 11 * one.ToMathML().Length);
        Assert.InRange(ten.ToFormula(FormulaStyle.Unicode).Length, 9 * one.ToFormula(FormulaStyle.Unicode).Length, 12 * one.ToFormula(FormulaStyle.Unicode).Length);
    }

    [Property]
    public void Any_name_is_set(NonNull<string> first, NonNull<string> second)
    {
        var (a, b) = (Variable($"n{first.Get}"), Variable($"{second.Get}n"));
        var shared = Pow(a / b, Abs(a) + Where(b > a, a, -b));
        IsSet(Sin(shared) * shared + Sum(v * a) * Norm(A * b));
        Assert.Contains("\uFFFD", Variable($"x\uD800{first.Get}").ToMathML(), StringComparison.Ordinal);
    }

    /// <summary>The elements are those of MathML Core with as many children as they need, the numbers are those of the LaTeX, and every name of it occurs.</summary>
    private static void IsSet(Expr expression)
    {
        var (text, latex) = (expression.ToMathML(), expression.ToLatex());
        var math = XElement.Parse(text, LoadOptions.PreserveWhitespace);
        foreach (var element in math.DescendantsAndSelf())
        {
            Assert.Equal(Namespace, element.Name.NamespaceName);
            Assert.True(s_elements.TryGetValue(element.Name.LocalName, out var children), text);
            Assert.True(children == -2 ? !element.HasElements && element.Value.Length > 0 : children == -1 ? element.HasElements : children == -3 || element.Elements().Count() == children, $"{element}");
            Assert.True(children == -2 || !element.Nodes().OfType<XText>().Any(), $"{element}");
        }

        var numbers = Number().Matches(Word().Replace(latex, " ")).Select(number => number.Value).Order(StringComparer.Ordinal);
        Assert.Equal(numbers, math.Descendants().Where(element => element.Name.LocalName == "mn").Select(element => element.Value).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(math.Descendants().Where(element => element.Name.LocalName != "mtext"), element => !element.HasElements && element.Value.Contains('\\', StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\\[a-zA-Z]+")]
    private static partial Regex Command();

    /// <summary>The commands of LaTeX that are names of functions.</summary>
    [GeneratedRegex(@"^(arc(sin|cos|tan)|(sin|cos|tan)h?|log|det|exp|max|min)$")]
    private static partial Regex FunctionName();

    /// <summary>Words, in which digits are not numbers.</summary>
    [GeneratedRegex(@"\\(mathrm|text)\{(\\.|\{\}|[^}\\])*\}|\\operatorname\{[a-zA-Z0-9]*\}")]
    private static partial Regex Word();

    [GeneratedRegex(@"[0-9]+(\.[0-9]+)?")]
    private static partial Regex Number();
}
