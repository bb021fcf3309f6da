// Batching: a function traced on one sample is rebuilt over all of them, by what each primitive does to operands that have one more axis in
// front; what does not depend on the sample is built once, without the axis.

using Autodiff.Functional.Primitives;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Programs;

/// <summary>Runs bodies on batches of a given size.</summary>
internal readonly struct Batching(int size)
{
    /// <summary>The results of a body over batched arguments.</summary>
    public Batched[] Run(Computation body, ReadOnlySpan<Batched> arguments)
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

        Batched At(int slot, Expr constant) => slot == Computation.ConstantSlot ? Batched.Same(constant) : values[slot];
    }

    private Expr Each(Batched x) => x.ForEach(size);

    private Shape With(Shape shape) => Batched.With(size, shape);

    private Batched Apply(Expr node, Batched[] operands)
    {
        if (!Array.Exists(operands, operand => operand.IsBatched))
        {
            return Batched.Same(node.WithOperands(Array.ConvertAll(operands, operand => operand.Value)));
        }

        return Batched.Each(
            node.Primitive is TensorPrimitive primitive ? primitive.Batch(node, operands, size)
            : node.Op == Op.Variable ? operands[0].Value
            : node.WithOperands(Array.ConvertAll(operands, operand => operand.Aligned(node.Rank))));
    }

    /// <summary>Tensors for every sample as one vector a sample; a single tensor stays as it is.</summary>
    public Expr Pack(Expr[] samples)
    {
        if (samples.Length == 1)
        {
            return samples[0];
        }

        var of = size;
        return Concat(Array.ConvertAll(samples, sample => Reshape(sample, new Shape(of, new Shape(sample.Shape.Lengths[1..]).Size))), 1);
    }

    /// <summary>The tensors in a vector a sample.</summary>
    public Expr[] Unpack(Packing layout, Expr vectors)
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

    /// <summary>A body of one sample as a body over parameters some of which are batched, and which results are.</summary>
    public (Computation Computation, bool[] Results) Over(Computation body, ReadOnlySpan<bool> isBatched)
    {
        var parameters = new Expr[body.Parameters.Length];
        var arguments = new Batched[parameters.Length];
        for (var i = 0; i < parameters.Length; i++)
        {
            parameters[i] = Parameter(isBatched[i] ? With(body.Parameters[i].Shape) : body.Parameters[i].Shape);
            arguments[i] = new(parameters[i], isBatched[i]);
        }

        var results = Run(body, arguments);
        return (Computation.Over(parameters, Array.ConvertAll(results, result => result.Value)), Array.ConvertAll(results, result => result.IsBatched));
    }

    /// <summary>A body all of whose results are batched.</summary>
    public Computation OverEach(Computation body, ReadOnlySpan<bool> isBatched)
    {
        var (over, results) = Over(body, isBatched);
        var each = new Expr[results.Length];
        for (var i = 0; i < each.Length; i++)
        {
            each[i] = Each(new(over.Results[i], results[i]));
        }

        return Computation.Over(over.Parameters, each);
    }

    /// <summary>The results of a branch for the samples of a mask, and any values for the others. A branch that may fail does not run at all where no sample takes it.</summary>
    public Batched[] Branch(string operation, Expr mask, Computation body, ReadOnlySpan<Batched> operands)
    {
        if (!body.MayFail)
        {
            return RunWhere(mask, body, operands);
        }

        var counting = Counting(mask, body, operands);
        var taken = OverEach(body, Array.ConvertAll(counting, operand => operand.IsBatched));
        var untaken = Computation.Over(taken.Parameters, Array.ConvertAll(taken.Results, result => Zeros(result.Shape)));
        var branch = new Choice(operation, taken, untaken);
        return Array.ConvertAll(branch.Layout.Parts(branch.Node(Sum(mask), Array.ConvertAll(counting, operand => operand.Value))), Batched.Each);
    }

    /// <summary>The results of a body for the samples of a mask, of which there is one, and any values for the others.</summary>
    public Batched[] RunWhere(Expr mask, Computation body, ReadOnlySpan<Batched> arguments) =>
        body.MayFail || Array.Exists(body.Nodes, node => node.Primitive is ProgramPrimitive) ? Run(body, Counting(mask, body, arguments)) : Run(body, arguments);

    /// <summary>
    /// Arguments of a body whose results count only for the samples of a mask. What selects the results makes the cotangents of
    /// the other samples structural zeros; but a program node within keeps these by operand, not by sample, so its operands are
    /// selected too. Where the body may fail, the other samples have the arguments of the first sample that counts: then they
    /// meet no singular matrix and no endless loop that this one does not meet, and no loop takes more steps for them.
    /// </summary>
    private static Batched[] Counting(Expr mask, Computation body, ReadOnlySpan<Batched> arguments)
    {
        var isFirst = body.MayFail ? mask * Eq(CumSum(mask, 0), 1) : mask;
        var counting = new Batched[arguments.Length];
        for (var i = 0; i < counting.Length; i++)
        {
            var (value, rank) = (arguments[i].Value, body.Parameters[i].Rank);
            counting[i] = !body.MayFail ? Selected(Expr.Apply(Op.StopGradient, value))
                : arguments[i].IsBatched ? Selected(Expr.Apply(Op.StopGradient, Sum(Where(Batched.Aligned(isFirst, rank), value, 0), 0)))
                : arguments[i];

            Batched Selected(Expr other) => Batched.Each(Where(Batched.Aligned(mask, rank), value, other));
        }

        return counting;
    }

    /// <summary>What has to be done for each sample on its own, as a loop over the batch.</summary>
    public Expr OneByOne(Expr node, ProgramPrimitive program, Batched[] operands)
    {
        var parameters = Array.ConvertAll(node.Operands.ToArray(), operand => Parameter(operand.Shape));
        var items = Array.FindAll(parameters, parameter => operands[Array.IndexOf(parameters, parameter)].IsBatched);
        Expr[] ordered = [.. items, .. parameters.Except(items)];
        var loop = new Loop(program.Operation, Computation.Over(ordered, [node.WithOperands(parameters)]), null, 0, items.Length, size, false, 1);
        Expr[] values =
        [
            .. operands.Where(operand => operand.IsBatched).Select(operand => operand.Value),
            .. operands.Where(operand => !operand.IsBatched).Select(operand => operand.Value),
        ];
        return loop.Layout.Part(loop.Node(values), 0);
    }

    /// <summary>The first two axes exchanged: a loop goes over the leading axis of its items, behind which the batch stands.</summary>
    public static Expr Swapped(Expr x) => Permute(x, [1, 0, .. Enumerable.Range(2, x.Rank - 2)]);

    /// <summary>An axis moved to another place; the others keep their order.</summary>
    public static Expr MovedAxis(Expr x, int from, int to)
    {
        if (from == to)
        {
            return x;
        }

        var order = Enumerable.Range(0, x.Rank).ToList();
        order.RemoveAt(from);
        order.Insert(to, from);
        return Permute(x, [.. order]);
    }
}
