// Compilation for known shapes, ahead of the first call, for callers that keep their numbers in their own arrays.

using System.Runtime.CompilerServices;
using Autodiff.Functional.Compilation;
using static Autodiff.Functional.Transforms.Arguments;

namespace Autodiff.Functional;

public static partial class AD
{
    /// <summary>The function x ↦ f(x), compiled for an argument of a given shape, to be called on the caller's memory.</summary>
    /// <remarks>What f reads from outside must be numbers; all calls use the values that they have now.</remarks>
    /// <param name="f">A function of any shapes. It is run once, now, on a symbol: it chooses by <see cref="Expr.Where"/>, <see cref="Cond{T}"/> and <see cref="While{TState}"/>, not by <c>if</c>.</param>
    /// <param name="shape">The shape of the argument.</param>
    /// <param name="options">How the code is generated and run; <see cref="CompileOptions.Default"/> if left out.</param>
    /// <exception cref="NotConcreteException">f asks its argument for a value.</exception>
    /// <exception cref="AutodiffException">
    /// f is null or returns null, or reads from outside a symbolic expression or one that a derivative is taken in; or <see cref="CompileOptions.Threads"/> is less than 1.
    /// </exception>
    [OverloadResolutionPriority(2)]
    public static CompiledFunction CompileFor(Func<Expr, Expr> f, Shape shape, CompileOptions? options = null) => CompileFor<Expr>(f, shape, options);

    /// <summary>The function compiled for two arguments of certain shapes: see <see cref="CompileFor(Func{Expr, Expr}, Shape, CompileOptions?)"/>.</summary>
    /// <param name="f">A function of any shapes.</param>
    /// <param name="first">The shape of the first argument.</param>
    /// <param name="second">The shape of the second argument.</param>
    /// <param name="options">How the code is generated and run.</param>
    /// <exception cref="NotConcreteException">f asks an argument for a value.</exception>
    [OverloadResolutionPriority(2)]
    public static CompiledFunction CompileFor(Func<Expr, Expr, Expr> f, Shape first, Shape second, CompileOptions? options = null) =>
        CompileFor<Expr>(f, first, second, options);

    /// <summary>The function compiled for three arguments of certain shapes: see <see cref="CompileFor(Func{Expr, Expr}, Shape, CompileOptions?)"/>.</summary>
    /// <param name="f">A function of any shapes.</param>
    /// <param name="first">The shape of the first argument.</param>
    /// <param name="second">The shape of the second argument.</param>
    /// <param name="third">The shape of the third argument.</param>
    /// <param name="options">How the code is generated and run.</param>
    /// <exception cref="NotConcreteException">f asks an argument for a value.</exception>
    [OverloadResolutionPriority(2)]
    public static CompiledFunction CompileFor(Func<Expr, Expr, Expr, Expr> f, Shape first, Shape second, Shape third, CompileOptions? options = null) =>
        CompileFor<Expr>(f, first, second, third, options);

    /// <summary>The function compiled for four arguments of certain shapes: see <see cref="CompileFor(Func{Expr, Expr}, Shape, CompileOptions?)"/>.</summary>
    /// <param name="f">A function of any shapes.</param>
    /// <param name="first">The shape of the first argument.</param>
    /// <param name="second">The shape of the second argument.</param>
    /// <param name="third">The shape of the third argument.</param>
    /// <param name="fourth">The shape of the fourth argument.</param>
    /// <param name="options">How the code is generated and run.</param>
    /// <exception cref="NotConcreteException">f asks an argument for a value.</exception>
    [OverloadResolutionPriority(2)]
    public static CompiledFunction CompileFor(Func<Expr, Expr, Expr, Expr, Expr> f, Shape first, Shape second, Shape third, Shape fourth, CompileOptions? options = null) =>
        CompileFor<Expr>(f, first, second, third, fourth, options);

    /// <summary>The function to a tree of results compiled for an argument of a certain shape: see <see cref="CompileFor(Func{Expr, Expr}, Shape, CompileOptions?)"/>.</summary>
    /// <param name="f">A function to a tree (see <see cref="Tree"/>), such as a tuple.</param>
    /// <param name="shape">The shape of the argument.</param>
    /// <param name="options">How the code is generated and run.</param>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <exception cref="NotConcreteException">f asks an argument for a value.</exception>
    /// <exception cref="AutodiffException">There is no expression in the result, one that cannot be replaced, or a function.</exception>
    [OverloadResolutionPriority(1)]
    public static CompiledFunction CompileFor<TResult>(Func<Expr, TResult> f, Shape shape, CompileOptions? options = null) =>
        FunctionOf("CompileFor", [shape], Spread("CompileFor", f), options, NamesOf(f));

    /// <summary>The function to a tree of results compiled for two arguments of certain shapes: see <see cref="CompileFor(Func{Expr, Expr}, Shape, CompileOptions?)"/>.</summary>
    /// <param name="f">A function to a tree (see <see cref="Tree"/>), such as a tuple.</param>
    /// <param name="first">The shape of the first argument.</param>
    /// <param name="second">The shape of the second argument.</param>
    /// <param name="options">How the code is generated and run.</param>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <exception cref="NotConcreteException">f asks an argument for a value.</exception>
    /// <exception cref="AutodiffException">There is no expression in the result, one that cannot be replaced, or a function.</exception>
    [OverloadResolutionPriority(1)]
    public static CompiledFunction CompileFor<TResult>(Func<Expr, Expr, TResult> f, Shape first, Shape second, CompileOptions? options = null) =>
        FunctionOf("CompileFor", [first, second], Spread("CompileFor", f), options, NamesOf(f));

    /// <summary>The function to a tree of results compiled for three arguments of certain shapes: see <see cref="CompileFor(Func{Expr, Expr}, Shape, CompileOptions?)"/>.</summary>
    /// <param name="f">A function to a tree (see <see cref="Tree"/>), such as a tuple.</param>
    /// <param name="first">The shape of the first argument.</param>
    /// <param name="second">The shape of the second argument.</param>
    /// <param name="third">The shape of the third argument.</param>
    /// <param name="options">How the code is generated and run.</param>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <exception cref="NotConcreteException">f asks an argument for a value.</exception>
    /// <exception cref="AutodiffException">There is no expression in the result, one that cannot be replaced, or a function.</exception>
    [OverloadResolutionPriority(1)]
    public static CompiledFunction CompileFor<TResult>(Func<Expr, Expr, Expr, TResult> f, Shape first, Shape second, Shape third, CompileOptions? options = null) =>
        FunctionOf("CompileFor", [first, second, third], Spread("CompileFor", f), options, NamesOf(f));

    /// <summary>The function to a tree of results compiled for four arguments of certain shapes: see <see cref="CompileFor(Func{Expr, Expr}, Shape, CompileOptions?)"/>.</summary>
    /// <param name="f">A function to a tree (see <see cref="Tree"/>), such as a tuple.</param>
    /// <param name="first">The shape of the first argument.</param>
    /// <param name="second">The shape of the second argument.</param>
    /// <param name="third">The shape of the third argument.</param>
    /// <param name="fourth">The shape of the fourth argument.</param>
    /// <param name="options">How the code is generated and run.</param>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <exception cref="NotConcreteException">f asks an argument for a value.</exception>
    /// <exception cref="AutodiffException">There is no expression in the result, one that cannot be replaced, or a function.</exception>
    [OverloadResolutionPriority(1)]
    public static CompiledFunction CompileFor<TResult>(Func<Expr, Expr, Expr, Expr, TResult> f, Shape first, Shape second, Shape third, Shape fourth, CompileOptions? options = null) =>
        FunctionOf("CompileFor", [first, second, third, fourth], Spread("CompileFor", f), options, NamesOf(f));

    /// <summary>The function of a tree compiled for trees like an example: see <see cref="CompileFor(Func{Expr, Expr}, Shape, CompileOptions?)"/>.</summary>
    /// <param name="f">A function from a tree (see <see cref="Tree"/>) to a tree.</param>
    /// <param name="example">A tree of the structure and the shapes of the arguments. What it holds beside expressions is constant in the code.</param>
    /// <param name="options">How the code is generated and run.</param>
    /// <typeparam name="T">The type of the argument.</typeparam>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <exception cref="NotConcreteException">f asks an expression in its argument for a value.</exception>
    /// <exception cref="AutodiffException">There is no expression in the example or the result, one that cannot be replaced, or a function in the result.</exception>
    public static CompiledFunction CompileFor<T, TResult>(Func<T, TResult> f, T example, CompileOptions? options = null)
    {
        NotNull("CompileFor", f);
        var leaves = Tree.Leaves("CompileFor", example, "the example");
        return leaves.Length > 0
            ? FunctionOf(
                "CompileFor", Array.ConvertAll(leaves, leaf => leaf.Shape), parameters => f(Tree.With(example, parameters)), options, PathsOf(example, ["x", "y", "z", "w"]), Tree.Rest(example))
            : throw Tree.NoLeaves("CompileFor", $"in this {typeof(T)}, so there is nothing to compile the function for", example!);
    }

    /// <summary>A compiled function whose arguments have names.</summary>
    internal static CompiledFunction FunctionOf<TResult>(
        string operation, Shape[] shapes, Func<Expr[], TResult> f, CompileOptions? options, string[] names, IEnumerable<object?>? carried = null)
    {
        var traced = TracedFor(operation, shapes, f, options, carried);
        return new(traced.Alone(operation), names[^shapes.Length..], PathsOf(traced.Result, []));
    }

    /// <summary>The names of the parameters of a function.</summary>
    private static string[] NamesOf(Delegate f) => [.. f.Method.GetParameters().Select((parameter, i) => parameter.Name ?? $"x{i + 1}")];

    /// <summary>Names for the leaves of a tree: their paths, or, for one leaf and for the items of a tuple, some names or result, result2, …</summary>
    private static string[] PathsOf<T>(T tree, string[] items) => [.. Tree.Flatten(tree).Select((leaf, i) => leaf.Path switch
    {
        "" or "Item1" or "Item2" or "Item3" or "Item4" => i < items.Length ? items[i] : "result",
        var path => path,
    })];

    /// <summary>The compiled code of a function that reads nothing but its arguments.</summary>
    private static Executable CodeFor<TResult>(string operation, Shape[] shapes, Func<Expr[], TResult> f, CompileOptions? options) =>
        TracedFor(operation, shapes, f, options, null).Alone(operation);

    private static Transforms.Traced<TResult> TracedFor<TResult>(string operation, Shape[] shapes, Func<Expr[], TResult> f, CompileOptions? options, IEnumerable<object?>? carried) =>
        Transforms.Traced<TResult>.Of(operation, Array.ConvertAll(shapes, Expr.Parameter), carried ?? [], f, CompileOptions.Checked(operation, options));
}
