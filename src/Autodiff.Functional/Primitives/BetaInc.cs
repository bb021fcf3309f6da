// The regularized incomplete beta function, with all its derivatives.

using Autodiff.Functional.Formulas;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// The regularized incomplete beta function I(a, b; x) = 1/B(a, b) ∫₀ˣ tᵃ⁻¹(1 − t)ᵇ⁻¹ dt for a, b ≥ 0 and 0 ≤ x ≤ 1, NaN outside; the distribution
    /// function of the beta distribution. It is differentiated in every argument, to every order: in x the derivative is xᵃ⁻¹(1 − x)ᵇ⁻¹/B(a, b), in a and b
    /// it is an integral of the density times logarithms. Full relative precision where the value is small; what is small near x = 1 is
    /// BetaInc(b, a, 1 − x). Shapes broadcast.
    /// </summary>
    /// <example>
    /// The distribution of Student's t with ν degrees of freedom, for t ≥ 0:
    /// <code>
    /// Expr StudentCdf(Expr t, Expr nu) => 1 - BetaInc(nu / 2, 0.5, nu / (nu + (t * t))) / 2;
    /// </code>
    /// </example>
    /// <param name="a">One parameter.</param>
    /// <param name="b">The other parameter.</param>
    /// <param name="x">The upper limit of the integral.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr BetaInc(Expr a, Expr b, Expr x) => new BetaIncPrimitive(0, 0, 0).Of(a, b, x);
}

/// <summary>The derivative of I(a, b; x) of some orders in a, b and x. Those with an order in x are derivatives of the density.</summary>
internal sealed record BetaIncPrimitive(int InA, int InB, int InX) : FamilyPrimitive
{
    public override Op Op => Op.BetaInc;

    public static Reader Reader { get; } = new("betainc", call =>
    {
        Expr[] operands = [call.Operand("the first parameter"), call.Operand("the second parameter"), call.Operand("the limit")];
        return OfOrders(call.Integers("orders") ?? [0, 0, 0]).Of(operands);
    });

    public override Spelling Spelling => new("betainc");

    private bool IsValue => InA + InB + InX == 0;

    /// <summary>The primitive with given orders.</summary>
    /// <exception cref="AutodiffException">They are not three whole numbers from 0 on.</exception>
    public static BetaIncPrimitive OfOrders(int[] orders) => orders is [>= 0 and <= LargestOrder, >= 0 and <= LargestOrder, >= 0 and <= LargestOrder]
        ? new(orders[0], orders[1], orders[2])
        : throw new AutodiffException($"BetaInc: the orders are [{string.Join(", ", orders)}]; they must be three whole numbers from 0 to {LargestOrder}, the numbers of derivatives in a, b and x.");

    protected override Routine Routine => Families.BetaInc;

    protected override int[] Orders => [InA, InB, InX];

    public override Expr Slope(int operand, Expr[] x) => (operand switch
    {
        0 => this with { InA = InA + 1 },
        1 => this with { InB = InB + 1 },
        _ => this with { InX = InX + 1 },
    }).Of(x);

    public override IEnumerable<(string Label, string Text)> Attributes(Expr node) => IsValue ? [] : [("orders", $"[{InA}, {InB}, {InX}]")];
}
