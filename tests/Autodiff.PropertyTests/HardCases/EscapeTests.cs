// Symbols and leaves that outlive the function they were made for: an error where they are met, not a derivative of 0. What a
// transform returns may be made of its leaf, and goes on as if it were not.

using Autodiff.PropertyTests.Generators;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.HardCases;

public class EscapeTests
{
    private static readonly double[] s_items = [1, 2, 3];

    private static readonly Dictionary<string, Func<Action<Expr>, Expr>> s_leaks = new()
    {
        ["Fold"] = keep => Fold((s, x) => Kept(keep, s) + x, 0, s_items),
        ["Fold, an item"] = keep => Fold((s, x) => s + Kept(keep, x), 0, s_items),
        ["Fold, what is made of it"] = keep => Fold((s, x) => Kept(keep, s * x), 0, s_items),
        ["Scan"] = keep => Scan((s, x) => (s, Kept(keep, s)), 0, s_items).Outputs,
        ["Iterate"] = keep => Iterate(3, s => Kept(keep, s) / 2, 1),
        ["While"] = keep => While(s => s < 3, s => Kept(keep, s) + 1, 1),
        ["While, its condition"] = keep => While(s => Kept(keep, s) < 3, s => s + 1, 1),
        ["Vmap"] = keep => Vmap(x => Kept(keep, x) * x)(s_items),
        ["Vmap, under a derivative"] = keep => Vmap(Grad(x => Kept(keep, x) * x))(s_items),
        ["Compile"] = keep => Compile(x => Kept(keep, x) * x)(2),
        ["Checkpoint"] = keep => Checkpoint(x => Kept(keep, x) * x)(1),
        ["Root"] = keep => Root(x => Kept(keep, x) - 1, Variable("start")),
        ["Fold in Vmap"] = keep => Vmap(y => Fold((s, x) => Kept(keep, s) + (x * y), 0, s_items))(s_items),
    };

    public static TheoryData<string> Leaks => [.. s_leaks.Keys];

    [Theory, MemberData(nameof(Leaks))]
    public void A_symbol_that_is_used_after_its_function_is_an_error_that_says_so(string leak)
    {
        Expr? kept = null;
        s_leaks[leak](x => kept = x);
        var symbol = kept!;
        Action[] uses =
        [
            () => _ = symbol + 1,
            () => _ = Sin(symbol),
            () => _ = 2 * symbol * 3,
            () => _ = Where(1, symbol, 0),
            () => Stack([symbol, symbol]),
            () => _ = symbol.Value,
            () => symbol.ToArray(),
            () => _ = symbol > 0 ? 1 : 0,
            () => Backward(symbol),
            () => Grad(t => t * symbol)(1),
            () => Grad(_ => symbol)(1),
            () => Jvp(t => t + symbol)(1, 1),
            () => Fold((s, x) => s + symbol, 0, s_items),
            () => Fold((_, _) => symbol, 0, s_items),
            () => Vmap(_ => symbol)(s_items),
            () => Compile(_ => symbol)(1),
            () => Compile(t => t * symbol)(1),
            () => Cond(symbol, () => 1, () => 2),
        ];
        foreach (var use in uses)
        {
            var error = Assert.ThrowsAny<AutodiffException>(use);
            Assert.Contains("has returned", error.Message, StringComparison.Ordinal);
            Assert.Contains(leak.Split(' ', ',')[0], error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_variable_of_a_derivative_that_is_over_is_an_error_in_another_derivative()
    {
        Expr? kept = null;
        Grad(x => Kept(v => kept = v, x) * x)(5);
        Action[] uses =
        [
            () => Grad(x => x * kept!)(1),
            () => Grad(x => x * (kept! + 1))(1),
            () => Grad(_ => kept!)(1),
            () => Jvp(x => x * kept!)(1, 1),
            () => Diff(x => x * kept!)(1),
            () => Vjp(x => x * kept!)(1),
            () => Jacobian(x => x * kept!)(1),
            () => Hessian(x => x * x * kept!)(1),
            () => Grad(x => Grad(y => y * kept!)(x))(1),
        ];
        foreach (var use in uses)
        {
            var message = Assert.Throws<AutodiffException>(use).Message;
            Assert.Contains("Grad ran a function on", message, StringComparison.Ordinal);
            Assert.Contains("StopGradient", message, StringComparison.Ordinal);
        }

        // Its value is a number like any other.
        Assert.Equal(5, kept!.Value);
        Assert.Equal(11, (2 * kept + 1).Value);
        Assert.Equal(5, Grad(x => x * StopGradient(kept))(1).Value);
        Assert.Equal(5, Grad(x => x * kept.Value)(1).Value);
    }

    [Fact]
    public void A_compiled_function_that_captured_the_variable_of_a_derivative_serves_that_derivative_alone()
    {
        Func<Expr, Expr>? kept = null;
        Expr Cached(Expr x)
        {
            kept ??= Compile(y => x * y);
            return kept(x) + kept(2);
        }

        Assert.Equal(6, Grad(Cached)(2).Value);
        foreach (var use in (Action[])[() => Grad(Cached)(3), () => Grad(kept!)(3), () => kept!(3), () => Vmap(kept!)(s_items), () => Jvp(kept!)(1, 1)])
        {
            Assert.Contains("Grad ran a function on", Assert.Throws<AutodiffException>(use).Message, StringComparison.Ordinal);
        }

        // Within the derivative it may be called at any depth, and by derivatives inside.
        Assert.Equal(12, Grad(x =>
        {
            var product = Compile(y => x * y * y);
            return product(1) + Grad(product)(1) + Grad(y => Grad(product)(y))(1) + Sum(Vmap(product)(new double[] { 1, 2 })) + Grad(y => product(y))(1);
        })(1).Value);
    }

    [Fact]
    public void What_a_transform_returns_may_be_made_of_its_leaf()
    {
        var named = Variable("n", 2);
        var symbol = Variable("s");
        var (value, pullback) = Vjp(x => x * named)(named);
        Assert.Equal(4, Backward(value)[named].Value);
        Assert.Equal(1, Backward(pullback(1))[named].Value);
        Assert.Equal(4, Grad(t => t * value)(2).Value);
        Assert.Equal(24, Grad(s => Vjp(x => x * x)(2).Pullback(s * s))(3).Value);
        Assert.Equal(9, Grad(x => ValueAndGrad(y => x * y * y)(3).Value)(1).Value);
        Assert.Equal(150, Grad(o =>
        {
            var (y, pull) = Vjp(x => x * o)(2);
            return Grad(s => pull(s) * y)(3) * o;
        })(5).Value);
        Assert.Equal("2 * s", ValueAndGrad(y => y * symbol)(2).Value.ToString());
        Agreement.Identical(new double[] { 1, 2, 3 }, Vmap(s => Grad(u => ValueAndGrad(y => s * y * u)(1).Value)(s))(s_items));
        var (_, push) = Linearize(x => x * x)(3);
        Assert.Equal(6, Grad(t => push(t))(1).Value);
    }

    private static Expr Kept(Action<Expr> keep, Expr x)
    {
        keep(x);
        return x;
    }
}
