// The step that runs the routine of a primitive.

using Autodiff.Functional.Compilation.Kernels;
using Autodiff.Functional.Evaluation;

namespace Autodiff.Functional.Compilation.Runtime;

/// <summary>Runs the routine of a primitive on operands in row-major order.</summary>
internal sealed unsafe class RoutineStep(Expr node, RoutineCall call, BufferView?[] operands, BufferView result, BufferView? scratch) : Step
{
    public Expr Node => node;

    public RoutineCall Call => call;

    public override BufferView[] Operands => [.. operands.OfType<BufferView>()];

    /// <summary>Where operands are in memory; null for tensors without elements.</summary>
    public IReadOnlyList<BufferView?> Places => operands;

    /// <summary>The result, and the scratch if there is any.</summary>
    public override BufferView[] Results => scratch is null ? [result] : [result, scratch];

    public override void Run(Workspace workspace)
    {
        var segments = workspace.Segments;
        call.Routine(
            new(Operand(segments, 0), Operand(segments, 1), Operand(segments, 2)),
            new(At(segments, result), node.Shape.Size),
            scratch is null ? [] : new(At(segments, scratch), call.Scratch),
            call.Sizes);
    }

    public override IEnumerable<string> Explain() => [$"{node.Op} {node.Shape} of {string.Join(", ", node.Operands.Select(operand => operand.Shape))}, by a routine"];

    private ReadOnlySpan<double> Operand(double** segments, int operand) =>
        operand < operands.Length && operands[operand] is { } place ? new(At(segments, place), node.Operand(operand).Shape.Size) : [];
}
