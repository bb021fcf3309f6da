// The equation a x + x b = c of matrices.

using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// The matrix x with a x + x b = c (the equation of Sylvester; of Lyapunov, where b = aᵀ), by the Schur forms of a and b. Leading batch axes broadcast.
    /// </summary>
    /// <example>
    /// <code>
    /// var x = SolveSylvester(a, Transpose(a), -q); // the covariance at which dx = a x dt + noise of covariance q comes to rest
    /// </code>
    /// </example>
    /// <param name="a">Square matrices, of shape (…, m, m).</param>
    /// <param name="b">Square matrices, of shape (…, n, n).</param>
    /// <param name="c">Of shape (…, m, n).</param>
    /// <returns>Of shape (…, m, n).</returns>
    /// <exception cref="ShapeException">a or b is not square, c does not fit them, or the batch axes do not broadcast.</exception>
    /// <exception cref="AutodiffException">An eigenvalue of a is the negative of one of b, so there is no unique solution.</exception>
    public static Expr SolveSylvester(Expr a, Expr b, Expr c) => new SylvesterPrimitive().Of(a, b, c);
}

/// <summary>The x with a x + x b = c, linear in c, so that a x′ + x′ b = c′ − a′x − x b′.</summary>
/// <param name="IsNaNWhereSingular">Whether the value where there is no unique solution is NaN, for a derivative that a mask may remove, instead of an error.</param>
internal sealed record SylvesterPrimitive(bool IsNaNWhereSingular = false) : MatrixPrimitive
{
    private const string WhereSingular = "nanwheresingular";

    public override Op Op => Op.SolveSylvester;

    public static Reader Reader { get; } = new("solvesylvester", call => new SylvesterPrimitive(call.Flag(WhereSingular))
        .Of(call.Operand("the first matrix"), call.Operand("the second matrix"), call.Operand("the right-hand side")));

    public override Spelling Spelling => new("solvesylvester");

    public override IEnumerable<(string Label, string Text)> Attributes(Expr node) => IsNaNWhereSingular ? [(WhereSingular, "true")] : [];

    /// <summary>The node over matrices whose batches broadcast.</summary>
    public Expr Of(Expr a, Expr b, Expr c)
    {
        var (left, right, side) = (SquareOf(Op.Name(), a), SquareOf(Op.Name(), b), MatrixOf(Op.Name(), c));
        if (side[side.Rank - 2] != left[left.Rank - 1] || side[side.Rank - 1] != right[right.Rank - 1])
        {
            throw new ShapeException($"{Op}: shapes {left}, {right} and {side} do not fit; the right-hand side of matrices (…, m, m) and (…, n, n) has shape (…, m, n).");
        }

        return Shape.TryBroadcast(BatchOf(left), BatchOf(right), Op.Name()) is { } both && Shape.TryBroadcast(both, BatchOf(side), Op.Name()) is { } batch
            ? Make(this, Shape.Of([.. batch.Lengths, .. side.Lengths[^2..]], Op.Name()), [a, b, c])
            : throw new ShapeException($"{Op}: shapes {left}, {right} and {side} do not fit; the axes before the last two must broadcast: be equal, or one of them 1.");
    }

    protected override bool IsPrimitive(int operand) => operand == 2;

    protected override Expr Tangent(Point point, Expr node, int operand, Expr tangent)
    {
        var (a, b) = (point.Enter(node.Operand(0)), point.Enter(node.Operand(1)));
        return Of(a, b, operand switch
        {
            0 => -MatMul(tangent, point.Enter(node)),
            1 => -MatMul(point.Enter(node), tangent),
            _ => tangent,
        });
    }

    protected override Expr? Transpose(Point point, Expr node, int operand, Expr cotangent) =>
        Of(MatrixTranspose(point.Enter(node.Operand(0))), MatrixTranspose(point.Enter(node.Operand(1))), cotangent);

    protected override int[] UnmixedAxes(Expr node, int operand) => AxisMap.Leading(node.Operand(operand).Shape, node.Operand(operand).Rank - 2, node.Shape, node.Rank - 2);

    public override Expr Batch(Expr node, Batched[] operands, int size) => Of(operands[0].Aligned(node.Rank), operands[1].Aligned(node.Rank), operands[2].Aligned(node.Rank));

    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands)
    {
        var result = Storage.Uninitialized(shape, out var solutions);
        if (!solutions.IsEmpty)
        {
            var a = MatricesOf(operands[0]);
            var b = MatricesOf(operands[1]);
            var c = MatricesOf(operands[2]);
            if (IsNaNWhereSingular)
            {
                SystemKernels.SylvesterOrNaN(a, b, c, shape.Lengths[..^2], solutions);
            }
            else
            {
                SystemKernels.Sylvester(a, b, c, shape.Lengths[..^2], solutions);
            }
        }

        return result;
    }

    /// <summary>Numbers of other types: the mn linear equations for the elements of x.</summary>
    public override T[] EvaluateIn<T>(NumberField<T> field, Shape shape, ReadOnlySpan<NumberTensor<T>> operands)
    {
        var (m, n) = (shape.Lengths[^2], shape.Lengths[^1]);
        int[] batch = [.. shape.Lengths[..^2]];
        var (left, right) = (operands[0].Over(Shape.Of([.. batch, m, m])), operands[1].Over(Shape.Of([.. batch, n, n])));
        T[] solutions = [.. operands[2].Over(shape)];
        for (var i = 0; i * m * n < solutions.Length; i++)
        {
            var equations = new T[m * n * m * n];
            Array.Fill(equations, T.Zero);
            for (var row = 0; row < m; row++)
            {
                for (var column = 0; column < n; column++)
                {
                    var equation = ((row * n) + column) * m * n;
                    for (var k = 0; k < m; k++)
                    {
                        equations[equation + (k * n) + column] += left[(i * m * m) + (row * m) + k];
                    }

                    for (var k = 0; k < n; k++)
                    {
                        equations[equation + (row * n) + k] += right[(i * n * n) + (k * n) + column];
                    }
                }
            }

            var sides = solutions[(i * m * n)..((i + 1) * m * n)];
            if (!Array.TrueForAll(equations, T.IsFinite))
            {
                Array.Fill(sides, field.Constant(double.NaN));
            }
            else if (FieldMatrices.Eliminate(field, equations, sides, m * n) is null)
            {
                Array.Fill(sides, IsNaNWhereSingular ? field.Constant(double.NaN)
                    : throw new AutodiffException($"{Op}: a matrix of shape ({m}, {m}) has an eigenvalue that is the negative of one of the second matrix, so the equation has no unique solution."));
            }

            sides.CopyTo(solutions, i * m * n);
        }

        return solutions;
    }
}
