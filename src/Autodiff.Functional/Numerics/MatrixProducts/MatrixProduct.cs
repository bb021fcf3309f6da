// Products of matrices in memory, at the speed the hardware has. What is small enough to stay in the caches is read where
// it lies; larger operands are copied, block by block, into the order in which the kernels read them (K. Goto, R. van de
// Geijn: Anatomy of High-Performance Matrix Multiplication, 2008).

using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Autodiff.Functional.Numerics;

internal static unsafe class MatrixProduct
{
    /// <summary>How many numbers of scratch memory a product needs; never more than a few blocks of the size of caches.</summary>
    public static int ScratchSize<TNumber>(in MatrixProductShape shape)
        where TNumber : unmanaged, INumber<TNumber> =>
        Vector512.IsHardwareAccelerated ? MatrixProduct<TNumber, Vector512<TNumber>, Register512<TNumber>>.ScratchSize(shape)
        : Vector256.IsHardwareAccelerated ? MatrixProduct<TNumber, Vector256<TNumber>, Register256<TNumber>>.ScratchSize(shape)
        : MatrixProduct<TNumber, Vector128<TNumber>, Register128<TNumber>>.ScratchSize(shape);

    /// <summary>
    /// Computes the products. Only elements of A, B and C that the shape names are read or written; the sums are the same to the last bit whenever
    /// the shape is. For numbers of type double and float.
    /// </summary>
    public static void Run<TNumber>(in MatrixProductShape shape, TNumber* a, TNumber* b, TNumber* c, TNumber* scratch)
        where TNumber : unmanaged, INumber<TNumber>
    {
        if (Vector512.IsHardwareAccelerated)
        {
            MatrixProduct<TNumber, Vector512<TNumber>, Register512<TNumber>>.Run(shape, a, b, c, scratch);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            MatrixProduct<TNumber, Vector256<TNumber>, Register256<TNumber>>.Run(shape, a, b, c, scratch);
        }
        else
        {
            MatrixProduct<TNumber, Vector128<TNumber>, Register128<TNumber>>.Run(shape, a, b, c, scratch);
        }
    }

    /// <summary>The product of matrices that lie in spans.</summary>
    public static void Multiply(in MatrixProductShape product, ReadOnlySpan<double> left, ReadOnlySpan<double> right, Span<double> result)
    {
        var size = ScratchSize<double>(product);
        var rented = size > 0 ? ArrayPool<double>.Shared.Rent(size) : [];
        fixed (double* a = left, b = right, c = result, scratch = rented)
        {
            Run(product, a, b, c, scratch);
        }

        if (size > 0)
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }
}

/// <summary>Products for one kind of number and register.</summary>
internal static unsafe class MatrixProduct<TNumber, TVector, TRegister>
    where TNumber : unmanaged, INumber<TNumber>
    where TVector : unmanaged
    where TRegister : struct, IRegister<TNumber, TVector>
{
    // A packed block of A is of the size of a second-level cache, one of B of a third-level one.
    private const int BlockM = 384;
    private const int BlockN = 1024;

    /// <summary>So many rows of a strip of B stay in the first-level cache beside the operands of a tile.</summary>
    private static int BlockK => Math.Min(256, (32 << 10) / (Columns * TRegister.Count * sizeof(TNumber)));

    /// <summary>
    /// Copying pays for operands of more elements than this; smaller ones are found in the caches where they lie, the sooner the wider a strip is.
    /// </summary>
    private static int Large => (8 << 10) * Columns * TRegister.Count;

    /// <summary>The most registers of a tile side by side: 6×4 sums need 29 registers, 6×2 need 15.</summary>
    private static int Columns => Avx512F.VL.IsSupported || AdvSimd.IsSupported ? 4 : 2;

    public static int ScratchSize(in MatrixProductShape shape) => new Plan(shape).ScratchSize;

    public static void Run(in MatrixProductShape shape, TNumber* a, TNumber* b, TNumber* c, TNumber* scratch)
    {
        var plan = new Plan(shape);
        if (plan.IsTransposed)
        {
            plan.Run(b, a, c, scratch);
        }
        else
        {
            plan.Run(a, b, c, scratch);
        }
    }

    /// <summary>How a product is split into tiles.</summary>
    private readonly struct Plan
    {
        private readonly MatrixProductShape _shape;
        private readonly bool _isInner;
        private readonly bool _packsA;
        private readonly bool _packsB;
        private readonly bool _scatters;
        private readonly int _blockM;
        private readonly int _blockK;
        private readonly int _blockN;
        private readonly int _group;

        public Plan(in MatrixProductShape shape)
        {
            // Registers lie along the rows of C. A result of one column or with contiguous columns is computed transposed.
            IsTransposed = (shape.CColumn != 1 || shape.N == 1) && (shape.CRow == 1 || shape.N == 1) && shape.M > 1;
            var s = _shape = (IsTransposed ? shape.Transposed : shape).Stacked;
            var (m, k, n) = (s.M, s.K, s.N);

            // Inner products end with sums across registers, m·n of them; the other way begins with a copy of B, of k·n elements, has blocks,
            // and leaves lanes empty where n is small.
            var isSmall = Math.Min(m, n) <= 4 * MatrixProductTile<TNumber, TVector, TRegister>.Rows || (long)k * n <= Large / 4;
            _isInner = s.BRow == 1 && s.AColumn == 1 && (n == 1 || (isSmall && k >= (2 * n <= TRegister.Count ? m : 4L * m)));
            _scatters = !_isInner && s.CColumn != 1 && n > 1;
            (_blockM, _blockK, _blockN) = (m, k, n);
            if (!_isInner)
            {
                _packsB = (s.BColumn != 1 && n > 1) || ((long)k * n > Large && m > 16 * MatrixProductTile<TNumber, TVector, TRegister>.Rows);
                _packsA = (long)m * k > Large && n > 8 * TRegister.Count;
                if (_packsA)
                {
                    (_blockM, _blockK) = (BlockM, BlockK);
                }

                if (_packsB)
                {
                    (_blockK, _blockN) = (BlockK, BlockN);
                }

                (_blockM, _blockK, _blockN) = (Math.Min(m, _blockM), Math.Min(k, _blockK), Math.Min(n, _blockN));
            }

            // Small products of a batch are computed tile by tile, each for as many products as the first-level cache holds.
            var footprint = ((long)m * k) + ((long)k * n) + ((long)m * n);
            _group = _packsA || _packsB || _scatters ? 1 : (int)Math.Clamp((32 << 10) / sizeof(TNumber) / Math.Max(footprint, 1), 1, Math.Max(s.Count, 1));
        }

        public bool IsTransposed { get; }

        public int ScratchSize => PackedA + PackedB + (_scatters ? MatrixProductTile<TNumber, TVector, TRegister>.Rows * Columns * TRegister.Count : 0);

        private int PackedA => _packsA ? _blockM * _blockK : 0;

        private int PackedB => _packsB ? _blockK * Registers(_blockN) * TRegister.Count : 0;

        public void Run(TNumber* a, TNumber* b, TNumber* c, TNumber* scratch)
        {
            if (_shape.M == 0 || _shape.N == 0)
            {
                return;
            }

            for (var item = 0; item < _shape.Count; item += _group)
            {
                var count = Math.Min(_group, _shape.Count - item);
                Blocks(a + (item * _shape.ABatch), b + (item * _shape.BBatch), c + (item * _shape.CBatch), scratch, count);
            }
        }

        private static int Registers(int columns) => (columns + TRegister.Count - 1) / TRegister.Count;

        private void Blocks(TNumber* a, TNumber* b, TNumber* c, TNumber* scratch, int count)
        {
            for (var j = 0; j < _shape.N; j += _blockN)
            {
                var n = Math.Min(_blockN, _shape.N - j);

                // One round even when nothing is summed: it writes the zeros.
                var p = 0;
                do
                {
                    var k = Math.Min(_blockK, _shape.K - p);
                    var bBlock = b + (p * _shape.BRow) + (j * _shape.BColumn);
                    if (_packsB)
                    {
                        PackB(bBlock, scratch + PackedA, k, n);
                        bBlock = scratch + PackedA;
                    }

                    for (var i = 0; i < _shape.M; i += _blockM)
                    {
                        var m = Math.Min(_blockM, _shape.M - i);
                        var aBlock = a + (i * _shape.ARow) + (p * _shape.AColumn);
                        if (_packsA)
                        {
                            PackA(aBlock, scratch, m, k);
                            aBlock = scratch;
                        }

                        Block(aBlock, bBlock, c + (i * _shape.CRow) + (j * _shape.CColumn), scratch + PackedA + PackedB, m, k, n, count, _shape.Accumulates || p > 0);
                    }

                    p += _blockK;
                }
                while (p < _shape.K);
            }
        }

        /// <summary>One block, tile by tile: a strip of B serves all rows of A before the next is read.</summary>
        private void Block(TNumber* a, TNumber* b, TNumber* c, TNumber* scatter, int m, int k, int n, int count, bool accumulates)
        {
            var tile = new Tile<TNumber>
            {
                ARow = _shape.ARow,
                AColumn = _shape.AColumn,
                BRow = _shape.BRow,
                BColumn = _shape.BColumn,
                CRow = _shape.CRow,
                CColumn = _shape.CColumn,
                ABatch = _shape.ABatch,
                BBatch = _shape.BBatch,
                CBatch = _shape.CBatch,
                K = k,
                Count = count,
                Accumulates = accumulates,
            };
            var lanes = _isInner ? 1 : TRegister.Count;
            foreach (var (firstColumn, columns) in new Parts(_isInner ? n : Registers(n), Columns))
            {
                var j = firstColumn * lanes;
                var width = Math.Min(columns * lanes, n - j);
                tile.Tail = (_isInner ? k : width) % TRegister.Count;
                tile.B = b + (_packsB ? (nint)j * k : j * _shape.BColumn);
                if (_packsB)
                {
                    tile.BRow = columns * lanes;
                }

                foreach (var (i, rows) in new Parts(m, MatrixProductTile<TNumber, TVector, TRegister>.Rows))
                {
                    tile.A = a + (_packsA ? (nint)i * k : i * _shape.ARow);
                    if (_packsA)
                    {
                        (tile.ARow, tile.AColumn) = (1, rows);
                    }

                    tile.C = c + (i * _shape.CRow) + (j * _shape.CColumn);
                    if (_isInner)
                    {
                        MatrixProductTile<TNumber, TVector, TRegister>.ByInnerProducts(tile, rows, columns);
                    }
                    else if (_scatters)
                    {
                        Scattered(tile, scatter, rows, columns, width);
                    }
                    else
                    {
                        MatrixProductTile<TNumber, TVector, TRegister>.ByRows(tile, rows, columns);
                    }
                }
            }
        }

        /// <summary>A tile whose elements of C lie apart.</summary>
        private static void Scattered(Tile<TNumber> tile, TNumber* scatter, int rows, int columns, int width)
        {
            var c = tile.C;
            var (cRow, accumulates) = (tile.CRow, tile.Accumulates);
            tile.C = scatter;
            (tile.CRow, tile.Accumulates) = (columns * TRegister.Count, false);
            MatrixProductTile<TNumber, TVector, TRegister>.ByRows(tile, rows, columns);
            for (var i = 0; i < rows; i++)
            {
                var source = scatter + (i * tile.CRow);
                var target = c + (i * cRow);
                for (var j = 0; j < width; j++, target += tile.CColumn)
                {
                    *target = accumulates ? *target + source[j] : source[j];
                }
            }
        }

        /// <summary>Copies rows of A tile by tile, each column of a tile together.</summary>
        private void PackA(TNumber* a, TNumber* packed, int m, int k)
        {
            foreach (var (i, rows) in new Parts(m, MatrixProductTile<TNumber, TVector, TRegister>.Rows))
            {
                Transpose(a + (i * _shape.ARow), _shape.ARow, _shape.AColumn, packed + ((nint)i * k), rows, rows, k);
            }
        }

        /// <summary>Copies columns of B strip by strip, each row of a strip together; beyond the last column stand zeros.</summary>
        private void PackB(TNumber* b, TNumber* packed, int k, int n)
        {
            foreach (var (firstColumn, columns) in new Parts(Registers(n), Columns))
            {
                var j = firstColumn * TRegister.Count;
                var stride = columns * TRegister.Count;
                Transpose(b + (j * _shape.BColumn), _shape.BColumn, _shape.BRow, packed + ((nint)j * k), stride, Math.Min(stride, n - j), k);
            }
        }

        /// <summary>target[q·stride + r] = source[r, q], and zeros for the rest of the stride.</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static void Transpose(TNumber* source, nint row, nint column, TNumber* target, int stride, int rows, int columns)
        {
            if (row == 1)
            {
                for (var q = 0; q < columns; q++, source += column, target += stride)
                {
                    new ReadOnlySpan<TNumber>(source, rows).CopyTo(new(target, rows));
                    new Span<TNumber>(target + rows, stride - rows).Clear();
                }

                return;
            }

            // Four rows at a time, so that a line of the target's is not fetched again for each.
            var r = 0;
            for (; r <= rows - 4; r += 4)
            {
                var from = source + (r * row);
                var to = target + r;
                for (var q = 0; q < columns; q++, from += column, to += stride)
                {
                    to[0] = from[0];
                    to[1] = from[row];
                    to[2] = from[2 * row];
                    to[3] = from[3 * row];
                }
            }

            for (; r < stride; r++)
            {
                var from = source + (r * row);
                var to = target + r;
                for (var q = 0; q < columns; q++, to += stride)
                {
                    *to = r < rows ? from[q * column] : TNumber.Zero;
                }
            }
        }
    }

    /// <summary>A length in parts of at most a size, as equal as can be.</summary>
    private ref struct Parts(int length, int most)
    {
        private readonly int _size = length / Math.Max(1, (length + most - 1) / most);
        private int _larger = length % Math.Max(1, (length + most - 1) / most);
        private int _next;

        public (int Start, int Length) Current { get; private set; }

        public readonly Parts GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_next >= length)
            {
                return false;
            }

            Current = (_next, _larger-- > 0 ? _size + 1 : _size);
            _next += Current.Length;
            return true;
        }
    }
}
