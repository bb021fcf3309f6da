// Random programs with loops and branches, nested arbitrarily. Each step and each branch is again a random program, of the state, the current
// item, and a tensor captured from outside.

using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Generators;

/// <summary>A part of a program: a function of a state, an item and a captured tensor to a new state of the same shape.</summary>
/// <param name="Parts">The steps or branches that it contains.</param>
public abstract record Flow(IReadOnlyList<Flow> Parts)
{
    // The difference of two means is never equal to this number, so a comparison with it is never a tie, where there would be no derivative.
    private const double Apart = 0.01371;

    /// <summary>The next state.</summary>
    internal abstract Expr Next(Control control, Expr state, Expr item, Expr outside);

    /// <summary>The same flow with other parts.</summary>
    internal abstract Flow With(IReadOnlyList<Flow> parts);

    /// <summary>Simpler flows, by which a counterexample is shrunk: each part alone, and the flow with one part made smaller.</summary>
    internal virtual IEnumerable<Flow> Smaller() =>
        Parts.Concat(Parts.SelectMany((part, i) => part.Smaller().Select(smaller => With([.. Parts.Take(i), smaller, .. Parts.Skip(i + 1)]))));

    /// <summary>A tensor of the shape of the first that depends on both.</summary>
    private protected static Expr Mixed(Expr a, Expr b) => (a + (a.Shape == b.Shape ? b : Mean(b))) / 2;

    private protected static Expr Items(Expr item, int count) => Stack([item, -item, item / 2, Cos(item)])[..count];

    /// <summary>A sequence of instructions without loops or branches.</summary>
    internal sealed record Straight(IReadOnlyList<Instruction> Instructions) : Flow([])
    {
        internal override Expr Next(Control control, Expr state, Expr item, Expr outside)
        {
            var result = Program.Run(Instructions, state, item, outside)[^1];
            return result.Shape == state.Shape ? result : Mixed(state, result);
        }

        internal override Flow With(IReadOnlyList<Flow> parts) => this;

        internal override IEnumerable<Flow> Smaller() =>
            Instructions.Count == 1 ? [] : Instructions.Select((_, i) => new Straight([.. Instructions.Take(i), .. Instructions.Skip(i + 1)]));

        public override string ToString() => string.Join("; ", Program.Texts(Instructions, ["state", "item", "outside"]));
    }

    internal sealed record Folded(Flow Step, int Count) : Flow([Step])
    {
        internal override Expr Next(Control control, Expr state, Expr item, Expr outside) =>
            control.Fold((s, x) => Step.Next(control, s, x, Mixed(outside, state)), state, Items(item, Count));

        internal override Flow With(IReadOnlyList<Flow> parts) => new Folded(parts[0], Count);

        public override string ToString() => $"Fold({Count}, {Step})";
    }

    internal sealed record Scanned(Flow Step, int Count, bool Reverse) : Flow([Step])
    {
        internal override Expr Next(Control control, Expr state, Expr item, Expr outside)
        {
            var (final, outputs) = control.Scan<(Expr S, Expr T)>(
                (p, x) => ((Step.Next(control, p.S, x, outside), Mixed(p.T, p.S)), Sin(p.S) * Mean(x) * Mean(item)),
                (state, outside),
                Items(item, Count),
                Reverse);
            return (final.S + Mean(final.T) + Mean(outputs * outputs, 0)) / 3;
        }

        internal override Flow With(IReadOnlyList<Flow> parts) => new Scanned(parts[0], Count, Reverse);

        public override string ToString() => $"Scan({Count}{(Reverse ? " reversed" : "")}, {Step})";
    }

    internal sealed record Iterated(Flow Step, int Count) : Flow([Step])
    {
        internal override Expr Next(Control control, Expr state, Expr item, Expr outside) =>
            control.Iterate(Count, s => Step.Next(control, s, item, Mixed(outside, state)), state);

        internal override Flow With(IReadOnlyList<Flow> parts) => new Iterated(parts[0], Count);

        public override string ToString() => $"Iterate({Count}, {Step})";
    }

    /// <summary>A loop that runs while the mean of the state is greater than a bound; the bound rises with each step, so that the loop ends.</summary>
    internal sealed record Repeated(Flow Step) : Flow([Step])
    {
        internal override Expr Next(Control control, Expr state, Expr item, Expr outside) => control.While(
            p => Mean(p.S) + 1 > Mean(outside) + Apart + p.I,
            ((Expr S, Expr I) p) => (Step.Next(control, p.S, item, outside), p.I + 1),
            (state, 0)).S;

        internal override Flow With(IReadOnlyList<Flow> parts) => new Repeated(parts[0]);

        public override string ToString() => $"While({Step})";
    }

    internal sealed record Chosen(Flow Then, Flow Otherwise) : Flow([Then, Otherwise])
    {
        internal override Expr Next(Control control, Expr state, Expr item, Expr outside) => control.Cond(
            Mean(state) > Mean(outside) + Apart,
            () => Then.Next(control, state, item, outside),
            () => Otherwise.Next(control, state, item, outside));

        internal override Flow With(IReadOnlyList<Flow> parts) => new Chosen(parts[0], parts[1]);

        public override string ToString() => $"Cond({Then}, {Otherwise})";
    }

    /// <summary>
    /// A branch that must not run unless it is taken: otherwise its loop would never end, and its matrix would have no Cholesky factor.
    /// </summary>
    internal sealed record Guarded(Flow Step) : Flow([Step])
    {
        internal override Expr Next(Control control, Expr state, Expr item, Expr outside)
        {
            var margin = Mean(state) - Mean(outside) - Apart;
            return control.Cond(
                margin > 0,
                () =>
                {
                    var grown = control.While(s => s < 4, s => 2 * s, margin);
                    var factor = Cholesky(Diag(Stack([1, margin])));

                    // The margin is below 5, so that this is below 2, as states have to be.
                    return Mixed(Step.Next(control, state, item, outside), (grown / 8) + (Sum(factor) / 4));
                },
                () => state / 2);
        }

        internal override Flow With(IReadOnlyList<Flow> parts) => new Guarded(parts[0]);

        public override string ToString() => $"Guarded({Step})";
    }

    /// <summary>A derivative inside the program.</summary>
    internal sealed record Differentiated(Flow Step) : Flow([Step])
    {
        internal override Expr Next(Control control, Expr state, Expr item, Expr outside) =>
            Mixed(Tanh(AD.Grad(s => Mean(Step.Next(control, s, item, outside)))(state)), item);

        internal override Flow With(IReadOnlyList<Flow> parts) => new Differentiated(parts[0]);

        public override string ToString() => $"Grad({Step})";
    }
}

/// <summary>A flow as a function of one vector, with the point at which it is tested.</summary>
public sealed record FlowCase(Flow Flow, Expr State, Expr Item, Expr Outside)
{
    /// <summary>The state, the item and the captured tensor, as one vector.</summary>
    public Expr Point => Tree.Ravel((State, Item, Outside)).Vector;

    /// <summary>A weighted sum of the resulting state, as a function of the state, the item and the captured tensor in one vector.</summary>
    internal Func<Expr, Expr> By(Control control) => point =>
    {
        var (state, item, outside) = Tree.Ravel((State, Item, Outside)).Unravel(point);
        return Sum(Tensors.Direction(State.Shape, 1) * Flow.Next(control, state, item, outside));
    };

    /// <summary>The function along a line through the point.</summary>
    internal Func<Expr, Expr> OnLine(Control control) => t => By(control)(Point + (t * Tensors.Direction(Point.Shape, 2)));
}

/// <summary>The generator of flows for FsCheck, which also shrinks them.</summary>
public static class Flows
{
    private const int Longest = 5;

    public static Arbitrary<FlowCase> Arbitrary { get; } = Arb.From(
        from depth in Gen.Choose(1, 3)
        from flow in Nested(depth)
        from state in Small
        from item in Small
        from outside in Small
        select new FlowCase(flow, state, item, outside),
        flow => flow.Flow.Smaller().Select(smaller => flow with { Flow = smaller }));

    private static Gen<Expr> Small => Tensors.Shapes.Where(shape => shape.Size <= 3 && shape.Rank <= 2).SelectMany(Tensors.Of);

    private static Gen<Flow> Straight =>
        from count in Gen.Choose(1, Longest)
        from instructions in Programs.Instruction.ArrayOf(count)
        select (Flow)new Flow.Straight(instructions);

    private static Gen<Flow> Nested(int depth) => depth == 0 ? Straight : Gen.Frequency(
        (1, Straight),
        (2, from step in Nested(depth - 1) from count in Gen.Choose(0, 3) select (Flow)new Flow.Folded(step, count)),
        (2, from step in Nested(depth - 1) from count in Gen.Choose(1, 3) from reverse in Gen.Elements(true, false) select (Flow)new Flow.Scanned(step, count, reverse)),
        (1, from step in Nested(depth - 1) from count in Gen.Choose(0, 3) select (Flow)new Flow.Iterated(step, count)),
        (2, from step in Nested(depth - 1) select (Flow)new Flow.Repeated(step)),
        (2, from then in Nested(depth - 1) from otherwise in Nested(depth - 1) select (Flow)new Flow.Chosen(then, otherwise)),
        (1, from step in Nested(depth - 1) select (Flow)new Flow.Guarded(step)),
        (1, from step in Nested(depth - 1) select (Flow)new Flow.Differentiated(step)));
}
