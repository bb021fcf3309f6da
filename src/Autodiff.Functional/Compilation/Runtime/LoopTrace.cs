// What a loop leaves to the reverse sweep through it.

using Autodiff.Functional.Compilation.Kernels;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.Runtime;

/// <summary>The states of a loop at the start of every stretch of steps, which it leaves to the reverse sweep through it.</summary>
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

    /// <summary>Where the state before a step is, which is the first of a stretch.</summary>
    public int StartOf(int step) => step / _loop.Stride * _size;

    /// <summary>Where behind that each tensor is of the state of a part of the loop.</summary>
    public IEnumerable<int> StartsOf(Loop part) => Enumerable.Range(0, _loop.States).Where(state => part.Whole!.Value.Operands[state]).Select(_loop.Layout.Start);
}
