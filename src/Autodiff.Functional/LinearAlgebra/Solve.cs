// Systems of linear equations with a general square matrix.

using Autodiff.Functional.Formulas;
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

    public override SystemKernels.Kernel Kernel => SystemKernels.Solve;

    /// <summary>The error of a singular matrix; null for one that names the matrix.</summary>
    public override Func<AutodiffException>? Singular => Root is null ? null : Root.Singular;

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
}

/// <summary>The factors of square matrices, as numbers that only <see cref="SystemPrimitive"/> reads. They have no derivative: a system has that of its matrix.</summary>
/// <param name="System">The system that the factors are for, which states the error of a singular matrix.</param>
internal sealed record FactorsPrimitive(SolvePrimitive System) : OneMatrixPrimitive
{
    public override Op Op => Op.Factors;

    public static Reader Reader { get; } = Reader.Unary("factors", a => new FactorsPrimitive(new SolvePrimitive()).OfSquare(a));

    public override Spelling Spelling => new("factors");

    protected override int[] LengthsFor(int rows, int columns) => [SquareSystem.PackedLength(rows)];

    protected override Expr Tangent(Expr a, Expr y, Expr tangent) => Zeros(y.Shape);

    protected override MatrixKernels.Kernel KernelFor(int rows, int columns) => MatrixKernels.Factors;

    public override Func<AutodiffException>? Singular => System.Singular;

    /// <summary>No factors: a system of numbers of another type than double factors its matrix again.</summary>
    protected override T[] ComputeIn<T>(NumberField<T> field, T[] a, int rows, int columns)
    {
        var none = new T[SquareSystem.PackedLength(rows)];
        Array.Fill(none, T.Zero);
        return none;
    }
}

/// <summary>Says that the matrix of a system is the Jacobian of the equations of an operation (Root, FixedPoint, ArgMin) at their solution.</summary>
internal sealed record RootJacobian(string Operation)
{
    public NotDifferentiableException Singular() => new(
        $"{Operation}: the solution has no derivative: the Jacobian of its equations (f of Root, x − f of FixedPoint, the gradient of ArgMin) " +
        "is singular there, as at a multiple root or a flat minimum. If none is wanted, wrap the solution in StopGradient.");
}
