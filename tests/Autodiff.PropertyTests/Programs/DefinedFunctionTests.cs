// Elementwise primitives of several arguments that a program defines: against the same functions composed of primitives, in every mode, batched,
// compiled and broadcast.

using Autodiff.PropertyTests.Generators;
using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;
using Check = Autodiff.Functional.Check;

namespace Autodiff.PropertyTests.LoopsAndBranches;

public class DefinedFunctionTests
{
    private static readonly Func<Expr, Expr, Expr> s_length = Primitive.Define("length", (a, b) => Math.Sqrt((a * a) + (b * b) + 1), (a, b, y) => (a / y, b / y));
    private static readonly Func<Expr, Expr, Expr> s_composedLength = (a, b) => Sqrt((a * a) + (b * b) + 1);

    private static readonly Func<Expr, Expr, Expr, Expr> s_wave = Primitive.Define(
        "wave", (a, b, c) => a * Math.Sin(b * c), (a, b, c, y) => (Sin(b * c), a * c * Cos(b * c), a * b * Cos(b * c)));

    private static readonly Func<Expr, Expr, Expr, Expr> s_composedWave = (a, b, c) => a * Sin(b * c);

    private static Gen<StructuralCase> Two { get; } =
        from shape in Tensors.Shapes
        from left in Tensors.StretchingTo(shape)
        from right in Tensors.StretchingTo(shape)
        from a in Tensors.Of(left)
        from b in Tensors.Of(right)
        select new StructuralCase("length", [a, b], v => s_length(v[0], v[1]), v => Grid.Of(s_composedLength(v[0].ToExpr(), v[1].ToExpr())));

    private static Gen<StructuralCase> Three { get; } =
        from shape in Tensors.Shapes
        from first in Tensors.StretchingTo(shape)
        from second in Tensors.StretchingTo(shape)
        from a in Tensors.Of(first)
        from b in Tensors.Of(second)
        from c in Tensors.Of(shape)
        select new StructuralCase("wave", [a, b, c], v => s_wave(v[0], v[1], v[2]), v => Grid.Of(s_composedWave(v[0].ToExpr(), v[1].ToExpr(), v[2].ToExpr())));

    [Fact]
    public void Values_are_those_of_the_function_of_numbers() => ForAll(x => x.HasTheValueOfItsLoops(), 60);

    [Fact]
    public void Formulas_have_the_values_of_numbers() => ForAll(x => x.IsTheSameBuiltSymbolically(), 20);

    [Fact]
    public void There_is_one_Jacobian_in_every_mode() => ForAll(x => x.HasOneJacobianInEveryMode(), 15);

    [Fact]
    public void Pullbacks_are_the_transposes_of_pushforwards() => ForAll(x => x.PullsBackByTheTransposeOfPushingForward(), 30);

    [Fact]
    public void There_is_one_Hessian_in_every_nesting() => ForAll(x => x.HasOneHessianInEveryNesting(), 5);

    [Fact]
    public void Samples_and_compiled_functions_have_the_values_and_derivatives_of_the_composed_function()
    {
        Expr a = Sin(Arange(12)), b = Reshape(Cos(Arange(12)), 3, 4), c = 0.7;
        foreach (var (f, g) in new (Func<Expr, Expr>, Func<Expr, Expr>)[]
        {
            (x => Sum(s_length(x, b)), x => Sum(s_composedLength(x, b))),
            (x => Sum(s_length(b, x)), x => Sum(s_composedLength(b, x))),
            (x => Sum(s_wave(x, b, c)), x => Sum(s_composedWave(x, b, c))),
            (x => Sum(s_wave(c, x, b)), x => Sum(s_composedWave(c, x, b))),
            (x => Sum(s_wave(b, c, x)), x => Sum(s_composedWave(b, c, x))),
        })
        {
            var batch = Reshape(a, 3, 4);
            Agreement.Near(Vmap(g)(batch), Vmap(f)(batch), 1e-14);
            Agreement.Near(Vmap(Grad(g))(batch), Vmap(Grad(f))(batch), 1e-13);
            Agreement.Near(Vmap(Hessian(g))(batch), Compile(Vmap(Hessian(f)))(batch), 1e-12);
            Agreement.Near(Grad(g)(batch[0]), Compile(Grad(f))(batch[0]), 1e-13);
            Agreement.Near(Diff(t => g(batch[0] * t), 4)(1), Diff(t => f(batch[0] * t), 4)(1), 1e-10);
        }

        Check.Gradients(x => Sum(s_length(x, Sin(x)) * s_wave(x, x, c)), a[..4], order: 3).IfFail(error => Assert.Fail(error.Message));
    }

    [Fact]
    public void Slopes_that_broadcast_are_broadcast()
    {
        var linear = Primitive.Define("linear", (a, b) => (2 * a) + (b * b), (a, b, y) => (2, 2 * b));
        var (byA, byB) = Grad((a, b) => Sum(linear(a, b)))(Ones(3), 5);
        Agreement.Near(new double[] { 2, 2, 2 }, byA, 0);
        Agreement.Near(30, byB, 0);
        var (atOnce, zero) = Grad((a, b) => Sum(linear(a, b)))(Ones(2, 1), Zeros(1, 3));
        Agreement.Near(6 * Ones(2, 1), atOnce, 0);
        Agreement.Near(Zeros(1, 3), zero, 0);
        Agreement.Near(Zeros(0), linear(Zeros(0), 1), 0);
    }

    [Fact]
    public void A_side_that_is_not_taken_stays_out()
    {
        var quotient = Primitive.Define("quotient", (a, b) => a / b, (a, b, y) => (1 / b, -y / b));
        var (byA, byB) = Grad((a, b) => Sum(Where(b > 0, quotient(a, b), 0)))(new double[] { 1, 1 }, new double[] { 0, 2 });
        Agreement.Near(new double[] { 0, 0.5 }, byA, 0);
        Agreement.Near(new double[] { 0, -0.25 }, byB, 0);
    }

    [Fact]
    public void They_print_by_their_names()
    {
        var (a, b, c) = (Variable("a"), Variable("b"), Variable("c"));
        Assert.Equal("length(a, b)", $"{s_length(a, b)}");
        Assert.Equal("wave(a, b, c)", $"{s_wave(a, b, c)}");
        Assert.Equal(@"\operatorname{length}\left(a,b\right)", s_length(a, b).ToLatex().Replace(" ", "", StringComparison.Ordinal).Replace(@"\,", "", StringComparison.Ordinal));
        Agreement.Near(s_length(3, 4), s_length(a, b).Substitute((a, 3), (b, 4)), 0);
    }

    [Fact]
    public void Wrong_use_is_named()
    {
        Says(() => Primitive.Define(" ", (a, b) => a, (a, b, y) => (1, 1)), "Primitive.Define: the name is null or blank");
        Says(() => Primitive.Define("f", (Func<double, double, double>)null!, (a, b, y) => (1, 1)), "Primitive.Define: the value is null");
        Says(() => Primitive.Define("f", (a, b) => a, null!), "Primitive.Define: the derivative is null");
        Says(() => Primitive.Define("f", (a, b, c) => a, null!), "Primitive.Define: the derivative is null");
        Says(() => s_length(null!, 1), "length: the first operand is null");
        Says(() => s_length(1, null!), "length: the second operand is null");
        Says(() => s_wave(1, 1, null!), "wave: the third operand is null");
        Says(() => s_length(Ones(2), Ones(3)), "length: shapes (2) and (3)");
        Says(() => Grad((a, b) => Primitive.Define("f", (x, y) => x, (x, y, z) => (1, null!))(a, b))(1, 1), "f: the derivative in the second operand is null");
        Says(() => Grad((a, b) => Sum(Primitive.Define("f", (x, y) => x, (x, y, z) => (Ones(3), 1))(a, b)))(Ones(2), 1), "f: the derivative in the first operand has shape (3) at arguments of shapes (2), ()");
        Says(() => s_length(Variable("a"), 1).ToJson(), "ToJson: length is defined by code");
    }

    private static void Says(Func<object?> act, string start) => Assert.StartsWith(start, Assert.IsAssignableFrom<AutodiffException>(Record.Exception(() => act())).Message, StringComparison.Ordinal);

    private static void ForAll(Action<StructuralCase> law, int count)
    {
        StructuralCase.ForAll(Two, count, law);
        StructuralCase.ForAll(Three, count, law);
    }
}
