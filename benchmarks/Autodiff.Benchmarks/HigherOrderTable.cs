// Derivatives of high order in one process, each in turns with what it is compared to:
//   dotnet run -c Release --project benchmarks/Autodiff.Benchmarks -- --higher-orders
// prints the tables of docs/performance.md.

using System.Globalization;
using static Autodiff.Benchmarks.Timing;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.Benchmarks;

/// <summary>The lower quartile of many times, and ratios of them, as Markdown.</summary>
internal static class HigherOrderTable
{
    private static readonly int[] s_orders = [8, 16, 32];

    private static readonly Dictionary<string, Func<Expr, Expr>> s_functions = new()
    {
        ["sin(eˣ)"] = x => Sin(Exp(x)),
        ["tanh x"] = Tanh,
        ["log Γ(1 + x²)"] = x => LogGamma(1 + (x * x)),
        ["a loop of 20 sines"] = x => Iterate(20, s => Sin(s) * x, x),
        ["a root of equations"] = x => Root(y => (y * y * y) + y - x, 1),
    };

    /// <summary>Prints the tables.</summary>
    public static void Print()
    {
        Console.WriteLine("| 8th derivative against the first | first | eighth | eighth / first |");
        Console.WriteLine("|---|---:|---:|---:|");
        foreach (var (name, f) in s_functions)
        {
            var (first, eighth) = (Diff(f), Diff(f, 8));
            PrintPair($"{name}, not compiled", () => first(0.3), () => eighth(0.3));
            PrintPair($"{name}, compiled", Invoked(first, Shape.Scalar), Invoked(eighth, Shape.Scalar));
        }

        Console.WriteLine();
        Console.WriteLine("| Derivatives(f, n) | n = 8 | n = 16 | n = 32 | grows as n to the power |");
        Console.WriteLine("|---|---:|---:|---:|---:|");
        foreach (var (name, f) in s_functions)
        {
            PrintGrowth($"{name}, not compiled", Array.ConvertAll(s_orders, order => (Action)(() => Derivatives(f, order)(0.3))));
            PrintGrowth($"{name}, compiled", Array.ConvertAll(s_orders, order => Invoked(x => Stack([.. Derivatives(f, order)(x)]), Shape.Scalar)));
        }

        Console.WriteLine();
        Console.WriteLine("| compilation | time |");
        Console.WriteLine("|---|---:|");
        foreach (var (name, f) in s_functions)
        {
            Console.WriteLine($"| Derivatives(f, 30) of {name} | {Text(Quartiles(() => CompileFor(x => Stack([.. Derivatives(f, 30)(x)]), Shape.Scalar))[0])} |");
        }

        Console.WriteLine();
        Console.WriteLine("| operator, compiled, of a network of tanh on a batch | reference | directly | directly / reference |");
        Console.WriteLine("|---|---:|---:|---:|");
        var (network, batch) = (Network(50, 128), new Shape(256, 50));
        var collapsed = Invoked(Vmap(Laplacian(network)), batch);
        PrintPair("Laplacian, d = 50: trace of the Hessian", Invoked(Vmap(x => Trace(Hessian(network)(x))), batch), collapsed);
        PrintPair("Laplacian, d = 50: a series along each direction", Invoked(Vmap(x => 2 * Sum(Vmap(v => TaylorAlong(network, 2)(x, v)[2])(Eye(50)))), batch), collapsed);
        (network, batch) = (Network(5, 64), new Shape(64, 5));
        var biharmonic = Invoked(Vmap(Apply(Operators.Biharmonic(5), network)), batch);
        PrintPair("∇⁴, d = 5: traces of Hessians nested", Invoked(Vmap(x => Trace(Hessian(y => Trace(Hessian(network)(y)))(x))), batch), biharmonic);
        PrintPair("∇⁴, d = 5: Laplacians nested", Invoked(Vmap(Laplacian(Laplacian(network))), batch), biharmonic);

        Console.WriteLine();
        Console.WriteLine("| Hessian of 100 variables, compiled | gradient | Hessian | Hessian / gradient |");
        Console.WriteLine("|---|---:|---:|---:|");
        foreach (var (name, f) in OfHundred())
        {
            PrintPair(name, Invoked(Grad(f), new Shape(100)), Invoked(Hessian(f), new Shape(100)));
        }
    }

    private static IEnumerable<(string Name, Func<Expr, Expr> F)> OfHundred()
    {
        var random = new Random(1);
        var mixing = Numbers(random, 100, 100);
        yield return ("Rosenbrock", x => Sum((100 * Pow(x[1..] - Pow(x[..^1], 2), 2)) + Pow(1 - x[..^1], 2)));
        yield return ("a layer of tanh", x => Sum(Tanh(MatMul(mixing, Sin(x)))));
        yield return ("log Σ exp", x => LogSumExp(MatMul(mixing, x)) + Dot(x, x));
    }

    /// <summary>A network of two hidden layers, to a scalar.</summary>
    private static Func<Expr, Expr> Network(int inputs, int width)
    {
        var random = new Random(1);
        var (first, second, last) = (Numbers(random, inputs, width), Numbers(random, width, width), Numbers(random, width));
        var (firstBias, secondBias) = (Numbers(random, width), Numbers(random, width));
        return x => Dot(Tanh(MatMul(Tanh(MatMul(x, first) + firstBias), second) + secondBias), last);
    }

    private static Expr Numbers(Random random, params int[] lengths)
    {
        var shape = new Shape(lengths);
        return Constant([.. Enumerable.Range(0, shape.Size).Select(_ => (2 * random.NextDouble() - 1) / Math.Sqrt(lengths[0]))], shape);
    }

    private static Action Invoked(Func<Expr, Expr> f, Shape shape)
    {
        var compiled = CompileFor(f, shape);
        var random = new Random(2);
        double[] argument = [.. Enumerable.Range(0, shape.Size).Select(_ => random.NextDouble())];
        var results = new double[compiled.ResultSize];
        return () => compiled.Invoke(argument, results);
    }

    private static void PrintPair(string name, Action reference, Action measured)
    {
        var times = Quartiles(reference, measured);
        Console.WriteLine($"| {name} | {Text(times[0])} | {Text(times[1])} | {Ratio(times[1], times[0])} |");
    }

    private static void PrintGrowth(string name, Action[] actions)
    {
        var times = Quartiles(actions);
        var power = (Math.Log(times[^1] / times[0]) / Math.Log((double)s_orders[^1] / s_orders[0])).ToString("0.00", CultureInfo.InvariantCulture);
        Console.WriteLine($"| {name} | {string.Join(" | ", times.Select(Text))} | {power} |");
    }
}
