// The batching rule of every primitive: a batch is the loop over its samples, to the second derivative, whichever operands
// are batched and along whichever axes.

using Autodiff.PropertyTests.Generators;
using Autodiff.PropertyTests.Rules;
using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Batches;

public class BatchRulesTests
{
    // Of the first, second and third operand: together (2, 3).
    private static readonly Shape[] s_shapes = [new(2, 1), new(3), Shape.Scalar];

    public static TheoryData<string> Structural => [.. StructuralCases.WithLoops.Keys];

    public static TheoryData<Op> Elementwise => ElementwiseTests.Primitives;

    [Theory, MemberData(nameof(Structural))]
    public void A_structural_function_batched_is_the_loop(string function) =>
        Batching.ForAll(Fitting(function), 100, batching => batching.IsTheLoop());

    [Theory, MemberData(nameof(Structural))]
    public void A_structural_function_batched_symbolically_is_the_same(string function) =>
        Batching.ForAll(Fitting(function), 40, batching => batching.IsTheSameBuiltSymbolically());

    [Theory, MemberData(nameof(Structural))]
    public void First_derivatives_of_a_structural_function_are_those_of_the_loop(string function) => Batching.ForAll(Fitting(function), 40, batching =>
    {
        batching.HasTheDerivativesOfTheLoopInside();
        batching.HasTheDerivativesOfTheLoopOutside();
    });

    [Theory, MemberData(nameof(Structural))]
    public void Second_derivatives_of_a_structural_function_are_those_of_the_loop(string function) =>
        Batching.ForAll(Fitting(function), 10, batching => batching.HasTheSecondDerivativesOfTheLoop());

    [Theory, MemberData(nameof(Elementwise))]
    public void An_elementwise_function_batched_is_the_loop_to_the_second_derivative(Op op)
    {
        Batching.ForAll(OnOperands(op, isBroadcast: false), 20, batching => batching.IsTheLoop());
        Batching.ForAll(OnOperands(op, isBroadcast: true), 20, batching => batching.IsTheLoop());
        Batching.ForAll(OnOperands(op, isBroadcast: true), 5, batching =>
        {
            batching.HasTheDerivativesOfTheLoopInside();
            batching.HasTheDerivativesOfTheLoopOutside();
            batching.HasTheSecondDerivativesOfTheLoop();
        });
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void A_polygamma_function_batched_is_the_loop_to_the_second_derivative(int order) => Batching.ForAll(
        Batching.Of("Polygamma", [new double[] { 0.5, 1, 2 }], v => Polygamma(order, 3 + v[0])), 10, batching =>
        {
            batching.IsTheLoop();
            batching.HasTheDerivativesOfTheLoopInside();
            batching.HasTheSecondDerivativesOfTheLoop();
        });

    [Fact]
    public void StopGradient_stays_in_a_batch()
    {
        Expr x = new double[] { 1, -2, 3 };
        Agreement.Identical(x, AD.Vmap(AD.StopGradient)(x));
        Agreement.Identical(x, AD.Grad(v => Sum(AD.Vmap(s => s * AD.StopGradient(s))(v)))(x));
        Agreement.Identical(x, AD.Vmap(AD.Grad(s => s * AD.StopGradient(s)))(x));
    }

    /// <summary>The cases that Vmap has enough arguments for.</summary>
    private static Gen<Batching> Fitting(string function) =>
        Batching.Of(StructuralCases.WithLoops[function].Where(x => x.Operands.Length is >= 1 and <= 4));

    /// <summary>An elementwise primitive within its domain.</summary>
    private static Gen<Batching> OnOperands(Op op, bool isBroadcast) =>
        from size in Gen.Elements(0, 1, 2, 5)
        from points in ElementwiseTests.PointsOf(op).ArrayOf(Math.Max(size, 1))
        from always in Gen.Choose(0, points[0].Length - 1)
        from some in Gen.Elements(false, true).ArrayOf(points[0].Length)
        from choices in Gen.Choose(0, 100).ArrayOf(points[0].Length)
        from outChoice in Gen.Choose(0, 100)
        let shapes = isBroadcast ? s_shapes : [Shape.Scalar, Shape.Scalar, Shape.Scalar]
        let inAxes = points[0].Select((_, i) => some[i] || i == always ? Batching.AxisOf(choices[i], shapes[i].Rank) : (int?)null).ToArray()
        let arguments = points[0].Select((point, i) => inAxes[i] is { } axis
            ? Batching.Stacked([.. points.Take(size).Select(sample => Filled(sample[i], shapes[i]))], shapes[i], axis)
            : Filled(point, shapes[i])).ToArray()
        select new Batching(op.ToString(), v => ElementwiseTests.Apply(op, v), arguments, inAxes, size, outChoice);
}
