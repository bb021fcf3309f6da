// A solution of equations as one node: what Root, FixedPoint and ArgMin make. How it was found does not matter to its derivative,
// which the implicit function theorem gives: F(x, θ) = 0 has dx = −(∂F/∂x)⁻¹ ∂F/∂θ dθ.

using Autodiff.Functional.Evaluation;

namespace Autodiff.Functional.Programs;

/// <summary>
/// (x₀, θ) ↦ x with F(x, θ) = 0, searched from x₀, where F has the shape of x. It does not depend on x₀.
/// </summary>
/// <param name="operation">What the user called, for errors.</param>
/// <param name="residual">From x and θ to F and, of a minimum, the objective whose gradient F is.</param>
/// <param name="solver">How it is solved where it has numbers.</param>
internal sealed class RootProblem(string operation, Body residual, Solver solver) : IProgram
{
    public string Operation => operation;

    /// <summary>From x and θ to F alone.</summary>
    public Body Residual { get; } = Body.Over(residual.Parameters, residual.Results[..1]);

    public IReadOnlyList<Body> Bodies => [Residual];

    public bool MayFail => true;

    public Shape Shape => residual.Parameters[0].Shape;

    public Expr Node(ReadOnlySpan<Expr> operands) => Expr.Make(Op.Root, this, Shape, operands);

    public Storage Run(ReadOnlySpan<Storage> operands)
    {
        var arguments = new Expr[operands.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = Expr.Constant(operands[i]);
        }

        return solver(operation, x => residual.Apply([x, .. arguments.AsSpan(1)]), arguments[0]).Storage;
    }
}

/// <summary>Solves F(x) = 0 on numbers.</summary>
/// <param name="operation">What the user called, for errors.</param>
/// <param name="problem">From x to F(x) and, of a minimum, the objective.</param>
/// <param name="start">Where to start.</param>
/// <exception cref="AutodiffException">No solution was found.</exception>
internal delegate Expr Solver(string operation, Func<Expr, Expr[]> problem, Expr start);
