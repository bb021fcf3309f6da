// The evaluation of a graph with another number type: one pass over the nodes, operands first.

using System.Numerics;
using Autodiff.Functional.NumberTypes;

namespace Autodiff.Functional.Evaluation;

/// <summary>The values of variables, and of all nodes that have been evaluated.</summary>
/// <param name="operation">What the user called, for errors.</param>
internal sealed class NumberWalk<T>(string operation)
    where T : INumberBase<T>
{
    private readonly NumberField<T> _field = NumberField<T>.Of;
    private readonly Dictionary<Expr, NumberTensor<T>> _values = new(ReferenceEqualityComparer.Instance);

    /// <summary>Gives a variable a value.</summary>
    public void Give(Expr variable, T[] elements)
    {
        if (variable is null || elements is null)
        {
            throw AutodiffException.Null(operation, variable is null ? "a variable" : "an array of elements");
        }

        if (variable.Op != Op.Variable)
        {
            throw new AutodiffException($"{operation}: {variable.Op} is not a variable; only what Variable(name) or Variable(name, value) made can be given a value.");
        }

        var name = variable.Name.IfNone("x");
        if (elements.Length != variable.Shape.Size || (operation == "Evaluate" && variable.Rank > 0))
        {
            throw new ShapeException(operation == "Evaluate"
                ? $"{operation}: variable {name} has shape {variable.Shape}, not (); use EvaluateElements."
                : $"{operation}: variable {name} of shape {variable.Shape} has {variable.Shape.Size} elements, but {elements.Length} were given.");
        }

        if (!_values.TryAdd(variable, new(variable.Shape, elements)))
        {
            throw new AutodiffException($"{operation}: variable {name} is given two values.");
        }
    }

    /// <summary>The elements of an expression.</summary>
    public T[] ValueOf(Expr root)
    {
        try
        {
            PostOrder.Walk(root, Enters, node => _values[node] = Evaluated(node));
            return _values[root].Elements;
        }
        catch (ArithmeticException error)
        {
            throw new AutodiffException($"{operation}: a result is not a {NumberField<T>.Name}: {error.Message}", error);
        }
    }

    private bool Enters(Expr node) => _values.TryAdd(node, default);

    private NumberTensor<T> Evaluated(Expr node)
    {
        if (node.OperandCount == 0)
        {
            return node.IsConcrete ? NumberTensor<T>.Of(_field, node.Storage)
                : throw new NotConcreteException($"{operation}: variable {node.Name.IfNone("x")} of shape {node.Shape} has no value; give it one: {operation}(({node.Name.IfNone("x")}, …)).");
        }

        var operands = new NumberTensor<T>[node.OperandCount];
        for (var i = 0; i < operands.Length; i++)
        {
            operands[i] = _values[node.Operand(i)];
        }

        return NumberTensor<T>.Of(_field, node, operands);
    }
}
