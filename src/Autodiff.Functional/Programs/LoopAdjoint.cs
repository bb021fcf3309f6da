// The reverse sweep through a loop as one node: it runs the loop forward, keeping states, and then the pullbacks of the steps backward.
// Its own derivatives are again loops and reverse sweeps through loops, namely those of the loop that carries tangents (LoopJvp).

using System.Runtime.CompilerServices;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional.Programs;

/// <summary>
/// (s₀, x, c, ȳ) ↦ the cotangents of the wanted operands of a loop, given a cotangent ȳ of its value. The number of steps need not be
/// known in advance: the forward run finds it. The value is one vector of all these cotangents.
/// </summary>
internal sealed record LoopAdjoint : ProgramPrimitive
{
    public LoopAdjoint(Loop loop, bool[] wanted)
        : this(loop, [.. Enumerable.Range(0, wanted.Length).Where(operand => wanted[operand])], loop.StepBack(wanted))
    {
    }

    /// <summary>A sweep whose pullback of a step is known.</summary>
    public LoopAdjoint(Loop loop, int[] operands, Computation stepBack)
        : base(loop.Operation)
    {
        (Loop, Operands, StepBack) = (loop, operands, stepBack);
        Layout = new(loop.Operation, Operands.Select(loop.OperandShape));
    }

    public Loop Loop { get; }

    /// <summary>The pullback of one step, to the cotangents of the state and then of the other wanted operands.</summary>
    public Computation StepBack { get; }

    public override Op Op => Op.LoopAdjoint;

    public override IReadOnlyList<Computation> Computations => Loop.Computations;

    public override object? Settings => (Loop.Settings, string.Join(' ', Operands));

    public override bool MayFail => Loop.MayFail;

    /// <summary>The operands of the loop whose cotangents are wanted.</summary>
    public int[] Operands { get; }

    /// <summary>Where the cotangents of these operands stand in the vector that is the value.</summary>
    public Packing Layout { get; }

    /// <summary>The node over the operands of the loop and a cotangent of its value.</summary>
    public Expr Node(ReadOnlySpan<Expr> operands, Expr cotangent) => Expr.Make(this, Layout.Shape, [.. operands, cotangent]);

    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands)
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

    /// <summary>All states are kept: this sweep is for verification, not for long loops.</summary>
    public override T[] EvaluateIn<T>(NumberField<T> field, Shape shape, ReadOnlySpan<NumberTensor<T>> operands)
    {
        var run = new NumberLoopRun<T>(Loop, field, operands[..^1]);
        var kept = new Stack<NumberTensor<T>[]>();
        while (run.HasNext())
        {
            kept.Push([.. run.State]);
            run.Step();
        }

        var cotangent = operands[^1].Elements;
        NumberTensor<T> Seed(int part, Shape own, int offset) => new(own, cotangent.AsSpan(Loop.Layout.Start(part) + offset, own.Size).ToArray());
        var flows = new NumberTensor<T>[Loop.States];
        for (var state = 0; state < flows.Length; state++)
        {
            flows[state] = Seed(state, Loop.Layout.ShapeOf(state), 0);
        }

        var sums = new T[shape.Size];
        Array.Fill(sums, T.Zero);
        var inner = new NumberTensor<T>[StepBack.Parameters.Length];
        while (kept.TryPop(out var state))
        {
            var item = Loop.ItemOf(kept.Count);
            run.SetArguments(inner, state, item);
            flows.CopyTo(inner, Loop.OperandCount);
            for (var output = Loop.States; output < Loop.Step.Results.Length; output++)
            {
                var own = Loop.Step.Results[output].Shape;
                inner[Loop.OperandCount + output] = Seed(output, own, item * own.Size);
            }

            var results = StepBack.RunIn(field, inner);
            for (var i = 0; i < flows.Length; i++)
            {
                flows[i] = new(flows[i].Shape, results[i]);
            }

            // The results after those of the states are the cotangents of the wanted items and captured values, in order.
            var next = flows.Length;
            for (var i = 0; i < Operands.Length; i++)
            {
                if (Operands[i] >= Loop.States)
                {
                    var flow = results[next++];
                    var start = Layout.Start(i) + (Loop.IsItem(Operands[i]) ? item * flow.Length : 0);
                    for (var j = 0; j < flow.Length; j++)
                    {
                        sums[start + j] += flow[j];
                    }
                }
            }
        }

        for (var i = 0; i < Operands.Length && Operands[i] < flows.Length; i++)
        {
            flows[Operands[i]].Elements.CopyTo(sums, Layout.Start(i));
        }

        return sums;
    }

    public override Sensitivity? Push(Point point, Expr node, Sensitivity?[] tangents) => new(Push(point.EnterOperands(node), ValuesOf(tangents)), null);

    public override Sensitivity?[] Pull(Point point, Expr node, bool[] wanted, Sensitivity cotangent) => Unmasked(Pull(point.EnterOperands(node), wanted, cotangent.Value));

    public override int[] Depend(Expr node, int[]?[] operands, IndexSets sets) =>
        Dependence.Packed(Layout, new LoopDependence(Loop, operands[..^1], sets).OfCotangents(this, Dependence.Parts(Loop.Layout, operands[^1])));

    /// <summary>
    /// If the loop has a condition and its step searches for a solution, each sample runs the whole sweep separately: searches run sample by
    /// sample in any case, and this way no sample searches after its own last step.
    /// </summary>
    public override Expr Batch(Expr node, Batched[] operands, int size) =>
        Loop.Condition is not null && Loop.Step.Searches ? new Batching(size).OneByOne(node, this, operands) : BatchAll(operands, size);

    public override Fragment Print(Notation notation, Expr node, ReadOnlySpan<Fragment> operands) =>
        notation.Call(notation.Function("vjp"), [Loop.Print(notation, operands[..^1]).Text, operands[^1].Text]);

    // ⟨w, Jᵀȳ⟩ = ⟨J·w, ȳ⟩: the derivative in ȳ is J·w, and that in the operands of the loop is the pullback of the loop that carries the tangent w.
    private Expr?[] Pull(Expr[] operands, bool[] wanted, Expr cotangent)
    {
        var tangents = new Expr?[operands.Length - 1];
        for (var i = 0; i < Operands.Length; i++)
        {
            tangents[Operands[i]] = Layout.Part(cotangent, i);
        }

        var moving = new LoopJvp(Loop, operands[..^1], tangents);
        var flows = new Expr?[operands.Length];
        int[] positions = [.. Enumerable.Range(0, tangents.Length).Where(operand => wanted[operand])];
        if (positions.Length > 0)
        {
            var cotangents = moving.Cotangents(positions, null, operands[^1]);
            var layout = new Packing(Loop.Operation, positions.Select(Loop.OperandShape));
            for (var i = 0; i < positions.Length; i++)
            {
                flows[positions[i]] = layout.Part(cotangents, i);
            }
        }

        flows[^1] = wanted[^1] ? moving.Tangent() : null;
        return flows;
    }

    private Expr Push(Expr[] operands, Expr?[] tangents) =>
        Array.TrueForAll(tangents[..^1], tangent => tangent is null)
            ? Node(operands.AsSpan(..^1), tangents[^1]!)
            : new LoopJvp(Loop, operands[..^1], tangents[..^1]).Cotangents(Operands, tangents[^1], operands[^1]);

    /// <summary>The cotangents differ between samples, so all operands are batched.</summary>
    private Expr BatchAll(Batched[] operands, int size)
    {
        var (loop, batching) = (Loop, new Batching(size));
        var isBatched = new bool[loop.OperandCount];
        isBatched.AsSpan().Fill(true);
        var (batched, parts) = loop.BatchedOver(isBatched, size);
        var values = new Expr[loop.OperandCount];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = loop.IsItem(i) ? Batching.Swapped(operands[i].ForEach(size)) : operands[i].ForEach(size);
        }

        var seeds = batching.Unpack(loop.Layout, operands[^1].ForEach(size));
        for (var part = 0; part < seeds.Length; part++)
        {
            // A part that all samples share has one cotangent, the sum of those of the samples.
            seeds[part] = !parts[part] ? Expr.Sum(seeds[part], 0) : part >= loop.States ? Batching.Swapped(seeds[part]) : seeds[part];
        }

        var wanted = new bool[loop.OperandCount];
        foreach (var operand in Operands)
        {
            wanted[operand] = true;
        }

        var over = new LoopAdjoint(batched, wanted);
        var flows = over.Layout.Parts(over.Node(values, Packing.Pack(seeds)));
        return batching.Pack([.. flows.Zip(Operands, (flow, operand) => loop.IsItem(operand) ? Batching.Swapped(flow) : flow)]);
    }

    public bool Equals(LoopAdjoint? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    /// <summary>
    /// Runs the pullbacks of the steps: the cotangent of the state is carried, those of items are stored, those of captured values summed.
    /// </summary>
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
            _frame = adjoint.StepBack.Bytecode.NewFrame();
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

        /// <summary>
        /// From the cotangent of the state after a step to that of the state before it, given the state before it and the position of its
        /// items.
        /// </summary>
        public void Step(Storage[] state, int item)
        {
            var (loop, code) = (_adjoint.Loop, _adjoint.StepBack.Bytecode);
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

            // The results after those of the states are the cotangents of the wanted items and captured values, in order.
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

        /// <summary>Writes the cotangents of the initial state.</summary>
        public void Finish()
        {
            for (var i = 0; i < _adjoint.Operands.Length && _adjoint.Operands[i] < _state.Length; i++)
            {
                _state[_adjoint.Operands[i]].Span.CopyTo(_result.AsSpan(_adjoint.Layout.Start(i)));
            }
        }
    }
}
