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

    [Property]
    public void Vjp_and_jvp_to_a_tree_are_those_to_its_vector(double seed)
    {
        var (vector, unravel) = Tree.Ravel(Start);
        var direction = Tree.Map(Start, leaf => Cos(leaf + Finite(seed)));
        var (value, pullback) = Vjp((Network p) => Layerwise(p))(Start);
        Assert.Equal("net", value.Name);
        var (flat, unflatten) = Tree.Ravel(value);
        Expr Flat(Expr v) => Tree.Ravel(Layerwise(unravel(v))).Vector;
        Equal(Flat(vector).ToArray(), flat);

        var cotangent = Sin(Arange(flat.Shape[0]) + Finite(seed));
        Equal(Vjp(Flat)(vector).Pullback(cotangent).ToArray(), Tree.Ravel(pullback(unflatten(cotangent))).Vector);

        var expected = Jvp(Flat)(vector, Tree.Ravel(direction).Vector).Tangent.ToArray();
        var (atStart, tangent) = Jvp((Network p) => Layerwise(p))(Start, direction);
        Equal(flat.ToArray(), Tree.Ravel(atStart).Vector);
        Equal(expected, Tree.Ravel(tangent).Vector);
        Equal(expected, Tree.Ravel(Linearize((Network p) => Layerwise(p))(Start).Pushforward(direction)).Vector);
        Assert.Equal("net", tangent.Name);
    }

    [Fact]
    public void A_result_that_is_an_argument_or_a_constant_pulls_back_alone()
    {
        var (value, pullback) = Vjp((Expr x) => (Same: x, Constant: (Expr)5, Square: x * x))(3);
        Assert.Equal((3, 5, 9), (value.Same.Value, value.Constant.Value, value.Square.Value));
        Assert.Equal(2 + 100 * 6, pullback((2, 10, 100)).Value);
        Assert.Equal((1, 0, 6), Jvp((Expr x) => (Same: x, Constant: (Expr)5, Square: x * x))(3, 1).Tangent is var (a, b, c) ? (a.Value, b.Value, c.Value) : default);
    }

    [Fact]
    public void Transforms_to_trees_nest()
    {
        // d/dt of the tangent of (x³, x t) along 1 at x = t: of 3t² + t is 6t + 1.
        var slope = Grad(t => Jvp((Expr x) => new[] { x * x * x, x * t })(t, 1).Tangent is [var a, var b] ? a + b : 0);
        Assert.Equal(13, slope(2).Value);
        var pulled = Grad(t => Vjp((Expr x) => (x * x * x, x * t))(t).Pullback((1, 1)));
        Assert.Equal(13, pulled(2).Value);
    }

    [Fact]
    public void The_overload_to_a_tree_is_taken_only_where_the_result_is_no_expression()
    {
        Func<Expr, (Expr, Func<Expr, Expr>)> plain = Vjp(Square);
        Func<Expr, (Expr, Func<Expr, Expr>)> typed = Vjp((Expr x) => Square(x));
        Func<Expr, (Expr, Func<Expr, Expr>)> number = Vjp((Expr x) => 1.0);
        Func<Network, (Expr, Func<Expr, Network>)> byTree = Vjp((Network p) => Loss(p));
        Func<Network, (Expr, Func<Expr, Network>)> byMethod = Vjp<Network>(Loss);
        Func<Network, (Expr, Func<Expr, Network>)> constant = Vjp((Network p) => 1.0);
        Func<Network, (Outputs, Func<Outputs, Network>)> toTree = Vjp((Network p) => Layerwise(p));
        Func<Network, (Outputs, Func<Outputs, Network>)> toTreeByMethod = Vjp<Network, Outputs>(Layerwise);
        Func<Expr, Expr, (Expr, Expr)> jvp = Jvp(Square);
        Func<Expr, Expr, (Expr, Expr)> jvpOfNumber = Jvp((Expr x) => 1.0);
        Func<Network, (Expr, Func<Network, Expr>)> linear = Linearize((Network p) => 1.0);
        Func<Expr, (Expr, Func<Expr, Expr>)> linearized = Linearize((Expr x) => 1);
        Assert.Equal(0, number(3).Item2(1).Value + jvpOfNumber(3, 1).Item2.Value + linearized(3).Item2(1).Value);
        Assert.Equal([6, 6, 6], [plain(3).Item2(1).Value, typed(3).Item2(1).Value, jvp(3, 1).Item2.Value]);
        Assert.Equal(0, linear(Start).Item2(Start).Value + Sum(Tree.Ravel(constant(Start).Item2(1)).Vector).Value);
        Assert.Equal(Tree.Ravel(byTree(Start).Item2(1)).Vector.ToArray(), Tree.Ravel(byMethod(Start).Item2(1)).Vector.ToArray());
        Assert.Equal(Tree.Ravel(toTree(Start).Item1).Vector.ToArray(), Tree.Ravel(toTreeByMethod(Start).Item1).Vector.ToArray());
    }

    [Fact]
    public void Jacobians_over_a_tree_are_parts_of_that_over_its_vector()
    {
        var (vector, unravel) = Tree.Ravel(Start);
        var whole = Jacobian(v => Output(unravel(v)))(vector);
        var (byEither, forward, reverse) = (Jacobian((Network p) => Output(p))(Start), JacobianForward((Network p) => Output(p))(Start), JacobianReverse((Network p) => Output(p))(Start));
        Assert.Equal(new Shape(1, 2, 2), byEither.Layers[0].Weight.Shape);
        Assert.Equal("net", byEither.Title);
        Equal(whole.ToArray(), Tree.Ravel(byEither).Vector);
        Equal(whole.ToArray(), Tree.Ravel(reverse).Vector);
        Assert.All(whole.ToArray().Zip(Tree.Ravel(forward).Vector.ToArray()), pair => Assert.Equal(pair.Item1, pair.Item2, 1e-14));
        Assert.All(whole.ToArray().Zip(Tree.Ravel(Numeric.Jacobian((Network p) => Output(p))(Start)).Vector.ToArray()), pair => Assert.Equal(pair.Item1, pair.Item2, 1e-9));
        Assert.All(Tree.Ravel(Grad((Network p) => Loss(p))(Start)).Vector.ToArray().Zip(Tree.Ravel(Numeric.Grad((Network p) => Loss(p))(Start)).Vector.ToArray()), pair => Assert.Equal(pair.Item1, pair.Item2, 1e-9));
    }

    [Fact]
    public void Trees_of_cotangents_are_checked_with_both_paths()
    {
        var (value, pullback) = Vjp((Network p) => Layerwise(p))(Start);
        Assert.Equal(
            "Vjp: the trees have different structures: the result has a leaf at Of[1] where the cotangent has no more leaves after Of[0].",
            Assert.Throws<AutodiffException>(() => pullback(value with { Of = [value.Of[0]] })).Message);
        Assert.Equal(
            "Vjp: the cotangent at Of[1] has shape (), but the result there has (1); they must be equal.",
            Assert.Throws<ShapeException>(() => pullback(value with { Of = [value.Of[0], 1] })).Message);
        Assert.Equal(
            "Vjp: there is no Expr in the System.String that (Network p) => p.Title returned.",
            Assert.Throws<AutodiffException>(() => Vjp((Network p) => p.Title)(Start)).Message);
        Assert.Contains("keeps expressions where they cannot be replaced", Assert.Throws<AutodiffException>(() => Jvp((Expr x) => new System.Collections.Generic.HashSet<Expr> { x })(1, 1)).Message, StringComparison.Ordinal);
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

    private static Outputs Layerwise(Network network) =>
        new([.. network.Layers.Select(layer => Tanh(MatMul(layer.Weight, Input) + layer.Bias))], network.Title);

    private static Expr Loss(Network network) => Sum(Pow(Output(network) - 1, 2));

    private static void Equal(double[] expected, Expr actual) => Assert.Equal(expected, actual.ToArray());

    public record Network(IReadOnlyList<Layer> Layers, string Title);

    public record Outputs(IReadOnlyList<Expr> Of, string Name);

    public record Layer(Expr Weight, Expr Bias, string Activation);
}
