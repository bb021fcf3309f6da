// Batching: a computation traced for one sample is rebuilt for all samples. Each primitive says what it does to operands that have the batch axis
// in front; a node that does not depend on the sample is built once, without that axis.

using Autodiff.Functional.Primitives;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Programs;

/// <summary>Applies computations to batches of a given number of samples.</summary>
internal readonly struct Batching(int size)
{
    // The most elements that any tensor of a batch may have (2²² doubles are 32 MiB), where samples can be divided into several batches.
    private const int MostElements = 1 << 22;

    /// <summary>How many of a number of samples are computed in one batch, so that no tensor of it is too large; at least 1.</summary>
    public static int AtOnce(Computation computation, int samples) => Math.Clamp(
        MostElements / computation.Parameters.Concat(computation.Nodes).Max(node => Math.Max(node.Shape.Size, 1)), 1, Math.Max(samples, 1));

    /// <summary>The results of a computation over batched arguments.</summary>
    public Batched[] Run(Computation computation, ReadOnlySpan<Batched> arguments)
    {
        var values = new Batched[computation.Parameters.Length + computation.Nodes.Length];
        arguments.CopyTo(values);
        for (var place = 0; place < computation.Nodes.Length; place++)
        {
            var node = computation.Nodes[place];
            var slots = computation.OperandSlots[place];
            var operands = new Batched[slots.Length];
            for (var i = 0; i < operands.Length; i++)
            {
                operands[i] = At(slots[i], node.Operand(i));
            }

            values[computation.Parameters.Length + place] = Apply(node, operands);

            // Dropping the reference after the last read lets the memory of a batch of numbers be reclaimed while later nodes are computed.
            foreach (var slot in computation.LastReads[place])
            {
                values[slot] = default;
            }
        }

        return [.. computation.ResultSlots.Zip(computation.Results, At)];

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

    /// <summary>Packs batched tensors into one vector for each sample; a single tensor is returned as it is.</summary>
    public Expr Pack(Expr[] samples)
    {
        if (samples.Length == 1)
        {
            return samples[0];
        }

        var of = size;
        return Concat(Array.ConvertAll(samples, sample => Reshape(sample, new Shape(of, new Shape(sample.Shape.Lengths[1..]).Size))), 1);
    }

    /// <summary>The inverse of <see cref="Pack"/>: the batched tensors that are packed into one vector for each sample.</summary>
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

    /// <summary>A computation for one sample, rebuilt over parameters some of which are batched; with it, which of its results are batched.</summary>
    public (Computation Computation, bool[] Results) Over(Computation computation, ReadOnlySpan<bool> isBatched)
    {
        var parameters = new Expr[computation.Parameters.Length];
        var arguments = new Batched[parameters.Length];
        for (var i = 0; i < parameters.Length; i++)
        {
            parameters[i] = Parameter(isBatched[i] ? With(computation.Parameters[i].Shape) : computation.Parameters[i].Shape);
            arguments[i] = new(parameters[i], isBatched[i]);
        }

        var results = Run(computation, arguments);
        return (Computation.Over(parameters, Array.ConvertAll(results, result => result.Value)), Array.ConvertAll(results, result => result.IsBatched));
    }

    /// <summary>The same, with all results batched: one that is the same for every sample is repeated.</summary>
    public Computation OverEach(Computation computation, ReadOnlySpan<bool> isBatched)
    {
        var (over, results) = Over(computation, isBatched);
        var each = new Expr[results.Length];
        for (var i = 0; i < each.Length; i++)
        {
            each[i] = Each(new(over.Results[i], results[i]));
        }

        return Computation.Over(over.Parameters, each);
    }

    /// <summary>
    /// The results of a branch for the samples of a mask; those of the other samples are arbitrary. A branch that may fail does not run at all
    /// if no sample takes it.
    /// </summary>
    public Batched[] Branch(string operation, Expr mask, Computation computation, ReadOnlySpan<Batched> operands)
    {
        if (!computation.MayFail)
        {
            return RunWhere(mask, computation, operands);
        }

        var counting = Counting(mask, computation, operands);
        var taken = OverEach(computation, Array.ConvertAll(counting, operand => operand.IsBatched));
        var untaken = Computation.Over(taken.Parameters, Array.ConvertAll(taken.Results, result => Zeros(result.Shape)));
        var branch = new Choice(operation, taken, untaken);
        return Array.ConvertAll(branch.Layout.Parts(branch.Node(Sum(mask), Array.ConvertAll(counting, operand => operand.Value))), Batched.Each);
    }

    /// <summary>The results of a computation for the samples of a mask, which has at least one; those of the other samples are arbitrary.</summary>
    public Batched[] RunWhere(Expr mask, Computation computation, ReadOnlySpan<Batched> arguments) =>
        computation.MayFail || Array.Exists(computation.Nodes, node => node.Primitive is ProgramPrimitive) ? Run(computation, Counting(mask, computation, arguments)) : Run(computation, arguments);

    /// <summary>
    /// Arguments of a computation whose results are used only for the samples of a mask. The selection of the results makes the
    /// cotangents of the other samples structural zeros; but a program node inside tracks these by operand, not by sample, so the
    /// arguments are selected too. If the computation may fail, the other samples get the arguments of the first sample of the mask:
    /// so they meet no singular matrix and no endless loop that this sample does not meet, and no loop takes more steps for them.
    /// </summary>
    private static Batched[] Counting(Expr mask, Computation computation, ReadOnlySpan<Batched> arguments)
    {
        var isFirst = computation.MayFail ? mask * Eq(CumSum(mask, 0), 1) : mask;
        var counting = new Batched[arguments.Length];
        for (var i = 0; i < counting.Length; i++)
        {
            var (value, rank) = (arguments[i].Value, computation.Parameters[i].Rank);
            counting[i] = !computation.MayFail ? Selected(Expr.Apply(Op.StopGradient, value))
                : arguments[i].IsBatched ? Selected(Expr.Apply(Op.StopGradient, Sum(Where(Batched.Aligned(isFirst, rank), value, 0), 0)))
                : arguments[i];

            Batched Selected(Expr other) => Batched.Each(Where(Batched.Aligned(mask, rank), value, other));
        }

        return counting;
    }

    /// <summary>A node that has to be computed for each sample separately, as a loop over the samples.</summary>
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

    /// <summary>Exchanges the first two axes: a loop scans the leading axis of its items, so the batch axis comes second there.</summary>
    public static Expr Swapped(Expr x) => Permute(x, [1, 0, .. Enumerable.Range(2, x.Rank - 2)]);

    /// <summary>Moves one axis to another position; the other axes keep their order.</summary>
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
