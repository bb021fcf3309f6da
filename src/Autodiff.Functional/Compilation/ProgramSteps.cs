// Steps that are programs themselves: branches and calls. The program inside is compiled like the one around it, and reads and
// writes the memory of that.

using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation;

/// <summary>A function that is called where it stands.</summary>
internal sealed unsafe class CallStep(Function function, Memory[] operands, Memory result) : Step
{
    private CompiledBody? _program;

    protected override Memory[] Operands => operands;

    protected override Memory[] Results => [result];

    public override void Prepare(CompileOptions options) => _program = CompiledBody.Of(function.Value, options);

    public override void Run(Workspace workspace) => Run(workspace.Places, _program!, operands, function.Layout, result);

    /// <summary>Runs a program on operands, with its results where a layout puts them in one vector.</summary>
    internal static void Run(double** places, CompiledBody program, ReadOnlySpan<Memory> operands, Packing layout, Memory result)
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
internal sealed unsafe class ChoiceStep(Choice choice, Memory[] operands, Memory result) : Step
{
    private CompiledBody? _then;
    private CompiledBody? _otherwise;

    protected override Memory[] Operands => operands;

    protected override Memory[] Results => [result];

    public override void Prepare(CompileOptions options) => (_then, _otherwise) = (CompiledBody.Of(choice.Then, options), CompiledBody.Of(choice.Otherwise, options));

    public override void Run(Workspace workspace) => CallStep.Run(workspace.Places, *At(workspace.Places, operands[0]) != 0 ? _then! : _otherwise!, operands.AsSpan(1), choice.Layout, result);

    public override IEnumerable<string> Explain() =>
        [$"branches of {choice.Operation}", .. _then!.Explain().Select(line => $"  then: {line}"), .. _otherwise!.Explain().Select(line => $"  else: {line}")];
}
