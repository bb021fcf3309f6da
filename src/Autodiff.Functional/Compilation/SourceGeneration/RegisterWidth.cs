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

    /// <summary>Whether processors with such registers, and no wider ones, have the instructions of <see cref="Transposition"/>.</summary>
    public bool HasTransposition => Bits > 128;

    /// <summary>The beginning of the names of the instructions that unpack registers, and the name of the one that combines parts of them.</summary>
    public (string Unpack, string Blocks) Transposition => Bits == 512 ? ("Avx512F.Unpack", "Avx512F.Shuffle4x128") : ("Avx.Unpack", "Avx.Permute2x128");

    /// <summary>The class of the functions of such registers.</summary>
    public string Functions => $"Vector{Bits}";

    /// <summary>The type of such registers.</summary>
    public string Vector => $"Vector{Bits}<double>";

    /// <summary>The type of the library's registers of this width.</summary>
    public string Lanes => $"Lanes{Bits}";
}
