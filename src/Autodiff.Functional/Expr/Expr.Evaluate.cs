// Values of expressions in other number types than double.

using System.Numerics;
using Autodiff.Functional.Evaluation;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// The value of this scalar where scalar variables have the given values, computed with numbers of type <typeparamref name="T"/> instead of doubles:
    /// float, Half, double, decimal, <see cref="Complex"/>, <see cref="DoubleDouble"/>, <see cref="Dual{T}"/>, <see cref="Jet{T}"/>, or any type with
    /// <see cref="INumberFunctions{TSelf}"/>.
    /// </summary>
    /// <remarks>
    /// A variable that is not given and has a value keeps it. All nodes over variables are computed anew, also where the expression has a value; numbers
    /// that entered the expression as doubles, such as constants, are these doubles. The cost is linear in the number of nodes.
    /// </remarks>
    /// <typeparam name="T">The type of numbers.</typeparam>
    /// <param name="at">Pairs of a variable (made by <see cref="Variable(string)"/> or <see cref="Variable(string, Expr)"/>) and its value.</param>
    /// <exception cref="ShapeException">The expression or a variable is not a scalar.</exception>
    /// <exception cref="NotConcreteException">A variable has no value.</exception>
    /// <exception cref="AutodiffException">What is given a value is not a variable, or is given two; or a function is not defined for the type.</exception>
    /// <example><code>
    /// var x = Expr.Variable("x");
    /// var y = Expr.Exp(Expr.Sin(x));
    /// Complex z = y.Evaluate((x, new Complex(0.5, 1e-30)));
    /// Console.WriteLine(z.Imaginary / 1e-30); // the derivative cos(0.5)·exp(sin(0.5)), by a complex step
    /// DoubleDouble digits = y.Evaluate((x, DoubleDouble.Parse("0.1"))); // 32 digits
    /// </code></example>
    public T Evaluate<T>(params ReadOnlySpan<(Expr Variable, T Value)> at)
        where T : INumberBase<T>
    {
        if (!IsScalar)
        {
            throw new ShapeException($"Evaluate: the expression has shape {Shape}, not (); use EvaluateElements, or index one element.");
        }

        var given = new NumberWalk<T>("Evaluate");
        foreach (var (variable, value) in at)
        {
            given.Give(variable, [value]);
        }

        return given.ValueOf(Read("Evaluate"))[0];
    }

    /// <summary>
    /// The elements of this tensor, in row-major order, where variables have the given elements, computed with numbers of type
    /// <typeparamref name="T"/>. See <see cref="Evaluate{T}(ReadOnlySpan{ValueTuple{Expr, T}})"/>.
    /// </summary>
    /// <typeparam name="T">The type of numbers.</typeparam>
    /// <param name="at">Pairs of a variable and its elements in row-major order.</param>
    /// <exception cref="ShapeException">A variable is given another number of elements than it has.</exception>
    /// <exception cref="NotConcreteException">A variable has no value.</exception>
    /// <exception cref="AutodiffException">What is given a value is not a variable, or is given two; or a function is not defined for the type.</exception>
    /// <example><code>
    /// var x = Expr.Variable("x", new Shape(2, 2));
    /// DoubleDouble[] inverse = Expr.Inverse(x).EvaluateElements&lt;DoubleDouble&gt;((x, [2, 1, 1, 3]));
    /// </code></example>
    public T[] EvaluateElements<T>(params ReadOnlySpan<(Expr Variable, T[] Elements)> at)
        where T : INumberBase<T>
    {
        var given = new NumberWalk<T>("EvaluateElements");
        foreach (var (variable, elements) in at)
        {
            given.Give(variable, elements);
        }

        return [.. given.ValueOf(Read("EvaluateElements"))];
    }
}
