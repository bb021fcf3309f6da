// Expression trees of .NET: what is written and read again has the same values, every function of System.Math is read, and what cannot be read
// is an error that names it.

using System.Diagnostics;
using System.Linq.Expressions;
using System.Reflection;
using Autodiff.PropertyTests.Errors;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Interchange;

[Properties(Arbitrary = [typeof(ScalarFormulas)], MaxTest = 200, QuietOnSuccess = true)]
public class LambdaTests
{
    private const double Captured = 1.25;

    private static readonly double[] s_weights = [0.5, -2, 3];

    /// <summary>Methods of Math and double whose results are not functions of real numbers with a derivative.</summary>
    private static readonly string[] s_withoutCounterpart = ["BitIncrement", "BitDecrement"];

    public static TheoryData<MethodInfo> Methods =>
    [
        .. new[] { typeof(Math), typeof(double) }
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Static))
            .Where(method => method.ReturnType == typeof(double) && !method.IsGenericMethod && method.GetParameters() is [var first, ..] rest && first.ParameterType == typeof(double)
                && rest.All(parameter => parameter.ParameterType == typeof(double) || parameter.ParameterType == typeof(int) || parameter.ParameterType == typeof(MidpointRounding)))
            .Where(method => !method.IsSpecialName),
    ];

    public static TheoryData<Op> Elementwise => [.. Enum.GetValues<Op>().Where(op => op.IsElementwise())];

    [Property]
    public void A_compiled_lambda_has_the_values_of_the_formula(ScalarFormula formula)
    {
        var (x, y) = (Variable("x"), Variable("y"));
        foreach (var f in new[] { formula.Of(x, y), Grad((a, b) => formula.Of(a, b))(x, y).Item1 })
        {
            AssertValues(f.Evaluate((x, formula.X), (y, formula.Y)), f.ToLambda<Func<double, double, double>>(x, y).Compile(preferInterpretation: true)(formula.X, formula.Y), HasPower(f));
        }
    }

    [Property]
    public void What_is_written_and_read_again_has_the_same_bits(ScalarFormula formula)
    {
        var (x, y) = (Variable("x"), Variable("y"));
        foreach (var f in new[] { formula.Of(x, y), Grad((a, b) => formula.Of(a, b))(x, y).Item2 })
        {
            var read = FromLambda(f.ToLambda<Func<double, double, double>>(x, y), x, y);
            AssertBits(f.Evaluate((x, formula.X), (y, formula.Y)), read.Evaluate((x, formula.X), (y, formula.Y)));
        }
    }

    [Property(MaxTest = 50)]
    public void The_derivative_of_what_is_read_is_that_of_the_formula(ScalarFormula formula)
    {
        var (x, y) = (Variable("x"), Variable("y"));
        var lambda = formula.Of(x, y).ToLambda<Func<double, double, double>>(x, y);
        var expected = Grad(formula.Of)(formula.X, formula.Y);
        var read = Grad((a, b) => FromLambda(lambda, a, b))(formula.X, formula.Y);
        AssertClose(expected.Item1.Value, read.Item1.Value);
        AssertClose(expected.Item2.Value, read.Item2.Value);
    }

    [Theory]
    [MemberData(nameof(Elementwise))]
    public void Every_elementwise_function_is_written_and_read(Op op)
    {
        double[] points = [0.75, 0.25, -0.5, 0, -0.0, 2.5, double.PositiveInfinity, double.NaN];
        Expr[] symbols = [Variable("a"), Variable("b"), Variable("c")];
        foreach (var first in op.HasOrder() ? [0, 1, 2] : points)
        {
            foreach (var second in points)
            {
                Expr[] operands = op.HasOrder() ? [first, symbols[1], symbols[2]] : symbols;
                var f = op.Arity() switch
                {
                    1 => Apply(op, operands[0]),
                    2 => Apply(op, operands[0], operands[1]),
                    _ => Apply(op, operands[0], operands[1], operands[2]),
                };
                var lambda = f.ToLambda<Func<double, double, double, double>>(symbols);
                var expected = f.Evaluate((symbols[0], first), (symbols[1], second), (symbols[2], 1.5));
                AssertValues(expected, lambda.Compile(preferInterpretation: true)(first, second, 1.5), op == Op.Pow);
                AssertBits(expected, FromLambda(lambda, symbols).Evaluate((symbols[0], first), (symbols[1], second), (symbols[2], 1.5)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Every_method_of_Math_and_double_is_read(MethodInfo method)
    {
        double[] numbers = [0.625, 0.375, 0.75];
        var parameters = Array.ConvertAll(numbers, _ => Expression.Parameter(typeof(double)));
        var next = 0;
        Expression[] arguments = [.. method.GetParameters().Select(parameter =>
            parameter.ParameterType == typeof(double) ? parameters[next++]
            : parameter.ParameterType == typeof(int) ? Expression.Constant(3)
            : (Expression)Expression.Constant(MidpointRounding.AwayFromZero))];
        var lambda = Expression.Lambda<Func<double, double, double, double>>(Expression.Call(method, arguments), parameters);
        if (s_withoutCounterpart.Contains(method.Name))
        {
            Assert.ThrowsAny<AutodiffException>(() => FromLambda(lambda));
            return;
        }

        foreach (var sign in new[] { 1, -1 })
        {
            // Estimates have few correct digits.
            var expected = lambda.Compile()(sign * numbers[0], numbers[1], numbers[2]);
            var read = FromLambda(lambda, sign * numbers[0], numbers[1], numbers[2]).Value;
            Assert.True(double.IsNaN(expected) ? double.IsNaN(read) : Math.Abs(read - expected) <= (method.Name.EndsWith("Estimate", StringComparison.Ordinal) ? 1e-3 : 1e-15) * (1 + Math.Abs(expected)), $"{method}: {read}, not {expected}");
        }
    }

    [Fact]
    public void Variables_have_the_names_of_the_parameters()
    {
        Assert.Equal("sin(x) * x", FromLambda((double x) => Math.Sin(x) * x).ToFormula());
        Assert.Equal("sin(x) * x", FromLambda(x => Math.Sin(x) * x).ToFormula());
        Assert.Equal("x^2 + cos(y)", FromLambda((double x, double y) => Math.Pow(x, 2) + Math.Cos(y)).ToFormula());
        Assert.Equal("x + y + z", FromLambda((x, y, z) => x + y + z).ToFormula());
        Assert.Equal("x + y + z + w", FromLambda((x, y, z, w) => x + y + z + w).ToFormula());
        Assert.Equal("a + b + c + d + f", FromLambda((double a, double b, double c, double d, double f) => a + b + c + d + f).ToFormula());
        Assert.Equal("x", FromLambda(x => x).ToFormula());
        Assert.Equal("3", FromLambda(x => 3).ToFormula());
    }

    [Fact]
    public void Conditions_become_masks()
    {
        Assert.Equal("where(x > 0, sqrt(x), 0)", FromLambda(x => x > 0 ? Math.Sqrt(x) : 0).ToFormula());
        Assert.Equal(0, Grad(x => FromLambda(t => t > 0 ? Math.Sqrt(t) : 0, x))(0).Value);
        Expression<Func<double, double, double>>[] choices =
        [
            (x, y) => x < y && x > -1 ? x : y,
            (x, y) => x < y || y <= 0.5 ? x : y,
            (x, y) => !(x >= y) & y != 0.5 ? x : y,
            (x, y) => x > 0 ^ y > 0 ? x : y,
            (x, y) => (x == y) == (x > 0) ? x * 2 : y,
            (x, y) => double.IsNaN(x) || double.IsInfinity(y) ? 1 : x + y,
            (x, y) => double.IsFinite(x) ? Math.Sign(x) : double.IsPositiveInfinity(x) ? 2 : double.IsNegativeInfinity(x) ? 3 : 4,
            (x, y) => Math.Sign(x) > 0 ? x : y,
            (x, y) => x % y,
            (x, y) => x > 0 ? y > 0 ? 1 : 2 : 3,
        ];
        double[] points = [0, -0.0, 0.5, -0.5, 2, -3.25];
        foreach (var choice in choices)
        {
            var (compiled, read) = (choice.Compile(), FromLambda(choice));
            foreach (var (a, b) in points.SelectMany(a => points.Select(b => (a, b))))
            {
                Assert.Equal(compiled(a, b), FromLambda(choice, a, b).Value);
            }

            Assert.False(read.IsConcrete);
        }

        Assert.Equal(4, FromLambda(choices[6], double.NaN, 1).Value);
    }

    [Fact]
    public void What_reads_no_parameter_is_computed_when_the_lambda_is_read()
    {
        var (local, whole, single, inner) = (2.5, 3, 0.5f, new { Scale = 4.0 });
        Expr symbol = Variable("a");
        Assert.Equal("x * 2.5 + 3 - 0.5", FromLambda(x => (x * local) + whole - single).ToFormula());
        Assert.Equal("x * 1.25 + 4 + (-2)", FromLambda(x => (x * Captured) + inner.Scale + s_weights[1]).ToFormula());
        Assert.Equal($"x + {Math.PI}", FromLambda(x => x + Math.PI).ToFormula());
        Assert.Equal("x + 3.5", FromLambda(x => x + Enumerable.Range(whole, 1).Sum(i => i + 0.5)).ToFormula());
        Assert.Equal("x * a", FromLambda(x => (double)(x * symbol)).ToFormula());
        local = 7;
        Assert.Equal("x * 7", FromLambda(x => x * local).ToFormula());
        Assert.Equal("x^1.5", FromLambda(x => Math.Pow(x, whole / 2.0)).ToFormula());
        Assert.Equal("x", FromLambda(x => Math.Round(x, whole / 4) > 9 ? x : x).Operands[1].ToFormula());
    }

    [Fact]
    public void Functions_of_expressions_are_called_with_the_expressions()
    {
        Func<Expr, Expr> square = x => x * x;
        Assert.Equal("erf(x) + polygamma(2, x)", FromLambda(x => (double)Erf(x) + (double)Polygamma(2, x)).ToFormula());
        Assert.Equal("x * x + 1", FromLambda(x => (double)square(x) + 1).ToFormula());
        Assert.Equal("2 * x * (2 * x)", FromLambda(x => (double)(2 * (Expr)x * (2 * (Expr)x))).ToFormula());
        Assert.Equal(6, FromLambda(x => (double)Grad(square)(x), 3).Value);
        Assert.Equal([1, 4, 9], FromLambda(x => x * x, new[] { 1.0, 2, 3 }).ToArray());
    }

    [Fact]
    public void A_lambda_of_a_hundred_thousand_terms_is_read_and_written()
    {
        const int terms = 100_000;
        var x = Expression.Parameter(typeof(double), "x");
        Expression sum = x;
        for (var i = 1; i < terms; i++)
        {
            sum = Expression.Add(sum, x);
        }

        var clock = Stopwatch.StartNew();
        var read = FromLambda(Expression.Lambda<Func<double, double>>(sum, x), 0.5);
        Assert.Equal(terms / 2, read.Value);
        var symbol = Variable("x");
        var lambda = FromLambda(Expression.Lambda<Func<double, double>>(sum, x), symbol).ToLambda<Func<double, double>>(symbol);
        Assert.Equal(terms / 2, FromLambda(lambda, 0.5).Value);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"It took {clock.Elapsed}.");
    }

    [Fact]
    public void What_is_used_twice_is_written_and_read_once()
    {
        var x = Variable("x");
        var power = Sin(x);
        for (var i = 0; i < 60; i++)
        {
            power *= power;
        }

        var lambda = power.ToLambda<Func<double, double>>(x);
        var block = Assert.IsAssignableFrom<BlockExpression>(lambda.Body);
        Assert.InRange(block.Expressions.Count, 60, 62);
        Assert.Equal(0, lambda.Compile()(0.5));
        Assert.Equal(0, FromLambda(lambda, 0.5).Value);

        var parameter = Expression.Parameter(typeof(double), "x");
        Expression product = parameter;
        for (var i = 0; i < 60; i++)
        {
            product = Expression.Multiply(product, product);
        }

        Assert.Equal(1, FromLambda(Expression.Lambda<Func<double, double>>(product, parameter), 1).Value);
    }

    [Fact]
    public void Lambdas_read_like_the_formula()
    {
        var (x, y) = (Variable("x"), Variable("y", 3));
        Assert.Equal("x => (Sin(x) + (x * Cos(x)))", Grad(t => Sin(t) * t)(x).ToLambda<Func<double, double>>(x).ToString());
        Assert.Equal("x => IIF(((x > 0) AndAlso Not((x > 1))), x, 0)", Where((x > 0) & !(x > 1), x, 0).ToLambda<Func<double, double>>(x).ToString());
        Assert.Equal("x => (x + 3)", (x + y).ToLambda<Func<double, double>>(x).ToString());
        Assert.Equal("(y, x) => (x + y)", (x + y).ToLambda<Func<double, double, double>>(y, x).ToString());
        Assert.Equal("() => 3", y.ToLambda<Func<double>>().ToString());
        Assert.Equal("x => IIF((x > 0), 1, 0)", (x > 0).ToLambda<Func<double, double>>(x).ToString());
    }

    [Fact]
    public void What_cannot_be_read_or_written_is_an_error_that_names_it()
    {
        var x = Variable("x");
        var vector = Variable("v", new Shape(2));
        Func<double, double> opaque = t => t;
        double[]? missing = null;
        var t = Expression.Parameter(typeof(double), "t");
        var u = Expression.Variable(typeof(double), "u");
        Example[] examples =
        [
            Example.Of<AutodiffException>(() => FromLambda(x => 1 + Math.BitIncrement(2 * x)), ["FromLambda", "Math.BitIncrement", "(2 * x)"]),
            Example.Of<AutodiffException>(() => FromLambda(x => 1 + opaque(2 * x)), ["FromLambda", "Invoke", "(2 * x)", "delegate"]),
            Example.Of<AutodiffException>(() => FromLambda(x => 1 + Helper(2 * x)), ["FromLambda", "LambdaTests.Helper", "(2 * x)"]),
            Example.Of<AutodiffException>(() => FromLambda(x => 1 + (int)x), ["FromLambda", "Convert", "Truncate"]),
            Example.Of<AutodiffException>(() => FromLambda(x => (float)x), ["FromLambda", "Single"]),
            Example.Of<AutodiffException>(() => FromLambda(x => s_weights[(int)x]), ["FromLambda", "Int32"]),
            Example.Of<AutodiffException>(() => FromLambda(x => new[] { x, 1 }[0]), ["FromLambda", "NewArrayInit"]),
            Example.Of<AutodiffException>(() => FromLambda(x => x.CompareTo(1)), ["FromLambda", "Double.CompareTo"]),
            Example.Of<AutodiffException>(() => FromLambda(x => double.Parse(x.ToString())), ["FromLambda", "Double.ToString"]),
            Example.Of<AutodiffException>(() => FromLambda(x => x * missing![0]), ["FromLambda", "could not be computed"]),
            Example.Of<AutodiffException>(() => FromLambda(x => x * s_weights[7]), ["FromLambda", "could not be computed"]),
            Example.Of<AutodiffException>(() => FromLambda(x => s_weights.Sum(w => w * x)), ["FromLambda"]),
            Example.Of<AutodiffException>(() => FromLambda(x => (double)Thrower(x)), ["FromLambda", "Thrower", "on purpose"]),
            Example.Shaped(() => FromLambda(x => (double)MatMul(x, x)), ["MatMul"]),
            Example.Of<AutodiffException>(() => FromLambda((string x) => x.Length), ["FromLambda", "doubles"]),
            Example.Of<AutodiffException>(() => FromLambda((double x) => x > 0), ["FromLambda", "doubles"]),
            Example.Shaped(() => FromLambda(x => x, 1, 2), ["FromLambda", "2 argument(s)", "1 parameter(s)"]),
            Example.Of<AutodiffException>(() => FromLambda(Expression.Lambda<Func<double, double>>(u, t)), ["FromLambda", "u"]),
            Example.Of<AutodiffException>(() => FromLambda(Expression.Lambda<Func<double, double>>(Expression.Assign(t, Expression.Constant(1.0)), t)), ["FromLambda", "assigned"]),
            Example.Of<AutodiffException>(() => FromLambda(Expression.Lambda<Func<double, double>>(Expression.Block([u], Expression.Assign(u, t), Expression.Assign(u, t)), t)), ["FromLambda", "once"]),
            Example.Of<AutodiffException>(() => FromLambda(Expression.Lambda<Func<double, double>>(Expression.Block([u], u, t), t)), ["FromLambda", "u"]),
            Example.Shaped(() => vector.ToLambda<Func<double, double>>(x), ["ToLambda", "(2)"]),
            Example.Shaped(() => (vector[0] + x).ToLambda<Func<double, double>>(x), ["ToLambda", "(2)"]),
            Example.Of<ShapeException>(() => (x + 1).ToLambda<Func<double, double>>(vector), ["ToLambda", "v", "(2)"]),
            Example.Of<NotConcreteException>(() => (x + 1).ToLambda<Func<double>>(), ["ToLambda", "x"]),
            Example.Of<AutodiffException>(() => (x + 1).ToLambda<Func<double>>(x), ["ToLambda", "1 double(s)"]),
            Example.Of<AutodiffException>(() => (x + 1).ToLambda<Func<double, float>>(x), ["ToLambda", "Single"]),
            Example.Of<AutodiffException>(() => (x + 1).ToLambda<Func<double, double, double>>(x, x), ["ToLambda", "twice"]),
            Example.Of<AutodiffException>(() => (x + 1).ToLambda<Func<double, double>>(x + 1), ["ToLambda", "Add"]),
            Example.Of<AutodiffException>(() => (x + 1).ToLambda<MulticastDelegate>(x), ["ToLambda"]),
            Example.Of<AutodiffException>(() => Primitive.Define("f", v => v, (v, _) => v)(x).ToLambda<Func<double, double>>(x), ["ToLambda", "Defined"]),
        ];
        Assert.All(examples, example =>
        {
            var error = example.Caught();
            Assert.True(error?.GetType() == example.Error, $"{example.Text}: {error}");
            Assert.All(example.Says, part => Assert.Contains(part, error!.Message, StringComparison.Ordinal));
        });
    }

    [Fact]
    public void An_error_in_a_large_lambda_is_short()
    {
        var t = Expression.Parameter(typeof(double), "t");
        Expression deep = t;
        for (var i = 0; i < 50_000; i++)
        {
            deep = Expression.Negate(deep);
        }

        var error = Assert.Throws<AutodiffException>(() => FromLambda(Expression.Lambda<Func<double, double>>(Expression.Call(((Func<double, double>)Helper).Method, deep), t)));
        Assert.InRange(error.Message.Length, 20, 300);
    }

    private static double Helper(double x) => x;

    private static Expr Thrower(Expr x) => throw new InvalidOperationException($"It fails on purpose, at {x}.");

    private static bool HasPower(Expr f) => f.Ancestry().Exists(node => node.Op == Op.Pow);

    private static void AssertBits(double expected, double actual) => Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(actual));

    private static void AssertValues(double expected, double actual, bool hasPower)
    {
        if (hasPower)
        {
            AssertClose(expected, actual);
        }
        else
        {
            AssertBits(expected, actual);
        }
    }

    private static void AssertClose(double expected, double actual) => Assert.True(
        expected.Equals(actual) || Math.Abs(expected - actual) <= 1e-10 * (1 + Math.Abs(expected)), $"{actual}, not {expected}");
}
