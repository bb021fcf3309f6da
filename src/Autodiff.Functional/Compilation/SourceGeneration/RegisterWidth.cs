// The widths of registers that kernels on samples are written for.

namespace Autodiff.Functional.Compilation.SourceGeneration;

/// <summary>A width of registers.</summary>
/// <param name="Bits">The number of bits.</param>
internal sealed record RegisterWidth(int Bits)
{
    /// <summary>All widths, the widest first.</summary>
    public static RegisterWidth[] All { get; } = [new(512), new(256), new(128)];

    /// <summary>The number of doubles.</summary>
    public int Count => Bits / 64;

    /// <summary>The class of the functions of such registers.</summary>
    public string Functions => $"Vector{Bits}";

    /// <summary>The type of such registers.</summary>
    public string Vector => $"Vector{Bits}<double>";

    /// <summary>The type of the library's registers of this width.</summary>
    public string Lanes => $"Lanes{Bits}";
}
