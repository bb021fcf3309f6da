// Random numbers as functions of keys: known answers of the generator, distributions, independence, and the same numbers in every engine.

using Autodiff.Functional.Numerics;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Data;

public class RngTests
{
    private const int Many = 20_000;

    // A sample of n numbers of a distribution deviates from it by more than this, divided by √n, in one of a thousand cases (Kolmogorov and Smirnov).
    private const double Deviation = 1.95;

    private static readonly Dictionary<string, Func<Expr, Expr>> s_draws = new()
    {
        ["Uniform"] = key => Rng.Uniform(key, new(3, 2)),
        ["Uniform between bounds"] = key => Rng.Uniform(key, new(3), -1, Of(1, 2, 3)),
        ["Normal"] = key => Rng.Normal(key, new(5)),
        ["Normal of a mean"] = key => Rng.Normal(key, new(2, 3), Of(1, 2, 3), 0.5),
        ["one Normal"] = key => Rng.Normal(key, Shape.Scalar),
        ["Exponential"] = key => Rng.Exponential(key, new(4)),
        ["Exponential of a rate"] = key => Rng.Exponential(key, new(4), 3),
        ["Bernoulli"] = key => Rng.Bernoulli(key, new(7), 0.3),
        ["Integers"] = key => Rng.Integers(key, new(2, 4), -3, 5),
        ["Permutation"] = key => Rng.Permutation(key, 6),
        ["Choice"] = key => Rng.Choice(key, Of(1, 2, 4, 8), 3),
        ["Choice without replacement"] = key => Rng.Choice(key, Of([1, 2], [4, 8], [5, 6]), 2, replace: false),
        ["Choice with probabilities"] = key => Rng.Choice(key, Of(1, 2, 4, 8), 5, Of(1, 0, 2, 3)),
        ["Split"] = key => Rng.Split(key, 3),
        ["the second of Split"] = key => Rng.Split(key).Second,
    };

    public static TheoryData<string> Draws => [.. s_draws.Keys];

    [Theory]
    [InlineData(0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x6b200159, 0x99ba4efe)]
    [InlineData(0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x1cb996fc, 0xbb002be7)]
    [InlineData(0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3, 0xc4923a9c, 0x483df7a0)]
    public void The_generator_has_its_published_answers(uint k0, uint k1, uint c0, uint c1, uint x0, uint x1) => Assert.Equal((x0, x1), Threefry.Block(k0, k1, c0, c1));

    [Fact]
    public void Numbers_are_these_for_ever()
    {
        Assert.Equal([0, 42], Rng.Key(42).ToArray());
        Assert.Equal([uint.MaxValue, uint.MaxValue], Rng.Key(-1).ToArray());
        var (x0, x1) = Threefry.Block(0, 42, 1, 0);
        var (y0, y1) = Threefry.Block(0, 42, 1, 1);
        var (first, second) = Rng.Split(Rng.Key(42));
        Assert.Equal([x0, x1], first.ToArray());
        Assert.Equal([y0, y1], second.ToArray());
        Assert.Equal([x0, x1, y0, y1], Reshape(Rng.Split(Rng.Key(42), 2), 4).ToArray());
        var (u0, u1) = Threefry.Block(0, 42, 0, 0);
        Assert.Equal(((u0 * Math.Pow(2, -32)) + ((u1 >> 12) * Math.Pow(2, -52))) + Math.Pow(2, -53), Rng.Uniform(Rng.Key(42), Shape.Scalar).Value);
    }

    [Theory, MemberData(nameof(Draws))]
    public void The_same_key_gives_the_same_numbers_in_every_engine(string draw)
    {
        var f = s_draws[draw];
        var keys = Rng.Split(Rng.Key(3), 5);
        var loop = Stack([.. Enumerable.Range(0, 5).Select(i => f(keys[i]))]);
        Same(loop, Vmap(f)(keys));
        Same(loop, Compile(Vmap(f))(keys));
        Same(loop, f(keys));
        Same(loop[2], Compile(f)(keys[2]));
        Same(loop[2], f(keys[2]));
        var key = Variable("key", new Shape(2));
        Same(loop[2], f(key).Substitute((key, keys[2])));
        Same(loop[2], FromJson(f(key).ToJson(), key).Substitute((key, keys[2])));
        Same(loop[2], Parse(f(key).ToFormula(abbreviate: false), key).Substitute((key, keys[2])));
        Assert.Contains(Enumerable.Range(1, 4), i => !loop[i].ToArray().SequenceEqual(loop[0].ToArray()));
    }

    [Fact]
    public void A_key_is_a_state_of_a_loop()
    {
        static Expr Walk(Expr key)
        {
            var (end, _) = Fold(
                (state, _) =>
                {
                    var (now, later) = Rng.Split(state.Item2);
                    return (state.Item1 + Rng.Normal(now, Shape.Scalar), later);
                },
                ((Expr)0, key),
                Zeros(10));
            return end;
        }

        var (expected, rest) = (0.0, Rng.Key(5));
        for (var i = 0; i < 10; i++)
        {
            (var now, rest) = Rng.Split(rest);
            expected += Rng.Normal(now, Shape.Scalar).Value;
        }

        Assert.Equal(expected, Walk(Rng.Key(5)).Value, 1e-14);
        Assert.Equal(expected, Compile(Walk)(Rng.Key(5)).Value, 1e-14);
    }

    [Fact]
    public void Uniform_numbers_are_uniform() => Follows(Rng.Uniform(Rng.Key(1), new(Many)), x => x);

    [Fact]
    public void Uniform_numbers_between_bounds_are_uniform() => Follows(Rng.Uniform(Rng.Key(2), new(Many), -2, 6), x => (x + 2) / 8);

    [Fact]
    public void Normal_numbers_are_normal()
    {
        Follows(Rng.Normal(Rng.Key(3), new(Many)), x => NormalCdf(x).Value);
        Follows(Rng.Normal(Rng.Key(4), new(Many + 1), 3, 2), x => NormalCdf((x - 3) / 2).Value);
    }

    [Fact]
    public void Exponential_numbers_are_exponential() => Follows(Rng.Exponential(Rng.Key(5), new(Many), 4), x => 1 - Math.Exp(-4 * x));

    [Fact]
    public void Many_seeds_give_uniform_numbers() => Follows(Stack([.. Enumerable.Range(0, 2000).Select(seed => Rng.Uniform(Rng.Key(seed), Shape.Scalar))]), x => x);

    [Fact]
    public void Whole_numbers_masks_and_choices_have_their_frequencies()
    {
        OccurAs(Rng.Integers(Rng.Key(6), new(Many), -2, 3), (-2, 0.2), (-1, 0.2), (0, 0.2), (1, 0.2), (2, 0.2));
        OccurAs(Rng.Bernoulli(Rng.Key(7), new(Many), 0.3), (0, 0.7), (1, 0.3));
        OccurAs(Rng.Bernoulli(Rng.Key(7), new(Many), Of(0)[0]), (0, 1));
        OccurAs(Rng.Bernoulli(Rng.Key(7), new(Many), 1), (1, 1));
        OccurAs(Rng.Choice(Rng.Key(8), Of(5, 7), Many), (5, 0.5), (7, 0.5));
        OccurAs(Rng.Choice(Rng.Key(9), Of(1, 2, 3, 4), Many, Of(3, 0, 1, 4)), (1, 0.375), (3, 0.125), (4, 0.5));
        var permutations = Vmap(key => Rng.Permutation(key, 3))(Rng.Split(Rng.Key(10), Many));
        OccurAs(permutations[.., 0] * 9 + permutations[.., 1] * 3 + permutations[.., 2], (5, 1.0 / 6), (7, 1.0 / 6), (11, 1.0 / 6), (15, 1.0 / 6), (19, 1.0 / 6), (21, 1.0 / 6));
    }

    [Property(MaxTest = 30)]
    public void A_permutation_holds_every_number_once(long seed, byte n)
    {
        Assert.Equal(Enumerable.Range(0, n).Select(i => (double)i), Rng.Permutation(Rng.Key(seed), n).ToArray().Order());
        Assert.Equal(n, Rng.Choice(Rng.Key(seed), Arange(n), n, replace: false).ToArray().Distinct().Count());
    }

    [Fact]
    public void Draws_of_split_keys_are_independent()
    {
        var key = Rng.Key(11);
        var (a, b) = Rng.Split(key);
        Expr[] draws = [.. new[] { key, a, b, Rng.Split(a).First, Rng.Split(b).Second }.Select(each => Rng.Normal(each, new(Many)))];
        for (var i = 0; i < draws.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                Assert.InRange(Math.Abs(Correlation(draws[i], draws[j]).Value), 0, 4 / Math.Sqrt(Many));
            }
        }

        Assert.Equal(1000, Rng.Split(key, 1000).Split(1000).Select(each => each.ToString()).Distinct().Count());
    }

    [Fact]
    public void Parameters_are_differentiated_through_the_draw_and_keys_are_not()
    {
        var key = Rng.Key(12);
        var u = Rng.Uniform(key, new(3));
        var z = Rng.Normal(key, new(3));
        Assert.Equal(Sum(1 - u).Value, Grad(low => Sum(Rng.Uniform(key, new(3), low, 5)))(2.0).Value, 1e-15);
        Assert.Equal(u.ToArray(), Grad(high => Sum(Rng.Uniform(key, new(3), 0, high)))(Ones(3)).ToArray());
        Assert.Equal(3, Grad(mean => Sum(Rng.Normal(key, new(3), mean, 2)))(1.0).Value);
        Assert.Equal(z.ToArray(), Compile(Grad(sd => Sum(Rng.Normal(key, new(3), 0, sd))))(Ones(3)).ToArray());
        Assert.Equal([0, 0], Grad(k => Sum(Rng.Normal(k, new(3))))(key).ToArray());
        Assert.True(Check.Gradients(p => Sum(Square(Rng.Exponential(key, new(4), p[0]) + Rng.Normal(key, new(4), p[1], p[2]))), new double[] { 1.5, 0.3, 2 }).IsSucc);
    }

    [Fact]
    public void Draws_of_no_numbers_are_empty()
    {
        Assert.Equal(new Shape(2, 0), Rng.Normal(Rng.Key(1), new(2, 0)).Shape);
        Assert.Equal(new Shape(0, 2), Rng.Split(Rng.Key(1), 0).Shape);
        Assert.Equal(new Shape(0), Rng.Permutation(Rng.Key(1), 0).Shape);
        Assert.Equal(new Shape(0, 2), Rng.Choice(Rng.Key(1), Ones(3, 2), 0).Shape);
        Assert.Equal(new Shape(0, 3), Rng.Uniform(Zeros(0, 2), new(3)).Shape);
    }

    [Fact]
    public void What_is_no_key_or_does_not_fit_is_an_error()
    {
        var key = Rng.Key(1);
        Says<ShapeException>("Normal: shape (3) is not that of a key, (2), or of keys, (…, 2); Rng.Key(seed) makes one.", () => Rng.Normal(Zeros(3), new(2)));
        Says<ShapeException>("Split: shape () is not that of a key", () => Rng.Split(1));
        Says<ShapeException>("Split: the number of keys is -1", () => Rng.Split(key, -1));
        Says<AutodiffException>("Rng: 0.5 is no part of a key", () => Rng.Uniform(Of(0, 0.5), new(2)));
        Says<AutodiffException>("Rng: -1 is no part of a key", () => Compile(k => Rng.Uniform(k, new(2)))(Of(-1, 0)));
        Says<AutodiffException>("Rng: NaN is no part of a key", () => Rng.Uniform(Of(double.NaN, 0), new(2)));
        Says<ShapeException>("Uniform: a parameter of shape (2) does not broadcast to the shape (3) of the draw.", () => Rng.Uniform(key, new(3), 0, Zeros(2)));
        Says<ShapeException>("Normal: a parameter of shape (2, 1) does not broadcast", () => Rng.Normal(key, new(3), Zeros(2, 1), 1));
        Says<AutodiffException>("Integers: there is no whole number from 3 to less than 3", () => Rng.Integers(key, new(2), 3, 3));
        Says<ShapeException>("Choice: 3 slices without replacement cannot be chosen from the 2", () => Rng.Choice(key, Zeros(2), 3, replace: false));
        Says<ShapeException>("Choice: 1 slices cannot be chosen from the 0", () => Rng.Choice(key, Zeros(0), 1));
        Says<ShapeException>("Choice: a scalar", () => Rng.Choice(key, 1, 1));
        Says<ShapeException>("Choice: 2 of 3 slices", () => Rng.Choice(key, Zeros(3), 2, Ones(2)));
    }

    private static void Says<T>(string start, Func<object?> use)
        where T : AutodiffException => Assert.StartsWith(start, Assert.Throws<T>(use).Message, StringComparison.Ordinal);

    private static void Same(Expr expected, Expr found)
    {
        Assert.Equal(expected.Shape, found.Shape);
        Assert.Equal(expected.ToArray(), found.ToArray(), (a, b) => Math.Abs(a - b) <= 1e-14 * Math.Abs(a));
    }

    /// <summary>The test of Kolmogorov and Smirnov.</summary>
    private static void Follows(Expr draw, Func<double, double> distribution)
    {
        double[] sorted = [.. draw.ToArray().Order()];
        var furthest = Enumerable.Range(0, sorted.Length)
            .Max(i => distribution(sorted[i]) is var at ? Math.Max(Math.Abs(at - ((double)i / sorted.Length)), Math.Abs(at - ((i + 1.0) / sorted.Length))) : 0);
        Assert.InRange(furthest * Math.Sqrt(sorted.Length), 0.2, Deviation);
    }

    /// <summary>Every number occurs as often as it should, to five standard deviations, and no other number.</summary>
    private static void OccurAs(Expr draw, params (double Number, double Frequency)[] frequencies)
    {
        var numbers = draw.ToArray();
        Assert.All(numbers, number => Assert.Contains(number, frequencies.Select(each => each.Number)));
        foreach (var (number, frequency) in frequencies)
        {
            var deviation = numbers.Count(each => each == number) - (frequency * numbers.Length);
            Assert.InRange(Math.Abs(deviation), 0, 5 * Math.Sqrt(frequency * (1 - frequency) * numbers.Length));
        }
    }
}
