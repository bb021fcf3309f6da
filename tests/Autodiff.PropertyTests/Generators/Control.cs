// Loops and branches in two forms: C# statements, which run on values, and nodes of a graph. A program must have the same value and the same
// derivatives in both.

using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Generators;

/// <summary>The loops and branches that a random program uses, in one of the two forms.</summary>
internal abstract class Control
{
    /// <summary>Loops and branches as C# statements, which need values.</summary>
    public static Control Statements { get; } = new Plain();

    /// <summary>Loops and branches by the functions of AD, which make nodes.</summary>
    public static Control Nodes { get; } = AsNodes(1);

    /// <summary>Loops and branches by the functions of AD, with a checkpoint of the state after every so many steps.</summary>
    public static Control AsNodes(int checkpointEvery) => new Functions(checkpointEvery);

    public abstract T Fold<T>(Func<T, Expr, T> step, T init, Expr xs);

    public abstract (T Final, Expr Outputs) Scan<T>(Func<T, Expr, (T, Expr)> step, T init, Expr xs, bool reverse = false);

    public abstract T Iterate<T>(int n, Func<T, T> step, T init);

    public abstract T While<T>(Func<T, Expr> condition, Func<T, T> body, T init);

    public abstract T Cond<T>(Expr predicate, Func<T> then, Func<T> otherwise);

    private sealed class Plain : Control
    {
        public override T Fold<T>(Func<T, Expr, T> step, T init, Expr xs)
        {
            var state = init;
            for (var i = 0; i < xs.Shape[0]; i++)
            {
                state = step(state, xs[i]);
            }

            return state;
        }

        public override (T Final, Expr Outputs) Scan<T>(Func<T, Expr, (T, Expr)> step, T init, Expr xs, bool reverse = false)
        {
            var state = init;
            var outputs = new Expr[xs.Shape[0]];
            for (var taken = 0; taken < outputs.Length; taken++)
            {
                var i = reverse ? outputs.Length - 1 - taken : taken;
                (state, outputs[i]) = step(state, xs[i]);
            }

            return (state, Stack(outputs));
        }

        public override T Iterate<T>(int n, Func<T, T> step, T init)
        {
            var state = init;
            for (var i = 0; i < n; i++)
            {
                state = step(state);
            }

            return state;
        }

        public override T While<T>(Func<T, Expr> condition, Func<T, T> body, T init)
        {
            var state = init;
            while (condition(state))
            {
                state = body(state);
            }

            return state;
        }

        public override T Cond<T>(Expr predicate, Func<T> then, Func<T> otherwise) => predicate ? then() : otherwise();
    }

    private sealed class Functions(int checkpointEvery) : Control
    {
        public override T Fold<T>(Func<T, Expr, T> step, T init, Expr xs) => AD.Fold(step, init, xs, checkpointEvery);

        public override (T Final, Expr Outputs) Scan<T>(Func<T, Expr, (T, Expr)> step, T init, Expr xs, bool reverse = false) =>
            AD.Scan(step, init, xs, reverse, checkpointEvery);

        public override T Iterate<T>(int n, Func<T, T> step, T init) => AD.Iterate(n, step, init, checkpointEvery);

        public override T While<T>(Func<T, Expr> condition, Func<T, T> body, T init) => AD.While(condition, body, init, checkpointEvery: checkpointEvery);

        public override T Cond<T>(Expr predicate, Func<T> then, Func<T> otherwise) => AD.Cond(predicate, then, otherwise);
    }
}
