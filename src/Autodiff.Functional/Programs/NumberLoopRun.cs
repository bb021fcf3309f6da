// Runs a loop on numbers of any type, one step at a time.

using System.Numerics;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.NumberTypes;

namespace Autodiff.Functional.Programs;

/// <summary>The state of a loop whose operands are numbers of any type, and the number of steps taken.</summary>
internal sealed class NumberLoopRun<T>
    where T : INumberBase<T>
{
    private readonly Loop _loop;
    private readonly NumberField<T> _field;
    private readonly NumberTensor<T>[] _operands;
    private readonly NumberTensor<T>[] _arguments;

    public NumberLoopRun(Loop loop, NumberField<T> field, ReadOnlySpan<NumberTensor<T>> operands)
    {
        (_loop, _field, _operands, _arguments) = (loop, field, operands.ToArray(), operands.ToArray());
        State = _operands[..loop.States];
    }

    /// <summary>How many steps have been taken.</summary>
    public int Taken { get; private set; }

    /// <summary>The tensors of the current state.</summary>
    public NumberTensor<T>[] State { get; }

    /// <summary>Whether there is another step. A condition that is NaN ends the loop.</summary>
    /// <exception cref="AutodiffException">The condition asks for another step, but the most allowed have been taken; or it is undecided.</exception>
    public bool HasNext()
    {
        if (_loop.Condition is not { } condition)
        {
            return Taken < _loop.Steps;
        }

        var mask = condition.RunIn(_field, [.. State, .. _operands.AsSpan(_loop.States + _loop.Items)])[0][0];
        var holds = _field.Decide(mask) ?? throw new AutodiffException(
            $"{_loop.Operation}: the condition is undecided for {NumberField<T>.Name} numbers after {Taken} steps, so it is not known whether there is another.");
        _loop.Control?.Step(Taken, double.CreateSaturating(mask));
        return holds && !T.IsNaN(mask) && (Taken < _loop.Steps ? true : throw _loop.TooManySteps());
    }

    /// <summary>Takes the next step. Returns all results of it: the state and the outputs.</summary>
    public T[][] Step()
    {
        SetArguments(_arguments, State, _loop.ItemOf(Taken));
        var results = _loop.Step.RunIn(_field, _arguments);
        for (var i = 0; i < State.Length; i++)
        {
            State[i] = new(State[i].Shape, results[i]);
        }

        Taken++;
        return results;
    }

    /// <summary>Writes the state, the items at a position and the captured values, which are the arguments of the step.</summary>
    public void SetArguments(NumberTensor<T>[] arguments, NumberTensor<T>[] state, int item)
    {
        _operands.CopyTo(arguments, 0);
        state.CopyTo(arguments, 0);
        for (var i = _loop.States; i < _loop.States + _loop.Items; i++)
        {
            var shape = _loop.Step.Parameters[i].Shape;
            arguments[i] = new(shape, _operands[i].Elements.AsSpan(item * shape.Size, shape.Size).ToArray());
        }
    }
}
