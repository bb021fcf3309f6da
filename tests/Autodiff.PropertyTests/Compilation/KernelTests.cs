// Kernels on axes both shorter and longer than registers and tiles, for all ways to move, combine and fold the elements of a tensor.

using Autodiff.Functional.Compilation.Kernels;
using Autodiff.Functional.Compilation.Scheduling;
using Autodiff.PropertyTests.Generators;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Compiling;

public class KernelTests
{
    private static readonly int[] s_lengths = [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 33, 64];
    private static readonly int[] s_longLengths = [1000, 1003, 5000];

    /// <summary>Functions of a tensor along one of its axes.</summary>
    private static readonly Dictionary<string, Func<Expr, int, Expr>> s_alongAxes = new()
    {
        ["Flip"] = (x, axis) => Flip(x, axis),
        ["x·Flip x"] = (x, axis) => x * Flip(x, axis),
        ["Slice"] = (x, axis) => Part(x, axis, x.Shape[axis] / 3, x.Shape[axis]),
        ["Differences"] = (x, axis) => Part(x, axis, 1, x.Shape[axis]) - Part(x, axis, 0, x.Shape[axis] - 1),
        ["Element"] = (x, axis) => Reshape(Part(x, axis, x.Shape[axis] / 2, (x.Shape[axis] / 2) + 1), -1),
        ["Take"] = (x, axis) => Take(x, [x.Shape[axis] - 1, 0, x.Shape[axis] / 2, 0, 0], axis),
        ["Take many"] = (x, axis) => Take(x, [.. Enumerable.Range(0, 2 * x.Shape[axis]).Select(i => i * 7 % x.Shape[axis])], axis),
        ["Permuted by Take"] = (x, axis) => x - Take(x, [.. Enumerable.Range(0, x.Shape[axis]).Select(i => (i + 3) % x.Shape[axis])], axis),
        ["Concat"] = (x, axis) => Concat([x, Sin(x), Part(x, axis, 0, 1), 2 * x], axis),
        ["Concat with a constant"] = (x, axis) => Concat([x * x, Ones(x.Shape), x], axis),
        ["Stack"] = (x, axis) => Stack([x, Sin(x), x * x], axis),
        ["Stack behind"] = (x, axis) => Stack([x, Flip(x, axis)], axis + 1),
        ["CumSum between"] = (x, axis) => Sin(CumSum(Sin(x), axis) / x.Shape[axis]),
        ["Sum"] = (x, axis) => Sum(x * x, axis) / x.Shape[axis], // no larger than x, so that differences of sums lose no digits
        ["Mean less"] = (x, axis) => x - Mean(x, axis, keepDims: true),
        ["Norm"] = (x, axis) => Norm(x, axis),
        ["LogSumExp"] = (x, axis) => LogSumExp(x, axis),
        ["Softmax"] = (x, axis) => Exp(x - LogSumExp(x, axis, keepDims: true)),
        ["Largest"] = (x, axis) => MaxOf(x, axis) * Sin(MinOf(x, axis)),
        ["Normalised"] = (x, axis) => x / Norm(x, axis, keepDims: true),
        ["Square of Sum by x"] = (x, axis) => x * Pow(Mean(x, axis, keepDims: true), 2) * Sin(x),
    };

    /// <summary>Functions of a tensor as a whole.</summary>
    private static readonly Dictionary<string, Func<Expr, Expr>> s_functions = new()
    {
        ["Elementwise"] = x => Sin(x) * Exp(-x * x) / (2 + x),
        ["Transposed"] = x => Transpose(Sin(x)) * 2,
        ["Reversed by Permute"] = x => Permute(x * x, [.. Enumerable.Range(0, x.Rank).Reverse()]) + 1,
        ["Turned by Permute"] = x => Sin(Permute(x, [.. Enumerable.Range(1, x.Rank - 1), 0])),
        ["Flattened"] = x => Sin(Reshape(x * x, -1)),
        ["Flattened first"] = x => Sin(Reshape(x, -1)) * Reshape(x * x, -1),
        ["Reshaped to and fro"] = x => x * Reshape(Flip(Reshape(Cos(x), -1)), x.Shape),
        ["Transposed and flattened"] = x => Reshape(Transpose(x) * 3, -1) * Reshape(x, -1),
        ["Itself"] = x => x,
        ["A constant"] = x => Sin(Arange(x.Shape.Size)),
        ["Sum squared"] = x => Pow(Sum(x), 2) / x.Shape.Size,
        ["Product"] = x => Prod(1 + (x / x.Shape.Size)),
        ["Norm of all"] = x => Norm(x) * x,
        ["Outer with few"] = x => Outer(Reshape(x, -1)[..Math.Min(20, x.Shape.Size)], Reshape(Sin(x), -1)[..Math.Min(20, x.Shape.Size)]),
        ["With its transpose"] = x => SquareOf(x) is var a ? a + Transpose(a) : x,
        ["By its transpose"] = x => SquareOf(x) is var a ? a * Transpose(a) : x,
        ["Trace"] = x => SquareOf(x) is var a ? Trace(a * a) + Trace(Transpose(a)) : x,
        ["Diagonal"] = x => SquareOf(x) is var a ? Sin(Diag(a)) * Diag(Transpose(a) + 1) : x,
        ["Diagonal matrix"] = x => SquareOf(x) is var a ? MatMul(a, Diag(Sin(a[0]))) + Diag(Diag(a)) : x,
        ["Gram"] = x => SquareOf(x) is var a ? MatMul(a, Transpose(a)) / a.Shape[0] : x,
        ["Symmetric"] = x => SquareOf(x) is var a ? Sin(a + Transpose(a)) * Flip(a) : x,
        ["Quadratic form"] = x => SquareOf(x) is var a ? Dot(MatMul(a, a[0]), a[0]) : x,
        ["Rows and columns"] = x => SquareOf(x) is var a ? Sum(a, 0) - Sum(a, 1) : x,
        ["Rows by columns"] = x => SquareOf(x) is var a ? a * Sum(a, 0) + (Sum(a, 1, keepDims: true) * a) : x,
        ["Determinant between"] = x => SquareOf(x) is var a ? LogDet(MatMul(a, Transpose(a)) + (10 * Eye(a.Shape[0]))) * a : x,
    };

    public static TheoryData<string> AlongAxes => [.. s_alongAxes.Keys];

    public static TheoryData<string> Functions => [.. s_functions.Keys];

    [Theory]
    [MemberData(nameof(AlongAxes))]
    public void What_is_done_along_an_axis(string name) => Some(
        from shape in Shapes from axis in Gen.Choose(0, shape.Rank - 1) from x in Tensors.Of(shape) select (x, axis),
        with => Agree(with.x, x => s_alongAxes[name](x, with.axis)));

    [Theory]
    [MemberData(nameof(Functions))]
    public void What_is_done_to_a_tensor(string name) => Some(Shapes.SelectMany(Tensors.Of), x => Agree(x, s_functions[name]));

    [Fact]
    public void A_part_of_a_stack_in_another_order_of_axes_of_length_one() =>
        Agree(Sin(Reshape(Arange(9), 1, 3, 3)), x => s_alongAxes["LogSumExp"](s_alongAxes["Slice"](s_alongAxes["Stack"](x, 1), 1), 0));

    [Fact]
    public void A_part_of_a_part_that_had_other_axes_before()
    {
        // The first slice is contiguous, so it may be taken under the axes before the reshape; a part of it need not be a box of these axes.
        var x = Sin(Reshape(Arange(180), 10, 3, 6));
        Agree(x, v => Sin(Reshape(v, -1)[..36][..12]));
        Agree(x, v => Sin(Reshape(v, 30, 6)[..6][1..4]));
        Agree(x, v => Sin(Reshape(v, 30, 6)[..6][..6, 2..5]));
        Agree(x, v => Sin(Reshape(Reshape(v, 30, 6)[6..12], 1, 6, 6)[0, 1..3, 2..]));
    }

    [Property(MaxTest = 40, QuietOnSuccess = true)]
    public Property One_thing_after_another() => Prop.ForAll(
        (from shape in Shapes
         from x in Tensors.Of(shape)
         from names in Gen.Elements(s_alongAxes.Keys.ToArray()).ArrayOf(3)
         from axes in Gen.Choose(0, 3).ArrayOf(3)
         select (x, names, axes)).ToArbitrary(),
        with => Agree(with.x, x => with.names.Zip(with.axes, (name, axis) => (Name: name, Axis: axis)).Aggregate(x, (y, step) => y.Rank == 0 || y.Shape.Size is 0 or > 10_000 ? Sin(y) : s_alongAxes[step.Name](y, step.Axis % y.Rank))));

    [Fact]
    public void What_later_samples_add_to_earlier_ones_is_there_before_it_is_read()
    {
        // More samples than a tile has.
        Func<Expr, Expr> f = x => Sum(Sin(x * Take(x, [.. Enumerable.Range(0, x.Shape[1]).Select(i => (i + 3) % x.Shape[1])], 1)) * x);
        var x = Reshape(Sin(Arange(3 * 5003)), 3, 5003);
        Agree(x, v => f(v) / 100);
        Agree(x, v => Sin(Grad(f)(v)) * v);
    }

    [Fact]
    public void What_rounds_add_at_places_of_others_is_added_up_by_parts_or_not_divided()
    {
        const int Loop = 1;
        var space = new KernelSpace(2, 24, [Loop], [100_000]);
        (int Chunks, bool IsByIterations, int Shared) Divided(Act act, int step, params int[] elements)
        {
            var (kernel, buffer) = (new Kernel(0, space), new TensorBuffer(200_000, 24));
            var steps = new Dictionary<int, Stride> { [Loop] = new(step, 0), [2] = act == Act.Fold ? default : new(0, 1) };
            Array.ForEach(elements, element => kernel.Effect(act, Op.Add, kernel.Number(1), new(step == 0 ? new(2, 24) : buffer, element, 0, steps)));
            var division = WorkPartition.Of([kernel], 2);
            return (division.Chunks, division.IsByIterations, division.Shared.Count);
        }

        Assert.Equal((8, true, 0), Divided(Act.Store, 1, 0, 100_000));
        Assert.Equal((8, true, 0), Divided(Act.Fold, 1, 0, 100_000));
        Assert.Equal((8, true, 0), Divided(Act.Accumulate, 1, 0));
        Assert.Equal((8, true, 1), Divided(Act.Accumulate, 0, 1));
        Assert.Equal((8, true, 1), Divided(Act.Fold, 0, 1));

        // The iterations of different chunks may add to the same element, and 4.8 million numbers are too many for a copy in each chunk.
        Assert.Equal(1, Divided(Act.Accumulate, 1, 0, 1).Chunks);
    }

    [Fact]
    public void Rows_of_any_length_and_number_are_read_and_written_whole()
    {
        foreach (var length in (int[])[3, 7, 8, 9, 15, 16, 17, 33])
        {
            foreach (var count in (int[])[8, 9, 23, 100])
            {
                // All elements are different, so that one from the wrong place is noticed.
                var x = Reshape(Sin(Arange(count * length)), count, length);
                Agree(x, Vmap((Expr row) => Concat([Flip(row) * row, Reshape(Sum(row), 1), Sin(row)])));
                Agree(x, Vmap((Expr row) => row[0] * Grad((Expr r) => Prod(r[1..]) + r[^1])(row)));
                Agree(x, v => (Transpose(v) * 2) + Sin(Transpose(v)));
            }
        }
    }

    [Fact]
    public void What_one_tile_adds_to_the_next_stays_there()
    {
        // Operations on samples a few positions apart, over more samples than a tile has.
        Func<Expr, Expr> f = x => Sum(Sin(x[1..]) * x[..^1]) + Sum(Pow(x[5..] - (2 * x[3..^2]), 2) * x[..^5]);
        var x = Sin(Arange(40_003));
        Engines.Agree(x, compile => [compile(f), compile(Grad(f)), compile(v => Jvp(Grad(f))(v, Sin(v)).Tangent)]);
        foreach (var options in Engines.All)
        {
            var (value, gradient) = Compile(v => ValueAndGrad(f)(v), options)(x);
            Agreement.Near(f(x), value, Engines.Same);
            Agreement.Near(Grad(f)(x), gradient, Engines.Same);
        }
    }

    [Fact]
    public void Positions_of_an_axis_that_its_reader_loops_over()
    {
        // Take has the selected rows in its lanes, while the kernel that reads them has the columns there and loops over the rows.
        int[] rows = [.. Enumerable.Range(0, 300).Select(i => i * i % 50)];
        var x = Sin(Reshape(Arange(50 * 200), 50, 200));
        Agree(x, v => Sin(Take(v, rows)));
        Agree(x, v => Take(v, rows) * Exp(Take(v, rows)));
    }

    [Fact]
    public void Sums_over_samples_and_rounds_of_a_loop()
    {
        // All iterations of the loop add to one element, or each to an element of its own.
        foreach (var (rows, columns) in ((int, int)[])[(100, 100), (1000, 1000), (400, 4000), (10, 20_000), (1000, 98)])
        {
            var (a, u, x) = (Sin(Reshape(Arange(rows * columns), rows, columns)), Cos(Arange(columns)), Sin(3 * Arange(columns)));
            Agree(x, y => Mean((Sin(a * u) * (y * u)) + (a * y)));
            Agree(x, y => Mean(a * u * (y + u), 1) * Mean(a * u * y));
            Agree(x, y => Mean(a * u * (y + u), 0));
            Agree(x, y => MaxOf((a * u) + (y * u)) * MinOf(a * y, 1));
        }
    }

    [Fact]
    public void What_threads_add_ahead_is_not_lost()
    {
        const int N = 40_000;
        foreach (var (x, f) in ((Expr, Func<Expr, Expr>)[])[
            (Sin(Arange(2 * N)), v => Sum(Sin(v[..N]) * Exp(v[N..]))),
            (Sin(Reshape(Arange(2 * (N + 64)), 2, N + 64)), v => Sum(Sin(v[0, ..N]) * Exp(v[1, 5..(N + 5)])))])
        {
            foreach (var threads in (int[])[1, 2, 3, 7])
            {
                Agreement.Near(Grad(f)(x), Compile(Grad(f), new(Threads: threads))(x), Engines.Same);
            }
        }
    }

    [Fact]
    public void Sums_do_not_depend_on_how_many_threads_there_are()
    {
        // Sums over samples, sums over the iterations of a loop around few samples, and sums into elements to which several samples add.
        var x = Sin(Arange(300_007));
        var table = Reshape(Sin(Arange(12 * 40_000)), 40_000, 12);
        int[] positions = [.. Enumerable.Range(0, 40_000).Select(i => i * 7 % 50)];
        Func<Expr, Expr> overSamples = v => Sum(Exp(Sin(v)) * v);
        Func<Expr, Expr> overRounds = t => Sum(Exp(Sin(t)) * t, [0]);
        Func<Expr, Expr> atPlaces = Grad((Expr p) => Sum(Exp(Take(p, positions, 0) * table) / 100));
        foreach (var (f, argument) in ((Func<Expr, Expr>, Expr)[])[(overSamples, x), (overRounds, table), (atPlaces, Reshape(Sin(Arange(12 * 50)), 50, 12))])
        {
            var one = Compile(f, new(Threads: 1))(argument);
            Agreement.Near(f(argument), one, Engines.Same);
            foreach (var threads in (int[])[2, 3, 7])
            {
                var several = Compile(f, new(Threads: threads))(argument);
                Assert.Equal(one.ToArray(), several.ToArray());
            }
        }
    }

    [Fact]
    public void So_much_that_threads_share_the_work()
    {
        var x = Sin(Arange(300_007));
        Func<Expr, Expr> f = v => Mean((Sin(v) * Exp(v)) + Tanh(v * v) - Log(2 + v)) * MaxOf(Cos(v) * Sin(3 * v));
        var a = Reshape(Sin(Arange(301 * 203)), 301, 203);
        Func<Expr, Expr> product = m => MatMul(m, Transpose(m)) / 100;
        foreach (var options in (CompileOptions[])[.. Engines.All, new(Threads: 1), new(Threads: 3)])
        {
            Agreement.Near(f(x), Compile(f, options)(x), Engines.Same);
            Agreement.Near(Grad(f)(x), Compile(Grad(f), options)(x), Engines.Same);
            Agreement.Near(product(a), Compile(product, options)(a), Engines.Same);
            Agreement.Near(Sin(product(a)) + a[0, 0], Compile(m => Sin(product(m)) + m[0, 0], options)(a), Engines.Same);
            Agreement.Near(Grad(m => Sum(Sin(product(m))))(a), Compile(Grad(m => Sum(Sin(product(m)))), options)(a), Engines.Same);
        }
    }

    /// <summary>Some random cases, the same in every run.</summary>
    private static void Some<T>(Gen<T> cases, Action<T> check, int count = 12)
    {
        foreach (var one in cases.Sample(count))
        {
            check(one);
        }
    }

    /// <summary>One to four axes, of which one may be long.</summary>
    private static Gen<Shape> Shapes { get; } = Gen.Frequency(
        (2, from n in Gen.Elements(s_lengths) select new Shape(n)),
        (1, from n in Gen.Elements(s_longLengths) select new Shape(n)),
        (3, from n in Gen.Elements(s_lengths) from m in Gen.Elements(s_lengths) select new Shape(n, m)),
        (1, from n in Gen.Elements(s_longLengths) from m in Gen.Choose(1, 3) from first in Gen.Elements(true, false) select first ? new Shape(n, m) : new Shape(m, n)),
        (2, from n in Gen.Elements(s_lengths) from m in Gen.Choose(1, 9) from k in Gen.Choose(1, 4) from order in Gen.Shuffle(new[] { n, m, k }) select new Shape([.. order])),
        (1, from n in Gen.Elements(s_lengths) from m in Gen.Choose(1, 9) from k in Gen.Choose(1, 3) from l in Gen.Choose(1, 2) from order in Gen.Shuffle(new[] { n, m, k, l }) select new Shape([.. order])));

    private static Expr Part(Expr x, int axis, int start, int end)
    {
        var front = Permute(x, [axis, .. Enumerable.Range(0, x.Rank).Where(other => other != axis)]);
        var order = new int[x.Rank];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i == axis ? 0 : i < axis ? i + 1 : i;
        }

        return Permute(front[start..Math.Max(start, end)], order);
    }

    /// <summary>A square matrix of the first elements of a tensor.</summary>
    private static Expr SquareOf(Expr x)
    {
        var n = (int)Math.Sqrt(x.Shape.Size);
        return Reshape(Reshape(x, -1)[..(n * n)], n, n);
    }

    /// <summary>Checks the compiled value, gradient, derivative along a direction, and their second-order combination.</summary>
    private static void Agree(Expr at, Func<Expr, Expr> f)
    {
        var weights = Tensors.Direction(f(at).Shape, 3);
        Func<Expr, Expr> weighted = x => Sum(f(x) * weights) / 3;
        var direction = Tensors.Direction(at.Shape, 5);
        Engines.Agree(at, compile =>
        [
            compile(f),
            compile(Grad(weighted)),
            compile(x => Jvp(f)(x, direction).Tangent),
            compile(x => Jvp(Grad(weighted))(x, direction).Tangent),
            .. at.Shape.Size <= 9 ? [compile(Hessian(weighted))] : Array.Empty<Func<Expr, Expr>>(),
        ]);
    }
}
