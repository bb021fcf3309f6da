// Sets of indices of input elements, each kept once: what the elements of a graph depend on.

using System.Runtime.InteropServices;

namespace Autodiff.Functional.Primitives;

/// <summary>
/// The sets of input elements that elements of a graph depend on. Equal sets are one set and have one number, so the dependence of a
/// tensor is an array of numbers, one for each element in row-major order, and elements that depend on the same inputs share one set. An operand none of
/// whose elements depends on the inputs is given as null.
/// </summary>
/// <param name="size">The number of input elements.</param>
internal sealed class IndexSets(int size)
{
    // The most members of all sets together: 2²⁷ take 512 MiB.
    private const int MostMembers = 1 << 27;

    /// <summary>The number of the empty set.</summary>
    public const int Empty = 0;

    // Set s has the members _members[_starts[s]] … _members[_starts[s + 1] - 1], ascending. Sets of one element come after the empty one, in the order
    // of their elements, and are not listed in _slots.
    private readonly List<int> _starts = [0, .. Enumerable.Range(0, size + 1)];
    private readonly List<int> _members = [.. Enumerable.Range(0, size)];
    private readonly Dictionary<(int, int), int> _unions = [];
    private readonly int[] _lastMet = new int[size];
    private readonly List<int> _gathered = [];
    private int[] _slots = new int[64];
    private int _listed;
    private int _meeting;

    /// <summary>The set of one input element.</summary>
    public static int Of(int index) => index + 1;

    /// <summary>The dependence of the inputs themselves: each element on itself.</summary>
    public static int[] OfInputs(int size) => [.. Enumerable.Range(1, size)];

    /// <summary>The members of a set, ascending.</summary>
    public ReadOnlySpan<int> Members(int set) => CollectionsMarshal.AsSpan(_members)[_starts[set].._starts[set + 1]];

    /// <summary>The union of two sets.</summary>
    public int Union(int a, int b)
    {
        if (a == b || b == Empty)
        {
            return a;
        }

        if (a == Empty)
        {
            return b;
        }

        ref var union = ref CollectionsMarshal.GetValueRefOrAddDefault(_unions, a < b ? (a, b) : (b, a), out var isKnown);
        return isKnown ? union : union = Merged(a, b);
    }

    /// <summary>The union of any number of sets.</summary>
    public int Union(ReadOnlySpan<int> sets)
    {
        if (sets.Length < 3)
        {
            return sets.Length == 0 ? Empty : Union(sets[0], sets[^1]);
        }

        _meeting++;
        _gathered.Clear();
        var previous = Empty;
        foreach (var set in sets)
        {
            if (set == previous)
            {
                continue;
            }

            previous = set;
            foreach (var index in Members(set))
            {
                if (_lastMet[index] != _meeting)
                {
                    _lastMet[index] = _meeting;
                    _gathered.Add(index);
                }
            }
        }

        _gathered.Sort();
        return Numbered(CollectionsMarshal.AsSpan(_gathered));
    }

    /// <summary>The union of two dependences of the same shape, element by element.</summary>
    public int[]? Union(int[]? a, int[]? b)
    {
        if (a is null || b is null)
        {
            return a ?? b;
        }

        var union = new int[a.Length];
        for (var i = 0; i < union.Length; i++)
        {
            union[i] = Union(a[i], b[i]);
        }

        return union;
    }

    /// <summary>The union of the sets of each group of elements.</summary>
    /// <param name="sets">The set of each element.</param>
    /// <param name="groups">The group of each element.</param>
    /// <param name="count">The number of groups.</param>
    public int[] Union(ReadOnlySpan<int> sets, ReadOnlySpan<int> groups, int count)
    {
        var ends = new int[count + 1];
        foreach (var group in groups)
        {
            ends[group + 1]++;
        }

        for (var group = 0; group < count; group++)
        {
            ends[group + 1] += ends[group];
        }

        var ordered = new int[sets.Length];
        for (var i = 0; i < ordered.Length; i++)
        {
            ordered[ends[groups[i]]++] = sets[i];
        }

        var unions = new int[count];
        for (var group = 0; group < count; group++)
        {
            unions[group] = Union(ordered.AsSpan((group == 0 ? 0 : ends[group - 1])..ends[group]));
        }

        return unions;
    }

    /// <summary>
    /// The dependence of a result on an operand where positions along axes that correspond depend on each other, and along all other axes each
    /// position of the result depends on every position of the operand.
    /// </summary>
    /// <param name="sets">The dependence of the operand.</param>
    /// <param name="from">The shape of the operand.</param>
    /// <param name="to">The shape of the result.</param>
    /// <param name="axes">The axis map of the operand (see <see cref="AxisMap"/>).</param>
    public int[] Along(int[] sets, Shape from, Shape to, int[] axes)
    {
        // Both sides refer to a tensor of the axes that correspond.
        var (operandStrides, resultStrides, count) = (new int[from.Rank], new int[to.Rank], 1);
        for (var axis = 0; axis < axes.Length; axis++)
        {
            if (axes[axis] != AxisMap.None)
            {
                operandStrides[axis] = resultStrides[axes[axis]] = count;
                count *= from[axis];
            }
        }

        var unions = Union(sets, AxisMap.Offsets(from, operandStrides), count);
        return Array.ConvertAll(AxisMap.Offsets(to, resultStrides), offset => unions[offset]);
    }

    /// <summary>The unions of the sets up to each position along an axis or, reversed, from each on.</summary>
    public int[] RunningUnion(int[] sets, Shape shape, int axis, bool isReversed)
    {
        int[] unions = [.. sets];
        var stride = shape.Strides()[axis];
        for (var i = 0; i < unions.Length; i++)
        {
            var place = isReversed ? unions.Length - 1 - i : i;
            if (place / stride % shape[axis] != (isReversed ? shape[axis] - 1 : 0))
            {
                unions[place] = Union(unions[place], unions[isReversed ? place + stride : place - stride]);
            }
        }

        return unions;
    }

    /// <summary>The dependence of a primitive that moves elements without computing with them: the sets move as the elements do.</summary>
    public static int[] Moved(NodePrimitive primitive, Expr node, int[]?[] operands)
    {
        var storages = new Evaluation.Storage[operands.Length];
        for (var i = 0; i < storages.Length; i++)
        {
            var shape = node.Operand(i).Shape;
            storages[i] = operands[i] is { } sets
                ? new(shape, Array.ConvertAll(sets, set => (double)set))
                : Evaluation.Storage.Filled(Empty, shape);
        }

        return Array.ConvertAll(primitive.Evaluate(node.Shape, storages).Span.ToArray(), set => (int)set);
    }

    private int Merged(int a, int b)
    {
        var left = Members(a);
        var right = Members(b);
        _gathered.Clear();
        var (i, j) = (0, 0);
        while (i < left.Length && j < right.Length)
        {
            _gathered.Add(Math.Min(left[i], right[j]));
            var (isLeft, isRight) = (left[i] <= right[j], right[j] <= left[i]);
            i += isLeft ? 1 : 0;
            j += isRight ? 1 : 0;
        }

        _gathered.AddRange(left[i..]);
        _gathered.AddRange(right[j..]);
        return _gathered.Count == left.Length ? a : _gathered.Count == right.Length ? b : Numbered(CollectionsMarshal.AsSpan(_gathered));
    }

    /// <summary>The number of the set with some members, which are ascending.</summary>
    private int Numbered(ReadOnlySpan<int> members)
    {
        if (members.Length < 2)
        {
            return members.IsEmpty ? Empty : Of(members[0]);
        }

        var slot = SlotFor(members);
        if (_slots[slot] != Empty)
        {
            return _slots[slot];
        }

        if (_members.Count > MostMembers - members.Length)
        {
            throw new AutodiffException(
                $"Sparsity: the sets of inputs that intermediate values depend on have more than {MostMembers} members in all, so the function is not sparse enough for a pattern; " +
                "use Jacobian or Hessian, or products (Jvp, Vjp, Hvp).");
        }

        _members.AddRange(members);
        _starts.Add(_members.Count);
        var set = _starts.Count - 2;
        _slots[slot] = set;
        if (2 * ++_listed > _slots.Length)
        {
            Grow();
        }

        return set;
    }

    /// <summary>The slot of a set in the hash table, or the free one where it belongs.</summary>
    private int SlotFor(ReadOnlySpan<int> members)
    {
        var hash = new HashCode();
        hash.AddBytes(MemoryMarshal.AsBytes(members));
        var slot = hash.ToHashCode() & (_slots.Length - 1);
        while (_slots[slot] != Empty && !Members(_slots[slot]).SequenceEqual(members))
        {
            slot = (slot + 1) & (_slots.Length - 1);
        }

        return slot;
    }

    private void Grow()
    {
        var before = _slots;
        _slots = new int[2 * before.Length];
        foreach (var set in before)
        {
            if (set != Empty)
            {
                _slots[SlotFor(Members(set))] = set;
            }
        }
    }
}
