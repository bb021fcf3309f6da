// Writes running sums.

using Autodiff.Functional.Compilation.Runtime;

namespace Autodiff.Functional.Compilation.SourceGeneration;

/// <summary>Sums up to each position along an axis, or from the end down to it.</summary>
internal sealed class CumSumSource(CumSumStep step, MemoryNames names) : IStatements
{
    /// <inheritdoc/>
    public void Write(SourceWriter writer)
    {
        var (shape, axis, target) = (step.Shape, step.Sums.Axis, names.Of(step.Results[0]));
        if (shape.Size == 0)
        {
            return;
        }

        var inner = 1;
        foreach (var other in shape.Lengths[(axis + 1)..])
        {
            inner *= other;
        }

        var (along, length) = (NumberSource.Whole(inner), NumberSource.Whole(shape[axis]));
        writer.Line();
        writer.Line($"// Running sums along axis {axis} of {shape}{(step.Sums.IsReversed ? ", from the end" : "")}.");
        writer.Block("", () =>
        {
            writer.Line(StepSource.Copy(names.Of(step.Operands[0]), target, shape.Size));
            writer.Block($"for (nint i = 0; i < {NumberSource.Whole(shape.Size / inner / shape[axis])}; i++)", () =>
                writer.Block($"for (nint step = 1; step < {length}; step++)", () =>
                {
                    var position = step.Sums.IsReversed ? $"{NumberSource.Whole(shape[axis] - 1)} - step" : "step";
                    writer.Line($"ref var here = ref Unsafe.Add(ref {target}, ((i * {length}) + {position}) * {along});");
                    writer.Block($"for (nint j = 0; j < {along}; j++)", () =>
                        writer.Line($"Unsafe.Add(ref here, j) += Unsafe.Add(ref here, j {(step.Sums.IsReversed ? "+" : "-")} {along});"));
                }));
        });
    }
}
