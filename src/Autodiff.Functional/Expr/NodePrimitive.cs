// What a node holds of its primitive, where that is no elementwise function: the primitive itself, with its axes, regions and other
// attributes.

using Autodiff.Functional.Evaluation;

namespace Autodiff.Functional;

/// <summary>
/// A primitive with its attributes: immutable data, never a closure over expressions, so that a node can be rebuilt, differentiated, printed
/// and compiled from what it holds. Two are equal if they compute the same of the same operands. This is what making a node needs to know of
/// it; <see cref="Primitives.TensorPrimitive"/> is the rest.
/// </summary>
internal abstract record NodePrimitive
{
    /// <summary>Its name.</summary>
    public abstract Op Op { get; }

    /// <summary>Whether computing it on numbers that it is not meant for may throw or never end.</summary>
    public virtual bool MayFail => false;

    /// <summary>The value, from those of the operands, whose shapes have been checked.</summary>
    /// <param name="shape">The shape of the result.</param>
    /// <param name="operands">The values of the operands.</param>
    public abstract Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands);
}
