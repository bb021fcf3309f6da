// The zeta functions of Riemann and Hurwitz, with all their derivatives.

using Autodiff.Functional.Formulas;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// Riemann's ζ(s) = Σ k⁻ˢ, k = 1, 2, …, continued to every s; +∞ at its pole s = 1, NaN at −∞. Its derivatives of every order are computed as precisely as
    /// its values.
    /// </summary>
    /// <param name="s">The argument, of any shape.</param>
    public static Expr Zeta(Expr s) => Zeta(s, 1);

    /// <summary>
    /// Hurwitz's ζ(s, q) = Σ (q + k)⁻ˢ, k = 0, 1, …, for s &gt; 1 and q &gt; 0; +∞ at s = 1 and q = 0, NaN below; for q = 1 it is <see cref="Zeta(Expr)"/>. The
    /// derivative in q is −s ζ(s + 1, q). Shapes broadcast.
    /// </summary>
    /// <param name="s">The exponent.</param>
    /// <param name="q">The first base.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr Zeta(Expr s, Expr q) => new ZetaPrimitive(0).Of(s, q);
}

/// <summary>∂ⁿ/∂sⁿ ζ(s, q).</summary>
internal sealed record ZetaPrimitive(int InS) : FamilyPrimitive
{
    public override Op Op => Op.Zeta;

    public static Reader Reader { get; } = new("zeta", call =>
    {
        var s = call.Operand("the exponent");
        var q = call.HasMore ? call.Operand("the first base") : 1;
        return new ZetaPrimitive(OrderOf("Zeta", call)).Of(s, q);
    });

    public override Spelling Spelling => new("zeta");

    protected override Routine Routine => Families.Zeta;

    protected override int[] Orders => [InS];

    public override Expr Slope(int operand, Expr[] x)
    {
        if (operand == 0)
        {
            return new ZetaPrimitive(InS + 1).Of(x);
        }

        // The derivatives of −s ζ(s + 1, q) in s.
        var next = x[0] + 1;
        var slope = -x[0] * Of(next, x[1]);
        return InS == 0 ? slope : slope - (InS * new ZetaPrimitive(InS - 1).Of(next, x[1]));
    }

    public override IEnumerable<(string Label, string Text)> Attributes(Expr node) => InS == 0 ? [] : [("order", $"{InS}")];
}
