// Binomial coefficients of real numbers, with all their derivatives.

using Autodiff.Functional.Formulas;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// The binomial coefficient Γ(n + 1)/(Γ(k + 1)Γ(n − k + 1)) of real numbers, exact for small whole ones, 0 for whole k &lt; 0 and whole k − n &gt; 0, NaN at
    /// n = −1, −2, …. It is differentiated in both arguments, to every order. Shapes broadcast.
    /// </summary>
    /// <param name="n">The number of things.</param>
    /// <param name="k">How many are chosen.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr Binomial(Expr n, Expr k) => new BinomialPrimitive(0, 0).Of(n, k);
}

/// <summary>The derivative of Γ(n + 1)/(Γ(k + 1)Γ(n − k + 1)) of some orders in n and k.</summary>
internal sealed record BinomialPrimitive(int InN, int InK) : FamilyPrimitive
{
    public override Op Op => Op.Binomial;

    public static Reader Reader { get; } = new("binomial", call =>
    {
        Expr[] operands = [call.Operand("the number of things"), call.Operand("the number that is chosen")];
        return OfOrders(call.Integers("orders") ?? [0, 0]).Of(operands);
    });

    public override Spelling Spelling => new("binomial") { Template = InN + InK == 0 ? @"\binom{⟨a⟩}{⟨b⟩}" : null };

    /// <summary>The primitive with given orders.</summary>
    /// <exception cref="AutodiffException">They are not two whole numbers from 0 on.</exception>
    public static BinomialPrimitive OfOrders(int[] orders) => orders is [>= 0 and <= LargestOrder, >= 0 and <= LargestOrder]
        ? new(orders[0], orders[1])
        : throw new AutodiffException($"Binomial: the orders are [{string.Join(", ", orders)}]; they must be two whole numbers from 0 to {LargestOrder}, the numbers of derivatives in n and k.");

    protected override Routine Routine => Families.Binomial;

    protected override int[] Orders => [InN, InK];

    public override Expr Slope(int operand, Expr[] x) => (operand == 0 ? this with { InN = InN + 1 } : this with { InK = InK + 1 }).Of(x);

    public override IEnumerable<(string Label, string Text)> Attributes(Expr node) => InN + InK == 0 ? [] : [("orders", $"[{InN}, {InK}]")];
}
