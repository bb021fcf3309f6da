// Any text is read or is a ParseException, in time that grows with its length alone; no formula is too deep.

using System.Diagnostics;
using System.Text;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Parsing;

public class HostileTextTests
{
    private const int Texts = 34_000;

    private static readonly string[] s_formulas =
    [
        "let t1 = exp(x)\nt1 / (1 + t1)", "sum(A, axis: 0, keepdims: true)[.., 1..2]", "scatter((3), [1]: x, [1..]: v[..2])", "fold((s, x) => s * x + y, 1, v)",
        "while(s => s < y, s => s * 2, x, limit: 10)", "cond(x > 0, sqrt(x), (-x)^2)", "einsum(\"ij,jk->ik\", A, transpose(A))", "concat([v, [1, -2e3, NaN]], axis: 0)",
        "matrixfunction(x => sqrt(x), matmul(A, transpose(A)))", "2*x² + sin²x - √|y| ≤ π", "take(A, [1, 0], axis: 1)", "`weight 1` * polygamma(2, x)", "root(x => x * x - y, 2)",
        "reshape(broadcastto(v, (2, 3)), (3, 2))", "solvetriangular([[1, 2], [3, 4]], x, lower: false, unitdiagonal: true)", "iterate(3, (s1, s2) => (s2, s1 * w), (x, w))[1]",
        "expm(A[.., ..2]) + inverse([[1, 2], [2, 1]], nanwheresingular: true)", "besselj(2, x) + gaussian(1, 0.5, x) + lognormalcdfderivative(2, x)", "checkpoint(sin(x)) + where(x, y, 1)", "iterate(2, s => { let t1 = s * x; t1 + t1 }, y)",
    ];

    private static readonly string[] s_words =
    [
        .. "+ - * / ^ ( ) [ ] { } | , : ; . .. … => = == < <= ≥ √ ² ⁻¹ \n ' ` \" x y v A e π ∞ 0 1 2 3 1e3 1e-9 let true false axis keepdims sin sum fold iterate cond root solve einsum reshape".Split(' '),
    ];

    private static readonly ParseOptions[] s_options = [new(), new() { ImplicitMultiplication = true }, new() { GivenVariablesOnly = true }];
    private static readonly Expr[] s_variables = [Variable("v", new Shape(3)), Variable("A", new Shape(2, 3)), Variable("x"), Variable("y", 2.0)];

    [Fact]
    public void Mutated_formulas_are_read_or_are_errors()
    {
        var random = new Random(1);
        for (var i = 0; i < Texts; i++)
        {
            var text = new StringBuilder(s_formulas[random.Next(s_formulas.Length)]);
            for (var mutations = random.Next(1, 5); mutations > 0 && text.Length > 0; mutations--)
            {
                var place = random.Next(text.Length);
                switch (random.Next(4))
                {
                    case 0:
                        text.Remove(place, Math.Min(random.Next(1, 4), text.Length - place));
                        break;
                    case 1:
                        text.Insert(place, s_words[random.Next(s_words.Length)]);
                        break;
                    case 2:
                        text[place] = text[random.Next(text.Length)];
                        break;
                    default:
                        text.Insert(place, text.ToString(place, random.Next(text.Length - place)));
                        break;
                }
            }

            Read(text.ToString(), i);
        }
    }

    [Fact]
    public void Random_words_are_read_or_are_errors()
    {
        var random = new Random(2);
        for (var i = 0; i < Texts; i++)
        {
            var words = Enumerable.Range(0, random.Next(1, 12)).Select(_ => s_words[random.Next(s_words.Length)]);
            Read(string.Join(random.Next(2) == 0 ? "" : " ", words), i);
        }
    }

    [Fact]
    public void Random_characters_are_errors_or_are_read()
    {
        var random = new Random(3);
        for (var i = 0; i < Texts; i++)
        {
            Read(new string([.. Enumerable.Range(0, random.Next(1, 20)).Select(_ => (char)(random.Next(3) == 0 ? random.Next(0x10000) : random.Next(128)))]), i);
        }
    }

    public static TheoryData<string, bool> Deep
    {
        get
        {
            static string Times(string text, int count) => new StringBuilder().Insert(0, text, count).ToString();
            const int deep = 100_000;
            return new()
            {
                { Times("(", deep) + "x" + Times(")", deep), true },
                { Times("(", 1_000_000), false },
                { Times(")", 1_000_000), false },
                { Times("[", 1_000_000), false },
                { Times("|", 1_000_000), false },
                { Times("{", 1_000_000), false },
                { Times("{", deep) + "x" + Times("}", deep), true },
                { Times("{let a=", deep), false },
                { Times("-", 1_000_000) + "x", true },
                { Times("-+*/^", 200_000), false },
                { "x" + Times("+x", 500_000), true },
                { "x" + Times("^x", 500_000), true },
                { Times("sin ", deep) + "x", true },
                { Times("sin(", deep) + "x" + Times(")", deep), true },
                { Times("√", deep) + "x", true },
                { "x" + Times("²", 100), false },
                { "x" + Times("[0]", deep), false },
                { Times("cond(x, ", deep), false },
                { Times("cond(x, ", 1000) + "1" + Times(", 2)", 1000), false },
                { Times("iterate(2, s => ", 60) + "s" + Times(", x)", 60), true },
                { "sum(" + Times("x => ", deep) + "x)", false },
                { "sum(" + Times("a: ", deep) + "x)", false },
                { "v[" + Times("..", deep) + "]", false },
                { "[" + Times("1,", 1_000_000) + "1] * x", true },
                { Times("1", 1_000_000), false },
                { Times("a", 1_000_000), true },
                { Times("a", 1_000_000) + "(x)", false },
                { Times("let t1 = x\n", deep), false },
                { Times("\n", 1_000_000) + "x", true },
                { Times("x ", deep), false },
                { Times("x<", deep), false },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Deep), DisableDiscoveryEnumeration = true)]
    public void No_text_is_too_deep(string text, bool isFormula)
    {
        var watch = Stopwatch.StartNew();

        Assert.Equal(isFormula, Read(text, 0));

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{text.AsSpan(0, 10)}… took {watch.Elapsed}.");
    }

    [Fact]
    public void A_formula_of_100_000_nodes_is_printed_and_read_in_a_moment()
    {
        Expr[] terms = [Variable("x"), Variable("y")];
        var random = new Random(4);
        var recent = new List<Expr>(terms);
        for (var i = 0; i < 100_000; i++)
        {
            var (a, b) = (recent[^(1 + random.Next(Math.Min(recent.Count, 20)))], recent[^(1 + random.Next(Math.Min(recent.Count, 20)))]);
            recent.Add(random.Next(4) switch { 0 => a + b, 1 => a * b, 2 => Sin(a), _ => a - (2 * b) });
        }

        var sum = recent.Skip(recent.Count - 30).Aggregate((Expr)0, (total, term) => total + term);
        var watch = Stopwatch.StartNew();
        var text = sum.ToFormula();
        var printed = watch.Elapsed;
        watch.Restart();
        var read = Parse(text, terms);
        var taken = watch.Elapsed;

        Assert.Equal(text, read.ToFormula());
        Assert.True(printed < TimeSpan.FromSeconds(5) && taken < TimeSpan.FromSeconds(5), $"printed in {printed}, read in {taken}, {text.Length} characters");
    }

    /// <summary>Whether a text is a formula; anything but a ParseException fails.</summary>
    private static bool Read(string text, int seed)
    {
        try
        {
            return Parse(text, s_options[seed % s_options.Length], s_variables) is not null;
        }
        catch (ParseException)
        {
            return false;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            throw new InvalidOperationException($"{(text.Length < 500 ? text : text[..500])}: {error.GetType()}: {error.Message}", error);
        }
    }
}
