// Formulas as source text.

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>This expression as a function of some variables, as one file of C#: see <see cref="CompiledFunction.ToCSharp"/>.</summary>
    /// <param name="namespace">The namespace of the class, such as <c>Models.Generated</c>.</param>
    /// <param name="type">The name of the class.</param>
    /// <param name="variables">The variables, in the order of the arguments of <c>Invoke</c>, which have their names.</param>
    /// <exception cref="AutodiffException">
    /// No variable is given, or one that is null, is not a variable, or is given twice; the expression reads a symbolic variable that is not given; a name of
    /// the namespace or the type is not allowed; or an operation cannot be written as source text.
    /// </exception>
    /// <example>
    /// <code>
    /// var (x, y) = (Expr.Variable("x", new Shape()), Expr.Variable("y", new Shape()));
    /// File.WriteAllText("Banana.cs", ((1 - x) * (1 - x) + 100 * (y - x * x)).ToCSharp("Models", "Banana", x, y));
    /// </code>
    /// </example>
    public string ToCSharp(string @namespace, string type, params ReadOnlySpan<Expr> variables)
    {
        Expr[] arguments = [.. variables];
        if (arguments.Length == 0 || Array.IndexOf(arguments, null) >= 0)
        {
            throw arguments.Length == 0 ? new AutodiffException("ToCSharp: no variable is given; a function has one or more arguments.") : AutodiffException.Null("ToCSharp", "a variable");
        }

        return AD.FunctionOf(
            "ToCSharp", Array.ConvertAll(arguments, argument => argument.Shape), values => Substitute([.. arguments.Zip(values)]), null,
            Array.ConvertAll(arguments, argument => argument.Name.IfNone("x"))).ToCSharp(@namespace, type);
    }
}
