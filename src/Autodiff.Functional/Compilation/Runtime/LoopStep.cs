// A loop that is run where it stands.

using Autodiff.Functional.Compilation.Kernels;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.Runtime;

/// <summary>A loop.</summary>
internal sealed unsafe class LoopStep(Loop loop, BufferView[] operands, BufferView result) : Step
{
    private LoopProgram? _program;
    private LoopTrace? _trace;

    protected override BufferView[] Operands => operands;

    protected override BufferView[] Results => _trace is null ? [result] : [result, _trace.Memory];

    /// <summary>What keeps its states for a reverse sweep through it, or a part of it, over the same operands; null if the sweep has to find them itself.</summary>
    /// <param name="part">The operands that the sweep has too.</param>
    /// <param name="others">The operands of the sweep: those, and the cotangent of its value.</param>
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
        var places = workspace.Places;
        var target = At(places, result);
        var motion = _program!.Rent();
        try
        {
            motion.Begin(places, operands);
            while (motion.HasNext())
            {
                if (_trace is not null && motion.Taken % loop.Stride == 0)
                {
                    motion.State.CopyTo(new(At(places, _trace.Memory) + _trace.StartOf(motion.Taken), motion.State.Length));
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
