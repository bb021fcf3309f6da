// What is wrong with a value that is no tree: the message names the member and what to change.

using static Autodiff.Functional.AD;

namespace Autodiff.PropertyTests.Trees;

public class TreeFaultTests
{
    private sealed record Line(Expr Slope, string Name);

    private sealed record Initialised(Expr A)
    {
        public Expr Twice { get; } = A * 2;
    }

    private sealed record Computed(Expr A)
    {
        public Expr Twice => A * 2;
    }

    private sealed record Init(Expr A)
    {
        public Expr Twice { get; init; } = A * 2;
    }

    private sealed record Private(Expr A)
    {
        private readonly Expr _twice = A * 2;

        public Expr Read() => _twice;
    }

    private sealed class Closed
    {
        private readonly int _count = 1;

        public override string ToString() => $"{_count}";
    }

    private static string Error<T>(T tree) => Assert.Throws<AutodiffException>(() => Grad((T p) => (Expr)1)(tree)).Message;

    [Fact]
    public void A_plain_parameter_is_told_what_parameters_are() => Assert.Equal(
        "Grad: there is no Expr in this System.Int32 to differentiate with respect to. A parameter is an Expr, or a tuple, record, struct, list or dictionary of these.",
        Assert.Throws<AutodiffException>(() => Grad((int x) => (Expr)x)(3)).Message);

    [Fact]
    public void An_initialised_property_is_named()
    {
        Assert.EndsWith(
            "keeps expressions where they cannot be replaced. A copy with other expressions would keep the old one in the property Twice, which is given its value once and cannot be set: make it { get; init; }, or compute it whenever it is read, Twice => ….",
            Error(new Initialised(1)),
            StringComparison.Ordinal);
        Assert.Contains("in the field _twice, which is not public", Error(new Private(1)), StringComparison.Ordinal);
        Assert.Equal(3, Grad((Computed p) => p.A + p.Twice)(new(1)).A.Value);
        Assert.Equal(1, Grad((Init p) => p.A + p.Twice)(new(1)).Twice.Value);
    }

    [Fact]
    public void The_members_that_were_looked_at_are_named()
    {
        Assert.EndsWith(
            "It is looked for in public properties and fields: Slope (Autodiff.Functional.Expr, null), Name (System.String); one of them must be an Expr, or a tuple, record, struct, list or dictionary of these.",
            Error(new Line(null!, "a")),
            StringComparison.Ordinal);
        Assert.Contains("Closed has none that can be read. Make them public; in a program that is trimmed", Error(new Closed()), StringComparison.Ordinal);
        Assert.EndsWith("It is empty, or its items hold none.", Error(new List<Expr>()), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_is_said_by_every_operation_that_needs_expressions()
    {
        foreach (var (operation, use) in new (string, Func<object>)[]
        {
            ("Compile", () => Compile((Line p) => p.Slope)(new(null!, "a"))),
            ("CompileFor", () => CompileFor((Line p) => p.Slope, new Line(null!, "a"))),
            ("Iterate", () => Iterate(3, p => p, new Line(null!, "a"))),
            ("Vjp", () => Vjp((Expr x) => new Line(null!, "a"))(1)),
        })
        {
            var message = Assert.Throws<AutodiffException>(use).Message;
            Assert.StartsWith($"{operation}: there is no Expr in ", message, StringComparison.Ordinal);
            Assert.Contains("Slope (Autodiff.Functional.Expr, null)", message, StringComparison.Ordinal);
        }
    }
}
