// The reverse sweep through a loop as one node: it runs the loop forward, keeping states, and then the steps backward.
// Its own derivatives are again loops and reverse sweeps through loops: that of the loop which carries tangents.

using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.Programs;

/// <summary>
/// (s₀, x, c, ȳ) ↦ the cotangents of those operands of a loop that are wanted, given one of its value. The number of steps
/// need not be known before: it is found on the way forward. The value is one vector of all cotangents.
/// </summary>
internal sealed class LoopAdjoint : IProgram
{
    public LoopAdjoint(Loop loop, bool[] wanted)
    {
        Loop = loop;
        StepBack = loop.StepBack(wanted);
        Operands = [.. Enumerable.Range(0, wanted.Length).Where(operand => wanted[operand])];
        Layout = new(loop.Operation, Operands.Select(loop.OperandShape));
    }

    public Loop Loop { get; }

    /// <summary>One step back, to the cotangents of the state and then of the other operands that are wanted.</summary>
    public Body StepBack { get; }

    public string Operation => Loop.Operation;

    public IReadOnlyList<Body> Bodies => Loop.Bodies;

    public bool MayFail => Loop.MayFail;

    /// <summary>The operands of the loop whose cotangents are wanted.</summary>
    public int[] Operands { get; }

    /// <summary>Their cotangents in the vector that is the value.</summary>
    public Packing Layout { get; }

    /// <summary>The node over the operands of the loop and a cotangent of its value.</summary>
    public Expr Node(ReadOnlySpan<Expr> operands, Expr cotangent) => Expr.Make(Op.LoopAdjoint, this, Layout.Shape, [.. operands, cotangent]);

    public Storage Run(ReadOnlySpan<Storage> operands)
    {
        var run = new LoopRun(Loop, operands[..^1]);
        var kept = new List<Storage[]>();
        while (run.HasNext())
        {
            if (run.Taken % Loop.Stride == 0)
            {
                kept.Add(run.State.ToArray());
            }

            run.Step();
        }

        var elements = new double[Layout.Shape.Size];
        var back = new StepsBack(this, run, operands, elements);
        var steps = run.Taken;
        for (var segment = kept.Count - 1; segment >= 0; segment--)
        {
            var start = segment * Loop.Stride;
            var end = Math.Min(start + Loop.Stride, steps);
            run.Restore(kept[segment], start);
            kept.RemoveAt(segment);
            var states = new Stack<Storage[]>();
            states.Push(run.State.ToArray());
            while (states.Count < end - start)
            {
                run.Step();
                states.Push(run.State.ToArray());
            }

            for (var step = end - 1; step >= start; step--)
            {
                back.Step(states.Pop(), Loop.ItemOf(step));
            }
        }

        back.Finish();
        return new(Layout.Shape, elements);
    }

    /// <summary>The steps backward: the cotangent of the state is carried, those of items are written, those of captured added up.</summary>
    private sealed class StepsBack
    {
        private readonly LoopAdjoint _adjoint;
        private readonly LoopRun _run;
        private readonly Storage _cotangent;
        private readonly double[] _result;
        private readonly Frame _frame;
        private readonly Storage[] _state;

        public StepsBack(LoopAdjoint adjoint, LoopRun run, ReadOnlySpan<Storage> operands, double[] result)
        {
            var loop = adjoint.Loop;
            (_adjoint, _run, _cotangent, _result) = (adjoint, run, operands[^1], result);
            _frame = adjoint.StepBack.Code.NewFrame();
            for (var i = loop.States + loop.Items; i < loop.OperandCount; i++)
            {
                _frame.Set(i, operands[i]);
            }

            _state = new Storage[loop.States];
            for (var i = 0; i < _state.Length; i++)
            {
                _state[i] = loop.Layout.Part(_cotangent, i);
            }
        }

        /// <summary>From the cotangent after a step to that before it, given the state before it and the position of its items.</summary>
        public void Step(Storage[] state, int item)
        {
            var (loop, code) = (_adjoint.Loop, _adjoint.StepBack.Code);
            for (var i = 0; i < state.Length; i++)
            {
                _frame.Set(i, state[i]);
                _frame.Set(loop.OperandCount + i, _state[i]);
            }

            _run.SetItems(_frame, item);
            for (var output = loop.States; output < loop.Step.Results.Length; output++)
            {
                var shape = loop.Step.Results[output].Shape;
                _frame.Set(loop.OperandCount + output, _cotangent.View(shape, loop.Layout.Start(output) + (item * shape.Size)));
            }

            code.Run(_frame);
            for (var i = 0; i < _state.Length; i++)
            {
                _state[i] = code.Result(_frame, i);
            }

            // The results behind the states are those of the wanted items and captured, in order.
            var result = _state.Length;
            for (var i = 0; i < _adjoint.Operands.Length; i++)
            {
                var operand = _adjoint.Operands[i];
                if (operand < loop.States)
                {
                    continue;
                }

                var flow = code.Result(_frame, result++).Span;
                var isItem = operand < loop.States + loop.Items;
                var target = _result.AsSpan(_adjoint.Layout.Start(i) + (isItem ? item * flow.Length : 0), flow.Length);
                Runs.AddTo(flow, target);
            }
        }

        /// <summary>Writes the cotangents of the first state.</summary>
        public void Finish()
        {
            for (var i = 0; i < _adjoint.Operands.Length && _adjoint.Operands[i] < _state.Length; i++)
            {
                _state[_adjoint.Operands[i]].Span.CopyTo(_result.AsSpan(_adjoint.Layout.Start(i)));
            }
        }
    }
}
