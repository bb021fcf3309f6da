// What a user's own elementwise primitive is: a name, a function of a number, and one line for its derivative.

using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Rules;

namespace Autodiff.Functional;

internal sealed record Definition(string Name, Func<double, double> Value, Func<Expr, Expr, Expr> Derivative)
{
    public Storage Map(Storage x)
    {
        if (x.IsUniform)
        {
            return Storage.Filled(Value(x[0]), x.Shape);
        }

        var result = Storage.Uninitialized(x.Shape, out var elements);
        var source = x.Span;
        for (var i = 0; i < elements.Length; i++)
        {
            elements[i] = Value(source[i]);
        }

        return result;
    }

    /// <summary>f′(x), given x and y = f(x).</summary>
    public Partial<Term> Partial(Term x, Term y)
    {
        var slope = Derivative(x.Expr, y.Expr) ?? throw AutodiffException.Null(Name, "the derivative");
        return slope.IsScalar || slope.Shape == x.Expr.Shape
            ? new Term(slope)
            : throw new ShapeException($"{Name}: the derivative has shape {slope.Shape} at an argument of shape {x.Expr.Shape}; it is taken element by element, so the shapes must be equal.");
    }
}
