// Compilation as a transform: the same function, of the same type, run as a program. Overloads for plain expressions have priority, so that the
// parameters of a lambda are expressions and a number converts to one. In F# the overloads for trees are not chosen, because they have an
// optional parameter.

using System.Runtime.CompilerServices;
using Autodiff.Functional.Transforms;
using static Autodiff.Functional.Transforms.Arguments;

namespace Autodiff.Functional;

public static partial class AD
{
    /// <summary>
    /// The same function, x ↦ f(x), compiled. At arguments of new shapes it is run once, on symbols; the computation is optimised, and runs as
    /// machine code from then on. So what f reads from outside, and its side effects, are those of that one run. The latest 64 programs are kept.
    /// </summary>
    /// <remarks>
    /// It may be called from any number of threads. Derivatives of it are compiled too, and equal those of the function, to any order. It is fastest
    /// to compile the whole, as in <c>Compile(Grad(f))</c> or <c>Compile(Vmap(f))</c>; compiled functions inside are inlined. Values are
    /// those of f except for rounding; where terms of a sum are infinite or overflow, a factor that all of them have may be multiplied in after it.
    /// </remarks>
    /// <param name="f">A function of any shapes. It chooses by <see cref="Expr.Where"/>, <see cref="Cond{T}"/> and <see cref="While{TState}"/>, not by <c>if</c>.</param>
    /// <param name="options">How the code is generated and run; <see cref="CompileOptions.Default"/> if left out.</param>
    /// <exception cref="NotConcreteException">When called: f asks its argument for a value.</exception>
    /// <exception cref="AutodiffException">At once: f is null, or <see cref="CompileOptions.Threads"/> is less than 1. When called: the argument or the result of f is null.</exception>
    [OverloadResolutionPriority(2)]
    public static Func<Expr, Expr> Compile(Func<Expr, Expr> f, CompileOptions? options = null) => Compile<Expr>(f, options);

    /// <summary>The same function of two arguments, compiled: see <see cref="Compile(Func{Expr, Expr}, CompileOptions?)"/>.</summary>
    /// <param name="f">A function of any shapes.</param>
    /// <param name="options">How the code is generated and run.</param>
    /// <exception cref="NotConcreteException">When called: f asks an argument for a value.</exception>
    [OverloadResolutionPriority(2)]
    public static Func<Expr, Expr, Expr> Compile(Func<Expr, Expr, Expr> f, CompileOptions? options = null) => Compile<Expr>(f, options);

    /// <summary>The same function of three arguments, compiled: see <see cref="Compile(Func{Expr, Expr}, CompileOptions?)"/>.</summary>
    /// <param name="f">A function of any shapes.</param>
    /// <param name="options">How the code is generated and run.</param>
    /// <exception cref="NotConcreteException">When called: f asks an argument for a value.</exception>
    [OverloadResolutionPriority(2)]
    public static Func<Expr, Expr, Expr, Expr> Compile(Func<Expr, Expr, Expr, Expr> f, CompileOptions? options = null) => Compile<Expr>(f, options);

    /// <summary>The same function of four arguments, compiled: see <see cref="Compile(Func{Expr, Expr}, CompileOptions?)"/>.</summary>
    /// <param name="f">A function of any shapes.</param>
    /// <param name="options">How the code is generated and run.</param>
    /// <exception cref="NotConcreteException">When called: f asks an argument for a value.</exception>
    [OverloadResolutionPriority(2)]
    public static Func<Expr, Expr, Expr, Expr, Expr> Compile(Func<Expr, Expr, Expr, Expr, Expr> f, CompileOptions? options = null) => Compile<Expr>(f, options);

    /// <summary>The same function of an expression to a tree of results such as <c>ValueAndGrad(f)</c>, compiled: see <see cref="Compile(Func{Expr, Expr}, CompileOptions?)"/>.</summary>
    /// <param name="f">A function to a tree (see <see cref="Tree"/>), such as a tuple.</param>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <exception cref="NotConcreteException">When called: f asks its argument for a value.</exception>
    /// <exception cref="AutodiffException">When called: there is no expression in the result, one that cannot be replaced, or a function.</exception>
    [OverloadResolutionPriority(1)]
    public static Func<Expr, TResult> Compile<TResult>(Func<Expr, TResult> f) => Compile(f, null);

    /// <inheritdoc cref="Compile{TResult}(Func{Expr, TResult})"/>
    /// <param name="f">A function to a tree (see <see cref="Tree"/>), such as a tuple.</param>
    /// <param name="options">How the code is generated and run.</param>
    [OverloadResolutionPriority(1)]
    public static Func<Expr, TResult> Compile<TResult>(Func<Expr, TResult> f, CompileOptions? options)
    {
        var g = Spread("Compile", f);
        var compiled = new Compiled<TResult>(options);
        return x => compiled.Call([x], g);
    }

    /// <summary>The same function of two expressions to a tree of results such as <c>Grad(f)</c>, compiled: see <see cref="Compile(Func{Expr, Expr}, CompileOptions?)"/>.</summary>
    /// <param name="f">A function to a tree (see <see cref="Tree"/>), such as a tuple.</param>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <exception cref="NotConcreteException">When called: f asks an argument for a value.</exception>
    /// <exception cref="AutodiffException">When called: there is no expression in the result, one that cannot be replaced, or a function.</exception>
    [OverloadResolutionPriority(1)]
    public static Func<Expr, Expr, TResult> Compile<TResult>(Func<Expr, Expr, TResult> f) => Compile(f, null);

    /// <inheritdoc cref="Compile{TResult}(Func{Expr, Expr, TResult})"/>
    /// <param name="f">A function to a tree (see <see cref="Tree"/>), such as a tuple.</param>
    /// <param name="options">How the code is generated and run.</param>
    [OverloadResolutionPriority(1)]
    public static Func<Expr, Expr, TResult> Compile<TResult>(Func<Expr, Expr, TResult> f, CompileOptions? options)
    {
        var g = Spread("Compile", f);
        var compiled = new Compiled<TResult>(options);
        return (x, y) => compiled.Call([x, y], g);
    }

    /// <summary>The same function of three expressions to a tree of results, compiled: see <see cref="Compile(Func{Expr, Expr}, CompileOptions?)"/>.</summary>
    /// <param name="f">A function to a tree (see <see cref="Tree"/>), such as a tuple.</param>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <exception cref="NotConcreteException">When called: f asks an argument for a value.</exception>
    /// <exception cref="AutodiffException">When called: there is no expression in the result, one that cannot be replaced, or a function.</exception>
    [OverloadResolutionPriority(1)]
    public static Func<Expr, Expr, Expr, TResult> Compile<TResult>(Func<Expr, Expr, Expr, TResult> f) => Compile(f, null);

    /// <inheritdoc cref="Compile{TResult}(Func{Expr, Expr, Expr, TResult})"/>
    /// <param name="f">A function to a tree (see <see cref="Tree"/>), such as a tuple.</param>
    /// <param name="options">How the code is generated and run.</param>
    [OverloadResolutionPriority(1)]
    public static Func<Expr, Expr, Expr, TResult> Compile<TResult>(Func<Expr, Expr, Expr, TResult> f, CompileOptions? options)
    {
        var g = Spread("Compile", f);
        var compiled = new Compiled<TResult>(options);
        return (x, y, z) => compiled.Call([x, y, z], g);
    }

    /// <summary>The same function of four expressions to a tree of results, compiled: see <see cref="Compile(Func{Expr, Expr}, CompileOptions?)"/>.</summary>
    /// <param name="f">A function to a tree (see <see cref="Tree"/>), such as a tuple.</param>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <exception cref="NotConcreteException">When called: f asks an argument for a value.</exception>
    /// <exception cref="AutodiffException">When called: there is no expression in the result, one that cannot be replaced, or a function.</exception>
    [OverloadResolutionPriority(1)]
    public static Func<Expr, Expr, Expr, Expr, TResult> Compile<TResult>(Func<Expr, Expr, Expr, Expr, TResult> f) => Compile(f, null);

    /// <inheritdoc cref="Compile{TResult}(Func{Expr, Expr, Expr, Expr, TResult})"/>
    /// <param name="f">A function to a tree (see <see cref="Tree"/>), such as a tuple.</param>
    /// <param name="options">How the code is generated and run.</param>
    [OverloadResolutionPriority(1)]
    public static Func<Expr, Expr, Expr, Expr, TResult> Compile<TResult>(Func<Expr, Expr, Expr, Expr, TResult> f, CompileOptions? options)
    {
        var g = Spread("Compile", f);
        var compiled = new Compiled<TResult>(options);
        return (x, y, z, w) => compiled.Call([x, y, z, w], g);
    }

    /// <summary>The same function of a tree, compiled: see <see cref="Compile(Func{Expr, Expr}, CompileOptions?)"/>.</summary>
    /// <remarks>
    /// What the argument holds beside expressions, such as a number of layers, is constant in the code: it is compared by its
    /// <see cref="object.Equals(object?)"/>, and where it differs the function is compiled again.
    /// </remarks>
    /// <param name="f">A function from a tree (see <see cref="Tree"/>) to a tree.</param>
    /// <param name="options">How the code is generated and run.</param>
    /// <param name="function">The text of f, for messages; the compiler gives it.</param>
    /// <typeparam name="T">The type of the argument.</typeparam>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <exception cref="NotConcreteException">When called: f asks an expression in the argument for a value.</exception>
    /// <exception cref="AutodiffException">When called: there is no expression in the argument or the result, one that cannot be replaced, or a function in the result.</exception>
    public static Func<T, TResult> Compile<T, TResult>(
        Func<T, TResult> f, CompileOptions? options = null, [CallerArgumentExpression(nameof(f))] string? function = null)
    {
        NotNull("Compile", f);
        var compiled = new Compiled<TResult>(options, function);
        return x => compiled.Call(x, f);
    }

    /// <summary>The same function of two trees, compiled: see <see cref="Compile(Func{Expr, Expr}, CompileOptions?)"/>.</summary>
    /// <param name="f">A function from trees (see <see cref="Tree"/>) to a tree.</param>
    /// <param name="options">How the code is generated and run.</param>
    /// <param name="function">The text of f, for messages; the compiler gives it.</param>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second.</typeparam>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <exception cref="NotConcreteException">When called: f asks an expression in an argument for a value.</exception>
    /// <exception cref="AutodiffException">When called: there is no expression in the arguments or the result, one that cannot be replaced, or a function in the result.</exception>
    public static Func<T1, T2, TResult> Compile<T1, T2, TResult>(
        Func<T1, T2, TResult> f, CompileOptions? options = null, [CallerArgumentExpression(nameof(f))] string? function = null)
    {
        NotNull("Compile", f);
        var compiled = new Compiled<TResult>(options, function);
        return (x, y) => compiled.Call((x, y), p => f(p.Item1, p.Item2));
    }

    /// <summary>The same function of three trees, compiled: see <see cref="Compile(Func{Expr, Expr}, CompileOptions?)"/>.</summary>
    /// <param name="f">A function from trees (see <see cref="Tree"/>) to a tree.</param>
    /// <param name="options">How the code is generated and run.</param>
    /// <param name="function">The text of f, for messages; the compiler gives it.</param>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second.</typeparam>
    /// <typeparam name="T3">The type of the third.</typeparam>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <exception cref="NotConcreteException">When called: f asks an expression in an argument for a value.</exception>
    /// <exception cref="AutodiffException">When called: there is no expression in the arguments or the result, one that cannot be replaced, or a function in the result.</exception>
    public static Func<T1, T2, T3, TResult> Compile<T1, T2, T3, TResult>(
        Func<T1, T2, T3, TResult> f, CompileOptions? options = null, [CallerArgumentExpression(nameof(f))] string? function = null)
    {
        NotNull("Compile", f);
        var compiled = new Compiled<TResult>(options, function);
        return (x, y, z) => compiled.Call((x, y, z), p => f(p.Item1, p.Item2, p.Item3));
    }

    /// <summary>The same function of four trees, compiled: see <see cref="Compile(Func{Expr, Expr}, CompileOptions?)"/>.</summary>
    /// <param name="f">A function from trees (see <see cref="Tree"/>) to a tree.</param>
    /// <param name="options">How the code is generated and run.</param>
    /// <param name="function">The text of f, for messages; the compiler gives it.</param>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second.</typeparam>
    /// <typeparam name="T3">The type of the third.</typeparam>
    /// <typeparam name="T4">The type of the fourth.</typeparam>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <exception cref="NotConcreteException">When called: f asks an expression in an argument for a value.</exception>
    /// <exception cref="AutodiffException">When called: there is no expression in the arguments or the result, one that cannot be replaced, or a function in the result.</exception>
    public static Func<T1, T2, T3, T4, TResult> Compile<T1, T2, T3, T4, TResult>(
        Func<T1, T2, T3, T4, TResult> f, CompileOptions? options = null, [CallerArgumentExpression(nameof(f))] string? function = null)
    {
        NotNull("Compile", f);
        var compiled = new Compiled<TResult>(options, function);
        return (x, y, z, w) => compiled.Call((x, y, z, w), p => f(p.Item1, p.Item2, p.Item3, p.Item4));
    }
}
