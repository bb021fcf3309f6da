// Sparsity patterns: none misses an entry of a Jacobian, and those of simple functions are exact.

using Autodiff.PropertyTests.Generators;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Sparsity;

[Properties(Arbitrary = [typeof(Programs)], QuietOnSuccess = true)]
public class PatternTests
{
    public static TheoryData<string> Loops => [.. ProgramCases.All.Keys];

    public static TheoryData<string> Structural => [.. StructuralCases.All.Keys];

    [Property(MaxTest = 200)]
    public void The_pattern_of_a_program_misses_no_entry(Program program) => Covers(program.Tensor, program.Input);

    [Property(MaxTest = 60)]
    public void The_pattern_of_a_gradient_misses_no_entry(Program program) => Covers(Grad(program.Scalar), program.Input);

    [Theory, MemberData(nameof(Structural))]
    public void The_pattern_of_a_function_of_tensors_misses_no_entry(string function) => StructuralCase.ForAll(StructuralCases.All[function], 15, x =>
    {
        for (var i = 0; i < x.Operands.Length; i++)
        {
            var position = i;
            Covers(v => x.Apply([.. x.Operands[..position], v, .. x.Operands[(position + 1)..]]), x.Operands[position]);
        }
    });

    [Theory, MemberData(nameof(Loops))]
    public void The_pattern_of_a_loop_misses_no_entry(string name)
    {
        var cases =
            from step in Programs.Short
            from steps in Gen.Choose(1, 3)
            from xs in Tensors.Of(new Shape(steps, 2))
            from c in Tensors.Of(new Shape(2))
            select (step, xs, c);
        Prop.ForAll(cases.ToArbitrary(), x =>
        {
            var (step, xs, c) = x;
            Expr Call(Expr s, Expr items, Expr captured, Expr n) => ProgramCases.All[name](step, s, items, captured, n);
            Covers(v => Call(v, xs, c, 0.9), step.Input);
            Covers(v => Call(step.Input, v, c, 0.9), xs);
            Covers(v => Call(step.Input, xs, v, 0.9), c);
            Covers(v => Call(step.Input, xs, c, v), 0.9);
            Covers(Grad(v => Sum(Sin(Call(step.Input, v, c, 0.9)))), xs);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(6));
    }

    [Fact]
    public void Patterns_of_simple_functions_are_exact()
    {
        Is("×··;·×·;··×", x => Sin(x) * x, 3);
        Is("××·;·××", x => x[1..] * x[..^1], 3);
        Is("×××", x => Sum(x), 3);
        Is("×××;×××;×××", x => x / Sum(x), 3);
        Is("··×;·×·;×··", x => Flip(x, 0), 3);
        Is("×··;××·;×××", x => CumSum(x), 3);
        Is("··×;×··;··×", x => Take(x, [2, 0, 2]), 3);
        Is("×··;·×·;··×;×··;·×·;··×", x => Concat([x, Exp(x)]), 3);
        Is("×··;···;···;···;·×·;···;···;···;··×", Diag, 3);
        Is("×··×·", x => x[0] * x[3], 5);
        Is("×·×·;·×·×;×·×·;·×·×", x => Reshape(MatMul(new double[,] { { 1, 1 }, { 1, 1 } }, Reshape(x, 2, 2)), 4), 4);
    }

    [Fact]
    public void A_symmetric_pattern_has_the_places_of_a_pattern_and_of_its_transpose()
    {
        var pattern = SparsityPattern(x => Stack([x[1] * x[2], x[1], x[0]]), new Shape(3));
        Assert.Equal("·××;·×·;×··", Text(pattern));
        Assert.Equal("·××;××·;×··", Text(pattern.Symmetric()));
        Assert.Equal("··×;···;×··", Text(SparsityPattern(x => Stack([x[2], 0, 0]), new Shape(3)).Symmetric()));
    }

    [Fact]
    public void Second_derivatives_of_a_product_are_0_on_the_diagonal()
    {
        Expr point = new double[] { 0.7, 1e-30, 1.9e300 };
        Assert.Equal([(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)], SparsityPatternAt(Grad(x => Prod(x)), point));
        Assert.Equal(new double[3], Diag(Hessian(x => Prod(x))(point)).ToArray());
    }

    [Fact]
    public void What_never_has_a_derivative_is_not_in_the_pattern()
    {
        Is("···;···;···", x => Floor(x) + Sign(x) + StopGradient(x) + (x > 0), 3);
        Is("×··;·×·;··×", x => x * StopGradient(Sum(x)), 3);
        Is("·×·", x => Cond(Sum(x) > 0, () => x[1], () => 2 * x[1]), 3);
    }

    [Fact]
    public void Products_with_numbers_that_are_0_are_not_in_the_pattern()
    {
        Is("×··;···;··×", x => x * new double[] { 1, 0, 2 }, 3);
        Is("××·;×××;·××", x => MatMul(new double[,] { { 2, -1, 0 }, { -1, 2, -1 }, { 0, -1, 2 } }, x), 3);
        Is("×··;·×·;···", x => Where(new double[] { 1, 1, 0 }, x, 0), 3);
    }

    [Fact]
    public void A_choice_counts_with_both_branches_for_all_values_and_with_one_at_a_point()
    {
        Func<Expr, Expr> chosen = x => Where(x > 0, x, Flip(x, 0));
        Is("×·×;·×·;×·×", chosen, 3);
        Expr point = new double[] { 1, 2, -3 };
        Assert.Equal([(0, 0), (1, 1), (2, 0)], SparsityPatternAt(chosen, point));
        Func<Expr, Expr> branched = x => Cond(x[0] > 0, () => x[1], () => x[2]);
        Is("·××", branched, 3);
        Assert.Equal([(0, 1)], SparsityPatternAt(branched, point));
        Assert.Equal([(0, 1)], SparsityPatternAt(x => x[0].Value > 0 ? x[1] : x[2], point));
        Assert.Equal([(0, 1)], SparsityPatternAt(x => Max(x[0], x[1]), point));
        Assert.Equal([(0, 0)], SparsityPatternAt(x => x[0] * x[0], new double[] { 0 }));
    }

    [Fact]
    public void Loops_are_followed_step_by_step()
    {
        Is("·×·;··×;×··", x => Iterate(4, s => Take(s, [1, 2, 0]), x), 3);
        Is("×··;·×·;··×", x => Scan((s, item) => (s, item * item), (Expr)0, x).Outputs, 3);
        Is("×··;××·;×××", x => Scan((s, item) => (s + item, s + item), (Expr)0, x).Outputs, 3);
        Is("×××;···;···", x => While(s => Sum(s) > 1, s => Stack([s[1], s[2], 0.0]), x) * new double[] { 1, 0, 0 }, 3);
        Is("×··;·×·;··×", Grad(x => Fold((s, item) => s + Pow(item, 3), (Expr)0, x)), 3);
    }

    [Fact]
    public void A_running_total_that_no_derivative_reads_costs_nothing()
    {
        const int N = 40_000;
        var pattern = SparsityPattern(Grad(x => Fold((s, item) => s + Pow(item, 3), (Expr)0, x)), new(N));
        Assert.Equal(Enumerable.Range(0, N).Select(i => (i, i)), pattern);
    }

    [Fact]
    public void A_function_that_is_not_sparse_is_refused()
    {
        var error = Assert.Throws<AutodiffException>(() => SparsityPattern(x => Outer(x, x), new(1000)) is { Count: > 0 } ? SparsityPattern(x => CumSum(x), new(20_000)) : null);
        Assert.Contains("not sparse enough", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Equations_that_share_no_unknown_are_separate() =>
        Is("×··;·×·;··×", x => Root(y => Pow(y, 3) + y - x, Zeros(3)), 3);

    [Fact]
    public void A_custom_rule_says_what_the_result_depends_on()
    {
        Is("×··;·×·;··×", CustomVjp(x => (Floor(x), flow => flow)), 3);
        Is("·×·;··×;×··", CustomVjp(x => (Floor(x), flow => Take(flow, [2, 0, 1]))), 3);
        Is("···;···;···", CustomJvp((x, tangent) => (Exp(x), 0 * tangent)), 3);
    }

    [Fact]
    public void A_batch_of_matrices_is_separate_matrix_by_matrix()
    {
        var pattern = SparsityPattern(x => Det(Reshape(x, 3, 2, 2)), new(12));
        Assert.Equal(Enumerable.Range(0, 12).Select(i => (i / 4, i)), pattern);
        Is("××··;××··;··××;··××", x => Reshape(Sum(Inverse((Reshape(x, 2, 2, 1) * Ones(2, 2, 2)) + Eye(2)), 2), 4), 4);
        Is("×·×·;·×·×;×·×·;·×·×", x => Reshape(Solve(new double[,] { { 2, 1 }, { 1, 3 } }, Reshape(x, 2, 2)), 4), 4);
    }

    [Fact]
    public void The_pattern_of_a_large_band_is_found()
    {
        const int N = 100_000;
        var pattern = SparsityPattern(x => Pow(x[1..^1], 2) - x[..^2] + x[2..], new(N));
        Assert.Equal((N - 2, N, 3 * (N - 2)), (pattern.Rows, pattern.Columns, pattern.Count));
        Assert.Equal([70_000, 70_001, 70_002], pattern.Row(70_000).ToArray());
    }

    [Fact]
    public void A_pattern_can_be_read_in_every_form()
    {
        var pattern = SparsityPattern(x => x[1..] * x[..^1], new(3));
        Assert.Equal((2, 3, 4), (pattern.Rows, pattern.Columns, pattern.Count));
        Assert.Equal([(0, 0), (0, 1), (1, 1), (1, 2)], pattern);
        Assert.True(pattern.Contains(1, 2));
        Assert.False(pattern.Contains(1, 0));
        Assert.Equal([0, 2, 4], pattern.RowPointers.ToArray());
        Assert.Equal([0, 1, 1, 2], pattern.ColumnIndices.ToArray());
        Assert.Equal("2 × 3, 4 places\n× × ·\n· × ×", pattern.ToString());
        Assert.Equal([(0, 0), (1, 0), (1, 1), (2, 1)], pattern.Transpose);
        Assert.Same(pattern, pattern.Transpose.Transpose);
        Assert.Equal(pattern, SparsityPattern(x => x[..^1] + x[1..], new(3)));
        Assert.NotEqual(pattern, pattern.Transpose);
        Assert.Throws<ShapeException>(() => pattern.Row(2));
        Assert.Throws<ShapeException>(() => pattern.Contains(0, 3));
    }

    [Fact]
    public void A_function_that_reads_values_is_refused_with_what_would_work()
    {
        var error = Assert.Throws<NotConcreteException>(() => SparsityPattern(x => x[0].Value > 0 ? x : -x, new(2)));
        Assert.Contains("reads a value", error.Message, StringComparison.Ordinal);
        Assert.Contains("Where", error.Message, StringComparison.Ordinal);
        Assert.Contains("SparsityPatternAt", error.Message, StringComparison.Ordinal);
        Assert.Contains("Value:", error.Message, StringComparison.Ordinal);
        Assert.Throws<NotConcreteException>(() => SparsityPatternAt(x => x, Variable("x")));
        Assert.Throws<AutodiffException>(() => SparsityPattern(null!, new(2)));
        Assert.Throws<AutodiffException>(() => SparsityPattern(_ => null!, new(2)));
        Assert.Throws<AutodiffException>(() => SparsityPatternAt(x => x, null!));
        Assert.Throws<AutodiffException>(() => SparsityPattern(x => x * Variable("y"), new(2)));
    }

    /// <summary>Checks that every entry of the Jacobian that is not 0 is in the pattern for all values and in that at the point.</summary>
    private static void Covers(Func<Expr, Expr> f, Expr x)
    {
        var (everywhere, here) = (SparsityPattern(f, x.Shape), SparsityPatternAt(f, x));
        var jacobian = JacobianForward(f)(x).ToArray();

        // Terms that cancel for all values leave rounding errors, which the pattern does not have.
        var rounding = 1e-15 * jacobian.Where(double.IsFinite).Select(Math.Abs).Append(0).Max();
        for (var i = 0; i < jacobian.Length; i++)
        {
            var (row, column) = Math.DivRem(i, x.Shape.Size);
            Assert.True(Math.Abs(jacobian[i]) <= rounding || everywhere.Contains(row, column), $"({row}, {column}) is {jacobian[i]} but not in the pattern {everywhere}");
            Assert.True(Math.Abs(jacobian[i]) <= rounding || here.Contains(row, column), $"({row}, {column}) is {jacobian[i]} but not in the pattern at the point {here}");
            Assert.True(!here.Contains(row, column) || everywhere.Contains(row, column));
        }
    }

    private static void Is(string expected, Func<Expr, Expr> f, int size) => Assert.Equal(expected, Text(SparsityPattern(f, new(size))));

    private static string Text(SparsityPattern pattern) =>
        string.Join(';', pattern.ToString().Split('\n').Skip(1).Select(line => line.Replace(" ", "", StringComparison.Ordinal)));
}
