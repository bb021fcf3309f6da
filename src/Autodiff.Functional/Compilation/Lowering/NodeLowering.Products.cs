// Lowers contractions: short ones to multiply-adds in registers, long ones to products of matrices. Also lowers nodes that are steps of their own.

using Autodiff.Functional.Compilation.Kernels;
using Autodiff.Functional.Compilation.Runtime;
using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.Lowering;

internal sealed partial class NodeLowering
{
    private LoweredTensor Contract(Contraction contraction, LoweredTensor[] operands, int[] domains)
    {
        string[] inputs = [.. contraction.Inputs.Select(input => string.Concat(input.Distinct()))];
        if (!inputs.SequenceEqual(contraction.Inputs))
        {
            LoweredTensor[] diagonals = [.. operands.Select((operand, i) => Diagonal(operand, contraction.Inputs[i], contraction.ShapeOf(inputs[i])))];
            return Contract(contraction with { Inputs = inputs }, diagonals, domains);
        }

        if (contraction.HasDiagonal)
        {
            return OnDiagonal(contraction, operands, domains);
        }

        // The iteration space of all products: the axes of the result, then those that are summed.
        var summed = string.Concat(contraction.Inputs.SelectMany(input => input).Distinct().Where(letter => !contraction.Output.Contains(letter, StringComparison.Ordinal)));
        var letters = contraction.Output + summed;
        var shape = contraction.ShapeOf(letters);
        int[] axes = [.. letters.Select(letter => ClassOf(letter, contraction, operands, domains))];
        for (var axis = 0; axis < axes.Length; axis++)
        {
            axes[axis] = axes[axis] >= 0 && Array.IndexOf(axes, axes[axis]) < axis ? _domains.New() : axes[axis];
        }

        var roles = _domains.RolesOf(shape, axes);
        bool IsShared(int axis) => contraction.Inputs.All(input => input.Contains(letters[axis], StringComparison.Ordinal)) && axis < contraction.Output.Length;
        int[] inner = [.. Identity(shape.Rank).Where(axis => axis != roles.Samples && !IsShared(axis))];
        var isLong = inner.Aggregate(1L, (product, axis) => product * shape[axis]) > MostProducts;
        if (isLong && MatrixStep.TryMake(contraction) is { } product)
        {
            return Multiply(product, operands, contraction.Shape, domains);
        }

        roles = isLong ? _domains.FittingRolesOf(shape, axes) : roles;
        int[] Map(string input) => [.. input.Select(letter => letters.IndexOf(letter, StringComparison.Ordinal))];
        var scalars = new ScalarOperand[operands.Length][];
        for (var i = 0; i < operands.Length; i++)
        {
            scalars[i] = Read(operands[i], shape, roles, Map(contraction.Inputs[i]));
        }

        int[] becomes = [.. letters.Select(letter => contraction.Output.IndexOf(letter, StringComparison.Ordinal))];
        return Fold(Monoid.Sum, shape, roles, becomes, contraction.Shape, domains, Earliest(roles.Space(shape), scalars), (kernel, elements) => Summed(kernel, elements, scalars));

        static int Summed(Kernel kernel, ReadOnlySpan<int> elements, ScalarOperand[][] scalars)
        {
            var first = elements[0];
            if (scalars.Length == 1)
            {
                var total = scalars[0][first].In(kernel);
                foreach (var element in elements[1..])
                {
                    total = kernel.Apply(Op.Add, total, scalars[0][element].In(kernel));
                }

                return total;
            }

            var sum = kernel.Apply(Op.Multiply, scalars[0][first].In(kernel), scalars[1][first].In(kernel));
            foreach (var element in elements[1..])
            {
                sum = kernel.MultiplyAdd(scalars[0][element].In(kernel), scalars[1][element].In(kernel), sum);
            }

            return sum;
        }
    }

    /// <summary>The diagonal of a tensor along axes of the same letter: a view whose stride is the sum of the strides of these axes.</summary>
    private LoweredTensor Diagonal(LoweredTensor value, string axes, Shape shape)
    {
        var memory = MemoryOf(value);
        return new(shape, [.. axes.Distinct().Select(letter => value.Domains[axes.IndexOf(letter, StringComparison.Ordinal)])])
        {
            Memory = memory.With(axes.Distinct().Select(letter => StepAlong(memory, axes, letter))),
        };
    }

    /// <summary>A contraction whose output repeats a letter: sums of products on the diagonal, zeros elsewhere.</summary>
    private LoweredTensor OnDiagonal(Contraction contraction, LoweredTensor[] operands, int[] domains)
    {
        var axes = contraction.Output;
        var output = string.Concat(axes.Distinct());
        var value = Contract(contraction with { Output = output }, operands, [.. output.Select(letter => domains[axes.IndexOf(letter, StringComparison.Ordinal)])]);
        var memory = Room(contraction.Shape, domains);
        memory.Buffer.Initial = 0;
        Store(value, memory.With(output.Select(letter => StepAlong(memory, axes, letter))), Identity(output.Length), Act.Accumulate);
        return new(contraction.Shape, domains) { Memory = memory };
    }

    private static Stride StepAlong(BufferView memory, string axes, char letter) => axes.Select((own, axis) => own == letter ? memory.Strides[axis] : default)
        .Aggregate((step, other) => new(step.Elements + other.Elements, step.Samples + other.Samples));

    private static int ClassOf(char letter, Contraction contraction, LoweredTensor[] operands, int[] domains)
    {
        if (contraction.Output.IndexOf(letter, StringComparison.Ordinal) is var axis and >= 0)
        {
            return domains[axis];
        }

        var operand = Array.FindIndex(contraction.Inputs, input => input.Contains(letter, StringComparison.Ordinal));
        return operands[operand].Domains[contraction.Inputs[operand].IndexOf(letter, StringComparison.Ordinal)];
    }

    private LoweredTensor Multiply(MatrixStep product, LoweredTensor[] operands, Shape shape, int[] domains)
    {
        // The axis of the batch is outermost, so that each matrix lies together and few pages of memory are in use at a time.
        var (axes, batch) = (product.Contraction, product.BatchAxes);
        var a = Ordered(operands[0], product.OrderOf(axes.Inputs[0]), batch.A);
        var b = Ordered(operands[1], product.OrderOf(axes.Inputs[1]), batch.B);
        var memory = product.OrderOf(axes.Output) is { } order ? BufferView.Allocate(shape, -1, order) : Room(shape, domains, batch.C);
        memory.Buffer.Written(Steps.Count, false);
        product.Place(a, b, memory);
        Steps.Add(product);
        return new(shape, domains) { Memory = memory };
    }

    /// <summary>A tensor in memory with its axes in some order.</summary>
    /// <param name="value">The tensor.</param>
    /// <param name="order">The axes, outermost first; null for the order that suits its kernel.</param>
    /// <param name="batch">If <paramref name="order"/> is null, the axis that becomes outermost if the tensor is not in memory yet.</param>
    private BufferView Ordered(LoweredTensor value, int[]? order, int batch)
    {
        if (order is null)
        {
            return MemoryOf(value, batch);
        }

        if (order.SequenceEqual(Identity(order.Length)))
        {
            return FlatOf(value);
        }

        var memory = BufferView.Allocate(value.Shape, -1, order);
        Store(value, memory, Identity(order.Length), Act.Store);
        return memory;
    }

    private LoopStep Known(Loop loop, LoopStep step)
    {
        if (!_loops.TryGetValue(loop, out var steps))
        {
            _loops.Add(loop, steps = []);
        }

        steps.Add(step);
        return step;
    }

    /// <summary>The states that an earlier loop keeps for the reverse sweep through it; null if there is no such loop.</summary>
    private LoopTrace? TraceFor(LoopAdjoint adjoint, BufferView[] operands) =>
        adjoint.Loop.Whole is { } whole && _loops.TryGetValue(whole.Loop, out var steps)
            ? steps.Select(step => step.TraceFor(whole.Operands, operands)).FirstOrDefault(trace => trace is not null)
            : null;

    /// <summary>Lowers a node to a step of its own: a program inside this one, a routine, or an evaluation of the node.</summary>
    private LoweredTensor Evaluate(Expr node, LoweredTensor[] operands, int[] domains)
    {
        var hasStep = node.Primitive is IRoutine ? node.Shape.Size > 0 : !HasNothing(node) && node.Primitive is Loop or LoopAdjoint or Choice or Function;
        var flat = new BufferView?[operands.Length];
        for (var i = 0; i < flat.Length; i++)
        {
            flat[i] = (hasStep || operands[i].Constant is null) && operands[i].Shape.Size > 0 ? FlatOf(operands[i]) : null;
        }

        var result = BufferView.RowMajor(node.Shape);
        result.Buffer.Written(Steps.Count, false);
        Steps.Add(node.Primitive switch
        {
            Loop loop when hasStep => Known(loop, new(loop, flat!, result) { Index = Steps.Count }),
            LoopAdjoint adjoint when hasStep => new LoopAdjointStep(adjoint, flat!, result, TraceFor(adjoint, flat!)),
            Choice choice when hasStep => new ChoiceStep(choice, flat!, result),
            Function function when hasStep => new CallStep(function, flat!, result),
            IRoutine primitive when hasStep => RoutineOf(primitive, node, flat, result),
            _ => new NodeStep(node, Array.ConvertAll(operands, operand => operand.Constant), flat, result),
        });
        return new(node.Shape, domains) { Memory = result, Flat = result };
    }

    private RoutineStep RoutineOf(IRoutine primitive, Expr node, BufferView?[] operands, BufferView result)
    {
        var call = primitive.Call(node.Shape, node.Operands.Select(operand => operand.Shape).ToArray());
        var scratch = call.Scratch > 0 ? BufferView.RowMajor(new(call.Scratch)) : null;
        scratch?.Buffer.Written(Steps.Count, false);
        return new(node, call, operands, result, scratch);
    }
}
