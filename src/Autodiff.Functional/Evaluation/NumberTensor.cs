// Tensors of any number type, in which Evaluate<T> computes.

using System.Numerics;
using Autodiff.Functional.NumberTypes;

namespace Autodiff.Functional.Evaluation;

/// <summary>Elements in row-major order, which are not written any more once the tensor is made.</summary>
/// <param name="Shape">The shape.</param>
/// <param name="Elements">As many elements as the shape has.</param>
internal readonly record struct NumberTensor<T>(Shape Shape, T[] Elements)
    where T : INumberBase<T>
{
    /// <summary>A tensor of doubles in the given field.</summary>
    public static NumberTensor<T> Of(NumberField<T> field, Storage numbers)
    {
        var elements = new T[numbers.Size];
        if (numbers.IsUniform)
        {
            Array.Fill(elements, field.Constant(numbers[0]));
        }
        else
        {
            for (var i = 0; i < elements.Length; i++)
            {
                elements[i] = field.Constant(numbers[i]);
            }
        }

        return new(numbers.Shape, elements);
    }

    /// <summary>Tensors as doubles.</summary>
    public static Storage[] Rounded(NumberField<T> field, ReadOnlySpan<NumberTensor<T>> tensors)
    {
        var rounded = new Storage[tensors.Length];
        for (var i = 0; i < rounded.Length; i++)
        {
            rounded[i] = new(tensors[i].Shape, Array.ConvertAll(tensors[i].Elements, field.Approximate));
        }

        return rounded;
    }

    /// <summary>The value of a node that is not a leaf, from those of its operands.</summary>
    public static NumberTensor<T> Of(NumberField<T> field, Expr node, ReadOnlySpan<NumberTensor<T>> operands) =>
        node.Op == Op.Variable ? operands[0]
        : node.Primitive is { } primitive ? new(node.Shape, primitive.EvaluateIn(field, node.Shape, operands))
        : Apply(field, node.Op, node.Shape, operands);

    /// <summary>An elementwise primitive of tensors that broadcast.</summary>
    private static NumberTensor<T> Apply(NumberField<T> field, Op op, Shape shape, ReadOnlySpan<NumberTensor<T>> operands)
    {
        var elements = new T[shape.Size];
        var (a, b, c) = (operands[0].Over(shape), operands.Length > 1 ? operands[1].Over(shape) : [], operands.Length > 2 ? operands[2].Over(shape) : []);
        for (var i = 0; i < elements.Length; i++)
        {
            elements[i] = operands.Length switch
            {
                1 => field.Apply(op, a[i]),
                2 => field.Apply(op, a[i], b[i]),
                _ => field.Apply(op, a[i], b[i], c[i]),
            };
        }

        return new(shape, elements);
    }

    /// <summary>A function that is computed with doubles, element by element, of tensors that broadcast.</summary>
    public static T[] Apply(NumberField<T> field, INumericFunction function, Shape shape, ReadOnlySpan<NumberTensor<T>> operands)
    {
        var elements = new T[shape.Size];
        var sources = Array.ConvertAll(operands.ToArray(), operand => operand.Over(shape));
        for (var i = 0; i < elements.Length; i++)
        {
            elements[i] = field.Apply(function, Array.ConvertAll(sources, source => source[i]));
        }

        return elements;
    }

    /// <summary>
    /// The result of a primitive that only moves elements: it is evaluated on the positions of the elements, which does not depend on their type.
    /// </summary>
    public static T[] Moved(NodePrimitive primitive, Shape shape, ReadOnlySpan<NumberTensor<T>> operands)
    {
        var positions = new Storage[operands.Length];
        var all = new List<T>();
        for (var i = 0; i < positions.Length; i++)
        {
            positions[i] = Positions(operands[i].Shape, all.Count);
            all.AddRange(operands[i].Elements);
        }

        return Array.ConvertAll(primitive.Evaluate(shape, positions).Span.ToArray(), position => all[(int)position]);
    }

    /// <summary>The elements of this tensor, broadcast to a shape.</summary>
    public T[] Over(Shape shape)
    {
        var own = Elements;
        return Shape == shape ? own : Array.ConvertAll(LayoutKernels.Broadcast(Positions(Shape, 0), shape).Span.ToArray(), position => own[(int)position]);
    }

    /// <summary>The positions of the elements of a tensor, counted from a start.</summary>
    private static Storage Positions(Shape shape, int start) => new(shape, [.. Enumerable.Range(start, shape.Size).Select(position => (double)position)]);
}
