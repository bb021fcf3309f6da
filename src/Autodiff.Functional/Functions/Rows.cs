// An expression as the list of its slices along the first axis: made by collection expressions, enumerated and taken apart.

using System.Runtime.CompilerServices;

namespace Autodiff.Functional;

[CollectionBuilder(typeof(Expr), nameof(Of))]
public sealed partial class Expr
{
    /// <summary>The transpose: the tensor with its axes in reverse order, as <see cref="Transpose"/> gives it; a scalar or a vector is itself.</summary>
    public Expr T => Transpose(this);

    /// <summary>
    /// Expressions as the slices along a new first axis; what a collection expression calls. Numbers make a vector, and lists of equal lengths a matrix:
    /// <c>Expr m = [[1, 2], [x, 4]];</c>. No elements make a vector of length 0.
    /// </summary>
    /// <param name="elements">Expressions of one shape.</param>
    /// <exception cref="AutodiffException">An element is null.</exception>
    /// <exception cref="ShapeException">Shapes differ.</exception>
    /// <example><code>
    /// Expr m = [[1, 2], [3, 4]];
    /// Console.WriteLine(m.Shape); // (2, 2)
    /// Expr longer = [.. m[0], 5];
    /// Console.WriteLine(longer); // [1, 2, 5]
    /// </code></example>
    public static Expr Of(params ReadOnlySpan<Expr> elements)
    {
        if (elements.IsEmpty)
        {
            return Zeros(0);
        }

        var shape = FirstOf("Of", elements);
        for (var i = 1; i < elements.Length; i++)
        {
            if (elements[i].Shape != shape)
            {
                throw new ShapeException($"Of: element 0 has shape {shape}, but element {i} has shape {elements[i].Shape}; the elements of a list have the same lengths.");
            }
        }

        return Stack(elements, axis: 0);
    }

    /// <summary>Expressions as the slices along a new first axis, for F#.</summary>
    /// <param name="elements">Expressions of one shape.</param>
    /// <exception cref="AutodiffException">The array or an element is null.</exception>
    /// <exception cref="ShapeException">Shapes differ.</exception>
    [OverloadResolutionPriority(-1)]
    public static Expr Of(params Expr[] elements) => Of(AutodiffException.NotNull("Of", "the array of elements", elements).AsSpan());

    /// <summary>
    /// The slices along the first axis, <c>x[0]</c>, <c>x[1]</c>, …: the elements of a vector, the rows of a matrix. Derivatives flow through them, so
    /// <c>foreach (Expr row in x)</c> works in functions that are differentiated.
    /// </summary>
    /// <exception cref="ShapeException">The expression is a scalar.</exception>
    public IEnumerator<Expr> GetEnumerator()
    {
        var count = IsScalar ? throw new ShapeException("Foreach: a scalar has no axis whose slices could be enumerated.") : Shape[0];
        return Slices(count);
    }

    /// <summary>The two slices along the first axis: <c>var (a, b) = x</c>.</summary>
    /// <param name="first">x[0].</param>
    /// <param name="second">x[1].</param>
    /// <exception cref="ShapeException">The first axis is not of length 2.</exception>
    public void Deconstruct(out Expr first, out Expr second)
    {
        MustHave(2);
        (first, second) = (this[0], this[1]);
    }

    /// <summary>The three slices along the first axis: <c>var (a, b, c) = x</c>.</summary>
    /// <param name="first">x[0].</param>
    /// <param name="second">x[1].</param>
    /// <param name="third">x[2].</param>
    /// <exception cref="ShapeException">The first axis is not of length 3.</exception>
    public void Deconstruct(out Expr first, out Expr second, out Expr third)
    {
        MustHave(3);
        (first, second, third) = (this[0], this[1], this[2]);
    }

    /// <summary>The four slices along the first axis: <c>var (a, b, c, d) = x</c>.</summary>
    /// <param name="first">x[0].</param>
    /// <param name="second">x[1].</param>
    /// <param name="third">x[2].</param>
    /// <param name="fourth">x[3].</param>
    /// <exception cref="ShapeException">The first axis is not of length 4.</exception>
    public void Deconstruct(out Expr first, out Expr second, out Expr third, out Expr fourth)
    {
        MustHave(4);
        (first, second, third, fourth) = (this[0], this[1], this[2], this[3]);
    }

    /// <summary>The five slices along the first axis.</summary>
    /// <param name="first">x[0].</param>
    /// <param name="second">x[1].</param>
    /// <param name="third">x[2].</param>
    /// <param name="fourth">x[3].</param>
    /// <param name="fifth">x[4].</param>
    /// <exception cref="ShapeException">The first axis is not of length 5.</exception>
    public void Deconstruct(out Expr first, out Expr second, out Expr third, out Expr fourth, out Expr fifth)
    {
        MustHave(5);
        (first, second, third, fourth, fifth) = (this[0], this[1], this[2], this[3], this[4]);
    }

    /// <summary>The six slices along the first axis.</summary>
    /// <param name="first">x[0].</param>
    /// <param name="second">x[1].</param>
    /// <param name="third">x[2].</param>
    /// <param name="fourth">x[3].</param>
    /// <param name="fifth">x[4].</param>
    /// <param name="sixth">x[5].</param>
    /// <exception cref="ShapeException">The first axis is not of length 6.</exception>
    public void Deconstruct(out Expr first, out Expr second, out Expr third, out Expr fourth, out Expr fifth, out Expr sixth)
    {
        MustHave(6);
        (first, second, third, fourth, fifth, sixth) = (this[0], this[1], this[2], this[3], this[4], this[5]);
    }

    private IEnumerator<Expr> Slices(int count)
    {
        for (var position = 0; position < count; position++)
        {
            yield return this[position];
        }
    }

    private void MustHave(int count)
    {
        if (IsScalar || Shape[0] != count)
        {
            throw new ShapeException(IsScalar
                ? $"Deconstruct: a scalar has no slices to be assigned to {count} variables."
                : $"Deconstruct: the first axis of shape {Shape} has length {Shape[0]}, but there are {count} variables; the numbers must be equal.");
        }
    }
}
