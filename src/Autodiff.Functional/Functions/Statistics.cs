// Sums, counts, norms, softmax and statistics that are composed of primitives.

using System.Runtime.CompilerServices;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    // The product of two such factors is infinite.
    private const double SteepSlope = 1e300;

    /// <summary>The elementwise sum of several tensors, added from left to right. Shapes broadcast.</summary>
    /// <param name="first">The first tensor.</param>
    /// <param name="others">The other tensors.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    [OverloadResolutionPriority(-1)]
    public static Expr Sum(Expr first, params ReadOnlySpan<Expr> others)
    {
        Expr[] tensors = [first, .. others];
        _ = FirstOf("Sum", tensors);
        return tensors.Aggregate((sum, tensor) => sum + tensor);
    }

    /// <summary>
    /// eˣ/Σeˣ along an axis, without overflow. Where the largest element of a row is infinite, the elements that equal it have equal shares and the others 0, as
    /// in the derivative of <see cref="LogSumExp(Expr, Axes, bool)"/>; these shares are constant.
    /// </summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The axis along which the shares add up to 1, −1 for the last.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    /// <example><code>
    /// Console.WriteLine(Expr.Softmax(new double[] { 1000, 1000 })); // [0.5, 0.5]
    /// </code></example>
    public static Expr Softmax(Expr x, int axis = -1)
    {
        var along = ShapeOf("Softmax", x).Axis(axis, "Softmax");
        if (x.Shape.Size == 0)
        {
            return x;
        }

        var terms = Exp(BelowLargest(x, along));
        return terms / Sum(terms, along, keepDims: true);
    }

    /// <summary>
    /// x − log Σeˣ along an axis: the logarithm of <see cref="Softmax"/>, which is precise for small shares and near 1. Where the largest element of a row is
    /// infinite, the k elements that equal it have −log k and the others −∞.
    /// </summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The axis, −1 for the last.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public static Expr LogSoftmax(Expr x, int axis = -1)
    {
        var along = ShapeOf("LogSoftmax", x).Axis(axis, "LogSoftmax");
        if (x.Shape.Size == 0)
        {
            return x;
        }

        var below = BelowLargest(x, along);
        return below - LogSumExp(below, along, keepDims: true);
    }

    /// <summary>
    /// log Σ w eˣ of all elements, or along some axes, without overflow. Elements of weight 0 contribute nothing, whatever x is there; a negative weight is
    /// subtracted, and the result is NaN where the sum is negative. The derivative in x is the share w eˣ/Σ w eˣ, and in w it is eˣ/Σ w eˣ, also where w is 0.
    /// Where the largest element with a weight is infinite, the elements that equal it share the derivative in x by their weights, and there is none in w.
    /// Shapes broadcast.
    /// </summary>
    /// <param name="x">The logarithms.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="axis">The axis to reduce, −1 for the last, or several as [0, 1]; all axes if omitted.</param>
    /// <param name="keepDims">Whether the result keeps the reduced axes, with length 1.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast, or an axis does not exist or is named twice.</exception>
    /// <example><code>
    /// Console.WriteLine(Expr.LogSumExp(new double[] { 1000, 1000 }, weights: new double[] { 0.25, 0.75 })); // 1000
    /// </code></example>
    [OverloadResolutionPriority(-1)]
    public static Expr LogSumExp(Expr x, Expr weights, Axes axis = default, bool keepDims = false)
    {
        Expr[] both = Broadcast("LogSumExp", [x, weights]);
        var (logarithms, w) = (both[0], both[1]);
        var folding = FoldingOf("LogSumExp", logarithms, axis, keepDims);
        if (folding.Count(logarithms.Shape) == 0)
        {
            return LogSumExp(logarithms, axis, keepDims);
        }

        var open = folding with { KeepDims = false };
        Expr Along(Expr reduced) => Reshape(reduced, folding.Kept(logarithms.Shape));
        Expr Folded(Expr tensor) => SumOver(tensor, open);

        // The largest logarithm with a weight is subtracted before and added again, so its derivative is 0.
        var isWeighted = !Eq(w, 0);
        var largest = Apply(Op.StopGradient, new MaxOfPrimitive(open).Of(Where(isWeighted, logarithms, double.NegativeInfinity)));
        var isInfinite = Eq(Abs(largest), double.PositiveInfinity);
        var offset = Where(isInfinite, 0, largest);
        var exponentials = Exp(logarithms - Along(offset));

        // Where the weight is 0 and the exponential overflows, the term is 0 with the slope ∞, which two factors give.
        var overflows = Eq(w, 0) & !(exponentials < double.PositiveInfinity);
        var terms = Where(overflows, w * SteepSlope * SteepSlope, w * exponentials);
        var isPositive = new MinOfPrimitive(open).Of(terms) >= 0;
        var finite = offset + Where(isPositive, new LogSumPrimitive(open).Of(terms), Log(Folded(terms)));

        // An infinite result is the mean of the logarithms that equal it.
        var isLargest = isWeighted & Eq(logarithms, Along(largest));
        var counted = Apply(Op.StopGradient, Where(isLargest, w, 0));
        var total = Folded(counted);
        var mean = Folded(Where(isLargest, counted / Along(total) * logarithms, 0));
        var result = Where(isInfinite & (Folded(isWeighted) > 0), Where(total < 0, double.NaN, mean), finite);
        return keepDims ? Along(result) : result;
    }

    /// <summary>A mask: 1 if an element is not 0, of all elements or along some axes; NaN is not 0. Of no elements 0. Its derivative is 0.</summary>
    /// <param name="mask">A mask, such as a comparison.</param>
    /// <param name="axis">The axis to reduce, −1 for the last, or several as [0, 1]; all axes if omitted.</param>
    /// <param name="keepDims">Whether the result keeps the reduced axes, with length 1.</param>
    /// <exception cref="ShapeException">An axis does not exist or is named twice.</exception>
    public static Expr Any(Expr mask, Axes axis = default, bool keepDims = false) => SumOver(!Eq(mask, 0), FoldingOf("Any", mask, axis, keepDims)) > 0;

    /// <summary>A mask: 1 if no element is 0, of all elements or along some axes; NaN is not 0. Of no elements 1. Its derivative is 0.</summary>
    /// <param name="mask">A mask, such as a comparison.</param>
    /// <param name="axis">The axis to reduce, −1 for the last, or several as [0, 1]; all axes if omitted.</param>
    /// <param name="keepDims">Whether the result keeps the reduced axes, with length 1.</param>
    /// <exception cref="ShapeException">An axis does not exist or is named twice.</exception>
    public static Expr All(Expr mask, Axes axis = default, bool keepDims = false) => Eq(SumOver(Eq(mask, 0), FoldingOf("All", mask, axis, keepDims)), 0);

    /// <summary>How many elements are not 0, of all elements or along some axes; NaN is not 0. Its derivative is 0.</summary>
    /// <param name="mask">A mask, such as a comparison.</param>
    /// <param name="axis">The axis to reduce, −1 for the last, or several as [0, 1]; all axes if omitted.</param>
    /// <param name="keepDims">Whether the result keeps the reduced axes, with length 1.</param>
    /// <exception cref="ShapeException">An axis does not exist or is named twice.</exception>
    public static Expr Count(Expr mask, Axes axis = default, bool keepDims = false) => SumOver(!Eq(mask, 0), FoldingOf("Count", mask, axis, keepDims));

    /// <summary>
    /// The variance Σ(x − mean)²/(n − ddof) of all elements, or along some axes. Differences from the mean are squared, so a large mean costs no digits.
    /// </summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The axis to reduce, −1 for the last, or several as [0, 1]; all axes if omitted.</param>
    /// <param name="keepDims">Whether the result keeps the reduced axes, with length 1.</param>
    /// <param name="ddof">What is subtracted from the number n of elements: 1 for the unbiased estimate from a sample.</param>
    /// <exception cref="ShapeException">An axis does not exist or is named twice, or there are not more than ddof elements along the reduced axes.</exception>
    public static Expr Var(Expr x, Axes axis = default, bool keepDims = false, int ddof = 0)
    {
        var folding = FoldingOf("Var", x, axis, keepDims);
        var count = Degrees("Var", x.Shape, folding.Count(x.Shape), ddof);
        return SumOver(Square(FromMean(x, folding)), folding) / count;
    }

    /// <summary>
    /// The standard deviation √(Σ(x − mean)²/(n − ddof)) of all elements, or along some axes, without overflow of the squares. The derivative is 0 where the
    /// standard deviation is 0, like that of <see cref="Norm(Expr, Axes, bool, double)"/>.
    /// </summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The axis to reduce, −1 for the last, or several as [0, 1]; all axes if omitted.</param>
    /// <param name="keepDims">Whether the result keeps the reduced axes, with length 1.</param>
    /// <param name="ddof">What is subtracted from the number n of elements: 1 for a sample.</param>
    /// <exception cref="ShapeException">An axis does not exist or is named twice, or there are not more than ddof elements along the reduced axes.</exception>
    /// <example><code>
    /// Console.WriteLine(Expr.Std(new double[] { 2, 4, 4, 4, 5, 5, 7, 9 })); // 2
    /// Console.WriteLine(Grad(x => Expr.Std(x))(new double[] { 3, 3 })); // [0, 0]
    /// </code></example>
    public static Expr Std(Expr x, Axes axis = default, bool keepDims = false, int ddof = 0)
    {
        var folding = FoldingOf("Std", x, axis, keepDims);
        var count = Degrees("Std", x.Shape, folding.Count(x.Shape), ddof);
        return new NormPrimitive(folding).Of(FromMean(x, folding)) / Math.Sqrt(count);
    }

    /// <summary>
    /// The matrix of covariances Σ(xᵢ − mean)(xⱼ − mean)/(n − ddof) of the rows of a matrix, which are the variables; the columns are the n observations.
    /// Of a vector, the variance.
    /// </summary>
    /// <param name="x">Of shape (…, p, n) for p variables, or a vector (n).</param>
    /// <param name="ddof">What is subtracted from the number of observations.</param>
    /// <exception cref="ShapeException">The operand is a scalar, or there are not more than ddof observations.</exception>
    /// <example><code>
    /// Expr x = new double[,] { { 0, 1, 2 }, { 2, 1, 0 } };
    /// Console.WriteLine(Expr.Cov(x)); // [[1, -1], [-1, 1]]
    /// </code></example>
    public static Expr Cov(Expr x, int ddof = 1)
    {
        var shape = ShapeOf("Cov", x);
        if (shape.IsScalar)
        {
            throw new ShapeException("Cov: a scalar is no sample; give a vector, or a matrix whose rows are variables.");
        }

        var count = Degrees("Cov", shape, shape[shape.Rank - 1], ddof);
        var differences = FromMean(x, new([shape.Rank - 1], false));
        return (shape.Rank == 1 ? Dot(differences, differences) : MatMul(differences, SwapAxes(differences, -1, -2))) / count;
    }

    /// <summary>
    /// The covariance Σ(x − mean)(y − mean)/(n − ddof) of two vectors: one number. NumPy's cov gives a matrix of two variables, which is
    /// <c>Cov(Stack(x, y))</c>.
    /// </summary>
    /// <param name="x">A vector.</param>
    /// <param name="y">A vector of the same length.</param>
    /// <param name="ddof">What is subtracted from the number of elements.</param>
    /// <exception cref="ShapeException">An operand is not a vector, the lengths differ, or there are not more than ddof elements.</exception>
    public static Expr Cov(Expr x, Expr y, int ddof = 1)
    {
        var shape = PairOf("Cov", x, y);
        var count = Degrees("Cov", shape, shape.Size, ddof);
        return Dot(FromMean(x, Folding.All(shape, false)), FromMean(y, Folding.All(shape, false))) / count;
    }

    /// <summary>
    /// The matrix of Pearson's correlation coefficients of the rows of a matrix, which are the variables: −1 to 1, and NaN for a variable without variance.
    /// Of a vector 1.
    /// </summary>
    /// <param name="x">Of shape (…, p, n) for p variables, or a vector (n).</param>
    /// <exception cref="ShapeException">The operand is a scalar, or there are no observations.</exception>
    public static Expr Correlation(Expr x)
    {
        var shape = ShapeOf("Correlation", x);
        if (shape.IsScalar)
        {
            throw new ShapeException("Correlation: a scalar is no sample; give a vector, or a matrix whose rows are variables.");
        }

        _ = Degrees("Correlation", shape, shape[shape.Rank - 1], 0);
        var directions = Direction(x);
        return WithinUnit(shape.Rank == 1 ? Dot(directions, directions) : MatMul(directions, SwapAxes(directions, -1, -2)));
    }

    /// <summary>Pearson's correlation coefficient of two vectors: −1 to 1, and NaN if one has no variance.</summary>
    /// <param name="x">A vector.</param>
    /// <param name="y">A vector of the same length.</param>
    /// <exception cref="ShapeException">An operand is not a vector, the lengths differ, or there are no elements.</exception>
    /// <example><code>
    /// Console.WriteLine(Expr.Correlation(new double[] { 1, 2, 3 }, new double[] { 3, 2, 0 })); // -0.9819805060619659
    /// </code></example>
    public static Expr Correlation(Expr x, Expr y)
    {
        var shape = PairOf("Correlation", x, y);
        _ = Degrees("Correlation", shape, shape.Size, 0);
        return WithinUnit(Dot(Direction(x), Direction(y)));
    }

    /// <summary>
    /// x less the largest element along an axis, which is a constant of the derivative: it changes nothing that the sum of exponentials is divided by. Infinite
    /// elements that equal the largest are 0.
    /// </summary>
    private static Expr BelowLargest(Expr x, int axis)
    {
        var largest = Apply(Op.StopGradient, MaxOf(x, axis, keepDims: true));
        return Where(Eq(Abs(largest), double.PositiveInfinity) & Eq(x, largest), 0, x - largest);
    }

    /// <summary>The differences from the mean along some axes.</summary>
    private static Expr FromMean(Expr x, Folding folding) => x - Mean(x, folding with { KeepDims = true });

    /// <summary>The differences from the mean along the last axis, divided by their norm.</summary>
    private static Expr Direction(Expr x)
    {
        var differences = FromMean(x, new([x.Rank - 1], false));
        return differences / Norm(differences, -1, keepDims: true);
    }

    /// <summary>A number that is beyond −1 or 1 by rounding only, brought back, with the derivative that it has.</summary>
    private static Expr WithinUnit(Expr x) => x - Apply(Op.StopGradient, x - Clamp(x, -1, 1));

    /// <summary>How many elements a sum of squares is divided by.</summary>
    private static double Degrees(string operation, Shape shape, int count, int ddof) => count > ddof && count > 0
        ? (double)count - ddof
        : throw new ShapeException($"{operation}: shape {shape} has {count} element(s) for each sample, and ddof is {ddof}; there must be more than ddof.");

    /// <summary>The shape of two vectors of one length.</summary>
    private static Shape PairOf(string operation, Expr x, Expr y)
    {
        var (left, right) = (ShapeOf(operation, x), ShapeOf(operation, y));
        return left.Rank == 1 && left == right ? left : throw new ShapeException($"{operation}: shapes {left} and {right} are not two vectors of one length.");
    }
}
