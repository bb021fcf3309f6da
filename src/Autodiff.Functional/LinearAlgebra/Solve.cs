// Systems of linear equations with a general square matrix.

using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.LinearAlgebra;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// The solution x of a x = b. As in NumPy 2, b is a vector only if it has one axis; otherwise its last two axes are
    /// matrices whose columns are right-hand sides. Leading batch axes broadcast.
    /// </summary>
    /// <param name="a">Square matrices, of shape (…, n, n).</param>
    /// <param name="b">Of shape (n) or (…, n, k).</param>
    /// <returns>Of shape (…, n) if b is a vector, else (…, n, k).</returns>
    /// <exception cref="ShapeException">a is not square, b is not as long, or the batch axes do not broadcast.</exception>
    /// <exception cref="AutodiffException">A matrix is singular: elimination comes to a pivot that is exactly 0.</exception>
    public static Expr Solve(Expr a, Expr b) => new SolvePrimitive().Of(a, b);
}

/// <summary>The solution of a x = b by elimination. A matrix that is broadcast to several right-hand sides is factored once.</summary>
/// <param name="Root">If the system is for the derivative of a solution, the operation whose Jacobian the matrix is; null for a system of the user.</param>
internal sealed record SolvePrimitive(RootJacobian? Root = null) : SystemPrimitive
{
    public override Op Op => Op.Solve;

    public static Reader Reader { get; } = new("solve", call => new SolvePrimitive().Read(call));

    public override Spelling Spelling => Spelling.Formed("solve", @"⟨a:Atom⟩^{-1} \, ⟨b:Power⟩", Level.Product);

    protected override SystemPrimitive Transposed => this;

    protected override Expr FactorsOf(Expr a) => new FactorsPrimitive(this).Of(a);

    protected override void Solve(in Matrix a, in Matrix side, Span<double> solution, ref SquareSystem? system)
    {
        if (a.IsFinite)
        {
            (system ??= Factored(a)).Solve(side.Elements, side.Columns, solution);
        }
        else
        {
            solution.Fill(double.NaN);
        }
    }

    protected override void SolveIn<T>(NumberField<T> field, T[] a, T[] sides, int n)
    {
        if (!Array.TrueForAll(a, T.IsFinite))
        {
            Array.Fill(sides, field.Constant(double.NaN));
        }
        else if (FieldMatrices.Eliminate(field, a, sides, n) is null)
        {
            throw Root?.Singular() ?? new AutodiffException($"{Op}: a matrix of shape ({n}, {n}) is singular: elimination comes to a pivot of 0; Svd takes matrices of any rank.");
        }
    }

    public SquareSystem Factored(in Matrix a)
    {
        var system = new SquareSystem(a.Elements, a.Rows);
        return system.IsSingular ? throw Root?.Singular() ?? a.Singular() : system;
    }
}

/// <summary>The factors of square matrices, as numbers that only <see cref="SystemPrimitive"/> reads. They have no derivative: a system has that of its matrix.</summary>
/// <param name="System">The system that the factors are for, which states the error of a singular matrix.</param>
internal sealed record FactorsPrimitive(SolvePrimitive System) : OneMatrixPrimitive
{
    public override Op Op => Op.Factors;

    public static Reader Reader { get; } = Reader.Unary("factors", a => new FactorsPrimitive(new SolvePrimitive()).OfSquare(a));

    public override Spelling Spelling => new("factors");

    protected override int[] LengthsFor(int rows, int columns) => [SquareSystem.PackedLength(rows)];

    protected override Expr Tangent(int operand, Expr a, Expr y, Expr tangent) => Zeros(y.Shape);

    protected override void Compute(in Matrix a, Span<double> result) => System.Factored(a).Pack(result);

    /// <summary>No factors: a system of numbers of another type than double factors its matrix again.</summary>
    protected override T[] ComputeIn<T>(NumberField<T> field, T[] a, int rows, int columns)
    {
        var none = new T[SquareSystem.PackedLength(rows)];
        Array.Fill(none, T.Zero);
        return none;
    }

    /// <summary>Factors as a batch of rows of numbers.</summary>
    public static Matrices Rows(Storage factors) => new(Op.Factors, factors.View(Shape.Of([.. factors.Shape.Lengths[..^1], 1, factors.Shape[factors.Shape.Rank - 1]]), 0));

    /// <summary>A factored matrix of n rows; null if its elements are not all finite.</summary>
    public static SquareSystem? Read(in Matrix row, int n) => double.IsNaN(row.Elements[0]) ? null : SquareSystem.Unpacked(row.Elements, n);
}

/// <summary>Says that the matrix of a system is the Jacobian of the equations of an operation (Root, FixedPoint, ArgMin) at their solution.</summary>
internal sealed record RootJacobian(string Operation)
{
    public NotDifferentiableException Singular() => new(
        $"{Operation}: the solution has no derivative: the Jacobian of its equations (f of Root, x − f of FixedPoint, the gradient of ArgMin) " +
        "is singular there, as at a multiple root or a flat minimum. If none is wanted, wrap the solution in StopGradient.");
}
