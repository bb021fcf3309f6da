// What F# looks for on the operands' own types: it converts no number implicitly, calls no member with a span of parameters in its usual syntax, and finds the
// members of its own operators and functions by their names. To C#, which has all this already, these members have a lower priority.

using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.FSharp.Core;

namespace Autodiff.Functional;

[StructuredFormatDisplay("{Display}")]
public sealed partial class Expr
{
    // The most characters that are shown on one line.
    private const int LongestDisplay = 240;

    /// <summary>The number 0, with which F#'s <c>List.sum</c> and <c>Seq.sumBy</c> begin.</summary>
    public static Expr Zero => 0;

    /// <summary>The number 1, with which F#'s <c>pown</c> begins.</summary>
    public static Expr One => 1;

    /// <summary>The formula on one line, which F#'s interactive window and <c>%A</c> show. A long one is cut off: <see cref="ToFormula(bool)"/> has all of it.</summary>
    public string Display
    {
        get
        {
            var line = ToString().ReplaceLineEndings("; ");
            return line.Length <= LongestDisplay ? line : $"{line[..LongestDisplay]}…";
        }
    }

    /// <summary>The sign of the value, −1, 0 or 1, which F#'s <c>sign</c> reads as a property; a property called Sign would hide the function <see cref="Sign(Expr)"/>.</summary>
    /// <exception cref="NotConcreteException">The expression is symbolic.</exception>
    /// <exception cref="ShapeException">The expression is not a scalar.</exception>
    /// <exception cref="AutodiffException">The value is NaN.</exception>
    [EditorBrowsable(EditorBrowsableState.Never)]
    [SuppressMessage("Naming", "CA1707", Justification = "It is the name of the getter of a property Sign.")]
    public int get_Sign() => double.IsNaN(Value) ? throw new AutodiffException("Sign: NaN has no sign as a whole number; Expr.Sign(x) keeps it.") : Math.Sign(Value);

    /// <summary>x / n, as F#'s <c>List.average</c> divides.</summary>
    /// <param name="x">The dividend.</param>
    /// <param name="n">The divisor.</param>
    public static Expr DivideByInt(Expr x, int n) => x / Number(n);

    /// <summary>x to the power of a number, for F#'s <c>**</c>.</summary>
    /// <param name="x">The base.</param>
    /// <param name="exponent">The exponent.</param>
    [OverloadResolutionPriority(-1)]
    public static Expr Pow(Expr x, double exponent) => Pow(x, Number(exponent));

    /// <summary>x to a whole power, for F#'s <c>**</c>.</summary>
    /// <param name="x">The base.</param>
    /// <param name="exponent">The exponent.</param>
    [OverloadResolutionPriority(-1)]
    public static Expr Pow(Expr x, int exponent) => Pow(x, Number(exponent));

    /// <summary>a + b, elementwise, with a number.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    [OverloadResolutionPriority(-1)]
    public static Expr operator +(Expr a, int b) => a + Number(b);

    /// <summary>a + b, elementwise, with a number.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    [OverloadResolutionPriority(-1)]
    public static Expr operator +(int a, Expr b) => Number(a) + b;

    /// <summary>a − b, elementwise, with a number.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    [OverloadResolutionPriority(-1)]
    public static Expr operator -(Expr a, int b) => a - Number(b);

    /// <summary>a − b, elementwise, with a number.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    [OverloadResolutionPriority(-1)]
    public static Expr operator -(int a, Expr b) => Number(a) - b;

    /// <summary>a · b, elementwise, with a number.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    [OverloadResolutionPriority(-1)]
    public static Expr operator *(Expr a, int b) => a * Number(b);

    /// <summary>a · b, elementwise, with a number.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    [OverloadResolutionPriority(-1)]
    public static Expr operator *(int a, Expr b) => Number(a) * b;

    /// <summary>a / b, elementwise, with a number.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    [OverloadResolutionPriority(-1)]
    public static Expr operator /(Expr a, int b) => a / Number(b);

    /// <summary>a / b, elementwise, with a number.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    [OverloadResolutionPriority(-1)]
    public static Expr operator /(int a, Expr b) => Number(a) / b;

    /// <summary>The remainder of a/b, elementwise, with a number.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    [OverloadResolutionPriority(-1)]
    public static Expr operator %(Expr a, int b) => a % Number(b);

    /// <summary>The remainder of a/b, elementwise, with a number.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    [OverloadResolutionPriority(-1)]
    public static Expr operator %(int a, Expr b) => Number(a) % b;

    /// <summary>a + b, elementwise, with a number.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    [OverloadResolutionPriority(-1)]
    public static Expr operator +(Expr a, float b) => a + Number(b);

    /// <summary>a + b, elementwise, with a number.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    [OverloadResolutionPriority(-1)]
    public static Expr operator +(float a, Expr b) => Number(a) + b;

    /// <summary>a − b, elementwise, with a number.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    [OverloadResolutionPriority(-1)]
    public static Expr operator -(Expr a, float b) => a - Number(b);

    /// <summary>a − b, elementwise, with a number.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    [OverloadResolutionPriority(-1)]
    public static Expr operator -(float a, Expr b) => Number(a) - b;

    /// <summary>a · b, elementwise, with a number.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    [OverloadResolutionPriority(-1)]
    public static Expr operator *(Expr a, float b) => a * Number(b);

    /// <summary>a · b, elementwise, with a number.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    [OverloadResolutionPriority(-1)]
    public static Expr operator *(float a, Expr b) => Number(a) * b;

    /// <summary>a / b, elementwise, with a number.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    [OverloadResolutionPriority(-1)]
    public static Expr operator /(Expr a, float b) => a / Number(b);

    /// <summary>a / b, elementwise, with a number.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    [OverloadResolutionPriority(-1)]
    public static Expr operator /(float a, Expr b) => Number(a) / b;

    /// <summary>The remainder of a/b, elementwise, with a number.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    [OverloadResolutionPriority(-1)]
    public static Expr operator %(Expr a, float b) => a % Number(b);

    /// <summary>The remainder of a/b, elementwise, with a number.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    [OverloadResolutionPriority(-1)]
    public static Expr operator %(float a, Expr b) => Number(a) % b;

    /// <summary>
    /// The elements in the slices that F# writes <c>x.[1..]</c>, <c>x.[..1]</c>, <c>x.[0, *]</c> or <c>x.[*, 1..2]</c>. As in F#, the last position of a
    /// slice is part of it.
    /// </summary>
    /// <param name="bounds">For each axis a position, or the first and the last position of a slice, each of which may be missing.</param>
    /// <exception cref="ShapeException">A position is outside, or there are more than the axes.</exception>
    /// <exception cref="AutodiffException">A bound is neither a whole number nor an option of one.</exception>
    public Expr GetSlice(params object?[] bounds)
    {
        var given = AutodiffException.NotNull("GetSlice", "the array of bounds", bounds);
        var slices = new List<Slice>();
        for (var i = 0; i < given.Length; i++)
        {
            if (given[i] is int position)
            {
                slices.Add(position);
            }
            else if (i + 1 < given.Length && given[i] is null or FSharpOption<int> && given[i + 1] is null or FSharpOption<int>)
            {
                slices.Add(Inclusive((FSharpOption<int>?)given[i], (FSharpOption<int>?)given[i + 1]));
                i++;
            }
            else
            {
                throw new AutodiffException($"GetSlice: the bounds {string.Join(", ", given)} are not positions and pairs of options of positions, as F# passes them for x.[0, 1..2, *].");
            }
        }

        return this[[.. slices]];

        static Slice Inclusive(FSharpOption<int>? first, FSharpOption<int>? last)
        {
            var (start, end) = (first?.Value ?? 0, last?.Value ?? -1);
            return last is not null && end < start && end >= -1 ? new Range(start, start)
                : start < 0 || end < -1 ? throw new ShapeException($"GetSlice: the slice {start}..{end} has a negative position; positions are counted from 0.")
                : new Range(start, last is null ? Index.End : Math.Min(end, int.MaxValue - 1) + 1);
        }
    }
}
