// The elementwise primitives on expressions as numbers, so that numbers with tangents of expressions can be values.

using Autodiff.Functional.NumberTypes;

namespace Autodiff.Functional;

/// <summary>Every primitive as a node. A choice by a value needs one.</summary>
internal sealed class ExprField : NumberField<Expr>
{
    public static ExprField Instance { get; } = new();

    public override double Approximate(Expr x) => x.Value;

    public override Expr Constant(double value) => value;

    protected override Expr Function(Op op, Expr x) => Expr.Apply(op, x);

    protected override Expr Function(Op op, Expr a, Expr b) => Expr.Apply(op, a, b);

    protected override Expr Function(Op op, Expr a, Expr b, Expr c) => Expr.Apply(op, a, b, c);

    protected override Expr Function(Op op, int n, Expr x) => Expr.Apply(op, n, x);

    protected override Expr Function(Op op, int n, Expr a, Expr x) => Expr.Apply(op, n, a, x);
}
