// Linear algebra, and its derivatives, written as source text do what the compiled functions do.

using Autodiff.PropertyTests.Generators;
using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.CSharpSource;

public class LinearAlgebraSourceTests
{
    // How many random programs are written, as one compilation.
    private const int Programs = 12;

    [Fact]
    public void Values_and_derivatives_of_every_operation_are_those_of_the_compiled_functions()
    {
        (string Name, StructuralCase Case)[] cases = [.. LinearAlgebraCases.All.Select(all => (all.Key, SmallOf(all.Value)))];
        AssertSame(Array.ConvertAll(cases, each => (
            each.Name, each.Case.Operands[0], CompileFor(x => AllOf(v => each.Case.Apply([v, .. each.Case.Operands.Skip(1)]), x), each.Case.Operands[0].Shape))));
    }

    [Fact]
    public void Right_hand_sides_and_what_matrices_depend_on_have_derivatives_too()
    {
        var a = Constant([4, 1, 2, -1, 5, 0.5, 0.25, 1, 3], new Shape(3, 3));
        var b = Constant([1, -2, 3, 0.5, 1, 2], new Shape(3, 2));
        AssertSame(
            ("Solve", b, CompileFor(x => AllOf(v => Solve(a, v), x), b.Shape)),
            ("SolveTriangular", b, CompileFor(x => AllOf(v => SolveTriangular(a, v, lower: false, unitDiagonal: true), x), b.Shape)),
            ("series", a, CompileFor(x => Stack([.. Derivatives(t => Sum(Solve(a + t * x, b)), 3)(0.25)]), a.Shape)),
            ("a product of matrices by blocks", Eye(40), CompileFor(x => Expm(x / 2), new Shape(40, 40))));
    }

    [Fact]
    public void Values_and_gradients_of_random_programs_are_those_of_the_compiled_functions()
    {
        var options = new RandomProgramOptions { LinearAlgebra = 8, Searches = 0, CustomRules = 0, Elementwise = 3, LongestProgram = 8, ScalarResult = true };
        AssertSame([.. Enumerable.Range(0, 2 * Programs).Select(seed => RandomPrograms.Generate((ulong)seed + 50, options))
            .Where(program => !program.Operations.Intersect(["NormalQuantile", "ErfInv", "ErfcInv"]).Any())
            .Take(Programs)
            .Select(program => (program.ToString(), program.Input, CompileFor(ValueAndGrad(program.Function), program.Input.Shape)))]);
    }

    [Fact]
    public void Errors_have_the_message_of_the_compiled_function()
    {
        (Func<Expr, Expr> F, double[] Unfit)[] operations =
        [
            (Inverse, [1, 2, 2, 4]),
            (x => Solve(x, Ones(2)), [1, 2, 2, 4]),
            (x => SolveTriangular(x, Ones(2)), [0, 2, 2, 4]),
            (Cholesky, [1, 2, 2, 1]),
            (PolarFactor, [1, 2, 2, 4]),
            (Sqrtm, [-1, 0, 0, 2]),
            (Logm, [-1, 0, 0, 2]),
            (x => SolveSylvester(x, x, Ones(2, 2)), [-1, 0, 0, 1]),
            (x => SolveBanded(0, 1, x, Ones(2)), [1, 1, 0, 1]),
        ];
        (CompiledFunction Function, double[] Unfit)[] calls =
            [.. operations.SelectMany(each => new[] { (CompileFor(each.F, new Shape(2, 2)), each.Unfit), (CompileFor(Vmap(each.F), new Shape(2, 2, 2)), [1, 0, 0, 1, .. each.Unfit]) })];
        foreach (var ((function, unfit), generated) in calls.Zip(GeneratedCode.Of(Array.ConvertAll(calls, call => call.Function))))
        {
            var results = new double[function.ResultSize];
            var expected = Assert.ThrowsAny<AutodiffException>(() => function.Invoke(unfit, results)).Message;
            Assert.Equal(expected, Assert.Throws<InvalidOperationException>(() => generated(unfit, results)).Message);

            // The next call is not affected.
            generated([.. Enumerable.Range(0, unfit.Length).Select(i => i % 4 is 0 or 3 ? 2.0 : 1)], results);
            Assert.All(results, number => Assert.True(double.IsFinite(number)));
        }
    }

    private static void AssertSame(params (string Name, Expr Input, CompiledFunction Function)[] cases)
    {
        foreach (var ((name, input, function), generated) in cases.Zip(GeneratedCode.Of(Array.ConvertAll(cases, each => each.Function))))
        {
            SourceTests.AssertSame(function, generated, input.ToArray(), name: name);
        }
    }

    /// <summary>A case whose matrices have few rows and columns, but more than one, so that its text is short.</summary>
    private static StructuralCase SmallOf(Gen<StructuralCase> cases) =>
        cases.Sample(60).Where(each => each.Operands[0].Shape.Lengths[^1] > 1 && each.Operands[0].Shape.Lengths[^2] > 1).MinBy(each => each.Operands[0].Shape.Size)!;

    /// <summary>Values, gradients, Hessians, batches and loops of a function.</summary>
    private static (Expr Value, Expr Gradient, Expr Hessian, Expr Jacobian, Expr Gradients, Expr LoopGradient) AllOf(Func<Expr, Expr> f, Expr x)
    {
        Expr Scalar(Expr v) => Sum(Sin(f(v)));
        Expr Loop(Expr v) => Fold((state, item) => Sin(state) + Scalar(item * v), 0, Stack([Ones(x.Shape), 1.1 * Ones(x.Shape)]));
        return (f(x), Grad(Scalar)(x), Hessian(Scalar)(x), Jacobian(f)(x), Vmap(Grad(Scalar))(Stack([x, 1.25 * x])), Grad(Loop)(x));
    }
}
