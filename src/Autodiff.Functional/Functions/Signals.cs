// Signals: discrete convolution, means of windows, interpolation.

using static Autodiff.Functional.ConvolutionTensor;

namespace Autodiff.Functional;

/// <summary>Which positions a convolution of finite sequences has.</summary>
public enum ConvolutionMode
{
    /// <summary>All positions at which the sequences overlap: the sum of their lengths, less 1.</summary>
    Full,

    /// <summary>As many positions as the longer sequence, in the middle of all.</summary>
    Same,

    /// <summary>The positions at which the shorter sequence lies in the longer one.</summary>
    Valid,
}

public sealed partial class Expr
{
    /// <summary>
    /// The discrete convolution of two sequences: element n is Σ xᵢ kernelₙ₋ᵢ, the product of the polynomials that have them as coefficients. As <c>numpy.convolve</c>.
    /// Axes before the last are batch axes, which broadcast. It is symmetric in its operands; the work is the product of their lengths.
    /// </summary>
    /// <param name="x">A sequence, of shape (…, n) with n ≥ 1.</param>
    /// <param name="kernel">The other sequence, of shape (…, m) with m ≥ 1.</param>
    /// <param name="mode">
    /// <see cref="ConvolutionMode.Full"/>: n + m − 1 elements. <see cref="ConvolutionMode.Same"/>: max(n, m) elements, those from ⌊(min(n, m) − 1)/2⌋ on.
    /// <see cref="ConvolutionMode.Valid"/>: max(n, m) − min(n, m) + 1 elements, to which all of the shorter sequence contributes.
    /// </param>
    /// <exception cref="ShapeException">An operand is a scalar or has no element, or the batch axes do not broadcast.</exception>
    /// <example>
    /// <code>
    /// Convolve(new double[] { 1, 2, 3 }, new double[] { 0, 1, 0.5 }); // [0, 1, 2.5, 4, 1.5]
    /// </code>
    /// </example>
    public static Expr Convolve(Expr x, Expr kernel, ConvolutionMode mode = ConvolutionMode.Full)
    {
        var (left, right) = (ShapeOf("Convolve", x), ShapeOf("Convolve", kernel));
        if (left.Rank == 0 || right.Rank == 0 || left[left.Rank - 1] == 0 || right[right.Rank - 1] == 0)
        {
            throw new ShapeException($"Convolve: shapes {left} and {right} are not two sequences of one element or more, with batch axes before them.");
        }

        if (left[left.Rank - 1] < right[right.Rank - 1])
        {
            (x, kernel, left, right) = (kernel, x, right, left);
        }

        Shape xBatch = new(left.Lengths[..^1]), kernelBatch = new(right.Lengths[..^1]);
        var batch = Shape.TryBroadcast(xBatch, kernelBatch, "Convolve")
            ?? throw new ShapeException($"Convolve: shapes {left} and {right} do not fit; the axes before the last must broadcast: be equal, or one of them 1.");
        var (n, m) = (left[left.Rank - 1], right[right.Rank - 1]);
        var start = mode switch
        {
            ConvolutionMode.Full => 0,
            ConvolutionMode.Same => (m - 1) / 2,
            ConvolutionMode.Valid => m - 1,
            _ => throw new AutodiffException($"Convolve: {mode} is no mode; use Full, Same or Valid."),
        };
        var length = (int)Math.Min(mode switch { ConvolutionMode.Full => (long)n + m - 1, ConvolutionMode.Same => n, _ => n - m + 1 }, int.MaxValue);

        if (batch.Size == 0)
        {
            return Zeros(batch.Concat(new(length)));
        }

        // With one kernel for all, the sequences are a batch; otherwise each is a channel of its own.
        var isShared = kernelBatch.Size == 1;
        var groups = isShared ? 1 : batch.Size;
        x = isShared ? Reshape(x, new Shape(xBatch.Size, 1, n)) : Reshape(BroadcastTo(x, batch.Concat(new(n))), new Shape(1, groups, n));
        kernel = Flip(Reshape(isShared ? kernel : BroadcastTo(kernel, batch.Concat(new(m))), new Shape(groups, 1, m)), -1);
        var sums = Convolved("Convolve", new([1], [m - 1 - start], [1], groups), Output, x, kernel, [length]);
        return Reshape(sums, batch.Concat(new(length)));
    }

    /// <summary>
    /// The mean of each window, along the spatial axes. As <c>torch.nn.functional.avg_pool1d</c>, <c>avg_pool2d</c>, <c>avg_pool3d</c>, for any number of axes.
    /// </summary>
    /// <param name="x">The tensor, of shape (batch, channels, spatial axes …).</param>
    /// <param name="window">The lengths of the window, at least 1; one number for all spatial axes or one for each.</param>
    /// <param name="stride">How far apart the windows are, at least 1; the lengths of the window if omitted, so that windows lie side by side.</param>
    /// <param name="padding">How many positions are added at both ends of each axis, less than the window; 0 if omitted.</param>
    /// <param name="countPadding">
    /// Whether positions of the padding count as zeros, so that every sum is divided by the size of the window, as in PyTorch unless <c>count_include_pad=False</c>. Otherwise it is divided by
    /// the number of positions of the window that x has.
    /// </param>
    /// <returns>A tensor with ⌊(L + 2 padding − window) / stride⌋ + 1 positions along each spatial axis of length L.</returns>
    /// <exception cref="ShapeException">There is no spatial axis, a number does not fit, or the window is longer than the padded axis.</exception>
    /// <example>
    /// <code>
    /// MeanPool(Reshape(Arange(16), 1, 1, 4, 4), 2); // [[[[2.5, 4.5], [10.5, 12.5]]]]
    /// </code>
    /// </example>
    public static Expr MeanPool(Expr x, PerAxis window, PerAxis stride = default, PerAxis padding = default, bool countPadding = true)
    {
        var shape = ShapeOf("MeanPool", x);
        var pool = Pool.Of("MeanPool", shape, window, stride, padding);
        var pooled = pool.Pooled(shape, "MeanPool");
        Convolution sums = new(pool.Stride, pool.Padding, [.. Enumerable.Repeat(1, pool.Window.Length)], Groups: 1);
        var kernel = Ones(Shape.Of([1, 1, .. pool.Window], "MeanPool"));
        Expr Total(Expr each) => Convolved("MeanPool", sums, Output, each, kernel, Convolution.LengthsOf(pooled));

        // Every channel of every sample is a sample of its own.
        var lengths = Convolution.LengthsOf(shape);
        var size = countPadding ? kernel.Shape.Size : Total(Ones(Shape.Of([1, 1, .. lengths])));
        return Reshape(Total(Reshape(x, Shape.Of([shape[0] * shape[1], 1, .. lengths]))) / size, pooled);
    }

    /// <summary>
    /// Piecewise linear interpolation: the value at x of the function whose graph connects the points (xpᵢ, fpᵢ) in order, and which is constant before the first and after the last. As
    /// <c>numpy.interp</c>. It has derivatives in x, in xp and in fp. That in x is the slope of the graph; at a point between two slopes it is the one on the right, and at the first and
    /// the last point the one inside. NaN gives NaN.
    /// </summary>
    /// <param name="x">Where the function is evaluated, of any shape.</param>
    /// <param name="xp">The places of the points, a vector of increasing numbers.</param>
    /// <param name="fp">The values at the points, as many.</param>
    /// <exception cref="ShapeException">The points are not two vectors of one length, at least 1.</exception>
    /// <exception cref="AutodiffException">The places do not increase; in compiled functions, a place is less than the one before.</exception>
    /// <example>
    /// <code>
    /// Interp(2.5, new double[] { 1, 2, 3 }, new double[] { 3, 2, 0 }); // 1
    /// </code>
    /// </example>
    public static Expr Interp(Expr x, Expr xp, Expr fp)
    {
        _ = ShapeOf("Interp", x);
        var (places, values) = (ShapeOf("Interp", xp), ShapeOf("Interp", fp));
        if (places.Rank != 1 || places != values || places[0] == 0)
        {
            throw new ShapeException($"Interp: shapes {places} and {values} are not those of the places and values of points: two vectors of one length, at least 1.");
        }

        for (var i = 1; xp.IsConcrete && i < places[0]; i++)
        {
            if (!(xp.Storage[i - 1] < xp.Storage[i]))
            {
                throw new AutodiffException($"Interp: the places must increase, but place {i}, {xp.Storage[i]}, comes after {xp.Storage[i - 1]}.");
            }
        }

        if (places[0] == 1)
        {
            return Where(Eq(x, x), fp[0], x);
        }

        // The interval between two points in which x is, or that is nearest.
        var interval = Clamp(SearchSorted(xp, x, right: true), 1, places[0] - 1) - 1;
        Expr Here(Expr ends) => Take(ends, interval);
        var (left, right, low, high) = (Here(xp[..^1]), Here(xp[1..]), Here(fp[..^1]), Here(fp[1..]));

        // Equal infinities are not subtracted, an infinite slope is not multiplied by 0, and an infinite end or place is not the one from which the other is reached.
        var slope = Where(Eq(low, high) * (Abs(low) > double.MaxValue), 0, high - low) / (right - left);
        Expr From(Expr place, Expr value) => Where(Eq(x, place) * (1 - (Abs(slope) <= double.MaxValue)), value, value + ((x - place) * slope));
        var inside = Where((x < right) * (Abs(low) <= double.MaxValue) * (Abs(left) <= double.MaxValue), From(left, low), From(right, high));
        return Where(x < xp[0], fp[0], Where(x > xp[^1], fp[^1], inside));
    }
}
