// Loops and branches that stay one node of the graph. Their functions are run once, on symbolic leaves, to trace them. Overloads for plain
// expressions have priority, so that a number or an array converts to an expression and is not taken for a tree.

using System.Runtime.CompilerServices;
using Autodiff.Functional.Programs;
using static Autodiff.Functional.Transforms.Arguments;

namespace Autodiff.Functional;

public static partial class AD
{
    /// <summary>
    /// The final state of s ← step(s, x) over the slices x of <paramref name="xs"/> along their leading axis, as one node.
    /// </summary>
    /// <param name="step">From the state and an item to the next state, of the same structure and shapes. It is run once, on symbolic expressions: it chooses by <see cref="Expr.Where"/> and <see cref="Cond{T}"/>, not by <c>if</c>.</param>
    /// <param name="init">The state before the first step: a tree (see <see cref="Tree"/>) of at least one expression.</param>
    /// <param name="xs">The items: a tree of tensors with equally long leading axes.</param>
    /// <param name="checkpointEvery">How often a reverse sweep keeps the state: every so many steps; the states in between are computed again. With k steps, memory grows as n/k + k instead of n, at the cost of one more run of the loop.</param>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <typeparam name="TItem">The type of the items.</typeparam>
    /// <exception cref="ShapeException">The leading axes differ in length, or a step changes the shape of the state.</exception>
    /// <exception cref="AutodiffException">There is no expression in the state or the items, or a step changes the state's structure (the message shows both paths).</exception>
    public static TState Fold<TState, TItem>(Func<TState, TItem, TState> step, TState init, TItem xs, int checkpointEvery = 1)
    {
        NotNull("Fold", step);
        return Scanned("Fold", (TState s, TItem x) => (step(s, x), Nothing.AtAll), init, xs, reverse: false, checkpointEvery).Final;
    }

    /// <inheritdoc cref="Fold{TState, TItem}"/>
    [OverloadResolutionPriority(1)]
    public static TState Fold<TState>(Func<TState, Expr, TState> step, TState init, Expr xs, int checkpointEvery = 1) =>
        Fold<TState, Expr>(step, init, xs, checkpointEvery);

    /// <inheritdoc cref="Fold{TState, TItem}"/>
    [OverloadResolutionPriority(2)]
    public static Expr Fold(Func<Expr, Expr, Expr> step, Expr init, Expr xs, int checkpointEvery = 1) =>
        Fold<Expr, Expr>(step, init, xs, checkpointEvery);

    /// <summary>
    /// The final state and the stacked outputs of (s, y) ← step(s, x) over the slices x of <paramref name="xs"/> along their
    /// leading axis, as one node.
    /// </summary>
    /// <param name="step">From the state and an item to the next state, of the same structure and shapes, and an output. It is run once, on symbolic expressions: it chooses by <see cref="Expr.Where"/> and <see cref="Cond{T}"/>, not by <c>if</c>.</param>
    /// <param name="init">The state before the first step: a tree (see <see cref="Tree"/>) of at least one expression.</param>
    /// <param name="xs">The items: a tree of tensors with equally long leading axes.</param>
    /// <param name="reverse">Whether the steps go from the last item to the first; outputs stay beside their items.</param>
    /// <param name="checkpointEvery">How often a reverse sweep keeps the state: every so many steps; the states in between are computed again. With k steps, memory grows as n/k + k instead of n, at the cost of one more run of the loop.</param>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <typeparam name="TItem">The type of the items.</typeparam>
    /// <typeparam name="TOut">The type of an output: a tree, each of whose tensors is stacked along a new leading axis.</typeparam>
    /// <exception cref="ShapeException">The leading axes differ in length, or a step changes the shape of the state.</exception>
    /// <exception cref="AutodiffException">There is no expression in the state or the items, or a step changes the state's structure (the message shows both paths).</exception>
    public static (TState Final, TOut Outputs) Scan<TState, TItem, TOut>(
        Func<TState, TItem, (TState, TOut)> step, TState init, TItem xs, bool reverse = false, int checkpointEvery = 1)
    {
        NotNull("Scan", step);
        return Scanned("Scan", step, init, xs, reverse, checkpointEvery);
    }

    /// <inheritdoc cref="Scan{TState, TItem, TOut}"/>
    [OverloadResolutionPriority(1)]
    public static (TState Final, TOut Outputs) Scan<TState, TOut>(
        Func<TState, Expr, (TState, TOut)> step, TState init, Expr xs, bool reverse = false, int checkpointEvery = 1) =>
        Scan<TState, Expr, TOut>(step, init, xs, reverse, checkpointEvery);

    /// <inheritdoc cref="Scan{TState, TItem, TOut}"/>
    [OverloadResolutionPriority(2)]
    public static (Expr Final, Expr Outputs) Scan(
        Func<Expr, Expr, (Expr, Expr)> step, Expr init, Expr xs, bool reverse = false, int checkpointEvery = 1) =>
        Scan<Expr, Expr, Expr>(step, init, xs, reverse, checkpointEvery);

    /// <summary>step applied n times, as one node.</summary>
    /// <param name="n">The number of steps, 0 or more.</param>
    /// <param name="step">From the state to the next state, of the same structure and shapes. It is run once, on symbolic expressions: it chooses by <see cref="Expr.Where"/> and <see cref="Cond{T}"/>, not by <c>if</c>.</param>
    /// <param name="init">The state before the first step: a tree (see <see cref="Tree"/>) of at least one expression.</param>
    /// <param name="checkpointEvery">How often a reverse sweep keeps the state: every so many steps; the states in between are computed again.</param>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <exception cref="ShapeException">A step changes the shape of the state.</exception>
    /// <exception cref="AutodiffException">The number of steps is negative, there is no expression in the state, or a step changes its structure.</exception>
    public static TState Iterate<TState>(int n, Func<TState, TState> step, TState init, int checkpointEvery = 1)
    {
        NotNull("Iterate", step);
        return n < 0
            ? throw new AutodiffException($"Iterate: the number of steps is {n}; it is 0 or more.")
            : Looped("Iterate", n, (TState s, Nothing _) => (step(s), Nothing.AtAll), init, Nothing.AtAll, false, checkpointEvery).Final;
    }

    /// <inheritdoc cref="Iterate{TState}"/>
    [OverloadResolutionPriority(2)]
    public static Expr Iterate(int n, Func<Expr, Expr> step, Expr init, int checkpointEvery = 1) =>
        Iterate<Expr>(n, step, init, checkpointEvery);

    /// <summary>
    /// The first state of s ← body(s) for which the condition does not hold, as one node. Both modes differentiate it: the number
    /// of steps is found when the loop is run forward.
    /// </summary>
    /// <param name="condition">From the state to a scalar: another step is taken while it is neither 0 nor NaN. Run once, on symbolic expressions.</param>
    /// <param name="body">From the state to the next state, of the same structure and shapes. Run once, on symbolic expressions.</param>
    /// <param name="init">The state before the first step: a tree (see <see cref="Tree"/>) of at least one expression.</param>
    /// <param name="limit">The most steps that are allowed: ten million if left out.</param>
    /// <param name="checkpointEvery">How often a reverse sweep keeps the state: every so many steps; the states in between are computed again.</param>
    /// <param name="progress">Where each test of the condition is reported, in every run of the loop, those of its derivatives included.</param>
    /// <param name="cancellationToken">Stops the loop.</param>
    /// <typeparam name="TState">The type of the state.</typeparam>
    /// <exception cref="ShapeException">The condition is not a scalar, or a step changes the shape of the state.</exception>
    /// <exception cref="OperationCanceledException">The caller has cancelled the loop.</exception>
    /// <exception cref="AutodiffException">There is no expression in the state, a step changes its structure, or the condition still holds at the limit.</exception>
    public static TState While<TState>(
        Func<TState, Expr> condition, Func<TState, TState> body, TState init, int limit = Loop.UsualLimit, int checkpointEvery = 1,
        IProgress<IterationProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        NotNull("While", condition);
        NotNull("While", body);
        return limit < 0
            ? throw new AutodiffException($"While: the limit is {limit} steps; it is 0 or more.")
            : Looped("While", limit, (TState s, Nothing _) => (body(s), Nothing.AtAll), init, Nothing.AtAll, false, checkpointEvery, condition, IterationControl.OfLoop(progress, cancellationToken)).Final;
    }

    /// <inheritdoc cref="While{TState}"/>
    [OverloadResolutionPriority(2)]
    public static Expr While(
        Func<Expr, Expr> condition, Func<Expr, Expr> body, Expr init, int limit = Loop.UsualLimit, int checkpointEvery = 1,
        IProgress<IterationProgress>? progress = null, CancellationToken cancellationToken = default) =>
        While<Expr>(condition, body, init, limit, checkpointEvery, progress, cancellationToken);

    /// <summary>
    /// The result of one of two functions: only the chosen one is computed. Where the predicate's value cannot change any
    /// more, the chosen function is simply called; otherwise both are run once, on symbolic expressions, and become one node.
    /// </summary>
    /// <param name="predicate">A scalar: any number but 0 chooses <paramref name="then"/>, 0 chooses <paramref name="otherwise"/>.</param>
    /// <param name="then">What is computed where the predicate holds: a tree (see <see cref="Tree"/>) of expressions.</param>
    /// <param name="otherwise">What is computed where it does not: a tree of the same structure and shapes.</param>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <exception cref="ShapeException">The predicate is not a scalar, or the results differ in shape.</exception>
    /// <exception cref="AutodiffException">The results differ in structure (the message shows both paths).</exception>
    public static T Cond<T>(Expr predicate, Func<T> then, Func<T> otherwise)
    {
        NotNull("Cond", then);
        NotNull("Cond", otherwise);
        if (predicate is null)
        {
            throw AutodiffException.Null("Cond", "the predicate");
        }

        if (!predicate.Shape.IsScalar)
        {
            throw new ShapeException($"Cond: the predicate has shape {predicate.Shape}, not (); to choose element by element use Where, and to choose by all of a tensor reduce it with MinOf or MaxOf.");
        }

        T Then() => Given("Cond", "the first branch's result", then());
        T Otherwise() => Given("Cond", "the second branch's result", otherwise());
        if (predicate.IsFixed)
        {
            return predicate.Scalar != 0 ? Then() : Otherwise();
        }

        var before = Maker.Current.Made;
        var (chosen, other) = (Maker.Current.Defer(Then), Maker.Current.Defer(Otherwise));
        var leaves = Tree.Leaves("Cond", chosen);
        var others = Tree.Counterparts("Cond", ("the first branch", chosen), ("the second branch", other));
        SameShapes("Cond", "the first branch", chosen, leaves, "the second branch", others);
        var (computations, captured) = Computation.CloseSince(before, leaves, others);
        var choice = new Choice("Cond", computations[0], computations[1]);
        return Tree.With(chosen, choice.Layout.Parts(choice.Node(predicate, captured)));
    }

    /// <inheritdoc cref="Cond{T}"/>
    [OverloadResolutionPriority(2)]
    public static Expr Cond(Expr predicate, Func<Expr> then, Func<Expr> otherwise) => Cond<Expr>(predicate, then, otherwise);

    private static (TState Final, TOut Outputs) Scanned<TState, TItem, TOut>(
        string operation, Func<TState, TItem, (TState, TOut)> step, TState init, TItem xs, bool reverse, int checkpointEvery)
    {
        var items = Tree.Leaves(operation, Given(operation, "the tree of items", xs));
        for (var i = 0; i < items.Length; i++)
        {
            if (items[i].Rank == 0 || items[i].Shape[0] != items[0].Shape[0])
            {
                throw new ShapeException(items[i].Rank == 0
                    ? $"{operation}: the items{At(xs, i)} are a scalar, which has no leading axis to go over."
                    : $"{operation}: the items{At(xs, i)} have shape {items[i].Shape}, but those{At(xs, 0)} have {items[0].Shape}; their leading axes must be equally long.");
            }
        }

        return items.Length > 0
            ? Looped(operation, items[0].Shape[0], step, init, xs, reverse, checkpointEvery)
            : throw new AutodiffException($"{operation}: there is no Expr among the items, so the number of steps is unknown; use Iterate.");
    }

    private static (TState Final, TOut Outputs) Looped<TState, TItem, TOut>(
        string operation, int steps, Func<TState, TItem, (TState, TOut)> step, TState init, TItem xs, bool reverse, int checkpointEvery,
        Func<TState, Expr>? condition = null, IterationControl? control = null)
    {
        if (checkpointEvery < 1)
        {
            throw new AutodiffException($"{operation}: checkpointEvery is {checkpointEvery}; it is 1 (keep every state) or more.");
        }

        var states = Tree.Leaves(operation, Given(operation, "the initial state", init));
        if (states.Length == 0)
        {
            throw Tree.NoLeaves(operation, $"in the initial state, a {typeof(TState)}, for the steps to change", init!);
        }

        var items = Tree.Leaves(operation, xs);
        Expr[] parameters = [.. states.Select(state => Expr.Parameter(state.Shape)), .. items.Select(item => Expr.Parameter(new Shape(item.Shape.Lengths[1..])))];
        var state = Tree.With(init, parameters[..states.Length]);
        var (next, output) = step(state, Tree.With(xs, parameters[states.Length..]));
        var nextStates = Tree.Counterparts(operation, ("the state", init), ("the next state", next));
        SameShapes(operation, "the state", init, states, "the next state", nextStates);
        var outputs = Tree.Leaves(operation, Given(operation, "the output of the step", output));
        Expr[][] results = condition is null ? [[.. nextStates, .. outputs]] : [[.. nextStates, .. outputs], [Predicate(operation, condition(state))]];
        var (computations, captured) = Computation.Close(operation, parameters, results);

        // A condition does not read items.
        var test = condition is null ? null : computations[1];
        var loop = new Loop(operation, computations[0], test, states.Length, items.Length, steps, reverse, checkpointEvery) { Control = control };
        var parts = loop.Layout.Parts(loop.Node([.. states, .. items, .. captured]));
        return (Tree.With(init, parts[..states.Length]), Tree.With(output, parts[states.Length..]));
    }

    private static T Given<T>(string operation, string name, T tree) => tree is null ? throw AutodiffException.Null(operation, name) : tree;

    private static Expr Predicate(string operation, Expr predicate) => predicate is null
        ? throw AutodiffException.Null(operation, "the condition's result")
        : predicate.Shape.IsScalar ? predicate
        : throw new ShapeException($"{operation}: the condition's result has shape {predicate.Shape}, not (); reduce it with MinOf (all) or MaxOf (any).");

    private static void SameShapes<T>(string operation, string name, T tree, Expr[] leaves, string otherName, Expr[] others)
    {
        for (var i = 0; i < leaves.Length; i++)
        {
            if (leaves[i].Shape != others[i].Shape)
            {
                throw new ShapeException($"{operation}: {name}{At(tree, i)} has shape {leaves[i].Shape}, but {otherName} has {others[i].Shape} there; they must be equal.");
            }
        }
    }

    /// <summary>Where a leaf is in a tree, as part of an error message; empty if the tree is the leaf.</summary>
    private static string At<T>(T tree, int leaf) => Tree.PathOf(tree, leaf) is { Length: > 0 } path ? $" at {path}" : "";

    /// <summary>A tree without leaves, for loops without items or outputs.</summary>
    private sealed record Nothing
    {
        public static Nothing AtAll { get; } = new();
    }
}
