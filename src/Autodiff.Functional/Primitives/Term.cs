// Expressions as a number type for derivative rules. What the rules build is simplified where that is exact, so that derivatives are short to
// read and there is less to differentiate for the next order.

using Autodiff.Functional.Elementwise;

namespace Autodiff.Functional.Primitives;

/// <summary>An expression as a number of a derivative rule, with operators that simplify: 1·x is x, x + 0 is x, x¹ is x, −(−x) is x.</summary>
internal readonly record struct Term(Expr Expr) : IElementary<Term>
{
    public static implicit operator Term(double value) => new(value);

    public static Term operator +(Term a, Term b) =>
        IsNumber(a.Expr) && IsNumber(b.Expr) ? new(a.Expr + b.Expr)
        : IsAll(0, a.Expr) && Covers(b.Expr, a.Expr) ? b
        : IsAll(0, b.Expr) && Covers(a.Expr, b.Expr) ? a
        : new(a.Expr + b.Expr);

    public static Term operator -(Term a, Term b) =>
        !IsNumber(a.Expr) && IsAll(0, b.Expr) && Covers(a.Expr, b.Expr) ? a : new(a.Expr - b.Expr);

    public static Term operator *(Term a, Term b) =>
        IsAll(1, a.Expr) && Covers(b.Expr, a.Expr) ? b
        : IsAll(1, b.Expr) && Covers(a.Expr, b.Expr) ? a
        : IsAll(-1, a.Expr) && Covers(b.Expr, a.Expr) ? -b
        : IsAll(-1, b.Expr) && Covers(a.Expr, b.Expr) ? -a
        : new(a.Expr * b.Expr);

    public static Term operator /(Term a, Term b) => new(a.Expr / b.Expr);

    public static Term operator -(Term x) => x.Expr is { Op: Op.Negate, Operands: [var inner] } ? new(inner) : new(-x.Expr);

    public static Term Both(Term mask, Term other) => IsAll(0, mask.Expr) ? mask : IsAll(0, other.Expr) ? other : mask * other;

    public static Term Apply(Op op, Term x) => new(Expr.Apply(op, x.Expr));

    public static Term Apply(Op op, Term a, Term b) =>
        op == Op.Pow && IsAll(1, b.Expr) && Covers(a.Expr, b.Expr) ? a
        : op == Op.Pow && IsAll(0, b.Expr) && Covers(a.Expr, b.Expr) ? new(Expr.Ones(a.Expr.Shape))
        : new(Expr.Apply(op, a.Expr, b.Expr));

    public static Term Apply(Op op, Term a, Term b, Term c) => new(Expr.Apply(op, a.Expr, b.Expr, c.Expr));

    /// <summary>Whether x is a scalar constant. The sum of two is computed, not simplified, so that a zero gets the right sign: −0 + 0 is 0.</summary>
    private static bool IsNumber(Expr x) => x.Op == Op.Constant && x.Shape.IsScalar;

    private static bool IsAll(double value, Expr x) =>
        x.Op == Op.Constant && (x.Shape.IsScalar ? x.Scalar == value : x.Storage.IsUniform && x.Storage[0] == value);

    /// <summary>Whether the smaller operand broadcasts to the shape of the larger one, so that leaving it out does not change the shape.</summary>
    private static bool Covers(Expr larger, Expr smaller) =>
        smaller.Shape.IsScalar || smaller.Shape == larger.Shape || Shape.Broadcast(larger.Shape, smaller.Shape, "") == larger.Shape;
}
