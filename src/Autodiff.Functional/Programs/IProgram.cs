// What all primitives that hold programs have in common: their bodies, and what the user called.

namespace Autodiff.Functional.Programs;

/// <summary>The attribute of a node that holds programs.</summary>
internal interface IProgram
{
    /// <summary>What the user called.</summary>
    string Operation { get; }

    /// <summary>The bodies, in the order they print.</summary>
    IReadOnlyList<Body> Bodies { get; }

    /// <summary>Whether running it on numbers that it is not meant for may throw or never end.</summary>
    bool MayFail => Bodies.Any(body => body.MayFail);
}
