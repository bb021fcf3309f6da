// A hash table over the instructions of a kernel that compute values, to find a value that has been computed already.

namespace Autodiff.Functional.Compilation.Kernels;

/// <summary>The positions of instructions in the code of a kernel.</summary>
internal sealed class InstructionTable
{
    private const int None = -1;

    // The latest instruction of each chain (instructions with the same hash modulo the number of chains), and for each instruction the one before it
    // in its chain.
    private int[] _latest = [];
    private int[] _before = [];

    /// <summary>The position of an instruction in the code that does the same; −1 if there is none.</summary>
    public int Find(Instruction instruction, List<Instruction> code)
    {
        var position = _latest.Length == 0 ? None : _latest[Chain(instruction)];
        while (position >= 0 && !code[position].Equals(instruction))
        {
            position = _before[position];
        }

        return position;
    }

    /// <summary>Adds the last instruction of the code, which must compute a value.</summary>
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
