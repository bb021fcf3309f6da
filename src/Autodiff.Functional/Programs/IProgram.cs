// What all primitives that hold programs have in common: their bodies, and what the user called.

namespace Autodiff.Functional.Programs;

/// <summary>The attribute of a node that holds programs.</summary>
internal interface IProgram
{
    /// <summary>What the user called.</summary>
    string Operation { get; }

    /// <summary>The bodies, in the order they print.</summary>
    IReadOnlyList<Body> Bodies { get; }
}
