// Derivatives are printed as they are simplified, and what a person wrote as it was written.

using Autodiff.Functional.Display;
using Autodiff.Functional.Verification;
using Autodiff.PropertyTests.Generators;
using Autodiff.PropertyTests.Rules;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Display;

[Properties(Arbitrary = [typeof(Programs)], MaxTest = 50, QuietOnSuccess = true)]
public class DerivativeFormulaTests
{
    // Ordinary functions lose digits that what is computed keeps.
    private const double Rounding = 1e-9;

    private static readonly Expr x = Variable("x");

    [Property]
    public void A_derivative_is_printed_simplified_and_is_the_same_function(Program program)
    {
        var variable = Variable("x", program.Input.Shape);
        var slope = Grad(program.Scalar)(variable);
        var read = Formula.Read(slope);
        Assert.Equal(read.ToFormula(FormulaStyle.Ascii), slope.ToFormula(FormulaStyle.Ascii));
        Assert.Equal(read.ToLatex(), slope.ToLatex());
        var bound = Rounding * Math.Max(1, Intermediates.Largest(Grad(program.Scalar), program.Input));
        Assert.All(
            slope.Substitute((variable, program.Input)).ToArray().Zip(read.Substitute((variable, program.Input)).ToArray()),
            pair => Assert.True(!double.IsFinite(pair.Item1) || Math.Abs(pair.Item1 - pair.Item2) <= bound, $"{pair.Item2} instead of {pair.Item1}"));
    }

    public static TheoryData<string, string> OfFunctions => new()
    {
        { nameof(Asin), "1 / sqrt(1 - x^2)" },
        { nameof(Atan), "1 / (x^2 + 1)" },
        { nameof(Atanh), "1 / (1 - x^2)" },
        { nameof(Tanh), "1 / cosh(x)^2" },
        { nameof(Tan), "1 / cos(x)^2" },
        { nameof(Sigmoid), "let t1 = sigmoid(x)\nt1 * (1 - t1)" },
        { nameof(Softplus), "sigmoid(x)" },
        { nameof(Erf), "1.1283791670955126 * exp(-x^2)" },
        { nameof(Abs), "where(x == 0, 0, sign(x))" },
        { nameof(Sqrt), "1 / (2 * sqrt(x))" },
        { nameof(Log), "1 / x" },
    };

    [Theory]
    [MemberData(nameof(OfFunctions))]
    public void Derivatives_of_functions_read_as_in_a_textbook(string name, string derivative) =>
        Assert.Equal(derivative, Grad(t => ElementwiseTests.Apply(Enum.Parse<Op>(name), [t]))(x).ToString());

    [Property]
    public void What_a_person_wrote_is_printed_as_it_was_written(Program program)
    {
        var y = program.Tensor(Variable("x", program.Input.Shape));
        Assert.Equal(Parse(y.ToFormula(abbreviate: false), y.Nodes().Where(node => node.Op == Op.Variable && node.Operands.Count == 0).ToArray()).ToFormula(), y.ToFormula());
    }

    [Fact]
    public void Every_way_to_a_derivative_counts()
    {
        static Expr Cube(Expr v) => v * v * v;
        Assert.Equal("3 * x^2", Grad(Cube)(x).ToString());
        Assert.Equal("6 * x", Grad(Grad(Cube))(x).ToString());
        Assert.Equal("3 * x^2", Backward(Cube(x))[x].ToString());
        Assert.Equal("3 * x^2", Jvp(Cube)(x, 1).Tangent.ToString());
        Assert.Equal("3 * x", TaylorAlong(Cube, 2)(x, 1)[2].ToString());
        Assert.Equal("6 * x", Diff(Cube, 2)(x).ToString());
        Assert.Equal("3 * x^2 + 1", (Grad(Cube)(x) + 1).ToString());
        Assert.Equal("3 x^{2}", Grad(Cube)(x).ToLatex());
        Assert.Equal("12", Grad(Cube)(Variable("x", 2)).ToString());
        Assert.Equal("3 * x^2", Grad(Cube)(Variable("x", 2)).ToFormula());
    }

    [Fact]
    public void Forms_that_were_asked_for_stay()
    {
        var slope = Grad(v => Pow((v * v) + v, 2) / 2)(x);
        Assert.Equal("2 * x^3 + 3 * x^2 + x", slope.Expand().ToString());
        Assert.Equal("2 * x^3 + 3 * x^2 + x", slope.Collect(x).ToString());
        Assert.Equal("2 * x^3 + 3 * x^2 + x", slope.Expand().Substitute((x, x)).ToString());
        Assert.Equal(slope.ToString(), slope.Simplify().ToString());
        var y = Variable("y");
        Assert.Equal("3 * y^2", Grad(v => v * v * v)(x).Substitute((x, y)).ToString());
        Assert.Equal("x + x + x * cos(x)", Grad(v => Sin(v) * v)(x).Rewrite(node => node.Op == Op.Sin ? x + x : node).ToString());
    }

    [Fact]
    public void A_sweep_that_fails_leaves_no_trace()
    {
        var failing = CustomVjp(v => (Sin(v), flow => throw new InvalidOperationException("no rule")));
        Assert.ThrowsAny<Exception>(() => Grad(failing)(x));
        Assert.Equal("x + x + x", (x + x + x).ToString());
    }

    [Fact]
    public void Long_derivatives_are_printed_as_they_are_computed()
    {
        Func<Expr, Expr> sum = v =>
        {
            var y = v;
            for (var i = 0; i < 6_000; i++)
            {
                y = Sin(y) + v;
            }

            return y;
        };
        var slope = Grad(sum)(x);
        Assert.True(slope.Nodes().Count > 10_000);
        Assert.DoesNotContain("^", slope.ToFormula(), StringComparison.Ordinal);
    }
}
