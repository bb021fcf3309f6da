// Which inputs each element of a graph depends on, for all values of the inputs: how sparse its derivatives are.

using Autodiff.Functional.Primitives;
using Autodiff.Functional.Sweeps;

namespace Autodiff.Functional.Programs;

/// <summary>
/// The dependence of the results of a computation on inputs (see <see cref="IndexSets"/>). An elementwise primitive depends on an element of an operand unless
/// its derivative there is a structural zero or 0 for all values, as the table of derivatives says; all other primitives state their dependence.
/// </summary>
internal sealed class Dependence(Computation computation)
{
    private static readonly LocalDerivatives s_derivatives = new(new Point(long.MaxValue, isNumeric: false));

    // For each node and operand the elements that the node does not depend on; null until it is needed.
    private readonly Independence?[]?[] _independences = new Independence?[computation.Nodes.Length][];

    /// <summary>The dependence of the results of a computation, given that of its parameters; null for what depends on no input.</summary>
    public static int[]?[] Of(Computation computation, int[]?[] parameters, IndexSets sets) => new Dependence(computation).Of(parameters, sets);

    /// <summary>The dependence of the results, given that of the parameters; null for what depends on no input.</summary>
    public int[]?[] Of(int[]?[] parameters, IndexSets sets)
    {
        var known = new int[]?[parameters.Length + computation.Nodes.Length];
        parameters.CopyTo(known, 0);
        for (var place = 0; place < computation.Nodes.Length; place++)
        {
            var slots = computation.OperandSlots[place];
            var operands = new int[]?[slots.Length];
            for (var i = 0; i < operands.Length; i++)
            {
                operands[i] = At(slots[i]);
            }

            known[parameters.Length + place] = Array.TrueForAll(operands, operand => operand is null) ? null : Of(place, operands, sets);
            foreach (var slot in computation.LastReads[place])
            {
                known[slot] = null;
            }
        }

        return Array.ConvertAll(computation.ResultSlots, At);

        int[]? At(int slot) => slot == Computation.ConstantSlot ? null : known[slot];
    }

    /// <summary>The dependence of a vector of several tensors, given theirs.</summary>
    public static int[] Packed(Packing layout, int[]?[] parts)
    {
        var packed = new int[layout.Shape.Size];
        for (var part = 0; part < parts.Length; part++)
        {
            parts[part]?.CopyTo(packed, layout.Start(part));
        }

        return packed;
    }

    /// <summary>The dependence of each of several tensors in a vector, given that of the vector; null if that is null.</summary>
    public static int[]?[] Parts(Packing layout, int[]? vector) =>
        [.. Enumerable.Range(0, layout.Count).Select(part => vector?[layout.Start(part)..(layout.Start(part) + layout.ShapeOf(part).Size)])];

    private int[]? Of(int place, int[]?[] operands, IndexSets sets)
    {
        var node = computation.Nodes[place];
        if (node.Op == Op.Variable)
        {
            return operands[0];
        }

        if (node.Primitive is TensorPrimitive primitive)
        {
            return primitive.Depend(node, operands, sets);
        }

        int[]? union = null;
        var independences = _independences[place] ??= new Independence?[operands.Length];
        for (var operand = 0; operand < operands.Length; operand++)
        {
            if (operands[operand] is { } own && (independences[operand] ??= Independence.Of(node, operand)) is { IsWhole: false } independence)
            {
                var broadcast = sets.Along(own, node.Operand(operand).Shape, node.Shape, AxisMap.Of(node, operand));
                independence.Clear(broadcast);
                union = sets.Union(union, broadcast);
            }
        }

        return union;
    }

    /// <summary>The elements of an elementwise node that do not depend on an operand.</summary>
    /// <param name="IsWhole">Whether none does.</param>
    /// <param name="Elements">Which these are otherwise, given as tensors that are 0 there.</param>
    private sealed record Independence(bool IsWhole, Expr[] Elements)
    {
        public static Independence Of(Expr node, int operand)
        {
            var partial = s_derivatives.Partial(node, operand);
            if (partial.IsZero)
            {
                return new(true, []);
            }

            var zeros = new List<Expr>();
            if (partial.IsMasked && partial.Live.Expr is { IsConcrete: true } live)
            {
                zeros.Add(live);
            }

            if (partial.Factor.Expr is { IsNumbers: true } factor)
            {
                zeros.Add(factor);
            }

            return new(false, [.. zeros.Where(x => x.Storage.Span.Contains(0.0)).Select(x => Expr.BroadcastTo(x, node.Shape))]);
        }

        /// <summary>Makes the sets of these elements empty.</summary>
        public void Clear(int[] sets)
        {
            foreach (var zeros in Elements)
            {
                var elements = zeros.Storage;
                for (var i = 0; i < sets.Length; i++)
                {
                    sets[i] = elements[i] == 0 ? IndexSets.Empty : sets[i];
                }
            }
        }
    }
}
