// Loops, branches and custom rules over a batch: each sample goes its own way, and has the derivatives it has alone.

using Autodiff.PropertyTests.Generators;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Batches;

public class ControlFlowTests
{
    private static readonly Expr s_batch = new double[] { -1, 0, 0.25, 4 };

    public static TheoryData<string> Uses => [.. ProgramCases.All.Keys];

    [Theory, MemberData(nameof(Uses))]
    public void A_program_node_batched_is_the_loop(string use) => Batching.ForAll(ProgramCases.Batches(use), 60, batching => batching.IsTheLoop());

    [Theory, MemberData(nameof(Uses))]
    public void A_program_node_batched_symbolically_is_the_same(string use) =>
        Batching.ForAll(ProgramCases.Batches(use), 15, batching => batching.IsTheSameBuiltSymbolically());

    [Theory, MemberData(nameof(Uses))]
    public void First_derivatives_of_a_program_node_are_those_of_the_loop(string use) => Batching.ForAll(ProgramCases.Batches(use), 15, batching =>
    {
        batching.HasTheDerivativesOfTheLoopInside();
        batching.HasTheDerivativesOfTheLoopOutside();
    });

    [Theory, MemberData(nameof(Uses))]
    public void Second_derivatives_of_a_program_node_are_those_of_the_loop(string use) =>
        Batching.ForAll(ProgramCases.Batches(use), 5, batching => batching.HasTheSecondDerivativesOfTheLoop());

    [Fact]
    public void Each_sample_stops_by_itself_and_keeps_its_state()
    {
        // Doubled until it is 1 or more; what is so already takes no step.
        Func<Expr, Expr> f = x => While(s => s < 1, s => 2 * s, x);
        Expr batch = new double[] { 0.3, 1, 0.01, 7, 0.5 };
        Expr stopped = new double[] { 1.2, 1, 1.28, 7, 1 };
        Agreement.Identical(stopped, Vmap(f)(batch));
        Expr slopes = new double[] { 4, 1, 128, 1, 2 };
        Agreement.Identical(slopes, Vmap(Grad(f))(batch));
        Agreement.Identical(slopes, Grad(x => Sum(Vmap(f)(x)))(batch));
        Agreement.Identical(slopes, Jvp(Vmap(f))(batch, Ones(5)).Tangent);
    }

    [Fact]
    public void A_product_of_infinities_on_the_side_a_sample_does_not_take_contributes_nothing()
    {
        // How far y reaches along x, which has no direction at 0. Its gradient is (y − (u·y)u)/‖x‖ and u, with u = (0.6, 0.8) and u·y = 11.
        Func<Expr, Expr, Expr> f = (x, y) => Where(Dot(x, x) > 0, Dot(x / Norm(x), y), Sum(y) + x[0]);
        Expr xs = new double[,] { { 0, 0 }, { 3, 4 } }, ys = new double[,] { { 1, 2 }, { 5, 10 } };
        var (dx, dy) = Vmap((x, y) => Stack([Grad(f)(x, y).Item1, Grad(f)(x, y).Item2]))(xs, ys) is var both ? (both[.., 0], both[.., 1]) : default;
        Agreement.Near(new double[,] { { 1, 0 }, { -0.32, 0.24 } }, dx, 1e-14);
        Agreement.Near(new double[,] { { 1, 1 }, { 0.6, 0.8 } }, dy, 1e-14);
    }

    [Fact]
    public void A_condition_that_all_samples_share_stays_one_number()
    {
        Func<Expr, Expr, Expr> f = (x, n) => While(s => s.Item2 < n, s => (s.Item1 * x, s.Item2 + 1), (x, (Expr)0)).Item1;
        Agreement.Near(Pow(s_batch, 4), Vmap(f, (0, null))(s_batch, 3));
        Agreement.Near(4 * Pow(s_batch, 3), Vmap(Grad(x => f(x, 3)))(s_batch));
    }

    [Fact]
    public void A_step_that_would_be_infinite_for_a_sample_that_has_stopped_does_no_harm()
    {
        // √(s − 1) is not a number below 1, and its slope is infinite at 1.
        Func<Expr, Expr> f = x => While(s => s > 1, s => Sqrt(s - 1), x);
        Expr batch = new double[] { 0.5, 1, 5, 1.5, 30 };
        EachIsAsAlone(f, batch);

        // One over what remains, which is 0 at the end.
        Func<Expr, Expr> g = x => While(s => s.Item2 > 0, s => (s.Item1 + (x / s.Item2), s.Item2 - 1), (x, Floor(x))).Item1;
        Expr counts = new double[] { 0.5, 3.5, 1.25 };
        EachIsAsAlone(g, counts);

        // The same in loops within the step, where structural zeros are known by operand only.
        Func<Expr, Expr> h = x => While(s => s > 1, s => Iterate(1, v => Sqrt(v - 1), s), x);
        EachIsAsAlone(h, batch);
    }

    [Fact]
    public void A_branch_that_is_not_taken_does_no_harm()
    {
        EachIsAsAlone(x => Cond(x > 0, () => Sqrt(x), () => x * x), s_batch);
        EachIsAsAlone(x => Cond(x > 0, () => Log(x) / x, () => 0), s_batch);
        EachIsAsAlone(x => Cond(x > 0, () => Iterate(2, s => Sqrt(s), x), () => x * x), s_batch);
        EachIsAsAlone(x => Cond(x > 0, () => Checkpoint(v => Sqrt(v))(x), () => x * x), s_batch);
        EachIsAsAlone(x => Cond(x > 0, () => Cond(x > 1, () => 1 / (x * Sqrt(x - 1)), () => Sqrt(x)), () => Sin(x)), s_batch);
        EachIsAsAlone(x => Cond(x > 0, () => While(s => s > 1, s => Sqrt(s), x), () => x * x), s_batch);
        EachIsAsAlone(x => Iterate(2, s => Cond(s > 0, () => Sqrt(s), () => 2 * s), x), s_batch);
    }

    // What these branches hold would never end, throw or be singular for the samples that do not take them.
    public static TheoryData<string> Guarded => [.. s_guarded.Keys];

    private static readonly Func<Expr, Expr> s_logarithm = Primitive.Define("strict", x => x > 0 ? Math.Log(x) : throw new ArgumentException("no logarithm"), (x, _) => 1 / x);

    private static readonly Dictionary<string, Func<Expr, Expr>> s_guarded = new()
    {
        ["a loop"] = x => Cond(x > 0, () => While(s => s < 10, s => s * 2, x), () => x),
        ["a loop in a loop"] = x => While(s => s < 5, s => While(t => t < 2 * s, t => t * 1.5, s), Max(x, 0.1)),
        ["a loop whose sample has finished"] = x => While(s => Abs(s) > 0.5, s => s / While(t => t < Abs(s), t => t * t, 1.2), x),
        ["a loop in a fold"] = x => Iterate(3, s => Cond(s > 0, () => While(u => u < 1, u => u * 3, s) - 2, () => s + (0.5 * s * s)), x),
        ["a system"] = x => Cond(Abs(x) > 0.1, () => Solve(x * Eye(2), Ones(2))[0], () => x * x),
        ["an inverse in a branch of a branch"] = x => Cond(x > -2, () => Cond(Abs(x) > 0.1, () => Sum(Inverse(x * Eye(2))), () => x), () => 0),
        ["a factor"] = x => Cond(x > 0, () => Sum(Cholesky(x * Eye(2))), () => x * x),
        ["a triangular system on the other side"] = x => Cond(Eq(x, 0), () => 3 * x, () => Sum(SolveTriangular(x * Eye(2), Ones(2)))),
        ["a root"] = x => Cond(x > 0, () => Root(s => (s * s) - x, 1), () => x),
        ["a root in a loop"] = x => While(s => s > 2, s => Root(t => (t * t) - s, 1), x),
        ["a minimum"] = x => Cond(x > 0, () => ArgMin(s => (x * s) - Log(s), 1), () => x),
        ["a fixed point"] = x => Cond(x > 0, () => FixedPoint(s => (s + (x / s)) / 2, 1), () => x),
        ["a primitive of the user's"] = x => Cond(x > 0, () => s_logarithm(x), () => x * x),
        ["a checkpoint"] = x => Cond(x > 0, () => Checkpoint(v => While(s => s < 10, s => s * 2, v))(x), () => x),
        ["a compiled function"] = x => Cond(x > 0, () => Compile(v => While(s => s < 10, s => s * 2, v))(x), () => x),
        ["a derivative"] = x => Cond(x > 0, () => Grad(v => While(s => s < 10, s => s * s, v + 1))(x), () => x),
        ["a constant loop"] = x => Cond(x > 100, () => x * While(s => s < 10, s => s * 2, -1), () => x * x),
        ["a constant system"] = x => Cond(x > 100, () => x * Solve(Zeros(2, 2), Ones(2))[0], () => x * x),
    };

    [Theory, MemberData(nameof(Guarded))]
    public void A_branch_runs_for_the_samples_that_take_it(string inside)
    {
        var f = s_guarded[inside];
        EachIsAsAlone(f, s_batch);
        EachIsAsAlone(Compile(f), s_batch);
        EachIsAsAlone(f, new double[] { -1, -3 });
        EachIsAsAlone(f, new double[] { 4, 0.5 });
        foreach (var g in new[] { f, Grad(f), Grad(Grad(f)) })
        {
            Agreement.Near(Vmap(g)(s_batch), Compile(Vmap(g))(s_batch), 1e-12);
            Expr batches = new double[,] { { 4, -1, 0 }, { 0, -1, -2 }, { 0, 0.25, 9 } };
            Agreement.Near(Stack([Vmap(g)(batches[0]), Vmap(g)(batches[1]), Vmap(g)(batches[2])]), Vmap(Vmap(g))(batches), 1e-12);
        }

        // A batch of none is a batch, too.
        Assert.Equal(new Shape(0), Vmap(f)(Zeros(0)).Shape);
    }

    [Fact]
    public void What_all_samples_share_is_read_only_by_the_samples_that_need_it()
    {
        Func<Expr, Expr, Expr> f = (x, a) => Cond(x > 0, () => Solve(a, x * Ones(2))[0], () => x);
        Expr none = new double[] { -1, -2 }, some = new double[] { -1, 2 };
        Agreement.Identical(none, Vmap(f, (0, null))(none, Zeros(2, 2)));
        Agreement.Identical(Ones(2), Grad(x => Sum(Vmap(f, (0, null))(x, Zeros(2, 2))))(none));
        Agreement.Identical(Zeros(2, 2), Grad(a => Sum(Vmap(f, (0, null))(none, a)))(Zeros(2, 2)));
        Agreement.Near(new double[,] { { -0.5, -0.5 }, { 0, 0 } }, Grad(a => Sum(Vmap(f, (0, null))(some, a)))(2 * Eye(2)), 1e-15);
        Assert.Contains("singular", Assert.Throws<AutodiffException>(() => Vmap(f, (0, null))(some, Zeros(2, 2))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_search_is_made_for_the_samples_that_need_it_alone()
    {
        var searches = 0;
        Func<Expr, Expr> f = x => Cond(x > 0, () => Root(s => (s * s) - x, 1, (g, start) =>
        {
            searches++;
            var (low, high) = ((Expr)0, 16 * start);
            for (var step = 0; step < 60; step++)
            {
                var middle = (low + high) / 2;
                (low, high) = g(middle) > 0 ? (low, middle) : (middle, high);
            }

            return high;
        }), () => x);
        Agreement.Near(new double[] { -1, 2, -3, 3 }, Vmap(f)(new double[] { -1, 4, -3, 9 }), 1e-12);
        Assert.Equal(2, searches);
    }

    [Fact]
    public void A_predicate_that_all_samples_share_runs_one_branch()
    {
        var seen = 0;
        var counted = Primitive.Define("counted", x =>
        {
            seen++;
            return 2 * x;
        }, (x, y) => 2);
        Func<Expr, Expr, Expr> f = (x, p) => Cond(p > 0, () => counted(x), () => Sin(x));
        var p = Variable("p", 1);
        Agreement.Identical(2 * s_batch, Vmap(f, (0, null))(s_batch, p));
        Assert.Equal(4, seen);
        Agreement.Near(Sin(s_batch), Vmap(f, (0, null))(s_batch, Variable("p", 0)));
        Assert.Equal(4, seen);
    }

    [Fact]
    public void The_limit_of_a_loop_holds_for_the_slowest_sample()
    {
        Func<Expr, Expr> f = x => While(s => s < 1, s => 2 * s, x, limit: 3);
        Agreement.Identical(new double[] { 1, 1 }, Vmap(f)(new double[] { 0.125, 1 }));
        Assert.Contains("While", Assert.Throws<AutodiffException>(() => Vmap(f)(new double[] { 0.1, 1 })).Message, StringComparison.Ordinal);
    }

    /// <summary>Values and derivatives to the second order are those of every sample alone, and are numbers.</summary>
    private static void EachIsAsAlone(Func<Expr, Expr> f, Expr batch)
    {
        Expr Alone(Func<Expr, Expr> g) => Stack([.. Enumerable.Range(0, batch.Shape[0]).Select(i => g(batch[i].Value))]);
        void Is(Expr expected, Expr actual)
        {
            Assert.All(expected.ToArray(), element => Assert.True(double.IsFinite(element)));
            Agreement.Near(expected, actual, 1e-12);
        }

        Func<Expr, Expr> mapped = x => Vmap(f)(x);
        Is(Alone(f), mapped(batch));
        Is(Alone(Grad(f)), Vmap(Grad(f))(batch));
        Is(Alone(Grad(f)), Vmap(Diff(f))(batch));
        Is(Alone(Grad(f)), Grad(x => Sum(mapped(x)))(batch));
        Is(Alone(Grad(f)), Jvp(mapped)(batch, Ones(batch.Shape)).Tangent);
        Is(Alone(Grad(Grad(f))), Vmap(Grad(Grad(f)))(batch));
        Is(Alone(Grad(Grad(f))), Grad(x => Sum(Vmap(Grad(f))(x)))(batch));
        Is(Alone(Grad(Grad(f))), Grad(x => Sum(Grad(v => Sum(mapped(v)))(x)))(batch));
        Is(Alone(Grad(Grad(f))), Jvp(x => Grad(v => Sum(mapped(v)))(x))(batch, Ones(batch.Shape)).Tangent);
        Is(Alone(Diff(f, 2)), Diff(t => mapped(batch + t), 2)(0));
    }
}
