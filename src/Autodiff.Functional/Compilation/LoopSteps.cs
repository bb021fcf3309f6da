// Loops as steps of a program: the step of a loop is a program that reads its items and captured tensors where they lie, writes its
// outputs where they belong, and takes the state from one half of some memory to the other.

using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation;

/// <summary>A loop.</summary>
internal sealed unsafe class LoopStep(Loop loop, Memory[] operands, Memory result) : Step
{
    private LoopProgram? _program;
    private LoopTrace? _trace;

    protected override Memory[] Operands => operands;

    protected override Memory[] Results => _trace is null ? [result] : [result, _trace.Memory];

    /// <summary>What keeps its states for a reverse sweep through it, or a part of it, over the same operands; null if the sweep has to find them itself.</summary>
    /// <param name="part">The operands that the sweep has too.</param>
    /// <param name="others">The operands of the sweep: those, and the cotangent of its value.</param>
    public LoopTrace? TraceFor(bool[] part, ReadOnlySpan<Memory> others)
    {
        var kept = operands.Where((_, operand) => part[operand]);
        if (loop.Condition is not null || !kept.SequenceEqual(others[..^1].ToArray(), ReferenceEqualityComparer.Instance))
        {
            return null;
        }

        if (_trace is null)
        {
            _trace = new(loop);
            _trace.Memory.Buffer.Written(Index, false);
        }

        return _trace;
    }

    public override void Prepare(CompileOptions options) => _program = new(loop, options);

    public override void Run(Workspace workspace)
    {
        var places = workspace.Places;
        var target = At(places, result);
        var motion = _program!.Rent();
        try
        {
            motion.Begin(places, operands);
            while (motion.HasNext())
            {
                if (_trace is not null && motion.Taken % loop.Stride == 0)
                {
                    motion.State.CopyTo(new(At(places, _trace.Memory) + _trace.StartOf(motion.Taken), motion.State.Length));
                }

                motion.Step(target + _program.Size);
            }

            motion.State.CopyTo(new(target, _program.Size));
        }
        finally
        {
            _program.Return(motion);
        }
    }

    public override IEnumerable<string> Explain() => [_trace is null ? loop.Description : $"{loop.Description}, keeping states", .. _program!.Step.Explain().Select(line => $"  {line}")];
}

/// <summary>The states of a loop at the start of every stretch of steps, which it leaves to the reverse sweep through it.</summary>
internal sealed class LoopTrace
{
    private readonly Loop _loop;
    private readonly int _size;

    public LoopTrace(Loop loop)
    {
        (_loop, _size) = (loop, loop.Step.Results.Take(loop.States).Sum(state => state.Shape.Size));
        Memory = Memory.RowMajor(new Shape([(loop.Steps + loop.Stride - 1) / loop.Stride, _size]));
    }

    public Memory Memory { get; }

    /// <summary>Where the state before a step is, which is the first of a stretch.</summary>
    public int StartOf(int step) => step / _loop.Stride * _size;

    /// <summary>The state of a part of the loop before such a step.</summary>
    public unsafe void Read(double* trace, int step, Loop part, Span<double> state)
    {
        var (from, to) = (StartOf(step), 0);
        for (var i = 0; i < _loop.States; i++)
        {
            var size = _loop.Step.Parameters[i].Shape.Size;
            if (part.Whole!.Value.Operands[i])
            {
                new ReadOnlySpan<double>(trace + from, size).CopyTo(state[to..]);
                to += size;
            }

            from += size;
        }
    }
}

/// <summary>The reverse sweep through a loop: the steps forward, keeping states, and then back.</summary>
/// <param name="adjoint">The sweep.</param>
/// <param name="operands">The operands of the loop, and the cotangent of its value.</param>
/// <param name="result">The cotangents of operands.</param>
/// <param name="trace">The states that the loop has left; null if it is run here once more to find them.</param>
internal sealed unsafe class LoopAdjointStep(LoopAdjoint adjoint, Memory[] operands, Memory result, LoopTrace? trace) : Step
{
    private readonly ConcurrentBag<double[]> _memory = [];
    private readonly Loop _loop = adjoint.Loop;
    private LoopProgram? _forward;
    private CompiledBody? _back;
    private readonly ConcurrentBag<double[]> _carried = [];
    private int[] _captured = [];
    private int _carriedSize;

    protected override Memory[] Operands => trace is null ? operands : [.. operands, trace.Memory];

    protected override Memory[] Results => [result];

    public override void Prepare(CompileOptions options)
    {
        _forward = new(_loop, options);

        // What flows to captured tensors is added up from step to step, as one more part of what is carried.
        var (back, first) = (adjoint.StepBack, _loop.States + _loop.Items);
        int[] wanted = [.. adjoint.Operands.Where(operand => operand >= _loop.States)];
        _captured = [.. wanted.Where(operand => operand >= first)];
        var sums = Array.ConvertAll(_captured, operand => Expr.Parameter(_loop.Step.Parameters[operand].Shape));
        _carriedSize = _forward.Size + sums.Sum(sum => sum.Shape.Size);
        Expr[] flows = [.. back.Results];
        for (var i = 0; i < wanted.Length; i++)
        {
            if (wanted[i] >= first)
            {
                flows[_loop.States + i] = sums[Array.IndexOf(_captured, wanted[i])] + flows[_loop.States + i];
            }
        }

        _back = CompiledBody.Of(Body.Over([.. back.Parameters, .. sums], flows), options);
    }

    public override void Run(Workspace workspace)
    {
        var places = workspace.Places;
        var motion = _forward!.Rent();
        var backward = _back!.Rent();
        try
        {
            Run(places, motion, backward);
        }
        finally
        {
            _back.Return(backward);
            _forward.Return(motion);
        }
    }

    private void Run(double** places, LoopMotion motion, Workspace workspace)
    {
        motion.Begin(places, operands.AsSpan(0, operands.Length - 1));

        // States at the start of every stretch of steps, and those within one.
        var stretches = trace is not null ? 1 : _loop.Condition is null ? (_loop.Steps + _loop.Stride - 1) / _loop.Stride : 16;
        var kept = new Kept(_memory, _forward!.Size, stretches + _loop.Stride);
        while (trace is null && motion.HasNext())
        {
            if (motion.Taken % _loop.Stride == 0)
            {
                kept.Push(motion.State);
            }

            motion.Step(null);
        }

        var back = new StepsBack(this, places, motion, workspace);
        var steps = trace is null ? motion.Taken : _loop.Steps;
        for (var start = (steps - 1) / _loop.Stride * _loop.Stride; start >= 0 && steps > 0; start -= _loop.Stride)
        {
            if (trace is null)
            {
                kept.Pop().CopyTo(motion.State);
            }
            else
            {
                trace.Read(At(places, trace.Memory), start, _loop, motion.State);
            }

            motion.Taken = start;
            var end = Math.Min(start + _loop.Stride, steps);
            kept.Push(motion.State);
            while (motion.Taken < end - 1)
            {
                motion.Step(null);
                kept.Push(motion.State);
            }

            for (var step = end - 1; step >= start; step--)
            {
                back.Step(kept.Pop(), _loop.ItemOf(step));
            }
        }

        back.Finish();
        kept.Return();
    }

    public override IEnumerable<string> Explain() => [$"reverse sweep of {_loop.Description}", .. _back!.Explain().Select(line => $"  {line}")];

    /// <summary>A stack of states in one array, which is used again.</summary>
    private ref struct Kept
    {
        private readonly ConcurrentBag<double[]> _memory;
        private readonly int _size;
        private double[] _states;
        private int _count;

        public Kept(ConcurrentBag<double[]> memory, int size, int count)
        {
            (_memory, _size) = (memory, size);
            _states = memory.TryTake(out var states) ? states : new double[checked(size * count)];
        }

        public void Push(ReadOnlySpan<double> state)
        {
            if ((_count + 1) * _size > _states.Length)
            {
                Array.Resize(ref _states, checked(Math.Max(2 * _states.Length, (_count + 1) * _size)));
            }

            state.CopyTo(_states.AsSpan(_count++ * _size));
        }

        public ReadOnlySpan<double> Pop() => _states.AsSpan(--_count * _size, _size);

        public readonly void Return() => _memory.Add(_states);
    }

    /// <summary>The steps backward: cotangents of the state and sums for captured tensors are carried, those of items are written.</summary>
    private ref struct StepsBack
    {
        private readonly LoopAdjointStep _step;
        private readonly LoopMotion _motion;
        private readonly Workspace _workspace;
        private readonly double* _cotangent;
        private readonly double* _result;
        private readonly double[] _carried;
        private readonly int _size;
        private int _half;

        public StepsBack(LoopAdjointStep step, double** places, LoopMotion motion, Workspace workspace)
        {
            (_step, _motion, _workspace) = (step, motion, workspace);
            _cotangent = At(places, step.Cotangent);
            _result = At(places, step.Result);
            _size = step._carriedSize;
            _carried = step._carried.TryTake(out var carried) ? carried : GC.AllocateArray<double>((2 * _size) + 1, pinned: true);
            new ReadOnlySpan<double>(_cotangent, step._forward!.Size).CopyTo(_carried);
            _carried.AsSpan(step._forward.Size.._size).Clear();
            motion.Captured(_workspace);
            new Span<double>(_result, step.Adjoint.Layout.Shape.Size).Clear();
        }

        private readonly double* Carried(int half) => (double*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_carried)) + (half * _size);

        /// <summary>From the cotangents after a step to those before it, given the state before it and the position of its items.</summary>
        public void Step(ReadOnlySpan<double> state, int item)
        {
            var loop = _step._loop;
            var from = Carried(_half);
            var to = Carried(1 - _half);
            _half = 1 - _half;
            fixed (double* first = state)
            {
                var start = 0;
                for (var i = 0; i < loop.States; i++)
                {
                    _workspace.Arguments[i] = first + start;
                    _workspace.Arguments[loop.OperandCount + i] = from + start;
                    _workspace.Results[i] = to + start;
                    start += loop.Step.Parameters[i].Shape.Size;
                }

                _motion.Items(_workspace, item);
                for (var output = loop.States; output < loop.Step.Results.Length; output++)
                {
                    _workspace.Arguments[loop.OperandCount + output] = _cotangent + loop.Layout.Start(output) + ((long)item * loop.Step.Results[output].Shape.Size);
                }

                var (sum, result) = (0, loop.States);
                for (var i = 0; i < _step.Adjoint.Operands.Length; i++)
                {
                    var operand = _step.Adjoint.Operands[i];
                    if (operand < loop.States)
                    {
                        continue;
                    }

                    var size = loop.Step.Parameters[operand].Shape.Size;
                    if (operand < loop.States + loop.Items)
                    {
                        _workspace.Results[result++] = _result + _step.Adjoint.Layout.Start(i) + ((long)item * size);
                    }
                    else
                    {
                        _workspace.Arguments[loop.OperandCount + loop.Step.Results.Length + sum++] = from + start;
                        _workspace.Results[result++] = to + start;
                        start += size;
                    }
                }

                _step._back!.Run(_workspace);
            }
        }

        /// <summary>Writes the cotangents of the first state and of captured tensors.</summary>
        public readonly void Finish()
        {
            var loop = _step._loop;
            var state = Carried(_half);
            var sum = state + _step._forward!.Size;
            var start = 0;
            for (var i = 0; i < loop.States; i++)
            {
                var size = loop.Step.Parameters[i].Shape.Size;
                if (Array.IndexOf(_step.Adjoint.Operands, i) is var place and >= 0)
                {
                    new ReadOnlySpan<double>(state + start, size).CopyTo(new(_result + _step.Adjoint.Layout.Start(place), size));
                }

                start += size;
            }

            foreach (var operand in _step._captured)
            {
                var size = loop.Step.Parameters[operand].Shape.Size;
                new ReadOnlySpan<double>(sum, size).CopyTo(new(_result + _step.Adjoint.Layout.Start(Array.IndexOf(_step.Adjoint.Operands, operand)), size));
                sum += size;
            }

            _step._carried.Add(_carried);
        }
    }

    private LoopAdjoint Adjoint => adjoint;

    private Memory Cotangent => operands[^1];

    private Memory Result => result;
}

/// <summary>The programs of a loop: its step, and its condition if it has one.</summary>
internal sealed class LoopProgram(Loop loop, CompileOptions options)
{
    private readonly ConcurrentBag<LoopMotion> _motions = [];

    public Loop Loop => loop;

    public CompiledBody Step { get; } = CompiledBody.Of(loop.Step, options);

    public CompiledBody? Condition { get; } = loop.Condition is null ? null : CompiledBody.Of(loop.Condition, options);

    /// <summary>How many numbers the state has.</summary>
    public int Size { get; } = loop.Step.Results.Take(loop.States).Sum(state => state.Shape.Size);

    public LoopMotion Rent()
    {
        var motion = _motions.TryTake(out var used) ? used : new(this);
        (motion.StepWorkspace, motion.ConditionWorkspace) = (Step.Rent(), Condition?.Rent());
        return motion;
    }

    public void Return(LoopMotion motion)
    {
        Step.Return(motion.StepWorkspace!);
        Condition?.Return(motion.ConditionWorkspace!);
        _motions.Add(motion);
    }
}

/// <summary>A loop in motion: where its state is, and what comes next.</summary>
internal sealed unsafe class LoopMotion
{
    // Not the program of the loop, which keeps motions to use again: what is kept for a thread and leads back to the keeper is never freed.
    private readonly CompiledBody _step;
    private readonly CompiledBody? _condition;
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

    /// <summary>The memory that steps are run in, as long as the motion is rented.</summary>
    public Workspace? StepWorkspace { get; set; }

    /// <summary>The memory that the condition is run in, if there is one.</summary>
    public Workspace? ConditionWorkspace { get; set; }

    /// <summary>How many steps have been taken.</summary>
    public int Taken { get; set; }

    public Span<double> State => new(_now, _size);

    private double* First => (double*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_memory));

    /// <summary>Goes to the first step, with the operands of the loop.</summary>
    public void Begin(double** places, ReadOnlySpan<Memory> operands)
    {
        _now = First;
        _next = First + _size;
        Taken = 0;
        var start = 0;
        for (var i = 0; i < operands.Length; i++)
        {
            _operands[i] = Compilation.Step.At(places, operands[i]);
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

    /// <summary>Whether there is another step. A condition that is NaN ends the loop.</summary>
    /// <exception cref="AutodiffException">There is, but no more are allowed.</exception>
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
        return Math.Abs(holds) > 0 && (Taken < _loop.Steps ? true : throw _loop.TooManySteps());
    }

    /// <summary>Takes the next step.</summary>
    /// <param name="outputs">Where the stacks of outputs lie, one after another; null if they are not wanted.</param>
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

    /// <summary>Points arguments of a program that start as the step's do to the items at a position.</summary>
    public void Items(Workspace workspace, int position)
    {
        for (var i = _loop.States; i < _loop.States + _loop.Items; i++)
        {
            workspace.Arguments[i] = _operands[i] + ((long)position * _sizes[i]);
        }
    }

    /// <summary>Points them to the captured tensors.</summary>
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
