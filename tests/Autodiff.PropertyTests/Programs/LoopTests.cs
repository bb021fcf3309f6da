// Loops as nodes against closed forms and C# loops: the trees a state can be, no steps at all, and what is under the node.

using Autodiff.PropertyTests.Generators;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.LoopsAndBranches;

public class LoopTests
{
    private static readonly double[] s_numbers = [0.5, -1.5, 2, 0.25];

    private sealed record Ball(Expr Position, Expr Velocity, string Name, int? Colour = null);

    [Fact]
    public void Fold_of_a_product_is_the_product()
    {
        Expr xs = s_numbers;
        Agreement.Near(Prod(xs), Fold((s, x) => s * x, 1, xs), 1e-15);
        Agreement.Near(Grad(v => Prod(v))(xs), Grad(v => Fold((s, x) => s * x, 1, v))(xs), 1e-14);
        Agreement.Near(Hessian(v => Prod(v))(xs), Hessian(v => Fold((s, x) => s * x, 1, v))(xs), 1e-14);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Scan_of_a_sum_is_CumSum(bool reverse)
    {
        Expr Sums(Expr xs) => Scan((s, x) => (s + x, s + x), 0, xs, reverse).Outputs;
        Expr Expected(Expr xs) => reverse ? Flip(CumSum(Flip(xs))) : CumSum(xs);
        Agreement.Near(Expected(s_numbers), Sums(s_numbers), 1e-15);
        Agreement.Near(Jacobian(Expected)(s_numbers), JacobianReverse(Sums)(s_numbers), 1e-15);
        Agreement.Near(Jacobian(Expected)(s_numbers), JacobianForward(Sums)(s_numbers), 1e-15);
    }

    [Fact]
    public void Iterate_of_a_power_has_its_derivatives_in_closed_form()
    {
        // Squaring three times is x⁸: 8x⁷, 56x⁶, 336x⁵, 1680x⁴.
        static Expr F(Expr x) => Iterate(3, s => s * s, x);
        Agreement.Near(Math.Pow(1.1, 8), F(1.1), 1e-14);
        Agreement.Near(8 * Math.Pow(1.1, 7), Grad(F)(1.1), 1e-14);
        Agreement.Near(56 * Math.Pow(1.1, 6), Grad(Diff(F))(1.1), 1e-14);
        Agreement.Near(336 * Math.Pow(1.1, 5), Diff(Grad(Grad(F)))(1.1), 1e-14);
        Agreement.Near(1680 * Math.Pow(1.1, 4), Diff(F, 4)(1.1), 1e-14);
        Agreement.Near(1680 * Math.Pow(1.1, 4), Grad(Grad(Grad(Grad(F))))(1.1), 1e-14);
    }

    [Property(Arbitrary = [typeof(Programs)], MaxTest = 40, QuietOnSuccess = true)]
    public void The_state_may_be_a_record_with_more_than_expressions(Program program)
    {
        // s′ = v, v′ = f(s): what is no expression rides along.
        var shape = program.Input.Shape;
        Expr Force(Expr s) => program.Tensor(s) is var f && f.Shape == shape ? f : Mean(f);
        Ball Step(Ball ball, Expr dt) => ball with { Position = ball.Position + (dt / 10 * ball.Velocity), Velocity = ball.Velocity - (dt / 10 * Force(ball.Position)) };
        Expr Energy(Control control, Expr x)
        {
            var ball = control.Fold(Step, new Ball(x, x * 0.5, "ball", 7), s_numbers);
            Assert.Equal(("ball", 7), (ball.Name, ball.Colour));
            return Sum((ball.Position * ball.Position) + Sin(ball.Velocity));
        }

        Agreement.Near(Energy(Control.Statements, program.Input), Energy(Control.Nodes, program.Input));
        Agreement.Near(Grad(x => Energy(Control.Statements, x))(program.Input), Grad(x => Energy(Control.Nodes, x))(program.Input));
        Agreement.Near(
            Hvp(x => Energy(Control.Statements, x))(program.Input, program.Input), Hvp(x => Energy(Control.Nodes, x))(program.Input, program.Input));
    }

    [Fact]
    public void States_items_and_outputs_may_be_any_trees()
    {
        // Two items of different shapes, a list beside a tuple as state, a dictionary as output.
        (List<Expr> Means, (Expr Count, Expr[] Rows) Others) init = ([0, Zeros(2)], (0, [Ones(2, 2)]));
        var (final, outputs) = Scan(
            (s, x) => ((List<Expr>)[s.Means[0] + x.A, s.Means[1] + x.B], (s.Others.Count + 1, s.Others.Rows.Select(row => row * x.A).ToArray())) is var next
                ? (next, new Dictionary<string, Expr> { ["mean"] = next.Item1[0] / next.Item2.Item1, ["b"] = x.B })
                : default,
            init,
            (A: (Expr)new double[] { 1, 2, 3 }, B: (Expr)new double[,] { { 1, 2 }, { 3, 4 }, { 5, 6 } }));

        Assert.Equal(6, final.Means[0].Value);
        Assert.Equal([9, 12], final.Means[1].ToArray());
        Assert.Equal(3, final.Others.Count.Value);
        Agreement.Identical(6 * Ones(2, 2), final.Others.Rows[0]);
        Assert.Equal([1, 1.5, 2], outputs["mean"].ToArray());
        Agreement.Identical(new double[,] { { 1, 2 }, { 3, 4 }, { 5, 6 } }, outputs["b"]);
    }

    [Fact]
    public void Items_of_a_tree_have_their_derivatives()
    {
        Expr F(Control control, (Expr A, Expr B) xs) => control == Control.Nodes
            ? Fold((Expr s, (Expr A, Expr B) x) => (s * x.A) + Sum(Sin(x.B)), 0.5, xs)
            : Enumerable.Range(0, 3).Aggregate((Expr)0.5, (s, i) => (s * xs.A[i]) + Sum(Sin(xs.B[i])));
        (Expr A, Expr B) point = (new double[] { 1, -2, 0.5 }, new double[,] { { 1, 2 }, { 0.3, 0.4 }, { -5, 6 } });
        var (expected, actual) = (Grad<(Expr A, Expr B)>(xs => F(Control.Statements, xs))(point), Grad<(Expr A, Expr B)>(xs => F(Control.Nodes, xs))(point));
        Agreement.Near(expected.A, actual.A, 1e-14);
        Agreement.Near(expected.B, actual.B, 1e-14);
    }

    [Fact]
    public void No_steps_leave_the_state_as_it_was()
    {
        var empty = Zeros(0, 2);
        static (Expr, Expr) Step(Expr s, Expr x) => (s * Sum(x), Outer(x, x));
        var (final, outputs) = Scan(Step, 3, empty);
        Assert.Equal(3, final.Value);
        Assert.Equal(new Shape(0, 2, 2), outputs.Shape);
        Assert.Equal(1, Grad(s => Scan(Step, s, empty).Final)(3).Value);
        Assert.Equal(1, Diff(s => Scan(Step, s, empty).Final)(3).Value);
        Assert.Equal(0, Diff(s => Scan(Step, s, empty).Final, 2)(3).Value);
        Assert.Equal(new Shape(0, 2), Grad(xs => Scan(Step, 2, xs).Final)(empty).Shape);
        Assert.Equal(0, Grad(w => Fold((s, x) => s * w * x, 1, Zeros(0)))(5).Value);
        Assert.Equal(3, Iterate(0, s => s / 0, 3).Value);
        Assert.Equal(1, Grad(x => Iterate(0, s => s / 0, x))(3).Value);
        Assert.Equal(3, While(s => s > 5, s => s / 0, 3).Value);
        Assert.Equal(1, Grad(x => While(s => s > 5, s => s / 0, x))(3).Value);
    }

    [Fact]
    public void A_step_that_does_not_read_the_state_cuts_its_derivative()
    {
        static Expr F(Expr init, Expr xs) => Fold((s, x) => x * x, init, xs);
        var (init, items) = Grad(F)(7, s_numbers);
        Assert.Equal(0, init.Value);
        Assert.Equal([0, 0, 0, 0.5], items.ToArray());
        Assert.Equal(0, Diff(s => F(s, s_numbers))(7).Value);
    }

    [Fact]
    public void A_constant_step_and_an_identity_step_are_loops_too()
    {
        Assert.Equal(5, Fold((s, x) => 5, 1, s_numbers).Value);
        Assert.Equal(0, Grad(v => Fold((s, x) => 5, v, s_numbers))(1).Value);
        Assert.Equal(2, Fold((s, x) => s, 2, s_numbers).Value);
        Assert.Equal(1, Grad(v => Fold((s, x) => s, v, s_numbers))(2).Value);
        Assert.Equal(s_numbers, Scan((s, x) => (s, x), 2, s_numbers).Outputs.ToArray());
        Assert.Equal([1, 1, 1, 1], Grad(v => Sum(Scan((s, x) => (s, x), 2, v).Outputs))(s_numbers).ToArray());
        Assert.Equal([4, 4, 4], (Fold((s, x) => Ones(3) * 4, Zeros(3), s_numbers) * 1).ToArray());
    }

    [Fact]
    public void What_the_step_reads_from_outside_is_differentiated_at_every_order()
    {
        // s ← w·s is wⁿ·s₀.
        static Expr F(Expr w) => Iterate(5, s => w * s, 2);
        Agreement.Near(2 * 5 * Math.Pow(1.3, 4), Grad(F)(1.3), 1e-14);
        Agreement.Near(2 * 20 * Math.Pow(1.3, 3), Grad(Grad(F))(1.3), 1e-14);
        Agreement.Near(2 * 60 * Math.Pow(1.3, 2), Diff(Grad(Diff(F)))(1.3), 1e-14);
        Agreement.Near(2 * 120 * 1.3, Grad(Grad(Grad(Grad(F))))(1.3), 1e-14);
    }

    [Fact]
    public void A_loop_is_one_node_whatever_the_number_of_steps()
    {
        var x = Variable("x");
        var y = Iterate(1_000_000, s => s + x, 0);
        Assert.Equal([x], Backward(y).Keys);
        Assert.Equal(3_000_000, y.Substitute((x, 3)).Value);
        Assert.Equal(1_000_000, Backward(y)[x].Substitute((x, 3)).Value);
    }

    [Fact]
    public void A_function_is_run_once_to_make_the_node()
    {
        var calls = 0;
        Fold(
            (s, x) =>
            {
                calls++;
                return s + x;
            },
            0,
            Ones(100));
        Assert.Equal(1, calls);
    }

    [Fact]
    public void A_derivative_of_a_loop_inside_a_step_sees_the_variables_around_it()
    {
        // ∂/∂y Πᵢ (y·w) over two items at y = s is 2s·w²; s ← 2s·w², twice, is 4s·w⁴ with derivatives 4w⁴ and 16s·w³.
        static Expr F(Expr s0, Expr w) => Iterate(2, s => Grad(y => Fold((p, x) => p * y * w * x, 1, Ones(2)))(s), s0);
        Agreement.Near(4 * 3 * Math.Pow(0.7, 4), F(3, 0.7), 1e-14);
        var (s, w) = Grad(F)(3, 0.7);
        Agreement.Near(4 * Math.Pow(0.7, 4), s, 1e-14);
        Agreement.Near(16 * 3 * Math.Pow(0.7, 3), w, 1e-14);
        Agreement.Near(48 * 3 * Math.Pow(0.7, 2), Diff(v => Grad(u => F(3, u))(v))(0.7), 1e-14);
    }

    [Fact]
    public void An_outer_variable_that_a_step_reads_stays_symbolic_until_it_is_given()
    {
        var (a, b) = (Variable("a"), Variable("b", 2.0));
        var y = Fold((s, x) => (s * a) + (x * b), 1, s_numbers);
        Assert.False(y.IsConcrete);
        var adjoints = Backward(y);
        Assert.Equal([a, b], adjoints.Keys.OrderBy(key => key.Name.IfNone("")));

        static Expr Plain(Expr a, Expr b) => s_numbers.Aggregate((Expr)1, (s, x) => (s * a) + (x * b));
        Agreement.Near(Plain(3, 2), y.Substitute((a, 3)), 1e-14);
        Agreement.Near(Plain(3, -1), y.Substitute((a, 3), (b, -1)), 1e-14);
        Agreement.Near(Grad(Plain)(3, -1).Item1, adjoints[a].Substitute((a, 3), (b, -1)), 1e-14);
        Agreement.Near(Grad(Plain)(3, -1).Item2, adjoints[b].Substitute((a, 3), (b, -1)), 1e-14);
    }

    // √s at 0 has an infinite derivative, but the result does not depend on it.
    [Fact]
    public void A_part_of_the_state_or_the_outputs_that_is_not_used_does_not_disturb_the_others()
    {
        static (Expr A, Expr B) Step((Expr A, Expr B) s) => (s.A * 2, Sqrt(s.B));
        var uses = new Func<Expr, Expr>[]
        {
            x => Iterate(2, Step, (A: x, B: x)).A,
            x => While(s => s.A < 3, Step, (A: x + 1, B: x)).A,
            x => Scan((s, y) => (s * 2, Sqrt(x)), x, Ones(2)).Final,
            x => Scan((s, y) => (Sqrt(s), y * x), x, Ones(2)).Outputs is var outputs ? outputs[0] * 4 : x,
            x => Checkpoint<Expr, (Expr A, Expr B)>(v => (v * 4, Sqrt(v)))(x).A,
            x => Iterate(1, v => Cond(v < 5, () => (v * 4, Sqrt(v)), () => (v, v)).Item1, x),
        };
        foreach (var (i, use) in uses.Index())
        {
            var symbol = Variable("x");
            Assert.Equal((i, 4), (i, Grad(use)(0).Value));
            Assert.Equal((i, 4), (i, Diff(use)(0).Value));
            Assert.Equal((i, 4), (i, Backward(use(symbol))[symbol].Substitute((symbol, 0)).Value));
            Assert.Equal((i, 0), (i, Grad(Grad(use))(0).Value));
        }
    }
}
