// The step that runs a loop, as an inner program for each of its steps.

using Autodiff.Functional.Compilation.Kernels;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.Runtime;

/// <summary>Runs a loop.</summary>
internal sealed unsafe class LoopStep(Loop loop, BufferView[] operands, BufferView result) : Step
{
    private LoopProgram? _program;
    private LoopTrace? _trace;

    public Loop Loop => loop;

    /// <summary>The states that it keeps for a reverse sweep; null if it keeps none.</summary>
    public LoopTrace? Trace => _trace;

    public override BufferView[] Operands => operands;

    public override BufferView[] Results => _trace is null ? [result] : [result, _trace.Memory];

    /// <summary>
    /// Has the loop keep its states for a reverse sweep through it, or through a part of it, over the same operands; null if that is not possible
    /// and the sweep has to run the loop again.
    /// </summary>
    /// <param name="part">Which operands of the loop the sweep has too.</param>
    /// <param name="others">The operands of the sweep: those, and the cotangent of the loop's value.</param>
    public LoopTrace? TraceFor(bool[] part, ReadOnlySpan<BufferView> others)
    {
        var kept = operands.Where((_, operand) => part[operand]);
        if (loop.Condition is not null || !kept.SequenceEqual(others[..^1].ToArray(), ReferenceEqualityComparer.Instance))
        {
            return null;
        }

        if (_trace is null)
        {
            _trace = new(loop);
            _trace.Memory.Buffer.Written(Index, false);
        }

        return _trace;
    }

    public override void Prepare(ProgramCompiler compiler) => _program = new(loop, compiler);

    public override void Run(Workspace workspace)
    {
        var segments = workspace.Segments;
        var target = At(segments, result);
        var motion = _program!.Rent();
        try
        {
            motion.Begin(segments, operands);
            while (motion.HasNext())
            {
                if (_trace is not null && motion.Taken % loop.Stride == 0)
                {
                    motion.State.CopyTo(new(At(segments, _trace.Memory) + _trace.StartOf(motion.Taken), motion.State.Length));
                }

                motion.Step(target + _program.Size);
            }

            motion.State.CopyTo(new(target, _program.Size));
        }
        finally
        {
            _program.Return(motion);
        }
    }

    public override IEnumerable<string> Explain() => [_trace is null ? loop.Description : $"{loop.Description}, keeping states", .. _program!.Step.Explain().Select(line => $"  {line}")];
}
