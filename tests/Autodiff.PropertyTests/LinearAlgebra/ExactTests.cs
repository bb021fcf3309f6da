// Derivatives that are known exactly: determinants by minors, exponentials by the exponential itself, and functions of
// eigenvalues and singular values, also where these coincide.

using Autodiff.PropertyTests.Generators;
using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.LinearAlgebra;

public class ExactTests
{
    /// <summary>Matrices of small whole numbers, of any rank from 0.</summary>
    private static Gen<Expr> WholeNumbers { get; } =
        from n in Gen.Choose(1, 4)
        from rank in Gen.Choose(0, n)
        from left in Gen.Choose(-3, 3).ArrayOf(n * rank)
        from right in Gen.Choose(-3, 3).ArrayOf(rank * n)
        select MatMul(Constant(Array.ConvertAll(left, x => (double)x), new Shape(n, rank)), Constant(Array.ConvertAll(right, x => (double)x), new Shape(rank, n)));

    [Fact]
    public void The_gradient_of_a_determinant_is_its_cofactors_at_any_rank() => Prop.ForAll(WholeNumbers.ToArbitrary(), a =>
    {
        var expected = Grid.Build(a.Shape, at => Minor(a, [at[0]], [at[1]])).ToExpr();
        Agreement.Near(Minor(a, [], []), Det(a));
        Agreement.Near(expected, Grad(Det)(a));
        Agreement.Near(expected, JacobianForward(Det)(a));
        var formula = Variable("a", a.Shape);
        Agreement.Near(expected, Grad(Det)(formula).Substitute((formula, a)));
    }).Check(Config.QuickThrowOnFailure);

    [Fact]
    public void The_second_derivatives_of_a_determinant_are_minors_at_any_rank() => ForAll(WholeNumbers, a =>
    {
        var expected = Grid.Build([.. a.Shape, .. a.Shape], at => Minor(a, [at[0], at[2]], [at[1], at[3]])).ToExpr();
        Agreement.Near(expected, JacobianReverse(Grad(Det))(a));
        Agreement.Near(expected, JacobianForward(Grad(Det))(a));
        Agreement.Near(expected, JacobianReverse(JacobianForward(Det))(a));
        Agreement.Near(expected, JacobianForward(JacobianForward(Det))(a));
    });

    [Fact]
    public void Higher_derivatives_of_a_determinant_are_right_at_zero()
    {
        Expr b = new double[,] { { 2, -1, 0.5 }, { 1, 3, 1 }, { -1, 0, 2 } };
        Func<Expr, Expr> cubic = t => Det(t * b);

        Agreement.Near(0, Diff(cubic, 2)(0));
        Agreement.Near(6 * Det(b), Diff(cubic, 3)(0));
        Agreement.Near(6 * Det(b), Grad(Grad(Grad(cubic)))(0));
        Agreement.Near(0, Diff(cubic, 4)(0));
    }

    [Fact]
    public void A_determinant_of_graded_size_loses_no_digits_in_its_derivatives()
    {
        Expr a = new double[,] { { 0, 1e8, 0 }, { 0, 0, 1 }, { 1e-8, 0, 0 } };

        Agreement.Near(1e8 * Eye(3)[0], Grad(Det)(a)[2], 1e-14);
        Agreement.Near(Eye(3)[2], Grad(Det)(a)[1], 1e-14);
        Agreement.Near(1e8, Hvp(Det)(a, Outer(Eye(3)[1], Eye(3)[2]))[2, 0], 1e-14);
        Agreement.Near(1e-8 * Eye(3)[1] * 1e8, Grad(Det)(a)[0] * 1e8, 1e-14);
    }

    [Fact]
    public void The_gradient_of_a_logarithm_of_a_determinant_is_the_transposed_inverse() => ForAll(Matrices.Of(Shape.Scalar, 4, 4), a =>
    {
        Agreement.Near(Transpose(Inverse(a)), Grad(LogDet)(a));
        Agreement.Near(-Transpose(MatMul(Inverse(a), MatMul(a, Inverse(a)))), Jvp(Grad(LogDet))(a, a).Tangent);
    });

    [Fact]
    public void An_exponential_is_known_by_hand()
    {
        Agreement.Near(new double[,] { { Math.Cos(2), -Math.Sin(2) }, { Math.Sin(2), Math.Cos(2) } }, Expm(new double[,] { { 0, -2 }, { 2, 0 } }), 1e-14);
        Agreement.Near(new double[,] { { 1, 3 }, { 0, 1 } }, Expm(new double[,] { { 0, 3 }, { 0, 0 } }), 1e-14);
        Agreement.Near(1, Expm(new double[,] { { 40 } })[0, 0] / Math.Exp(40), 1e-13);
        Agreement.Near(1, Expm(new double[,] { { -40 } })[0, 0] / Math.Exp(-40), 1e-13);
        Agreement.Near(Eye(3), Expm(Zeros(3, 3)), 0);
    }

    [Fact]
    public void The_derivatives_of_an_exponential_along_its_exponent_are_powers_times_it() => ForAll(Matrices.Of(Shape.Scalar, 3, 3), a =>
    {
        Func<Expr, Expr> curve = t => Expm(t * a);
        for (var order = 1; order <= 4; order++)
        {
            Agreement.Near(MatMul(MatrixPower(a, order), Expm(a)), Diff(curve, order)(1));
        }

        Agreement.Near(Transpose(Expm(a)), Grad(x => Trace(Expm(x)))(a));
    });

    [Fact]
    public void The_derivative_of_an_exponential_is_linear_in_directions_of_any_size()
    {
        Expr a = new double[,] { { 1, 2 }, { -1, 0.5 } };
        Expr direction = new double[,] { { 1, -1 }, { 2, 3 } };
        var slope = Jvp(Expm)(a, direction).Tangent;

        Agreement.Near(slope, Jvp(Expm)(a, 1e12 * direction).Tangent / 1e12, 1e-14);
        Agreement.Near(slope, Jvp(Expm)(a, 1e-12 * direction).Tangent * 1e12, 1e-14);
        Agreement.Near(Vjp(Expm)(a).Pullback(direction), Vjp(Expm)(a).Pullback(1e12 * direction) / 1e12, 1e-14);
    }

    [Fact]
    public void Functions_of_repeated_eigenvalues_have_their_derivatives()
    {
        Expr[] matrices = [Eye(3), Ones(3, 3), Diag(new double[] { 2, -1, 2 }), Zeros(3, 3)];
        foreach (var a in matrices)
        {
            Func<Expr, Expr> trace = x => Sum(Exp(Eigh(x).Values));
            Agreement.Near(Expm(a), Grad(trace)(a));
            Agreement.Near(Expm(a), JacobianForward(trace)(a));
        }

        var (c, s) = (Math.Cos(1), Math.Sin(1));
        Expr turn = new double[,] { { c, -s }, { s, c } };
        Agreement.Near(turn, Grad(x => Sum(Svd(x).S))(turn));
        Agreement.Near(2 * turn, Grad(x => Sum(Pow(Svd(x).S, 2)))(turn));
    }

    [Fact]
    public void The_vector_of_a_single_eigenvalue_has_its_derivatives_beside_repeated_ones()
    {
        var a = Diag(new double[] { 1, 1, 3 });
        foreach (var f in new Func<Expr, Expr>[] { x => Outer(Eigh(x).Vectors[.., 2], Eigh(x).Vectors[.., 2]), x => Outer(Svd(x).U[.., 0], Svd(x).Vt[0]) })
        {
            Agreement.Near(Numeric.Jacobian(f)(a), JacobianReverse(f)(a));
            Agreement.Near(Numeric.Jacobian(f)(a), JacobianForward(f)(a));
        }
    }

    [Fact]
    public void The_vectors_of_repeated_eigenvalues_have_none()
    {
        Func<Expr, Expr> rebuilt = x => Eigh(x) is var (values, vectors) ? MatMul(vectors * values, Transpose(vectors)) : x;

        Agreement.Near(Eye(2), rebuilt(Eye(2)));
        Assert.Contains(JacobianReverse(rebuilt)(Eye(2)).ToArray(), slope => !double.IsFinite(slope));
        Assert.Contains(JacobianForward(rebuilt)(Eye(2)).ToArray(), slope => !double.IsFinite(slope));
        Assert.Contains(Hessian(x => Sum(Exp(Eigh(x).Values)))(Eye(2)).ToArray(), slope => !double.IsFinite(slope));
    }

    /// <summary>
    /// The derivative of the determinant in some elements, by its Laplace expansion: the minor without their rows and columns,
    /// with the sign of the places; 0 where two of them share a row or a column.
    /// </summary>
    private static double Minor(Expr a, int[] rows, int[] columns)
    {
        if (rows.Distinct().Count() < rows.Length || columns.Distinct().Count() < columns.Length)
        {
            return 0;
        }

        var (n, grid) = (a.Shape[0], Grid.Of(a));
        return Permutations(n)
            .Where(order => rows.Zip(columns).All(place => order[place.Item1] == place.Item2))
            .Sum(order => Enumerable.Range(0, n).Except(rows).Aggregate((double)Sign(order), (product, row) => product * grid[row, order[row]]));
    }

    private static IEnumerable<int[]> Permutations(int n) => n == 0
        ? [[]]
        : Permutations(n - 1).SelectMany(order => Enumerable.Range(0, n).Select(at => (int[])[.. order[..at], n - 1, .. order[at..]]));

    private static int Sign(int[] order) =>
        Enumerable.Range(0, order.Length).Sum(i => order[..i].Count(earlier => earlier > order[i])) % 2 == 0 ? 1 : -1;

    private static void ForAll(Gen<Expr> matrices, Action<Expr> law) =>
        Prop.ForAll(matrices.ToArbitrary(), law).Check(Config.QuickThrowOnFailure.WithMaxTest(20));
}
