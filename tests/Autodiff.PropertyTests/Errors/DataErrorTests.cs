// Misuse of data in and out, and of keys of random numbers: type and message.

using System.Text.Json;
using static Autodiff.Functional.Expr;
using static Autodiff.PropertyTests.Errors.Example;

namespace Autodiff.PropertyTests.Errors;

public class DataErrorTests
{
    internal static IReadOnlyList<Example> All { get; } =
    [
        Shaped(Ragged, ["Of", "element 2 has shape (1)"]),
        Shaped(() => From(new double[][] { [1, 2], [3] }), ["From", "row 1 has length 1"]),
        Shaped(Pair, ["Deconstruct", "2 variables"]),
        Shaped(Copy, ["CopyTo", "room for 4"]),
        Shaped(() => AD.CompileFor(x => (x, 2 * x), new Shape(3)).Result(2, new double[6]).Length, ["Result", "counted from 0"]),
        Of<AutodiffException>(() => ((Expr)double.NaN).get_Sign(), ["Sign", "NaN has no sign", "Expr.Sign(x)"]),
        Of<NotConcreteException>(() => JsonSerializer.Serialize(Variable("x")), ["JsonSerializer", "ToJson"]),
        Shaped(() => Rng.Normal(Ones(3), new(2)), ["Normal", "Rng.Key(seed)"]),
        Of<AutodiffException>(() => Rng.Uniform(new double[] { 0.5, 1 }, new(2)), ["Rng", "0.5 is no part of a key"]),
    ];

    private static object? Ragged()
    {
        Expr x = [[1, 2], [3, 4], [5]];
        return x;
    }

    private static object? Pair()
    {
        var (a, b) = Zeros(3, 2);
        return a + b;
    }

    private static object? Copy()
    {
        Zeros(5).CopyTo(new double[4]);
        return null;
    }
}
