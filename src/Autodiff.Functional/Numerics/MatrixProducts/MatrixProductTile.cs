// The inner kernels of matrix products: each computes a tile, as much of C as the registers hold. Nearly all the time is spent here. Each kernel is
// written once for the largest tile; the numbers of rows and columns are type parameters, so the JIT compiler makes code for every smaller
// tile, without the unused rows and columns.

using System.Numerics;
using System.Runtime.CompilerServices;

namespace Autodiff.Functional.Numerics;

/// <summary>The kernels for one type of number and one width of registers.</summary>
internal static unsafe class MatrixProductTile<TNumber, TVector, TRegister>
    where TNumber : unmanaged, INumber<TNumber>
    where TVector : unmanaged
    where TRegister : struct, IRegister<TNumber, TVector>
{
    /// <summary>The largest number of rows of a tile.</summary>
    public const int Rows = 6;

    /// <summary>
    /// A tile whose rows of B and C are contiguous: registers hold adjacent elements of a row of C, and each element of A multiplies a row
    /// of B.
    /// </summary>
    public static void ByRows(in Tile<TNumber> tile, int rows, int columns)
    {
        switch (columns)
        {
            case 1: ByRows<One>(tile, rows); break;
            case 2: ByRows<Two>(tile, rows); break;
            case 3: ByRows<Three>(tile, rows); break;
            default: ByRows<Four>(tile, rows); break;
        }
    }

    /// <summary>A tile of inner products: rows of A and columns of B are contiguous.</summary>
    public static void ByInnerProducts(in Tile<TNumber> tile, int rows, int columns)
    {
        switch (columns)
        {
            case 1: ByInnerProducts<One>(tile, rows); break;
            case 2: ByInnerProducts<Two>(tile, rows); break;
            case 3: ByInnerProducts<Three>(tile, rows); break;
            default: ByInnerProducts<Four>(tile, rows); break;
        }
    }

    private static void ByRows<TColumns>(in Tile<TNumber> tile, int rows)
        where TColumns : struct, IExtent
    {
        switch (rows)
        {
            case 1: ByRows<One, TColumns>(tile); break;
            case 2: ByRows<Two, TColumns>(tile); break;
            case 3: ByRows<Three, TColumns>(tile); break;
            case 4: ByRows<Four, TColumns>(tile); break;
            case 5: ByRows<Five, TColumns>(tile); break;
            default: ByRows<Six, TColumns>(tile); break;
        }
    }

    private static void ByInnerProducts<TColumns>(in Tile<TNumber> tile, int rows)
        where TColumns : struct, IExtent
    {
        switch (rows)
        {
            case 1: ByInnerProducts<One, TColumns>(tile); break;
            case 2: ByInnerProducts<Two, TColumns>(tile); break;
            case 3: ByInnerProducts<Three, TColumns>(tile); break;
            case 4: ByInnerProducts<Four, TColumns>(tile); break;
            case 5: ByInnerProducts<Five, TColumns>(tile); break;
            default: ByInnerProducts<Six, TColumns>(tile); break;
        }
    }

    private static void ByRows<TRows, TColumns>(in Tile<TNumber> tile)
        where TRows : struct, IExtent
        where TColumns : struct, IExtent
    {
        if (tile.Tail == 0)
        {
            ByRows<TRows, TColumns, Whole>(tile);
        }
        else
        {
            ByRows<TRows, TColumns, Partial>(tile);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ByRows<TRows, TColumns, TEdge>(in Tile<TNumber> tile)
        where TRows : struct, IExtent
        where TColumns : struct, IExtent
        where TEdge : struct, IEdge
    {
        var (bRow, aColumn, aRow, cRow) = (tile.BRow, tile.AColumn, tile.ARow, tile.CRow);
        var mask = TRegister.First(tile.Tail);
        for (nint item = 0; item < tile.Count; item++)
        {
            var a0 = tile.A + (item * tile.ABatch);
            var a1 = a0 + aRow;
            var a2 = a1 + aRow;
            var a3 = a2 + aRow;
            var a4 = a3 + aRow;
            var a5 = a4 + aRow;
            var b = tile.B + (item * tile.BBatch);
            Strip<TColumns> c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default;
            nint at = 0;
            for (var p = tile.K; p > 0; p--)
            {
                var row = Strip<TColumns>.LoadRow<TEdge>(b, mask);
                c0 = c0.Plus(TRegister.Broadcast(a0[at]), row);
                if (TRows.Value > 1)
                {
                    c1 = c1.Plus(TRegister.Broadcast(a1[at]), row);
                }

                if (TRows.Value > 2)
                {
                    c2 = c2.Plus(TRegister.Broadcast(a2[at]), row);
                }

                if (TRows.Value > 3)
                {
                    c3 = c3.Plus(TRegister.Broadcast(a3[at]), row);
                }

                if (TRows.Value > 4)
                {
                    c4 = c4.Plus(TRegister.Broadcast(a4[at]), row);
                }

                if (TRows.Value > 5)
                {
                    c5 = c5.Plus(TRegister.Broadcast(a5[at]), row);
                }

                at += aColumn;
                b += bRow;
            }

            var c = tile.C + (item * tile.CBatch);
            c0.WriteRow<TEdge>(c, mask, tile.Accumulates);
            if (TRows.Value > 1)
            {
                c1.WriteRow<TEdge>(c + cRow, mask, tile.Accumulates);
            }

            if (TRows.Value > 2)
            {
                c2.WriteRow<TEdge>(c + (2 * cRow), mask, tile.Accumulates);
            }

            if (TRows.Value > 3)
            {
                c3.WriteRow<TEdge>(c + (3 * cRow), mask, tile.Accumulates);
            }

            if (TRows.Value > 4)
            {
                c4.WriteRow<TEdge>(c + (4 * cRow), mask, tile.Accumulates);
            }

            if (TRows.Value > 5)
            {
                c5.WriteRow<TEdge>(c + (5 * cRow), mask, tile.Accumulates);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ByInnerProducts<TRows, TColumns>(in Tile<TNumber> tile)
        where TRows : struct, IExtent
        where TColumns : struct, IExtent
    {
        var (bColumn, aRow, cRow) = (tile.BColumn, tile.ARow, tile.CRow);
        var mask = TRegister.First(tile.Tail);
        nint whole = tile.K - tile.Tail;
        for (nint item = 0; item < tile.Count; item++)
        {
            var a0 = tile.A + (item * tile.ABatch);
            var a1 = a0 + aRow;
            var a2 = a1 + aRow;
            var a3 = a2 + aRow;
            var a4 = a3 + aRow;
            var a5 = a4 + aRow;
            var b = tile.B + (item * tile.BBatch);
            Strip<TColumns> c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default;
            nint at = 0;
            for (; at < whole; at += TRegister.Count)
            {
                var columns = Strip<TColumns>.Load(b + at, bColumn);
                c0 = c0.Plus(TRegister.Load(a0 + at), columns);
                if (TRows.Value > 1)
                {
                    c1 = c1.Plus(TRegister.Load(a1 + at), columns);
                }

                if (TRows.Value > 2)
                {
                    c2 = c2.Plus(TRegister.Load(a2 + at), columns);
                }

                if (TRows.Value > 3)
                {
                    c3 = c3.Plus(TRegister.Load(a3 + at), columns);
                }

                if (TRows.Value > 4)
                {
                    c4 = c4.Plus(TRegister.Load(a4 + at), columns);
                }

                if (TRows.Value > 5)
                {
                    c5 = c5.Plus(TRegister.Load(a5 + at), columns);
                }
            }

            if (tile.Tail > 0)
            {
                var columns = Strip<TColumns>.Load(b + at, bColumn, mask);
                c0 = c0.Plus(TRegister.Load(a0 + at, mask), columns);
                if (TRows.Value > 1)
                {
                    c1 = c1.Plus(TRegister.Load(a1 + at, mask), columns);
                }

                if (TRows.Value > 2)
                {
                    c2 = c2.Plus(TRegister.Load(a2 + at, mask), columns);
                }

                if (TRows.Value > 3)
                {
                    c3 = c3.Plus(TRegister.Load(a3 + at, mask), columns);
                }

                if (TRows.Value > 4)
                {
                    c4 = c4.Plus(TRegister.Load(a4 + at, mask), columns);
                }

                if (TRows.Value > 5)
                {
                    c5 = c5.Plus(TRegister.Load(a5 + at, mask), columns);
                }
            }

            var c = tile.C + (item * tile.CBatch);
            c0.WriteSums(c, tile.CColumn, tile.Accumulates);
            if (TRows.Value > 1)
            {
                c1.WriteSums(c + cRow, tile.CColumn, tile.Accumulates);
            }

            if (TRows.Value > 2)
            {
                c2.WriteSums(c + (2 * cRow), tile.CColumn, tile.Accumulates);
            }

            if (TRows.Value > 3)
            {
                c3.WriteSums(c + (3 * cRow), tile.CColumn, tile.Accumulates);
            }

            if (TRows.Value > 4)
            {
                c4.WriteSums(c + (4 * cRow), tile.CColumn, tile.Accumulates);
            }

            if (TRows.Value > 5)
            {
                c5.WriteSums(c + (5 * cRow), tile.CColumn, tile.Accumulates);
            }
        }
    }

    /// <summary>Up to four registers: a part of a row, or one register for each of several columns.</summary>
    internal struct Strip<TColumns>
        where TColumns : struct, IExtent
    {
        private TVector _v0;
        private TVector _v1;
        private TVector _v2;
        private TVector _v3;

        /// <summary>Loads registers whose elements in memory start a step apart.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Strip<TColumns> Load(TNumber* source, nint step)
        {
            Strip<TColumns> strip = default;
            strip._v0 = TRegister.Load(source);
            if (TColumns.Value > 1)
            {
                strip._v1 = TRegister.Load(source + step);
            }

            if (TColumns.Value > 2)
            {
                strip._v2 = TRegister.Load(source + (2 * step));
            }

            if (TColumns.Value > 3)
            {
                strip._v3 = TRegister.Load(source + (3 * step));
            }

            return strip;
        }

        /// <summary>The same, but only the lanes of the mask.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Strip<TColumns> Load(TNumber* source, nint step, TVector mask)
        {
            Strip<TColumns> strip = default;
            strip._v0 = TRegister.Load(source, mask);
            if (TColumns.Value > 1)
            {
                strip._v1 = TRegister.Load(source + step, mask);
            }

            if (TColumns.Value > 2)
            {
                strip._v2 = TRegister.Load(source + (2 * step), mask);
            }

            if (TColumns.Value > 3)
            {
                strip._v3 = TRegister.Load(source + (3 * step), mask);
            }

            return strip;
        }

        /// <summary>Loads a part of a row; the mask applies to its last register.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Strip<TColumns> LoadRow<TEdge>(TNumber* source, TVector mask)
            where TEdge : struct, IEdge
        {
            Strip<TColumns> strip = default;
            strip._v0 = LoadRow<One, TEdge>(source, mask);
            if (TColumns.Value > 1)
            {
                strip._v1 = LoadRow<Two, TEdge>(source + TRegister.Count, mask);
            }

            if (TColumns.Value > 2)
            {
                strip._v2 = LoadRow<Three, TEdge>(source + (2 * TRegister.Count), mask);
            }

            if (TColumns.Value > 3)
            {
                strip._v3 = LoadRow<Four, TEdge>(source + (3 * TRegister.Count), mask);
            }

            return strip;
        }

        /// <summary>This strip plus a register times each register of another strip.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly Strip<TColumns> Plus(TVector left, Strip<TColumns> right)
        {
            Strip<TColumns> sum = default;
            sum._v0 = TRegister.MultiplyAdd(left, right._v0, _v0);
            if (TColumns.Value > 1)
            {
                sum._v1 = TRegister.MultiplyAdd(left, right._v1, _v1);
            }

            if (TColumns.Value > 2)
            {
                sum._v2 = TRegister.MultiplyAdd(left, right._v2, _v2);
            }

            if (TColumns.Value > 3)
            {
                sum._v3 = TRegister.MultiplyAdd(left, right._v3, _v3);
            }

            return sum;
        }

        /// <summary>Writes a part of a row or adds to it; the mask applies to its last register.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void WriteRow<TEdge>(TNumber* target, TVector mask, bool accumulates)
            where TEdge : struct, IEdge
        {
            WriteRow<One, TEdge>(_v0, target, mask, accumulates);
            if (TColumns.Value > 1)
            {
                WriteRow<Two, TEdge>(_v1, target + TRegister.Count, mask, accumulates);
            }

            if (TColumns.Value > 2)
            {
                WriteRow<Three, TEdge>(_v2, target + (2 * TRegister.Count), mask, accumulates);
            }

            if (TColumns.Value > 3)
            {
                WriteRow<Four, TEdge>(_v3, target + (3 * TRegister.Count), mask, accumulates);
            }
        }

        /// <summary>Writes or adds the sum of the lanes of each register.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void WriteSums(TNumber* target, nint step, bool accumulates)
        {
            WriteSum(_v0, target, accumulates);
            if (TColumns.Value > 1)
            {
                WriteSum(_v1, target + step, accumulates);
            }

            if (TColumns.Value > 2)
            {
                WriteSum(_v2, target + (2 * step), accumulates);
            }

            if (TColumns.Value > 3)
            {
                WriteSum(_v3, target + (3 * step), accumulates);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TVector LoadRow<TPlace, TEdge>(TNumber* source, TVector mask)
            where TPlace : struct, IExtent
            where TEdge : struct, IEdge =>
            TEdge.IsPartial && TPlace.Value == TColumns.Value ? TRegister.Load(source, mask) : TRegister.Load(source);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void WriteRow<TPlace, TEdge>(TVector value, TNumber* target, TVector mask, bool accumulates)
            where TPlace : struct, IExtent
            where TEdge : struct, IEdge
        {
            if (TEdge.IsPartial && TPlace.Value == TColumns.Value)
            {
                TRegister.Store(accumulates ? TRegister.Add(TRegister.Load(target, mask), value) : value, target, mask);
            }
            else
            {
                TRegister.Store(accumulates ? TRegister.Add(TRegister.Load(target), value) : value, target);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void WriteSum(TVector value, TNumber* target, bool accumulates)
        {
            var sum = TRegister.Sum(value);
            *target = accumulates ? *target + sum : sum;
        }
    }
}
