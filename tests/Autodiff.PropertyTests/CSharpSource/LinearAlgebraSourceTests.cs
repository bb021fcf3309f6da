// Linear algebra, and its derivatives, written as source text do what the compiled functions do.

using Autodiff.PropertyTests.Generators;
using FsCheck.Fluent;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.CSharpSource;

public class LinearAlgebraSourceTests
{
    // How many random calls of each operation are written.
    private const int Samples = 2;

    [Fact]
    public void Values_and_derivatives_of_every_operation_are_those_of_the_compiled_functions()
    {
        (string Name, StructuralCase Case)[] cases =
            [.. LinearAlgebraCases.All.SelectMany(all => all.Value.Sample(6, Samples).Select(each => (all.Key, each)))];
        var functions = Array.ConvertAll(cases, each => CompileFor(x => AllOf(v => each.Case.Apply([v, .. each.Case.Operands.Skip(1)]), x), each.Case.Operands[0].Shape));
        foreach (var ((name, each), (function, generated)) in cases.Zip(functions.Zip(GeneratedCode.Of(functions))))
        {
            SourceTests.AssertSame(function, generated, each.Operands[0].ToArray(), name: $"{name} of {each}");
        }
    }

    /// <summary>Values, gradients, Hessians, batches and loops of a function.</summary>
    internal static (Expr Value, Expr Gradient, Expr Hessian, Expr Batch, Expr Gradients, Expr Loop, Expr LoopGradient) AllOf(Func<Expr, Expr> f, Expr x)
    {
        Expr Scalar(Expr v) => Sum(Sin(f(v)));
        Expr Loop(Expr v) => Fold((state, item) => Sin(state) + Scalar(item * v), 0, Stack([Ones(x.Shape), 1.1 * Ones(x.Shape), Cos(v) / Cos(v)]));
        var batch = Stack([x, 1.25 * x]);
        return (f(x), Grad(Scalar)(x), Hessian(Scalar)(x), Vmap(f)(batch), Vmap(Grad(Scalar))(batch), Loop(x), Grad(Loop)(x));
    }
}
