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
    public static LocalBuilder[] Emit(ILGenerator code, LocalBuilder[] rows) => rows.Length == Vector512<double>.Count ? Eight(code, rows) : Four(code, rows);

    private static LocalBuilder[] Eight(ILGenerator code, LocalBuilder[] rows)
    {
        Func<Vector512<double>, Vector512<double>, Vector512<double>> low = Avx512F.UnpackLow, high = Avx512F.UnpackHigh;
        Func<Vector512<double>, Vector512<double>, byte, Vector512<double>> blocks = Avx512F.Shuffle4x128;
        const byte Even = 0x88;
        const byte Odd = 0xDD;
        var columns = new LocalBuilder[rows.Length];
        for (var odd = 0; odd < 2; odd++)
        {
            // Pairs of lanes: the even or the odd lanes of two rows, side by side.
            var pairs = new LocalBuilder[4];
            for (var pair = 0; pair < pairs.Length; pair++)
            {
                pairs[pair] = Combined(code, (odd == 0 ? low : high).Method, rows[2 * pair], rows[(2 * pair) + 1]);
            }

            foreach (var (choice, first) in ((byte, int)[])[(Even, 0), (Odd, 2)])
            {
                var upper = Combined(code, blocks.Method, pairs[0], pairs[1], choice);
                var lower = Combined(code, blocks.Method, pairs[2], pairs[3], choice);
                columns[first + odd] = Combined(code, blocks.Method, upper, lower, Even);
                columns[first + odd + 4] = Combined(code, blocks.Method, upper, lower, Odd);
            }
        }

        return columns;
    }

    private static LocalBuilder[] Four(ILGenerator code, LocalBuilder[] rows)
    {
        Func<Vector256<double>, Vector256<double>, Vector256<double>> low = Avx.UnpackLow, high = Avx.UnpackHigh;
        Func<Vector256<double>, Vector256<double>, byte, Vector256<double>> blocks = Avx.Permute2x128;
        var columns = new LocalBuilder[rows.Length];
        for (var odd = 0; odd < 2; odd++)
        {
            var upper = Combined(code, (odd == 0 ? low : high).Method, rows[0], rows[1]);
            var lower = Combined(code, (odd == 0 ? low : high).Method, rows[2], rows[3]);
            columns[odd] = Combined(code, blocks.Method, upper, lower, 0x20);
            columns[odd + 2] = Combined(code, blocks.Method, upper, lower, 0x31);
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
