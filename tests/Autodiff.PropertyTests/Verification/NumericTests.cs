// Finite differences, checked against closed forms: they are what every rule is checked against.

using Autodiff.Functional.Verification;
using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Verification;

public class NumericTests
{
    private static readonly Expr Point = new double[] { 0.3, 2, -1 };

    // f, and its derivatives 1 to 4 in closed form.
    private static readonly Dictionary<string, (Func<Expr, Expr> Function, Func<double, int, double> Derivative)> Smooth = new()
    {
        ["sin"] = (Sin, (x, n) => Math.Sin(x + (n * Math.PI / 2))),
        ["exp"] = (Exp, (x, _) => Math.Exp(x)),
        ["1/x"] = (x => 1 / x, (x, n) => Enumerable.Range(1, n).Aggregate(1 / x, (value, k) => -value * k / x)),
        ["log"] = (Log, (x, n) => Enumerable.Range(1, n - 1).Aggregate(1 / x, (value, k) => -value * k / x)),
        ["x⁵"] = (x => Pow(x, 5), (x, n) => Enumerable.Range(0, n).Aggregate(1, (value, k) => value * (5 - k)) * Math.Pow(x, 5 - n)),
    };

    public static TheoryData<string> Names => new(Smooth.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Derivatives_1_to_4_of_smooth_functions_have_12_10_8_and_6_digits(string name)
    {
        var (f, derivative) = Smooth[name];
        FsCheck.Check.One(Config.QuickThrowOnFailure, Prop.ForAll(Gen.Choose(10, 4000).Select(k => k / 1000.0).ToArbitrary(), x =>
        {
            for (var order = 1; order <= 4; order++)
            {
                // The scale of the k-th derivative of a function that changes over the length min(1, x).
                var scale = Math.Max(Math.Abs(derivative(x, order)), Math.Abs(f(x).Value) / Math.Pow(Math.Min(1, x), order));
                Assert.Equal(derivative(x, order), Numeric.Diff(f, order)(x).Value, Math.Pow(10, -14 + (2 * order)) * scale);
            }
        }));
    }

    [Fact]
    public void Polynomials_are_differentiated_exactly_but_for_rounding() => FsCheck.Check.One(
        Config.QuickThrowOnFailure,
        Prop.ForAll(Gen.Choose(-9, 9).ArrayOf(5).Zip(Gen.Choose(-300, 300)).ToArbitrary(), drawn =>
        {
            var (c, x) = (drawn.Item1, drawn.Item2 / 100.0);
            Func<Expr, Expr> f = v => c.Reverse().Aggregate((Expr)0, (sum, coefficient) => (sum * v) + coefficient);
            var size = c.Select((coefficient, k) => Math.Abs(coefficient) * Math.Pow(1 + Math.Abs(x), k)).Sum();
            Assert.Equal(c[1] + (2 * c[2] * x) + (3 * c[3] * x * x) + (4 * c[4] * x * x * x), Numeric.Diff(f)(x).Value, 1e-13 * size);
            Assert.Equal((2 * c[2]) + (6 * c[3] * x) + (12 * c[4] * x * x), Numeric.Diff(f, 2)(x).Value, 1e-11 * size);
            Assert.Equal((6 * c[3]) + (24 * c[4] * x), Numeric.Diff(f, 3)(x).Value, 1e-9 * size);
        }));

    [Fact]
    public void Error_estimates_bound_the_errors() => FsCheck.Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(300),
        Prop.ForAll(Gen.Elements(Smooth.Keys.ToArray()).Zip(Gen.Choose(10, 4000)).ToArbitrary(), drawn =>
        {
            var ((f, derivative), x) = (Smooth[drawn.Item1], drawn.Item2 / 1000.0);
            var estimate = new FiniteDifferences("estimate", v => f(v[0]), x).Along([1], 1)[0];
            Assert.Equal(derivative(x, 1), estimate.Value, 10 * estimate.Error);
            Assert.True(estimate.Error < 1e-9 * Math.Max(1, Math.Abs(f(x).Value)) / Math.Min(1, x));
        }));

    [Fact]
    public void A_function_that_changes_fast_or_oscillates_is_resolved()
    {
        Assert.Equal(0, Numeric.Diff(x => Exp(-1e6 * x * x))(0.0).Value, 1e-6);
        Assert.Equal(-2e2 * Math.Exp(-0.01), Numeric.Diff(x => Exp(-1e6 * x * x))(1e-4).Value, 1e-8);
        Assert.Equal(2 * Math.PI, Numeric.Diff(x => Sin(2 * Math.PI * x))(0.0).Value, 1e-11);
        Assert.Equal(-4 * Math.PI * Math.PI, Numeric.Diff(x => Cos(2 * Math.PI * x), 2)(0.0).Value, 1e-8);
        Assert.Equal(Math.Cos(1000), Numeric.Diff(Sin)(1000.0).Value, 1e-9);
        Assert.Equal(-1e120, Numeric.Diff(x => 1 / x)(1e-60).Value, 1e108);
        Assert.Equal(1, Numeric.Diff(Relu)(1e-3).Value, 1e-12);
    }

    [Fact]
    public void Elements_of_a_result_are_extrapolated_each_on_its_own_from_shared_evaluations()
    {
        var calls = 0;
        var jacobian = Numeric.Jacobian(x =>
        {
            calls++;
            return Stack([Exp(x), 1e8 * Sin(x), Log(x), Sin(50 * x)]);
        })(0.5).ToArray();
        Assert.Equal(Math.Exp(0.5), jacobian[0], 1e-12);
        Assert.Equal(1e8 * Math.Cos(0.5), jacobian[1], 1e-4);
        Assert.Equal(2, jacobian[2], 1e-11);
        Assert.Equal(50 * Math.Cos(25), jacobian[3], 1e-9);
        Assert.InRange(calls, 3, 95);
    }

    [Fact]
    public void At_the_edge_of_a_domain_one_sided_differences_are_taken()
    {
        // Defined for x ≥ 0 only.
        Assert.Equal(1, Numeric.Diff(x => Sin(x) + (0 * Sqrt(x)))(0.0).Value, 1e-8);
        Assert.Equal(-1, Numeric.Diff(x => Cos(x) + (0 * Sqrt(x)), 2)(0.0).Value, 1e-4);

        // Defined for x ≤ 0 only.
        Assert.Equal(1, Numeric.Diff(x => Exp(x) + (0 * Sqrt(-x)))(0.0).Value, 1e-8);
    }

    [Fact]
    public void Where_the_function_is_not_finite_the_derivative_is_NaN()
    {
        Assert.True(double.IsNaN(Numeric.Diff(Log)(-1.0).Value));
        Assert.True(double.IsNaN(Numeric.Diff(x => Sin(x) / x)(0.0).Value));

        // One element of a result does not spoil another.
        Expr both = Numeric.Diff(x => Stack([Log(x - 2), Sin(x)]))(1.0);
        Assert.True(double.IsNaN(both[0].Value));
        Assert.Equal(Math.Cos(1), both[1].Value, 1e-12);
    }

    [Fact]
    public void Gradients_are_those_of_the_closed_forms()
    {
        var (x, y, z, w) = (Point, (Expr)new double[] { 1, -2, 0.5 }, (Expr)1.5, (Expr)(-0.7));
        var (gx, gy) = Numeric.Grad((a, b) => Sum(a * b))(x, y);
        AssertClose(y, gx, 1e-12);
        AssertClose(x, gy, 1e-12);
        var (hx, hy, hz) = Numeric.Grad((a, b, c) => c * Sum(a * b))(x, y, z);
        AssertClose(z * y, hx, 1e-12);
        AssertClose(z * x, hy, 1e-12);
        AssertClose(Dot(x, y), hz, 1e-12);
        var (kx, ky, kz, kw) = Numeric.Grad((a, b, c, d) => c * d * Sum(a * b))(x, y, z, w);
        AssertClose(z * w * y, kx, 1e-12);
        AssertClose(z * w * x, ky, 1e-12);
        AssertClose(w * Dot(x, y), kz, 1e-12);
        AssertClose(z * Dot(x, y), kw, 1e-12);
    }

    [Fact]
    public void Jacobians_have_output_shape_then_input_shape()
    {
        // ∂(xᵢ yⱼ)/∂xₖ = δᵢₖ yⱼ.
        Expr y = new double[] { 5, -4 };
        var jacobian = Numeric.Jacobian(x => Outer(x, y))(Point);
        Assert.Equal(new Shape(3, 2, 3), jacobian.Shape);
        AssertClose(Einsum("ik,j->ijk", Eye(3), y), jacobian, 1e-12);
        Assert.Equal(Shape.Scalar, Numeric.Jacobian(Sin)(1.0).Shape);
        Assert.Equal(new Shape(3, 0), Numeric.Jacobian(_ => Point)(Zeros(0)).Shape);
    }

    [Fact]
    public void Hessians_are_those_of_the_closed_form()
    {
        // The Hessian of ½ xᵀA x is (A + Aᵀ)/2; that of Π xᵢ holds the products of the others.
        var a = Constant([2, -1, 0.5, 3, 1, -4, 0, 7, 2], new Shape(3, 3));
        AssertClose((a + Transpose(a)) / 2, Numeric.Hessian(x => Dot(x, MatMul(a, x)) / 2)(Point), 1e-10);
        var (p, q, r) = (0.3, 2.0, -1.0);
        AssertClose(new double[,] { { 0, r, q }, { r, 0, p }, { q, p, 0 } }, Numeric.Hessian(x => Prod(x))(Point), 1e-10);
        Assert.Equal(new Shape(2, 2, 2, 2), Numeric.Hessian(x => Sum(x * x))(Eye(2)).Shape);
        Assert.Equal(-Math.Sin(1), Numeric.Hessian(Sin)(1.0).Value, 1e-10);
    }

    [Fact]
    public void Tangents_are_along_the_direction_whatever_its_length()
    {
        foreach (var length in new[] { 1e-6, 1, 1e6 })
        {
            Expr v = new[] { length, -2 * length, 0 };
            var (value, tangent) = Numeric.Jvp(x => Sin(x) * x[2])(Point, v);
            AssertClose(Sin(Point) * Point[2], value, 0);
            AssertClose(Cos(Point) * Point[2] * v, tangent, 1e-11 * length);
        }

        AssertClose(Zeros(3), Numeric.Jvp(Sin)(Point, Zeros(3)).Tangent, 0);
        var (_, both) = Numeric.Jvp((x, y) => x * y)(Point, Point, Ones(3), 2 * Ones(3));
        AssertClose(3 * Point, both, 1e-12);
    }

    [Fact]
    public void Order_0_is_the_function() => Assert.Equal(Math.Sin(1), Numeric.Diff(Sin, 0)(1.0).Value);

    [Fact]
    public void Results_are_constants()
    {
        var derivative = AD.Grad(x => Numeric.Diff(y => x * y)(1.0));
        Assert.Equal(0, derivative(3.0).Value);
    }

    [Fact]
    public void Null_is_refused()
    {
        Assert.Throws<AutodiffException>(() => Numeric.Grad((Func<Expr, Expr>)null!));
        Assert.Throws<AutodiffException>(() => Numeric.Grad((Func<Expr, Expr, Expr>)null!));
        Assert.Throws<AutodiffException>(() => Numeric.Grad((Func<Expr, Expr, Expr, Expr>)null!));
        Assert.Throws<AutodiffException>(() => Numeric.Grad((Func<Expr, Expr, Expr, Expr, Expr>)null!));
        Assert.Throws<AutodiffException>(() => Numeric.Jacobian((Func<Expr, Expr>)null!));
        Assert.Throws<AutodiffException>(() => Numeric.Jacobian((Func<Expr, Expr, Expr, Expr, Expr>)null!));
        Assert.Throws<AutodiffException>(() => Numeric.Jacobian((Func<Expr[], Expr>)null!));
        Assert.Throws<AutodiffException>(() => Numeric.Grad((Func<Expr[], Expr>)null!));
        Assert.Throws<AutodiffException>(() => Numeric.Jacobian((x, y) => x)(1, null!));
        Assert.Throws<AutodiffException>(() => Numeric.Hessian(null!));
        Assert.Throws<AutodiffException>(() => Numeric.Jvp((Func<Expr, Expr>)null!));
        Assert.Throws<AutodiffException>(() => Numeric.Jvp((Func<Expr, Expr, Expr>)null!));
        Assert.Throws<AutodiffException>(() => Numeric.Diff(null!));
        Assert.Throws<AutodiffException>(() => Numeric.Diff(null!, 2));
        Assert.Throws<AutodiffException>(() => Numeric.Grad(Sin)(null!));
        Assert.Throws<AutodiffException>(() => Numeric.Hessian(Sin)(null!));
        Assert.Throws<AutodiffException>(() => Numeric.Diff(Sin)(null!));
        Assert.Throws<AutodiffException>(() => Numeric.Jvp(Sin)(1.0, null!));
        Assert.Contains("result", Assert.Throws<AutodiffException>(() => Numeric.Grad(_ => null!)(1.0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Symbolic_arguments_and_results_are_refused()
    {
        var x = Variable("x");
        Assert.Throws<NotConcreteException>(() => Numeric.Grad(Sin)(x));
        Assert.Throws<NotConcreteException>(() => Numeric.Diff(Sin)(x));
        Assert.Throws<NotConcreteException>(() => Numeric.Jvp(Sin)(1.0, x));
        Assert.Contains("closes over", Assert.Throws<NotConcreteException>(() => Numeric.Grad(y => x * y)(1.0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused_and_the_message_says_what_would()
    {
        Assert.Contains("Numeric.Jacobian", Assert.Throws<ShapeException>(() => Numeric.Grad(x => x)(Point)).Message, StringComparison.Ordinal);
        Assert.Contains("Numeric.Jacobian", Assert.Throws<ShapeException>(() => Numeric.Hessian(x => x)(Point)).Message, StringComparison.Ordinal);
        Assert.Contains("Numeric.Grad", Assert.Throws<ShapeException>(() => Numeric.Diff(x => x)(Point)).Message, StringComparison.Ordinal);
        Assert.Contains("(3)", Assert.Throws<ShapeException>(() => Numeric.Jvp(x => x)(Point, 1.0)).Message, StringComparison.Ordinal);
        Assert.Contains("negative", Assert.Throws<AutodiffException>(() => Numeric.Diff(Sin, -1)).Message, StringComparison.Ordinal);
        Assert.Contains("near it", Assert.Throws<ShapeException>(() => Numeric.Jacobian(x => x.Value > 1 ? Point : x)(1.0)).Message, StringComparison.Ordinal);
    }

    private static void AssertClose(Expr expected, Expr found, double tolerance)
    {
        Assert.Equal(expected.Shape, found.Shape);
        var (left, right) = (expected.ToArray(), found.ToArray());
        for (var i = 0; i < left.Length; i++)
        {
            Assert.Equal(left[i], right[i], tolerance);
        }
    }

    [Fact]
    public void Steps_next_to_a_denormal_argument_have_an_end()
    {
        // A step by a part of 5e-324 is 0, and no smaller one follows it.
        Expr x = new[] { double.PositiveInfinity, double.Epsilon };

        Generators.Watchdog.Watch(dog => dog.Call(() => "Numeric.Grad", () => Assert.All(Numeric.Grad(v => Sum(v * v))(x).ToArray(), slope => Assert.True(double.IsNaN(slope)))));
    }
}
