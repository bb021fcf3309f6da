// How solutions are found: from far away, in any units, at flat minima, and by solvers of the caller's.

using Autodiff.Functional.Solvers;
using Autodiff.PropertyTests.Generators;
using FsCheck.Xunit;
using MathNet.Numerics;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.RootFinding;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Implicit;

[Properties(Arbitrary = [typeof(ImplicitCases)], MaxTest = 20, QuietOnSuccess = true)]
public class ImplicitSolverTests
{
    private const double Accuracy = 1e-14;

    private static readonly Expr s_fiveUnknowns = new double[] { 2, -1, 0.5, 3, 1 };
    private static readonly Expr s_halfAndQuarter = new double[] { 0.5, 0.25 };

    [Fact]
    public void Nothing_is_the_lowest_point_of_a_function_of_nothing()
    {
        Assert.Equal(new Shape(0), ArgMin(x => Sum(x * x), Zeros(0)).Shape);
        Assert.Equal(new Shape(0), ArgMin(x => Sum(x * x), Zeros(0), (_, start) => start).Shape);
    }

    [Fact]
    public void A_solution_at_zero_in_some_unknowns_is_found_exactly() =>
        Assert.Equal([0, 1], Root(x => Stack([Pow(x[0], 3), x[1] - 1]), new double[] { 1, 3 }).ToArray());

    // The Jacobian is singular everywhere, so that Newton's step from there is not finite.
    [Fact]
    public void A_result_of_a_solver_may_be_near_one_of_many_solutions()
    {
        var found = Root(x => Stack([x[0] + x[1] - 1, (2 * x[0]) + (2 * x[1]) - 2]), new double[] { 3, 4 }, (_, _) => new double[] { 0.25, 0.75 + 1e-13 });
        Assert.Equal([0.25, 0.75 + 1e-13], found.ToArray());
    }

    [Fact]
    public void The_largest_magnitude_of_a_vector_is_that_of_an_element()
    {
        Assert.Equal(0.5, SearchPoint.LargestMagnitude(Vector<double>.Build.Dense([0.25, -0.5, 0])));
        Assert.Equal(double.NaN, SearchPoint.LargestMagnitude(Vector<double>.Build.Dense([0.25, double.NaN, 1])));
        Assert.Equal(0, SearchPoint.LargestMagnitude(Vector<double>.Build.Dense(1)));
    }

    // Undamped, Newton's method diverges on atan from 1.4 on.
    [Theory]
    [InlineData(1.4)]
    [InlineData(10)]
    [InlineData(-1e4)]
    public void Newtons_steps_are_damped_where_they_overshoot(double start)
    {
        Assert.Equal(0, Root(Atan, start).Value, Accuracy);
        Assert.Equal(1, Grad(theta => Root(x => Atan(x - theta), start))(0).Value, Accuracy);
        var system = Root(x => Stack([Atan(x[0] + x[1]) - 0.5, Atan(x[0] - x[1])]), new double[] { start, 3 });
        Near(Math.Tan(0.5) / 2, system[0].Value);
        Near(Math.Tan(0.5) / 2, system[1].Value);
    }

    // Neither the units of unknowns nor those of equations matter, together or each on its own. A solution is the sum of two terms of the size of θ, so
    // that it is accurate to their rounding where they cancel.
    [Property]
    public void Every_unknown_is_accurate_in_its_own_unit(ImplicitCase problem, byte of, byte by)
    {
        var n = problem.Shape.Size;
        Expr Units(byte seed) => Reshape(Pow(10, Constant([.. Enumerable.Range(0, n).Select(i => (double)(((seed + (7 * i)) % 17) - 8))], new Shape(n))), problem.Shape);
        var (unit, weight) = (Units(of), Units(by));
        var expected = Root(x => problem.Residual(x, problem.Theta), Zeros(problem.Shape)).ToArray();

        Expr[] found =
        [
            Root(x => weight * problem.Residual(x / unit, problem.Theta), unit),
            FixedPoint(x => unit * problem.Map(x / unit, problem.Theta), unit),
        ];
        Assert.All(found, x => Assert.All((x / unit).ToArray().Zip(expected, problem.Theta.ToArray()), of => Assert.InRange(
            Math.Abs(of.First - of.Second), 0, Accuracy * (Math.Abs(of.Second) + Math.Abs(of.Third)))));
    }

    // What rounding leaves of the first equation is more than all there is of the second, which takes more steps.
    [Fact]
    public void An_equation_is_not_lost_beside_a_larger_one()
    {
        Expr start = new double[] { 1, 10 };
        var found = Root(x => Stack([1e12 * ((x[0] * x[0]) - 2), 1e-8 * Atan(x[1] - 3)]), start);
        Near(Math.Sqrt(2), found[0].Value);
        Near(3, found[1].Value);
    }

    [Theory]
    [InlineData(1e-8)]
    [InlineData(1)]
    [InlineData(1e8)]
    public void A_solution_is_accurate_in_any_unit(double unit)
    {
        Near(Math.Sqrt(2) * unit, Root(x => (x * x) - (2 * unit * unit), 5 * unit).Value);
        Near(Math.Sqrt(2) * unit, Root(x => (x * x) - (2 * unit * unit), 1e3 * unit).Value);
        Near(0.7390851332151607 * unit, FixedPoint(x => unit * Cos(x / unit), unit).Value);
        Near(3 * unit, ArgMin(x => Cosh((x / unit) - 3), unit).Value);
        Near(3 * unit, ArgMin(x => Pow((x / unit) - 3, 2) + 1e6, unit).Value);
        Near(3 * unit, ArgMin(x => Pow(x - (3 * unit), 2), 0).Value);

        // Two unknowns in units far apart, of which the second needs more steps.
        var both = Root(x => Stack([(x[0] * x[0]) - (2 / (unit * unit)), Pow(x[1] / unit, 3) - 2]), new double[] { 1 / unit, 100 * unit });
        Near(Math.Sqrt(2) / unit, both[0].Value);
        Near(Math.Cbrt(2) * unit, both[1].Value);
        var lowest = ArgMin(x => Cosh((x[0] * unit) - 1) + Cosh((x[1] / unit) - 2), new double[] { 0, 0 });
        Near(1 / unit, lowest[0].Value);
        Near(2 * unit, lowest[1].Value);
    }

    // Steps of 0.999 of the one before: what is left is a thousand times the last one.
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.9)]
    [InlineData(0.999)]
    [InlineData(-0.999)]
    public void A_slow_iteration_arrives(double rate)
    {
        // Rounding in f moves the solution by 1/(1 − f′) times as much.
        var accuracy = Math.Max(Accuracy, 4e-16 / (1 - rate));
        Near(3, FixedPoint(x => 3 + (rate * Sin(x - 3)), 2.5).Value, accuracy);
        Near(3, FixedPoint(x => (rate * x) + (3 * (1 - rate)), 100).Value, accuracy);
        Assert.Equal(1, Grad(theta => FixedPoint(x => theta + (rate * Sin(x - theta)), 2.5))(3).Value, 1e-11);
    }

    [Fact]
    public void Where_the_iteration_leads_away_Newtons_method_finishes()
    {
        Near(3, FixedPoint(x => (2 * x) - 3, 10).Value);
        Near(0.5 + Math.Sqrt(1.25), FixedPoint(x => (x * x) - 1, 1.5).Value);

        // Chaos, a cycle of two, and one that leaves the numbers.
        Near(1 - (1 / 3.9), FixedPoint(x => 3.9 * x * (1 - x), 0.6).Value);
        Near(Math.Sqrt(2), FixedPoint(x => 2 / x, 1.1).Value);
        Near(0.5671432904097838, FixedPoint(x => x - (20 * (x - Exp(-x))), 1).Value, 1e-14);
    }

    [Fact]
    public void Which_fixed_point_is_found_is_where_the_iteration_leads() =>
        Assert.Equal(0, FixedPoint(x => x * x, 0.9).Value);

    [Fact]
    public void Rosenbrocks_valley_is_followed_to_its_end()
    {
        static Expr Rosenbrock(Expr x, Expr a) => Sum(Pow(a - x[..^1], 2) + (100 * Pow(x[1..] - (x[..^1] * x[..^1]), 2)));
        Expr start = new double[] { -1.2, 1 };
        var lowest = ArgMin(x => Rosenbrock(x, 1), start);
        Near(1, lowest[0].Value);
        Near(1, lowest[1].Value);
        Agreement.Near(Ones(5), ArgMin(x => Rosenbrock(x, 1), s_fiveUnknowns), Accuracy * 10);

        // It is at (a, a²).
        Expr slopes = new double[] { 1, 2 };
        Agreement.Near(slopes, Jacobian(a => ArgMin(x => Rosenbrock(x, a), start))(1), 1e-10);
    }

    // Each start is where the Hessian is not positive definite, or indefinite.
    [Fact]
    public void A_minimum_is_found_from_where_the_objective_is_not_convex()
    {
        Near(Math.PI, Math.Abs(ArgMin(Cos, 0.3).Value));
        Near(1, ArgMin(x => Pow((x * x) - 1, 2), 0.1).Value);
        Near(-1, ArgMin(x => Pow((x * x) - 1, 2), -1e-3).Value);
        static Expr Saddle(Expr x) => Pow((x[0] * x[0]) - 1, 2) + (x[0] * x[1]) + (x[1] * x[1]);
        Expr start = new double[] { 0.01, 0.01 };
        var lowest = ArgMin(Saddle, start);
        Agreement.Near(Zeros(2), Grad(Saddle)(lowest), Accuracy);
        Assert.True(Eigh(Hessian(Saddle)(lowest)).Values[0].Value > 0);
    }

    // Where the gradient is 0, so that only the curvature leads on.
    [Fact]
    public void A_search_moves_off_a_maximum_and_a_saddle()
    {
        Near(Math.PI, Math.Abs(ArgMin(Cos, 0).Value));
        var lowest = ArgMin(x => (x[0] * x[0]) - (x[1] * x[1]) + Pow(x[1], 4), new double[] { 3, 0 });
        Assert.Equal(0, lowest[0].Value, Accuracy);
        Near(Math.Sqrt(0.5), Math.Abs(lowest[1].Value));
    }

    // A pole is not leapt over, and an edge of a domain not either.
    [Fact]
    public void A_search_stays_on_its_side_of_a_pole()
    {
        Near(1, ArgMin(x => x + (1 / x), 3).Value);
        Near(1, ArgMin(x => x - Log(x), 100).Value);
        var lowest = ArgMin(x => (1 / (x[0] * x[1])) + x[0] + x[1], new double[] { 3, 2 });
        Near(1, lowest[0].Value);
        Near(1, lowest[1].Value);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-3)]
    [InlineData(100)]
    public void A_flat_minimum_and_a_multiple_root_are_found_though_Newtons_steps_shrink_slowly(double start)
    {
        Assert.Equal(0, ArgMin(x => Pow(x, 4), start).Value, Accuracy);
        Assert.Equal(0.1, ArgMin(x => Pow(x - 0.1, 4), start).Value, Accuracy);
        Assert.Equal(0, ArgMin(x => Pow(x, 6), start).Value, Accuracy);
        Assert.Equal(0, Root(x => x * x, start).Value, Accuracy);
        Assert.Equal(2, Root(x => Pow(x - 2, 3), start).Value, Accuracy);
        var lowest = ArgMin(x => Pow(x[0] - 1, 4) + Pow(x[1] - 2, 2), new double[] { start, start });
        Assert.Equal(1, lowest[0].Value, Accuracy);
        Assert.Equal(2, lowest[1].Value, Accuracy);
    }

    // A minimum need not be a point: any on the line will do.
    [Fact]
    public void One_of_a_line_of_minima_is_found()
    {
        var lowest = ArgMin(x => Pow(x[0] + x[1] - 3, 2), new double[] { 5, 1 });
        Assert.Equal(3, Sum(lowest).Value, 1e-12);
        Assert.Equal(7, ArgMin(x => 0 * x, 7).Value);
    }

    [Fact]
    public void An_unknown_without_elements_is_solved_for_by_nothing()
    {
        var none = Zeros(0, 2);
        Assert.Equal(none.Shape, Root(x => x + 1, none).Shape);
        Assert.Equal(none.Shape, FixedPoint(x => x + 1, none).Shape);
        Assert.Equal(none.Shape, ArgMin(x => Sum(x), none).Shape);
        Assert.Equal(0, Grad(theta => Sum(Root(x => x - theta, none)))(1).Value);
        Assert.Equal(0, Diff(theta => Sum(ArgMin(x => Sum(x * theta), none)))(1).Value);
    }

    // Near 0 an unknown has no size to be relative to, and rounding in f need not vanish with it.
    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    [InlineData(-1e6)]
    public void A_solution_at_0_is_found_to_the_rounding_of_its_equations(double start)
    {
        Assert.Equal(0, Root(x => x + 0.1 + 0.2 - 0.3, start).Value, 1e-15);
        Assert.Equal(0, Root(x => Exp(x / 1e6) + Sin(x) - 1, start / 1e6).Value, 1e-15);
        Assert.Equal(0, FixedPoint(x => x / 2, start).Value, 1e-15);
        Assert.Equal(0, ArgMin(x => Pow(x + 0.3 - 0.3, 2) + Cosh(x), Math.Max(start, -5)).Value, 1e-15);
        var both = Root(x => Stack([(x[0] * x[0]) + x[1] - 2, x[0] + Exp(x[1]) - Sqrt(2) - 1]), Stack([1, start / 1e6]));
        Near(Math.Sqrt(2), both[0].Value);
        Assert.Equal(0, both[1].Value, 1e-15);
    }

    // Curvatures of 1 and 10⁻¹⁰ are both curvatures.
    [Fact]
    public void An_ill_conditioned_minimum_is_found()
    {
        Expr scale = new double[] { 1, 1e-5 };
        Expr mix = new double[,] { { 0.6, 0.8 }, { -0.8, 0.6 } };
        var lowest = MatMul(mix, ArgMin(x => Sum(Cosh(scale * MatMul(mix, x - 1))), Zeros(2)));
        Agreement.Near(MatMul(mix, Ones(2)), lowest, 1e-6);
    }

    [Fact]
    public void A_start_that_is_a_solution_is_returned()
    {
        Assert.Equal(2, Root(x => (x * x) - 4, 2).Value);
        Assert.Equal(0, FixedPoint(Sin, 0).Value);
        Assert.Equal(1, ArgMin(x => Pow(x - 1, 2), 1).Value);
        Assert.Equal(0, ArgMin(x => Pow(x, 4), 0).Value);
    }

    [Fact]
    public void A_solver_of_ones_own_finds_the_solution_and_derivatives_follow()
    {
        static Expr ByBroyden(Func<Expr, Expr> f, Expr start) => Broyden.FindRoot(x => f(x).ToArray(), start.ToArray(), accuracy: 1e-12);
        Expr System(Expr theta) => Root(x => Stack([(x[0] * x[1]) - theta, x[0] - (2 * x[1])]), new double[] { 2, 1 }, ByBroyden);
        Assert.Equal(2, System(2)[0].Value, 1e-11);
        Agreement.Near(s_halfAndQuarter, Jacobian(System)(2));
        Agreement.Near(s_halfAndQuarter, JacobianForward(System)(2));
        var a = Variable("a");
        Agreement.Near(System(3), System(a).Substitute((a, 3)));
        Agreement.Near(Stack([System(2), System(3)]), Vmap(System)(new double[] { 2, 3 }));

        static Expr ByIteration(Func<Expr, Expr> f, Expr x) => Enumerable.Range(0, 100).Aggregate(x, (at, _) => f(at));
        Assert.Equal(0.7390851332151607, FixedPoint(Cos, 1, ByIteration).Value, 1e-15);
    }

    // A search that sees values only ends where the objective is flat to rounding, about half as many digits.
    [Fact]
    public void A_minimiser_of_ones_own_is_accepted_within_its_tolerance()
    {
        Expr Lowest(Expr theta)
        {
            Expr Objective(Expr x) => Cosh(x - theta);
            Expr ByValues(Func<Expr, Expr> gradient, Expr start) => FindMinimum.OfScalarFunction(x => Objective(x).Value, start.Value, 1e-9);
            return ArgMin(Objective, 0.5, ByValues, 1e-6);
        }

        Assert.Equal(2, Lowest(2).Value, 1e-6);
        Assert.Equal(1, Grad(Lowest)(2).Value, 1e-6);
    }

    [Fact]
    public void A_tolerance_of_a_given_solver_is_relative_to_a_large_solution()
    {
        static Expr Guess(Func<Expr, Expr> f, Expr start) => start;
        Assert.Equal(1e6, Root(x => x - 1e6 - 1e-3, 1e6, Guess).Value);
        Assert.Throws<AutodiffException>(() => Root(x => x - 1 - 1e-7, 1, Guess));
        Assert.Equal(1, Root(x => x - 1 - 1e-7, 1, Guess, tolerance: 1e-6).Value);
    }

    private static void Near(double expected, double actual, double accuracy = Accuracy) =>
        Assert.InRange(actual, expected - (accuracy * Math.Abs(expected)), expected + (accuracy * Math.Abs(expected)));
}
