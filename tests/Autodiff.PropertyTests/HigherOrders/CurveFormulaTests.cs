// Functions whose derivatives are endless families, along curves: their series are those of nested derivatives, satisfy the functional equations of
// the functions at high orders, and are the same in every mixture of elements for which the formulas of CurveFormula hold and do not hold.

using System.Numerics;
using Autodiff.Functional.Numerics;
using Autodiff.PropertyTests.Compiling;
using Autodiff.PropertyTests.Generators;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.HigherOrders;

[Properties(MaxTest = 40, QuietOnSuccess = true)]
public class CurveFormulaTests
{
    private static readonly Dictionary<string, Func<Expr, Expr>> s_functions = new()
    {
        ["power"] = x => Pow(x, 2.5),
        ["negative power"] = x => Pow(x, -3),
        ["whole power"] = x => Pow(x, 4),
        ["powers"] = x => Sum(Pow(Stack([x, x, x], -1), new double[] { 3, 0.5, -2 }), -1),
        ["variable power"] = x => Pow(x, x - 0.3),
        ["exponential"] = x => Pow(1.7, x),
        ["log Γ"] = LogGamma,
        ["ψ"] = Digamma,
        ["ψ₂"] = x => Polygamma(2, x),
        ["ψ₃₀"] = x => Polygamma(30, x) / 1e32,
        ["Γ"] = Gamma,
        ["log B, first"] = x => LogBeta(x, 2.5),
        ["log B, second"] = x => LogBeta(0.7, x),
        ["log B"] = x => LogBeta(x, x * x),
        ["B"] = x => Beta(x, 1 + x),
        ["P"] = x => GammaP(2.5, x),
        ["Q"] = x => GammaQ(0.5, x),
        ["erf"] = Erf,
        ["erfc"] = Erfc,
        ["Φ"] = NormalCdf,
    };

    public static TheoryData<string> Names => [.. s_functions.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Coefficients_along_a_curve_are_nested_derivatives(string name) => ForAllCurves(10, curve =>
    {
        Func<Expr, Expr> f = t => s_functions[name](curve.At(t));
        var (series, nested) = (Derivatives(f, 6)(0), f);
        for (var order = 0; order <= 4; order++)
        {
            Agreement.Near(nested(0), series[order], 1e-11);
            var lower = nested;
            nested = x => Jvp(lower)(x, 1).Tangent;
        }
    });

    [Theory, MemberData(nameof(Names))]
    public void Compiled_coefficients_along_a_curve_are_the_coefficients(string name)
    {
        // What is compiled does not know where the formulas hold, so it selects.
        Func<Expr, Expr> coefficients = x => Stack([.. Taylor(t => s_functions[name](t + (0.1 * t * t)), 6)(x)]);
        foreach (var options in Engines.All)
        {
            var compiled = Compile(coefficients, options);
            Assert.All([0.3, 2.1, 17, -0.4, 0], x => Agreement.Near(coefficients(x), compiled(x)));
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void A_coefficient_along_a_curve_has_the_next_one_as_its_derivative(string name)
    {
        Func<int, Func<Expr, Expr>> coefficient = order => x => Taylor(t => Sum(s_functions[name](1.2 + (t * t) + Sin(t))), order)(x)[order];
        Agreement.Near(7 * coefficient(7)(0.4), Grad(coefficient(6))(0.4));
        Agreement.Near(7 * coefficient(7)(0.4), Compile(Grad(coefficient(6)))(0.4));
    }

    [Theory, MemberData(nameof(Names))]
    public void An_element_of_a_tensor_has_the_series_that_it_has_alone(string name)
    {
        // The first ones are in the domains of the formulas, the others are not, some of them in no domain at all.
        double[] all = [0.8, 3.5, 0.2, -0.3, -1.7, 0, -2, 300, 1e-200, 1e100, double.NaN];
        var together = Along(all);
        for (var i = 0; i < all.Length; i++)
        {
            var alone = Along(new[] { all[i] });
            Assert.All(together.Zip(alone), pair => Agreement.Near(pair.Item2, pair.Item1[.., i..(i + 1)]));
        }

        LanguageExt.Seq<Expr> Along(Expr x) => TaylorAlong(v => Reshape(s_functions[name](v + (v * v * 0.01)), [-1, x.Shape.Size]), 6)(x, 0.1 * Ones(x.Shape));
    }

    [Property]
    public Property Series_satisfy_the_functional_equations_at_order_20() => ForAll(Curves(0.1, 20), curve =>
    {
        AreSame(c => LogGamma(c + 1) - LogGamma(c), Log);
        AreSame(c => Digamma(c + 1) - Digamma(c), c => 1 / c);
        AreSame(c => Polygamma(1, c + 1) - Polygamma(1, c), c => -1 / (c * c));
        AreSame(c => LogBeta(c, 1), c => -Log(c));
        AreSame(c => Beta(2, c), c => 1 / (c * (c + 1)));
        AreSame(c => Pow(c, 0.3), c => Exp(0.3 * Log(c)));
        AreSame(c => Pow(c, -2), c => 1 / (c * c));
        AreSame(c => Pow(c, Sin(c)), c => Exp(Sin(c) * Log(c)));
        AreSame(c => GammaQ(1, c), c => Exp(-c));
        AreSame(c => Gamma(c + 1), c => c * Gamma(c));

        void AreSame(Func<Expr, Expr> one, Func<Expr, Expr> other)
        {
            // The coefficients of the terms on both sides grow like powers of 1/radius, or as fast as those of the result if that is faster.
            var (a, b) = (Taylor(t => one(curve.At(t)), 20)(0), Taylor(t => other(curve.At(t)), 20)(0));
            var size = Math.Max(1, Math.Abs(b[0].Value));
            var growth = Enumerable.Range(1, 20).Select(k => Math.Pow(Math.Abs(b[k].Value) / size, 1.0 / k)).Append(1 / curve.DistanceToZero).Max();
            for (var k = 0; k <= 20; k++)
            {
                Assert.Equal(b[k].Value, a[k].Value, 1e-11 * size * Math.Pow(growth, k));
            }
        }
    });

    [Fact]
    public void The_exponent_of_a_power_along_a_curve_has_a_derivative()
    {
        // d/db aᵇ = aᵇ log a, in every coefficient.
        Expr Curve(Expr t) => 1.5 + Sin(t);
        Expr Coefficients(Expr b, Expr x) => Stack([.. Taylor(t => Pow(Curve(t), b), 8)(x)]);
        var expected = Stack([.. Taylor(t => Pow(Curve(t), 1.3) * Log(Curve(t)), 8)(0.2)]);
        Func<Expr, Expr, Expr> derivative = (b, x) => Jvp(each => Coefficients(each, x))(b, 1).Tangent;
        Agreement.Near(expected, derivative(1.3, 0.2));
        Agreement.Near(expected, Compile(derivative)(1.3, 0.2));
    }

    [Fact]
    public void A_side_that_is_not_taken_has_no_series()
    {
        Expr x = new double[] { -0.5, 0.5, -3, 0 };
        var series = TaylorAlong(v => Where(v > 0, LogGamma(v * v) + Pow(v + (v * v), 0.5), 0), 8)(x, Ones(4));
        var alone = Taylor(v => LogGamma(v * v) + Pow(v + (v * v), 0.5), 8)(0.5);
        Assert.All(series.Zip(alone), pair => Agreement.Near(Stack([0, pair.Item2, 0, 0]), pair.Item1));
    }

    [Property]
    public Property The_powers_in_a_polygamma_function_add_up_to_it() =>
        ForAll(from n in Gen.Choose(1, 20) from x in Gen.Choose(1, 50_000) select (n, x: x / 1e3), sample =>
        {
            var (shifts, exponents, weights) = ScalarFunctions.PolygammaPowers(sample.n, 16 + sample.n);
            var sum = weights.Select((weight, i) => weight * Math.Pow(sample.x + shifts[i], exponents[i])).Sum();
            Assert.Equal(1, sum / ScalarFunctions.Polygamma(sample.n, sample.x), 1e-13);
        });

    private static void ForAllCurves(int count, Action<Curve> assert)
    {
        ForAll(Gen.OneOf(Curves(0.1, 8), Curves(-2.9, -0.1).Where(curve => Math.Abs(curve.Start - Math.Round(curve.Start)) > 0.1)), assert)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(count).WithQuietOnSuccess(true));
    }

    private static Property ForAll<T>(Gen<T> samples, Action<T> assert) => Prop.ForAll(samples.ToArbitrary(), assert);

    private static Gen<Curve> Curves(double lowest, double highest) =>
        from start in Gen.Choose(0, 1000)
        from slope in Gen.Choose(-10, 10)
        from bend in Gen.Choose(-10, 10)
        select new Curve(lowest + ((highest - lowest) * start / 1000), slope / 10.0, bend / 10.0);

    private sealed record Curve(double Start, double Slope, double Bend)
    {
        /// <summary>The distance from 0 to the nearest zero in the complex plane.</summary>
        public double DistanceToZero
        {
            get
            {
                var root = Complex.Sqrt((Slope * Slope) - (4 * Bend * Start));
                return 2 * Math.Abs(Start) / Math.Max(Complex.Abs(Slope + root), Complex.Abs(Slope - root));
            }
        }

        public Expr At(Expr t) => Start + (Slope * t) + (Bend * t * t);
    }
}
