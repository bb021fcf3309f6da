// The functions of Elementary as types, so that a loop over a run is compiled for each function. The functions are inlined into these loops: a
// loop that calls a separate function would take longer to compile and to run.

using System.Runtime.CompilerServices;

namespace Autodiff.Functional.Numerics;

/// <summary>A type for each elementwise primitive that is computed in registers.</summary>
internal static class Functions
{
    public readonly struct PlusZero : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x)
            where T : struct, ILanes<T> => Elementary.PlusZero(x);
    }

    public readonly struct Negate : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x)
            where T : struct, ILanes<T> => Elementary.Negate(x);
    }

    public readonly struct Abs : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x)
            where T : struct, ILanes<T> => Elementary.Abs(x);
    }

    public readonly struct Sqrt : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x)
            where T : struct, ILanes<T> => Elementary.Sqrt(x);
    }

    public readonly struct Relu : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x)
            where T : struct, ILanes<T> => Elementary.Relu(x);
    }

    public readonly struct Floor : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x)
            where T : struct, ILanes<T> => Elementary.Floor(x);
    }

    public readonly struct Ceiling : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x)
            where T : struct, ILanes<T> => Elementary.Ceiling(x);
    }

    public readonly struct Round : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x)
            where T : struct, ILanes<T> => Elementary.Round(x);
    }

    public readonly struct Exp : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x)
            where T : struct, ILanes<T> => Elementary.InlinedExp(x);
    }

    public readonly struct Exp2 : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x)
            where T : struct, ILanes<T> => Elementary.InlinedExp2(x);
    }

    public readonly struct Log : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x)
            where T : struct, ILanes<T> => Elementary.InlinedLog(x);
    }

    public readonly struct Tanh : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x)
            where T : struct, ILanes<T> => Elementary.InlinedTanh(x);
    }

    public readonly struct Sigmoid : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x)
            where T : struct, ILanes<T> => Elementary.InlinedSigmoid(x);
    }

    public readonly struct LogisticDensity : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x)
            where T : struct, ILanes<T> => Elementary.InlinedLogisticDensity(x);
    }

    public readonly struct AsinDerivative : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x)
            where T : struct, ILanes<T> => Elementary.AsinDerivative(x);
    }

    public readonly struct Sin : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x)
            where T : struct, ILanes<T> => Elementary.InlinedSin(x);
    }

    public readonly struct Cos : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x)
            where T : struct, ILanes<T> => Elementary.InlinedCos(x);
    }

    public readonly struct Tan : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x)
            where T : struct, ILanes<T> => Elementary.InlinedTan(x);
    }

    /// <summary>xⁿ for a whole n.</summary>
    public readonly struct IntegerPower(int n) : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x)
            where T : struct, ILanes<T> => Elementary.IntegerPower(x, n);
    }

    /// <summary>dⁿ/dxⁿ e^(−ax²).</summary>
    public readonly struct Gaussian(double n, double a) : IUnaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T x)
            where T : struct, ILanes<T> => Elementary.InlinedGaussian<T>(n, a, x);
    }

    public readonly struct Add : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T a, T b)
            where T : struct, ILanes<T> => Elementary.Add(a, b);
    }

    public readonly struct Subtract : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T a, T b)
            where T : struct, ILanes<T> => Elementary.Subtract(a, b);
    }

    public readonly struct Multiply : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T a, T b)
            where T : struct, ILanes<T> => Elementary.Multiply(a, b);
    }

    public readonly struct Divide : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T a, T b)
            where T : struct, ILanes<T> => Elementary.Divide(a, b);
    }

    public readonly struct Min : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T a, T b)
            where T : struct, ILanes<T> => Elementary.Min(a, b);
    }

    public readonly struct Max : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T a, T b)
            where T : struct, ILanes<T> => Elementary.Max(a, b);
    }

    public readonly struct Less : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T a, T b)
            where T : struct, ILanes<T> => Elementary.Less(a, b);
    }

    public readonly struct LessOrEqual : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T a, T b)
            where T : struct, ILanes<T> => Elementary.LessOrEqual(a, b);
    }

    public readonly struct Greater : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T a, T b)
            where T : struct, ILanes<T> => Elementary.Greater(a, b);
    }

    public readonly struct GreaterOrEqual : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T a, T b)
            where T : struct, ILanes<T> => Elementary.GreaterOrEqual(a, b);
    }

    public readonly struct Equal : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T a, T b)
            where T : struct, ILanes<T> => Elementary.Equal(a, b);
    }

    public readonly struct Hypot : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T a, T b)
            where T : struct, ILanes<T> => Elementary.InlinedHypot(a, b);
    }

    public readonly struct DirectionCosine : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T a, T b)
            where T : struct, ILanes<T> => Elementary.InlinedDirectionCosine(a, b);
    }

    public readonly struct ShareOfNorm : IBinaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T a, T b)
            where T : struct, ILanes<T> => Elementary.ShareOfNorm(a, b);
    }

    public readonly struct Where : ITernaryFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public T Of<T>(T a, T b, T c)
            where T : struct, ILanes<T> => Elementary.Where(a, b, c);
    }
}
