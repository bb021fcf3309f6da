// Points of domains, the steps from them, and how they are shrunk.


using FsCheck.Xunit;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Verification;

public class DomainTests
{
    private static readonly Dictionary<string, (Domain<Expr> Domain, Func<Expr, bool> Contains)> s_domains = new()
    {
        ["box"] = (Domain.Box(new Shape(2, 3), -2, 3), x => x.ToArray().All(e => e is >= -2 and <= 3)),
        ["half-open box"] = (Domain.Box(new Shape(3), 1, double.PositiveInfinity), x => x.ToArray().All(e => e >= 1)),
        ["lower box"] = (Domain.Box(Shape.Scalar, double.NegativeInfinity, -1), x => x.Value <= -1),
        ["box of one number"] = (Domain.Box(new Shape(2), 0.5, 0.5), x => x.ToArray().All(e => e == 0.5)),
        ["positive"] = (Domain.Positive(new Shape(3)), x => x.ToArray().All(e => e > 0)),
        ["simplex"] = (Domain.Simplex(4), x => x.ToArray().All(e => e >= 0) && Math.Abs(Sum(x).Value - 1) < 1e-14),
        ["ball"] = (Domain.Ball(new Shape(2, 2), 3), x => Sum(x * x).Value <= 9),
        ["positive definite"] = (Domain.PositiveDefinite(3), x => Transpose(x).ToArray().SequenceEqual(x.ToArray()) && Eigh(x).Values.ToArray()[0] > 0),
        ["orthogonal"] = (Domain.Orthogonal(3), x => (MatMul(x, Transpose(x)) - Eye(x.Shape[0])).ToArray().All(e => Math.Abs(e) < 1e-14)),
        ["integers"] = (Domain.Integers(new Shape(3), -4, 5), x => x.ToArray().All(e => e is >= -4 and <= 5 && double.IsInteger(e))),
        ["given"] = (Domain.OneOf(new Expr[] { 1.0, 2.0 }).Where(x => x.Value < 2), x => x.Value < 2),
        ["rising"] = (Domain.Box(new Shape(2), 0, 9).Where(x => x.Shape.Size < 2 || x[0].Value < x[1].Value), x => x.Shape.Size < 2 || x[0].Value < x[1].Value),
        ["mapped"] = (Domain.Box(new Shape(2), -1, 1).Select(x => Exp(x)), x => x.ToArray().All(e => e >= Math.Exp(-1) - 1e-15 && e <= Math.E + 1e-15)),
    };

    public static TheoryData<string> Names => [.. s_domains.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Points_edges_simpler_points_and_steps_are_in_the_domain(string name)
    {
        var (domain, contains) = s_domains[name];
        var random = new System.Random(7);
        foreach (var point in domain.Points(seed: 3).Take(150))
        {
            Assert.True(contains(point.Value), $"{point}");
            Assert.All(point.Simpler.Take(40), simpler => Assert.True(contains(simpler.Value), $"{point} to {simpler}"));
            for (var i = 0; i < point.Dimension; i++)
            {
                var (below, above) = point.Room(i);
                Assert.True(below <= 0 && above >= 0, $"{point}: from {below} to {above}");
                var step = new double[point.Dimension];
                step[i] = Math.Clamp((2 * random.NextDouble()) - 1, below, above);
                point.Move(step).IfSome(moved => Assert.True(contains(moved), $"{point} moved to {moved}"));
                step[i] = above + 1;
                if (double.IsFinite(above) && name is "box" or "simplex")
                {
                    Assert.True(point.Move(step).IsNone, $"{point}: coordinate {i}");
                }
            }

            Assert.Equal(
                point.Value.ToArray(),
                point.Move(new double[point.Dimension]).Match(Some: same => same.ToArray(), None: () => []));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Shrinking_ends(string name)
    {
        foreach (var start in s_domains[name].Domain.Points(seed: 5).Take(40))
        {
            var (point, steps) = (start, 0);
            while (point.Simpler.FirstOrDefault() is { } simpler)
            {
                Assert.True(++steps < 1000, $"{start} is at {simpler} after 1,000 steps");
                point = simpler;
            }
        }
    }

    [Property]
    public bool A_seed_gives_the_same_points(int seed) => s_domains.Values.All(entry =>
        entry.Domain.Points(seed).Take(12).Select(point => $"{point}").SequenceEqual(entry.Domain.Points(seed).Take(12).Select(point => $"{point}")));

    [Fact]
    public void Edges_and_extreme_magnitudes_are_offered()
    {
        double[] Offered(Domain<Expr> domain) => [.. domain.Edges.SelectMany(point => point.Value.ToArray())];
        Assert.All([-2.0, 3, 0, 1, -1, 1e-300], edge => Assert.Contains(edge, Offered(Domain.Box(new Shape(2), -2, 3))));
        Assert.All([1e-300, 1, 1e300], edge => Assert.Contains(edge, Offered(Domain.Positive(Shape.Scalar))));
        Assert.Contains(Domain.Box(new Shape(3), -2, 3).Edges, point => point.Value.ToArray().Distinct().Count() == 1);
        Assert.Contains(Domain.Simplex(3).Edges, point => point.Value.ToArray().SequenceEqual([1.0, 0, 0]));
        Assert.Contains(Domain.Orthogonal(2).Edges, point => point.Value.ToArray().SequenceEqual([1.0, 0, 0, 1]));
        Assert.Contains(Domain.PositiveDefinite(2).Edges, point => Eigh(point.Value).Values.ToArray() is [var low, var high] && high / low > 1e7);
        Assert.Equal([-3, 7, 0, 1, -1], Domain.Integers(-3, 7).Edges.Select(point => point.Value));
    }

    [Fact]
    public void Orthogonal_matrices_are_rotations_and_reflections()
    {
        // Edges and random points take turns.
        double[] determinants = [.. Domain.Orthogonal(3).Points(seed: 1).Where((_, i) => i % 2 == 0).Take(30).Select(point => Math.Round(Det(point.Value).Value, 12)).Distinct().Order()];
        Assert.Equal([-1, 1], determinants);
    }

    [Theory]
    [InlineData(40, 0, 100, new[] { 0, 20, 39 })]
    [InlineData(-40, -100, -10, new[] { -10, -25, -39 })]
    [InlineData(3, 2, 100, new[] { 2 })]
    [InlineData(2, 2, 100, new int[0])]
    public void Simpler_whole_numbers_are_between_a_number_and_the_simplest(int number, int low, int high, int[] simpler)
    {
        var point = Domain.Integers(low, high).Points(seed: 1).First(point => point.Value == number);
        Assert.Equal(simpler, point.Simpler.Select(candidate => candidate.Value));
    }

    [Fact]
    public void Simpler_points_are_small_and_short()
    {
        static Expr Simplest(DomainPoint<Expr> point, Func<Expr, bool> fails)
        {
            while (point.Simpler.FirstOrDefault(simpler => fails(simpler.Value)) is { } simpler)
            {
                point = simpler;
            }

            return point.Value;
        }

        var start = Domain.Box(new Shape(4), -10, 10).Points(seed: 1).First();
        Assert.Equal([0.0], Simplest(start, _ => true).ToArray());
        Assert.Equal([2.0], Simplest(start, x => Math.Abs(Sum(x).Value) > 1.5).ToArray());
        Assert.Equal([0.0, 0, 0], Simplest(start, x => x.Shape.Size > 2).ToArray());
    }

    [Fact]
    public void Domains_depend_on_earlier_points_and_shrink_with_them()
    {
        var vectors = from length in Domain.Integers(1, 5) from x in Domain.Box(new Shape(length), -1, 1) select x;
        Assert.All(vectors.Points(seed: 2).Take(100), point => Assert.InRange(point.Value.Shape.Size, 1, 5));
        Assert.Contains(vectors.Points(seed: 2).Take(100), point => point.Value.Shape.Size == 5);
        Assert.Contains(vectors.Points(seed: 2).Take(100).First(point => point.Value.Shape.Size == 5).Simpler, point => point.Value.Shape.Size == 1);
    }

    [Fact]
    public void Leaves_of_trees_have_domains_of_their_own()
    {
        var trees = Domain.Tree((W: Zeros(2, 2), B: Zeros(2)), (path, shape) => path == "Item1" ? Domain.Positive(shape) : Domain.Box(shape, -2, -1));
        Assert.All(trees.Points(seed: 1).Take(50), point =>
        {
            Assert.All(point.Value.W.ToArray(), element => Assert.True(element > 0));
            Assert.All(point.Value.B.ToArray(), element => Assert.InRange(element, -2, -1));
            Assert.Equal(6, point.Dimension);
        });
    }

    [Fact]
    public void Points_print_as_code()
    {
        Assert.Equal("(Expr)2.0", Domain.OneOf((Expr)2).Edges.First().ToString());
        Assert.Equal("(Expr)(-0.5)", Domain.OneOf((Expr)(-0.5)).Edges.First().ToString());
        Assert.Equal("(Expr)new double[] { 1.0, -2.5, 1E-300 }", Domain.OneOf((Expr)new double[] { 1, -2.5, 1e-300 }).Edges.First().ToString());
        Assert.Equal("Expr.Constant([1.0, 2.0], new Shape(1, 2))", Domain.OneOf((Expr)new double[,] { { 1, 2 } }).Edges.First().ToString());
        Assert.Equal("((Expr)1.0, 3)", Domain.Pair(Domain.OneOf((Expr)1), Domain.Integers(3, 3)).Edges.First().ToString());
    }

    [Fact]
    public void Bad_input_is_refused()
    {
        Assert.All(
            new (Action Make, string Part)[]
            {
                (() => Domain.Box(new Shape(2), 1, 0), "from 1 to 0"),
                (() => Domain.Box(new Shape(2), double.NaN, 0), "NaN"),
                (() => Domain.Box(new Shape(2), double.PositiveInfinity, double.PositiveInfinity), "no number"),
                (() => Domain.Simplex(0), "1 or more"),
                (() => Domain.Ball(new Shape(2), 0), "positive number"),
                (() => Domain.PositiveDefinite(0), "1 or more"),
                (() => Domain.Orthogonal(-1), "1 or more"),
                (() => Domain.Integers(2, 1), "from 2 to 1"),
                (() => Domain.Integers(new Shape(1), 2, 1), "from 2 to 1"),
                (() => Domain.OneOf<Expr>(), "no point"),
                (() => Domain.OneOf<Expr>([null!]), "null"),
                (() => Domain.Pair<Expr, Expr>(null!, Domain.Simplex(2)), "null"),
                (() => Domain.Tree(3, (_, shape) => Domain.Positive(shape)), "no expression"),
                (() => Domain.Simplex(2).Where(null!), "condition is null"),
                (() => Domain.Simplex(2).Select<Expr>(null!), "map is null"),
                (() => Domain.Simplex(2).Select<Expr>(_ => null!).Point(new System.Random(1)), "result of the map"),
                (() => Domain.Simplex(2).Where(_ => false).Point(new System.Random(1)), "1000 points"),
                (() => Domain.Simplex(2).Point(null!), "randomness"),
                (() => Domain.Simplex(2).Points(1).First().Room(5), "no coordinate 5"),
                (() => Domain.Simplex(2).Points(1).First().Move([1, 2]), "2 numbers"),
            },
            entry => Assert.Contains(entry.Part, Assert.Throws<AutodiffException>(entry.Make).Message, StringComparison.Ordinal));
    }
}
