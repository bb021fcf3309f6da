// The series of primitives that are linear in each operand, or linear but for terms of lower order.

using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Primitives;

/// <summary>
/// The coefficient of each order is the pushforward of those of the operands, which is all of it for a primitive that is linear in its operands together.
/// A primitive of which it is only the part that depends on the coefficients of the same order adds the terms of lower ones.
/// </summary>
/// <param name="primitive">The primitive.</param>
/// <param name="node">The node.</param>
/// <param name="operands">The series of its operands.</param>
/// <param name="primal">Its value.</param>
internal class LinearSeries(TensorPrimitive primitive, Expr node, PowerSeries[] operands, Expr primal)
    : PowerSeries(primal, Array.Find(operands, operand => !operand.IsConstant)!.Table)
{
    private readonly Expr _node = node.Over(Array.ConvertAll(operands, operand => operand.Primal));

    protected override Expr? Mask() =>
        Push(operand => operand.IsConstant ? null : new Sensitivity(Ones(operand.Primal.Shape), operand.Live)) is { } flow ? flow.Live : Zeros(Primal.Shape);

    protected override Expr? Next(int order) => Push(operand => operand.Flow(order))?.Value;

    private Sensitivity? Push(Func<PowerSeries, Sensitivity?> flow)
    {
        var flows = Array.ConvertAll(operands, operand => flow(operand));
        return Array.TrueForAll(flows, each => each is null) ? null : primitive.Push(new Point(long.MaxValue, false), _node, flows);
    }
}
