// Derivatives are pure: taken on many threads at once, of functions or of one graph that they share, they are the same.

using System.Collections.Concurrent;
using Autodiff.PropertyTests.Generators;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Transforms;

[Properties(Arbitrary = [typeof(Programs)], MaxTest = 15, QuietOnSuccess = true)]
public class ThreadTests
{
    private const int Threads = 8;
    private const int Rounds = 10;

    [Property]
    public void Threads_that_differentiate_one_function_get_the_same_results(Program program)
    {
        var gradient = Grad(program.Scalar)(program.Input);
        var hessian = JacobianForward(Grad(program.Scalar))(program.Input);
        OnAllThreads(() =>
        {
            Agreement.Repeats(gradient, Grad(program.Scalar)(program.Input));
            Agreement.Repeats(hessian, JacobianForward(Grad(program.Scalar))(program.Input));
        });
    }

    [Property]
    public void Threads_that_sweep_one_graph_get_the_same_results(Program program)
    {
        var x = Variable("x", program.Input);
        var y = program.Scalar(x);
        var expected = Backward(y)[x];
        var product = Backward(Sum(Backward(y, keepGraph: true)[x] * x))[x];
        OnAllThreads(() =>
        {
            Agreement.Repeats(expected, Backward(y)[x]);
            Agreement.Repeats(product, Backward(Sum(Backward(y, keepGraph: true)[x] * x))[x]);
        });
    }

    [Property]
    public void Threads_that_build_on_one_graph_get_the_same_results(Program f, Program g)
    {
        var x = Variable("x", f.Input);
        var shared = f.Tensor(x);
        var (_, pullback) = Vjp(f.Tensor)(x);
        var cotangent = Ones(shared.Shape);
        var (expected, pulled) = (Backward(g.Scalar(shared))[x], pullback(cotangent));
        var gradient = Grad(v => g.Scalar(f.Tensor(v)))(x);
        OnAllThreads(() =>
        {
            Agreement.Repeats(expected, Backward(g.Scalar(shared))[x]);
            Agreement.Repeats(pulled, pullback(cotangent));
            Agreement.Repeats(gradient, Grad(v => g.Scalar(f.Tensor(v)))(x));
        });
    }

    // Both threads are new, so both number their nodes from 1: the numbers of the one's are those of the other's too.
    [Property]
    public void A_function_that_runs_partly_on_another_thread_has_the_same_derivatives(Program program)
    {
        Expr Whole(Expr x, Expr part) => Mean(part) * Sin(program.Scalar(x) + Mean(Cos(part)));
        Expr Elsewhere(Expr x) => OnNewThread(() => program.Tensor(x));
        Expr Here(Expr x) => Whole(x, program.Tensor(x));
        Expr Both(Expr x) => Whole(x, Elsewhere(x));

        Agreement.Near(Grad(Here)(program.Input), OnNewThread(() => Grad(Both)(program.Input)));
        Agreement.Near(JacobianForward(Grad(Here))(program.Input), OnNewThread(() => JacobianForward(Grad(Both))(program.Input)));
        Agreement.Near(Grad(Here)(program.Input), OnNewThread(() => AdjointOf(Both, Variable("x", program.Input))));
    }

    private static Expr AdjointOf(Func<Expr, Expr> f, Expr x) => Backward(f(x))[x];

    private static Expr OnNewThread(Func<Expr> f)
    {
        Expr result = 0;
        var thread = new Thread(() => result = f());
        thread.Start();
        thread.Join();
        return result;
    }

    /// <summary>Runs an action many times on every thread, all starting together; fails with what any of them threw.</summary>
    private static void OnAllThreads(Action action)
    {
        using var start = new Barrier(Threads);
        var failures = new ConcurrentQueue<Exception>();
        var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() =>
        {
            start.SignalAndWait();
            try
            {
                for (var round = 0; round < Rounds; round++)
                {
                    action();
                }
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                failures.Enqueue(failure);
            }
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.Empty(failures);
    }
}
