// What one line of the derivative table says: a factor, and where it applies at all.

namespace Autodiff.Functional.Elementwise;

/// <summary>
/// The partial derivative of a primitive in one operand. Where <see cref="Live"/> is 0 the result does not depend on the
/// operand: that is a structural zero, selected after multiplying, so that an ∞ or NaN beside it does no harm. A factor
/// that merely happens to be 0 is no structural zero.
/// </summary>
internal readonly struct PartialDerivative<T>
    where T : struct, IElementary<T>
{
    private PartialDerivative(T factor, T live, bool isMasked, bool isZero) => (Factor, Live, IsMasked, IsZero) = (factor, live, isMasked, isZero);

    public T Factor { get; }

    /// <summary>The mask, where <see cref="IsMasked"/>.</summary>
    public T Live { get; }

    public bool IsMasked { get; }

    /// <summary>The result never depends on the operand.</summary>
    public bool IsZero { get; }

    /// <summary>The factor where it applies, and 0 elsewhere.</summary>
    public T Selected => IsMasked ? T.Both(Live, Factor) : Factor;

    public static PartialDerivative<T> Zero => new(default, default, false, true);

    public static implicit operator PartialDerivative<T>(T factor) => new(factor, default, false, false);

    public static PartialDerivative<T> When(T live, T factor) => new(factor, live, true, false);

    /// <summary>The factor divided, under the same mask.</summary>
    public PartialDerivative<T> Over(T divisor) => new(Factor / divisor, Live, IsMasked, IsZero);
}
