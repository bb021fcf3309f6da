// Writes calls of the library's routines, whose text becomes part of the file.

using Autodiff.Functional.Compilation.Runtime;

namespace Autodiff.Functional.Compilation.SourceGeneration;

/// <summary>A call of the routine of a primitive.</summary>
internal sealed class RoutineSource(RoutineStep step, MemoryNames names) : IStatements
{
    /// <inheritdoc/>
    public void Write(SourceWriter writer)
    {
        var (node, call) = (step.Node, step.Call);
        var method = call.Routine.Method;
        string Memory(string kind, string place, long size) => $"MemoryMarshal.Create{kind}(ref {place}, {NumberSource.Whole(size)})";
        var operands = string.Join(", ", step.Places.Select((place, i) => place is null ? "[]" : Memory("ReadOnlySpan", names.Of(place), node.Operand(i).Shape.Size)));
        var scratch = call.Scratch == 0 ? "[]" : Memory("Span", names.Of(step.Results[1]), call.Scratch);
        writer.Line($"// {node.Op} of {string.Join(", ", node.Operands.Select(operand => $"shape {operand.Shape}"))}.");
        writer.Line($"{method.DeclaringType!.Name}.{method.Name}(new Operands({operands}), {Memory("Span", names.Of(step.Results[0]), node.Shape.Size)}, {scratch}, [{string.Join(", ", call.Sizes.Select(size => NumberSource.Whole(size)))}]);");
    }
}
