// Equal computations once: nodes of the same primitive, attribute and operands are one node, and constants of the same shape and
// bits are one constant.

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.Passes;

internal static class CommonSubexpressions
{
    public static Body Merge(Body body)
    {
        var constants = new Dictionary<Constant, Expr>();
        var known = new Dictionary<Computation, Expr>();
        return Rewriting.Apply(body, node =>
        {
            if (node.Op == Op.Constant)
            {
                return node;
            }

            var operands = new Expr[node.OperandCount];
            var isSame = true;
            for (var i = 0; i < operands.Length; i++)
            {
                var operand = node.Operand(i);
                operands[i] = operand.Op == Op.Constant ? FirstOf(constants, new(operand.Storage), operand) : operand;
                isSame &= ReferenceEquals(operands[i], operand);
            }

            return FirstOf(known, new(node, operands), isSame ? node : node.WithOperands(operands));
        });
    }

    private static TValue FirstOf<TKey, TValue>(Dictionary<TKey, TValue> known, TKey key, TValue value)
        where TKey : notnull
    {
        ref var first = ref CollectionsMarshal.GetValueRefOrAddDefault(known, key, out var exists);
        return exists ? first! : first = value;
    }

    /// <summary>The numbers of a constant; equal ones have the same bits, which tell 0 from −0.</summary>
    private readonly struct Constant(Storage value) : IEquatable<Constant>
    {
        private const int Hashed = 16;

        private readonly Storage _value = value;

        public bool Equals(Constant other)
        {
            var (left, right) = (_value, other._value);
            return ReferenceEquals(left, right)
                || (left.Shape == right.Shape && left.IsUniform == right.IsUniform
                    && (left.IsUniform ? Bits(left[0]) == Bits(right[0]) : MemoryMarshal.AsBytes(left.Span).SequenceEqual(MemoryMarshal.AsBytes(right.Span))));
        }

        public override bool Equals(object? obj) => obj is Constant other && Equals(other);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            hash.Add(_value.Shape);
            for (var i = 0; i < Math.Min(_value.Size, _value.IsUniform ? 1 : Hashed); i++)
            {
                hash.Add(Bits(_value[i]));
            }

            return hash.ToHashCode();
        }

        private static long Bits(double x) => BitConverter.DoubleToInt64Bits(x);
    }

    /// <summary>What makes two nodes the same. Sums and products do not depend on the order of their operands.</summary>
    private readonly struct Computation : IEquatable<Computation>
    {
        private readonly Op _op;
        private readonly object? _attribute;
        private readonly Shape _shape;
        private readonly Expr[] _operands;

        public Computation(Expr node, Expr[] operands)
        {
            (_op, _attribute, _shape, _operands) = (node.Op, node.Attribute, node.Shape, operands);
            if (_op is Op.Add or Op.Multiply && Identity(operands[0]) > Identity(operands[1]))
            {
                _operands = [operands[1], operands[0]];
            }
        }

        public bool Equals(Computation other) =>
            _op == other._op && _shape == other._shape && _operands.AsSpan().SequenceEqual(other._operands)
            && AttributeComparer.Instance.Equals(_attribute, other._attribute);

        public override bool Equals(object? obj) => obj is Computation other && Equals(other);

        public override int GetHashCode()
        {
            var hash = default(HashCode);
            hash.Add(_op);
            hash.Add(_attribute is null ? 0 : AttributeComparer.Instance.GetHashCode(_attribute));
            foreach (var operand in _operands)
            {
                hash.Add(Identity(operand));
            }

            return hash.ToHashCode();
        }

        private static int Identity(Expr node) => RuntimeHelpers.GetHashCode(node);
    }
}
