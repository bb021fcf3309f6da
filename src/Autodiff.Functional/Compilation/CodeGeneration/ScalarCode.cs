// Primitives of single numbers as instructions.

using System.Collections.Frozen;
using System.Reflection;
using System.Reflection.Emit;
using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.Compilation.CodeGeneration;

/// <summary>
/// Emits primitives of numbers: as instructions where there are some, otherwise as a call of the function that
/// <see cref="ElementwiseTable.NumberMethod"/> finds.
/// </summary>
internal static class ScalarCode
{
    private static readonly FrozenDictionary<Op, OpCode[]> s_instructions = new Dictionary<Op, OpCode[]>
    {
        [Op.Add] = [OpCodes.Add],
        [Op.Subtract] = [OpCodes.Sub],
        [Op.Multiply] = [OpCodes.Mul],
        [Op.Divide] = [OpCodes.Div],
        [Op.Negate] = [OpCodes.Neg],
        [Op.StopGradient] = [],
        [Op.Less] = [OpCodes.Clt, OpCodes.Conv_R8],
        [Op.Greater] = [OpCodes.Cgt, OpCodes.Conv_R8],
        [Op.Equal] = [OpCodes.Ceq, OpCodes.Conv_R8],
        [Op.LessOrEqual] = [OpCodes.Cgt_Un, OpCodes.Ldc_I4_0, OpCodes.Ceq, OpCodes.Conv_R8],
        [Op.GreaterOrEqual] = [OpCodes.Clt_Un, OpCodes.Ldc_I4_0, OpCodes.Ceq, OpCodes.Conv_R8],
    }.ToFrozenDictionary();

    private static readonly MethodInfo s_integerPower = ((Func<double, int, double>)ScalarFunctions.IntegerPower).Method;

    /// <summary>Whether a primitive is emitted without a look at the table of values.</summary>
    public static bool IsDirect(Op op) => s_instructions.ContainsKey(op) || ElementwiseTable.NumberMethod(op) is not null;

    /// <summary>Emits a primitive.</summary>
    /// <param name="code">Where to.</param>
    /// <param name="op">The primitive.</param>
    /// <param name="operands">How many operands it has.</param>
    /// <param name="exponent">The second operand of a power, if it is a known number.</param>
    /// <param name="push">Emits an operand.</param>
    public static void Emit(ILGenerator code, Op op, int operands, double? exponent, Action<int> push)
    {
        if (exponent == 2)
        {
            push(0);
            code.Emit(OpCodes.Dup);
            code.Emit(OpCodes.Mul);
            return;
        }

        if (exponent is { } power && ScalarFunctions.WholePower(power) is { } whole)
        {
            push(0);
            code.Emit(OpCodes.Ldc_I4, whole);
            code.Emit(OpCodes.Call, s_integerPower);
            return;
        }

        var isInstructions = s_instructions.TryGetValue(op, out var instructions);
        var method = isInstructions ? null : ElementwiseTable.NumberMethod(op);
        if (!isInstructions && method is null)
        {
            code.Emit(OpCodes.Ldc_I4, (int)op);
        }

        for (var operand = 0; operand < operands; operand++)
        {
            push(operand);
            if (operand == 0 && method is not null && op.HasOrder())
            {
                code.Emit(OpCodes.Conv_I4);
            }
        }

        foreach (var instruction in instructions ?? [])
        {
            code.Emit(instruction);
        }

        if (!isInstructions)
        {
            code.Emit(OpCodes.Call, method ?? ElementwiseTable.ValueMethod(operands));
        }
    }
}
