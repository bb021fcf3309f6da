// Finds the iteration domains of a computation before it is lowered: axes of different tensors that are one loop because their positions
// belong together, such as the samples of a batch in all that is computed from them. A domain can be the lanes of registers, a loop, or unrolled.

using Autodiff.Functional.Compilation.Kernels;
using Autodiff.Functional.Primitives;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.Lowering;

/// <summary>The iteration domains of the axes of all tensors in a computation, found by joining axes that have the same positions (union–find).</summary>
internal sealed class IterationDomains
{
    /// <summary>The most elements that are unrolled: for each sample, or of a whole tensor if it has no samples. More would make kernels too long.</summary>
    private const int MostUnrolled = 64;
    private const int MostNumbers = 1024;

    private readonly List<int> _parents = [];
    private readonly List<HashSet<int>> _members = [];
    private readonly List<double> _work = [];
    private readonly HashSet<int> _looped = [];
    private readonly int[][] _domains;

    public IterationDomains(Computation computation, Func<Expr, bool> isComputed)
    {
        var count = computation.Parameters.Length;
        _domains = new int[count + computation.Nodes.Length][];
        for (var slot = 0; slot < _domains.Length; slot++)
        {
            var shape = (slot < count ? computation.Parameters[slot] : computation.Nodes[slot - count]).Shape;
            _domains[slot] = shape.IsScalar ? [] : [.. shape.Select(length => length == 1 ? -1 : New(slot))];
        }

        // Scalars have no axes, and most nodes of large programs are scalars computed from scalars.
        int[] places = [.. Enumerable.Range(0, computation.Nodes.Length).Where(place => !computation.Nodes[place].IsOnNumbers)];
        foreach (var place in places)
        {
            Join(computation.Nodes[place], count + place, computation.OperandSlots[place]);
        }

        for (var slot = 0; slot < _domains.Length; slot++)
        {
            _domains[slot] = Array.ConvertAll(_domains[slot], axis => axis < 0 ? -1 : Find(axis));
        }

        foreach (var place in places)
        {
            if (isComputed(computation.Nodes[place]))
            {
                Weigh(computation.Nodes[place], count + place, computation.OperandSlots[place]);
            }
        }

        foreach (var place in places)
        {
            if (isComputed(computation.Nodes[place]))
            {
                var domains = _domains[count + place];
                while (RolesOf(computation.Nodes[place].Shape, domains) is var roles && Longest(computation.Nodes[place].Shape, roles) is { } axis)
                {
                    _looped.Add(domains[axis]);
                }
            }
        }
    }

    /// <summary>The iteration domains of the axes of the value in a slot of the computation.</summary>
    public int[] this[int slot] => _domains[slot];

    /// <summary>A new domain that no other axis is in.</summary>
    public int New() => New(-1);

    /// <summary>The roles of axes in a kernel.</summary>
    /// <param name="shape">The lengths of the axes.</param>
    /// <param name="domains">Their iteration domains.</param>
    public AxisRoles RolesOf(Shape shape, int[] domains)
    {
        var samples = -1;
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            if (shape[axis] >= KernelSpace.ShortestSamples && (samples < 0 || IsHeavier(shape, domains, axis, samples)))
            {
                samples = axis;
            }
        }

        return Divided(shape, domains, samples);
    }

    /// <summary>Whether no more elements are unrolled than allowed.</summary>
    public static bool IsFitting(Shape shape, AxisRoles roles) => Longest(shape, roles) is null;

    /// <summary>The roles of axes in a kernel, where unrolled axes become loops until no more elements are unrolled than allowed, whatever the other axes of their domains are.</summary>
    /// <param name="shape">The lengths of the axes.</param>
    /// <param name="domains">Their iteration domains.</param>
    /// <param name="samples">The axis in the lanes of registers; null for the one that suits best.</param>
    public AxisRoles FittingRolesOf(Shape shape, int[] domains, int? samples = null)
    {
        var roles = samples is { } lanes ? Divided(shape, domains, lanes) : RolesOf(shape, domains);
        while (Longest(shape, roles) is { } axis)
        {
            roles = roles with { Loops = [.. roles.Loops.Append(axis).OrderBy(loop => domains[loop])], Unrolled = [.. roles.Unrolled.Where(other => other != axis)] };
        }

        return roles;
    }

    private AxisRoles Divided(Shape shape, int[] domains, int samples)
    {
        var loops = new List<int>();
        var unrolled = new List<int>();
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            if (axis != samples)
            {
                (domains[axis] >= 0 && _looped.Contains(domains[axis]) ? loops : unrolled).Add(axis);
            }
        }

        return new(domains, samples, [.. loops.OrderBy(axis => domains[axis])], [.. unrolled]);
    }

    /// <summary>The longest unrolled axis if more elements are unrolled than allowed; otherwise null.</summary>
    private static int? Longest(Shape shape, AxisRoles roles)
    {
        var (size, longest) = (1L, -1);
        foreach (var axis in roles.Unrolled)
        {
            size *= shape[axis];
            longest = longest < 0 || shape[axis] > shape[longest] ? axis : longest;
        }

        return size > (roles.Samples < 0 ? MostNumbers : MostUnrolled) ? longest : null;
    }

    private bool IsHeavier(Shape shape, int[] domains, int axis, int than)
    {
        // Setting up the loop over an axis costs about as much as 32 samples of it, so a short axis gets less of its work counted.
        static double Share(int length) => length / (length + 32.0);
        var (work, other) = (_work[domains[axis]] * Share(shape[axis]), _work[domains[than]] * Share(shape[than]));
        return work >= other;
    }

    private void Join(Expr node, int slot, ReadOnlySpan<int> operands)
    {
        for (var operand = 0; operand < operands.Length; operand++)
        {
            if (operands[operand] == Computation.ConstantSlot)
            {
                continue;
            }

            var map = AxisMap.Of(node, operand);
            var domains = _domains[operands[operand]];
            for (var axis = 0; axis < map.Length; axis++)
            {
                if (map[axis] != AxisMap.None)
                {
                    Join(domains[axis], _domains[slot][map[axis]]);
                }
            }
        }

        if (node.Primitive is ContractionPrimitive product)
        {
            JoinLetters(product.Contraction, operands);
        }
    }

    /// <summary>Joins the axes of the operands that a contraction multiplies and sums over together.</summary>
    private void JoinLetters(Contraction contraction, ReadOnlySpan<int> operands)
    {
        var first = new Dictionary<char, int>();
        for (var operand = 0; operand < operands.Length; operand++)
        {
            for (var axis = 0; operands[operand] != Computation.ConstantSlot && axis < contraction.Inputs[operand].Length; axis++)
            {
                var own = _domains[operands[operand]][axis];
                if (!first.TryAdd(contraction.Inputs[operand][axis], own))
                {
                    Join(first[contraction.Inputs[operand][axis]], own);
                }
            }
        }
    }

    private void Weigh(Expr node, int slot, ReadOnlySpan<int> operands)
    {
        var size = node.Primitive is ContractionPrimitive product
            ? product.Contraction.Lengths.Values.Aggregate(1.0, (product, length) => product * length)
            : node.Operands.Append(node).Max(tensor => tensor.Shape.Size);
        foreach (var axis in operands.ToArray().Where(operand => operand != Computation.ConstantSlot).Append(slot).SelectMany(tensor => _domains[tensor]).Where(axis => axis >= 0).Distinct())
        {
            _work[axis] += size;
        }
    }

    private int New(int slot)
    {
        _parents.Add(_parents.Count);
        _members.Add([slot]);
        _work.Add(0);
        return _parents.Count - 1;
    }

    private int Find(int axis)
    {
        while (_parents[axis] != axis)
        {
            axis = _parents[axis] = _parents[_parents[axis]];
        }

        return axis;
    }

    /// <summary>Joins two domains, unless they hold two axes of one tensor, which cannot be one loop.</summary>
    private void Join(int a, int b)
    {
        if (a < 0 || b < 0 || Find(a) is var left && Find(b) is var right && left == right)
        {
            return;
        }

        var (first, second) = (Math.Min(Find(a), Find(b)), Math.Max(Find(a), Find(b)));
        var (less, more) = _members[first].Count < _members[second].Count ? (_members[first], _members[second]) : (_members[second], _members[first]);
        if (more.Overlaps(less))
        {
            return;
        }

        more.UnionWith(less);
        _members[first] = more;
        _parents[second] = first;
    }
}
