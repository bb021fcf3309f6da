// A pass that applies identities of elementwise primitives which hold for every number: NaN, infinities, and zeros of either sign. (So x·0
// stays, and so does x + 0, which is 0 where x is −0.)

using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.Passes;

internal static class Arithmetic
{
    public static Computation Simplify(Computation computation) => Rewriting.Apply(computation, node => node.Op.IsElementwise() && Simpler(node) is { } simpler ? Expr.BroadcastTo(simpler, node.Shape) : node);

    private static Expr? Simpler(Expr node) => (node.Op, node.Operands) switch
    {
        // The derivatives that StopGradient affects have been taken before compilation.
        (Op.StopGradient, [var x]) => x,
        (Op.Negate, [{ Op: Op.Negate } x]) => x.Operand(0),
        (Op.Multiply, [var x, var one]) when IsAll(one, 1) => x,
        (Op.Multiply, [var one, var x]) when IsAll(one, 1) => x,
        (Op.Divide or Op.Pow, [var x, var one]) when IsAll(one, 1) => x,
        (Op.Subtract, [var x, var zero]) when IsAll(zero, 0.0) => x,
        (Op.Add, [var x, var zero]) when IsAll(zero, -0.0) => x,
        (Op.Add, [var zero, var x]) when IsAll(zero, -0.0) => x,
        (Op.Add, [var x, { Op: Op.Negate } y]) => x - y.Operand(0),
        (Op.Add, [{ Op: Op.Negate } y, var x]) => x - y.Operand(0),
        (Op.Subtract, [var x, { Op: Op.Negate } y]) => x + y.Operand(0),
        (Op.Multiply, [var x, var c]) when IsAll(c, -1) => -x,
        (Op.Multiply, [var c, var x]) when IsAll(c, -1) => -x,

        // Signs move outwards, where they may cancel one another or turn an addition into a subtraction.
        (Op.Multiply or Op.Divide, [{ Op: Op.Negate } x, { Op: Op.Negate } y]) => node.WithOperands(x.Operand(0), y.Operand(0)),
        (Op.Multiply or Op.Divide, [{ Op: Op.Negate } x, var y]) when x.Shape == node.Shape => -node.WithOperands(x.Operand(0), y),
        (Op.Multiply or Op.Divide, [var x, { Op: Op.Negate } y]) when y.Shape == node.Shape => -node.WithOperands(x, y.Operand(0)),
        (Op.Multiply or Op.Divide, [var x, { Op: Op.Constant, IsScalar: true, Scalar: < 0 } c]) => -node.WithOperands(x, -c),
        (Op.Multiply or Op.Divide, [{ Op: Op.Constant, IsScalar: true, Scalar: < 0 } c, var x]) => -node.WithOperands(-c, x),
        (Op.Abs, [{ Op: Op.Negate } x]) => Expr.Abs(x.Operand(0)),

        (Op.Divide, [var x, { Op: Op.Constant, IsScalar: true } c]) when HasExactReciprocal(c.Scalar) => x * (1 / c.Scalar),
        (Op.Pow, [var x, var two]) when IsAll(two, 2) => x * x,
        (Op.Where, [{ Op: Op.Constant } mask, var a, var b]) when Chosen(mask, a, b) is { } chosen => chosen,
        (Op.Where, [_, var a, var b]) when ReferenceEquals(a, b) => a,
        (Op.Max or Op.Min, [var x, var y]) when ReferenceEquals(x, y) => x,

        // Comparisons of a mask with 0, and masks that are negated.
        (Op.Greater, [var mask, var zero]) when mask.Op.IsComparison() && IsAll(zero, 0.0) => mask,
        (Op.Subtract, [var one, { Op: Op.Equal } not]) when IsNot(not, out var mask) && IsAll(one, 1) => mask,
        (Op.Equal, [{ Op: Op.Equal } not, var zero]) when IsNot(not, out var mask) && IsAll(zero, 0.0) => mask,
        (Op.Where, [{ Op: Op.Equal } not, var a, var b]) when IsNot(not, out var mask) => Expr.Where(mask, b, a),
        _ => null,
    };

    /// <summary>Whether x compares a mask of zeros and ones with 0, and so is its negation.</summary>
    private static bool IsNot(Expr x, out Expr mask)
    {
        mask = x.Operand(0);
        return mask.Op.IsComparison() && IsAll(x.Operand(1), 0.0);
    }

    /// <summary>What a constant mask chooses, if it chooses the same side everywhere; otherwise null.</summary>
    private static Expr? Chosen(Expr mask, Expr a, Expr b) =>
        (mask.Storage.IsUniform || mask.IsScalar ? mask.Storage[0] != 0 : !mask.Storage.Span.Contains(0.0)) ? a
        : (mask.Storage.IsUniform || mask.IsScalar ? mask.Storage[0] == 0 : !mask.Storage.Span.ContainsAnyExcept(0.0)) ? b
        : null;

    /// <summary>Whether x is a constant with one number everywhere, including the sign if it is 0.</summary>
    private static bool IsAll(Expr x, double number) => x.Op == Op.Constant && x.Shape.Size > 0 && Numbers.Single(x.Storage) is { } single && single.Equals(number)
        && double.IsNegative(single) == double.IsNegative(number);

    /// <summary>Whether x is a power of 2 whose reciprocal is a normal number too: dividing by x equals multiplying by the reciprocal, to the bit.</summary>
    private static bool HasExactReciprocal(double x) => double.IsNormal(x) && double.IsNormal(1 / x) && double.IsPow2(Math.Abs(x));
}
