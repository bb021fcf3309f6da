// A derivative with a fault that is known, which a check must find and blame on the right operation.

using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.Primitives;
using LanguageExt;

namespace Autodiff.PropertyTests.Verification;

/// <summary>A function whose derivative has a fault.</summary>
/// <param name="Name">What is wrong.</param>
/// <param name="Kind">The kind of fault.</param>
/// <param name="Blamed">The name of the operation at fault.</param>
/// <param name="Check">Checks the derivatives up to order 2 at a number of points.</param>
internal sealed record PlantedFault(string Name, string Kind, string Blamed, Func<int, Fin<Unit>> Check)
{
    /// <summary>A function that uses the faulty operation.</summary>
    public static PlantedFault In<T>(string kind, string name, string blamed, Domain<T> domain, Func<T, Expr> f) =>
        new(name, kind, blamed, cases => Functional.Check.Gradients(f, domain, order: 2, cases: cases));

    /// <summary>A function with its own pullback, as a part of a larger function.</summary>
    public static PlantedFault Pullback(string kind, string name, string rule, Domain<Expr> domain, Func<Expr, Expr> f, Func<Expr, Expr, Expr> pullback) =>
        In(kind, name, rule, domain, Within(AD.CustomVjp(x => (f(x), y => pullback(x, y)), rule)));

    /// <summary>A function of two arguments with its own pullback.</summary>
    public static PlantedFault Pullback(
        string kind, string name, string rule, Domain<(Expr, Expr)> domain, Func<Expr, Expr, Expr> f, Func<Expr, Expr, Expr, (Expr, Expr)> pullback)
    {
        var faulty = AD.CustomVjp((a, b) => (f(a, b), y => pullback(a, b, y)), rule);
        return In(kind, name, rule, domain, p => Within(faulty(p.Item1, p.Item2)));
    }

    /// <summary>A function with its own tangent.</summary>
    public static PlantedFault Tangent(string kind, string name, string rule, Domain<Expr> domain, Func<Expr, Expr> f, Func<Expr, Expr, Expr> tangent) =>
        In(kind, name, rule, domain, Within(AD.CustomJvp((x, dx) => (f(x), tangent(x, dx)), rule)));

    /// <summary>A function of numbers with its own derivative.</summary>
    public static PlantedFault Elementwise(string kind, string name, string rule, Domain<Expr> domain, Func<double, double> f, Func<Expr, Expr, Expr> derivative) =>
        In(kind, name, rule, domain, Within(Primitive.Define(rule, f, derivative)));

    /// <summary>A primitive of one operand with some rules replaced.</summary>
    public static Func<Expr, Expr> Faulty(Func<Expr, Expr> operation, Func<TensorPrimitive, FaultyPrimitive> replaced) => x =>
    {
        // The primitive is read from a node over a variable, since one over a constant is a constant.
        var node = operation(Expr.Variable("x", x.Shape));
        return Expr.Make(replaced((TensorPrimitive)node.Primitive!), node.Shape, [x]);
    };

    private static Func<Expr, Expr> Within(Func<Expr, Expr> operation) => x => Within(operation(x));

    /// <summary>The operation's result goes through others, whose derivatives are right.</summary>
    private static Expr Within(Expr y) => Expr.Sum(Expr.Tanh(y) + (y / 3));
}

/// <summary>A primitive of the library with some of its rules replaced by faulty ones, which are given the primitive.</summary>
/// <param name="Right">The primitive.</param>
internal sealed record FaultyPrimitive(TensorPrimitive Right) : TensorPrimitive
{
    /// <summary>The pushforward; null for the right one.</summary>
    public Func<TensorPrimitive, Point, Expr, Sensitivity?[], Sensitivity?>? Pushforward { get; init; }

    /// <summary>The pullback; null for the right one.</summary>
    public Func<Expr, Sensitivity, Sensitivity?>? Pullback { get; init; }

    /// <summary>From an order and the coefficient of it in the power series to the faulty coefficient; null for the right series.</summary>
    public Func<int, Expr, Expr>? Coefficient { get; init; }

    public override Op Op => Right.Op;

    public override Spelling Spelling => Right.Spelling;

    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands) => Right.Evaluate(shape, operands);

    public override Sensitivity? Push(Point point, Expr node, Sensitivity?[] tangents) =>
        Pushforward is null ? Right.Push(point, node, tangents) : Pushforward(Right, point, node, tangents);

    public override Sensitivity?[] Pull(Point point, Expr node, bool[] wanted, Sensitivity cotangent) =>
        Pullback is null ? Right.Pull(point, node, wanted, cotangent) : [Pullback(node, cotangent)];

    public override PowerSeries? Expand(Expr node, PowerSeries[] operands, Expr primal, SeriesTable table) =>
        Right.Expand(node, operands, primal, table) is { } right && Coefficient is not null ? new FaultySeries(right, Coefficient) : Right.Expand(node, operands, primal, table);

    public override Expr Batch(Expr node, Batched[] operands, int size) => Right.Batch(node, operands, size);

    public override int[] AxesOf(Expr node, int operand) => Right.AxesOf(node, operand);
}

/// <summary>A power series with faulty coefficients.</summary>
internal sealed class FaultySeries(PowerSeries right, Func<int, Expr, Expr> coefficient) : PowerSeries(right.Primal, right.Table)
{
    protected override Expr? Mask() => right.Live;

    protected override Expr? Next(int order) => right[order] is { } x ? coefficient(order, x) : null;
}
