// A change of units is a law: what a matrix has in one unit it has in another, multiplied by a power of two. So it is for one unit of all
// elements, and where rows and columns have units of their own.

using Autodiff.PropertyTests.Generators;
using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;
using static Autodiff.PropertyTests.LinearAlgebra.Scaling;

namespace Autodiff.PropertyTests.LinearAlgebra;

public class UnitsTests
{
    private static readonly int[] s_exponents = [900, -900, 1018, -1000];

    // Two right-hand sides have the units of the rows alone.
    private static readonly int[] s_none = [0, 0];

    /// <summary>Functions of a rectangle, and the power that they have of its unit.</summary>
    private static readonly Dictionary<string, (Func<Expr, Expr> F, double Power)> s_ofRectangles = new()
    {
        ["Svd.U"] = (x => Svd(x).U, 0),
        ["Svd.S"] = (x => Svd(x).S, 1),
        ["Svd.Vt"] = (x => Svd(x).Vt, 0),
        ["Qr.Q"] = (x => Qr(x).Q, 0),
        ["Qr.R"] = (x => Qr(x).R, 1),
    };

    private static readonly Dictionary<string, (Func<Expr, Expr> F, double Power)> s_ofPositive = new()
    {
        ["Eigh.Values"] = (x => Eigh(x).Values, 1),
        ["Eigh.Vectors"] = (x => Eigh(x).Vectors, 0),
        ["Cholesky"] = (Cholesky, 0.5),
        ["Inverse"] = (Inverse, -1),
        ["Solve"] = (x => Solve(x, Ones(x.Shape[0])), -1),
        ["SolveTriangular"] = (x => SolveTriangular(x, Ones(x.Shape[0], 2), lower: false), -1),
    };

    public static TheoryData<string> OfRectangles => [.. s_ofRectangles.Keys];

    public static TheoryData<string> OfPositive => [.. s_ofPositive.Keys];

    [Theory, MemberData(nameof(OfRectangles))]
    public void A_rectangle_is_factored_alike_in_any_unit(string function) => ForRectangles(a => AssertLaw(s_ofRectangles[function], a));

    [Theory, MemberData(nameof(OfPositive))]
    public void A_positive_matrix_is_treated_alike_in_any_unit(string function) => ForPositive(a => AssertLaw(s_ofPositive[function], a));

    [Theory, MemberData(nameof(OfRectangles))]
    public void Derivatives_of_factors_of_a_rectangle_are_alike_in_any_unit(string function) =>
        ForRectangles(a => AssertLawOfDerivatives(s_ofRectangles[function], a));

    [Theory, MemberData(nameof(OfPositive))]
    public void Derivatives_of_functions_of_a_positive_matrix_are_alike_in_any_unit(string function) =>
        ForPositive(a => AssertLawOfDerivatives(s_ofPositive[function], a));

    [Fact]
    public void Units_of_rows_and_columns_fall_out_of_systems() => ForUnits(6, (a, rows, columns) =>
    {
        var scaled = Times2To(a, rows, columns);
        var side = Tensors.Direction(new Shape(a.Shape[0], 2), 4);
        var tangent = Tensors.Direction(a.Shape, 5);
        var moved = Times2To(tangent, rows, columns);

        Agreement.Near(Solve(a, side), Times2To(Solve(scaled, Times2To(side, rows, s_none)), columns, s_none), 1e-12);
        Agreement.Near(Inverse(a), Times2To(Inverse(scaled), columns, rows), 1e-12);
        Agreement.Near(LogDet(a) + ((rows.Sum() + columns.Sum()) * Math.Log(2)), LogDet(scaled), 1e-12);
        Agreement.Near(Jvp(Inverse)(a, tangent).Tangent, Times2To(Jvp(Inverse)(scaled, moved).Tangent, columns, rows), 1e-11);
        Agreement.Near(Jvp(LogDet)(a, tangent).Tangent, Jvp(LogDet)(scaled, moved).Tangent, 1e-11);
        Agreement.Near(Grad(LogDet)(a), Times2To(Grad(LogDet)(scaled), rows, columns), 1e-11);
        var below = Reshape(Arange(a.Shape[0]), -1, 1) >= Arange(a.Shape[0]);
        var triangle = Where(below, a, 0) + (3 * Eye(a.Shape[0]));
        Agreement.Near(
            SolveTriangular(triangle, side),
            Times2To(SolveTriangular(Times2To(triangle, rows, columns), Times2To(side, rows, s_none)), columns, s_none),
            1e-12);
    });

    [Fact]
    public void Units_of_rows_and_columns_multiply_determinants() => ForUnits(6, (a, rows, columns) =>
    {
        // In these units the determinant is what it was.
        rows[0] -= rows.Sum() + columns.Sum();
        var (scaled, tangent) = (Times2To(a, rows, columns), Tensors.Direction(a.Shape, 5));
        var moved = Times2To(tangent, rows, columns);
        Func<Expr, Expr> slope = x => Jvp(Grad(Det))(x, moved).Tangent;

        Agreement.Near(Det(a), Det(scaled), 1e-13);
        Agreement.Near(Grad(Det)(a), Times2To(Grad(Det)(scaled), rows, columns), 1e-13);
        Agreement.Near(JacobianForward(Det)(a), Times2To(JacobianForward(Det)(scaled), rows, columns), 1e-13);
        Agreement.Near(Grad(Det)(a), Times2To(Compile(Grad(Det))(scaled), rows, columns), 1e-13);
        Agreement.Near(Hvp(Det)(a, tangent), Times2To(Hvp(Det)(scaled, moved), rows, columns), 1e-12);
        Agreement.Near(Hvp(Det)(a, tangent), Times2To(Vmap(slope)(Reshape(scaled, [1, .. a.Shape]))[0], rows, columns), 1e-12);
        Agreement.Near(
            Jvp(x => Jvp(Grad(Det))(x, tangent).Tangent)(a, tangent).Tangent,
            Times2To(Jvp(slope)(scaled, moved).Tangent, rows, columns),
            1e-12);
    });

    [Fact]
    public void Singular_values_and_vectors_of_unequal_columns_are_accurate() => ForUnits(5, (a, _, columns) =>
    {
        var order = columns.OrderDescending().ToArray();
        for (var i = 1; i < order.Length; i++)
        {
            // So far apart that the columns' own parts decide: the values are the diagonal of R.
            order[i] = Math.Min(order[i], order[i - 1] - 60);
        }

        var scaled = Times2To(a, new int[order.Length], order);
        var expected = Times2To(Abs(Diag(Qr(a).R)), order);
        Agreement.Near(Ones(expected.Shape[0]), Svd(scaled).S / expected, 1e-13);
        Agreement.Near(Ones(expected.Shape[0]), Svd(Transpose(scaled)).S / expected, 1e-13);
        var squares = Times2To(Flip(Pow(Diag(Qr(a).R), 2)), [.. Halved(order).Reverse().Select(exponent => 2 * exponent)]);
        Agreement.Near(Ones(expected.Shape[0]), Eigh(Times2To(MatMul(Transpose(a), a), Halved(order), Halved(order))).Values / squares, 1e-11);
    });

    [Fact]
    public void Elements_at_the_ends_of_the_range_are_numbers_like_others()
    {
        var (tiny, huge) = (double.Epsilon, double.MaxValue);
        Expr small = new double[,] { { 3 * tiny, 0 }, { 0, 4 * tiny } };
        Expr large = new double[,] { { huge, huge / 2 }, { huge / 2, huge } };

        Assert.Equal([4 * tiny, 3 * tiny], Svd(small).S.ToArray());
        Assert.Equal([3 * tiny, 4 * tiny], Eigh(small).Values.ToArray());
        Assert.Equal([3 * tiny, 0, 0, 4 * tiny], Qr(small).R.ToArray());
        Assert.Equal([1, 0, 0, 1], Qr(small).Q.ToArray());
        Agreement.Near(new double[] { 0.5, double.PositiveInfinity }, Eigh(large).Values / huge, 1e-15);
        Agreement.Near(Stack([0.125, 0.375]), Eigh(large / 4).Values / huge, 1e-15);
        Agreement.Near(new double[] { 2.0 / 3, 2.0 / 3 }, Solve(large, Stack([huge, huge])), 1e-15);
        Agreement.Near(new double[,] { { 1, 0 }, { 0.5, Math.Sqrt(0.75) } }, Cholesky(large) / Math.Sqrt(huge), 1e-15);
        Assert.Equal([1e300, 1e-300], Svd(new double[,] { { 0, 1e300 }, { -1e-300, 0 } }).S.ToArray());
        Assert.Equal([-1e-300, 1e300], Eigh(new double[,] { { 1e300, 0 }, { 0, -1e-300 } }).Values.ToArray());
        var pivots = Diag(Stack([1e200, 1e200, 1e-300, 1e-100]));
        Agreement.Near(1, Det(pivots), 1e-15);
        Agreement.Near(0, LogDet(pivots), 1e-13);
    }

    [Fact]
    public void Small_and_large_matrices_have_their_exact_numbers()
    {
        Expr a = new double[,] { { 1, 2 }, { 3, 5 } };
        double[] values = [6.2429433838655341, 0.16018085356731469];
        foreach (var unit in new[] { 1e-17, 1e-300, 1e155, 1e300 })
        {
            Agreement.Near(values, Svd(unit * a).S / unit, 1e-14);
            Agreement.Near(new double[,] { { 5, -3 }, { -2, 1 } }, Grad(Det)(unit * a) / unit, 1e-14);
            Agreement.Near(new double[] { -0.40312423743284868, 12.403124237432849 }, Eigh(unit * (a + Transpose(a))).Values / unit, 1e-14);
            Agreement.Near(new double[,] { { Math.Sqrt(10), 17 / Math.Sqrt(10) }, { 0, 1 / Math.Sqrt(10) } }, Qr(unit * a).R / unit, 1e-14);
        }

        Expr unequal = new double[,] { { 1, 2, 3 }, { 2e-12, 5e-12, -1e-12 }, { 1, -1, 4 } };
        Expr cofactors = new double[,] { { 19e-12, -9e-12, -7e-12 }, { -11, 1, 3 }, { -17e-12, 7e-12, 1e-12 } };
        Agreement.Near(Ones(3, 3), Grad(Det)(unequal) / cofactors, 1e-14);
    }

    [Fact]
    public void Rows_and_columns_of_zeros_do_no_harm()
    {
        Expr a = new double[,] { { 0, 0, 0 }, { 0, 1e300, 2e-300 }, { 0, 3e300, 4e-300 } };

        Assert.Equal(0, Det(a).Value);
        Agreement.Near(-2 * Eye(3)[0], Grad(Det)(a)[0], 1e-14);
        Assert.Equal(0, Svd(a).S[2].Value);
        AssertOrthonormal(Svd(a).U, Svd(a).Vt);
        foreach (var shape in new[] { new Shape(3, 3), new Shape(4, 2), new Shape(2, 4) })
        {
            var (u, s, vt) = Svd(Zeros(shape));
            AssertOrthonormal(u, vt);
            Assert.All(s.ToArray(), value => Assert.Equal(0, value));
            Agreement.Near(Eye(2), MatMul(Transpose(Qr(Zeros(shape)).Q), Qr(Zeros(shape)).Q)[..2, ..2], 0);
        }
    }

    [Fact]
    public void Elements_of_any_sizes_side_by_side_give_numbers_and_no_foreign_error() => Prop.ForAll(
        (from rows in Gen.Choose(1, 5)
         from columns in Gen.Choose(1, 5)
         from pool in Gen.Elements(0, double.Epsilon, -3e-310, 1e-160, -1.0, 0.7, 1e160, -1e300, double.MaxValue).ArrayOf(3)
         from elements in Gen.Elements([.. pool, 0, 0.3 * pool[0]]).ArrayOf(rows * columns)
         select Constant(elements, new Shape(rows, columns))).ToArbitrary(),
        a =>
        {
            var n = Math.Min(a.Shape[0], a.Shape[1]);
            var ((u, s, vt), (values, vectors), square) = (Svd(a), Eigh(a[..n, ..n]), a[..n, ..n]);
            AssertOrthonormal(u, vt);
            AssertOrthonormal(vectors, Transpose(vectors));
            AssertOrthonormal(Qr(a).Q, Eye(n));
            Func<Expr>[] others = [() => s, () => values, () => Det(square), () => LogDet(square), () => Grad(Det)(square), () => Hvp(Det)(square, square), () => Expm(square), () => Jvp(Expm)(square, Ones(n, n)).Tangent, () => Inverse(square), () => Solve(square, Ones(n)), () => Cholesky(square)];
            foreach (var other in others)
            {
                try
                {
                    // Where some of a result is beyond the largest number, the rest may be a difference of what is.
                    var elements = other().ToArray();
                    Assert.True(elements.Any(double.IsInfinity) || !elements.Any(double.IsNaN));
                }
                catch (AutodiffException)
                {
                    // Singular, or not positive definite.
                }
            }
        }).Check(Config.QuickThrowOnFailure);

    [Theory, InlineData(40), InlineData(90)]
    public void Large_graded_and_ill_conditioned_matrices_are_factored(int n)
    {
        Expr row = Reshape(Arange(n), n, 1);
        var noise = Tensors.Direction(new Shape(n, n), 1);
        Expr[] matrices =
        [
            1 / (row + Arange(n) + 1), Where(row <= Arange(n), Where(Eye(n), 1, -0.9), 0) * Pow(0.4, row), Eye(n) + Where(Eq(row + 1, Arange(n)), 1, 0),
            noise, noise * Pow(1e-7, row), noise * Pow(1e-3, row) * Pow(1e2, Arange(n)), Ones(n, n), Outer(noise[0], noise[1]), Eye(n) + (1e-14 * noise),
        ];
        foreach (var a in matrices)
        {
            var size = MaxOf(Abs(a));
            var ((u, s, vt), (q, r), (values, vectors)) = (Svd(a), Qr(a), Eigh(a));
            Agreement.Near(a / size, MatMul(u * (s / size), vt), 1e-12);
            Agreement.Near(a / size, MatMul(q, r / size), 1e-12);
            Agreement.Near((a + Transpose(a)) / size / 2, MatMul(vectors * (values / size), Transpose(vectors)), 1e-12);
            AssertOrthonormal(u, vt);
            AssertOrthonormal(q, Transpose(vectors));
        }
    }

    private static int[] Halved(int[] exponents) => Array.ConvertAll(exponents, exponent => exponent / 2);

    private static void AssertOrthonormal(Expr columns, Expr rows)
    {
        Agreement.Near(Eye(columns.Shape[1]), MatMul(Transpose(columns), columns), 1e-12);
        Agreement.Near(Eye(rows.Shape[0]), MatMul(rows, Transpose(rows)), 1e-12);
    }

    private static void AssertLaw((Func<Expr, Expr> F, double Power) law, Expr a)
    {
        foreach (var exponent in s_exponents.Where(exponent => Math.Abs(law.Power * exponent) <= 1018))
        {
            var expected = law.F(a);
            Agreement.Near(expected, Times2To(law.F(Times2To(a, exponent)), -(int)(law.Power * exponent)), 1e-13);
            Agreement.Near(expected, Times2To(Compile(law.F)(Times2To(a, exponent)), -(int)(law.Power * exponent)), 1e-13);
            Agreement.Near(expected, Times2To(Vmap(law.F)(Stack([a, Times2To(a, exponent)]))[1], -(int)(law.Power * exponent)), 1e-13);
        }
    }

    /// <summary>Of first order, by units of the result over those of the matrix; of second order, where the directions move in its units.</summary>
    private static void AssertLawOfDerivatives((Func<Expr, Expr> F, double Power) law, Expr a)
    {
        var tangent = Tensors.Direction(a.Shape, 3);
        var weights = Tensors.Direction(law.F(a).Shape, 2);
        Func<Expr, Expr> weighted = x => Sum(weights * law.F(x));
        foreach (var exponent in new[] { 450, -450, 900, -900 })
        {
            var (scaled, moved, back) = (Times2To(a, exponent), Times2To(tangent, exponent), -(int)(law.Power * exponent));
            Agreement.Near(Jvp(law.F)(a, tangent).Tangent, Times2To(Jvp(law.F)(scaled, moved).Tangent, back), 1e-12);
            Agreement.Near(Jvp(law.F)(a, tangent).Tangent, Times2To(Compile((x, t) => Jvp(law.F)(x, t).Tangent)(scaled, moved), back), 1e-12);
            if (Math.Abs((law.Power - 1) * exponent) < 1000)
            {
                Agreement.Near(Grad(weighted)(a), Times2To(Grad(weighted)(scaled), back + exponent), 1e-12);
                Agreement.Near(JacobianForward(weighted)(a), Times2To(JacobianForward(weighted)(scaled), back + exponent), 1e-12);
                Agreement.Near(Hvp(weighted)(a, tangent), Times2To(Hvp(weighted)(scaled, moved), back + exponent), 1e-10);
            }
        }
    }

    private static void ForRectangles(Action<Expr> law) => Prop.ForAll(
        (from rows in Gen.Choose(1, 4) from columns in Gen.Choose(1, 4) from a in Matrices.Of(Shape.Scalar, rows, columns) select a).ToArbitrary(),
        law).Check(Config.QuickThrowOnFailure.WithMaxTest(10));

    private static void ForPositive(Action<Expr> law) => Prop.ForAll(
        (from n in Gen.Choose(1, 4) from a in Matrices.Positive(Shape.Scalar, n) select a).ToArbitrary(),
        law).Check(Config.QuickThrowOnFailure.WithMaxTest(10));

    private static void ForUnits(int largest, Action<Expr, int[], int[]> law) => Prop.ForAll(
        (from n in Gen.Choose(1, largest)
         from a in Matrices.Of(Shape.Scalar, n, n)
         from rows in Gen.Choose(-150, 150).ArrayOf(n)
         from columns in Gen.Choose(-150, 150).ArrayOf(n)
         select (a, rows, columns)).ToArbitrary(),
        x => law(x.a, x.rows, x.columns)).Check(Config.QuickThrowOnFailure.WithMaxTest(30));
}
