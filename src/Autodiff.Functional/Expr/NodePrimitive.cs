// A primitive that is no elementwise function, with its axes, regions and other attributes, as a node holds it.

using System.Numerics;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.NumberTypes;

namespace Autodiff.Functional;

/// <summary>
/// A primitive with its attributes: immutable data, never a closure over expressions, so that a node can be rebuilt, differentiated, printed
/// and compiled from what it holds. Two are equal if they compute the same of the same operands. This class has what is needed to make a
/// node; <see cref="Primitives.TensorPrimitive"/> adds derivatives, batching and printing.
/// </summary>
internal abstract record NodePrimitive
{
    /// <summary>The name of the primitive.</summary>
    public abstract Op Op { get; }

    /// <summary>Whether evaluating it on numbers that it is not meant for may throw or never end.</summary>
    public virtual bool MayFail => false;

    /// <summary>The value, from those of the operands, whose shapes have been checked.</summary>
    /// <param name="shape">The shape of the result.</param>
    /// <param name="operands">The values of the operands.</param>
    public abstract Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands);

    /// <summary>The elements of the value, computed with another number type, from those of the operands.</summary>
    /// <param name="field">The number type.</param>
    /// <param name="shape">The shape of the result.</param>
    /// <param name="operands">The values of the operands.</param>
    /// <exception cref="AutodiffException">The primitive is defined for doubles alone, and numbers of this type are not doubles or rounded ones.</exception>
    public virtual T[] EvaluateIn<T>(NumberField<T> field, Shape shape, ReadOnlySpan<NumberTensor<T>> operands)
        where T : INumberBase<T> => field.IsRounded
            ? NumberTensor<T>.Of(field, Evaluate(shape, NumberTensor<T>.Rounded(field, operands))).Elements
            : throw NumberField<T>.DoublesAlone(Op.Name());
}
