// Compiled functions keep no argument or result alive, and leave nothing in memory when they are collected themselves.

using System.Runtime.CompilerServices;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Compiling;

[Collection(nameof(LoopsAndBranches.Alone))]
public class LeakTests
{
    private const int Functions = 10_000;

    private sealed record Model(Expr Weight, string Name);

    [Fact]
    public void Ten_thousand_functions_leave_nothing_behind()
    {
        var first = Compiled(0);
        Settle();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Functions; i++)
        {
            Compiled(i);
        }

        Settle();
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.All(first, reference => Assert.False(reference.IsAlive));
        Assert.True(kept < 200 * Functions, $"{kept} bytes");
    }

    [Fact]
    public void Large_memory_is_given_back_even_after_an_error()
    {
        var x = Sin(Arange(300_000));
        long before = 0;
        for (var i = 0; i < 30; i++)
        {
            // The program and its loop each use more than half a megabyte. The loop takes more steps than its limit, which is an error.
            before = i == 5 ? GC.GetTotalMemory(forceFullCollection: true) : before;
            var f = Compile(v => While(s => s[0] > -1, s => CumSum(Sin(s)) / 1e6, CumSum(v * v), limit: i % 2 == 0 ? 2 : 1) * 2);
            Assert.Throws<AutodiffException>(() => f(x));
        }

        Settle();
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(kept < 8_000_000, $"{kept} bytes");
    }

    [Fact]
    public void A_function_keeps_no_argument_and_no_result()
    {
        var f = Compile((Model p) => p with { Weight = p.Weight * 2 });
        var g = Compile(x => Sum(x * x));
        var references = Called(f, g);
        Settle();
        Assert.All(references, reference => Assert.False(reference.IsAlive));
        GC.KeepAlive((f, g));
    }

    [Fact]
    public void A_function_called_with_ever_other_shapes_keeps_some()
    {
        var f = Compile(x => Sum(x * Zeros(x.Shape)));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var size = 0; size < 2000; size++)
        {
            f(Ones(10_000 + size));
        }

        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(kept < 100 * 8 * 12_000, $"{kept} bytes");
        GC.KeepAlive(f);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] Compiled(int i)
    {
        var data = new List<double> { i };
        Expr w = new double[] { i, 1 };
        var f = Compile(x => Sum(x * w) * data.Count);
        var g = CompileScalar(x => x * data.Count);
        f(w);
        Grad(f)(w);
        Assert.Equal(2, g(2));
        return [new(data), new(f), new(g), new(w)];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] Called(Func<Model, Model> f, Func<Expr, Expr> g)
    {
        Expr x = new double[] { 1, 2, 3 };
        var model = new Model(x * 2, "a");
        var result = f(model);
        var gradient = Grad(g)(x * 3);
        return [new(x), new(model), new(model.Weight), new(result), new(result.Weight), new(gradient)];
    }

    // A helper that is queued keeps the memory of its run until a thread of the pool takes it, which may wait for other tests.
    private static void Settle()
    {
        SpinWait.SpinUntil(() => ThreadPool.PendingWorkItemCount == 0, TimeSpan.FromSeconds(30));
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }
}
