// Exponentials of matrices far from normal, and their derivatives, against exponential.csv, which make_exponential.py beside it
// computes with an arbitrary-precision library; and the laws that hold at any scale.

using System.Globalization;
using Autodiff.PropertyTests.Generators;
using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.LinearAlgebra;

public class ExponentialTests
{
    private static readonly Dictionary<string, Case> s_cases = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "LinearAlgebra", "exponential.csv"))
        .Select(line => line.Split(','))
        .ToDictionary(fields => fields[0], fields => new Case([.. fields[2..].Select(field => Read(field, int.Parse(fields[1], CultureInfo.InvariantCulture)))]));

    public static TheoryData<string> Names => [.. s_cases.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Each_element_is_right_to_its_own_size(string name)
    {
        var (a, _, value, _, _) = s_cases[name];

        AssertElements(value, Expm(a), 2e-13);
        AssertElements(Transpose(value), Expm(Transpose(a)), 2e-13);
        AssertElements(value, Compile(Expm)(a), 2e-13);
        AssertElements(Stack([value, Eye(a.Shape[0])]), Vmap(Expm)(Stack([a, 0 * a])), 2e-13);
    }

    [Theory, MemberData(nameof(Names))]
    public void Each_element_of_the_derivatives_is_right_to_its_own_size(string name)
    {
        var (a, e, _, first, second) = s_cases[name];
        Func<Expr, Expr> along = x => Jvp(Expm)(x, e).Tangent;
        Func<Expr, Expr> twice = x => Jvp(along)(x, e).Tangent;

        AssertElements(first, along(a), 1e-12);
        AssertElements(first, Vjp(Expm)(Transpose(a)).Pullback(e), 1e-12);
        AssertElements(first, Compile(along)(a), 1e-12);
        AssertElements(Stack([first, e]), Vmap(along)(Stack([a, 0 * a])), 1e-12);
        AssertElements(second, twice(a), 1e-11);
        AssertElements(second, Compile(twice)(a), 1e-11);

        // The inner product of Y and the derivative along E at A has, as a gradient, the second derivative at Aᵀ along Y and Eᵀ.
        AssertElements(second, Grad(x => Sum(e * Jvp(Expm)(x, Transpose(e)).Tangent))(Transpose(a)), 1e-11);
    }

    [Fact]
    public void A_triangle_keeps_its_zeros_and_has_its_eigenvalues_exponentials() => ForAll(Matrices.Any(4), a =>
    {
        Expr below = Reshape(Arange(4), 4, 1) > Arange(4);
        var upper = Where(below, 0, a * Exp(2 * Transpose(a)));
        var result = Expm(upper);
        Expr Mixed(Expr x) => Take(Take(x, [2, 0, 3, 1], 0), [2, 0, 3, 1], 1);

        Assert.All(Where(below, result, 0).ToArray(), element => Assert.Equal(0, element));
        Agreement.Near(Ones(4), Diag(result) / Exp(Diag(upper)), 1e-15);
        AssertElements(Mixed(result), Expm(Mixed(upper)), 1e-12);
    });

    [Fact]
    public void A_defective_matrix_has_its_closed_form() => ForAll(Tensors.Of(new Shape(2)), x =>
    {
        var (eigenvalue, link) = (5 * x[0].Value, Math.Pow(10, 8 * x[1].Value));
        Expr a = new double[,] { { eigenvalue, link }, { 0, eigenvalue } };

        AssertElements(Math.Exp(eigenvalue) * (Expr)new double[,] { { 1, link }, { 0, 1 } }, Expm(a), 1e-15);
        AssertElements(Transpose(Expm(a)), Expm(Transpose(a)), 1e-15);
    });

    [Fact]
    public void Units_of_indices_fall_out() => Prop.ForAll(Matrices.Any(4).ToArbitrary(), Gen.Choose(-300, 300).ArrayOf(4).ToArbitrary(), (a, exponents) =>
    {
        var units = Scaling.Powers(exponents);
        Expr Similar(Expr x) => units[.., ..1] * x / Reshape(units, 1, 4);
        Expr Back(Expr x) => x / units[.., ..1] * Reshape(units, 1, 4);
        var direction = Tensors.Direction(a.Shape, 3);
        Func<Expr, Expr> slope = x => Jvp(Expm)(x, Similar(direction)).Tangent;

        Agreement.Near(Expm(a), Back(Expm(Similar(a))), 1e-13);
        Agreement.Near(Jvp(Expm)(a, direction).Tangent, Back(slope(Similar(a))), 1e-13);
        Agreement.Near(Jvp(x => Jvp(Expm)(x, direction).Tangent)(a, direction).Tangent, Back(Jvp(slope)(Similar(a), Similar(direction)).Tangent), 1e-12);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(20));

    [Fact]
    public void A_direction_of_any_size_has_its_derivative_in_proportion() => ForAll(Matrices.Any(3), a =>
    {
        var direction = Tensors.Direction(a.Shape, 2);
        var slope = Jvp(Expm)(a, direction).Tangent;
        var bend = Jvp(x => Jvp(Expm)(x, direction).Tangent)(a, direction).Tangent;
        foreach (var size in new[] { Math.ScaleB(1, 900), Math.ScaleB(1, -900) })
        {
            Agreement.Near(slope, Jvp(Expm)(a, size * direction).Tangent / size, 1e-13);
            Agreement.Near(slope, Vjp(Expm)(Transpose(a)).Pullback(size * direction) / size, 1e-13);
            Agreement.Near(bend, Jvp(x => Jvp(Expm)(x, size * direction).Tangent)(a, direction / size).Tangent, 1e-13);
        }
    });

    [Fact]
    public void A_small_exponent_gives_what_is_beside_the_identity()
    {
        Expr a = new double[,] { { 0, 1e-300 }, { -3e-200, 0 } };

        AssertElements(new double[,] { { 1, 1e-300 }, { -3e-200, 1 } }, Expm(a), 1e-15);
        AssertElements(2 * a, Jvp(x => Expm(x))(a, 2 * a).Tangent, 1e-15);
    }

    [Fact]
    public void What_leaves_the_range_is_infinite_or_0_and_nothing_else()
    {
        var (inf, tiny) = (double.PositiveInfinity, Math.Exp(-700));
        AssertElements(new double[,] { { inf, 0 }, { 0, tiny } }, Expm(new double[,] { { 2000, 0 }, { 0, -700 } }), 1e-13);
        AssertElements(new double[,] { { inf, inf }, { 0, inf } }, Expm(new double[,] { { 2000, 1 }, { 0, 2000 } }), 1e-13);
        AssertElements(new double[,] { { 1, 1e200, inf }, { 0, 1, 1e200 }, { 0, 0, 1 } }, Expm(new double[,] { { 0, 1e200, 0 }, { 0, 0, 1e200 }, { 0, 0, 0 } }), 1e-13);
        AssertElements(new double[,] { { inf, 1e-300 * Math.Exp(400) * Math.Exp(400) }, { 0, inf } }, Expm(new double[,] { { 800, 1e-300 }, { 0, 800 } }), 1e-13);
        AssertElements(new double[,] { { 1, 0 }, { 0, 0 } }, Expm(new double[,] { { 0, 0 }, { 0, -1e300 } }), 1e-13);
        AssertElements(Zeros(2, 2), Expm(new double[,] { { -1e300, 1e300 }, { 1, -1e300 } }), 1e-13);
    }

    private static Expr Read(string field, int n) =>
        Constant([.. field.Split(';').Select(x => x == "inf" ? double.PositiveInfinity : x == "-inf" ? double.NegativeInfinity : double.Parse(x, CultureInfo.InvariantCulture))], new Shape(n, n));

    private static void AssertElements(Expr expected, Expr actual, double tolerance)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        foreach (var (x, y) in expected.ToArray().Zip(actual.ToArray()))
        {
            Assert.True(x == y || Math.Abs(x - y) <= Math.Max(tolerance * Math.Abs(x), 1e-307), $"expected {x:R}, actual {y:R}, in {actual}");
        }
    }

    private static void ForAll(Gen<Expr> matrices, Action<Expr> law) =>
        Prop.ForAll(matrices.ToArbitrary(), law).Check(Config.QuickThrowOnFailure.WithMaxTest(20));

    private sealed record Case(Expr[] Matrices)
    {
        public void Deconstruct(out Expr a, out Expr e, out Expr value, out Expr first, out Expr second) =>
            (a, e, value, first, second) = (Matrices[0], Matrices[1], Matrices[2], Matrices[3], Matrices[4]);
    }
}
