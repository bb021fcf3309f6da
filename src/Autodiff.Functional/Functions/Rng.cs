// Random numbers as functions of explicit keys.

using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

/// <summary>
/// Random numbers as pure functions of keys: the same key gives the same numbers, eagerly, in compiled functions, in batches and on every machine. A key is an expression,
/// a vector of two whole numbers, so it may be a state of <c>Fold</c> and <c>Scan</c>, and a batch of keys, of shape (…, 2), gives a batch of draws.
/// </summary>
/// <remarks>
/// <para>
/// Use a key for one draw, and <see cref="Split(Expr)"/> it for more. Two draws from the same key are made of the same numbers, and so depend on each other.
/// </para>
/// <para>
/// The generator is Threefry-2x32 with 20 rounds (Salmon et al. 2011), which passes all tests of TestU01. A number has 52 random bits. No derivative flows through keys; draws are
/// differentiable in the parameters of their distribution, where they are continuous (the reparameterisation of the draw).
/// </para>
/// </remarks>
/// <example><code>
/// var (now, later) = Rng.Split(Rng.Key(7));
/// Expr noise = Rng.Normal(now, new Shape(3), mean: 0, sd: 0.1);
/// Expr more = Rng.Normal(later, new Shape(3), mean: 0, sd: 0.1);
/// </code></example>
public static class Rng
{
    /// <summary>The key of a seed. Different seeds have different keys.</summary>
    /// <param name="seed">Any number.</param>
    public static Expr Key(long seed) => new double[] { (uint)((ulong)seed >> 32), (uint)(ulong)seed };

    /// <summary>Two keys, whose draws are independent of each other and of those of the given key.</summary>
    /// <param name="key">A key, or keys of shape (…, 2).</param>
    /// <exception cref="ShapeException">The last axis is not of length 2.</exception>
    public static (Expr First, Expr Second) Split(Expr key)
    {
        var keys = Split(key, 2);
        return (Row(keys, 0), Row(keys, 1));
    }

    /// <summary>Several keys, whose draws are independent of each other and of those of the given key, as the rows of a matrix.</summary>
    /// <param name="key">A key, or keys of shape (…, 2).</param>
    /// <param name="n">How many.</param>
    /// <returns>Keys of shape (n, 2), or (…, n, 2).</returns>
    /// <exception cref="ShapeException">The last axis is not of length 2, or <paramref name="n"/> is negative.</exception>
    /// <example><code>
    /// Expr draws = Vmap(key => Rng.Normal(key, new Shape(3)))(Rng.Split(Rng.Key(7), 100)); // shape (100, 3)
    /// </code></example>
    public static Expr Split(Expr key, int n)
    {
        var batch = BatchOf("Split", key);
        return n is >= 0 and <= int.MaxValue / 2
            ? Expr.Reshape(RandomBitsPrimitive.Of(key, 2 * n, areWords: true), Shape.Of([.. batch, n, 2], "Split"))
            : throw new ShapeException($"Split: the number of keys is {n}; use 0 or more.");
    }

    /// <summary>Numbers of the uniform distribution between 0 and 1, never either of them.</summary>
    /// <param name="key">The key.</param>
    /// <param name="shape">The shape of the draw.</param>
    /// <exception cref="ShapeException">The key has no last axis of length 2.</exception>
    public static Expr Uniform(Expr key, Shape shape) => Fractions("Uniform", key, shape);

    /// <summary>Numbers of the uniform distribution between two bounds, l + (h − l)·u, which is differentiable in both.</summary>
    /// <param name="key">The key.</param>
    /// <param name="shape">The shape of the draw.</param>
    /// <param name="low">The lower bound l; it broadcasts to the shape.</param>
    /// <param name="high">The upper bound h; it broadcasts to the shape.</param>
    /// <exception cref="ShapeException">The key has no last axis of length 2, or a bound does not broadcast to the shape.</exception>
    public static Expr Uniform(Expr key, Shape shape, Expr low, Expr high)
    {
        _ = Expr.FirstOf("Uniform", [key, low, high]);
        var u = Fractions("Uniform", key, shape);
        return Stretching("Uniform", low, u) + ((Stretching("Uniform", high, u) - low) * u);
    }

    /// <summary>Numbers of the normal distribution with mean 0 and standard deviation 1.</summary>
    /// <param name="key">The key.</param>
    /// <param name="shape">The shape of the draw.</param>
    /// <exception cref="ShapeException">The key has no last axis of length 2.</exception>
    public static Expr Normal(Expr key, Shape shape) => StandardNormal(key, shape);

    /// <summary>Numbers of a normal distribution, μ + σz, which is differentiable in both parameters.</summary>
    /// <param name="key">The key.</param>
    /// <param name="shape">The shape of the draw.</param>
    /// <param name="mean">The mean μ; it broadcasts to the shape.</param>
    /// <param name="sd">The standard deviation σ; it broadcasts to the shape.</param>
    /// <exception cref="ShapeException">The key has no last axis of length 2, or a parameter does not broadcast to the shape.</exception>
    public static Expr Normal(Expr key, Shape shape, Expr mean, Expr sd)
    {
        _ = Expr.FirstOf("Normal", [key, mean, sd]);
        var z = StandardNormal(key, shape);
        return Stretching("Normal", mean, z) + (Stretching("Normal", sd, z) * z);
    }

    /// <summary>Numbers of the exponential distribution with rate 1.</summary>
    /// <param name="key">The key.</param>
    /// <param name="shape">The shape of the draw.</param>
    /// <exception cref="ShapeException">The key has no last axis of length 2.</exception>
    public static Expr Exponential(Expr key, Shape shape) => -Expr.Log(Fractions("Exponential", key, shape));

    /// <summary>Numbers of an exponential distribution, which is differentiable in its rate.</summary>
    /// <param name="key">The key.</param>
    /// <param name="shape">The shape of the draw.</param>
    /// <param name="rate">The rate, 1/mean; it broadcasts to the shape.</param>
    /// <exception cref="ShapeException">The key has no last axis of length 2, or the rate does not broadcast to the shape.</exception>
    public static Expr Exponential(Expr key, Shape shape, Expr rate)
    {
        var u = Fractions("Exponential", key, shape);
        return -Expr.Log(u) / Stretching("Exponential", rate, u);
    }

    /// <summary>A mask: 1 with a probability, otherwise 0. No derivative flows through it.</summary>
    /// <param name="key">The key.</param>
    /// <param name="shape">The shape of the draw.</param>
    /// <param name="probability">The probability of 1; it broadcasts to the shape.</param>
    /// <exception cref="ShapeException">The key has no last axis of length 2, or the probability does not broadcast to the shape.</exception>
    public static Expr Bernoulli(Expr key, Shape shape, Expr probability)
    {
        var u = Fractions("Bernoulli", key, shape);
        return u < Stretching("Bernoulli", probability, u);
    }

    /// <summary>Whole numbers, each equally likely.</summary>
    /// <param name="key">The key.</param>
    /// <param name="shape">The shape of the draw.</param>
    /// <param name="low">The smallest number.</param>
    /// <param name="high">One more than the largest number.</param>
    /// <exception cref="ShapeException">The key has no last axis of length 2.</exception>
    /// <exception cref="AutodiffException">There is no number between the bounds.</exception>
    public static Expr Integers(Expr key, Shape shape, int low, int high)
    {
        var u = Fractions("Integers", key, shape);
        return low < high
            ? low + Expr.Floor(u * ((double)high - low))
            : throw new AutodiffException($"Integers: there is no whole number from {low} to less than {high}; the upper bound must be larger.");
    }

    /// <summary>The whole numbers 0, 1, …, n − 1 in random order, each order equally likely. <c>Take(x, Permutation(key, n))</c> shuffles rows.</summary>
    /// <param name="key">The key.</param>
    /// <param name="n">How many.</param>
    /// <exception cref="ShapeException">The key has no last axis of length 2, or <paramref name="n"/> is negative.</exception>
    public static Expr Permutation(Expr key, int n) => Expr.ArgSort(Fractions("Permutation", key, new(n)));

    /// <summary>Slices of a tensor along its first axis, chosen at random with replacement, each equally likely. Derivatives flow to the slices.</summary>
    /// <param name="key">The key.</param>
    /// <param name="x">The tensor.</param>
    /// <param name="count">How many slices.</param>
    /// <exception cref="ShapeException">The key has no last axis of length 2, or there is no slice to choose.</exception>
    public static Expr Choice(Expr key, Expr x, int count) => Choice(key, x, count, replace: true);

    /// <summary>Slices of a tensor along its first axis, chosen at random, each equally likely. Derivatives flow to the slices.</summary>
    /// <param name="key">The key.</param>
    /// <param name="x">The tensor.</param>
    /// <param name="count">How many slices.</param>
    /// <param name="replace">Whether a slice may be chosen more than once.</param>
    /// <exception cref="ShapeException">The key has no last axis of length 2, or there are not enough slices to choose from.</exception>
    public static Expr Choice(Expr key, Expr x, int count, bool replace)
    {
        _ = BatchOf("Choice", key);
        var length = LengthOf(x);
        if (count < 0 || (count > 0 && length == 0) || (!replace && count > length))
        {
            throw new ShapeException($"Choice: {count} slices {(replace ? "" : "without replacement ")}cannot be chosen from the {length} of shape {x.Shape}.");
        }

        return Expr.Take(x, replace && count > 0 ? Integers(key, new(count), 0, length) : FirstOf(Permutation(key, length), count));
    }

    /// <summary>Slices of a tensor along its first axis, chosen at random with given probabilities, with replacement. Derivatives flow to the slices only.</summary>
    /// <param name="key">The key.</param>
    /// <param name="x">The tensor.</param>
    /// <param name="count">How many slices.</param>
    /// <param name="probabilities">A vector of numbers that are not negative, as long as the first axis; they are divided by their sum.</param>
    /// <exception cref="ShapeException">The key has no last axis of length 2, or there are not as many probabilities as slices.</exception>
    /// <exception cref="AutodiffException">A probability is negative or not a number, or their sum is 0 or infinite.</exception>
    public static Expr Choice(Expr key, Expr x, int count, Expr probabilities)
    {
        _ = BatchOf("Choice", key);
        var length = LengthOf(x);
        if (Expr.ShapeOf("Choice", probabilities) != new Shape(length) || length == 0 || count < 0)
        {
            throw new ShapeException($"Choice: {count} of {length} slices of shape {x.Shape} with probabilities of shape {probabilities.Shape}; there must be slices, and a probability for each.");
        }

        var upTo = Expr.CumSum(probabilities);
        if (upTo.IsConcrete && (!probabilities.Storage.Span.ToArray().All(probability => probability >= 0) || !(upTo.Storage[length - 1] is > 0 and <= double.MaxValue)))
        {
            throw new AutodiffException($"Choice: the probabilities {probabilities} must be numbers from 0 on with a finite sum above 0.");
        }

        // The last share is 1, and a fraction is less.
        return Expr.Take(x, Expr.SearchSorted(upTo / upTo[^1], Fractions("Choice", key, new(count)), right: true));
    }

    /// <summary>Uniform fractions between 0 and 1 for each key.</summary>
    private static Expr Fractions(string operation, Expr key, Shape shape)
    {
        var batch = BatchOf(operation, key);
        return Expr.Reshape(RandomBitsPrimitive.Of(key, shape.Size), Shape.Of([.. batch, .. shape.Lengths], operation));
    }

    /// <summary>The axes of a batch of keys.</summary>
    private static int[] BatchOf(string operation, Expr key) => key is null ? throw AutodiffException.Null(operation, "the key")
        : key.Rank > 0 && key.Shape[^1] == 2 ? key.Shape.Lengths[..^1].ToArray()
        : throw new ShapeException($"{operation}: shape {key.Shape} is not that of a key, (2), or of keys, (…, 2); Rng.Key(seed) makes one.");

    /// <summary>A parameter, if it broadcasts to the shape of the draw.</summary>
    private static Expr Stretching(string operation, Expr parameter, Expr draw) => parameter is null ? throw AutodiffException.Null(operation, "a parameter")
        : Shape.TryBroadcast(parameter.Shape, draw.Shape, operation) == draw.Shape ? parameter
        : throw new ShapeException($"{operation}: a parameter of shape {parameter.Shape} does not broadcast to the shape {draw.Shape} of the draw.");

    /// <summary>Numbers of the standard normal distribution by the transform of Box and Muller, two of two fractions.</summary>
    private static Expr StandardNormal(Expr key, Shape shape)
    {
        var (batch, pairs) = (BatchOf("Normal", key), (int)(((long)shape.Size + 1) / 2));
        var fractions = Fractions("Normal", key, new(2, pairs));
        var (radius, angle) = (Expr.Sqrt(-2 * Expr.Log(Row(fractions, 0))), 2 * Math.PI * Row(fractions, 1));
        var normal = FirstOf(Expr.Concat([radius * Expr.Cos(angle), radius * Expr.Sin(angle)], axis: -1), shape.Size);
        return Expr.Reshape(normal, Shape.Of([.. batch, .. shape.Lengths], "Normal"));
    }

    /// <summary>One position of the last axis but one.</summary>
    private static Expr Row(Expr x, int position)
    {
        Slice[] slices = [.. Enumerable.Repeat<Slice>(Range.All, x.Rank)];
        slices[^2] = position;
        return x[slices];
    }

    /// <summary>The first elements along the last axis.</summary>
    private static Expr FirstOf(Expr x, int count)
    {
        Slice[] slices = [.. Enumerable.Repeat<Slice>(Range.All, x.Rank)];
        slices[^1] = ..count;
        return x[slices];
    }

    private static int LengthOf(Expr x) => Expr.ShapeOf("Choice", x).IsScalar ? throw new ShapeException("Choice: a scalar has no slices to choose from.") : x.Shape[0];
}
