// Evaluate<T>: every primitive in other number types against the library's own values, and what it refuses.

using System.Numerics;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.NumberTypes;

public class EvaluateTests
{
    [Fact]
    public void A_scalar_is_evaluated_in_every_type()
    {
        var (x, y) = (Variable("x"), Variable("y"));
        var f = (x * x * y) + (y / x);
        Assert.Equal(12 + 1.5, f.Evaluate((x, 2.0), (y, 3.0)));
        Assert.Equal(13.5f, f.Evaluate((x, 2f), (y, 3f)));
        Assert.Equal((Half)13.5, f.Evaluate((x, (Half)2), (y, (Half)3)));
        Assert.Equal(13.5m, f.Evaluate((x, 2m), (y, 3m)));
        Assert.Equal(new Complex(13.5, 0), f.Evaluate((x, new Complex(2, 0)), (y, new Complex(3, 0))));
        Assert.Equal((DoubleDouble)13.5, f.Evaluate((x, (DoubleDouble)2), (y, (DoubleDouble)3)));
        Assert.Equal(12 - 0.75, f.Evaluate((x, Dual<double>.Variable(2)), (y, (Dual<double>)3)).Tangent);
    }

    [Fact]
    public void A_value_replaces_that_of_a_named_leaf_and_others_keep_theirs()
    {
        var (x, y) = (Variable("x", (Expr)2), Variable("y", (Expr)3));
        var f = Exp(x) * y;
        Assert.Equal(DoubleDouble.Exp(2) * 3, f.Evaluate<DoubleDouble>());
        Assert.Equal(DoubleDouble.Exp(1) * 3, f.Evaluate((x, (DoubleDouble)1)));
    }

    [Fact]
    public void Decimal_computes_exactly_with_tenths()
    {
        var x = Variable("x");
        Assert.Equal(0.3m, (x + (2 * x)).Evaluate((x, 0.1m)));
    }

    [Fact]
    public void A_long_chain_needs_no_stack()
    {
        var x = Variable("x");
        var sum = (Expr)x;
        for (var i = 0; i < 100_000; i++)
        {
            sum = sum + x;
        }

        Assert.Equal(100_001m, sum.Evaluate((x, 1m)));
    }

    [Fact]
    public void Tensors_are_evaluated_element_by_element()
    {
        var x = Variable("x", new Shape(2, 3));
        DoubleDouble[] numbers = [1, 2, 3, 4, 5, 6];
        Assert.Equal([5, 7, 9], Sum(x, 0).EvaluateElements((x, numbers)));
        Assert.Equal([1, 4, 2, 5, 3, 6], Transpose(x).EvaluateElements((x, numbers)));
        Assert.Equal([14, 32, 32, 77], MatMul(x, Transpose(x)).EvaluateElements((x, numbers)));
        Assert.Equal([1, 2, 3, 5, 7, 9], CumSum(x, 0).EvaluateElements((x, numbers)));
    }

    [Fact]
    public void What_is_wrong_is_named()
    {
        var (x, v) = (Variable("x"), Variable("v", new Shape(3)));
        Says<NotConcreteException>("variable x", () => (x * 2).Evaluate<double>());
        Says<AutodiffException>("two values", () => x.Evaluate((x, 1.0), (x, 2.0)));
        Says<AutodiffException>("Multiply is not a variable", () => (x * 2).Evaluate((x * 2, 1.0)));
        Says<ShapeException>("use EvaluateElements", () => v.Evaluate<double>());
        Says<ShapeException>("has 3 elements, but 2 were given", () => v.EvaluateElements<double>((v, [1, 2])));
        Says<AutodiffException>("Erf is not defined for Complex", () => Erf(x).Evaluate((x, Complex.One)));
        Says<AutodiffException>("Exp is not defined for decimal", () => Exp(x).Evaluate((x, 1m)));
        Says<AutodiffException>("are whole", () => x.Evaluate((x, 1)));
        Says<AutodiffException>("not a decimal", () => (1 / x).Evaluate((x, 0m)));
        Says<AutodiffException>("a variable is null", () => x.Evaluate((null!, 1.0)));
        Says<AutodiffException>("is null", () => v.EvaluateElements<double>((v, null!)));
    }

    [Fact]
    public void A_type_of_others_states_its_functions_and_leaves_comparisons_undecided()
    {
        var x = Variable("x");
        var unit = new Bounds(0, 1);
        Assert.Equal(new Bounds(Math.Exp(-2), Math.E), Exp((x * x) - (2 * x)).Evaluate((x, unit)));
        Assert.Equal(new Bounds(0, Math.E), Where(x < 0.5, Exp(x), 0).Evaluate((x, unit)));
        Assert.Equal(new Bounds(1, Math.E), Where(x < 2, Exp(x), 0).Evaluate((x, unit)));
        Assert.Equal(new Bounds(0, 3), AD.Cond(x < 0.5, () => Exp(x), () => 3 * x).Evaluate((x, unit)));
        Assert.Equal(new Bounds(0, 1), Relu(x).Evaluate((x, new Bounds(-1, 1))));
        Says<AutodiffException>("Erf is not defined for Bounds", () => Erf(x).Evaluate((x, unit)));
        Says<AutodiffException>("Root is not defined for Bounds numbers, which enclose a result", () => AD.Root(v => (v * v) - x, 1).Evaluate((x, new Bounds(1, 2))));
        Says<AutodiffException>("undecided for Bounds numbers after 1 steps", () => AD.While(v => v > x, v => v / 2, 4).Evaluate((x, new Bounds(1, 2))));
    }

    [Fact]
    public void Numbers_with_tangents_nest_and_may_be_of_double_doubles_or_expressions()
    {
        var x = Variable("x");
        var f = Gamma(Exp(Sin(x)));
        var slope = f.Evaluate((x, Dual<DoubleDouble>.Variable(0.7)));
        const double Step = 1e-12;
        DoubleDouble At(double step) => f.Evaluate((x, 0.7 + (DoubleDouble)step));
        Assert.Equal(((At(Step) - At(-Step)) / (2 * (DoubleDouble)Step)).Hi, slope.Tangent.Hi, 1e-14);
        var second = f.Evaluate((x, Dual<Dual<double>>.Variable(Dual<double>.Variable(0.7)))).Tangent.Tangent;
        Assert.Equal(AD.Diff(t => Gamma(Exp(Sin(t))), 2)(0.7).Value, second, 1e-12);
        var u = Variable("u");
        var symbolic = f.Evaluate((x, Dual<Expr>.Variable(u)));
        Assert.Equal(slope.Tangent.Hi, symbolic.Tangent.Substitute((u, 0.7)).Value, 1e-14);
    }

    private static void Says<TError>(string part, Action action)
        where TError : AutodiffException => Assert.Contains(part, Assert.Throws<TError>(action).Message, StringComparison.Ordinal);
}
