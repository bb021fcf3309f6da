// Batching: what each primitive does to operands that have one more axis, the batch, in front. A function traced on one sample
// is rebuilt over all of them by these rules; what does not depend on the sample is built once, without the axis.

using Autodiff.Functional.Programs;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Rules;

/// <summary>An expression for every sample, stacked along a leading axis, or one for all samples.</summary>
internal readonly record struct Batched(Expr Value, bool IsBatched)
{
    public static Batched Same(Expr value) => new(value, false);

    public static Batched Each(Expr value) => new(value, true);
}

/// <summary>The rules for a batch of a given size.</summary>
internal readonly struct BatchRules(int size)
{
    /// <summary>The results of a body over batched arguments.</summary>
    public Batched[] Run(Body body, ReadOnlySpan<Batched> arguments)
    {
        var values = new Batched[body.Parameters.Length + body.Nodes.Length];
        arguments.CopyTo(values);
        for (var place = 0; place < body.Nodes.Length; place++)
        {
            var node = body.Nodes[place];
            var slots = body.OperandSlots[place];
            var operands = new Batched[slots.Length];
            for (var i = 0; i < operands.Length; i++)
            {
                operands[i] = At(slots[i], node.Operand(i));
            }

            values[body.Parameters.Length + place] = Apply(node, operands);

            // A batch of numbers is given back as soon as nothing reads it any more.
            foreach (var slot in body.LastReads[place])
            {
                values[slot] = default;
            }
        }

        return [.. body.ResultSlots.Zip(body.Results, At)];

        Batched At(int slot, Expr constant) => slot == Body.ConstantSlot ? Batched.Same(constant) : values[slot];
    }

    /// <summary>The value for every sample, whether or not it differs between them.</summary>
    public Expr Each(Batched x) => x.IsBatched ? x.Value : BroadcastTo(x.Value, With(x.Value.Shape));

    private Shape With(Shape shape) => new([size, .. shape.Lengths]);

    private Batched Apply(Expr node, Batched[] operands)
    {
        if (!Array.Exists(operands, operand => operand.IsBatched))
        {
            return Batched.Same(node.WithOperands(Array.ConvertAll(operands, operand => operand.Value)));
        }

        return Batched.Each(node.Op switch
        {
            var op when op.IsElementwise() => Elementwise(node, operands),
            Op.Concat or Op.Stack or Op.Scatter => Join(node, operands),
            var op when op.IsContraction() => Contraction(node, operands),
            var op when op.IsLinearAlgebra() => LinearAlgebra(node, operands),
            Op.Root => OneByOne(node, operands),
            _ when IsSearchedBySample(node, operands) => OneByOne(node, operands),
            Op.Loop => Loop((Loop)node.Attribute!, operands),
            Op.LoopAdjoint => LoopAdjoint((LoopAdjoint)node.Attribute!, operands),
            Op.Cond => Choice((Choice)node.Attribute!, operands),
            Op.Call => Call((Function)node.Attribute!, operands),
            Op.MatrixFunction => MatrixFunction(node, operands),
            _ => OfOneOperand(node, operands[0].Value),
        });
    }

    /// <summary>Samples of fewer axes than the result get axes of length 1 behind the batch, so that they stretch as they did.</summary>
    private static Expr Elementwise(Expr node, Batched[] operands)
    {
        var rank = node.Rank;
        var aligned = new Expr[operands.Length];
        for (var i = 0; i < aligned.Length; i++)
        {
            aligned[i] = operands[i].IsBatched ? Aligned(operands[i].Value, rank) : operands[i].Value;
        }

        return node.WithOperands(aligned);
    }

    private static Expr Aligned(Expr x, int rank) => x.Rank - 1 == rank
        ? x
        : Reshape(x, new Shape([x.Shape[0], .. Enumerable.Repeat(1, rank - x.Rank + 1), .. x.Shape.Lengths[1..]]));

    private Expr OfOneOperand(Expr node, Expr x) => (node.Op, node.Attribute) switch
    {
        (_, Folding folding) => Reduce(node.Op, x, new Folding(Array.ConvertAll(folding.Indices, axis => axis + 1), folding.KeepDims)),
        (_, Axis axis) => Make(node.Op, axis with { Index = axis.Index + 1 }, x.Shape, [x]),
        (_, Permutation permutation) => Permute(x, [0, .. permutation.Order.Select(axis => axis + 1)]),
        (_, Selection selection) => LinearRules.Read(selection.Batched(node.Operand(0).Shape, size), x),
        (Op.Reshape, _) => Reshape(x, With(node.Shape)),
        (Op.BroadcastTo, _) => BroadcastTo(Aligned(x, node.Rank), With(node.Shape)),
        (Op.Variable, _) => x,
        (Op.Defined, _) => Make(node.Op, node.Attribute, x.Shape, [x]),
        _ => throw new ArgumentOutOfRangeException(nameof(node), node.Op, "no batching rule is stated for this primitive"),
    };

    private Expr Join(Expr node, Batched[] operands)
    {
        var all = Array.ConvertAll(operands, Each);
        var of = size;
        return node.Attribute is Placement placement
            ? Scatter(With(node.Shape), Array.ConvertAll(placement.Selections, selection => selection.Batched(placement.Shape, of)), all)
            : Make(node.Op, new Axis(((Axis)node.Attribute!).Index + 1), With(node.Shape), all);
    }

    /// <summary>The batch is one more named axis, of the batched operands and the result.</summary>
    private Expr Contraction(Expr node, Batched[] operands)
    {
        var contraction = (Contraction)node.Attribute!;
        var batch = contraction.FreeLetter();
        return Contract(
            new(
                [.. contraction.Inputs.Zip(operands, (axes, operand) => operand.IsBatched ? batch + axes : axes)],
                batch + contraction.Output,
                new Dictionary<char, int>(contraction.Lengths) { [batch[0]] = size }),
            Array.ConvertAll(operands, operand => operand.Value));
    }

    /// <summary>The batch is one more leading axis, which the functions of matrices take as they take any.</summary>
    private static Expr LinearAlgebra(Expr node, Batched[] operands)
    {
        if (operands is not [var a, var b])
        {
            return OfMatrices(node.Op, node.Attribute, operands[0].Value);
        }

        var rank = Math.Max(node.Operand(0).Rank, node.Operand(1).Rank);
        Expr Leading(Batched x) => x.IsBatched ? Aligned(x.Value, rank) : x.Value;
        return SolveSystem(node.Op, node.Attribute, Leading(a), Leading(b));
    }

    /// <summary>
    /// A loop over batched states, items and captured. With a condition that differs between samples it runs until the last
    /// sample stops, each keeping the state it stopped with.
    /// </summary>
    private Expr Loop(Loop loop, Batched[] operands)
    {
        var isBatched = Array.ConvertAll(operands, operand => operand.IsBatched);
        var (batched, parts) = LoopOver(loop, isBatched);
        var values = new Expr[operands.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var value = isBatched[i] ? Each(operands[i]) : operands[i].Value;
            values[i] = isBatched[i] && IsItem(loop, i) ? Swapped(value) : value;
        }

        return Packed(loop, batched.Layout.Parts(batched.Node(values)), parts);
    }

    /// <summary>The parts of a batched loop's value as one vector a sample.</summary>
    private Expr Packed(Loop loop, Expr[] parts, bool[] isBatched)
    {
        var samples = new Expr[parts.Length];
        for (var part = 0; part < parts.Length; part++)
        {
            var stacked = isBatched[part] && part >= loop.States ? Swapped(parts[part]) : parts[part];
            samples[part] = Each(new(stacked, isBatched[part]));
        }

        return Pack(samples);
    }

    /// <summary>Tensors for every sample as one vector a sample; a single tensor stays as it is.</summary>
    private Expr Pack(Expr[] samples)
    {
        if (samples.Length == 1)
        {
            return samples[0];
        }

        var of = size;
        return Concat(Array.ConvertAll(samples, sample => Reshape(sample, new Shape(of, new Shape(sample.Shape.Lengths[1..]).Size))), 1);
    }

    /// <summary>The tensors in a vector a sample.</summary>
    private Expr[] Unpack(Packing layout, Expr vectors)
    {
        if (layout.Count == 1)
        {
            return [vectors];
        }

        var parts = new Expr[layout.Count];
        for (var part = 0; part < parts.Length; part++)
        {
            var start = layout.Start(part);
            parts[part] = Reshape(vectors[.., start..(start + layout.ShapeOf(part).Size)], With(layout.ShapeOf(part)));
        }

        return parts;
    }

    /// <summary>The batched loop. States that come to differ between samples are batched too.</summary>
    /// <param name="loop">The loop of one sample.</param>
    /// <param name="isBatched">Which operands are batched; set for the states that come to be.</param>
    private (Loop Loop, bool[] Parts) LoopOver(Loop loop, bool[] isBatched)
    {
        (Body Body, bool Differs)? condition;
        Body step;
        bool[] parts;
        bool settled;
        do
        {
            condition = Test(loop, isBatched);
            (step, parts) = Over(loop.Step, isBatched);
            settled = true;
            for (var state = 0; state < loop.States; state++)
            {
                var differs = parts[state] || condition is { Differs: true };
                settled &= isBatched[state] || !differs;
                isBatched[state] |= differs;
            }
        }
        while (!settled);

        Expr[] results = [.. step.Results];
        for (var state = 0; state < loop.States; state++)
        {
            (results[state], parts[state]) = (isBatched[state] ? Each(new(results[state], parts[state])) : results[state], isBatched[state]);
        }

        if (condition is not { } test)
        {
            return (loop.Over(Body.Over(step.Parameters, results), null, loop.States, loop.Items), parts);
        }

        Expr[] tested = [.. step.Parameters.AsSpan(0, loop.States), .. step.Parameters.AsSpan(loop.States + loop.Items)];
        if (!test.Differs)
        {
            return (loop.Over(Body.Over(step.Parameters, results), Body.Over(tested, test.Body.Apply(tested)), loop.States, loop.Items), parts);
        }

        // A number that is not 0 goes on; NaN stops, as it does for one sample.
        var goesOn = Abs(test.Body.Apply(tested)[0]) > 0;
        var arguments = new Batched[step.Parameters.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = new(step.Parameters[i], isBatched[i]);
        }

        var next = RunWhere(goesOn, loop.Step, arguments);
        for (var state = 0; state < loop.States; state++)
        {
            results[state] = Where(Aligned(goesOn, loop.Step.Parameters[state].Rank), Each(next[state]), step.Parameters[state]);
        }

        return (loop.Over(Body.Over(step.Parameters, results), Body.Over(tested, [Sum(goesOn)]), loop.States, loop.Items), parts);
    }

    private (Body Body, bool Differs)? Test(Loop loop, bool[] isBatched)
    {
        if (loop.Condition is null)
        {
            return null;
        }

        var (body, differs) = Over(loop.Condition, [.. isBatched.AsSpan(0, loop.States), .. isBatched.AsSpan(loop.States + loop.Items)]);
        return (body, differs[0]);
    }

    /// <summary>A body of one sample as a body over parameters some of which are batched, and which results are.</summary>
    private (Body Body, bool[] Results) Over(Body body, ReadOnlySpan<bool> isBatched)
    {
        var parameters = new Expr[body.Parameters.Length];
        var arguments = new Batched[parameters.Length];
        for (var i = 0; i < parameters.Length; i++)
        {
            parameters[i] = Parameter(isBatched[i] ? With(body.Parameters[i].Shape) : body.Parameters[i].Shape);
            arguments[i] = new(parameters[i], isBatched[i]);
        }

        var results = Run(body, arguments);
        return (Body.Over(parameters, Array.ConvertAll(results, result => result.Value)), Array.ConvertAll(results, result => result.IsBatched));
    }

    /// <summary>A body all of whose results are batched.</summary>
    private Body OverEach(Body body, ReadOnlySpan<bool> isBatched)
    {
        var (over, results) = Over(body, isBatched);
        var each = new Expr[results.Length];
        for (var i = 0; i < each.Length; i++)
        {
            each[i] = Each(new(over.Results[i], results[i]));
        }

        return Body.Over(over.Parameters, each);
    }

    /// <summary>Every sample has cotangents of its own, so all operands are batched.</summary>
    private Expr LoopAdjoint(LoopAdjoint adjoint, Batched[] operands)
    {
        var loop = adjoint.Loop;
        var isBatched = new bool[loop.OperandCount];
        isBatched.AsSpan().Fill(true);
        var (batched, parts) = LoopOver(loop, isBatched);
        var values = new Expr[loop.OperandCount];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = IsItem(loop, i) ? Swapped(Each(operands[i])) : Each(operands[i]);
        }

        var seeds = Unpack(loop.Layout, Each(operands[^1]));
        for (var part = 0; part < seeds.Length; part++)
        {
            // What all samples share has one cotangent, the sum of theirs.
            seeds[part] = !parts[part] ? Sum(seeds[part], 0) : part >= loop.States ? Swapped(seeds[part]) : seeds[part];
        }

        var wanted = new bool[loop.OperandCount];
        foreach (var operand in adjoint.Operands)
        {
            wanted[operand] = true;
        }

        var over = new LoopAdjoint(batched, wanted);
        var flows = over.Layout.Parts(over.Node(values, Packing.Pack(seeds)));
        return Pack([.. flows.Zip(adjoint.Operands, (flow, operand) => IsItem(loop, operand) ? Swapped(flow) : flow)]);
    }

    /// <summary>One predicate for all samples chooses for all; where it differs, each branch runs for the samples that take it.</summary>
    private Expr Choice(Choice choice, Batched[] operands)
    {
        var isBatched = Array.ConvertAll(operands[1..], operand => operand.IsBatched);
        if (!operands[0].IsBatched)
        {
            var batched = new Choice(choice.Operation, OverEach(choice.Then, isBatched), OverEach(choice.Otherwise, isBatched));
            return Pack(batched.Layout.Parts(batched.Node(operands[0].Value, Array.ConvertAll(operands[1..], operand => operand.Value))));
        }

        var predicate = operands[0].Value;
        var then = Branch(choice.Operation, !!predicate, choice.Then, operands.AsSpan(1));
        var otherwise = Branch(choice.Operation, !predicate, choice.Otherwise, operands.AsSpan(1));
        var selected = new Expr[then.Length];
        for (var i = 0; i < selected.Length; i++)
        {
            selected[i] = Where(Aligned(predicate, choice.Layout.ShapeOf(i).Rank), Each(then[i]), Each(otherwise[i]));
        }

        return Pack(selected);
    }

    /// <summary>The results of a branch for the samples of a mask, and any values for the others. A branch that may fail does not run at all where no sample takes it.</summary>
    private Batched[] Branch(string operation, Expr mask, Body body, ReadOnlySpan<Batched> operands)
    {
        if (!body.MayFail)
        {
            return RunWhere(mask, body, operands);
        }

        var counting = Counting(mask, body, operands);
        var taken = OverEach(body, Array.ConvertAll(counting, operand => operand.IsBatched));
        var untaken = Body.Over(taken.Parameters, Array.ConvertAll(taken.Results, result => Zeros(result.Shape)));
        var branch = new Choice(operation, taken, untaken);
        return Array.ConvertAll(branch.Layout.Parts(branch.Node(Sum(mask), Array.ConvertAll(counting, operand => operand.Value))), Batched.Each);
    }

    /// <summary>The results of a body for the samples of a mask, of which there is one, and any values for the others.</summary>
    private Batched[] RunWhere(Expr mask, Body body, ReadOnlySpan<Batched> arguments) =>
        body.MayFail || Array.Exists(body.Nodes, node => node.Op.IsProgram()) ? Run(body, Counting(mask, body, arguments)) : Run(body, arguments);

    /// <summary>
    /// Arguments of a body whose results count only for the samples of a mask. What selects the results makes the cotangents of
    /// the other samples structural zeros; but a program node within keeps these by operand, not by sample, so its operands are
    /// selected too. Where the body may fail, the other samples have the arguments of the first sample that counts: then they
    /// meet no singular matrix and no endless loop that this one does not meet, and no loop takes more steps for them.
    /// </summary>
    private static Batched[] Counting(Expr mask, Body body, ReadOnlySpan<Batched> arguments)
    {
        var isFirst = body.MayFail ? mask * Eq(CumSum(mask, 0), 1) : mask;
        var counting = new Batched[arguments.Length];
        for (var i = 0; i < counting.Length; i++)
        {
            var (value, rank) = (arguments[i].Value, body.Parameters[i].Rank);
            counting[i] = !body.MayFail ? Selected(AD.StopGradient(value))
                : arguments[i].IsBatched ? Selected(AD.StopGradient(Sum(Where(Aligned(isFirst, rank), value, 0), 0)))
                : arguments[i];

            Batched Selected(Expr other) => Batched.Each(Where(Aligned(mask, rank), value, other));
        }

        return counting;
    }

    /// <summary>
    /// Whether samples that differ would run a search each, in a branch or a loop that not all of them take: searches are made one
    /// by one anyway, so each sample then runs the whole node for itself, and no search that it does not need.
    /// </summary>
    private static bool IsSearchedBySample(Expr node, Batched[] operands) => node.Attribute switch
    {
        Choice choice => operands[0].IsBatched && (choice.Then.Searches || choice.Otherwise.Searches),
        Loop { Condition: not null } loop => loop.Step.Searches,
        LoopAdjoint { Loop.Condition: not null } adjoint => adjoint.Loop.Step.Searches,
        _ => false,
    };

    /// <summary>The function of all samples, with its rule of all samples: each has an argument of its own.</summary>
    private Expr Call(Function function, Batched[] operands)
    {
        var isBatched = Array.ConvertAll(operands, operand => operand.IsBatched);
        if (function.Rule is not null)
        {
            isBatched[0] = true;
        }

        var values = new Expr[operands.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = isBatched[i] ? Each(operands[i]) : operands[i].Value;
        }

        var batched = function.Batch(size, isBatched, OverEach);
        return Pack(batched.Layout.Parts(batched.Node(values)));
    }

    /// <summary>
    /// The batch is one more leading axis of the matrices. Where the parameters of the function differ between samples, so that
    /// each has a function of its own, it is a leading axis of all operands.
    /// </summary>
    private Expr MatrixFunction(Expr node, Batched[] operands)
    {
        var function = (SpectralFunction)node.Attribute!;
        var isEach = function.PrefixRank([.. node.Operands]) > 0 || Array.Exists(operands[function.Matrices..], parameter => parameter.IsBatched);
        var rank = node.Rank - function.ResultRank + 2;
        var values = new Expr[operands.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var value = isEach ? Each(operands[i]) : operands[i].Value;
            values[i] = i < function.Matrices && (isEach || operands[i].IsBatched) ? Aligned(value, rank) : value;
        }

        return function.Node(values);
    }

    /// <summary>What has to be done for each sample on its own, as a loop over the batch.</summary>
    private Expr OneByOne(Expr node, Batched[] operands)
    {
        var parameters = Array.ConvertAll(node.Operands.ToArray(), operand => Parameter(operand.Shape));
        var items = Array.FindAll(parameters, parameter => operands[Array.IndexOf(parameters, parameter)].IsBatched);
        Expr[] ordered = [.. items, .. parameters.Except(items)];
        var loop = new Loop(((IProgram)node.Attribute!).Operation, Body.Over(ordered, [node.WithOperands(parameters)]), null, 0, items.Length, size, false, 1);
        Expr[] values =
        [
            .. operands.Where(operand => operand.IsBatched).Select(operand => operand.Value),
            .. operands.Where(operand => !operand.IsBatched).Select(operand => operand.Value),
        ];
        return loop.Layout.Part(loop.Node(values), 0);
    }

    private static bool IsItem(Loop loop, int operand) => operand >= loop.States && operand < loop.States + loop.Items;

    /// <summary>The first two axes exchanged: a loop goes over the leading axis of its items, behind which the batch stands.</summary>
    private static Expr Swapped(Expr x) => Permute(x, [1, 0, .. Enumerable.Range(2, x.Rank - 2)]);
}
