// Writes steps that are not kernels.

using Autodiff.Functional.Compilation.Runtime;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.SourceGeneration;

/// <summary>Chooses the source text of a step.</summary>
internal static class StepSource
{
    /// <summary>The statements of a step.</summary>
    /// <exception cref="AutodiffException">It cannot be written as source text.</exception>
    public static IStatements Of(Step step, MemoryNames names, ProgramBody body, SourceFile file) => step switch
    {
        MatrixStep products => new MatrixSource(products, names, file),
        CallStep call => new CallSource(call, names, file),
        ChoiceStep choice => new ChoiceSource(choice, names, file),
        LoopStep loop => new LoopSource(loop, names, body, file),
        LoopAdjointStep adjoint => new LoopAdjointSource(adjoint, names, body, file),
        RoutineStep routine => new RoutineSource(routine, names),
        NodeStep { Node.Shape.Size: 0 } => new NothingSource(),
        NodeStep node when node.Constant() is { } value => new ConstantSource(value, names.Of(node.Results[0]), file),
        NodeStep { Node.Primitive: Loop { Condition: null, Steps: 0 } loop } node => new NoStepsSource(loop, null, node, names, file),
        NodeStep { Node.Primitive: LoopAdjoint { Loop: { Condition: null, Steps: 0 } loop } adjoint } node => new NoStepsSource(loop, adjoint, node, names, file),
        NodeStep { Node.Primitive: ConcatPrimitive concat } node => new ConcatSource(concat, node, names, file),
        NodeStep { Node.Primitive: SpectralFunction function } node => new SpectralSource(function, node, names, file),
        NodeStep node when LinearAlgebraSource.Of(node, names, file) is { } linear => linear,
        _ => throw new AutodiffException($"ToCSharp: this operation cannot be written as source text: {step.Explain().First()}."),
    };

    /// <summary>The place of an operand of a node, which is a constant or in memory.</summary>
    public static string Operand(NodeStep step, int operand, MemoryNames names, SourceFile file) =>
        step.Constants[operand] is { } constant ? $"MemoryMarshal.GetReference(Constants.{file.Add(constant.Span.ToArray())})" : names.Of(step.Places[operand]!);

    /// <summary>A copy of some numbers.</summary>
    public static string Copy(string from, string to, long count) => count == 1 ? $"{to} = {from};"
        : $"MemoryMarshal.CreateReadOnlySpan(ref {from}, {NumberSource.Whole(count)}).CopyTo(MemoryMarshal.CreateSpan(ref {to}, {NumberSource.Whole(count)}));";

    /// <summary>A call of a program.</summary>
    public static string Run(string program, IEnumerable<string> arguments, IEnumerable<string> results) =>
        $"{program}.Run({string.Join(", ", arguments.Concat(results).Select(place => $"ref {place}"))});";
}

/// <summary>The copy of a constant.</summary>
internal sealed class ConstantSource(Storage value, string target, SourceFile file) : IStatements
{
    private readonly string _constant = file.Add(value.Span.ToArray());

    /// <inheritdoc/>
    public void Write(SourceWriter writer) => writer.Line(StepSource.Copy($"MemoryMarshal.GetReference(Constants.{_constant})", target, value.Shape.Size));
}

/// <summary>A concatenation of which some operands have no elements; others are parts of kernels.</summary>
internal sealed class ConcatSource(ConcatPrimitive concat, NodeStep step, MemoryNames names, SourceFile file) : IStatements
{
    private readonly string[] _operands =
        [.. Enumerable.Range(0, step.Node.OperandCount).Select(operand => step.Node.Operand(operand).Shape.Size == 0 ? "" : StepSource.Operand(step, operand, names, file))];

    /// <inheritdoc/>
    public void Write(SourceWriter writer)
    {
        var lengths = step.Node.Shape.Lengths.ToArray();
        var (before, inner) = (lengths[..concat.Axis].Aggregate(1, (size, length) => size * length), lengths[(concat.Axis + 1)..].Aggregate(1, (size, length) => size * length));
        var (total, start) = (inner * lengths[concat.Axis], 0);
        writer.Line("// Concatenation of tensors, some of which have no elements.");
        for (var operand = 0; operand < step.Node.OperandCount; operand++)
        {
            var part = inner * step.Node.Operand(operand).Shape[concat.Axis];
            if (part > 0)
            {
                var (from, to) = ($"i * {NumberSource.Whole(part)}", $"(i * {NumberSource.Whole(total)}) + {NumberSource.Whole(start)}");
                var place = MemoryNames.At(_operands[operand], from);
                writer.Block($"for (nint i = 0; i < {NumberSource.Whole(before)}; i++)", () => writer.Line(StepSource.Copy(place, MemoryNames.At(names.Of(step.Results[0]), to), part)));
            }

            start += part;
        }
    }
}

/// <summary>A loop over no items, or the reverse sweep through it: the states, or their cotangents, are those that are given; cotangents of all else are 0.</summary>
internal sealed class NoStepsSource : IStatements
{
    private readonly string _target;
    private readonly long _size;
    private readonly List<string> _copies = [];

    public NoStepsSource(Loop loop, LoopAdjoint? adjoint, NodeStep step, MemoryNames names, SourceFile file)
    {
        (_target, _size) = (names.Of(step.Results[0]), step.Node.Shape.Size);
        var cotangent = adjoint is null ? "" : StepSource.Operand(step, loop.OperandCount, names, file);
        for (var state = 0; state < loop.States; state++)
        {
            var (start, size) = (loop.Layout.Start(state), loop.Step.Parameters[state].Shape.Size);
            if (adjoint is null)
            {
                _copies.Add(StepSource.Copy(StepSource.Operand(step, state, names, file), MemoryNames.At(_target, start), size));
            }
            else if (Array.IndexOf(adjoint.Operands, state) is var place and >= 0)
            {
                _copies.Add(StepSource.Copy(MemoryNames.At(cotangent, start), MemoryNames.At(_target, adjoint.Layout.Start(place)), size));
            }
        }
    }

    /// <inheritdoc/>
    public void Write(SourceWriter writer)
    {
        writer.Line("// A loop without steps.");
        writer.Line($"MemoryMarshal.CreateSpan(ref {_target}, {NumberSource.Whole(_size)}).Clear();");
        _copies.ForEach(writer.Line);
    }
}

/// <summary>Nothing, for results without elements.</summary>
internal sealed class NothingSource : IStatements
{
    /// <inheritdoc/>
    public void Write(SourceWriter writer)
    {
    }
}
