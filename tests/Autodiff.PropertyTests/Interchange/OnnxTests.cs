// Compiled functions as ONNX models, run by ONNX Runtime, compute what the compiled functions do: random programs with their derivatives, loops and batches.

using Autodiff.Functional.Verification;
using Autodiff.PropertyTests.Generators;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Xunit.Abstractions;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Interchange;

[Properties(Arbitrary = [typeof(Programs), typeof(Flows)], QuietOnSuccess = true)]
public class OnnxTests(ITestOutputHelper output)
{
    // Relative to the largest intermediate value: sums in another order round differently, and operators of ONNX Runtime have other errors.
    private const double Rounding = 1e-12;

    /// <summary>The operations of random programs that ONNX cannot express, with their derivatives.</summary>
    private static readonly HashSet<int> s_inexpressible = [.. Enumerable.Range(0, Vocabulary.Operations.Count).Where(operation =>
        !IsExpressible(CompileFor(Hessian(new Program(Zeros(2), [new(operation, 0, 0, 0)]).Scalar), new Shape(2))))];

    [Property(MaxTest = 100)]
    public void Values_of_random_programs_are_those_of_the_compiled_functions(Program program)
    {
        var f = Expressible(program);
        Agree(f.Tensor, f.Input);
    }

    [Property(MaxTest = 60)]
    public void Gradients_of_random_programs_are_those_of_the_compiled_functions(Program program)
    {
        var f = Expressible(program);
        Agree(Grad(f.Scalar), f.Input);
    }

    [Property(MaxTest = 40)]
    public void Second_derivatives_of_random_programs_are_those_of_the_compiled_functions(Program program)
    {
        var f = Expressible(program);
        Agree(Hessian(f.Scalar), f.Input);
    }

    private Program Expressible(Program program) => program with { Instructions = [.. program.Instructions.Where(i => !s_inexpressible.Contains(i.Operation % Vocabulary.Operations.Count))] };

    [Property(MaxTest = 40)]
    public void Loops_and_branches_are_those_of_the_compiled_functions(FlowCase flow)
    {
        var f = flow.By(Control.Nodes);
        TryAgree(f, flow.Point);
        TryAgree(Grad(f), flow.Point);
    }

    [Property(MaxTest = 20)]
    public void Batches_are_those_of_the_compiled_functions(Program program)
    {
        var f = Expressible(program);
        var x = Batching.About(f.Input, 5, 0, 1);
        Agree(Vmap(f.Tensor), x);
        Agree(Vmap(Grad(f.Scalar)), x);
    }

    [Fact]
    public void Share()
    {
        output.WriteLine(string.Join(", ", s_inexpressible.Select(i => Vocabulary.Operations[i].Text)));
        var sample = FsCheck.Fluent.Gen.Sample(Programs.Arbitrary.Generator, 200).ToArray();
        output.WriteLine($"{sample.Count(p => IsExpressible(CompileFor(p.Tensor, p.Input.Shape)))} {sample.Count(p => IsExpressible(CompileFor(Grad(p.Scalar), p.Input.Shape)))} of {sample.Length}");
    }

    private static bool IsExpressible(CompiledFunction function)
    {
        try
        {
            function.ToOnnx();
            return true;
        }
        catch (AutodiffException error) when (error.Message.StartsWith("ToOnnx: ", StringComparison.Ordinal))
        {
            return false;
        }
    }

    private static void TryAgree(Func<Expr, Expr> f, Expr x)
    {
        if (IsExpressible(CompileFor(f, x.Shape)))
        {
            Agree(f, x);
        }
    }

    private static void Agree(Func<Expr, Expr> f, Expr x)
    {
        var function = CompileFor(f, x.Shape);
        var point = x.ToArray();
        var expected = new double[function.ResultSize];
        function.Invoke(point, expected);
        using var model = new OnnxModel(function);
        var found = model.Run(point);
        Assert.Equal(expected.Length, found.Length);
        var allowed = Rounding * Math.Max(1, Intermediates.Largest(f, x));
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(
                found[i] == expected[i] || (double.IsNaN(found[i]) && double.IsNaN(expected[i])) || Math.Abs(found[i] - expected[i]) <= allowed,
                $"element {i}: {expected[i]:R} compiled, {found[i]:R} by ONNX Runtime; allowed is a difference of {allowed}");
        }
    }
}
