// Which values of a kernel are computed where they are used, without a variable.

namespace Autodiff.Functional.Compilation.Kernels;

/// <summary>Chooses the values that need no variable, since they are used at one place: code with fewer variables is compiled faster, and to better code.</summary>
internal static class Nesting
{
    /// <summary>The most operations that are nested in one value of machine code without a variable.</summary>
    public const int Deepest = 16;

    /// <summary>For each instruction whether its value is computed where it is used.</summary>
    /// <param name="code">The instructions.</param>
    /// <param name="deepest">The most operations that are nested in one value.</param>
    public static bool[] Of(List<Instruction> code, int deepest)
    {
        var uses = new int[code.Count];
        var depths = new int[code.Count];
        foreach (var instruction in code)
        {
            for (var operand = 0; operand < instruction.OperandCount; operand++)
            {
                uses[instruction.Operand(operand)]++;
            }
        }

        var isNested = new bool[code.Count];
        for (var i = 0; i < isNested.Length; i++)
        {
            for (var operand = 0; operand < code[i].OperandCount; operand++)
            {
                var used = code[i].Operand(operand);
                depths[i] = isNested[used] ? Math.Max(depths[i], depths[used] + 1) : depths[i];
            }

            isNested[i] = code[i].Act == Act.Number || (!code[i].IsEffect && uses[i] == 1 && depths[i] < deepest);
        }

        return isNested;
    }

    /// <summary>Whether an instruction adds a product to a sum, fused with the multiplication.</summary>
    /// <param name="code">The instructions.</param>
    /// <param name="isNested">Which values are nested in machine code.</param>
    /// <param name="instruction">The instruction.</param>
    public static bool IsFused(List<Instruction> code, bool[] isNested, Instruction instruction) =>
        instruction is { Act: Act.Fold, Op: Op.Add } && isNested[instruction.A] && code[instruction.A] is { Act: Act.Apply, Op: Op.Multiply };
}
