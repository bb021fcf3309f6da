// Transforms are pure: they may run on any thread, on many at once, and one inside another across threads.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.HardCases;

public class ThreadTests
{
    private static readonly double[] s_point = [0.3, -1.2, 2.5];

    [Fact]
    public void The_same_derivative_on_many_threads_is_the_same()
    {
        static Expr F(Expr x) => Sum(Sin(x) * Exp(x)) + Norm(x) + LogSumExp(x * x);
        var gradient = Grad(F)(s_point).ToArray();
        var hessian = Hessian(F)(s_point).ToArray();

        OnThreads(16, _ =>
        {
            for (var round = 0; round < 20; round++)
            {
                Assert.Equal(gradient, Grad(F)(s_point).ToArray());
                Assert.Equal(hessian, Hessian(F)(s_point).ToArray());
            }
        });
    }

    [Fact]
    public void One_graph_is_swept_by_many_threads_at_once()
    {
        var x = Variable("x", s_point);
        var y = Sum(Sin(x) * Exp(x)) + Norm(x);
        var z = y * y;
        var (dy, dz) = (Backward(y)[x].ToArray(), Backward(z)[x].ToArray());

        OnThreads(16, thread =>
        {
            for (var round = 0; round < 50; round++)
            {
                Assert.Equal(dy, Backward(y)[x].ToArray());
                Assert.Equal(dz, Backward(z, keepGraph: true)[x].ToArray());
            }
        });
    }

    [Fact]
    public void A_pullback_is_called_by_many_threads_while_its_graph_is_swept()
    {
        var x = Variable("x", 1.5);
        var (y, pullback) = Vjp(t => Sin(t) * t)(x);
        var slope = Math.Sin(1.5) + (1.5 * Math.Cos(1.5));

        OnThreads(16, thread =>
        {
            for (var round = 0; round < 50; round++)
            {
                Assert.Equal(slope, pullback(1).Value, 1e-15);
                Assert.Equal(slope, Backward(Exp(x) * y / Exp(1.5))[x].Value - y.Value, 1e-14);
            }
        });
        _ = Backward(Exp(x) * y);
        Assert.Equal(slope, pullback(1).Value, 1e-15);
    }

    // The outer function runs inner derivatives on other threads: x · Σᵢ d/dy (x·yⁱ) at y = 2 for i = 1 … 4 is
    // x² (1 + 4 + 12 + 32), with derivative 98x.
    [Theory]
    [InlineData("Grad", "Grad")]
    [InlineData("Diff", "Grad")]
    [InlineData("Grad", "Diff")]
    [InlineData("Backward", "Backward")]
    public void An_inner_derivative_on_another_thread_closes_over_the_outer_variable(string outer, string inner)
    {
        var (d, e) = (Derivative.Named(outer), Derivative.Named(inner));

        Expr F(Expr x)
        {
            var terms = new Expr[4];
            Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i => terms[i] = e(y => x * Pow(y, i + 1))(2));
            return x * (terms[0] + terms[1] + terms[2] + terms[3]);
        }

        Assert.Equal(98 * 3, d(F)(3).Value);
        Assert.Equal(98, d(d(F))(3).Value);
    }

    [Fact]
    public void Each_level_of_a_nesting_may_run_on_a_thread_of_its_own()
    {
        // d³/dx³ of x⁴, each derivative taken on a new thread: 24x.
        static Func<Expr, Expr> Elsewhere(Func<Expr, Expr> f) => x => OnNewThread(() => Grad(v => OnNewThread(() => f(v)))(x));

        Assert.Equal(48, Elsewhere(Elsewhere(Elsewhere(x => Pow(x, 4))))(2).Value);
    }

    [Fact]
    public void A_graph_built_in_parts_by_several_threads_is_swept_whole()
    {
        var x = Variable("x", 2);
        var parts = new Expr[8];
        OnThreads(8, i => parts[i] = Enumerable.Range(0, 100).Aggregate(x, (y, _) => y + (x * 0.01)) * i);
        var y = parts.Aggregate((a, b) => a + b);

        // Each part is i·(x + 100·0.01x) = 2ix.
        Assert.Equal(2 * 28, Backward(y)[x].Value, 1e-12);
        Assert.Equal(2 * 28, Grad(t => y.Substitute((x, t)))(2).Value, 1e-12);
    }

    private static Expr OnNewThread(Func<Expr> f)
    {
        Expr? result = null;
        OnThreads(1, _ => result = f());
        return result!;
    }

    private static void OnThreads(int count, Action<int> action)
    {
        var failures = new List<Exception>();
        var threads = Enumerable.Range(0, count).Select(i => new Thread(() =>
        {
            try
            {
                action(i);
            }
            catch (Exception failure)
            {
                lock (failures)
                {
                    failures.Add(failure);
                }
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Empty(failures);
    }
}
