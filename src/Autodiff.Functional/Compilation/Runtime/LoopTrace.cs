// The states that a loop keeps for the reverse sweep through it.

using Autodiff.Functional.Compilation.Kernels;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.Runtime;

/// <summary>The states of a loop at the start of every stretch of Stride steps, which it keeps for the reverse sweep through it.</summary>
internal sealed class LoopTrace
{
    private readonly Loop _loop;
    private readonly int _size;

    public LoopTrace(Loop loop)
    {
        (_loop, _size) = (loop, loop.Step.Results.Take(loop.States).Sum(state => state.Shape.Size));
        Memory = BufferView.RowMajor(new Shape([(loop.Steps + loop.Stride - 1) / loop.Stride, _size]));
    }

    public BufferView Memory { get; }

    /// <summary>The size of a state, in doubles.</summary>
    public int Size => _size;

    /// <summary>Where the state before a step is, in doubles; the step is the first of a stretch.</summary>
    public int StartOf(int step) => step / _loop.Stride * _size;

    /// <summary>Where the tensors of the state of a part of the loop start within a state, in doubles.</summary>
    public IEnumerable<int> StartsOf(Loop part) => Enumerable.Range(0, _loop.States).Where(state => part.Whole!.Value.Operands[state]).Select(_loop.Layout.Start);
}
