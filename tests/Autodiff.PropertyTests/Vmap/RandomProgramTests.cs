// Random programs over batches: Vmap is the loop over samples, however it is composed with derivatives and with itself.

using Autodiff.PropertyTests.Generators;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Batches;

[Properties(Arbitrary = [typeof(Programs)], QuietOnSuccess = true)]
public class RandomProgramTests
{
    private const double Repetition = 1e-12;

    [Property(MaxTest = 300)]
    public Property Vmap_is_the_loop(Program f) => Holds(f, 1, batching => batching.IsTheLoop());

    [Property(MaxTest = 100)]
    public Property Vmap_of_two_arguments_is_the_loop(Program f) => Holds(f, 2, batching => batching.IsTheLoop());

    [Property(MaxTest = 100)]
    public Property Vmap_of_three_arguments_is_the_loop(Program f) => Holds(f, 3, batching => batching.IsTheLoop());

    [Property(MaxTest = 100)]
    public Property Vmap_of_four_arguments_is_the_loop(Program f) => Holds(f, 4, batching => batching.IsTheLoop());

    [Property(MaxTest = 60)]
    public Property Vmap_on_symbols_substituted_is_Vmap(Program f) => Holds(f, 2, batching => batching.IsTheSameBuiltSymbolically());

    [Property(MaxTest = 60)]
    public Property Derivatives_batched_are_the_loop_of_derivatives(Program f) => Holds(f, 2, batching => batching.HasTheDerivativesOfTheLoopInside());

    [Property(MaxTest = 60)]
    public Property Derivatives_of_a_batch_are_those_of_the_loop(Program f) => Holds(f, 2, batching => batching.HasTheDerivativesOfTheLoopOutside());

    [Property(MaxTest = 25)]
    public Property Second_derivatives_of_and_in_a_batch_are_those_of_the_loop(Program f) => Holds(f, 2, batching => batching.HasTheSecondDerivativesOfTheLoop());

    [Property(MaxTest = 60)]
    public void The_Jacobian_of_Vmap_is_block_diagonal(Program f)
    {
        var batch = Batching.About(f.Input, 3, 0, 1);
        var jacobian = Jacobian(Vmap(f.Tensor))(batch);
        var (rows, columns) = (f.Tensor(f.Input).Shape.Size, f.Input.Shape.Size);
        var blocks = Reshape(jacobian, 3, rows, 3, columns);
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
            {
                var expected = i == j ? Reshape(Jacobian(f.Tensor)(batch[i]), rows, columns) : Zeros(rows, columns);
                Agreement.Near(expected, blocks[i, .., j], Repetition);
            }
        }
    }

    [Property(MaxTest = 60)]
    public Property Vmap_of_Vmap_is_the_loop_of_loops(Program f) => Prop.ForAll(
        Gen.Choose(0, 100).ArrayOf(4).ToArbitrary(), choices =>
        {
            var shape = f.Input.Shape;
            var result = f.Tensor(f.Input).Shape;
            var inner = Batching.AxisOf(choices[0], shape.Rank);
            var outer = Batching.AxisOf(choices[1], shape.Rank + 1);
            var innerOut = Batching.AxisOf(choices[2], result.Rank);
            var outerOut = Batching.AxisOf(choices[3], result.Rank + 1);
            Expr Batch(int seed) => Batching.About(f.Input, 3, inner, seed);
            Expr batches = Batching.Stacked([Batch(10), Batch(20)], Batch(10).Shape, outer);

            Expr Inner(Expr batch) => Batching.Stacked([.. Enumerable.Range(0, 3).Select(i => f.Tensor(Batching.SampleOf(batch, inner, i)))], result, innerOut);
            Expr Outer(Expr all) => Stack([Inner(Batching.SampleOf(all, outer, 0)), Inner(Batching.SampleOf(all, outer, 1))], outerOut < 0 ? outerOut + result.Rank + 2 : outerOut);
            var mapped = Vmap(Vmap(f.Tensor, inner, innerOut), outer, outerOut);
            Agreement.Near(Outer(batches), mapped(batches), Repetition);
            Agreement.Near(Grad(x => Sum(Sin(Outer(x))))(batches), Grad(x => Sum(Sin(mapped(x))))(batches), Repetition);
        });

    [Property(MaxTest = 40)]
    public void A_closure_over_an_outer_sample_sees_that_sample(Program f)
    {
        var (xs, ys) = (Batching.About(f.Input, 3, 0, 10), Batching.About(Sin(f.Input), 2, 0, 20));
        var expected = Stack([.. Enumerable.Range(0, 3).Select(i => Stack([.. Enumerable.Range(0, 2).Select(j => f.Joint(xs[i], ys[j]))]))]);
        Agreement.Near(expected, Vmap(x => Vmap(y => f.Joint(x, y))(ys))(xs), Repetition);

        // The inner batch may itself be made of the outer sample.
        var shifted = Stack([.. Enumerable.Range(0, 3).Select(i => Stack([.. Enumerable.Range(0, 2).Select(j => f.Joint(xs[i], Sin(ys[j] + xs[i])))]))]);
        Agreement.Near(shifted, Vmap(x => Vmap(y => f.Joint(x, y))(Sin(ys + x)))(xs), Repetition);
    }

    [Property(MaxTest = 30)]
    public void A_closure_over_an_outer_variable_is_differentiated(Program f)
    {
        var ys = Batching.About(Sin(f.Input), 3, 0, 20);
        Func<Expr, Expr> mapped = x => Sum(Sin(Vmap(y => f.Joint(x, y))(ys)));
        Func<Expr, Expr> looped = x => Sum(Sin(Stack([.. Enumerable.Range(0, 3).Select(i => f.Joint(x, ys[i]))])));
        Agreement.Near(Grad(looped)(f.Input), Grad(mapped)(f.Input), Repetition);
        Agreement.Near(Hessian(looped)(f.Input), Hessian(mapped)(f.Input), Repetition);
        Agreement.Near(JacobianReverse(Grad(looped))(f.Input), JacobianReverse(Grad(mapped))(f.Input), Repetition);
    }

    [Property(MaxTest = 30)]
    public void Vmap_inside_Grad_inside_Vmap_is_the_loops(Program f)
    {
        var (xs, zs) = (Batching.About(f.Input, 3, 0, 10), Batching.About(Cos(f.Input), 2, 0, 30));
        Expr Mapped(Expr x) => Grad(y => Sum(Sin(Vmap(z => f.Joint(x, y, z))(zs))))(Sin(x));
        Expr Looped(Expr x) => Grad(y => Sum(Sin(Stack([f.Joint(x, y, zs[0]), f.Joint(x, y, zs[1])]))))(Sin(x));
        var expected = Stack([.. Enumerable.Range(0, 3).Select(i => Looped(xs[i]))]);
        Agreement.Near(expected, Vmap(Mapped)(xs), Repetition);

        // The same under another derivative, which flows through the point the inner one is taken at.
        Func<Func<Expr, Expr>, Func<Expr, Expr>> slope = g => x => Sum(Cos(g(x)));
        var second = Stack([.. Enumerable.Range(0, 3).Select(i => Grad(slope(Looped))(xs[i]))]);
        Agreement.Near(second, Vmap(Grad(slope(Mapped)))(xs), Repetition);
        Agreement.Near(second, Grad(v => Sum(Cos(Vmap(Mapped)(v))))(xs), Repetition);
    }

    [Property(MaxTest = 40)]
    public void Trees_hold_samples_in_every_expression(Program f, Program g)
    {
        var tree = (A: Batching.About(f.Input, 3, 0, 10), B: new[] { Batching.About(g.Input, 3, 0, 20), Batching.About(Sin(g.Input), 3, 0, 30) });
        var (sums, parts) = Vmap(((Expr A, Expr[] B) p) => (f.Scalar(p.A) + g.Scalar(p.B[0]), new Dictionary<string, Expr> { ["b"] = g.Joint(p.B), ["a"] = p.A }))(tree);
        Agreement.Near(Stack([.. Enumerable.Range(0, 3).Select(i => f.Scalar(tree.A[i]) + g.Scalar(tree.B[0][i]))]), sums, Repetition);
        Agreement.Near(Stack([.. Enumerable.Range(0, 3).Select(i => g.Joint(tree.B[0][i], tree.B[1][i]))]), parts["b"], Repetition);
        Agreement.Identical(tree.A, parts["a"]);

        // Parameters that all samples share, samples, and the gradients of one sample as a tree.
        var gradients = Vmap((Expr[] p, (Expr A, Expr[] B) samples) => Grad((Expr[] q) => f.Scalar(q[0]) * g.Scalar(samples.B[0]) * f.Scalar(samples.A))(p), (null, 0))([Cos(f.Input)], tree);
        var expected = Stack([.. Enumerable.Range(0, 3).Select(i => Grad(q => f.Scalar(q) * g.Scalar(tree.B[0][i]) * f.Scalar(tree.A[i]))(Cos(f.Input)))]);
        Agreement.Near(expected, gradients[0], Repetition);
    }

    [Property(MaxTest = 40)]
    public void Three_trees_may_share_or_hold_samples_each(Program f)
    {
        var (xs, ys) = (Batching.About(f.Input, 3, 0, 10), Batching.About(f.Input, 3, -1, 20));
        var (values, same) = Vmap(
            ((Expr X, Expr One) a, Expr[] b, (Expr Y, Expr Two) c) => (f.Joint(a.X, b[0], c.Y), (a.One, b)),
            (0, null, -1))((xs, Arange(3)), [Cos(f.Input)], (ys, Arange(3)));
        Agreement.Near(Stack([.. Enumerable.Range(0, 3).Select(i => f.Joint(xs[i], Cos(f.Input), Batching.SampleOf(ys, -1, i)))]), values, Repetition);
        Agreement.Identical(Arange(3), same.One);
        Agreement.Identical(BroadcastTo(Cos(f.Input), new Shape([3, .. f.Input.Shape])), same.b[0]);
    }

    /// <summary>A law of a program on inputs like its own, batched or shared.</summary>
    private static Property Holds(Program f, int arguments, Action<Batching> law) => Prop.ForAll(
        Batching.Of(f.ToString(), [.. Enumerable.Range(0, arguments).Select(i => i == 0 ? f.Input : Sin(f.Input + i))], f.Joint).ToArbitrary(), law);
}
