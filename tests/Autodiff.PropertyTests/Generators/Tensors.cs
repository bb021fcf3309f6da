// Random shapes and tensors: small, so that whole Jacobians can be compared, and well conditioned.

using FsCheck;
using FsCheck.Fluent;

namespace Autodiff.PropertyTests.Generators;

internal static class Tensors
{
    /// <summary>Shapes of rank 0 to 3 with lengths 1 to 4 (1 to 3 if there are three axes).</summary>
    public static Gen<Shape> Shapes { get; } = RankFrom(0);

    /// <summary>The same with rank 1 to 3.</summary>
    public static Gen<Shape> ShapesWithAxes { get; } = RankFrom(1);

    /// <summary>The greatest length of an axis in <see cref="LongShapes"/>.</summary>
    public const int LongestAxis = 70;

    /// <summary>Shapes with one long axis and up to two short ones, in any order.</summary>
    public static Gen<Shape> LongShapes { get; } =
        from length in Gen.Choose(7, LongestAxis)
        from others in Gen.Choose(0, 2)
        from around in Gen.Choose(1, others == 2 ? 3 : 4).ArrayOf(others)
        from place in Gen.Choose(0, others)
        select new Shape([.. around[..place], length, .. around[place..]]);

    /// <summary>Shapes as in <see cref="ShapesWithAxes"/>, sometimes with an axis of length 0.</summary>
    public static Gen<Shape> ShapesWithEmptyOnes { get; } = Gen.Frequency(
        (7, ShapesWithAxes),
        (1, Gen.Elements(new Shape(0), new Shape(0, 2), new Shape(3, 0), new Shape(2, 0, 3))));

    /// <summary>
    /// A tensor whose elements are between −2 and 2, in random order and at least 0.8/size apart, so that the steps of finite differences do not
    /// change which element is the largest or the smallest.
    /// </summary>
    public static Gen<Expr> Of(Shape shape) =>
        from order in Gen.Shuffle(Enumerable.Range(0, shape.Size).ToArray())
        from jitter in Gen.Choose(-400, 400).ArrayOf(shape.Size)
        select Expr.Constant([.. order.Zip(jitter, (place, noise) => (4 * (place + 0.5 + (noise / 1000.0)) / shape.Size) - 2)], shape);

    /// <summary>A tensor of any small shape.</summary>
    public static Gen<Expr> Any { get; } = Shapes.SelectMany(Of);

    /// <summary>Two tensors whose shapes broadcast: some axes of either have length 1 or are missing.</summary>
    public static Gen<(Expr A, Expr B)> Pairs { get; } =
        from shape in Shapes
        from left in StretchingTo(shape)
        from right in StretchingTo(shape)
        from a in Of(left)
        from b in Of(right)
        select (a, b);

    /// <summary>A shape that broadcasts to another.</summary>
    public static Gen<Shape> StretchingTo(Shape shape) =>
        from ones in Gen.Elements(false, false, true).ArrayOf(shape.Rank)
        from missing in Gen.Frequency((2, Gen.Constant(0)), (1, Gen.Choose(0, shape.Rank)))
        select new Shape([.. shape.Zip(ones, (length, one) => one ? 1 : length).Skip(missing)]);

    /// <summary>Some of the axes in any order, counted from the start or from the end; null for all axes.</summary>
    public static Gen<int[]?> AxesOf(int rank) => Gen.Frequency(
        (1, Gen.Constant<int[]?>(null)),
        (3, from axes in Gen.SubListOf(Enumerable.Range(0, rank).ToArray())
            from order in Gen.Shuffle(axes.ToArray())
            from fromEnd in Gen.Elements(0, rank).ArrayOf(order.Length)
            select (int[]?)[.. order.Zip(fromEnd, (axis, offset) => axis - offset)]));

    /// <summary>A tangent or cotangent: random elements between −1 and 1, which are the same for the same seed.</summary>
    public static Expr Direction(Shape shape, int seed)
    {
        var random = new Random(seed);
        var elements = new double[shape.Size];
        for (var i = 0; i < elements.Length; i++)
        {
            elements[i] = (2 * random.NextDouble()) - 1;
        }

        return Expr.Constant(elements, shape);
    }

    private static Gen<Shape> RankFrom(int lowest) =>
        from rank in Gen.Choose(lowest, 3)
        from lengths in Gen.Choose(1, rank == 3 ? 3 : 4).ArrayOf(rank)
        select new Shape(lengths);
}
