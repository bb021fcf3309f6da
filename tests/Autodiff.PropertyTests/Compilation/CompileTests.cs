// A compiled function has the values and derivatives of the function, wherever it is used; only how it runs is different.

using Autodiff.PropertyTests.Generators;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Compiling;

public class CompileTests
{
    private static readonly Expr s_x = new double[] { 0.3, -0.8, 1.7 };

    private sealed record Model(Expr Weight, int Power, Func<Expr, Expr> Activation);

    private sealed class Counted(Func<Expr, Expr> f)
    {
        public int Runs { get; private set; }

        public Expr Run(Expr x)
        {
            Runs++;
            return f(x);
        }
    }

    private static Expr F(Expr x) => Sum(Sin(x) * Exp(-x * x));

    [Fact]
    public void A_function_is_run_once_for_each_shape()
    {
        var counted = new Counted(x => Sum(x * x));
        var compiled = Compile(counted.Run);
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal(4 + round, compiled(Sqrt(4 + round)).Value, 14);
            Assert.Equal(14, compiled(new double[] { 1, 2, 3 }).Value);
            Assert.Equal(30, compiled(new double[,] { { 1, 2 }, { 3, 4 } }).Value);
        }

        Assert.Equal(3, counted.Runs);
        Grad(compiled)(s_x);
        Grad(compiled)(s_x);
        Hessian(compiled)(s_x);
        compiled(Variable("x", new Shape(3)));
        Assert.Equal(3, counted.Runs);
    }

    [Fact]
    public void A_function_of_a_tree_is_run_once_for_each_structure_and_what_is_no_expression()
    {
        var runs = 0;
        var compiled = Compile((Model model) =>
        {
            runs++;
            return model.Activation(Pow(model.Weight, model.Power));
        });
        Func<Expr, Expr> same = x => x;
        Func<Expr, Expr> twice = x => 2 * x;
        Assert.Equal(9, compiled(new(3, 2, same)).Value);
        Assert.Equal(16, compiled(new(4, 2, same)).Value);
        Assert.Equal(1, runs);
        Assert.Equal(64, compiled(new(4, 3, same)).Value);
        Assert.Equal(32, compiled(new(4, 2, twice)).Value);
        Assert.Equal(9, compiled(new(3, 2, same)).Value);
        Assert.Equal(3, runs);

        var lists = Compile((IReadOnlyList<Expr> xs) => xs.Aggregate((a, b) => a * b));
        Assert.Equal((6, 24, 6), (lists([2, 3]).Value, lists([2, 3, 4]).Value, lists([6, 1]).Value));
        var keys = Compile((Dictionary<string, Expr> d) => d.TryGetValue("a", out var a) ? a : -d["b"]);
        Assert.Equal((1, -1, 2), (keys(new() { ["a"] = 1 }).Value, keys(new() { ["b"] = 1 }).Value, keys(new() { ["a"] = 2 }).Value));
        var sides = Compile((LanguageExt.Either<Expr, Expr> e) => e.Match(Left: a => a, Right: b => -b));
        Assert.Equal(1, sides(LanguageExt.Either<Expr, Expr>.Left(1)).Value);
        Assert.Equal(-1, sides(LanguageExt.Either<Expr, Expr>.Right(1)).Value);
        var nulls = Compile(((Expr A, Expr? B) p) => p.B is null ? p.A : p.A * p.B);
        Assert.Equal((3, 6, 4), (nulls((3, null)).Value, nulls((3, 2)).Value, nulls((4, null)).Value));
        var grids = Compile((Expr[,] g) => g.GetLength(0) * g[0, 0]);
        Assert.Equal((2, 4), (grids(new Expr[,] { { 2, 3 } }).Value, grids(new Expr[,] { { 2 }, { 3 } }).Value));
    }

    [Fact]
    public void More_shapes_than_are_kept_are_compiled_again()
    {
        var counted = new Counted(x => Sum(x));
        var compiled = Compile(counted.Run);
        for (var round = 0; round < 2; round++)
        {
            for (var size = 0; size < 100; size++)
            {
                Assert.Equal(size, compiled(Ones(size)).Value);
            }
        }

        Assert.Equal(200, counted.Runs);
    }

    [Fact]
    public void Numbers_give_numbers()
    {
        var (y, s) = Compile(x => (x * x, Sum(x)))(s_x);
        Assert.Equal((Op.Constant, Op.Constant), (y.Op, s.Op));
        Grad(v =>
        {
            Assert.Equal(Op.Constant, Compile(x => 2 * x)(StopGradient(v)).Op);
            Assert.Equal(Op.Call, Compile(x => 2 * x)(v).Op);
            return v;
        })(1);
    }

    [Fact]
    public void Captured_numbers_are_constants()
    {
        Expr w = new double[] { 2, 3, 4 };
        Agreement.Near(w * s_x, Compile(x => w * x)(s_x));
        Agreement.Near(w, Compile(_ => w)(s_x));
        Agreement.Near(6, Grad(v => Compile(x => x * StopGradient(v))(2) * v)(3));
        Agreement.Near(4, Compile(x => x)(4));
    }

    [Fact]
    public void What_is_captured_from_a_surrounding_derivative_is_differentiated()
    {
        static Expr G(Expr w, Func<Func<Expr, Expr>, Func<Expr, Expr>> made) => made(x => Sum(Sin(w * x) + w))(s_x);
        var expected = Grad(w => G(w, f => f))(0.7);
        Agreement.Near(expected, Grad(w => G(w, f => Compile(f)))(0.7), Engines.Same);
        Agreement.Near(expected, Diff(w => G(w, f => Compile(f)))(0.7), Engines.Same);
        Agreement.Near(Grad(Grad(w => G(w, f => f)))(0.7), Grad(Grad(w => G(w, f => Compile(f))))(0.7), Engines.Same);
        Agreement.Near(
            Grad(w => Sum(Grad(x => Sum(Sin(w * x)))(s_x)))(0.7), Grad(w => Sum(Grad(Compile(x => Sum(Sin(w * x))))(s_x)))(0.7), Engines.Same);
        Agreement.Near(
            Grad(w => Sum(Grad(x => Sum(Sin(w * x)))(s_x)))(0.7), Grad(w => Sum(Compile(Grad(x => Sum(Sin(w * x))))(s_x)))(0.7), Engines.Same);
        Agreement.Near(2, Grad(w => Compile(_ => w * w)(1))(1));
    }

    [Fact]
    public void A_named_value_may_be_exchanged()
    {
        var x = Variable("x", s_x);
        var w = Variable("w", 2);
        var y = Compile(v => Sum(v * v * w))(x);
        Agreement.Near(2 * Sum(s_x * s_x), y);
        Agreement.Near(Sum(s_x * s_x), y.Substitute((w, 1)));
        Agreement.Near(18, y.Substitute((x, Ones(3)), (w, 6)));
        Agreement.Near(4 * s_x, Backward(y)[x]);
        Agreement.Near(Sum(s_x * s_x), Backward(y)[w]);
        Agreement.Near(12 * Ones(3), Backward(y, keepGraph: true)[x].Substitute((x, Ones(3)), (w, 6)));
    }

    [Fact]
    public void A_symbol_gives_the_formula()
    {
        var x = Variable("x");
        Assert.Equal("sin(x) * x", Compile(v => Sin(v) * v)(x).ToString());
        Assert.Equal("x * w", Compile(v => v * Variable("w"))(x).ToString());
        Assert.Equal("2 * w", Compile(v => v * Variable("w"))(2).ToString());
        Agreement.Near(Math.Sin(1), Compile(v => Sin(v) * v)(x).Substitute((x, 1)));
    }

    [Fact]
    public void Compiled_functions_are_compiled_batched_and_looped_over()
    {
        var compiled = Compile(F);
        Agreement.Near(F(s_x), Compile(compiled)(s_x), Engines.Same);
        Agreement.Near(Grad(F)(s_x), Compile(Grad(compiled))(s_x), Engines.Same);
        Agreement.Near(Grad(F)(s_x), Compile(Grad(Compile(compiled)))(s_x), Engines.Same);
        Expr batch = new double[,] { { 0.3, -0.8, 1.7 }, { 1, 2, 3 } };
        Agreement.Near(Vmap(F)(batch), Vmap(compiled)(batch), Engines.Same);
        Agreement.Near(Vmap(Grad(F))(batch), Vmap(Grad(compiled))(batch), Engines.Same);
        Agreement.Near(Vmap(Jacobian(x => Sin(x) * x))(batch), Compile(Vmap(Jacobian(x => Sin(x) * x)))(batch), Engines.Same);
        Agreement.Near(Hessian(F)(s_x), Compile(Hessian(compiled))(s_x), Engines.Same);

        Func<Expr, Expr> step = s => Tanh(s) + (0.5 * s);
        var fast = Compile(step);
        Agreement.Near(Iterate(5, step, s_x), Iterate(5, fast, s_x), Engines.Same);
        Agreement.Near(Grad(x => Sum(Iterate(5, step, x)))(s_x), Grad(x => Sum(Iterate(5, fast, x)))(s_x), Engines.Same);
        Agreement.Near(Grad(x => Sum(Iterate(5, step, x)))(s_x), Compile(Grad(x => Sum(Iterate(5, fast, x))))(s_x), Engines.Same);
        Func<Expr, Expr> chosen = x => Cond(Sum(x) > 0, () => compiled(x), () => -compiled(x));
        Agreement.Near(Grad(F)(s_x), Grad(chosen)(s_x), Engines.Same);
        Agreement.Near(-Grad(F)(-s_x), Compile(Grad(chosen))(-s_x), Engines.Same);
    }

    [Fact]
    public void A_Jacobian_in_one_sweep_runs_the_compiled_batch()
    {
        var x = Sin(Arange(12));
        Func<Expr, Expr> f = v => CumSum(v * v) * Exp(v);
        Agreement.Near(JacobianReverse(f)(x), JacobianReverse(Compile(f))(x), Engines.Same);
        Agreement.Near(JacobianForward(f)(x), JacobianForward(Compile(f))(x), Engines.Same);
        Func<Expr, Expr> g = v => Sum(Sin(f(v)));
        Agreement.Near(Hessian(g)(x), Hessian(Compile(g))(x), Engines.Same);
        Agreement.Near(Laplacian(g)(x), Laplacian(Compile(g))(x), Engines.Same);
    }

    [Fact]
    public void Rules_of_ones_own_are_kept()
    {
        Func<Expr, Expr> clipped = CustomVjp(x => (x * x, cotangent => Clamp(cotangent, -1, 1)));
        Agreement.Near(Grad(x => Sum(5 * clipped(x)))(s_x), Grad(Compile(x => Sum(5 * clipped(x))))(s_x));
        Agreement.Near(Grad(x => Sum(5 * clipped(x)))(s_x), Compile(Grad(x => Sum(5 * clipped(x))))(s_x));
        Func<Expr, Expr> cube = a => Root(x => (x * x * x) - a, x0: 1);
        Agreement.Near(1.0 / 12, Grad(Compile(cube))(8), 1e-10);
        Agreement.Near(1.0 / 12, Compile(Grad(cube))(8), 1e-10);
        Agreement.Near(Grad(Checkpoint(F))(s_x), Compile(Grad(Checkpoint(F)))(s_x), Engines.Same);
    }

    [Fact]
    public void Compiled_code_is_checked_as_any_function()
    {
        Assert.True(Check.Gradients(Compile(F), s_x, order: 2).IsSucc);
        Agreement.Near(Numeric.Grad(F)(s_x), Grad(Compile(F))(s_x), 1e-7);
    }

    [Fact]
    public void A_compiled_function_may_call_itself_on_another_shape()
    {
        Func<Expr, Expr> sum = null!;
        sum = Compile(x => x.Shape.Size == 1 ? x[0] : sum(x[..(x.Shape.Size / 2)]) + sum(x[(x.Shape.Size / 2)..]));
        Agreement.Near(28, sum(Arange(8)));
    }
}
