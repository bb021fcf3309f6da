// Axes that are one loop: axes of different tensors of a program whose positions belong together, such as the samples of a batch
// through all that is computed from them. Each class can be the lanes of registers, a loop, or unrolled.

using Autodiff.Functional.Compilation.Kernels;
using Autodiff.Functional.Primitives;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.Lowering;

/// <summary>The classes of the axes of all tensors in a body, found by joining axes that have the same positions.</summary>
internal sealed class IterationDomains
{
    /// <summary>The most elements that are unrolled for a sample; where there are none, of a tensor.</summary>
    private const int MostUnrolled = 64;
    private const int MostNumbers = 1024;

    private readonly List<int> _parents = [];
    private readonly List<HashSet<int>> _members = [];
    private readonly List<double> _work = [];
    private readonly HashSet<int> _looped = [];
    private readonly int[][] _classes;

    public IterationDomains(Computation body, Func<Expr, bool> isComputed)
    {
        var count = body.Parameters.Length;
        _classes = new int[count + body.Nodes.Length][];
        for (var slot = 0; slot < _classes.Length; slot++)
        {
            var shape = (slot < count ? body.Parameters[slot] : body.Nodes[slot - count]).Shape;
            _classes[slot] = shape.IsScalar ? [] : [.. shape.Select(length => length == 1 ? -1 : New(slot))];
        }

        // What is on numbers has no axes, and of large programs that is most.
        int[] places = [.. Enumerable.Range(0, body.Nodes.Length).Where(place => !body.Nodes[place].IsOnNumbers)];
        foreach (var place in places)
        {
            Join(body.Nodes[place], count + place, body.OperandSlots[place]);
        }

        for (var slot = 0; slot < _classes.Length; slot++)
        {
            _classes[slot] = Array.ConvertAll(_classes[slot], axis => axis < 0 ? -1 : Find(axis));
        }

        foreach (var place in places)
        {
            if (isComputed(body.Nodes[place]))
            {
                Weigh(body.Nodes[place], count + place, body.OperandSlots[place]);
            }
        }

        foreach (var place in places)
        {
            if (isComputed(body.Nodes[place]))
            {
                var classes = _classes[count + place];
                while (RolesOf(body.Nodes[place].Shape, classes) is var roles && Longest(body.Nodes[place].Shape, roles) is { } axis)
                {
                    _looped.Add(classes[axis]);
                }
            }
        }
    }

    /// <summary>The classes of the axes of what stands in a slot of the body.</summary>
    public int[] this[int slot] => _classes[slot];

    /// <summary>A class that no other axis is in.</summary>
    public int New() => New(-1);

    /// <summary>What axes of some classes are.</summary>
    /// <param name="shape">The lengths of the axes.</param>
    /// <param name="classes">Their classes.</param>
    public AxisRoles RolesOf(Shape shape, int[] classes)
    {
        var samples = -1;
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            if (shape[axis] >= KernelSpace.ShortestSamples && (samples < 0 || IsHeavier(shape, classes, axis, samples)))
            {
                samples = axis;
            }
        }

        return Divided(shape, classes, samples);
    }

    /// <summary>Whether no more is unrolled than may be.</summary>
    public static bool IsFitting(Shape shape, AxisRoles roles) => Longest(shape, roles) is null;

    /// <summary>What axes are, if so many elements are unrolled as may be, whatever the others of their classes are.</summary>
    /// <param name="shape">The lengths of the axes.</param>
    /// <param name="classes">Their classes.</param>
    /// <param name="samples">The axis in the lanes of registers; null for the one that suits them best.</param>
    public AxisRoles FittingRolesOf(Shape shape, int[] classes, int? samples = null)
    {
        var roles = samples is { } lanes ? Divided(shape, classes, lanes) : RolesOf(shape, classes);
        while (Longest(shape, roles) is { } axis)
        {
            roles = roles with { Loops = [.. roles.Loops.Append(axis).OrderBy(loop => classes[loop])], Unrolled = [.. roles.Unrolled.Where(other => other != axis)] };
        }

        return roles;
    }

    private AxisRoles Divided(Shape shape, int[] classes, int samples)
    {
        var loops = new List<int>();
        var unrolled = new List<int>();
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            if (axis != samples)
            {
                (classes[axis] >= 0 && _looped.Contains(classes[axis]) ? loops : unrolled).Add(axis);
            }
        }

        return new(classes, samples, [.. loops.OrderBy(axis => classes[axis])], [.. unrolled]);
    }

    /// <summary>The longest unrolled axis, if too much is unrolled.</summary>
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

    private bool IsHeavier(Shape shape, int[] classes, int axis, int than)
    {
        // What comes before and after the registers of an axis counts as much as some registers do.
        static double Share(int length) => length / (length + 32.0);
        var (work, other) = (_work[classes[axis]] * Share(shape[axis]), _work[classes[than]] * Share(shape[than]));
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
            var classes = _classes[operands[operand]];
            for (var axis = 0; axis < map.Length; axis++)
            {
                if (map[axis] != AxisMap.None)
                {
                    Join(classes[axis], _classes[slot][map[axis]]);
                }
            }
        }

        if (node.Primitive is ContractionPrimitive product)
        {
            JoinLetters(product.Contraction, operands);
        }
    }

    /// <summary>The axes that a contraction sums over.</summary>
    private void JoinLetters(Contraction contraction, ReadOnlySpan<int> operands)
    {
        var first = new Dictionary<char, int>();
        for (var operand = 0; operand < operands.Length; operand++)
        {
            for (var axis = 0; operands[operand] != Computation.ConstantSlot && axis < contraction.Inputs[operand].Length; axis++)
            {
                var own = _classes[operands[operand]][axis];
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
        foreach (var axis in operands.ToArray().Where(operand => operand != Computation.ConstantSlot).Append(slot).SelectMany(tensor => _classes[tensor]).Where(axis => axis >= 0).Distinct())
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

    /// <summary>Joins two classes, unless they are two axes of one tensor, which cannot be one loop.</summary>
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
