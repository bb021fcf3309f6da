// Elementwise primitives of the user's own.

namespace Autodiff.Functional;

/// <summary>Makes elementwise primitives of functions on numbers.</summary>
public static class Primitive
{
    /// <summary>
    /// The function as an elementwise primitive with a derivative of one line. All modes and orders and batching follow from that
    /// line: it is differentiated in its turn.
    /// </summary>
    /// <param name="name">How it prints.</param>
    /// <param name="value">f, on numbers. It must be pure.</param>
    /// <param name="derivative">(x, y) ↦ f′(x) where y = f(x), in elementwise expressions. For example <c>(x, y) => 1 + y * y</c> for the tangent.</param>
    /// <returns>The primitive: it takes expressions of any shape.</returns>
    /// <exception cref="AutodiffException">The name is null or blank, or a function is null.</exception>
    public static Func<Expr, Expr> Define(string name, Func<double, double> value, Func<Expr, Expr, Expr> derivative)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            throw new AutodiffException("Primitive.Define: the name is null or blank; give the name it prints as.");
        }

        if (value is null || derivative is null)
        {
            throw AutodiffException.Null("Primitive.Define", value is null ? "the value" : "the derivative");
        }

        var primitive = new DefinedPrimitive(name, value, derivative);
        return x => x is null ? throw AutodiffException.Null(name, "the operand") : Expr.Make(primitive, x.Shape, [x]);
    }
}
