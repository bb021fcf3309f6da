// Batches over trees in which each expression has an axis of its own.

using Autodiff.PropertyTests.Generators;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Batches;

public class LeafAxesTests
{
    private static readonly Func<Layer, Expr> s_apply = layer => Tanh(MatMul(layer.Weights, layer.Input) + layer.Bias);

    [Property(MaxTest = 20)]
    public void Each_expression_has_its_own_axis(sbyte seed)
    {
        var layer = new Layer(Sin(Reshape(Arange(6), 2, 3) + seed), Cos(Reshape(Arange(12), 3, 4) + seed), Sin(Reshape(Arange(8), 4, 2) - seed), "layer");
        Expr[] samples = [.. Enumerable.Range(0, 4).Select(i => s_apply(layer with { Input = layer.Input[.., i], Bias = layer.Bias[i] }))];
        Agreement.Near(Stack(samples), AD.Vmap(s_apply, inAxes: [null, 1, 0])(layer), 1e-14);
        Agreement.Near(Stack(samples), AD.Vmap(s_apply, inAxes: [null, -1, -2])(layer), 1e-14);
        Agreement.Near(Stack(samples, 1), AD.Vmap(s_apply, [null, 1, 0], outAxes: 1)(layer), 1e-14);
        Agreement.Near(Stack(samples), Compile(AD.Vmap(s_apply, [null, 1, 0]))(layer), 1e-14);
        var gradient = Grad((Layer p) => Sum(AD.Vmap(s_apply, [null, 1, 0])(p)))(layer);
        var loops = Grad((Layer p) => Sum(Stack([.. Enumerable.Range(0, 4).Select(i => s_apply(p with { Input = p.Input[.., i], Bias = p.Bias[i] }))])))(layer);
        Agreement.Near(loops.Weights, gradient.Weights, 1e-13);
        Agreement.Near(loops.Input, gradient.Input, 1e-13);
        Agreement.Near(loops.Bias, gradient.Bias, 1e-13);
    }

    [Fact]
    public void One_axis_for_all_is_still_the_number()
    {
        Agreement.Near(new double[] { 4, 10, 18 }, AD.Vmap(((Expr A, Expr B) p) => p.A * p.B, inAxes: 0)((new double[] { 1, 2, 3 }, new double[] { 4, 5, 6 })), 0);
        Agreement.Near(new double[] { 2, 4, 6 }, AD.Vmap(((Expr A, Expr B) p) => p.A * p.B, inAxes: new int?[] { 0, null })((new double[] { 1, 2, 3 }, 2)), 0);
    }

    [Fact]
    public void Arguments_have_their_samples_along_the_first_axis_unless_it_is_said()
    {
        Expr a = new double[,] { { 1, 2, 3 }, { 4, 5, 6 } };
        Expr[] samples = [a[0], a[1]];
        Near(samples.Select(x => Sum(x) * x), AD.Vmap(x => Sum(x) * x)(a));
        Near(samples.Select(x => Sum(x) - x), AD.Vmap((x, y) => Sum(x) - y)(a, a));
        Near(samples.Select(x => (Sum(x) - x) * Prod(x)), AD.Vmap((x, y, z) => (Sum(x) - y) * Prod(z))(a, a, a));

        static void Near(IEnumerable<Expr> expected, Expr found) => Agreement.Near(Stack([.. expected]), found, 0);
    }

    [Fact]
    public void Wrong_axes_are_named()
    {
        var layer = new Layer(Ones(2, 3), Ones(3, 4), Ones(4, 2), "layer");
        Says(() => AD.Vmap(s_apply, [0, 1])(layer), "Vmap: inAxes has 2 axes, but the argument has 3 expressions (Weights, Input, Bias)");
        Says(() => AD.Vmap(s_apply, [null, null, null])(layer), "Vmap: no argument has a batch axis");
        Says(() => AD.Vmap(s_apply, [null, 0, 0])(layer), "Vmap: by inAxes, an argument of shape (3, 4) holds 3 samples");
        Says(() => AD.Vmap(s_apply, [null, 2, 0])(layer), "Vmap: inAxes is 2, an axis that an argument of shape (3, 4) does not have");
        Says(() => AD.Vmap(s_apply, (IReadOnlyList<int?>)null!), "Vmap: inAxes is null");
        Says(() => AD.Vmap((Func<Layer, Expr>)null!, [0, 0, 0]), "Vmap: the function is null");
    }

    private static void Says(Func<object?> act, string start) => Assert.StartsWith(start, Assert.IsAssignableFrom<AutodiffException>(Record.Exception(() => act())).Message, StringComparison.Ordinal);

    private sealed record Layer(Expr Weights, Expr Input, Expr Bias, string Name);
}
