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

    [Property(MaxTest = 150)]
    public void Values_and_derivatives_of_random_programs_are_those_of_the_compiled_functions(Program f) => Agree(
        f.Input,
        CompileFor(f.Tensor, f.Input.Shape),
        CompileFor(ValueAndGrad(f.Scalar), f.Input.Shape),
        CompileFor(Hessian(f.Scalar), f.Input.Shape));

    private static void Agree(Expr input, params CompiledFunction[] functions)
    {
        var point = input.ToArray();
        CompiledFunction[] writable = [.. functions.Where(IsWritable)];
        foreach (var (function, generated) in writable.Zip(GeneratedCode.Of(writable)))
        {
            AssertSame(function, generated, point);
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

    internal static void AssertSame(CompiledFunction function, GeneratedFunction generated, double[] point)
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
            Assert.True(Ulps(expected[i], actual[i]) <= MostUlps, $"element {i}: {expected[i]:R} compiled, {actual[i]:R} by source text");
        }
    }

    private static long Ulps(double a, double b) => a == b || (double.IsNaN(a) && double.IsNaN(b)) ? 0
        : double.IsNaN(a) || double.IsNaN(b) ? long.MaxValue
        : Math.Abs(Ordered(a) - Ordered(b));

    private static long Ordered(double number) => BitConverter.DoubleToInt64Bits(number) is var bits && bits < 0 ? long.MinValue - bits : bits;
}
