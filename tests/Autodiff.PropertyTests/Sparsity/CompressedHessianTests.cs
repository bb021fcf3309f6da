// Compiled dense Hessians, which take a sweep for each colour of their pattern where that saves many.

using Autodiff.PropertyTests.Generators;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Sparsity;

public class CompressedHessianTests
{
    private const int Size = 40;

    private static readonly Dictionary<string, Func<Expr, Expr>> s_functions = new()
    {
        ["a band"] = x => Sum(100 * Pow(x[1..] - Pow(x[..^1], 2), 2)) + Sum(Pow(1 - x[..^1], 2)),
        ["a diagonal"] = x => Sum(Exp(Sin(x))),
        ["an arrow"] = x => (x[0] * Sum(Sin(x[1..]))) + Pow(x[0], 4),
        ["two blocks"] = x => Pow(Sum(x[..8]), 3) + Sum(Pow(x[8..], 3)),
        ["a dense matrix"] = x => Pow(Sum(Sin(x)), 3),
        ["nothing but a linear function"] = x => Sum(x * Arange(Size)),
        ["branches"] = x => Sum(Where(x > 0, x * x * x, Cos(x))),
        ["a loop"] = x => Sum(Fold((s, i) => Sin(s) * i, x, Arange(3) + 1)),
    };

    public static TheoryData<string> Functions => [.. s_functions.Keys];

    [Theory, MemberData(nameof(Functions))]
    public void A_compiled_Hessian_is_the_Hessian(string name)
    {
        var f = s_functions[name];
        var x = Tensors.Direction(new Shape(Size), 1);
        var expected = Hessian(f)(x);
        Agreement.Near(expected, Compile(Hessian(f))(x));
        Agreement.Near(Stack([expected, Hessian(f)(2 * x)]), Compile(Vmap(Hessian(f)))(Stack([x, 2 * x])));
        Agreement.Near(Grad(v => Sum(Sin(Hessian(f)(v))))(x), Compile(Grad(v => Sum(Sin(Hessian(f)(v)))))(x));
        Func<Expr, Expr> ofMatrix = m => f(Reshape(m, Size));
        Agreement.Near(Reshape(expected, 8, 5, 8, 5), Compile(Hessian(ofMatrix))(Reshape(x, 8, 5)));
        Agreement.Near(2 * expected, Compile((v, c) => Hessian(u => c * f(u))(v))(x, 2));
    }

    [Theory]
    [InlineData("a band", true)]
    [InlineData("a diagonal", true)]
    [InlineData("an arrow", true)]
    [InlineData("branches", true)]
    [InlineData("a loop", true)]
    [InlineData("a dense matrix", false)]
    public void A_Hessian_with_few_entries_is_made_of_them(string name, bool isCompressed)
    {
        var hessian = Hessian(s_functions[name])(Variable("x", new Shape(Size)));

        Assert.Equal(isCompressed, hessian is { Op: Op.Reshape } && hessian.Operand(0).Op == Op.Scatter);
    }

    [Fact]
    public void An_infinite_entry_does_not_spoil_those_of_its_colour()
    {
        var x = Concat([Zeros(1), Ones(Size - 1)]);
        Func<Expr, Expr> f = v => Sum(Sqrt(v)) + Sum(v[1..] * v[..^1]);
        var hessian = Compile(Hessian(f))(x);
        Assert.Equal(double.NegativeInfinity, hessian[0, 0].Value);
        Assert.Equal(1, hessian[0, 1].Value);
        Assert.All(hessian[1.., 1..].ToArray(), entry => Assert.True(double.IsFinite(entry)));
        Assert.Equal(Hessian(f)(x)[1..].ToArray(), hessian[1..].ToArray());
    }
}
