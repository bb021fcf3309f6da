// How the factors of a factorization are packed into one tensor, along its last axis, so that the factorization is a node with a single value.

using static Autodiff.Functional.Expr;

namespace Autodiff.Functional;

internal static class Packed
{
    public static (Expr Q, Expr R) OfQr(Expr packed, int rows, int columns) =>
        (Matrix(packed, 0, rows, columns), Matrix(packed, rows * columns, columns, columns));

    public static (Expr P, Expr L, Expr U) OfLu(Expr packed, int rows, int columns) =>
        (Matrix(packed, 0, rows, rows), Matrix(packed, rows * rows, rows, columns), Matrix(packed, rows * (rows + columns), columns, columns));

    public static (Expr Values, Expr Vectors) OfEigh(Expr packed) => (packed[[.. Whole(packed.Rank - 1), 0]], Last(packed, 1..));

    public static (Expr U, Expr S, Expr Vt) OfSvd(Expr packed, int rows, int columns)
    {
        var rank = Math.Min(rows, columns);
        return (Matrix(packed, 0, rows, rank), Last(packed, (rows * rank)..((rows + 1) * rank)), Matrix(packed, (rows + 1) * rank, rank, columns));
    }

    /// <summary>The factors one after another along the last axis, the elements of a matrix in row-major order.</summary>
    public static Expr Pack(int batchRank, params ReadOnlySpan<Expr> factors)
    {
        var rows = new Expr[factors.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var shape = factors[i].Shape;
            rows[i] = Reshape(factors[i], Shape.Of([.. shape.Lengths[..batchRank], Shape.Of([.. shape.Lengths[batchRank..]]).Size]));
        }

        return Concat(rows, -1);
    }

    private static Expr Matrix(Expr packed, int start, int rows, int columns) =>
        Reshape(Last(packed, start..(start + (rows * columns))), Shape.Of([.. packed.Shape.Lengths[..^1], rows, columns]));

    private static Expr Last(Expr x, Range range) => x[[.. Whole(x.Rank - 1), range]];

    private static IEnumerable<Slice> Whole(int axes) => Enumerable.Repeat<Slice>(.., axes);
}
