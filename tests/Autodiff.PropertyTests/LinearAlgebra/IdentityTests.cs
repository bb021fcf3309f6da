// What linear algebra promises: factors multiply to the matrix, inverses undo it, and the conventions that make factors
// unique.

using Autodiff.PropertyTests.Generators;
using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.LinearAlgebra;

public class IdentityTests
{
    [Fact]
    public void A_solution_solves() => ForSquares(a =>
    {
        var n = a.Shape[0];
        var b = Tensors.Direction(new Shape(n, 3), 1);
        Agreement.Near(b, MatMul(a, Solve(a, b)));
        Agreement.Near(b[.., 0], MatMul(a, Solve(a, b[.., 0])));
        Agreement.Near(Eye(n), MatMul(a, Inverse(a)));
        Agreement.Near(Eye(n), MatMul(MatrixPower(a, -3), MatrixPower(a, 3)), 1e-9);
    });

    [Fact]
    public void Determinants_multiply() => ForSquares(a =>
    {
        var b = Tensors.Direction(a.Shape, 2) + (2 * Eye(a.Shape[0]));
        Agreement.Near(Det(a) * Det(b), Det(MatMul(a, b)));
        Agreement.Near(Log(Abs(Det(a))), LogDet(a));
        Agreement.Near(LogDet(Expm(a)), Trace(a), 1e-9);
    });

    [Fact]
    public void A_Cholesky_factor_is_lower_with_a_positive_diagonal() => ForAll(Matrices.Positive(Shape.Scalar, 4), a =>
    {
        var factor = Cholesky(a);
        Agreement.Near((a + Transpose(a)) / 2, MatMul(factor, Transpose(factor)));
        AssertUpper(Transpose(factor));
        Assert.True(MinOf(Diag(factor)).Value > 0);
        var gradient = Grad(x => Sum(Sin(Cholesky(x))))(a);
        Agreement.Near(gradient, Transpose(gradient));
    });

    [Fact]
    public void An_orthogonal_factor_times_an_upper_one_is_the_matrix() => ForRectangles(a =>
    {
        var (q, r) = Qr(a);
        Agreement.Near(a, MatMul(q, r));
        Agreement.Near(Eye(q.Shape[1]), MatMul(Transpose(q), q));
        AssertUpper(r);
        Assert.True(MinOf(Diag(r[.., ..r.Shape[0]])).Value >= 0);
    });

    [Fact]
    public void Eigenvectors_diagonalize() => ForSquares(a =>
    {
        var (values, vectors) = Eigh(a);
        Agreement.Near((a + Transpose(a)) / 2, MatMul(vectors * values, Transpose(vectors)));
        Agreement.Near(Eye(a.Shape[0]), MatMul(Transpose(vectors), vectors));
        Assert.Equal(values.ToArray().Order(), values.ToArray());
    });

    [Fact]
    public void Singular_vectors_diagonalize() => ForRectangles(a =>
    {
        var (u, s, vt) = Svd(a);
        Agreement.Near(a, MatMul(u * s, vt));
        Agreement.Near(Eye(s.Shape[0]), MatMul(Transpose(u), u));
        Agreement.Near(Eye(s.Shape[0]), MatMul(vt, Transpose(vt)));
        Assert.Equal(s.ToArray().OrderDescending(), s.ToArray());
        Assert.True(MinOf(s).Value >= 0);
    });

    [Fact]
    public void An_exponential_is_the_square_of_its_half() => ForSquares(a =>
    {
        var half = Expm(a / 2);
        Agreement.Near(Expm(a), MatMul(half, half));
        Agreement.Near(Eye(a.Shape[0]), MatMul(half, Expm(-a / 2)));
        Agreement.Near(Transpose(half), Expm(Transpose(a / 2)));
    });

    [Fact]
    public void A_right_hand_side_is_a_vector_only_if_it_has_one_axis()
    {
        var a = Stack([Eye(2), 2 * Eye(2)]);
        Expr b = new double[,] { { 1, 2 }, { 3, 4 } };

        Agreement.Near(Stack([b, b / 2]), Solve(a, b));
        Agreement.Near(Stack([b[0], b[0] / 2]), Solve(a, b[0]));
        Agreement.Near(Stack([b, b / 2]), SolveTriangular(a, b));
        Assert.Equal(new Shape(5, 2, 2, 7), Solve(a, Ones(5, 1, 2, 7)).Shape);
    }

    [Fact]
    public void A_small_system_has_its_solution_by_hand()
    {
        Expr a = new double[,] { { 2, 1 }, { 1, 3 } };

        Agreement.Near(Stack([0.8, 1.4]), Solve(a, Stack([3, 5])));
        Agreement.Near(new double[,] { { 0.6, -0.2 }, { -0.2, 0.4 } }, Inverse(a));
        Agreement.Near(5, Det(a));
        Agreement.Near(new double[] { (5 - Math.Sqrt(5)) / 2, (5 + Math.Sqrt(5)) / 2 }, Eigh(a).Values);
        Agreement.Near(new double[,] { { Math.Sqrt(2), 0 }, { Math.Sqrt(0.5), Math.Sqrt(2.5) } }, Cholesky(a));
        Agreement.Near(new double[,] { { Math.Sqrt(5), Math.Sqrt(5) }, { 0, Math.Sqrt(5) } }, Qr(a).R);
    }

    [Theory]
    [InlineData("solve(A, b)", "A^{-1} \\, b")]
    [InlineData("solvetriangular(A, b, lower: false, unitdiagonal: true)", "\\operatorname{solvetriangular}\\left(A, b, \\mathrm{lower}\\colon \\mathrm{false}, \\mathrm{unitdiagonal}\\colon \\mathrm{true}\\right)")]
    [InlineData("inverse(A)", "A^{-1}")]
    [InlineData("det(A)", "\\det\\left(A\\right)")]
    [InlineData("logdet(A)", "\\log\\left|\\det A\\right|")]
    [InlineData("cholesky(A)", "\\operatorname{cholesky}\\left(A\\right)")]
    [InlineData("eigh(A)[.., 0]", "\\operatorname{eigh}\\left(A\\right)\\left[.., 0\\right]")]
    [InlineData("expm(A)", "\\exp\\left(A\\right)")]
    [InlineData("cofactors(A)", "\\operatorname{cof}\\left(A\\right)")]
    public void A_formula_shows_its_name(string text, string latex)
    {
        var (a, b) = (Variable("A", new Shape(2, 2)), Variable("b", new Shape(2, 1)));
        Expr[] all = [Solve(a, b), SolveTriangular(a, b, lower: false, unitDiagonal: true), Inverse(a), Det(a), LogDet(a), Cholesky(a), Eigh(a).Values, Expm(a), Grad(Det)(a)];
        var formula = all.Single(formula => formula.ToString() == text);

        Assert.Equal(latex, formula.ToLatex());
    }

    private static void AssertUpper(Expr x) =>
        Assert.All(Grid.Indices([.. x.Shape]), at => Assert.True(at[0] <= at[1] || x[at[0], at[1]].Value == 0));

    private static void ForSquares(Action<Expr> law) => ForAll(from n in Gen.Choose(1, 5) from a in Matrices.Of(Shape.Scalar, n, n) select a, law);

    private static void ForRectangles(Action<Expr> law) => ForAll(
        from rows in Gen.Choose(1, 5)
        from columns in Gen.Choose(1, 5)
        from a in Tensors.Of(new Shape(rows, columns))
        select a,
        law);

    private static void ForAll(Gen<Expr> matrices, Action<Expr> law) =>
        Prop.ForAll(matrices.ToArbitrary(), law).Check(Config.QuickThrowOnFailure);
}
