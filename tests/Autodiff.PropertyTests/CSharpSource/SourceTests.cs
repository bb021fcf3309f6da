// Compiled functions written as source text do what the compiled functions do.

using System.Text.RegularExpressions;
using Autodiff.Functional.Compilation.SourceGeneration;
using Autodiff.PropertyTests.Generators;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.CSharpSource;

[Properties(Arbitrary = [typeof(Programs), typeof(Flows)], QuietOnSuccess = true)]
public partial class SourceTests
{
    // Units in the last place by which results of the source text may differ from those of the compiled function.
    private const long MostUlps = 2;

    // The error of the one function that cannot be written.
    private const string NoQuantile = "ToCSharp: NormalQuantile cannot be written as source text, because its values come from another library.";

    [Property(MaxTest = 20)]
    public void Values_and_derivatives_of_random_programs_are_those_of_the_compiled_functions(Program f) => Agree(
        f.Input,
        CompileFor(f.Tensor, f.Input.Shape),
        CompileFor(ValueAndGrad(f.Scalar), f.Input.Shape),
        CompileFor(Hessian(f.Scalar), f.Input.Shape));

    [Property(MaxTest = 12)]
    public void Loops_and_branches_are_those_of_the_compiled_functions(FlowCase flow)
    {
        var f = flow.By(Control.Nodes);
        Agree(flow.Point, CompileFor(f, flow.Point.Shape), CompileFor(Grad(f), flow.Point.Shape));
    }

    [Property(MaxTest = 8)]
    public void Batches_are_those_of_the_compiled_functions(Program f)
    {
        var x = Batching.About(f.Input, 9, 0, 1);
        Agree(x, CompileFor(Vmap(f.Tensor), x.Shape), CompileFor(Vmap(Grad(f.Scalar)), x.Shape));
    }

    private static Expr ScanOfTwo(Expr x, int checkpointEvery)
    {
        var (final, (sines, squares)) = Scan<Expr, Expr, (Expr, Expr)>((state, item) => (Sin(state * item) + x[0], (Sin(state), state * item)), Ones(10), x, checkpointEvery: checkpointEvery);
        return Sum(final) + Sum(sines * squares);
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
        ["every second and remainders"] = () => CompileFor(ValueAndGrad(x => Sum(Mod(x[Slice.Every(2, 1..), Slice.Every(3)], 0.7) + (x[1, 0] % 0.3))), new Shape(12, 15)),
        ["convolutions"] = () => CompileFor(ValueAndGrad((x, kernel) => Sum(Sin(Conv(x, kernel, stride: [2, 1], padding: 1, groups: 2)))), new Shape(2, 4, 9, 11), new Shape(6, 2, 3, 3)),
        ["largest elements of windows"] = () => CompileFor(ValueAndGrad(x => Sum(Sin(MaxPool(x, [2, 3], stride: [1, 2], padding: 1)))), new Shape(2, 3, 9, 11)),
        ["random numbers"] = () => CompileFor(
            (x, sd) => (Rng.Normal(Floor(Abs(1000 * NanTo(x, 0))), new(7), 0, sd), Rng.Integers(Rng.Split(Floor(Abs(1000 * NanTo(x, 0)))).Second, new(5), 0, 10)), new Shape(2), Shape.Scalar),
        ["running sums"] = () => CompileFor(ValueAndGrad(x => Sum(Sin(CumSum(x, 0)) * CumSum(x, 1))), new Shape(12, 15)),
        ["a fold with its gradient"] = () => CompileFor(ValueAndGrad(x => Sum(Fold((state, item) => Sin(state * item) + x[0], Ones(10), x))), new Shape(20, 10)),
        ["a fold that keeps few states"] = () => CompileFor(ValueAndGrad(x => Sum(Fold((state, item) => Sin(state * item) + x[0], Ones(10), x, checkpointEvery: 6))), new Shape(20, 10)),
        ["a scan with two outputs that keeps few states"] = () => CompileFor(ValueAndGrad(x => ScanOfTwo(x, 6)), new Shape(20, 10)),
        ["a second sweep back through a scan with two outputs"] = () => CompileFor(Grad(x => Sum(Sin(Grad(y => ScanOfTwo(y, 1))(x)))), new Shape(20, 10)),
        ["a loop with a condition"] = () => CompileFor(x => While(y => Sum(y * y) < 1000, y => 1.5 * y + 0.1, x), new Shape(10)),
        ["comparisons with itself, and powers"] = () => CompileFor(x => Where(Eq(x, x), Pow(x, 3), 1) + Where(x < (1 * x), 2, x) + (x >= (1 * x)), Shape.Scalar),
        ["a sweep back through a loop with a condition"] = () => CompileFor(ValueAndGrad(x => Sum(While(y => Sum(y * y) < 1000, y => 1.5 * y + 0.1 * Sin(x), x))), new Shape(10)),
        ["such a sweep that keeps few states"] = () => CompileFor(Grad(x => Sum(While(y => Sum(y * y) < 1000, y => 1.01 * y + 0.1 * x, x, checkpointEvery: 7))), new Shape(3)),
        ["a sweep back through a sweep back"] = () => CompileFor(Hessian(x => Sum(While(y => Sum(y * y) < 50, y => 1.2 * y + 0.1 * Sin(x * y), x))), new Shape(2)),
        ["gamma functions and their relatives"] = () => CompileFor(x => Stack([Gamma(x), LogGamma(x), Digamma(x), Polygamma(2, x), GammaP(x, 2), GammaQ(3, x), LogBeta(x, 2), Beta(x, x)]), new Shape(9)),
        ["the normal distribution"] = () => CompileFor(ValueAndGrad(x => LogNormalCdf(x[0]) + NormalCdf(x[1]) + Erf(x[0]) * Erfc(x[1]) + Gamma(x[1])), new Shape(2)),
        ["a concatenation with nothing"] = () => CompileFor(x => Concat([x[.., 0..0], x, Ones(2, 1), x[.., 1..1]], 1), new Shape(2, 3)),
        ["a loop without steps"] = () => CompileFor(ValueAndGrad(x => Sum(Fold((state, item) => state * item * x[0], Sin(x), Ones(0)))), new Shape(3)),
        ["a branch"] = () => CompileFor(ValueAndGrad(x => Sum(Cond(Sum(x) > 0, () => Exp(x), () => Sin(x) * x))), new Shape(12)),
        ["only a copy"] = () => CompileFor(x => (x, Ones(3), 2.5 + 0 * x[0]), new Shape(4)),
        ["nothing"] = () => CompileFor(x => x * 2, new Shape(0, 3)),
    };

    // All of them, compiled at once.
    private static readonly Lazy<Dictionary<string, (CompiledFunction Function, GeneratedFunction Generated)>> s_generated = new(() =>
    {
        CompiledFunction[] functions = [.. s_functions.Values.Select(compile => compile())];
        return new(s_functions.Keys.Zip(functions.Zip(GeneratedCode.Of(functions)), KeyValuePair.Create));
    });

    public static TheoryData<string> Functions => [.. s_functions.Keys];

    [Theory]
    [MemberData(nameof(Functions))]
    public void Results_have_the_bits_of_the_compiled_function_and_calls_allocate_nothing(string name)
    {
        var (function, generated) = s_generated.Value[name];
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
    public void The_number_of_steps_of_a_loop_may_grow_and_shrink_from_call_to_call()
    {
        var function = CompileFor(ValueAndGrad(x => While(y => y < 1, y => y + x * x, x)), Shape.Scalar);
        var generated = GeneratedCode.Of(function)[0];
        foreach (var x in (double[])[0.5, 0.01, 0.1, 2, 0.005, 0.3])
        {
            AssertSame(function, generated, [x]);
        }

        var results = new double[2];
        var before = GC.GetAllocatedBytesForCurrentThread();
        generated([0.005], results);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        var bounded = GeneratedCode.Of(CompileFor(Grad(x => While(y => y < 1, y => y + x, x, limit: 20)), Shape.Scalar))[0];
        bounded([0.125], results.AsSpan(0, 1));
        Assert.Equal(8, results[0]);
        var error = Assert.Throws<InvalidOperationException>(() => bounded([0.01], new double[1]));
        Assert.Equal(Assert.Throws<AutodiffException>(() => Grad(x => While(y => y < 1, y => y + x, x, limit: 20))(0.01).Value).Message, error.Message);
    }

    [Fact]
    public void All_operations_can_be_written_but_the_quantile_of_the_normal_distribution()
    {
        Assert.Equal(
            [Op.NormalQuantile, Op.NormalDensityQuantile],
            Enum.GetValues<Op>().Where(op => op.IsElementwise() && !IsWritten(() => NumberSource.Apply(op, null, ["a", "b", "c"]))));
        foreach (var (name, each) in StructuralCases.All.SelectMany(all => all.Value.Sample(3).Select(each => (all.Key, each))))
        {
            Expr Scalar(Expr x) => Sum(Sin(each.Apply([x, .. each.Operands.Skip(1)])));
            Assert.True(IsWritten(() => CompileFor(x => (Scalar(x), Grad(Scalar)(x), Hessian(Scalar)(x)), each.Operands[0].Shape).ToCSharp("A", "B")), name);
        }
    }

    [Fact]
    public void What_cannot_be_written_is_named()
    {
        var cube = Primitive.Define("Cube", x => x * x * x, (x, _) => 3 * x * x);
        foreach (var (f, message) in ((Func<Expr, Expr>, string)[])
        [
            (NormalQuantile, NoQuantile),
            (x => Root(y => y * y * y - x, Ones(9)), "ToCSharp: this operation cannot be written as source text: Root (9), as without compilation."),
            (x => ArgMin(y => Sum(y * y * y * y - x * y), Ones(9)), "ToCSharp: this operation cannot be written as source text: Root (9), as without compilation."),
            (x => cube(x), "ToCSharp: this operation cannot be written as source text: Defined (9), as without compilation."),
            (x => Fold((state, item) => 2 * state + Sum(item), x, Ones(3, 0)), "ToCSharp: this operation cannot be written as source text: Loop (9), as without compilation."),
        ])
        {
            Assert.Equal(message, Assert.Throws<AutodiffException>(() => CompileFor(f, new Shape(9)).ToCSharp("A", "F")).Message);
        }
    }

    private static bool IsWritten(Action write)
    {
        try
        {
            write();
            return true;
        }
        catch (AutodiffException error) when (error.Message.EndsWith("cannot be written as source text, because its values come from another library.", StringComparison.Ordinal) || ProgramOverNothing().IsMatch(error.Message))
        {
            return false;
        }
    }

    // Compiled functions too leave loops, branches and calls that read a tensor without elements to the evaluator.
    [GeneratedRegex(@"^ToCSharp: this operation cannot be written as source text: (Loop|LoopAdjoint|Cond|Call) \(.*\), as without compilation\.$")]
    private static partial Regex ProgramOverNothing();

    private static void Agree(Expr input, params CompiledFunction[] functions)
    {
        var point = input.ToArray();
        CompiledFunction[] writable = [.. functions.Where(function => IsWritten(() => function.ToCSharp("A", "B")))];
        foreach (var (function, generated) in writable.Zip(GeneratedCode.Of(writable)))
        {
            AssertSame(function, generated, point);
        }
    }

    internal static void AssertSame(CompiledFunction function, GeneratedFunction generated, double[] point, string name = "")
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
            Assert.True(Ulps(expected[i], actual[i]) <= MostUlps, $"{name} element {i}: {expected[i]:R} compiled, {actual[i]:R} by source text");
        }
    }

    private static long Ulps(double a, double b) => a == b || (double.IsNaN(a) && double.IsNaN(b)) ? 0
        : double.IsNaN(a) || double.IsNaN(b) ? long.MaxValue
        : Math.Abs(Ordered(a) - Ordered(b));

    private static long Ordered(double number) => BitConverter.DoubleToInt64Bits(number) is var bits && bits < 0 ? long.MinValue - bits : bits;
}
