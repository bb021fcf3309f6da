// The operand slots of all nodes of a computation in two arrays of integers, instead of one array for each node: even for millions of nodes the garbage
// collector has nothing to trace.

using System.Runtime.InteropServices;

namespace Autodiff.Functional.Programs;

/// <summary>For each node of a computation the slots of its operands, left to right.</summary>
internal sealed class SlotLists
{
    private readonly List<int> _slots;
    private readonly List<int> _ends;

    /// <summary>No lists, with room for the expected number of nodes.</summary>
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
