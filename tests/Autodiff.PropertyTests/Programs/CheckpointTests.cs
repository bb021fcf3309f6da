// Trading work for memory: what a reverse sweep through a long loop keeps alive.

using Autodiff.PropertyTests.Generators;
using Xunit.Abstractions;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.LoopsAndBranches;

/// <summary>What looks at the memory of the whole process runs when nothing else does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public class Alone;

[Collection(nameof(Alone))]
public class CheckpointTests(ITestOutputHelper output)
{
    private static readonly double[] s_numbers = [0.5, -1.5, 2, 0.25, 1.25];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(5)]
    [InlineData(10)]
    [InlineData(int.MaxValue)]
    public void However_often_the_state_is_kept_all_derivatives_are_the_same(int every)
    {
        static (Expr, Expr) Step(Expr s, Expr x) => (Sin(s) + (x * s), s * x);
        Func<Expr, Expr> F(int k) => v => Scan(Step, v[0], v, checkpointEvery: k) is var (final, outputs) ? final + Sum(outputs * outputs) : v;
        Agreement.Repeats(Grad(F(1))(s_numbers), Grad(F(every))(s_numbers));
        Agreement.Repeats(Hessian(F(1))(s_numbers), Hessian(F(every))(s_numbers));
        Agreement.Repeats(JacobianReverse(Grad(F(1)))(s_numbers), JacobianReverse(Grad(F(every)))(s_numbers));

        static Func<Expr, Expr> Doubled(int k) => x => While(s => s < 100, s => s * x, x, checkpointEvery: k);
        static Func<Expr, Expr> Powers(int k) => x => Iterate(5, s => s * x, x, k);
        Agreement.Repeats(Grad(Grad(Doubled(1)))(1.5), Grad(Grad(Doubled(every)))(1.5));
        Agreement.Repeats(Grad(Grad(Powers(1)))(1.5), Grad(Grad(Powers(every)))(1.5));
        Agreement.Repeats(
            Grad(w => Fold((s, x) => Sin(s * w) + x, 0, s_numbers))(1.5), Grad(w => Fold((s, x) => Sin(s * w) + x, 0, s_numbers, every))(1.5));
    }

    [Fact]
    public void Checkpoint_computes_again_on_the_way_back()
    {
        var calls = 0;
        var square = Primitive.Define(
            "square",
            x =>
            {
                calls++;
                return x * x;
            },
            (x, _) => 2 * x);
        Agreement.Near(4 * Math.Pow(3, 3), Grad(Checkpoint(x => square(square(x))))(3), 1e-15);
        Assert.True(calls > 2, $"{calls} calls");
    }

    [Fact]
    public void Checkpoint_of_several_arguments_and_results_reads_what_is_outside()
    {
        static Expr F(Expr x, Expr w) => Checkpoint((a, b) => Sin(a) * b * w)(x, x * x);
        static Expr Plain(Expr x, Expr w) => Sin(x) * x * x * w;
        Agreement.Near(Grad(Plain)(0.7, 2).Item1, Grad(F)(0.7, 2).Item1, 1e-15);
        Agreement.Near(Grad(Plain)(0.7, 2).Item2, Grad(F)(0.7, 2).Item2, 1e-15);

        static Expr Trees(Expr x) => Checkpoint<(Expr A, Expr B), List<Expr>>(p => [p.A * p.B, Outer(p.A, p.B), p.A])((x, Cos(x))) is [var a, var b, var c]
            ? Sum(a) + Sum(b * b) + Sum(c)
            : x;
        static Expr PlainTrees(Expr x) => Sum(x * Cos(x)) + Sum(Outer(x, Cos(x)) * Outer(x, Cos(x))) + Sum(x);
        Expr point = new double[] { 0.3, -0.8 };
        Agreement.Near(Grad(PlainTrees)(point), Grad(Trees)(point), 1e-14);
        Agreement.Near(Hessian(PlainTrees)(point), Hessian(Trees)(point), 1e-14);
        Agreement.Near(Grad(x => Checkpoint(y => y * 2)(StopGradient(x)) + x)(1), 1, 0);
    }

    [Fact]
    public void A_sweep_that_keeps_few_states_keeps_little_memory()
    {
        foreach (var steps in new[] { 1_000, 10_000, 100_000 })
        {
            var every = (int)Math.Sqrt(steps);
            var (all, few) = (LiveAtMost(steps, 1), LiveAtMost(steps, every));
            output.WriteLine($"n = {steps}: k = 1 keeps {all / 1024} KiB, k = {every} keeps {few / 1024} KiB");
            if (steps == 100_000)
            {
                Assert.True(all > 30 * few, $"{all} bytes with every state kept, {few} with one in {every}");
            }
        }
    }

    /// <summary>The most bytes that the reverse sweep keeps alive: at the turn, and when the first states have been computed again.</summary>
    private static long LiveAtMost(int steps, int every)
    {
        // What other tests left to finalizers would be freed in between.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var (calls, most) = (0, 0L);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var force = Primitive.Define(
            "force",
            x =>
            {
                if (++calls == 2 * steps || calls == (2 * steps) + every - 1)
                {
                    most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
                }

                return -x;
            },
            (_, _) => -1);
        (Expr Position, Expr Velocity) Step((Expr Position, Expr Velocity) s) =>
            (s.Position + (0.001 * s.Velocity), s.Velocity + (0.001 * force(s.Position)));

        Grad(x => Iterate<(Expr Position, Expr Velocity)>(steps, Step, (x, 0), every).Position)(1);
        Assert.True(calls >= 2 * steps);
        return Math.Max(most, 1);
    }
}
