// How a function behaves at a point where its derivative and its difference quotients differ: smooth, with a kink, with a jump, or too rough to tell.

namespace Autodiff.Functional.Verification;

/// <summary>What values of a function near a point say of it, in one element, along one line.</summary>
internal abstract record Smoothness
{
    /// <summary>The derivative exists, and the quotients converge to it at their rate; or they do not tell.</summary>
    public sealed record Smooth : Smoothness;

    /// <summary>The slopes on the two sides differ, by more than the sum of their errors.</summary>
    public sealed record Kink(double Left, double Right, double Error) : Smoothness;

    /// <summary>The limits on the two sides, or the value at the point, differ.</summary>
    public sealed record Jump(double Left, double Value, double Right) : Smoothness;

    /// <summary>The quotients grow without bound.</summary>
    public sealed record Vertical(double Sign) : Smoothness;
}
