// Misuse of compilation: type and message.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;
using static Autodiff.PropertyTests.Errors.Example;

namespace Autodiff.PropertyTests.Errors;

public class CompileErrorTests
{
    private static readonly Expr s_vector = new double[] { 1, 2, 3 };
    private static readonly Expr s_symbol = Variable("t");

    private sealed record Pair(Expr A, Expr B);

    private sealed record Bare(string Name);

    private sealed class Hidden(Expr x)
    {
        public double Value => x.Value;
    }

    internal static IReadOnlyList<Example> All { get; } =
    [
        // Values asked of what the function is run on.
        Valueless(() => Compile(x => x > 0 ? x : -x)(1), "Compile"),
        Valueless(() => Compile(x => x.Value)(1), "Compile"),
        Valueless(() => Compile(x => x.Value)(s_symbol), "Compile"),
        Valueless(() => Compile((x, y) => x * y.Value)(1, 2), "Compile"),
        Valueless(() => Compile((Pair p) => p.A > 0 ? p.A : p.B)(new(1, 2)), "Compile"),
        Valueless(() => Grad(Compile(x => x > 0 ? x : -x))(1), "Compile"),
        Valueless(() => Compile(Compile(x => x > 0 ? x : -x))(1), "Compile"),
        Valueless(() => CompileFor(x => x > 0 ? x : -x, Shape.Scalar), "CompileFor"),
        Valueless(() => CompileFor(x => x.ToArray().Length, new Shape(3)), "CompileFor"),
        Valueless(() => CompileScalar(x => x > 0 ? x : -x), "CompileScalar"),

        // Results that are none.
        Of<AutodiffException>(() => Compile(x => "text")(1), ["Compile", "no Expr", "String"]),
        Of<AutodiffException>(() => Compile(x => new Bare("a"))(1), ["Compile", "no Expr", "Bare"]),
        Of<AutodiffException>(() => Compile(Vjp(x => x * x))(1), ["Compile", "holds a function", "calls it"]),
        Of<AutodiffException>(() => Compile(Linearize(x => x * x))(1), ["Compile", "holds a function", "calls it"]),
        Of<AutodiffException>(() => Compile(x => new Hidden(x))(1), ["Compile", "Hidden", "keeps expressions"]),
        Of<AutodiffException>(() => CompileFor(x => 1.0, Shape.Scalar).Explain() is null ? null : CompileFor(x => "text", Shape.Scalar), ["CompileFor", "no Expr"]),
        Shaped(() => CompileScalar(x => Stack([x, x])), ["CompileScalar", "(2)", "()", "CompileFor"]),
        Shaped(() => CompileScalar((x, y) => (x, Stack([x, y]))), ["CompileScalar", "(2)", "()"]),

        // Arguments that are none.
        Of<AutodiffException>(() => Compile((string s) => s_vector)("a"), ["Compile", "no Expr", "String"]),
        Of<AutodiffException>(() => Compile((Bare b) => s_vector)(new("a")), ["Compile", "no Expr", "Bare"]),
        Of<AutodiffException>(() => Compile((Expr[] xs) => s_vector)([]), ["Compile", "no Expr", "Expr[]"]),
        Of<AutodiffException>(() => Compile((Hidden h) => s_vector)(new(1)), ["Compile", "Hidden", "keeps expressions"]),
        Of<AutodiffException>(() => CompileFor((Bare b) => s_vector, new Bare("a")), ["CompileFor", "no Expr", "Bare"]),

        // What is read from outside.
        Of<AutodiffException>(() => CompileFor(x => x * s_symbol, Shape.Scalar), ["CompileFor", "the symbolic expression t", "argument"]),
        Of<AutodiffException>(() => CompileScalar(x => x * s_symbol), ["CompileScalar", "the symbolic expression t", "argument"]),
        Of<AutodiffException>(() => Grad(w => CompileScalar(x => x * w)(2))(1), ["CompileScalar", "shape ()", "derivative", "StopGradient"]),
        Of<AutodiffException>(() => Grad(w => CompileFor(x => x * w, new Shape(3)).ResultSize)(1), ["CompileFor", "shape ()", "derivative", "StopGradient"]),
        Of<AutodiffException>(() => CompileScalar(x => x * Variable("w", 2)), ["CompileScalar", "shape ()", "derivative"]),

        // Numbers that are too few or too many.
        Shaped(() => Invoke(CompileFor(x => x, new Shape(2, 3)), 5, 6), ["Invoke", "5 numbers", "shape (2, 3)", "6"]),
        Shaped(() => Invoke(CompileFor((x, y) => Sum(x) * y, new Shape(2, 3), new Shape(2)), 8, 3), ["Invoke", "3 numbers", "shape (2)", "2"]),
        Shaped(() => Invoke(CompileFor((x, y) => x, new Shape(3), Shape.Scalar), 3, 3), ["Invoke", "3 numbers", "shapes (3), ()", "4"]),

        // Options.
        Of<AutodiffException>(() => Compile(x => x, new CompileOptions(Threads: 0)), ["Compile", "threads", "0"]),
        Of<AutodiffException>(() => Compile((Pair p) => p, new CompileOptions(Threads: -1)), ["Compile", "threads", "-1"]),
        Of<AutodiffException>(() => CompileFor(x => x, Shape.Scalar, new CompileOptions(Threads: 0)), ["CompileFor", "threads", "0"]),
        Of<AutodiffException>(() => CompileScalar(x => x, new CompileOptions(Threads: 0)), ["CompileScalar", "threads", "0"]),

        // Errors of operations and derivatives, as without compilation.
        Shaped(() => Compile(x => x + Ones(4))(s_vector), ["Add", "(3)", "(4)"]),
        Shaped(() => Compile(Grad(x => x))(s_vector), ["Grad", "(3)"]),
        Of<AutodiffException>(() => Compile(x => Inverse(x))(Zeros(2, 2)), ["Inverse", "singular"]),

        // Nulls.
        Null(() => Compile((Func<Expr, Expr>)null!), "Compile"),
        Null(() => Compile((Func<Expr, Expr, Expr>)null!), "Compile"),
        Null(() => Compile((Func<Expr, Expr, Expr, Expr>)null!), "Compile"),
        Null(() => Compile((Func<Expr, Expr, Expr, Expr, Expr>)null!), "Compile"),
        Null(() => Compile((Func<Expr, (Expr, Expr)>)null!), "Compile"),
        Null(() => Compile((Func<Expr, Expr, Pair>)null!), "Compile"),
        Null(() => Compile((Func<Expr, Expr, Expr, Pair>)null!), "Compile"),
        Null(() => Compile((Func<Expr, Expr, Expr, Expr, Pair>)null!), "Compile"),
        Null(() => Compile((Func<Pair, Pair>)null!), "Compile"),
        Null(() => Compile((Func<Pair, Expr, Expr>)null!), "Compile"),
        Null(() => Compile((Func<Pair, Expr, Expr, Expr>)null!), "Compile"),
        Null(() => Compile((Func<Pair, Expr, Expr, Expr, Expr>)null!), "Compile"),
        Null(() => Compile(x => x)(null!), "Compile"),
        Null(() => Compile((x, y) => x)(1, null!), "Compile"),
        Null(() => Compile((Pair p) => p)(null!), "Compile"),
        Null(() => Compile((Expr x) => (Expr)null!)(1), "Compile"),
        Null(() => Compile((Pair p) => (Pair)null!)(new(1, 2)), "Compile"),
        Null(() => CompileFor((Func<Expr, Expr>)null!, Shape.Scalar), "CompileFor"),
        Null(() => CompileFor((Func<Expr, Expr, Pair>)null!, Shape.Scalar, Shape.Scalar), "CompileFor"),
        Null(() => CompileFor((Func<Pair, Expr>)null!, new Pair(1, 2)), "CompileFor"),
        Null(() => CompileFor((Pair p) => p, null!), "CompileFor"),
        Null(() => CompileFor((Expr x) => (Expr)null!, Shape.Scalar), "CompileFor"),
        Null(() => CompileScalar((Func<Expr, Expr>)null!), "CompileScalar"),
        Null(() => CompileScalar((Func<Expr, Expr, (Expr, Expr)>)null!), "CompileScalar"),
        Null(() => CompileScalar((Func<Expr, (Expr, Expr)>)null!), "CompileScalar"),
        Null(() => CompileScalar((Expr x) => (Expr)null!), "CompileScalar"),
        Null(() => CompileScalar((x, y) => (x, (Expr)null!)), "CompileScalar"),
    ];

    [Fact]
    public void An_error_of_the_function_itself_comes_through_unchanged_and_is_no_obstacle_later()
    {
        var error = new InvalidOperationException("the user's own");
        var fails = true;
        var compiled = Compile(x => fails ? throw error : x);

        Assert.Same(error, Record.Exception(() => compiled(1)));
        fails = false;
        Assert.Equal(1, compiled(1).Value);
    }

    private static Example Valueless(Func<object?> use, string operation, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(use))] string text = "") =>
        Of<NotConcreteException>(use, [operation, "Where(mask, a, b)", "Cond(mask, then, otherwise)"], text);

    private static object? Invoke(CompiledFunction function, int arguments, int results)
    {
        function.Invoke(new double[arguments], new double[results]);
        return null;
    }
}
