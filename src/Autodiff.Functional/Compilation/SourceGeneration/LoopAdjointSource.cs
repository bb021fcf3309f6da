// Writes the reverse sweep through a loop: the loop's steps forward, keeping states, and then the steps back.

using Autodiff.Functional.Compilation.Runtime;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.SourceGeneration;

/// <summary>The reverse sweep through a loop, as LoopAdjointStep runs it.</summary>
internal sealed class LoopAdjointSource : IStatements
{
    // How many stretches there is room for at first, if their number is not known.
    private const int FirstStretches = 16;

    private readonly LoopAdjointStep _step;
    private readonly MemoryNames _names;
    private readonly Loop _loop;
    private readonly LoopText _text;
    private readonly string _back;
    private readonly int[] _wanted;
    private readonly int[] _captured;
    private readonly int _carriedSize;
    private readonly Packing _sums;
    private readonly string _states;

    // Where the outputs of a step that runs once more are written, which nothing reads.
    private readonly string _outputs;
    private readonly Packing _outputLayout;
    private readonly string _carried;
    private readonly string _checkpoints;

    // The array that checkpoints are kept in, which grows, if the number of steps is not known.
    private readonly string? _kept;
    private readonly string _stretch;

    public LoopAdjointSource(LoopAdjointStep step, MemoryNames names, ProgramBody body, SourceFile file)
    {
        (_step, _names, _loop) = (step, names, step.Adjoint.Loop);
        _text = new(_loop, [.. step.Operands.Take(_loop.OperandCount).Select(names.Of)], file);
        (var program, _sums) = step.Back();
        _back = file.Add(program);
        _wanted = [.. step.Adjoint.Operands.Where(operand => operand >= _loop.States)];
        _captured = [.. _wanted.Where(operand => operand >= _loop.States + _loop.Items)];
        _carriedSize = _text.Size + _sums.Shape.Size;
        _states = body.Reserve(2L * _text.Size);
        _outputLayout = new(_loop.Operation, _loop.Step.Results.Skip(_loop.States).Select(output => output.Shape));
        _outputs = body.Reserve(_outputLayout.Shape.Size);
        _carried = body.Reserve(2L * _carriedSize);
        _kept = _loop.Condition is null ? null : body.Keep(FirstStretches * Math.Max(_text.Size, 1));
        _checkpoints = _kept is not null ? "MemoryMarshal.GetArrayDataReference(kept)"
            : step.Trace is null ? body.Reserve((long)(_loop.Steps + _loop.Stride - 1) / _loop.Stride * _text.Size) : "";
        _stretch = IsTraced ? "" : body.Reserve((long)_loop.Stride * _text.Size);
    }

    // Whether the loop has kept every state.
    private bool IsTraced => _step.Trace is not null && _loop.Stride == 1;

    private string Result => _names.Of(_step.Results[0]);

    private string Cotangent => _names.Of(_step.Operands[_loop.OperandCount]);

    /// <inheritdoc/>
    public void Write(SourceWriter writer)
    {
        writer.Line();
        writer.Line($"// Reverse sweep of {_loop.Description}.");
        writer.Block("", () =>
        {
            writer.Line($"ref var after = ref {_carried};");
            writer.Line($"ref var before = ref Unsafe.Add(ref after, {NumberSource.Whole(_carriedSize)});");
            writer.Line(StepSource.Copy(Cotangent, "after", _text.Size));
            if (_carriedSize > _text.Size)
            {
                writer.Line($"MemoryMarshal.CreateSpan(ref {MemoryNames.At("after", _text.Size)}, {NumberSource.Whole(_carriedSize - _text.Size)}).Clear();");
            }

            writer.Line($"MemoryMarshal.CreateSpan(ref {Result}, {NumberSource.Whole(_step.Adjoint.Layout.Shape.Size)}).Clear();");
            if (IsTraced)
            {
                writer.Block($"for (nint step = {NumberSource.Whole(_loop.Steps - 1)}; step >= 0; step--)", () =>
                {
                    writer.Line($"ref var state = ref Unsafe.Add(ref {_names.Of(_step.Trace!.Memory)}, step * {NumberSource.Whole(TraceSize)});");
                    WriteStepBack(writer, [.. _step.Trace.StartsOf(_loop)]);
                });
            }
            else
            {
                WriteStretches(writer);
            }

            WriteEnd(writer);
        });
    }

    // The size of a state that the loop keeps, of which that of the sweep may be a part.
    private int TraceSize => _step.Trace!.Size;

    /// <summary>Writes the stretches of Stride steps, from the last to the first: each runs forward, keeping its states, and then back.</summary>
    private void WriteStretches(SourceWriter writer)
    {
        var (steps, stride, size) = (_kept is null ? NumberSource.Whole(_loop.Steps) : "taken", NumberSource.Whole(_loop.Stride), NumberSource.Whole(_text.Size));
        _text.WriteStart(writer, _states);
        if (_step.Trace is null)
        {
            WriteSweepForward(writer, stride, size);
        }

        var last = _kept is null ? NumberSource.Whole(Math.Max(_loop.Steps - 1, 0) / _loop.Stride * _loop.Stride) : $"(taken - 1) / {stride} * {stride}";
        writer.Block($"for (nint first = {last}; first >= 0; first -= {stride})", () =>
        {
            writer.Line($"var end = Math.Min(first + {stride}, {steps});");
            WriteCheckpoint(writer, stride, size);
            writer.Block("for (var step = first; step < end; step++)", () =>
            {
                writer.Line(StepSource.Copy("now", $"Unsafe.Add(ref {_stretch}, (step - first) * {size})", _text.Size));
                writer.Block("if (step < end - 1)", () => WriteForward(writer, "step"));
            });
            writer.Block("for (var step = end - 1; step >= first; step--)", () =>
            {
                writer.Line($"ref var state = ref Unsafe.Add(ref {_stretch}, (step - first) * {size});");
                WriteStepBack(writer, [.. Enumerable.Range(0, _loop.States).Select(_loop.Layout.Start)]);
            });
        });
    }

    /// <summary>Writes the loop's steps forward, which keep the state at the start of each stretch.</summary>
    private void WriteSweepForward(SourceWriter writer, string stride, string size)
    {
        if (_kept is not null)
        {
            writer.Line($"var kept = {_kept};");
            writer.Line("nint taken = 0;");
        }

        writer.Block(_text.Head, () =>
        {
            _text.WriteCondition(writer);
            writer.Block($"if (step % {stride} == 0)", () =>
            {
                if (_kept is not null)
                {
                    writer.Block($"if (kept.Length < ((step / {stride}) + 1) * {size})", () =>
                    {
                        writer.Line("Array.Resize(ref kept, 2 * kept.Length);");
                        writer.Line($"{_kept} = kept;");
                    });
                    writer.Line();
                }

                writer.Line(StepSource.Copy("now", $"Unsafe.Add(ref {_checkpoints}, step / {stride} * {size})", _text.Size));
            });
            WriteForward(writer, "step");
            if (_kept is not null)
            {
                writer.Line("taken++;");
            }
        });
    }

    /// <summary>Writes the copy of the state at the start of a stretch.</summary>
    private void WriteCheckpoint(SourceWriter writer, string stride, string size)
    {
        if (_step.Trace is not { } trace)
        {
            writer.Line(StepSource.Copy($"Unsafe.Add(ref {_checkpoints}, first / {stride} * {size})", "now", _text.Size));
            return;
        }

        foreach (var (state, start) in trace.StartsOf(_loop).Index())
        {
            writer.Line(StepSource.Copy(
                $"Unsafe.Add(ref {_names.Of(trace.Memory)}, first / {stride} * {NumberSource.Whole(TraceSize)} + {NumberSource.Whole(start)})",
                MemoryNames.At("now", _loop.Layout.Start(state)), _loop.Step.Parameters[state].Shape.Size));
        }
    }

    private void WriteForward(SourceWriter writer, string step) =>
        _text.WriteStep(writer, step, output => MemoryNames.At(_outputs, _outputLayout.Start(output - _loop.States)));

    /// <summary>Writes one step back: from the cotangents after a step to those before it.</summary>
    private void WriteStepBack(SourceWriter writer, int[] starts)
    {
        string Carried(string memory, int index) => MemoryNames.At(memory, index < _loop.States ? _loop.Layout.Start(index) : _text.Size + _sums.Start(index - _loop.States));
        string PartOf(string stack, Shape shape) => _text.PartOf(stack, "step", shape.Size);
        var parameters = _loop.Step.Parameters;
        string[] arguments =
        [
            .. starts.Select(start => MemoryNames.At("state", start)),
            .. Enumerable.Range(_loop.States, _loop.Items).Select(item => PartOf(_names.Of(_step.Operands[item]), parameters[item].Shape)),
            .. Enumerable.Range(_loop.States + _loop.Items, _loop.OperandCount - _loop.States - _loop.Items).Select(operand => _names.Of(_step.Operands[operand])),
            .. Enumerable.Range(0, _loop.States).Select(state => Carried("after", state)),
            .. Enumerable.Range(_loop.States, _loop.Outputs).Select(output => PartOf(MemoryNames.At(Cotangent, _loop.Layout.Start(output)), _loop.Step.Results[output].Shape)),
            .. Enumerable.Range(0, _captured.Length).Select(sum => Carried("after", _loop.States + sum)),
        ];
        string[] results =
        [
            .. Enumerable.Range(0, _loop.States).Select(state => Carried("before", state)),
            .. _wanted.Select(operand => Array.IndexOf(_captured, operand) is var sum and >= 0
                ? Carried("before", _loop.States + sum)
                : PartOf(MemoryNames.At(Result, _step.Adjoint.Layout.Start(Array.IndexOf(_step.Adjoint.Operands, operand))), parameters[operand].Shape)),
        ];
        writer.Line(StepSource.Run(_back, arguments, results));
        writer.Line("ref var done = ref after;");
        writer.Line("after = ref before;");
        writer.Line("before = ref done;");
    }

    /// <summary>Writes the copies of the cotangents of the first state and of captured tensors to the result.</summary>
    private void WriteEnd(SourceWriter writer)
    {
        int[] operands = [.. Enumerable.Range(0, _loop.States), .. _captured];
        foreach (var (i, operand) in operands.Index())
        {
            if (Array.IndexOf(_step.Adjoint.Operands, operand) is var place and >= 0)
            {
                var start = i < _loop.States ? _loop.Layout.Start(i) : _text.Size + _sums.Start(i - _loop.States);
                writer.Line(StepSource.Copy(
                    MemoryNames.At("after", start), MemoryNames.At(Result, _step.Adjoint.Layout.Start(place)), _loop.Step.Parameters[operand].Shape.Size));
            }
        }
    }
}
