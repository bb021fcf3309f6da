// A loop as one node: Fold, Scan, Iterate and While make it, with or without items, outputs and a condition. The step is a computation,
// so the loop's derivatives are loops again: the tangent of a loop is a loop whose step also computes the tangent of the step.

using System.Runtime.CompilerServices;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional.Programs;

/// <summary>
/// (s₀, x₁ … xₙ, c) ↦ (sₙ, y₁ … yₙ) with (sₜ, yₜ) = step(sₜ₋₁, xₜ, c): a carried state s, items x that are slices along a
/// leading axis, captured values c, and outputs y that are stacked. The node's operands are s₀, x and c in this order; its value is one
/// vector of sₙ and the stacks y.
/// </summary>
/// <param name="Operation">The name of what the user called, for errors.</param>
/// <param name="Step">From the state, the items of one step and the captured values to the next state and the outputs of the step.</param>
/// <param name="Condition">From the state and the captured values to whether there is another step; null if the number of steps is given.</param>
/// <param name="States">How many tensors the state has.</param>
/// <param name="Items">How many tensors are scanned.</param>
/// <param name="Steps">The number of steps; with a condition, the most that are allowed.</param>
/// <param name="IsReversed">Whether the steps go from the last item to the first.</param>
/// <param name="Stride">The number of steps between two states that a reverse sweep keeps; the states in between are computed again.</param>
internal sealed record Loop(string Operation, Computation Step, Computation? Condition, int States, int Items, int Steps, bool IsReversed, int Stride) : ProgramPrimitive(Operation)
{
    public override Op Op => Op.Loop;

    public override IReadOnlyList<Computation> Computations => Condition is null ? [Step] : [Condition, Step];

    public override object? Settings => (Condition is null, States, Items, Steps, IsReversed, Stride, Control);

    public override bool MayFail => Condition is not null || Step.MayFail;

    /// <summary>The most steps of a loop with a condition, unless the caller says otherwise.</summary>
    public const int UsualLimit = 10_000_000;

    /// <summary>Who watches the loop and may stop it; null if nobody does.</summary>
    public IterationControl? Control { get; init; }

    /// <summary>The name of the loop and its number of steps, for messages and reports.</summary>
    public string Description => Condition is null ? $"{Operation} of {Steps} steps" : $"{Operation} of as many steps as its condition allows";

    /// <summary>
    /// The loop that this one was restricted from by <see cref="Only"/>, and which of the operands of that loop this one has; null if there is
    /// none.
    /// </summary>
    public (Loop Loop, bool[] Operands)? Whole { get; private init; }

    public int Captured => Step.Parameters.Length - States - Items;

    public int Outputs => Step.Results.Length - States;

    public int OperandCount => Step.Parameters.Length;

    /// <summary>Where the final state and the stacks of outputs stand in the vector that is the loop's value.</summary>
    public Packing Layout { get; } = new(Operation, Step.Results.Select((result, i) => i < States ? result.Shape : Stacked(Steps, result.Shape)));

    /// <summary>The shape of an operand.</summary>
    public Shape OperandShape(int operand) =>
        operand >= States && operand < States + Items ? Stacked(Steps, Step.Parameters[operand].Shape) : Step.Parameters[operand].Shape;

    /// <summary>The value: the loop run on numbers.</summary>
    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands)
    {
        var result = Storage.Uninitialized(Layout.Shape, out var elements);
        var run = new LoopRun(this, operands);
        while (run.HasNext())
        {
            var item = ItemOf(run.Taken);
            run.Step();
            for (var output = 0; output < Outputs; output++)
            {
                var value = run.Output(output).Span;
                value.CopyTo(elements[(Layout.Start(States + output) + (item * value.Length))..]);
            }
        }

        for (var state = 0; state < States; state++)
        {
            run.State[state].Span.CopyTo(elements[Layout.Start(state)..]);
        }

        return result;
    }

    public override T[] EvaluateIn<T>(NumberField<T> field, Shape shape, ReadOnlySpan<NumberTensor<T>> operands)
    {
        var run = new NumberLoopRun<T>(this, field, operands);
        var elements = new T[shape.Size];
        while (run.HasNext())
        {
            var item = ItemOf(run.Taken);
            var results = run.Step();
            for (var output = States; output < results.Length; output++)
            {
                results[output].CopyTo(elements, Layout.Start(output) + (item * results[output].Length));
            }
        }

        for (var state = 0; state < States; state++)
        {
            run.State[state].Elements.CopyTo(elements, Layout.Start(state));
        }

        return elements;
    }

    /// <summary>The position of the items of a step.</summary>
    public int ItemOf(int step) => IsReversed ? Steps - 1 - step : step;

    /// <summary>The node of this loop over operands.</summary>
    public Expr Node(ReadOnlySpan<Expr> operands) => Expr.Make(this, Layout.Shape, operands);

    /// <summary>
    /// The loop that also carries tangents: its states are s, followed by those of ṡ that are not structurally zero; items, captured
    /// values and outputs likewise. Which states have tangents is found by repeating the step until no further state gets one.
    /// </summary>
    /// <param name="moves">Which operands have tangents; on return also true for the states that get one during the loop.</param>
    /// <param name="moving">Which parts of the value have tangents.</param>
    public Loop Pushforward(Span<bool> moves, out bool[] moving)
    {
        Expr?[] leaves;
        Expr?[] tangents;
        bool settled;
        do
        {
            (leaves, tangents) = Step.Tangents(moves);
            settled = true;
            for (var state = 0; state < States; state++)
            {
                settled &= moves[state] || tangents[state] is null;
                moves[state] |= tangents[state] is not null;
            }
        }
        while (!settled);

        for (var state = 0; state < States; state++)
        {
            // A state whose first value has a tangent keeps one (zero), even if the step replaces the state by a value without tangent.
            tangents[state] ??= moves[state] ? Expr.Zeros(Step.Results[state].Shape) : null;
        }

        moving = Array.ConvertAll(tangents, tangent => tangent is not null);
        Expr[] Beside(Expr[] values, Expr?[] their, int start, int count) => [.. values.AsSpan(start, count), .. their.Skip(start).Take(count).OfType<Expr>()];
        var carried = Beside(Step.Parameters, leaves, 0, States);
        var scanned = Beside(Step.Parameters, leaves, States, Items);
        var captured = Beside(Step.Parameters, leaves, States + Items, Captured);
        return Over(
            Computation.Over([.. carried, .. scanned, .. captured], [.. Beside(Step.Results, tangents, 0, States), .. Beside(Step.Results, tangents, States, Outputs)]),
            Rebound(carried, captured),
            carried.Length,
            scanned.Length);
    }

    /// <summary>The loop that computes only some parts of its value, without the states, items and captured values that these do not need.</summary>
    /// <param name="parts">The parts that are needed; on return also true for the states that these depend on.</param>
    /// <param name="operands">Which operands remain: those states, and the items and captured values that are read.</param>
    public Loop Only(bool[] parts, out bool[] operands)
    {
        Expr[] results;
        var tested = Condition?.Reads() ?? new bool[States + Captured];
        var reads = tested;
        do
        {
            for (var state = 0; state < States; state++)
            {
                parts[state] |= reads[state];
            }

            results = [.. Step.Results.Where((_, part) => parts[part])];
            reads = Computation.Over(Step.Parameters, results).Reads();
        }
        while (!Enumerable.Range(0, States).All(state => parts[state] || !reads[state]));

        bool[] kept = [.. parts.AsSpan(0, States), .. reads.AsSpan(States, Items), .. reads.Skip(States + Items).Zip(tested.Skip(States), (step, test) => step || test)];
        operands = kept;
        Expr[] carried = [.. Step.Parameters.Where((_, i) => kept[i])];
        Expr[] testing = [.. Condition?.Parameters.Where((_, i) => kept[i < States ? i : i + Items]) ?? []];
        return Over(
            Computation.Over(carried, results),
            Condition is null ? null : Computation.Over(testing, Condition.Results),
            kept.AsSpan(0, States).Count(true),
            kept.AsSpan(States, Items).Count(true),
            (this, kept));
    }

    /// <summary>A loop with the same number of steps in the same direction, but another step and condition.</summary>
    public Loop Over(Computation otherStep, Computation? otherCondition, int otherStates, int otherItems, (Loop Loop, bool[] Operands)? whole = null) =>
        new(Operation, otherStep, otherCondition, otherStates, otherItems, Steps, IsReversed, Stride) { Whole = whole, Control = Control };

    /// <summary>
    /// The pullback of one step: from the state, items and captured values of a step and the cotangents of its results to the
    /// cotangents of the state and those of the wanted items and captured values.
    /// </summary>
    public Computation StepBack(ReadOnlySpan<bool> wanted)
    {
        var all = wanted.ToArray();
        all.AsSpan(0, States).Fill(true);
        return Step.Pullback(all);
    }

    /// <summary>The condition over more states and captured values than it reads, which start with those of this loop; null if there is no condition.</summary>
    public Computation? Rebound(Expr[] carried, Expr[] captured) => Condition is null ? null : Computation.Over(
        [.. carried, .. captured], Condition.Apply([.. Step.Parameters.AsSpan(0, States), .. Step.Parameters.AsSpan(States + Items)]));

    /// <summary>The error of a loop whose condition holds after the last step that is allowed.</summary>
    public AutodiffException TooManySteps() =>
        new($"{Operation}: the condition still holds after {Steps} steps, the most that were allowed; raise the limit, or see why the loop does not end.");

    public override Sensitivity? Push(Point point, Expr node, Sensitivity?[] tangents) =>
        new(new LoopJvp(this, point.EnterOperands(node), ValuesOf(tangents)).Tangent(), null);

    public override int[] Depend(Expr node, int[]?[] operands, IndexSets sets) => Dependence.Packed(Layout, new LoopDependence(this, operands, sets).OfResults());

    public override PowerSeries Expand(Expr node, PowerSeries[] operands, Expr primal, SeriesTable table) => new JointSeries(
        primal, operands, table, curves => new LoopSeries(this, Array.ConvertAll(operands, operand => operand.Primal), curves).Coefficients());

    public override Sensitivity?[] Pull(Point point, Expr node, bool[] wanted, Sensitivity cotangent) => Unmasked(Pull(point.EnterOperands(node), wanted, cotangent));

    /// <summary>
    /// If there is a condition and the step searches for a solution, each sample runs the whole loop separately: searches run sample by sample in
    /// any case, and this way no sample searches after its own last step.
    /// </summary>
    public override Expr Batch(Expr node, Batched[] operands, int size) =>
        Condition is not null && Step.Searches ? new Batching(size).OneByOne(node, this, operands) : BatchAll(operands, size);

    public override Fragment Print(Notation notation, Expr node, ReadOnlySpan<Fragment> operands) => Print(notation, operands);

    /// <summary>fold((s, x) => step, init, items), iterate(n, s => step, init), while(s => condition, s => step, init, limit: n).</summary>
    public Fragment Print(Notation notation, ReadOnlySpan<Fragment> operands)
    {
        var text = new ProgramText(notation);
        var captured = operands[(States + Items)..];
        var states = text.Parameters("s", States, captured);
        var items = text.Parameters("x", Items, captured);
        var arguments = new List<string>();
        if (Condition is { } condition)
        {
            arguments.Add(text.Lambda(states, text.Inside(condition, [.. states, .. captured])));
        }
        else if (Items == 0)
        {
            arguments.Add($"{Steps}");
        }

        arguments.Add(text.Lambda([.. states, .. items], text.Inside(Step, [.. states, .. items, .. captured])));
        arguments.Add(text.Tuple(operands[..States]));
        if (Items > 0)
        {
            arguments.Add(text.Tuple(operands.Slice(States, Items)));
        }

        if (IsReversed)
        {
            arguments.Add(notation.Labelled("reverse", "true"));
        }

        if (Condition is not null && Steps != UsualLimit)
        {
            arguments.Add(notation.Labelled("limit", $"{Steps}"));
        }

        return notation.Call(NameIn(notation), arguments);
    }

    /// <summary>The loops as they are read: by the names of the operations that make them.</summary>
    public static Reader[] Readers { get; } =
    [
        Reader.Program("fold", call => Read("Fold", call, null, null)),
        Reader.Program("scan", call => Read("Scan", call, null, null)),
        Reader.Program("iterate", call => Read("Iterate", call, null, call.Operand("the number of steps"))),
        Reader.Program("while", call => Read("While", call, call.Function("the condition"), call.Integer("limit") ?? UsualLimit)),
    ];

    private static Expr Read(string operation, Reading call, ReadFunction? condition, Expr? count)
    {
        var step = call.Function("the step");
        var states = call.Tuple("the initial state");
        var items = count is null ? call.Tuple("the items") : [];
        var steps = count is null ? items[0].Shape is { Rank: > 0 } shape ? shape[0] : -1
            : count is { Op: Op.Constant, IsScalar: true, Scalar: >= 0 and <= int.MaxValue and var whole } && whole == Math.Floor(whole) ? (int)whole
            : throw new AutodiffException($"{operation}: the number of steps is not a whole number that is 0 or more.");
        if (Array.Exists(items, item => item.Rank == 0 || item.Shape[0] != steps))
        {
            throw new ShapeException($"{operation}: the items have the shapes {string.Join(", ", items.Select(item => item.Shape))}; they need a leading axis of one length.");
        }

        if (step.Parameters != states.Length + items.Length || (condition is not null && condition.Parameters != states.Length))
        {
            throw new AutodiffException(
                $"{operation}: the step has {step.Parameters} parameter(s){(condition is null ? "" : $" and the condition {condition.Parameters}")}, but there are {states.Length} state(s) and {items.Length} tensor(s) of items.");
        }

        Expr[] parameters = [.. states.Select(state => Expr.Parameter(state.Shape)), .. items.Select(item => Expr.Parameter(new Shape(item.Shape.Lengths[1..])))];
        var results = step.Apply(parameters);
        for (var i = 0; i < states.Length; i++)
        {
            if (i >= results.Length || results[i].Shape != states[i].Shape)
            {
                throw new ShapeException($"{operation}: the state has shape {states[i].Shape}, but the step returns {(i < results.Length ? results[i].Shape : "nothing")} for it; they must be equal.");
            }
        }

        var test = condition?.Apply(parameters.AsMemory(0, states.Length));
        if (test is not null and not [{ IsScalar: true }])
        {
            throw new ShapeException($"{operation}: the condition is not one number.");
        }

        var (computations, captured) = Computation.Close(operation, parameters, test is null ? [results] : [results, test]);
        var loop = new Loop(operation, computations[0], test is null ? null : computations[1], states.Length, items.Length, steps, call.Flag("reverse"), Stride: 1);
        return loop.Node([.. states, .. items, .. captured]);
    }

    // States that no cotangent reaches are left out of the loop: their cotangent is structurally zero, while the pullback of a step could
    // turn a numeric 0 into NaN (0·∞).
    private Expr?[] Pull(Expr[] operands, bool[] wanted, Sensitivity cotangent)
    {
        var parts = Layout.Live(cotangent.Live);
        var needed = Only(parts, out var remains);
        int[] kept = [.. Enumerable.Range(0, operands.Length).Where(operand => remains[operand])];
        var adjoint = new LoopAdjoint(needed, Array.ConvertAll(kept, operand => wanted[operand]));
        var flows = new Expr?[operands.Length];
        if (adjoint.Operands.Length > 0)
        {
            var node = adjoint.Node(Array.ConvertAll(kept, operand => operands[operand]), Packing.Pack(Some(Layout.Parts(cotangent.Value), parts)));
            for (var i = 0; i < adjoint.Operands.Length; i++)
            {
                flows[kept[adjoint.Operands[i]]] = adjoint.Layout.Part(node, i);
            }
        }

        return flows;
    }

    /// <summary>
    /// A loop over batched states, items and captured values. If the condition differs between samples, it runs until the last sample
    /// stops; each sample keeps the state that it stopped with.
    /// </summary>
    private Expr BatchAll(Batched[] operands, int size)
    {
        var isBatched = Array.ConvertAll(operands, operand => operand.IsBatched);
        var (batched, parts) = BatchedOver(isBatched, size);
        var values = new Expr[operands.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var value = isBatched[i] ? operands[i].ForEach(size) : operands[i].Value;
            values[i] = isBatched[i] && IsItem(i) ? Batching.Swapped(value) : value;
        }

        return Packed(batched.Layout.Parts(batched.Node(values)), parts, size);
    }

    /// <summary>The parts of a batched loop's value, packed into one vector for each sample.</summary>
    private Expr Packed(Expr[] parts, bool[] isBatched, int size)
    {
        var samples = new Expr[parts.Length];
        for (var part = 0; part < parts.Length; part++)
        {
            var stacked = isBatched[part] && part >= States ? Batching.Swapped(parts[part]) : parts[part];
            samples[part] = new Batched(stacked, isBatched[part]).ForEach(size);
        }

        return new Batching(size).Pack(samples);
    }

    /// <summary>The batched loop. A state that differs between samples after some step is batched from the start.</summary>
    /// <param name="isBatched">Which operands are batched; on return also true for the states that become batched.</param>
    /// <param name="size">The number of samples.</param>
    public (Loop Loop, bool[] Parts) BatchedOver(bool[] isBatched, int size)
    {
        var batching = new Batching(size);
        (Computation Computation, bool Differs)? condition;
        Computation step;
        bool[] parts;
        bool settled;
        do
        {
            condition = Test(isBatched, batching);
            (step, parts) = batching.Over(Step, isBatched);
            settled = true;
            for (var state = 0; state < States; state++)
            {
                var differs = parts[state] || condition is { Differs: true };
                settled &= isBatched[state] || !differs;
                isBatched[state] |= differs;
            }
        }
        while (!settled);

        Expr[] results = [.. step.Results];
        for (var state = 0; state < States; state++)
        {
            (results[state], parts[state]) = (isBatched[state] ? new Batched(results[state], parts[state]).ForEach(size) : results[state], isBatched[state]);
        }

        if (condition is not { } test)
        {
            return (Over(Computation.Over(step.Parameters, results), null, States, Items), parts);
        }

        Expr[] tested = [.. step.Parameters.AsSpan(0, States), .. step.Parameters.AsSpan(States + Items)];
        if (!test.Differs)
        {
            return (Over(Computation.Over(step.Parameters, results), Computation.Over(tested, test.Computation.Apply(tested)), States, Items), parts);
        }

        // A condition that is neither 0 nor NaN goes on; NaN stops, as in a loop of one sample.
        var goesOn = Expr.Abs(test.Computation.Apply(tested)[0]) > 0;
        var arguments = new Batched[step.Parameters.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = new(step.Parameters[i], isBatched[i]);
        }

        var next = batching.RunWhere(goesOn, Step, arguments);
        for (var state = 0; state < States; state++)
        {
            results[state] = Expr.Where(Batched.Aligned(goesOn, Step.Parameters[state].Rank), next[state].ForEach(size), step.Parameters[state]);
        }

        return (Over(Computation.Over(step.Parameters, results), Computation.Over(tested, [Expr.Sum(goesOn)]), States, Items), parts);
    }

    private (Computation Computation, bool Differs)? Test(bool[] isBatched, Batching batching)
    {
        if (Condition is null)
        {
            return null;
        }

        var (computation, differs) = batching.Over(Condition, [.. isBatched.AsSpan(0, States), .. isBatched.AsSpan(States + Items)]);
        return (computation, differs[0]);
    }

    /// <summary>Whether an operand is scanned.</summary>
    public bool IsItem(int operand) => operand >= States && operand < States + Items;

    public bool Equals(Loop? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    private static Shape Stacked(int steps, Shape item) => new([steps, .. item.Lengths]);
}
