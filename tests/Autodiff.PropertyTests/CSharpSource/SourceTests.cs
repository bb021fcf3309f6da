// Compiled functions written as source text do what the compiled functions do.

using Autodiff.PropertyTests.Generators;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.CSharpSource;

[Properties(Arbitrary = [typeof(Programs), typeof(Flows)], QuietOnSuccess = true)]
public class SourceTests
{
    // Units in the last place by which results of the source text may differ from those of the compiled function.
    private const long MostUlps = 2;

    // The same for programs of functions that are written by other formulas: 10⁻¹² relative.
    private const long MostUlpsAfterOtherFunctions = 4096;

    [Property(MaxTest = 60)]
    public void Values_and_derivatives_of_random_programs_are_those_of_the_compiled_functions(Program f) => Agree(
        BoundOf(f.ToString()),
        f.Input,
        CompileFor(f.Tensor, f.Input.Shape),
        CompileFor(ValueAndGrad(f.Scalar), f.Input.Shape),
        CompileFor(Hessian(f.Scalar), f.Input.Shape));

    [Property(MaxTest = 30)]
    public void Loops_and_branches_are_those_of_the_compiled_functions(FlowCase flow)
    {
        var f = flow.By(Control.Nodes);
        Agree(BoundOf(flow.ToString()), flow.Point, CompileFor(f, flow.Point.Shape), CompileFor(Grad(f), flow.Point.Shape));
    }

    [Property(MaxTest = 20)]
    public void Batches_are_those_of_the_compiled_functions(Program f)
    {
        var x = Batching.About(f.Input, 9, 0, 1);
        Agree(BoundOf(f.ToString()), x, CompileFor(Vmap(f.Tensor), x.Shape), CompileFor(Vmap(Grad(f.Scalar)), x.Shape));
    }

    private static readonly Dictionary<string, Func<CompiledFunction>> s_functions = new()
    {
        ["a sum over samples"] = () => CompileFor(ValueAndGrad(x => Sum(Exp(x) * Sin(x))), new Shape(1003)),
        ["tiles"] = () => CompileFor(ValueAndGrad(x => Sum(Exp(x) * Sin(x) / (1 + Sum(x * x)))), new Shape(70_001)),
        ["chunks of samples"] = () => CompileFor(ValueAndGrad(x => Sum(Sin(x) * Exp(Cos(x)) * x * x)), new Shape(100_003)),
        ["folds of rows"] = () => CompileFor(x => (MaxOf(x, 1), MinOf(x, 0), Prod(x, 1), LogSumExp(x)), new Shape(37, 41)),
        ["rows of a batch"] = () => CompileFor(Vmap(Grad(x => Sum(x * x * x) * x[0])), new Shape(203, 9)),
        ["gathers and scatters"] = () => CompileFor(ValueAndGrad(x => Sum(Sin(Take(x, [.. Enumerable.Range(0, 500).Select(i => i * 7 % 100)])))), new Shape(100)),
        ["choices"] = () => CompileFor(Grad(x => Sum(Where(x > 0.5, Log(x), x * x) + Max(x, 0.3) + Clamp(x, -0.1, 0.2))), new Shape(100)),
        ["functions lane by lane"] = () => CompileFor(x => BesselJ1(x) + LambertW(x) + Sinc(x), new Shape(50)),
        ["functions of numbers"] = () => CompileFor(ValueAndGrad(x => NormalCdf(x[0]) * Tanh(x[1]) + Pow(x[0], 3) + Pow(x[1], x[0]) + Atan2(x[0], x[1])), new Shape(2)),
        ["products of matrices"] = () => CompileFor(ValueAndGrad(x => Sum(Sin(MatMul(x, Transpose(x))))), new Shape(70, 30)),
        ["running sums"] = () => CompileFor(ValueAndGrad(x => Sum(Sin(CumSum(x, 0)) * CumSum(x, 1))), new Shape(12, 15)),
        ["a fold with its gradient"] = () => CompileFor(ValueAndGrad(x => Sum(Fold((state, item) => Sin(state * item) + x[0], Ones(10), x))), new Shape(20, 10)),
        ["a fold that keeps few states"] = () => CompileFor(ValueAndGrad(x => Sum(Fold((state, item) => Sin(state * item) + x[0], Ones(10), x, checkpointEvery: 6))), new Shape(20, 10)),
        ["a loop with a condition"] = () => CompileFor(x => While(y => Sum(y * y) < 1000, y => 1.5 * y + 0.1, x), new Shape(10)),
        ["comparisons with itself, and powers"] = () => CompileFor(x => Where(Eq(x, x), Pow(x, 3), 1) + Where(x < (1 * x), 2, x) + (x >= (1 * x)), Shape.Scalar),
        ["a branch"] = () => CompileFor(ValueAndGrad(x => Sum(Cond(Sum(x) > 0, () => Exp(x), () => Sin(x) * x))), new Shape(12)),
        ["only a copy"] = () => CompileFor(x => (x, Ones(3), 2.5 + 0 * x[0]), new Shape(4)),
        ["nothing"] = () => CompileFor(x => x * 2, new Shape(0, 3)),
    };

    public static TheoryData<string> Functions => [.. s_functions.Keys];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Results_have_the_bits_of_the_compiled_function_and_calls_allocate_nothing(string name)
    {
        var function = s_functions[name]();
        var generated = GeneratedCode.Of(function)[0];
        double[] point = [.. Enumerable.Range(0, function.ArgumentSize).Select(i => Math.Sin(i + 1.3) + 1.5)];
        AssertSame(function, generated, point);
        AssertSame(function, generated, Array.ConvertAll(point, number => -number));
        AssertSame(function, generated, Array.ConvertAll(point, _ => double.NaN));

        var results = new double[function.ResultSize];
        var before = GC.GetAllocatedBytesForCurrentThread();
        generated(point, results);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(function.ToCSharp("A", "B"), function.ToCSharp("A", "B"));
    }

    [Fact]
    public void Threads_may_call_it_at_the_same_time()
    {
        var function = CompileFor(ValueAndGrad(x => Sum(Sin(x) * LogSumExp(x))), new Shape(3_000));
        var generated = GeneratedCode.Of(function)[0];
        Parallel.For(0, 32, call => AssertSame(function, generated, [.. Enumerable.Range(0, 3_000).Select(i => Math.Cos(i + call))]));
    }

    [Fact]
    public void Trees_give_the_names_of_arguments_and_results()
    {
        var example = new Dictionary<string, Expr[]> { ["bias"] = [1, 2], ["class"] = [Zeros(3)] };
        var text = CompileFor(p => new Dictionary<string, Expr> { ["loss"] = Sum(p["class"][0]) * p["bias"][1] + p["bias"][0] }, example).ToCSharp("A", "B");
        Assert.Contains("public static void Invoke(ReadOnlySpan<double> bias_0, ReadOnlySpan<double> bias_1, ReadOnlySpan<double> class_0, Span<double> loss)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_formula_becomes_a_function_of_its_variables()
    {
        var (x, y) = (Variable("x", new Shape()), Variable("y", new Shape(3)));
        var text = (Sum(y * y) * Sin(x)).ToCSharp("Models", "Wave", y, x);
        var generated = GeneratedCode.OfText((CompileFor((b, a) => Sum(b * b) * Sin(a), new Shape(3), new Shape()), text, "Models.Wave"))[0];
        var result = new double[1];
        generated([1, 2, 3, 0.5], result);
        Assert.Equal(14 * Math.Sin(0.5), result[0], 1e-14);
        Assert.Contains("Invoke(ReadOnlySpan<double> y, ReadOnlySpan<double> x, Span<double> result)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_small_function_is_written_as_a_person_would_write_it() => Assert.Equal(
        """
        // <auto-generated>
        // Written by CompiledFunction.ToCSharp of Autodiff.Functional. It refers to nothing but the base library.
        // </auto-generated>
        #nullable enable

        namespace Models;

        using global::System;
        using global::System.Buffers;
        using global::System.Collections.Generic;
        using global::System.Linq;
        using global::System.Numerics;
        using global::System.Runtime.CompilerServices;
        using global::System.Runtime.InteropServices;
        using global::System.Runtime.Intrinsics;
        using global::System.Runtime.Intrinsics.Arm;
        using global::System.Runtime.Intrinsics.X86;

        /// <summary>A compiled function of x, y.</summary>
        /// <remarks>Safe to be called from several threads at once. No call allocates memory.</remarks>
        public static class Banana
        {
            /// <summary>The number of elements of x: a number.</summary>
            public const int XSize = 1;

            /// <summary>The number of elements of y: a number.</summary>
            public const int YSize = 1;

            /// <summary>The number of elements of result: a number.</summary>
            public const int ResultSize = 1;

            /// <summary>Computes result.</summary>
            /// <param name="x">An argument: a number.</param>
            /// <param name="y">An argument: a number.</param>
            /// <param name="result">Where a result is written, which must not overlap the arguments: a number.</param>
            /// <exception cref="ArgumentException">A span has more or fewer elements than that.</exception>
            [MethodImpl(MethodImplOptions.AggressiveOptimization)]
            public static void Invoke(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> result)
            {
                if (x.Length != XSize)
                {
                    throw new ArgumentException($"Banana: {x.Length} numbers were given for x, which has 1.", nameof(x));
                }

                if (y.Length != YSize)
                {
                    throw new ArgumentException($"Banana: {y.Length} numbers were given for y, which has 1.", nameof(y));
                }

                if (result.Length != ResultSize)
                {
                    throw new ArgumentException($"Banana: {result.Length} numbers were given for result, which has 1.", nameof(result));
                }

                var t1 = 1.0 - x[0]; // 1 - x
                var t2 = t1 * t1; // (1 - x) * (1 - x)
                var t3 = x[0] * x[0]; // x * x
                var t4 = y[0] - t3; // y - x * x
                var t5 = t4 * t4; // (y - x * x) * (y - x * x)
                var t6 = t2 + t5; // (1 - x) * (1 - x) + (y - x * x) * (y - x * x)
                result[0] = t6;
            }
        }

        """,
        CompileFor((x, y) => (1 - x) * (1 - x) + (y - x * x) * (y - x * x), new Shape(), new Shape()).ToCSharp("Models", "Banana"));

    [Theory]
    [InlineData("", "F", "ToCSharp: '' is no namespace, since '' is empty; a namespace is identifiers with dots between them, such as 'Models.Generated'.")]
    [InlineData("A.class", "F", "ToCSharp: 'A.class' is no namespace, since 'class' is a keyword; a namespace is identifiers with dots between them, such as 'Models.Generated'.")]
    [InlineData("A", "2F", "ToCSharp: '2F' is no identifier, and cannot name the type; an identifier can, such as 'Rosenbrock'.")]
    [InlineData("A", "F<T>", "ToCSharp: 'F<T>' is no identifier, and cannot name the type; an identifier can, such as 'Rosenbrock'.")]
    [InlineData("A", "record", "ToCSharp: 'record' is a keyword, and cannot name the type; an identifier can, such as 'Rosenbrock'.")]
    [InlineData("A", "Math", "ToCSharp: the type cannot be named 'Math', since the generated code refers to another type by that name.")]
    public void Names_that_cannot_be_used_are_errors(string @namespace, string type, string message) =>
        Assert.Equal(message, Assert.Throws<AutodiffException>(() => CompileFor(x => x * x, new Shape(2)).ToCSharp(@namespace, type)).Message);

    [Fact]
    public void Nulls_and_wrong_variables_are_errors()
    {
        var (function, x, y) = (CompileFor(x => x * x, new Shape(2)), Variable("x", new Shape()), Variable("y", new Shape()));
        foreach (var (call, message) in ((Func<string>, string)[])
        [
            (() => function.ToCSharp(null!, "F"), "ToCSharp: the namespace is null."),
            (() => function.ToCSharp("A", null!), "ToCSharp: the type is null."),
            (() => x.ToCSharp(null!, "F", x), "ToCSharp: the namespace is null."),
            (() => x.ToCSharp("A", "F"), "ToCSharp: no variable is given; a function has one or more arguments."),
            (() => x.ToCSharp("A", "F", [null!]), "ToCSharp: a variable is null."),
            (() => x.ToCSharp("A", "F", x, x), "Substitute: variable x is given two values."),
            (() => (x * y).ToCSharp("A", "F", x), "ToCSharp: the function reads the symbolic expression y from outside, but compiled code depends on nothing but its arguments. Pass that expression as an argument, or wrap it in StopGradient if it is a number."),
            (() => function.ToCSharp("A", "XSize"), "ToCSharp: the type cannot be named 'XSize', since one of its constants has that name."),
        ])
        {
            Assert.Equal(message, Assert.Throws<AutodiffException>(call).Message);
        }
    }

    [Fact]
    public void What_cannot_be_written_is_named()
    {
        Assert.Equal(
            "ToCSharp: Gamma cannot be written as source text, because its values come from another library.",
            Assert.Throws<AutodiffException>(() => CompileFor(x => Gamma(x), new Shape(9)).ToCSharp("A", "F")).Message);
        Assert.StartsWith(
            "ToCSharp: this operation cannot be written as source text: ",
            Assert.Throws<AutodiffException>(() => CompileFor(x => Inverse(x), new Shape(3, 3)).ToCSharp("A", "F")).Message,
            StringComparison.Ordinal);
    }

    /// <summary>
    /// The bound for a program. The functions of single numbers that come from another library are written as the library's functions of registers, which
    /// differ from them by up to 2 units; what is computed from them may differ by more.
    /// </summary>
    private static long BoundOf(string program) =>
        program.Contains("Erf", StringComparison.Ordinal) || program.Contains("NormalCdf", StringComparison.Ordinal) ? MostUlpsAfterOtherFunctions : MostUlps;

    private static void Agree(long mostUlps, Expr input, params CompiledFunction[] functions)
    {
        var point = input.ToArray();
        CompiledFunction[] writable = [.. functions.Where(IsWritable)];
        foreach (var (function, generated) in writable.Zip(GeneratedCode.Of(writable)))
        {
            AssertSame(function, generated, point, mostUlps);
        }
    }

    private static bool IsWritable(CompiledFunction function)
    {
        try
        {
            function.ToCSharp("A", "B");
            return true;
        }
        catch (AutodiffException error) when (error.Message.Contains("cannot be written", StringComparison.Ordinal))
        {
            return false;
        }
    }

    internal static void AssertSame(CompiledFunction function, GeneratedFunction generated, double[] point, long mostUlps = MostUlps, string name = "")
    {
        var (expected, actual) = (new double[function.ResultSize], new double[function.ResultSize]);
        function.Invoke(point, expected);

        // What is in the memory of the results and of the program before a call does not matter.
        Array.Fill(actual, 3.5);
        generated(point, actual);
        Array.Fill(actual, -7.25);
        generated(point, actual);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(Ulps(expected[i], actual[i]) <= mostUlps, $"{name} element {i}: {expected[i]:R} compiled, {actual[i]:R} by source text");
        }
    }

    private static long Ulps(double a, double b) => a == b || (double.IsNaN(a) && double.IsNaN(b)) ? 0
        : double.IsNaN(a) || double.IsNaN(b) ? long.MaxValue
        : Math.Abs(Ordered(a) - Ordered(b));

    private static long Ordered(double number) => BitConverter.DoubleToInt64Bits(number) is var bits && bits < 0 ? long.MinValue - bits : bits;
}
