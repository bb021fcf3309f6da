// Compilation of functions of scalars to delegates on numbers, as solvers, integrators and plotters take them.

using Autodiff.Functional.Compilation;
using static Autodiff.Functional.Transforms.Arguments;

namespace Autodiff.Functional;

public static partial class AD
{
    /// <summary>A function of a scalar compiled to a function of a <see cref="double"/>: x ↦ f(x).</summary>
    /// <remarks>
    /// A call allocates nothing if f computes with scalars only, in up to 1,500 operations, and code can be generated at run time; otherwise
    /// it allocates an array for the results. It may be called from several threads at once.
    /// </remarks>
    /// <param name="f">A function from a scalar to a scalar. It is run once, now, on a symbol: it chooses by <see cref="Expr.Where"/>, <see cref="Cond{T}"/> and <see cref="While{TState}"/>, not by <c>if</c>.</param>
    /// <param name="options">How the code is generated and run; <see cref="CompileOptions.Default"/> if left out.</param>
    /// <exception cref="ShapeException">The result of f is not a scalar.</exception>
    /// <exception cref="NotConcreteException">f asks its argument for a value.</exception>
    /// <exception cref="AutodiffException">
    /// f is null or returns null, or reads from outside a symbolic expression or one that a derivative is taken in; or <see cref="CompileOptions.Threads"/> is less than 1.
    /// </exception>
    public static Func<double, double> CompileScalar(Func<Expr, Expr> f, CompileOptions? options = null)
    {
        var code = CodeOfScalars(1, 1, Spread("CompileScalar", f), options);
        return code.ToScalar<Func<double, double>>() ?? (x => code.RunOn(x)[0]);
    }

    /// <summary>A function of two scalars compiled to a function of numbers: see <see cref="CompileScalar(Func{Expr, Expr}, CompileOptions?)"/>.</summary>
    /// <param name="f">A function from scalars to a scalar.</param>
    /// <param name="options">How the code is generated and run.</param>
    /// <exception cref="ShapeException">The result of f is not a scalar.</exception>
    public static Func<double, double, double> CompileScalar(Func<Expr, Expr, Expr> f, CompileOptions? options = null)
    {
        var code = CodeOfScalars(2, 1, Spread("CompileScalar", f), options);
        return code.ToScalar<Func<double, double, double>>() ?? ((x, y) => code.RunOn(x, y)[0]);
    }

    /// <summary>A function of three scalars compiled to a function of numbers: see <see cref="CompileScalar(Func{Expr, Expr}, CompileOptions?)"/>.</summary>
    /// <param name="f">A function from scalars to a scalar.</param>
    /// <param name="options">How the code is generated and run.</param>
    /// <exception cref="ShapeException">The result of f is not a scalar.</exception>
    public static Func<double, double, double, double> CompileScalar(Func<Expr, Expr, Expr, Expr> f, CompileOptions? options = null)
    {
        var code = CodeOfScalars(3, 1, Spread("CompileScalar", f), options);
        return code.ToScalar<Func<double, double, double, double>>() ?? ((x, y, z) => code.RunOn(x, y, z)[0]);
    }

    /// <summary>A function of four scalars compiled to a function of numbers: see <see cref="CompileScalar(Func{Expr, Expr}, CompileOptions?)"/>.</summary>
    /// <param name="f">A function from scalars to a scalar.</param>
    /// <param name="options">How the code is generated and run.</param>
    /// <exception cref="ShapeException">The result of f is not a scalar.</exception>
    public static Func<double, double, double, double, double> CompileScalar(Func<Expr, Expr, Expr, Expr, Expr> f, CompileOptions? options = null)
    {
        var code = CodeOfScalars(4, 1, Spread("CompileScalar", f), options);
        return code.ToScalar<Func<double, double, double, double, double>>() ?? ((x, y, z, w) => code.RunOn(x, y, z, w)[0]);
    }

    /// <summary>A function of a scalar to its value and derivative, such as <c>ValueAndGrad(f)</c>, compiled to a function of numbers: see <see cref="CompileScalar(Func{Expr, Expr}, CompileOptions?)"/>.</summary>
    /// <param name="f">A function from a scalar to scalars.</param>
    /// <param name="options">How the code is generated and run.</param>
    /// <exception cref="ShapeException">A result of f is not a scalar.</exception>
    public static Func<double, (double Value, double Derivative)> CompileScalar(Func<Expr, (Expr Value, Expr Derivative)> f, CompileOptions? options = null)
    {
        var code = CodeOfScalars(1, 2, Spread("CompileScalar", f), options);
        return code.ToScalar<Func<double, (double, double)>>() ?? (x =>
        {
            var results = code.RunOn(x);
            return (results[0], results[1]);
        });
    }

    /// <summary>A function of two scalars to its value and gradient, such as <c>ValueAndGrad(f)</c>, compiled to a function of numbers: see <see cref="CompileScalar(Func{Expr, Expr}, CompileOptions?)"/>.</summary>
    /// <param name="f">A function from scalars to scalars.</param>
    /// <param name="options">How the code is generated and run.</param>
    /// <exception cref="ShapeException">A result of f is not a scalar.</exception>
    public static Func<double, double, (double Value, (double, double) Gradient)> CompileScalar(Func<Expr, Expr, (Expr Value, (Expr, Expr) Gradient)> f, CompileOptions? options = null)
    {
        var code = CodeOfScalars(2, 3, Spread("CompileScalar", f), options);
        return code.ToScalar<Func<double, double, (double, (double, double))>>() ?? ((x, y) =>
        {
            var results = code.RunOn(x, y);
            return (results[0], (results[1], results[2]));
        });
    }

    /// <summary>A function of three scalars to its value and gradient, such as <c>ValueAndGrad(f)</c>, compiled to a function of numbers: see <see cref="CompileScalar(Func{Expr, Expr}, CompileOptions?)"/>.</summary>
    /// <param name="f">A function from scalars to scalars.</param>
    /// <param name="options">How the code is generated and run.</param>
    /// <exception cref="ShapeException">A result of f is not a scalar.</exception>
    public static Func<double, double, double, (double Value, (double, double, double) Gradient)> CompileScalar(Func<Expr, Expr, Expr, (Expr Value, (Expr, Expr, Expr) Gradient)> f, CompileOptions? options = null)
    {
        var code = CodeOfScalars(3, 4, Spread("CompileScalar", f), options);
        return code.ToScalar<Func<double, double, double, (double, (double, double, double))>>() ?? ((x, y, z) =>
        {
            var results = code.RunOn(x, y, z);
            return (results[0], (results[1], results[2], results[3]));
        });
    }

    /// <summary>A function of four scalars to its value and gradient, such as <c>ValueAndGrad(f)</c>, compiled to a function of numbers: see <see cref="CompileScalar(Func{Expr, Expr}, CompileOptions?)"/>.</summary>
    /// <param name="f">A function from scalars to scalars.</param>
    /// <param name="options">How the code is generated and run.</param>
    /// <exception cref="ShapeException">A result of f is not a scalar.</exception>
    public static Func<double, double, double, double, (double Value, (double, double, double, double) Gradient)> CompileScalar(Func<Expr, Expr, Expr, Expr, (Expr Value, (Expr, Expr, Expr, Expr) Gradient)> f, CompileOptions? options = null)
    {
        var code = CodeOfScalars(4, 5, Spread("CompileScalar", f), options);
        return code.ToScalar<Func<double, double, double, double, (double, (double, double, double, double))>>() ?? ((x, y, z, w) =>
        {
            var results = code.RunOn(x, y, z, w);
            return (results[0], (results[1], results[2], results[3], results[4]));
        });
    }

    /// <summary>A function of two scalars to as many scalars, such as <c>Grad(f)</c>, compiled to a function of numbers: see <see cref="CompileScalar(Func{Expr, Expr}, CompileOptions?)"/>.</summary>
    /// <param name="f">A function from scalars to scalars.</param>
    /// <param name="options">How the code is generated and run.</param>
    /// <exception cref="ShapeException">A result of f is not a scalar.</exception>
    public static Func<double, double, (double, double)> CompileScalar(Func<Expr, Expr, (Expr, Expr)> f, CompileOptions? options = null)
    {
        var code = CodeOfScalars(2, 2, Spread("CompileScalar", f), options);
        return code.ToScalar<Func<double, double, (double, double)>>() ?? ((x, y) =>
        {
            var results = code.RunOn(x, y);
            return (results[0], results[1]);
        });
    }

    /// <summary>A function of three scalars to as many scalars, such as <c>Grad(f)</c>, compiled to a function of numbers: see <see cref="CompileScalar(Func{Expr, Expr}, CompileOptions?)"/>.</summary>
    /// <param name="f">A function from scalars to scalars.</param>
    /// <param name="options">How the code is generated and run.</param>
    /// <exception cref="ShapeException">A result of f is not a scalar.</exception>
    public static Func<double, double, double, (double, double, double)> CompileScalar(Func<Expr, Expr, Expr, (Expr, Expr, Expr)> f, CompileOptions? options = null)
    {
        var code = CodeOfScalars(3, 3, Spread("CompileScalar", f), options);
        return code.ToScalar<Func<double, double, double, (double, double, double)>>() ?? ((x, y, z) =>
        {
            var results = code.RunOn(x, y, z);
            return (results[0], results[1], results[2]);
        });
    }

    /// <summary>A function of four scalars to as many scalars, such as <c>Grad(f)</c>, compiled to a function of numbers: see <see cref="CompileScalar(Func{Expr, Expr}, CompileOptions?)"/>.</summary>
    /// <param name="f">A function from scalars to scalars.</param>
    /// <param name="options">How the code is generated and run.</param>
    /// <exception cref="ShapeException">A result of f is not a scalar.</exception>
    public static Func<double, double, double, double, (double, double, double, double)> CompileScalar(Func<Expr, Expr, Expr, Expr, (Expr, Expr, Expr, Expr)> f, CompileOptions? options = null)
    {
        var code = CodeOfScalars(4, 4, Spread("CompileScalar", f), options);
        return code.ToScalar<Func<double, double, double, double, (double, double, double, double)>>() ?? ((x, y, z, w) =>
        {
            var results = code.RunOn(x, y, z, w);
            return (results[0], results[1], results[2], results[3]);
        });
    }

    /// <summary>The compiled code of a function from a number of scalars to a number of scalars.</summary>
    private static Executable CodeOfScalars<TResult>(int arguments, int results, Func<Expr[], TResult> f, CompileOptions? options)
    {
        var code = CodeFor("CompileScalar", new Shape[arguments], f, options);
        if (code.Results.Length < results)
        {
            throw AutodiffException.Null("CompileScalar", "a result of the function");
        }

        foreach (var shape in code.Results)
        {
            if (!shape.IsScalar)
            {
                throw new ShapeException($"CompileScalar: a result of the function has shape {shape}, not (); for tensors use Compile or CompileFor.");
            }
        }

        return code;
    }
}
