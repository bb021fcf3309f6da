// Equations without a solution, minima that do not exist, solvers that do not solve, and solutions without a derivative.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;
using static Autodiff.PropertyTests.Errors.Example;

namespace Autodiff.PropertyTests.Errors;

public class ImplicitErrorTests
{
    private static readonly Expr s_vector = new double[] { 1, 2, 3 };
    private static readonly Expr s_symbol = Variable("a");

    internal static IReadOnlyList<Example> All { get; } =
    [
        // No root.
        Of<AutodiffException>(() => Root(x => (x * x) + 1, 1), ["Root", "no solution was found", "singular", "the residual is"]),
        Of<AutodiffException>(() => Root(x => (x * x) + 1, 0.3), ["Root", "no solution was found", "the residual is"]),
        Of<AutodiffException>(() => Root(x => (x * x) - 1, 0), ["Root", "the Jacobian is singular or not finite after 0 steps", "the residual is 1 at 0"]),
        Of<AutodiffException>(() => Root(Exp, 0), ["Root", "the residual tends to 0, but after 500 steps x still moves off"]),
        Of<AutodiffException>(() => Root(x => Where(x > 0, x + 1, x - 1), 0.5), ["Root", "no solution was found", "the residual is"]),
        Of<AutodiffException>(() => Root(x => Sum(x) - s_vector, Zeros(3)), ["Root", "Jacobian is singular", "the residual is"]),
        Of<AutodiffException>(() => Root(Log, -1), ["Root", "not finite", "the residual is NaN at -1"]),
        Of<AutodiffException>(() => FixedPoint(x => x + 1, 0), ["FixedPoint", "singular", "the residual is 1"]),
        Of<AutodiffException>(() => FixedPoint(x => x + 1 + (x * x), 0.5), ["FixedPoint", "no solution was found", "the residual is"]),

        // No minimum.
        Of<AutodiffException>(() => ArgMin(x => -x, 0), ["ArgMin", "the objective decreases without bound", "the residual is 1"]),
        Of<AutodiffException>(() => ArgMin(x => Exp(-x) - x, -20), ["ArgMin", "the objective decreases without bound", "the residual is 1"]),
        Of<AutodiffException>(() => ArgMin(x => Exp(-x), 0), ["ArgMin", "the objective still decreases after 500 steps", "may have no minimum"]),
        Of<AutodiffException>(() => ArgMin(x => Sqrt(1 + (x * x)) - x, 1), ["ArgMin", "only tends to 0"]),
        Of<AutodiffException>(() => ArgMin(x => (3 * Abs(x - 1)) + (x * x), 0.3), ["ArgMin", "kink"]),
        Of<AutodiffException>(() => ArgMin(Log, 1), ["ArgMin", "the objective is -∞", "Bound it from below"]),
        Of<AutodiffException>(() => ArgMin(x => -x * x, 1), ["ArgMin", "no solution was found", "the residual is"]),
        Of<AutodiffException>(() => ArgMin(x => x * x * x, 1), ["ArgMin", "no solution was found", "the residual is"]),
        Of<AutodiffException>(() => ArgMin(x => -Exp(x), 1), ["ArgMin", "no solution was found", "the residual is"]),
        Of<AutodiffException>(() => ArgMin(x => (x[0] * x[0]) - (x[1] * x[1]), Zeros(2)), ["ArgMin", "the objective decreases without bound"]),
        Of<AutodiffException>(() => ArgMin(x => Log(x), -1), ["ArgMin", "the objective or a derivative is not finite after 0 steps", "the residual is"]),
        Of<AutodiffException>(() => ArgMin(x => x * double.NaN, 1), ["ArgMin", "not finite", "the residual is NaN"]),

        // Solutions without a derivative.
        Of<NotDifferentiableException>(() => Grad(a => Root(x => (x - a) * (x - a), 3))(0), ["Root", "no derivative", "singular", "multiple root"]),
        Of<NotDifferentiableException>(() => Diff(a => Root(x => (x * x) - a, 3))(0), ["Root", "no derivative", "singular"]),
        Of<NotDifferentiableException>(() => Grad(a => FixedPoint(x => x + ((x - a) * (x - a)), 3))(0), ["FixedPoint", "no derivative", "singular"]),
        Of<NotDifferentiableException>(() => Grad(a => ArgMin(x => Pow(x, 4) - (a * x), 3))(0), ["ArgMin", "no derivative", "singular", "flat minimum"]),
        Of<NotDifferentiableException>(() => Diff(a => ArgMin(x => Pow(x - a, 4), 3))(0.1), ["ArgMin", "no derivative", "singular", "flat minimum"]),
        Of<NotDifferentiableException>(
            () => Backward(Root(x => (x * x) - s_symbol, 3))[s_symbol].Substitute((s_symbol, 0)), ["Root", "no derivative", "singular", "StopGradient"]),
        Of<NotDifferentiableException>(() => Vmap(Grad(a => Root(x => (x * x) - a, 3)))(new double[] { 1, 0 }), ["Root", "no derivative", "singular"]),

        // Solvers of the caller's.
        Of<AutodiffException>(() => Root(x => Exp(-x), 0, (f, x) => 200), ["Root", "Newton's next step from there is not short"]),
        Of<AutodiffException>(() => ArgMin(x => x + (1 / x), 3, (f, x) => 1e195), ["ArgMin", "the solver's result does not solve"]),
        Of<AutodiffException>(() => ArgMin(Cos, 1, (f, x) => 0), ["ArgMin", "it is no minimum"]),
        Of<AutodiffException>(() => Root(x => x - 1, 0, (f, x) => x), ["Root", "the solver's result does not solve", "tolerance of 1E-08", "the residual is 1 at 0"]),
        Of<AutodiffException>(() => FixedPoint(Cos, 0, (f, x) => x), ["FixedPoint", "the solver's result does not solve", "the residual is 1 at 0"]),
        Of<AutodiffException>(() => ArgMin(x => x * x, 1, (f, x) => x), ["ArgMin", "the solver's result does not solve", "the residual is 2 at 1"]),
        Of<AutodiffException>(() => Root(x => x - 1, 0, (f, x) => double.NaN), ["Root", "the residual there is not finite", "NaN"]),
        Of<AutodiffException>(() => Root(x => x - s_symbol, 0, (f, x) => x).Substitute((s_symbol, 1)), ["Root", "the solver's result does not solve"]),
        Of<NotConcreteException>(() => Root(x => x, 0, (f, x) => s_symbol), ["Root", "the solver's result is symbolic"]),
        Of<AutodiffException>(() => Root(x => x, 0, (f, x) => x, tolerance: -1), ["Root", "tolerance is -1"]),
        Of<AutodiffException>(() => Root(x => x - s_symbol, 0, (f, x) => x, double.NaN), ["Root", "tolerance is NaN"]),
        Shaped(() => Root(x => x - 1, 0, (f, x) => s_vector), ["Root", "the solver's result", "(3)", "()"]),
        Shaped(() => FixedPoint(x => x - 1, 0, (f, x) => s_vector), ["FixedPoint", "the solver's result", "(3)", "()"]),

        // Limits.
        Of<AutodiffException>(() => Root(x => Exp(x) - 1e-30, 0, maxSteps: 3), ["Root", "after 3 steps", "raise maxSteps"]),
        Of<AutodiffException>(() => Root(x => x, 1, maxSteps: 0), ["Root", "maxSteps is 0"]),

        // Shapes.
        Shaped(() => Root(x => Sum(x), s_vector), ["Root", "(3)", "()"]),
        Shaped(() => Root(x => x * s_vector, 1), ["Root", "()", "(3)"]),
        Shaped(() => Root(x => x * s_vector * s_symbol, 1), ["Root", "()", "(3)"]),
        Shaped(() => FixedPoint(x => Sum(x), s_vector), ["FixedPoint", "(3)", "()"]),
        Shaped(() => ArgMin(x => x, s_vector), ["ArgMin", "(3)", "not ()"]),
        Shaped(() => ArgMin(x => x * s_symbol, s_vector), ["ArgMin", "(3)", "not ()"]),

        // A choice by a value that is not there.
        Of<NotConcreteException>(() => Root(x => x.Value > 0 ? x - s_symbol : x, 1), ["Value", "Where"]),

        // Nulls.
        Null(() => Root(null!, 1), "Root"),
        Null(() => Root(x => null!, 1), "Root"),
        Null(() => Root(x => x, null!), "Root"),
        Null(() => Root(x => x, 0, (f, x) => null!), "Root"),
        Null(() => FixedPoint(null!, 1), "FixedPoint"),
        Null(() => FixedPoint(x => null!, 1), "FixedPoint"),
        Null(() => FixedPoint(x => x, null!), "FixedPoint"),
        Null(() => FixedPoint(x => x, 0, (f, x) => null!), "FixedPoint"),
        Null(() => ArgMin(null!, 1), "ArgMin"),
        Null(() => ArgMin(x => null!, 1), "ArgMin"),
        Null(() => ArgMin(x => x, null!), "ArgMin"),
        Null(() => ArgMin(x => x, 0, (f, x) => null!), "ArgMin"),
    ];

    [Fact]
    public void A_formula_without_a_solution_meets_the_same_error_when_its_variables_get_values()
    {
        Expr F(Expr a) => Root(x => (x * x) + a, 0.3);
        var eager = Record.Exception(() => F(1));

        Assert.IsType<AutodiffException>(eager);
        Assert.Equal(eager.Message, Record.Exception(() => F(s_symbol).Substitute((s_symbol, 1)))?.Message);
        Assert.Equal(eager.Message, Record.Exception(() => Vmap(F)(new double[] { -1, 1 }))?.Message);
        Assert.Equal(eager.Message, Record.Exception(() => Grad(F)(1))?.Message);
    }

    [Fact]
    public void A_solution_without_a_derivative_still_has_a_value()
    {
        Assert.Equal(0, Root(x => (x * x) - s_symbol, 3).Substitute((s_symbol, 0)).Value, 1e-14);
        Assert.Equal(1, Grad(a => a + StopGradient(ArgMin(x => Pow(x, 4) - (a * x), 3)))(0).Value, 1e-14);
    }

    [Fact]
    public void An_error_of_the_function_or_the_solver_comes_through_unchanged()
    {
        var error = new InvalidOperationException("the user's own");

        Assert.Same(error, Record.Exception(() => Root(x => throw error, 0)));
        Assert.Same(error, Record.Exception(() => ArgMin(x => throw error, 0)));
        Assert.Same(error, Record.Exception(() => Root(x => x, 0, (f, x) => throw error)));
    }
}
