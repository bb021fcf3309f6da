// Compiled code computes the same as the function from NaN, infinities, zeros of either sign and denormal numbers.

using Autodiff.PropertyTests.Generators;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Compiling;

public class SpecialValueTests
{
    private static readonly double[] s_numbers =
    [
        double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.0, -0.0, double.Epsilon, -double.Epsilon, 2.2e-308,
        double.MaxValue, -double.MaxValue, double.MinValue / 3, 1, -1, 0.5, -2, 3, 1e-300, 1e300,
    ];

    private static readonly Dictionary<string, Func<Expr, Expr, Expr>> s_functions = new()
    {
        ["sum"] = (a, b) => a + b,
        ["difference"] = (a, b) => a - b,
        ["product"] = (a, b) => a * b,
        ["quotient"] = (a, b) => a / b,
        ["negation"] = (a, b) => -a,
        ["times 0"] = (a, b) => a * 0,
        ["plus 0"] = (a, b) => a + 0,
        ["plus −0"] = (a, b) => a + -0.0,
        ["minus 0"] = (a, b) => a - 0,
        ["0 minus"] = (a, b) => 0 - a,
        ["times 1"] = (a, b) => a * 1,
        ["times −1"] = (a, b) => a * -1,
        ["by itself"] = (a, b) => a / a,
        ["minus itself"] = (a, b) => a - a,
        ["by 2"] = (a, b) => a / 2,
        ["power"] = Pow,
        ["square"] = (a, b) => Pow(a, 2),
        ["to the 0"] = (a, b) => Pow(a, 0),
        ["larger"] = Max,
        ["smaller"] = Min,
        ["clamped"] = (a, b) => Clamp(a, -1, 1),
        ["chosen"] = (a, b) => Where(a > b, a, b),
        ["chosen by a number"] = (a, b) => Where(a, b, -b),
        ["masks"] = (a, b) => (a < b) + (a <= b) + (a > b) + (a >= b) + Eq(a, b),
        ["roots"] = (a, b) => Sqrt(a) + Cbrt(b),
        ["exponentials"] = (a, b) => Exp(a) - ExpM1(b),
        ["logarithms"] = (a, b) => Log(a) - LogP1(b),
        ["circular"] = (a, b) => Sin(a) * Cos(b) + Tan(a),
        ["angles"] = (a, b) => Atan2(a, b) + Atan(a),
        ["hyperbolic"] = (a, b) => Tanh(a) + Sigmoid(b),
        ["whole"] = (a, b) => Floor(a) + Ceiling(b) + Round(a),
        ["sizes"] = (a, b) => Abs(a) * Sign(b) + Hypot(a, b),
        ["powers"] = (a, b) => Pow(a, 3) + Pow(b, -5) + Pow(a, 0) + Pow(b, 2.5),
        ["errors"] = (a, b) => Erf(a) * Erfc(b) + NormalCdf(a) + LogNormalCdf(b) + NormalQuantile(a),
        ["gammas"] = (a, b) => LogGamma(a) + Gamma(b) + Digamma(a) + LambertW(b) + Sinc(a),
        ["soft"] = (a, b) => Softplus(a) + Relu(b),
    };

    // Numbers whose sums and products are the same in any order.
    private static readonly double[][] s_orderless =
    [
        [double.NaN, 1, -2, 0.5],
        [double.PositiveInfinity, 1, 0.5, 3],
        [double.PositiveInfinity, double.NegativeInfinity, 0.0, -0.0, 1, 3, -2],
        [double.NegativeInfinity, 1, -2],
        [double.Epsilon, -double.Epsilon, 0.0, -0.0],
        [2.2e-308, 0.0, -0.0],
        [0.0, -0.0],
    ];

    /// <summary>Functions of a matrix that fold many numbers to one.</summary>
    private static readonly Dictionary<string, Func<Expr, Expr>> s_foldings = new()
    {
        ["sum"] = x => Sum(x),
        ["sums"] = x => Concat([Sum(x, 0), Sum(x, 1)]),
        ["means"] = x => Concat([Mean(x, 0), Mean(x, 1)]),
        ["products"] = x => Concat([Prod(x, 0), Prod(x, 1)]),
        ["largest"] = x => Concat([MaxOf(x, 0), MaxOf(x, 1), Reshape(MaxOf(x), 1)]),
        ["smallest"] = x => Concat([MinOf(x, 0), MinOf(x, 1), Reshape(MinOf(x), 1)]),
        ["logarithms of sums of exponentials"] = x => Concat([LogSumExp(x, 0), LogSumExp(x, 1), Reshape(LogSumExp(x), 1)]),
        ["norms"] = x => Concat([Norm(x, 0), Norm(x, 1)]),
        ["product of matrices"] = x => MatMul(x, Transpose(x)),
        ["product of large matrices"] = x => Concat([x, x, x, x, x, x, x]) is var y ? MatMul(y, Transpose(y)) : x,
        ["product with a vector"] = x => MatMul(x, x[0]),
        ["inner product"] = x => Dot(x[0], x[1]),
        ["running sums"] = x => CumSum(x, 0) + CumSum(x, 1),
        ["masked sums"] = x => Sum(Where(x > 0, x, -x), 0),
        ["placed"] = x => Concat([Take(x, [0, 2, 2, 0], 0), Flip(x, 1)]),
        ["a loop"] = x => Fold((s, row) => Max(s, row) + (s * 0), x[0], x),
    };

    public static TheoryData<string> Functions => [.. s_functions.Keys];

    public static TheoryData<string> Foldings => [.. s_foldings.Keys];

    private static Expr Firsts => Constant([.. s_numbers.SelectMany(a => s_numbers.Select(_ => a))], new Shape(s_numbers.Length * s_numbers.Length));

    private static Expr Seconds => Constant([.. s_numbers.SelectMany(_ => s_numbers)], new Shape(s_numbers.Length * s_numbers.Length));

    [Theory]
    [MemberData(nameof(Functions))]
    public void Values_of_numbers_are_those_of_the_function(string name)
    {
        var f = s_functions[name];
        foreach (var options in Engines.All)
        {
            var (compiled, scalar) = (Compile(f, options), CompileScalar(f, options));
            foreach (var a in s_numbers)
            {
                foreach (var b in s_numbers)
                {
                    SameClass(f(a, b), compiled(a, b));
                    SameClass(f(a, b), scalar(a, b));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Values_of_tensors_are_those_of_the_function(string name)
    {
        var f = s_functions[name];
        foreach (var options in Engines.All)
        {
            SameClass(f(Firsts, Seconds), Compile(f, options)(Firsts, Seconds));
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Derivatives_are_those_of_the_function(string name)
    {
        var f = s_functions[name];
        foreach (var options in Engines.All)
        {
            var expected = Grad((a, b) => Sum(f(a, b)))(Firsts, Seconds);
            SameNumbers(expected, Compile(Grad((a, b) => Sum(f(a, b))), options)(Firsts, Seconds));
            SameNumbers(expected, Grad((a, b) => Sum(Compile(f, options)(a, b)))(Firsts, Seconds));
            SameNumbers(
                Jvp(f)(Firsts, Seconds, Seconds, Firsts), Jvp(Compile(f, options))(Firsts, Seconds, Seconds, Firsts));
        }
    }

    [Theory]
    [MemberData(nameof(Foldings))]
    public void Many_numbers_are_folded_as_the_function_folds_them(string name)
    {
        var f = s_foldings[name];
        var random = new Random(1);
        foreach (var options in Engines.All)
        {
            var (compiled, gradient) = (Compile(f, options), Compile(Grad(x => Sum(f(x))), options));
            foreach (var numbers in s_orderless)
            {
                foreach (var share in (double[])[0.02, 0.3, 1])
                {
                    var x = Constant([.. Enumerable.Range(0, 60).Select(_ => random.NextDouble() < share ? random.GetItems(numbers, 1)[0] : 1)], new Shape(3, 20));
                    SameNumbers(f(x), compiled(x));
                    SameNumbers(Grad(v => Sum(f(v)))(x), gradient(x));
                }
            }
        }
    }

    [Property(MaxTest = 100, QuietOnSuccess = true)]
    public Property Programs_on_any_numbers_have_the_values_they_have() => Prop.ForAll(
        (from program in Programs.OnInputs(Tensors.Shapes.Where(shape => shape.Size is > 0 and <= 6)).Generator
         from numbers in Gen.Elements(s_numbers.Where(number => !(double.IsFinite(number) && Math.Abs(number) > 1e100)).ToArray()).ArrayOf(program.Input.Shape.Size) // a sine of a huge number has no digit right
         select program with { Input = Constant(numbers, program.Input.Shape), Instructions = [.. program.Instructions.Where(HasAnOrder)] }).ToArbitrary(),
        // Terms of about 1 may cancel in a program, so its rounding is measured against 1: log 3 computed in two ways differs by 1e-16, which is all of a difference of the two.
        program => Assert.All(Engines.All, options => SameNumbers(program.Tensor(program.Input), Compile(program.Tensor, options)(program.Input), 1)));

    /// <summary>Whether an operation fixes the order of its products. Of 1e-300, 2.2e-308 and ∞ the product is NaN if the first two are multiplied first, which is 0.</summary>
    private static bool HasAnOrder(Instruction instruction) => !Program.OperationOf(instruction).Text.StartsWith("Prod(", StringComparison.Ordinal);

    /// <summary>Asserts NaN where NaN is expected, infinities and zeros with the same signs, and other numbers equal up to rounding.</summary>
    private static void SameClass(Expr expected, Expr actual, double terms = 0)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        var (left, right) = (expected.ToArray(), actual.ToArray());
        for (var i = 0; i < left.Length; i++)
        {
            Assert.True(
                left[i].Equals(right[i]) ? left[i] != 0 || double.IsNegative(left[i]) == double.IsNegative(right[i]) : IsNear(left[i], right[i], terms),
                $"element {i}: expected {left[i]:R}, actual {right[i]:R}");
        }
    }

    private static bool IsNear(double left, double right, double terms) =>
        double.IsFinite(left) && double.IsFinite(right) && Math.Abs(left - right) <= Engines.Same * Math.Max(terms, Math.Abs(left));

    /// <summary>Asserts the same except for the sign of zeros, which depends on the order in which cotangents are added.</summary>
    /// <param name="expected">The numbers of the function.</param>
    /// <param name="actual">The numbers of compiled code.</param>
    /// <param name="terms">The magnitude of terms whose sum a number may be; 0 if each is rounded relative to itself.</param>
    private static void SameNumbers<T>(T expected, T actual, double terms = 0) =>
        Tree.Map2(expected, actual, (left, right) =>
        {
            SameClass(left + 0, right + 0, terms);
            return left;
        });
}
