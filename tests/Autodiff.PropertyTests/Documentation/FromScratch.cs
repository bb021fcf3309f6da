// The small library of docs/from-scratch.md: the core of Autodiff.Functional, for scalars. Each "// ##" line is a heading of that
// document, and the text below it is the code the document shows there, word for word; FromScratchTests compares the two.

using static Autodiff.PropertyTests.Documentation.FromScratch.Expr;

namespace Autodiff.PropertyTests.Documentation.FromScratch;

// ## 1. An expression has a value

internal enum Op
{
    Constant, Variable, Add, Subtract, Multiply, Divide, Sin, Cos, Exp, Log, Sqrt, Greater, Where,
}

internal sealed partial class Expr(Op op, double value, params Expr[] operands)
{
    private static long s_made;

    public Op Op { get; } = op;

    public double Value { get; } = value;

    public IReadOnlyList<Expr> Operands { get; } = operands;

    // Operands are made first, so they have lower numbers than what is made of them. Constants need no number.
    public long Number { get; } = op == Op.Constant ? 0 : Interlocked.Increment(ref s_made);

    public string? Name { get; init; }

    public static Expr Variable(string name, double value) => new(Op.Variable, value) { Name = name };

    public override string ToString() => $"{Value}";

    private static Expr Make(Op op, params Expr[] operands)
    {
        var value = Evaluate(op, [.. operands.Select(operand => operand.Value)]);
        return operands.All(operand => operand.Op == Op.Constant) ? value : new Expr(op, value, operands);
    }
}

internal sealed partial class Expr
{
    public static implicit operator Expr(double value) => new(Op.Constant, value);

    public static Expr operator +(Expr a, Expr b) => Make(Op.Add, a, b);

    public static Expr operator -(Expr a, Expr b) => Make(Op.Subtract, a, b);

    public static Expr operator *(Expr a, Expr b) => Make(Op.Multiply, a, b);

    public static Expr operator /(Expr a, Expr b) => Make(Op.Divide, a, b);

    public static Expr operator -(Expr x) => -1 * x;

    public static Expr operator >(Expr a, Expr b) => Make(Op.Greater, a, b);

    public static Expr operator <(Expr a, Expr b) => b > a;

    public static Expr Sin(Expr x) => Make(Op.Sin, x);

    public static Expr Cos(Expr x) => Make(Op.Cos, x);

    public static Expr Exp(Expr x) => Make(Op.Exp, x);

    public static Expr Log(Expr x) => Make(Op.Log, x);

    public static Expr Sqrt(Expr x) => Make(Op.Sqrt, x);

    public static Expr Where(Expr mask, Expr a, Expr b) => Make(Op.Where, mask, a, b);

    private static double Evaluate(Op op, double[] x) => op switch
    {
        Op.Add => x[0] + x[1],
        Op.Subtract => x[0] - x[1],
        Op.Multiply => x[0] * x[1],
        Op.Divide => x[0] / x[1],
        Op.Sin => Math.Sin(x[0]),
        Op.Cos => Math.Cos(x[0]),
        Op.Exp => Math.Exp(x[0]),
        Op.Log => Math.Log(x[0]),
        Op.Sqrt => Math.Sqrt(x[0]),
        Op.Greater => x[0] > x[1] ? 1 : 0,
        Op.Where => x[0] != 0 ? x[1] : x[2],
        _ => throw new ArgumentOutOfRangeException(nameof(op)),
    };
}

internal sealed partial class Expr
{
    public string ToFormula()
    {
        string[] x = [.. Operands.Select(operand => operand.ToFormula())];
        return Op switch
        {
            Op.Constant => $"{Value}",
            Op.Variable => Name ?? x[0],
            Op.Add => $"({x[0]} + {x[1]})",
            Op.Subtract => $"({x[0]} - {x[1]})",
            Op.Multiply => $"({x[0]} * {x[1]})",
            Op.Divide => $"({x[0]} / {x[1]})",
            Op.Greater => $"({x[0]} > {x[1]})",
            _ => $"{Op}({string.Join(", ", x)})",
        };
    }
}

// ## 2. A derivative is one line

internal sealed record PartialDerivative(Expr Factor, Expr? Live = null)
{
    public static implicit operator PartialDerivative(double factor) => new(factor);

    public static implicit operator PartialDerivative(Expr factor) => new(factor);
}

internal static class ElementwiseTable
{
    public static PartialDerivative? PartialDerivative(Op op, int operand, Expr[] x, Expr y) => (op, operand) switch
    {
        (Op.Variable or Op.Add, _) => 1,
        (Op.Subtract, _) => operand == 0 ? 1 : -1,
        (Op.Multiply, _) => operand == 0 ? x[1] : x[0],
        (Op.Divide, _) => operand == 0 ? 1 / x[1] : -y / x[1],
        (Op.Sin, _) => Cos(x[0]),
        (Op.Cos, _) => -Sin(x[0]),
        (Op.Exp, _) => y,
        (Op.Log, _) => 1 / x[0],
        (Op.Sqrt, _) => 0.5 / y,
        (Op.Greater, _) or (Op.Where, 0) => null,
        (Op.Where, 1) => new PartialDerivative(1, x[0]),
        (Op.Where, 2) => new PartialDerivative(1, 1 - x[0]),
        _ => throw new ArgumentOutOfRangeException(nameof(op)),
    };
}

// ## 3. Forward mode

internal sealed class ActiveGraph(Expr[] variables, Expr result)
{
    public Expr[] Variables { get; } = variables;

    public Expr Result { get; } = result;

    public long OldestVariable { get; } = variables.Min(variable => variable.Number);

    public bool IsReachable(Expr node) => node.Number >= OldestVariable;

    public List<Expr> Nodes()
    {
        var found = new HashSet<Expr>();
        var open = new Stack<Expr>([Result]);
        while (open.TryPop(out var node))
        {
            if (IsReachable(node) && found.Add(node))
            {
                foreach (var operand in node.Operands)
                {
                    open.Push(operand);
                }
            }
        }

        return [.. found.OrderBy(node => node.Number)];
    }
}

internal readonly partial record struct LocalDerivatives(ActiveGraph ActiveGraph)
{
    public Sensitivity? Pass(Expr node, int operand, Sensitivity flow) =>
        ElementwiseTable.PartialDerivative(node.Op, operand, [.. node.Operands.Select(Enter)], Enter(node)) is { } partial ? flow * partial : null;
}

internal static class ForwardSweep
{
    public static Expr Run(ActiveGraph graph, params Expr[] tangents)
    {
        var derivatives = new LocalDerivatives(graph);
        var flows = new Dictionary<Expr, Sensitivity>();
        foreach (var (variable, tangent) in graph.Variables.Zip(tangents))
        {
            flows[variable] = new(tangent);
        }

        foreach (var node in graph.Nodes())
        {
            for (var operand = 0; operand < node.Operands.Count; operand++)
            {
                if (flows.TryGetValue(node.Operands[operand], out var tangent) && derivatives.Pass(node, operand, tangent) is { } flow)
                {
                    flows[node] = flows.TryGetValue(node, out var sum) ? sum + flow : flow;
                }
            }
        }

        return flows.TryGetValue(graph.Result, out var total) ? total.Value : 0;
    }
}

// ## 4. Reverse mode

internal static class ReverseSweep
{
    public static Expr[] Run(ActiveGraph graph, Expr seed)
    {
        var derivatives = new LocalDerivatives(graph);
        var flows = new Dictionary<Expr, Sensitivity> { [graph.Result] = new(seed) };
        foreach (var node in Enumerable.Reverse(graph.Nodes()))
        {
            for (var operand = 0; operand < node.Operands.Count; operand++)
            {
                var source = node.Operands[operand];
                if (graph.IsReachable(source) && flows.TryGetValue(node, out var cotangent) && derivatives.Pass(node, operand, cotangent) is { } flow)
                {
                    flows[source] = flows.TryGetValue(source, out var sum) ? sum + flow : flow;
                }
            }
        }

        return [.. graph.Variables.Select(variable => flows.TryGetValue(variable, out var total) ? total.Value : 0)];
    }
}

// ## 5. Derivatives of functions nest

internal static class AD
{
    public static Func<Expr, Expr> Grad(Func<Expr, Expr> f) =>
        x => ReverseSweep.Run(Trace([x], v => f(v[0])), 1)[0];

    public static Func<Expr, Expr, (Expr, Expr)> Grad(Func<Expr, Expr, Expr> f) =>
        (x, y) => ReverseSweep.Run(Trace([x, y], v => f(v[0], v[1])), 1) is [var dx, var dy] ? (dx, dy) : default;

    public static Func<Expr, Expr> Diff(Func<Expr, Expr> f) =>
        x => ForwardSweep.Run(Trace([x], v => f(v[0])), 1);

    private static ActiveGraph Trace(Expr[] arguments, Func<Expr[], Expr> f)
    {
        Expr[] leaves = [.. arguments.Select(x => new Expr(Op.Variable, x.Value, x))];
        return new(leaves, f(leaves));
    }
}

// ## 6. Numbers stay numbers

internal sealed partial class Expr
{
    private readonly long _oldestBelow = operands.Select(operand => operand.OldestLeaf).Append(long.MaxValue).Min();

    public long OldestLeaf => Op == Op.Variable ? Math.Min(Number, _oldestBelow) : _oldestBelow;
}

internal readonly partial record struct LocalDerivatives
{
    private Expr Enter(Expr node) => node.OldestLeaf >= ActiveGraph.OldestVariable ? node.Value : node;
}

// ## 7. A structural zero is a mask

internal sealed record Sensitivity(Expr Value, Expr? Live = null)
{
    public static Sensitivity operator *(Sensitivity flow, PartialDerivative partial)
    {
        var product = flow.Value * partial.Factor;
        var live = flow.Live is null ? partial.Live : partial.Live is null ? flow.Live : flow.Live * partial.Live;
        return new(live is null ? product : Where(live, product, 0), live);
    }

    public static Sensitivity operator +(Sensitivity a, Sensitivity b) =>
        new(a.Value + b.Value, a.Live is null || b.Live is null ? null : Where(a.Live, 1, b.Live));
}
