// The errors of failed checks. Programs read the fields; people read the message.

using LanguageExt;
using LanguageExt.Common;

namespace Autodiff.Functional;

/// <summary>An element of a derivative that differs from finite differences.</summary>
public sealed record DerivativeMismatch : Expected
{
    internal DerivativeMismatch(string mode, int order, string element, Seq<int> index, double found, double finiteDifference, double allowed)
        : base(FormattableString.Invariant($"{mode} mode, order {order}: {element} is {found:R}, but finite differences give {finiteDifference:R}; they differ by {Math.Abs(found - finiteDifference):G3}, and {allowed:G3} is allowed."), 0) =>
        (Mode, Order, Element, Index, Found, FiniteDifference, Allowed) = (mode, order, element, index, found, finiteDifference, allowed);

    /// <summary>The nesting of modes, outermost first: <c>reverse</c>, <c>forward-over-reverse</c>, ….</summary>
    public string Mode { get; }

    /// <summary>The order of the derivative.</summary>
    public int Order { get; }

    /// <summary>The element as a formula: <c>∂²f[1]/∂x[0]∂y</c>; the arguments are x, y, z, w.</summary>
    public string Element { get; }

    /// <summary>
    /// The position of the element in the derivative, of shape output shape ++ input shape, the latter once for each order. The elements
    /// of several arguments follow each other along a single axis.
    /// </summary>
    public Seq<int> Index { get; }

    /// <summary>The element as automatic differentiation computes it.</summary>
    public double Found { get; }

    /// <summary>The element as finite differences of the derivative of the order below give it.</summary>
    public double FiniteDifference { get; }

    /// <summary>The difference that was allowed.</summary>
    public double Allowed { get; }
}

/// <summary>Forward and reverse mode that are not transposes of each other.</summary>
public sealed record AdjointMismatch : Expected
{
    internal AdjointMismatch(double forward, double reverse, double allowed)
        : base(FormattableString.Invariant($"⟨u, J·v⟩ is {forward:R} by forward mode, but ⟨u·J, v⟩ is {reverse:R} by reverse mode; they differ by {Math.Abs(forward - reverse):G3}, and {allowed:G3} is allowed."), 0) =>
        (Forward, Reverse, Allowed) = (forward, reverse, allowed);

    /// <summary>⟨u, J·v⟩, with J·v by forward mode.</summary>
    public double Forward { get; }

    /// <summary>⟨u·J, v⟩, with u·J by reverse mode.</summary>
    public double Reverse { get; }

    /// <summary>The difference that was allowed.</summary>
    public double Allowed { get; }
}
