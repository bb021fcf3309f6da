// Simpler programs than a given one: with fewer instructions, functions put in the place where they are called, shorter loops, rounder numbers.

namespace Autodiff.Functional.Generation;

internal static class Shrinking
{
    /// <summary>Programs that are simpler by <see cref="Size"/>, so shrinking ends; those that leave out most come first.</summary>
    public static IEnumerable<RandomProgram> Smaller(RandomProgram program)
    {
        var size = Size(program);
        return Bodies(program.Body)
            .Select(body => (program.Input, Body: body.WithoutUnused()))
            .Concat(Inputs(program.Input).Select(input => (Input: input, program.Body)))
            .Select(candidate => Retyping.Retyped(candidate.Input, candidate.Body))
            .OfType<RandomProgram>()
            .Where(candidate => Size(candidate).CompareTo(size) < 0 && RandomPrograms.IsModerate(candidate.Body, candidate.Input, new Dice(0)));
    }

    /// <summary>
    /// How complicated a program is: how many instructions it has, then how many that need a function, how many elements all tensors have together,
    /// and how long its numbers are.
    /// </summary>
    private static (int Count, int Functions, int Elements, int Digits) Size(RandomProgram program) => (
        program.Count,
        program.Body.All.Sum(instruction => instruction.Bodies.Count),
        program.Input.Shape.Size + program.Input.Rank + program.Body.All.Sum(instruction => instruction.Shape.Size + instruction.Shape.Rank),
        program.Input.ToArray().Concat(program.Body.All.SelectMany(instruction => instruction.Numbers)).Sum(number => Operation.Literal(number).Length + Magnitude(number)));

    // Orders loops by their lengths and positions by their distance from the start.
    private static int Magnitude(double number) => (int)Math.Ceiling(Math.Abs(number));

    private static IEnumerable<ProgramBody> Bodies(ProgramBody body)
    {
        var parameters = body.Parameters.Count;

        // The part up to an earlier result.
        for (var result = 0; result < parameters + body.Instructions.Count; result++)
        {
            if (result != body.Result)
            {
                yield return new(body.Parameters, body.Instructions, result);
            }
        }

        for (var i = 0; i < body.Instructions.Count; i++)
        {
            var instruction = body.Instructions[i];
            // One of its operands takes its place, the first value of the same shape, or a parameter that of a constant.
            var like = Enumerable.Range(0, parameters + i).Where(value => body.ShapeOf(value) == instruction.Shape).Take(1);
            foreach (var replacement in instruction.Operands.Count > 0 ? instruction.Operands.Concat(like).Distinct() : Enumerable.Range(0, parameters))
            {
                yield return Without(body, i, replacement);
            }

            foreach (var inner in instruction.Bodies)
            {
                if (Inlined(body, i, inner) is { } inlined)
                {
                    yield return inlined;
                }
            }

            foreach (var simpler in Instructions(instruction))
            {
                yield return body.With([.. body.Instructions.Take(i), simpler, .. body.Instructions.Skip(i + 1)]);
            }
        }
    }

    /// <summary>The same operation with a simpler function or number, or on the same values without repetition.</summary>
    private static IEnumerable<ProgramInstruction> Instructions(ProgramInstruction instruction)
    {
        for (var i = 0; i < instruction.Bodies.Count; i++)
        {
            foreach (var simpler in Bodies(instruction.Bodies[i]))
            {
                yield return instruction.With(bodies: [.. instruction.Bodies.Take(i), simpler.WithoutUnused(), .. instruction.Bodies.Skip(i + 1)]);
            }
        }

        // Functions that must agree, as the branches of a choice, all become the same captured value.
        for (var fromEnd = 1; instruction.Bodies.Count > 1 && fromEnd <= instruction.Captured.Count(); fromEnd++)
        {
            yield return instruction.With(bodies: [.. instruction.Bodies.Select(body => new ProgramBody(body.Parameters, [], body.Parameters.Count - fromEnd))]);
        }

        for (var i = 0; i < instruction.Numbers.Count; i++)
        {
            foreach (var simpler in Numbers(instruction.Numbers[i]))
            {
                yield return instruction.With(numbers: [.. instruction.Numbers.Take(i), simpler, .. instruction.Numbers.Skip(i + 1)]);
            }
        }

        if (instruction.Operation == "Constant")
        {
            // One number instead of a tensor broadcasts.
            yield return instruction.With(numbers: [0, instruction.Numbers[^1]]);
        }

        for (var i = instruction.Operands.Count - instruction.Captured.Count(); i < instruction.Operands.Count; i++)
        {
            if (WithoutCaptured(instruction, i) is { } simpler)
            {
                yield return simpler;
            }
        }
    }

    /// <summary>The instruction without a captured value that no function uses, or null if one does.</summary>
    private static ProgramInstruction? WithoutCaptured(ProgramInstruction instruction, int place)
    {
        var fromEnd = instruction.Operands.Count - place;
        List<ProgramBody> bodies = [];
        foreach (var body in instruction.Bodies)
        {
            var parameter = body.Parameters.Count - fromEnd;
            if (body.Result == parameter || body.Instructions.Any(inner => inner.Operands.Contains(parameter)))
            {
                return null;
            }

            int Moved(int value) => value > parameter ? value - 1 : value;
            bodies.Add(new(
                [.. body.Parameters.Where((_, i) => i != parameter)],
                [.. body.Instructions.Select(inner => inner.With(operands: [.. inner.Operands.Select(Moved)]))],
                Moved(body.Result)));
        }

        return instruction.With(operands: [.. instruction.Operands.Where((_, i) => i != place)], bodies: bodies);
    }

    /// <summary>The body without an instruction, and with another value in place of its result.</summary>
    private static ProgramBody Without(ProgramBody body, int index, int replacement)
    {
        var removed = body.Parameters.Count + index;
        int Moved(int value) => value == removed ? replacement : value > removed ? value - 1 : value;
        return new(
            body.Parameters,
            [.. body.Instructions.Where((_, i) => i != index).Select(instruction => instruction.With(operands: [.. instruction.Operands.Select(Moved)]))],
            Moved(body.Result));
    }

    /// <summary>
    /// The body with the instructions of a function in place of the instruction that takes it. Its arguments are operands of the same shapes, or the first
    /// operand if there are none.
    /// </summary>
    private static ProgramBody? Inlined(ProgramBody body, int index, ProgramBody inner)
    {
        var instruction = body.Instructions[index];
        var operands = instruction.Operands;
        var arguments = inner.Parameters.Count - instruction.Captured.Count();
        if (arguments > operands.Count)
        {
            return null;
        }

        var place = body.Parameters.Count + index;
        List<int> values = [];
        for (var i = 0; i < inner.Parameters.Count; i++)
        {
            values.Add(
                i >= arguments ? operands[operands.Count - inner.Parameters.Count + i]
                : operands.Where(operand => body.ShapeOf(operand) == inner.Parameters[i]).Append(operands[i]).First());
        }

        for (var i = 0; i < inner.Instructions.Count; i++)
        {
            values.Add(place + i);
        }

        var result = values[inner.Result];
        int Moved(int value) => value == place ? result : value > place ? value - 1 + inner.Instructions.Count : value;
        return new(
            body.Parameters,
            [
                .. body.Instructions.Take(index),
                .. inner.Instructions.Select(moved => moved.With(operands: [.. moved.Operands.Select(value => values[value])])),
                .. body.Instructions.Skip(index + 1).Select(later => later.With(operands: [.. later.Operands.Select(Moved)])),
            ],
            Moved(body.Result));
    }

    private static IEnumerable<Expr> Inputs(Expr input)
    {
        var shape = input.Shape;
        for (var axis = 0; axis < shape.Rank; axis++)
        {
            if (shape[axis] > 1)
            {
                yield return Expr.Take(input, [0], axis);
                yield return Expr.Take(input, [.. Enumerable.Range(0, shape[axis] - 1)], axis);
            }
            else
            {
                yield return Expr.Reshape(input, new Shape([.. shape.Where((_, i) => i != axis)]));
            }
        }

        double[] elements = input.ToArray();
        foreach (var simple in new[] { 0, 1, 0.5 })
        {
            yield return Expr.Constant([.. elements.Select(_ => simple)], shape);
        }

        for (var i = 0; i < elements.Length; i++)
        {
            foreach (var simpler in Numbers(elements[i]))
            {
                yield return Expr.Constant([.. elements[..i], simpler, .. elements[(i + 1)..]], shape);
            }
        }
    }

    /// <summary>0, 1, half of a whole number, and numbers with fewer digits.</summary>
    private static IEnumerable<double> Numbers(double number) =>
        new[] { 0, 1, 0.5, Math.Truncate(number / 2), Math.Round(number), Math.Round(number, 1), Math.Round(number, 3) }.Where(simpler => simpler != number).Distinct();
}
