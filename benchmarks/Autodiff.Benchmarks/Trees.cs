// What it costs to hand parameters over in a record: the same function of ten parameters, in three forms.

using static Autodiff.Functional.Expr;

namespace Autodiff.Benchmarks;

/// <summary>
/// The gradient of a sum of squared errors of a small network at ten points: 170 operations. The target: a record, flat or nested,
/// costs less than 1.05 × the ten parameters without a tree.
/// </summary>
public class Trees
{
    private readonly Func<Expr[], Expr[]> _byArray = AD.Grad((Expr[] p) => Loss(p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8], p[9]));
    private readonly Func<Flat, Flat> _byRecord = AD.Grad((Flat p) => Loss(p.A, p.B, p.C, p.D, p.E, p.F, p.G, p.H, p.I, p.J));
    private readonly Func<Nested, Nested> _byNestedRecord = AD.Grad((Nested p) =>
        Loss(p.Units[0].A, p.Units[0].B, p.Units[1].A, p.Units[1].B, p.Units[2].A, p.Units[2].B, p.Units[3].A, p.Units[3].B, p.Units[4].A, p.Units[4].B));

    // Without trees: the ten leaves are elements of one vector that the function takes apart itself.
    private readonly Func<Expr, Expr> _byVector = AD.Grad((Expr p) => Loss(p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8], p[9]));

    private readonly Expr[] _array = [.. Enumerable.Range(0, 10).Select(i => (Expr)((i - 4) / 8.0))];
    private Expr _vector = 0;
    private Flat _record = new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    private Nested _nested = new([]);

    [GlobalSetup]
    public void Setup()
    {
        _vector = Stack(_array);
        _record = new(_array[0], _array[1], _array[2], _array[3], _array[4], _array[5], _array[6], _array[7], _array[8], _array[9]);
        _nested = new([.. _array.Chunk(2).Select(pair => new Unit(pair[0], pair[1]))]);
    }

    [Benchmark(Baseline = true)]
    public Expr[] Array() => _byArray(_array);

    [Benchmark]
    public Expr Vector() => _byVector(_vector);

    [Benchmark]
    public Flat Record() => _byRecord(_record);

    [Benchmark]
    public Nested NestedRecord() => _byNestedRecord(_nested);

    private static Expr Loss(Expr a, Expr b, Expr c, Expr d, Expr e, Expr f, Expr g, Expr h, Expr i, Expr j)
    {
        Expr sum = 0;
        for (var x = 0.5; x < 10; x++)
        {
            var y = (a * Tanh((b * x) + c)) + (d * Tanh((e * x) + f)) + (g * Tanh((h * x) + i)) + j - Math.Sin(x);
            sum += y * y;
        }

        return sum;
    }

    public sealed record Flat(Expr A, Expr B, Expr C, Expr D, Expr E, Expr F, Expr G, Expr H, Expr I, Expr J);

    public sealed record Nested(IReadOnlyList<Unit> Units);

    public sealed record Unit(Expr A, Expr B);
}
