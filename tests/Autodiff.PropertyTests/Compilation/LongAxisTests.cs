// Random programs on tensors long enough to fill registers have the same values and derivatives compiled and uncompiled.

using Autodiff.PropertyTests.Generators;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Compiling;

public class LongAxisTests
{
    [Property(MaxTest = 150, QuietOnSuccess = true)]
    public Property Values_and_derivatives_are_those_of_the_program() => Prop.ForAll(Programs.OnLongAxes, f =>
    {
        var direction = Tensors.Direction(f.Input.Shape, 7);
        Engines.Agree(f.Input, compile =>
        [
            compile(f.Tensor),
            compile(Grad(f.Scalar)),
            compile(x => Jvp(f.Tensor)(x, direction).Tangent),
            compile(x => Jvp(Grad(f.Scalar))(x, direction).Tangent),
        ]);
    });

    [Property(MaxTest = 40, QuietOnSuccess = true)]
    public Property Batches_are_those_of_the_program() => Prop.ForAll(Programs.OnLongAxes, f => Engines.Agree(
        Batching.About(f.Input, 3, 0, 1), compile => [compile(Vmap(f.Tensor)), compile(Vmap(Grad(f.Scalar))), compile(Grad(x => Sum(Vmap(f.Scalar)(x))))]));

    [Property(MaxTest = 40, QuietOnSuccess = true)]
    public Property Batches_of_many_small_programs_are_those_of_the_program() => Prop.ForAll(Programs.Arbitrary, Gen.Elements(9, 16, 300).ToArbitrary(), (f, count) => Engines.Agree(
        Batching.About(f.Input, count, 0, 1), compile => [compile(Vmap(f.Tensor)), compile(Vmap(Grad(f.Scalar)))]));
}
