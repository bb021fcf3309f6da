// The derivative of each node in its operands, at the primal values of a graph: how a sweep gets from operands to a node, or back.

using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional.Sweeps;

/// <summary>The derivative rules of all primitives, applied to the nodes of a graph.</summary>
/// <param name="point">How nodes enter the derivative: as numbers or as themselves.</param>
internal readonly struct LocalDerivatives(Point point)
{
    /// <summary>The local derivatives for a sweep over a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="keepGraph">Whether all nodes enter as themselves, so that the derivatives stay expressions of the variables.</param>
    public static LocalDerivatives Of(ActiveGraph graph, bool keepGraph) =>
        new(new Point(keepGraph ? long.MaxValue : graph.OldestVariable, !keepGraph && graph.IsNumeric));

    /// <summary>Forward mode through a primitive whose rule takes all operands together.</summary>
    public Sensitivity? Push(Expr node, TensorPrimitive primitive, Sensitivity?[] tangents) => primitive.Push(point, node, tangents);

    /// <summary>Forward mode: the tangent of a node that comes from the tangent of one operand; null if it is structurally zero.</summary>
    public Sensitivity? Push(Expr node, int operand, Sensitivity tangent) => node switch
    {
        { Primitive: OperandwisePrimitive primitive } => primitive.Push(point, node, operand, tangent),
        { Op: Op.Variable } => tangent,
        _ => tangent.Times(Partial(node, operand), node.Shape),
    };

    /// <summary>Reverse mode through a primitive whose rule takes all operands together.</summary>
    public Sensitivity?[] Pull(Expr node, TensorPrimitive primitive, bool[] wanted, Sensitivity cotangent) => primitive.Pull(point, node, wanted, cotangent);

    /// <summary>Reverse mode: the cotangent of one operand that comes from the cotangent of a node; null if it is structurally zero.</summary>
    public Sensitivity? Pull(Expr node, int operand, Sensitivity cotangent) => node switch
    {
        { Primitive: OperandwisePrimitive primitive } => primitive.Pull(point, node, operand, cotangent),
        { Op: Op.Variable } => cotangent,
        _ => cotangent.Times(Partial(node, operand), node.Shape)?.SumTo(node.Operand(operand).Shape),
    };

    /// <summary>The partial derivative of an elementwise primitive.</summary>
    public PartialDerivative<Term> Partial(Expr node, int operand) => node.OperandCount switch
    {
        1 => ElementwiseTable.UnaryDerivative(node.Op, Enter(node, 0), new(point.Enter(node))),
        2 => ElementwiseTable.BinaryDerivative(node.Op, operand, Enter(node, 0), Enter(node, 1), new(point.Enter(node))),
        _ => ElementwiseTable.TernaryDerivative(node.Op, operand, Enter(node, 0), Enter(node, 1), Enter(node, 2)),
    };

    private Term Enter(Expr node, int operand) => new(point.Enter(node.Operand(operand)));
}
