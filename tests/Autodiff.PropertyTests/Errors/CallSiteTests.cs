// The error of a value that is missing names the place in the caller's code.

using System.Runtime.CompilerServices;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Errors;

public class CallSiteTests
{
    [Fact]
    public void The_place_is_the_line_that_asks()
    {
        AssertPlace(() => Variable("x").Value, Line());
        AssertPlace(() => (double)(Variable("x") + 1), Line());
        AssertPlace(() => Variable("x", new Shape(2)).ToArray(), Line());
        AssertPlace(() => Variable("x") > 0 ? 1 : 2, Line());
        AssertPlace(() => Compile(x => x * Math.Sin(x.Value))(1), Line());
        AssertPlace(() => Compile(Grad(x => Helper(x)))(1), s_helper);
        AssertPlace(() => Vmap(x => x * x.Value)(new double[] { 1, 2 }), Line());
        AssertPlace(() => SparseJacobian(x => x * x[0].Value)(new double[] { 1 }), Line());
        AssertPlace(() => new[] { Variable("x") }.Select(x => x.Value).Sum(), Line());
        AssertPlace(() => Numeric.Grad(Sin)(Variable("x")), Line());
    }

    [Fact]
    public void The_message_names_the_place_once_at_its_end()
    {
        var error = Assert.Throws<NotConcreteException>(() => SparseJacobian(x => x * x[0].Value)(new double[] { 1 }));
        Assert.Single(error.Message.Split("(asked for ")[1..]);
        Assert.EndsWith($" (asked for {error.Location})", error.Message, StringComparison.Ordinal);
        Assert.StartsWith("at CallSiteTests.cs:", error.Location, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_of_the_callers_own_is_kept() =>
        Assert.StartsWith("no value (asked for at CallSiteTests.cs:", new NotConcreteException("no value").Message, StringComparison.Ordinal);

    private static int s_helper;

    private static Expr Helper(Expr x)
    {
        s_helper = Line() + 1;
        return x * x.Value;
    }

    private static void AssertPlace(Func<object> use, int line)
    {
        var error = Assert.Throws<NotConcreteException>(() => use());
        Assert.Equal($"at CallSiteTests.cs:{(line == 0 ? s_helper : line)}", error.Location);
        Assert.EndsWith($"(asked for {error.Location})", error.Message, StringComparison.Ordinal);
    }

    private static int Line([CallerLineNumber] int line = 0) => line;
}
