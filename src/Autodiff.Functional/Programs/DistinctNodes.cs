// Recognizes equal nodes: nodes with the same primitive, attribute, shape and operands become one node, and constants with the same shape
// and bits one constant.

using System.Runtime.InteropServices;

namespace Autodiff.Functional.Programs;

/// <summary>
/// A set of nodes no two of which compute the same. The operands of commutative primitives, such as sums and products, are compared in either
/// order.
/// </summary>
internal sealed class DistinctNodes : IEqualityComparer<Expr>
{
    // How many leading elements of a constant enter its hash code, so that hashing a large constant stays cheap.
    private const int Hashed = 16;

    private readonly HashSet<Expr> _nodes;

    /// <summary>An empty set with room for the expected number of nodes.</summary>
    public DistinctNodes(int expected) => _nodes = new(expected, this);

    /// <summary>The node of the set that is equal to the given one; if there is none, the given node, which is added.</summary>
    public Expr FirstLike(Expr node)
    {
        if (_nodes.TryGetValue(node, out var first))
        {
            return first;
        }

        _nodes.Add(node);
        return node;
    }

    bool IEqualityComparer<Expr>.Equals(Expr? x, Expr? y)
    {
        if (ReferenceEquals(x, y))
        {
            return true;
        }

        if (x!.Op != y!.Op || x.OperandCount != y.OperandCount || x.Shape != y.Shape || !Equals(x.Attribute, y.Attribute))
        {
            return false;
        }

        if (x.OperandCount == 0)
        {
            return x.Op == Op.Constant && HaveSameBits(x, y);
        }

        if (x.Op.IsCommutative() && AreSame(x.Operand(0), y.Operand(1)) && AreSame(x.Operand(1), y.Operand(0)))
        {
            return true;
        }

        for (var i = 0; i < x.OperandCount; i++)
        {
            if (!AreSame(x.Operand(i), y.Operand(i)))
            {
                return false;
            }
        }

        return true;
    }

    int IEqualityComparer<Expr>.GetHashCode(Expr node)
    {
        if (node.Op == Op.Constant)
        {
            return Hash(node);
        }

        var hash = default(HashCode);
        hash.Add((int)node.Op);
        if (node.Attribute is { } attribute)
        {
            hash.Add(attribute);
        }

        if (node.Op.IsCommutative())
        {
            var (a, b) = (Hash(node.Operand(0)), Hash(node.Operand(1)));
            hash.Add(Math.Min(a, b));
            hash.Add(Math.Max(a, b));
            return hash.ToHashCode();
        }

        for (var i = 0; i < node.OperandCount; i++)
        {
            hash.Add(Hash(node.Operand(i)));
        }

        return hash.ToHashCode();
    }

    private static bool AreSame(Expr x, Expr y) => ReferenceEquals(x, y) || (x.Op == Op.Constant && y.Op == Op.Constant && x.Shape == y.Shape && HaveSameBits(x, y));

    /// <summary>Whether two constants of the same shape have the same bits; so 0 and −0 are different.</summary>
    private static bool HaveSameBits(Expr x, Expr y)
    {
        if (x.IsScalar)
        {
            return Bits(x.Scalar) == Bits(y.Scalar);
        }

        var (left, right) = (x.Storage, y.Storage);
        return ReferenceEquals(left, right)
            || (left.IsUniform == right.IsUniform
                && (left.IsUniform ? Bits(left[0]) == Bits(right[0]) : MemoryMarshal.AsBytes(left.Span).SequenceEqual(MemoryMarshal.AsBytes(right.Span))));
    }

    private static int Hash(Expr node)
    {
        if (node.Op != Op.Constant)
        {
            return (int)node.SerialNumber;
        }

        if (node.IsScalar)
        {
            return Bits(node.Scalar).GetHashCode();
        }

        var hash = default(HashCode);
        var numbers = node.Storage;
        hash.Add(numbers.Shape);
        for (var i = 0; i < Math.Min(numbers.Size, numbers.IsUniform ? 1 : Hashed); i++)
        {
            hash.Add(Bits(numbers[i]));
        }

        return hash.ToHashCode();
    }

    private static long Bits(double x) => BitConverter.DoubleToInt64Bits(x);
}
