// Gives the instructions of a changed program their shapes, by running it at its input.

namespace Autodiff.Functional.Generation;

internal static class Retyping
{
    /// <summary>
    /// The program with the shapes that its results have, or null if it cannot be run, or a result is empty or not finite. Operations take tensors of many
    /// shapes, so a program often still runs when one of its values has another shape than before.
    /// </summary>
    public static RandomProgram? Retyped(Expr input, ProgramBody body)
    {
        try
        {
            var retyped = Typed(body, [input], out var result);
            return IsProper(result) ? new RandomProgram(input, retyped) : null;
        }
        catch (AutodiffException)
        {
            return null;
        }
    }

    /// <summary>Whether a result has elements, and all are finite that are known: inside a function there may be only symbols.</summary>
    private static bool IsProper(Expr result) => result.Shape.Size > 0 && (!result.IsConcrete || result.ToArray().All(double.IsFinite));

    private static ProgramBody Typed(ProgramBody body, IReadOnlyList<Expr> arguments, out Expr result)
    {
        List<Expr> values = [.. arguments];
        List<ProgramInstruction> instructions = [];
        foreach (var before in body.Instructions)
        {
            var instruction = before.With(numbers: Measured(before, values));
            var bodies = new ProgramBody?[instruction.Bodies.Count];
            Expr RunBody(ProgramBody inner, IReadOnlyList<Expr> given)
            {
                var typed = Typed(inner, given, out var value);
                bodies[instruction.Bodies.TakeWhile(other => other != inner).Count()] ??= typed;
                return value;
            }

            values.Add(instruction.Run(values, RunBody));
            Expr[] captured = [.. instruction.Captured.Select(value => values[value])];
            for (var i = 0; i < bodies.Length; i++)
            {
                // A branch that is not taken has no arguments but what it captures; any other function that is not called cannot be typed.
                bodies[i] ??= instruction.Bodies[i].Parameters.Count == captured.Length
                    ? Typed(instruction.Bodies[i], captured, out _)
                    : throw new AutodiffException($"{instruction.Operation} does not call its function.");
            }

            if (bodies.Length > 1 && bodies.Any(inner => inner!.Parameters.Count == captured.Length && inner.ShapeOf(inner.Result) != values[^1].Shape))
            {
                throw new ShapeException($"{instruction.Operation}: its branches have different shapes.");
            }

            if (!IsProper(values[^1]))
            {
                throw new AutodiffException($"{instruction.Operation} has no finite elements.");
            }

            instructions.Add(instruction.With(bodies: bodies!, shape: values[^1].Shape));
        }

        result = values[body.Result];
        return new ProgramBody([.. arguments.Select(argument => argument.Shape)], instructions, body.Result);
    }

    /// <summary>The numbers of an instruction, in which lengths of its first operand are those that it has now.</summary>
    private static double[] Measured(ProgramInstruction instruction, List<Expr> values)
    {
        double[] numbers = [.. instruction.Numbers];
        string[] names = [.. Vocabulary.Of(instruction.Operation).Parameters.Where(parameter => parameter.ParameterType == typeof(int)).Select(parameter => parameter.Name!)];
        for (var i = 0; i < names.Length; i++)
        {
            numbers[i] = Draft.Length(names[i], values[instruction.Operands[0]].Shape, (int)numbers[0]) ?? numbers[i];
        }

        return numbers;
    }
}
