// The series of determinants and of matrices of cofactors, which are polynomials in the elements of a matrix.

using Autodiff.Functional.Primitives;
using Autodiff.Functional.Sweeps;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.LinearAlgebra;

/// <summary>
/// Series of a polynomial in the elements of a matrix, found in one of two ways. Far from singular matrices they follow from those of the inverse:
/// det′ = det · (log |det|)′ and cof a = det a · a⁻ᵀ. That loses digits near singular matrices, and has no value at them, so there they follow from
/// products of matrices alone (the method of Faddeev and Le Verrier; A. S. Householder, The Theory of Matrices in Numerical Analysis, 1964, 6.7).
/// </summary>
internal static class DeterminantSeries
{
    // The largest product of norms of a matrix and its inverse at which the inverse is used: a coefficient of order k may lose k times as many
    // digits as this has.
    private const double LargestCondition = 1e3;

    /// <summary>The series of det a.</summary>
    public static PowerSeries OfDet(PowerSeries a, Expr primal, SeriesTable table) => Chosen(a, primal, table, IsRegular(a.Primal), Regular, matrix => ByProducts(matrix).Det);

    /// <summary>The series of the matrix of cofactors.</summary>
    public static PowerSeries OfCofactors(PowerSeries a, Expr primal, SeriesTable table) => Chosen(
        a,
        primal,
        table,
        Matrix(IsRegular(a.Primal)),
        (_, series) => new ProductSeries(
            primal,
            GraphSeries.Of(Matrix, Regular(new DetPrimitive().Of(series.Primal), series), table),
            GraphSeries.Of(matrix => MatrixTranspose(InverseOf(matrix)), series, table)),
        matrix => ByProducts(matrix).Cofactors);

    private static PowerSeries Chosen(
        PowerSeries a, Expr primal, SeriesTable table, Expr isRegular, Func<Expr, PowerSeries, PowerSeries> regular, Func<Expr, Expr> byProducts)
    {
        PowerSeries Singular() => GraphSeries.Of(byProducts, a, table);
        if (isRegular.IsFixed)
        {
            return isRegular.Storage.Span.Contains(0) ? Singular() : regular(primal, a);
        }

        return ElementwiseSeries.Of(Op.Where, [new ConstantSeries(isRegular), regular(primal, a), Singular()], primal);
    }

    // det′ = det · (log |det|)′ is the recurrence of the exponential function, whatever the value.
    private static PowerSeries Regular(Expr primal, PowerSeries a) =>
        ElementwiseSeries.Of(Op.Exp, [GraphSeries.Of(matrix => new LogDetPrimitive().Of(matrix), a, a.Table!)], primal);

    private static Expr IsRegular(Expr a) =>
        Apply(Op.StopGradient, Sqrt(Sum(a * a, [-2, -1]) * Sum(Pow(InverseOf(a), 2), [-2, -1])) < LargestCondition);

    private static Expr InverseOf(Expr a) => new InversePrimitive(IsNaNWhereSingular: true).Of(a);

    private static Expr Matrix(Expr numbers) => Blocks.Column(Blocks.Column(numbers));

    /// <summary>
    /// M₁ = 1, cₖ = −tr(a Mₖ)/k, Mₖ₊₁ = a Mₖ + cₖ: then det a = (−1)ⁿ cₙ and the transposed matrix of cofactors is (−1)ⁿ⁻¹ Mₙ.
    /// </summary>
    private static (Expr Det, Expr Cofactors) ByProducts(Expr a)
    {
        var n = a.Shape[a.Rank - 1];
        var one = BroadcastTo(Eye(n), a.Shape);
        var (m, c) = (one, Zeros(a.Shape.Lengths[..^2]));
        for (var k = 1; k <= n; k++)
        {
            m = k == 1 ? one : MatMul(a, m) + (Matrix(c) * one);
            c = Sum(a * MatrixTranspose(m), [-2, -1]) / -k;
        }

        return n % 2 == 0 ? (c, -MatrixTranspose(m)) : (-c, MatrixTranspose(m));
    }
}
