// Systems of linear equations whose matrix has few diagonals.

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
    /// The solution x of a x = b, where a has zeros outside some diagonals, in time and memory linear in n; so are its derivatives. The diagonals are given
    /// as in LAPACK and SciPy: element a[i, j] is bands[upper + i − j, j].
    /// </summary>
    /// <remarks>
    /// The first row of the bands is the highest diagonal. Elements at the ends of rows, which are outside the matrix, are not read and have derivative 0.
    /// Right-hand sides and batches are those of <see cref="Solve"/>.
    /// </remarks>
    /// <example>
    /// <code>
    /// // −x″ on a grid: 2 on the diagonal, −1 beside it.
    /// var x = SolveBanded(1, 1, new double[,] { { 0, -1, -1 }, { 2, 2, 2 }, { -1, -1, 0 } }, new double[] { 1, 0, 1 }); // [1, 1, 1]
    /// </code>
    /// </example>
    /// <param name="lower">The number of diagonals below the main one, 0 or more.</param>
    /// <param name="upper">The number of diagonals above the main one, 0 or more.</param>
    /// <param name="bands">The diagonals, of shape (…, lower + upper + 1, n).</param>
    /// <param name="b">Of shape (n) or (…, n, k).</param>
    /// <returns>Of shape (…, n) if b is a vector, else (…, n, k).</returns>
    /// <exception cref="ShapeException">The bands have another number of rows, b is not as long, or the batch axes do not broadcast.</exception>
    /// <exception cref="AutodiffException">lower or upper is negative, or a matrix is singular: elimination comes to a pivot that is exactly 0.</exception>
    public static Expr SolveBanded(int lower, int upper, Expr bands, Expr b) => new SolveBandedPrimitive(lower, upper, IsTransposed: false).Of(bands, b);
}

/// <summary>The solution of a x = b or aᵀ x = b for a banded matrix.</summary>
/// <param name="Lower">The number of diagonals of a below the main one.</param>
/// <param name="Upper">The number of diagonals of a above the main one.</param>
/// <param name="IsTransposed">Whether the system is that of the transposed matrix, which has the same bands.</param>
internal sealed record SolveBandedPrimitive(int Lower, int Upper, bool IsTransposed) : EquationsPrimitive
{
    public override Op Op => Op.SolveBanded;

    public static Reader Reader { get; } = new("solvebanded", call => new SolveBandedPrimitive(call.Integer("lower") ?? 0, call.Integer("upper") ?? 0, call.Flag("transpose"))
        .Of(call.Operand("the bands"), call.Operand("the right-hand side")));

    public override Spelling Spelling => new("solvebanded");

    public override IEnumerable<(string Label, string Text)> Attributes(Expr node)
    {
        yield return ("lower", $"{Lower}");
        yield return ("upper", $"{Upper}");
        if (IsTransposed)
        {
            yield return ("transpose", "true");
        }
    }

    public override Expr Of(Expr bands, Expr b)
    {
        if (Lower < 0 || Upper < 0)
        {
            throw new AutodiffException($"{Op}: the numbers of diagonals below and above the main one are {Lower} and {Upper}; they must be 0 or more.");
        }

        var left = MatrixOf(Op.Name(), bands);
        _ = ShapeOf(Op.Name(), b);
        var n = left[left.Rank - 1];
        if (left[left.Rank - 2] != (long)Lower + Upper + 1)
        {
            throw new ShapeException($"{Op}: bands of shape {left} do not have {(long)Lower + Upper + 1} rows, one for each diagonal: {Upper} above the main one, itself, and {Lower} below.");
        }

        return Of(bands, b, n, n, "bands (…, d, n) is a vector (n) or matrices (…, n, k)");
    }

    protected override Expr Tangent(Point point, Expr node, int operand, Expr tangent) =>
        Of(point.Enter(node.Operand(0)), operand == 1 ? tangent : -Product(tangent, point.Enter(node)));

    protected override Expr? Transpose(int operand, Expr a, Expr cotangent) => (this with { IsTransposed = !IsTransposed }).Of(a, cotangent);

    public override PowerSeries Expand(Expr node, PowerSeries[] operands, Expr primal, SeriesTable table) =>
        new SystemSeries(primal, operands[0], operands[1], Product, side => Of(operands[0].Primal, side));

    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands)
    {
        var result = Storage.Uninitialized(shape, out var solutions);
        if (!solutions.IsEmpty)
        {
            SystemKernels.Banded(Lower, Upper, IsTransposed, MatricesOf(operands[0]), MatricesOf(operands[1]), shape.Lengths[..^2], solutions);
        }

        return result;
    }

    /// <summary>Numbers of other types: the whole matrix.</summary>
    public override T[] EvaluateIn<T>(NumberField<T> field, Shape shape, ReadOnlySpan<NumberTensor<T>> operands)
    {
        var (n, length, diagonals) = (shape.Lengths[^2], shape.Lengths[^2] * shape.Lengths[^1], Lower + Upper + 1);
        var bands = operands[0].Over(Shape.Of([.. shape.Lengths[..^2], diagonals, n]));
        T[] solutions = [.. operands[1].Over(shape)];
        for (var i = 0; length > 0 && i * length < solutions.Length; i++)
        {
            var matrix = new T[n * n];
            Array.Fill(matrix, T.Zero);
            for (var at = 0; at < diagonals * n; at++)
            {
                var (row, column) = ((at / n) + (at % n) - Upper, at % n);
                if (row >= 0 && row < n)
                {
                    matrix[IsTransposed ? (column * n) + row : (row * n) + column] = bands[(i * diagonals * n) + at];
                }
            }

            var sides = solutions[(i * length)..((i + 1) * length)];
            if (!Array.TrueForAll(matrix, T.IsFinite))
            {
                Array.Fill(sides, field.Constant(double.NaN));
            }
            else if (FieldMatrices.Eliminate(field, matrix, sides, n) is null)
            {
                throw new AutodiffException($"{Op}: a matrix of shape ({diagonals}, {n}) holds the diagonals of a singular matrix: elimination comes to a pivot of 0.");
            }

            sides.CopyTo(solutions, i * length);
        }

        return solutions;
    }

    /// <summary>a x for the matrix of some bands: for each diagonal the products of its elements with those of x that they meet, moved to their rows.</summary>
    private Expr Product(Expr bands, Expr x)
    {
        var n = x.Shape[x.Rank - 2];
        Expr? sum = null;
        for (var diagonal = 0; diagonal <= Lower + Upper; diagonal++)
        {
            // Element a[i, j] of the diagonal has j = i − offset.
            var offset = diagonal - Upper;
            var (first, end) = (Math.Max(0, -offset), Math.Min(n, n - offset));
            if (first < end)
            {
                var elements = MatrixTranspose(Block(bands, diagonal..(diagonal + 1), first..end));
                var (from, to) = IsTransposed ? (first + offset, first) : (first, first + offset);
                var products = elements * Block(x, from..(from + end - first), ..);
                Expr Rows(int count) => Zeros([.. products.Shape.Lengths[..^2], count, products.Shape[products.Rank - 1]]);
                var moved = Concat([Rows(to), products, Rows(n - to - (end - first))], -2);
                sum = sum is null ? moved : sum + moved;
            }
        }

        return sum ?? Zeros(x.Shape);
    }
}
