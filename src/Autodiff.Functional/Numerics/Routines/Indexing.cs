// Routines that read and write slices at positions along an axis, which are operands. Positions are whole numbers in doubles. The sizes of a routine are the
// numbers of batches, of tensors before the axis, of positions along it, of numbers after it, and of given positions. Each batch has its own positions.

namespace Autodiff.Functional.Numerics;

internal static class Indexing
{
    /// <summary>Reads slices: result[b, p, k, q] = x[b, p, position[b, k], q].</summary>
    public static void Gather(in Operands operands, Span<double> result, Span<double> scratch, ReadOnlySpan<int> sizes)
    {
        var x = operands.First;
        var positions = operands.Second;
        var (before, length, after, count) = (sizes[1], sizes[2], sizes[3], sizes[4]);
        for (var outer = 0; outer < sizes[0] * before; outer++)
        {
            var from = x.Slice(outer * length * after, length * after);
            var to = result.Slice(outer * count * after, count * after);
            var own = positions.Slice(outer / before * count, count);
            for (var k = 0; k < own.Length; k++)
            {
                var position = PositionIn("Take", own[k], length);
                if (after == 1)
                {
                    to[k] = from[position];
                }
                else
                {
                    from.Slice(position * after, after).CopyTo(to.Slice(k * after, after));
                }
            }
        }
    }

    /// <summary>Adds slices into zeros, the transpose of <see cref="Gather"/>: result[b, p, position[b, k], q] += x[b, p, k, q].</summary>
    public static void ScatterAdd(in Operands operands, Span<double> result, Span<double> scratch, ReadOnlySpan<int> sizes)
    {
        var positions = operands.First;
        var x = operands.Second;
        var (before, length, after, count) = (sizes[1], sizes[2], sizes[3], sizes[4]);
        result.Clear();
        for (var outer = 0; outer < sizes[0] * before; outer++)
        {
            var from = x.Slice(outer * count * after, count * after);
            var to = result.Slice(outer * length * after, length * after);
            var own = positions.Slice(outer / before * count, count);
            for (var k = 0; k < own.Length; k++)
            {
                var position = PositionIn("ScatterAdd", own[k], length);
                if (after == 1)
                {
                    to[position] += from[k];
                }
                else
                {
                    RowOperations.AddMultiple(to.Slice(position * after, after), 1, from.Slice(k * after, after));
                }
            }
        }
    }

    /// <summary>Replaces slices of a copy of x, of several for the same position the last: result[b, p, position[b, k], q] = values[b, p, k, q].</summary>
    public static void Update(in Operands operands, Span<double> result, Span<double> scratch, ReadOnlySpan<int> sizes)
    {
        var positions = operands.Second;
        var values = operands.Third;
        var (before, length, after, count) = (sizes[1], sizes[2], sizes[3], sizes[4]);
        operands.First.CopyTo(result);
        for (var outer = 0; outer < sizes[0] * before; outer++)
        {
            var from = values.Slice(outer * count * after, count * after);
            var to = result.Slice(outer * length * after, length * after);
            var own = positions.Slice(outer / before * count, count);
            for (var k = 0; k < own.Length; k++)
            {
                from.Slice(k * after, after).CopyTo(to.Slice(PositionIn("Update", own[k], length) * after, after));
            }
        }
    }

    /// <summary>The largest of the slices of each segment, −∞ where there is none: result[b, s, q] is the largest of values[b, k, q] with position[b, k] = s.</summary>
    public static void SegmentMax(in Operands operands, Span<double> result, Span<double> scratch, ReadOnlySpan<int> sizes)
    {
        var values = operands.First;
        var segments = operands.Second;
        var (length, after, count) = (sizes[2], sizes[3], sizes[4]);
        result.Fill(double.NegativeInfinity);
        for (var batch = 0; batch < sizes[0]; batch++)
        {
            var from = values.Slice(batch * count * after, count * after);
            var to = result.Slice(batch * length * after, length * after);
            for (var k = 0; k < count; k++)
            {
                var start = PositionIn("SegmentMax", segments[(batch * count) + k], length) * after;
                for (var q = 0; q < after; q++)
                {
                    to[start + q] = Math.Max(to[start + q], from[(k * after) + q]);
                }
            }
        }
    }

    private static int PositionIn(string operation, double position, int length)
    {
        var whole = (int)position;
        return (uint)whole < (uint)length && whole == position ? whole : throw Outside(operation, position, length);
    }

    private static AutodiffException Outside(string operation, double position, int length) => new(length == 0
        ? $"{operation}: position {position} is outside an axis of length 0, which has no positions."
        : $"{operation}: position {position} is not a whole number from 0 to {length - 1}, the last position of the axis.");
}
