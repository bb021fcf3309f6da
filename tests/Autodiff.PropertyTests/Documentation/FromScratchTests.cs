// The small library of docs/from-scratch.md: the document shows FromScratch.cs word for word, and what that computes is what
// Autodiff.Functional computes. What the programs of the document print is checked by DocumentTests.

using System.Text.RegularExpressions;
using Autodiff.PropertyTests.Generators;
using FsCheck.Xunit;
using static Autodiff.Functional.Expr;
using Small = Autodiff.PropertyTests.Documentation.FromScratch;
using SmallExpr = Autodiff.PropertyTests.Documentation.FromScratch.Expr;

namespace Autodiff.PropertyTests.Documentation;

public partial class FromScratchTests
{
    private const string Document = "docs/from-scratch.md";
    private const string Source = "tests/Autodiff.PropertyTests/Documentation/FromScratch.cs";

    /// <summary>The same functions for both libraries. Between them they use every primitive.</summary>
    private static readonly (Func<SmallExpr, SmallExpr> Small, Func<Expr, Expr> Real)[] s_functions =
    [
        (x => x * x * x - 2 * x, x => x * x * x - 2 * x),
        (x => SmallExpr.Sin(x) * SmallExpr.Exp(-x / 2), x => Sin(x) * Exp(-x / 2)),
        (x => x / (1 + x * x), x => x / (1 + x * x)),
        (x => SmallExpr.Log(2 + SmallExpr.Cos(x)) * SmallExpr.Sqrt(1 + x * x), x => Log(2 + Cos(x)) * Sqrt(1 + x * x)),
        (x => SmallExpr.Where(x > 0, SmallExpr.Sqrt(x) * SmallExpr.Log(x) / x, SmallExpr.Exp(x)), x => Where(x > 0, Sqrt(x) * Log(x) / x, Exp(x))),
        (x => SmallExpr.Where(x < 1, x * x, SmallExpr.Log(x - 1)) + x * SmallExpr.Where(x < 1, 0, x), x => Where(x < 1, x * x, Log(x - 1)) + x * Where(x < 1, 0, x)),
        (x => Choice(SmallExpr.Sin(x)), x => Choice(Sin(x))),
        (x => x * Small.AD.Grad(y => SmallExpr.Sin(x * y) * y)(x + 1), x => x * Functional.AD.Grad(y => Sin(x * y) * y)(x + 1)),
        (x => SmallExpr.Cos(x) * Small.AD.Diff(y => SmallExpr.Exp(SmallExpr.Sin(y)) / x)(2), x => Cos(x) * Functional.AD.Diff(y => Exp(Sin(y)) / x)(2)),
    ];

    /// <summary>The ways to differentiate up to three times: G by reverse mode, D by forward mode.</summary>
    private static readonly string[] s_nestings = ["G", "D", "GG", "GD", "DG", "DD", "GGG", "GGD", "GDG", "GDD", "DGG", "DGD", "DDG", "DDD"];

    public static TheoryData<string> Nestings => [.. s_nestings];

    [Fact]
    public void The_document_shows_every_section_of_the_source_word_for_word() =>
        Assert.Equal(SectionsOfSource(), SectionsOfDocument());

    [Fact]
    public void The_document_says_where_the_types_of_the_library_are()
    {
        var rows = Row().Matches(DocumentTests.Read(Document));
        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.Matches(
            $@"\b(class|struct|interface|enum|record) {row.Groups["type"].Value}\b",
            DocumentTests.Read($"src/Autodiff.Functional/{row.Groups["file"].Value}")));
    }

    [Property(MaxTest = 300)]
    public void Values_and_derivatives_are_those_of_the_library_at_random_points(sbyte at)
    {
        var x = at / 32.0;
        Assert.All(s_functions, function => Agreement.Near(function.Real(x), function.Small(x).Value));
        Assert.All(s_nestings, nesting => AgreesAt(x, nesting));
    }

    [Theory]
    [MemberData(nameof(Nestings))]
    public void Derivatives_are_those_of_the_library_at_kinks(string nesting)
    {
        AgreesAt(0, nesting);
        AgreesAt(1, nesting);
    }

    [Property]
    public void Gradients_of_two_arguments_are_those_of_the_library(sbyte at, sbyte to)
    {
        var (x, y) = (at / 32.0, to / 32.0);
        var (dx, dy) = Small.AD.Grad((x, y) => SmallExpr.Sin(x * y) + x / (2 + SmallExpr.Cos(y)) * x)(x, y);
        var (expectedX, expectedY) = Functional.AD.Grad((x, y) => Sin(x * y) + x / (2 + Cos(y)) * x)(x, y);
        Agreement.Near(expectedX, dx.Value);
        Agreement.Near(expectedY, dy.Value);
    }

    [Property]
    public void Perturbations_are_not_confused(sbyte at, sbyte inner)
    {
        Func<Func<SmallExpr, SmallExpr>, Func<SmallExpr, SmallExpr>>[] modes = [Small.AD.Grad, Small.AD.Diff];
        foreach (var outside in modes)
        {
            Assert.All(modes, inside => Assert.Equal(1, outside(x => x * inside(y => x + y)(inner))(at).Value));
            Assert.All(modes, inside => Assert.Equal(2 * at, outside(x => x * inside(y => x * y)(inner))(at).Value));
        }
    }

    [Theory]
    [MemberData(nameof(Nestings))]
    public void The_side_that_is_not_taken_gives_zero(string nesting)
    {
        Assert.Equal(0, Nested(nesting, x => SmallExpr.Where(x > 0, SmallExpr.Sqrt(x), 0))(0).Value);
        Assert.Equal(0, Nested(nesting, x => SmallExpr.Where(x > 0, 1 / SmallExpr.Sqrt(x * x), 0))(0).Value);
    }

    [Theory]
    [MemberData(nameof(Nestings))]
    public void Derivatives_at_a_number_are_numbers(string nesting) =>
        Assert.All(s_functions, function => Assert.Equal(Small.Op.Constant, Nested(nesting, function.Small)(0.5).Op));

    [Fact]
    public void A_derivative_at_a_variable_is_an_expression_of_it()
    {
        var x = SmallExpr.Variable("x", 0.5);
        var slope = Small.AD.Grad(SmallExpr.Sin)(x);
        Assert.Equal(Math.Cos(0.5), slope.Value);
        Assert.Equal(-Math.Sin(0.5), Small.ReverseSweep.Run(new([x], slope), 1)[0].Value);
    }

    [Fact]
    public void A_function_that_ignores_its_argument_has_derivative_zero()
    {
        var x = SmallExpr.Variable("x", 0.5);
        Assert.Equal(0, Small.AD.Grad(_ => x)(3).Value);
        Assert.Equal(0, Small.AD.Diff(_ => x)(3).Value);
        Assert.Equal(0, Small.AD.Grad(_ => 1)(3).Value);
    }

    [Fact]
    public void Sweeps_do_not_recurse_and_visit_shared_nodes_once()
    {
        const int Length = 100_000;
        Func<SmallExpr, SmallExpr> f = x =>
        {
            for (var i = 0; i < Length; i++)
            {
                x = (x + x) / 2;
            }

            return x;
        };
        Assert.Equal(1, Small.AD.Grad(f)(3).Value);
        Assert.Equal(1, Small.AD.Diff(f)(3).Value);
    }

    /// <summary>A function both of whose sides read the same node, so that each masks what flows to it.</summary>
    private static SmallExpr Choice(SmallExpr x) => SmallExpr.Where(x > 0, SmallExpr.Sqrt(x), SmallExpr.Exp(x));

    private static Expr Choice(Expr x) => Where(x > 0, Sqrt(x), Exp(x));

    private static void AgreesAt(double x, string nesting) => Assert.All(s_functions, function =>
        Agreement.Near(Nested(nesting, function.Real)(x), Nested(nesting, function.Small)(x).Value));

    private static Func<SmallExpr, SmallExpr> Nested(string nesting, Func<SmallExpr, SmallExpr> f) =>
        nesting.Aggregate(f, (g, mode) => mode == 'G' ? Small.AD.Grad(g) : Small.AD.Diff(g));

    private static Func<Expr, Expr> Nested(string nesting, Func<Expr, Expr> f) =>
        nesting.Aggregate(f, (g, mode) => mode == 'G' ? Functional.AD.Grad(g) : Functional.AD.Diff(g));

    private static List<(string Title, string Code)> SectionsOfSource() =>
    [
        .. from part in DocumentTests.Read(Source).Split("\n// ## ")[1..]
           let end = part.IndexOf('\n', StringComparison.Ordinal)
           select (part[..end], part[end..].Trim()),
    ];

    /// <summary>The headings of the document with the declarations below them, where there are any.</summary>
    private static List<(string Title, string Code)> SectionsOfDocument() =>
    [
        .. from part in DocumentTests.Read(Document).Split("\n## ")[1..]
           let code = string.Join("\n\n", Declarations().Matches(part).Select(block => block.Groups["text"].Value.Trim()))
           where code.Length > 0
           select (part[..part.IndexOf('\n', StringComparison.Ordinal)], code),
    ];

    [GeneratedRegex(@"^```csharp\n(?<text>internal .*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Declarations();

    [GeneratedRegex(@"\| `(?<type>\w+)` \| `(?<file>[\w/.]+)` \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
