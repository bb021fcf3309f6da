// A call of a function as one node: what Checkpoint, Compile, CustomVjp and CustomJvp make.

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional.Programs;

/// <summary>
/// (x, c) ↦ f(x, c) for arguments x and captured values c, with the derivative of the computation or one given by a rule. A rule gives
/// the derivative in the first argument only; differentiating in anything else is an error. The value is one vector of the results. The
/// derivatives and batched versions of a function are compiled if the function is, and each is made once and then reused.
/// </summary>
/// <param name="Operation">The name of what the user called, for errors.</param>
/// <param name="Value">From the arguments and the captured values to the results.</param>
/// <param name="BackEnd">The back end that compiles it; null if it is interpreted.</param>
internal sealed record Function(string Operation, Computation Value, IBackEnd? BackEnd = null) : ProgramPrimitive(Operation)
{
    private readonly BoundedCache<string, Derivative> _derivatives = new();
    private readonly BoundedCache<string, Function> _batches = new();
    private IExecutable? _executable;

    public override Op Op => Op.Call;

    /// <summary>The derivative that the user states; it replaces that of the computation. Null if there is none.</summary>
    public DerivativeRule? Rule { get; init; }

    /// <summary>The name that the user gave to the function with its rule; null if there is none.</summary>
    public string? Name { get; init; }

    /// <summary>
    /// Whether the computation may be inlined where only the value is needed: the call is a node only because it is compiled on its own or
    /// because it has a rule.
    /// </summary>
    public bool IsInlined => BackEnd is not null || Rule is not null;

    public override IReadOnlyList<Computation> Computations => [Value];

    public override object? Settings => (BackEnd, Rule, Name);

    /// <summary>The compiled computation; null if there is no back end. If two threads compile it at the same time, the first result is kept.</summary>
    public IExecutable? Executable =>
        _executable ?? (BackEnd is null ? null : Interlocked.CompareExchange(ref _executable, BackEnd.Compile(Value), null) ?? _executable);

    /// <summary>Where the results stand in the vector that is the value.</summary>
    public Packing Layout { get; } = new(Operation, Value.Results.Select(result => result.Shape));

    public Expr Node(ReadOnlySpan<Expr> operands) => Expr.Make(this, Layout.Shape, operands);

    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands) => Layout.Pack(Results(operands));

    public override T[] EvaluateIn<T>(NumberField<T> field, Shape shape, ReadOnlySpan<NumberTensor<T>> operands) => [.. Value.RunIn(field, operands).SelectMany(part => part)];

    /// <summary>The results as separate tensors.</summary>
    public Storage[] Results(ReadOnlySpan<Storage> operands) => Executable is { } executable ? executable.Run(operands) : Value.Bytecode.Run(operands);

    /// <summary>Forward mode: the tangents of the results, given those of the operands; null where there is no tangent.</summary>
    public Sensitivity?[] Push(ReadOnlySpan<Expr> operands, Sensitivity?[] tangents) =>
        DerivativeFor($"push {Marks(tangents)}", tangents, Value.Parameters, moving => Value.Push(moving)).Apply(operands, tangents);

    /// <summary>Reverse mode: the cotangents of the wanted operands, given those of the results; null where no cotangent arrives.</summary>
    public Sensitivity?[] Pull(ReadOnlySpan<Expr> operands, bool[] wanted, Sensitivity?[] cotangents) =>
        DerivativeFor($"pull {Marks(cotangents)} to {Marks(wanted)}", cotangents, Value.Results, seeds => Value.Pull(wanted, seeds)).Apply(operands, cotangents);

    /// <summary>The batched function, made once for each number of samples and choice of batched operands.</summary>
    private Function Batched(int size, bool[] isBatched, Func<Computation, ReadOnlySpan<bool>, Computation> overEach)
    {
        var key = $"{size} of {Marks(isBatched)}";
        return _batches.Find(key) ?? _batches.Add(key, new(Operation, overEach(Value, isBatched), BackEnd)
        {
            Rule = Rule is null ? null : Rule with { Computation = overEach(Rule.Computation, [.. isBatched, true]) },
        });
    }

    public override Sensitivity? Push(Point point, Expr node, Sensitivity?[] tangents)
    {
        var operands = point.EnterOperands(node);
        return Rule is { } rule ? new(Push(rule, operands, ValuesOf(tangents)), null) : Layout.Pack(Push(operands, tangents));
    }

    /// <summary>A rule replaces the derivative, so it also says which elements that depends on.</summary>
    public override int[] Depend(Expr node, int[]?[] operands, IndexSets sets)
    {
        if (Rule is not { } rule)
        {
            return Dependence.Packed(Layout, Dependence.Of(Value, operands, sets));
        }

        ForbidCaptured(rule, Array.ConvertAll(operands, operand => operand is not null));
        var argument = operands[0]!;
        var linear = new int[]?[rule.Computation.Parameters.Length];
        if (!rule.IsPullback)
        {
            linear[^1] = argument;
            return Dependence.Of(rule.Computation, linear, sets)[0] ?? new int[node.Shape.Size];
        }

        // The transpose: an element of the result depends on the elements of the argument whose cotangents depend on its cotangent.
        var cotangents = new IndexSets(node.Shape.Size);
        linear[^1] = IndexSets.OfInputs(node.Shape.Size);
        var pulled = Dependence.Of(rule.Computation, linear, cotangents)[0] ?? [];
        var (moving, places) = (new List<int>(), new List<int>());
        for (var i = 0; i < pulled.Length; i++)
        {
            foreach (var place in cotangents.Members(pulled[i]))
            {
                moving.Add(argument[i]);
                places.Add(place);
            }
        }

        return sets.Union(CollectionsMarshal.AsSpan(moving), CollectionsMarshal.AsSpan(places), node.Shape.Size);
    }

    /// <summary>A call without a rule is a call that also computes coefficients; a rule is a pushforward, and gives the series as such.</summary>
    public override PowerSeries? Expand(Expr node, PowerSeries[] operands, Expr primal, SeriesTable table) => Rule is not null ? null : new JointSeries(primal, operands, table, curves =>
    {
        var order = curves[0].Length;
        Sensitivity?[] flows = [.. curves.SelectMany(curve => curve)];
        var results = DerivativeFor(
            $"series to {order}: {Marks(flows)}",
            flows,
            [.. Value.Parameters.SelectMany(parameter => Enumerable.Repeat(parameter, order))],
            leaves => [.. Value.Expand([.. leaves.Chunk(order)], order).SelectMany(series => series)]).Apply(Array.ConvertAll(operands, operand => operand.Primal), flows);
        var series = results.Chunk(order).ToArray();
        return [.. Enumerable.Range(0, order).Select(k => Layout.Pack(Array.ConvertAll(series, part => part[k])))];
    });

    public override Sensitivity?[] Pull(Point point, Expr node, bool[] wanted, Sensitivity cotangent)
    {
        var operands = point.EnterOperands(node);
        return Rule is { } rule ? Unmasked(Pull(rule, operands, wanted, cotangent.Value)) : Pull(operands, wanted, Layout.Parts(cotangent));
    }

    /// <summary>
    /// The function for all samples, with its rule for all samples; under a rule the first argument is batched in any case, so that each sample
    /// has its own.
    /// </summary>
    public override Expr Batch(Expr node, Primitives.Batched[] operands, int size)
    {
        var batching = new Batching(size);
        var isBatched = Array.ConvertAll(operands, operand => operand.IsBatched);
        if (Rule is not null)
        {
            isBatched[0] = true;
        }

        var values = new Expr[operands.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = isBatched[i] ? operands[i].ForEach(size) : operands[i].Value;
        }

        var batched = Batched(size, isBatched, batching.OverEach);
        return batching.Pack(batched.Layout.Parts(batched.Node(values)));
    }

    public override Fragment Print(Notation notation, Expr node, ReadOnlySpan<Fragment> operands) =>
        notation.Call(NameIn(notation), [new ProgramText(notation).Inside(Value, operands)]);

    /// <summary>
    /// The operations whose calls are read. A compiled call is read as one that is interpreted, with the same value; a call with a rule is not
    /// read, because the text does not say what its derivative is.
    /// </summary>
    public static Reader[] Readers { get; } = [.. ((string[])["Checkpoint", "Compile"]).Select(operation => Reader.Program(operation.ToLowerInvariant(), call =>
    {
        var before = Maker.Current.Made;
        var results = Maker.Current.Defer(call.Branch("the result"));
        var (computations, captured) = Computation.CloseSince(before, results);
        return new Function(operation, computations[0]).Node(captured);
    }))];

    private Expr?[] Pull(DerivativeRule rule, Expr[] operands, bool[] wanted, Expr cotangent)
    {
        ForbidCaptured(rule, wanted);
        var flow = rule.IsPullback ? rule.Computation.Apply([.. operands, cotangent])[0] : Transposed(rule.Computation, operands, Value.Parameters[0].Shape, cotangent);
        return [flow, .. new Expr?[operands.Length - 1]];
    }

    private Expr Push(DerivativeRule rule, Expr[] operands, Expr?[] tangents)
    {
        ForbidCaptured(rule, Array.ConvertAll(tangents, tangent => tangent is not null));
        return rule.IsPullback ? Transposed(rule.Computation, operands, Layout.Shape, tangents[0]!) : rule.Computation.Apply([.. operands, tangents[0]!])[0];
    }

    /// <summary>Applies the transpose of a rule in its last parameter, in which the rule is linear, to a cotangent.</summary>
    private static Expr Transposed(Computation rule, Expr[] operands, Shape last, Expr cotangent)
    {
        var wanted = new bool[rule.Parameters.Length];
        wanted[^1] = true;
        return rule.Pullback(wanted).Apply([.. operands, Expr.Zeros(last), cotangent])[0];
    }

    private void ForbidCaptured(DerivativeRule rule, bool[] active)
    {
        if (active.AsSpan(rule.Arguments).Contains(true))
        {
            throw new NotDifferentiableException(
                $"{Operation}: the rule reads an expression from outside that the derivative is taken in, and does not say how the result depends on it. " +
                "Pass that expression as part of the argument, or wrap it in StopGradient.");
        }
    }

    public bool Equals(Function? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    /// <summary>A key of sensitivities, one character each: 0 if there is none, 1 if it has no mask, ? if it has one.</summary>
    private static string Marks(Sensitivity?[] flows) => new(Array.ConvertAll(flows, flow => flow is not { } some ? '0' : some.Live is null ? '1' : '?'));

    private static string Marks(bool[] flags) => new(Array.ConvertAll(flags, flag => flag ? '1' : '0'));

    /// <summary>
    /// A sweep through the computation, forward or reverse, as a function of the operands and of the sensitivities that enter. The mask of
    /// a sensitivity is a further operand or result, so structural zeros are known by element on both sides of the call, as without it.
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
        var computation = Computation.Over([.. Value.Parameters, .. Tensors(inflows)], [.. Tensors(outflows)]);
        return _derivatives.Add(key, new(new(Operation, computation, BackEnd), outflows));
    }

    /// <summary>The values of sensitivities, each followed by its mask if that is not constant.</summary>
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

    /// <summary>A function whose results are the <see cref="Tensors"/> of the sensitivities that leave it (outflows).</summary>
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

        /// <summary>The values of sensitivities, each followed by its mask if it has one.</summary>
        private static IEnumerable<Expr> Inflowing(Sensitivity?[] flows) =>
            flows.OfType<Sensitivity>().SelectMany(flow => flow.Live is null ? (Expr[])[flow.Value] : [flow.Value, flow.Live]);
    }
}

/// <summary>The derivative of a function as the user states it.</summary>
/// <param name="Computation">
/// A pushforward, from the arguments, the captured values and a tangent of the first argument to the tangent of the result; or a pullback, from the
/// arguments, the captured values and a cotangent of the result to the cotangent of the first argument.
/// </param>
/// <param name="Arguments">How many of the operands are arguments.</param>
/// <param name="IsPullback">Whether the rule is a pullback.</param>
internal sealed record DerivativeRule(Computation Computation, int Arguments, bool IsPullback);
