// The primitives of linear algebra. Each states the tangent of its result as a linear map of the tangent of a matrix; reverse mode transposes that map.

using System.Numerics;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;
using Autodiff.Functional.Sweeps;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    internal static Shape MatrixOf(string operation, Expr a)
    {
        var shape = ShapeOf(operation, a);
        return shape.Rank >= 2 ? shape
            : throw new ShapeException($"{operation}: shape {shape} is not that of matrices; it must be (…, m, n).");
    }

    internal static Shape SquareOf(string operation, Expr a)
    {
        var shape = ShapeOf(operation, a);
        return shape.Rank >= 2 && shape[shape.Rank - 2] == shape[shape.Rank - 1] ? shape
            : throw new ShapeException($"{operation}: shape {shape} is not that of square matrices; it must be (…, n, n).");
    }
}

/// <summary>A primitive of matrices, which are the last two axes of its operands.</summary>
internal abstract record MatrixPrimitive : OperandwisePrimitive
{
    public sealed override bool MayFail => true;

    /// <summary>The error of a singular matrix; null for one that names the matrix.</summary>
    public virtual Func<AutodiffException>? Singular => null;

    /// <summary>The tangent of a node, given the tangent of one operand, of which it is a linear map.</summary>
    /// <param name="point">Where the derivative is taken: what operands and the result enter it by.</param>
    /// <param name="node">The node.</param>
    /// <param name="operand">Which operand has the tangent.</param>
    /// <param name="tangent">Of the operand's shape.</param>
    protected abstract Expr Tangent(Point point, Expr node, int operand, Expr tangent);

    /// <summary>
    /// The transpose of the tangent map in an operand, applied to a cotangent of the result, if the map is a primitive itself; null if it is
    /// composed of several primitives, which a reverse sweep transposes one by one.
    /// </summary>
    protected virtual Expr? Transpose(int operand, Expr a, Expr cotangent) => null;

    /// <summary>Whether the tangent map in an operand is a primitive itself, so that <see cref="Transpose(int, Expr, Expr)"/> states its transpose.</summary>
    protected virtual bool IsPrimitive(int operand) => false;

    /// <summary>The axes that a tangent map mixes: unless all elements along them are structural zeros, none is in the result.</summary>
    protected virtual Axes MixedAxes => new[] { -2, -1 };

    public sealed override Sensitivity? Push(Point point, Expr node, int operand, Sensitivity tangent)
    {
        if (IsPrimitive(operand))
        {
            return Mixed(Tangent(point, node, operand, tangent.Value), tangent);
        }

        using var map = TangentMap(point, node, operand);
        return ForwardSweep.Run(map, [tangent])[0];
    }

    public sealed override Sensitivity? Pull(Point point, Expr node, int operand, Sensitivity cotangent)
    {
        if (IsPrimitive(operand))
        {
            return Mixed(Transpose(point, node, operand, cotangent.Value)!, cotangent)?.SumTo(node.Operand(operand).Shape);
        }

        using var map = TangentMap(point, node, operand);
        return ReverseSweep.Run(map, [cotangent], keepGraph: false)[map.VariablePlaces[0]];
    }

    /// <summary>
    /// No axis of an operand corresponds to one of the result: those of a matrix do not survive, and the kernels take the batch as a whole.
    /// </summary>
    public sealed override int[] AxesOf(Expr node, int operand) => AxisMap.Nowhere(node.Operand(operand).Rank);

    /// <summary>A matrix of the result depends on the whole of the matrices at the same place of the batch.</summary>
    public sealed override int[] Depend(Expr node, int[]?[] operands, IndexSets sets)
    {
        int[]? union = null;
        for (var operand = 0; operand < operands.Length; operand++)
        {
            union = operands[operand] is { } own ? sets.Union(union, sets.Along(own, node.Operand(operand).Shape, node.Shape, UnmixedAxes(node, operand))) : union;
        }

        return union!;
    }

    /// <summary>The axis map of an operand whose kernels would compute each position along the axes apart: those of the batch.</summary>
    protected virtual int[] UnmixedAxes(Expr node, int operand) => AxisMap.Leading(node.Operand(operand).Shape, node.Operand(operand).Rank - 2, node.Shape, BatchRank(node));

    /// <summary>The number of leading axes of the result that belong to the batch.</summary>
    protected static int BatchRank(Expr node) => node.Operands.Take(2).Max(operand => operand.Rank - 2);

    /// <summary>An operand as a batch of matrices.</summary>
    protected Matrices MatricesOf(Storage operand) => new(Op.Name(), operand.Span, operand.Shape.Lengths, Singular);

    /// <summary>The transpose of the tangent map in an operand, if it is a primitive itself.</summary>
    protected virtual Expr? Transpose(Point point, Expr node, int operand, Expr cotangent) => Transpose(operand, point.Enter(node.Operand(0)), cotangent);

    /// <summary>The tangent map of a node as a graph over a symbolic leaf, so that sweeps carry masks through it in either direction.</summary>
    private ActiveGraph TangentMap(Point point, Expr node, int operand)
    {
        var leaf = Leaf(null, Variable("tangent", node.Operand(operand).Shape));
        return new([Tangent(point, node, operand, leaf)], [leaf]);
    }

    private Sensitivity? Mixed(Expr value, Sensitivity flow) => flow.Live is null
        ? new(value, null)
        : Sensitivity.Selected(value, BroadcastTo(Sum(flow.Live, MixedAxes, keepDims: true) > 0, value.Shape));
}

/// <summary>A primitive of one matrix, applied to each matrix of a batch.</summary>
internal abstract record OneMatrixPrimitive : MatrixPrimitive
{
    /// <summary>The tangent of the result, given that of the matrix, of which it is a linear map.</summary>
    /// <param name="a">The matrix, as it enters the derivative.</param>
    /// <param name="y">The result, as it enters the derivative.</param>
    /// <param name="tangent">Of the matrix's shape.</param>
    protected abstract Expr Tangent(Expr a, Expr y, Expr tangent);

    protected sealed override Expr Tangent(Point point, Expr node, int operand, Expr tangent) => Tangent(point.Enter(node.Operand(0)), point.Enter(node), tangent);

    /// <summary>The lengths of the axes of the result for a matrix.</summary>
    protected virtual int[] LengthsFor(int rows, int columns) => [rows, columns];

    /// <summary>The value of all elements of the result for matrices without elements.</summary>
    public virtual double OfNone => 0;

    /// <summary>What computes the result for one matrix of a size.</summary>
    protected abstract MatrixKernels.Kernel KernelFor(int rows, int columns);

    /// <summary>What computes the result for one of some matrices.</summary>
    public MatrixKernels.Kernel KernelFor(Shape matrices) => KernelFor(matrices.Lengths[^2], matrices.Lengths[^1]);

    /// <summary>The node over matrices: the batch axes stay, and the axes of the result for one matrix follow from the matrix's shape.</summary>
    public Expr Of(Expr a) =>
        Make(this, Shape.Of([.. a.Shape.Lengths[..^2], .. LengthsFor(a.Shape[a.Rank - 2], a.Shape[a.Rank - 1])], Op.Name()), [a]);

    /// <summary>The node over square matrices.</summary>
    public Expr OfSquare(Expr a)
    {
        _ = SquareOf(Op.Name(), a);
        return Of(a);
    }

    /// <summary>The node over matrices of any shape.</summary>
    public Expr OfMatrix(Expr a)
    {
        _ = MatrixOf(Op.Name(), a);
        return Of(a);
    }

    /// <summary>The batch axis is one more leading axis, like the batch axes that the primitive has anyway.</summary>
    public sealed override Expr Batch(Expr node, Batched[] operands, int size) => Of(operands[0].Value);

    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands)
    {
        var result = Storage.Uninitialized(shape, out var results);
        MatrixKernels.ForEach(KernelFor(operands[0].Shape), MatricesOf(operands[0]), OfNone, results);
        return result;
    }

    public sealed override T[] EvaluateIn<T>(NumberField<T> field, Shape shape, ReadOnlySpan<NumberTensor<T>> operands)
    {
        var results = new T[shape.Size];
        var (rows, columns) = (operands[0].Shape.Lengths[^2], operands[0].Shape.Lengths[^1]);
        if (rows * columns == 0)
        {
            Array.Fill(results, field.Constant(OfNone));
            return results;
        }

        var count = operands[0].Elements.Length / (rows * columns);
        var length = results.Length / Math.Max(count, 1);
        for (var i = 0; i < count; i++)
        {
            var a = operands[0].Elements[(i * rows * columns)..((i + 1) * rows * columns)];
            if (Array.TrueForAll(a, T.IsFinite))
            {
                ComputeIn(field, a, rows, columns).CopyTo(results, i * length);
            }
            else
            {
                Array.Fill(results, field.Constant(double.NaN), i * length, length);
            }
        }

        return results;
    }

    /// <summary>The result for one matrix of numbers of any type, which may be overwritten.</summary>
    protected abstract T[] ComputeIn<T>(NumberField<T> field, T[] a, int rows, int columns)
        where T : INumberBase<T>;

    /// <summary>The error of a matrix of another type than double.</summary>
    protected AutodiffException Error(int rows, int columns, string reason) => new($"{Op}: a matrix of shape ({rows}, {columns}) {reason}.");
}
