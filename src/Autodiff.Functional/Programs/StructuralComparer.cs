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
        private readonly Dictionary<object, int> _numbers = [];

        /// <summary>The number of a tree, whose variables are counted in the order in which they occur.</summary>
        public int Of(Expr tree)
        {
            var (known, leaves) = (new Dictionary<Expr, int>(ReferenceEqualityComparer.Instance), 0);
            foreach (var node in tree.Ancestry())
            {
                known.Add(node, NumberOf(node.Op == Op.Variable && node.OperandCount == 0 ? (node.Name, node.Shape, leaves++) : KeyOf(node, operand => known[operand])));
            }

            return known[tree];
        }

        private int Of(Computation computation)
        {
            var known = new Dictionary<Expr, int>(ReferenceEqualityComparer.Instance);
            foreach (var (place, parameter) in computation.Parameters.Index())
            {
                known.Add(parameter, NumberOf(("parameter", parameter.Shape, place)));
            }

            foreach (var node in computation.Nodes)
            {
                known.Add(node, NumberOf(KeyOf(node, Known)));
            }

            return NumberOf(("computation", computation.Parameters.Length, string.Join(' ', computation.Results.Select(Known))));

            int Known(Expr operand) => operand.Op == Op.Constant ? NumberOf(KeyOf(operand, Known)) : known[operand];
        }

        private object KeyOf(Expr node, Func<Expr, int> numberOf)
        {
            if (node.Op == Op.Constant)
            {
                return (node.Shape, Convert.ToBase64String(MemoryMarshal.AsBytes(node.Storage.Span)));
            }

            var operands = string.Join(' ', node.Operands.Select(operand => numberOf(operand).ToString(CultureInfo.InvariantCulture)));
            return node.Primitive is ProgramPrimitive program
                ? (node.Op, node.Shape, operands, (program.Operation, program.Settings, string.Join(' ', program.Computations.Select(Of))))
                : (node.Op, node.Shape, operands, node.Attribute);
        }

        private int NumberOf(object key)
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
