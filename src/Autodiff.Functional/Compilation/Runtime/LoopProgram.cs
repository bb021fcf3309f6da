// The compiled programs of a loop, shared by its runs.

using System.Collections.Concurrent;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.Runtime;

/// <summary>The compiled programs of a loop: that of a step, and that of the condition if it has one.</summary>
internal sealed class LoopProgram(Loop loop, ProgramCompiler compiler)
{
    private readonly ConcurrentBag<LoopMotion> _motions = [];

    public Loop Loop => loop;

    public CompiledProgram Step { get; } = compiler(loop.Step);

    public CompiledProgram? Condition { get; } = loop.Condition is null ? null : compiler(loop.Condition);

    /// <summary>The size of the state, in doubles.</summary>
    public int Size { get; } = loop.Step.Results.Take(loop.States).Sum(state => state.Shape.Size);

    public LoopMotion Rent()
    {
        var motion = _motions.TryTake(out var used) ? used : new(this);
        (motion.StepWorkspace, motion.ConditionWorkspace) = (Step.Rent(), Condition?.Rent());
        return motion;
    }

    public void Return(LoopMotion motion)
    {
        Step.Return(motion.StepWorkspace!);
        Condition?.Return(motion.ConditionWorkspace!);
        _motions.Add(motion);
    }
}
