// Writes a loop, whose steps are calls of a program.

using Autodiff.Functional.Compilation.Runtime;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.SourceGeneration;

/// <summary>The names and the programs of a loop in source text: two states, of which the steps write one after the other, and its operands.</summary>
/// <param name="loop">The loop.</param>
/// <param name="operands">The places of its operands.</param>
/// <param name="file">The file.</param>
internal sealed class LoopText(Loop loop, string[] operands, SourceFile file)
{
    private readonly string _step = file.Add(loop.Step);
    private readonly string? _condition = loop.Condition is null ? null : file.Add(loop.Condition);

    /// <summary>The size of the state.</summary>
    public int Size { get; } = loop.Step.Results.Take(loop.States).Sum(state => state.Shape.Size);

    /// <summary>The number of items that a step reads or writes at a position of a stack, as an expression.</summary>
    public static string Item(Loop loop, string step) => loop.IsReversed ? $"({NumberSource.Whole(loop.Steps - 1)} - {step})" : step;

    /// <summary>Writes the declarations of both states, and the copy of the operands that are the first state.</summary>
    /// <param name="writer">Where they are written.</param>
    /// <param name="states">The memory for two states.</param>
    public void WriteStart(SourceWriter writer, string states)
    {
        writer.Line($"ref var now = ref {states};");
        writer.Line($"ref var next = ref Unsafe.Add(ref now, {NumberSource.Whole(Size)});");
        for (var state = 0; state < loop.States; state++)
        {
            writer.Line(StepSource.Copy(operands[state], State("now", state), SizeOf(state)));
        }
    }

    /// <summary>Writes the test whether there is another step, which leaves the loop if there is none.</summary>
    public void WriteCondition(SourceWriter writer)
    {
        if (_condition is null)
        {
            return;
        }

        writer.Line("var holds = 0.0;");
        writer.Line(StepSource.Run(_condition, [.. States("now"), .. operands.Skip(loop.States + loop.Items)], ["holds"]));
        writer.Block("if (!(Math.Abs(holds) > 0.0))", () => writer.Line("break;"));
        writer.Line();
        writer.Block($"if (step == {NumberSource.Whole(loop.Steps)})", () => writer.Line($"throw new InvalidOperationException(\"{loop.TooManySteps().Message}\");"));
        writer.Line();
    }

    /// <summary>The head of the loop over all steps.</summary>
    public string Head => _condition is null ? $"for (nint step = 0; step < {NumberSource.Whole(loop.Steps)}; step++)" : "for (nint step = 0; ; step++)";

    /// <summary>Writes a step from the state now to the state next, and the exchange of both.</summary>
    /// <param name="writer">Where it is written.</param>
    /// <param name="step">The number of the step, as an expression.</param>
    /// <param name="outputs">The place that an output is written to.</param>
    public void WriteStep(SourceWriter writer, string step, Func<int, string> outputs)
    {
        var items = Enumerable.Range(loop.States, loop.Items).Select(item => PartOf(operands[item], step, SizeOf(item)));
        var written = Enumerable.Range(loop.States, loop.Step.Results.Length - loop.States).Select(outputs);
        writer.Line(StepSource.Run(_step, [.. States("now"), .. items, .. operands.Skip(loop.States + loop.Items)], [.. States("next"), .. written]));
        writer.Line("ref var last = ref now;");
        writer.Line("now = ref next;");
        writer.Line("next = ref last;");
    }

    /// <summary>The part of a stack that belongs to a step.</summary>
    public string PartOf(string stack, string step, int size) => $"Unsafe.Add(ref {stack}, {Item(loop, step)}{(size == 1 ? "" : $" * {NumberSource.Whole(size)}")})";

    private IEnumerable<string> States(string state) => Enumerable.Range(0, loop.States).Select(i => State(state, i));

    private string State(string state, int i) => MemoryNames.At(state, loop.Layout.Start(i));

    private int SizeOf(int operand) => loop.Step.Parameters[operand].Shape.Size;
}

/// <summary>A loop.</summary>
internal sealed class LoopSource : IStatements
{
    private readonly LoopStep _step;
    private readonly MemoryNames _names;
    private readonly LoopText _text;
    private readonly string _states;

    public LoopSource(LoopStep step, MemoryNames names, ProgramBody body, SourceFile file)
    {
        (_step, _names) = (step, names);
        _text = new(step.Loop, [.. step.Operands.Select(names.Of)], file);
        _states = body.Reserve(2L * _text.Size);
    }

    /// <inheritdoc/>
    public void Write(SourceWriter writer)
    {
        var (loop, target) = (_step.Loop, _names.Of(_step.Results[0]));
        writer.Line();
        writer.Line($"// {loop.Description}.");
        writer.Block("", () =>
        {
            _text.WriteStart(writer, _states);
            writer.Block(_text.Head, () =>
            {
                _text.WriteCondition(writer);
                if (_step.Trace is { } trace)
                {
                    WriteTrace(writer, _names.Of(trace.Memory), loop.Stride);
                }

                _text.WriteStep(writer, "step", output => _text.PartOf(MemoryNames.At(target, loop.Layout.Start(output)), "step", loop.Step.Results[output].Shape.Size));
            });
            writer.Line(StepSource.Copy("now", target, _text.Size));
        });
    }

    /// <summary>Writes the copy of each state at the start of a stretch of steps.</summary>
    private void WriteTrace(SourceWriter writer, string trace, int stride)
    {
        void Copy() => writer.Line(StepSource.Copy("now", $"Unsafe.Add(ref {trace}, step / {NumberSource.Whole(stride)} * {NumberSource.Whole(_text.Size)})", _text.Size));
        if (stride == 1)
        {
            Copy();
        }
        else
        {
            writer.Block($"if (step % {NumberSource.Whole(stride)} == 0)", Copy);
        }
    }
}
