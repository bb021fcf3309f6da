// A choice between two computations as one node: what Cond makes if its predicate has no fixed value.

using System.Runtime.CompilerServices;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Primitives;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Programs;

/// <summary>
/// (p, c) ↦ then(c) if p is not 0, otherwise(c) if it is 0: only the branch that is taken runs. Both branches read the same
/// captured values c and return tensors of the same shapes; the value of the node is one vector that contains these.
/// </summary>
internal sealed record Choice(string Operation, Computation Then, Computation Otherwise) : ProgramPrimitive(Operation)
{
    public override Op Op => Op.Cond;

    public override IReadOnlyList<Computation> Computations => [Then, Otherwise];

    public override object? Settings => null;

    /// <summary>Where the results of either branch stand in the vector that is the value.</summary>
    public Packing Layout { get; } = new(Operation, Then.Results.Select(result => result.Shape));

    public Expr Node(Expr predicate, ReadOnlySpan<Expr> captured) => Make(this, Layout.Shape, [predicate, .. captured]);

    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands) => Layout.Pack((operands[0][0] != 0 ? Then : Otherwise).Bytecode.Run(operands[1..]));

    /// <summary>If the type leaves the predicate undecided, both branches run, and the type chooses between their elements.</summary>
    public override T[] EvaluateIn<T>(NumberField<T> field, Shape shape, ReadOnlySpan<NumberTensor<T>> operands)
    {
        var predicate = operands[0].Elements[0];
        if (field.Decide(predicate) is { } isTaken)
        {
            return [.. (isTaken ? Then : Otherwise).RunIn(field, operands[1..]).SelectMany(part => part)];
        }

        var then = Then.RunIn(field, operands[1..]).SelectMany(part => part);
        var otherwise = Otherwise.RunIn(field, operands[1..]).SelectMany(part => part);
        return [.. then.Zip(otherwise, (x, y) => field.Apply(Op.Where, predicate, x, y))];
    }

    /// <summary>The same choice with only some of the results.</summary>
    public Choice Only(bool[] parts)
    {
        Computation Restricted(Computation branch) => Computation.Over(branch.Parameters, [.. branch.Results.Where((_, part) => parts[part])]);
        return new(Operation, Restricted(Then), Restricted(Otherwise));
    }

    /// <summary>
    /// The choice between the tangents of the branches; its operands after the predicate are the captured values and then their tangents.
    /// </summary>
    public Choice Pushforward(bool[] moves) => new(Operation, Moved(Then, moves), Moved(Otherwise, moves));

    /// <summary>
    /// The choice between the pullbacks of the branches; its operands after the predicate are the captured values and then the cotangents of
    /// the results.
    /// </summary>
    public Choice Pullback(bool[] wanted) => new(Operation, Then.Pullback(wanted), Otherwise.Pullback(wanted));

    public override Sensitivity? Push(Point point, Expr node, Sensitivity?[] tangents)
    {
        var operands = point.EnterOperands(node);
        var moving = Pushforward(Array.ConvertAll(tangents[1..], tangent => tangent is not null));
        return new(moving.Node(operands[0], [.. operands[1..], .. ValuesOf(tangents[1..]).OfType<Expr>()]), null);
    }

    /// <summary>Either branch may be taken.</summary>
    public override int[] Depend(Expr node, int[]?[] operands, IndexSets sets) => sets.Union(
        Dependence.Packed(Layout, Dependence.Of(Then, operands[1..], sets)), Dependence.Packed(Layout, Dependence.Of(Otherwise, operands[1..], sets)))!;

    public override PowerSeries Expand(Expr node, PowerSeries[] operands, Expr primal, SeriesTable table) => new JointSeries(primal, operands, table, curves =>
    {
        var order = curves[0].Length;
        var captured = curves[1..];
        var series = new Choice(Operation, Expanded(Then, captured, order), Expanded(Otherwise, captured, order));
        var value = series.Node(
            operands[0].Primal, [.. operands.Skip(1).Select(operand => operand.Primal), .. captured.SelectMany(ValuesOf).OfType<Expr>()]);
        return Unmasked(series.Layout.Groups(value, Layout.Count));
    });

    public override Sensitivity?[] Pull(Point point, Expr node, bool[] wanted, Sensitivity cotangent) => [null, .. Pull(point.EnterOperands(node), wanted[1..], cotangent)];

    /// <summary>
    /// If the predicate differs between samples and a branch searches for a solution, each sample runs the whole node separately. Searches run sample
    /// by sample in any case, and this way no sample runs a search of the branch that it does not take.
    /// </summary>
    public override Expr Batch(Expr node, Batched[] operands, int size) => operands[0].IsBatched && (Then.Searches || Otherwise.Searches)
        ? new Batching(size).OneByOne(node, this, operands)
        : BatchAll(operands, size);

    public override Fragment Print(Notation notation, Expr node, ReadOnlySpan<Fragment> operands)
    {
        var text = new ProgramText(notation);
        return notation.Call(NameIn(notation), [operands[0].Text, text.Inside(Then, operands[1..]), text.Inside(Otherwise, operands[1..])]);
    }

    /// <summary>cond(predicate, then, otherwise). Both branches are traced; if the predicate is a constant, only the branch that is taken is read.</summary>
    public static Reader Reader { get; } = Reader.Program("cond", call =>
    {
        var predicate = call.Operand("the predicate");
        var (then, otherwise) = (call.Branch("the first branch"), call.Branch("the second branch"));
        if (!predicate.IsScalar)
        {
            throw new ShapeException($"Cond: the predicate has shape {predicate.Shape}, not ().");
        }

        if (predicate.Op == Op.Constant)
        {
            return Packing.Pack((predicate.Scalar != 0 ? then : otherwise)());
        }

        var before = Maker.Current.Made;
        var (chosen, other) = (Maker.Current.Defer(then), Maker.Current.Defer(otherwise));
        if (!chosen.Select(result => result.Shape).SequenceEqual(other.Select(result => result.Shape)))
        {
            throw new ShapeException($"Cond: the branches have the shapes {ShapesOf(chosen)} and {ShapesOf(other)}; they must be equal.");
        }

        var (computations, captured) = Computation.CloseSince(before, chosen, other);
        return new Choice("Cond", computations[0], computations[1]).Node(predicate, captured);
    });

    private static string ShapesOf(Expr[] results) => string.Join(", ", results.Select(result => result.Shape));

    // The cotangent of a value that only one branch reads is a structural zero if the other branch is taken.
    private IEnumerable<Sensitivity?> Pull(Expr[] operands, bool[] wanted, Sensitivity cotangent)
    {
        var parts = Layout.Live(cotangent.Live);
        var (predicate, needed) = (operands[0], Only(parts));
        var pullback = needed.Pullback(wanted);
        var node = pullback.Node(predicate, [.. operands[1..], .. Some(Layout.Parts(cotangent.Value), parts)]);
        var reads = needed.Then.Reads().Zip(needed.Otherwise.Reads());
        return Spread(pullback.Layout.Parts(node), wanted).Zip(reads, (flow, read) => flow is null ? null : read switch
        {
            (true, true) => new Sensitivity(flow, null),
            (true, false) => Sensitivity.Of(flow, BroadcastTo(!!predicate, flow.Shape)),
            (false, true) => Sensitivity.Of(flow, BroadcastTo(!predicate, flow.Shape)),
            _ => null,
        });
    }

    /// <summary>
    /// A predicate that is the same for all samples chooses once for all. If it differs, each branch runs for the samples that take it, and the
    /// results are selected.
    /// </summary>
    private Expr BatchAll(Batched[] operands, int size)
    {
        var batching = new Batching(size);
        var isBatched = Array.ConvertAll(operands[1..], operand => operand.IsBatched);
        if (!operands[0].IsBatched)
        {
            var batched = new Choice(Operation, batching.OverEach(Then, isBatched), batching.OverEach(Otherwise, isBatched));
            return batching.Pack(batched.Layout.Parts(batched.Node(operands[0].Value, Array.ConvertAll(operands[1..], operand => operand.Value))));
        }

        var predicate = operands[0].Value;
        var then = batching.Branch(Operation, !!predicate, Then, operands.AsSpan(1));
        var otherwise = batching.Branch(Operation, !predicate, Otherwise, operands.AsSpan(1));
        var selected = new Expr[then.Length];
        for (var i = 0; i < selected.Length; i++)
        {
            selected[i] = Where(Batched.Aligned(predicate, Layout.ShapeOf(i).Rank), then[i].ForEach(size), otherwise[i].ForEach(size));
        }

        return batching.Pack(selected);
    }

    public bool Equals(Choice? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    /// <summary>The coefficients of all results, order by order.</summary>
    private static Computation Expanded(Computation branch, Sensitivity?[][] curves, int order)
    {
        var leaves = branch.LeavesFor(curves);
        var expanded = branch.Expand(leaves, order);
        return Computation.Over(
            [.. branch.Parameters, .. leaves.SelectMany(ValuesOf).OfType<Expr>()],
            [.. Enumerable.Range(0, order).SelectMany(k => expanded.Zip(branch.Results, (series, value) => series[k]?.Value ?? Zeros(value.Shape)))]);
    }

    private static Computation Moved(Computation branch, bool[] moves)
    {
        var (leaves, tangents) = branch.Tangents(moves);
        return Computation.Over(
            [.. branch.Parameters, .. leaves.OfType<Expr>()],
            [.. tangents.Zip(branch.Results, (tangent, value) => tangent ?? Zeros(value.Shape))]);
    }
}
