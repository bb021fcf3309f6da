// Calls of everything public with values that no one means. The members are found by reflection; what reflection cannot reach is called by hand.

using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Errors;

/// <summary>Only errors of the library may come out of a call, within a time.</summary>
internal sealed class HostileCalls
{
    // A check computes all n³ third derivatives of n numbers in each of several ways, by tensors of n⁴ elements: for 24 numbers 2 GB one after another.
    private const long MostBytes = 1L << 30;
    private const long MostBytesOfCheck = 4L << 30;

    /// <summary>Calls that end only if the function they are given says so.</summary>
    private static readonly string[] s_leftOut = ["While"];

    /// <summary>Calls that reflection does not make.</summary>
    private static readonly (string Name, Func<HostileInput, object?> Make)[] s_byHand =
    [
        ("x[slices]", input => input.Node()[input.Many(() => (Slice)input.Of(typeof(Slice))!, 4)]),
        ("a tree that holds itself", input => AD.Grad((Ring ring) => ring.Value)(Ring.Closed(input.Node()))),
        ("a list with nulls", input => AD.Grad((List<Expr> list) => Sum(list[0]))([input.Node(), null!])),
        ("nested tuples", input => AD.Grad(((Expr, (Expr, Expr)) x) => Sum(x.Item1) * Sum(x.Item2.Item2))((input.Node(), (input.Node(), (Expr)input.Of(typeof(Expr))!)))),
        ("a dictionary with any keys", input => AD.Grad((Dictionary<string, Expr> map) => map.Values.Aggregate((Expr)0, (a, b) => a + Sum(b)))(
            new() { [input.Text()] = input.Node(), ["é"] = (Expr)input.Of(typeof(Expr))! })),
        ("a compiled function of other shapes", input => AD.Compile(x => Sin(x) * x)(input.Node()).ToString()),
        ("text", input => $"{Variable(input.Text()) * input.Node()}"),
    ];

    private readonly List<(string Name, Func<HostileInput, object?[]> Arguments, Func<object?[], object?> Call)> _calls = [];

    public HostileCalls()
    {
        foreach (var (name, make) in s_byHand)
        {
            _calls.Add((name, input => [input], arguments => make((HostileInput)arguments[0]!)));
        }

        foreach (var type in typeof(Expr).Assembly.GetExportedTypes().Where(type => !type.IsGenericTypeDefinition && !type.IsAssignableTo(typeof(Exception)) && !type.IsAssignableTo(typeof(Delegate))))
        {
            var flags = BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly | (type == typeof(Expr) || type == typeof(Shape) || type == typeof(Slice) || type == typeof(Axes) || type == typeof(DifferentialOperator) ? BindingFlags.Instance : 0);
            foreach (var method in type.GetMethods(flags))
            {
                Add(type, method);
            }
        }
    }

    public IReadOnlyList<string> Names => [.. _calls.Select(call => call.Name)];

    /// <summary>The members that take what no value is known of here.</summary>
    public List<string> LeftOut { get; } = [];

    /// <summary>Makes the call with a number; what it did wrong, or null.</summary>
    public string? Fault(int seed, int number, out string text)
    {
        var random = new Random(unchecked((seed * 1_000_003) + number));
        var input = new HostileInput(random);
        var (name, arguments, call) = _calls[random.Next(_calls.Count)];
        text = name;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var ofResult = 0L;
        try
        {
            // Arguments are made by the library too: a shape of negative lengths is an error at once.
            var values = arguments(input);
            text = $"{name}({string.Join(", ", values.Select(Shown))})";
            var result = call(values);
            ofResult = result is Expr tensor ? sizeof(double) * (long)tensor.Shape.Size : 0;
            Read(result);
        }
        catch (AutodiffException error) when (error.Message.Length > 0)
        {
        }
        catch (Exception error)
        {
            return $"{error.GetType().Name}: {error.Message}\n{error.StackTrace}";
        }

        return GC.GetAllocatedBytesForCurrentThread() - allocated is var bytes
            && bytes > ofResult + (name.StartsWith("Check.", StringComparison.Ordinal) ? MostBytesOfCheck : MostBytes)
            ? $"{bytes:N0} bytes were allocated"
            : null;
    }

    /// <summary>Results are printed, and functions that come back are called with what they want.</summary>
    private static void Read(object? result)
    {
        if (result is Expr node)
        {
            _ = node.ToString();
        }
        else if (result is Func<Expr, Expr> function)
        {
            Read(function(Ones(2)));
            Read(function(0.5));
        }
        else if (result is Func<Expr, Expr, Expr> binary)
        {
            Read(binary(Ones(2), Variable("x", new Shape(2))));
        }
        else if (result is ITuple tuple)
        {
            for (var i = 0; i < tuple.Length; i++)
            {
                Read(tuple[i]);
            }
        }
    }

    private static string Shown(object? value)
    {
        try
        {
            var text = value switch
            {
                null => "null",
                string chars => $"\"{chars}\"",
                HostileInput => "…",
                Array array => $"[{string.Join(", ", array.Cast<object?>().Take(6).Select(Shown))}{(array.Length > 6 ? ", …" : "")}]",
                _ => $"{value}",
            };
            return text.Length > 200 ? text[..200] + "…" : text;
        }
        catch (Exception error)
        {
            return error.GetType().Name;
        }
    }

    private void Add(Type type, MethodInfo method)
    {
        var name = $"{type.Name}.{method.Name}";
        if (s_leftOut.Contains(method.Name) || method.GetParameters().Length == 0 && method.IsStatic || method.Name == nameof(GetHashCode))
        {
            return;
        }

        try
        {
            var closed = method.IsGenericMethodDefinition ? method.MakeGenericMethod(Array.ConvertAll(method.GetGenericArguments(), _ => typeof(Expr[]))) : method;
            var parameters = closed.GetParameters();
            if (parameters.Any(parameter => parameter.ParameterType.IsByRef) || closed.ReturnType.IsByRefLike || !parameters.All(parameter => IsKnown(parameter.ParameterType)))
            {
                LeftOut.Add(name);
                return;
            }

            _calls.Add((name, input => [.. closed.IsStatic ? [] : new[] { Receiver(input, type) }, .. parameters.Select(parameter => Argument(input, parameter))], Compiled(closed)));
        }
        catch (ArgumentException)
        {
            // No array of expressions is what the type parameter stands for.
            LeftOut.Add(name);
        }
    }

    /// <summary>Whether a value of a type is known: one of several attempts gives one, or an error of the library.</summary>
    private static bool IsKnown(Type type)
    {
        var input = new HostileInput(new Random(3));
        try
        {
            return SpanElement(type) is { } element ? IsKnown(element) : Enumerable.Range(0, 3).Any(_ => input.Of(type) is not null);
        }
        catch (AutodiffException)
        {
            return true;
        }
    }

    private static object Receiver(HostileInput input, Type type)
    {
        while (true)
        {
            if (input.Of(type) is { } receiver)
            {
                return receiver;
            }
        }
    }

    private static object? Argument(HostileInput input, ParameterInfo parameter) =>
        SpanElement(parameter.ParameterType) is { } element ? input.Of(element.MakeArrayType()) : input.For(parameter);

    private static Type? SpanElement(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ReadOnlySpan<>) ? type.GetGenericArguments()[0] : null;

    /// <summary>The method as a function of an array of arguments; arrays become the spans that it takes.</summary>
    private static Func<object?[], object?> Compiled(MethodInfo method)
    {
        var given = Expression.Parameter(typeof(object?[]));
        var offset = method.IsStatic ? 0 : 1;
        Expression At(int i, Type type) => SpanElement(type) is { } element
            ? Expression.Convert(Expression.Convert(Expression.ArrayIndex(given, Expression.Constant(i)), element.MakeArrayType()), type)
            : Expression.Convert(Expression.ArrayIndex(given, Expression.Constant(i)), type);
        var call = Expression.Call(
            method.IsStatic ? null : At(0, method.DeclaringType!), method, method.GetParameters().Select((parameter, i) => At(i + offset, parameter.ParameterType)));
        var body = method.ReturnType == typeof(void) ? (Expression)Expression.Block(call, Expression.Constant(null)) : Expression.Convert(call, typeof(object));
        return Expression.Lambda<Func<object?[], object?>>(body, given).Compile();
    }

    private sealed record Ring(Expr Value)
    {
        public Ring? Next { get; private set; }

        public static Ring Closed(Expr value)
        {
            var ring = new Ring(value);
            ring.Next = ring;
            return ring;
        }
    }
}
