// Compiled functions that read and write memory of the caller (CompileFor), and those that are delegates over numbers (CompileScalar).

using Autodiff.PropertyTests.Generators;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Compiling;

[Collection(nameof(LoopsAndBranches.Alone))]
public class CompiledFunctionTests
{
    private const int Calls = 1000;

    private sealed record Layer(Expr Weight, Expr Bias);

    [Fact]
    public void It_knows_its_shapes()
    {
        var f = CompileFor((a, b) => (MatMul(a, b), Sum(b)), new Shape(2, 3), new Shape(3));
        Assert.Equal([new Shape(2, 3), new Shape(3)], f.ArgumentShapes);
        Assert.Equal([new Shape(2), Shape.Scalar], f.ResultShapes);
        Assert.Equal((9, 3), (f.ArgumentSize, f.ResultSize));

        var g = CompileFor((Layer p) => Grad((Layer q) => Sum(MatMul(q.Weight, q.Bias)))(p), new(Zeros(2, 3), Zeros(3)));
        Assert.Equal([new Shape(2, 3), new Shape(3)], g.ResultShapes);
        Assert.Equal(0, CompileFor(x => x * x, new Shape(0)).ArgumentSize);
    }

    [Fact]
    public void Arguments_and_results_stand_one_after_another()
    {
        var f = CompileFor((a, b) => (MatMul(a, b), Sum(b), a), new Shape(2, 3), new Shape(3));
        var results = new double[9];
        f.Invoke([1, 2, 3, 4, 5, 6, 1, 0, -1], results);
        Assert.Equal([-2, -2, 0, 1, 2, 3, 4, 5, 6], results);
    }

    [Fact]
    public void Every_call_computes_anew()
    {
        var f = CompileFor(ValueAndGrad(x => Sum(x * x)), new Shape(3));
        var results = new double[4];
        for (var i = 0; i < 5; i++)
        {
            f.Invoke([i, 1, 0], results);
            Assert.Equal([(i * i) + 1, 2 * i, 2, 0], results);
        }
    }

    [Fact]
    public void A_number_may_be_the_only_element_of_an_argument()
    {
        var f = CompileFor(ValueAndGrad(x => Sin(x[0, 0])), new Shape(1, 1));
        var results = new double[2];
        f.Invoke([2], results);
        Assert.Equal([Math.Sin(2), Math.Cos(2)], results);
        Assert.Contains("one method of", f.Explain(), StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_are_read_when_it_is_compiled()
    {
        Expr w = 2;
        var f = CompileScalar(x => w * x);
        w = 3;
        Assert.Equal(8, f(4));
    }

    [Fact]
    public void A_derivative_at_numbers_of_a_function_of_the_argument_too_is_compiled()
    {
        Expr at = new double[] { 0.5, 0.25 };
        Expr x = new double[] { 1, 2 };
        Func<Expr, Expr>[] functions =
        [
            p => Grad(v => Sum(Sin(v + p)))(at),
            p => JacobianReverse(v => Sin(v * p))(at),
            p => JacobianForward(v => Sin(Concat([v, p])))(at),
            p => Jvp(v => Sin(v) * Exp(v * p))(at, p).Tangent,
            p => Hessian(v => Sum(Exp(v * p)))(at),
        ];
        foreach (var f in functions)
        {
            Agreement.Near(f(x), Compile(f)(x));
            Agreement.Near(JacobianReverse(f)(x), JacobianReverse(Compile(f))(x));
            var results = new double[f(x).Shape.Size];
            CompileFor(f, x.Shape).Invoke(x.ToArray(), results);
            Agreement.Near(f(x), Constant(results, f(x).Shape));
        }

        // A leaf of a derivative that is still running is differentiated.
        Func<Func<Func<Expr, Expr>, Func<Expr, Expr>>, Expr> outer = compile => JacobianForward(u => compile(p => JacobianForward(v => Sin((v * u) + p))(at))(u))(x);
        Agreement.Near(outer(f => f), outer(f => Compile(f)));
    }

    [Fact]
    public void What_a_derivative_at_numbers_inside_a_function_leaves_behind_is_a_number()
    {
        // The result of Checkpoint may be read by another derivative.
        Expr at = new double[] { 0.5, 0.25 };
        var result = Checkpoint(p => Grad(v => Sum(Sin(v * p)))(at))(at);
        Agreement.Near(result, Root(v => v - result, Zeros(2)));
        Agreement.Near(Diag(result), JacobianReverse(v => v * result)(at));
    }

    [Fact]
    public void A_solution_in_a_branch_that_is_not_taken_yet_is_differentiated_at_a_number()
    {
        Func<Expr, Expr> f = x => Cond(x > 0, () => x, () => Jacobian(p => Root(v => v + (0.3 * Sin(v * p)) - p, p))(0.5));
        foreach (var x in new[] { 1.0, -1 })
        {
            Agreement.Near(f(x), Compile(f)(x));
        }
    }

    [Fact]
    public void It_explains_itself() => Assert.NotNull(CompileFor(x => Sin(x), new Shape(3)).Explain());

    [Fact]
    public void A_thousand_calls_allocate_nothing_that_grows_with_them()
    {
        var f = CompileFor(ValueAndGrad(x => Sin(x[0]) * x[7]), new Shape(8));
        var g = CompileScalar(ValueAndGrad((x, y) => Sin(x) * y));
        var h = CompileScalar((x, y) => Sin(x) * y);
        var (arguments, results) = (new double[8], new double[9]);
        void Run()
        {
            for (var i = 0; i < Calls; i++)
            {
                f.Invoke(arguments, results);
                arguments[0] = g(i, 2).Value + h(i, 2);
            }
        }

        Assert.InRange(Allocation.Of(Run), 0, Calls);
    }

    public static TheoryData<string> Steps => [.. s_steps.Keys];

    private static readonly Dictionary<string, Func<Expr, Expr>> s_steps = new()
    {
        ["Norm"] = x => Norm(x, 0) * Norm(x),
        ["LogSumExp"] = x => LogSumExp(x, 1),
        ["CumSum"] = x => CumSum(Sin(x), 0) * CumSum(x, 1),
        ["Trace"] = x => Trace(x) * x,
        ["Diag"] = x => Diag(Diag(Sin(x))) + x,
        ["Diagonals of Einsum"] = x => Einsum("ii,ij->j", x, x),
        ["Two sums of Einsum"] = x => Einsum("ij,kl,ij->kl", x, x, Sin(x)),
        ["Two batches of Einsum"] = x => Einsum("abij,bajk->abik", Reshape(x, 2, 5, 20, 8), Reshape(x, 5, 2, 8, 20)),
        ["Matrix products"] = x => MatMul(x, Transpose(x)) / 40,
        ["Few positions"] = x => Take(Sin(x), [3, 1, 3], 0) * Take(x, [39, 0, 1], 1)[..3, ..1],
        ["Many positions"] = x => Take(Sin(x), [.. Enumerable.Range(0, 100).Select(i => i * i % 40)], 0),
        ["Loop"] = x => Scan((s, row) => (Sin(s + row), s * row), x[0], x).Outputs,
        ["Branch"] = x => Cond(Sum(x) > 0, () => Sin(x), () => CumSum(x, 0)),
        ["Concat"] = x => Concat([x[1..], Flip(x)], 0),
    };

    [Theory]
    [MemberData(nameof(Steps))]
    public void Only_linear_algebra_is_done_as_without_compilation(string name)
    {
        const int N = 40;
        var f = s_steps[name];
        Func<Expr, Expr> g = Grad((Expr x) => Sum(Sin(f(x))));
        var at = Sin(Reshape(Arange(N * N), N, N));
        foreach (var options in Engines.All)
        {
            foreach (var (compiled, expected) in ((CompiledFunction, Expr)[])[(CompileFor(f, at.Shape, options), f(at)), (CompileFor(g, at.Shape, options), g(at))])
            {
                Assert.DoesNotContain("without compilation", compiled.Explain(), StringComparison.Ordinal);
                var (arguments, results) = (at.ToArray(), new double[compiled.ResultSize]);
                compiled.Invoke(arguments, results);
                Agreement.Near(expected, Expr.Constant(results, expected.Shape), Engines.Same);
                Assert.InRange(Allocation.Of(() => compiled.Invoke(arguments, results)), 0, 64);
            }
        }
    }

    [Fact]
    public void Scalars_with_derivatives_are_those_of_the_functions()
    {
        Func<Expr, Expr> f = x => Exp(Sin(x) / x);
        var (value, slope) = (CompileScalar(f), CompileScalar(ValueAndGrad(f)));
        var curvature = CompileScalar(Grad(Grad(f)));
        foreach (var x in (double[])[0.1, 1, -3, 20])
        {
            Agreement.Near(f(x), value(x), Engines.Same);
            Agreement.Near(f(x), slope(x).Value, Engines.Same);
            Agreement.Near(Grad(f)(x), slope(x).Derivative, Engines.Same);
            Agreement.Near(Grad(Grad(f))(x), curvature(x), Engines.Same);
        }
    }

    [Fact]
    public void Loops_and_choices_become_delegates_of_numbers()
    {
        Func<Expr, Expr> collatz = n => While(
            s => s.N > 1, ((Expr N, Expr Steps) s) => (Where(Eq(s.N - (2 * Floor(s.N / 2)), 0), s.N / 2, (3 * s.N) + 1), s.Steps + 1), (n, 0)).Steps;
        Assert.Equal(111, CompileScalar(collatz)(27));
        Assert.Equal((6.25, 5), CompileScalar(ValueAndGrad(x => Cond(x > 0, () => x * x, () => -x)))(2.5));
    }
}
