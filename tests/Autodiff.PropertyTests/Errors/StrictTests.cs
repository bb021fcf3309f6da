// Strict mode: a read that a derivative would not see is an error while a scope is open, and nowhere else.

using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Errors;

public class StrictTests
{
    private sealed record Pair(Expr A, Expr B);

    public static TheoryData<string, Func<Expr, Expr>> Reads => new()
    {
        { "Value", x => x * x.Value },
        { "Value", x => x * (double)x },
        { "Value", x => x * Sin(2 * x).Value },
        { "ToArray", x => Sum(x * Stack([x, x]).ToArray()) },
        { "ToTensor", x => Sum(x * Stack([x, x]).ToTensor()) },
        { "AsSpan", x => x * x.AsSpan()[0] },
        { "CopyTo", x => x * Copied(x) },
        { "To2D", x => Sum(x * Stack([Stack([x, x])]).To2D()) },
        { "ToVector", x => Sum(x * Stack([x, x]).ToVector()) },
        { "ToMatrix", x => Sum(x * Stack([Stack([x, x])]).ToMatrix()) },
        { "Evaluate", x => x * x.Evaluate<double>() },
        { "EvaluateElements", x => Sum(x * Stack([x, x]).EvaluateElements<double>()) },
        { "Condition", x => (bool)(x > 0) ? x : -x },
        { "TryValue", x => x * x.TryValue().IfNone(0) },
        { "Condition", x => x > 0 ? x : -x },
        { "Condition", x => x > 0 && x < 3 ? x : -x },
    };

    private static double Copied(Expr x)
    {
        var copy = new double[1];
        x.CopyTo(copy);
        return copy[0];
    }

    [Theory]
    [MemberData(nameof(Reads))]
    public void A_read_under_differentiation_is_an_error_that_names_the_read_and_the_transform(string read, Func<Expr, Expr> f)
    {
        using var scope = Strict();
        foreach (var (name, use) in new (string, Func<object>)[]
        {
            ("Grad", () => Grad(f)(2)),
            ("Diff", () => Diff(f)(2)),
            ("Vjp", () => Vjp(f)(2)),
            ("Jvp", () => Jvp(f)(2, 1)),
            ("Hessian", () => Hessian(f)(2)),
            ("Taylor", () => Taylor(f, 3)(2)),
        })
        {
            var error = Assert.Throws<AutodiffException>(use);
            Assert.StartsWith($"{read}: ", error.Message, StringComparison.Ordinal);
            Assert.Contains("StopGradient(x)", error.Message, StringComparison.Ordinal);
            Assert.True(name is "Taylor" || error.Message.Contains($" {name} is differentiating", StringComparison.Ordinal), error.Message);
        }
    }

    [Theory]
    [MemberData(nameof(Reads))]
    public void Without_a_scope_the_same_read_is_none(string read, Func<Expr, Expr> f)
    {
        Assert.NotEmpty(read);
        Assert.True(double.IsFinite(Grad(f)(2).Value));
        using (Strict())
        {
        }

        Assert.True(double.IsFinite(Grad(f)(2).Value));
    }

    [Property]
    public void What_reads_nothing_or_a_constant_has_the_same_derivative_in_strict_mode(double start)
    {
        var x = double.IsFinite(start) ? Math.Clamp(start, -3, 3) : 1;
        Expr c = 1.5;
        Func<Expr, Expr> f = v => (Sin(v) * c.Value) + (v * StopGradient(v).Value) + (Root(y => (y * y * y) + y - v, 0) * Cond(v > 0, () => v, () => -v));
        var free = Hessian(f)(x).Value;
        using var scope = Strict();
        Assert.Equal(free, Hessian(f)(x).Value);
    }

    [Fact]
    public void Results_of_transforms_may_be_read()
    {
        using var scope = Strict();
        Assert.Equal(4, Grad(x => x * x)(2).Value);
        var x = Variable("x", 3.0);
        Assert.Equal(9, (x * x).Value);
        Assert.Equal(6, Backward(x * x)[x].Value);
        Assert.True(Check.Gradients(Sin, 0.5).IsSucc);
        Assert.Equal(2, ArgMin(v => Square(v - 2), 0).Value, 1e-9);
    }

    [Fact]
    public void The_argument_of_an_outer_transform_is_found_in_an_inner_one()
    {
        using var scope = Strict();
        Func<Expr, Expr> outer = x => Grad(y => y * x.Value)(1);
        Assert.Contains("Grad", Assert.Throws<AutodiffException>(() => Grad(outer)(2)).Message, StringComparison.Ordinal);

        // A leaf between the oldest and the newest one is found in the graph.
        Func<Expr, Expr> between = x =>
        {
            var named = Variable("n", 3.0);
            Expr kept = 0;
            Diff(z => kept = z * x * s_old)(1);
            return x * (kept + named).Value;
        };
        Assert.Throws<AutodiffException>(() => Grad(between)(2));
        Assert.Contains("Root", Assert.Throws<AutodiffException>(() => Grad(a => Root(x => x - (a * Math.Cos(x.Value)), 1))(0.5)).Message, StringComparison.Ordinal);
        Assert.Throws<AutodiffException>(() => Grad((Pair p) => p.A * p.B.Value)(new(1, 2)));
    }

    private static readonly Expr s_old = Variable("old", 2.0);

    [Fact]
    public void A_function_that_threw_is_not_running_any_more()
    {
        Expr? escaped = null;
        Assert.Throws<InvalidOperationException>(() => Grad(x => throw new InvalidOperationException($"{(escaped = x).Shape}"))(2));
        using var scope = Strict();
        Assert.Equal(2, escaped!.Value);
    }

    [Fact]
    public void Scopes_nest_and_end_where_they_are_disposed_of()
    {
        Func<Expr, Expr> f = x => x * x.Value;
        var outer = Strict();
        using (Strict())
        {
            Assert.Throws<AutodiffException>(() => Grad(f)(2));
        }

        Assert.Throws<AutodiffException>(() => Grad(f)(2));
        outer.Dispose();
        outer.Dispose();
        Assert.Equal(2, Grad(f)(2).Value);
    }

    [Fact]
    public async Task The_scope_reaches_what_it_starts_and_no_other_thread()
    {
        Func<Expr, Expr> f = x => x * x.Value;
        using var started = new SemaphoreSlim(0);
        using var opened = new SemaphoreSlim(0);
        var other = Task.Run(async () =>
        {
            started.Release();
            await opened.WaitAsync();
            return Grad(f)(2).Value;
        });
        await started.WaitAsync();
        using (Strict())
        {
            opened.Release();
            Assert.Equal(2, await other);
            await Assert.ThrowsAsync<AutodiffException>(() => Task.Run(() => Grad(f)(2)));
        }
    }
}
