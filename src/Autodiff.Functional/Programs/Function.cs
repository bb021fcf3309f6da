// A call of a function as one node: what Checkpoint, Compile, CustomVjp and CustomJvp make.

using Autodiff.Functional.Compilation;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Rules;

namespace Autodiff.Functional.Programs;

/// <summary>
/// (x, c) ↦ f(x, c) for arguments x and what the function captured c, with a derivative that is the body's own, or given by a
/// rule. A rule speaks of the first argument alone: nothing may be differentiated in what it captured. The value is one vector of
/// the results. What a function is differentiated or batched to is run as it is, compiled or not, and made once.
/// </summary>
/// <param name="operation">What the user called, for errors.</param>
/// <param name="value">From arguments and captured to the results.</param>
/// <param name="options">How it is compiled; null if it is run as it stands.</param>
internal sealed class Function(string operation, Body value, CompileOptions? options = null) : IProgram
{
    private readonly Recent<string, Derivative> _derivatives = new();
    private readonly Recent<string, Function> _batches = new();
    private Executable? _executable;

    public string Operation => operation;

    public Body Value => value;

    /// <summary>The derivative that the user states, in the place of the body's own.</summary>
    public Rule? Rule { get; init; }

    /// <summary>Whether its value may be computed in the midst of what calls it: it is compiled, or a node for its rule alone.</summary>
    public bool IsInlined => options is not null || Rule is not null;

    public IReadOnlyList<Body> Bodies => [value];

    /// <summary>The compiled body. Where two threads compile it at once, one of the two is kept.</summary>
    public Executable Executable =>
        _executable ?? Interlocked.CompareExchange(ref _executable, Executable.Of(value, options ?? CompileOptions.Default), null) ?? _executable;

    /// <summary>The results in the vector that is the value.</summary>
    public Packing Layout { get; } = new(operation, value.Results.Select(result => result.Shape));

    public Expr Node(ReadOnlySpan<Expr> operands) => Expr.Make(Op.Call, this, Layout.Shape, operands);

    public Storage Run(ReadOnlySpan<Storage> operands) => Layout.Pack(Results(operands));

    /// <summary>The results one by one.</summary>
    public Storage[] Results(ReadOnlySpan<Storage> operands) => options is null ? value.Code.Run(operands) : Executable.Run(operands);

    /// <summary>Forward mode: how the results move when operands do; null for what does not move.</summary>
    public Sensitivity?[] Push(ReadOnlySpan<Expr> operands, Sensitivity?[] tangents) =>
        DerivativeFor($"push {Marks(tangents)}", tangents, value.Parameters, moving => value.Push(moving)).Apply(operands, tangents);

    /// <summary>Reverse mode: the cotangents of the wanted operands, given those of the results; null where nothing flows.</summary>
    public Sensitivity?[] Pull(ReadOnlySpan<Expr> operands, bool[] wanted, Sensitivity?[] cotangents) =>
        DerivativeFor($"pull {Marks(cotangents)} to {Marks(wanted)}", cotangents, value.Results, seeds => value.Pull(wanted, seeds)).Apply(operands, cotangents);

    /// <summary>The function of a batch, made once for a size and the operands that are batched.</summary>
    public Function Batch(int size, bool[] isBatched, Func<Body, ReadOnlySpan<bool>, Body> overEach)
    {
        var key = $"{size} of {Marks(isBatched)}";
        return _batches.Find(key) ?? _batches.Add(key, new(operation, overEach(value, isBatched), options)
        {
            Rule = Rule is null ? null : Rule with { Body = overEach(Rule.Body, [.. isBatched, true]) },
        });
    }

    /// <summary>What decides how a flow is handed on: whether there is one, and whether a mask comes with it.</summary>
    private static string Marks(Sensitivity?[] flows) => new(Array.ConvertAll(flows, flow => flow is not { } some ? '0' : some.Live is null ? '1' : '?'));

    private static string Marks(bool[] flags) => new(Array.ConvertAll(flags, flag => flag ? '1' : '0'));

    /// <summary>
    /// The sweep in one direction as a function over the operands and what flows in. A mask of structural zeros is one more
    /// tensor that flows in, or out: so they are known by element on both sides of the call, as they are without it.
    /// </summary>
    private Derivative DerivativeFor(string key, Sensitivity?[] flows, Expr[] ends, Func<Sensitivity?[], Sensitivity?[]> sweep)
    {
        if (_derivatives.Find(key) is { } known)
        {
            return known;
        }

        var inflows = new Sensitivity?[flows.Length];
        for (var i = 0; i < inflows.Length; i++)
        {
            var shape = ends[i].Shape;
            inflows[i] = flows[i] is { } flow ? new(Expr.Parameter(shape), flow.Live is null ? null : Expr.Parameter(shape)) : null;
        }

        var outflows = sweep(inflows);
        var body = Body.Over([.. value.Parameters, .. Tensors(inflows)], [.. Tensors(outflows)]);
        return _derivatives.Add(key, new(new(operation, body, options), outflows));
    }

    /// <summary>The values of flows, each with its mask if that may change.</summary>
    private static IEnumerable<Expr> Tensors(Sensitivity?[] flows)
    {
        foreach (var flow in flows)
        {
            if (flow is { } some)
            {
                yield return some.Value;
                if (some.Live is { Op: not Op.Constant } live)
                {
                    yield return live;
                }
            }
        }
    }

    /// <summary>A function to what <see cref="Tensors"/> of the outflows are.</summary>
    private sealed class Derivative(Function function, Sensitivity?[] outflows)
    {
        public Sensitivity?[] Apply(ReadOnlySpan<Expr> operands, Sensitivity?[] inflows)
        {
            var results = new Sensitivity?[outflows.Length];
            if (function.Layout.Count == 0)
            {
                return results;
            }

            var node = function.Node([.. operands, .. Inflowing(inflows)]);
            var part = 0;
            for (var i = 0; i < results.Length; i++)
            {
                if (outflows[i] is { } outflow)
                {
                    var flow = function.Layout.Part(node, part++);
                    var live = outflow.Live is { Op: not Op.Constant } ? function.Layout.Part(node, part++) : outflow.Live;
                    results[i] = Sensitivity.Of(flow, live);
                }
            }

            return results;
        }

        /// <summary>The values of flows, each with its mask.</summary>
        private static IEnumerable<Expr> Inflowing(Sensitivity?[] flows) =>
            flows.OfType<Sensitivity>().SelectMany(flow => flow.Live is null ? (Expr[])[flow.Value] : [flow.Value, flow.Live]);
    }
}

/// <summary>The derivative of a function as the user states it.</summary>
/// <param name="Body">From arguments, captured and a tangent of the first argument to the tangent of the result, or from a cotangent of the result to one of the first argument.</param>
/// <param name="Arguments">How many of the operands are arguments.</param>
/// <param name="IsPullback">Whether the rule is the second of these.</param>
internal sealed record Rule(Body Body, int Arguments, bool IsPullback);
