// Primitives of single numbers as instructions.

using System.Reflection.Emit;
using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.Compilation.CodeGeneration;

internal static class ScalarCode
{
    private static readonly Type[] s_one = [typeof(double)];
    private static readonly Type[] s_two = [typeof(double), typeof(double)];

    /// <summary>Emits a primitive.</summary>
    /// <param name="code">Where to.</param>
    /// <param name="op">The primitive.</param>
    /// <param name="operands">How many operands it has.</param>
    /// <param name="exponent">The second operand of a power, if it is a known number.</param>
    /// <param name="push">Emits an operand.</param>
    public static void Emit(ILGenerator code, Op op, int operands, double? exponent, Action<int> push)
    {
        void Arithmetic(params ReadOnlySpan<OpCode> instructions)
        {
            for (var operand = 0; operand < operands; operand++)
            {
                push(operand);
            }

            foreach (var instruction in instructions)
            {
                code.Emit(instruction);
            }
        }

        switch (op)
        {
            case Op.Add: Arithmetic(OpCodes.Add); break;
            case Op.Subtract: Arithmetic(OpCodes.Sub); break;
            case Op.Multiply: Arithmetic(OpCodes.Mul); break;
            case Op.Divide: Arithmetic(OpCodes.Div); break;
            case Op.Negate: Arithmetic(OpCodes.Neg); break;
            case Op.StopGradient: Arithmetic(); break;
            case Op.Less: Arithmetic(OpCodes.Clt, OpCodes.Conv_R8); break;
            case Op.Greater: Arithmetic(OpCodes.Cgt, OpCodes.Conv_R8); break;
            case Op.Equal: Arithmetic(OpCodes.Ceq, OpCodes.Conv_R8); break;
            case Op.LessOrEqual: Arithmetic(OpCodes.Cgt_Un, OpCodes.Ldc_I4_0, OpCodes.Ceq, OpCodes.Conv_R8); break;
            case Op.GreaterOrEqual: Arithmetic(OpCodes.Clt_Un, OpCodes.Ldc_I4_0, OpCodes.Ceq, OpCodes.Conv_R8); break;
            case Op.Where:
                Arithmetic();
                code.Emit(OpCodes.Call, ((Func<double, double, double, double>)Choose).Method);
                break;
            case Op.Abs or Op.Sqrt or Op.Cbrt or Op.Exp or Op.Log or Op.Log2 or Op.Log10 or Op.Sin or Op.Cos or Op.Tan or Op.Asin or Op.Acos or Op.Atan
                or Op.Sinh or Op.Cosh or Op.Tanh or Op.Asinh or Op.Acosh or Op.Atanh or Op.Floor or Op.Ceiling or Op.Round:
                Arithmetic();
                code.Emit(OpCodes.Call, typeof(Math).GetMethod(op.Name(), s_one)!);
                break;
            case Op.Pow when exponent == 2:
                push(0);
                code.Emit(OpCodes.Dup);
                code.Emit(OpCodes.Mul);
                break;
            case Op.Pow when exponent is { } power && ElementwiseTable.WholePower(power) is { } whole:
                push(0);
                code.Emit(OpCodes.Ldc_I4, whole);
                code.Emit(OpCodes.Call, ((Func<double, int, double>)ScalarFunctions.IntegerPower).Method);
                break;
            case Op.ExpM1 or Op.LogP1 or Op.Sigmoid or Op.Softplus or Op.Erf or Op.Erfc or Op.Gamma or Op.LogGamma or Op.Digamma or Op.LambertW or Op.Sinc
                or Op.LogisticDensity or Op.AsinDerivative or Op.NormalCdf or Op.LogNormalCdf or Op.NormalQuantile:
                Arithmetic();
                code.Emit(OpCodes.Call, typeof(ScalarFunctions).GetMethod(op.Name(), s_one)!);
                break;
            case Op.DirectionCosine:
                Arithmetic();
                code.Emit(OpCodes.Call, typeof(ScalarFunctions).GetMethod(op.Name(), s_two)!);
                break;
            case Op.Gaussian:
                push(0);
                code.Emit(OpCodes.Conv_I4);
                push(1);
                push(2);
                code.Emit(OpCodes.Call, ((Func<int, double, double, double>)ScalarFunctions.Gaussian).Method);
                break;
            case Op.PlusZero:
                push(0);
                code.Emit(OpCodes.Ldc_R8, 0.0);
                code.Emit(OpCodes.Add);
                break;
            case Op.Min or Op.Max or Op.Atan2:
                Arithmetic();
                code.Emit(OpCodes.Call, typeof(Math).GetMethod(op.Name(), s_two)!);
                break;
            default:
                code.Emit(OpCodes.Ldc_I4, (int)op);
                Arithmetic();
                code.Emit(OpCodes.Call, typeof(ElementwiseTable).GetMethod(nameof(ElementwiseTable.Value), [typeof(Op), .. Enumerable.Repeat(typeof(double), operands)])!);
                break;
        }
    }

    private static double Choose(double mask, double taken, double otherwise) => mask != 0 ? taken : otherwise;
}
