// Cond: only the branch that is taken is computed, and the derivative is that of this branch.

using Autodiff.PropertyTests.Generators;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.LoopsAndBranches;

public class CondTests
{
    [Theory]
    [InlineData(2.0, 3, 1)]
    [InlineData(-2.0, -4, 2)]
    public void The_value_and_the_derivative_are_those_of_the_branch_that_is_taken(double x, double value, double slope)
    {
        static Expr F(Expr x) => Cond(x > 0, () => x + 1, () => x * 2);
        Assert.Equal(value, F(x).Value);
        Assert.Equal(slope, Grad(F)(x).Value);
        Assert.Equal(slope, Diff(F)(x).Value);

        var symbol = Variable("x");
        var y = F(symbol);
        Assert.Equal(Op.Cond, y.Op);
        Assert.Equal(value, y.Substitute((symbol, x)).Value);
        Assert.Equal(slope, Backward(y)[symbol].Substitute((symbol, x)).Value);
        Assert.Equal(slope, Jvp(F)(symbol, 1).Tangent.Substitute((symbol, x)).Value);
    }

    [Fact]
    public void A_named_value_that_is_exchanged_for_another_takes_the_other_branch()
    {
        var x = Variable("x", 2.0);
        var y = Cond(x > 0, () => Sin(x), () => x * x);
        Assert.Equal(Math.Sin(2), y.Value, 1e-15);
        Assert.Equal(9, y.Substitute((x, -3)).Value);
        Assert.Equal(Math.Cos(2), Backward(y)[x].Value, 1e-15);
        Assert.Equal(-6, Backward(y, keepGraph: true)[x].Substitute((x, -3)).Value);
        Assert.Equal(2, Backward(Backward(y, keepGraph: true)[x], keepGraph: true)[x].Substitute((x, -3)).Value);
    }

    [Fact]
    public void A_branch_that_cannot_run_does_no_harm_where_a_named_value_takes_the_other()
    {
        var x = Variable("x", 0.0);
        Func<Expr>[] branches =
        [
            () => While(s => s < 10, s => s * 2, x),
            () => While(s => s < 10, s => s * 2, -1.0) + x,
            () => Solve(x * Eye(2), Ones(2))[0],
            () => Iterate(2, s => s + Inverse(x * Eye(2))[0, 0], x),
            () => Solve(Zeros(2, 2), Ones(2))[0] * x,
            () => Root(s => (s * s) - x + 1, 1),
            () => Grad(v => Det(Inverse(v * Eye(2))))(x),
            () => CustomVjp(v => (Solve(v * Eye(2), Ones(2))[0], z => z))(x),
            () => Compile(v => Solve(v * Eye(2), Ones(2))[0])(x),
            () => Compile(v => Solve(v * Eye(2), Ones(2))[0])(0.0),
            () => Vmap(v => Solve(v * Eye(2), Ones(2))[0])(x * Ones(3))[0],
            () => Cond(x > -1, () => Cholesky((x - 1) * Eye(2))[0, 0], () => x),
        ];
        foreach (var branch in branches)
        {
            var y = Cond(x > 0, branch, () => Exp(x));
            Assert.Equal(1, y.Value);
            Assert.Equal(1, Backward(y)[x].Value);
            Assert.Equal(1, Backward(Backward(y, keepGraph: true)[x])[x].Value);
            Assert.Equal(1, Grad(t => Cond(x + t > -1, () => Exp(t), branch))(0).Value);
            Assert.Equal(Math.Exp(-3), y.Substitute((x, -3)).Value, 1e-15);
        }
    }

    [Fact]
    public void A_branch_that_was_put_off_runs_when_a_named_value_is_exchanged()
    {
        var x = Variable("x", 0.0);
        var y = Cond(x > 0, () => While(s => s < 10, s => s * 2, x) + Solve(x * Eye(2), Ones(2))[0], () => x);
        Assert.Equal(0, y.Value);
        Assert.Equal(12 + (1.0 / 3), y.Substitute((x, 3)).Value, 1e-15);
        Assert.Equal(4 - (1.0 / 9), Backward(y, keepGraph: true)[x].Substitute((x, 3)).Value, 1e-15);
    }

    [Fact]
    public void Only_the_branch_that_is_taken_is_computed()
    {
        var (thens, others) = (0, 0);
        var then = Primitive.Define("then", x => thens++ * 0 + x, (x, y) => 1);
        var otherwise = Primitive.Define("otherwise", x => others++ * 0 + x, (x, y) => 1);
        Expr F(Expr x) => Cond(x > 0, () => then(x), () => otherwise(x));

        Assert.Equal(1, F(1).Value);
        Assert.Equal(1, Grad(F)(1).Value);
        Assert.Equal(0, others);

        var symbol = Variable("x");
        var (y, slope) = (F(symbol), Grad(F)(symbol));
        (thens, others) = (0, 0);
        Assert.Equal(-1, y.Substitute((symbol, -1)).Value);
        Assert.Equal((0, 1), (thens, others));
        slope.Substitute((symbol, -1));
        Assert.Equal(0, thens);

        // In a loop, each step takes its own branch.
        (thens, others) = (0, 0);
        Assert.Equal(6, Fold((s, x) => s + F(x), 0, new double[] { -1, 2, -3, 8 }).Value);
        Assert.Equal((2, 2), (thens, others));
    }

    [Fact]
    public void A_loop_without_end_in_the_branch_that_is_not_taken_is_not_run()
    {
        var x = Variable("x");
        var y = Cond(x > 0, () => x, () => While(s => s < 1, s => s, x, limit: 10));
        Assert.Equal(2, y.Substitute((x, 2)).Value);
        Assert.Equal(1, Backward(y)[x].Substitute((x, 2)).Value);
        Assert.Throws<AutodiffException>(() => y.Substitute((x, -2)));
    }

    [Fact]
    public void A_predicate_may_be_any_number_and_no_derivative_flows_to_it()
    {
        static Expr F(Expr x) => Cond(x, () => x * 3, () => x * 5);
        var symbol = Variable("x");
        foreach (var derivative in new[] { Grad(F), Diff(F), x => Grad(y => Iterate(1, s => F(s), y))(x), x => Diff(y => Iterate(1, s => F(s), y))(x) })
        {
            Assert.Equal(3, derivative(0.5).Value);
            Assert.Equal(5, derivative(0).Value);
            Assert.Equal(3, derivative(symbol).Substitute((symbol, -1)).Value);
            Assert.Equal(5, derivative(symbol).Substitute((symbol, 0)).Value);
        }

        // The predicate alone depends on the variable.
        var constant = Cond(symbol, () => (Expr)2, () => 7);
        Assert.Equal(2, constant.Substitute((symbol, 1)).Value);
        Assert.Equal(0, Backward(constant)[symbol].Substitute((symbol, 1)).Value);
        Assert.Equal(0, Jvp(x => Cond(x, () => (Expr)2, () => 7))(symbol, 1).Tangent.Substitute((symbol, 1)).Value);
        Assert.Equal(0, Grad(x => Fold((s, y) => Cond(s, () => (Expr)2, () => 7), x, Ones(3)))(1).Value);
    }

    [Fact]
    public void Both_branches_may_give_trees()
    {
        static (Expr A, Dictionary<string, Expr> Others) F(Expr x) => Cond(
            Sum(x) > 0,
            () => (Sum(x), new Dictionary<string, Expr> { ["v"] = x * x, ["m"] = Outer(x, x) }),
            () => (Prod(x), new Dictionary<string, Expr> { ["m"] = Diag(x), ["v"] = -x }));
        static Expr All(Expr x) => F(x) is var (a, rest) ? a + Sum(rest["v"]) + Sum(rest["m"]) : x;

        var symbol = Variable("x", new Shape(2));
        foreach (var x in new Expr[] { new double[] { 1, 2 }, new double[] { -1, 0.5 } })
        {
            var (a, rest) = F(symbol);
            Agreement.Identical(F(x).A, a.Substitute((symbol, x)));
            Agreement.Identical(F(x).Others["m"], rest["m"].Substitute((symbol, x)));
            Agreement.Near(Grad(All)(x), Grad(All)(symbol).Substitute((symbol, x)), 1e-14);
            Agreement.Near(Hessian(All)(x), Hessian(All)(symbol).Substitute((symbol, x)), 1e-14);
        }
    }

    // √x has an infinite derivative at 0, but it is not taken there.
    [Fact]
    public void The_branch_that_is_not_taken_does_not_make_the_derivative_NaN()
    {
        static Expr F(Expr x) => Cond(x > 0, () => Sqrt(x), () => 0 * x);
        var symbol = Variable("x");
        Assert.Equal(0, Grad(F)(0).Value);
        Assert.Equal(0, Diff(F)(0).Value);
        Assert.Equal(0, Backward(F(symbol))[symbol].Substitute((symbol, 0)).Value);
        Assert.Equal(0, Jvp(F)(symbol, 1).Tangent.Substitute((symbol, 0)).Value);
        Assert.Equal(0, Grad(x => Iterate(3, F, x))(0).Value);
        Assert.Equal(0, Diff(x => Iterate(3, F, x))(0).Value);
        Assert.Equal(0, Grad(Grad(x => Iterate(3, F, x)))(0).Value);
    }

    [Fact]
    public void What_a_branch_reads_from_outside_is_not_reached_where_the_other_is_taken()
    {
        static Expr F(Expr x)
        {
            var root = Sqrt(x);
            return Cond(x > 0, () => root, () => 3 * x);
        }

        var (symbol, named) = (Variable("x"), Variable("x", 0.0));
        Assert.Equal(3, Backward(F(symbol))[symbol].Substitute((symbol, 0)).Value);
        Assert.Equal(0.25, Backward(F(symbol))[symbol].Substitute((symbol, 4)).Value);
        Assert.Equal(3, Backward(F(named))[named].Value);
        Assert.Equal(0.25, Backward(F(named), keepGraph: true)[named].Substitute((named, 4)).Value);
        Assert.Equal(3, Jvp(F)(symbol, 1).Tangent.Substitute((symbol, 0)).Value);
        Assert.Equal(3, Grad(x => Iterate(1, F, x))(0).Value);
        Assert.Equal(9, Diff(x => Iterate(2, F, x))(0).Value);
        Assert.Equal(0, Backward(Backward(F(symbol))[symbol])[symbol].Substitute((symbol, 0)).Value);
    }

    [Fact]
    public void A_branch_inside_a_branch_is_chosen_by_both_predicates()
    {
        static Expr F(Expr x, Expr y) => Cond(x > 0, () => Cond(y > x, () => y * y, () => x * y), () => -y);
        var (a, b) = (Variable("x"), Variable("y"));
        var f = F(a, b);
        var slopes = Backward(f);
        foreach (var (x, y) in new (double, double)[] { (1, 2), (2, 1), (-1, 3) })
        {
            Assert.Equal(F(x, y).Value, f.Substitute((a, x), (b, y)).Value);
            Assert.Equal(Grad(F)(x, y).Item1.Value, slopes[a].Substitute((a, x), (b, y)).Value);
            Assert.Equal(Grad(F)(x, y).Item2.Value, slopes[b].Substitute((a, x), (b, y)).Value);
        }
    }
}
