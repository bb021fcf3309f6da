// Steps that run a program inside the program: branches and calls. The inner program is compiled like the outer one, and reads and writes
// the outer one's memory.

using Autodiff.Functional.Compilation.Kernels;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.Runtime;

/// <summary>A call of a function that is not inlined.</summary>
internal sealed unsafe class CallStep(Function function, BufferView[] operands, BufferView result) : Step
{
    private CompiledProgram? _program;

    public Function Function => function;

    public override BufferView[] Operands => operands;

    public override BufferView[] Results => [result];

    public override void Prepare(ProgramCompiler compiler) => _program = compiler(function.Value);

    public override void Run(Workspace workspace) => Run(workspace.Segments, _program!, operands, function.Layout, result);

    /// <summary>Runs a program on operands. Its results are written to one vector, each where a layout puts it.</summary>
    internal static void Run(double** segments, CompiledProgram program, ReadOnlySpan<BufferView> operands, Packing layout, BufferView result)
    {
        var workspace = program.Rent();
        for (var i = 0; i < operands.Length; i++)
        {
            workspace.Arguments[i] = At(segments, operands[i]);
        }

        for (var part = 0; part < layout.Count; part++)
        {
            workspace.Results[part] = At(segments, result) + layout.Start(part);
        }

        program.RunAndReturn(workspace);
    }

    public override IEnumerable<string> Explain() => [$"call of {function.Operation}", .. _program!.Explain().Select(line => $"  {line}")];
}

/// <summary>A choice between two programs, of which only one runs.</summary>
internal sealed unsafe class ChoiceStep(Choice choice, BufferView[] operands, BufferView result) : Step
{
    private CompiledProgram? _then;
    private CompiledProgram? _otherwise;

    public Choice Choice => choice;

    public override BufferView[] Operands => operands;

    public override BufferView[] Results => [result];

    public override void Prepare(ProgramCompiler compiler) => (_then, _otherwise) = (compiler(choice.Then), compiler(choice.Otherwise));

    public override void Run(Workspace workspace) => CallStep.Run(workspace.Segments, *At(workspace.Segments, operands[0]) != 0 ? _then! : _otherwise!, operands.AsSpan(1), choice.Layout, result);

    public override IEnumerable<string> Explain() =>
        [$"branches of {choice.Operation}", .. _then!.Explain().Select(line => $"  then: {line}"), .. _otherwise!.Explain().Select(line => $"  else: {line}")];
}
