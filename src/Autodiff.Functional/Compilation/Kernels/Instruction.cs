// The instructions that kernels consist of.

namespace Autodiff.Functional.Compilation.Kernels;

internal enum Act : byte
{
    Number,
    Load,
    Apply,

    /// <summary>a·b + c, rounded once: used in sums of products.</summary>
    MultiplyAdd,
    Store,

    /// <summary>Combines a value with what is in memory, for each sample.</summary>
    Accumulate,

    /// <summary>
    /// Combines the values of all samples to one, and that one with what is in memory. No two folds of a kernel have the same place: each is kept in
    /// a register until the samples are over.
    /// </summary>
    Fold,
}

/// <summary>One instruction: it computes a value from values before it, or has an effect on memory.</summary>
internal readonly record struct Instruction(Act Act, Op Op, int A, int B, int C, double Number, Access? Access)
{
    public int OperandCount => Act switch
    {
        Act.Number or Act.Load => 0,
        Act.MultiplyAdd => 3,
        Act.Apply => Op.Arity(),
        _ => 1,
    };

    public bool IsEffect => Act >= Act.Store;

    public int Operand(int index) => index switch { 0 => A, 1 => B, _ => C };

    /// <summary>Whether both do the same. Numbers are compared by their bits, which tell 0 from −0.</summary>
    public bool Equals(Instruction other) => (Act, Op, A, B, C) == (other.Act, other.Op, other.A, other.B, other.C) && Bits == other.Bits && Equals(Access, other.Access);

    public override int GetHashCode() => HashCode.Combine(((int)Act << 8) + (int)Op, A, B, C, Bits, Access);

    private long Bits => BitConverter.DoubleToInt64Bits(Number);
}
