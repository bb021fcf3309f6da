// Laws over domains: what a run finds, how it reports it, and that its report reproduces it.

using System.Reflection;
using LanguageExt;
using LanguageExt.Common;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;
using Check = Autodiff.Functional.Check;

namespace Autodiff.PropertyTests.Verification;

public class LawTests
{
    private static readonly Domain<Expr> s_box = Domain.Box(new Shape(3), -2, 2);

    private sealed record Model(Expr Weights, Expr[] Biases);

    [Fact]
    public void Right_derivatives_pass_on_every_kind_of_domain()
    {
        Passes(Check.Gradients(x => Sum(Sin(x) * Exp(x)), within: s_box, order: 3, cases: 40));
        Passes(Check.Gradients(x => Log(x), within: Domain.Positive(new Shape(2))));
        Passes(Check.Gradients(x => -Sum(Xlogy(x, x)), within: Domain.Simplex(4)));
        Passes(Check.Gradients(x => Sqrt(1.5 - Sum(x * x)), within: Domain.Ball(new Shape(3))));
        Passes(Check.Gradients(x => LogDet(x), within: Domain.PositiveDefinite(2), cases: 40));
        Passes(Check.Gradients(x => Sum(MatMul(x, Transpose(x)) * x), within: Domain.Orthogonal(3), cases: 40));
        Passes(Check.Gradients((x, y) => x * Pow(y, 2), within: Domain.Pair(s_box, Domain.Positive(new Shape(3)))));
        Passes(Check.Gradients((x, y, z) => Sum((x * y) + z), within: Domain.Triple(s_box, s_box, s_box), order: 1));
        Passes(Check.Gradients((x, y, z, w) => Sum((x * y) + (z * w)), within: Domain.Quadruple(s_box, s_box, s_box, s_box), order: 1));
    }

    [Fact]
    public void Kinks_jumps_and_the_ends_of_domains_raise_no_alarm()
    {
        Passes(Check.Gradients(x => Sum(Relu(x) * x[0]), within: s_box));
        Passes(Check.Gradients(x => MaxOf(x), within: s_box));
        Passes(Check.Gradients(x => Abs(x) + Floor(x), within: s_box));
        Passes(Check.Gradients(Sqrt, within: Domain.Box(new Shape(2), 0, 4)));
        Passes(Check.Gradients(x => Relu(x), within: Domain.Box(new Shape(2), 0, 4)));
    }

    // At each of these points the derivative is right as far as doubles go, and values of the function near it mislead.
    public static TheoryData<string> Misleading => new(s_misleading.Keys);

    private static readonly Dictionary<string, (Func<Expr, Expr> F, Expr Ordinary, Expr Misleading)> s_misleading = new()
    {
        ["steps that are too short for differences"] = (Floor, 0.5, 1e30),
        ["steps that look like rounding"] = (Round, 0.4, 5e7),
        ["a shape far below the steps"] = (x => Sqrt(Abs(x)) + Sin(x), 0.5, 1e-30),
        ["a shape that rounding hides"] = (x => 1 + Sqrt(x), 0.5, 1e-300),
        ["an oscillation far below the steps"] = (x => Sin(1 / x), 0.5, 1e-8),
        ["an oscillation beside another"] = (x => Sin(1 / x) is var y ? (y / 3) - Mean(y) : y, new double[] { 1, 2 }, new double[] { 1e-30, 1e-8 }),
        ["an infinite slope that values hardly show"] = (x => Pow(x[0], x[1]), new double[] { 1, 2 }, new double[] { 0, 0.9986 }),
        ["quotients that turn far below the steps"] = (x => BetaInc(x[0], 9, x[1]) + (30 * x[0] * x[1]), new double[] { 1, 0.5 }, new double[] { 1.09, 0 }),
        ["an infinite slope that rounding hides"] = (x => 1 + (1e-30 * Sqrt(1 - x)), 0.5, 1),
        ["a cusp far below the steps"] = (x => Sqrt(Abs(x[1] - (x[0] * x[0] / 100))) + 0.1, new double[] { 1, 2 }, new double[] { 1e-30, 0 }),
        ["a product of extremes"] = (x => Prod(x), new double[] { 1, 2, 3 }, new double[] { 1, 1e-30, 1e300 }),
        ["a power of the smallest number"] = (x => Pow(x[0], x[1]), new double[] { 1, 2 }, new double[] { 5e-324, 5e-324 }),
        ["a logarithm that is infinite on the way"] = (x => LogSumExp(Log(x) + 1), new double[] { 1, 2 }, new double[] { 1, 0 }),
        ["equal singular values"] = (x => Sum(Svd(x).S), Constant([1, 2, 3, 4, 5, 7], new Shape(2, 3)), Constant([-2, 2, 1, 2, 1, 2], new Shape(2, 3))),
        ["a determinant that is rounding alone"] = (x => Det(Outer(x, x)), new double[] { 1, 2 }, new double[] { 1e-30, 1e-30 }),
        ["a difference that double-double loses"] = (LogNormalCdf, -1, -1e30),
        ["terms that cancel in a series"] = (x => Exp(x - LogSumExp(x)), new double[] { 1, 2, 3 }, new double[] { -1e300, 53, 0 }),
        ["a quotient of constants that cancel"] = (x => x - (x / 3) - (x / 3) - (x / 3), 1, 1e-8),
        ["rounding beside a root"] = (x => Sin(GammaQ(0.5, x) / 3) is var y ? y - Mean(y) : y, new double[] { 1, 2 }, new double[] { 1e-8, 1e-30 }),
        ["an end of one side only"] = (x => Sin(NormalQuantile(x) / 3) is var y ? y - Mean(y) : y, new double[] { 0.3, 0.2 }, new double[] { 1e-300, 1e-300 }),
    };

    [Theory]
    [MemberData(nameof(Misleading))]
    public void Values_that_mislead_raise_no_alarm(string name)
    {
        var (f, ordinary, misleading) = s_misleading[name];
        Passes(Check.Gradients(f, within: Domain.OneOf(ordinary, misleading), order: 2));
    }

    [Fact]
    public void A_tie_at_the_end_of_a_domain_is_a_kink()
    {
        var box = Domain.Box(new Shape(2), 0, 3);
        Passes(Check.Gradients((x, y) => Where(x > y, x * x, y * x), within: Domain.Pair(box, box), order: 2, seed: 1));
    }

    [Fact]
    public void A_rule_that_gives_no_number_is_wrong_where_the_operation_has_a_derivative()
    {
        Func<Expr, Expr> f = CustomVjp(x => (x * x, c => c * Where(x > 0, 2, double.NaN) * x), "square");
        var found = Fails(Check.Gradients(x => Sum(Log(f(x) + 1)), within: Domain.Box(new Shape(2), -2, 2)));
        Assert.Contains("`square`", found.Blame.IfNone(""), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_rule_that_gives_an_infinite_slope_where_the_operation_has_another_is_wrong(double slope)
    {
        // The slope next to 0 neither grows nor is too small to be seen.
        Func<Expr, Expr> f = CustomVjp(x => (1 + (slope * x), c => c * Where(x * x > 0, slope, double.PositiveInfinity)), "ramp");
        Assert.IsType<DerivativeMismatch>(Fails(Check.Gradients(f, within: Domain.OneOf((Expr)0.0))).Cause);
    }

    [Fact]
    public void The_methods_beside_each_other_show_the_element_that_is_wrong()
    {
        Func<Expr, Expr> f = CustomVjp(x => (Sin(x), c => 2 * c * Cos(x)), "twice");
        var found = Fails(Check.Gradients(x => Stack([Sqrt(x), f(x)]), within: Domain.OneOf((Expr)0.0), order: 1));
        Assert.Equal(1, found.Methods.Single(method => method.Method == "finite differences").Value, 1e-9);
        Assert.Equal(2, found.Methods.Single(method => method.Method == "reverse").Value);
    }

    [Fact]
    public void What_throws_or_is_not_finite_is_undefined_and_no_fault()
    {
        Passes(Check.Gradients(x => Sqrt(x), within: s_box));
        Passes(Check.Gradients(x => x.Shape.Size < 3 || x[0].IsConcrete && x[0].Value < 0 ? throw new InvalidOperationException("negative") : Exp(x), within: s_box));
        var nowhere = Fails(Check.Gradients(x => Log(-1 - (x * x)), within: s_box));
        Assert.IsType<NoDerivative>(nowhere.Cause);
        Assert.Contains("nothing could be checked at any of 100 points", nowhere.Message, StringComparison.Ordinal);
        Assert.Contains("seven", Fails(Check.Gradients(Throwing, within: s_box)).Message, StringComparison.Ordinal);
        Assert.IsType<JumpFound>(Fails(Check.Gradients(x => Where(x > 0, 1 + x, x), within: Domain.OneOf((Expr)0))).Cause);

        static Expr Throwing(Expr x) => throw new InvalidOperationException("seven");
    }

    [Fact]
    public void No_probe_leaves_the_domain()
    {
        // The function notes every argument that has a value.
        var least = double.PositiveInfinity;
        Expr F(Expr x)
        {
            least = x.IsConcrete ? Math.Min(least, x.ToArray().Min()) : least;
            return Sqrt(x) * x;
        }

        Passes(Check.Gradients(F, within: Domain.Box(new Shape(2), 0, 1)));
        Assert.Equal(0, least);
    }

    [Fact]
    public void A_fault_is_shrunk_blamed_and_reproduced()
    {
        var scaled = CustomVjp(x => (Sin(x), flow => 2 * flow * Cos(x)), "scaled");
        var found = Fails(Check.Gradients(x => Sum(Exp(scaled(x * x))), within: s_box, cases: 20, seed: 4));
        Assert.Equal("(Expr)new double[] { 1.0 }", found.Point);
        Assert.Equal("the derivative of your rule `scaled`: factor 2", found.Blame.IfNone(""));
        Assert.Equal(4, found.Seed);
        Assert.InRange(found.Shrinks, 1, 20);
        Assert.Contains(found.Methods, method => method.Method == "finite differences");
        var (reverse, differences) = (found.Methods.First(method => method.Method == "reverse"), found.Methods.First(method => method.Method == "finite differences"));
        Assert.Equal(2, reverse.Value / differences.Value, 1e-9);
        Assert.True(reverse.Ulps > 1e10);
        Assert.All([found.Point, "At fault", "Case ", "To reproduce", "ulps away"], part => Assert.Contains(part, found.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_rule_is_named_by_its_method_and_by_its_name()
    {
        static (Expr, Func<Expr, Expr>) Doubled(Expr x) => (Sin(x), flow => 2 * flow * Cos(x));
        Assert.Contains("your rule `Doubled`", Fails(Check.Gradients(CustomVjp(Doubled), within: s_box)).Message, StringComparison.Ordinal);
        Assert.Contains("your rule (CustomVjp)", Fails(Check.Gradients(CustomVjp(x => (Sin(x), flow => flow)), within: s_box)).Message, StringComparison.Ordinal);
        Assert.Contains("your rule `pushed`", Fails(Check.Gradients(CustomJvp((x, tangent) => (Sin(x), tangent), "pushed"), within: s_box)).Message, StringComparison.Ordinal);
        Assert.Contains("your primitive `softsign`", Fails(Check.Gradients(Primitive.Define("softsign", x => x / (1 + Math.Abs(x)), (x, y) => 1 / (1 + Abs(x))), within: s_box)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_fault_inside_a_loop_or_a_branch_is_found_there()
    {
        var scaled = CustomVjp(x => (Sin(x), flow => 1.001 * flow * Cos(x)), "scaled");
        Assert.Contains("`scaled`", Fails(Check.Gradients(x => Fold((state, item) => scaled(state) + item, x[0], x), within: s_box, cases: 20)).Blame.IfNone(""), StringComparison.Ordinal);
        Assert.Contains("`scaled`", Fails(Check.Gradients(x => Cond(Sum(x) > 0, () => Sum(scaled(x)), () => Sum(x)), within: s_box, cases: 50)).Blame.IfNone(""), StringComparison.Ordinal);
        Assert.Contains("`scaled`", Fails(Check.Gradients(Checkpoint(x => Sum(scaled(x))), within: s_box, cases: 20)).Blame.IfNone(""), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_element_of_a_tree_is_named_by_its_path()
    {
        var models =
            from weights in Domain.Box(new Shape(2), 1, 2)
            from bias in Domain.Box(new Shape(2), 1, 2)
            select new Model(weights, [weights * 0.5, bias]);
        var found = Fails(Check.Gradients((Model model) => Sum(model.Weights) + Sum(model.Biases[1] * StopGradient(model.Biases[1])), within: models));
        Assert.Contains("Biases[1][", found.Message, StringComparison.Ordinal);
        Assert.Contains("within: models", found.Snippet.IfNone(""), StringComparison.Ordinal);
    }

    [Fact]
    public void The_snippet_finds_the_same()
    {
        var found = Fails(Check.Gradients(x => Sum(x * AD.StopGradient(x)), within: Domain.Box(new Shape(2), 1, 2), order: 1));
        var lines = found.Snippet.IfNone("").Split('\n');
        var source = $"{string.Join('\n', lines.Where(line => line.StartsWith("using", StringComparison.Ordinal)))}\npublic static class Reproduction {{ public static object Run() {{ {lines[^1]} return outcome; }} }}";
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(path => MetadataReference.CreateFromFile(path));
        using var image = new MemoryStream();
        var result = CSharpCompilation.Create("Reproduction", [CSharpSyntaxTree.ParseText(source)], references, new(OutputKind.DynamicallyLinkedLibrary)).Emit(image);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics) + source);
        var outcome = (Fin<Unit>)Assembly.Load(image.ToArray()).GetType("Reproduction")!.GetMethod("Run")!.Invoke(null, null)!;
        Assert.Equal(((DerivativeMismatch)found.Cause).Found, Assert.IsType<DerivativeMismatch>(outcome.Match(Succ: _ => null!, Fail: error => error)).Found);
    }

    [Fact]
    public void A_law_of_ones_own_is_tried_and_shrunk()
    {
        var law = new Law<Expr>("short sums", s_box, x => Math.Abs(Sum(x).Value) < 1.5 ? Prelude.unit : Error.New("the sum is large"));
        var found = Fails(law.Run(cases: 50, seed: 2));
        Assert.Equal(("short sums", "(Expr)new double[] { 2.0 }", "the sum is large"), (found.Law, found.Point, found.Cause.Message));
        Assert.True(found.Blame.IsNone && found.Snippet.IsNone && found.Methods.IsEmpty);
        Passes(new Law<Expr>("bounded", s_box, x => Sum(Abs(x)).Value <= 6 ? Prelude.unit : Error.New("large")).Run());
        Assert.Contains("Law.Run: the number of cases is 0", Assert.Throws<AutodiffException>(() => law.Run(cases: 0)).Message, StringComparison.Ordinal);
        Assert.Throws<AutodiffException>(() => new Law<Expr>(null!, s_box, _ => Prelude.unit));
        Assert.Throws<AutodiffException>(() => new Law<Expr>("none", null!, _ => Prelude.unit));
        Assert.Throws<AutodiffException>(() => new Law<Expr>("none", s_box, null!));
        Assert.Throws<AutodiffException>(() => law.At(null!));
        Assert.Throws<AutodiffException>(() => law.Explain(null!, found));
        Assert.Throws<AutodiffException>(() => law.Explain(s_box.Points(1).First(), null!));
    }

    [Fact]
    public void Bad_input_is_refused()
    {
        Assert.Contains("the function is null", Assert.Throws<AutodiffException>(() => Check.Gradients((Func<Expr, Expr>)null!, within: s_box)).Message, StringComparison.Ordinal);
        Assert.Contains("the domain is null", Assert.Throws<AutodiffException>(() => Check.Gradients(Sin, within: (Domain<Expr>)null!)).Message, StringComparison.Ordinal);
        Assert.Contains("the order is 0", Assert.Throws<AutodiffException>(() => Check.Gradients(Sin, within: s_box, order: 0)).Message, StringComparison.Ordinal);
        Assert.Contains("result is null", Assert.Throws<AutodiffException>(() => Check.Gradients(_ => null!, within: s_box)).Message, StringComparison.Ordinal);
        Assert.IsType<NoDerivative>(Fails(Check.Gradients((int n) => n * Variable("x", (Expr)2), within: Domain.Integers(1, 3))).Cause);
    }

    [Fact]
    public void Digits_are_those_of_the_value_and_of_the_derivative()
    {
        Assert.Equal(4.05, Check.Digits(x => (1 - Cos(x)) / (x * x), 1e-6), 0.01);
        Assert.InRange(Check.Digits(x => Sin(x) / (1 + Exp(x)), 2.0), 15, 16);
        Assert.InRange(Check.Digits(Grad(x => Sin(x) / (1 + Exp(x))), 2.0), 15, 16);
        Assert.Equal(0, Check.Digits(x => (1e20 + x) - 1e20, 3.0));
        Assert.Equal(16, Check.Digits(x => x * 0, new double[] { 1, 2 }));
        Assert.Throws<AutodiffException>(() => Check.Digits(null!, 1.0));
        Assert.Throws<AutodiffException>(() => Check.Digits(Sin, null!));
        Assert.Throws<AutodiffException>(() => Check.Digits(Primitive.Define("id", x => x, (_, _) => 1), 1.0));
        Assert.Throws<NotConcreteException>(() => Check.Digits(Sin, Variable("x")));
    }

    private static void Passes(Fin<Unit> result) => result.IfFail(error => Assert.Fail(error.Message));

    private static Counterexample Fails(Fin<Unit> result) => Assert.IsType<Counterexample>(result.Match(Succ: _ => null!, Fail: error => error));
}
