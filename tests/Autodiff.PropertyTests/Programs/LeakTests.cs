// What a loop keeps: its result, and nothing of what was on the way to it.

using System.Runtime.CompilerServices;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.LoopsAndBranches;

[Collection(nameof(Alone))]
public class LeakTests
{
    private const int Steps = 200;
    private const int Width = 10_000;

    [Fact]
    public void A_loop_does_not_keep_the_states_between()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var x = Variable("x", Arange(Width));
        var y = Iterate(Steps, s => Sin(s) + s, x);
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(kept < 10 * 8 * Width, $"{kept} bytes");
        GC.KeepAlive(y);
    }

    [Fact]
    public void A_pullback_does_not_keep_them_once_it_has_been_called()
    {
        var (y, pullback) = Vjp(x => Iterate(Steps, s => Sin(s) + s, x))(Arange(Width));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var gradient = pullback(Ones(Width));
        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(kept < 10 * 8 * Width, $"{kept} bytes");
        GC.KeepAlive((y, pullback, gradient));
    }

    [Fact]
    public void The_argument_of_a_loop_is_free_once_a_gradient_is_a_number()
    {
        var (argument, gradient) = Gradient();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(argument.IsAlive);
        Assert.Equal(Width, gradient.Shape.Size);
    }

    [Fact]
    public void What_a_step_function_closes_over_is_free_once_it_has_run()
    {
        var (closure, y) = Loop();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.False(closure.IsAlive);
        Assert.False(y.IsConcrete);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (WeakReference Argument, Expr Gradient) Gradient()
    {
        var x = Arange(Width) * 1.5;
        return (new(x), Grad(v => Sum(Iterate(3, s => Sin(s) * x, v)))(x));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (WeakReference Closure, Expr Loop) Loop()
    {
        var data = new List<double> { 1, 2, 3 };
        return (new(data), Iterate(3, s => s * data.Count, Variable("x")));
    }
}
