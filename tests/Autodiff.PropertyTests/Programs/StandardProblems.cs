// Problems that methods are compared by: J. J. Moré, B. S. Garbow and K. E. Hillstrom, "Testing unconstrained optimization software",
// ACM Transactions on Mathematical Software 7 (1981) 17–41, with the sums of squares at their minima from there.

using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Implicit;

/// <summary>Residuals, whose squares are added up, or which are all to be 0.</summary>
/// <param name="Name">As in the paper, with the number of unknowns where it can be chosen.</param>
/// <param name="Residuals">From the unknowns to as many equations or more.</param>
/// <param name="Start">The standard start.</param>
/// <param name="Minima">The sums of squares at the minima that are known, to about six digits.</param>
public sealed record StandardProblem(string Name, Func<Expr, Expr> Residuals, double[] Start, params double[] Minima)
{
    public Expr Objective(Expr x) => Sum(Pow(Residuals(x), 2));

    public override string ToString() => Name;
}

public static class StandardProblems
{
    private static readonly double[] s_bard = [0.14, 0.18, 0.22, 0.25, 0.29, 0.32, 0.35, 0.39, 0.37, 0.58, 0.73, 0.96, 1.34, 2.10, 4.39];

    private static readonly double[] s_gaussian =
        [0.0009, 0.0044, 0.0175, 0.0540, 0.1295, 0.2420, 0.3521, 0.3989, 0.3521, 0.2420, 0.1295, 0.0540, 0.0175, 0.0044, 0.0009];

    private static readonly double[] s_meyer =
        [34780, 28610, 23650, 19630, 16370, 13720, 11540, 9744, 8261, 7030, 6005, 5147, 4427, 3820, 3307, 2872];

    private static readonly double[] s_kowalikAt = [4, 2, 1, 0.5, 0.25, 0.167, 0.125, 0.1, 0.0833, 0.0714, 0.0625];

    private static readonly double[] s_kowalik = [0.1957, 0.1947, 0.1735, 0.1600, 0.0844, 0.0627, 0.0456, 0.0342, 0.0323, 0.0235, 0.0246];

    private static readonly double[] s_osborne1 =
    [
        0.844, 0.908, 0.932, 0.936, 0.925, 0.908, 0.881, 0.850, 0.818, 0.784, 0.751, 0.718, 0.685, 0.658, 0.628, 0.603, 0.580,
        0.558, 0.538, 0.522, 0.506, 0.490, 0.478, 0.467, 0.457, 0.448, 0.438, 0.431, 0.424, 0.420, 0.414, 0.411, 0.406,
    ];

    private static readonly double[] s_osborne2 =
    [
        1.366, 1.191, 1.112, 1.013, 0.991, 0.885, 0.831, 0.847, 0.786, 0.725, 0.746, 0.679, 0.608, 0.655, 0.616, 0.606, 0.602,
        0.626, 0.651, 0.724, 0.649, 0.649, 0.694, 0.644, 0.624, 0.661, 0.612, 0.558, 0.533, 0.495, 0.500, 0.423, 0.395, 0.375,
        0.372, 0.391, 0.396, 0.405, 0.428, 0.429, 0.523, 0.562, 0.607, 0.653, 0.672, 0.708, 0.633, 0.668, 0.645, 0.632, 0.591,
        0.559, 0.597, 0.625, 0.739, 0.710, 0.729, 0.720, 0.636, 0.581, 0.428, 0.292, 0.162, 0.098, 0.054,
    ];

    /// <summary>All of them as sums of squares.</summary>
    public static IReadOnlyList<StandardProblem> All { get; } =
    [
        new("Rosenbrock", x => Stack([10 * (x[1] - (x[0] * x[0])), 1 - x[0]]), [-1.2, 1], 0),
        new("Freudenstein and Roth", x => Stack([x[0] - 13 + ((((5 - x[1]) * x[1]) - 2) * x[1]), x[0] - 29 + ((((x[1] + 1) * x[1]) - 14) * x[1])]), [0.5, -2], 0, 48.98425),
        new("Powell badly scaled", x => Stack([(1e4 * x[0] * x[1]) - 1, Exp(-x[0]) + Exp(-x[1]) - 1.0001]), [0, 1], 0),
        new("Brown badly scaled", x => Stack([x[0] - 1e6, x[1] - 2e-6, (x[0] * x[1]) - 2]), [1, 1], 0),
        new("Beale", x => new double[] { 1.5, 2.25, 2.625 } - (x[0] * (1 - Pow(x[1], Counted(3)))), [1, 1], 0, 14.20312),
        new("Jennrich and Sampson", x => 2 + (2 * Counted(10)) - Exp(Counted(10) * x[0]) - Exp(Counted(10) * x[1]), [0.3, 0.4], 124.36218, 259.58019),
        new("Helical valley", x => Stack([10 * (x[2] - (10 * Atan2(x[1], x[0]) / (2 * Math.PI))), 10 * (Sqrt((x[0] * x[0]) + (x[1] * x[1])) - 1), x[2]]), [-1, 0, 0], 0),
        new("Bard", x => s_bard - (x[0] + (Counted(15) / (((16 - Counted(15)) * x[1]) + (Min(Counted(15), 16 - Counted(15)) * x[2])))), [1, 1, 1], 8.214877e-3),
        new("Gaussian", x => (x[0] * Exp(-x[1] * Pow(((8 - Counted(15)) / 2) - x[2], 2) / 2)) - s_gaussian, [0.4, 1, 0], 1.127933e-8),
        new("Meyer", x => (x[0] * Exp(x[1] / (45 + (5 * Counted(16)) + x[2]))) - s_meyer, [0.02, 4000, 250], 87.945855),
        new("Gulf", x => Exp(-Pow(Abs(25 + Pow(-50 * Log(Counted(99) / 100), 2 / 3.0) - x[1]), x[2]) / x[0]) - (Counted(99) / 100), [5, 2.5, 0.15], 0, 0.038, 32.835),
        new("Box three-dimensional", x => Exp(-Counted(10) / 10 * x[0]) - Exp(-Counted(10) / 10 * x[1]) - (x[2] * (Exp(-Counted(10) / 10) - Exp(-Counted(10)))), [0, 10, 20], 0, 0.0755887),
        new("Powell singular", PowellSingular, [3, -1, 0, 1], 0),
        new("Wood", x => Stack([10 * (x[1] - (x[0] * x[0])), 1 - x[0], Math.Sqrt(90) * (x[3] - (x[2] * x[2])), 1 - x[2], Math.Sqrt(10) * (x[1] + x[3] - 2), (x[1] - x[3]) / Math.Sqrt(10)]), [-3, -1, -3, -1], 0),
        new("Kowalik and Osborne", x => s_kowalik - (x[0] * (Pow(s_kowalikAt, 2) + (s_kowalikAt * x[1])) / (Pow(s_kowalikAt, 2) + (s_kowalikAt * x[2]) + x[3])), [0.25, 0.39, 0.415, 0.39], 3.075056e-4, 1.02734e-3),
        new("Brown and Dennis", x => Pow(x[0] + (Counted(20) / 5 * x[1]) - Exp(Counted(20) / 5), 2) + Pow(x[2] + (Sin(Counted(20) / 5) * x[3]) - Cos(Counted(20) / 5), 2), [25, 5, -5, -1], 85822.2016),
        new("Osborne 1", x => s_osborne1 - (x[0] + (x[1] * Exp(-10 * (Counted(33) - 1) * x[3])) + (x[2] * Exp(-10 * (Counted(33) - 1) * x[4]))), [0.5, 1.5, -1, 0.01, 0.02], 5.464895e-5),
        new("Biggs EXP6", Biggs, [1, 2, 1, 1, 1, 1], 0, 5.655650e-3, 0.3063668),
        new("Osborne 2", Osborne2, [1.3, 0.65, 0.65, 0.7, 0.6, 3, 5, 7, 2, 4.5, 5.5], 4.013774e-2, 1.78981),
        new("Watson, 6", Watson, new double[6], 2.287670e-3),
        new("Watson, 9", Watson, new double[9], 1.399760e-6),
        new("Extended Rosenbrock, 10", ExtendedRosenbrock, Repeated(5, -1.2, 1), 0),
        new("Extended Powell singular, 12", x => Concat([PowellSingular(x[0..4]), PowellSingular(x[4..8]), PowellSingular(x[8..12])], 0), Repeated(3, 3, -1, 0, 1), 0),
        new("Penalty I, 4", PenaltyI, Ascending(4, i => i), 2.249978e-5),
        new("Penalty I, 10", PenaltyI, Ascending(10, i => i), 7.087651e-5),
        new("Penalty II, 4", PenaltyII, Repeated(4, 0.5), 9.376293e-6),
        new("Penalty II, 10", PenaltyII, Repeated(10, 0.5), 2.936605e-4),
        new("Variably dimensioned, 8", VariablyDimensioned, Ascending(8, i => 1 - (i / 8.0)), 0),
        new("Trigonometric, 10", Trigonometric, Repeated(10, 0.1), 0, 2.795061e-5),
        new("Brown almost linear, 8", BrownAlmostLinear, Repeated(8, 0.5), 0, 1),
        new("Discrete boundary value, 10", BoundaryValue, Ascending(10, i => i / 11.0 * ((i / 11.0) - 1)), 0),
        new("Discrete integral, 10", IntegralEquation, Ascending(10, i => i / 11.0 * ((i / 11.0) - 1)), 0),
        new("Broyden tridiagonal, 10", x => ((3 - (2 * x)) * x) - Shifted(x, 1) - (2 * Shifted(x, -1)) + 1, Repeated(10, -1), 0, 1.36025, 1.02865),
        new("Broyden banded, 10", x => (x * (2 + (5 * x * x))) + 1 - Enumerable.Range(-1, 7).Where(k => k != 0).Select(k => Shifted(x * (1 + x), k)).Aggregate((a, b) => a + b), Repeated(10, -1), 0, 3.05728, 2.68021),
        new("Linear of full rank, 5", x => Concat([x, Zeros(5)], 0) - (0.2 * Sum(x)) - 1, Repeated(5, 1), 5),
        new("Linear of rank 1, 5", x => (Counted(10) * Dot(Counted(5), x)) - 1, Repeated(5, 1), 10 * 9 / 42.0),
        new("Chebyquad, 5", Chebyquad, Ascending(5, i => i / 6.0), 0),
        new("Chebyquad, 7", Chebyquad, Ascending(7, i => i / 8.0), 0),
        new("Chebyquad, 8", Chebyquad, Ascending(8, i => i / 9.0), 3.516874e-3),
        new("Chebyquad, 9", Chebyquad, Ascending(9, i => i / 10.0), 0),
    ];

    /// <summary>Those with as many equations as unknowns that have a solution.</summary>
    public static IReadOnlyList<StandardProblem> Systems { get; } =
        [.. All.Where(problem => problem.Minima[0] == 0 && problem.Residuals(problem.Start).Shape.Size == problem.Start.Length)];

    private static Expr Counted(int n) => Arange(n) + 1;

    private static double[] Repeated(int times, params double[] part) => [.. Enumerable.Repeat(part, times).SelectMany(x => x)];

    private static double[] Ascending(int n, Func<int, double> at) => [.. Enumerable.Range(1, n).Select(at)];

    /// <summary>xᵢ₋ₖ in place i, and 0 beyond the ends.</summary>
    private static Expr Shifted(Expr x, int k) => x.Shape.Size is var n && k > 0
        ? Concat([Zeros(k), x[..(n - k)]], 0)
        : Concat([x[-k..n], Zeros(-k)], 0);

    private static Expr PowellSingular(Expr x) => Stack(
        [x[0] + (10 * x[1]), Math.Sqrt(5) * (x[2] - x[3]), Pow(x[1] - (2 * x[2]), 2), Math.Sqrt(10) * Pow(x[0] - x[3], 2)]);

    private static Expr ExtendedRosenbrock(Expr x)
    {
        var pairs = Reshape(x, x.Shape.Size / 2, 2);
        return Concat([10 * (pairs[.., 1] - Pow(pairs[.., 0], 2)), 1 - pairs[.., 0]], 0);
    }

    private static Expr VariablyDimensioned(Expr x)
    {
        var sum = Dot(Counted(x.Shape.Size), x - 1);
        return Concat([x - 1, Stack([sum, sum * sum])], 0);
    }

    private static Expr Biggs(Expr x)
    {
        var t = Counted(13) / 10;
        return (x[2] * Exp(-t * x[0])) - (x[3] * Exp(-t * x[1])) + (x[5] * Exp(-t * x[4])) - (Exp(-t) - (5 * Exp(-10 * t)) + (3 * Exp(-4 * t)));
    }

    private static Expr Osborne2(Expr x)
    {
        var t = Arange(65) / 10;
        var peaks = Enumerable.Range(0, 3).Select(k => x[k + 1] * Exp(-Pow(t - x[k + 8], 2) * x[k + 5])).Aggregate((a, b) => a + b);
        return s_osborne2 - ((x[0] * Exp(-t * x[4])) + peaks);
    }

    private static Expr Watson(Expr x)
    {
        var n = x.Shape.Size;
        var powers = Pow(Reshape(Counted(29) / 29, 29, 1), Arange(n));
        var slopes = MatMul(powers[.., ..(n - 1)], (Arange(n - 1) + 1) * x[1..]);
        return Concat([slopes - Pow(MatMul(powers, x), 2) - 1, Stack([x[0], x[1] - (x[0] * x[0]) - 1])], 0);
    }

    private static Expr PenaltyI(Expr x) => Concat([Math.Sqrt(1e-5) * (x - 1), Reshape(Sum(x * x) - 0.25, 1)], 0);

    private static Expr PenaltyII(Expr x)
    {
        var n = x.Shape.Size;
        var y = Exp((Counted(n - 1) + 1) / 10) + Exp(Counted(n - 1) / 10);
        return Concat(
            [
                Reshape(x[0] - 0.2, 1),
                Math.Sqrt(1e-5) * (Exp(x[1..] / 10) + Exp(x[..(n - 1)] / 10) - y),
                Math.Sqrt(1e-5) * (Exp(x[1..] / 10) - Math.Exp(-0.1)),
                Reshape(Sum((n - Arange(n)) * x * x) - 1, 1),
            ],
            0);
    }

    private static Expr Trigonometric(Expr x) => x.Shape.Size - Sum(Cos(x)) + (Counted(x.Shape.Size) * (1 - Cos(x))) - Sin(x);

    private static Expr BrownAlmostLinear(Expr x) => Concat([x[..(x.Shape.Size - 1)] + Sum(x) - (x.Shape.Size + 1), Reshape(Prod(x) - 1, 1)], 0);

    private static Expr BoundaryValue(Expr x)
    {
        var h = 1.0 / (x.Shape.Size + 1);
        return (2 * x) - Shifted(x, 1) - Shifted(x, -1) + (h * h / 2 * Pow(x + (h * Counted(x.Shape.Size)) + 1, 3));
    }

    private static Expr IntegralEquation(Expr x)
    {
        var h = 1.0 / (x.Shape.Size + 1);
        var t = h * Counted(x.Shape.Size);
        var (below, cube) = (CumSum(t * Pow(x + t + 1, 3)), (1 - t) * Pow(x + t + 1, 3));
        return x + (h / 2 * (((1 - t) * below) + (t * (Sum(cube) - CumSum(cube)))));
    }

    private static Expr Chebyquad(Expr x)
    {
        var (before, now, residuals) = ((Expr)Ones(x.Shape), (2 * x) - 1, new List<Expr>());
        for (var i = 1; i <= x.Shape.Size; i++)
        {
            residuals.Add(Mean(now) + (i % 2 == 0 ? 1.0 / ((i * i) - 1) : 0));
            (before, now) = (now, (2 * ((2 * x) - 1) * now) - before);
        }

        return Stack([.. residuals]);
    }
}
