// Single doubles that behave as a register of one lane.

using System.Runtime.CompilerServices;

namespace Autodiff.Functional.Numerics;

/// <summary>One double, with the operations of a lane of a register.</summary>
internal readonly struct Lanes1(double value) : ILanes<Lanes1>
{
    public readonly double Value = value;

    private long Bits => BitConverter.DoubleToInt64Bits(Value);

    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static implicit operator Lanes1(double value) => new(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator +(Lanes1 a, Lanes1 b) => new(a.Value + b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator -(Lanes1 a, Lanes1 b) => new(a.Value - b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator *(Lanes1 a, Lanes1 b) => new(a.Value * b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator /(Lanes1 a, Lanes1 b) => new(a.Value / b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator -(Lanes1 x) => new(-x.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator <(Lanes1 a, Lanes1 b) => Mask(a.Value < b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator <=(Lanes1 a, Lanes1 b) => Mask(a.Value <= b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator >(Lanes1 a, Lanes1 b) => Mask(a.Value > b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator >=(Lanes1 a, Lanes1 b) => Mask(a.Value >= b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator &(Lanes1 a, Lanes1 b) => new(BitConverter.Int64BitsToDouble(a.Bits & b.Bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator |(Lanes1 a, Lanes1 b) => new(BitConverter.Int64BitsToDouble(a.Bits | b.Bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 operator ^(Lanes1 a, Lanes1 b) => new(BitConverter.Int64BitsToDouble(a.Bits ^ b.Bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 AndNot(Lanes1 a, Lanes1 b) => new(BitConverter.Int64BitsToDouble(a.Bits & ~b.Bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Equal(Lanes1 a, Lanes1 b) => Mask(a.Value == b.Value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Select(Lanes1 mask, Lanes1 then, Lanes1 otherwise) => mask.Bits != 0 ? then : otherwise;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Any(Lanes1 mask) => mask.Bits != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 FirstLanes(int count) => Mask(count > 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Joined<TFold>(Lanes1 x)
        where TFold : struct, IFold => x.Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Abs(Lanes1 x) => new(Math.Abs(x.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 CopySign(Lanes1 size, Lanes1 sign) => new(Math.CopySign(size.Value, sign.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Sqrt(Lanes1 x) => new(Math.Sqrt(x.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Floor(Lanes1 x) => new(Math.Floor(x.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Ceiling(Lanes1 x) => new(Math.Ceiling(x.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Round(Lanes1 x) => new(Math.Round(x.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Min(Lanes1 a, Lanes1 b) => new(Math.Min(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Max(Lanes1 a, Lanes1 b) => new(Math.Max(a.Value, b.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Bound(Lanes1 x, Lanes1 low, Lanes1 high) => x.Value < low.Value ? low : x.Value > high.Value ? high : x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 FusedMultiplyAdd(Lanes1 a, Lanes1 b, Lanes1 c) => new(Math.FusedMultiplyAdd(a.Value, b.Value, c.Value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 AddBits(Lanes1 a, Lanes1 b) => new(BitConverter.Int64BitsToDouble(a.Bits + b.Bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 SubtractBits(Lanes1 a, Lanes1 b) => new(BitConverter.Int64BitsToDouble(a.Bits - b.Bits));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 ShiftLeft(Lanes1 x, int count) => new(BitConverter.Int64BitsToDouble(x.Bits << count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 ShiftRight(Lanes1 x, int count) => new(BitConverter.Int64BitsToDouble(x.Bits >>> count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Scale(Lanes1 x, Lanes1 n) => ILanes<Lanes1>.ScaleInTwo(x, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes1 Load(ref readonly double first) => new(first);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Lanes1 x, ref double first) => first = x.Value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Lanes1 Mask(bool holds) => new(BitConverter.Int64BitsToDouble(holds ? -1 : 0));
}
