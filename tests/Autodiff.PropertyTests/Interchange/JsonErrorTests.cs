// Documents that are wrong: each is refused with an error that says where, and nothing in a document is run when it is read.

using System.Globalization;
using System.Text.Json;
using Autodiff.PropertyTests.Errors;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Interchange;

public class JsonErrorTests
{
    private const string X = """{"op":"Variable","name":"x"}""";
    private const string V = """{"op":"Variable","name":"v","shape":[3]}""";
    private const string M = """{"op":"Variable","name":"m","shape":[2,2]}""";
    private const string Step = """{"parameters":[[]],"nodes":[{"op":"Sin","of":[0]}],"results":[1]}""";
    private const string Loop = $$$"""{"op":"Loop","operation":"Iterate","states":1,"items":0,"steps":3,"stride":1,"step":{{{Step}}}}""";

    /// <summary>A document, and what the error must say.</summary>
    public static TheoryData<string, string[]> Wrong => new()
    {
        { "", ["JSON"] },
        { "{", ["JSON"] },
        { "\ud800", ["JSON"] },
        { "null", ["document", "null", "an object"] },
        { "[]", ["document", "a list"] },
        { "{}", ["document.format", "missing"] },
        { """{"format":1}""", ["document.format", "a number"] },
        { """{"format":"\ud800"}""", ["document.format", "Unicode"] },
        { """{"format":"other"}""", ["document.format", "\"other\""] },
        { """{"format":"Autodiff.Functional expression","version":2,"programs":[],"nodes":[],"result":0}""", ["document.version", "newer"] },
        { """{"format":"Autodiff.Functional expression","version":"1"}""", ["document.version", "whole number"] },
        { """{"format":"Autodiff.Functional expression","version":1,"programs":{},"nodes":[],"result":0}""", ["document.programs", "a list"] },
        { Nodes(), ["document.result", "nothing"] },
        { Document("", X, 1), ["document.result", "from 0 to 0"] },
        { Document("", X, 0).Replace("\"result\"", "\"more\":1,\"result\"", StringComparison.Ordinal), ["document", "6 fields"] },
        { Document("", X, 0).Replace("\"result\"", "\"result\":0,\"result\"", StringComparison.Ordinal), ["document", "twice"] },
        { Nodes("3"), ["nodes[0]", "a number"] },
        { Nodes("""{"of":[0]}"""), ["nodes[0].op", "missing"] },
        { Nodes("""{"op":"Sine"}"""), ["nodes[0].op", "\"Sine\""] },
        { Nodes("""{"op":"14","of":[0]}"""), ["nodes[0].op", "\"14\""] },
        { Nodes(X, """{"op":"Sin","of":[1]}"""), ["nodes[1].of[0]", "from 0 to 0"] },
        { Nodes(X, """{"op":"Add","of":[0,2]}""", X), ["nodes[1].of[1]"] },
        { Nodes(X, """{"op":"Sin","of":[-1]}"""), ["nodes[1].of[0]"] },
        { Nodes(X, """{"op":"Sin","of":[0.5]}"""), ["nodes[1].of[0]"] },
        { Nodes(X, """{"op":"Sin","of":["0"]}"""), ["nodes[1].of[0]"] },
        { Nodes(X, """{"op":"Sin","of":0}"""), ["nodes[1].of", "a list"] },
        { Nodes(X, """{"op":"Sin"}"""), ["nodes[1].of", "0 operands"] },
        { Nodes(X, """{"op":"Sin","of":[0,0]}"""), ["nodes[1].of", "2 operands"] },
        { Nodes(X, """{"op":"Sin","of":[0],"axis":0}"""), ["nodes[1]", "3 fields"] },
        { Nodes(X, """{"op":"Sin","of":[0],"value":1}"""), ["nodes[1].value", "symbolic"] },
        { Nodes("""{"op":"Constant"}"""), ["nodes[0].value", "missing"] },
        { Nodes("""{"op":"Constant","value":"one"}"""), ["nodes[0].value", "number"] },
        { Nodes("""{"op":"Constant","value":1e999}"""), ["nodes[0].value", "number"] },
        { Nodes("""{"op":"Constant","value":"NaN:3ff0000000000000"}"""), ["nodes[0].value", "number"] },
        { Nodes("""{"op":"Constant","shape":[2],"value":[1]}"""), ["nodes[0].value", "1 elements", "(2)"] },
        { Nodes("""{"op":"Constant","shape":[2],"value":[1,"x"]}"""), ["nodes[0].value[1]", "number"] },
        { Nodes("""{"op":"Constant","shape":[2],"value":3}"""), ["nodes[0].value", "a number"] },
        { Nodes("""{"op":"Constant","shape":[2],"value":{"fill":1,"base64":[]}}"""), ["nodes[0].value", "2 fields"] },
        { Nodes("""{"op":"Constant","shape":[1],"value":{"base64":["AAAA"]}}"""), ["nodes[0].value.base64", "bytes"] },
        { Nodes("""{"op":"Constant","shape":[1],"value":{"base64":["??"]}}"""), ["nodes[0].value.base64", "bytes"] },
        { Nodes("""{"op":"Constant","shape":[1000000000],"value":{"base64":[]}}"""), ["nodes[0].value.base64", "0 elements"] },
        { Nodes("""{"op":"Constant","shape":[-1],"value":1}"""), ["nodes[0].shape[0]"] },
        { Nodes("""{"op":"Constant","shape":[100000,100000],"value":{"fill":1}}"""), ["nodes[0].shape", "elements"] },
        { Nodes("""{"op":"Constant","shape":[99999999999],"value":{"fill":1}}"""), ["nodes[0].shape[0]"] },
        { Nodes("""{"op":"Variable","name":" "}"""), ["nodes[0].name", "blank"] },
        { Nodes("""{"op":"Variable"}"""), ["nodes[0].name", "missing"] },
        { Nodes("""{"op":"Variable","name":7}"""), ["nodes[0].name", "a number"] },
        { Nodes("""{"op":"Constant","value":2}""", """{"op":"Variable","name":"y","of":[0]}""", """{"op":"Sin","of":[1]}"""), ["nodes[2].value", "missing"] },
        { Nodes(X, V, M, """{"op":"Add","of":[1,2]}"""), ["nodes[3]", "(3)", "(2, 2)"] },
        { Nodes(V, """{"op":"Sum","axes":[1],"of":[0]}"""), ["nodes[1].axes[0]"] },
        { Nodes(M, """{"op":"Sum","axes":[1,0],"of":[0]}"""), ["nodes[1].axes", "ascend"] },
        { Nodes(X, """{"op":"Sum","axes":[0],"of":[0]}"""), ["nodes[1].axes[0]", "nothing"] },
        { Nodes(V, """{"op":"Sum","of":[0]}"""), ["nodes[1].axes", "missing"] },
        { Nodes(V, """{"op":"Sum","axes":[0],"keepDims":1,"of":[0]}"""), ["nodes[1].keepDims", "true or false"] },
        { Nodes("""{"op":"Variable","name":"e","shape":[0]}""", """{"op":"MaxOf","axes":[0],"of":[0]}"""), ["nodes[1]", "MaxOf"] },
        { Nodes(V, """{"op":"Reshape","shape":[2],"of":[0]}"""), ["nodes[1]", "Reshape"] },
        { Nodes(V, """{"op":"Reshape","shape":[3],"of":[0]}"""), ["nodes[1].op", "no Reshape"] },
        { Nodes(V, """{"op":"BroadcastTo","shape":[3,2],"of":[0]}"""), ["nodes[1]", "(3, 2)"] },
        { Nodes(M, """{"op":"Permute","order":[0,0],"of":[0]}"""), ["nodes[1]", "twice"] },
        { Nodes(V, """{"op":"Slice","position":3,"of":[0]}"""), ["nodes[1].position"] },
        { Nodes(M, """{"op":"Slice","position":0,"of":[0]}"""), ["nodes[1].position", "vector"] },
        { Nodes(M, """{"op":"Slice","starts":[0,1],"lengths":[2,2],"shape":[2,2],"of":[0]}"""), ["nodes[1].lengths", "no part"] },
        { Nodes(M, """{"op":"Slice","starts":[0,0],"lengths":[2,1],"shape":[3],"of":[0]}"""), ["nodes[1].lengths", "no part"] },
        { Nodes(M, """{"op":"Slice","starts":[2147483647,0],"lengths":[2147483647,1],"shape":[2],"of":[0]}"""), ["nodes[1].lengths", "no part"] },
        { Nodes(V, """{"op":"Take","axis":0,"positions":[3],"of":[0]}"""), ["nodes[1].positions[0]"] },
        { Nodes(V, """{"op":"Take","position":1,"of":[0]}"""), ["nodes[1].op", "no Take"] },
        { Nodes(X, """{"op":"Scatter","shape":[3],"places":[{"position":3}],"of":[0]}"""), ["nodes[1].places[0].position"] },
        { Nodes(V, """{"op":"Scatter","shape":[3],"places":[{"position":1}],"of":[0]}"""), ["nodes[1].places[0]", "shape"] },
        { Nodes(X, """{"op":"Scatter","shape":[3],"places":[],"of":[0]}"""), ["nodes[1].places", "0 for 1"] },
        { Nodes(V, """{"op":"Concat","axis":0,"of":[0]}"""), ["nodes[1].op", "no Concat"] },
        { Nodes(V, M, """{"op":"Stack","axis":0,"of":[0,1]}"""), ["nodes[2]", "Stack"] },
        { Nodes(V, """{"op":"Stack","axis":7,"of":[0]}"""), ["nodes[1]", "axis 7"] },
        { Nodes("""{"op":"Variable","name":"w","shape":[2000000000]}""", """{"op":"Concat","axis":0,"of":[0,0,0]}"""), ["nodes[1].of", "too long"] },
        { Nodes(V, """{"op":"Einsum","axes":"i","of":[0]}"""), ["nodes[1].axes"] },
        { Nodes(V, """{"op":"Einsum","axes":"ij->i","of":[0]}"""), ["nodes[1].axes", "(3)"] },
        { Nodes(V, M, """{"op":"Einsum","axes":"i,ij->j","of":[0,1]}"""), ["nodes[2].axes", "(2, 2)"] },
        { Nodes(V, """{"op":"Einsum","axes":"i->ik","of":[0]}"""), ["nodes[1].lengths", "missing"] },
        { Nodes(V, """{"op":"Einsum","axes":"i->i...","of":[0]}"""), ["nodes[1].axes", "letters"] },
        { Nodes(V, """{"op":"Det","of":[0]}"""), ["nodes[1]", "square"] },
        { Nodes(V, """{"op":"Svd","of":[0]}"""), ["nodes[1]", "matri"] },
        { Nodes("""{"op":"Variable","name":"m","shape":[3,2]}""", """{"op":"Expm","of":[0]}"""), ["nodes[1]", "directions"] },
        { Nodes(M, V, """{"op":"Solve","of":[0,1]}"""), ["nodes[2]", "(3)"] },
        { Nodes(M, M, V, """{"op":"Solve","of":[0,1,2]}"""), ["nodes[3].of", "factors"] },
        { Nodes("""{"op":"Constant","value":-1}""", X, """{"op":"Polygamma","of":[0,1]}"""), ["nodes[2].of", "order"] },
        { Nodes("""{"op":"Constant","value":0.5}""", X, """{"op":"BesselJ","of":[0,1]}"""), ["nodes[2].of", "order"] },
        { Nodes(X, X, """{"op":"Polygamma","of":[0,1]}"""), ["nodes[2].of", "order"] },
        { Nodes(X, """{"op":"Defined","name":"f","of":[0]}"""), ["nodes[1].op", "code"] },
        { Nodes(X, """{"op":"Loop","program":0,"of":[0]}"""), ["nodes[1].program", "no programs"] },
        { Document("""{"op":"Sin"}""", X, 0), ["programs[0].op", "computations"] },
        { Document(Loop, X + ",{\"op\":\"Cond\",\"program\":0,\"of\":[0]}", 1), ["nodes[1].program", "no Cond"] },
        { Document(Loop, X + ",{\"op\":\"Loop\",\"program\":1,\"of\":[0]}", 1), ["nodes[1].program"] },
        { Document(Loop, V + ",{\"op\":\"Loop\",\"program\":0,\"of\":[0]}", 1), ["nodes[1].of", "(3)", "()"] },
        { Document(Loop, X + ",{\"op\":\"Loop\",\"program\":0,\"of\":[]}", 1), ["nodes[1].of"] },
        { Document(Loop.Replace("\"steps\":3", "\"steps\":-3", StringComparison.Ordinal), X, 0), ["programs[0].steps"] },
        { Document(Loop.Replace("\"stride\":1", "\"stride\":0", StringComparison.Ordinal), X, 0), ["programs[0].stride"] },
        { Document(Loop.Replace("\"states\":1", "\"states\":2", StringComparison.Ordinal), X, 0), ["programs[0].states"] },
        { Document(Loop.Replace("\"states\":1", "\"states\":1,\"more\":1", StringComparison.Ordinal), X, 0), ["programs[0]", "fields"] },
        { Document(Loop.Replace("[0]}]", "[1]}]", StringComparison.Ordinal), X, 0), ["programs[0].step.nodes[0].of[0]"] },
        { Document(Loop.Replace("\"results\":[1]", "\"results\":[2]", StringComparison.Ordinal), X, 0), ["programs[0].step.results[0]"] },
        { Document(Loop.Replace("[[]]", "[[2]]", StringComparison.Ordinal).Replace("Sin", "Norm", StringComparison.Ordinal).Replace("\"of\"", "\"axes\":[0],\"of\"", StringComparison.Ordinal), X, 0), ["programs[0].step", "state"] },
        { Document(Loop.Replace("""{"op":"Sin","of":[0]}""", X, StringComparison.Ordinal), X, 0), ["programs[0].step.nodes[0].name", "program"] },
        { Document(Loop.Replace("""{"op":"Sin","of":[0]}""", """{"op":"Loop","program":0,"of":[0]}""", StringComparison.Ordinal), X, 0), ["programs[0].step.nodes[0].program", "no programs"] },
        { Document("""{"op":"LoopAdjoint","loop":0}""", X, 0), ["programs[0].loop"] },
        { Document($$$"""{"op":"Cond","operation":"Cond","then":{{{Step}}},"otherwise":{"parameters":[],"nodes":[{"op":"Constant","value":1}],"results":[0]}}""", X, 0), ["programs[0].otherwise", "parameters"] },
        { Document($$"""{"op":"Root","operation":"Root","search":"Mine","problem":{{Step}}}""", X, 0), ["programs[0].search", "Mine"] },
        { Document($$"""{"op":"Root","operation":"ArgMin","search":"Descent","problem":{{Step}}}""", X, 0), ["programs[0].problem", "results"] },
        { Document($$"""{"op":"Call","operation":"f","function":{{Step}},"rule":{{Step}},"arguments":1}""", X, 0), ["programs[0].rule", "parameters"] },
        { Document($$$"""{"op":"Call","operation":"f","function":{{{Step}}},"compile":{"threads":0}}""", X, 0), ["programs[0].compile.threads"] },
        { Document($$"""{"op":"MatrixFunction","directions":-1,"function":{{Step}}}""", X, 0), ["programs[0].directions"] },
        { Document($$"""{"op":"MatrixFunction","directions":0,"function":{{Step}}}""", V + ",{\"op\":\"MatrixFunction\",\"program\":0,\"of\":[0]}", 1), ["nodes[1]", "square"] },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_document_is_an_error_that_says_where(string document, string[] says)
    {
        var error = Record.Exception(() => FromJson(document));
        Assert.True(error?.GetType() == typeof(AutodiffException), $"{document}: {error}");
        Assert.StartsWith("FromJson: ", error!.Message, StringComparison.Ordinal);
        Assert.All(says, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        if (!document.Contains('\ud800', StringComparison.Ordinal) && document is not ("null" or "[]"))
        {
            Assert.IsType<JsonException>(Record.Exception(() => JsonSerializer.Deserialize<Expr>(document)));
        }
    }

    [Fact]
    public void What_is_right_beside_these_is_read()
    {
        Assert.Equal("sin(x)", FromJson(Nodes(X, """{"op":"Sin","of":[0]}""")).ToFormula());
        Assert.Equal(Math.Sin(Math.Sin(Math.Sin(1))), FromJson(Document(Loop, X + ",{\"op\":\"Loop\",\"program\":0,\"of\":[0]}", 1), Variable("x")) is var loop ? loop.Substitute((loop.Operands[0], 1)).Value : 0);
    }

    /// <summary>A loop that would never end, and a tensor that would fill the memory, are data.</summary>
    [Fact]
    public void Nothing_is_run_or_allocated_when_a_document_is_read()
    {
        var endless = Loop.Replace("\"steps\":3", "\"steps\":2000000000", StringComparison.Ordinal);
        var read = FromJson(Document(endless, """{"op":"Constant","value":1},{"op":"Variable","name":"x","of":[0]},{"op":"Loop","program":0,"of":[1],"value":7}""", 2));
        Assert.Equal(7, read.Value);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var large = FromJson(Nodes("""{"op":"Constant","shape":[2000000000],"value":{"fill":1}}""", """{"op":"Variable","name":"x","of":[0]}""", """{"op":"Exp","of":[1],"value":{"fill":2}}"""));
        Assert.Equal(new Shape(2_000_000_000), large.Shape);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000_000);
    }

    [Fact]
    public void What_cannot_be_saved_is_an_error_that_names_it()
    {
        var x = Variable("x");
        Example[] examples =
        [
            Example.Of<AutodiffException>(() => Primitive.Define("softsign", v => v / (1 + Math.Abs(v)), (v, y) => y)(x).ToJson(), ["ToJson", "softsign", "Primitive.Define"]),
            Example.Of<AutodiffException>(() => Iterate(2, Primitive.Define("softsign", v => v, (v, y) => y), x).ToJson(), ["ToJson", "softsign"]),
            Example.Of<AutodiffException>(() => Root(v => v - x, x, (f, start) => start).ToJson(), ["ToJson", "Root", "solver"]),
            Example.Of<AutodiffException>(() => Variable("\ud800").ToJson(), ["ToJson", "Unicode"]),
            Example.Of<AutodiffException>(() => FromJson(x.ToJson(), x, Variable("x")), ["FromJson", "two variables", "x"]),
            Example.Of<AutodiffException>(() => FromJson(x.ToJson(), Variable("x", 1)), ["FromJson", "symbolic"]),
            Example.Of<AutodiffException>(() => FromJson(x.ToJson(), x + 1), ["FromJson", "Add"]),
            Example.Of<AutodiffException>(() => FromJson(x.ToJson(), Variable("x", new Shape(2))), ["FromJson", "nodes[0].shape", "(2)"]),
            Example.Of<AutodiffException>(() => FromJson(new MemoryStream([1, 2])), ["FromJson", "JSON"]),
        ];
        Assert.All(examples, example =>
        {
            var error = example.Caught();
            Assert.True(error?.GetType() == example.Error, $"{example.Text}: {error}");
            Assert.All(example.Says, part => Assert.Contains(part, error!.Message, StringComparison.Ordinal));
        });
    }

    [Fact]
    public void A_hundred_thousand_changed_documents_are_read_or_refused()
    {
        var (x, m, v) = (Variable("x"), Variable("m", new Shape(2, 2)), Variable("v", new Shape(20)));
        var named = Variable("y", new[] { 0.5, 2, -1 });
        string[] documents =
        [
            (Sin(x) * Exp(x) / 3).ToJson(),
            Sum(Solve(m, MatMul(m, m)) + Expm(m)[..1, ..]).ToJson(),
            Grad(t => Iterate(3, s => Sin(s) * t, t))(x).ToJson(),
            Cond(x > 0, () => Norm(v), () => Sum(Take(v, [1, 3]) + v[2..4])).ToJson(),
            Grad(t => Sum(CustomVjp(s => (s * s, flow => 2 * flow))(t)))(v).ToJson(),
            Backward(Sum(LogSumExp(named) * named))[named].ToJson(),
            ArgMin(s => Pow(s - x, 2), x).ToJson(),
            (Expr.Constant([.. Enumerable.Range(0, 20).Select(i => i / 7.0)], new Shape(20)) * v).ToJson(),
            MatrixFunction(t => Exp(t * x), m).ToJson(),
        ];
        var random = new Random(7);
        var (refused, read) = (0, 0);
        for (var i = 0; i < 100_000; i++)
        {
            var text = Changed(random, documents[i % documents.Length]);
            try
            {
                _ = FromJson(text).ToJson();
                read++;
            }
            catch (AutodiffException)
            {
                refused++;
            }
            catch (Exception foreign)
            {
                Assert.Fail($"{foreign}\n{text}");
            }
        }

        Assert.True(refused > 10_000 && read > 1000, $"{refused} refused, {read} read.");
    }

    /// <summary>A text with one to three changes: a number or a word replaced, or characters left out, doubled or exchanged.</summary>
    private static string Changed(Random random, string text)
    {
        string[] numbers = ["0", "1", "2", "-1", "7", "2147483647", "99999999999", "1e999", "0.5", "null", "[]", "{}", "\"x\"", "true"];
        for (var change = random.Next(1, 4); change > 0; change--)
        {
            var at = random.Next(text.Length);
            var length = Math.Min(random.Next(1, 12), text.Length - at);
            var digit = text.AsSpan(at).IndexOfAnyInRange('0', '9');
            text = random.Next(6) switch
            {
                0 => text[..at] + text[(at + length)..],
                1 => text[..(at + length)] + text[at..],
                2 => text[..at] + (char)random.Next(32, 127) + text[(at + 1)..],
                3 => Swapped(text, random.Next(text.Length), random.Next(text.Length)),
                _ when digit >= 0 => text[..(at + digit)] + numbers[random.Next(numbers.Length)] + text[(at + digit + 1)..].TrimStart("0123456789".ToCharArray()),
                _ => text.Replace("Sin", "Cos", StringComparison.Ordinal),
            };
        }

        return text;
    }

    /// <summary>The text with two of its lists of numbers exchanged.</summary>
    private static string Swapped(string text, int first, int second)
    {
        var (a, b) = (text.IndexOf('[', Math.Min(first, second)), text.IndexOf('[', Math.Max(first, second)));
        var (endOfA, endOfB) = (a < 0 ? -1 : text.IndexOf(']', a), b < 0 ? -1 : text.IndexOf(']', b));
        return endOfA < 0 || endOfB < 0 || endOfA >= b ? text : text[..a] + text[b..(endOfB + 1)] + text[(endOfA + 1)..b] + text[a..(endOfA + 1)] + text[(endOfB + 1)..];
    }

    private static string Nodes(params string[] nodes) => Document("", string.Join(',', nodes), Math.Max(nodes.Length - 1, 0));

    private static string Document(string programs, string nodes, int result) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"format":"Autodiff.Functional expression","version":1,"programs":[{{programs}}],"nodes":[{{nodes}}],"result":{{result}}}""");
}
