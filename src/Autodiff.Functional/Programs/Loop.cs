// A loop as one node: Fold, Scan, Iterate and While are this, with or without items, outputs and a condition. What a step does
// is a body, so the loop's derivatives are loops again: the tangent of a loop is the loop of the tangent of its step.

using Autodiff.Functional.Evaluation;

namespace Autodiff.Functional.Programs;

/// <summary>
/// (s₀, x₁ … xₙ, c) ↦ (sₙ, y₁ … yₙ) with (sₜ, yₜ) = step(sₜ₋₁, xₜ, c): a carried state s, items x that are slices along a
/// leading axis, what the step captured c, and outputs y that are stacked. The node's operands are s₀, x and c in this order;
/// its value is one vector of sₙ and the stacks y.
/// </summary>
/// <param name="operation">What the user called, for errors.</param>
/// <param name="step">From the state, the items of one step and the captured to the next state and the outputs of the step.</param>
/// <param name="condition">From the state and the captured to whether there is another step; null where the number of steps is given.</param>
/// <param name="states">How many tensors the state has.</param>
/// <param name="items">How many tensors are scanned.</param>
/// <param name="steps">The number of steps; with a condition, the most that are allowed.</param>
/// <param name="reversed">Whether the steps go from the last item to the first.</param>
/// <param name="stride">In a reverse sweep the state is kept every so many steps and computed again in between.</param>
internal sealed class Loop(string operation, Body step, Body? condition, int states, int items, int steps, bool reversed, int stride) : IProgram
{
    public string Operation => operation;

    public Body Step => step;

    public Body? Condition => condition;

    public IReadOnlyList<Body> Bodies => Condition is null ? [Step] : [Condition, Step];

    public bool MayFail => condition is not null || step.MayFail;

    public int States => states;

    public int Items => items;

    public int Steps => steps;

    /// <summary>What it is and how many steps it takes, for people.</summary>
    public string Description => condition is null ? $"{operation} of {steps} steps" : $"{operation} of as many steps as its condition allows";

    public bool IsReversed => reversed;

    public int Stride => stride;

    /// <summary>The loop that this one is a part of, and the operands of that which it has too; null if it is no part.</summary>
    public (Loop Loop, bool[] Operands)? Whole { get; private init; }

    public int Captured => Step.Parameters.Length - States - Items;

    public int Outputs => Step.Results.Length - States;

    public int OperandCount => Step.Parameters.Length;

    /// <summary>The final state and the stacks of outputs in the vector that is the loop's value.</summary>
    public Packing Layout { get; } = new(operation, step.Results.Select((result, i) => i < states ? result.Shape : Stacked(steps, result.Shape)));

    /// <summary>The shape of an operand.</summary>
    public Shape OperandShape(int operand) =>
        operand >= States && operand < States + Items ? Stacked(Steps, Step.Parameters[operand].Shape) : Step.Parameters[operand].Shape;

    /// <summary>The value: the loop run on numbers.</summary>
    public Storage Run(ReadOnlySpan<Storage> operands)
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

    /// <summary>The position of the items of a step.</summary>
    public int ItemOf(int step) => reversed ? Steps - 1 - step : step;

    /// <summary>The node of this loop over operands.</summary>
    public Expr Node(ReadOnlySpan<Expr> operands) => Expr.Make(Op.Loop, this, Layout.Shape, operands);

    /// <summary>
    /// The loop that carries tangents beside its state: its states are s and those of ṡ that move, and so on for items,
    /// captured and outputs. Which states move is found by going round until no more do.
    /// </summary>
    /// <param name="moves">Which operands have tangents; set for the states that come to move.</param>
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
            // A state that moves at first keeps a tangent, even where a step makes it anew.
            tangents[state] ??= moves[state] ? Expr.Zeros(Step.Results[state].Shape) : null;
        }

        moving = Array.ConvertAll(tangents, tangent => tangent is not null);
        Expr[] Beside(Expr[] values, Expr?[] their, int start, int count) => [.. values.AsSpan(start, count), .. their.Skip(start).Take(count).OfType<Expr>()];
        var carried = Beside(Step.Parameters, leaves, 0, States);
        var scanned = Beside(Step.Parameters, leaves, States, Items);
        var captured = Beside(Step.Parameters, leaves, States + Items, Captured);
        return Over(
            Body.Over([.. carried, .. scanned, .. captured], [.. Beside(Step.Results, tangents, 0, States), .. Beside(Step.Results, tangents, States, Outputs)]),
            Condition is null ? null : Rebound(Condition, carried, captured),
            carried.Length,
            scanned.Length);
    }

    /// <summary>The loop without what some parts of its value do not need.</summary>
    /// <param name="parts">The parts that are needed; set for the states that these are made of.</param>
    /// <param name="operands">Which operands remain: those states, and the items and captured that are read.</param>
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
            reads = Body.Over(Step.Parameters, results).Reads();
        }
        while (!Enumerable.Range(0, States).All(state => parts[state] || !reads[state]));

        bool[] kept = [.. parts.AsSpan(0, States), .. reads.AsSpan(States, Items), .. reads.Skip(States + Items).Zip(tested.Skip(States), (step, test) => step || test)];
        operands = kept;
        Expr[] carried = [.. Step.Parameters.Where((_, i) => kept[i])];
        Expr[] testing = [.. Condition?.Parameters.Where((_, i) => kept[i < States ? i : i + Items]) ?? []];
        return Over(
            Body.Over(carried, results),
            Condition is null ? null : Body.Over(testing, Condition.Results),
            kept.AsSpan(0, States).Count(true),
            kept.AsSpan(States, Items).Count(true),
            (this, kept));
    }

    /// <summary>A loop of as many steps in the same direction that does something else in a step.</summary>
    public Loop Over(Body otherStep, Body? otherCondition, int otherStates, int otherItems, (Loop Loop, bool[] Operands)? whole = null) =>
        new(operation, otherStep, otherCondition, otherStates, otherItems, steps, reversed, stride) { Whole = whole };

    /// <summary>
    /// One step back: from the state, items and captured of a step and the cotangents of its results to the cotangents
    /// of the state, and those of the wanted items and captured.
    /// </summary>
    public Body StepBack(ReadOnlySpan<bool> wanted)
    {
        var all = wanted.ToArray();
        all.AsSpan(0, States).Fill(true);
        return Step.Pullback(all);
    }

    /// <summary>The condition over more states and captured, of which it reads the first ones.</summary>
    private Body Rebound(Body test, Expr[] carried, Expr[] captured) => Body.Over(
        [.. carried, .. captured], test.Apply([.. Step.Parameters.AsSpan(0, States), .. Step.Parameters.AsSpan(States + Items)]));

    /// <summary>The error of a loop whose condition holds after the last step that is allowed.</summary>
    public AutodiffException TooManySteps() =>
        new($"{operation}: the condition still holds after {steps} steps, the most that were allowed; raise the limit, or see why the loop does not end.");

    private static Shape Stacked(int steps, Shape item) => new([steps, .. item.Lengths]);
}
