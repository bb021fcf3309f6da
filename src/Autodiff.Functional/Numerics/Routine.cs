// What computes the value of a primitive that is neither elementwise, nor a fold, nor a product of matrices.

namespace Autodiff.Functional.Numerics;

/// <summary>
/// A loop over whole tensors in row-major order that allocates nothing: it writes all elements of a result, given the operands. Evaluation and compiled programs call it,
/// and source text holds it; so routines are static methods of the types in Numerics/Routines, whose text is a part of the library.
/// </summary>
/// <param name="operands">The operands.</param>
/// <param name="result">The result, whose elements have any values before.</param>
/// <param name="scratch">Memory of the size that the primitive asks for, whose elements have any values before.</param>
/// <param name="sizes">Lengths of axes and other attributes as whole numbers, in an order of its own.</param>
internal delegate void Routine(in Operands operands, Span<double> result, Span<double> scratch, ReadOnlySpan<int> sizes);
