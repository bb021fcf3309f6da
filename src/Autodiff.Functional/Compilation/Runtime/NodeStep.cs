// The step for nodes that have no compiled form: the evaluator computes them, as it does without compilation.

using Autodiff.Functional.Compilation.Kernels;
using Autodiff.Functional.Evaluation;

namespace Autodiff.Functional.Compilation.Runtime;

/// <summary>A step in which the evaluator computes a node, as it does without compilation.</summary>
internal sealed unsafe class NodeStep(Expr node, Storage?[] constants, BufferView?[] operands, BufferView result) : Step
{
    public Expr Node => node;

    /// <summary>The values of operands that are constants; null for the others.</summary>
    public IReadOnlyList<Storage?> Constants => constants;

    /// <summary>Where operands are in memory; null for constants and tensors without elements.</summary>
    public IReadOnlyList<BufferView?> Places => operands;

    public override BufferView[] Operands => [.. operands.OfType<BufferView>()];

    public override BufferView[] Results => [result];

    /// <summary>Its value, if it reads only constants and tensors without elements; otherwise null.</summary>
    public Storage? Constant()
    {
        var values = new Storage[operands.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var shape = node.Operand(i).Shape;
            if (constants[i] is null && shape.Size > 0)
            {
                return null;
            }

            values[i] = constants[i] ?? Storage.Uninitialized(shape, out _);
        }

        return node.Evaluate(values);
    }

    public override void Run(Workspace workspace)
    {
        var segments = workspace.Segments;
        var values = new Storage[operands.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var shape = node.Operand(i).Shape;
            if (constants[i] is { } constant)
            {
                values[i] = constant;
            }
            else if (operands[i] is { } memory)
            {
                values[i] = Storage.Uninitialized(shape, out var elements);
                new ReadOnlySpan<double>(At(segments, memory), shape.Size).CopyTo(elements);
            }
            else
            {
                values[i] = Storage.Symbolic(shape);
            }
        }

        node.Evaluate(values).Span.CopyTo(new(At(segments, result), node.Shape.Size));
    }

    public override IEnumerable<string> Explain() => [$"{node.Op} {node.Shape}, as without compilation"];
}
