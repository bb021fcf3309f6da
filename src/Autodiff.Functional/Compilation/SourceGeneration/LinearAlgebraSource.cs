// Writes operations of linear algebra, which the library's own kernels compute: their text becomes part of the file.

using Autodiff.Functional.Compilation.Runtime;
using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.Compilation.SourceGeneration;

/// <summary>A call of the kernels of an operation, for each matrix of a batch.</summary>
internal sealed class LinearAlgebraSource : IStatements
{
    private readonly NodeStep _step;
    private readonly string _call;

    private LinearAlgebraSource(NodeStep step, string call) => (_step, _call) = (step, call);

    /// <summary>The call for a step; null if it is not one of linear algebra.</summary>
    public static LinearAlgebraSource? Of(NodeStep step, MemoryNames names, SourceFile file)
    {
        var shape = step.Node.Shape;
        string Batch(int operand, ReadOnlySpan<int> lengths) => Matrices(step.Node, StepSource.Operand(step, operand, names, file), step.Node.Operand(operand).Shape.Size, lengths);
        string Operand(int operand) => Batch(operand, step.Node.Operand(operand).Shape.Lengths);
        var (batch, target) = (Lengths(shape.Lengths[..Math.Max(shape.Rank - 2, 0)]), $"MemoryMarshal.CreateSpan(ref {names.Of(step.Results[0])}, {NumberSource.Whole(shape.Size)})");
        var call = step.Node.Primitive switch
        {
            OneMatrixPrimitive one => $"MatrixKernels.ForEach(MatrixKernels.{one.KernelFor(step.Node.Operand(0).Shape).Method.Name}, {Operand(0)}, {NumberSource.Literal(one.OfNone)}, {target});",
            SystemPrimitive system => $"SystemKernels.ForEach(SystemKernels.{system.Kernel.Method.Name}, {Operand(0)}, {Operand(1)}, "
                + $"{(step.Node.OperandCount > 2 ? Batch(2, SystemPrimitive.RowsOf(step.Node.Operand(2).Shape)) : "default")}, {batch}, {target});",
            LyapunovPrimitive => $"SystemKernels.Lyapunov({Operand(0)}, {Operand(1)}, {batch}, {target});",
            LeastSquaresPrimitive => $"SystemKernels.LeastSquares({Operand(0)}, {Operand(1)}, {batch}, {target});",
            SylvesterPrimitive sylvester => $"SystemKernels.{(sylvester.IsNaNWhereSingular ? nameof(SystemKernels.SylvesterOrNaN) : nameof(SystemKernels.Sylvester))}"
                + $"({Operand(0)}, {Operand(1)}, {Operand(2)}, {batch}, {target});",
            SolveBandedPrimitive banded => $"SystemKernels.Banded({NumberSource.Whole(banded.Lower)}, {NumberSource.Whole(banded.Upper)}, {(banded.IsTransposed ? "true" : "false")}, "
                + $"{Operand(0)}, {Operand(1)}, {batch}, {target});",
            _ => null,
        };
        if (call is null)
        {
            return null;
        }

        file.Allocates = true;
        return new(step, call);
    }

    /// <inheritdoc/>
    public void Write(SourceWriter writer)
    {
        writer.Line($"// {_step.Node.Op} of {string.Join(", ", _step.Node.Operands.Select(operand => $"shape {operand.Shape}"))}.");
        writer.Line(_call);
    }

    /// <summary>An operand of a node as a batch of matrices.</summary>
    /// <param name="node">The node.</param>
    /// <param name="place">Where the operand is.</param>
    /// <param name="size">How many elements it has.</param>
    /// <param name="lengths">The lengths of its axes.</param>
    public static string Matrices(Expr node, string place, int size, ReadOnlySpan<int> lengths) =>
        $"new(\"{node.Op.Name()}\", MemoryMarshal.CreateReadOnlySpan(ref {place}, {NumberSource.Whole(size)}), {Lengths(lengths)})";

    /// <summary>The lengths of axes.</summary>
    public static string Lengths(ReadOnlySpan<int> lengths) => $"[{string.Join(", ", lengths.ToArray().Select(length => NumberSource.Whole(length)))}]";
}
