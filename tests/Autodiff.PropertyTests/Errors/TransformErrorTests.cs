// Misuse of the transforms, of values that do not exist yet, of names, shapes and substitutions: type and message.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;
using static Autodiff.PropertyTests.Errors.Example;

namespace Autodiff.PropertyTests.Errors;

public class TransformErrorTests
{
    private static readonly Expr s_vector = new double[] { 1, 2, 3 };

    private sealed record Titled(string Title);

    private sealed record Initialised(Expr A)
    {
        public Expr Twice { get; } = A * 2;
    }

    private static T InStrictMode<T>(Func<T> f)
    {
        using var scope = Strict();
        return f();
    }

    internal static IReadOnlyList<Example> All { get; } =
    [
        // A value asked of a symbolic expression.
        Symbolic(() => Variable("x").Value, "Value"),
        Symbolic(() => (double)(Variable("x") * 2), "Value"),
        Symbolic(() => Variable("x", new Shape(2)).ToArray(), "ToArray"),
        Symbolic(() => Variable("x", new Shape(2)).ToTensor(), "ToTensor"),
        Symbolic(() => (double)Grad(Sin)(Variable("x")), "Value"),
        Symbolic(() => Variable("x") > 0 ? 1 : 2, "Condition"),
        Symbolic(() => Variable("x") > 0 && Variable("y") > 0 ? 1 : 2, "Condition"),
        Symbolic(() => Grad(x => x > 0 ? x : -x)(Variable("x")), "Condition"),

        // A value read under differentiation in strict mode.
        Of<AutodiffException>(() => InStrictMode(() => Grad(x => x * x.Value)(2)), ["Value", "Grad is differentiating", "StopGradient(x)"]),

        // Parameters that are no trees.
        Of<AutodiffException>(() => Grad((int x) => (Expr)x)(3), ["Grad", "System.Int32", "A parameter is an Expr"]),
        Of<AutodiffException>(() => Grad((Titled p) => s_vector[0])(new("a")), ["Grad", "Titled", "Title (System.String)"]),
        Of<AutodiffException>(() => Grad((Initialised p) => p.A * p.Twice)(new(1)), ["Grad", "Initialised", "the property Twice"]),

        // Finite differences where the function is defined at the point alone.
        Of<AutodiffException>(() => Numeric.Grad(x => x.Value == 1 ? x : throw new InvalidOperationException("outside"))(1), ["Numeric.Grad", "at no step from it"]),

        // An index of a scalar.
        Shaped(() => ((Expr)2)[0], ["Slice", "scalar", "nothing to index"]),
        Shaped(() => ((Expr)2)[1.., 0], ["Slice", "scalar", "nothing to index by [1.., 0]"]),
        Shaped(() => ((Expr)2)[Variable("i")], ["Slice", "scalar", "nothing to index"]),

        // A value asked of a tensor.
        Shaped(() => s_vector.Value, ["Value", "(3)"]),
        Shaped(() => Variable("x", new Shape(3)).Value, ["Value", "(3)"]),
        Shaped(() => (double)s_vector, ["Value", "(3)"]),
        Shaped(() => s_vector > 0 ? 1 : 2, ["Condition", "(3)", "Where"]),
        Shaped(() => Variable("x", new Shape(3)) > 0 ? 1 : 2, ["Condition", "(3)", "Where"]),

        // Functions of the wrong kind.
        Shaped(() => Grad(x => x)(s_vector), ["Grad", "(3)", "Jacobian", "Vjp"]),
        Shaped(() => Grad(x => x)(Variable("x", new Shape(3))), ["Grad", "(3)", "Jacobian", "Vjp"]),
        Shaped(() => Grad((x, y) => x * y)(s_vector, 1), ["Grad", "(3)", "Jacobian", "Vjp"]),
        Shaped(() => Grad((x, y, z) => x * y * z)(1, s_vector, 1), ["Grad", "(3)"]),
        Shaped(() => Grad((x, y, z, w) => x * y * z * w)(1, 1, 1, s_vector), ["Grad", "(3)"]),
        Shaped(() => ValueAndGrad(x => x)(s_vector), ["ValueAndGrad", "(3)", "Jacobian", "Vjp"]),
        Shaped(() => Hessian(x => x)(s_vector), ["Hessian", "(3)"]),
        Shaped(() => Hvp(x => x)(s_vector, s_vector), ["Hvp", "(3)"]),
        Shaped(() => Laplacian(x => x)(s_vector), ["Laplacian", "(3)"]),
        Shaped(() => Diff(x => x)(s_vector), ["Diff", "(3)", "Grad", "Jacobian"]),
        Shaped(() => Diff(x => x, 2)(s_vector), ["Diff", "(3)"]),
        Shaped(() => Divergence(x => Sum(x))(s_vector), ["Divergence", "(3)", "()"]),
        Shaped(() => Divergence(x => x[..2])(s_vector), ["Divergence", "(3)", "(2)"]),
        Shaped(() => Curl(x => x)(new double[] { 1, 2, 3, 4 }), ["Curl", "(4)"]),
        Shaped(() => Curl(x => x[..2])(s_vector), ["Curl", "(3)", "(2)"]),
        Shaped(() => Curl(x => x)(1), ["Curl", "()"]),

        // Seeds and tangents of the wrong shape.
        Shaped(() => Vjp(x => x * x)(s_vector).Pullback(1), ["Vjp", "()", "(3)"]),
        Shaped(() => Vjp((x, y) => x * y)(s_vector, 2).Pullback(1), ["Vjp", "()", "(3)"]),
        Shaped(() => Vjp(x => Sum(x))(s_vector).Pullback(s_vector), ["Vjp", "(3)", "()"]),
        Shaped(() => Jvp(x => x)(s_vector, 1), ["Jvp", "()", "(3)"]),
        Shaped(() => Jvp((x, y) => x * y)(1, s_vector, 1, 1), ["Jvp", "()", "(3)"]),
        Shaped(() => Linearize(x => x)(s_vector).Pushforward(1), ["Linearize", "()", "(3)"]),
        Shaped(() => Linearize((x, y, z) => x)(s_vector, 1, 1).Pushforward(s_vector, 1, s_vector), ["Linearize", "(3)", "()"]),
        Shaped(() => Vjp((Expr x) => (x, Sum(x)))(s_vector).Pullback((1, 1)), ["Vjp", "the cotangent at Item1 has shape ()", "the result there has (3)"]),
        Shaped(() => Hvp((x, y) => Sum(x) * y)(s_vector, 1, s_vector, s_vector), ["Hvp", "(3)", "()"]),
        Shaped(() => Hvp((Expr[] x) => Sum(x[1]))([1, s_vector], [1, 1]), ["Hvp", "the tangent at [1] has shape ()", "(3)"]),
        Shaped(() => GradWithAux(x => (x, 1))(s_vector), ["GradWithAux", "(3)", "Jacobian", "Vjp"]),
        Shaped(() => Hvp(x => Sum(x))(s_vector, 1), ["Hvp", "()", "(3)"]),
        Shaped(() => Backward(s_vector * Variable("x")), ["Backward", "(3)", "seed"]),
        Shaped(() => Backward(Variable("x", s_vector), 1), ["Backward", "()", "(3)"]),
        Shaped(() => Backward(Variable("x"), s_vector), ["Backward", "(3)", "()"]),

        // Shapes and constants.
        Shaped(() => new Shape(2, -1), ["Shape", "-1", "negative"]),
        Shaped(() => new Shape(100_000, 100_000), ["Shape", "(100000, 100000)", "elements"]),
        Shaped(() => new Shape(int.MaxValue, int.MaxValue, int.MaxValue), ["Shape", "elements"]),
        Shaped(() => Zeros(-1), ["Shape", "-1"]),
        Shaped(() => Ones(2, -3), ["Shape", "-3"]),
        Shaped(() => Eye(-1), ["Shape", "-1"]),
        Shaped(() => Eye(100_000), ["Shape", "elements"]),
        Shaped(() => Arange(-1), ["Shape", "-1"]),
        Shaped(() => Constant([1, 2, 3], new Shape(2)), ["Constant", "(2)", "3"]),
        Shaped(() => new Shape(2, 3)[2], ["Shape", "(2, 3)", "axis 2"]),
        Shaped(() => new Shape(2, 3)[-1], ["Shape", "(2, 3)", "axis -1"]),
        Shaped(() => s_vector[-1], ["Slice", "-1", "^1"]),
        Shaped(() => Sin(Variable("x")).Operands[1], ["Operands", "Sin"]),
        Shaped(() => Variable("x").Operands[0], ["Operands", "Variable"]),

        // Rewriting. Constants fold, so only symbols keep operands to exchange.
        Shaped(() => (Variable("x") + Variable("y")).WithOperands(1), ["WithOperands", "Add", "2", "1"]),
        Shaped(() => Sum(Variable("x", new Shape(3))).WithOperands(Ones(4)), ["WithOperands", "Sum", "(3)", "(4)"]),
        Shaped(() => (Variable("x") + 1).WithOperands(s_vector, Ones(4)), ["Add", "(3)", "(4)"]),
        Of<AutodiffException>(() => Variable("x").Substitute((Sin(Variable("y")), 1)), ["Substitute", "Sin"]),
        Of<AutodiffException>(() => Variable("x").Substitute((3, 1)), ["Substitute", "Constant"]),
        Of<AutodiffException>(() => Variable("x") is var x ? x.Substitute((x, 1), (x, 2)) : null, ["Substitute", "x", "two values"]),
        Shaped(() => Variable("x") is var x ? x.Substitute((x, s_vector)) : null, ["Substitute", "x", "(3)", "()"]),

        // Orders.
        Of<AutodiffException>(() => Diff(Sin, -1), ["Diff", "-1"]),
        Of<AutodiffException>(() => Polygamma(-1, 1), ["Polygamma", "-1"]),

        // Arguments without a derivative.
        Of<NotDifferentiableException>(() => Grad(n => BesselK(0.5, Variable("x")).WithOperands(n, 1))(2), ["BesselK", "the order"]),
        Of<NotDifferentiableException>(() => Grad(n => Polygamma(0, Variable("x")).WithOperands(n, 1))(2), ["Polygamma", "the order"]),

        // Names.
        Of<AutodiffException>(() => Variable(""), ["Variable", "name"]),
        Of<AutodiffException>(() => Variable("  ", 1), ["Variable", "name"]),
        Of<AutodiffException>(() => Variable("", new Shape(2)), ["Variable", "name"]),
    ];

    [Fact]
    public void Every_kind_of_error_is_an_AutodiffException() =>
        Assert.All(
            [typeof(ShapeException), typeof(NotConcreteException), typeof(NotDifferentiableException)],
            type => Assert.True(type.IsSubclassOf(typeof(AutodiffException))));

    [Fact]
    public void An_error_of_the_function_itself_comes_through_unchanged()
    {
        var error = new InvalidOperationException("the user's own");

        Assert.Same(error, Record.Exception(() => Grad(x => throw error)(1)));
        Assert.Same(error, Record.Exception(() => Jvp(x => throw error)(1, 1)));
        Assert.Equal(2, Grad(x => x * x)(1).Value);
    }
}
