// What a kernel is made of.

namespace Autodiff.Functional.Compilation.Kernels;

internal enum Act : byte
{
    Number,
    Load,
    Apply,

    /// <summary>a·b + c, rounded once: inside sums of products.</summary>
    MultiplyAdd,
    Store,

    /// <summary>The value is combined with what stands there.</summary>
    Accumulate,

    /// <summary>
    /// The values of all samples are combined to one, and that with what stands there. No two in a kernel have one place: each is kept in a
    /// register until the samples are over.
    /// </summary>
    Fold,
}

/// <summary>One instruction: a value made of values before it, or an effect.</summary>
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

    /// <summary>Whether both do the same. Numbers are told apart by their bits, which know the sign of a zero.</summary>
    public bool Equals(Instruction other) => (Act, Op, A, B, C) == (other.Act, other.Op, other.A, other.B, other.C) && Bits == other.Bits && Equals(Access, other.Access);

    public override int GetHashCode() => HashCode.Combine(((int)Act << 8) + (int)Op, A, B, C, Bits, Access);

    private long Bits => BitConverter.DoubleToInt64Bits(Number);
}
