// Formulas for the series along a curve of primitives whose derivatives are endless families.

using Autodiff.Functional.Numerics;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Primitives;

/// <summary>
/// Another way to the series of a primitive whose derivatives are an endless family, such as aᵇ, b·aᵇ⁻¹, … or ψ, ψ₁, ψ₂, ….
/// </summary>
/// <remarks>
/// Along a line, coefficient k is the k-th member of the family divided by k!, and as precise as that. Along a curve it is a sum over all members up
/// to k. Near a singularity of the function these alternate in sign and cancel: of the 20th derivative of ψ(eˣ), no digit would be left. These formulas
/// consist of operations whose recurrences do not cancel: exponentials, logarithms, powers, quotients.
/// </remarks>
/// <param name="Series">The series; only its coefficients from order 1 on are read.</param>
/// <param name="Holds">The mask of the elements where the formula holds, and neither overflows nor underflows.</param>
internal readonly record struct CurveFormula(PowerSeries Series, Expr Holds)
{
    /// <summary>Up to this order families lose less than two digits along curves, and are used, since they are faster.</summary>
    public const int PreciseOrders = 4;

    /// <summary>A number of this size has all its digits, and so has the product with a factor as small as 10⁻¹⁷.</summary>
    private const double SmallestNormal = 1e-290;

    /// <summary>The number of steps, in addition to n, from x up to where ψₙ is computed by its asymptotic series.</summary>
    private const int Steps = 16;

    /// <summary>The highest n for which there is a formula for ψₙ.</summary>
    private const int HighestPolygamma = 20;

    /// <summary>The primitives that have a formula, at least for some operands.</summary>
    public static bool Covers(Op op) =>
        op is Op.Gaussian or Op.GammaDensity or Op.Pow or Op.LogGamma or Op.Digamma or Op.Polygamma or Op.Gamma or Op.LogBeta or Op.Beta;

    /// <summary>The formula for a primitive; null if there is none.</summary>
    /// <param name="op">The primitive.</param>
    /// <param name="operands">The operands.</param>
    /// <param name="primal">The value.</param>
    /// <param name="isNode">Whether a node of the graph holds it. If not, it stands in a derivative, where it may be a member of a family.</param>
    public static CurveFormula? Of(Op op, PowerSeries[] operands, Expr primal, bool isNode)
    {
        SeriesTerm x = new(operands[^1]);
        return op switch
        {
            Op.Gaussian when OrderOf(operands) == 0 => Exponential(primal, -(new SeriesTerm(operands[1]) * (x * x))),
            Op.GammaDensity when OrderOf(operands) == 0 && operands[1].IsConstant => Exponential(primal, ((new SeriesTerm(operands[1]) - 1) * Log(x)) - x, x.Series.Primal > 0),
            _ when !isNode => null,
            Op.Pow => Power(primal, operands[0], operands[1]),
            Op.LogGamma => new(PolygammaSum(-1, x).Series, IsPositive(x)),
            Op.Digamma => new(PolygammaSum(0, x).Series, IsPositive(x)),
            Op.Polygamma when OrderOf(operands) is >= 1 and <= HighestPolygamma and var n => new(PolygammaSum(n, x).Series, IsPositive(x)),
            Op.Gamma => Exponential(primal, PolygammaSum(-1, x), IsPositive(x)),
            Op.LogBeta => new(LogBeta(new(operands[0]), x).Series, IsPositive(new(operands[0])) * IsPositive(x)),
            Op.Beta => Exponential(primal, LogBeta(new(operands[0]), x), IsPositive(new(operands[0])) * IsPositive(x)),
            _ => null,
        };
    }

    private static int? OrderOf(PowerSeries[] operands) => operands[0].Primal is { IsFixed: true, Shape.IsScalar: true } n ? (int)n.Scalar : null;

    private static SeriesTerm Log(SeriesTerm x) => SeriesTerm.Apply(Op.Log, x);

    /// <summary>e^l of the value that is known.</summary>
    private static CurveFormula Exponential(Expr primal, SeriesTerm logarithm, Expr? holds = null) =>
        new(ElementwiseSeries.Of(Op.Exp, [logarithm.Series], primal), holds is null ? IsNormal(primal) : IsNormal(primal) * holds);

    /// <summary>
    /// aᵇ. It does not hold for a constant b = 0, 1, 2, …: the members of that family end, and it has no singularity at a = 0, as the formula has.
    /// </summary>
    private static CurveFormula Power(Expr primal, PowerSeries a, PowerSeries b) => b.IsConstant
        ? new(new PowerFunction(a, b.Primal, primal), IsNormal(primal) * (1 - (Eq(Floor(b.Primal), b.Primal) * (b.Primal >= 0))))
        : Exponential(primal, new SeriesTerm(b) * Log(new(a)), a.Primal > 0);

    private static Expr IsNormal(Expr primal) => (Abs(primal) > SmallestNormal) * (Abs(primal) < double.PositiveInfinity);

    private static Expr IsPositive(SeriesTerm x) => (x.Series.Primal > 0) * (x.Series.Primal < double.PositiveInfinity);

    /// <summary>ψₙ(x), log Γ(x) for n = −1: the recurrence up to y = x + m, and the asymptotic series there (A&amp;S 6.1.41, 6.3.18, 6.4.6, 6.4.11).</summary>
    private static SeriesTerm PolygammaSum(int n, SeriesTerm x)
    {
        var y = x + (Steps + n);
        return n switch
        {
            -1 => PolygammaPowers(n, x) - SumAlongAxis(Log(AlongSteps(x))) + ((y - 0.5) * Log(y)) - y,
            0 => PolygammaPowers(n, x) + Log(y),
            _ => PolygammaPowers(n, x),
        };
    }

    /// <summary>The terms of <see cref="PolygammaSum"/> that are powers, which lie along one more axis.</summary>
    private static SeriesTerm PolygammaPowers(int n, SeriesTerm x)
    {
        var (shifts, exponents, weights) = ScalarFunctions.PolygammaPowers(n, Steps + n);
        var bases = new AlongAxis(x.Series, shifts);
        return SumAlongAxis(new SeriesTerm(new PowerFunction(bases, exponents, Pow(bases.Primal, exponents))) * new SeriesTerm(new ConstantSeries(weights)));
    }

    /// <summary>
    /// log B(a, b), apart from a constant: log Γ(a) − log Γ(a + b), of which the terms of <see cref="PolygammaSum"/> are subtracted one by one, and log Γ(b).
    /// </summary>
    private static SeriesTerm LogBeta(SeriesTerm a, SeriesTerm b)
    {
        if (a.Series.IsConstant)
        {
            return LogBeta(b, a);
        }

        var (sum, y) = (a + b, a + (Steps - 1));
        var difference = PolygammaPowers(-1, a) - PolygammaPowers(-1, sum) + SumAlongAxis(Log(AlongSteps(sum) / AlongSteps(a)))
            - ((y - 0.5) * Log((y + b) / y)) - (b * Log(y + b)) + b;
        return b.Series.IsConstant ? difference : difference + PolygammaSum(-1, b);
    }

    /// <summary>x, x + 1, … up to where the asymptotic series of log Γ is used.</summary>
    private static SeriesTerm AlongSteps(SeriesTerm x) => new(new AlongAxis(x.Series, Arange(Steps - 1)));

    private static SeriesTerm SumAlongAxis(SeriesTerm x) => new(new SumAlongAxisSeries(x.Series));

    /// <summary>aᵇ for a constant b: from a·y′ = b·a′·y, k a₀ yₖ = Σ ((b + 1)j − k) aⱼ yₖ₋ⱼ (J. C. P. Miller).</summary>
    private sealed class PowerFunction(PowerSeries a, Expr b, Expr primal) : PowerSeries(primal, a.Table)
    {
        private readonly Term _next = new Term(b) + 1;

        protected override Expr? Mask() => a.Live is { } live ? BroadcastTo(live, Primal.Shape) : null;

        protected override Expr? Next(int order)
        {
            Expr? sum = null;
            for (var j = 1; j <= order; j++)
            {
                sum = Sum(sum, Product(Product(((_next * j) - order).Expr, a[j]), this[order - j]));
            }

            return sum is null ? null : (new Term(sum) / (order * new Term(a.Primal))).Expr;
        }
    }

    /// <summary>x + c for each c of a vector, along a last axis.</summary>
    private sealed class AlongAxis(PowerSeries x, Expr shifts) : PowerSeries(Column(x.Primal) + shifts, x.Table)
    {
        protected override Expr? Mask() => x.Live is { } live ? BroadcastTo(Column(live), Primal.Shape) : null;

        protected override Expr? Next(int order) => x[order] is { } coefficient ? Column(coefficient) : null;

        private static Expr Column(Expr x) => Reshape(x, [.. x.Shape, 1]);
    }

    /// <summary>The sums along the last axis.</summary>
    private sealed class SumAlongAxisSeries(PowerSeries x) : PowerSeries(Expr.Sum(x.Primal, -1), x.Table)
    {
        protected override Expr? Mask() => x.Live is { } live ? Expr.Sum(live, -1) > 0 : null;

        protected override Expr? Next(int order) => x[order] is { } coefficient ? Expr.Sum(coefficient, -1) : null;
    }
}
