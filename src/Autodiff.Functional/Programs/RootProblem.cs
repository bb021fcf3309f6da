// A solution of equations as one node: what Root, FixedPoint and ArgMin make. Its derivative does not depend on how it was found; it
// follows from the implicit function theorem: F(x, θ) = 0 has dx = −(∂F/∂x)⁻¹ ∂F/∂θ dθ.

using System.Runtime.CompilerServices;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;
using Autodiff.Functional.Sweeps;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Programs;

/// <summary>
/// (x₀, θ) ↦ x with F(x, θ) = 0, searched from x₀, where F has the shape of x. The derivative with respect to x₀ is zero.
/// </summary>
/// <param name="Operation">The name of what the user called, for errors.</param>
/// <param name="Problem">From x and θ to F and, for a minimum, to the objective whose gradient F is.</param>
/// <param name="Solver">Finds x on numbers.</param>
/// <param name="Control">How long the solver may search, and who watches it.</param>
internal sealed record RootProblem(string Operation, Computation Problem, Solver Solver, IterationControl Control) : ProgramPrimitive(Operation)
{
    // Newton steps after the solution in doubles: two reach the digits of DoubleDouble, and more the tangents of nested numbers.
    private const int Refinements = 8;

    public override Op Op => Op.Root;

    /// <summary>From x and θ to F alone.</summary>
    public Computation Residual { get; } = Computation.Over(Problem.Parameters, Problem.Results[..1]);

    public override IReadOnlyList<Computation> Computations => [Residual];

    public override object? Settings => (Solver, Control, Problem.Results.Length);

    public override bool MayFail => true;

    public Shape Shape => Problem.Parameters[0].Shape;

    public Expr Node(ReadOnlySpan<Expr> operands) => Make(this, Shape, operands);

    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands)
    {
        var arguments = new Expr[operands.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = Constant(operands[i]);
        }

        return Solver(Operation, Control.Stoppable(x => Problem.Apply([x, .. arguments.AsSpan(1)])), arguments[0], Control).Storage;
    }

    /// <summary>
    /// The solution for the approximate values, which the solver finds in doubles, and Newton steps with the Jacobian there: each adds the digits of a
    /// double, and an order of the tangents of numbers that have any.
    /// </summary>
    public override T[] EvaluateIn<T>(NumberField<T> field, Shape shape, ReadOnlySpan<NumberTensor<T>> operands)
    {
        field.RequireApproximate(Operation);
        var approximate = NumberTensor<T>.Rounded(field, operands);
        var solution = Evaluate(shape, approximate);
        var slopes = new SquareSystem(Slopes([Constant(solution), .. approximate.Skip(1).Select(Constant)]).Storage.Span, shape.Size);
        if (slopes.IsSingular)
        {
            throw new AutodiffException($"{Operation}: the Jacobian of the equations is singular at the solution, so Newton's method has no steps to more digits than double has.");
        }

        var inverse = new double[shape.Size * shape.Size];
        slopes.Invert(inverse);
        var factors = Array.ConvertAll(inverse, field.Constant);
        var x = NumberTensor<T>.Of(field, solution).Elements;
        for (var step = 0; step < Refinements; step++)
        {
            var residual = Residual.RunIn(field, [new(shape, x), .. operands[1..]])[0];
            var moves = FieldMatrices.Product<T>(factors, residual, x.Length, x.Length, 1);
            x = [.. x.Zip(moves, (own, move) => own - move)];
        }

        return x;
    }

    public override Sensitivity? Push(Point point, Expr node, Sensitivity?[] tangents) =>
        new(Push(point.Enter(node), point.EnterOperands(node), ValuesOf(tangents)), null);

    public override Sensitivity?[] Pull(Point point, Expr node, bool[] wanted, Sensitivity cotangent) =>
        Unmasked(Pull(point.Enter(node), point.EnterOperands(node), wanted, cotangent.Value));

    /// <summary>
    /// Equations that share an unknown are solved together: each unknown depends on all that the equations of its system depend on, and on no other system.
    /// </summary>
    public override int[] Depend(Expr node, int[]?[] operands, IndexSets sets)
    {
        var residual = Residual;
        var unknowns = new IndexSets(Shape.Size);
        var among = new int[]?[operands.Length];
        among[0] = IndexSets.OfInputs(Shape.Size);
        var coupled = Dependence.Of(residual, among, unknowns)[0] ?? new int[Shape.Size];

        // Equation i and unknown i have the same place; so systems are the connected components of these places.
        int[] systems = [.. Enumerable.Range(0, Shape.Size)];
        int SystemOf(int place)
        {
            while (systems[place] != place)
            {
                place = systems[place] = systems[systems[place]];
            }

            return place;
        }

        for (var equation = 0; equation < coupled.Length; equation++)
        {
            foreach (var unknown in unknowns.Members(coupled[equation]))
            {
                systems[SystemOf(unknown)] = SystemOf(equation);
            }
        }

        int[] systemOf = [.. Enumerable.Range(0, systems.Length).Select(SystemOf)];
        var sides = Dependence.Of(residual, [null, .. operands[1..]], sets)[0] ?? new int[Shape.Size];
        var unions = sets.Union(sides, systemOf, Shape.Size);
        return Array.ConvertAll(systemOf, system => unions[system]);
    }

    /// <summary>The solution of each sample is searched for separately.</summary>
    public override Expr Batch(Expr node, Batched[] operands, int size) => new Batching(size).OneByOne(node, this, operands);

    /// <summary>root(x => residual, start).</summary>
    public override Fragment Print(Notation notation, Expr node, ReadOnlySpan<Fragment> operands)
    {
        var text = new ProgramText(notation);
        var x = text.Parameters("x", 1, operands[1..]);
        return notation.Call(notation.Function("root"), [text.Lambda(x, text.Inside(Residual, [.. x, .. operands[1..]])), operands[0].Text]);
    }

    // F(x, θ) = 0: θ̄ = −(∂F/∂θ)ᵀ λ with (∂F/∂x)ᵀ λ = x̄.
    private Expr?[] Pull(Expr x, Expr[] operands, bool[] wanted, Expr cotangent)
    {
        Expr[] at = [x, .. operands.AsSpan(1)];
        var multiplier = Solved(Transpose(Slopes(at)), cotangent);
        return Spread(Residual.Pullback(wanted).Apply([.. at, -multiplier]), wanted);
    }

    // F(x, θ) = 0: ∂F/∂x ẋ = −∂F/∂θ θ̇.
    private Expr Push(Expr x, Expr[] operands, Expr?[] tangents)
    {
        Expr[] at = [x, .. operands.AsSpan(1)];
        var residual = Residual;
        var (leaves, moved) = residual.Tangents(Array.ConvertAll(tangents, tangent => tangent is not null));
        var computation = Computation.Over([.. residual.Parameters, .. leaves.OfType<Expr>()], [moved[0] ?? Zeros(Shape)]);
        return Solved(Slopes(at), -computation.Apply([.. at, .. tangents.OfType<Expr>()])[0]);
    }

    /// <summary>∂F/∂x as a matrix.</summary>
    private Expr Slopes(Expr[] at)
    {
        var size = Shape.Size;

        // The residual reads nothing but the node's operands, which may be leaves of the derivative whose sweep this is.
        var trace = new Trace(Operation, [at[0]], x => [Residual.Apply([x[0], .. at.AsSpan(1)])[0]], isClosed: true);
        return Reshape(Jacobians.ByFewerSweeps(trace)[0], size, size);
    }

    private Expr Solved(Expr slopes, Expr right) =>
        Reshape(new SolvePrimitive(new RootJacobian(Operation)).Of(slopes, Reshape(right, right.Shape.Size)), right.Shape);

    public bool Equals(RootProblem? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);
}

/// <summary>Solves F(x) = 0 on numbers.</summary>
/// <param name="operation">The name of what the user called, for errors.</param>
/// <param name="problem">From x to F(x) and, for a minimum, to the objective.</param>
/// <param name="start">Where to start.</param>
/// <param name="control">How long the search may be, and who watches it.</param>
/// <exception cref="AutodiffException">No solution was found.</exception>
internal delegate Expr Solver(string operation, Func<Expr, Expr[]> problem, Expr start, IterationControl control);
