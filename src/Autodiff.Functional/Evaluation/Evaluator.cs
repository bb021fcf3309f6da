// The value of one primitive from the values of its operands: which kernel computes what.

using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Evaluation;

internal static class Evaluator
{
    /// <summary>The value of a primitive whose operands and result shape have been checked.</summary>
    public static Storage Evaluate(Op op, object? attribute, Shape shape, ReadOnlySpan<Storage> operands) => op switch
    {
        _ when op.IsElementwise() => Elementwise(op, shape, operands),
        _ when op.IsReduction() => ReductionKernels.Reduce(op, (Folding)attribute!, shape, operands[0]),
        _ when op.IsContraction() => ContractionKernels.Contract((Contraction)attribute!, operands),
        _ when op.IsLinearAlgebra() => LinearAlgebraKernels.Evaluate(op, attribute, shape, operands),
        Op.Variable => operands[0],
        Op.CumSum => LayoutKernels.CumSum((Axis)attribute!, operands[0]),
        Op.Reshape => operands[0].Reshaped(shape),
        Op.BroadcastTo => LayoutKernels.Broadcast(operands[0], shape),
        Op.Permute => LayoutKernels.Permute((Permutation)attribute!, operands[0], shape),
        Op.Slice or Op.Take => LayoutKernels.Select((Selection)attribute!, operands[0]),
        Op.Scatter => LayoutKernels.Scatter((Placement)attribute!, operands),
        Op.Concat or Op.Stack => LayoutKernels.Join(((Axis)attribute!).Index, operands, shape),
        Op.Flip => LayoutKernels.Flip(((Axis)attribute!).Index, operands[0]),
        Op.Defined => ((Definition)attribute!).Map(operands[0]),
        Op.Loop => ((Loop)attribute!).Run(operands),
        Op.LoopAdjoint => ((LoopAdjoint)attribute!).Run(operands),
        Op.Cond => ((Choice)attribute!).Run(operands),
        Op.Call => ((Function)attribute!).Run(operands),
        Op.Root => ((RootProblem)attribute!).Run(operands),
        Op.MatrixFunction => MatrixFunctions.Evaluate((SpectralFunction)attribute!, shape, operands),
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "not a primitive with operands"),
    };

    private static Storage Elementwise(Op op, Shape shape, ReadOnlySpan<Storage> operands)
    {
        var uniform = true;
        var aligned = true;
        foreach (var operand in operands)
        {
            var single = operand.IsUniform || operand.Size == 1;
            uniform &= single;
            aligned &= single || operand.Size == shape.Size;
        }

        if (uniform && shape.Size > 0)
        {
            return Storage.Filled(
                operands.Length switch
                {
                    1 => ScalarKernels.Apply(op, operands[0][0]),
                    2 => ScalarKernels.Apply(op, operands[0][0], operands[1][0]),
                    _ => ScalarKernels.Apply(op, operands[0][0], operands[1][0], operands[2][0]),
                },
                shape);
        }

        if (op == Op.StopGradient)
        {
            return operands[0];
        }

        var result = Storage.Uninitialized(shape, out var elements);
        if (aligned)
        {
            Apply(op, elements, operands.Length, Whole(operands[0]), operands.Length > 1 ? Whole(operands[1]) : default, operands.Length > 2 ? Whole(operands[2]) : default);
        }
        else
        {
            InBlocks(op, shape, operands, elements);
        }

        return result;
    }

    private static Lane Whole(Storage operand) => operand.IsUniform || operand.Size == 1 ? new(operand[0]) : new(operand.Span);

    private static void InBlocks(Op op, Shape shape, ReadOnlySpan<Storage> operands, Span<double> result)
    {
        var a = new BlockReader(operands[0], shape);
        var b = new BlockReader(operands[Math.Min(1, operands.Length - 1)], shape);
        var c = new BlockReader(operands[^1], shape);
        var scratch = Block.Scratch.Take();
        for (var start = 0; start < result.Length; start += Block.Capacity)
        {
            var length = Math.Min(Block.Capacity, result.Length - start);
            scratch.Next(length);
            var second = operands.Length > 1 ? b.Read(scratch, start).Lane : default;
            var third = operands.Length > 2 ? c.Read(scratch, start).Lane : default;
            Apply(op, result.Slice(start, length), operands.Length, a.Read(scratch, start).Lane, second, third);
        }

        scratch.Return();
    }

    private static void Apply(Op op, Span<double> result, int arity, Lane a, Lane b, Lane c)
    {
        switch (arity)
        {
            case 1: VectorKernels.Apply(op, a.Span, result); break;
            case 2: VectorKernels.Apply(op, a, b, result); break;
            default: VectorKernels.Apply(op, a, b, c, result); break;
        }
    }
}
