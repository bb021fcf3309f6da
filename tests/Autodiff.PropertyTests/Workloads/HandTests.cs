// A posed hand: the library against the loops by hand, these against finite differences, and poses of which one knows the result.

using Autodiff.Workloads;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Workloads;

public class HandTests
{
    [Property(MaxTest = 20, QuietOnSuccess = true)]
    public void Residuals_and_Jacobian_are_those_by_hand(byte vertices, byte points, int seed) =>
        Agree(HandProblem.Generate(1 + (vertices % 50), 1 + (points % 20), seed));

    [Fact]
    public void So_they_are_at_the_size_of_the_benchmark() => Agree(HandProblem.Generate(544, 1_600));

    [Fact]
    public void So_they_are_where_the_hand_is_not_turned()
    {
        var problem = HandProblem.Generate(30, 40);
        problem.Pose.AsSpan(0, 3).Clear();
        Agree(problem);
    }

    [Fact]
    public void So_they_are_whatever_the_weights()
    {
        var problem = HandProblem.Generate(30, 40);
        Agree(problem with { Weights = [.. problem.Weights.Select((_, i) => Math.Sin(i))] });
    }

    [Property(MaxTest = 5, QuietOnSuccess = true)]
    public void The_Jacobian_by_hand_is_that_of_finite_differences(int seed)
    {
        var problem = HandProblem.Generate(22, 12, seed);
        var byHand = new HandByHand(problem);
        var numeric = Numeric.Jacobian(pose => Numbers.Written(36, residuals => byHand.Residuals(pose.ToArray(), residuals)))(problem.Pose);
        Numbers.Near(Linearized(problem).Jacobian, [numeric], 1e-8);
    }

    [Fact]
    public void A_hand_at_rest_leaves_its_vertices_where_they_are()
    {
        var problem = HandProblem.Generate(44, 60);
        var expected = problem.VertexOf.SelectMany((vertex, i) => Enumerable.Range(0, 3).Select(j => problem.Points[(3 * i) + j] - problem.Vertices[(3 * vertex) + j])).ToArray();
        Numbers.Near(expected, [problem.Residuals()(HandPose.Of(Zeros(26)))], 1e-14);
    }

    [Fact]
    public void The_Jacobian_of_a_pose_in_a_vector_is_the_same_by_columns_and_by_rows()
    {
        var problem = HandProblem.Generate(30, 10);
        var residuals = problem.Residuals();
        Expr OfVector(Expr pose) => residuals(HandPose.Of(pose));
        var expected = Linearized(problem).Jacobian;
        Numbers.Near(expected, [JacobianForward(OfVector)(problem.Pose)]);
        Numbers.Near(expected, [JacobianReverse(OfVector)(problem.Pose)]);
    }

    private static void Agree(HandProblem problem)
    {
        var (residuals, columns) = Hand.Linearize(problem.Residuals(), HandPose.Of(problem.Pose));
        var (values, jacobian) = Linearized(problem);
        Numbers.Near(values, [residuals]);
        Numbers.Near(jacobian, [Concat([columns.Rotation, columns.Translation, .. columns.Fingers], axis: 2)]);
        Assert.Equal(values, Numbers.Written(values.Length, results => new HandByHand(problem).Residuals(problem.Pose, results)));
    }

    private static (double[] Residuals, double[] Jacobian) Linearized(HandProblem problem)
    {
        var residuals = new double[problem.Points.Length];
        var jacobian = new double[residuals.Length * HandProblem.Parameters];
        new HandByHand(problem).Linearize(problem.Pose, residuals, jacobian);
        return (residuals, jacobian);
    }
}
