// Faster loads and stores where each sample has a row of its own, as in the results of a batch: as many elements of a row as a register has
// lanes are read or written at once, and are transposed with the samples in registers. One by one they would take several times as long.

using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Autodiff.Functional.Compilation.Kernels;

namespace Autodiff.Functional.Compilation.CodeGeneration;

/// <summary>Finds the instructions of a kernel that read or write parts of rows, and emits the code that transposes them.</summary>
internal static class Transposition
{
    /// <summary>Whether the processor has instructions for it.</summary>
    public static bool IsSupported(int lanes) => lanes == Vector512<double>.Count ? Avx512F.IsSupported : lanes == Vector256<double>.Count && Avx.IsSupported;

    /// <summary>
    /// Groups of as many loads, or stores, as there are lanes, at neighbouring addresses and in their order. The last group of a row may overlap the one
    /// before.
    /// </summary>
    public static IEnumerable<int[]> Rows(Kernel kernel, Act act, int lanes)
    {
        var code = kernel.Code;
        var loops = kernel.Space.Lengths.Length;
        foreach (var accesses in Enumerable.Range(0, code.Count)
            .Where(i => code[i].Act == act && code[i].Access is { Table: null, Along: not (0 or 1) })
            .GroupBy(i => (code[i].Access!.Segment, code[i].Access!.Along, Loops: string.Join(' ', Enumerable.Range(0, loops).Select(code[i].Access!.AlongLoop)))))
        {
            int[] sorted = [.. accesses.OrderBy(i => code[i].Access!.Start)];
            for (var (first, end) = (0, 0); first < sorted.Length; first = end)
            {
                for (end = first + 1; end < sorted.Length && code[sorted[end]].Access!.Start == code[sorted[end - 1]].Access!.Start + 1; end++)
                {
                }

                for (var start = first; end - first >= lanes && start < end; start += lanes)
                {
                    var from = Math.Min(start, end - lanes);
                    yield return sorted[from..(from + lanes)];
                }
            }
        }
    }

    /// <summary>Emits the transposition of registers: register i of the result has lane i of each of the given registers.</summary>
    public static LocalBuilder[] Emit(ILGenerator code, LocalBuilder[] rows)
    {
        Func<Vector512<double>, Vector512<double>, Vector512<double>> low = Avx512F.UnpackLow, high = Avx512F.UnpackHigh;
        Func<Vector512<double>, Vector512<double>, byte, Vector512<double>> blocks = Avx512F.Shuffle4x128;
        Func<Vector256<double>, Vector256<double>, Vector256<double>> lowOfFour = Avx.UnpackLow, highOfFour = Avx.UnpackHigh;
        Func<Vector256<double>, Vector256<double>, byte, Vector256<double>> blocksOfFour = Avx.Permute2x128;
        var isWide = rows.Length == Vector512<double>.Count;
        var (pairLow, pairHigh, pairBlocks) = isWide ? (low.Method, high.Method, blocks.Method) : (lowOfFour.Method, highOfFour.Method, blocksOfFour.Method);
        return Columns(rows, (isHigh, a, b) => Combined(code, isHigh ? pairHigh : pairLow, a, b), (a, b, control) => Combined(code, pairBlocks, a, b, control));
    }

    /// <summary>Transposes registers by the instructions of the processor.</summary>
    /// <param name="rows">Eight registers of eight lanes, or four of four.</param>
    /// <param name="unpack">Combines the low or the high lanes of each 128 bits of two registers, side by side.</param>
    /// <param name="blocks">Combines parts of 128 bits of two registers, chosen by a control byte.</param>
    /// <typeparam name="T">What stands for a register.</typeparam>
    public static T[] Columns<T>(T[] rows, Func<bool, T, T, T> unpack, Func<T, T, byte, T> blocks) =>
        rows.Length == Vector512<double>.Count ? Eight(rows, unpack, blocks) : Four(rows, unpack, blocks);

    private static T[] Eight<T>(T[] rows, Func<bool, T, T, T> unpack, Func<T, T, byte, T> blocks)
    {
        const byte Even = 0x88;
        const byte Odd = 0xDD;
        var columns = new T[rows.Length];
        for (var odd = 0; odd < 2; odd++)
        {
            // Pairs of lanes: the even or the odd lanes of two rows, side by side.
            var pairs = new T[4];
            for (var pair = 0; pair < pairs.Length; pair++)
            {
                pairs[pair] = unpack(odd == 1, rows[2 * pair], rows[(2 * pair) + 1]);
            }

            foreach (var (choice, first) in ((byte, int)[])[(Even, 0), (Odd, 2)])
            {
                var upper = blocks(pairs[0], pairs[1], choice);
                var lower = blocks(pairs[2], pairs[3], choice);
                columns[first + odd] = blocks(upper, lower, Even);
                columns[first + odd + 4] = blocks(upper, lower, Odd);
            }
        }

        return columns;
    }

    private static T[] Four<T>(T[] rows, Func<bool, T, T, T> unpack, Func<T, T, byte, T> blocks)
    {
        var columns = new T[rows.Length];
        for (var odd = 0; odd < 2; odd++)
        {
            var upper = unpack(odd == 1, rows[0], rows[1]);
            var lower = unpack(odd == 1, rows[2], rows[3]);
            columns[odd] = blocks(upper, lower, 0x20);
            columns[odd + 2] = blocks(upper, lower, 0x31);
        }

        return columns;
    }

    private static LocalBuilder Combined(ILGenerator code, MethodInfo method, LocalBuilder a, LocalBuilder b, byte? control = null)
    {
        var result = code.DeclareLocal(a.LocalType);
        code.Emit(OpCodes.Ldloc, a);
        code.Emit(OpCodes.Ldloc, b);
        if (control is { } choice)
        {
            code.Emit(OpCodes.Ldc_I4, (int)choice);
        }

        code.Emit(OpCodes.Call, method);
        code.Emit(OpCodes.Stloc, result);
        return result;
    }
}
