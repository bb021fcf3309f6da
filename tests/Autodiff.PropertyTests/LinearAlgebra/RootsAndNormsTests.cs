// Square roots and logarithms of general matrices, norms, condition numbers, ranks and signs of determinants: what defines them, repeated eigenvalues, singular
// matrices, and errors.

using Autodiff.PropertyTests.Generators;
using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;
using Check = Autodiff.Functional.Check;

namespace Autodiff.PropertyTests.LinearAlgebra;

public class RootsAndNormsTests
{
    /// <summary>Matrices whose eigenvalues coincide, with one eigenvector or several, or are conjugates.</summary>
    private static readonly Expr[] s_repeated =
    [
        Eye(3), 2.5 * Eye(2), new double[,] { { 2, 1 }, { 0, 2 } }, new double[,] { { 2, 0 }, { 1, 2 } }, new double[,] { { 2, 1, 0 }, { 0, 2, 1 }, { 0, 0, 2 } },
        new double[,] { { 1, -3 }, { 3, 1 } }, new double[,] { { 0, -1 }, { 1, 0 } }, new double[,] { { 2, 1e-9 }, { 0, 2 + 1e-9 } }, new double[,] { { 3, 1, 1 }, { 1, 3, 1 }, { 1, 1, 3 } },
    ];

    [Fact]
    public void A_root_squared_is_the_matrix_and_the_exponential_of_a_logarithm_too() => Prop.ForAll(
        (from n in Gen.Choose(1, 6)
         from noise in Tensors.Of(new Shape(n, n))
         select Expm(noise / (2 * n))).ToArbitrary(),
        a =>
        {
            Agreement.Near(a, MatMul(Sqrtm(a), Sqrtm(a)), 1e-13);
            Agreement.Near(a, Expm(Logm(a)), 1e-13);
            Agreement.Near(Logm(a) / 2, Logm(Sqrtm(a)), 1e-13);
            Agreement.Near(Expm(Logm(a) / 2), Sqrtm(a), 1e-13);
            Agreement.Near(Logm(Transpose(a)), Transpose(Logm(a)), 1e-13);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Fact]
    public void Logarithms_of_exponentials_are_the_exponents() => Prop.ForAll(
        (from n in Gen.Choose(1, 5)
         from noise in Tensors.Of(new Shape(n, n))
         select noise / (2 * n)).ToArbitrary(),
        x =>
        {
            Agreement.Near(x, Logm(Expm(x)), 1e-13);
            Func<Expr, Expr> there = v => Logm(Expm(v));
            var direction = Tensors.Direction(x.Shape, 1);
            Agreement.Near(direction, Jvp(there)(x, direction).Tangent, 1e-12);
            Agreement.Near(direction, Vjp(there)(x).Pullback(direction), 1e-12);
            Agreement.Near(Zeros(x.Shape), Diff(t => there(x + (t * direction)), 2)(0), 1e-11);
            Agreement.Near(Zeros(x.Shape), Diff(t => there(x + (t * direction)), 3)(0), 1e-10);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(15));

    [Fact]
    public void Derivatives_are_right_where_eigenvalues_coincide()
    {
        foreach (var a in s_repeated)
        {
            var direction = Tensors.Direction(a.Shape, 5);
            foreach (var f in new Func<Expr, Expr>[] { Sqrtm, Logm })
            {
                Check.Gradients(x => Sum(Sin(f(x) * direction)), a, order: 2).IfFail(error => Assert.Fail(error.Message));
                Agreement.Near(JacobianReverse(f)(a), JacobianForward(f)(a), 1e-12);
            }

            Func<Expr, Expr> line = t => a + (t * direction);
            for (var order = 1; order <= 4; order++)
            {
                Agreement.Near(order == 1 ? direction : Zeros(a.Shape), Diff(t => Sqrtm(line(t)) is var y ? MatMul(y, y) : t, order)(0), 1e-10);
                Agreement.Near(order == 1 ? direction : Zeros(a.Shape), Diff(t => Expm(Logm(line(t))), order)(0), 1e-9);
            }
        }
    }

    [Fact]
    public void Series_about_one_are_those_of_numbers()
    {
        Expr e = new double[,] { { 0.5, 2, -1 }, { 1, 0, 0.25 }, { -2, 1, 1 } };
        Func<Expr, Expr> root = t => Sqrtm(Eye(3) + (t * e)), log = t => Logm(Eye(3) + (t * e));
        Agreement.Near(e / 2, Diff(root)(0), 1e-14);
        Agreement.Near(-MatrixPower(e, 2) / 4, Diff(root, 2)(0), 1e-13);
        Agreement.Near(3 * MatrixPower(e, 3) / 8, Diff(root, 3)(0), 1e-13);
        Agreement.Near(e, Diff(log)(0), 1e-14);
        Agreement.Near(-MatrixPower(e, 2), Diff(log, 2)(0), 1e-13);
        Agreement.Near(2 * MatrixPower(e, 3), Diff(log, 3)(0), 1e-13);
        Agreement.Near(-MatrixPower(e, 2), JacobianForward(JacobianReverse(log))(0), 1e-13);
        Agreement.Near(-MatrixPower(e, 2), JacobianReverse(JacobianReverse(log))(0), 1e-13);
        Agreement.Near(1e12 * Jvp(Logm)(Eye(3) + (e / 9), e).Tangent, Jvp(Logm)(Eye(3) + (e / 9), 1e12 * e).Tangent, 1e-14);
        Agreement.Near(1e-12 * Jvp(Logm)(Eye(3) + (e / 9), e).Tangent, Jvp(Logm)(Eye(3) + (e / 9), 1e-12 * e).Tangent, 1e-25);
    }

    [Fact]
    public void Known_roots_and_logarithms()
    {
        var angle = 3.0;
        Expr turn = new double[,] { { Math.Cos(angle), -Math.Sin(angle) }, { Math.Sin(angle), Math.Cos(angle) } };
        Agreement.Near(new double[,] { { 0, -angle }, { angle, 0 } }, Logm(turn), 1e-14);
        Agreement.Near(new double[,] { { Math.Cos(angle / 2), -Math.Sin(angle / 2) }, { Math.Sin(angle / 2), Math.Cos(angle / 2) } }, Sqrtm(turn), 1e-14);
        Agreement.Near(new double[,] { { 0, 1e300 }, { 0, 0 } }, Logm(new double[,] { { 1, 1e300 }, { 0, 1 } }), 1e-15);
        Agreement.Near(new double[,] { { 2, 0 }, { 0, 3 } }, Sqrtm(new double[,] { { 4, 0 }, { 0, 9 } }), 0);
        Agreement.Near(new double[,] { { 0, 0 }, { 0, 2 } }, Sqrtm(new double[,] { { 0, 0 }, { 0, 4 } }), 0);
        Agreement.Near(Zeros(3, 3), Sqrtm(Zeros(3, 3)), 0);
        Agreement.Near(Ones(3, 3) / Math.Sqrt(3), Sqrtm(Ones(3, 3)), 1e-7);
        Agreement.Near(Zeros(3, 3), Logm(Eye(3)), 0);
        Agreement.Near(Zeros(2, 0, 0), Logm(Zeros(2, 0, 0)), 0);
        Agreement.Near(Zeros(0, 0), Sqrtm(Zeros(0, 0)), 0);
        Agreement.Near(Math.Log(1e300), Logm(new double[,] { { 1e300 } })[0, 0], 1e-15);
        Agreement.Near(double.NaN * Ones(2, 2), Logm(new double[,] { { 1, double.NaN }, { 0, 1 } }), 0);
        Agreement.Near(double.NaN * Ones(2, 2), Sqrtm(new double[,] { { 1, double.PositiveInfinity }, { 0, 1 } }), 0);
        Assert.Contains(Grad(x => Sum(Sqrtm(x)))(Zeros(2, 2)).ToArray(), double.IsNaN);
    }

    [Fact]
    public void Signs_and_logarithms_of_determinants_have_no_range()
    {
        Expr a = new double[,] { { 1, 2 }, { 3, 4 } };
        Agreement.Near(new double[] { -1, Math.Log(2) }, Pair(SignedLogDet(a)), 1e-15);
        Agreement.Near(new double[] { 1, Math.Log(2) }, Pair(SignedLogDet(a[.., ..] * new double[] { 1, -1 })), 1e-15);
        Agreement.Near(new double[] { 0, double.NegativeInfinity }, Pair(SignedLogDet(new double[,] { { 1, 2 }, { 2, 4 } })), 0);
        Agreement.Near(new double[] { -1, 3 * Math.Log(1e300) }, Pair(SignedLogDet(-1e300 * Eye(3))), 1e-15);
        Agreement.Near(new double[] { -1, 3 * Math.Log(1e-300) }, Pair(SignedLogDet(-1e-300 * Eye(3))), 1e-15);
        Agreement.Near(new double[] { 1, 0 }, Pair(SignedLogDet(Zeros(0, 0))), 0);
        Agreement.Near(new double[] { double.NaN, double.NaN }, Pair(SignedLogDet(double.NaN * Eye(2))), 0);
        Agreement.Near(Zeros(2, 2), Grad(x => SignedLogDet(x).Sign)(Ones(2, 2)), 0);
        Agreement.Near(Grad(Det)(a), Grad(x => SignedLogDet(x) is var (sign, log) ? sign * Exp(log) : x)(a), 1e-14);
        Agreement.Near(Hessian(Det)(a), Hessian(x => SignedLogDet(x) is var (sign, log) ? sign * Exp(log) : x)(a), 1e-13);

        static Expr Pair((Expr Sign, Expr LogAbsDet) both) => Stack([both.Sign, both.LogAbsDet]);
    }

    [Fact]
    public void Known_norms_and_condition_numbers()
    {
        // numpy.linalg.norm and cond.
        Expr a = new double[,] { { 1, -2 }, { 3, 4 } };
        Agreement.Near(Math.Sqrt(30), MatrixNorm(a), 1e-15);
        Agreement.Near(Math.Sqrt(30), MatrixNorm(a, "fro"), 1e-15);
        Agreement.Near(7.0710678118654755, MatrixNorm(a, "nuc"), 1e-15);
        Agreement.Near(5.116672736016927, MatrixNorm(a, 2), 1e-15);
        Agreement.Near(1.9543950758485487, MatrixNorm(a, -2), 1e-15);
        Agreement.Near(new double[] { 6, 4, 7, 3 }, Stack([MatrixNorm(a, 1), MatrixNorm(a, -1), MatrixNorm(a, double.PositiveInfinity), MatrixNorm(a, double.NegativeInfinity)]), 0);
        Agreement.Near(5.116672736016927 / 1.9543950758485487, ConditionNumber(a), 1e-15);
        Agreement.Near(1.9543950758485487 / 5.116672736016927, ConditionNumber(a, -2), 1e-15);
        Agreement.Near(new double[] { 4.2, 4.2, 3 }, Stack([ConditionNumber(a, 1), ConditionNumber(a, double.PositiveInfinity), ConditionNumber(a, "fro")]), 1e-14);
        Agreement.Near(5, ConditionNumber(a, "nuc"), 1e-14);
        foreach (var order in new[] { 1, 2, double.PositiveInfinity })
        {
            Agreement.Near(double.PositiveInfinity, ConditionNumber(new double[,] { { 1, 0 }, { 0, 0 } }, order), 0);
            Agreement.Near(double.PositiveInfinity, ConditionNumber(Zeros(2, 2), order), 0);
            Agreement.Near(1, ConditionNumber(1e-300 * Eye(3), order), 1e-15);
            Agreement.Near(MatrixNorm(a, order) * 1e300, MatrixNorm(a * 1e300, order), 1e-15);
            Agreement.Near(double.NaN, MatrixNorm(double.NaN * a, order), 0);
        }

        Agreement.Near(0, ConditionNumber(Zeros(2, 2), -2), 0);
        Agreement.Near(new double[] { 0, 0 }, Stack([MatrixNorm(Zeros(0, 2)), MatrixNorm(Zeros(2, 0), "nuc")]), 0);
        Agreement.Near(new double[] { 4, 2 }, ConditionNumber(Stack([Diag(new double[] { 8, 2 }), Diag(new double[] { 3, 6 })])), 1e-15);
    }

    [Fact]
    public void The_nuclear_norm_has_derivatives_where_singular_values_coincide_and_the_least_subgradient_at_its_kinks()
    {
        foreach (var a in s_repeated.Concat([Qr(Tensors.Direction(new Shape(4, 2), 1)).Q, Transpose(Qr(Tensors.Direction(new Shape(3, 2), 1)).Q)]))
        {
            Check.Gradients(x => MatrixNorm(x, "nuc"), a, order: 2).IfFail(error => Assert.Fail(error.Message));
        }

        Func<Expr, Expr> norm = x => MatrixNorm(x, "nuc");
        Agreement.Near(Ones(2, 2) / 2, Grad(norm)(Ones(2, 2)), 1e-15);
        Agreement.Near(Ones(3, 2) / Math.Sqrt(6), Grad(norm)(Ones(3, 2)), 1e-15);
        Agreement.Near(Zeros(2, 3), Grad(norm)(Zeros(2, 3)), 0);
        Expr graded = new double[,] { { 1e208, 0 }, { 0, 1e200 } };
        Agreement.Near(2 * Eye(2), Grad(x => norm(2 * x))(graded), 1e-14);

        // Both largest singular values share the derivative of the spectral norm.
        Agreement.Near(Eye(2) / 2, Grad(x => MatrixNorm(x, 2))(Eye(2)), 1e-15);
        Agreement.Near(Zeros(2, 2), Grad(x => MatrixNorm(x))(Zeros(2, 2)), 0);
    }

    [Fact]
    public void Ranks_are_those_of_factors() => Prop.ForAll(
        (from rows in Gen.Choose(1, 5)
         from columns in Gen.Choose(1, 5)
         from rank in Gen.Choose(0, Math.Min(rows, columns))
         from left in Matrices.Of(Shape.Scalar, rows, rank)
         from right in Matrices.Of(Shape.Scalar, rank, columns)
         select (MatMul(left, right), rank)).ToArbitrary(),
        each =>
        {
            Agreement.Near(each.rank, MatrixRank(each.Item1), 0);
            Agreement.Near(each.rank, MatrixRank(each.Item1 * 1e-250), 0);
            Agreement.Near(Zeros(each.Item1.Shape), Grad(x => MatrixRank(x))(each.Item1), 0);
            Agreement.Near(new double[] { each.rank, 0 }, MatrixRank(Stack([each.Item1, Zeros(each.Item1.Shape)])), 0);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40));

    [Fact]
    public void Wrong_shapes_and_matrices_are_named()
    {
        Expr negative = new double[,] { { -4, 0 }, { 0, 1 } }, nilpotent = new double[,] { { 0, 1 }, { 0, 0 } };
        Says(() => Sqrtm(negative), "Sqrtm: the matrix of shape (2, 2) has the eigenvalue -4, so it has no real principal square root; a real matrix has one if none of its eigenvalues is a negative number.");
        Says(() => Sqrtm(-Eye(2)), "Sqrtm: the matrix of shape (2, 2) has the eigenvalue -1");
        Says(() => Sqrtm(Stack([Eye(2), negative])), "Sqrtm: matrix [1] of the batch, of shape (2, 2), has the eigenvalue -4");
        Says(() => Sqrtm(nilpotent), "Sqrtm: the matrix of shape (2, 2) is singular and has no square root");
        Says(() => Logm(negative), "Logm: the matrix of shape (2, 2) has the eigenvalue -4, so it has no real principal logarithm");
        Says(() => Logm(nilpotent), "Logm: the matrix of shape (2, 2) is singular, so it has no logarithm.");
        Says(() => MatrixNorm(Eye(2), "max"), "MatrixNorm: there is no norm \"max\"; use \"fro\"");
        Says(() => MatrixNorm(Eye(2), null!), "MatrixNorm: the order is null");
        Says(() => MatrixNorm(Eye(2), 3), "MatrixNorm: there is no norm 3; use 1, 2, ∞");
        Says(() => ConditionNumber(Eye(2), 3), "MatrixNorm: there is no norm 3; use 1, 2, ∞");
        Shaped(() => MatrixNorm(Zeros(0, 2), 2), "MatrixNorm: matrices of shape (0, 2) have no elements");
        Shaped(() => MatrixNorm(Zeros(2, 0), 1), "MatrixNorm: matrices of shape (2, 0) have no elements");
        Shaped(() => ConditionNumber(Zeros(0, 0)), "ConditionNumber: matrices of shape (0, 0) have no elements");
        Shaped(() => ConditionNumber(Ones(2, 3), 1), "ConditionNumber: shape (2, 3) is not that of square matrices");
        Shaped(() => MatrixNorm(Ones(2)), "MatrixNorm: shape (2) is not that of matrices");
        Shaped(() => MatrixRank(Ones(2)), "MatrixRank: shape (2) is not that of matrices");
        Shaped(() => Sqrtm(Ones(2, 3)), "Sqrtm: shape (2, 3) is not that of square matrices");
        Shaped(() => Logm(Ones(2)), "Logm: shape (2) is not that of square matrices");
    }

    private static void Shaped(Func<object?> act, string start) => Assert.StartsWith(start, Assert.Throws<ShapeException>(() => act()).Message, StringComparison.Ordinal);

    private static void Says(Func<object?> act, string start) => Assert.StartsWith(start, Assert.IsAssignableFrom<AutodiffException>(Record.Exception(() => act())).Message, StringComparison.Ordinal);
}
