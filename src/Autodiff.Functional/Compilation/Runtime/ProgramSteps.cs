// Steps that are programs themselves: branches and calls. The program inside is compiled like the one around it, and reads and
// writes the memory of that.

using Autodiff.Functional.Compilation.Kernels;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.Runtime;

/// <summary>A function that is called where it stands.</summary>
internal sealed unsafe class CallStep(Function function, BufferView[] operands, BufferView result) : Step
{
    private CompiledProgram? _program;

    protected override BufferView[] Operands => operands;

    protected override BufferView[] Results => [result];

    public override void Prepare(ProgramCompiler compiler) => _program = compiler(function.Value);

    public override void Run(Workspace workspace) => Run(workspace.Places, _program!, operands, function.Layout, result);

    /// <summary>Runs a program on operands, with its results where a layout puts them in one vector.</summary>
    internal static void Run(double** places, CompiledProgram program, ReadOnlySpan<BufferView> operands, Packing layout, BufferView result)
    {
        var workspace = program.Rent();
        for (var i = 0; i < operands.Length; i++)
        {
            workspace.Arguments[i] = At(places, operands[i]);
        }

        for (var part = 0; part < layout.Count; part++)
        {
            workspace.Results[part] = At(places, result) + layout.Start(part);
        }

        program.RunAndReturn(workspace);
    }

    public override IEnumerable<string> Explain() => [$"call of {function.Operation}", .. _program!.Explain().Select(line => $"  {line}")];
}

/// <summary>A choice between two programs, of which one runs.</summary>
internal sealed unsafe class ChoiceStep(Choice choice, BufferView[] operands, BufferView result) : Step
{
    private CompiledProgram? _then;
    private CompiledProgram? _otherwise;

    protected override BufferView[] Operands => operands;

    protected override BufferView[] Results => [result];

    public override void Prepare(ProgramCompiler compiler) => (_then, _otherwise) = (compiler(choice.Then), compiler(choice.Otherwise));

    public override void Run(Workspace workspace) => CallStep.Run(workspace.Places, *At(workspace.Places, operands[0]) != 0 ? _then! : _otherwise!, operands.AsSpan(1), choice.Layout, result);

    public override IEnumerable<string> Explain() =>
        [$"branches of {choice.Operation}", .. _then!.Explain().Select(line => $"  then: {line}"), .. _otherwise!.Explain().Select(line => $"  else: {line}")];
}
