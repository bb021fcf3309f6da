// Programs of hundreds of thousands of scalar operations, in many kernels that read each other's values: long chains, wide sums, and operations on
// any earlier values.

using Autodiff.PropertyTests.Generators;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Compiling;

public class LargeProgramTests
{
    private const int Operations = 200_000;

    private static readonly Dictionary<string, Func<Expr, Expr>> s_functions = new()
    {
        ["a chain of choices"] = x => Enumerable.Range(0, Operations / 20).Aggregate(x, (y, _) => Where(y > 0, Sin(y + 1), Cos(y)) - Max(x * 0.5, y * 0.25)),
        ["terms of a sum"] = x => Enumerable.Range(0, Operations / 5).Aggregate((Expr)0, (sum, i) => sum + (Sin(x * (1 + (1.0 / (i + 1)))) / (1 + i))),
        ["a tree"] = x => Tree([.. Enumerable.Range(0, Operations / 8).Select(i => Sin(x + (1.0 / (i + 1))))]),
        ["any operands"] = Random,
    };

    public static TheoryData<string> Functions => [.. s_functions.Keys];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Value_and_derivative_are_those_of_the_function(string name)
    {
        const double X = 1.1;
        var (value, derivative) = ValueAndGrad(s_functions[name])(X);
        Assert.True(Math.Abs(derivative.Value) is > 1e-3 and < 1e3);
        var results = new double[2];
        CompileFor(ValueAndGrad(s_functions[name]), new Shape()).Invoke([X], results);
        Agreement.Near(value, results[0], Engines.Same);
        Agreement.Near(derivative, results[1], Engines.Same);
    }

    [Fact]
    public void A_chain_has_the_value_and_derivative_of_the_loop_it_was_made_by()
    {
        const double X = 1.1;
        var (y, dy) = (X, 1.0);
        for (var i = 0; i < Operations / 2; i++)
        {
            (y, dy) = (Math.Sin(X * y), Math.Cos(X * y) * (y + (X * dy)));
        }

        Func<Expr, Expr> f = x => Enumerable.Range(0, Operations / 2).Aggregate(x, (y, _) => Sin(x * y));
        foreach (var options in Engines.All)
        {
            var results = new double[2];
            CompileFor(ValueAndGrad(f), new Shape(), options).Invoke([X], results);
            Assert.Equal(y, results[0]);
            Assert.Equal(dy, results[1], 1e-12 * Math.Abs(dy));
        }
    }

    [Fact]
    public void Every_element_of_a_long_vector_has_its_derivative()
    {
        const int Length = Operations / 10;
        Func<Expr, Expr> f = x => Enumerable.Range(0, Length).Aggregate((Expr)0, (sum, i) => sum + (x[i] * Sin(x[(i + 1) % Length])));
        var x = Sin(Arange(Length));
        var (value, gradient) = ValueAndGrad(f)(x);
        var results = new double[1 + Length];
        CompileFor(ValueAndGrad(f), new Shape(Length)).Invoke(x.ToArray(), results);
        Agreement.Near(Concat([Reshape(value, 1), gradient]), results, Engines.Same);
    }

    /// <summary>Combines neighbouring values in pairs, then the results in pairs, until one value is left.</summary>
    private static Expr Tree(Expr[] leaves)
    {
        while (leaves.Length > 1)
        {
            leaves = [.. leaves.Chunk(2).Select(pair => pair is [var a, var b] ? (0.5 * (a + b)) - (0.01 * (a * b)) : pair[0])];
        }

        return leaves[0];
    }

    /// <summary>Random operations, each on a recent value and any earlier one, such that values neither vanish nor grow.</summary>
    private static Expr Random(Expr x)
    {
        var random = new Random(1);
        var values = new List<Expr> { x, Sin(x) };
        while (values.Count < Operations / 3)
        {
            var (a, b) = (values[random.Next(values.Count)], values[^(1 + random.Next(Math.Min(20, values.Count)))]);
            values.Add(random.Next(4) switch { 0 => Sin(a + b), 1 => (a * b) - 0.3, 2 => (0.5 * a) - (0.5 * b), _ => Cos(a) * b });
        }

        return values.Skip(values.Count - 100).Aggregate((sum, value) => sum + value);
    }
}
