// A whole number for each spatial axis of a convolution or a pool.

using System.Collections;
using System.Runtime.CompilerServices;

namespace Autodiff.Functional;

/// <summary>
/// One whole number for all spatial axes, or one for each: a stride, a padding, a dilation, or the lengths of a window. Converts implicitly from <see cref="int"/> and
/// arrays, and is written as a collection expression: <c>stride: 2</c>, <c>stride: [2, 1]</c>. <c>default</c> leaves it to the function.
/// </summary>
[CollectionBuilder(typeof(PerAxis), nameof(Of))]
public readonly struct PerAxis : IEquatable<PerAxis>, IEnumerable<int>
{
    private readonly int[]? _numbers;

    private PerAxis(int[] numbers) => _numbers = numbers;

    /// <summary>Whether it is left to the function.</summary>
    public bool IsDefault => _numbers is null;

    /// <summary>One number for all axes.</summary>
    /// <param name="number">The number.</param>
    public static implicit operator PerAxis(int number) => new([number]);

    /// <summary>A number for each axis.</summary>
    /// <param name="numbers">The numbers, the first spatial axis first; null leaves them to the function.</param>
    public static implicit operator PerAxis(int[]? numbers) => numbers is null ? default : new([.. numbers]);

    /// <summary>Whether both are the same numbers.</summary>
    /// <param name="left">Numbers for axes.</param>
    /// <param name="right">Numbers for axes.</param>
    public static bool operator ==(PerAxis left, PerAxis right) => left.Equals(right);

    /// <summary>Whether they are different numbers.</summary>
    /// <param name="left">Numbers for axes.</param>
    /// <param name="right">Numbers for axes.</param>
    public static bool operator !=(PerAxis left, PerAxis right) => !left.Equals(right);

    /// <summary>A number for each axis; what a collection expression <c>[2, 1]</c> calls.</summary>
    /// <param name="numbers">The numbers, the first spatial axis first.</param>
    public static PerAxis Of(params ReadOnlySpan<int> numbers) => new(numbers.ToArray());

    /// <summary>A number for each axis, for F#.</summary>
    /// <param name="numbers">The numbers, the first spatial axis first.</param>
    [OverloadResolutionPriority(-1)]
    public static PerAxis Of(params int[] numbers) => Of(AutodiffException.NotNull("PerAxis", "the array of numbers", numbers).AsSpan());

    /// <inheritdoc/>
    public bool Equals(PerAxis other) => IsDefault == other.IsDefault && _numbers.AsSpan().SequenceEqual(other._numbers);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is PerAxis other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => IsDefault ? -1 : Shape.Hash(_numbers);

    /// <summary><c>default</c>, the number for all axes, or the numbers in brackets.</summary>
    public override string ToString() => _numbers switch
    {
        null => "default",
        [var one] => $"{one}",
        _ => $"[{string.Join(", ", _numbers)}]",
    };

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)(_numbers ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The number for each of some axes, all at least the lowest; an error that names the operation and what the number is otherwise.</summary>
    internal int[] For(int axes, int otherwise, int lowest, string operation, string what)
    {
        var numbers = _numbers ?? [otherwise];
        if (numbers.Length != 1 && numbers.Length != axes)
        {
            throw new ShapeException($"{operation}: {what} {this} has {numbers.Length} numbers, but there are {axes} spatial axes; give one for all, or one for each.");
        }

        foreach (var number in numbers)
        {
            if (number < lowest)
            {
                throw new ShapeException($"{operation}: {what} {this} has a number below {lowest}.");
            }
        }

        return numbers.Length == axes ? [.. numbers] : [.. Enumerable.Repeat(numbers[0], axes)];
    }
}
