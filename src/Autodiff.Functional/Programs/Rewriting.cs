// How a pass goes through a body: every node is made again over what its operands have become, and a rule may put another of the
// same shape in its place. What nothing reads any more is left behind.

using System.Runtime.InteropServices;
namespace Autodiff.Functional.Programs;

/// <summary>One walk through a body, operands before what is made of them, in time linear in the number of nodes.</summary>
internal sealed class Rewriting
{
    private readonly Computation _body;
    private readonly Expr[] _values;
    private readonly Dictionary<Expr, int> _readersOf = [];
    private int[]? _readers;
    private int _slot;
    private int _counted;

    private Rewriting(Computation body)
    {
        _body = body;

        // As long as nothing has changed every node stands for itself.
        _values = [.. body.Parameters, .. body.Nodes];
        _counted = body.Parameters.Length;
    }

    /// <summary>The body with a rule applied to every node for as long as it changes it; the same body if the rule changes none.</summary>
    public static Computation Apply(Computation body, Func<Expr, Expr> rule) => new Rewriting(body).Run((node, _) => rule(node));

    /// <summary>The same, with a rule that asks how often an operand is read.</summary>
    public static Computation Apply(Computation body, Func<Expr, Rewriting, Expr> rule) => new Rewriting(body).Run(rule);

    /// <summary>The node of the body that is being made again.</summary>
    public Expr Original => _body.Nodes[_slot - _body.Parameters.Length];

    /// <summary>Whether one operand of one node is all that reads a node.</summary>
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
        var parameters = _body.Parameters.Length;
        var isSame = true;
        for (_slot = parameters; _slot < _values.Length; _slot++)
        {
            var value = isSame ? Original : Remade(Original, _body.OperandSlots[_slot - parameters]);
            for (var before = (Expr?)null; !ReferenceEquals(before, value);)
            {
                (before, value) = (value, rule(value, this));
            }

            isSame &= ReferenceEquals(value, Original);
            _values[_slot] = value;
        }

        return isSame ? _body : Computation.Over(_body.Parameters, [.. _body.ResultSlots.Zip(_body.Results, At)], _values.Length);
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
        Count(_body.OperandSlots.All);
        Count(_body.ResultSlots);
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
