// The operands of elementwise loops: a run of numbers, or one number for a whole run.

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Autodiff.Functional.Numerics;

/// <summary>One operand of an elementwise loop: a run of numbers, or one number that is used for every element of a run.</summary>
internal readonly ref struct Lane
{
    public readonly ReadOnlySpan<double> Span;
    public readonly double Constant;
    public readonly bool IsConstant;

    public Lane(ReadOnlySpan<double> span) => Span = span;

    public Lane(double constant) => (Constant, IsConstant) = (constant, true);

    public double this[int index] => IsConstant ? Constant : Span[index];
}

/// <summary>An operand of an elementwise loop whose kind, a run or one number, is known at compile time.</summary>
internal interface IOperand
{
    /// <summary>Loads the numbers from a place on into a register.</summary>
    T At<T>(nint place)
        where T : struct, ILanes<T>;

    void CopyTo(scoped Span<double> target);
}

/// <summary>A run of numbers. Its length is checked when it is made; places are not checked.</summary>
internal readonly ref struct Elements : IOperand
{
    private readonly ref double _first;

    /// <exception cref="ArgumentOutOfRangeException">There are fewer numbers than the length.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Elements(ReadOnlySpan<double> numbers, int length) => _first = ref MemoryMarshal.GetReference(numbers[..length]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T At<T>(nint place)
        where T : struct, ILanes<T> => T.Load(in Unsafe.Add(ref _first, place));

    public void CopyTo(scoped Span<double> target) => MemoryMarshal.CreateReadOnlySpan(ref _first, target.Length).CopyTo(target);
}

/// <summary>One number for a whole run.</summary>
internal readonly struct Number(double value) : IOperand
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T At<T>(nint place)
        where T : struct, ILanes<T> => value;

    public void CopyTo(scoped Span<double> target) => target.Fill(value);
}
