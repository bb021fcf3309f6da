// One run of a loop: its state, and the steps that it takes.

using Autodiff.Functional.Compilation.Kernels;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.Runtime;

/// <summary>One run of a loop: where its state is, and which step comes next.</summary>
internal sealed unsafe class LoopMotion
{
    // This holds no reference to the LoopProgram, which keeps motions in a bag to use them again: what a bag keeps for a thread is never freed
    // if it leads back to the bag.
    private readonly CompiledProgram _step;
    private readonly CompiledProgram? _condition;
    private readonly int _size;
    private readonly Loop _loop;
    private readonly int[] _sizes;
    private readonly double[] _memory;
    private readonly double*[] _operands;
    private double* _now;
    private double* _next;

    public LoopMotion(LoopProgram program)
    {
        (_step, _condition, _size, _loop) = (program.Step, program.Condition, program.Size, program.Loop);
        _sizes = [.. _loop.Step.Parameters.Select(parameter => parameter.Shape.Size)];
        var outputs = _loop.Step.Results.Sum(result => result.Shape.Size) - program.Size;
        _memory = GC.AllocateArray<double>((2 * program.Size) + outputs + 1, pinned: true);
        _operands = new double*[_sizes.Length];
    }

    /// <summary>The workspace that steps run in, while the motion is rented.</summary>
    public Workspace? StepWorkspace { get; set; }

    /// <summary>The workspace that the condition runs in, if there is one.</summary>
    public Workspace? ConditionWorkspace { get; set; }

    /// <summary>The number of steps that have been taken.</summary>
    public int Taken { get; set; }

    public Span<double> State => new(_now, _size);

    private double* First => (double*)Workspace.FirstOf(_memory);

    /// <summary>Starts a run with the operands of the loop.</summary>
    public void Begin(double** segments, ReadOnlySpan<BufferView> operands)
    {
        _now = First;
        _next = First + _size;
        Taken = 0;
        var start = 0;
        for (var i = 0; i < operands.Length; i++)
        {
            _operands[i] = Runtime.Step.At(segments, operands[i]);
            if (i < _loop.States)
            {
                new ReadOnlySpan<double>(_operands[i], _sizes[i]).CopyTo(new(_now + start, _sizes[i]));
                start += _sizes[i];
            }
        }

        Captured(StepWorkspace!);
        for (var i = _loop.States + _loop.Items; i < _operands.Length && ConditionWorkspace is not null; i++)
        {
            ConditionWorkspace.Arguments[i - _loop.Items] = _operands[i];
        }
    }

    /// <summary>Whether the loop takes another step. A condition that is NaN ends the loop.</summary>
    /// <exception cref="AutodiffException">The condition asks for another step, but no more are allowed.</exception>
    public bool HasNext()
    {
        if (ConditionWorkspace is null)
        {
            return Taken < _loop.Steps;
        }

        double holds;
        SetState(ConditionWorkspace);
        ConditionWorkspace.Results[0] = &holds;
        _condition!.Run(ConditionWorkspace);
        _loop.Control?.Step(Taken, holds);
        return Math.Abs(holds) > 0 && (Taken < _loop.Steps ? true : throw _loop.TooManySteps());
    }

    /// <summary>Takes the next step.</summary>
    /// <param name="outputs">A pointer to the stacks of outputs, which lie one after another; null if they are not wanted.</param>
    public void Step(double* outputs)
    {
        var item = _loop.ItemOf(Taken++);
        SetState(StepWorkspace!);
        Items(StepWorkspace!, item);
        var state = _next;
        var scratch = First + (2 * _size);
        for (var i = 0; i < _loop.Step.Results.Length; i++)
        {
            if (i < _loop.States)
            {
                StepWorkspace!.Results[i] = state;
                state += _sizes[i];
                continue;
            }

            var size = _loop.Step.Results[i].Shape.Size;
            StepWorkspace!.Results[i] = outputs is null ? scratch : outputs + (_loop.Layout.Start(i) - _size) + ((long)item * size);
            scratch += size;
        }

        _step.Run(StepWorkspace!);
        _next = _now;
        _now = state - _size;
    }

    /// <summary>Points arguments of a program whose parameters start as the step's do to the items at a position.</summary>
    public void Items(Workspace workspace, int position)
    {
        for (var i = _loop.States; i < _loop.States + _loop.Items; i++)
        {
            workspace.Arguments[i] = _operands[i] + ((long)position * _sizes[i]);
        }
    }

    /// <summary>Points arguments of such a program to the captured tensors.</summary>
    public void Captured(Workspace workspace)
    {
        for (var i = _loop.States + _loop.Items; i < _operands.Length; i++)
        {
            workspace.Arguments[i] = _operands[i];
        }
    }

    private void SetState(Workspace workspace)
    {
        var state = _now;
        for (var i = 0; i < _loop.States; i++)
        {
            workspace.Arguments[i] = state;
            state += _sizes[i];
        }
    }
}
