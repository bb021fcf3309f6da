// Equal computations once: nodes of the same primitive, attribute and operands are one node, and constants of the same shape and
// bits are one constant.

using System.Runtime.InteropServices;

namespace Autodiff.Functional.Programs;

/// <summary>Nodes of which no two are the same computation. Sums and products do not depend on the order of their operands.</summary>
internal sealed class DistinctNodes : IEqualityComparer<Expr>
{
    private const int Hashed = 16;

    private readonly HashSet<Expr> _nodes;

    /// <summary>No nodes, with room for some.</summary>
    public DistinctNodes(int expected) => _nodes = new(expected, this);

    /// <summary>The node that is the same computation, which is the given one if there has been none.</summary>
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

    /// <summary>Whether two constants of one shape have the same bits, which tell 0 from −0.</summary>
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
