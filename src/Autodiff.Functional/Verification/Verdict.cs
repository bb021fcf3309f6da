// What a comparison of a derivative with values of its function says.

namespace Autodiff.Functional.Verification;

/// <summary>What is known of a law at one point, the worst first.</summary>
internal enum Verdict
{
    /// <summary>It does not hold.</summary>
    Fails,

    /// <summary>It holds.</summary>
    Holds,

    /// <summary>Nothing can be said: the function is not defined, or has no derivative there.</summary>
    Open,
}
