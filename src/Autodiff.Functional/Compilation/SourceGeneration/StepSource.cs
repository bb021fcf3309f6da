// Writes steps that are not kernels.

using Autodiff.Functional.Compilation.Runtime;
using Autodiff.Functional.Evaluation;

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
        CumSumStep sums => new CumSumSource(sums, names),
        NodeStep { Node.Shape.Size: 0 } => new NothingSource(),
        NodeStep node when node.Constant() is { } value => new ConstantSource(value, names.Of(node.Results[0]), file),
        NodeStep node when LinearAlgebraSource.Of(node, names, file) is { } linear => linear,
        _ => throw new AutodiffException($"ToCSharp: this operation cannot be written as source text: {step.Explain().First()}."),
    };

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

/// <summary>Nothing, for results without elements.</summary>
internal sealed class NothingSource : IStatements
{
    /// <inheritdoc/>
    public void Write(SourceWriter writer)
    {
    }
}
