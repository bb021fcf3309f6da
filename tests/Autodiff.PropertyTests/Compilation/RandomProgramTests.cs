// Random programs with loops, branches, batches and trees have the same values and derivatives compiled and uncompiled.

using Autodiff.PropertyTests.Generators;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Compiling;

[Properties(Arbitrary = [typeof(Programs), typeof(Flows)], QuietOnSuccess = true)]
public class RandomProgramTests
{
    [Property(MaxTest = 200)]
    public void Values_and_first_derivatives_are_those_of_the_program(Program f) => Engines.Agree(f.Input, compile =>
    [
        compile(f.Tensor),
        compile(Grad(f.Scalar)),
        Grad(compile(f.Scalar)),
        compile(Grad(compile(f.Scalar))),
        compile(JacobianReverse(f.Tensor)),
        JacobianForward(compile(f.Tensor)),
        Along(f.Input, Jvp(compile(f.Scalar))),
        compile(Along(f.Input, Jvp(f.Scalar))),
    ]);

    [Property(MaxTest = 40)]
    public void Second_derivatives_are_those_of_the_program(Program f) => Engines.Agree(f.Input, compile =>
    [
        compile(Hessian(f.Scalar)),
        Hessian(compile(f.Scalar)),
        JacobianReverse(compile(Grad(f.Scalar))),
        JacobianForward(Grad(compile(f.Scalar))),
        compile(JacobianReverse(compile(JacobianForward(compile(f.Scalar))))),
        JacobianForward(JacobianForward(compile(f.Scalar))),
    ]);

    [Property(MaxTest = 60)]
    public void Batches_are_those_of_the_program(Program f)
    {
        Func<Expr, Expr> batched = Vmap(f.Tensor);
        Engines.Agree(Batching.About(f.Input, 3, 0, 1), compile =>
        [
            compile(batched),
            Vmap(compile(f.Tensor)),
            compile(Vmap(Grad(f.Scalar))),
            Vmap(Grad(compile(f.Scalar))),
            Vmap(compile(Grad(f.Scalar))),
            Grad(x => Sum(Vmap(compile(f.Scalar))(x))),
            compile(Grad(x => Sum(Vmap(compile(f.Scalar))(x)))),
            compile(Vmap(Jacobian(f.Tensor))),
        ]);
    }

    [Property(MaxTest = 40)]
    public void Functions_of_trees_are_those_of_the_program(Program f, Program g)
    {
        (Expr A, Expr[] B) tree = (f.Input, [g.Input, Cos(g.Input)]);
        Func<(Expr A, Expr[] B), Expr> plain = p => f.Scalar(p.A) * Sum(g.Joint(p.B));
        Expr Product(Func<(Expr A, Expr[] B), Expr> h) => Joined(Jvp(Grad(h))(tree, tree));
        foreach (var options in Engines.All)
        {
            var compiled = Compile(plain, options);
            Agreement.Near(plain(tree), compiled(tree), Engines.Same);
            Agreement.Near(Joined(Grad(plain)(tree)), Joined(Grad(compiled)(tree)), Engines.Same);
            Agreement.Near(Joined(Grad(plain)(tree)), Joined(Compile(Grad(compiled), options)(tree)), Engines.Same);
            Agreement.Near(Joined(ValueAndGrad(plain)(tree)), Joined(Compile(ValueAndGrad(plain), options)(tree)), Engines.Same);
            Agreement.Near(Jvp(plain)(tree, tree).Tangent, Jvp(compiled)(tree, tree).Tangent, Engines.Same);
            Agreement.Near(Product(plain), Product(compiled), Engines.Same);
        }
    }

    [Property(MaxTest = 100)]
    public void Loops_and_branches_are_those_of_the_program(FlowCase flow)
    {
        var f = flow.By(Control.Nodes);
        Engines.Agree(flow.Point, compile =>
        [
            compile(f),
            compile(Grad(f)),
            Grad(compile(f)),
            compile(Grad(compile(f))),
            JacobianForward(compile(f)),
            compile(JacobianForward(f)),
        ]);
    }

    [Property(MaxTest = 25)]
    public void Second_derivatives_of_loops_and_branches_are_those_of_the_program(FlowCase flow)
    {
        var f = flow.By(Control.Nodes);
        Engines.Agree(flow.Point, compile =>
        [
            compile(Hessian(f)),
            Hessian(compile(f)),
            JacobianReverse(compile(Grad(compile(f)))),
            JacobianForward(JacobianForward(compile(f))),
        ]);
    }

    [Property(MaxTest = 40)]
    public void Batches_of_loops_and_branches_are_those_of_the_program(FlowCase flow)
    {
        var f = flow.By(Control.Nodes);
        Engines.Agree(Batching.About(flow.Point, 3, 0, 1), compile => [compile(Vmap(f)), Vmap(compile(f)), compile(Vmap(Grad(f))), Vmap(Grad(compile(f)))]);
    }

    [Property(MaxTest = 40)]
    public void Memory_of_the_callers_is_filled_with_the_same_numbers(Program f)
    {
        var expected = ValueAndGrad(f.Scalar)(f.Input);
        foreach (var options in Engines.All)
        {
            var compiled = CompileFor(ValueAndGrad(f.Scalar), f.Input.Shape, options);
            var results = new double[1 + f.Input.Shape.Size];
            compiled.Invoke(f.Input.ToArray(), results);
            Agreement.Near(expected.Value, results[0], Engines.Same);
            Agreement.Near(expected.Gradient, Constant(results.AsSpan(1), f.Input.Shape), Engines.Same);
        }
    }

    private static Expr Joined<T>(T tree) => Tree.Ravel(tree).Vector;

    private static Func<Expr, Expr> Along(Expr input, Func<Expr, Expr, (Expr Value, Expr Tangent)> jvp) =>
        x => jvp(x, Tensors.Direction(input.Shape, 7)) is var (value, tangent) ? Stack([value, tangent]) : x;
}
