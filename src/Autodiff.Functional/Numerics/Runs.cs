// Elementwise loops over runs of doubles, one register at a time. They are compiled to optimized code at their first call. (Generic code of
// another assembly, such as System.Numerics.Tensors, starts unoptimized, where each register operation is a call, and the runtime optimizes
// it only after it has had nothing new to compile for a while.)

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Autodiff.Functional.Numerics;

/// <summary>A function of one number, for every lane of a register.</summary>
internal interface IUnaryFunction
{
    T Of<T>(T x)
        where T : struct, ILanes<T>;
}

/// <summary>A function of two numbers, for every lane of two registers.</summary>
internal interface IBinaryFunction
{
    T Of<T>(T a, T b)
        where T : struct, ILanes<T>;
}

/// <summary>A function of three numbers, for every lane of three registers.</summary>
internal interface ITernaryFunction
{
    T Of<T>(T a, T b, T c)
        where T : struct, ILanes<T>;
}

/// <summary>Functions applied to every element of runs. The result may be the same memory as an operand; otherwise they must not overlap.</summary>
/// <remarks>
/// The last register of a run overlaps the one before it and is loaded before anything is stored. So no second loop for a remainder is
/// needed, and the result for an element depends neither on its place nor on its address.
/// </remarks>
internal static class Runs
{
    /// <summary>
    /// The options of loops: they are optimized at their first call, and not inlined, since inlined code counts toward the JIT compiler's limits for
    /// its caller.
    /// </summary>
    public const MethodImplOptions Loop = MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization;

    /// <summary>Whether the hardware has an instruction for a·b + c. If not, functions that are made of it are faster one number at a time.</summary>
    public static bool HasFusedMultiplyAdd => Fma.IsSupported || ArmBase.Arm64.IsSupported;

    /// <summary>Adds a run to another one in place.</summary>
    public static void AddTo(ReadOnlySpan<double> x, Span<double> target) => Map(default(Functions.Add), new Lane(target), new Lane(x), target);

    /// <summary>
    /// The elements of one operand where the mask is not 0, those of the other elsewhere. Elements not taken, such as NaN, do not affect the
    /// result.
    /// </summary>
    public static void Choose(ReadOnlySpan<double> mask, Lane taken, Lane otherwise, Span<double> result) =>
        Map(default(Functions.Where), mask, taken, otherwise, result);

    /// <summary>Applies a function to every element of a run.</summary>
    [MethodImpl(Loop)]
    public static void Map<TFunction>(TFunction function, ReadOnlySpan<double> x, Span<double> result)
        where TFunction : struct, IUnaryFunction
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Map<Lanes512, TFunction>(function, x, result);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Map<Lanes256, TFunction>(function, x, result);
        }
        else
        {
            Map<Lanes128, TFunction>(function, x, result);
        }
    }

    /// <summary>Applies a function to the elements of two runs, or of a run and one number; at least one operand must be a run.</summary>
    public static void Map<TFunction>(TFunction function, Lane a, Lane b, Span<double> result)
        where TFunction : struct, IBinaryFunction
    {
        if (a.IsConstant)
        {
            Map(function, new Number(a.Constant), new Elements(b.Span, result.Length), result);
        }
        else if (b.IsConstant)
        {
            Map(function, new Elements(a.Span, result.Length), new Number(b.Constant), result);
        }
        else
        {
            Map(function, new Elements(a.Span, result.Length), new Elements(b.Span, result.Length), result);
        }
    }

    /// <summary>Applies a function to the elements of a run and of two more runs or numbers.</summary>
    public static void Map<TFunction>(TFunction function, ReadOnlySpan<double> a, Lane b, Lane c, Span<double> result)
        where TFunction : struct, ITernaryFunction
    {
        var first = new Elements(a, result.Length);
        if (b.IsConstant && c.IsConstant)
        {
            Map(function, first, new Number(b.Constant), new Number(c.Constant), result);
        }
        else if (b.IsConstant)
        {
            Map(function, first, new Number(b.Constant), new Elements(c.Span, result.Length), result);
        }
        else if (c.IsConstant)
        {
            Map(function, first, new Elements(b.Span, result.Length), new Number(c.Constant), result);
        }
        else
        {
            Map(function, first, new Elements(b.Span, result.Length), new Elements(c.Span, result.Length), result);
        }
    }

    /// <summary>Applies a function to every element of a run, in registers of one width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Map<T, TFunction>(TFunction function, ReadOnlySpan<double> x, Span<double> result)
        where T : struct, ILanes<T>
        where TFunction : struct, IUnaryFunction
    {
        var run = new Elements(x, result.Length);
        if (result.Length < T.Count)
        {
            MapShort<T, TFunction>(function, run, result);
            return;
        }

        // The function is called at one place only, since it is inlined and may be long.
        ref var target = ref MemoryMarshal.GetReference(result);
        nint last = result.Length - T.Count;
        var end = run.At<T>(last);
        for (nint i = 0; ; i += T.Count)
        {
            var isEnd = i >= last;
            T.Store(function.Of(isEnd ? end : run.At<T>(i)), ref Unsafe.Add(ref target, isEnd ? last : i));
            if (isEnd)
            {
                return;
            }
        }
    }

    /// <summary>Applies a function to the elements of two operands, in registers of one width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Map<T, TFunction, TA, TB>(TFunction function, TA a, TB b, Span<double> result)
        where T : struct, ILanes<T>
        where TFunction : struct, IBinaryFunction
        where TA : struct, IOperand, allows ref struct
        where TB : struct, IOperand, allows ref struct
    {
        if (result.Length < T.Count)
        {
            MapShort<T, TFunction, TA, TB>(function, a, b, result);
            return;
        }

        ref var target = ref MemoryMarshal.GetReference(result);
        nint last = result.Length - T.Count;
        var (endA, endB) = (a.At<T>(last), b.At<T>(last));
        for (nint i = 0; ; i += T.Count)
        {
            var isEnd = i >= last;
            T.Store(function.Of(isEnd ? endA : a.At<T>(i), isEnd ? endB : b.At<T>(i)), ref Unsafe.Add(ref target, isEnd ? last : i));
            if (isEnd)
            {
                return;
            }
        }
    }

    /// <summary>Applies a function to the elements of three operands, in registers of one width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Map<T, TFunction, TA, TB, TC>(TFunction function, TA a, TB b, TC c, Span<double> result)
        where T : struct, ILanes<T>
        where TFunction : struct, ITernaryFunction
        where TA : struct, IOperand, allows ref struct
        where TB : struct, IOperand, allows ref struct
        where TC : struct, IOperand, allows ref struct
    {
        ref var target = ref MemoryMarshal.GetReference(result);
        nint last = result.Length - T.Count;
        if (last < 0)
        {
            for (nint i = 0; i < result.Length; i++)
            {
                Unsafe.Add(ref target, i) = function.Of(a.At<Lanes1>(i), b.At<Lanes1>(i), c.At<Lanes1>(i)).Value;
            }

            return;
        }

        var (endA, endB, endC) = (a.At<T>(last), b.At<T>(last), c.At<T>(last));
        for (nint i = 0; ; i += T.Count)
        {
            var isEnd = i >= last;
            var value = function.Of(isEnd ? endA : a.At<T>(i), isEnd ? endB : b.At<T>(i), isEnd ? endC : c.At<T>(i));
            T.Store(value, ref Unsafe.Add(ref target, isEnd ? last : i));
            if (isEnd)
            {
                return;
            }
        }
    }

    [MethodImpl(Loop)]
    private static void Map<TFunction, TA, TB>(TFunction function, TA a, TB b, Span<double> result)
        where TFunction : struct, IBinaryFunction
        where TA : struct, IOperand, allows ref struct
        where TB : struct, IOperand, allows ref struct
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Map<Lanes512, TFunction, TA, TB>(function, a, b, result);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Map<Lanes256, TFunction, TA, TB>(function, a, b, result);
        }
        else
        {
            Map<Lanes128, TFunction, TA, TB>(function, a, b, result);
        }
    }

    [MethodImpl(Loop)]
    private static void Map<TFunction, TA, TB, TC>(TFunction function, TA a, TB b, TC c, Span<double> result)
        where TFunction : struct, ITernaryFunction
        where TA : struct, IOperand, allows ref struct
        where TB : struct, IOperand, allows ref struct
        where TC : struct, IOperand, allows ref struct
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Map<Lanes512, TFunction, TA, TB, TC>(function, a, b, c, result);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            Map<Lanes256, TFunction, TA, TB, TC>(function, a, b, c, result);
        }
        else
        {
            Map<Lanes128, TFunction, TA, TB, TC>(function, a, b, c, result);
        }
    }

    /// <summary>Applies a function to a run that is shorter than a register, in the first lanes of one.</summary>
    [MethodImpl(Loop)]
    private static void MapShort<T, TFunction>(TFunction function, Elements x, Span<double> result)
        where T : struct, ILanes<T>
        where TFunction : struct, IUnaryFunction
    {
        Span<double> lanes = stackalloc double[T.Count];
        x.CopyTo(lanes[..result.Length]);
        T.Store(function.Of(T.Load(in lanes[0])), ref lanes[0]);
        lanes[..result.Length].CopyTo(result);
    }

    [MethodImpl(Loop)]
    private static void MapShort<T, TFunction, TA, TB>(TFunction function, TA a, TB b, Span<double> result)
        where T : struct, ILanes<T>
        where TFunction : struct, IBinaryFunction
        where TA : struct, IOperand, allows ref struct
        where TB : struct, IOperand, allows ref struct
    {
        Span<double> lanes = stackalloc double[2 * T.Count];
        a.CopyTo(lanes[..result.Length]);
        b.CopyTo(lanes.Slice(T.Count, result.Length));
        T.Store(function.Of(T.Load(in lanes[0]), T.Load(in lanes[T.Count])), ref lanes[0]);
        lanes[..result.Length].CopyTo(result);
    }
}
