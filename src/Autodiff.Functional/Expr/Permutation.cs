// A permutation of the axes of a tensor.

namespace Autodiff.Functional;

/// <summary>The order of axes in a permuted tensor: axis i of the result is axis <c>Order[i]</c> of the operand.</summary>
internal sealed record Permutation(int[] Order)
{
    public Permutation Inverse()
    {
        var inverse = new int[Order.Length];
        for (var axis = 0; axis < Order.Length; axis++)
        {
            inverse[Order[axis]] = axis;
        }

        return new(inverse);
    }

    public bool Equals(Permutation? other) => other is not null && Order.AsSpan().SequenceEqual(other.Order);

    public override int GetHashCode() => Shape.Hash(Order);
}
