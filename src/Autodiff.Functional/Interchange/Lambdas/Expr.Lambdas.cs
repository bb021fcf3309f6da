// Expression trees of .NET as expressions, and the other way.

using System.Linq.Expressions;
using Autodiff.Functional.Interchange;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>The formula of a lambda of one number; see <see cref="FromLambda(LambdaExpression, ReadOnlySpan{Expr})"/>.</summary>
    /// <param name="lambda">The lambda.</param>
    /// <param name="arguments">What takes the place of its parameter; none for a new symbolic variable with the parameter's name.</param>
    /// <exception cref="AutodiffException">The lambda is null, or a part of it has no counterpart.</exception>
    /// <exception cref="ShapeException">There is another number of arguments than of parameters.</exception>
    /// <example><code>
    /// Expression&lt;Func&lt;double, double&gt;&gt; f = x => Math.Sin(x) * x;
    /// Console.WriteLine(Expr.FromLambda(f)); // sin(x) * x
    /// Console.WriteLine(Grad(x => Expr.FromLambda(f, x))(1)); // 1.3817732906760363
    /// </code></example>
    public static Expr FromLambda(Expression<Func<double, double>> lambda, params ReadOnlySpan<Expr> arguments) => FromLambda((LambdaExpression)lambda, arguments);

    /// <summary>The formula of a lambda of two numbers; see <see cref="FromLambda(LambdaExpression, ReadOnlySpan{Expr})"/>.</summary>
    /// <param name="lambda">The lambda.</param>
    /// <param name="arguments">What takes the place of its parameters; none for new symbolic variables with the parameters' names.</param>
    /// <exception cref="AutodiffException">The lambda is null, or a part of it has no counterpart.</exception>
    /// <exception cref="ShapeException">There is another number of arguments than of parameters.</exception>
    public static Expr FromLambda(Expression<Func<double, double, double>> lambda, params ReadOnlySpan<Expr> arguments) => FromLambda((LambdaExpression)lambda, arguments);

    /// <summary>The formula of a lambda of three numbers; see <see cref="FromLambda(LambdaExpression, ReadOnlySpan{Expr})"/>.</summary>
    /// <param name="lambda">The lambda.</param>
    /// <param name="arguments">What takes the place of its parameters; none for new symbolic variables with the parameters' names.</param>
    /// <exception cref="AutodiffException">The lambda is null, or a part of it has no counterpart.</exception>
    /// <exception cref="ShapeException">There is another number of arguments than of parameters.</exception>
    public static Expr FromLambda(Expression<Func<double, double, double, double>> lambda, params ReadOnlySpan<Expr> arguments) => FromLambda((LambdaExpression)lambda, arguments);

    /// <summary>The formula of a lambda of four numbers; see <see cref="FromLambda(LambdaExpression, ReadOnlySpan{Expr})"/>.</summary>
    /// <param name="lambda">The lambda.</param>
    /// <param name="arguments">What takes the place of its parameters; none for new symbolic variables with the parameters' names.</param>
    /// <exception cref="AutodiffException">The lambda is null, or a part of it has no counterpart.</exception>
    /// <exception cref="ShapeException">There is another number of arguments than of parameters.</exception>
    public static Expr FromLambda(Expression<Func<double, double, double, double, double>> lambda, params ReadOnlySpan<Expr> arguments) => FromLambda((LambdaExpression)lambda, arguments);

    /// <summary>
    /// The formula of a lambda of any number of doubles, read from its expression tree. Without arguments its variables are new symbols, one for each
    /// parameter and with its name. With arguments it is the lambda applied to these, which may be tensors: it is then computed element by element.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The lambda may contain arithmetic, comparisons, <c>?:</c> (which becomes <see cref="Where"/>), <c>&amp;&amp;</c>, <c>||</c>, <c>!</c>, the methods of
    /// <see cref="Math"/> and <see cref="double"/> that return a double, and calls of functions from <see cref="Expr"/> to <see cref="Expr"/>, such as
    /// <c>(double)Expr.Erf(x)</c>. What reads no parameter, such as captured variables, is computed once by .NET, when the lambda is read.
    /// </para>
    /// <para>
    /// Both sides of a <c>?:</c> become part of the formula, and the one that is not taken does no harm. <c>IEEERemainder</c> and
    /// <c>FusedMultiplyAdd</c> are rounded twice. The cost is linear in the number of nodes.
    /// </para>
    /// </remarks>
    /// <param name="lambda">A lambda whose parameters and result are doubles.</param>
    /// <param name="arguments">What takes the place of the parameters, or nothing.</param>
    /// <exception cref="AutodiffException">
    /// The lambda or an argument is null; a part of the lambda has no counterpart, which the message names; a parameter is no double; or two parameters without an argument share a name.
    /// </exception>
    /// <exception cref="ShapeException">There is another number of arguments than of parameters, or the shapes of arguments do not broadcast.</exception>
    public static Expr FromLambda(LambdaExpression lambda, params ReadOnlySpan<Expr> arguments)
    {
        if (lambda is null)
        {
            throw AutodiffException.Null("FromLambda", "the lambda");
        }

        foreach (var argument in arguments)
        {
            if (argument is null)
            {
                throw AutodiffException.Null("FromLambda", "an argument");
            }
        }

        if (lambda.ReturnType != typeof(double) || lambda.Parameters.Any(parameter => parameter.Type != typeof(double) || parameter.IsByRef))
        {
            throw new AutodiffException($"FromLambda: the lambda is a {lambda.Type}; its parameters and its result must be doubles.");
        }

        if (arguments.IsEmpty)
        {
            return LambdaReader.Read(lambda, [.. lambda.Parameters.Select((parameter, i) => Variable(string.IsNullOrWhiteSpace(parameter.Name) ? $"x{i + 1}" : parameter.Name))]);
        }

        return arguments.Length == lambda.Parameters.Count
            ? LambdaReader.Read(lambda, arguments)
            : throw new ShapeException($"FromLambda: {arguments.Length} argument(s) are given for a lambda with {lambda.Parameters.Count} parameter(s); give one for each, or none.");
    }

    /// <summary>
    /// This scalar as an expression tree of .NET, which can be compiled, printed, or given to whatever reads such trees: a function of the given
    /// variables.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Supported are scalar formulas made of elementwise functions; tensors, linear algebra, loops and calls are not. A function that <see cref="Math"/> or
    /// <see cref="double"/> has is a call of that method. Others are calls of the functions of <see cref="Expr"/>, on numbers; and those that occur only in
    /// derivatives are calls of internal methods, which run but cannot be written in C#.
    /// </para>
    /// <para>
    /// What is used more than once is a local variable, so the size is linear; so is what is deeply nested, since programs that read trees use recursion.
    /// Powers are <see cref="Math.Pow"/>, which may differ in the last digits from the library's power if the exponent is a whole number. All other values
    /// have the same bits as those of <see cref="Evaluate{T}(ReadOnlySpan{ValueTuple{Expr, T}})"/>.
    /// </para>
    /// </remarks>
    /// <typeparam name="TDelegate">The type of the function: doubles, as many as variables are given, to a double.</typeparam>
    /// <param name="variables">The variables that become the parameters, in order. A variable that is not given and has a value keeps it.</param>
    /// <exception cref="ShapeException">The expression or a part of it is not a scalar.</exception>
    /// <exception cref="NotConcreteException">The expression reads a variable without a value that is not given.</exception>
    /// <exception cref="AutodiffException">
    /// What is given is no variable, or is given twice; the delegate has other parameters; or a part of the expression is not elementwise.
    /// </exception>
    /// <example><code>
    /// var x = Expr.Variable("x");
    /// Expression&lt;Func&lt;double, double&gt;&gt; slope = Grad(x => Expr.Sin(x) * x)(x).ToLambda&lt;Func&lt;double, double&gt;&gt;(x);
    /// Console.WriteLine(slope); // x => (Sin(x) + (x * Cos(x)))
    /// Console.WriteLine(slope.Compile()(1)); // 1.3817732906760363
    /// </code></example>
    public Expression<TDelegate> ToLambda<TDelegate>(params ReadOnlySpan<Expr> variables)
        where TDelegate : Delegate => LambdaWriter.Write<TDelegate>(this, variables);
}
