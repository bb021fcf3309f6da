// Arithmetic, comparison, truth and indexing, as C# operators.

using Autodiff.Functional.Evaluation;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>a + b, elementwise; shapes broadcast.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr operator +(Expr a, Expr b) =>
        AreNumbers(Op.Add, a, b) ? Elementwise(Op.Add, a, b, a._scalar + b._scalar) : Elementwise(Op.Add, a, b);

    /// <summary>a − b, elementwise; shapes broadcast.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr operator -(Expr a, Expr b) =>
        AreNumbers(Op.Subtract, a, b) ? Elementwise(Op.Subtract, a, b, a._scalar - b._scalar) : Elementwise(Op.Subtract, a, b);

    /// <summary>a · b, elementwise; shapes broadcast. For matrix products see <see cref="MatMul"/>.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr operator *(Expr a, Expr b) =>
        AreNumbers(Op.Multiply, a, b) ? Elementwise(Op.Multiply, a, b, a._scalar * b._scalar) : Elementwise(Op.Multiply, a, b);

    /// <summary>a / b, elementwise; shapes broadcast.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr operator /(Expr a, Expr b) =>
        AreNumbers(Op.Divide, a, b) ? Elementwise(Op.Divide, a, b, a._scalar / b._scalar) : Elementwise(Op.Divide, a, b);

    // F# looks for operators on the operands' own types and does not convert a number for them, hence these.

    /// <summary>a + b, elementwise, with a number.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    public static Expr operator +(Expr a, double b) => a + Number(b);

    /// <summary>a + b, elementwise, with a number.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    public static Expr operator +(double a, Expr b) => Number(a) + b;

    /// <summary>a − b, elementwise, with a number.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    public static Expr operator -(Expr a, double b) => a - Number(b);

    /// <summary>a − b, elementwise, with a number.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    public static Expr operator -(double a, Expr b) => Number(a) - b;

    /// <summary>a · b, elementwise, with a number.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    public static Expr operator *(Expr a, double b) => a * Number(b);

    /// <summary>a · b, elementwise, with a number.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    public static Expr operator *(double a, Expr b) => Number(a) * b;

    /// <summary>a / b, elementwise, with a number.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    public static Expr operator /(Expr a, double b) => a / Number(b);

    /// <summary>a / b, elementwise, with a number.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    public static Expr operator /(double a, Expr b) => Number(a) / b;

    /// <summary>−x, elementwise.</summary>
    /// <param name="x">The operand.</param>
    public static Expr operator -(Expr x) => Elementwise(Op.Negate, x);

    /// <summary>x itself.</summary>
    /// <param name="x">The operand.</param>
    public static Expr operator +(Expr x) => x ?? throw AutodiffException.Null("Plus", "the operand");

    /// <summary>A mask: 1 where a &lt; b, otherwise 0. Its derivative is 0.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr operator <(Expr a, Expr b) => Elementwise(Op.Less, a, b);

    /// <summary>A mask: 1 where a ≤ b, otherwise 0. Its derivative is 0.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr operator <=(Expr a, Expr b) => Elementwise(Op.LessOrEqual, a, b);

    /// <summary>A mask: 1 where a &gt; b, otherwise 0. Its derivative is 0.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr operator >(Expr a, Expr b) => Elementwise(Op.Greater, a, b);

    /// <summary>A mask: 1 where a ≥ b, otherwise 0. Its derivative is 0.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr operator >=(Expr a, Expr b) => Elementwise(Op.GreaterOrEqual, a, b);

    /// <summary>Whether a concrete scalar is not 0, so that <c>if (x &gt; 0)</c> works.</summary>
    /// <param name="x">The scalar, usually a comparison.</param>
    /// <exception cref="NotConcreteException">The expression is symbolic; choose with <see cref="Where"/> instead.</exception>
    /// <exception cref="ShapeException">The expression is not a scalar.</exception>
    public static bool operator true(Expr x) => Truth(x);

    /// <summary>Whether a concrete scalar is 0.</summary>
    /// <param name="x">The scalar, usually a comparison.</param>
    /// <exception cref="NotConcreteException">The expression is symbolic; choose with <see cref="Where"/> instead.</exception>
    /// <exception cref="ShapeException">The expression is not a scalar.</exception>
    public static bool operator false(Expr x) => !Truth(x);

    /// <summary>The opposite mask: 1 where x is 0, otherwise 0.</summary>
    /// <param name="x">The mask.</param>
    public static Expr operator !(Expr x) => Elementwise(Op.Equal, x, 0);

    /// <summary>Both masks at once (their product); with it <c>&amp;&amp;</c> works on concrete scalars.</summary>
    /// <param name="a">The left mask, of zeros and ones.</param>
    /// <param name="b">The right mask, of zeros and ones.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr operator &(Expr a, Expr b) => a * b;

    /// <summary>Either mask (their maximum); with it <c>||</c> works on concrete scalars.</summary>
    /// <param name="a">The left mask, of zeros and ones.</param>
    /// <param name="b">The right mask, of zeros and ones.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr operator |(Expr a, Expr b) => Max(a, b);

    /// <summary>The slice at a position of the first axis, which is dropped: an element of a vector, a row of a matrix.</summary>
    /// <param name="position">The position, 0 or more; <c>x[^1]</c> counts from the end.</param>
    /// <exception cref="ShapeException">The expression is a scalar, or the position lies outside the axis.</exception>
    public Expr this[int position] => Elements is { Shape.Rank: 1 } vector && (uint)position < (uint)vector.Size
        ? Element(vector, position)
        : this[new ReadOnlySpan<Slice>([position])];

    /// <summary>
    /// Part of a tensor: <c>x[0]</c>, <c>x[^1]</c>, <c>x[1..]</c>, <c>x[.., 0]</c>. A position drops its axis, a range keeps it;
    /// axes not mentioned are kept whole.
    /// </summary>
    /// <param name="slices">One for each axis from the first on, at most as many as there are axes.</param>
    /// <exception cref="ShapeException">There are more slices than axes, or one lies outside its axis.</exception>
    public Expr this[params ReadOnlySpan<Slice> slices]
    {
        get
        {
            if (slices.Length > Rank)
            {
                throw new ShapeException($"Slice: {slices.Length} slice(s) [{string.Join(", ", slices.ToArray())}] of shape {Shape}, which has {Rank} axes.");
            }

            var starts = new int[Rank];
            var lengths = Shape.Lengths.ToArray();
            var kept = new List<int>(Rank);
            for (var axis = 0; axis < Rank; axis++)
            {
                if (axis < slices.Length)
                {
                    (starts[axis], lengths[axis]) = slices[axis].On(axis, Shape);
                }

                if (axis >= slices.Length || !slices[axis].IsPosition)
                {
                    kept.Add(lengths[axis]);
                }
            }

            var shape = Shape.Of([.. kept]);
            return Make(Op.Slice, Region.Of(Shape, shape, starts, lengths), shape, [this]);
        }
    }

    /// <summary>One element of a vector, without going through regions: programs on scalars take thousands of them.</summary>
    private Expr Element(Storage vector, int position)
    {
        if (Op == Op.Constant)
        {
            return Number(vector[position]);
        }

        var element = Functional.Element.At(position);
        return IsConcrete ? new(vector[position], this, element) : new(Op.Slice, element, Shape.Scalar, null, [this]);
    }

    private static bool Truth(Expr x) => x is null
        ? throw AutodiffException.Null("Condition", "the expression")
        : !x.IsScalar ? throw new ShapeException($"Condition: a mask of shape {x.Shape} is neither true nor false; choose elementwise with Where(mask, a, b), or reduce it with MinOf (all) or MaxOf (any).")
        : x.IsConcrete ? x._scalar != 0
        : throw x.NotConcrete("Condition");
}
