// The public function that defines elementwise primitives.

namespace Autodiff.Functional;

/// <summary>Defines elementwise primitives from functions of a number.</summary>
public static class Primitive
{
    /// <summary>
    /// Makes a function of a number an elementwise primitive with the given derivative. This is enough for all modes, orders and batches, since
    /// the derivative is an expression that is differentiated again.
    /// </summary>
    /// <param name="name">The name in printed formulas.</param>
    /// <param name="value">The function f, on numbers. It must be pure.</param>
    /// <param name="derivative">(x, y) ↦ f′(x), where y = f(x), in elementwise functions. That of the tangent is <c>(x, y) => 1 + y * y</c>.</param>
    /// <returns>The primitive, a function of expressions of any shape.</returns>
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
