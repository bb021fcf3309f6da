// Functions of matrices whose elements are numbers with nilpotent units ε, coefficient below coefficient: with one more unit for the direction, the same primitive holds its own derivative, at any order.

using static Autodiff.Functional.Expr;

namespace Autodiff.Functional;

/// <summary>A function of matrices over numbers with nilpotent units, whose derivative along a direction is a coefficient of the same function.</summary>
internal abstract record NilpotentPrimitive : OneMatrixPrimitive
{
    protected sealed override bool IsPrimitive(int operand) => true;

    protected sealed override Expr Tangent(int operand, Expr a, Expr y, Expr tangent) => Nested(a, tangent);

    // A function of matrices of numbers with nilpotent units: with one more unit for the direction, its coefficient is the derivative.
    protected Expr Nested(Expr a, Expr direction)
    {
        var rows = a.Shape[a.Rank - 2];
        return Block(Of(Concat([a, direction], -2)), rows.., ..);
    }

    // The derivative along E, paired with a cotangent Y, is the coefficient of all units in tr(Yᵀ E) after the transposed function. There
    // the coefficient of some units meets that of all others: backwards, their order is that of the complements.
    protected static Expr Reversed(Expr x) => OfCoefficients(x, coefficients => Flip(coefficients, -3));

    protected static Expr EachTransposed(Expr x) => OfCoefficients(x, MatrixTranspose);

    private static Expr OfCoefficients(Expr x, Func<Expr, Expr> change)
    {
        var (rows, n) = (x.Shape[x.Rank - 2], x.Shape[x.Rank - 1]);
        return n == 0 ? x : Reshape(change(Reshape(x, Shape.Of([.. x.Shape.Lengths[..^2], rows / n, n, n]))), x.Shape);
    }
}
