// The value of one primitive from the values of its operands: which kernel computes what.

using System.Runtime.CompilerServices;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Evaluation;

internal static class Evaluator
{
    /// <summary>The value of a primitive whose operands and result shape have been checked.</summary>
    public static Storage Evaluate(Op op, object? attribute, Shape shape, ReadOnlySpan<Storage> operands) => op switch
    {
        _ when op.IsUnary() => Unary(op, operands[0]),
        _ when op.IsBinary() => Binary(op, shape, operands[0], operands[1]),
        _ when op.IsElementwise() => Ternary(op, shape, operands[0], operands[1], operands[2]),
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

    /// <summary>The value of a unary elementwise primitive.</summary>
    /// <remarks>Like <see cref="Binary"/> it is what most values come from, so it is optimised at its first call.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Storage Unary(Op op, Storage x)
    {
        if (op == Op.StopGradient)
        {
            return x;
        }

        if (IsNumber(x))
        {
            return Storage.Filled(ScalarKernels.Apply(op, x[0]), x.Shape);
        }

        var elements = GC.AllocateUninitializedArray<double>(x.Size);
        VectorKernels.Apply(op, x.Span, elements);
        return new(x.Shape, elements);
    }

    /// <summary>The value of a binary elementwise primitive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Storage Binary(Op op, Shape shape, Storage a, Storage b)
    {
        var size = shape.Size;
        if (IsNumber(a) && IsNumber(b) && size > 0)
        {
            return Storage.Filled(ScalarKernels.Apply(op, a[0], b[0]), shape);
        }

        var elements = GC.AllocateUninitializedArray<double>(size);
        if (IsAligned(a, size) && IsAligned(b, size))
        {
            VectorKernels.Apply(op, Whole(a), Whole(b), elements);
        }
        else
        {
            InBlocks(op, shape, a, b, elements);
        }

        return new(shape, elements);
    }

    /// <summary>The value of a ternary elementwise primitive.</summary>
    public static Storage Ternary(Op op, Shape shape, Storage a, Storage b, Storage c)
    {
        var size = shape.Size;
        if (IsNumber(a) && IsNumber(b) && IsNumber(c) && size > 0)
        {
            return Storage.Filled(ScalarKernels.Apply(op, a[0], b[0], c[0]), shape);
        }

        var result = Storage.Uninitialized(shape, out var elements);
        if (IsAligned(a, size) && IsAligned(b, size) && IsAligned(c, size))
        {
            VectorKernels.Apply(op, Whole(a), Whole(b), Whole(c), elements);
        }
        else
        {
            InBlocks(op, shape, [a, b, c], elements);
        }

        return result;
    }

    private static void InBlocks(Op op, Shape shape, Storage a, Storage b, Span<double> result) => InBlocks(op, shape, [a, b], result);

    private static bool IsNumber(Storage operand) => operand.IsUniform || operand.Size == 1;

    /// <summary>Whether the elements of an operand stand one to one under those of a result of this size.</summary>
    private static bool IsAligned(Storage operand, int size) => operand.Size == size || IsNumber(operand);

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static Lane Whole(Storage operand) => IsNumber(operand) ? new(operand[0]) : new(operand.Span);

    private static void InBlocks(Op op, Shape shape, ReadOnlySpan<Storage> operands, Span<double> result)
    {
        var a = new BlockReader(operands[0], shape);
        var b = new BlockReader(operands[1], shape);
        var c = new BlockReader(operands[^1], shape);
        var scratch = Block.Scratch.Take();
        for (var start = 0; start < result.Length; start += Block.Capacity)
        {
            var length = Math.Min(Block.Capacity, result.Length - start);
            scratch.Next(length);
            var (first, second) = (a.Read(scratch, start), b.Read(scratch, start));
            if (operands.Length == 2)
            {
                VectorKernels.Apply(op, first.Lane, second.Lane, result.Slice(start, length));
            }
            else
            {
                VectorKernels.Apply(op, first.Lane, second.Lane, c.Read(scratch, start).Lane, result.Slice(start, length));
            }
        }

        scratch.Return();
    }
}
