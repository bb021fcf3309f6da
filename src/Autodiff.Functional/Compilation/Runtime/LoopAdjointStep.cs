// The step that runs the reverse sweep through a loop.

using System.Collections.Concurrent;
using Autodiff.Functional.Compilation.Kernels;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.Runtime;

/// <summary>Runs the reverse sweep through a loop: the loop's steps forward, keeping states, and then the steps back.</summary>
/// <param name="adjoint">The sweep.</param>
/// <param name="operands">The operands of the loop, and the cotangent of its value.</param>
/// <param name="result">The cotangents of the operands.</param>
/// <param name="trace">The states that the loop has kept; null if the loop is run here once more to find them.</param>
internal sealed unsafe class LoopAdjointStep(LoopAdjoint adjoint, BufferView[] operands, BufferView result, LoopTrace? trace) : Step
{
    private readonly ConcurrentBag<double[]> _memory = [];
    private readonly Loop _loop = adjoint.Loop;
    private LoopProgram? _forward;
    private CompiledProgram? _back;
    private readonly ConcurrentBag<double[]> _carriedMemory = [];
    private int[] _captured = [];
    private int _carriedSize;

    // Where the tensors of a state start, in doubles: if they lie one after another, and in the states that the loop has checkpoints.
    private int[] _starts = [];
    private int[] _traceStarts = [];

    // What a step back reads and writes: tensors that are carried from one step to the next, and tensors that have a part for each item.
    private LoopCarried[] _loopCarried = [];
    private PerItem[] _perItem = [];

    public override BufferView[] Operands => trace is null ? operands : [.. operands, trace.Memory];

    public override BufferView[] Results => [result];

    public override void Prepare(ProgramCompiler compiler)
    {
        _forward = new(_loop, compiler);

        var (back, first) = (adjoint.StepBack, _loop.States + _loop.Items);
        int[] wanted = [.. adjoint.Operands.Where(operand => operand >= _loop.States)];
        var (program, layout) = Back();
        _captured = [.. wanted.Where(operand => operand >= first)];
        (_starts, _traceStarts) = ([.. Enumerable.Range(0, _loop.States).Select(_loop.Layout.Start)], [.. trace?.StartsOf(_loop) ?? []]);
        _carriedSize = _forward.Size + layout.Shape.Size;
        _back = compiler(program);

        // The pointers of a workspace: first those to the arguments of the program, then those to its results.
        var (arguments, results) = (back.Parameters.Length, program.Parameters.Length);
        _loopCarried =
        [
            .. _starts.Select((start, state) => new LoopCarried(_loop.OperandCount + state, results + state, start)),
            .. _captured.Select((operand, sum) => new LoopCarried(arguments + sum, results + _loop.States + Array.IndexOf(wanted, operand), _forward.Size + layout.Start(sum))),
        ];
        _perItem =
        [
            .. Enumerable.Range(_loop.States, _loop.Items).Select(item => new PerItem(item, _loop.Step.Parameters[item].Shape.Size)),
            .. Enumerable.Range(_loop.States, _loop.Outputs).Select(output => new PerItem(_loop.OperandCount + output, _loop.Step.Results[output].Shape.Size)),
            .. Enumerable.Range(0, wanted.Length).Where(i => wanted[i] < first).Select(i => new PerItem(results + _loop.States + i, _loop.Step.Parameters[wanted[i]].Shape.Size)),
        ];
    }

    /// <summary>
    /// The program of a step back, and the layout of the sums for captured tensors. The cotangents of captured tensors are summed from step to step: the
    /// sums are one more part of what is carried.
    /// </summary>
    public (Computation Program, Packing Sums) Back()
    {
        var (back, first) = (adjoint.StepBack, _loop.States + _loop.Items);
        int[] wanted = [.. adjoint.Operands.Where(operand => operand >= _loop.States)];
        int[] captured = [.. wanted.Where(operand => operand >= first)];
        var sums = Array.ConvertAll(captured, operand => Expr.Parameter(_loop.Step.Parameters[operand].Shape));
        Expr[] flows = [.. back.Results];
        for (var i = 0; i < wanted.Length; i++)
        {
            if (wanted[i] >= first)
            {
                flows[_loop.States + i] = sums[Array.IndexOf(captured, wanted[i])] + flows[_loop.States + i];
            }
        }

        return (Computation.Over([.. back.Parameters, .. sums], flows), new(_loop.Operation, sums.Select(sum => sum.Shape)));
    }

    public override void Run(Workspace workspace)
    {
        var segments = workspace.Segments;
        var motion = _forward!.Rent();
        var backward = _back!.Rent();
        try
        {
            Run(segments, motion, backward);
        }
        finally
        {
            _back.Return(backward);
            _forward.Return(motion);
        }
    }

    private void Run(double** segments, LoopMotion motion, Workspace workspace)
    {
        motion.Begin(segments, operands.AsSpan(0, operands.Length - 1));

        var back = new StepsBack(this, segments, motion, workspace);
        if (trace is not null && _loop.Stride == 1)
        {
            for (var step = _loop.Steps - 1; step >= 0; step--)
            {
                back.Step(At(segments, trace.Memory) + trace.StartOf(step), _traceStarts, _loop.ItemOf(step));
            }
        }
        else
        {
            RunStretches(segments, motion, ref back);
        }

        back.Finish();
    }

    /// <summary>Takes stretches of Stride steps, from the last to the first: runs each forward, keeping its states, and then back.</summary>
    private void RunStretches(double** segments, LoopMotion motion, ref StepsBack back)
    {
        // Room for the states at the start of every stretch, and for those within one stretch.
        var stretches = trace is not null ? 1 : _loop.Condition is null ? (_loop.Steps + _loop.Stride - 1) / _loop.Stride : 16;
        var checkpoints = new Checkpoints(_memory, _forward!.Size, stretches + _loop.Stride);
        while (trace is null && motion.HasNext())
        {
            if (motion.Taken % _loop.Stride == 0)
            {
                checkpoints.Push(motion.State);
            }

            motion.Step(null);
        }

        var steps = trace is null ? motion.Taken : _loop.Steps;
        for (var start = (steps - 1) / _loop.Stride * _loop.Stride; start >= 0 && steps > 0; start -= _loop.Stride)
        {
            if (trace is null)
            {
                new ReadOnlySpan<double>(checkpoints.Pop(), _forward.Size).CopyTo(motion.State);
            }
            else
            {
                var traced = At(segments, trace.Memory) + trace.StartOf(start);
                for (var i = 0; i < _starts.Length; i++)
                {
                    new ReadOnlySpan<double>(traced + _traceStarts[i], _loop.Step.Parameters[i].Shape.Size).CopyTo(motion.State[_starts[i]..]);
                }
            }

            motion.Taken = start;
            var end = Math.Min(start + _loop.Stride, steps);
            checkpoints.Push(motion.State);
            while (motion.Taken < end - 1)
            {
                motion.Step(null);
                checkpoints.Push(motion.State);
            }

            for (var step = end - 1; step >= start; step--)
            {
                back.Step(checkpoints.Pop(), _starts, _loop.ItemOf(step));
            }
        }

        checkpoints.Return();
    }

    private static double[] Allocated(int size) => GC.AllocateArray<double>(size + 1, pinned: true);

    public override IEnumerable<string> Explain() => [$"reverse sweep of {_loop.Description}", .. _back!.Explain().Select(line => $"  {line}")];

    /// <summary>A tensor that is carried: the indices of the pointers to it after and before a step, and its start in each half of the memory.</summary>
    private readonly record struct LoopCarried(int From, int To, int Start);

    /// <summary>A tensor with a part for each item: the index of the pointer to it, and the size of a part in doubles.</summary>
    private readonly record struct PerItem(int Pointer, int Size);

    /// <summary>A stack of states in one array, which later runs use again.</summary>
    private ref struct Checkpoints
    {
        private readonly ConcurrentBag<double[]> _memory;
        private readonly int _size;
        private double[] _states;
        private int _count;

        public Checkpoints(ConcurrentBag<double[]> memory, int size, int count)
        {
            (_memory, _size) = (memory, size);
            _states = memory.TryTake(out var states) ? states : Allocated(checked(size * count));
        }

        public void Push(ReadOnlySpan<double> state)
        {
            if ((_count + 1) * _size > _states.Length)
            {
                var more = Allocated(checked(Math.Max(2 * _states.Length, (_count + 1) * _size)));
                _states.CopyTo(more, 0);
                _states = more;
            }

            state.CopyTo(_states.AsSpan(_count++ * _size));
        }

        public double* Pop() => (double*)Workspace.FirstOf(_states) + (--_count * _size);

        public readonly void Return() => _memory.Add(_states);
    }

    /// <summary>The steps back: the cotangents of the state and the sums for captured tensors are carried, the cotangents of items are written to the result.</summary>
    private ref struct StepsBack
    {
        private readonly LoopAdjointStep _step;
        private readonly Workspace _workspace;
        private readonly double* _result;
        private readonly double[] _loopCarried;
        private int _half;
        private int _item;

        public StepsBack(LoopAdjointStep step, double** segments, LoopMotion motion, Workspace workspace)
        {
            (_step, _workspace) = (step, workspace);
            var (loop, adjoint) = (step._loop, step.Adjoint);
            var cotangent = At(segments, step.Cotangent);
            _result = At(segments, step.Result);
            _loopCarried = step._carriedMemory.TryTake(out var carried) ? carried : Allocated(2 * step._carriedSize);
            new ReadOnlySpan<double>(cotangent, step._forward!.Size).CopyTo(_loopCarried);
            _loopCarried.AsSpan(step._forward.Size..step._carriedSize).Clear();
            new Span<double>(_result, adjoint.Layout.Shape.Size).Clear();

            // Pointers to tensors with a part for each item start at the first item.
            motion.Captured(workspace);
            motion.Items(workspace, 0);
            for (var output = loop.States; output < loop.Step.Results.Length; output++)
            {
                workspace.Arguments[loop.OperandCount + output] = cotangent + loop.Layout.Start(output);
            }

            var result = loop.States;
            for (var i = 0; i < adjoint.Operands.Length; i++)
            {
                if (adjoint.Operands[i] >= loop.States)
                {
                    workspace.Results[result++] = _result + adjoint.Layout.Start(i);
                }
            }
        }

        /// <summary>Takes one step back: from the cotangents after a step to those before it.</summary>
        /// <param name="state">A pointer to the state before the step.</param>
        /// <param name="starts">Where the tensors of the state start behind it, in doubles.</param>
        /// <param name="item">The position of the items of the step.</param>
        public void Step(double* state, int[] starts, int item)
        {
            var pointers = _workspace.Arguments;
            for (var i = 0; i < starts.Length; i++)
            {
                pointers[i] = state + starts[i];
            }

            var size = _step._carriedSize;
            var from = (double*)Workspace.FirstOf(_loopCarried) + (_half * size);
            var to = (double*)Workspace.FirstOf(_loopCarried) + ((1 - _half) * size);
            foreach (var carried in _step._loopCarried)
            {
                pointers[carried.From] = from + carried.Start;
                pointers[carried.To] = to + carried.Start;
            }

            foreach (var moving in _step._perItem)
            {
                pointers[moving.Pointer] += (item - _item) * (long)moving.Size;
            }

            (_half, _item) = (1 - _half, item);
            _step._back!.Run(_workspace);
        }

        /// <summary>Writes the cotangents of the first state and of captured tensors.</summary>
        public readonly void Finish()
        {
            var (loop, adjoint) = (_step._loop, _step.Adjoint);
            var cotangents = (double*)Workspace.FirstOf(_loopCarried) + (_half * _step._carriedSize);
            for (var i = 0; i < _step._loopCarried.Length; i++)
            {
                var operand = i < loop.States ? i : _step._captured[i - loop.States];
                if (Array.IndexOf(adjoint.Operands, operand) is var place and >= 0)
                {
                    var size = loop.Step.Parameters[operand].Shape.Size;
                    new ReadOnlySpan<double>(cotangents + _step._loopCarried[i].Start, size).CopyTo(new(_result + adjoint.Layout.Start(place), size));
                }
            }

            _step._carriedMemory.Add(_loopCarried);
        }
    }

    public LoopAdjoint Adjoint => adjoint;

    /// <summary>The states that the loop has kept; null if the sweep runs the loop once more to find them.</summary>
    public LoopTrace? Trace => trace;

    private BufferView Cotangent => operands[^1];

    private BufferView Result => result;
}
