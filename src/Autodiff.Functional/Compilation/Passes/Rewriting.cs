// How a pass goes through a body: every node is made again over what its operands have become, and a rule may put another of the
// same shape in its place. What nothing reads any more is left behind.

using System.Runtime.InteropServices;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.Passes;

/// <summary>One walk through a body, operands before what is made of them, in time linear in the number of nodes.</summary>
internal sealed class Rewriting
{
    private readonly Body _body;
    private readonly int[] _readers;
    private readonly Dictionary<Expr, int> _readersOf = [];

    private Rewriting(Body body)
    {
        _body = body;
        _readers = new int[body.Parameters.Length + body.Nodes.Length];
        foreach (var slot in body.OperandSlots.Append(body.ResultSlots).SelectMany(slots => slots))
        {
            if (slot != Body.ConstantSlot)
            {
                _readers[slot]++;
            }
        }
    }

    /// <summary>The body with a rule applied to every node for as long as it changes it; the same body if the rule changes none.</summary>
    public static Body Apply(Body body, Func<Expr, Expr> rule) => new Rewriting(body).Run((node, _) => rule(node));

    /// <summary>The same, with a rule that asks how often an operand is read.</summary>
    public static Body Apply(Body body, Func<Expr, Rewriting, Expr> rule) => new Rewriting(body).Run(rule);

    /// <summary>The node of the body that is being made again.</summary>
    public Expr? Original { get; private set; }

    /// <summary>Whether one operand of one node is all that reads a node.</summary>
    public bool IsReadOnce(Expr node) => !_readersOf.TryGetValue(node, out var readers) || readers < 2;

    private Body Run(Func<Expr, Rewriting, Expr> rule)
    {
        var parameters = _body.Parameters.Length;
        var values = new Expr[parameters + _body.Nodes.Length];
        _body.Parameters.CopyTo(values, 0);
        var isSame = true;
        for (var place = 0; place < _body.Nodes.Length; place++)
        {
            var (node, slots) = (_body.Nodes[place], _body.OperandSlots[place]);
            Original = node;
            var keeps = true;
            for (var i = 0; i < slots.Length && keeps; i++)
            {
                keeps = ReferenceEquals(At(slots[i], node.Operand(i)), node.Operand(i));
            }

            var value = keeps ? node : node.WithOperands([.. slots.Select((slot, i) => At(slot, node.Operand(i)))]);
            for (var before = (Expr?)null; !ReferenceEquals(before, value);)
            {
                (before, value) = (value, rule(value, this));
            }

            isSame &= ReferenceEquals(value, node);
            values[parameters + place] = value;
            CollectionsMarshal.GetValueRefOrAddDefault(_readersOf, value, out _) += _readers[parameters + place];
        }

        return isSame ? _body : Body.Over(_body.Parameters, [.. _body.ResultSlots.Zip(_body.Results, At)]);

        Expr At(int slot, Expr constant) => slot == Body.ConstantSlot ? constant : values[slot];
    }
}
