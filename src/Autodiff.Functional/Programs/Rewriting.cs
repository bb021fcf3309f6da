// How a pass rewrites a computation: every node is rebuilt over its rewritten operands, and a rule may replace it by another node of the
// same shape. Nodes that are not read any more are dropped.

using System.Runtime.InteropServices;

namespace Autodiff.Functional.Programs;

/// <summary>One walk through a computation, operands first, in time linear in the number of nodes.</summary>
internal sealed class Rewriting
{
    /// <summary>How often a rule is applied to one node at most; a rule that goes on changes its own results without end.</summary>
    public const int MostRewrites = 1000;

    private readonly Computation _computation;
    private readonly Expr[] _values;
    private readonly Dictionary<Expr, int> _readersOf = new(ReferenceEqualityComparer.Instance);
    private int[]? _readers;
    private int _slot;
    private int _counted;

    private Rewriting(Computation computation)
    {
        _computation = computation;

        // Until the first node changes, every node is its own replacement.
        _values = [.. computation.Parameters, .. computation.Nodes];
        _counted = computation.Parameters.Length;
    }

    /// <summary>
    /// The computation with a rule applied to every node, repeatedly until the rule returns the node unchanged; the same object if the rule
    /// changes no node.
    /// </summary>
    public static Computation Apply(Computation computation, Func<Expr, Expr> rule) => new Rewriting(computation).Run((node, _) => rule(node));

    /// <summary>The same, with a rule that can ask for the original node and for how often an operand is read.</summary>
    public static Computation Apply(Computation computation, Func<Expr, Rewriting, Expr> rule) => new Rewriting(computation).Run(rule);

    /// <summary>The node of the original computation that is being rewritten.</summary>
    public Expr Original => _computation.Nodes[_slot - _computation.Parameters.Length];

    /// <summary>Whether a rewritten node is read at most once, by one operand of one node or by one result.</summary>
    public bool IsReadOnce(Expr node)
    {
        for (_readers ??= Readers(); _counted < _slot; _counted++)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_readersOf, _values[_counted], out _) += _readers[_counted];
        }

        return !_readersOf.TryGetValue(node, out var readers) || readers < 2;
    }

    private Computation Run(Func<Expr, Rewriting, Expr> rule)
    {
        var parameters = _computation.Parameters.Length;
        var isSame = true;
        for (_slot = parameters; _slot < _values.Length; _slot++)
        {
            var value = isSame ? Original : Remade(Original, _computation.OperandSlots[_slot - parameters]);
            var rewrites = 0;
            for (var before = (Expr?)null; !ReferenceEquals(before, value); rewrites++)
            {
                if (rewrites > MostRewrites)
                {
                    throw new AutodiffException($"Rewrite: the rule has been applied {MostRewrites} times to one node and still changes it, at last to {value.Op}; a rule must return the node itself where nothing is left to change.");
                }

                (before, value) = (value, rule(value, this));
            }

            isSame &= ReferenceEquals(value, Original);
            _values[_slot] = value;
        }

        return isSame ? _computation : Computation.Over(_computation.Parameters, [.. _computation.ResultSlots.Zip(_computation.Results, At)], _values.Length);
    }

    private Expr Remade(Expr node, ReadOnlySpan<int> slots)
    {
        var isSame = true;
        for (var i = 0; i < slots.Length && isSame; i++)
        {
            isSame = ReferenceEquals(At(slots[i], node.Operand(i)), node.Operand(i));
        }

        if (isSame)
        {
            return node;
        }

        var operands = new Expr[slots.Length];
        for (var i = 0; i < slots.Length; i++)
        {
            operands[i] = At(slots[i], node.Operand(i));
        }

        return node.WithOperands(operands);
    }

    private Expr At(int slot, Expr constant) => slot == Computation.ConstantSlot ? constant : _values[slot];

    private int[] Readers()
    {
        var readers = new int[_values.Length];
        Count(_computation.OperandSlots.All);
        Count(_computation.ResultSlots);
        return readers;

        void Count(ReadOnlySpan<int> slots)
        {
            foreach (var slot in slots)
            {
                if (slot != Computation.ConstantSlot)
                {
                    readers[slot]++;
                }
            }
        }
    }
}
