// The result of one line of the derivative table: a factor, and a mask of where it applies.

namespace Autodiff.Functional.Elementwise;

/// <summary>
/// The partial derivative of an elementwise primitive or a reduction with respect to one operand: a factor and, optionally, a mask of its
/// structural zeros, where the result does not depend on the operand at all. A tangent or cotangent is multiplied by the factor and then set to 0
/// by the mask, so an ∞ or NaN at a structural zero does no harm. A factor that merely happens to be 0 is no structural zero.
/// </summary>
/// <typeparam name="T">The number type: doubles, blocks of a tensor, or expressions.</typeparam>
internal readonly struct PartialDerivative<T>
    where T : struct, IElementary<T>
{
    private PartialDerivative(T factor, T live, bool isMasked, bool isZero) => (Factor, Live, IsMasked, IsZero) = (factor, live, isMasked, isZero);

    /// <summary>The derivative, where the mask is not 0. Its other elements have no meaning.</summary>
    public T Factor { get; }

    /// <summary>The mask: 0 at structural zeros and 1 elsewhere. It has no meaning unless <see cref="IsMasked"/>.</summary>
    public T Live { get; }

    /// <summary>Whether there is a mask. Without one, and unless <see cref="IsZero"/>, the factor applies everywhere.</summary>
    public bool IsMasked { get; }

    /// <summary>Whether the result never depends on the operand, so that the derivative is a structural zero everywhere.</summary>
    public bool IsZero { get; }

    /// <summary>The factor times the mask; without a mask the factor.</summary>
    public T Selected => IsMasked ? T.Both(Live, Factor) : Factor;

    /// <summary>The derivative of a result that never depends on the operand.</summary>
    public static PartialDerivative<T> Zero => new(default, default, false, true);

    public static implicit operator PartialDerivative<T>(T factor) => new(factor, default, false, false);

    /// <summary>A factor that applies where the mask is 1, and is a structural zero where the mask is 0.</summary>
    public static PartialDerivative<T> When(T live, T factor) => new(factor, live, true, false);

    /// <summary>The factor divided by a number, with the same mask.</summary>
    public PartialDerivative<T> Over(T divisor) => new(Factor / divisor, Live, IsMasked, IsZero);
}
