// Functions that only derivatives are made of, as a person reads them: written out in formulas for a person, kept in the formula of what is computed.

using System.Text.RegularExpressions;
using Autodiff.Functional.Elementwise;
using Autodiff.PropertyTests.Generators;
using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Display;

public partial class OrdinaryFormTests
{
    private static readonly Expr x = Variable("x");
    private static readonly Expr y = Variable("y");
    private static readonly Expr s = Variable("s");

    public static TheoryData<Op> Elementwise => [.. Enum.GetValues<Op>().Where(op => op.IsElementwise())];

    public static TheoryData<Expr, string, string> Forms => new()
    {
        { Grad(Asin)(x), "asinderivative(x)", "1 / sqrt(1 - x^2)" },
        { Grad(Acos)(x), "-asinderivative(x)", "-(1 / sqrt(1 - x^2))" },
        { Grad(Atan)(x), "let t1 = directioncosine(1, x)\nt1 * t1", "1 / (1 + x^2)" },
        { Grad(Atanh)(x), "let t1 = asinderivative(x)\nt1 * t1", "1 / (1 - x^2)" },
        { Grad(Asinh)(x), "directioncosine(1, x)", "1 / sqrt(1 + x^2)" },
        { Grad(Tanh)(x), "4 * logisticdensity(2 * x)", "1 - tanh(x)^2" },
        { Grad(Sigmoid)(x), "logisticdensity(x)", "sigmoid(x) * (1 - sigmoid(x))" },
        { Grad(t => Sigmoid(3 * t))(x), "logisticdensity(3 * x) * 3", "let t1 = 3 * x\nsigmoid(t1) * (1 - sigmoid(t1)) * 3" },
        { Grad(Grad(Softplus))(x), "logisticdensity(x)", "sigmoid(x) * (1 - sigmoid(x))" },
        { Grad(Grad(Asin))(x), "let t1 = asinderivative(x)\nx * (t1 * t1 * t1)", "let t1 = 1 / sqrt(1 - x^2)\nx * (t1 * t1 * t1)" },
        { Grad(t => Gamma(t))(x), "gammaderivative(1, x)", "gamma(x) * digamma(x)" },
        { Grad(Sinc)(x), "sincderivative(1, x)", "(cos(x) - sinc(x)) / x" },
        { Grad(t => LogBeta(t, y))(x), "polygammadifference(0, x, y)", "digamma(x) - digamma(x + y)" },
        { Grad(t => GammaP(3, t))(x), "gammadensity(0, 3, x)", "x^2 * exp(-x) / 2" },
        { Grad(Relu)(x), "where(1 - (x <= 0), 1, 0)", "where(x <= 0, 0, 1)" },
        { Grad(Abs)(x), "where(1 - (x == 0), sign(x), 0)", "where(x == 0, 0, sign(x))" },
        { Iterate(2, t => Grad(Asin)(t), x), "iterate(2, s => asinderivative(s), x)", "iterate(2, s => 1 / sqrt(1 - s^2), x)" },
        { Cond(s, () => Grad(Asinh)(x), () => x), "cond(s, directioncosine(1, x), x)", "cond(s, 1 / sqrt(1 + x^2), x)" },
        { Grad(Erf)(x), "where(1 - (abs(x) == Infinity), 1.1283791670955126 * gaussian(0, 1, x), 0)", "1.1283791670955126 * exp(-x^2)" },
        { Grad(Grad(Erf))(x), "let t1 = 1 - (1 - (abs(x) == Infinity) == 0)\nwhere(t1, where(t1, where(t1, 1, 0) * 1.1283791670955126, 0) * gaussian(1, 1, x), 0)", "1.1283791670955126 * (-2 * x * exp(-x^2))" },
        { Grad(t => Where(t > 0, t * y, Sin(t)))(x), "let t1 = x > 0\nlet t2 = t1 == 0\nlet t3 = 1 - (t1 == 0)\nwhere(t2, where(t2, 1, 0) * cos(x), 0) + where(t3, where(t3, 1, 0) * y, 0)", "let t1 = x > 0\nwhere(t1, 0, cos(x)) + where(t1, y, 0)" },
        { Apply(Op.Gaussian, 9, 1, x), "gaussian(9, 1, x)", "gaussian(9, 1, x)" },
    };

    public static TheoryData<string> Names => [.. s_functions.Keys];

    private static readonly Dictionary<string, Func<Expr, Expr>> s_functions = Enum.GetValues<Op>()
        .Where(op => op.IsElementwise() && !op.IsComparison()).SelectMany(op => Enumerable.Range(op.HasOrder() ? 1 : 0, op.Arity() - (op.HasOrder() ? 1 : 0)).Select(place => (op, place)))
        .Where(use => !(use.op is Op.Gaussian && use.place == 1))
        .ToDictionary(use => $"{use.op} {use.place}", use => (Func<Expr, Expr>)(t => ApplyAt(use.op, use.place, t)));

    [Theory]
    [MemberData(nameof(Forms), DisableDiscoveryEnumeration = true)]
    public void Internal_functions_are_written_out_for_a_person_only(Expr derivative, string computed, string read)
    {
        // As if it had been written by hand: a derivative is simplified too.
        var formula = derivative.AsPrimal();
        Assert.Equal(computed, formula.ToFormula());
        Assert.Equal(read, formula.ToFormula(FormulaStyle.Ascii));
    }

    [Theory]
    [MemberData(nameof(Elementwise))]
    public void An_ordinary_form_is_the_same_function(Op op)
    {
        var region = ElementwiseTable.Describe(op).Region;
        for (var order = 0; order <= 6; order++)
        {
            if (!OrdinaryForm.Exists(op, order) || (order > 0 && !op.HasOrder()))
            {
                continue;
            }

            var n = order;
            double[] constants = op.HasOrder() ? [order, .. region.Constants[1..]] : region.Constants;
            var points = Gen.Choose(0, 1000).ArrayOf(region.Operands.Length)
                .Select(places => places.Zip(region.Operands, (place, range) => range.Low + (place / 1000.0 * (range.High - range.Low))).ToArray());
            Prop.ForAll(points.Where(point => Math.Abs(region.Kink(point)) > 0.3 && point.All(number => Math.Abs(number) > 0.05)).ToArbitrary(), point =>
            {
                Real[] operands = [.. constants.Concat(point).Select(number => new Real(number))];
                var (expected, found) = (Value(op, [.. operands.Select(operand => operand.Value)]), OrdinaryForm.Of<Real>(op, n, operands).Value);
                Assert.True(Math.Abs(expected - found) <= 1e-7 * (1 + Math.Abs(expected)), $"{op} of order {n} at {string.Join(", ", point)}: {expected}, but {found}");
                if (OrdinaryForm.IsRoot(op))
                {
                    Assert.Equal(expected * expected, OrdinaryForm.OfSquare<Real>(op, operands).Value, 1e-12 * expected * expected);
                }
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void No_derivative_to_third_order_reads_with_an_internal_name(string name)
    {
        var f = s_functions[name];
        foreach (var derivative in new[] { f, Grad(f), Grad(Grad(f)), Grad(Grad(Grad(f))), Diff(f, 3) })
        {
            var value = derivative(x);
            foreach (var text in new[] { value.ToFormula(FormulaStyle.Ascii), value.ToFormula(FormulaStyle.Unicode), value.ToLatex(), value.ToMathML() })
            {
                Assert.DoesNotMatch(Internal(), text);
            }
        }
    }

    [Fact]
    public void Gradients_of_random_programs_read_as_what_is_computed() => Prop.ForAll(Programs.Arbitrary, program =>
    {
        var variable = Variable("x", program.Input.Shape);
        var gradient = Grad(program.Scalar)(variable);
        var text = gradient.ToFormula(FormulaStyle.Ascii);
        Assert.DoesNotMatch(Internal(), text);
        if (!text.Contains("...", StringComparison.Ordinal) && !text.Contains("vjp(", StringComparison.Ordinal))
        {
            // The ordinary form of a derivative of sinc is 0/0 at 0.
            var read = Parse(text, variable).Substitute((variable, program.Input));
            if (!double.IsNaN(Sum(read).Value))
            {
                Agreement.Near(gradient.Substitute((variable, program.Input)), read, 1e-8);
            }
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    private static double Value(Op op, double[] x) => x.Length switch
    {
        1 => ElementwiseTable.Value(op, x[0]),
        2 => ElementwiseTable.Value(op, x[0], x[1]),
        _ => ElementwiseTable.Value(op, x[0], x[1], x[2]),
    };

    /// <summary>A primitive of a variable at one place; the other operands are orders and other variables.</summary>
    private static Expr ApplyAt(Op op, int place, Expr t)
    {
        Expr[] operands = [op.HasOrder() ? 0 : y, op is Op.Gaussian ? 0.5 : Variable("z"), Variable("w")];
        operands[place] = t;
        return op.Arity() == 1 ? Apply(op, operands[0]) : op.Arity() == 2 ? Apply(op, operands[0], operands[1]) : Apply(op, operands[0], operands[1], operands[2]);
    }

    [GeneratedRegex("asinderivative|logisticdensity|directioncosine|gammaderivative|sincderivative|lognormalcdfderivative|polygammadifference|gammadensity|gaussian|pluszero")]
    private static partial Regex Internal();
}
