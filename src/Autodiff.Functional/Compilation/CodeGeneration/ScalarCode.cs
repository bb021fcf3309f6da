// Emits IL for elementwise primitives on single numbers, for methods on scalars and for kernels without samples.

using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Emit;
using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.Compilation.CodeGeneration;

/// <summary>
/// Emits elementwise primitives on single numbers: as IL instructions where there are some, otherwise as a call of the function that
/// <see cref="ElementwiseTable.NumberMethod"/> finds.
/// </summary>
internal static class ScalarCode
{
    private static readonly ConstructorInfo s_register = typeof(Lanes1).GetConstructor([typeof(double)])!;
    private static readonly FieldInfo s_number = typeof(Lanes1).GetField(nameof(Lanes1.Value))!;
    private static readonly MethodInfo s_integerPower = ((Func<double, int, double>)ScalarFunctions.IntegerPower).Method;

    /// <summary>The instructions that a primitive is, after those that push its operands; null if it is a call.</summary>
    private static OpCode[]? InstructionsOf(Op op) => op switch
    {
        Op.Add => [OpCodes.Add],
        Op.Subtract => [OpCodes.Sub],
        Op.Multiply => [OpCodes.Mul],
        Op.Divide => [OpCodes.Div],
        Op.Negate => [OpCodes.Neg],
        Op.StopGradient => [],
        Op.Less => [OpCodes.Clt, OpCodes.Conv_R8],
        Op.Greater => [OpCodes.Cgt, OpCodes.Conv_R8],
        Op.Equal => [OpCodes.Ceq, OpCodes.Conv_R8],
        Op.LessOrEqual => [OpCodes.Cgt_Un, OpCodes.Ldc_I4_0, OpCodes.Ceq, OpCodes.Conv_R8],
        Op.GreaterOrEqual => [OpCodes.Clt_Un, OpCodes.Ldc_I4_0, OpCodes.Ceq, OpCodes.Conv_R8],
        _ => null,
    };

    /// <summary>Whether a primitive is emitted as instructions or as a direct call, without looking it up by its number at run time.</summary>
    public static bool IsDirect(Op op) =>
        InstructionsOf(op) is not null || ElementwiseTable.NumberMethod(op) is not null || ElementwiseTable.RegisterMethod(op) is not null;

    /// <summary>Emits a primitive.</summary>
    /// <param name="code">Where it is emitted.</param>
    /// <param name="op">The primitive.</param>
    /// <param name="operands">The number of operands.</param>
    /// <param name="exponent">The second operand of a power, if it is a known number.</param>
    /// <param name="push">Emits code that pushes an operand.</param>
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Code is only emitted where new code can run.")]
    [UnconditionalSuppressMessage("Trimming", "IL2060", Justification = "The type parameter of these methods needs no members beyond its constraint.")]
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

        var instructions = InstructionsOf(op);
        var isInstructions = instructions is not null;
        var method = isInstructions ? null : ElementwiseTable.NumberMethod(op);

        // A primitive that is stated for registers only is computed in a register of one lane.
        var ofRegister = isInstructions || method is not null ? null : ElementwiseTable.RegisterMethod(op)?.MakeGenericMethod(typeof(Lanes1));
        if (!isInstructions && method is null && ofRegister is null)
        {
            code.Emit(OpCodes.Ldc_I4, (int)op);
        }

        for (var operand = 0; operand < operands; operand++)
        {
            push(operand);
            if (ofRegister is not null)
            {
                code.Emit(OpCodes.Newobj, s_register);
            }
            else if (operand == 0 && method is not null && op.HasOrder())
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
            code.Emit(OpCodes.Call, method ?? ofRegister ?? ElementwiseTable.ValueMethod(operands));
        }

        if (ofRegister is not null)
        {
            code.Emit(OpCodes.Ldfld, s_number);
        }
    }
}
