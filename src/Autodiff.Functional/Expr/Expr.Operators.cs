// Arithmetic, comparison and truth, as C# operators.

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>a + b, elementwise; shapes broadcast.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr operator +(Expr a, Expr b) =>
        AreNumbers(Op.Add, a, b) ? Apply(Op.Add, a, b, a._scalar + b._scalar) : Apply(Op.Add, a, b);

    /// <summary>a − b, elementwise; shapes broadcast.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr operator -(Expr a, Expr b) =>
        AreNumbers(Op.Subtract, a, b) ? Apply(Op.Subtract, a, b, a._scalar - b._scalar) : Apply(Op.Subtract, a, b);

    /// <summary>a · b, elementwise; shapes broadcast. For matrix products see <see cref="MatMul"/>.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr operator *(Expr a, Expr b) =>
        AreNumbers(Op.Multiply, a, b) ? Apply(Op.Multiply, a, b, a._scalar * b._scalar) : Apply(Op.Multiply, a, b);

    /// <summary>a / b, elementwise; shapes broadcast.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr operator /(Expr a, Expr b) =>
        AreNumbers(Op.Divide, a, b) ? Apply(Op.Divide, a, b, a._scalar / b._scalar) : Apply(Op.Divide, a, b);

    /// <summary>
    /// The remainder of a/b rounded towards 0, exactly, as C# and F# compute it of doubles: it has the sign of a. Elementwise; shapes broadcast. The derivative
    /// in b is the negative of the quotient, rounded towards 0. <see cref="Mod"/> has the sign of b.
    /// </summary>
    /// <param name="a">The dividend.</param>
    /// <param name="b">The divisor.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    /// <example><code>
    /// Expr x = new double[] { -7, 7 };
    /// Console.WriteLine(x % 3); // [-1, 1]
    /// Console.WriteLine(Expr.Mod(x, 3)); // [2, 1]
    /// </code></example>
    public static Expr operator %(Expr a, Expr b) => Apply(Op.Remainder, a, b);

    // Overloads for F#, which looks for operators on the operands' own types and does not convert a number implicitly.

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

    /// <summary>The remainder of a/b, elementwise, with a number.</summary>
    /// <param name="a">The dividend.</param>
    /// <param name="b">The divisor.</param>
    public static Expr operator %(Expr a, double b) => a % Number(b);

    /// <summary>The remainder of a/b, elementwise, with a number.</summary>
    /// <param name="a">The dividend.</param>
    /// <param name="b">The divisor.</param>
    public static Expr operator %(double a, Expr b) => Number(a) % b;

    /// <summary>−x, elementwise.</summary>
    /// <param name="x">The operand.</param>
    public static Expr operator -(Expr x) => Apply(Op.Negate, x);

    /// <summary>x itself.</summary>
    /// <param name="x">The operand.</param>
    public static Expr operator +(Expr x) => x ?? throw AutodiffException.Null("Plus", "the operand");

    /// <summary>A mask: 1 where a &lt; b, otherwise 0. Its derivative is 0.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr operator <(Expr a, Expr b) => Apply(Op.Less, a, b);

    /// <summary>A mask: 1 where a ≤ b, otherwise 0. Its derivative is 0.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr operator <=(Expr a, Expr b) => Apply(Op.LessOrEqual, a, b);

    /// <summary>A mask: 1 where a &gt; b, otherwise 0. Its derivative is 0.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr operator >(Expr a, Expr b) => Apply(Op.Greater, a, b);

    /// <summary>A mask: 1 where a ≥ b, otherwise 0. Its derivative is 0.</summary>
    /// <param name="a">The left operand.</param>
    /// <param name="b">The right operand.</param>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr operator >=(Expr a, Expr b) => Apply(Op.GreaterOrEqual, a, b);

    /// <summary>Whether a concrete scalar is not 0, so that <c>if (x &gt; 0)</c> works.</summary>
    /// <param name="x">The scalar, usually a comparison.</param>
    /// <exception cref="NotConcreteException">The expression is symbolic; choose with <see cref="Where"/> instead.</exception>
    /// <exception cref="ShapeException">The expression is not a scalar.</exception>
    /// <exception cref="AutodiffException">Within <see cref="AD.Strict"/>: the scalar depends on the argument of a function that is being differentiated.</exception>
    public static bool operator true(Expr x) => Truth(x);

    /// <summary>Whether a concrete scalar is 0.</summary>
    /// <param name="x">The scalar, usually a comparison.</param>
    /// <exception cref="NotConcreteException">The expression is symbolic; choose with <see cref="Where"/> instead.</exception>
    /// <exception cref="ShapeException">The expression is not a scalar.</exception>
    /// <exception cref="AutodiffException">Within <see cref="AD.Strict"/>: the scalar depends on the argument of a function that is being differentiated.</exception>
    public static bool operator false(Expr x) => !Truth(x);

    /// <summary>The opposite mask: 1 where x is 0, otherwise 0.</summary>
    /// <param name="x">The mask.</param>
    public static Expr operator !(Expr x) => Apply(Op.Equal, x, 0);

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

    private static bool Truth(Expr x) => x is null
        ? throw AutodiffException.Null("Condition", "the expression")
        : !x.IsScalar ? throw new ShapeException($"Condition: a mask of shape {x.Shape} is neither true nor false; choose elementwise with Where(mask, a, b), or reduce it with MinOf (all) or MaxOf (any).")
        : x.IsConcrete ? x.Read("Condition")._scalar != 0
        : throw x.NotConcrete("Condition");
}
