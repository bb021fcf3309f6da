// Sums of products: in registers where they are short, as products of matrices where they are long.

using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation;

internal sealed partial class Scheduler
{
    private Value Contract(Expr node, Value[] operands, int[] classes)
    {
        var contraction = (Contraction)node.Attribute!;
        if (contraction.HasDiagonal || contraction.Inputs.Any(input => input.Distinct().Count() < input.Length) || operands.Length > 2)
        {
            return Evaluate(node, operands, classes);
        }

        // The space of all products: the axes of the result, then those that are summed.
        var summed = string.Concat(contraction.Inputs.SelectMany(input => input).Distinct().Where(letter => !contraction.Output.Contains(letter, StringComparison.Ordinal)));
        var letters = contraction.Output + summed;
        var shape = contraction.ShapeOf(letters);
        int[] axes = [.. letters.Select(letter => ClassOf(letter, contraction, operands, classes))];
        for (var axis = 0; axis < axes.Length; axis++)
        {
            axes[axis] = axes[axis] >= 0 && Array.IndexOf(axes, axes[axis]) < axis ? _classes.New() : axes[axis];
        }

        var roles = _classes.RolesOf(shape, axes);
        bool IsShared(int axis) => contraction.Inputs.All(input => input.Contains(letters[axis], StringComparison.Ordinal)) && axis < contraction.Output.Length;
        int[] inner = [.. Identity(shape.Rank).Where(axis => axis != roles.Samples && !IsShared(axis))];
        var isLong = inner.Aggregate(1L, (product, axis) => product * shape[axis]) > MostProducts;
        if (isLong && MatrixStep.TryMake(contraction) is { } product)
        {
            return Multiply(product, operands, node.Shape, classes);
        }

        if (isLong)
        {
            return Evaluate(node, operands, classes);
        }

        int[] Map(string input) => [.. input.Select(letter => letters.IndexOf(letter, StringComparison.Ordinal))];
        var atoms = new Atom[operands.Length][];
        for (var i = 0; i < operands.Length; i++)
        {
            atoms[i] = Read(operands[i], shape, roles, Map(contraction.Inputs[i]));
        }

        int[] becomes = [.. letters.Select(letter => contraction.Output.IndexOf(letter, StringComparison.Ordinal))];
        return Fold(Op.Add, shape, roles, becomes, node.Shape, classes, Earliest(roles.Space(shape), atoms), (kernel, elements) => Summed(kernel, elements, atoms));

        static int Summed(Kernel kernel, ReadOnlySpan<int> elements, Atom[][] atoms)
        {
            var first = elements[0];
            if (atoms.Length == 1)
            {
                var total = atoms[0][first].In(kernel);
                foreach (var element in elements[1..])
                {
                    total = kernel.Apply(Op.Add, total, atoms[0][element].In(kernel));
                }

                return total;
            }

            var sum = kernel.Apply(Op.Multiply, atoms[0][first].In(kernel), atoms[1][first].In(kernel));
            foreach (var element in elements[1..])
            {
                sum = kernel.MultiplyAdd(atoms[0][element].In(kernel), atoms[1][element].In(kernel), sum);
            }

            return sum;
        }
    }

    private static int ClassOf(char letter, Contraction contraction, Value[] operands, int[] classes)
    {
        if (contraction.Output.IndexOf(letter, StringComparison.Ordinal) is var axis and >= 0)
        {
            return classes[axis];
        }

        var operand = Array.FindIndex(contraction.Inputs, input => input.Contains(letter, StringComparison.Ordinal));
        return operands[operand].Classes[contraction.Inputs[operand].IndexOf(letter, StringComparison.Ordinal)];
    }

    private Value Multiply(MatrixStep product, Value[] operands, Shape shape, int[] classes)
    {
        // The matrices of one product are near each other, so that few pages of memory are in use at a time.
        var (a, b) = (MemoryOf(operands[0], product.BatchAxes.A), MemoryOf(operands[1], product.BatchAxes.B));
        var memory = Room(shape, classes, product.BatchAxes.C);
        memory.Buffer.Written(Steps.Count, false);
        product.Place(a, b, memory);
        Steps.Add(product);
        return new(shape, classes) { Memory = memory };
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

    /// <summary>What a loop before leaves to the reverse sweep through it; null if there is no such loop.</summary>
    private LoopTrace? TraceFor(LoopAdjoint adjoint, Memory[] operands) =>
        adjoint.Loop.Whole is { } whole && _loops.TryGetValue(whole.Loop, out var steps)
            ? steps.Select(step => step.TraceFor(whole.Operands, operands)).FirstOrDefault(trace => trace is not null)
            : null;

    /// <summary>A node that is a step of its own: a program inside this one, or what the evaluator computes.</summary>
    private Value Evaluate(Expr node, Value[] operands, int[] classes)
    {
        var isProgram = node.Op is Op.Loop or Op.LoopAdjoint or Op.Cond or Op.Call && !HasNothing(node);
        var flat = new Memory?[operands.Length];
        for (var i = 0; i < flat.Length; i++)
        {
            flat[i] = (isProgram || operands[i].Constant is null) && operands[i].Shape.Size > 0 ? FlatOf(operands[i]) : null;
        }

        var result = Memory.RowMajor(node.Shape);
        result.Buffer.Written(Steps.Count, false);
        Steps.Add(node.Attribute switch
        {
            Loop loop when isProgram => Known(loop, new(loop, flat!, result) { Index = Steps.Count }),
            LoopAdjoint adjoint when isProgram => new LoopAdjointStep(adjoint, flat!, result, TraceFor(adjoint, flat!)),
            Choice choice when isProgram => new ChoiceStep(choice, flat!, result),
            Function function when isProgram => new CallStep(function, flat!, result),
            _ => new NodeStep(node, Array.ConvertAll(operands, operand => operand.Constant), flat, result),
        });
        return new(node.Shape, classes) { Memory = result, Flat = result };
    }
}
