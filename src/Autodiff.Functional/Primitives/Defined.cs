// Elementwise primitives defined by the user: a name, a function of a number, and an expression for the derivative.

using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

/// <summary>An elementwise primitive that the user has defined. Higher derivatives are obtained by differentiating its derivative.</summary>
/// <param name="Name">The name in printed formulas.</param>
/// <param name="Value">The function f, on numbers.</param>
/// <param name="Derivative">(x, y) ↦ f′(x), where y = f(x).</param>
internal sealed record DefinedPrimitive(string Name, Func<double, double> Value, Func<Expr, Expr, Expr> Derivative) : OperandwisePrimitive
{
    public override Op Op => Op.Defined;

    public override Spelling Spelling => new(Name);

    public override bool MayFail => true;

    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands)
    {
        var x = operands[0];
        if (x.IsUniform)
        {
            return Storage.Filled(Value(x[0]), shape);
        }

        var result = Storage.Uninitialized(shape, out var elements);
        var source = x.Span;
        for (var i = 0; i < elements.Length; i++)
        {
            elements[i] = Value(source[i]);
        }

        return result;
    }

    public override Sensitivity? Push(Point point, Expr node, int operand, Sensitivity tangent) => tangent.Times(Slope(point, node), node.Shape);

    public override Sensitivity? Pull(Point point, Expr node, int operand, Sensitivity cotangent) => cotangent.Times(Slope(point, node), node.Shape);

    public override Expr Batch(Expr node, Batched[] operands, int size) => Expr.Make(this, operands[0].Value.Shape, [operands[0].Value]);

    public override int[] AxesOf(Expr node, int operand) => AxisMap.Broadcast(node.Shape, node.Shape);

    public override Fragment Print(Notation notation, Expr node, ReadOnlySpan<Fragment> operands) => notation.Call(notation.Function(Name), operands);

    /// <summary>The derivative f′(x) at the point, of x's shape or a scalar.</summary>
    private PartialDerivative<Term> Slope(Point point, Expr node)
    {
        var x = point.Enter(node.Operand(0));
        var slope = Derivative(x, point.Enter(node)) ?? throw AutodiffException.Null(Name, "the derivative");
        return slope.IsScalar || slope.Shape == x.Shape
            ? new Term(slope)
            : throw new ShapeException($"{Name}: the derivative has shape {slope.Shape} at an argument of shape {x.Shape}; it is taken element by element, so the shapes must be equal.");
    }
}
