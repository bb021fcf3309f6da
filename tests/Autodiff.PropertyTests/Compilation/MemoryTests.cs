// Programs of kernels, products and loops that use memory of the caller: calls allocate nothing, calls on several threads do not interfere, and a
// call that throws does not affect later calls.

using Autodiff.PropertyTests.Generators;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Compiling;

[Collection(nameof(LoopsAndBranches.Alone))]
public class MemoryTests
{
    private const int Calls = 300;
    private const int Threads = 8;
    private const int Length = 20;

    private static readonly Dictionary<string, Func<Expr, Expr>> s_functions = new()
    {
        ["elementwise"] = x => Sin(x) * Exp(-x),
        ["a sum"] = x => Sum(Sin(x) * x),
        ["moved"] = x => Flip(x) + Concat([x[5..], x[..5]]) + Take(x, [.. Enumerable.Range(0, Length).Select(i => i * 3 % Length)]),
        ["a product"] = x => MatMul(Outer(x, Sin(x)), Outer(x, x)),
        ["a loop"] = x => Iterate(5, s => Sin(s) + x, x),
        ["a loop that keeps some states"] = x => Iterate(9, s => Sin(s) + x, x, checkpointEvery: 4),
        ["a loop over items"] = x => Scan((s, item) => (Sin(s) * item, s * x), x, Outer(x, x)) is var (final, outputs) ? Sum(outputs, 0) + final : x,
        ["a loop with a condition"] = x => While<(Expr S, Expr I)>(s => s.I < 30, s => (Sin(s.S) * x, s.I + 1), (x, 0)).S,
        ["a loop in a loop"] = x => Iterate(3, s => Iterate(3, t => Sin(t) * s, x), x),
        ["a branch"] = x => Cond(Sum(x) > 0, () => Sin(x), () => Cos(x) * Sum(x)),
    };

    public static TheoryData<string> Functions => [.. s_functions.Keys];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Calls_allocate_nothing(string name)
    {
        foreach (var options in Engines.All)
        {
            AllocatesNothing(CompileFor(s_functions[name], new Shape(Length), options));
            AllocatesNothing(CompileFor(ValueAndGrad(x => Sum(s_functions[name](x))), new Shape(Length), options));
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Many_threads_call_one_function(string name)
    {
        Func<Expr, Expr> f = x => Sum(s_functions[name](x));
        var compiled = CompileFor(ValueAndGrad(f), new Shape(Length));
        Expr[] arguments = [.. Enumerable.Range(0, Threads).Select(thread => Tensors.Direction(new Shape(Length), thread))];
        var expected = Array.ConvertAll(arguments, x => ValueAndGrad(f)(x) is var (value, gradient) ? Concat([Reshape(value, 1), gradient]) : x);
        Exception? failure = null;
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(thread => new Thread(() => failure = Record.Exception(() =>
        {
            var (numbers, results) = (arguments[thread].ToArray(), new double[compiled.ResultSize]);
            for (var call = 0; call < Calls; call++)
            {
                compiled.Invoke(numbers, results);
                Agreement.Near(expected[thread], Constant(results, new Shape(results.Length)), Engines.Same);
            }
        }) ?? failure))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Null(failure);
    }

    [Fact]
    public void After_an_error_a_function_is_what_it_was()
    {
        Func<Expr, Expr> factor = x => Cholesky(Outer(x, x) + (x[0] * Eye(Length)));
        Func<Expr, Expr> f = x => Sum(factor(x) * Iterate(3, s => Sin(s) * Mean(factor(x)), x));
        Func<Expr, Expr> limited = x => Sum(Iterate(2, s => While(t => Sum(t) > 1, t => t * 0.5, s * 3, limit: 6), x) * x);
        foreach (var options in Engines.All)
        {
            foreach (var (function, good, bad) in new[] { (f, Ones(Length), -Ones(Length)), (limited, Ones(Length), 1e6 * Ones(Length)) })
            {
                var (value, gradient) = (Compile(function, options), Compile(Grad(function), options));
                for (var round = 0; round < 4; round++)
                {
                    Agreement.Near(function(good), value(good), Engines.Same);
                    Assert.Equal(Assert.ThrowsAny<AutodiffException>(() => function(bad)).Message, Assert.ThrowsAny<AutodiffException>(() => value(bad)).Message);
                    Agreement.Near(Grad(function)(good), gradient(good), Engines.Same);
                    Assert.ThrowsAny<AutodiffException>(() => gradient(bad));
                }
            }
        }
    }

    private static void AllocatesNothing(CompiledFunction f)
    {
        double[] arguments = [.. Enumerable.Range(0, f.ArgumentSize).Select(i => Math.Sin(i))];
        var results = new double[f.ResultSize];
        void Run()
        {
            for (var call = 0; call < Calls; call++)
            {
                f.Invoke(arguments, results);
            }
        }

        Assert.InRange(Allocation.Of(Run), 0, Calls);
    }
}
