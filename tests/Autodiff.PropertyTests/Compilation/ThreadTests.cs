// One compiled function may be used by any number of threads, from its first call on.

using Autodiff.PropertyTests.Generators;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Compiling;

public class ThreadTests
{
    private const int Threads = 8;
    private const int Rounds = 200;

    [Fact]
    public void Many_threads_compile_and_run_one_function()
    {
        Func<Expr, Expr> f = x => Sum(Sin(x) * Where(x > 0, Sqrt(x), x)) + Iterate(3, s => s * 0.5, Sum(x));
        var (compiled, gradient) = (Compile(f), Compile(Grad(f)));
        OnThreads(thread =>
        {
            for (var round = 0; round < Rounds; round++)
            {
                var x = Sin(Arange(1 + ((thread + round) % 5)) + round);
                Agreement.Near(f(x), compiled(x), Engines.Same);
                Agreement.Near(Grad(f)(x), gradient(x), Engines.Same);
                Agreement.Near(Grad(f)(x), Grad(compiled)(x), Engines.Same);
            }
        });
    }

    [Fact]
    public void Many_threads_call_one_delegate_and_fill_memory_of_their_own()
    {
        var (f, g) = (CompileFor((x, y) => (x * y, Sum(x)), new Shape(4), new Shape(4)), CompileScalar(ValueAndGrad((x, y) => Sin(x) * y)));
        OnThreads(thread =>
        {
            var (arguments, results) = (new double[8], new double[5]);
            for (var round = 0; round < 10 * Rounds; round++)
            {
                arguments.AsSpan(0, 4).Fill(thread);
                arguments.AsSpan(4).Fill(round);
                f.Invoke(arguments, results);
                Assert.Equal([thread * round, thread * round, thread * round, thread * round, 4 * thread], results);
                var (value, (byX, byY)) = g(thread, round);
                Assert.Equal((Math.Sin(thread) * round, Math.Cos(thread) * round, Math.Sin(thread)), (value, byX, byY));
            }
        });
    }

    [Fact]
    public void A_function_that_waits_for_another_thread_that_compiles_it_does_not_hang()
    {
        Func<Expr, Expr> compiled = null!;
        var isInside = false;
        compiled = Compile(x =>
        {
            if (!isInside)
            {
                isInside = true;
                var other = new Thread(() => compiled(1));
                other.Start();
                Assert.True(other.Join(TimeSpan.FromMinutes(1)));
            }

            return x * x;
        });
        Assert.Equal(9, compiled(3).Value);
    }

    [Fact]
    public void Results_are_the_same_for_any_number_of_threads()
    {
        // Operations on samples, sums over them, and products, all large enough to be divided into chunks.
        Func<Expr, Expr, Expr> f = (x, w) => LogSumExp(Sin(MatMul(x, w)) * Exp(Sum(x, axis: 1, keepDims: true)));
        var (rows, columns, width) = (5_000, 20, 30);
        var arguments = Sin(Arange((rows * columns) + (columns * width))).ToArray();
        double[] Run(int threads)
        {
            var compiled = CompileFor(ValueAndGrad(f), new Shape(rows, columns), new Shape(columns, width), new CompileOptions(Threads: threads));
            var results = new double[compiled.ResultSize];
            compiled.Invoke(arguments, results);
            return results;
        }

        var expected = Run(1);
        Assert.All([2, 3, Threads], threads => Assert.Equal(expected, Run(threads)));
    }

    private static void OnThreads(Action<int> run)
    {
        Exception? failure = null;
        using var start = new Barrier(Threads);
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(i => new Thread(() =>
        {
            start.SignalAndWait();
            failure = Record.Exception(() => run(i)) ?? failure;
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Null(failure);
    }
}
