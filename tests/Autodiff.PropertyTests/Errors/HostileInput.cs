// Values that no one means: for each type of argument, what a caller may pass by mistake or malice.

using System.Linq.Expressions;
using System.Numerics.Tensors;
using System.Reflection;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Errors;

/// <summary>Random arguments for calls. Most are harmless, so that the others meet code behind the first check.</summary>
internal sealed class HostileInput(Random random)
{
    /// <summary>The parameters of these names say how much work is done; a large number is then no mistake but long.</summary>
    private static readonly string[] s_amounts = ["order", "steps", "maxSteps", "count", "length", "dimensions", "n", "k", "iterations", "degree", "workers", "rank", "power", "exponent", "digits", "directions", "samples"];

    private static readonly int[] s_small = [0, 1, 2, 3, 0, 1, 2, -1];
    private static readonly int[] s_wrong = [-2, -3, 4, 5, 7, 100, int.MinValue, int.MinValue + 1, int.MaxValue, int.MaxValue - 1, 1 << 30, -(1 << 30)];
    private static readonly int[] s_lengths = [0, 1, 2, 3, 2, 3, 1, 5, -1, -2, int.MinValue, int.MaxValue, 100_000];
    private static readonly double[] s_numbers =
        [0, 1, -1, 0.5, 2, 3, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon, double.MaxValue, -double.MaxValue, 1e-300, 1e10, int.MaxValue, -2.5];
    private static readonly string[] s_texts =
        ["", " ", "x", "ij,jk->ik", "i,i->", "ii->i", "...i->...", "->", ",", ",,->,,", "i->ij", "ij->ijj", "é,é->é", "\0", "𝒙𝒚->𝒚", "x\n", "-", ">", "a->b->c", "(((((", "%s{0}", "\ud800"];

    private readonly Lock _lock = new();

    public Random Random => random;

    /// <summary>A value for a parameter; false if no value of the type is known here.</summary>
    public object? For(ParameterInfo parameter) =>
        parameter is { Name: "start" or "stop", ParameterType: var type } && type == typeof(double) ? (random.NextDouble() * 4) - 2
        : parameter.ParameterType == typeof(int) && s_amounts.Contains(parameter.Name) ? Pick([0, 1, 1, 2, 2, 3, -1, -2, int.MinValue])
        : parameter.HasDefaultValue && random.Next(3) == 0 && (parameter.DefaultValue is not null || !parameter.ParameterType.IsValueType) ? parameter.DefaultValue
        : Of(parameter.ParameterType);

    public object? Of(Type type)
    {
        if (!type.IsValueType && random.Next(40) == 0)
        {
            return null;
        }

        return type switch
        {
            _ when type == typeof(Expr) => Node(),
            _ when type == typeof(int) || type == typeof(long) => Convert.ChangeType(Whole(), type, null),
            _ when type == typeof(double) => Number(),
            _ when type == typeof(float) => (float)Number(),
            _ when type == typeof(bool) => random.Next(2) == 0,
            _ when type == typeof(string) => Text(),
            _ when type == typeof(char) => Pick("x,->\0é".ToCharArray()),
            _ when type == typeof(object) => Pick<object?>([null, "x", 1, Ones(2)]),
            _ when type == typeof(Shape) => new Shape(Many(() => Pick(random.Next(4) == 0 ? s_lengths : s_small[..4]), 4)),
            _ when type == typeof(Slice) => SliceOf(),
            _ when type == typeof(Index) => Place(),
            _ when type == typeof(Range) => new Range(Place(), Place()),
            _ when type == typeof(Axes) => random.Next(3) == 0 ? default : (Axes)Many(Whole, 3),
            _ when type == typeof(PerAxis) => random.Next(3) == 0 ? default : (PerAxis)Many(Whole, 3),
            _ when type == typeof(Type) => typeof(Expr),
            _ when type == typeof(Tensor<double>) => Tensor.Create(Many(Number, 4)),
            _ when type == typeof(DifferentialOperator) => Operator(),
            _ when type.IsEnum => Enum.ToObject(type, Pick([0, 1, 2, 3, 50, -1, 1000])),
            _ when type.IsArray && type.GetArrayRank() == 1 => ArrayOf(type.GetElementType()!),
            _ when type == typeof(double[,]) => new double[Pick([0, 1, 2, 3]), Pick([0, 1, 2, 3])],
            _ when Nullable.GetUnderlyingType(type) is { } inner => random.Next(3) == 0 ? null : Of(inner),
            _ when type.IsGenericType && type.GetGenericTypeDefinition() is { } open && (open == typeof(IEnumerable<>) || open == typeof(IReadOnlyList<>) || open == typeof(IReadOnlyCollection<>)) =>
                ArrayOf(type.GetGenericArguments()[0]),
            _ when type.IsAssignableTo(typeof(Delegate)) && type.GetMethod("Invoke") is { } invoke => Function(type, invoke),
            _ when type.FullName!.StartsWith("System.ValueTuple`", StringComparison.Ordinal) => Activator.CreateInstance(type, Array.ConvertAll(type.GetGenericArguments(), Of)),
            _ when type == typeof(CompileOptions) => new CompileOptions(),
            _ when type == typeof(IProgress<IterationProgress>) => new Progress<IterationProgress>(),
            _ when type == typeof(CancellationToken) => default(CancellationToken),
            _ when type.IsValueType && type.Assembly == typeof(Expr).Assembly => Activator.CreateInstance(type),
            _ => null,
        };
    }

    public T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];

    public int Whole() => random.Next(4) == 0 ? Pick(s_wrong) : Pick(s_small);

    public double Number() => random.Next(3) == 0 ? Pick(s_numbers) : (random.NextDouble() * 4) - 2;

    public string Text() => random.Next(6) switch
    {
        0 => new string(Pick("ix(,".ToCharArray()), Pick([1, 100, 5000])),
        < 3 => new string(Many(() => Pick("ijk,->.. x".ToCharArray()), 12)),
        _ => Pick(s_texts),
    };

    public Expr Node()
    {
        var x = random.Next(8) switch
        {
            0 => Variable("x"),
            1 => Variable("v", Pick<Shape>([new(2), new(2, 2), new(3), new(0), new(2, 3)])),
            2 => (Expr)Number(),
            3 => Variable("z", Numbers(2)),
            4 => Ones(Pick<Shape>([new(), new(2), new(2, 2), new(0), new(1, 3), new(3, 2, 2)])),
            _ => Numbers(Pick([0, 1, 2, 2, 3])),
        };
        return random.Next(4) == 0 ? Sin(x) + x : x;
    }

    public T[] Many<T>(Func<T> make, int most) => [.. Enumerable.Range(0, random.Next(most + 1)).Select(_ => make())];

    private Expr Numbers(int rank)
    {
        var shape = new Shape([.. Enumerable.Range(0, rank).Select(_ => Pick([2, 2, 2, 3, 1, 0]))]);
        return Constant((double[])[.. Enumerable.Range(0, shape.Size).Select(_ => Number())], shape);
    }

    private DifferentialOperator Operator() => random.Next(3) switch
    {
        0 => AD.Partial(random.Next(3)),
        1 => AD.Partial(0) * AD.Partial(1),
        _ => Number() * AD.Partial(0),
    };

    private Index Place() => new(Math.Abs(Math.Max(Whole(), -int.MaxValue)), random.Next(2) == 0);

    private Slice SliceOf() => random.Next(3) switch
    {
        0 => Place(),
        1 => new Range(Place(), Place()),
        _ => Math.Abs(Pick(s_small)),
    };

    private Array ArrayOf(Type element)
    {
        var array = Array.CreateInstance(element, random.Next(12) == 0 ? 200 : random.Next(4));
        for (var i = 0; i < array.Length; i++)
        {
            array.SetValue(Of(element), i);
        }

        return array;
    }

    /// <summary>A function of the given type that makes what it returns of what it is given.</summary>
    private Delegate Function(Type type, MethodInfo invoke)
    {
        var parameters = Array.ConvertAll(invoke.GetParameters(), parameter => Expression.Parameter(parameter.ParameterType, parameter.Name));
        var kind = random.Next(10);
        Func<object?[], object?> result = given => Result(invoke.ReturnType, given, kind);
        Expression body = Expression.Invoke(Expression.Constant(result), Expression.NewArrayInit(typeof(object), parameters.Select(parameter => Expression.Convert(parameter, typeof(object)))));
        return Expression.Lambda(type, invoke.ReturnType == typeof(void) ? body : Expression.Convert(body, invoke.ReturnType), parameters).Compile(preferInterpretation: true);
    }

    private object? Result(Type type, object?[] given, int kind)
    {
        // Compiled code may call from several threads.
        lock (_lock)
        {
            var nodes = given.SelectMany(Nodes).ToList();
            if (type == typeof(Expr))
            {
                return nodes.Count == 0 ? Node() : kind switch
                {
                    0 => null,
                    1 => Ones(2),
                    2 => Reshape(nodes[0], -1),
                    3 => Stack([nodes[0], nodes[0]]),
                    < 6 => Sum(nodes.Aggregate((a, b) => Sum(a) * Sum(b))),
                    < 8 => nodes[0],
                    _ => Sin(nodes[0]) * nodes[^1],
                };
            }

            return type == typeof(bool) ? nodes.Count > 5
                : type == typeof(void) ? null
                : type.IsArray && type.GetElementType() == typeof(Expr) ? nodes.ToArray()
                : type.FullName!.StartsWith("System.ValueTuple`", StringComparison.Ordinal) ? Activator.CreateInstance(type, Array.ConvertAll(type.GetGenericArguments(), part => Result(part, given, kind)))
                : Of(type);
        }
    }

    private static IEnumerable<Expr> Nodes(object? value) => value switch
    {
        Expr node => [node],
        IEnumerable<Expr> many => many.Where(node => node is not null),
        System.Runtime.CompilerServices.ITuple tuple => Enumerable.Range(0, tuple.Length).SelectMany(i => Nodes(tuple[i])),
        _ => [],
    };
}
