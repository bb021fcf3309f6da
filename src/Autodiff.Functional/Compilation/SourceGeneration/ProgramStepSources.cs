// Writes steps that run a program: calls and branches.

using Autodiff.Functional.Compilation.Kernels;
using Autodiff.Functional.Compilation.Runtime;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.SourceGeneration;

/// <summary>A call of a function that is not inlined.</summary>
internal sealed class CallSource(CallStep step, MemoryNames names, SourceFile file) : IStatements
{
    private readonly string _program = file.Add(step.Function.Value);

    public void Write(SourceWriter writer)
    {
        writer.Line($"// Call of {step.Function.Operation}.");
        writer.Line(Run(_program, step.Operands, step.Function.Layout, step.Results[0], names));
    }

    /// <summary>A call of a program on operands, whose results are written to one vector, each where a layout puts it.</summary>
    public static string Run(string program, IEnumerable<BufferView> operands, Packing layout, BufferView result, MemoryNames names) => StepSource.Run(
        program, operands.Select(names.Of), Enumerable.Range(0, layout.Count).Select(part => MemoryNames.At(names.Of(result), layout.Start(part))));
}

/// <summary>A choice between two programs, of which only one runs.</summary>
internal sealed class ChoiceSource(ChoiceStep step, MemoryNames names, SourceFile file) : IStatements
{
    private readonly string _then = file.Add(step.Choice.Then);
    private readonly string _otherwise = file.Add(step.Choice.Otherwise);

    public void Write(SourceWriter writer)
    {
        string Run(string program) => CallSource.Run(program, step.Operands.Skip(1), step.Choice.Layout, step.Results[0], names);
        writer.Block($"if ({names.Of(step.Operands[0])} != 0.0)", () => writer.Line(Run(_then)));
        writer.Block("else", () => writer.Line(Run(_otherwise)));
    }
}
