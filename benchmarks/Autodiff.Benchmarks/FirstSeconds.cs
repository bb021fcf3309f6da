// How fast a process is in its first seconds, while the runtime has not yet compiled to its best code what it meets for the first time:
//   dotnet run -c Release --project benchmarks/Autodiff.Benchmarks -- --first-seconds
// prints a table. Each row runs in processes of its own, which do nothing else.

using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using static Autodiff.Functional.Expr;

namespace Autodiff.Benchmarks;

/// <summary>The first call, the calls of the first moments and the calls of a process that has run for seconds, as Markdown.</summary>
internal static class FirstSeconds
{
    private const int Processes = 2;
    private const double LaterSeconds = 0.3;

    private static readonly Kind s_kernel = new(EarlySeconds: 0.2, WarmUpSeconds: 1.2);
    private static readonly Kind s_transform = new(EarlySeconds: 1, WarmUpSeconds: 3.5);

    private static readonly int[] s_sizes = [168, 4_096];

    /// <summary>Prints the rows whose name holds a text.</summary>
    public static void Print(string filter)
    {
        Console.WriteLine("| what | first call | early calls | later calls | early / later |");
        Console.WriteLine("|---|---:|---:|---:|---:|");
        foreach (var (name, _, _) in Rows.Where(row => row.Name.Contains(filter, StringComparison.OrdinalIgnoreCase)))
        {
            var found = Enumerable.Range(0, Processes).Select(_ => MeasureApart(name)).ToArray();
            var (first, early, later) = (found.Min(times => times[0]), found.Min(times => times[1]), found.Min(times => times[2]));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {first / 1e6:0.00} ms | {early / 1e3:0.00} µs | {later / 1e3:0.00} µs | {early / later:0.0} |"));
        }
    }

    /// <summary>Measures one row in this process and prints its times in nanoseconds.</summary>
    public static void MeasureHere(string name)
    {
        var (_, kind, prepare) = Rows.First(row => row.Name == name);
        var action = prepare();
        var start = Stopwatch.GetTimestamp();
        var first = Time(action);
        var early = MeanUntil(kind.EarlySeconds, action, start);
        _ = MeanUntil(kind.WarmUpSeconds, action, start);
        var later = MeanUntil(kind.WarmUpSeconds + LaterSeconds, action, start);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{first} {early} {later}"));
    }

    private static double[] MeasureApart(string name)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(Assembly.GetExecutingAssembly().Location);
        }

        start.ArgumentList.Add("--first-seconds-of");
        start.ArgumentList.Add(name);
        using var process = Process.Start(start)!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return Array.ConvertAll(text.Split(' '), number => double.Parse(number, CultureInfo.InvariantCulture));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Time(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        action();
        return Stopwatch.GetElapsedTime(start).TotalNanoseconds;
    }

    /// <summary>The mean time of the calls until some seconds after the start, in nanoseconds. A mean, since most of many calls are the fast ones at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double MeanUntil(double seconds, Action action, long start)
    {
        var begin = Stopwatch.GetTimestamp();
        var end = start + (long)(seconds * Stopwatch.Frequency);
        var (now, count) = (begin, 0L);
        do
        {
            action();
            count++;
            now = Stopwatch.GetTimestamp();
        }
        while (now < end);
        return (now - begin) * (1e9 / Stopwatch.Frequency) / count;
    }

    private static IEnumerable<Row> Rows => [.. s_sizes.SelectMany(Elementwise), .. s_sizes.SelectMany(Tensors), .. Transforms];

    private static IEnumerable<Row> Elementwise(int n)
    {
        // Every public function of tensors that is an elementwise primitive, whatever is added to them.
        foreach (var op in Enum.GetValues<Op>().Where(op => op.IsElementwise()))
        {
            var arity = op.IsUnary() ? 1 : op.IsBinary() ? 2 : 3;
            if (typeof(Expr).GetMethod(PublicName(op), [.. Enumerable.Repeat(typeof(Expr), arity)]) is { } method)
            {
                yield return new(Text($"{op}, {n:N0}"), s_kernel, () =>
                {
                    var (a, b, c) = (Numbers(op, 0, n), Numbers(op, 1, n), Numbers(op, 2, n));
                    switch (arity)
                    {
                        case 1:
                            var unary = method.CreateDelegate<Func<Expr, Expr>>();
                            return () => unary(a);
                        case 2:
                            var binary = method.CreateDelegate<Func<Expr, Expr, Expr>>();
                            return () => binary(a, b);
                        default:
                            var ternary = method.CreateDelegate<Func<Expr, Expr, Expr, Expr>>();
                            return () => ternary(a, b, c);
                    }
                });
            }
        }

        yield return Of("a + 1", (a, _) => a + 1);
        yield return Of("2·a", (a, _) => 2 * a);
        yield return Of("1 / a", (a, _) => 1 / a);
        yield return Of("a²", (a, _) => Pow(a, 2));
        yield return Of("a³", (a, _) => Pow(a, 3));
        yield return Of("Polygamma", (a, _) => Polygamma(2, a));
        yield return Of("BesselJ0", (a, _) => BesselJ0(a));
        yield return Of("BesselI1", (a, _) => BesselI1(a));

        Row Of(string name, Func<Expr, Expr, Expr> f) => new(Text($"{name}, {n:N0}"), s_kernel, () =>
        {
            var (a, b) = (Numbers(Op.Add, 0, n), Numbers(Op.Add, 1, n));
            return () => f(a, b);
        });
    }

    private static string PublicName(Op op) => op switch
    {
        Op.Negate => "op_UnaryNegation",
        Op.Add => "op_Addition",
        Op.Subtract => "op_Subtraction",
        Op.Multiply => "op_Multiply",
        Op.Divide => "op_Division",
        Op.Less => "op_LessThan",
        Op.LessOrEqual => "op_LessThanOrEqual",
        Op.Greater => "op_GreaterThan",
        Op.GreaterOrEqual => "op_GreaterThanOrEqual",
        Op.Equal => nameof(Eq),
        _ => op.ToString(),
    };

    private static IEnumerable<Row> Tensors(int n)
    {
        var rows = n == 168 ? 12 : 64;
        yield return Of("Sum", x => Sum(x));
        yield return Of("Sum of columns", x => Sum(x, 0));
        yield return Of("Sum of rows", x => Sum(x, 1));
        yield return Of("Mean", x => Mean(x));
        yield return Of("Prod", x => Prod(x));
        yield return Of("MaxOf", x => MaxOf(x));
        yield return Of("MaxOf rows", x => MaxOf(x, 1));
        yield return Of("MinOf", x => MinOf(x));
        yield return Of("LogSumExp", x => LogSumExp(x));
        yield return Of("LogSumExp of rows", x => LogSumExp(x, 1));
        yield return Of("Norm", x => Norm(x));
        yield return Of("CumSum", x => CumSum(x, 1));
        yield return Of("CumSum of columns", x => CumSum(x, 0));
        yield return Of("Transpose", Transpose);
        yield return Of("Flip", x => Flip(x));
        yield return Of("Concat", x => Concat([x, x]));
        yield return Of("Stack", x => Stack([x, x], 1));
        yield return Of("slice of columns", x => x[.., 1..3]);
        yield return Of("Take", x => Take(x, [1, 0, 1]));
        yield return Of("BroadcastTo", x => BroadcastTo(x, new(2, x.Shape[0], x.Shape[1])));
        yield return Of("matrix + row", x => x + x[0]);
        yield return Of("matrix · column", x => x * x[.., ..1]);
        yield return Of("Dot", x => Dot(Reshape(x, x.Shape.Size), Reshape(x, x.Shape.Size)));
        yield return Of("MatMul", x => MatMul(x, Transpose(x)));
        yield return Of("matrix times vector", x => MatMul(x, x[0]));
        yield return Of("Outer", x => Outer(x[0], x[1]));
        yield return Of("Einsum", x => Einsum("ij,ij->i", x, x));

        Row Of(string name, Func<Expr, Expr> f) => new(Text($"{name}, {n:N0}"), s_kernel, () =>
        {
            var x = Reshape(Numbers(Op.Add, 0, n), rows, n / rows);
            return () => f(x);
        });
    }

    private static IEnumerable<Row> Transforms
    {
        get
        {
            yield return Of("Grad(f) of 20 operations on one sample", () =>
            {
                var (f, x) = (AD.Grad(TwentyOperations), (Expr)0.3);
                return () => f(x);
            });
            yield return Of("Grad of 6 operations on a vector of 168", () =>
            {
                var (f, x) = (AD.Grad(x => Sum(Sin(x) * Exp(-0.5 * (x * x)) + Sqrt(x))), Numbers(Op.Add, 0, 168));
                return () => f(x);
            });
            yield return Of("Grad of a regression, 168 samples of 12 features", () =>
            {
                var (features, targets, weights) = (Sin(Reshape(Arange(168 * 12), 168, 12)), Cos(Arange(168)), Numbers(Op.Add, 0, 12));
                var f = AD.Grad(w => Mean(Pow(Tanh(MatMul(features, w)) - targets, 2)) + (0.1 * Dot(w, w)));
                return () => f(weights);
            });
            yield return Of("Vmap(f) of 20 operations on 1,000 samples", () =>
            {
                var (f, x) = (AD.Vmap(TwentyOperations), Numbers(Op.Add, 0, 1_000));
                return () => f(x);
            });
            yield return Of("Vmap(Grad(f)) of 20 operations on 1,000 samples", () =>
            {
                var (f, x) = (AD.Vmap(AD.Grad(TwentyOperations)), Numbers(Op.Add, 0, 1_000));
                return () => f(x);
            });
            yield return Of("Jacobian of two layers, 20 to 20", () =>
            {
                var (weights, x) = (Reshape(Sin(Arange(400)), 20, 20), Numbers(Op.Add, 0, 20));
                var f = AD.Jacobian(x => Tanh(MatMul(weights, Sin(MatMul(weights, x)))));
                return () => f(x);
            });
            yield return Of("Hessian of 10 variables", () =>
            {
                var (f, x) = (AD.Hessian(x => Sum(Sin(x) * Exp(-(x * x))) + Prod(x)), Numbers(Op.Add, 0, 10));
                return () => f(x);
            });
            yield return Of("Scan of 100 steps", () =>
            {
                var items = Numbers(Op.Add, 0, 100);
                return () => AD.Fold(Oscillator, 0.5, items);
            });
            yield return Of("Grad of a Scan of 100 steps", () =>
            {
                var (items, point) = (Numbers(Op.Add, 0, 100), (Expr)0.5);
                var f = AD.Grad(start => AD.Fold(Oscillator, start, items));
                return () => f(point);
            });
            yield return Of("Compile(Grad(f)) of 20 operations on one sample", () =>
            {
                var (f, x) = (AD.Compile(AD.Grad(TwentyOperations)), (Expr)0.3);
                return () => f(x);
            });
            yield return Of("Compile(Vmap(Grad(f))) of 20 operations on 1,000 samples", () =>
            {
                var (f, x) = (AD.Compile(AD.Vmap(AD.Grad(TwentyOperations))), Numbers(Op.Add, 0, 1_000));
                return () => f(x);
            });

            static Row Of(string name, Func<Func<Expr>> prepare) => new(name, s_transform, () =>
            {
                var f = prepare();
                return () => f();
            });
        }
    }

    private static Expr TwentyOperations(Expr x)
    {
        var y = x;
        for (var i = 0; i < 5; i++)
        {
            y = (Sin(y) * x) + (0.5 * y);
        }

        return y;
    }

    private static Expr Oscillator(Expr state, Expr force) => (Sin(state) * 0.5) + (force * state) - (state * state * 0.1);

    /// <summary>Numbers that are no special case to a function.</summary>
    private static Expr Numbers(Op op, int operand, int n)
    {
        var lowest = op == Op.Acosh ? 1.1 : 0.1 + (0.2 * operand);
        var numbers = new double[n];
        for (var i = 0; i < n; i++)
        {
            numbers[i] = lowest + (0.7 * i / n);
        }

        return numbers;
    }

    private static string Text(DefaultInterpolatedStringHandler text) => string.Create(CultureInfo.InvariantCulture, ref text);

    /// <summary>How long calls are early, and when they have their last speed.</summary>
    private sealed record Kind(double EarlySeconds, double WarmUpSeconds);

    private sealed record Row(string Name, Kind Kind, Func<Action> Prepare);
}
