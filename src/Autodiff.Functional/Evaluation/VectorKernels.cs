// The value of every elementwise primitive on runs of doubles: TensorPrimitives where it is fast and as accurate as the
// scalar kernel (to 4 ulp, over the whole domain), VectorFunctions where it is not (its forms of Sinh and Tanh, for instance,
// have no correct digit near 0) and much depends on it, otherwise a loop over the scalar kernel.

using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace Autodiff.Functional.Evaluation;

/// <summary>One operand of an elementwise kernel: a run of numbers, or one number that stands for a whole run.</summary>
internal readonly ref struct Lane
{
    public readonly ReadOnlySpan<double> Span;
    public readonly double Constant;
    public readonly bool IsConstant;

    public Lane(ReadOnlySpan<double> span) => Span = span;

    public Lane(double constant) => (Constant, IsConstant) = (constant, true);

    public double this[int index] => IsConstant ? Constant : Span[index];
}

internal static class VectorKernels
{
    public static void Apply(Op op, ReadOnlySpan<double> x, Span<double> result)
    {
        switch (op)
        {
            case Op.Negate: TensorPrimitives.Negate(x, result); break;
            case Op.Abs: TensorPrimitives.Abs(x, result); break;
            case Op.Sqrt: TensorPrimitives.Sqrt(x, result); break;
            case Op.Exp: TensorPrimitives.Exp(x, result); break;
            case Op.Log: TensorPrimitives.Log(x, result); break;
            case Op.Sin: TensorPrimitives.Sin(x, result); break;
            case Op.Cos: TensorPrimitives.Cos(x, result); break;
            case Op.Tan: TensorPrimitives.Tan(x, result); break;
            case Op.Round: TensorPrimitives.Round(x, result); break;
            case Op.Relu: TensorPrimitives.Max(x, 0, result); break;
            case Op.Floor: TensorPrimitives.Floor(x, result); break;
            case Op.Ceiling: TensorPrimitives.Ceiling(x, result); break;
            case Op.StopGradient: x.CopyTo(result); break;
            case Op.Sigmoid: VectorFunctions.Map<VectorFunctions.Sigmoid>(x, result); break;
            case Op.Tanh: VectorFunctions.Map<VectorFunctions.Tanh>(x, result); break;
            case Op.LogisticDensity: VectorFunctions.Map<VectorFunctions.LogisticDensity>(x, result); break;
            case Op.AsinDerivative: VectorFunctions.Map<VectorFunctions.AsinDerivative>(x, result); break;
            case Op.PlusZero: TensorPrimitives.Add(x, 0, result); break;
            case Op.Exp2: VectorFunctions.Map<VectorFunctions.Exp2>(x, result); break;
            default:
                for (var i = 0; i < x.Length; i++)
                {
                    result[i] = ScalarKernels.Apply(op, x[i]);
                }

                break;
        }
    }

    /// <summary>A binary primitive of two runs, or of a run and a number; not of two numbers.</summary>
    public static void Apply(Op op, Lane a, Lane b, Span<double> result)
    {
        switch (op)
        {
            case Op.Add when a.IsConstant: TensorPrimitives.Add(b.Span, a.Constant, result); break;
            case Op.Add when b.IsConstant: TensorPrimitives.Add(a.Span, b.Constant, result); break;
            case Op.Add: TensorPrimitives.Add(a.Span, b.Span, result); break;
            case Op.Subtract when a.IsConstant: TensorPrimitives.Subtract(a.Constant, b.Span, result); break;
            case Op.Subtract when b.IsConstant: TensorPrimitives.Subtract(a.Span, b.Constant, result); break;
            case Op.Subtract: TensorPrimitives.Subtract(a.Span, b.Span, result); break;
            case Op.Multiply when a.IsConstant: TensorPrimitives.Multiply(b.Span, a.Constant, result); break;
            case Op.Multiply when b.IsConstant: TensorPrimitives.Multiply(a.Span, b.Constant, result); break;
            case Op.Multiply: TensorPrimitives.Multiply(a.Span, b.Span, result); break;
            case Op.Divide when a.IsConstant: TensorPrimitives.Divide(a.Constant, b.Span, result); break;
            case Op.Divide when b.IsConstant: TensorPrimitives.Divide(a.Span, b.Constant, result); break;
            case Op.Divide: TensorPrimitives.Divide(a.Span, b.Span, result); break;
            case Op.Max when a.IsConstant: TensorPrimitives.Max(b.Span, a.Constant, result); break;
            case Op.Max when b.IsConstant: TensorPrimitives.Max(a.Span, b.Constant, result); break;
            case Op.Max: TensorPrimitives.Max(a.Span, b.Span, result); break;
            case Op.Min when a.IsConstant: TensorPrimitives.Min(b.Span, a.Constant, result); break;
            case Op.Min when b.IsConstant: TensorPrimitives.Min(a.Span, b.Constant, result); break;
            case Op.Min: TensorPrimitives.Min(a.Span, b.Span, result); break;
            case Op.Hypot when !a.IsConstant && !b.IsConstant: TensorPrimitives.Hypot(a.Span, b.Span, result); break;
            case Op.DirectionCosine: VectorFunctions.DirectionCosine(a, b, result); break;
            case Op.Pow when b.IsConstant && b.Constant == 2: TensorPrimitives.Multiply(a.Span, a.Span, result); break;
            case Op.Pow when b.IsConstant && b.Constant == 1: a.Span.CopyTo(result); break;
            case Op.Pow when b.IsConstant && ScalarKernels.WholePower(b.Constant) is { } whole: VectorFunctions.IntegerPower(a.Span, whole, result); break;
            case Op.Less or Op.LessOrEqual or Op.Greater or Op.GreaterOrEqual or Op.Equal: Compare(op, a, b, result); break;
            default:
                for (var i = 0; i < result.Length; i++)
                {
                    result[i] = ScalarKernels.Apply(op, a[i], b[i]);
                }

                break;
        }
    }

    public static void Apply(Op op, Lane a, Lane b, Lane c, Span<double> result)
    {
        if (op == Op.Where && !a.IsConstant)
        {
            Choose(a.Span, b, c, result);
            return;
        }

        if (op == Op.Gaussian && a.IsConstant && b.IsConstant)
        {
            VectorFunctions.Gaussian((int)a.Constant, b.Constant, c.Span, result);
            return;
        }

        for (var i = 0; i < result.Length; i++)
        {
            result[i] = ScalarKernels.Apply(op, a[i], b[i], c[i]);
        }
    }

    /// <summary>One run where the mask is not 0, the other elsewhere; the one not taken is not computed with, whatever stands there.</summary>
    public static void Choose(ReadOnlySpan<double> mask, Lane taken, Lane otherwise, Span<double> result)
    {
        var i = 0;
        for (; i <= result.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var fails = Vector.Equals(Load(new(mask), i), Vector<double>.Zero);
            Store(Vector.ConditionalSelect(fails, Load(otherwise, i), Load(taken, i)), result, i);
        }

        for (; i < result.Length; i++)
        {
            result[i] = mask[i] == 0 ? otherwise[i] : taken[i];
        }
    }

    private static void Compare(Op op, Lane a, Lane b, Span<double> result)
    {
        var i = 0;
        for (; i <= result.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var (left, right) = (Load(a, i), Load(b, i));
            var holds = op switch
            {
                Op.Less => Vector.LessThan(left, right),
                Op.LessOrEqual => Vector.LessThanOrEqual(left, right),
                Op.Greater => Vector.GreaterThan(left, right),
                Op.GreaterOrEqual => Vector.GreaterThanOrEqual(left, right),
                _ => Vector.Equals(left, right),
            };
            Store(Vector.ConditionalSelect(holds, Vector<double>.One, Vector<double>.Zero), result, i);
        }

        for (; i < result.Length; i++)
        {
            result[i] = ScalarKernels.Apply(op, a[i], b[i]);
        }
    }

    /// <summary>The elements of an operand in one register.</summary>
    public static Vector<double> Load(in Lane lane, int start) => lane.IsConstant
        ? new Vector<double>(lane.Constant)
        : Vector.LoadUnsafe(ref MemoryMarshal.GetReference(lane.Span), (nuint)start);

    private static void Store(Vector<double> elements, Span<double> run, int start) =>
        elements.StoreUnsafe(ref MemoryMarshal.GetReference(run), (nuint)start);
}
