// The derivatives of linear algebra: how the result moves when a matrix does, stated once for each primitive. This is a
// linear map of the tangent, and reverse mode runs it backwards (see Transforms.Linearization). Where the map is a primitive
// itself, it needs a transpose, which is stated too.

using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Rules;

internal static class LinearAlgebraRules
{
    /// <summary>The tangent of a node when one operand moves by a tangent: a linear map of it.</summary>
    /// <param name="node">The node, for its primitive and attribute.</param>
    /// <param name="operand">Which operand moves.</param>
    /// <param name="a">The first operand, as it enters the derivative.</param>
    /// <param name="y">The result, as it enters the derivative.</param>
    /// <param name="tangent">Of the operand's shape.</param>
    public static Expr Tangent(Expr node, int operand, Expr a, Expr y, Expr tangent) => node.Op switch
    {
        Op.Solve or Op.SolveTriangular => operand == 1
            ? SolveSystem(node.Op, node.Attribute, a, tangent)
            : SolveSystem(node.Op, node.Attribute, a, -MatMul(Read(node.Attribute as Triangle, tangent), y)),
        Op.Inverse => -MatMul(y, MatMul(tangent, y)),
        Op.Det => Inner(Cofactors(a), tangent),
        Op.Cofactors or Op.Expm => Nested(node, a, tangent),
        Op.LogDet => Inner(MatrixTranspose(InverseOrNaN(a)), tangent),
        Op.Cholesky => OfCholesky(y, tangent),
        Op.Qr => OfQr(a, y, tangent),
        Op.Eigh => OfEigh(y, tangent),
        Op.Svd => OfSvd(a, y, tangent),
        Op.PolarFactor => OfPolarFactor(a, y, tangent),
        Op.Lyapunov => SolveSystem(Op.Lyapunov, null, a, operand == 1 ? tangent : -MatMul(Symmetric(tangent), y)),
        _ => throw new ArgumentOutOfRangeException(nameof(node), node.Op, "not a primitive of linear algebra"),
    };

    /// <summary>Whether the tangent map is a primitive itself, so that it has its own <see cref="Transpose"/>.</summary>
    public static bool IsPrimitive(Op op, int operand) => operand == 1 || op is Op.Cofactors or Op.Expm;

    /// <summary>The transpose of a tangent map that is a primitive, applied to a cotangent.</summary>
    public static Expr Transpose(Expr node, Expr a, Expr cotangent) => node.Op switch
    {
        Op.Solve => SolveSystem(Op.Solve, node.Attribute, MatrixTranspose(a), cotangent),
        Op.SolveTriangular when node.Attribute is Triangle triangle =>
            SolveSystem(Op.SolveTriangular, triangle with { IsLower = !triangle.IsLower }, MatrixTranspose(a), cotangent),
        Op.Cofactors => Reversed(Nested(node, a, Reversed(cotangent))),
        Op.Expm => Reversed(Nested(node, EachTransposed(a), Reversed(cotangent))),
        Op.Lyapunov => SolveSystem(Op.Lyapunov, null, a, cotangent),
        _ => throw new ArgumentOutOfRangeException(nameof(node), node.Op, "not a linear primitive"),
    };

    /// <summary>
    /// What lives in a flow that a primitive map has mixed: all of a column of a system's right-hand side if any of it did, and
    /// else all of a matrix. Of a shape that broadcasts to that of the flow.
    /// </summary>
    public static Expr Mixed(Op op, Expr live) =>
        Sum(live, op is Op.Solve or Op.SolveTriangular ? -2 : [-2, -1], keepDims: true) > 0;

    /// <summary>The elements that SolveTriangular reads; structural zeros for the others.</summary>
    private static Expr Read(Triangle? triangle, Expr x)
    {
        if (triangle is null)
        {
            return x;
        }

        var below = Below(x.Shape[x.Rank - 1], triangle.HasUnitDiagonal ? 0 : 1);
        return Where(triangle.IsLower ? below : MatrixTranspose(below), x, 0);
    }

    // With L⁻¹ A' L⁻ᵀ = Φ + Φᵀ and Φ lower triangular, L' = L Φ.
    private static Expr OfCholesky(Expr lower, Expr tangent)
    {
        Expr Solved(Expr x) => SolveSystem(Op.SolveTriangular, new Triangle(true, false), lower, x);
        var both = Solved(MatrixTranspose(Solved(Symmetric(tangent))));
        var n = lower.Shape[lower.Rank - 1];
        return MatMul(lower, both * (Below(n, 0) + (0.5 * Eye(n))));
    }

    // A' R⁻¹ = Q' + Q (R' R⁻¹), where QᵀQ' is antisymmetric and R' R⁻¹ upper triangular: below the diagonal, Qᵀ A' R⁻¹ is all
    // of the former.
    private static Expr OfQr(Expr a, Expr packed, Expr tangent)
    {
        var (rows, n) = (a.Shape[a.Rank - 2], a.Shape[a.Rank - 1]);
        var (q, r) = Factors.OfQr(packed, rows, n);
        var quotient = MatrixTranspose(SolveSystem(Op.SolveTriangular, new Triangle(true, false), MatrixTranspose(r), MatrixTranspose(tangent)));
        var inner = MatMul(MatrixTranspose(q), quotient);
        var below = inner * Below(n, 0);
        var upper = inner - (below - MatrixTranspose(below));
        return Factors.Pack(a.Rank - 2, quotient - MatMul(q, upper), MatMul(upper, r));
    }

    // λᵢ' is the diagonal of B = Vᵀ A' V, and V' = V (B / (λⱼ − λᵢ)) off the diagonal.
    private static Expr OfEigh(Expr packed, Expr tangent)
    {
        var (values, vectors) = Factors.OfEigh(packed);
        var inner = MatMul(MatrixTranspose(vectors), MatMul(Symmetric(tangent), vectors));
        var unit = Unit(values);
        var gaps = (Row(values / 2) - Column(values / 2)) / (unit / 2);
        return Concat([Column(Diagonal(inner)), MatMul(vectors, OffDiagonal(inner / unit / gaps))], -1);
    }

    // S' is the diagonal of B = Uᵀ A' V. Off the diagonal, UᵀU' = (BS + SBᵀ) / (sⱼ² − sᵢ²) and VᵀV' = (SB + BᵀS) / (sⱼ² − sᵢ²), which are
    // the sum and the difference of (B + Bᵀ) / 2(sⱼ − sᵢ) and (B − Bᵀ) / 2(sⱼ + sᵢ). On the longer side, the vectors also move out of
    // the space they span.
    private static Expr OfSvd(Expr a, Expr packed, Expr tangent)
    {
        var (rows, columns) = (a.Shape[a.Rank - 2], a.Shape[a.Rank - 1]);
        var (u, s, vt) = Factors.OfSvd(packed, rows, columns);
        var v = MatrixTranspose(vt);
        var inner = MatMul(MatrixTranspose(u), MatMul(tangent, v));
        var unit = Unit(s);
        var (half, row, column) = (inner / unit / 2, Row(s / 2), Column(s / 2));
        var turn = (half + MatrixTranspose(half)) / ((row - column) / (unit / 2));
        var twist = (half - MatrixTranspose(half)) / ((row + column) / (unit / 2));
        Expr Leaving(Expr vectors, Expr x) => (x - MatMul(vectors, MatMul(MatrixTranspose(vectors), x))) / unit / (Row(s) / unit);

        var (left, right) = (MatMul(u, OffDiagonal(turn + twist)), MatMul(v, OffDiagonal(turn - twist)));
        left = rows > columns ? left + Leaving(u, MatMul(tangent, v)) : left;
        right = columns > rows ? right + Leaving(v, MatMul(MatrixTranspose(tangent), u)) : right;
        return Factors.Pack(a.Rank - 2, left, Diagonal(inner), MatrixTranspose(right));
    }

    // A = QH with H = QᵀA symmetric. Then A' = Q'H + QH', of which QᵀA' − A'ᵀQ = ΩH + HΩ knows only Ω = QᵀQ', which is
    // antisymmetric, and the part of A' outside the space that Q spans only what leaves it. (C. S. Kenney and A. J. Laub, Polar
    // decomposition and matrix sign function condition estimates, SIAM J. Sci. Stat. Comput. 12, 1991.) Sums of two singular
    // values are all that is divided by, and the lowest one of a square matrix alone never is.
    private static Expr OfPolarFactor(Expr a, Expr q, Expr tangent)
    {
        var (rows, columns) = (a.Shape[a.Rank - 2], a.Shape[a.Rank - 1]);
        if (rows < columns)
        {
            return MatrixTranspose(OfPolarFactor(MatrixTranspose(a), MatrixTranspose(q), MatrixTranspose(tangent)));
        }

        var transposed = MatrixTranspose(q);
        var (stretch, inner) = (MatMul(transposed, a), MatMul(transposed, tangent));
        var turned = MatMul(q, SolveSystem(Op.Lyapunov, null, stretch, inner));
        return rows == columns
            ? turned
            : turned + MatrixTranspose(SolveSystem(Op.Solve, null, Symmetric(stretch), MatrixTranspose(tangent - MatMul(q, inner))));
    }

    // Something of the size of the values of a matrix. Quotients in this unit do not leave the range, nor do their squares in the next
    // derivative; differences of values are taken first, and of halves, so that they are exact and do not leave it either.
    private static Expr Unit(Expr values)
    {
        if (values.Shape.Size == 0)
        {
            return 1;
        }

        var largest = AD.StopGradient(MaxOf(Abs(values), [-1], keepDims: true));
        return Column(Where(largest > 0, largest, 1));
    }

    // A function of matrices of numbers with nilpotent units: with one more unit for the direction, its coefficient is the derivative.
    private static Expr Nested(Expr node, Expr a, Expr direction)
    {
        var rows = a.Shape[a.Rank - 2];
        return Block(OfMatrices(node.Op, null, Concat([a, direction], -2)), rows.., ..);
    }

    // The derivative along E, paired with a cotangent Y, is the coefficient of all units in tr(Yᵀ E) after the transposed function. There
    // the coefficient of some units meets that of all others: backwards, their order is that of the complements.
    private static Expr Reversed(Expr x) => OfCoefficients(x, coefficients => Flip(coefficients, -3));

    private static Expr EachTransposed(Expr x) => OfCoefficients(x, MatrixTranspose);

    private static Expr OfCoefficients(Expr x, Func<Expr, Expr> change)
    {
        var (rows, n) = (x.Shape[x.Rank - 2], x.Shape[x.Rank - 1]);
        return n == 0 ? x : Reshape(change(Reshape(x, Shape.Of([.. x.Shape.Lengths[..^2], rows / n, n, n]))), x.Shape);
    }

    /// <summary>The inner product of matrices.</summary>
    private static Expr Inner(Expr a, Expr b) => Sum(a * b, [-2, -1]);

    private static Expr Symmetric(Expr x) => (x / 2) + (MatrixTranspose(x) / 2);

    private static Expr Diagonal(Expr x) => Einsum("...ii->...i", x);

    private static Expr OffDiagonal(Expr x) => Where(Eye(x.Shape[x.Rank - 1]), 0, x);

    private static Expr Row(Expr x) => Reshape(x, Shape.Of([.. x.Shape.Lengths[..^1], 1, x.Shape[x.Rank - 1]]));

    private static Expr Column(Expr x) => Reshape(x, Shape.Of([.. x.Shape.Lengths, 1]));

    /// <summary>Ones below the diagonal, and on some diagonals from it on.</summary>
    private static Expr Below(int n, int diagonals) => Reshape(Arange(n), n, 1) + diagonals > Arange(n);
}
