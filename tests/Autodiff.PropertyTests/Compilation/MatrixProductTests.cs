// Products of matrices in memory against the triple loop that defines them, for every width of register that the machine supports. Sums of whole
// numbers are exact, so they must be equal in any order of summation. All memory outside the operands is filled with NaN: if it were read, NaN would
// appear in the result, and it must still be NaN afterwards.

using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Autodiff.Functional.Numerics;
using FsCheck;
using FsCheck.Fluent;

namespace Autodiff.PropertyTests.Compilation;

public unsafe class MatrixProductTests
{
    private const int Cases = 300;

    private static readonly string[] Orders = ["NNN", "TNN", "NTN", "TTN", "NNT", "TTT"];

    private static readonly Gen<int> Length = Gen.Frequency((4, Gen.Choose(0, 9)), (4, Gen.Choose(10, 40)), (1, Gen.Choose(41, 150)));

    private delegate void Product<TNumber>(in MatrixProductShape shape, TNumber* a, TNumber* b, TNumber* c, TNumber* scratch)
        where TNumber : unmanaged;

    public static TheoryData<int> Widths => [.. Supported()];

    /// <summary>Lengths at which A, B or both are copied in several blocks, and the storage order of A, B and C: by rows (N) or by columns (T).</summary>
    public static TheoryData<int, int, int, string> Large
    {
        get
        {
            var data = new TheoryData<int, int, int, string>();
            foreach (var layout in Orders)
            {
                data.Add(100, 290, 1100, layout);
                data.Add(900, 300, 70, layout);
            }

            data.Add(700, 400, 1030, "NNN");
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Whole_numbers_are_exact(int width)
    {
        ForAll(random => (double)random.Next(-9, 10), Kernel<double>(width), (expected, _, found) => expected.Equals(found));
        ForAll(random => (float)random.Next(-9, 10), Kernel<float>(width), (expected, _, found) => expected.Equals(found));
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Real_numbers_are_close(int width)
    {
        ForAll(random => random.NextDouble() - 0.5, Kernel<double>(width), (expected, size, found) => Math.Abs(expected - found) <= 1e-13 * size);
        ForAll(random => random.NextSingle() - 0.5f, Kernel<float>(width), (expected, size, found) => Math.Abs(expected - found) <= 1e-5f * size);
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Infinite_and_undefined_numbers_flow_as_in_sums(int width)
    {
        static double Any(Random random) => random.Next(60) switch
        {
            0 => double.NaN,
            1 => double.PositiveInfinity,
            2 => double.NegativeInfinity,
            _ => random.Next(-1, 2),
        };

        ForAll(Any, Kernel<double>(width), (expected, _, found) => expected.Equals(found));
        ForAll(random => (float)Any(random), Kernel<float>(width), (expected, _, found) => expected.Equals(found));
    }

    [Theory]
    [MemberData(nameof(Large))]
    public void Blocks_add_up(int m, int k, int n, string layout)
    {
        Layout Of(char order, int rows, int columns) => order == 'N' ? new(rows, columns, columns, 1) : new(rows, columns, 1, rows);
        var product = new Operands(1, Of(layout[0], m, k), Of(layout[1], k, n), Of(layout[2], m, n), Accumulates: false, Seed: m + k + n);
        Assert.All(Supported(), width => Assert.True(Agree(product, random => random.Next(-9, 10), Kernel<double>(width), (expected, _, found) => expected == found)));
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 7)]
    public void Sums_of_nothing_are_zero(bool accumulates, double expected)
    {
        var shape = new MatrixProductShape(2, 0, 3) { Accumulates = accumulates };
        var c = Enumerable.Repeat(7.0, 6).ToArray();
        fixed (double* target = c)
        {
            MatrixProduct.Run<double>(shape, null, null, target, null);
        }

        Assert.Equal(Enumerable.Repeat(expected, 6), c);
    }

    [Fact]
    public void Scratch_does_not_grow_with_the_operands() =>
        Assert.InRange(
            MatrixProduct.ScratchSize<double>(new(40_000, 40_000, 40_000) { BRow = 1, BColumn = 40_000, CRow = 120_000, CColumn = 3 }), 1, 1 << 20);

    [Fact]
    public void Products_that_stay_in_the_cache_need_no_scratch() => Assert.Equal(0, MatrixProduct.ScratchSize<double>(new(64, 64, 256)));

    private static IEnumerable<int> Supported() =>
        new (int Width, bool IsSupported)[] { (128, true), (256, Avx2.IsSupported), (512, Vector512.IsHardwareAccelerated) }.Where(of => of.IsSupported).Select(of => of.Width);

    private static (Func<MatrixProductShape, int> ScratchSize, Product<TNumber> Run) Kernel<TNumber>(int width)
        where TNumber : unmanaged, INumber<TNumber> => width switch
        {
            128 => (shape => MatrixProduct<TNumber, Vector128<TNumber>, Register128<TNumber>>.ScratchSize(shape), MatrixProduct<TNumber, Vector128<TNumber>, Register128<TNumber>>.Run),
            256 => (shape => MatrixProduct<TNumber, Vector256<TNumber>, Register256<TNumber>>.ScratchSize(shape), MatrixProduct<TNumber, Vector256<TNumber>, Register256<TNumber>>.Run),
            _ => (shape => MatrixProduct<TNumber, Vector512<TNumber>, Register512<TNumber>>.ScratchSize(shape), MatrixProduct<TNumber, Vector512<TNumber>, Register512<TNumber>>.Run),
        };

    private static void ForAll<TNumber>(
        Func<Random, TNumber> number, (Func<MatrixProductShape, int> ScratchSize, Product<TNumber> Run) kernel, Func<TNumber, TNumber, TNumber, bool> isClose)
        where TNumber : unmanaged, INumber<TNumber> =>
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(Cases), Prop.ForAll(Operands.Any.ToArbitrary(), product => Agree(product, number, kernel, isClose)));

    private static bool Agree<TNumber>(
        Operands product, Func<Random, TNumber> number, (Func<MatrixProductShape, int> ScratchSize, Product<TNumber> Run) kernel, Func<TNumber, TNumber, TNumber, bool> isClose)
        where TNumber : unmanaged, INumber<TNumber>
    {
        var (a, b, c) = (product.A, product.B, product.C);
        var (m, k, n) = (a.Rows, a.Columns, b.Columns);
        var shape = new MatrixProductShape(m, k, n)
        {
            ARow = a.Row,
            AColumn = a.Column,
            ABatch = a.Batch,
            BRow = b.Row,
            BColumn = b.Column,
            BBatch = b.Batch,
            CRow = c.Row,
            CColumn = c.Column,
            CBatch = c.Batch,
            Count = product.Count,
            Accumulates = product.Accumulates,
        };

        var random = new Random(product.Seed);
        var (left, right, result) = (a.Fill(product.Count, random, number), b.Fill(product.Count, random, number), c.Fill(product.Accumulates ? product.Count : 0, random, number));
        var (leftBefore, rightBefore, expected) = ((TNumber[])left.Clone(), (TNumber[])right.Clone(), c.Resized(result, product.Count));
        result = (TNumber[])expected.Clone();
        var scratch = Layout.Nothing<TNumber>(kernel.ScratchSize(shape) + Layout.Margin);
        fixed (TNumber* pa = left, pb = right, pc = result, ps = scratch)
        {
            kernel.Run(shape, pa + Layout.Margin, pb + Layout.Margin, pc + Layout.Margin, ps);
        }

        var isRight = true;
        for (var item = 0; item < product.Count; item++)
        {
            for (var i = 0; i < m; i++)
            {
                for (var j = 0; j < n; j++)
                {
                    var at = c.Index(item, i, j);
                    var sum = product.Accumulates ? expected[at] : TNumber.Zero;
                    var size = TNumber.Abs(sum);
                    for (var p = 0; p < k; p++)
                    {
                        var term = left[a.Index(item, i, p)] * right[b.Index(item, p, j)];
                        (sum, size) = (sum + term, size + TNumber.Abs(term));
                    }

                    isRight &= isClose(sum, size, result[at]);
                    expected[at] = result[at];
                }
            }
        }

        return isRight && left.SequenceEqual(leftBefore) && right.SequenceEqual(rightBefore) && result.SequenceEqual(expected)
            && scratch[^Layout.Margin..].All(TNumber.IsNaN);
    }

    /// <summary>The layout of a batch of matrices in memory: their lengths, and the strides of rows, columns and the batch.</summary>
    public sealed record Layout(int Rows, int Columns, int Row, int Column, int Batch = 0)
    {
        public const int Margin = 40;

        private static readonly int[] Axes = [0, 1, 2];

        /// <summary>Axes in any order, with gaps or without.</summary>
        public static Gen<Layout> Any(int count, int rows, int columns, bool isShared) =>
            from order in Gen.Shuffle(Axes)
            from gaps in Gen.ArrayOf(Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(1, 3))), 3)
            select Of([count, rows, columns], order, gaps, isShared);

        public static TNumber[] Nothing<TNumber>(int length)
            where TNumber : INumber<TNumber> => [.. Enumerable.Repeat(TNumber.CreateChecked(double.NaN), length)];

        public int Index(int item, int row, int column) => Margin + (item * Batch) + (row * Row) + (column * Column);

        /// <summary>Memory that contains a number of matrices, with NaN around and between them.</summary>
        public TNumber[] Fill<TNumber>(int count, Random random, Func<Random, TNumber> number)
            where TNumber : INumber<TNumber>
        {
            var memory = Nothing<TNumber>(Size(count));
            for (var item = 0; item < count; item++)
            {
                for (var i = 0; i < Rows; i++)
                {
                    for (var j = 0; j < Columns; j++)
                    {
                        memory[Index(item, i, j)] = number(random);
                    }
                }
            }

            return memory;
        }

        public TNumber[] Resized<TNumber>(TNumber[] memory, int count)
            where TNumber : INumber<TNumber> => [.. memory, .. Nothing<TNumber>(Size(count) - memory.Length)];

        private static Layout Of(int[] lengths, int[] order, int[] gaps, bool isShared)
        {
            var strides = new int[3];
            var next = 1;
            foreach (var axis in order.Where(axis => axis != 0 || !isShared))
            {
                strides[axis] = next + gaps[axis];
                next = strides[axis] * Math.Max(1, lengths[axis]);
            }

            return new(lengths[1], lengths[2], strides[1], strides[2], strides[0]);
        }

        private int Size(int count) => Index(Math.Max(0, count - 1), Math.Max(0, Rows - 1), Math.Max(0, Columns - 1)) + 1 + Margin;
    }

    public sealed record Operands(int Count, Layout A, Layout B, Layout C, bool Accumulates, int Seed)
    {
        public static Gen<Operands> Any { get; } =
            from count in Gen.Frequency((2, Gen.Constant(1)), (2, Gen.Choose(0, 9)))
            from m in Length
            from k in Length
            from n in Length
            from sharesA in Gen.Frequency((2, Gen.Constant(false)), (1, Gen.Constant(true)))
            from sharesB in Gen.Frequency((2, Gen.Constant(false)), (1, Gen.Constant(true)))
            from a in Layout.Any(count, m, k, sharesA)
            from b in Layout.Any(count, k, n, sharesB)
            from c in Layout.Any(count, m, n, false)
            from accumulates in Gen.Elements(false, true)
            from seed in Gen.Choose(0, int.MaxValue - 1)
            select new Operands(count, a, b, c, accumulates, seed);
    }
}
