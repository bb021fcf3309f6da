// Products of matrices in memory, close to the peak speed of the hardware. Operands that are small enough to stay in the caches are read in
// place; larger ones are copied (packed), block by block, into the order in which the kernels read them (K. Goto, R. van de Geijn: Anatomy
// of High-Performance Matrix Multiplication, 2008).

using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Autodiff.Functional.Numerics;

internal static unsafe class MatrixProduct
{
    /// <summary>The scratch memory that a product needs, in numbers; at most a few blocks of the size of caches.</summary>
    public static int ScratchSize<TNumber>(in MatrixProductShape shape)
        where TNumber : unmanaged, INumber<TNumber> =>
        Vector512.IsHardwareAccelerated ? MatrixProduct<TNumber, Vector512<TNumber>, Register512<TNumber>>.ScratchSize(shape)
        : Vector256.IsHardwareAccelerated ? MatrixProduct<TNumber, Vector256<TNumber>, Register256<TNumber>>.ScratchSize(shape)
        : MatrixProduct<TNumber, Vector128<TNumber>, Register128<TNumber>>.ScratchSize(shape);

    /// <summary>
    /// Computes the products. Only the elements of A, B and C that the shape names are read or written. For the same shape, sums are always formed
    /// in the same order, so results have the same bits. Numbers are of type double or float.
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

    /// <summary>The product of matrices in spans.</summary>
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

/// <summary>Products of matrices for one type of number and one width of registers.</summary>
internal static unsafe class MatrixProduct<TNumber, TVector, TRegister>
    where TNumber : unmanaged, INumber<TNumber>
    where TVector : unmanaged
    where TRegister : struct, IRegister<TNumber, TVector>
{
    // The number of rows of a block of A and of columns of a block of B. With up to 256 columns of A and rows of B, a packed block of A is at most
    // 768 KiB of doubles, the size of a second-level cache, and one of B at most 2 MiB, which fits into a third-level cache.
    private const int BlockM = 384;
    private const int BlockN = 1024;

    /// <summary>
    /// The number of columns of a block of A and of rows of a block of B: a strip of B with this many rows takes at most 32 KiB, so that it stays in
    /// the first-level cache together with the operands of a tile.
    /// </summary>
    private static int BlockK => Math.Min(256, (32 << 10) / (Columns * TRegister.Count * sizeof(TNumber)));

    /// <summary>
    /// The number of elements of an operand above which packing pays; smaller operands stay in the caches where they are. It is proportional to the
    /// width of a strip, because with a wider strip an operand is read less often.
    /// </summary>
    private static int Large => (8 << 10) * Columns * TRegister.Count;

    /// <summary>The largest number of registers in a row of a tile: a tile of 6×4 sums needs 29 registers, one of 6×2 needs 15 (of 32 or 16).</summary>
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

    /// <summary>The plan of a product: how it is split into blocks and tiles, and which operands are packed.</summary>
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
            // A register holds adjacent elements of a row of C. A result with one column or with contiguous columns is computed transposed.
            IsTransposed = (shape.CColumn != 1 || shape.N == 1) && (shape.CRow == 1 || shape.N == 1) && shape.M > 1;
            var s = _shape = (IsTransposed ? shape.Transposed : shape).Stacked;
            var (m, k, n) = (s.M, s.K, s.N);

            // Inner products end with m·n sums across the lanes of registers. The alternative begins with a copy of the k·n elements of B, works in
            // blocks, and leaves lanes unused if n is small.
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

            // The small products of a batch are computed in groups: each tile is computed for as many products as fit into the first-level cache
            // (32 KiB) together.
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

                // There is one round even if k is 0, since it writes zeros.
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

        /// <summary>Computes one block, tile by tile: a strip of B is used for all rows of A before the next strip is read.</summary>
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

        /// <summary>Computes a tile whose elements of C are not adjacent: it is written to scratch memory first.</summary>
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

        /// <summary>Packs rows of A tile by tile; the elements of a column of a tile are adjacent.</summary>
        private void PackA(TNumber* a, TNumber* packed, int m, int k)
        {
            foreach (var (i, rows) in new Parts(m, MatrixProductTile<TNumber, TVector, TRegister>.Rows))
            {
                Transpose(a + (i * _shape.ARow), _shape.ARow, _shape.AColumn, packed + ((nint)i * k), rows, rows, k);
            }
        }

        /// <summary>Packs columns of B strip by strip; the elements of a row of a strip are adjacent, with zeros after the last column.</summary>
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

            // Four rows are copied at a time, so that each cache line of the target is fetched less often.
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

    /// <summary>Divides a length into parts of at most a given size, as equal as possible.</summary>
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
