// Least squares, pseudo-inverses, banded systems, Sylvester equations and LU factors: what defines them, singular matrices, and errors.

using Autodiff.PropertyTests.Generators;
using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;
using static Autodiff.PropertyTests.Generators.Matrices;
using Check = Autodiff.Functional.Check;

namespace Autodiff.PropertyTests.LinearAlgebra;

public class SystemTests
{
    [Fact]
    public void A_solution_of_least_squares_has_a_residual_across_the_columns_and_lies_in_the_rows() => Prop.ForAll(
        (from rows in Gen.Choose(1, 5)
         from columns in Gen.Choose(1, 5)
         from rank in Gen.Choose(0, Math.Min(rows, columns))
         from left in Of(Shape.Scalar, rows, rank)
         from right in Of(Shape.Scalar, rank, columns)
         from b in Tensors.Of(new Shape(rows))
         select (MatMul(left, right), b)).ToArbitrary(),
        pair =>
        {
            var (a, b) = pair;
            var x = Lstsq(a, b);
            Agreement.Near(Zeros(a.Shape[1]), MatMul(Transpose(a), MatMul(a, x) - b), 1e-11);
            Agreement.Near(x, MatMul(PInv(a), b), 1e-11);
            Agreement.Near(x, MatMul(PInv(a), MatMul(a, x)), 1e-11);
            Agreement.Near(a, MatMul(a, MatMul(PInv(a), a)), 1e-11);
            Agreement.Near(PInv(a), MatMul(PInv(a), MatMul(a, PInv(a))), 1e-11);
            Agreement.Near(PInv(Transpose(a)), Transpose(PInv(a)), 1e-11);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Fact]
    public void Least_squares_of_full_rank_have_the_derivatives_of_the_normal_equations()
    {
        Expr a = new double[,] { { 1, 2 }, { 3, -1 }, { 0.5, 4 }, { 2, 2 } }, b = new double[] { 1, -2, 3, 0.5 };
        Func<Expr, Expr> own = x => Sum(Sin(Lstsq(x, b))), normal = x => Sum(Sin(Solve(MatMul(Transpose(x), x), MatMul(Transpose(x), b))));
        Agreement.Near(Grad(normal)(a), Grad(own)(a), 1e-12);
        Agreement.Near(Hessian(normal)(a), Hessian(own)(a), 1e-12);
        Agreement.Near(Diff(t => normal(a * (1 + (t * Sin(a)))), 3)(0), Diff(t => own(a * (1 + (t * Sin(a)))), 3)(0), 1e-11);
        Func<Expr, Expr> wide = x => Sum(Sin(Lstsq(Transpose(x), b[..2]))), least = x => Sum(Sin(MatMul(x, Solve(MatMul(Transpose(x), x), b[..2]))));
        Agreement.Near(Grad(least)(a), Grad(wide)(a), 1e-12);
        Agreement.Near(Hessian(least)(a), Hessian(wide)(a), 1e-12);
    }

    [Fact]
    public void A_product_of_thin_factors_has_the_derivatives_along_which_its_rank_stays() => Prop.ForAll(
        (from left in Of(Shape.Scalar, 4, 2)
         from right in Of(Shape.Scalar, 2, 3)
         from b in Tensors.Of(new Shape(4))
         select (left, right, b)).ToArbitrary(),
        each =>
        {
            var (left, right, b) = each;
            Expr ByFactors(Expr u, Expr v) => MatMul(Transpose(v), MatMul(Inverse(MatMul(v, Transpose(v))), MatMul(Inverse(MatMul(Transpose(u), u)), MatMul(Transpose(u), b))));
            Func<Expr, Expr> own = t => Lstsq(MatMul(left + (t * Sin(left)), right - (t * Cos(right))), b);
            Func<Expr, Expr> expected = t => ByFactors(left + (t * Sin(left)), right - (t * Cos(right)));
            for (var order = 0; order <= 3; order++)
            {
                Agreement.Near(Diff(expected, order)(0), Diff(own, order)(0), 1e-9);
            }

            Agreement.Near(Grad(x => Sum(Sin(ByFactors(x, right))))(left), Grad(x => Sum(Sin(Lstsq(MatMul(x, right), b))))(left), 1e-10);
            Agreement.Near(Hessian(x => Sum(Sin(ByFactors(x, right))))(left), Hessian(x => Sum(Sin(Lstsq(MatMul(x, right), b))))(left), 1e-9);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(10));

    [Fact]
    public void Known_solutions()
    {
        // numpy.linalg.lstsq and pinv.
        Agreement.Near(new double[] { 1, 2 }, Lstsq(Stack([Ones(3), new double[] { 0, 1, 2 }], 1), new double[] { 1, 3, 5 }), 1e-14);
        Agreement.Near(new double[] { 1, 1 }, Lstsq(Ones(1, 2), new double[] { 2 }), 1e-15);
        Agreement.Near(0.25 * Ones(2, 2), PInv(Ones(2, 2)), 1e-15);
        Agreement.Near(Zeros(3, 2), PInv(Zeros(2, 3)), 0);
        Agreement.Near(Zeros(3, 0), PInv(Zeros(0, 3)), 0);
        Agreement.Near(Zeros(2), Lstsq(Zeros(0, 2), Zeros(0)), 0);
        Agreement.Near(new double[,] { { 1e-150 } }, PInv(new double[,] { { 1e150 } }), 0);
        Agreement.Near(double.NaN * Ones(2, 2), PInv(new double[,] { { 1, double.NaN }, { 0, 1 } }), 0);

        // scipy.linalg.solve_banded((1, 2), …), the example of its documentation.
        Expr bands = new double[,] { { 0, 0, -1, -1, -1 }, { 0, 2, 2, 2, 2 }, { 5, 4, 3, 2, 1 }, { 1, 1, 1, 1, 0 } };
        var x = SolveBanded(1, 2, bands, new double[] { 0, 1, 2, 2, 3 });
        Agreement.Near(new double[] { -140.0 / 59, 232.0 / 59, -4, 257.0 / 59, -80.0 / 59 }, x, 1e-14);

        // scipy.linalg.lu.
        var (p, l, u) = Lu(new double[,] { { 2, 5, 8 }, { 4, 2, 2 }, { 1, 0, 6 } });
        Agreement.Near(new double[,] { { 0, 1, 0 }, { 1, 0, 0 }, { 0, 0, 1 } }, p, 0);
        Agreement.Near(new double[,] { { 1, 0, 0 }, { 0.5, 1, 0 }, { 0.25, -0.125, 1 } }, l, 0);
        Agreement.Near(new double[,] { { 4, 2, 2 }, { 0, 4, 7 }, { 0, 0, 6.375 } }, u, 0);
    }

    [Fact]
    public void Banded_systems_take_memory_linear_in_their_size()
    {
        const int n = 100_000;
        var bands = Stack([-Ones(n), 4 + Sin(Arange(n)), -Ones(n)]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var (byBands, byB) = Grad((d, b) => Sum(Sin(SolveBanded(1, 1, d, b))))(bands, Cos(Arange(n)));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 2000L * n);
        Assert.Equal((new Shape(3, n), new Shape(n)), (byBands.Shape, byB.Shape));
        Agreement.Near(new double[] { 0, 0 }, Stack([byBands[0, 0], byBands[2, n - 1]]), 0);
        var x = SolveBanded(1, 1, bands, Cos(Arange(n)));
        Agreement.Near(-byB[1..] * x[..^1], byBands[2, ..^1], 1e-14);
    }

    [Fact]
    public void Elements_outside_the_matrix_are_not_read()
    {
        Expr bands = new double[,] { { double.NaN, -1, -1 }, { 2, 3, 4 }, { 1, 1, double.PositiveInfinity } };
        Func<Expr, Expr> f = d => Sum(Sin(SolveBanded(1, 1, d, new double[] { 1, 2, 3 })));
        var clean = Where(Eq(bands, bands), Where(bands < 1e300, bands, 0), 0);
        Agreement.Near(f(clean), f(bands), 0);
        Agreement.Near(Grad(f)(clean), Grad(f)(bands), 0);
        Agreement.Near(Hessian(f)(clean), Hessian(f)(bands), 0);
        Agreement.Near(double.NaN * Ones(3), SolveBanded(1, 1, new double[,] { { 0, -1, double.NaN }, { 2, 3, 4 }, { 1, 1, 0 } }, Ones(3)), 0);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(2, 0)]
    [InlineData(0, 2)]
    [InlineData(3, 1)]
    [InlineData(6, 7)]
    public void Banded_systems_are_solved_as_whole_ones_in_any_units(int lower, int upper)
    {
        const int n = 6;
        var bands = Sin(Reshape(Arange((lower + upper + 1) * n), lower + upper + 1, n) * 1.7) + Reshape(Eq(Arange(lower + upper + 1), upper) * 2.5, lower + upper + 1, 1);
        var b = Cos(Reshape(Arange(2 * n), n, 2));
        var whole = LinearAlgebraCases.Whole(lower, upper, bands);
        Agreement.Near(Solve(whole, b), SolveBanded(lower, upper, bands, b), 1e-12);
        var units = (Expr)Enumerable.Range(0, n).Select(i => Math.ScaleB(1, 60 * (i % 3))).ToArray();
        var scaled = SolveBanded(lower, upper, bands / units, b) / Reshape(units, n, 1);
        Agreement.Near(Solve(whole, b), scaled, 1e-12);
        Agreement.Near(Solve(whole, b), SolveBanded(lower, upper, bands * 1e-200, b * 1e-200), 1e-12);
        Check.Gradients(x => Sum(Sin(SolveBanded(lower, upper, x, b))), bands, order: 2).IfFail(error => Assert.Fail(error.Message));
    }

    [Fact]
    public void A_Sylvester_equation_is_solved()
    {
        Expr a = new double[,] { { 0, -2, 1 }, { 2, 0.5, 0 }, { 0, 1, 3 } }, b = new double[,] { { 1, 4 }, { -4, 1 } }, c = new double[,] { { 1, 2 }, { -3, 4 }, { 5, 0.5 } };
        var x = SolveSylvester(a, b, c);
        Agreement.Near(c, MatMul(a, x) + MatMul(x, b), 1e-14);
        Agreement.Near(x, SolveSylvester(a * 1e200, b * 1e200, c * 1e200), 1e-14);
        Agreement.Near(x, SolveSylvester(a * 1e-200, b * 1e-200, c * 1e-100) * 1e-100, 1e-14);
        Agreement.Near(Transpose(x), SolveSylvester(Transpose(b), Transpose(a), Transpose(c)), 1e-14);
        Agreement.Near(Zeros(0, 2), SolveSylvester(Zeros(0, 0), b, Zeros(0, 2)), 0);
        Agreement.Near(double.NaN * Ones(3, 2), SolveSylvester(a, b, c * double.NaN), 0);
        Check.Gradients(y => Sum(Sin(SolveSylvester(y, b, c))), a, order: 2).IfFail(error => Assert.Fail(error.Message));
        Check.Gradients(y => Sum(Sin(SolveSylvester(a, y, c))), b, order: 2).IfFail(error => Assert.Fail(error.Message));
    }

    [Fact]
    public void Factors_of_elimination_multiply_to_the_matrix() => Prop.ForAll(
        (from rows in Gen.Choose(0, 5)
         from columns in Gen.Choose(0, 5)
         from a in Tensors.Of(new Shape(2, rows, columns))
         select a).ToArbitrary(),
        a =>
        {
            var (p, l, u) = Lu(a);
            var k = Math.Min(a.Shape[1], a.Shape[2]);
            Agreement.Near(a, MatMul(p, MatMul(l, u)), 1e-13);
            Assert.Equal((new Shape(2, a.Shape[1], a.Shape[1]), new Shape(2, a.Shape[1], k), new Shape(2, k, a.Shape[2])), (p.Shape, l.Shape, u.Shape));
            Assert.All(l.ToArray(), element => Assert.InRange(element, -1, 1));
            Agreement.Near(BroadcastTo(Eye(a.Shape[1]), p.Shape), MatMul(p, Einsum("bij->bji", p)), 0);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    [Fact]
    public void Factors_of_elimination_have_derivatives_wherever_the_leading_columns_are_independent()
    {
        foreach (var a in new Expr[] { new double[,] { { 1, 2 }, { 3, 4.5 } }, new double[,] { { 1, 2 }, { 3, 4.5 }, { -2, 1 } }, new double[,] { { 1, 2, 0.5 }, { 3, 4.5, -1 } } })
        {
            Check.Gradients(x => Sum(Sin(Lu(x).L)), a, order: 2).IfFail(error => Assert.Fail(error.Message));
            Check.Gradients(x => Sum(Sin(Lu(x).U)), a, order: 2).IfFail(error => Assert.Fail(error.Message));
            Agreement.Near(Zeros(a.Shape), Grad(x => Sum(Sin(Lu(x).P)))(a), 0);
        }

        // The derivative of L is zero on and above the diagonal, that of U below it.
        var slopes = Jacobian(x => (Lu(x).L, Lu(x).U))(new double[,] { { 1, 2 }, { 3, 4.5 } });
        Agreement.Near(Zeros(2, 2), slopes.Item1[0, 0], 0);
        Agreement.Near(Zeros(2, 2), slopes.Item1[0, 1], 0);
        Agreement.Near(Zeros(2, 2), slopes.Item2[1, 0], 0);

        var singular = Lu(new double[,] { { 1, 2 }, { 2, 4 } });
        Agreement.Near(new double[,] { { 2, 4 }, { 0, 0 } }, singular.U, 0);
        Says(() => Grad(x => Sum(Lu(x).L))(new double[,] { { 1, 2 }, { 2, 4 }, { 3, 6 } }), "SolveTriangular: the matrix of shape (2, 2) is singular");
        Says(() => Grad(x => Sum(Lu(x).L))(Zeros(3, 3)), "SolveTriangular: the matrix of shape (2, 2) is singular");
    }

    [Fact]
    public void Factors_of_elimination_do_not_divide_by_the_last_pivot()
    {
        // The last pivot is a₂₂ − a₂₁a₁₂/a₁₁, whatever its size; so are the factors of a matrix of more columns.
        foreach (var last in new[] { 0, 1e-300, 1e-8 })
        {
            Expr a = new double[,] { { -3, -1.5 }, { 0.75, 0.375 + last } };
            foreach (var f in (Func<Expr, Expr>[])[x => Lu(x).U[1, 1], x => x[1, 1] - (x[1, 0] * x[0, 1] / x[0, 0])])
            {
                Agreement.Near(new double[,] { { -0.125, 0.25 }, { -0.5, 1 } }, Grad(f)(a), 1e-15);
            }

            Agreement.Near(Hessian(x => x[1, 1] - (x[1, 0] * x[0, 1] / x[0, 0]))(a), Hessian(x => Lu(x).U[1, 1])(a), 1e-15);
            Agreement.Near(Hessian(x => x[1, 1] - (x[1, 0] * x[0, 1] / x[0, 0]))(a), JacobianForward(JacobianForward(x => Lu(x).U[1, 1]))(a), 1e-15);
        }

        Check.Gradients(x => Lu(x).U, new double[,] { { 1, 2, 3 }, { 0.5, 1, 4 } }, order: 2).IfFail(error => Assert.Fail(error.Message));
    }

    [Fact]
    public void Numbers_of_another_type_have_the_same_solutions_to_all_their_digits()
    {
        var x = Variable("x", new Shape(3, 3));
        Expr b = new double[] { 1, 2, -1 };
        void IsZero(Expr formula, double tolerance = 1e-28)
        {
            foreach (var element in formula.EvaluateElements<DoubleDouble>((x, Array.ConvertAll([4.0, 1, 0.5, -1, 3, 0.25, 0.125, 1, 5], element => (DoubleDouble)element))))
            {
                Assert.InRange(Math.Abs((double)element), 0, tolerance);
            }
        }

        IsZero(MatMul(x, Lstsq(x, b)) - b);
        IsZero(MatMul(Transpose(x[.., ..2]), MatMul(x[.., ..2], Lstsq(x[.., ..2], b)) - b));
        IsZero(MatMul(PInv(x), x) - Eye(3));
        IsZero(MatMul(Sqrtm(x), Sqrtm(x)) - x);
        IsZero(Expm(Logm(x)) - x, 1e-27);
        IsZero(SolveSylvester(x, x, Outer(b, b)) is var s ? MatMul(x, s) + MatMul(s, x) - Outer(b, b) : x);
        IsZero(SolveBanded(1, 1, x, b) is var y ? Stack([x[1, 0] * y[0] + x[0, 1] * y[1] - b[0], x[2, 0] * y[0] + x[1, 1] * y[1] + x[0, 2] * y[2] - b[1], x[2, 1] * y[1] + x[1, 2] * y[2] - b[2]]) : x);
        IsZero(Lu(x) is var (p, l, u) ? MatMul(p, MatMul(l, u)) - x : x);
        IsZero(SignedLogDet(x) is var (sign, log) ? sign * Exp(log) - Det(x) : x);
        IsZero(MatrixNorm(x, "nuc") - Sum(Svd(x).S));
    }

    [Fact]
    public void Formulas_and_files_keep_them()
    {
        var (a, v, t) = (Variable("A", new Shape(3, 3)), Variable("v", new Shape(3)), Variable("t"));
        Expr[] formulas =
        [
            Lstsq(a, v), PInv(a[..2]), SignedLogDet(a).Sign * SignedLogDet(a).LogAbsDet, MatrixNorm(a), MatrixNorm(a, "nuc"), MatrixNorm(a, 2), ConditionNumber(a, 1), MatrixRank(a), Sqrtm(a), Logm(a),
            SolveSylvester(a, a, Outer(v, v)), SolveBanded(1, 1, a, v), Lu(a).L, Lu(a[..2]).U, Lu(a).P,
            Grad(x => Sum(Sqrtm(x)))(a), Grad(x => Sum(Logm(x)))(a), Grad(x => Sum(SolveBanded(2, 0, x, v)))(a), Grad(x => MatrixNorm(x, "nuc"))(a), Grad(x => Sum(Lstsq(x, v)))(a), Diff(x => Sum(Logm(a * x)), 2)(t),
        ];
        Expr numbers = new double[,] { { 4, 1, 0.5 }, { -1, 3, 0.25 }, { 0.125, 1, 5 } };
        foreach (var formula in formulas)
        {
            Expr At(Expr x) => x.Substitute((a, numbers), (v, new double[] { 1, 2, -1 }), (t, 1.5));
            Agreement.Near(At(formula), At(Parse(formula.ToFormula(), a, v, t)), 1e-14);
            Agreement.Near(At(formula), At(FromJson(formula.ToJson(), a, v, t)), 1e-14);
        }

        Assert.Equal("lstsq(A, A)", $"{Lstsq(a, a)}");
        Assert.Equal("solvebanded(A, A, lower: 1, upper: 1)", $"{SolveBanded(1, 1, a, a)}");
        Assert.Equal("solvesylvester(A, A, A)", $"{SolveSylvester(a, a, a)}");
        Assert.Equal("A^{1/2}", Sqrtm(a).ToLatex());
    }

    // The eigenvalues of matrices such as (1 e; e 1) differ by less than rounding errors of 1, or by little more.
    [Fact]
    public void Eigenvalues_that_rounding_does_not_tell_apart_are_no_obstacle() => Prop.ForAll(
        (from n in Gen.Choose(2, 5)
         from elements in (from size in Gen.Elements(0, 1, 1e-3, 1e-8, 1e-12, 1e-16, 1e-17, 1e-20, 1e-33, 1e-60, 1e-160, 1e-250) from x in Gen.Choose(-1000, 1000) select size * x / (4000 * n)).ArrayOf(n * n)
         select Eye(n) + Constant(elements, new Shape(n, n))).ToArbitrary(),
        a =>
        {
            var n = a.Shape[0];
            var x = SolveSylvester(a, Eye(n), Ones(n, n));
            Agreement.Near(Ones(n, n), MatMul(a, x) + x, 1e-13);
            Agreement.Near(a, MatMul(Sqrtm(a), Sqrtm(a)), 1e-13);
            Agreement.Near(a, Expm(Logm(a)), 1e-12);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    [Fact]
    public void Wrong_shapes_and_matrices_are_named()
    {
        Shaped(() => Lstsq(Ones(3), Ones(3)), "Lstsq: shape (3) is not that of matrices");
        Shaped(() => Lstsq(Ones(3, 2), Ones(2)), "Lstsq: shapes (3, 2) and (2) do not fit; the right-hand side of matrices (…, m, n) is a vector (m)");
        Shaped(() => Lstsq(Ones(3, 2), 1), "Lstsq: shapes (3, 2) and () do not fit");
        Shaped(() => Lstsq(Ones(2, 3, 2), Ones(3, 3, 1)), "Lstsq: shapes (2, 3, 2) and (3, 3, 1) do not fit; the axes before the last two must broadcast");
        Shaped(() => PInv(Ones(3)), "PInv: shape (3) is not that of matrices");
        Shaped(() => SolveSylvester(Ones(2, 3), Eye(2), Eye(2)), "SolveSylvester: shape (2, 3) is not that of square matrices");
        Shaped(() => SolveSylvester(Eye(2), Eye(3), Eye(2)), "SolveSylvester: shapes (2, 2), (3, 3) and (2, 2) do not fit; the right-hand side");
        Shaped(() => SolveSylvester(Ones(2, 1, 1), Eye(1), Ones(3, 1, 1)), "SolveSylvester: shapes (2, 1, 1), (1, 1) and (3, 1, 1) do not fit; the axes");
        Says(() => SolveSylvester(Diag(new double[] { 1, 2 }), Diag(new double[] { 5, -2 }), Eye(2)), "SolveSylvester: the matrix of shape (2, 2) has an eigenvalue that is the negative of one of the second matrix");
        Says(() => SolveSylvester(Stack([Eye(1), -Eye(1)]), Eye(1), Eye(1)), "SolveSylvester: matrix [1] of the batch, of shape (1, 1), has an eigenvalue");
        Says(() => SolveBanded(-1, 1, Ones(1, 3), Ones(3)), "SolveBanded: the numbers of diagonals below and above the main one are -1 and 1");
        Says(() => SolveBanded(int.MaxValue, int.MaxValue, Ones(1, 3), Ones(3)), "SolveBanded: bands of shape (1, 3) do not have 4294967295 rows");
        Shaped(() => SolveBanded(1, 1, Ones(2, 3), Ones(3)), "SolveBanded: bands of shape (2, 3) do not have 3 rows, one for each diagonal: 1 above the main one, itself, and 1 below.");
        Shaped(() => SolveBanded(0, 0, Ones(1, 3), Ones(2)), "SolveBanded: shapes (1, 3) and (2) do not fit");
        Shaped(() => SolveBanded(0, 0, Ones(2, 1, 3), Ones(3, 3, 1)), "SolveBanded: shapes (2, 1, 3) and (3, 3, 1) do not fit; the axes");
        Says(() => SolveBanded(1, 0, new double[,] { { 1, 0 }, { 1, 0 } }, Ones(2)), "SolveBanded: the matrix of shape (2, 2) holds the diagonals of a singular matrix");
        Shaped(() => Lu(Ones(3)), "Lu: shape (3) is not that of matrices");
        Shaped(() => SignedLogDet(Ones(2, 3)), "SignedLogDet: shape (2, 3) is not that of square matrices");
        Says(() => Lu(null!), "Lu: ");
        Says(() => Lstsq(Eye(2), null!), "Lstsq: ");
        Says(() => SolveSylvester(Eye(2), null!, Eye(2)), "SolveSylvester: ");
        Says(() => SolveBanded(0, 0, Ones(1, 2), null!), "SolveBanded: ");
    }

    private static void Shaped(Func<object?> act, string start) => Assert.StartsWith(start, Assert.Throws<ShapeException>(() => act()).Message, StringComparison.Ordinal);

    private static void Says(Func<object?> act, string start) => Assert.StartsWith(start, Assert.IsAssignableFrom<AutodiffException>(Record.Exception(() => act())).Message, StringComparison.Ordinal);
}
