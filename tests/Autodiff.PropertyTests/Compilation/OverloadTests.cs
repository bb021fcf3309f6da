// The overloads of Compile take every kind of function (lambdas, methods and delegates, of expressions and of trees) and return one of its type.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Compiling;

public class OverloadTests
{
    private static readonly Expr s_x = new double[] { 1, 2, 3 };
    private static readonly Expr s_y = new double[] { -1, 0.5, 2 };

    private sealed record Layer(Expr Weight, Expr Bias, string Name);

    private static Expr One(Expr x) => Sum(x * x);

    private static Expr Two(Expr x, Expr y) => Sum(x * y);

    private static Expr Three(Expr x, Expr y, Expr z) => Sum(x * y) + z;

    private static Expr Four(Expr x, Expr y, Expr z, Expr w) => Sum(x * y) + (z * w);

    private static (Expr Sum, Expr Product) Pair(Expr x, Expr y) => (x + y, x * y);

    private static Layer Doubled(Layer layer) => layer with { Weight = 2 * layer.Weight, Bias = 2 * layer.Bias };

    [Fact]
    public void Lambdas_without_types_are_functions_of_expressions()
    {
        Func<Expr, Expr> one = Compile(x => Sum(x * x));
        Func<Expr, Expr, Expr> two = Compile((x, y) => Sum(x * y));
        Func<Expr, Expr, Expr, Expr> three = Compile((x, y, z) => Sum(x * y) + z);
        Func<Expr, Expr, Expr, Expr, Expr> four = Compile((x, y, z, w) => Sum(x * y) + (z * w));
        Assert.Equal(14, one(s_x).Value);
        Assert.Equal(6, two(s_x, s_y).Value);
        Assert.Equal(7, three(s_x, s_y, 1).Value);
        Assert.Equal(16, four(s_x, s_y, 2, 5).Value);
        Assert.Equal(3, Compile(x => 3)(s_x).Value);
    }

    [Fact]
    public void Methods_are_functions_of_expressions()
    {
        Assert.Equal(14, Compile(One)(s_x).Value);
        Assert.Equal(6, Compile(Two)(s_x, s_y).Value);
        Assert.Equal(7, Compile(Three)(s_x, s_y, 1).Value);
        Assert.Equal(16, Compile(Four)(s_x, s_y, 2, 5).Value);
        Assert.Equal(Math.Sin(1), Compile(Sin)(1).Value, 15);
        var (sum, product) = Compile(Pair)(2, 3);
        Assert.Equal((5, 6), (sum.Value, product.Value));
    }

    [Fact]
    public void Lambdas_to_tuples_keep_the_names()
    {
        var one = Compile(x => (Square: x * x, Half: x / 2))(3);
        Assert.Equal((9, 1.5), (one.Square.Value, one.Half.Value));
        var two = Compile((x, y) => (Sum: x + y, Both: new[] { x, y }))(3, 4);
        Assert.Equal((7, 4), (two.Sum.Value, two.Both[1].Value));
        var three = Compile((x, y, z) => (x + y, z))(1, 2, 3);
        Assert.Equal((3, 3), (three.Item1.Value, three.Item2.Value));
        var four = Compile((x, y, z, w) => (x + y, z + w))(1, 2, 3, 4);
        Assert.Equal((3, 7), (four.Item1.Value, four.Item2.Value));
    }

    [Fact]
    public void What_transforms_return_is_compiled_as_it_is()
    {
        Assert.Equal([2, 4, 6], Compile(Grad(One))(s_x).ToArray());
        var (value, gradient) = Compile(ValueAndGrad(One))(s_x);
        Assert.Equal(14, value.Value);
        Assert.Equal([2, 4, 6], gradient.ToArray());
        var (byX, byY) = Compile(Grad(Two))(s_x, s_y);
        Assert.Equal(s_y.ToArray(), byX.ToArray());
        Assert.Equal(s_x.ToArray(), byY.ToArray());
        var (total, (_, _, byZ)) = Compile(ValueAndGrad(Three))(s_x, s_y, 1);
        Assert.Equal((7, 1), (total.Value, byZ.Value));
        Assert.Equal(5, Compile(Grad(Four))(s_x, s_y, 2, 5).Item3.Value);
        Assert.Equal(12, Compile(Jvp(One))(s_x, new double[] { 1, 1, 1 }).Tangent.Value);
        Assert.Equal(new Shape(3, 3), Compile(Hessian(One))(s_x).Shape);
        Assert.Equal([2, 0, 0], Compile(Hvp(One))(s_x, new double[] { 1, 0, 0 }).ToArray());
        Assert.Equal([1, 4, 9], Compile(Vmap(x => x * x))(s_x).ToArray());
        var (_, slopes, aux) = Compile(GradWithAux(x => (One(x), (Label: "aux", Extra: One(x) + 1))))(s_x);
        Assert.Equal([2, 4, 6], slopes.ToArray());
        Assert.Equal(("aux", 15), (aux.Label, aux.Extra.Value));
    }

    [Fact]
    public void Functions_of_trees_are_compiled()
    {
        var layer = new Layer(s_x, 1, "first");
        Assert.Equal([2, 4, 6], Compile<Layer, Layer>(Doubled)(layer).Weight.ToArray());
        Assert.Equal("first", Compile<Layer, Layer>(Doubled)(layer).Name);
        Assert.Equal(7, Compile((Layer p) => Sum(p.Weight) + p.Bias)(layer).Value);
        Assert.Equal([1, 1, 1], Compile(Grad((Layer p) => Sum(p.Weight) + p.Bias))(layer).Weight.ToArray());
        Assert.Equal("first", Compile(ValueAndGrad((Layer p) => Sum(p.Weight) + p.Bias))(layer).Gradient.Name);
        Assert.Equal(6, Compile(((Expr A, Expr B) p) => p.A * p.B)((2, 3)).Value);
        Assert.Equal([3, 4, 5], Compile((Layer p, Expr x) => p.Bias * x + 2)(layer, s_x).ToArray());
        Assert.Equal(10, Compile((Layer p, Expr[] xs, Dictionary<string, Expr> d) => p.Bias + xs[0] + d["a"])(layer, [4], new() { ["a"] = 5 }).Value);
        Assert.Equal(8, Compile((Layer p, Expr[] xs, Expr y, List<Expr> z) => p.Bias + xs[0] + y + z[0])(layer, [4], 1, [2]).Value);
    }

    [Fact]
    public void Options_come_last()
    {
        var options = new CompileOptions(Threads: 2, Interpret: true);
        Assert.Equal(14, Compile(One, options)(s_x).Value);
        Assert.Equal(14, Compile(x => Sum(x * x), options)(s_x).Value);
        Assert.Equal(5, Compile((x, y) => (x + y, x), options)(2, 3).Item1.Value);
        Assert.Equal(2, Compile((Layer p) => p.Bias * 2, options)(new(1, 1, "")).Value);
        Assert.Equal(9, CompileScalar(x => x * x, options)(3));
        Assert.Equal(3, CompileFor(x => x * x, new Shape(3), options).ResultSize);
        Assert.Equal(2, CompileFor((x, y) => (x, y), Shape.Scalar, Shape.Scalar, options).ResultSize);
        Assert.Equal(4, CompileFor<Layer, Layer>(Doubled, new(s_x, 1, ""), options).ResultSize);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Scalar_functions_become_delegates_of_numbers(bool interpret)
    {
        var options = new CompileOptions(Interpret: interpret);
        Func<double, double> one = CompileScalar(x => x * x, options);
        Func<double, double, double> two = CompileScalar((x, y) => x * y, options);
        Func<double, double, double, double> three = CompileScalar((x, y, z) => x * y + z, options);
        Func<double, double, double, double, double> four = CompileScalar((x, y, z, w) => x * y + z * w, options);
        Assert.Equal((9, 6, 7, 26), (one(3), two(2, 3), three(2, 3, 1), four(2, 3, 4, 5)));

        Func<double, (double Value, double Derivative)> slope = CompileScalar(ValueAndGrad(x => x * x), options);
        Func<double, double, (double Value, (double, double) Gradient)> gradient = CompileScalar(ValueAndGrad((x, y) => x * y), options);
        var gradient3 = CompileScalar(ValueAndGrad((x, y, z) => x * y * z), options);
        var gradient4 = CompileScalar(ValueAndGrad((x, y, z, w) => x * y * z * w), options);
        Assert.Equal((9, 6), slope(3));
        Assert.Equal((6, (3, 2)), gradient(2, 3));
        Assert.Equal((24, (12, 8, 6)), gradient3(2, 3, 4));
        Assert.Equal((120, (60, 40, 30, 24)), gradient4(2, 3, 4, 5));
        Assert.Equal((9, 6), CompileScalar(x => (x * x, 2 * x), options)(3));

        Assert.Equal(6, CompileScalar(Grad(x => x * x), options)(3));
        Assert.Equal((3, 2), CompileScalar(Grad((x, y) => x * y), options)(2, 3));
        Assert.Equal((12, 8, 6), CompileScalar(Grad((x, y, z) => x * y * z), options)(2, 3, 4));
        Assert.Equal((60, 40, 30, 24), CompileScalar(Grad((x, y, z, w) => x * y * z * w), options)(2, 3, 4, 5));
        Assert.Equal((5, 6), CompileScalar((x, y) => (x + y, x * y), options)(2, 3));
    }

    [Fact]
    public void Functions_for_known_shapes_take_as_many_shapes_as_arguments()
    {
        Assert.Equal([14], Run(CompileFor(One, new Shape(3)), 1, 2, 3));
        Assert.Equal([14, 2, 4, 6], Run(CompileFor(ValueAndGrad(One), new Shape(3)), 1, 2, 3));
        Assert.Equal([11], Run(CompileFor(Two, new Shape(2), new Shape(2)), 1, 2, 3, 4));
        Assert.Equal([3, 4, 1, 2], Run(CompileFor(Grad(Two), new Shape(2), new Shape(2)), 1, 2, 3, 4));
        Assert.Equal([16], Run(CompileFor(Three, new Shape(2), new Shape(2), Shape.Scalar), 1, 2, 3, 4, 5));
        Assert.Equal([41], Run(CompileFor(Four, new Shape(2), new Shape(2), Shape.Scalar, Shape.Scalar), 1, 2, 3, 4, 5, 6));
        Assert.Equal([10, 12], Run(CompileFor((x, y, z) => (x * y, y * z), Shape.Scalar, Shape.Scalar, Shape.Scalar), 5, 2, 6));
        Assert.Equal([2, 12], Run(CompileFor((x, y, z, w) => (x * y, z * w), Shape.Scalar, Shape.Scalar, Shape.Scalar, Shape.Scalar), 1, 2, 3, 4));
        Assert.Equal([2, 4, 6, 8], Run(CompileFor<Layer, Layer>(Doubled, new(Zeros(3), 0, "")), 1, 2, 3, 4));
        Assert.Equal([10], Run(CompileFor((Layer p) => Sum(p.Weight) + p.Bias, new(Zeros(3), 0, "")), 1, 2, 3, 4));
    }

    private static double[] Run(CompiledFunction function, params double[] arguments)
    {
        var results = new double[function.ResultSize];
        function.Invoke(arguments, results);
        return results;
    }
}
