// Simplified formulas: the same function, never longer, and written in one order; by random programs and by examples.

using Autodiff.Functional.Verification;
using Autodiff.PropertyTests.Generators;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Algebra;

[Properties(Arbitrary = [typeof(Programs)], QuietOnSuccess = true)]
public class SimplifyTests
{
    // Relative to the largest intermediate value: sums in another order round differently.
    private const double Rounding = 1e-9;

    private static readonly Expr x = Variable("x"), y = Variable("y"), z = Variable("z");

    [Property(MaxTest = 300)]
    public void A_simplified_program_is_the_same_function(Program program) => AreSame(program.Scalar, program.Input);

    [Property(MaxTest = 60)]
    public void A_simplified_gradient_is_the_same_function(Program program) => AreSame(Grad(program.Scalar), program.Input);

    [Property(MaxTest = 100)]
    public void The_gradient_of_what_was_simplified_is_the_gradient(Program program)
    {
        var variable = Variable("x", program.Input.Shape);
        var simplified = program.Scalar(variable).Simplify();
        var found = Grad(v => simplified.Substitute((variable, v)))(program.Input);
        var expected = Grad(program.Scalar)(program.Input);
        Agree(expected, found, Math.Max(Intermediates.Largest(Grad(program.Scalar), program.Input), Intermediates.Largest(program.Scalar, program.Input)));
    }

    [Property(MaxTest = 200)]
    public void Simplifying_never_lengthens_and_ends(Program program)
    {
        var formula = program.Scalar(Variable("x", program.Input.Shape));
        var simplified = formula.Simplify();
        Assert.InRange(Operations(simplified), 0, Operations(formula));
        Assert.Equal(simplified, simplified.Simplify(), Comparer.Structural);
    }

    [Property(MaxTest = 100)]
    public void The_order_of_operands_makes_no_difference(Program program, int seed)
    {
        var formula = program.Scalar(Variable("x", program.Input.Shape));
        var random = new Random(seed);
        var shuffled = new Dictionary<Expr, Expr>(ReferenceEqualityComparer.Instance);
        foreach (var node in formula.Nodes())
        {
            Expr[] operands = [.. node.Operands.Select(operand => shuffled[operand])];
            shuffled.Add(node, node.OperandCount == 0 ? node : node.Op.IsCommutative() && random.Next(2) == 0 ? node.WithOperands(operands[1], operands[0]) : node.WithOperands(operands));
        }

        Assert.Equal(formula.Simplify().ToFormula(), shuffled[formula].Simplify().ToFormula());
    }

    [Fact]
    public void Operands_that_differ_in_an_attribute_alone_have_an_order()
    {
        var a = Variable("a", new Shape(2, 2));
        var (cube, square) = (Primitive.Define("Cube", x => x * x * x, (x, _) => 3 * x * x), Primitive.Define("Square", x => x * x, (x, _) => 2 * x));
        Expr[] operands =
        [
            Sin(Sum(a, axis: 0)), Sin(Sum(a, axis: 1)), a[0], a[1], a[.., 0], Take(a, [0, 0])[0], Take(a, [0, 1])[0], Einsum("ij,ij->i", a, a), Einsum("ij,ji->i", a, a),
            cube(a[0]), square(a[0]), Fold((state, item) => state * item, a[0], a), Fold((state, item) => state + item, a[0], a),
        ];
        foreach (var (x, y) in from x in operands from y in operands select (x, y))
        {
            Assert.Equal((x + y).Simplify().ToFormula(), (y + x).Simplify().ToFormula());
            Assert.Equal((x * y).Simplify().ToFormula(), (y * x).Simplify().ToFormula());
        }
    }

    [Property(MaxTest = 400)]
    public void Formulas_of_functions_that_have_identities_stay_the_same_functions(int seed)
    {
        var random = new Random(seed);
        var formula = RandomFormula(random, 5);
        for (var k = 0; k < 4; k++)
        {
            var (a, b) = ((Expr)((5 * random.NextDouble()) - 1.5), (Expr)((5 * random.NextDouble()) - 1.5));
            Func<Expr, Expr> f = v => formula.Substitute((x, v[0]), (y, v[1]));
            Expr at = Stack([a, b]).Detached();
            AreEqualAt(f, v => formula.Simplify().Substitute((x, v[0]), (y, v[1])), at, formula);
            AreEqualAt(f, v => formula.Expand().Substitute((x, v[0]), (y, v[1])), at, formula);
            AreEqualAt(f, v => formula.Collect(x).Substitute((x, v[0]), (y, v[1])), at, formula);
        }
    }

    private static Expr RandomFormula(Random random, int depth)
    {
        if (depth == 0 || random.Next(6) == 0)
        {
            return random.Next(3) switch { 0 => x, 1 => y, _ => random.Next(-3, 4) / (double)random.Next(1, 4) };
        }

        var a = RandomFormula(random, depth - 1);
        return random.Next(16) switch
        {
            0 or 1 => a + RandomFormula(random, depth - 1),
            2 or 3 => a - RandomFormula(random, depth - 1),
            4 or 5 => a * RandomFormula(random, depth - 1),
            6 or 7 => a / RandomFormula(random, depth - 1),
            8 => Pow(a, random.Next(-3, 4) / 2.0),
            9 => Pow(a, RandomFormula(random, 1)),
            10 => Exp(a),
            11 => Log(a),
            12 => Sqrt(a),
            13 => random.Next(2) == 0 ? Sin(a) : Cos(a),
            14 => random.Next(3) switch { 0 => Tan(a), 1 => Sinh(a), _ => Cosh(a) },
            _ => random.Next(3) switch { 0 => Abs(a), 1 => Tanh(a), _ => -a },
        };
    }

    /// <summary>Compares values where rounding, as far as it is seen beside the point, leaves something to compare.</summary>
    private static void AreEqualAt(Func<Expr, Expr> f, Func<Expr, Expr> g, Expr at, Expr formula)
    {
        var (expected, beside) = (f(at).Value, f(at * (1 + 1e-13)).Value);
        var largest = Intermediates.Largest(f, at);
        if (double.IsFinite(expected) && double.IsFinite(beside) && largest < 1e100)
        {
            var found = g(at).Value;
            var allowed = (1e4 * Math.Abs(beside - expected)) + (Rounding * Math.Max(Math.Abs(expected), largest));
            Assert.True(Math.Abs(found - expected) <= allowed, $"{formula} at {at}: {found} instead of {expected}");
        }
    }

    [Fact]
    public void Derivatives_read_as_in_a_textbook()
    {
        Is("6 * x", Derivative(v => Pow(v, 3), 2));
        Is("60 * x^2", Derivative(v => Pow(v, 5), 3));
        Is("let t1 = exp(-x); t1 / (t1 + 1)^2", Derivative(v => 1 / (1 + Exp(-v)), 1));
        Is("1 / cos(x)^2", Derivative(Tan, 1));
        Is("x * cos(x) + sin(x)", Derivative(v => v * Sin(v), 1));
        Is("-(x * exp(-(x^2 / 2)))", Derivative(v => Exp(-v * v / 2), 1));
        Is("2 * x / (x^2 + 1)", Derivative(v => Log((v * v) + 1), 1));
        Is("x / sqrt(x^2 + 1)", Derivative(v => Sqrt(1 + (v * v)), 1));
        Is("2 / x^3", Derivative(v => 1 / v, 2));
        Assert.InRange(Derivative(v => Sin(Exp(v)), 8).Simplify().ToFormula().Length, 1, 300);
    }

    [Fact]
    public void Terms_and_factors_are_collected_exactly()
    {
        Is("4 * x", (2 * x) + (x + x));
        Is("y", x - x + y);
        Is("x", x / 3 * 3);
        Is("0.3 * x", 0.1 * x * 3);
        Is("2", (2 * (x + 1)) - (2 * x));
        Is("(x + 1)^3", Pow(x + 1, 2) * (x + 1));
        Is("-(x * y)", -(-x) * -y);
        Is("2 * x * y", (y * x) + (x * y));
        Is("x^2 + x * y + y + z + 3", z + y + (x * x) + (x * y) + 3);
        Is("y", x / x * y);
    }

    [Fact]
    public void Identities_of_functions_are_applied()
    {
        Is("1", Pow(Sin(x), 2) + Pow(Cos(x), 2));
        Is("1", Pow(Cosh(x), 2) - Pow(Sinh(x), 2));
        Is("sin(x)^2", 1 - Pow(Cos(x), 2));
        Is("tan(x)", Sin(x) / Cos(x));
        Is("x + y", Exp(Log(x)) + Log(Exp(y)));
        Is("y", Exp(x) * Exp(-x) * y);
        Is("abs(x) + 2 * sqrt(x)", Sqrt(x * x) + Sqrt(4 * x));
        Is("x", Sqrt(x) * Sqrt(x));
        Is("cos(x) - sin(x)", Cos(-x) + Sin(-x));
        Is("x", Asinh(Sinh(x)));
        Is("x^y", Pow(x, y - 1) * x);
    }

    [Fact]
    public void What_has_no_value_stays()
    {
        Is("x * Infinity", 1 / Zeros(Shape.Scalar) * x);
        Is("x + stopgradient(x)", StopGradient(x) + x);
        Is("asin(sin(x))", Asin(Sin(x)));
        Is("sqrt(x * y)", Sqrt(x * y));
    }

    [Fact]
    public void Shapes_stay()
    {
        var v = Variable("v", new Shape(3));
        Assert.Equal(new Shape(3), (v - v + x).Simplify().Shape);
        Assert.Equal(new Shape(3), (v / v).Simplify().Shape);
        Assert.Equal("2 * sum(v)", Sum(v + v).Simplify().ToFormula().Replace("sum(2 * v)", "2 * sum(v)", StringComparison.Ordinal));
    }

    [Fact]
    public void Equal_polynomials_expand_to_equal_expressions()
    {
        Assert.Equal("x^3 + 3 * x^2 + 3 * x + 1", Pow(x + 1, 3).Expand().ToString());
        Assert.Equal("4 * x * y", (Pow(x + y, 2) - Pow(x - y, 2)).Expand().ToString());
        Assert.Equal(((((2 * x) + 3) * x) + 4).Expand(), (4 + (3 * x) + (2 * x * x)).Expand(), Comparer.Structural);
        var error = Assert.Throws<AutodiffException>(() => Pow(x + y + z + Sin(x) + Cos(x) + Exp(x) + 1, 40).Expand());
        Assert.Contains("at most 100000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Powers_of_a_variable_are_collected()
    {
        Assert.Equal("x^2 + (y + 3) * x - 1", ((x * y) + Pow(x, 2) + (3 * x) - 1).Collect(x).ToString());
        Assert.Equal("y^3 + 3 * x * y^2 + 3 * x^2 * y + x^3", Pow(x + y, 3).Collect(y).ToString());
        Assert.Contains("Add is not a variable", Assert.Throws<AutodiffException>(() => x.Collect(x + 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Matrices_are_multiplied_in_the_cheapest_order()
    {
        var (a, b, v, w) = (Variable("A", new Shape(5, 4)), Variable("B", new Shape(4, 6)), Variable("v", new Shape(6)), Variable("w", new Shape(5)));
        Is("matmul(A, matmul(B, v))", MatMul(MatMul(a, b), v));
        Is("matmul(matmul(w, A), B)", MatMul(w, MatMul(a, b)));
        Is("matmul(matmul(w, A), matmul(B, v))", MatMul(w, MatMul(MatMul(a, b), v)));

        // A column is no row: these are not associative.
        var c = Variable("C", new Shape(5, 3));
        Is("matmul(matmul(A, matmul(B, v)), C)", MatMul(MatMul(MatMul(a, b), v), c));

        // The product is read twice, so the order stays.
        Is("let t1 = matmul(A, B); matmul(t1, v) + sum(t1)", MatMul(MatMul(a, b), v) + Sum(MatMul(a, b)));
    }

    [Property]
    public void Products_of_matrices_stay_the_same(int seed)
    {
        var random = new Random(seed);
        int[] lengths = [.. Enumerable.Range(0, 2 + random.Next(8)).Select(_ => random.Next(5))];
        var factors = Enumerable.Range(0, lengths.Length - 1).Select(i => Variable($"x{i}", new Shape(lengths[i], lengths[i + 1]))).ToList();
        if (random.Next(2) == 0)
        {
            factors.Insert(0, Variable("row", new Shape(lengths[0])));
        }

        if (random.Next(2) == 0)
        {
            factors.Add(Variable("column", new Shape(lengths[^1])));
        }

        (Expr, Expr)[] values = [.. factors.Select((factor, i) => (factor, Tensors.Direction(factor.Shape, seed + i)))];
        Expr Product(Span<Expr> own) => own.Length == 1 ? own[0] : random.Next(1, own.Length) is var k ? MatMul(Product(own[..k]), Product(own[k..])) : 0;
        var (first, second) = (Product(factors.ToArray()), Product(factors.ToArray()));
        Agree(first.Substitute(values), first.Simplify().Substitute(values), 1);
        Assert.Equal(Multiplications(first.Simplify()), Multiplications(second.Simplify()));
        Assert.True(Multiplications(first.Simplify()) <= Multiplications(first));

        static long Multiplications(Expr product) => product.Nodes().Where(node => node.Op == Op.MatMul).Sum(node => (long)node.Shape.Size * node.Operands[0].Shape[node.Operands[0].Rank - 1]);
    }

    [Fact]
    public void Long_and_deep_formulas_are_simplified()
    {
        var (sum, deep) = ((Expr)0, x);
        for (var i = 0; i < 20_000; i++)
        {
            (sum, deep) = (sum + (i * Sin(x)), Sin(deep) * x);
        }

        Assert.Equal("199990000 * sin(x)", sum.Simplify().ToString());
        Assert.Equal(Operations(deep), Operations(deep.Simplify()));
    }

    [Fact]
    public void Identities_are_found_in_long_and_deep_formulas()
    {
        var (sum, sines, powers) = ((Expr)0, x, x);
        for (var i = 0; i < 5_000; i++)
        {
            sum = sum + Pow(Sin(i * x), 2) + Pow(Cos(i * x), 2);
            (sines, powers) = ((Sin(sines) * Cos(sines)) + (2 * sines), Pow(x, powers + 1));
        }

        Assert.Equal("5000", sum.Simplify().ToString());
        Assert.InRange(Operations(sines.Simplify()), 4 * 5_000, 5 * 5_000);
        Assert.Equal(2 * 5_000, Operations(powers.Simplify()));
    }

    private static int Operations(Expr formula) => formula.Nodes().Count(node => node.Operands.Count > 0);

    private static Expr Derivative(Func<Expr, Expr> f, int order)
    {
        for (var k = 0; k < order; k++)
        {
            f = Grad(f);
        }

        return f(x);
    }

    private static void Is(string expected, Expr formula) => Assert.Equal(expected, formula.Simplify().ToFormula().Replace("\n", "; ", StringComparison.Ordinal));

    private static void AreSame(Func<Expr, Expr> f, Expr point)
    {
        var variable = Variable("x", point.Shape);
        Agree(f(point), f(variable).Simplify().Substitute((variable, point)), Intermediates.Largest(f, point));
    }

    private static void Agree(Expr expected, Expr found, double largest)
    {
        Assert.Equal(expected.Shape, found.Shape);
        foreach (var (before, after) in Enumerable.Zip(expected.ToArray(), found.ToArray()))
        {
            Assert.True(!double.IsFinite(before) || Math.Abs(before - after) <= Rounding * Math.Max(Math.Abs(before), Math.Max(1e-3, largest)), $"{after} instead of {before}");
        }
    }
}
