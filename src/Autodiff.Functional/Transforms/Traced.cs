// The trace of a function that is to be compiled: it is run once on symbolic leaves, and what it computed becomes a program.

using Autodiff.Functional.Compilation;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Transforms;

/// <summary>A function of arguments of certain shapes as a program, with the tree that the results of the program belong in.</summary>
/// <param name="Function">The program, over the arguments and what the function captured.</param>
/// <param name="Captured">The expressions from outside that the function read and that may change or be differentiated; all other ones are constants of the program.</param>
/// <param name="Result">What the function returned, with the results of the program as its leaves.</param>
internal sealed record Traced<TResult>(Function Function, Expr[] Captured, TResult Result)
{
    /// <summary>Runs a function on symbolic leaves.</summary>
    /// <param name="operation">The operation that the user called, for error messages.</param>
    /// <param name="parameters">The leaves.</param>
    /// <param name="carried">What the arguments hold beside leaves.</param>
    /// <param name="f">The function.</param>
    /// <param name="options">How it is compiled.</param>
    /// <param name="text">The source text of the function, for error messages.</param>
    public static Traced<TResult> Of(
        string operation, Expr[] parameters, IEnumerable<object?> carried, Func<Expr[], TResult> f, CompileOptions options, string? text = null)
    {
        var result = ResultOf(operation, parameters, f);
        if (result is null)
        {
            throw AutodiffException.Null(operation, "the function's result");
        }

        var leaves = Tree.Leaves(operation, result, "the function's result");
        if (leaves.Length == 0 || Tree.Rest(result).OfType<Delegate>().Except(carried).Any())
        {
            throw leaves.Length == 0
                ? Tree.NoLeaves(operation, $"in the {typeof(TResult)} that {text ?? "the function"} returned", result, isResult: true)
                : new AutodiffException($"{operation}: the {typeof(TResult)} that {text ?? "the function"} returned holds a function, which would be left with symbols that have no values; compile a function that calls it and returns the results.");
        }

        var (computations, captured) = Computation.Close(operation, parameters, leaves);
        Expr[] open = [.. captured.Where(node => !node.IsNumbers)];
        var computation = open.Length == captured.Length ? computations[0] : WithConstants(computations[0], parameters.Length, captured);
        return new(new Function(operation, computation, new MachineBackEnd(options)), open, Tree.With(result, computation.Results));
    }

    /// <summary>The compiled code of a function that reads nothing but its arguments; an error if it reads more.</summary>
    public Executable Alone(string operation)
    {
        ThrowIfOpen(operation);
        return (Executable)Function.Executable!;
    }

    /// <summary>Throws if the function reads more than its arguments.</summary>
    public void ThrowIfOpen(string operation)
    {
        if (Captured is [var read, ..])
        {
            throw new AutodiffException(
                $"{operation}: the function reads {(read.IsConcrete ? $"an expression of shape {read.Shape} that a derivative may be taken in" : $"the symbolic expression {read}")} " +
                "from outside, but compiled code depends on nothing but its arguments. Pass that expression as an argument, or wrap it in StopGradient if it is a number.");
        }
    }

    private static TResult ResultOf(string operation, Expr[] parameters, Func<Expr[], TResult> f)
    {
        try
        {
            return f(parameters);
        }
        catch (NotConcreteException error) when (error.InnerException is null)
        {
            throw new NotConcreteException(
                $"{operation}: the function asks an expression for a value while it is compiled. It is run once, on symbols, for all values that its argument will have: " +
                "compute with the functions of Expr, as Expr.Sin(x) does and Math.Sin(x.Value) does not, and build a choice into the expression with Where(mask, a, b), Cond(mask, then, otherwise) or While.",
                error);
        }
    }

    /// <summary>The computation with constants in place of those captured nodes that are numbers.</summary>
    private static Computation WithConstants(Computation computation, int arguments, Expr[] captured)
    {
        Expr[] inside = [.. computation.Parameters.Select((parameter, i) => i >= arguments && captured[i - arguments].IsNumbers ? captured[i - arguments].Detached() : parameter)];
        return Computation.Over([.. inside.Where(node => node.Op != Op.Constant)], computation.Apply(inside));
    }
}
