// Conversions between several arguments and an array of them: sweeps work on arrays only.

namespace Autodiff.Functional.Transforms;

internal static class Arguments
{
    /// <summary>A function of one argument as a function of an array.</summary>
    public static Func<Expr[], TResult> Spread<TResult>(string operation, Func<Expr, TResult> f)
    {
        NotNull(operation, f);
        return x => f(x[0]);
    }

    /// <summary>A function of two arguments as a function of an array.</summary>
    public static Func<Expr[], TResult> Spread<TResult>(string operation, Func<Expr, Expr, TResult> f)
    {
        NotNull(operation, f);
        return x => f(x[0], x[1]);
    }

    /// <summary>A function of three arguments as a function of an array.</summary>
    public static Func<Expr[], TResult> Spread<TResult>(string operation, Func<Expr, Expr, Expr, TResult> f)
    {
        NotNull(operation, f);
        return x => f(x[0], x[1], x[2]);
    }

    /// <summary>A function of four arguments as a function of an array.</summary>
    public static Func<Expr[], TResult> Spread<TResult>(string operation, Func<Expr, Expr, Expr, Expr, TResult> f)
    {
        NotNull(operation, f);
        return x => f(x[0], x[1], x[2], x[3]);
    }

    public static (Expr, Expr) Pair(Expr[] x) => (x[0], x[1]);

    /// <summary>The rows of a table of two rows, each as a tuple.</summary>
    public static (TRow, TRow) Pair<TRow>(Expr[][] x, Func<Expr[], TRow> row) => (row(x[0]), row(x[1]));

    public static (Expr, Expr, Expr) Triple(Expr[] x) => (x[0], x[1], x[2]);

    /// <summary>The rows of a table of three rows, each as a tuple.</summary>
    public static (TRow, TRow, TRow) Triple<TRow>(Expr[][] x, Func<Expr[], TRow> row) => (row(x[0]), row(x[1]), row(x[2]));

    public static (Expr, Expr, Expr, Expr) Quadruple(Expr[] x) => (x[0], x[1], x[2], x[3]);

    /// <summary>The rows of a table of four rows, each as a tuple.</summary>
    public static (TRow, TRow, TRow, TRow) Quadruple<TRow>(Expr[][] x, Func<Expr[], TRow> row) => (row(x[0]), row(x[1]), row(x[2]), row(x[3]));

    /// <summary>The leaves of a tree that is an argument; an error if there are none.</summary>
    public static Expr[] Parameters<T>(string operation, T tree) => Tree.Leaves(operation, tree, "the argument") is { Length: > 0 } leaves
        ? leaves
        : throw Tree.NoLeaves(operation, $"in this {typeof(T)} to differentiate with respect to", tree!);

    public static void NotNull(string operation, Delegate f)
    {
        if (f is null)
        {
            throw AutodiffException.Null(operation, "the function");
        }
    }
}
