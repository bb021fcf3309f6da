// Functions of symmetric matrices and their derivatives on numbers (see SpectralFunction).

using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.Programs;

internal static class MatrixFunctionKernels
{
    public static Storage Evaluate(SpectralFunction function, Shape shape, ReadOnlySpan<Storage> operands)
    {
        var result = Storage.Uninitialized(shape, out var elements);
        if (elements.IsEmpty || operands[0].Shape.Lengths[^1] == 0)
        {
            elements.Clear();
            return result;
        }

        var batch = shape.Lengths[..^function.ResultRank];
        var sum = new SpectralSum(MatricesOf(operands[0]), batch, function.Directions);
        for (var direction = 0; direction < function.Directions; direction++)
        {
            sum.Take(direction, MatricesOf(operands[1 + direction]), batch);
        }

        var parameters = operands[function.Matrices..].ToArray();
        FunctionValues? values = null;
        Inexact Derivative(int place, int order, double x, int component)
        {
            values = values?.Place == place ? values : new(function.Family, parameters, place);
            return values.Derivative(order, x, component);
        }

        sum.Write(Derivative, function.PlacesTogether(batch, parameters.Length == 0 ? 0 : parameters[^1].Shape.Rank), function.Family.Shape.Size, function.IsTrace, elements);
        return result;
    }

    private static Matrices MatricesOf(Storage operand) => new(Op.MatrixFunction.Name(), operand.Span, operand.Shape.Lengths);
}
