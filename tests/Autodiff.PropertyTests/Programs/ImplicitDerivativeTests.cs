// The derivatives of solutions: those of the iterations that find them, differentiated step by step, those of finite differences,
// and closed forms.

using Autodiff.PropertyTests.Generators;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Implicit;

[Properties(Arbitrary = [typeof(ImplicitCases)], MaxTest = 20, QuietOnSuccess = true)]
public class ImplicitDerivativeTests
{
    /// <summary>Each way to write the solution of a case as one node.</summary>
    private static IEnumerable<Func<Expr, Expr>> Solutions(ImplicitCase problem)
    {
        var start = Zeros(problem.Shape);
        yield return theta => Root(x => problem.Residual(x, theta), start);
        yield return theta => FixedPoint(x => problem.Map(x, theta), start);

        // The start is a guess that comes from θ. No derivative flows through it.
        yield return theta => Root(x => problem.Residual(x, theta), 2 * theta);
        yield return theta => FixedPoint(x => problem.Map(x, theta), Exp(theta));
    }

    [Property]
    public void First_derivatives_are_those_of_the_unrolled_iteration(ImplicitCase problem, int seed)
    {
        var expected = Jacobian(problem.Unrolled)(problem.Theta);
        var direction = Tensors.Direction(problem.Shape, seed);
        foreach (var solution in Solutions(problem))
        {
            Agreement.Near(problem.Unrolled(problem.Theta), solution(problem.Theta), 1e-14);
            Agreement.Near(expected, JacobianReverse(solution)(problem.Theta));
            Agreement.Near(expected, JacobianForward(solution)(problem.Theta));
            Agreement.Near(Vjp(problem.Unrolled)(problem.Theta).Pullback(direction), Vjp(solution)(problem.Theta).Pullback(direction));
            Agreement.Near(Jvp(problem.Unrolled)(problem.Theta, direction).Tangent, Jvp(solution)(problem.Theta, direction).Tangent);
        }
    }

    [Property]
    public void First_derivatives_are_those_of_loops(ImplicitCase problem)
    {
        var start = Zeros(problem.Shape);
        var gradient = Grad(theta => ImplicitCase.Loss(FixedPoint(x => problem.Map(x, theta), start), theta))(problem.Theta);
        Agreement.Near(Grad(theta => ImplicitCase.Loss(Iterate(60, x => problem.Map(x, theta), start), theta))(problem.Theta), gradient);

        // What a loop that stops by its residual has found by then, its derivative has found to nearly as many digits, unless it takes no step.
        Expr Stopping(Expr theta) => While(x => MaxOf(Abs(problem.Residual(x, theta))) > 1e-15, x => problem.Map(x, theta), start, limit: 80);
        if (MaxOf(Abs(problem.Residual(start, problem.Theta))).Value > 1e-15)
        {
            Agreement.Near(Grad(theta => ImplicitCase.Loss(Stopping(theta), theta))(problem.Theta), gradient);
        }

        Agreement.Near(Numeric.Grad(theta => ImplicitCase.Loss(FixedPoint(x => problem.Map(x, theta), start), theta))(problem.Theta), gradient, 1e-8);
    }

    [Property(MaxTest = 8)]
    public void Second_derivatives_in_all_four_nestings_are_those_of_the_unrolled_iteration(ImplicitCase problem)
    {
        var expected = Hessian(theta => ImplicitCase.Loss(problem.Unrolled(theta), theta))(problem.Theta);
        foreach (var solution in Solutions(problem))
        {
            Expr F(Expr theta) => ImplicitCase.Loss(solution(theta), theta);
            Agreement.Near(expected, JacobianReverse(Grad(F))(problem.Theta));
            Agreement.Near(expected, JacobianForward(Grad(F))(problem.Theta));
            Agreement.Near(expected, JacobianReverse(JacobianForward(F))(problem.Theta));
            Agreement.Near(expected, JacobianForward(JacobianForward(F))(problem.Theta));
        }
    }

    [Property(MaxTest = 5)]
    public void Third_derivatives_along_a_line_are_those_of_the_unrolled_iteration(ImplicitCase problem, int seed)
    {
        var direction = Tensors.Direction(problem.Shape, seed);
        Expr Line(Func<Expr, Expr> solution, Expr t) => problem.Theta + (t * direction) is var theta ? ImplicitCase.Loss(solution(theta), theta) : 0;
        var expected = Diff(t => Line(problem.Unrolled, t), 3)(0);
        foreach (var solution in Solutions(problem).Take(2))
        {
            Expr F(Expr t) => Line(solution, t);
            Agreement.Near(expected, Diff(F, 3)(0), 1e-9);
            Agreement.Near(expected, Grad(Grad(Grad(F)))(0), 1e-9);
            Agreement.Near(expected, Grad(Diff(Grad(F)))(0), 1e-9);
            Agreement.Near(expected, Diff(Grad(Diff(F)))(0), 1e-9);
        }
    }

    [Property(MaxTest = 10)]
    public void A_minimiser_is_a_root_of_the_gradient(ImplicitCase problem)
    {
        var start = Zeros(problem.Shape);
        Expr Minimum(Expr theta) => ImplicitCase.Loss(ArgMin(x => problem.Objective(x, theta), start), theta);
        Expr Stationary(Expr theta) => ImplicitCase.Loss(Root(Grad(x => problem.Objective(x, theta)), theta), theta);

        Agreement.Near(Stationary(problem.Theta), Minimum(problem.Theta), 1e-14);
        Agreement.Near(Numeric.Grad(Minimum)(problem.Theta), Grad(Minimum)(problem.Theta), 1e-8);
        Agreement.Near(Grad(Stationary)(problem.Theta), Grad(Minimum)(problem.Theta));
        Agreement.Near(Grad(Stationary)(problem.Theta), JacobianForward(Minimum)(problem.Theta));
        Agreement.Near(Hessian(Stationary)(problem.Theta), Hessian(Minimum)(problem.Theta));
        Agreement.Near(Hessian(Stationary)(problem.Theta), JacobianReverse(JacobianForward(Minimum))(problem.Theta));
    }

    // x² = a: x = √a, and all its derivatives.
    [Theory]
    [InlineData(2)]
    [InlineData(0.01)]
    [InlineData(1e6)]
    public void A_square_root_has_the_derivatives_of_Sqrt(double a)
    {
        Func<Expr, Expr> root = theta => Root(x => (x * x) - theta, 1);
        for (var order = 1; order <= 4; order++)
        {
            var expected = Diff(Sqrt, order)(a).Value;
            Assert.Equal(1, Diff(root, order)(a).Value / expected, 1e-12);
        }

        Assert.Equal(1, Grad(Grad(Grad(root)))(a).Value / Diff(Sqrt, 3)(a).Value, 1e-12);
    }

    // min ½‖Ax − b‖² has x = (AᵀA)⁻¹Aᵀb, which moves with A, with b and with both.
    [Fact]
    public void Least_squares_moves_with_matrix_and_right_hand_side_together()
    {
        Expr a = new double[,] { { 1, 2 }, { 0, 3 }, { -1, 1 } };
        Expr b = new double[] { 1, -2, 0.5 };
        Expr Implicitly(Expr a, Expr b) => Sum(Sin(ArgMin(x => Sum(Pow(MatMul(a, x) - b, 2)) / 2, Zeros(2))));
        Expr Closed(Expr a, Expr b) => Sum(Sin(Solve(MatMul(Transpose(a), a), MatMul(Transpose(a), b))));

        var (expectedA, expectedB) = Grad(Closed)(a, b);
        var (gradientA, gradientB) = Grad(Implicitly)(a, b);
        Agreement.Near(expectedA, gradientA);
        Agreement.Near(expectedB, gradientB);
        Agreement.Near(Jvp(Closed)(a, b, a + 1, b * b).Tangent, Jvp(Implicitly)(a, b, a + 1, b * b).Tangent);
        Agreement.Near(Hessian(m => Closed(m, b))(a), Hessian(m => Implicitly(m, b))(a), 1e-9);
    }

    private sealed record Parameters(Expr Rate, IReadOnlyList<Expr> Levels);

    [Fact]
    public void A_tree_of_parameters_gets_the_derivatives_of_all_its_leaves()
    {
        var tree = new Parameters(0.5, [2, new double[] { 1, 3 }]);
        Expr Implicitly(Parameters p) => Sum(Root(x => (x * p.Rate) - (p.Levels[0] * p.Levels[1]), Zeros(2)));
        Expr Closed(Parameters p) => Sum(p.Levels[0] * p.Levels[1] / p.Rate);

        var (expected, actual) = (Tree.Flatten(Grad<Parameters>(Closed)(tree)), Tree.Flatten(Grad<Parameters>(Implicitly)(tree)));
        Assert.Equal(3, actual.Count);
        Assert.All(Enumerable.Range(0, 3), leaf => Agreement.Near(expected[leaf].Leaf, actual[leaf].Leaf));
    }

    [Fact]
    public void A_solution_of_equations_without_parameters_is_a_constant()
    {
        var dottie = FixedPoint(Cos, 1);
        Assert.Equal(Op.Constant, dottie.Op);
        Assert.Equal(0.7390851332151607, dottie.Value, 1e-15);
        Assert.Equal(2 * 0.7390851332151607, Grad(a => a * a * FixedPoint(Cos, 1))(1).Value, 1e-14);
        Assert.Equal(0, Grad(a => FixedPoint(Cos, a))(1).Value);
        Assert.Equal(0, Diff(a => Root(x => x - 3, a), 2)(1).Value);
    }

    [Fact]
    public void An_unknown_that_does_not_move_with_a_parameter_has_derivative_0()
    {
        Expr Solution(Expr theta) => Root(x => Stack([x[0] - 1, (x[1] * x[0]) - theta[1]]), Ones(2));

        Assert.Equal([0, 0, 0, 1], Jacobian(Solution)(new double[] { 5, 7 }).ToArray());
        Assert.Equal([0, 0, 0, 1], JacobianForward(Solution)(new double[] { 5, 7 }).ToArray());
        Assert.Equal(0, Grad(theta => Root(x => x - 1 + (0 * StopGradient(theta)), 0))(3).Value);
    }

    [Fact]
    public void A_function_may_branch_on_values_where_there_are_values()
    {
        Expr Kinked(Expr theta) => Root(
            x =>
            {
                if (x.Value > 2)
                {
                    return (x * x) - (theta * theta);
                }

                return (3 * x) - theta - 2;
            },
            10);

        Assert.Equal(1, Grad(Kinked)(5).Value, 1e-14);
        Assert.Equal(1.0 / 3, Grad(Kinked)(1).Value, 1e-14);
        Assert.Equal(0, Grad(Grad(Kinked))(5).Value, 1e-14);
        Assert.Throws<NotConcreteException>(() => Kinked(Variable("a")));
    }

    [Fact]
    public void The_cost_of_a_derivative_does_not_depend_on_the_number_of_steps()
    {
        var calls = 0;
        var half = Primitive.Define("half", x => { calls++; return x / 2; }, (x, y) => 0.5);
        int Backwards(double start)
        {
            var (_, pullback) = Vjp(theta => FixedPoint(x => half(Cos(x)) + theta, start, (f, x) =>
            {
                for (var i = 0; i < start; i++)
                {
                    x = f(x);
                }

                return x;
            }))(0.3);
            calls = 0;
            _ = pullback(1);
            return calls;
        }

        Assert.Equal(Backwards(60), Backwards(600));
        Assert.InRange(Backwards(60), 0, 10);
    }
}
