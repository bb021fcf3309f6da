// Reading what is printed: the text of the expression that is read is the text that was read, and its value is the same to the bit.

using Autodiff.Functional.Display;
using Autodiff.PropertyTests.Generators;
using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Parsing;

public class RoundTripTests
{
    private static readonly Expr x = Variable("x");
    private static readonly Expr y = Variable("y");
    private static readonly Expr v = Variable("v", new Shape(3));
    private static readonly Expr w = Variable("w", new Shape(3));
    private static readonly Expr A = Variable("A", new Shape(3, 3));
    private static readonly Func<Expr, Expr> s_softsign = Primitive.Define("softsign", t => t / (1 + Math.Abs(t)), (t, _) => 1 / Pow(1 + Abs(t), 2));
    private static readonly ParseOptions s_options = new() { Functions = new Dictionary<string, Func<Expr, Expr>> { ["softsign"] = s_softsign } };

    public static TheoryData<string> Structural => [.. StructuralCases.All.Keys];

    public static TheoryData<string> OfPrograms => [.. ProgramCases.All.Keys.Where(name => !name.StartsWith("Custom", StringComparison.Ordinal))];

    public static TheoryData<Expr> Whole => new()
    {
        x, 2 * x, -x, -(x * y), -x * y, x - (y - x), x / (y / x), Pow(Pow(x, y), 2), Pow(x, Pow(y, 2)), Pow(-x, 2), -Pow(x, 2), x * -2, -2 * x, Pow(-2, x), x - -2,
        x < y, (x < y) == (y <= 1) ? x : y, Eq(x, y) > 0, !(x > y), 1 - (x < y),
        Where(x > 0, x, -x), Clamp(x, -1, y), BesselJ0(x), BesselJ1(x), Polygamma(3, x), Grad(Erf)(x), Grad(t => Gamma(t))(x), Grad(Grad(NormalCdf))(x), Grad(t => LogBeta(t, y))(x),
        Grad(t => GammaP(2.5, t))(x), Grad(Sinc)(x), Grad(LogNormalCdf)(x), Grad(BesselI0)(x), StopGradient(x) * y, Norm(v), Grad(t => Norm(t))(v), Min(x, y), Hypot(x, y),
        x * double.NaN, x + double.PositiveInfinity, x * double.NegativeInfinity, x + -0.0, x * 1e-300, x * 1.5e300, x / 3, x + 0.1,
        v + new double[] { 1, -2, 3.5 }, A + new double[,] { { 1, 2, 3 }, { 4, 5, 6 }, { 7, 8, 9 } }, x * Zeros(0), x * Zeros(0, 3), x * Zeros(2, 0), x * Zeros(100), x * Filled(0.5, 6, 7),
        Exp(x) * Exp(x), Exp(x) is var e ? e / (1 + e) : x, Variable("a", x - 1) is var a ? (a * a) + x : x, Variable("a", v * 2) is var b ? Sum(b) + Variable("c", Sum(b)) : x,
        Variable("x") + x, Variable("e") * x, Variable("π") + Variable("NaN") + Variable("let"), Variable("weight 1") * x, Variable("sin") * x, Variable("gamma") - x, Variable("beta") + Sin(x),
        Variable("x²") + 1, Variable("x₁′") * x, Variable("α_β'"), Variable("t1") * (Exp(x) is var s ? s + (1 / s) : x),
        v[0] + v[2], v[1..], v[..2], v[1..2], A[0], A[.., 1], A[1.., ..2], A[1, 1..], A[^1], Reshape(A, 9)[3..6], Reshape(v, 3, 1), Reshape(x, 1), Reshape(v[..1], new Shape([])), Transpose(A), Permute(Reshape(A, 3, 3, 1), 1, 0, 2), Flip(v), CumSum(A, 1), Grad(t => CumSum(t)[1])(v),
        Concat([v, w]), Concat([A, A * 2], 1), Stack([v, w], 1), Stack([x, y]), Take(v, [0, 2, 2]), Take(A, [2, 0], 1), Grad(t => t[1] * Sum(t[1..]) * y)(v), Grad(t => Sum(Take(t, [0, 2], 1) * Take(t, [1, 1], 1)))(A), Grad(t => Sum(t[1.., 0]) * y)(A),
        Sum(A, 0), Sum(A, [0, 1], keepDims: true), Prod(v), MaxOf(A, 1), MinOf(A), LogSumExp(A, -1, keepDims: true), LogSumExp(Log(v)), Norm(A, 0), Mean(A, 1),
        Dot(v, w), MatMul(A, v), Outer(v, w), Trace(A), Diag(v), Diag(A), Einsum("ij,kj->ik", A, A), Einsum("ii->i", A), Grad(t => Trace(t) * y)(A), Grad(t => Sum(Einsum("ij->i", t) * v))(A), Jacobian(t => Einsum("ij,j->i", A, t))(v),
        Solve(A, v), Solve(A, A), SolveTriangular(A, v), SolveTriangular(A, v, false, true, true), Inverse(A), Det(A), LogDet(A), Cholesky(A), Qr(A).R, Eigh(A).Values, Svd(A).S, Expm(A), PolarFactor(A), MatrixFunction(Sqrt, A), MatrixFunction(t => Pow(t, y), A),
        Lstsq(A, v), PInv(A), SignedLogDet(A).Sign, MatrixNorm(A, "nuc"), Sqrtm(A), Logm(A), SolveSylvester(A, A, A), SolveBanded(1, 1, A, v), Lu(A).U, Grad(t => Sum(Logm(t)))(A), Grad(t => Sum(Sqrtm(t)))(A), Grad(t => MatrixNorm(t, "nuc"))(A),
        Grad(Det)(A), Grad(LogDet)(A), Grad(t => Sum(Expm(t)))(A), Grad(t => Sum(PolarFactor(t)))(A), Grad(t => Sum(MatrixFunction(Exp, t)))(A), Grad(t => Sum(MatrixFunction(z => Pow(z, t), A)))(y), Grad(t => Sum(Solve(t, v)))(A),
        Convolve(v, w), Grad(t => Sum(Sin(Convolve(t, w, ConvolutionMode.Same))))(v), MaxPool(Reshape(A, 1, 1, 3, 3), 2, 1), Grad(t => Sum(Sin(MaxPool(Reshape(t, 1, 1, 3, 3), 2, [1, 2], 1))))(A), MeanPool(Reshape(A, 1, 3, 3), 2),
        Cond(x > 0, () => Sqrt(x), () => y), Cond(x, () => (x, v), () => (y, w)).Item1, Cond(x, () => (v, w), () => (w, v)).Item2, Fold((s, t) => (s * t) + y, x, v), Scan((s, t) => (s + t, s * t), x, v, reverse: true).Outputs,
        Iterate(5, s => s * y, x), Iterate(5, s => (A: s.B, B: s.A * x), (A: x, B: y)).A, While(s => s < y, s => s * 2, x), While(s => s < y, s => s * 2, x, limit: 100), Iterate(2, s => Iterate(3, u => u * s, y), x),
        Checkpoint(s => Sin(s) * y)(x), Jvp(t => Iterate(5, s => s * t, y))(x, 1).Tangent, s_softsign(x) + 1, Root(t => (t * t) - y, x), Primitive.Define("my function", t => t, (_, _) => 1) is var f ? x : x,
    };

    [Theory]
    [MemberData(nameof(Whole), DisableDiscoveryEnumeration = true)]
    public void A_formula_that_is_printed_is_read(Expr expression) => IsRead(expression);

    [Theory]
    [MemberData(nameof(Whole), DisableDiscoveryEnumeration = true)]
    public void A_formula_that_leaves_nothing_out_is_read(Expr expression)
    {
        Expr[] variables = [.. VariablesOf(expression)];
        if (variables.Select(variable => variable.Name).Distinct().Count() == variables.Length)
        {
            _ = IsReadInFull(expression, variables, ValuesOf(variables));
        }
    }

    [Fact]
    public void Large_constants_and_long_functions_are_read_if_nothing_is_left_out()
    {
        var large = x * Arange(100) + Take(Variable("u", new Shape(50)), [.. Enumerable.Range(0, 50).Reverse()])[0];
        var step = Fold((s, t) => Sin(s * t) is var z ? (z * z) + (z / (1 + Exp(z * y))) - Sin(Sin(Sin(z + Cos(z)))) : s, x, v);

        Assert.Contains("...", large.ToFormula(), StringComparison.Ordinal);
        Assert.Contains("...", step.ToFormula(), StringComparison.Ordinal);
        Assert.Equal(
            "fold((s, x) => { let t1 = sin(s * x); t1 * t1 + t1 / (1 + exp(t1 * y)) - sin(sin(sin(t1 + cos(t1)))) }, x, v)", step.ToFormula(abbreviate: false));
        foreach (var whole in new[] { large, step })
        {
            Expr[] variables = [.. VariablesOf(whole)];
            Assert.Equal(whole.ToFormula(abbreviate: false), IsReadInFull(whole, variables, ValuesOf(variables))!.ToFormula(abbreviate: false));
        }
    }

    [Fact]
    public void Random_programs_are_read() =>
        Prop.ForAll(Programs.Arbitrary, program => IsRead(program.Tensor(Variable("x", program.Input.Shape)))).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Gradients_of_random_programs_are_read() =>
        Prop.ForAll(Programs.Arbitrary, program => IsRead(Grad(program.Scalar)(Variable("x", program.Input.Shape)))).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Theory]
    [MemberData(nameof(Structural))]
    public void Every_function_of_tensors_and_its_derivatives_are_read(string name)
    {
        StructuralCase.ForAll(StructuralCases.All[name], 20, x =>
        {
            Expr[] variables = [.. x.Operands.Select((operand, i) => Variable($"x{i}", operand.Shape))];
            IsRead(x.Apply(variables), x.Operands);
            for (var i = 0; i < variables.Length; i++)
            {
                var own = i;
                IsRead(Grad(t => Sum(Sin(x.Apply([.. variables.Select((variable, j) => j == own ? t : variable)]))))(variables[i]), x.Operands);
            }
        });
    }

    [Theory]
    [MemberData(nameof(OfPrograms))]
    public void Loops_branches_and_calls_are_read(string name)
    {
        var use = ProgramCases.All[name];
        var cases =
            from step in Programs.Short
            from number in Gen.Choose(1, 10)
            select (Step: step, Number: number / 10.0);
        Prop.ForAll(cases.ToArbitrary(), x =>
        {
            var (state, items, captured, number) = (Variable("a", new Shape(2)), Variable("b", new Shape(3, 2)), Variable("c", new Shape(2)), Variable("n"));
            Expr[] values = [Tensors.Direction(new Shape(2), 1), Tensors.Direction(new Shape(3, 2), 2), Tensors.Direction(new Shape(2), 3), x.Number];
            Expr[] variables = [state, items, captured, number];
            var value = use(x.Step, state, items, captured, number);
            _ = IsReadInFull(value, variables, values);
            _ = IsReadInFull(Jvp(t => use(x.Step, t, items, captured, number))(state, captured).Tangent, variables, values);
            _ = IsReadInFull(Grad(t => Sum(use(x.Step, state, items, captured, t)))(number), variables, values);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(30));
    }

    private static Expr Filled(double value, params int[] lengths) => value * Ones(lengths);

    private static void IsRead(Expr expression, Expr[]? values = null)
    {
        Expr[] variables = [.. VariablesOf(expression)];
        var given = ValuesOf(variables);
        IsRead(expression, variables, [.. variables.Select((variable, i) => values is null ? given[i] : variable.Name == "x0" ? values[0] : variable.Name == "x1" ? values[1] : given[i])]);
    }

    /// <summary>Positive numbers, and matrices that are positive definite or at least regular.</summary>
    private static Expr[] ValuesOf(Expr[] variables) => [.. variables.Select((variable, i) =>
        variable.Shape == new Shape(3, 3) ? (Tensors.Direction(variable.Shape, i) / 4) + Eye(3) + 1 : Abs(Tensors.Direction(variable.Shape, i)) + 0.1)];

    // A derivative is printed in ordinary functions, and simplified.
    private static void IsRead(Expr expression, Expr[] variables, Expr[] values)
    {
        expression = Formula.Read(expression);
        var text = expression.ToFormula();
        if (text.Contains("...", StringComparison.Ordinal) || text.Contains("vjp(", StringComparison.Ordinal))
        {
            Assert.Throws<ParseException>(() => Parse(text, s_options));
            return;
        }

        Expr[] named = [.. variables.GroupBy(variable => variable.Name).Select(group => group.First())];
        var read = Parse(text, s_options, named);
        Assert.Equal(text, read.ToFormula());
        Assert.Equal(expression.Shape, read.Shape);
        if (named.Length == variables.Length)
        {
            (Expr, Expr)[] pairs = [.. variables.Zip(values)];
            Agreement.Identical(expression.Substitute(pairs), read.Substitute(pairs));
        }
    }

    /// <summary>
    /// Whether the formula with nothing left out is read with the same value. Reading merges equal terms of a function inside, and takes out of it
    /// what does not depend on its parameters, so the text of what is read may differ from that of a derivative.
    /// </summary>
    private static Expr? IsReadInFull(Expr expression, Expr[] variables, Expr[] values)
    {
        var text = expression.ToFormula(abbreviate: false);
        if (text.Contains("vjp(", StringComparison.Ordinal))
        {
            Assert.Contains("vjp cannot be read", Assert.Throws<ParseException>(() => Parse(text, s_options, variables)).Message, StringComparison.Ordinal);
            return null;
        }

        var read = Parse(text, s_options, variables);
        Assert.Equal(expression.Shape, read.Shape);
        (Expr, Expr)[] pairs = [.. variables.Zip(values)];
        Agreement.Identical(expression.Substitute(pairs), read.Substitute(pairs));
        return read;
    }

    private static IEnumerable<Expr> VariablesOf(Expr expression)
    {
        var (seen, pending) = (new HashSet<Expr>(ReferenceEqualityComparer.Instance), new Stack<Expr>([expression]));
        while (pending.TryPop(out var node))
        {
            if (seen.Add(node))
            {
                if (node.Name.IsSome && node.Operands.Count == 0)
                {
                    yield return node;
                }

                foreach (var operand in node.Operands)
                {
                    pending.Push(operand);
                }
            }
        }
    }
}
