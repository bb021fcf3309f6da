// What a comparison of a derivative with values of its function says.

namespace Autodiff.Functional.Verification;

/// <summary>What is known of a derivative at one point. Of several elements, none of which fails, the last of these verdicts counts.</summary>
internal enum Verdict
{
    /// <summary>It is wrong.</summary>
    Fails,

    /// <summary>It is right.</summary>
    Holds,

    /// <summary>Nothing can be said: the function is not defined, or has no derivative there.</summary>
    Open,

    /// <summary>It is between the two slopes of a kink: right, but derivatives of higher orders do not exist.</summary>
    Kink,
}
