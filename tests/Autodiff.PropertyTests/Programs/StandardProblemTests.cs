// Searches over problems with known answers: each is found and right, or ends in an error.

using System.Globalization;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Implicit;

public class StandardProblemTests
{
    private static readonly double[] s_starts = [-100, -20, -3, -1, -0.3, 0.1, 0.5, 1, 2.5, 7, 40, 300];

    // Of one unknown: the equation, and its solutions.
    private static readonly (string Name, Func<Expr, Expr> F, double[] Solutions)[] s_roots =
    [
        ("x² - 2", x => (x * x) - 2, [-Math.Sqrt(2), Math.Sqrt(2)]),
        ("(x² - 2) 1e-200", x => ((x * x) - 2) * 1e-200, [-Math.Sqrt(2), Math.Sqrt(2)]),
        ("(x² - 2) 1e200", x => ((x * x) - 2) * 1e200, [-Math.Sqrt(2), Math.Sqrt(2)]),
        ("x² - 1e200", x => (x * x) - 1e200, [-1e100, 1e100]),
        ("x²", x => x * x, [0]),
        ("x³", x => Pow(x, 3), [0]),
        ("(x - 1)⁵", x => Pow(x - 1, 5), [1]),
        ("x^1.5", x => Pow(x, 1.5), [0]),
        ("√x", Sqrt, [0]),
        ("√x - 2", x => Sqrt(x) - 2, [4]),
        ("∛x", Cbrt, [0]),
        ("|x|", Abs, [0]),
        ("|x| - 1", x => Abs(x) - 1, [-1, 1]),
        ("log x", Log, [1]),
        ("log x + 5", x => Log(x) + 5, [Math.Exp(-5)]),
        ("1/x - 2", x => (1 / x) - 2, [0.5]),
        ("atan x", Atan, [0]),
        ("x/(1 + x²)", x => x / (1 + (x * x)), [0]),
        ("x e⁻ˣ", x => x * Exp(-x), [0]),
        ("eˣ - 5", x => Exp(x) - 5, [Math.Log(5)]),
        ("cos x - x", x => Cos(x) - x, [0.7390851332151607]),
        ("x³ - 2x - 5", x => Pow(x, 3) - (2 * x) - 5, [2.0945514815423265]),
        ("Relu(x - 1) + Relu(-x - 2)", x => Relu(x - 1) + Relu(-x - 2), [.. Enumerable.Range(-2000, 3001).Select(k => k / 1000.0)]),
        ("e⁻ˣ", x => Exp(-x), []),
        ("e^-x²", x => Exp(-x * x), []),
        ("1/x", x => 1 / x, []),
        ("1/(1 + x²)", x => 1 / (1 + (x * x)), []),
        ("x² + 1", x => (x * x) + 1, []),
        ("x² + 1e-20", x => (x * x) + 1e-20, []),
        ("(x/1e-20)² + 1", x => Pow(x / 1e-20, 2) + 1, []),
        ("|x| + 1", x => Abs(x) + 1, []),
        ("x + sign x", x => Where(x > 0, x + 1, x - 1), []),
        ("sin 1000x + 2", x => Sin(1000 * x) + 2, []),
    ];

    private static readonly (string Name, Func<Expr, Expr> F, double[] Solutions)[] s_fixedPoints =
    [
        ("cos x", Cos, [0.7390851332151607]),
        ("x²", x => x * x, [0, 1]),
        ("3x", x => 3 * x, [0]),
        ("√x", Sqrt, [0, 1]),
        ("2/x", x => 2 / x, [-Math.Sqrt(2), Math.Sqrt(2)]),
        ("3.9 x (1 - x)", x => 3.9 * x * (1 - x), [0, 1 - (1 / 3.9)]),
        ("x + 1/x", x => x + (1 / x), []),
        ("x + e⁻ˣ", x => x + Exp(-x), []),
        ("eˣ", Exp, []),
        ("x + 1", x => x + 1, []),
    ];

    private static readonly (string Name, Func<Expr, Expr> F, double[] Solutions)[] s_minima =
    [
        ("x + 1/x", x => x + (1 / x), [1]),
        ("x²", x => x * x, [0]),
        ("x⁴", x => Pow(x, 4), [0]),
        ("(x - 2)⁶", x => Pow(x - 2, 6), [2]),
        ("cosh(x - 3)", x => Cosh(x - 3), [3]),
        ("(x² - 1)²", x => Pow((x * x) - 1, 2), [-1, 1]),
        ("x³ - 3x", x => Pow(x, 3) - (3 * x), [1]),
        ("x⁴ - x³", x => Pow(x, 4) - Pow(x, 3), [0.75]),
        ("x - log x", x => x - Log(x), [1]),
        ("x log x", x => x * Log(x), [Math.Exp(-1)]),
        ("-log x - log(2 - x)", x => -Log(x) - Log(2 - x), [1]),
        ("x²/(1 + x²)", x => x * x / (1 + (x * x)), [0]),
        ("x/(1 + x²)", x => x / (1 + (x * x)), [-1]),
        ("log(1 + x²)", x => Log(1 + (x * x)), [0]),
        ("√(1 + x²)", x => Sqrt(1 + (x * x)), [0]),
        ("x eˣ", x => x * Exp(x), [-1]),
        ("|x|", Abs, [0]),
        ("e⁻ˣ - x", x => Exp(-x) - x, []),
        ("e⁻ˣ", x => Exp(-x), []),
        ("1/(1 + x²)", x => 1 / (1 + (x * x)), []),
        ("√(1 + x²) - x", x => Sqrt(1 + (x * x)) - x, []),
        ("-x", x => -x, []),
        ("x³", x => Pow(x, 3), []),
        ("-x²", x => -x * x, []),
        ("log x", Log, []),
        ("-√x", x => -Sqrt(x), []),
    ];

    [Fact]
    public void Every_minimum_of_a_standard_problem_that_is_found_is_one()
    {
        var tally = new Tally();
        foreach (var problem in StandardProblems.All)
        {
            foreach (var start in Starts(problem))
            {
                tally.Count($"{problem.Name} from {(Expr)start}", count => ArgMin(x => problem.Objective(count(x)), start), x =>
                    problem.Objective(x).Value is var found && problem.Minima.Any(lowest => Math.Abs(found - lowest) <= 1e-5 * lowest + 1e-20));
            }
        }

        tally.Require(right: 100, of: 110);
    }

    [Fact]
    public void Every_root_of_a_standard_problem_that_is_found_is_one()
    {
        var tally = new Tally();
        foreach (var problem in StandardProblems.Systems)
        {
            foreach (var start in Starts(problem))
            {
                tally.Count($"{problem.Name} from {(Expr)start}", count => Root(x => problem.Residuals(count(x)), start), x =>
                    Norm(problem.Residuals(x)).Value <= 1e-10);
            }
        }

        tally.Require(right: 36, of: 45);
    }

    [Fact]
    public void What_is_found_of_one_unknown_is_right()
    {
        var tally = new Tally();
        foreach (var start in s_starts)
        {
            foreach (var (name, f, solutions) in s_roots.Where(root => root.F(start).Value != 0))
            {
                tally.Count($"root of {name} from {start}", count => Root(x => f(count(x)), start), x => IsAny(solutions, x.Value));
            }

            foreach (var (name, f, solutions) in s_fixedPoints.Where(point => point.F(start).Value != start))
            {
                tally.Count($"fixed point of {name} from {start}", count => FixedPoint(x => f(count(x)), start), x => IsAny(solutions, x.Value));
            }

            foreach (var (name, f, solutions) in s_minima)
            {
                tally.Count($"minimum of {name} from {start}", count => ArgMin(x => f(count(x)), start), x => IsAny(solutions, x.Value));
            }
        }

        tally.Require(right: 400, of: 800);
    }

    private static bool IsAny(double[] solutions, double found) =>
        solutions.Any(solution => Math.Abs(found - solution) <= 1e-7 * Math.Max(1e-7, Math.Abs(solution)));

    /// <summary>The standard start, and 10 and 100 times as far from 0.</summary>
    private static IEnumerable<double[]> Starts(StandardProblem problem) =>
        (problem.Start.All(element => element == 0) ? [1] : (int[])[1, 10, 100]).Select(factor => Array.ConvertAll(problem.Start, element => factor * element));

    private sealed class Tally
    {
        private const int MostEvaluations = 12_000;

        private readonly List<string> _wrong = [];
        private int _right;
        private int _all;

        /// <summary>Runs a search, which may end in an error of the library's and in no other, after no more than so many evaluations.</summary>
        public void Count(string name, Func<Func<Expr, Expr>, Expr> search, Func<Expr, bool> isRight)
        {
            var evaluations = 0;
            _all++;
            try
            {
                var found = search(x =>
                {
                    evaluations++;
                    return x;
                });
                _right += isRight(found) ? 1 : 0;
                if (!isRight(found))
                {
                    _wrong.Add($"{name}: {found}");
                }
            }
            catch (AutodiffException error) when (error.Message.Contains("no solution was found", StringComparison.Ordinal))
            {
            }

            if (evaluations > MostEvaluations)
            {
                _wrong.Add(string.Create(CultureInfo.InvariantCulture, $"{name}: {evaluations} evaluations"));
            }
        }

        public void Require(int right, int of)
        {
            Assert.True(_wrong.Count == 0, $"{_right} of {_all} are found, {_wrong.Count} are wrong:\n{string.Join('\n', _wrong)}");
            Assert.True(_right >= right && _all >= of, $"{_right} of {_all} are found.");
        }
    }
}
