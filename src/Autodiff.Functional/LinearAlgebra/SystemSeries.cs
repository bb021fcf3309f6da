// The series of solutions of linear equations.

using Autodiff.Functional.Primitives;

namespace Autodiff.Functional.LinearAlgebra;

/// <summary>x(t) with a(t) x(t) = b(t), order by order: a₀ xₖ = bₖ − Σ aⱼ xₖ₋ⱼ.</summary>
/// <param name="primal">x₀.</param>
/// <param name="a">What stands at the left: a matrix, or what a linear map depends on.</param>
/// <param name="b">The right-hand side.</param>
/// <param name="times">The product of a coefficient of a and one of x.</param>
/// <param name="solve">Solves a₀ x = b for a coefficient b.</param>
internal sealed class SystemSeries(Expr primal, PowerSeries a, PowerSeries b, Func<Expr, Expr, Expr> times, Func<Expr, Expr> solve)
    : PowerSeries(primal, a.Table ?? b.Table)
{
    protected override Expr? Mask() => null;

    protected override Expr? Next(int order)
    {
        Expr? products = null;
        for (var j = 1; j <= order; j++)
        {
            products = a[j] is { } coefficient && this[order - j] is { } x ? Sum(products, times(coefficient, x)) : products;
        }

        var side = products is null ? b[order] : b[order] is { } own ? own - products : -products;
        return side is null ? null : solve(side);
    }
}
