// Systems of linear equations with a triangular matrix.

using Autodiff.Functional.Formulas;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// The solution x of a x = b, or of aᵀ x = b, where a is triangular; the other triangle is not read and has derivative
    /// 0. Right-hand sides and batches are those of <see cref="Solve"/>.
    /// </summary>
    /// <param name="a">Square matrices, of shape (…, n, n).</param>
    /// <param name="b">Of shape (n) or (…, n, k).</param>
    /// <param name="lower">Whether it is the lower triangle of a that is read, or the upper one.</param>
    /// <param name="transpose">Whether to solve aᵀ x = b instead.</param>
    /// <param name="unitDiagonal">Whether the diagonal of a is taken to be ones, and not read.</param>
    /// <returns>Of shape (…, n) if b is a vector, else (…, n, k).</returns>
    /// <exception cref="ShapeException">a is not square, b is not as long, or the batch axes do not broadcast.</exception>
    /// <exception cref="AutodiffException">An element on a diagonal is 0.</exception>
    public static Expr SolveTriangular(Expr a, Expr b, bool lower = true, bool transpose = false, bool unitDiagonal = false)
    {
        _ = SquareOf("SolveTriangular", a);
        return new SolveTriangularPrimitive(lower != transpose, unitDiagonal).Of(transpose ? MatrixTranspose(a) : a, b);
    }
}

/// <summary>The solution of a x = b by substitution.</summary>
/// <param name="IsLower">Which triangle of the matrix is read.</param>
/// <param name="HasUnitDiagonal">Whether the diagonal is taken to be ones, and not read.</param>
internal sealed record SolveTriangularPrimitive(bool IsLower, bool HasUnitDiagonal) : SystemPrimitive
{
    public override Op Op => Op.SolveTriangular;

    public static Reader Reader { get; } = new("solvetriangular", call => new SolveTriangularPrimitive(call.Flag("lower", true), call.Flag("unitdiagonal")).Read(call));

    public override Spelling Spelling => new("solvetriangular");

    public override IEnumerable<(string Label, string Text)> Attributes(Expr node)
    {
        yield return ("lower", IsLower ? "true" : "false");
        if (HasUnitDiagonal)
        {
            yield return ("unitdiagonal", "true");
        }
    }

    protected override SystemPrimitive Transposed => this with { IsLower = !IsLower };

    /// <summary>The elements that are read; structural zeros for the others.</summary>
    protected override Expr Read(Expr tangent)
    {
        var below = Blocks.Below(tangent.Shape[tangent.Rank - 1], HasUnitDiagonal ? 0 : 1);
        return Where(IsLower ? below : MatrixTranspose(below), tangent, 0);
    }

    public override SystemKernels.Kernel Kernel => (IsLower, HasUnitDiagonal) switch
    {
        (true, false) => SystemKernels.SolveLower,
        (true, true) => SystemKernels.SolveUnitLower,
        (false, false) => SystemKernels.SolveUpper,
        (false, true) => SystemKernels.SolveUnitUpper,
    };

    protected override void SolveIn<T>(NumberField<T> field, T[] a, T[] sides, int n)
    {
        var columns = sides.Length / n;
        for (var step = 0; step < n; step++)
        {
            var row = IsLower ? step : n - 1 - step;
            var pivot = HasUnitDiagonal ? T.One : a[row * (n + 1)];
            if (T.IsZero(pivot))
            {
                throw new AutodiffException($"{Op}: a matrix of shape ({n}, {n}) is singular: element {row} of its diagonal is 0, so the system has no unique solution.");
            }

            for (var j = 0; j < columns; j++)
            {
                var rest = sides[(row * columns) + j];
                for (var other = IsLower ? 0 : row + 1; other < (IsLower ? row : n); other++)
                {
                    rest -= a[(row * n) + other] * sides[(other * columns) + j];
                }

                sides[(row * columns) + j] = rest / pivot;
            }
        }
    }
}
