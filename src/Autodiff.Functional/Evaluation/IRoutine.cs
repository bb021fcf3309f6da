// Primitives whose values are computed by routines.

using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.Evaluation;

/// <summary>A primitive whose value is computed by a routine.</summary>
internal interface IRoutine
{
    /// <summary>How the value is computed.</summary>
    /// <param name="shape">The shape of the result.</param>
    /// <param name="operands">The shapes of the operands, at most three.</param>
    RoutineCall Call(Shape shape, ReadOnlySpan<Shape> operands);
}

/// <summary>A call of a routine, for operands of certain shapes.</summary>
/// <param name="Routine">The routine.</param>
/// <param name="Sizes">The whole numbers that it takes.</param>
/// <param name="Scratch">How many numbers of scratch it needs.</param>
internal readonly record struct RoutineCall(Routine Routine, int[] Sizes, int Scratch = 0)
{
    /// <summary>The value of a primitive.</summary>
    public static Storage Evaluate(IRoutine primitive, Shape shape, ReadOnlySpan<Storage> operands)
    {
        if (shape.Size == 0)
        {
            return Storage.Symbolic(shape);
        }

        var shapes = new Shape[operands.Length];
        for (var i = 0; i < shapes.Length; i++)
        {
            shapes[i] = operands[i].Shape;
        }

        var call = primitive.Call(shape, shapes);
        var result = Storage.Uninitialized(shape, out var elements);
        call.Routine(
            new(operands[0].Span, operands.Length > 1 ? operands[1].Span : [], operands.Length > 2 ? operands[2].Span : []), elements, new double[call.Scratch], call.Sizes);
        return result;
    }
}
