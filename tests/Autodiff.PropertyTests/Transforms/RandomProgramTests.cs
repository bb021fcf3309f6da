// Random programs: every way to the same derivative agrees, and all with finite differences.

using Autodiff.Functional.Primitives;
using Autodiff.Functional.Sweeps;
using Autodiff.PropertyTests.Generators;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Transforms;

[Properties(Arbitrary = [typeof(Programs)], QuietOnSuccess = true)]
public class RandomProgramTests
{
    // Numeric states 1e-12 where a function changes over distances of about 1; thirty operations on end change faster.
    private const double Differences = 1e-8;

    [Property(MaxTest = 300)]
    public void Every_result_stays_in_the_range_that_keeps_programs_well_conditioned(Program program) =>
        Assert.All(program.Tensor(program.Input).ToArray(), element => Assert.InRange(element, -2 - 1e-9, 2 + 1e-9));

    [Property(MaxTest = 150)]
    public void Reverse_forward_and_finite_differences_agree(Program program)
    {
        var gradient = Grad(program.Scalar)(program.Input);
        Agreement.Near(gradient, JacobianForward(program.Scalar)(program.Input));
        Agreement.Near(Numeric.Grad(program.Scalar)(program.Input), gradient, Differences);
    }

    [Property(MaxTest = 40)]
    public void All_four_nestings_of_a_second_derivative_agree_with_each_other_and_with_differences_of_the_gradient(Program program)
    {
        var reverseOverReverse = JacobianReverse(Grad(program.Scalar))(program.Input);
        Agreement.Near(reverseOverReverse, JacobianForward(Grad(program.Scalar))(program.Input));
        Agreement.Near(reverseOverReverse, JacobianReverse(JacobianForward(program.Scalar))(program.Input));
        Agreement.Near(reverseOverReverse, JacobianForward(JacobianForward(program.Scalar))(program.Input));
        Agreement.Near(Numeric.Jacobian(Grad(program.Scalar))(program.Input), reverseOverReverse, Differences);
    }

    [Property(MaxTest = 100)]
    public void Numeric_and_symbolic_sweeps_of_one_graph_agree(Program program)
    {
        var x = Variable("x", program.Input);
        var y = program.Scalar(x);
        var graph = new ActiveGraph([y], null);
        var seed = new Sensitivity(1, null);
        Assert.True(graph.IsNumeric);
        var place = Enumerable.Range(0, graph.Count).Single(place => graph.Node(place) == x);
        var expected = NumericReverseSweep.Run(graph, [seed]) is [var found] ? found.Cotangent : Zeros(x.Shape);
        foreach (var keepGraph in new[] { false, true })
        {
            // Where nothing flows, one sweep may say so and the other give zeros.
            Agreement.Near(expected, ReverseSweep.Run(graph, [seed], keepGraph)[place]?.Value ?? Zeros(x.Shape));
        }
    }

    [Property(MaxTest = 100)]
    public void A_symbolic_gradient_substituted_is_the_gradient(Program program)
    {
        var x = Variable("x", program.Input.Shape);
        var expected = Grad(program.Scalar)(program.Input);
        Agreement.Near(expected, Grad(program.Scalar)(x).Substitute((x, program.Input)));
        Agreement.Near(expected, Backward(program.Scalar(x))[x].Substitute((x, program.Input)));
    }

    [Property(MaxTest = 100)]
    public void A_sweep_of_a_part_within_a_function_does_not_disturb_the_sweep_of_the_whole(Program program)
    {
        Func<Expr, Expr> Whole(Func<Expr, object> look) => x =>
        {
            var part = program.Scalar(x);
            var whole = Sin(part) * part;
            look(part);
            return (whole * part) + program.Scalar(x);
        };

        var expected = Grad(Whole(part => part))(program.Input);
        Agreement.Near(expected, Grad(Whole(part => Backward(part)))(program.Input));
        Agreement.Near(expected, JacobianForward(Whole(part => Backward(part)))(program.Input));
        var x = Variable("x", program.Input);
        Agreement.Near(expected, Backward(Whole(part => Backward(part))(x))[x]);
    }
}
