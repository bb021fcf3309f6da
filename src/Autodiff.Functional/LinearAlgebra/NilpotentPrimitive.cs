// Functions of matrices whose elements are numbers with nilpotent units ε; the coefficient matrices are stacked below one another. With one
// more unit for a direction, the same primitive gives its own derivative along that direction, so it covers derivatives of any order.

using System.Numerics;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional;

/// <summary>A function of matrices over numbers with nilpotent units, whose derivative along a direction is a coefficient of the same function.</summary>
internal abstract record NilpotentPrimitive : OneMatrixPrimitive
{
    /// <summary>The node over square matrices with 2ᵏ coefficients below one another, for any number k of units.</summary>
    public Expr OfStacked(Expr a)
    {
        var shape = MatrixOf(Op.Name(), a);
        var (rows, n) = (shape[shape.Rank - 2], shape[shape.Rank - 1]);
        return (n == 0 && rows == 0) || (n > 0 && rows % n == 0 && BitOperations.IsPow2(rows / n)) ? Of(a)
            : throw new ShapeException($"{Op}: shape {shape} is not that of square matrices, or of 2, 4, 8, … square matrices below one another.");
    }

    protected sealed override bool IsPrimitive(int operand) => true;

    protected sealed override Expr Tangent(Expr a, Expr y, Expr tangent) => Nested(a, tangent);

    // Applies the function to a + ε·direction with a new unit ε and takes the coefficients of ε, which are the derivative along the direction.
    protected Expr Nested(Expr a, Expr direction)
    {
        var rows = a.Shape[a.Rank - 2];
        return Block(Of(Concat([a, direction], -2)), rows.., ..);
    }

    /// <summary>
    /// The regular representation of matrices over numbers with units: a + ε·b as the matrix ((a, 0), (b, a)), of plain numbers, unit by unit.
    /// Sums and products of matrices are those of their representations, whose first columns are the matrices.
    /// </summary>
    protected static Expr Represented(Expr a)
    {
        var (rows, n) = (a.Shape[a.Rank - 2], a.Shape[a.Rank - 1]);
        if (rows <= n)
        {
            return a;
        }

        var (scalar, unit) = (Represented(Block(a, ..(rows / 2), ..)), Represented(Block(a, (rows / 2).., ..)));
        return Concat([Concat([scalar, Zeros(scalar.Shape)], -1), Concat([unit, scalar], -1)], -2);
    }

    // Reverses the order of the coefficients. A cotangent Y is paired with a derivative as the coefficient of the product of all units, so the
    // coefficient of a set of units is paired with that of the complement of the set; reversed order is the order of the complements.
    protected static Expr Reversed(Expr x) => OfCoefficients(x, coefficients => Flip(coefficients, -3));

    protected static Expr EachTransposed(Expr x) => OfCoefficients(x, MatrixTranspose);

    private static Expr OfCoefficients(Expr x, Func<Expr, Expr> change)
    {
        var (rows, n) = (x.Shape[x.Rank - 2], x.Shape[x.Rank - 1]);
        return n == 0 ? x : Reshape(change(Reshape(x, Shape.Of([.. x.Shape.Lengths[..^2], rows / n, n, n]))), x.Shape);
    }
}
