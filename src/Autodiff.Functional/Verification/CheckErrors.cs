// The errors of failed checks. Programs read the fields; people read the message.

using LanguageExt;
using LanguageExt.Common;

namespace Autodiff.Functional;

/// <summary>What a check found at one point.</summary>
public abstract record CheckError : Expected
{
    private protected CheckError(string message)
        : base(message, 0)
    {
    }

    /// <summary>Whether it only means that nothing can be said at the point, as <see cref="NoDerivative"/> and <see cref="JumpFound"/> do.</summary>
    internal bool SaysNothing => this is NoDerivative or JumpFound;
}

/// <summary>Where in a derivative a check found something.</summary>
/// <param name="Mode">The nesting of modes, outermost first: <c>reverse</c>, <c>forward-over-reverse</c>, …; or another way of computing the derivative: <c>series</c>, <c>compiled</c>, <c>interpreted</c>.</param>
/// <param name="Order">The order of the derivative.</param>
/// <param name="Element">The element as a formula: <c>∂²f[1]/∂x[0]∂y</c>; the arguments are x, y, z, w, and the leaves of a tree have their paths.</param>
/// <param name="Index">
/// The position of the element in the derivative, of shape output shape ++ input shape, the latter once for each order. The elements
/// of several arguments or leaves follow each other along a single axis.
/// </param>
public sealed record Place(string Mode, int Order, string Element, Seq<int> Index)
{
    internal static Place At(string mode, int order, string element, int[] index) => new(mode, order, element, Prelude.toSeq(index));
}

/// <summary>An element of a derivative that differs from finite differences.</summary>
public sealed record DerivativeMismatch : CheckError
{
    internal DerivativeMismatch(Place place, double found, double finiteDifference, double allowed)
        : base(FormattableString.Invariant($"{place.Mode} mode, order {place.Order}: {place.Element} is {found:R}, but finite differences give {finiteDifference:R}; they differ by {Math.Abs(found - finiteDifference):G3}, and {allowed:G3} is allowed.")) =>
        (Place, Found, FiniteDifference, Allowed) = (place, found, finiteDifference, allowed);

    /// <summary>Where.</summary>
    public Place Place { get; }

    /// <summary>The nesting of modes, outermost first: <c>reverse</c>, <c>forward-over-reverse</c>, ….</summary>
    public string Mode => Place.Mode;

    /// <summary>The order of the derivative.</summary>
    public int Order => Place.Order;

    /// <summary>The element as a formula: <c>∂²f[1]/∂x[0]∂y</c>; the arguments are x, y, z, w.</summary>
    public string Element => Place.Element;

    /// <summary>The position of the element in the derivative: see <see cref="Functional.Place"/>.</summary>
    public Seq<int> Index => Place.Index;

    /// <summary>The element as automatic differentiation computes it.</summary>
    public double Found { get; }

    /// <summary>The element as finite differences of the derivative of the order below give it.</summary>
    public double FiniteDifference { get; }

    /// <summary>The difference that was allowed.</summary>
    public double Allowed { get; }
}

/// <summary>A derivative at a kink that is not between the slopes on its two sides.</summary>
public sealed record KinkMismatch : CheckError
{
    internal KinkMismatch(Place place, double found, double left, double right)
        : base(FormattableString.Invariant($"{place.Mode} mode, order {place.Order}: {place.Element} is {found:R}, but there is a kink, with slope {left:G9} on the left and {right:G9} on the right; a derivative there is between these.")) =>
        (Place, Found, Left, Right) = (place, found, left, right);

    /// <summary>Where.</summary>
    public Place Place { get; }

    /// <summary>The element as automatic differentiation computes it.</summary>
    public double Found { get; }

    /// <summary>The slope on the left.</summary>
    public double Left { get; }

    /// <summary>The slope on the right.</summary>
    public double Right { get; }
}

/// <summary>A jump: the function, or a derivative of it that is to be differentiated, is not continuous at the point, so it has no derivative there.</summary>
public sealed record JumpFound : CheckError
{
    internal JumpFound(Place place, int orderBelow, double left, double value, double right)
        : base(FormattableString.Invariant($"There is a jump: {(orderBelow == 0 ? "f" : $"the derivative of order {orderBelow}")} goes from {left:G9} on the left to {value:G9} at the point and {right:G9} on the right, so {place.Element} does not exist.")) =>
        (Place, Left, Value, Right) = (place, left, value, right);

    /// <summary>Where.</summary>
    public Place Place { get; }

    /// <summary>The limit on the left.</summary>
    public double Left { get; }

    /// <summary>The value at the point.</summary>
    public double Value { get; }

    /// <summary>The limit on the right.</summary>
    public double Right { get; }
}

/// <summary>Nothing could be checked: the function is not defined at the point, or has no derivative there.</summary>
public sealed record NoDerivative : CheckError
{
    /// <summary>Makes the error, for laws of one's own.</summary>
    /// <param name="reason">Why nothing can be said.</param>
    public NoDerivative(string reason)
        : base($"Nothing could be checked: {reason}.") => Reason = reason;

    /// <summary>Why.</summary>
    public string Reason { get; }
}

/// <summary>A derivative that is another if it is computed in another way.</summary>
public sealed record MethodMismatch : CheckError
{
    internal MethodMismatch(Place place, double found, double expected, double allowed)
        : base(FormattableString.Invariant($"{place.Mode}, order {place.Order}: {place.Element} is {found:R}, but reverse mode gives {expected:R}; they differ by {Math.Abs(found - expected):G3}, and {allowed:G3} is allowed.")) =>
        (Place, Found, Expected, Allowed) = (place, found, expected, allowed);

    /// <summary>Where, and in which way it was computed.</summary>
    public Place Place { get; }

    /// <summary>The element as it was found.</summary>
    public double Found { get; }

    /// <summary>The element by reverse mode.</summary>
    public double Expected { get; }

    /// <summary>The difference that was allowed.</summary>
    public double Allowed { get; }
}

/// <summary>Forward and reverse mode that are not transposes of each other.</summary>
public sealed record AdjointMismatch : CheckError
{
    internal AdjointMismatch(double forward, double reverse, double allowed)
        : base(FormattableString.Invariant($"⟨u, J·v⟩ is {forward:R} by forward mode, but ⟨u·J, v⟩ is {reverse:R} by reverse mode; they differ by {Math.Abs(forward - reverse):G3}, and {allowed:G3} is allowed.")) =>
        (Forward, Reverse, Allowed) = (forward, reverse, allowed);

    /// <summary>⟨u, J·v⟩, with J·v by forward mode.</summary>
    public double Forward { get; }

    /// <summary>⟨u·J, v⟩, with u·J by reverse mode.</summary>
    public double Reverse { get; }

    /// <summary>The difference that was allowed.</summary>
    public double Allowed { get; }
}
