// Limits, progress and cancellation of searches and of While.

using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.LoopsAndBranches;

public class IterationControlTests
{
    private sealed class Log : IProgress<IterationProgress>
    {
        public List<IterationProgress> Steps { get; } = [];

        public Action<IterationProgress>? OnStep { get; init; }

        public void Report(IterationProgress value)
        {
            Steps.Add(value);
            OnStep?.Invoke(value);
        }
    }

    [Property]
    public void While_reports_each_test_of_its_condition_compiled_and_not(byte count)
    {
        var steps = count % 20;
        foreach (var compiled in new[] { false, true })
        {
            var log = new Log();
            Func<Expr, Expr> f = n => While(s => s < n, s => s + 1, 0, progress: log);
            Assert.Equal(steps, (compiled ? Compile(f) : f)(steps).Value);
            Assert.Equal(Enumerable.Range(0, steps + 1), log.Steps.Select(step => step.Iteration));
            Assert.All(log.Steps, step => Assert.Equal(step.Iteration < steps ? 1 : 0, step.Value));
            Assert.All(log.Steps, step => Assert.Equal(double.NaN, step.Residual));
        }
    }

    [Fact]
    public void While_has_a_limit_of_ten_million_steps()
    {
        const string Message = "While: the condition still holds after 10000000 steps, the most that were allowed; raise the limit, or see why the loop does not end.";
        Func<Expr, Expr> endless = x => While(s => s < 1, s => s * 1, x);
        Assert.Equal(Message, Assert.Throws<AutodiffException>(() => Compile(endless)(0)).Message);
        Assert.Equal("while(s => s < 1, s => s * 1, x)", endless(Variable("x")).ToString());
        Assert.Equal("while(s => s < 1, s => s * 1, x, limit: 3)", While(s => s < 1, s => s * 1, Variable("x"), limit: 3).ToString());
    }

    [Fact]
    public void While_is_cancelled_between_steps_compiled_and_not_and_in_its_derivatives()
    {
        foreach (var transform in new Func<Func<Expr, Expr>, Func<Expr, Expr>>[] { f => f, Grad, f => Compile(f), f => Compile(Grad(f)), f => x => Vmap(f)(Stack([x, x])) })
        {
            using var source = new CancellationTokenSource();
            var log = new Log { OnStep = step => _ = step.Iteration < 5 ? Task.CompletedTask : source.CancelAsync() };
            var f = transform(x => While(s => s < 1e6, s => s + x, x, progress: log, cancellationToken: source.Token));
            Assert.Throws<OperationCanceledException>(() => f(1));
            Assert.Equal(5, log.Steps[^1].Iteration);
        }
    }

    [Fact]
    public void A_search_reports_its_steps_and_how_far_it_is()
    {
        var (root, fixedPoint, minimum) = (new Log(), new Log(), new Log());
        Root(x => (x * x) - 2, 1, progress: root);
        FixedPoint(Cos, 1, progress: fixedPoint);
        ArgMin(x => Square(Square(x) - 2) + 1, 1.2, progress: minimum);
        foreach (var log in new[] { root, fixedPoint, minimum })
        {
            Assert.Equal(0, log.Steps[0].Iteration);
            Assert.All(log.Steps.Zip(log.Steps.Skip(1)), pair => Assert.InRange(pair.Item2.Iteration - pair.Item1.Iteration, 0, 1));
            Assert.True(log.Steps.Count >= 3);
            Assert.True(log.Steps[^1].Residual < 1e-6 * log.Steps[0].Residual);
        }

        Assert.All(root.Steps.Concat(fixedPoint.Steps), step => Assert.Equal(step.Residual, step.Value));
        Assert.Equal(1, minimum.Steps[^1].Value, 1e-9);
        Assert.Equal(1, root.Steps[0].Residual);
    }

    [Fact]
    public void A_solver_of_the_callers_own_is_watched_and_stopped_too()
    {
        var log = new Log();
        Expr Bisect(Func<Expr, Expr> f, Expr start)
        {
            var (low, high) = (0.0, 2.0);
            for (var i = 0; i < 60; i++)
            {
                var middle = (low + high) / 2;
                (low, high) = f(middle).Value < 0 ? (middle, high) : (low, middle);
            }

            return low;
        }

        Assert.Equal(Math.Sqrt(2), Root(x => (x * x) - 2, 1, Bisect, progress: log).Value, 1e-12);
        Assert.Equal(Enumerable.Range(0, 60), log.Steps.Select(step => step.Iteration));
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => Root(x => (x * x) - 2, 1, Bisect, cancellationToken: source.Token));
    }

    [Fact]
    public void A_search_is_cancelled_at_once_and_in_a_program()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => Root(x => (x * x) - 2, 1, cancellationToken: source.Token));
        Assert.Throws<OperationCanceledException>(() => FixedPoint(Cos, 1, cancellationToken: source.Token));
        Assert.Throws<OperationCanceledException>(() => ArgMin(x => Square(x - 2), 1, cancellationToken: source.Token));
        var compiled = Compile(a => Root(x => (x * x) - a, 1, cancellationToken: source.Token));
        Assert.Throws<OperationCanceledException>(() => compiled(2));
    }

    [Fact]
    public void A_search_ends_after_its_most_steps_and_the_error_says_how_to_allow_more()
    {
        Func<Expr, Expr> slow = x => Exp(x) - 1e-30;
        var error = Assert.Throws<AutodiffException>(() => Root(slow, 0, maxSteps: 3));
        Assert.Contains("after 3 steps", error.Message, StringComparison.Ordinal);
        Assert.Contains("raise maxSteps", error.Message, StringComparison.Ordinal);
        Assert.Equal(Math.Log(1e-30), Root(slow, 0, maxSteps: 200).Value, 1e-9);
        Assert.Contains("raise maxSteps", Assert.Throws<AutodiffException>(() => ArgMin(x => Sum(Square(Square(x) - 2)), new double[] { 30, 40 }, maxSteps: 2)).Message, StringComparison.Ordinal);
        Assert.Contains("raise maxSteps", Assert.Throws<AutodiffException>(() => FixedPoint(x => (x / 2) + Exp(-x) + (1 / Square(x)), 1e9, maxSteps: 1)).Message, StringComparison.Ordinal);
        foreach (var (operation, use) in new (string, Func<object>)[]
        {
            ("Root", () => Root(x => x, 1, maxSteps: 0)), ("FixedPoint", () => FixedPoint(Cos, 1, maxSteps: 0)), ("ArgMin", () => ArgMin(x => x * x, 1, maxSteps: -1)),
        })
        {
            Assert.StartsWith($"{operation}: maxSteps is ", Assert.Throws<AutodiffException>(use).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_limit_of_a_search_is_saved_with_it()
    {
        var x = Variable("a");
        var saved = Expr.FromJson(Root(y => Exp(y) - x, 0, maxSteps: 3).ToJson());
        var named = saved.Nodes().First(node => node.Op == Op.Variable && node.Name.IsSome);
        Assert.Contains("after 3 steps", Assert.Throws<AutodiffException>(() => saved.Substitute((named, 1e-30))).Message, StringComparison.Ordinal);
        Assert.DoesNotContain("maxSteps", Root(y => Exp(y) - x, 0).ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void Loops_that_differ_only_in_who_watches_are_not_merged()
    {
        var (first, second) = (new Log(), new Log());
        var f = Compile(x => While(s => s < 3, s => s + 1, x, progress: first) + While(s => s < 3, s => s + 1, x, progress: second));
        Assert.Equal(6, f(0).Value);
        Assert.Equal(first.Steps.Count, second.Steps.Count);
        Assert.NotEmpty(first.Steps);
    }
}
