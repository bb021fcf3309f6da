// The operands of a primitive when a function is applied to a batch of samples (Vmap).

using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Primitives;

/// <summary>A value in a batched computation. A primitive gets its operands in this form in <see cref="TensorPrimitive.Batch"/>.</summary>
/// <param name="Value">If batched, the values for all samples, stacked along a leading axis; otherwise the one value for all samples.</param>
/// <param name="IsBatched">Whether the value may differ between samples, and so has the batch axis.</param>
internal readonly record struct Batched(Expr Value, bool IsBatched)
{
    /// <summary>One value for all samples, without a batch axis.</summary>
    public static Batched Same(Expr value) => new(value, false);

    /// <summary>The values for all samples, stacked along a leading axis.</summary>
    public static Batched Each(Expr value) => new(value, true);

    /// <summary>The shape of a batch of tensors of the given shape.</summary>
    public static Shape With(int size, Shape shape) => new([size, .. shape.Lengths]);

    /// <summary>The values for all samples, stacked along the batch axis; a value that is the same for all is broadcast along it.</summary>
    public Expr ForEach(int size) => IsBatched ? Value : BroadcastTo(Value, With(size, Value.Shape));

    /// <summary>
    /// The value, ready to be broadcast against samples of the given rank. Batched samples of lower rank get axes of length 1 after the batch axis,
    /// so that their own axes are aligned at the last, as they are without a batch.
    /// </summary>
    public Expr Aligned(int rank) => IsBatched ? Aligned(Value, rank) : Value;

    /// <summary>A batch whose samples are brought to the given rank, if theirs is lower, by axes of length 1 after the batch axis.</summary>
    public static Expr Aligned(Expr x, int rank) => x.Rank - 1 == rank
        ? x
        : Reshape(x, new Shape([x.Shape[0], .. Enumerable.Repeat(1, rank - x.Rank + 1), .. x.Shape.Lengths[1..]]));
}
