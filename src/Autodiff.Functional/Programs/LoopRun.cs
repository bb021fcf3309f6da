// Runs a loop on numbers, one step at a time, and holds its current state and the number of steps taken.

using Autodiff.Functional.Evaluation;

namespace Autodiff.Functional.Programs;

/// <summary>Runs the steps of a loop on numbers, one at a time, so that outputs can be collected and states kept.</summary>
internal sealed class LoopRun
{
    private readonly Loop _loop;
    private readonly Storage[] _operands;
    private readonly Frame _frame;
    private readonly Frame? _conditionFrame;
    private readonly Storage[] _state;

    public LoopRun(Loop loop, ReadOnlySpan<Storage> operands)
    {
        _loop = loop;
        _operands = operands.ToArray();
        _state = _operands[..loop.States];
        _frame = loop.Step.Bytecode.NewFrame();
        _conditionFrame = loop.Condition?.Bytecode.NewFrame();
        for (var i = loop.States + loop.Items; i < loop.OperandCount; i++)
        {
            _frame.Set(i, operands[i]);
            _conditionFrame?.Set(i - loop.Items, operands[i]);
        }
    }

    /// <summary>How many steps have been taken.</summary>
    public int Taken { get; private set; }

    /// <summary>The tensors of the current state.</summary>
    public ReadOnlySpan<Storage> State => _state;

    /// <summary>Whether there is another step. A condition that is NaN ends the loop.</summary>
    /// <exception cref="AutodiffException">The condition asks for another step, but the most allowed have been taken.</exception>
    public bool HasNext()
    {
        if (_conditionFrame is null)
        {
            return Taken < _loop.Steps;
        }

        SetState(_conditionFrame);
        _loop.Condition!.Bytecode.Run(_conditionFrame);
        var holds = _loop.Condition.Bytecode.Number(_conditionFrame, 0);
        _loop.Control?.Step(Taken, holds);
        return Math.Abs(holds) > 0 && (Taken < _loop.Steps ? true : throw _loop.TooManySteps());
    }

    /// <summary>Takes the next step.</summary>
    public void Step()
    {
        SetState(_frame);
        SetItems(_frame, _loop.ItemOf(Taken));
        _loop.Step.Bytecode.Run(_frame);
        for (var i = 0; i < _state.Length; i++)
        {
            _state[i] = _loop.Step.Bytecode.Result(_frame, i);
        }

        Taken++;
    }

    /// <summary>An output of the latest step.</summary>
    public Storage Output(int output) => _loop.Step.Bytecode.Result(_frame, _loop.States + output);

    /// <summary>Goes back to a state that was kept after the given number of steps.</summary>
    public void Restore(ReadOnlySpan<Storage> state, int taken)
    {
        state.CopyTo(_state);
        Taken = taken;
    }

    /// <summary>Puts the items at a position into a frame whose first slots are the same parameters as those of the step.</summary>
    public void SetItems(Frame frame, int position)
    {
        for (var i = _loop.States; i < _loop.States + _loop.Items; i++)
        {
            var shape = _loop.Step.Parameters[i].Shape;
            if (shape.IsScalar)
            {
                frame.Numbers[i] = _operands[i][position];
            }
            else
            {
                frame.Tensors[i] = _operands[i].View(shape, position * shape.Size);
            }
        }
    }

    private void SetState(Frame frame)
    {
        for (var i = 0; i < _state.Length; i++)
        {
            frame.Set(i, _state[i]);
        }
    }
}
