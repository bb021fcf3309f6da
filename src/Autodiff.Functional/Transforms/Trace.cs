// A function run once on fresh leaves: the graph from its arguments to its result, ready to be swept.

using Autodiff.Functional.Rules;

namespace Autodiff.Functional.Transforms;

internal sealed class Trace : IDisposable
{
    private readonly Schedule _schedule;

    /// <summary>Runs f on fresh leaves with the values of the arguments.</summary>
    public Trace(string operation, Expr[] arguments, Func<Expr[], Expr> f)
    {
        var leaves = Array.ConvertAll(arguments, argument => argument is null
            ? throw AutodiffException.Null(operation, "the argument")
            : Expr.Leaf(null, argument));
        Result = f(leaves) ?? throw AutodiffException.Null(operation, "the function's result");
        _schedule = new(Result, leaves);
    }

    /// <summary>The result, as a node over the fresh leaves.</summary>
    public Expr Result { get; }

    /// <summary>The result for the caller: a plain number if no outer transform or variable is under it.</summary>
    public Expr Value => _schedule.IsNumeric ? Result.Detached() : Result;

    /// <summary>The cotangents of the arguments, given one of the result; zeros where it does not depend on one.</summary>
    public Expr[] Pull(Sensitivity seed)
    {
        if (_schedule.IsNumeric && IsNumber(seed.Value))
        {
            var numbers = NumericReverseSweep.Run(_schedule, seed);
            return Array.ConvertAll(_schedule.Variables!, leaf => numbers.TryGetValue(leaf, out var cotangent) ? cotangent : Expr.Zeros(leaf.Shape));
        }

        var cotangents = ReverseSweep.Run(_schedule, seed, keepGraph: false);
        return [.. _schedule.VariablePlaces.Zip(_schedule.Variables!, (place, leaf) => place >= 0 && cotangents[place] is { } cotangent ? cotangent.Value : Expr.Zeros(leaf.Shape))];
    }

    /// <summary>The tangent of the result, given those of the arguments; zeros where it does not move.</summary>
    public Expr Push(params ReadOnlySpan<Sensitivity> tangents) => ForwardSweep.Run(_schedule, tangents)?.Value ?? Expr.Zeros(Result.Shape);

    /// <summary>Gives the schedule back, where the trace is not to be swept again.</summary>
    public void Dispose() => _schedule.Dispose();

    private static bool IsNumber(Expr x) => x.IsConcrete && x.NewestLeaf == 0;
}
