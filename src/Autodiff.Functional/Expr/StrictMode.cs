// Strict mode: the value of an expression that is being differentiated may not be read.

namespace Autodiff.Functional;

/// <summary>Whether values of expressions under differentiation may be read, in this thread and what it starts.</summary>
internal static class StrictMode
{
    private static readonly AsyncLocal<bool> s_isOn = new();

    // How many scopes are open in the process: while there is none, a read costs the check of this number.
    private static int s_scopes;

    /// <summary>Whether strict mode is on anywhere.</summary>
    public static bool MayBeOn => s_scopes != 0;

    /// <summary>Turns strict mode on until what is returned is disposed of.</summary>
    public static IDisposable Begin() => new Scope();

    /// <summary>Throws if strict mode is on here and a transform is differentiating a function whose argument the expression depends on.</summary>
    /// <param name="operation">What is read, for the error.</param>
    /// <param name="x">The expression.</param>
    /// <param name="isCondition">Whether the value chooses what is done: then it counts that a mask is made of the argument, though no derivative flows through masks.</param>
    public static void Check(string operation, Expr x, bool isCondition)
    {
        if (s_isOn.Value && TransformOf(x, isCondition) is { } transform)
        {
            throw new AutodiffException(
                $"{operation}: the expression depends on the argument of the function that {transform} is differentiating, and a number that is read from it is a constant for the derivative. " +
                "Compute with the expression itself, or read StopGradient(x) if a constant is meant; AD.Strict allows no other read.");
        }
    }

    private static string? TransformOf(Expr x, bool throughMasks)
    {
        var (visited, open) = (new HashSet<Expr>(ReferenceEqualityComparer.Instance), new Stack<Expr>([x]));
        while (open.TryPop(out var node))
        {
            if (node.NewestLeaf != 0 && node.RunningIn is { } transform)
            {
                return transform;
            }

            // The newest and the oldest leaf are known of every node; what is between them, and what a mask is made of, only the graph tells.
            var isBetween = node.NewestLeaf != 0 && node.OldestLeaf < node.NewestLeaf;
            var isMask = throughMasks && node.NewestLeaf == 0 && node.Op != Op.StopGradient;
            if ((isBetween || isMask) && visited.Add(node))
            {
                foreach (var operand in node.Operands)
                {
                    open.Push(operand);
                }
            }
        }

        return null;
    }

    private sealed class Scope : IDisposable
    {
        private readonly bool _before = s_isOn.Value;
        private int _isDisposed;

        public Scope()
        {
            Interlocked.Increment(ref s_scopes);
            s_isOn.Value = true;
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
            {
                s_isOn.Value = _before;
                Interlocked.Decrement(ref s_scopes);
            }
        }
    }
}
