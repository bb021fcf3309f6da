// Whether two trees are built alike, whatever nodes they are made of.

using System.Globalization;
using System.Runtime.InteropServices;

namespace Autodiff.Functional.Programs;

/// <summary>
/// Trees are equal if they have the same primitives with the same attributes and shapes over equal operands, and constants with the same bits. Variables are
/// equal if they have the same name, shape and value and correspond one to one: x + x does not equal x + y, nor x + x′ with another variable of
/// the same name. Parameters of programs correspond by position. Which nodes are shared makes no difference.
/// </summary>
internal sealed class StructuralComparer : IEqualityComparer<Expr>
{
    public static StructuralComparer Instance { get; } = new();

    public bool Equals(Expr? x, Expr? y)
    {
        if (ReferenceEquals(x, y) || x is null || y is null)
        {
            return ReferenceEquals(x, y);
        }

        var numbers = new Numbering();
        return numbers.Of(x) == numbers.Of(y);
    }

    public int GetHashCode(Expr tree)
    {
        if (tree is null)
        {
            throw AutodiffException.Null("Structural.GetHashCode", "the expression");
        }

        var hashes = new Dictionary<Expr, int>(ReferenceEqualityComparer.Instance);
        foreach (var node in tree.Ancestry())
        {
            var hash = default(HashCode);
            hash.Add((int)node.Op);
            hash.Add(node.Shape);
            if (node.Op == Op.Constant)
            {
                hash.Add(BitConverter.DoubleToInt64Bits(node.Shape.Size > 0 ? node.Storage[0] : 0));
            }

            if (node.Name.Case is string name)
            {
                hash.Add(name, StringComparer.Ordinal);
            }

            foreach (var operand in node.Operands)
            {
                hash.Add(hashes[operand]);
            }

            hashes.Add(node, hash.ToHashCode());
        }

        return hashes[tree];
    }

    /// <summary>Gives equal trees equal numbers.</summary>
    private sealed class Numbering
    {
        private const int None = -1;

        private readonly Dictionary<Key, int> _numbers = [];

        /// <summary>What a node is: two operands by their numbers, more of them and everything else in the rest.</summary>
        private readonly record struct Key(Op Op, Shape Shape, int First, int Second, object? Rest);

        /// <summary>The number of a tree, whose variables are counted in the order in which they occur.</summary>
        public int Of(Expr tree)
        {
            var (known, leaves) = (new Dictionary<Expr, int>(ReferenceEqualityComparer.Instance), 0);
            foreach (var node in tree.Ancestry())
            {
                known.Add(node, NumberOf(node.Op == Op.Variable && node.OperandCount == 0 ? new(Op.Variable, node.Shape, leaves++, None, node.Name) : KeyOf(node, known)));
            }

            return known[tree];
        }

        private int Of(Computation computation)
        {
            var known = new Dictionary<Expr, int>(ReferenceEqualityComparer.Instance);
            foreach (var (place, parameter) in computation.Parameters.Index())
            {
                known.Add(parameter, NumberOf(new(Op.Variable, parameter.Shape, None, place, null)));
            }

            foreach (var node in computation.Nodes)
            {
                known.Add(node, NumberOf(KeyOf(node, known)));
            }

            return NumberOf(new(Op.Call, Shape.Scalar, computation.Parameters.Length, None, string.Join(' ', computation.Results.Select(result => NumberIn(known, result)))));
        }

        /// <summary>The number of an operand; constants are not among the nodes of computations.</summary>
        private int NumberIn(Dictionary<Expr, int> known, Expr operand) => operand.Op == Op.Constant ? NumberOf(KeyOf(operand, known)) : known[operand];

        private Key KeyOf(Expr node, Dictionary<Expr, int> known)
        {
            if (node.Op == Op.Constant)
            {
                return new(node.Op, node.Shape, None, None, node.IsScalar ? BitConverter.DoubleToInt64Bits(node.Scalar) : Convert.ToBase64String(MemoryMarshal.AsBytes(node.Storage.Span)));
            }

            object? rest = node.Primitive is ProgramPrimitive program
                ? (program.Operation, program.Settings, string.Join(' ', program.Computations.Select(Of)))
                : node.Attribute;
            return node.OperandCount > 2
                ? new(node.Op, node.Shape, None, None, (rest, string.Join(' ', node.Operands.Select(operand => NumberIn(known, operand).ToString(CultureInfo.InvariantCulture)))))
                : new(node.Op, node.Shape, node.OperandCount > 0 ? NumberIn(known, node.Operand(0)) : None, node.OperandCount > 1 ? NumberIn(known, node.Operand(1)) : None, rest);
        }

        private int NumberOf(Key key)
        {
            ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, key, out var exists);
            if (!exists)
            {
                number = _numbers.Count;
            }

            return number;
        }
    }
}
