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
        var primitive = Defined(name, value, derivative, x => value(x[0]), (x, y) => [derivative(x[0], y)]);
        return x => primitive.Of(x);
    }

    /// <summary>
    /// Makes a function of two numbers an elementwise primitive with the given partial derivatives: of tensors that broadcast, in all modes, orders and
    /// batches.
    /// </summary>
    /// <example>
    /// <code>
    /// var distance = Primitive.Define("distance", (a, b) => Math.Sqrt(a * a + b * b), (a, b, y) => (a / y, b / y));
    /// </code>
    /// </example>
    /// <param name="name">The name in printed formulas.</param>
    /// <param name="value">The function f, on numbers. It must be pure.</param>
    /// <param name="derivatives">(a, b, y) ↦ (∂f/∂a, ∂f/∂b), where y = f(a, b), in elementwise functions. a and b have the shapes of the arguments, which may differ.</param>
    /// <returns>The primitive, a function of expressions of shapes that broadcast.</returns>
    /// <exception cref="AutodiffException">The name is null or blank, or a function is null.</exception>
    public static Func<Expr, Expr, Expr> Define(string name, Func<double, double, double> value, Func<Expr, Expr, Expr, (Expr, Expr)> derivatives)
    {
        var primitive = Defined(name, value, derivatives, x => value(x[0], x[1]), (x, y) => derivatives(x[0], x[1], y) is var (a, b) ? [a, b] : []);
        return (a, b) => primitive.Of(a, b);
    }

    /// <summary>
    /// Makes a function of three numbers an elementwise primitive with the given partial derivatives: of tensors that broadcast, in all modes, orders and
    /// batches.
    /// </summary>
    /// <param name="name">The name in printed formulas.</param>
    /// <param name="value">The function f, on numbers. It must be pure.</param>
    /// <param name="derivatives">(a, b, c, y) ↦ (∂f/∂a, ∂f/∂b, ∂f/∂c), where y = f(a, b, c), in elementwise functions.</param>
    /// <returns>The primitive, a function of expressions of shapes that broadcast.</returns>
    /// <exception cref="AutodiffException">The name is null or blank, or a function is null.</exception>
    public static Func<Expr, Expr, Expr, Expr> Define(string name, Func<double, double, double, double> value, Func<Expr, Expr, Expr, Expr, (Expr, Expr, Expr)> derivatives)
    {
        var primitive = Defined(name, value, derivatives, x => value(x[0], x[1], x[2]), (x, y) => derivatives(x[0], x[1], x[2], y) is var (a, b, c) ? [a, b, c] : []);
        return (a, b, c) => primitive.Of(a, b, c);
    }

    private static DefinedPrimitive Defined(string name, Delegate value, Delegate derivative, Func<double[], double> numbers, Func<Expr[], Expr, Expr[]> slopes)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            throw new AutodiffException("Primitive.Define: the name is null or blank; give the name it prints as.");
        }

        return value is null || derivative is null
            ? throw AutodiffException.Null("Primitive.Define", value is null ? "the value" : "the derivative")
            : new(name, numbers, slopes);
    }
}
