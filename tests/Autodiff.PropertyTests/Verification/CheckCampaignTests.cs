// The checks at random points: of many right functions none may fail, least those whose derivatives are 0 to rounding, and of functions
// with planted faults none may pass. By default each is checked at one point, and of the right ones every fourth alone;
// AUTODIFF_CHECK_POINTS=50 makes a campaign of it, and AUTODIFF_CHECK_SEED another one.

using System.Globalization;
using Autodiff.PropertyTests.Generators;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;
using Check = Autodiff.Functional.Check;

namespace Autodiff.PropertyTests.Verification;

public class CheckCampaignTests
{
    // Planted faults change a derivative by this part.
    private const double Fault = 1e-6;

    private static readonly int s_points = Setting("AUTODIFF_CHECK_POINTS", 0);
    private static readonly int s_seed = Setting("AUTODIFF_CHECK_SEED", 1);

    // What a function's values are made into. All but the first are constant, so that rounding is all there is of their derivatives.
    private static readonly (string Name, Func<Expr, Expr> Of)[] s_forms =
    [
        ("r", r => r),
        ("Mean(r - Mean(r))", r => Mean(r - Mean(r))),
        ("Sum(sin² r + cos² r)", r => Sum(Pow(Sin(r), 2) + Pow(Cos(r), 2))),
        ("|r/|r||", r => Norm(r / Norm(r))),
        ("LogSumExp(r) - Log(Sum(Exp(r)))", r => LogSumExp(r) - Log(Sum(Exp(r)))),
        ("Sum(r) - Sum(Flip(r))", r => Sum(r) - Sum(CumSum(Flip(Reshape(r, -1)))[^1])),
        ("Sum(softmax r)", r => Sum(Exp(r - LogSumExp(r)))),
    ];

    private static readonly (string Name, Func<Expr, Expr> F)[] s_special =
    [
        ("x - x", x => x - x),
        ("x - Mean(x)", x => x - Mean(x)),
        ("LogGamma(x + 3) - LogGamma(x + 2) - Log(x + 2)", x => LogGamma(x + 3) - LogGamma(x + 2) - Log(x + 2)),
        ("Digamma(x + 3) - Digamma(x + 2) - 1/(x + 2)", x => Digamma(x + 3) - Digamma(x + 2) - (1 / (x + 2))),
        ("cosh² x - sinh² x", x => Pow(Cosh(x), 2) - Pow(Sinh(x), 2)),
        ("Exp(x) Exp(-x)", x => Exp(x) * Exp(-x)),
        ("Log(Exp(x)) - x", x => Log(Exp(x)) - x),
        ("Erf(x) + Erfc(x)", x => Erf(x) + Erfc(x)),
        ("GammaP + GammaQ", x => GammaP(2.5, x + 3) + GammaQ(2.5, x + 3)),
        ("x Sinc(x) - Sin(x)", x => (x * Sinc(x)) - Sin(x)),
        ("Atan(x) - Atan2(x, 1)", x => Atan(x) - Atan2(x, 1)),
        ("0.1 x + 0.2 x - 0.3 x", x => (0.1 * x) + (0.2 * x) - (0.3 * x)),
        ("1e8 + x - 1e8", x => 1e8 + x - 1e8),
        ("1e6 (x - x/3 - x/3 - x/3)", x => 1e6 * (x - (x / 3) - (x / 3) - (x / 3))),
        ("A A⁻¹", x => MatMul(Regular(x), Inverse(Regular(x)))),
        ("Det(A) Det(A⁻¹)", x => Det(Regular(x)) * Det(Inverse(Regular(x)))),
        ("A Solve(A, b) - b", x => MatMul(Regular(x), Solve(Regular(x), Ones(3))) - 1),
        ("Sum of eigenvalues - trace", x => Sum(Eigh(Symmetric(x)).Values) - Trace(Symmetric(x))),
        ("LogDet - log of eigenvalues", x => LogDet(Positive(x)) - Sum(Log(Eigh(Positive(x)).Values))),
        ("L Lᵀ - A", x => Cholesky(Positive(x)) is var l ? MatMul(l, Transpose(l)) - Positive(x) : x),
        ("a loop that cancels", x => Iterate(5, s => s - Mean(s), x)),
        ("a scan that cancels", x => Fold((s, v) => s + v - (x[0] / 3), (Expr)0, x) - Sum(x) + x[0]),
        ("compiled", Compile(x => Mean(x - Mean(x)))),
        ("batched", Vmap(x => (x * x) - Pow(x, 2))),
        ("checkpointed", Checkpoint(x => Pow(Sin(x), 2) + Pow(Cos(x), 2))),
    ];

    private static IEnumerable<(string Name, Func<Expr, Expr> F)> RightFunctions =>
        Vocabulary.Operations.SelectMany(operation => s_forms.Select(form => (
            $"{form.Name} of r = {operation.Text}", (Func<Expr, Expr>)(x => form.Of(operation.Apply(x, Cos(x), 1)))))).Concat(s_special);

    /// <summary>Faults by a millionth in the value of a derivative, and by more in its sign, place, mode and order.</summary>
    private static IEnumerable<(string Name, Func<Expr, Expr> F)> WrongFunctions
    {
        get
        {
            (string Name, Func<Expr, Expr> F)[] smooth =
            [
                ("Sin(x) + x", x => Sin(x) + x), ("Exp", Exp), ("Log(x + 4)", x => Log(x + 4)), ("x³ + x", x => Pow(x, 3) + x), ("Softplus", Softplus),
                ("LogGamma(x + 5)", x => LogGamma(x + 5)), ("1/(x + 3)", x => 1 / (x + 3)), ("Atan", Atan), ("exp of a sum", x => Exp(Sum(x) / 3) * (x + 3)),
            ];
            foreach (var (name, f) in smooth)
            {
                yield return ($"{name}, a leak", x => f(x) + (Fault * StopGradient(f(x))) - StopGradient(Fault * f(x)) + (Fault * (f(x) - StopGradient(f(x)))));
                yield return ($"{name}, with the other sign", x => (2 * StopGradient(f(x))) - f(x));
                yield return ($"{name}, CustomVjp", CustomVjp(x => (f(x), cotangent => Vjp(f)(x).Pullback(cotangent * (1 + Fault)))));
                yield return ($"{name}, CustomJvp", CustomJvp((x, tangent) => (f(x), Jvp(f)(x, tangent * (1 - Fault)).Tangent)));
                yield return ($"{name}, one element", x => f(x) + (Fault * Constant([0, 0, 1], new Shape(3)) * (f(x) - StopGradient(f(x)))));
                yield return ($"{name}, of order 2", CustomJvp((x, tangent) => (f(x), Off(Jvp(f)(x, tangent).Tangent))));
            }

            yield return ("a primitive", Primitive.Define("wrong", Math.Exp, (_, y) => y * (1 + Fault)));
            yield return ("a primitive's second derivative", Primitive.Define("wrong", Math.Exp, (x, y) => y + (Fault * (StopGradient(Exp(x)) - y))));
            yield return ("a transposed Jacobian", CustomVjp(x => (Mixed(x), cotangent => MatMul(s_mix, cotangent))));
            yield return ("a term that is forgotten", x => x * StopGradient(x));
            yield return ("what cancels, but for a millionth", x => Mean(x - Mean(x)) + (Fault * (Sum(Sin(x)) - StopGradient(Sum(Sin(x))))));
        }
    }

    private static readonly Expr s_mix = new double[,] { { 1, 2, 0 }, { 0, 1, 3 }, { 1, 0, 1 } };

    [Fact]
    public void Right_functions_raise_no_alarm()
    {
        var functions = RightFunctions.ToArray();
        Assert.InRange(functions.Length, 300, int.MaxValue);
        var random = new Random(s_seed);
        var alarms = new List<string>();
        foreach (var (name, f) in functions.Where((_, i) => s_points > 0 || i % 4 == 0))
        {
            for (var point = 0; point < Math.Max(1, s_points); point++)
            {
                var x = Point(random);
                _ = Check.Gradients(f, x).IfFail(error => Add($"{name} at {x}: {error.Message}"));
                _ = Check.Adjoint(f, x).IfFail(error => Add($"{name} at {x}: {error.Message}"));
            }
        }

        Assert.True(alarms.Count == 0, $"Seed {s_seed}, {functions.Length} functions, {alarms.Count} alarms:\n{string.Join('\n', alarms)}");

        LanguageExt.Unit Add(string alarm)
        {
            alarms.Add(alarm);
            return default;
        }
    }

    [Fact]
    public void Planted_faults_are_all_found()
    {
        var functions = WrongFunctions.ToArray();
        Assert.InRange(functions.Length, 40, int.MaxValue);
        var random = new Random(s_seed);
        foreach (var (name, f) in functions)
        {
            for (var point = 0; point < Math.Max(1, s_points); point++)
            {
                var x = Point(random);
                Assert.True(Check.Gradients(f, x).IsFail, $"Seed {s_seed}: {name} passes at {x}.");
            }
        }
    }

    // At third order rounding decides in the same way.
    [Fact]
    public void Right_functions_raise_no_alarm_at_order_3()
    {
        foreach (var (name, f) in s_special)
        {
            var result = Check.Gradients(f, new double[] { 0.4, -0.7, 1.1 }, order: 3);
            Assert.True(result.IsSucc, result.Match(Succ: _ => "", Fail: error => $"{name}: {error.Message}"));
        }
    }

    [Fact]
    public void Rounding_is_allowed_for_in_any_unit_and_at_0()
    {
        foreach (var unit in new[] { 1e-6, 1, 1e6 })
        {
            Expr x = new[] { 0.1 * unit, 0.2 * unit, 0.4 * unit };
            Assert.True(Check.Gradients(v => Mean(v - Mean(v)), x).IsSucc);
            Assert.True(Check.Gradients(v => Norm(v / Norm(v)), x, order: 1).IsSucc);
        }

        Assert.True(Check.Gradients(x => LogGamma(x + 1) - LogGamma(x) - Log(x), 2.3).IsSucc);
        Assert.True(Check.Gradients(x => LogGamma(x + 2) - LogGamma(x + 1) - Log(x + 1), 0.0).IsSucc);
        Assert.True(Check.Gradients(x => x + 0.1 + 0.2 - x - 0.3, 0.0).IsSucc);
    }

    // Solve throws where the matrix is singular, which is as far from the point as the first step.
    [Fact]
    public void A_point_where_the_function_throws_counts_as_outside_its_domain()
    {
        Func<Expr, Expr> f = x => x.Value <= 1 ? throw new ArgumentOutOfRangeException(nameof(x)) : Log(x);
        Assert.Equal(1 / 1.2, Numeric.Diff(f)(1.2).Value, 1e-9);
        Assert.True(Check.Gradients(x => x.IsConcrete && x.Value < 1 ? throw new ArgumentOutOfRangeException(nameof(x)) : Sin(x), 1.1).IsSucc);
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : otherwise;

    /// <summary>Elements apart from each other and from 0, so that no norm is.</summary>
    private static Expr Point(Random random) => new[] { 0.2 + random.NextDouble(), -0.2 - random.NextDouble(), 1.3 + (0.6 * random.NextDouble()) };

    private static Expr Regular(Expr x) => Outer(x, Sin(x)) + Diag(Exp(x) + 2);

    private static Expr Symmetric(Expr x) => Outer(x, x) + Diag(new double[] { 1, 4, 9 } + x);

    private static Expr Positive(Expr x) => Outer(x, x) + Diag(Exp(x) + new double[] { 1, 4, 9 });

    private static Expr Mixed(Expr x) => MatMul(s_mix, x);

    /// <summary>The same value, with a derivative that is a millionth too large.</summary>
    private static Expr Off(Expr x) => x + (Fault * (x - StopGradient(x)));
}
