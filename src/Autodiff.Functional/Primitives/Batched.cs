// Values of a function that is run on a batch: those that differ between samples have one more axis, in front.

using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Primitives;

/// <summary>An expression for every sample, stacked along a leading axis, or one for all samples.</summary>
internal readonly record struct Batched(Expr Value, bool IsBatched)
{
    public static Batched Same(Expr value) => new(value, false);

    public static Batched Each(Expr value) => new(value, true);

    /// <summary>The shape of some samples.</summary>
    public static Shape With(int size, Shape shape) => new([size, .. shape.Lengths]);

    /// <summary>The value for every sample, whether or not it differs between them.</summary>
    public Expr ForEach(int size) => IsBatched ? Value : BroadcastTo(Value, With(size, Value.Shape));

    /// <summary>The value where samples of some rank meet: samples of fewer axes get axes of length 1 behind the batch, so that they stretch as they did.</summary>
    public Expr Aligned(int rank) => IsBatched ? Aligned(Value, rank) : Value;

    /// <summary>Samples of at least some rank, with axes of length 1 behind the batch.</summary>
    public static Expr Aligned(Expr x, int rank) => x.Rank - 1 == rank
        ? x
        : Reshape(x, new Shape([x.Shape[0], .. Enumerable.Repeat(1, rank - x.Rank + 1), .. x.Shape.Lengths[1..]]));
}
