// The transforms over parameter trees: against closed forms, against the same transforms on plain arguments, and nested.

using FsCheck.Xunit;
using LanguageExt;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Trees;

public class TransformTests
{
    private static readonly Network Start = new(
        [new(Constant([0.1, -0.2, 0.3, 0.4], new(2, 2)), new double[] { 0.5, -0.1 }, "tanh"), new(Constant([0.7, -0.3], new(1, 2)), new double[] { 0.2 }, "identity")],
        "net");

    private static readonly Expr Input = new double[] { 0.3, -0.8 };

    [Fact]
    public void The_gradient_is_a_tree_of_the_argument_s_type_and_its_other_members_are_the_argument_s()
    {
        var gradient = Grad((Network p) => Loss(p))(Start);
        Assert.Equal("net", gradient.Title);
        Assert.Equal(["tanh", "identity"], gradient.Layers.Select(layer => layer.Activation));
        Assert.Equal(Tree.Flatten(Start).Select(leaf => (leaf.Path, leaf.Leaf.Shape)), Tree.Flatten(gradient).Select(leaf => (leaf.Path, leaf.Leaf.Shape)));
    }

    [Fact]
    public void The_gradient_over_a_tree_is_that_over_its_vector()
    {
        var (vector, unravel) = Tree.Ravel(Start);
        var expected = Grad(v => Loss(unravel(v)))(vector).ToArray();
        var (value, gradient) = ValueAndGrad((Network p) => Loss(p))(Start);
        Assert.Equal(Loss(Start).Value, value.Value);
        Equal(expected, Tree.Ravel(Grad((Network p) => Loss(p))(Start)).Vector);
        Equal(expected, Tree.Ravel(gradient).Vector);
    }

    [Fact]
    public void Vjp_and_jvp_over_a_tree_are_those_over_its_vector()
    {
        var (vector, unravel) = Tree.Ravel(Start);
        var direction = Tree.Map(Start, Sin);
        Expr cotangent = new double[] { 2.5 };
        var (value, pullback) = Vjp((Network p) => Output(p))(Start);
        Assert.Equal(Output(Start).ToArray(), value.ToArray());
        Equal(Vjp(v => Output(unravel(v)))(vector).Pullback(cotangent).ToArray(), Tree.Ravel(pullback(cotangent)).Vector);

        var expected = Jvp(v => Output(unravel(v)))(vector, Tree.Ravel(direction).Vector).Tangent.ToArray();
        Equal(expected, Jvp((Network p) => Output(p))(Start, direction).Tangent);
        Equal(expected, Linearize((Network p) => Output(p))(Start).Pushforward(direction));
    }

    [Property]
    public void Pullback_and_pushforward_over_a_tree_are_adjoint(double seed)
    {
        var cotangent = Sin(Arange(1) + Finite(seed));
        var direction = Tree.Map(Start, leaf => Cos(leaf + Finite(seed)));
        var pulled = Vjp((Network p) => Output(p))(Start).Pullback(cotangent);
        var pushed = Jvp((Network p) => Output(p))(Start, direction).Tangent;
        var inner = Sum(Tree.Ravel(Tree.Map2(pulled, direction, (a, b) => a * b)).Vector).Value;
        Assert.Equal(inner, Sum(cotangent * pushed).Value, 1e-14);
    }

    [Fact]
    public void Every_collection_of_the_library_s_kind_is_differentiated()
    {
        // f = a² b, ∂f = (2ab, a²) = (12, 4) at a = 2, b = 3.
        static Expr F(Expr a, Expr b) => a * a * b;
        Assert.Equal((12, 4), Grad(((Expr A, Expr B) p) => F(p.A, p.B))((2, 3)) is var (a, b) ? (a.Value, b.Value) : default);
        Assert.Equal([12, 4], Grad((Expr[] p) => F(p[0], p[1]))([2, 3]).Select(leaf => leaf.Value));
        Assert.Equal([12, 4], Grad((List<Expr> p) => F(p[0], p[1]))([2, 3]).Select(leaf => leaf.Value));
        Assert.Equal([12, 4], Grad((Seq<Expr> p) => F(p[0], p[1]))(new([2, 3])).AsEnumerable().Select(leaf => leaf.Value));
        Assert.Equal([12, 4], Grad((IReadOnlyList<Expr> p) => F(p[0], p[1]))([2, 3]).Select(leaf => leaf.Value));
        Assert.Equal(12, Grad((Map<string, Expr> p) => F(p["a"], p["b"]))(new([("b", 3), ("a", 2)]))["a"].Value);
        Assert.Equal(4, Grad((LanguageExt.HashMap<string, Expr> p) => F(p["a"], p["b"]))(new([("b", 3), ("a", 2)]))["b"].Value);
        Assert.Equal(12, Grad((Dictionary<string, Expr> p) => F(p["a"], p["b"]))(new() { ["b"] = 3, ["a"] = 2 })["a"].Value);
        Assert.Equal(4, Grad((Option<Expr> p) => p.Match(x => x * x, () => 0))(2 is var x ? Option<Expr>.Some(x) : default).Match(leaf => leaf.Value, () => 0));
    }

    [Fact]
    public void An_option_without_a_value_has_a_gradient_without_one()
    {
        var gradient = Grad(((Expr Weight, Option<Expr> Bias) p) => p.Weight * 3 + p.Bias.IfNone(0))((2, Option<Expr>.None));
        Assert.Equal(3, gradient.Weight.Value);
        Assert.True(gradient.Bias.IsNone);
    }

    [Fact]
    public void A_leaf_that_the_result_does_not_use_has_the_gradient_zero() =>
        Assert.Equal([0, 0, 0], Grad(((Expr Used, Expr Unused) p) => p.Used)((1, new double[] { 1, 2, 3 })).Unused.ToArray());

    [Fact]
    public void One_expression_in_two_places_of_a_tree_is_two_variables()
    {
        Expr x = 3;
        Assert.Equal((4, 3), Grad(((Expr A, Expr B) p) => p.A * (p.B + 1))((x, x)) is var (a, b) ? (a.Value, b.Value) : default);
    }

    [Fact]
    public void Trees_nest()
    {
        // f(a, b) = a³ b²: the second derivatives are 6ab², 6a²b and 2a³; at (2, 3): 108, 72 and 16.
        static Expr F((Expr A, Expr B) p) => Pow(p.A, 3) * Pow(p.B, 2);
        var byA = Grad(((Expr A, Expr B) p) => Grad<(Expr A, Expr B)>(F)(p).A)((2, 3));
        var byB = Grad(((Expr A, Expr B) p) => Grad<(Expr A, Expr B)>(F)(p).B)((2, 3));
        Assert.Equal((108, 72, 72, 16), (byA.A.Value, byA.B.Value, byB.A.Value, byB.B.Value));

        var hessianTimes = Jvp(((Expr A, Expr B) p) => Grad<(Expr A, Expr B)>(F)(p).A)((2, 3), (1, 10)).Tangent;
        Assert.Equal(108 + 720, hessianTimes.Value);
    }

    [Fact]
    public void An_outer_derivative_flows_through_a_tree_s_gradient()
    {
        // d/dt of ∂/∂a (a² t) at a = t is d/dt 2t² = 4t.
        var slope = Grad(t => Grad(((Expr A, string Name) p) => p.A * p.A * t)((t, "kept")).A);
        Assert.Equal(12, slope(3).Value);
        Assert.Equal(1, Grad(x => x * Grad((Expr[] y) => x + y[0])([1])[0])(1).Value);
    }

    [Fact]
    public void A_symbolic_tree_has_a_symbolic_gradient()
    {
        var (a, b) = (Variable("a"), Variable("b"));
        var gradient = Grad(((Expr A, Expr B) p) => p.A * p.A * p.B)((a, b));
        Assert.False(gradient.A.IsConcrete);
        Assert.Equal(12, gradient.A.Substitute((a, 2.0), (b, 3.0)).Value);
    }

    [Fact]
    public void Plain_functions_take_the_plain_overload_however_they_are_written()
    {
        Func<Expr, Expr> function = Square;
        Func<Expr, Expr> byUntyped = Grad(x => Square(x));
        Func<Expr, Expr> byTyped = Grad((Expr x) => Square(x));
        Func<Expr, Expr> byDelegate = Grad(function);
        Func<Expr, Expr> byMethod = Grad(Square);
        Func<Expr, Expr> nested = Grad(Grad(Square));
        Func<Expr, Expr> byTree = Grad<Expr>(Square);
        Assert.Equal([6, 6, 6, 6, 2, 6], new[] { byUntyped, byTyped, byDelegate, byMethod, nested, byTree }.Select(gradient => gradient(3).Value));
    }

    [Fact]
    public void Trees_of_tangents_are_checked_with_both_paths()
    {
        var shorter = Start with { Layers = [Start.Layers[0]] };
        Assert.Equal(
            "Jvp: the trees have different structures: the argument has a leaf at Layers[1].Weight where the tangent has no more leaves after Layers[0].Bias.",
            Assert.Throws<AutodiffException>(() => Jvp((Network p) => Loss(p))(Start, shorter)).Message);
        Assert.Equal(
            "Linearize: the trees have different structures: the argument has no more leaves after Layers[0].Bias where the tangent has a leaf at Layers[1].Weight.",
            Assert.Throws<AutodiffException>(() => Linearize((Network p) => Output(p with { Layers = [p.Layers[0], Start.Layers[1]] }))(shorter).Pushforward(Start)).Message);
        var reshaped = Start with { Layers = [Start.Layers[0], Start.Layers[1] with { Bias = 1 }] };
        Assert.Equal(
            "Jvp: the tangent at Layers[1].Bias has shape (), but the argument there has (1); they must be equal.",
            Assert.Throws<ShapeException>(() => Jvp((Network p) => Loss(p))(Start, reshaped)).Message);
    }

    [Fact]
    public void A_tree_without_expressions_is_refused()
    {
        Assert.Equal(
            "Grad: there is no Expr in this System.Double[] to differentiate with respect to.",
            Assert.Throws<AutodiffException>(() => Grad((double[] p) => p[0])([1])).Message);
        Assert.Throws<AutodiffException>(() => Grad((List<Expr> p) => 1)([]));
        Assert.Throws<AutodiffException>(() => Vjp((Network p) => 1)(null!));
        Assert.Throws<AutodiffException>(() => Grad((Func<Network, Expr>)null!));
    }

    [Fact]
    public void A_gradient_over_a_tree_is_that_of_a_scalar()
    {
        var error = Assert.Throws<ShapeException>(() => Grad((Network p) => Output(p))(Start));
        Assert.Contains("Jacobian", error.Message, StringComparison.Ordinal);
        Assert.Throws<ShapeException>(() => Vjp((Network p) => Output(p))(Start).Pullback(1));
    }

    private static Expr Square(Expr x) => x * x;

    private static double Finite(double x) => double.IsFinite(x) ? x : 0;

    private static Expr Output(Network network)
    {
        var x = Input;
        foreach (var layer in network.Layers)
        {
            var z = MatMul(layer.Weight, x) + layer.Bias;
            x = layer.Activation == "tanh" ? Tanh(z) : z;
        }

        return x;
    }

    private static Expr Loss(Network network) => Sum(Pow(Output(network) - 1, 2));

    private static void Equal(double[] expected, Expr actual) => Assert.Equal(expected, actual.ToArray());

    public record Network(IReadOnlyList<Layer> Layers, string Title);

    public record Layer(Expr Weight, Expr Bias, string Activation);
}
