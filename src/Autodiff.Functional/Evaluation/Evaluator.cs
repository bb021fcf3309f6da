// The values of elementwise primitives from those of their operands, of any shapes that broadcast.

using System.Runtime.CompilerServices;
using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.Evaluation;

internal static class Evaluator
{
    /// <summary>The value of an elementwise primitive, or of a leaf with a value, which is that of its operand.</summary>
    public static Storage Evaluate(Op op, Shape shape, ReadOnlySpan<Storage> operands) => operands.Length switch
    {
        1 when op == Op.Variable => operands[0],
        1 => Unary(op, operands[0]),
        2 => Binary(op, shape, operands[0], operands[1]),
        _ => Ternary(op, shape, operands[0], operands[1], operands[2]),
    };

    /// <summary>The value of a unary elementwise primitive.</summary>
    /// <remarks>This method and <see cref="Binary"/> compute most values, so they are compiled with full optimization at their first call.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Storage Unary(Op op, Storage x)
    {
        if (op == Op.StopGradient)
        {
            return x;
        }

        if (IsNumber(x))
        {
            return Storage.Filled(ElementwiseTable.Value(op, x[0]), x.Shape);
        }

        var elements = GC.AllocateUninitializedArray<double>(x.Size);
        ElementwiseTable.Map(op, x.Span, elements);
        return new(x.Shape, elements);
    }

    /// <summary>The value of a binary elementwise primitive.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Storage Binary(Op op, Shape shape, Storage a, Storage b)
    {
        var size = shape.Size;
        if (IsNumber(a) && IsNumber(b) && size > 0)
        {
            return Storage.Filled(ElementwiseTable.Value(op, a[0], b[0]), shape);
        }

        var elements = GC.AllocateUninitializedArray<double>(size);
        if (IsAligned(a, size) && IsAligned(b, size))
        {
            ElementwiseTable.Map(op, Whole(a), Whole(b), elements);
        }
        else
        {
            InBlocks(op, shape, [a, b], elements);
        }

        return new(shape, elements);
    }

    /// <summary>The value of a ternary elementwise primitive.</summary>
    public static Storage Ternary(Op op, Shape shape, Storage a, Storage b, Storage c)
    {
        var size = shape.Size;
        if (IsNumber(a) && IsNumber(b) && IsNumber(c) && size > 0)
        {
            return Storage.Filled(ElementwiseTable.Value(op, a[0], b[0], c[0]), shape);
        }

        var result = Storage.Uninitialized(shape, out var elements);
        if (IsAligned(a, size) && IsAligned(b, size) && IsAligned(c, size))
        {
            ElementwiseTable.Map(op, Whole(a), Whole(b), Whole(c), elements);
        }
        else
        {
            InBlocks(op, shape, [a, b, c], elements);
        }

        return result;
    }

    private static bool IsNumber(Storage operand) => operand.IsUniform || operand.Size == 1;

    /// <summary>
    /// Whether the elements of an operand correspond one to one, in order, to those of a result of this size, or are all the same number.
    /// </summary>
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
                ElementwiseTable.Map(op, first.Lane, second.Lane, result.Slice(start, length));
            }
            else
            {
                ElementwiseTable.Map(op, first.Lane, second.Lane, c.Read(scratch, start).Lane, result.Slice(start, length));
            }
        }

        scratch.Return();
    }
}
