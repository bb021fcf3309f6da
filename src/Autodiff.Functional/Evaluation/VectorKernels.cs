// The value of every elementwise primitive on runs of doubles: a function of registers where its loop is compiled about as soon as the
// scalar kernel and much depends on it, otherwise a loop over the scalar kernel. Both agree to 4 ulp over the whole domain.

using System.Runtime.CompilerServices;
using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.Evaluation;

/// <remarks>
/// When the runtime compiles a method, it looks up every generic method that is called there, which takes it longer than all the rest. So
/// the loops of each family are called by a method of its own.
/// </remarks>
internal static class VectorKernels
{
    public static void Apply(Op op, ReadOnlySpan<double> x, Span<double> result)
    {
        switch (op)
        {
            case Op.StopGradient: x.CopyTo(result); break;
            case Op.PlusZero or Op.Negate or Op.Abs or Op.Sqrt or Op.Relu or Op.Floor or Op.Ceiling or Op.Round: Operation(op, x, result); break;
            case Op.AsinDerivative: Runs.Map(default(Functions.AsinDerivative), x, result); break;
            case var _ when !Runs.HasFusedMultiplyAdd: OneByOne(op, x, result); break;
            case Op.Exp or Op.Exp2 or Op.Log or Op.Tanh or Op.Sigmoid or Op.LogisticDensity: Exponential(op, x, result); break;
            case Op.Sin or Op.Cos or Op.Tan: Trigonometric(op, x, result); break;
            default: OneByOne(op, x, result); break;
        }
    }

    /// <summary>A binary primitive of two runs, or of a run and a number; not of two numbers.</summary>
    public static void Apply(Op op, Lane a, Lane b, Span<double> result)
    {
        switch (op)
        {
            case Op.Add or Op.Subtract or Op.Multiply or Op.Divide: Operation(op, a, b, result); break;
            case Op.Min or Op.Max: Extreme(op, a, b, result); break;
            case Op.Less or Op.LessOrEqual or Op.Greater or Op.GreaterOrEqual or Op.Equal: Comparison(op, a, b, result); break;
            case Op.Pow when b.IsConstant && b.Constant == 2: Operation(Op.Multiply, a, a, result); break;
            case Op.Pow when b.IsConstant && b.Constant == 1: a.Span.CopyTo(result); break;
            case var _ when !Runs.HasFusedMultiplyAdd: OneByOne(op, a, b, result); break;
            case Op.Pow when b.IsConstant && ScalarKernels.WholePower(b.Constant) is { } whole: Runs.Map(new Functions.IntegerPower(whole), a.Span, result); break;
            case Op.Hypot: Runs.Map(default(Functions.Hypot), a, b, result); break;
            case Op.DirectionCosine: Runs.Map(default(Functions.DirectionCosine), a, b, result); break;
            case Op.ShareOfNorm: Runs.Map(default(Functions.ShareOfNorm), a, b, result); break;
            default: OneByOne(op, a, b, result); break;
        }
    }

    public static void Apply(Op op, Lane a, Lane b, Lane c, Span<double> result)
    {
        switch (op)
        {
            case Op.Where when !a.IsConstant: Choose(a.Span, b, c, result); break;
            case Op.Gaussian when a.IsConstant && b.IsConstant && Runs.HasFusedMultiplyAdd: Runs.Map(new Functions.Gaussian(a.Constant, b.Constant), c.Span, result); break;
            default: OneByOne(op, a, b, c, result); break;
        }
    }

    /// <summary>One run where the mask is not 0, the other elsewhere; the one not taken is not computed with, whatever stands there.</summary>
    public static void Choose(ReadOnlySpan<double> mask, Lane taken, Lane otherwise, Span<double> result) =>
        Runs.Map(default(Functions.Where), mask, taken, otherwise, result);

    private static void Operation(Op op, ReadOnlySpan<double> x, Span<double> result)
    {
        switch (op)
        {
            case Op.PlusZero: Runs.Map(default(Functions.PlusZero), x, result); break;
            case Op.Negate: Runs.Map(default(Functions.Negate), x, result); break;
            case Op.Abs: Runs.Map(default(Functions.Abs), x, result); break;
            case Op.Sqrt: Runs.Map(default(Functions.Sqrt), x, result); break;
            case Op.Relu: Runs.Map(default(Functions.Relu), x, result); break;
            case Op.Floor: Runs.Map(default(Functions.Floor), x, result); break;
            case Op.Ceiling: Runs.Map(default(Functions.Ceiling), x, result); break;
            case Op.Round: Runs.Map(default(Functions.Round), x, result); break;
        }
    }

    private static void Exponential(Op op, ReadOnlySpan<double> x, Span<double> result)
    {
        switch (op)
        {
            case Op.Exp: Runs.Map(default(Functions.Exp), x, result); break;
            case Op.Exp2: Runs.Map(default(Functions.Exp2), x, result); break;
            case Op.Log: Runs.Map(default(Functions.Log), x, result); break;
            case Op.Tanh: Runs.Map(default(Functions.Tanh), x, result); break;
            case Op.Sigmoid: Runs.Map(default(Functions.Sigmoid), x, result); break;
            case Op.LogisticDensity: Runs.Map(default(Functions.LogisticDensity), x, result); break;
        }
    }

    private static void Trigonometric(Op op, ReadOnlySpan<double> x, Span<double> result)
    {
        switch (op)
        {
            case Op.Sin: Runs.Map(default(Functions.Sin), x, result); break;
            case Op.Cos: Runs.Map(default(Functions.Cos), x, result); break;
            case Op.Tan: Runs.Map(default(Functions.Tan), x, result); break;
        }
    }

    private static void Operation(Op op, Lane a, Lane b, Span<double> result)
    {
        switch (op)
        {
            case Op.Add: Runs.Map(default(Functions.Add), a, b, result); break;
            case Op.Subtract: Runs.Map(default(Functions.Subtract), a, b, result); break;
            case Op.Multiply: Runs.Map(default(Functions.Multiply), a, b, result); break;
            case Op.Divide: Runs.Map(default(Functions.Divide), a, b, result); break;
        }
    }

    private static void Extreme(Op op, Lane a, Lane b, Span<double> result)
    {
        switch (op)
        {
            case Op.Min: Runs.Map(default(Functions.Min), a, b, result); break;
            case Op.Max: Runs.Map(default(Functions.Max), a, b, result); break;
        }
    }

    private static void Comparison(Op op, Lane a, Lane b, Span<double> result)
    {
        switch (op)
        {
            case Op.Less: Runs.Map(default(Functions.Less), a, b, result); break;
            case Op.LessOrEqual: Runs.Map(default(Functions.LessOrEqual), a, b, result); break;
            case Op.Greater: Runs.Map(default(Functions.Greater), a, b, result); break;
            case Op.GreaterOrEqual: Runs.Map(default(Functions.GreaterOrEqual), a, b, result); break;
            case Op.Equal: Runs.Map(default(Functions.Equal), a, b, result); break;
        }
    }

    [MethodImpl(Runs.Loop)]
    private static void OneByOne(Op op, ReadOnlySpan<double> x, Span<double> result)
    {
        for (var i = 0; i < x.Length; i++)
        {
            result[i] = ScalarKernels.Apply(op, x[i]);
        }
    }

    [MethodImpl(Runs.Loop)]
    private static void OneByOne(Op op, Lane a, Lane b, Span<double> result)
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = ScalarKernels.Apply(op, a[i], b[i]);
        }
    }

    [MethodImpl(Runs.Loop)]
    private static void OneByOne(Op op, Lane a, Lane b, Lane c, Span<double> result)
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = ScalarKernels.Apply(op, a[i], b[i], c[i]);
        }
    }
}
