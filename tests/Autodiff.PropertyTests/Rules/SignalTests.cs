// Convolution of sequences, pools and interpolation: values as plain loops give them, derivatives in every mode, batches, compiled, and what they do at ties, padding and infinities.

using Autodiff.PropertyTests.Generators;
using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Rules;

public class SignalTests
{
    private static Dictionary<string, Gen<StructuralCase>> Cases { get; } = new()
    {
        ["Convolve"] = from n in Gen.Choose(1, 6)
                       from m in Gen.Choose(1, 6)
                       from mode in Gen.Elements(Enum.GetValues<ConvolutionMode>())
                       from batch in Gen.Choose(1, 2).ArrayOf(2)
                       from left in Gen.Elements<int[]>([], batch[1..], batch, [batch[0], 1])
                       from right in Gen.Elements<int[]>([], batch[1..], batch, [batch[0], 1])
                       from x in Tensors.Of(new Shape([.. left, n]))
                       from kernel in Tensors.Of(new Shape([.. right, m]))
                       select new StructuralCase($"Convolve {mode}", [x, kernel], v => Convolve(v[0], v[1], mode), v => Sequences(v[0], v[1], mode)),
        ["MeanPool"] = ConvolutionCases.Pools((x, c) => MeanPool(x, c.Window, c.Stride, c.Padding), (inside, size) => inside.Sum() / size),
        ["MeanPool without padding"] = ConvolutionCases.Pools((x, c) => MeanPool(x, c.Window, c.Stride, c.Padding, countPadding: false), (inside, _) => inside.Average()),
        ["Interp"] = from n in Gen.Choose(1, 5)
                     from gaps in Gen.Choose(1, 3).ArrayOf(n)
                     from fp in Tensors.Of(new Shape(n))
                     from shape in Tensors.Shapes
                     from halves in Gen.Choose(-2, 12).ArrayOf(shape.Size)
                     let xp = Constant([.. gaps.Select((_, i) => gaps.Take(i + 1).Sum() - 0.03)], new Shape(n))
                     let x = Constant([.. halves.Select(half => half + 0.47)], shape) // so far from the places that no step of a finite difference gets there
                     select new StructuralCase("Interp", [x, xp, fp], v => Interp(v[0], v[1], v[2]), v => Interpolated(v[0], v[1], v[2])),
    };

    public static TheoryData<string> Functions => [.. Cases.Keys];

    [Theory, MemberData(nameof(Functions))]
    public void The_value_is_that_of_plain_loops(string function) => StructuralCase.ForAll(Cases[function], 150, x => x.HasTheValueOfItsLoops());

    [Theory, MemberData(nameof(Functions))]
    public void The_Jacobian_is_the_same_in_every_mode_and_by_differences(string function) => StructuralCase.ForAll(Cases[function], 20, x => x.HasOneJacobianInEveryMode());

    [Theory, MemberData(nameof(Functions))]
    public void The_Hessian_is_the_same_in_every_nesting_and_by_differences(string function) => StructuralCase.ForAll(Cases[function], 5, x => x.HasOneHessianInEveryNesting());

    [Theory, MemberData(nameof(Functions))]
    public void Compiled_and_batched_it_is_the_same(string function) => StructuralCase.ForAll(Cases[function], 6, x =>
    {
        Expr Whole(Expr[] v) => Sum(Sin(x.Apply(v)));
        for (var i = 0; i < x.Operands.Length; i++)
        {
            var position = i;
            Func<Expr, Expr> f = Grad(v => Whole([.. x.Operands[..position], v, .. x.Operands[(position + 1)..]]));
            var (here, there) = (x.Operands[i], 0.5 * x.Operands[i]);
            Agreement.Near(f(here), Compile(f)(here));
            Agreement.Near(Stack([f(here), f(there)]), Vmap(f)(Stack([here, there])));
            Agreement.Near(Stack([f(here), f(there)]), Compile(Vmap(f))(Stack([here, there])));
        }
    });

    [Theory]
    [InlineData(-1, 3)]
    [InlineData(1, 3)]
    [InlineData(1.25, 2.75)]
    [InlineData(2, 2)]
    [InlineData(2.5, 1)]
    [InlineData(3, 0)]
    [InlineData(7, 0)]
    [InlineData(double.NegativeInfinity, 3)]
    [InlineData(double.PositiveInfinity, 0)]
    [InlineData(double.NaN, double.NaN)]
    public void Interp_is_as_in_NumPy(double x, double expected) => Assert.Equal(expected, Interp(x, s_places, new double[] { 3, 2, 0 }).Scalar);

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1.5, double.PositiveInfinity)]
    [InlineData(2, double.PositiveInfinity)]
    [InlineData(2.5, double.PositiveInfinity)]
    [InlineData(3, 1)]
    public void Interp_of_infinite_values_is_as_in_NumPy(double x, double expected) => Assert.Equal(expected, Interp(x, s_places, new double[] { 0, double.PositiveInfinity, 1 }).Scalar);

    [Fact]
    public void Interp_needs_increasing_places()
    {
        foreach (var places in new double[][] { [1, 3, 2], [1, 1, 2], [1, double.NaN, 2] })
        {
            Assert.StartsWith("Interp: the places must increase", Assert.Throws<AutodiffException>(() => Interp(1, places, new double[] { 0, 1, 2 })).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(ConvolutionMode.Full, new double[] { 1, 3, 6, 9, 12, 9, 5 })]
    [InlineData(ConvolutionMode.Same, new double[] { 3, 6, 9, 12, 9 })]
    [InlineData(ConvolutionMode.Valid, new double[] { 6, 9, 12 })]
    public void Convolve_is_as_in_NumPy(ConvolutionMode mode, double[] expected)
    {
        Expr x = new double[] { 1, 2, 3, 4, 5 };
        Assert.Equal(expected, Convolve(x, Ones(3), mode).ToArray());
        Assert.Equal(expected, Convolve(Ones(3), x, mode).ToArray());
    }

    [Fact]
    public void The_even_kernel_of_the_same_mode_is_as_in_NumPy() =>
        Assert.Equal([1, 3, 5, 7], Convolve(new double[] { 1, 2, 3, 4 }, new double[] { 1, 1 }, ConvolutionMode.Same).ToArray());

    [Fact]
    public void Beyond_the_ends_there_is_nothing_that_an_infinity_could_be_multiplied_by()
    {
        Assert.Equal([3, double.NaN], Conv(Ones(1, 1, 2), Reshape(new double[] { double.NaN, 1, 2 }, 1, 1, 3), padding: 1).ToArray());
        Assert.Equal([1, double.PositiveInfinity, double.PositiveInfinity], ConvTranspose(Ones(1, 1, 2), Reshape(new double[] { 1, double.PositiveInfinity }, 1, 1, 2)).ToArray());
        var (x, y) = (Ones(1, 1, 3), Reshape(new double[] { double.PositiveInfinity, 1, 1 }, 1, 1, 3));
        Assert.Equal([2, double.PositiveInfinity, double.PositiveInfinity], Grad(kernel => Sum(y * Conv(x, kernel, padding: 1)))(Ones(1, 1, 3)).ToArray());
    }

    [Fact]
    public void Strides_and_paddings_beyond_the_axis_need_no_memory()
    {
        var x = Reshape(Arange(6) + 1, 1, 1, 6);
        Assert.Equal([1], Conv(x, Ones(1, 1, 1), stride: 1_000_000_000).ToArray());
        Assert.Equal([0, 5, 0], Conv(x, Ones(1, 1, 2), stride: 100_000, padding: 100_001, dilation: 5).ToArray());
        Assert.Equal([1, 0, 0, 0, 0, 0], Grad(v => Sum(Conv(v, Ones(1, 1, 1), stride: 1_000_000_000)))(x).ToArray());
    }

    [Fact]
    public void Elements_that_a_convolution_does_not_read_have_structural_zeros() =>
        Assert.Equal([0.5, 0, 0.5, 0], Grad(x => Sum(Conv(Reshape(Sqrt(x), 1, 1, 4), Ones(1, 1, 1), stride: 2)))(new double[] { 1, 0, 1, 0 }).ToArray());

    private static readonly double[] s_places = [1, 2, 3];

    /// <summary>The reference for Interp: a weighted mean of the two points around x.</summary>
    private static Grid Interpolated(Grid x, Grid xp, Grid fp) => Grid.Build(x.Lengths, at =>
    {
        var (here, next) = (x[at], 0);
        while (next < xp.Elements.Length && xp.Elements[next] <= here)
        {
            next++;
        }

        return next == 0 ? fp[0] : next == xp.Elements.Length ? fp[next - 1]
            : (((xp[next] - here) * fp[next - 1]) + ((here - xp[next - 1]) * fp[next])) / (xp[next] - xp[next - 1]);
    });

    /// <summary>The reference for Convolve: all products of two elements, by the sum of their positions, and of these the part that the mode keeps.</summary>
    private static Grid Sequences(Grid x, Grid kernel, ConvolutionMode mode)
    {
        var (n, m, rank) = (x.Lengths[^1], kernel.Lengths[^1], Math.Max(x.Rank, kernel.Rank) - 1);
        int Length(Grid grid, int axis) => axis - rank + grid.Rank - 1 is >= 0 and var own ? grid.Lengths[own] : 1;
        var (start, length) = mode switch
        {
            ConvolutionMode.Full => (0, n + m - 1),
            ConvolutionMode.Same => ((Math.Min(n, m) - 1) / 2, Math.Max(n, m)),
            _ => (Math.Min(n, m) - 1, Math.Max(n, m) - Math.Min(n, m) + 1),
        };
        return Grid.Build([.. Enumerable.Range(0, rank).Select(axis => Math.Max(Length(x, axis), Length(kernel, axis))), length], at => Enumerable.Range(0, n)
            .Select(i => (First: i, Second: at[^1] + start - i))
            .Where(pair => pair.Second >= 0 && pair.Second < m)
            .Sum(pair => x.Stretched([.. at[..^1], pair.First]) * kernel.Stretched([.. at[..^1], pair.Second])));
    }
}
