// Every primitive of tensors, and programs of many, in other number types: against the values in doubles, and derivatives against differences in double-doubles.

using Autodiff.Functional.Primitives;
using Autodiff.PropertyTests.Generators;
using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.NumberTypes;

public class TensorEvaluationTests
{
    public static TheoryData<string> Cases => [.. StructuralCases.All.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Values_agree_with_those_in_doubles(string name) => StructuralCase.ForAll(StructuralCases.All[name], 10, call =>
    {
        var variables = Array.ConvertAll(call.Operands, operand => Variable("x", operand.Shape));
        var symbolic = call.Apply(variables);
        var expected = call.Value.ToArray();
        Near(expected, symbolic.EvaluateElements(At(variables, call.Operands, number => number)), 1e-9);
        if (!name.StartsWith("MatrixFunction", StringComparison.Ordinal))
        {
            Near(expected, Array.ConvertAll(symbolic.EvaluateElements(At(variables, call.Operands, number => (DoubleDouble)number)), number => number.Hi), 1e-9);
        }
    });

    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_agree_with_differences_of_double_doubles(string name) => StructuralCase.ForAll(StructuralCases.All[name], 3, call =>
    {
        if (name.StartsWith("MatrixFunction", StringComparison.Ordinal) || call.Value.Shape.Size == 0 || call.Operands.Any(operand => operand.Shape.Size == 0))
        {
            return;
        }

        var variables = Array.ConvertAll(call.Operands, operand => Variable("x", operand.Shape));
        var weights = Tensors.Direction(call.Value.Shape, 7);
        var scalar = Sum(call.Apply(variables) * weights);
        var direction = Tensors.Direction(call.Operands[0].Shape, 3);
        Expr Along(Expr x) => Sum(call.Apply([x, .. call.Operands[1..]]) * weights);
        var expected = Sum(AD.Grad(Along)(call.Operands[0]) * direction).Value;
        DoubleDouble Shifted(double step)
        {
            var at = At(variables, call.Operands, number => (DoubleDouble)number);
            at[0].Elements = [.. at[0].Elements.Zip(direction.ToArray(), (x, d) => x + (DoubleDouble.Exactly(step, 0) * d))];
            return scalar.EvaluateElements(at)[0];
        }

        const double Step = 1e-9;
        var actual = ((Shifted(Step) - Shifted(-Step)) / (2 * (DoubleDouble)Step)).Hi;
        Near([expected], [actual], 1e-11);
    });

    [Fact]
    public void Random_programs_agree() => Prop.ForAll(Generators.Programs.Arbitrary, program =>
    {
        var x = Variable("x", program.Input.Shape);
        var expected = program.Scalar(program.Input).Value;
        var symbolic = program.Scalar(x);
        if (double.IsFinite(expected) && Math.Abs(expected) < 1e6)
        {
            Near([expected], [symbolic.EvaluateElements(At([x], [program.Input], number => number))[0]], 1e-8);
            if (!symbolic.Nodes().Any(node => node.Primitive is FamilyPrimitive))
            {
                Near([expected], [symbolic.EvaluateElements(At([x], [program.Input], number => (DoubleDouble)number))[0].Hi], 1e-8);
            }
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Loops_and_their_derivatives_run_in_double_doubles()
    {
        var (s, xs) = (Variable("s"), Variable("xs", new Shape(4)));
        Expr Run(Expr state, Expr items) => AD.Fold((carried, x) => (carried * Sin(x)) + x, state, items);
        var f = Run(s, xs);
        var slope = AD.Grad(x => Sum(Run(s, x)))(xs);
        DoubleDouble[] items = [0.3, 0.7, 1.1, 1.6];
        var expected = (DoubleDouble)0.5;
        foreach (var x in items)
        {
            expected = (expected * DoubleDouble.Sin(x)) + x;
        }

        Assert.Equal(expected, f.EvaluateElements((s, [(DoubleDouble)0.5]), (xs, items))[0]);
        var at = slope.EvaluateElements((s, [(DoubleDouble)0.5]), (xs, items));
        for (var i = 0; i < items.Length; i++)
        {
            DoubleDouble Shifted(double step) => f.EvaluateElements((s, [(DoubleDouble)0.5]), (xs, [.. items.Select((x, j) => j == i ? x + step : x)]))[0];
            Near([at[i].Hi], [((Shifted(1e-12) - Shifted(-1e-12)) / 2e-12).Hi], 1e-15);
        }

        var many = AD.While(x => x > 1, x => x / 2, s);
        Assert.Equal(DoubleDouble.Parse("0.625"), many.Evaluate((s, (DoubleDouble)5)));
        Assert.Equal(-3, AD.Cond(s > 0, () => s, () => -3 * s).Evaluate((s, (DoubleDouble)1)) - 4);
    }

    [Fact]
    public void A_root_has_all_digits()
    {
        var a = Variable("a");
        var root = AD.Root(x => (x * x) - a, 1);
        Assert.Equal(DoubleDouble.Sqrt(2), root.Evaluate((a, (DoubleDouble)2)));
        Assert.Equal(0.5 / Math.Sqrt(2), root.Evaluate((a, Dual<double>.Variable(2))).Tangent, 1e-15);
    }

    [Fact]
    public void Linear_algebra_has_all_digits()
    {
        var x = Variable("x", new Shape(3, 3));
        DoubleDouble[] a = [4, 1, 0.3, 1, 3, 0.7, 0.3, 0.7, 2];
        void IsZero(Expr residual) => Assert.All(residual.EvaluateElements((x, a)), element => Assert.InRange(Math.Abs(element.Hi), 0, 1e-30));
        IsZero(MatMul(x, Inverse(x)) - Eye(3));
        IsZero(Inverse(x) * Det(x) - (AD.Grad(Det)(x)));
        IsZero(Exp(LogDet(x)) - Det(x));
        IsZero(MatMul(Cholesky(x), Transpose(Cholesky(x))) - x);
        IsZero(MatMul(Qr(x).Q, Qr(x).R) - x);
        IsZero(MatMul(x, Eigh(x).Vectors) - (Eigh(x).Vectors * Eigh(x).Values));
        IsZero(MatMul(Svd(x).U * Svd(x).S, Svd(x).Vt) - x);
        IsZero(MatMul(Expm(x / 8), Expm(-x / 8)) - Eye(3));
        IsZero(MatMul(Transpose(PolarFactor(x)), PolarFactor(x)) - Eye(3));
    }

    [Fact]
    public void What_only_doubles_have_is_an_error()
    {
        var x = Variable("x");
        var softsign = Primitive.Define("softsign", v => v / (1 + Math.Abs(v)), (v, y) => Pow(1 - Abs(y), 2));
        Assert.Equal(0.5, softsign(x).Evaluate((x, 1.0)));
        var error = Assert.Throws<AutodiffException>(() => softsign(x).Evaluate((x, (DoubleDouble)1)));
        Assert.Equal("Evaluate: softsign is computed with doubles alone, not with DoubleDouble numbers.", error.Message);
    }

    private static readonly Dictionary<string, (Func<Expr[], Expr> Function, double[] Point)> s_ofDoubles = new()
    {
        ["BesselY"] = (x => BesselY(2, x[0]), [1.7]),
        ["BesselI"] = (x => BesselI(0.7, x[0]), [1.7]),
        ["BesselIScaled"] = (x => BesselIScaled(0.7, x[0]), [1.7]),
        ["BesselK"] = (x => BesselK(0.7, x[0]), [1.7]),
        ["BesselKScaled"] = (x => BesselKScaled(0.7, x[0]), [1.7]),
        ["Zeta"] = (x => Zeta(x[0], x[1]), [2.5, 0.8]),
        ["Binomial"] = (x => Binomial(x[0], x[1]), [5.3, 2.2]),
        ["BetaInc"] = (x => BetaInc(x[0], x[1], x[2]), [1.7, 2.6, 0.4]),
        ["a primitive of the user's"] = (x => Primitive.Define("ratio", (a, b) => a / (1 + (b * b)), (a, b, y) => (1 / (1 + (b * b)), -2 * b * y / (1 + (b * b))))(x[0], x[1]), [0.7, 1.3]),
    };

    public static TheoryData<string> OfDoubles => [.. s_ofDoubles.Keys];

    [Theory]
    [MemberData(nameof(OfDoubles))]
    public void Functions_of_doubles_have_tangents_of_every_order(string name)
    {
        var (f, point) = s_ofDoubles[name];
        Expr[] variables = [.. point.Select((_, k) => Variable($"x{k}"))];
        var y = f(variables);
        for (var k = 0; k < point.Length; k++)
        {
            var at = variables.Zip(point, (variable, x) => (variable, (Dual<Dual<double>>)(Dual<double>)x)).ToArray();
            at[k].Item2 = Dual<Dual<double>>.Variable(Dual<double>.Variable(point[k]));
            Func<Expr, Expr> along = x => y.Substitute([.. variables.Select((variable, i) => (variable, i == k ? x : (Expr)point[i]))]);
            var actual = y.Evaluate(at);
            Near([along(point[k]).Value, AD.Grad(along)(point[k]).Value, AD.Grad(AD.Grad(along))(point[k]).Value], [actual.Primal.Primal, actual.Tangent.Primal, actual.Tangent.Tangent], 1e-13);
        }
    }

    private static (Expr Variable, T[] Elements)[] At<T>(Expr[] variables, Expr[] values, Func<double, T> number) =>
        [.. variables.Zip(values, (variable, value) => (variable, Array.ConvertAll(value.ToArray(), x => number(x))))];

    private static void Near(double[] expected, double[] actual, double tolerance)
    {
        Assert.Equal(expected.Length, actual.Length);
        var scale = Math.Max(1, expected.Select(Math.Abs).DefaultIfEmpty().Max());
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(expected[i].Equals(actual[i]) || Math.Abs(expected[i] - actual[i]) <= tolerance * scale, $"element {i}: {actual[i]:r}, not {expected[i]:r}: {Math.Abs(expected[i] - actual[i]) / scale:g2}");
        }
    }
}
