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

    // What has no form, beside the functions that ONNX does not have.
    private static readonly Op[] s_withoutForm =
    [
        Op.Cholesky, Op.Solve, Op.SolveTriangular, Op.Inverse, Op.Zeta, Op.Binomial, Op.BetaInc, Op.BesselY, Op.BesselIOfRealOrder, Op.BesselIScaled, Op.BesselK, Op.BesselKScaled,
        Op.ArgSort, Op.IndexOfExtreme, Op.CumProd, Op.CumLogSumExp, Op.CumExtreme, Op.Recurrence,
    ];

    /// <summary>The operations of random programs that ONNX cannot express, with their derivatives.</summary>
    private static readonly int[] s_inexpressible = [.. Enumerable.Range(0, Vocabulary.Operations.Count).Where(operation =>
        new Program(Zeros(2), [new(operation, 0, 0, 0)]) is var f
        && !(IsExpressible(CompileFor(f.Tensor, new Shape(2))) && IsExpressible(CompileFor(Hessian(f.Scalar), new Shape(2)))))];

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

    [Property(MaxTest = 60)]
    public void A_program_with_any_operations_is_written_or_an_error_that_names_one(Program program)
    {
        TryAgree(program.Tensor, program.Input);
        TryAgree(Grad(program.Scalar), program.Input);
    }

    [Fact]
    public void Most_operations_of_random_programs_can_be_written()
    {
        Assert.Equal(
            [
                "Gamma(a/4 + 2)/2", "LogGamma(a + 5)/4", "Digamma(a + 5)/2", "LambertW(a + 3)", "Sinc a", "BesselJ0 a", "BesselJ1 a", "BesselI0(a)/2", "BesselI1 a",
                "LogNormalCdf(a)/3", "NormalQuantile(a/5 + 1/2)", "GammaP(5/2, a + 3)", "GammaQ(4, a + 3)", "ErfInv(a/5)", "ErfcInv(a/5 + 1)", "Erfcx(a + 3)",
                "Dawson a", "ExpIntegralE1(a + 3)", "ExpIntegralEi(a/4 + 1)/2", "BesselJ(2, a)", "BesselY(1, a/4 + 2)", "BesselI(1/2, a/2 + 2)/3",
                "BesselIScaled(3/2, a + 3)", "BesselK(1/2, a/2 + 2)", "BesselKScaled(1, a + 3)", "LogBeta(a + 3, b + 4)/5", "Beta(a/4 + 1, b/4 + 2)",
                "GammaP(a/4 + 2, b/4 + 2)", "BetaInc(a/4 + 2, b/4 + 2, 0.4)", "BetaInc(2, b/4 + 2, a/5 + 1/2)", "Zeta(a/4 + 4, b/4 + 2)", "Binomial(a/4 + 5, b/4 + 2)/8",
                "CumProd(a/2, axis)", "CumLogSumExp(a/2, axis) - log length", "Sort(a + ladder, axis) - Sort(ladder, axis)",
                "Median(a + ladder, axis) - Median(ladder, axis)", "CumMax(a + ladder, axis) - CumMax(ladder, axis)", "TakeAlong(a, ArgSort(a + ladder, axis), axis)",
                "Take(a, IndexOfMax(a + ladder, …), axis)",
            ],
            s_inexpressible.Select(operation => Vocabulary.Operations[operation].Text));
        string Share<T>(IEnumerable<T> cases, Func<T, CompiledFunction> function) => $"{cases.Count(each => IsExpressible(function(each)))} of {cases.Count()}";
        var (programs, flows) = (Programs.Arbitrary.Generator.Sample(100).ToList(), Flows.Arbitrary.Generator.Sample(60).ToList());
        output.WriteLine($"programs: {Share(programs, f => CompileFor(f.Tensor, f.Input.Shape))}; gradients of all their results: {Share(programs, f => CompileFor(Grad(f.Scalar), f.Input.Shape))}");
        output.WriteLine($"loops and branches: {Share(flows, f => CompileFor(f.By(Control.Nodes), f.Point.Shape))}; gradients: {Share(flows, f => CompileFor(Grad(f.By(Control.Nodes)), f.Point.Shape))}");
    }

    /// <summary>The program without the operations that cannot be written.</summary>
    private static Program Expressible(Program program) => program with
    {
        Instructions = [.. program.Instructions.Where(instruction => !s_inexpressible.Contains(instruction.Operation % Vocabulary.Operations.Count))],
    };

    /// <summary>Whether a function can be written; if not, the error must name an operation that has no form.</summary>
    private static bool IsExpressible(CompiledFunction function)
    {
        try
        {
            function.ToOnnx();
            return true;
        }
        catch (AutodiffException error)
        {
            Assert.Matches("^ToOnnx: [A-Z][A-Za-z0-9]+ cannot be written as an ONNX model, because ", error.Message);
            var op = Enum.Parse<Op>(error.Message.Split(' ')[1]);
            Assert.True(op.IsLanewise() || s_withoutForm.Contains(op), error.Message);
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
