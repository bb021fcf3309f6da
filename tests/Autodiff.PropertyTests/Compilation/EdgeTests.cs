// Compiled functions whose results are arguments, constants or repeated, which ignore arguments, or whose tensors have no elements.

using Autodiff.PropertyTests.Generators;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Compiling;

public class EdgeTests
{
    private static readonly Expr s_x = Sin(Arange(20));
    private static readonly Expr s_y = Cos(Arange(20));

    private static readonly Dictionary<string, Func<Expr, Expr, Expr[]>> s_functions = new()
    {
        ["an argument"] = (x, y) => [x],
        ["arguments exchanged"] = (x, y) => [y, x],
        ["an argument twice"] = (x, y) => [x, x, y, x],
        ["views of an argument"] = (x, y) => [Flip(x), x[3..], x[5], Reshape(x, 4, 5), Transpose(Reshape(x, 4, 5))],
        ["a node twice"] = (x, y) => Sin(x) is var z ? [z, z, z + y, z] : [],
        ["views of a node"] = (x, y) => Sin(x * y) is var z ? [z, Flip(z), z[3..], z[0], Reshape(z, 4, 5), Transpose(Reshape(z, 4, 5)), Take(z, [0, 0, 19])] : [],
        ["a sum and its stretched form"] = (x, y) => Sum(x * y) is var z ? [z, BroadcastTo(z, new Shape(3, 20)), z * y, BroadcastTo(z * x, new Shape(2, 20))] : [],
        ["constants"] = (x, y) => [Arange(20), 3, x, Ones(20), Flip(Arange(20)), Zeros(3, 4)],
        ["a constant twice"] = (x, y) => Sin(Arange(20)) is var c ? [c, c, c * x, c[3..]] : [],
        ["nothing but a constant"] = (x, y) => [7],
        ["no elements"] = (x, y) => [x[..0], Zeros(0, 3), Sin(x[..0]) * 2],
        ["sums of no elements"] = (x, y) => [Sum(x[..0]), Prod(x[..0]), Sum(Outer(x[..0], y), 0), Sum(Outer(x, y[..0]), 1) + x],
        ["products over no elements"] = (x, y) => [MatMul(Outer(x, y[..0]), Outer(x[..0], y)), Dot(x[..0], y[..0])],
        ["joined with no elements"] = (x, y) => [Concat([x[..0], Sin(x), y[..0]]), Stack([x[..0], y[..0]]), Concat([x[..0], y[..0]])],
        ["no elements through a loop"] = (x, y) => [Iterate(3, s => Sin(s), x[..0]), Fold((s, item) => s + item, x, Outer(x, y)[..0])],
        ["stopped"] = (x, y) => [StopGradient(x) * x, StopGradient(Sin(x))],
    };

    public static TheoryData<string> Functions => [.. s_functions.Keys];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Results_are_those_of_the_function(string name)
    {
        var f = s_functions[name];
        Func<(Expr X, Expr Y), Expr[]> g = p => f(p.X, p.Y);
        Func<(Expr X, Expr Y), Expr> weighted = p => f(p.X, p.Y).Select((result, i) => Sum(Tensors.Direction(result.Shape, i) * result)).Aggregate((Expr)0, (sum, term) => sum + term);
        foreach (var options in Engines.All)
        {
            AllNear(g((s_x, s_y)), Compile(g, options)((s_x, s_y)));
            AllNear(Grad(weighted)((s_x, s_y)), Compile(Grad(weighted), options)((s_x, s_y)));
            AllNear(Jvp(g)((s_x, s_y), (s_y, s_x)), Compile(((Expr X, Expr Y) p, (Expr X, Expr Y) q) => Jvp(g)(p, q), options)((s_x, s_y), (s_y, s_x)));
            AllNear(Vmap(g)((Outer(s_x, s_x), Outer(s_y, s_x))), Compile(Vmap(g), options)((Outer(s_x, s_x), Outer(s_y, s_x))));
        }
    }

    [Fact]
    public void Memory_of_the_caller_is_filled_wherever_results_come_from()
    {
        foreach (var (name, f) in s_functions)
        {
            foreach (var options in Engines.All)
            {
                var compiled = CompileFor(((Expr X, Expr Y) p) => f(p.X, p.Y), (s_x, s_y), options);
                var results = new double[compiled.ResultSize];
                compiled.Invoke([.. s_x.ToArray(), .. s_y.ToArray()], results);
                double[] expected = [.. f(s_x, s_y).SelectMany(result => result.ToArray())];
                Assert.True(expected.Zip(results, (left, right) => Math.Abs(left - right)).All(difference => difference <= 10 * Engines.Same), name);
            }
        }
    }

    [Fact]
    public void A_number_is_stretched_to_many_by_a_loop()
    {
        var (x, large) = (Sin(Arange(100_000)), new Shape(100_000));
        foreach (var options in Engines.All)
        {
            Agreement.Near(Grad(v => Pow(Sum(v), 2))(x), Compile(Grad(v => Pow(Sum(v), 2)), options)(x), Engines.Same);
            Agreement.Near(BroadcastTo(Sin(s_x[3] * 2), large), Compile(v => BroadcastTo(Sin(v[3] * 2), large), options)(s_x), Engines.Same);
            Agreement.Near(BroadcastTo(Sin(s_x), new Shape(5000, 20)), Compile(v => BroadcastTo(Sin(v), new Shape(5000, 20)), options)(s_x), Engines.Same);
        }
    }

    private static void AllNear<T>(T expected, T actual) => Tree.Map2(expected, actual, (left, right) =>
    {
        Agreement.Near(left, right, Engines.Same);
        return left;
    });
}
