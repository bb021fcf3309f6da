// Functions of positions that are expressions: batches of positions, compiled programs, loops, repeated positions, and positions that are outside.

using Autodiff.PropertyTests.Generators;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.FunctionGroups;

[Properties(MaxTest = 25, QuietOnSuccess = true)]
public class PositionTests
{
    // Functions of a (4, 3) tensor and two positions along its first axis.
    private static readonly Dictionary<string, Func<Expr, Expr, Expr>> s_functions = new()
    {
        ["Take"] = (x, i) => Take(x, i),
        ["Take along the last axis"] = (x, i) => Take(Transpose(x), i, -1),
        ["x[i]"] = (x, i) => x[i[0]] * x[i[1]],
        ["TakeAlong"] = (x, i) => TakeAlong(x, Reshape(i, 2, 1), 0),
        ["ScatterAdd"] = (x, i) => ScatterAdd(i, x[..2], 4),
        ["ScatterAdd along the last axis"] = (x, i) => ScatterAdd(i, Transpose(x[1..3]), 5, -1),
        ["SegmentSum"] = (x, i) => SegmentSum(x, Concat([i, i]), 4),
        ["SegmentMax"] = (x, i) => Where(SegmentMax(x, Concat([i, i]), 4) > -100, SegmentMax(x, Concat([i, i]), 4), 0),
        ["OneHot"] = (x, i) => MatMul(OneHot(i, 4), x),
        ["Update"] = (x, i) => Update(x, i, Sin(x[..2])),
        ["Update by one value"] = (x, i) => Update(x, i, Sum(x), 0),
        ["SearchSorted"] = (x, i) => x * Sum(SearchSorted(new double[] { 0, 1, 2, 3 }, i)),
        ["a step of a loop"] = (x, i) => Fold((s, k) => s + Sin(x[k]), Zeros(3), i),
        ["an updated state"] = (x, i) => Fold((s, k) => Update(s, k, Cos(s[k])), x, i),
        ["a while loop"] = (x, i) => While(s => s.Item2 < 2, s => (s.Item1 + x[i[s.Item2]], s.Item2 + 1), (Zeros(3), (Expr)0), 5).Item1,
    };

    public static TheoryData<string> Names => [.. s_functions.Keys];

    [Theory, MemberData(nameof(Names))]
    public void A_batch_of_positions_or_tensors_is_the_loop_over_samples(string name)
    {
        var f = s_functions[name];
        Expr[] tensors = [.. Enumerable.Range(0, 3).Select(seed => Tensors.Direction(new(4, 3), seed))];
        Expr[] positions = [new double[] { 2, 0 }, new double[] { 3, 3 }, new double[] { 1, 2 }];
        Expr Slope(Expr x, Expr i) => Grad(v => Sum(Sin(f(v, i))))(x);
        foreach (var each in new[] { f, Slope })
        {
            foreach (var run in new Func<Func<Expr, Expr>, Func<Expr, Expr>>[] { g => g, g => Compile(g) })
            {
                Agreement.Near(Stack([.. tensors.Select(x => each(x, positions[0]))]), run(Vmap(x => each(x, positions[0])))(Stack(tensors)));
                Agreement.Near(Stack([.. positions.Select(i => each(tensors[0], i))]), run(Vmap(i => each(tensors[0], i)))(Stack(positions)));
                var both = Compile(Vmap((x, i) => each(x, i)));
                Agreement.Near(Stack([.. tensors.Zip(positions, each)]), both(Stack(tensors), Stack(positions)));
                Agreement.Near(Stack([.. tensors.Zip(positions, each)]), Vmap((x, i) => each(x, i))(Stack(tensors), Stack(positions)));
            }
        }

        var nested = Stack([.. positions.Select(i => Stack([.. tensors.Select(x => f(x, i))]))]);
        Agreement.Near(nested, Vmap(i => Vmap(x => f(x, i))(Stack(tensors)))(Stack(positions)));
    }

    [Theory, MemberData(nameof(Names))]
    public void Compiled_programs_need_no_evaluator(string name)
    {
        var f = s_functions[name];
        var compiled = CompileFor((x, i) => (f(x, i), Grad(v => Sum(Sin(f(v, i))))(x)), new Shape(4, 3), new Shape(2));
        Assert.DoesNotContain("as without compilation", compiled.Explain(), StringComparison.Ordinal);
        Assert.NotEmpty(compiled.ToCSharp("A", "B"));
    }

    [Theory, MemberData(nameof(Names))]
    public void Derivatives_are_right_to_second_order(string name)
    {
        foreach (var i in (Expr[])[new double[] { 2, 0 }, new double[] { 3, 3 }])
        {
            Assert.True(Check.Gradients(x => Sum(Sin(s_functions[name](x, i))), Tensors.Direction(new(4, 3), 7), order: 2).IsSucc);
        }
    }

    [Theory]
    [InlineData(4.0)]
    [InlineData(-1.0)]
    [InlineData(0.5)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_position_that_is_none_is_an_error_that_names_it(double position)
    {
        Expr x = new double[] { 1, 2, 3, 4 };
        foreach (var f in (Func<Expr, Expr>[])
        [
            i => Take(x, i), i => x[i], i => TakeAlong(x, Reshape(i, 1)), i => ScatterAdd(i, 1, 4), i => SegmentSum(Reshape(i, 1), Reshape(i, 1), 4),
            i => SegmentMax(Reshape(i, 1), Reshape(i, 1), 4), i => OneHot(i, 4), i => Update(x, i, 0), i => Fold((s, k) => s + x[k], 0, Reshape(i, 1)),
        ])
        {
            var errors = new[] { f, Compile(f), Vmap(f), Compile(Vmap(f)) }.Select((run, batched) =>
                Assert.Throws<AutodiffException>(() => run(batched < 2 ? position : new double[] { 1, position }).ToArray()));
            Assert.All(errors, error => Assert.Contains($"position {position}", error.Message, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void An_untaken_branch_may_have_positions_outside()
    {
        Expr x = new double[] { 1, 2, 3 };
        Expr Guarded(Expr i) => Cond(i < 3, () => x[i], () => -1);
        Assert.Equal([3, -1], Vmap(Guarded)(new double[] { 2, 3 }).ToArray());
        Assert.Equal([3, -1], Compile(Vmap(Guarded))(new double[] { 2, 3 }).ToArray());
    }

    [Fact]
    public void Of_updates_of_one_position_the_last_counts()
    {
        Expr x = new double[] { 1, 2, 3 };
        Expr i = new double[] { 1, 1, 0 };
        Assert.Equal([9, 8, 3], Update(x, i, new double[] { 7, 8, 9 }).ToArray());
        Assert.Equal([0, 1, 1], Grad(v => Sum(Update(x, i, v)))(new double[] { 7, 8, 9 }).ToArray());
        Assert.Equal([0, 0, 1], Grad(v => Sum(Update(v, i, x)))(x).ToArray());
        Assert.Equal([1, 5, 6], Update(x, 1..3, new double[] { 5, 6 }).ToArray());
    }

    [Fact]
    public void What_is_not_read_is_a_structural_zero()
    {
        Expr x = new double[] { 0, 4, 0 };
        Assert.Equal([0, 0.25, 0], Grad(v => Sqrt(v)[(Expr)1])(x).ToArray());
        Assert.Equal([0, 0.25, 0], Compile(Grad(v => Sqrt(v)[(Expr)1]))(x).ToArray());
        Assert.Equal([0, 0.25, 0], Grad(v => Sum(Update(Sqrt(v), new double[] { 0, 2 }, 0)))(x).ToArray());
        Assert.Equal([0, 0.25, 0], Grad(v => Sum(Sqrt(ScatterAdd(new double[] { 1 }, v[1..2], 3))))(x).ToArray());
        Assert.Equal([0, 0.25, 0], Grad(v => SegmentMax(Sqrt(v), new double[] { 0, 1, 0 }, 2)[1])(x).ToArray());
    }

    [Fact]
    public void Tied_values_of_a_segment_share_the_derivative()
    {
        Assert.Equal([0.5, 0.5, 0, 1], Grad(v => Sum(SegmentMax(v, new double[] { 0, 0, 2, 2 }, 3)[new double[] { 0, 2 }]))(new double[] { 1, 1, 2, 5 }).ToArray());
        Assert.Equal([1, double.NegativeInfinity, 5], SegmentMax(new double[] { 1, 1, 2, 5 }, new double[] { 0, 0, 2, 2 }, 3).ToArray());
        Assert.Equal([double.NaN, 2], SegmentMax(new double[] { 1, double.NaN, 2 }, new double[] { 0, 0, 1 }, 2).ToArray());
    }

    [Fact]
    public void Positions_may_be_none()
    {
        Expr none = Array.Empty<double>();
        Expr x = Ones(3, 2);
        Assert.Equal(new Shape(0, 2), Take(x, none).Shape);
        Assert.Equal([0, 0, 0], ScatterAdd(none, none, 3).ToArray());
        Assert.Equal(new Shape(0, 4), OneHot(none, 4).Shape);
        Assert.Equal(x.ToArray(), Update(x, none, 5).ToArray());
        Assert.Equal([0, 0], SegmentSum(none, none, 2).ToArray());
        Assert.Equal(new double[6], Grad(v => Sum(Take(v, none)))(x).ToArray());
        Assert.Equal(new Shape(0, 2), Compile((Expr v) => Take(v, none))(x).Shape);
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_errors()
    {
        Expr x = Ones(3, 2);
        Assert.Contains("Take: axis 2 does not exist", Assert.Throws<ShapeException>(() => Take(x, 0, 2)).Message, StringComparison.Ordinal);
        Assert.Contains("must have as many axes", Assert.Throws<ShapeException>(() => TakeAlong(x, Ones(3))).Message, StringComparison.Ordinal);
        Assert.Contains("axes of positions", Assert.Throws<ShapeException>(() => ScatterAdd(Ones(2), Ones(3), 4)).Message, StringComparison.Ordinal);
        Assert.Contains("there is no axis 3", Assert.Throws<ShapeException>(() => ScatterAdd(Ones(3), Ones(3, 2), 4, 3)).Message, StringComparison.Ordinal);
        Assert.Contains("length -1", Assert.Throws<ShapeException>(() => ScatterAdd(Ones(3), Ones(3), -1)).Message, StringComparison.Ordinal);
        Assert.Contains("axes of positions", Assert.Throws<ShapeException>(() => SegmentSum(x, Ones(2), 4)).Message, StringComparison.Ordinal);
        Assert.Contains("-1 segments", Assert.Throws<ShapeException>(() => SegmentSum(x, Ones(3), -1)).Message, StringComparison.Ordinal);
        Assert.Contains("-1 segments", Assert.Throws<ShapeException>(() => SegmentMax(x, Ones(3), -1)).Message, StringComparison.Ordinal);
        Assert.Contains("length -1", Assert.Throws<ShapeException>(() => OneHot(Ones(3), -1)).Message, StringComparison.Ordinal);
        Assert.Contains("do not broadcast", Assert.Throws<ShapeException>(() => Update(x, 0, Ones(4, 2))).Message, StringComparison.Ordinal);
        Assert.Contains("scalar", Assert.Throws<ShapeException>(() => ((Expr)1)[(Expr)0]).Message, StringComparison.Ordinal);
        Assert.Contains("outside axis 0", Assert.Throws<ShapeException>(() => Update(x, 1..5, 0)).Message, StringComparison.Ordinal);
    }
}
