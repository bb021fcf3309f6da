// The step that computes running sums.

using Autodiff.Functional.Compilation.Kernels;
using Autodiff.Functional.Evaluation;

namespace Autodiff.Functional.Compilation.Runtime;

/// <summary>Sums up to each position along an axis, or from the end down to it.</summary>
internal sealed unsafe class CumSumStep(CumSumPrimitive sums, Shape shape, BufferView operand, BufferView result) : Step
{
    public CumSumPrimitive Sums => sums;

    public Shape Shape => shape;

    public override BufferView[] Operands => [operand];

    public override BufferView[] Results => [result];

    public override void Run(Workspace workspace)
    {
        var target = new Span<double>(At(workspace.Segments, result), shape.Size);
        new ReadOnlySpan<double>(At(workspace.Segments, operand), shape.Size).CopyTo(target);
        LayoutKernels.SumUp(sums.Axis, sums.IsReversed, shape, target);
    }

    public override IEnumerable<string> Explain() => [$"CumSum {shape} along axis {sums.Axis}{(sums.IsReversed ? ", from the end" : "")}"];
}
