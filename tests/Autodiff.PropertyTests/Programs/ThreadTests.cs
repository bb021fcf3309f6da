// Programs are data like any other node: any number of threads may run and differentiate one loop at once.

using Autodiff.PropertyTests.Generators;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.LoopsAndBranches;

public class ThreadTests
{
    private static readonly double[] s_numbers = [0.5, -1.5, 0.25];

    private static Expr F(Expr x) => Fold(
        (s, item) => Cond(s > item, () => Iterate(2, t => Sin(t) + (item * x), s), () => While(t => t < item, t => t + (x * x) + 0.1, s)), x, s_numbers);

    [Fact]
    public void The_same_loop_is_differentiated_by_many_threads_at_once()
    {
        var x = Variable("x");
        var (y, curvature) = (F(x), Grad(Grad(F))(0.7));
        var slope = Grad(F)(0.7);
        var tangent = Jvp(F)(x, 1).Tangent;
        Parallel.For(0, 16, _ =>
        {
            for (var round = 0; round < 10; round++)
            {
                Agreement.Repeats(F(0.7), y.Substitute((x, 0.7)));
                Agreement.Repeats(slope, Backward(y)[x].Substitute((x, 0.7)));
                Agreement.Repeats(slope, tangent.Substitute((x, 0.7)));
                Agreement.Repeats(curvature, Backward(Backward(y)[x])[x].Substitute((x, 0.7)));
                Agreement.Repeats(curvature, Diff(Grad(F))(0.7));
            }
        });
    }

    [Fact]
    public void A_loop_made_by_one_thread_is_differentiated_by_another()
    {
        var x = Variable("x");
        var y = Elsewhere(() => F(x));
        var first = Elsewhere(() => Backward(y)[x]);
        var second = Elsewhere(() => Jvp(v => first.Substitute((x, v)))(x, 1).Tangent);
        Agreement.Near(Grad(F)(0.7), first.Substitute((x, 0.7)), 1e-14);
        Agreement.Near(Grad(Grad(F))(0.7), Elsewhere(() => second.Substitute((x, 0.7))), 1e-13);
    }

    // The runtime gives the id of a thread that has ended to the next one.
    [Fact]
    public void A_thread_is_not_taken_for_one_that_has_ended()
    {
        var x = Variable("x");
        for (var round = 0; round < 50; round++)
        {
            var y = Elsewhere(() => F(x + round - round));
            var slope = Elsewhere(() => Backward(Backward(y)[x])[x]);
            Agreement.Near(Grad(Grad(F))(0.7), Elsewhere(() => slope.Substitute((x, 0.7))), 1e-13);
        }
    }

    [Fact]
    public void A_step_may_compute_on_another_thread()
    {
        static Expr Step(Expr s, Expr x, Expr w) => Elsewhere(() => Sin(s * w) + x);
        static Expr G(Expr w) => Fold((s, x) => Step(s, x, w), w, s_numbers);
        static Expr Plain(Expr w) => s_numbers.Aggregate(w, (s, x) => Sin(s * w) + x);
        Agreement.Near(Grad(Plain)(0.7), Grad(G)(0.7), 1e-14);
        Agreement.Near(Grad(Grad(Plain))(0.7), Grad(Diff(G))(0.7), 1e-13);
        Agreement.Near(Grad(Plain)(0.7), Grad(w => Checkpoint(v => Elsewhere(() => Plain(v)))(w))(0.7), 1e-14);
    }

    [Fact]
    public void A_branch_and_a_rule_may_compute_on_another_thread()
    {
        var x = Variable("x");
        var y = Cond(x > 0, () => Elsewhere(() => Sin(x)), () => x * x);
        Agreement.Near(Math.Cos(1), Backward(y)[x].Substitute((x, 1)), 1e-15);
        Agreement.Near(-4, Backward(y)[x].Substitute((x, -2)), 1e-15);
        var square = CustomVjp(v => (Elsewhere(() => v * v), z => Elsewhere(() => 2 * z * v)));
        Agreement.Near(6, Grad(square)(3), 1e-15);
        Agreement.Near(6, Backward(square(x))[x].Substitute((x, 3)), 1e-15);
        Agreement.Near(2, Grad(Grad(square))(3), 1e-15);
    }

    private static Expr Elsewhere(Func<Expr> f)
    {
        Expr? result = null;
        var thread = new Thread(() => result = f());
        thread.Start();
        thread.Join();
        return result!;
    }
}
