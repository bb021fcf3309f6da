// The law that the derivatives of a function are right: what Check.Gradients tries at the points of a domain.

using LanguageExt;
using static LanguageExt.Prelude;

namespace Autodiff.Functional.Verification;

/// <summary>The derivatives of a function, by every mode, nesting and engine, agree with its values and with each other.</summary>
internal sealed class DerivativeLaw<T>
{
    // Distances next to a point of a domain are relative to the size of each element, so that they do not leave the domain.
    private const double Scale = 1e-300;

    private readonly string _operation;
    private readonly Func<T, Expr> _f;
    private readonly int _order;
    private readonly string _text;
    private readonly string _domainText;

    // The checks by the structure of the argument: for each the expressions and compiled functions are made once.
    private readonly Dictionary<string, (DerivativeCheck Check, Func<Expr, Expr> Function)> _checks = [];

    public DerivativeLaw(string operation, Func<T, Expr> f, int order, string? text, string? domainText)
    {
        (_operation, _f, _order) = (operation, f, order);
        _text = string.IsNullOrEmpty(text) ? "f" : text;
        _domainText = string.IsNullOrEmpty(domainText) ? "domain" : domainText;
    }

    /// <summary>The law on a domain.</summary>
    public static Law<T> On(string operation, Func<T, Expr> f, Domain<T> domain, int order, string? text, string? domainText)
    {
        if (f is null)
        {
            throw AutodiffException.Null(operation, "the function");
        }

        if (domain is null)
        {
            throw AutodiffException.Null(operation, "the domain");
        }

        if (order < 1)
        {
            throw new AutodiffException($"{operation}: the order is {order}; derivatives to check have orders 1, 2, ….");
        }

        var law = new DerivativeLaw<T>(operation, f, order, text, domainText);
        return new(order == 1 ? $"Correctness of the gradient of {law._text}" : $"Correctness of the derivatives up to order {order} of {law._text}", domain, law.At, law.Explain);
    }

    private Fin<Unit> At(DomainPoint<T> point)
    {
        if (PointOf(point) is not var (x, check, function))
        {
            return new NoDerivative("there is no expression in the point");
        }

        try
        {
            var (verdict, error) = check.At(x, Neighbourhood.Of(point), Scale, new Random(x.ToArray().Aggregate(17, (hash, element) => (hash * 31) + element.GetHashCode())));
            return verdict == Verdict.Holds ? unit
                : error is DerivativeMismatch { Found: var found } mismatch && !double.IsFinite(found) && Singular(function, x, mismatch.Order) is { } reason ? reason
                : error!;
        }
        catch (NullResultException error)
        {
            throw new AutodiffException(error.Message);
        }
        catch (Exception error) when (error is not (OutOfMemoryException or NotConcreteException))
        {
            return new NoDerivative($"{_text} throws there: {error.Message}");
        }
    }

    /// <summary>
    /// Why the chain rule has no number at a point, though f may have a derivative there: a value on the way is infinite, or one of the operations has
    /// no derivative at the values that it had, such as single singular values where two are equal. Null if neither is so.
    /// </summary>
    private NoDerivative? Singular(Func<Expr, Expr> f, Expr x, int order)
    {
        if (Intermediates.Infinite(f, x) is { } infinite)
        {
            return new($"a value of {Blame.NameOf(infinite)} on the way to {_text} is infinite");
        }

        var derivative = DerivativeCheck.Nestings(order)[0].Derivative;
        var suspect = Blame.Find(f, x, (operation, at) => Alone(operation, at)
            ?? (derivative(operation)(at).ToArray().All(double.IsFinite) ? null : new NoDerivative($"its derivative of order {order} is not finite")));
        return suspect?.Error is NoDerivative error ? new($"{suspect.Name} on the way to {_text} at the values that it has: {error.Reason}") : null;
    }

    private (Expr X, DerivativeCheck Check, Func<Expr, Expr> Function)? PointOf(DomainPoint<T> point)
    {
        var leaves = Tree.Flatten(point.Value);
        if (leaves.Count == 0)
        {
            return null;
        }

        // A bare expression stays as it is; a tree becomes one vector.
        var isBare = point.Value is Expr;
        var (vector, unravel) = isBare ? ((Expr)(object)point.Value!, null!) : Tree.Ravel(point.Value);
        var key = string.Join("; ", leaves.Select(leaf => $"{leaf.Path} {leaf.Leaf.Shape}").Concat(Tree.Rest(point.Value).Select(data => $"{data}")));
        if (!_checks.TryGetValue(key, out var made))
        {
            Func<Expr, Expr> f = isBare ? v => Result(_f((T)(object)v)) : v => Result(_f(unravel(v)));
            IRival[] rivals = [new SeriesRival(f), new CompiledRival(f, interpret: false), new CompiledRival(f, interpret: true)];
            made = _checks[key] = (new DerivativeCheck(_operation, f, ArgumentNames.Of(point.Value), _order, Check.DefaultTolerance, rivals), f);
        }

        return (vector.Detached(), made.Check, made.Function);
    }

    private Expr Result(Expr result) => result ?? throw new NullResultException(AutodiffException.Null(_operation, "the function's result").Message);

    private Explanation Explain(DomainPoint<T> point, CheckError cause)
    {
        if (PointOf(point) is not var (x, _, f))
        {
            return Explanation.None;
        }

        var blame = Blame.Find(f, x, Alone) is { } suspect ? Describe(suspect) : null;
        return new(blame, Methods.Of(_operation, f, x, cause), (seed, number) => Snippet(point.Value, seed, number));
    }

    /// <summary>The first fault of one operation by itself, along lines; or along curves, as the values of its operands move in a larger function.</summary>
    private CheckError? Alone(Func<Expr, Expr> operation, Expr at)
    {
        var size = Expr.Max(Expr.Abs(at), 1);
        return FaultOf(operation, at) ?? FaultOf(v => operation(v + ((v - at) * ((v - at) / (2 * size)))), at);
    }

    private CheckError? FaultOf(Func<Expr, Expr> operation, Expr at)
    {
        IRival[] rivals = [new SeriesRival(operation), new CompiledRival(operation, interpret: false), new CompiledRival(operation, interpret: true)];
        var check = new DerivativeCheck(_operation, operation, ArgumentNames.Of(at), _order, Check.DefaultTolerance, rivals);
        var (verdict, error) = check.At(at, Neighbourhood.Free(at.ToArray()), Scale, new Random(1));
        return verdict == Verdict.Fails ? error : null;
    }

    /// <summary>Which of the two rules of an operation is wrong, and by how much.</summary>
    private string Describe(Suspect suspect)
    {
        var (name, operation, at, error) = suspect;
        var (forward, reverse) = (AD.JacobianForward(operation)(at).ToArray(), AD.JacobianReverse(operation)(at).ToArray());
        var expected = new FiniteDifferences(_operation, v => operation(v[0]), at).Jacobian();
        var (wrongForward, wrongReverse) = (FirstWrong(forward, expected), FirstWrong(reverse, expected));
        var size = Math.Max(1, at.Shape.Size);
        string At(int place) => at.Shape.Size == 1 ? "" : $" at element {ArgumentNames.Brackets([place % size])}";
        string By(double[] found, int place)
        {
            var (value, right) = (found[place], expected[place].Value);
            var factor = value / right;
            return Transposed(found, expected, size) ? "its Jacobian is transposed"
                : double.IsFinite(factor) && Math.Abs(right) > 100 * expected[place].Error && factor != 0 ? FormattableString.Invariant($"factor {Math.Round(factor, 6)}{At(place)}")
                : FormattableString.Invariant($"{value:G6} instead of {Math.Round(right, 9) + 0.0:G6}{At(place)}");
        }

        return (wrongForward, wrongReverse) switch
        {
            ( < 0, >= 0) => $"the pullback of {name} is not the adjoint of its tangent: {By(reverse, wrongReverse)}",
            ( >= 0, < 0) => $"the tangent of {name} is not the adjoint of its pullback: {By(forward, wrongForward)}",
            ( >= 0, >= 0) => $"the derivative of {name}: {By(reverse, wrongReverse)}",
            _ => $"{name}: {error.Message}",
        };
    }

    private static int FirstWrong(double[] found, Estimate[] expected)
    {
        for (var i = 0; i < found.Length; i++)
        {
            if (!(Math.Abs(found[i] - expected[i].Value) <= (1e-7 * Math.Abs(expected[i].Value)) + expected[i].Excused))
            {
                return i;
            }
        }

        return -1;
    }

    private static bool Transposed(double[] found, Estimate[] expected, int size) =>
        size > 1 && found.Length == size * size
        && Enumerable.Range(0, found.Length).All(k => Math.Abs(found[k] - expected[((k % size) * size) + (k / size)].Value) <= 1e-6 * (1 + Math.Abs(found[k])));

    private string Snippet(T point, int? seed, int number) => Domains.PointText.IsCode(point) && point is Expr
        ? $"using Autodiff.Functional;\nusing static Autodiff.Functional.Expr;\n\nvar outcome = Check.Gradients({_text}, {Domains.PointText.Of(point)}, order: {_order});"
        : $"using Autodiff.Functional;\nusing static Autodiff.Functional.Expr;\n\nvar outcome = Check.Gradients({_text}, within: {(Domains.PointText.IsCode(point) ? $"Domain.OneOf([{Domains.PointText.Of(point)}])" : _domainText)}, order: {_order}{(seed is null || Domains.PointText.IsCode(point) ? "" : $", cases: {number}, seed: {seed}")});";

    /// <summary>The user's function returned null: an error of the program, whatever the point, and not a point where the function is not defined.</summary>
    private sealed class NullResultException(string message) : Exception(message);
}
