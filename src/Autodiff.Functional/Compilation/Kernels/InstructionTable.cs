// The instructions of a kernel that compute values, found again by what they do: a hash table over the code itself.

namespace Autodiff.Functional.Compilation.Kernels;

/// <summary>Where each of some instructions stands.</summary>
internal sealed class InstructionTable
{
    private const int None = -1;

    // The latest instruction of every chain of those whose hashes end alike, and for every instruction the one before it there.
    private int[] _latest = [];
    private int[] _before = [];

    /// <summary>Where an instruction that does the same stands in the code; −1 if nowhere.</summary>
    public int Find(Instruction instruction, List<Instruction> code)
    {
        var position = _latest.Length == 0 ? None : _latest[Chain(instruction)];
        while (position >= 0 && !code[position].Equals(instruction))
        {
            position = _before[position];
        }

        return position;
    }

    /// <summary>Takes up the last instruction of the code, an instruction that computes a value.</summary>
    public void AddLast(List<Instruction> code)
    {
        var position = code.Count - 1;
        if (position >= _latest.Length)
        {
            Array.Resize(ref _before, Math.Max(16, 2 * position));
            _latest = new int[_before.Length];
            Array.Fill(_latest, None);
            for (var earlier = 0; earlier < position; earlier++)
            {
                Link(earlier, code);
            }
        }

        Link(position, code);
    }

    private void Link(int position, List<Instruction> code)
    {
        if (!code[position].IsEffect)
        {
            ref var latest = ref _latest[Chain(code[position])];
            (_before[position], latest) = (latest, position);
        }
    }

    private int Chain(Instruction instruction) => (int)((uint)instruction.GetHashCode() % (uint)_latest.Length);
}
