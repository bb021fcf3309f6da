// The registers in which products of matrices are computed: the same operations for each register width, so that the kernels are written once
// and compiled for each width.

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Autodiff.Functional.Numerics;

/// <summary>Operations on a register of numbers.</summary>
internal unsafe interface IRegister<TNumber, TVector>
    where TNumber : unmanaged
    where TVector : unmanaged
{
    /// <summary>How many numbers a register holds.</summary>
    static abstract int Count { get; }

    /// <summary>The mask of the given number of first lanes.</summary>
    static abstract TVector First(int count);

    static abstract TVector Broadcast(TNumber value);

    static abstract TVector Load(TNumber* source);

    /// <summary>Loads the lanes of the mask; the others are 0, and their memory is not accessed.</summary>
    static abstract TVector Load(TNumber* source, TVector mask);

    static abstract void Store(TVector value, TNumber* target);

    /// <summary>Stores the lanes of the mask; the memory of the others is not accessed.</summary>
    static abstract void Store(TVector value, TNumber* target, TVector mask);

    static abstract TVector Add(TVector a, TVector b);

    /// <summary>a·b + c, rounded once if the hardware has a fused instruction.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>The sum of all lanes: the lower half is added to the upper half, until one lane is left.</summary>
    static abstract TNumber Sum(TVector value);
}

/// <summary>Registers of 512 bits.</summary>
internal readonly unsafe struct Register512<TNumber> : IRegister<TNumber, Vector512<TNumber>>
    where TNumber : unmanaged, INumber<TNumber>
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512<TNumber>.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<TNumber> First(int count) => Vector512.LessThan(Vector512<TNumber>.Indices, Vector512.Create(TNumber.CreateTruncating(count)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<TNumber> Broadcast(TNumber value) => Vector512.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<TNumber> Load(TNumber* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<TNumber> Load(TNumber* source, Vector512<TNumber> mask) => typeof(TNumber) == typeof(double)
        ? Avx512F.MaskLoad((double*)source, mask.AsDouble(), Vector512<double>.Zero).As<double, TNumber>()
        : Avx512F.MaskLoad((float*)source, mask.AsSingle(), Vector512<float>.Zero).As<float, TNumber>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<TNumber> value, TNumber* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<TNumber> value, TNumber* target, Vector512<TNumber> mask)
    {
        if (typeof(TNumber) == typeof(double))
        {
            Avx512F.MaskStore((double*)target, mask.AsDouble(), value.AsDouble());
        }
        else
        {
            Avx512F.MaskStore((float*)target, mask.AsSingle(), value.AsSingle());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<TNumber> Add(Vector512<TNumber> a, Vector512<TNumber> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<TNumber> MultiplyAdd(Vector512<TNumber> a, Vector512<TNumber> b, Vector512<TNumber> c) => typeof(TNumber) == typeof(double)
        ? Vector512.MultiplyAddEstimate(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, TNumber>()
        : Vector512.MultiplyAddEstimate(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, TNumber>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TNumber Sum(Vector512<TNumber> value) => Register256<TNumber>.Sum(value.GetLower() + value.GetUpper());
}

/// <summary>Registers of 256 bits.</summary>
internal readonly unsafe struct Register256<TNumber> : IRegister<TNumber, Vector256<TNumber>>
    where TNumber : unmanaged, INumber<TNumber>
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector256<TNumber>.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<TNumber> First(int count) => Vector256.LessThan(Vector256<TNumber>.Indices, Vector256.Create(TNumber.CreateTruncating(count)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<TNumber> Broadcast(TNumber value) => Vector256.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<TNumber> Load(TNumber* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<TNumber> Load(TNumber* source, Vector256<TNumber> mask) => typeof(TNumber) == typeof(double)
        ? Avx.MaskLoad((double*)source, mask.AsDouble()).As<double, TNumber>()
        : Avx.MaskLoad((float*)source, mask.AsSingle()).As<float, TNumber>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<TNumber> value, TNumber* target) => value.Store(target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<TNumber> value, TNumber* target, Vector256<TNumber> mask)
    {
        if (typeof(TNumber) == typeof(double))
        {
            Avx.MaskStore((double*)target, mask.AsDouble(), value.AsDouble());
        }
        else
        {
            Avx.MaskStore((float*)target, mask.AsSingle(), value.AsSingle());
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<TNumber> Add(Vector256<TNumber> a, Vector256<TNumber> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<TNumber> MultiplyAdd(Vector256<TNumber> a, Vector256<TNumber> b, Vector256<TNumber> c) => typeof(TNumber) == typeof(double)
        ? Vector256.MultiplyAddEstimate(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, TNumber>()
        : Vector256.MultiplyAddEstimate(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, TNumber>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TNumber Sum(Vector256<TNumber> value) => Register128<TNumber>.Sum(value.GetLower() + value.GetUpper());
}

/// <summary>Registers of 128 bits, or their emulation if the hardware has none.</summary>
internal readonly unsafe struct Register128<TNumber> : IRegister<TNumber, Vector128<TNumber>>
    where TNumber : unmanaged, INumber<TNumber>
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector128<TNumber>.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<TNumber> First(int count) => Vector128.LessThan(Vector128<TNumber>.Indices, Vector128.Create(TNumber.CreateTruncating(count)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<TNumber> Broadcast(TNumber value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<TNumber> Load(TNumber* source) => Vector128.Load(source);

    // Not all such hardware has masked loads and stores, so the lanes are moved one by one.
    public static Vector128<TNumber> Load(TNumber* source, Vector128<TNumber> mask)
    {
        var value = Vector128<TNumber>.Zero;
        for (var i = 0; i < Vector128<TNumber>.Count && !(mask[i] == TNumber.Zero); i++)
        {
            value = value.WithElement(i, source[i]);
        }

        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<TNumber> value, TNumber* target) => value.Store(target);

    public static void Store(Vector128<TNumber> value, TNumber* target, Vector128<TNumber> mask)
    {
        for (var i = 0; i < Vector128<TNumber>.Count && !(mask[i] == TNumber.Zero); i++)
        {
            target[i] = value[i];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<TNumber> Add(Vector128<TNumber> a, Vector128<TNumber> b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<TNumber> MultiplyAdd(Vector128<TNumber> a, Vector128<TNumber> b, Vector128<TNumber> c) => typeof(TNumber) == typeof(double)
        ? Vector128.MultiplyAddEstimate(a.AsDouble(), b.AsDouble(), c.AsDouble()).As<double, TNumber>()
        : Vector128.MultiplyAddEstimate(a.AsSingle(), b.AsSingle(), c.AsSingle()).As<float, TNumber>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TNumber Sum(Vector128<TNumber> value) => Vector128.Sum(value);
}
