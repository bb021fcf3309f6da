// Bessel functions of the second kind, and modified ones of real order.

using Autodiff.Functional.Formulas;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>The largest order of functions that a recurrence computes, up to its sign. Derivatives have orders beyond it, by less than as much again.</summary>
    internal const int LargestBesselOrder = 100_000;

    /// <summary>Jₙ(x), the Bessel function of the first kind. Derivative (Jₙ₋₁(x) − Jₙ₊₁(x))/2.</summary>
    /// <param name="order">n, a whole number from −100,000 to 100,000; J₋ₙ is (−1)ⁿJₙ.</param>
    /// <param name="x">The argument, of any shape.</param>
    /// <exception cref="AutodiffException">The order is larger: the recurrence would take too many steps.</exception>
    public static Expr BesselJ(int order, Expr x) => Apply(Op.BesselJ, WholeOrder("BesselJ", order), x);

    /// <summary>
    /// Yₙ(x), the Bessel function of the second kind, for x &gt; 0; −∞ at 0, NaN below. Derivative (Yₙ₋₁(x) − Yₙ₊₁(x))/2.
    /// </summary>
    /// <param name="order">n, a whole number from −100,000 to 100,000; Y₋ₙ is (−1)ⁿYₙ.</param>
    /// <param name="x">The argument, of any shape.</param>
    /// <exception cref="AutodiffException">The order is larger: the recurrence would take too many steps.</exception>
    public static Expr BesselY(int order, Expr x) => new BesselYPrimitive(WholeOrder("BesselY", order)).Of(x);

    /// <summary>
    /// I(x) of a real order ν, the modified Bessel function of the first kind; NaN for x &lt; 0 unless ν is whole. Derivative: the mean of the functions of orders
    /// ν − 1 and ν + 1. It overflows from about x = 713 on, <see cref="BesselIScaled"/> does not.
    /// </summary>
    /// <param name="order">ν, 0 or more.</param>
    /// <param name="x">The argument, of any shape.</param>
    /// <exception cref="AutodiffException">The order is negative or not a number.</exception>
    public static Expr BesselI(double order, Expr x) => RealOrder("BesselI", order) is var v && v == Math.Floor(v) && v <= int.MaxValue
        ? Apply(Op.BesselI, v, x)
        : new BesselIPrimitive().Of(v, x);

    /// <summary>
    /// e⁻|ˣ| I(x) of a real order ν, which neither overflows nor underflows. The derivatives at 0, where |x| has a kink, are the means of those from both sides.
    /// </summary>
    /// <param name="order">ν, 0 or more.</param>
    /// <param name="x">The argument, of any shape; NaN for x &lt; 0 unless ν is whole.</param>
    /// <exception cref="AutodiffException">The order is negative or not a number.</exception>
    public static Expr BesselIScaled(double order, Expr x) => new BesselIScaledPrimitive(0).Of(RealOrder("BesselIScaled", order), x);

    /// <summary>
    /// K(x) of a real order ν, the modified Bessel function of the second kind, for x &gt; 0; +∞ at 0, NaN below. Derivative: minus the mean of the functions of
    /// orders ν − 1 and ν + 1. It underflows from about x = 705 on, <see cref="BesselKScaled"/> does not.
    /// </summary>
    /// <param name="order">ν, 0 or more.</param>
    /// <param name="x">The argument, of any shape.</param>
    /// <exception cref="AutodiffException">The order is negative or not a number.</exception>
    public static Expr BesselK(double order, Expr x) => new BesselKPrimitive().Of(RealOrder("BesselK", order), x);

    /// <summary>eˣ K(x) of a real order ν, for x &gt; 0; +∞ at 0, NaN below. Its derivatives are integrals of their own, and do not cancel for large x.</summary>
    /// <param name="order">ν, 0 or more.</param>
    /// <param name="x">The argument, of any shape.</param>
    /// <exception cref="AutodiffException">The order is negative or not a number.</exception>
    public static Expr BesselKScaled(double order, Expr x) => new BesselKScaledPrimitive(0).Of(RealOrder("BesselKScaled", order), x);

    private static int WholeOrder(string operation, int order) => order is >= -LargestBesselOrder and <= LargestBesselOrder
        ? order
        : throw new AutodiffException($"{operation}: the order is {order}; use a whole number from -{LargestBesselOrder} to {LargestBesselOrder}.");

    private static double RealOrder(string operation, double order) => order >= 0 && double.IsFinite(order)
        ? order
        : throw new AutodiffException($"{operation}: the order {order.ToString(System.Globalization.CultureInfo.InvariantCulture)} is not a number from 0 on.");
}

/// <summary>Yₙ(x).</summary>
internal sealed record BesselYPrimitive(int Order) : FamilyPrimitive
{
    public override Op Op => Op.BesselY;

    public static Reader Reader { get; } = new("bessely", call =>
    {
        var x = call.Operand("the operand");
        return Expr.BesselY(call.Integer("order") ?? 0, x);
    });

    public override Spelling Spelling => new("bessely");

    protected override Routine Routine => Families.BesselY;

    protected override int[] Orders => [Order];

    public override Expr Slope(int operand, Expr[] x) => (0.5 * new BesselYPrimitive(Order - 1).Of(x)) - (0.5 * new BesselYPrimitive(Order + 1).Of(x));

    public override IEnumerable<(string Label, string Text)> Attributes(Expr node) => [("order", $"{Order}")];
}

/// <summary>A function of a real order and a number, with no derivative in the order.</summary>
internal abstract record RealOrderPrimitive : FamilyPrimitive
{
    /// <summary>The derivative in the second operand.</summary>
    protected abstract Expr Slope(Expr order, Expr x);

    public sealed override Expr Slope(int operand, Expr[] x) => operand == 1
        ? Slope(x[0], x[1])
        : throw new NotDifferentiableException($"{Op}: there is no derivative with respect to the order; make the order a constant.");

    protected static Reader ReaderOf(string name, Func<int, FamilyPrimitive> make) => new(name, call =>
    {
        Expr[] operands = [call.Operand("the order"), call.Operand("the argument")];
        return make(OrderOf(name, call)).Of(operands);
    });
}

/// <summary>I(x) of an order that is not whole.</summary>
internal sealed record BesselIPrimitive : RealOrderPrimitive
{
    public override Op Op => Op.BesselIOfRealOrder;

    public static Reader Reader { get; } = ReaderOf("besseliofrealorder", _ => new BesselIPrimitive());

    public override Spelling Spelling => Spelling.Formed("besseliofrealorder", @"I_{⟨a⟩}\left(⟨b⟩\right)");

    protected override Routine Routine => Families.BesselIOfRealOrder;

    protected override int[] Orders => [];

    protected override Expr Slope(Expr order, Expr x) => (0.5 * Of(order - 1, x)) + (0.5 * Of(order + 1, x));
}

/// <summary>dⁿ/dxⁿ e⁻|ˣ|I(x).</summary>
internal sealed record BesselIScaledPrimitive(int InX) : RealOrderPrimitive
{
    public override Op Op => Op.BesselIScaled;

    public static Reader Reader { get; } = ReaderOf("besseliscaled", order => new BesselIScaledPrimitive(order));

    public override Spelling Spelling => new("besseliscaled");

    protected override Routine Routine => Families.BesselIScaled;

    protected override int[] Orders => [InX];

    public override IEnumerable<(string Label, string Text)> Attributes(Expr node) => InX == 0 ? [] : [("order", $"{InX}")];

    protected override Expr Slope(Expr order, Expr x) => new BesselIScaledPrimitive(InX + 1).Of(order, x);
}

/// <summary>K(x) of a real order.</summary>
internal sealed record BesselKPrimitive : RealOrderPrimitive
{
    public override Op Op => Op.BesselK;

    public static Reader Reader { get; } = ReaderOf("besselk", _ => new BesselKPrimitive());

    public override Spelling Spelling => Spelling.Formed("besselk", @"K_{⟨a⟩}\left(⟨b⟩\right)");

    protected override Routine Routine => Families.BesselK;

    protected override int[] Orders => [];

    protected override Expr Slope(Expr order, Expr x) => (-0.5 * Of(order - 1, x)) - (0.5 * Of(order + 1, x));
}

/// <summary>dⁿ/dxⁿ eˣK(x).</summary>
internal sealed record BesselKScaledPrimitive(int InX) : RealOrderPrimitive
{
    public override Op Op => Op.BesselKScaled;

    public static Reader Reader { get; } = ReaderOf("besselkscaled", order => new BesselKScaledPrimitive(order));

    public override Spelling Spelling => new("besselkscaled");

    protected override Routine Routine => Families.BesselKScaled;

    protected override int[] Orders => [InX];

    public override IEnumerable<(string Label, string Text)> Attributes(Expr node) => InX == 0 ? [] : [("order", $"{InX}")];

    protected override Expr Slope(Expr order, Expr x) => new BesselKScaledPrimitive(InX + 1).Of(order, x);
}
