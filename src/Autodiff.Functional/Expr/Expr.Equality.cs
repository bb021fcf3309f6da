// When two expressions are equal: scalar constants by their numbers, everything else by identity of nodes.

using System.Runtime.CompilerServices;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// Whether both are the same node, or scalar constants of the same number: <c>(Expr)2.5 == (Expr)2.5</c>. Numbers are the same if their bits are, so
    /// 0 and −0 differ, and NaN equals itself. Two formulas, variables or tensors that were made separately differ; <see cref="Eq"/> compares
    /// elements, and <see cref="Comparer"/> structures.
    /// </summary>
    /// <param name="left">An expression, or null.</param>
    /// <param name="right">An expression, or null.</param>
    public static bool operator ==(Expr? left, Expr? right) => AreEqual(left, right);

    /// <summary>Whether the expressions are different nodes, and not scalar constants of the same number.</summary>
    /// <param name="left">An expression, or null.</param>
    /// <param name="right">An expression, or null.</param>
    public static bool operator !=(Expr? left, Expr? right) => !AreEqual(left, right);

    /// <summary>Whether the other object is the same node, or a scalar constant of the same number as this one.</summary>
    /// <param name="obj">The other object.</param>
    public override bool Equals(object? obj) => AreEqual(this, obj as Expr);

    /// <summary>A hash code of the number of a scalar constant, and of the identity of any other node.</summary>
    public override int GetHashCode() => IsConstantNumber ? _scalar.GetHashCode() : RuntimeHelpers.GetHashCode(this);

    private bool IsConstantNumber => Op == Op.Constant && IsScalar;

    private static bool AreEqual(Expr? left, Expr? right) => ReferenceEquals(left, right)
        || (left is { IsConstantNumber: true } && right is { IsConstantNumber: true }
            && BitConverter.DoubleToInt64Bits(left._scalar) == BitConverter.DoubleToInt64Bits(right._scalar));
}
