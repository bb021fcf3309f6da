// The operands of all nodes of a body by number: two arrays for millions of nodes, which cost the garbage collector nothing.

using System.Runtime.InteropServices;

namespace Autodiff.Functional.Programs;

/// <summary>For each node of a body the slots of its operands, left to right.</summary>
internal sealed class SlotLists
{
    private readonly List<int> _slots;
    private readonly List<int> _ends;

    /// <summary>No lists, with room for some.</summary>
    public SlotLists(int expected)
    {
        _slots = new(2 * expected);
        _ends = new(expected + 1) { 0 };
    }

    /// <summary>The slots of the operands of a node.</summary>
    public ReadOnlySpan<int> this[int place] => All[_ends[place].._ends[place + 1]];

    /// <summary>The slots of the operands of all nodes.</summary>
    public ReadOnlySpan<int> All => CollectionsMarshal.AsSpan(_slots);

    /// <summary>Adds an operand of the last node.</summary>
    public void Append(int slot) => _slots.Add(slot);

    /// <summary>Ends the list of the last node.</summary>
    public void EndList() => _ends.Add(_slots.Count);
}
