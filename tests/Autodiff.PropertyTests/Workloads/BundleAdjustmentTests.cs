// Observations of points by cameras: the library against the formulas by hand, these against finite differences, and rotations
// against what a rotation is.

using Autodiff.PropertyTests.Generators;
using Autodiff.Workloads;
using FsCheck.Xunit;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Workloads;

public class BundleAdjustmentTests
{
    [Property(MaxTest = 40, QuietOnSuccess = true)]
    public void Residuals_and_Jacobians_are_those_by_hand(byte cameras, byte points, byte observations, int seed) =>
        Agree(BundleProblem.Generate(1 + (cameras % 4), 1 + (points % 6), 1 + (observations % 20), seed));

    [Fact]
    public void So_they_are_at_the_size_of_the_benchmark() => Agree(BundleProblem.Generate(49, 7_776, 31_843));

    [Theory]
    [InlineData(0)]
    [InlineData(1e-160)]
    [InlineData(1e-5)]
    public void So_they_are_where_the_angle_is_0_or_nearly(double angle)
    {
        var problem = BundleProblem.Generate(1, 3, 3);
        problem.Cameras.AsSpan(0, 3).Clear();
        problem.Cameras[1] = angle;
        Agree(problem);
        Assert.All(Linearized(problem), x => Assert.True(double.IsFinite(x)));
    }

    [Property(MaxTest = 10, QuietOnSuccess = true)]
    public void The_Jacobian_by_hand_is_that_of_finite_differences(int seed)
    {
        var problem = BundleProblem.Generate(1, 1, 1, seed);
        Expr ResidualsAt(Expr x)
        {
            var numbers = x.ToArray();
            var at = problem with { Cameras = numbers[..11], Points = numbers[11..14], Weights = numbers[14..] };
            return Numbers.Written(3, results => BundleByHand.Residuals(at, results));
        }

        double[] point = [.. problem.Cameras, .. problem.Points, .. problem.Weights];
        var numeric = Numeric.Jacobian(ResidualsAt)(point);
        var byHand = Linearized(problem);
        Numbers.Near(byHand[2..32], [numeric[..2]], 1e-8);
        Agreement.Near(byHand[33], numeric[2, 14], 1e-8);
    }

    [Fact]
    public void A_camera_that_is_not_turned_sees_what_is_on_paper()
    {
        // P = (1, 2, 2), p = (½, 1), ‖p‖² = 5/4: w·(f·p·(1 + ½·5/4 + ¼·25/16) + u − m) with w = 2, f = 10, u = (3, 4), m = (1, 1).
        var distortion = 1 + (0.5 * 1.25) + (0.25 * 1.5625);
        double[] camera = [0, 0, 0, 1, 1, 1, 10, 3, 4, 0.5, 0.25], point = [2, 3, 3], feature = [1, 1];
        double[] expected = [2 * ((5 * distortion) + 2), 2 * ((10 * distortion) + 3)];
        Agreement.Near(expected, BundleAdjustment.Residual(camera, point, 2, feature), 1e-15);
        Assert.Equal(-3, BundleAdjustment.WeightResidual(2).Value);
    }

    [Fact]
    public void A_quarter_turn_takes_the_first_axis_to_the_second()
    {
        Agreement.Near(new double[] { 0, 1, 0 }, Rotations.Rotate(new double[] { 0, 0, Math.PI / 2 }, new double[] { 1, 0, 0 }), 1e-15);
        Agreement.Identical(new double[] { 1, 2, 3 }, Rotations.Rotate(Zeros(3), new double[] { 1, 2, 3 }));
    }

    [Property(MaxTest = 40, QuietOnSuccess = true)]
    public void Rotations_keep_lengths_angles_and_their_axis(sbyte x, sbyte y, sbyte z)
    {
        Expr r = new double[] { x / 32.0, y / 32.0, z / 32.0 };
        var matrix = Rotations.Matrix(r);
        Agreement.Near(Eye(3), MatMul(matrix, Transpose(matrix)), 1e-14);
        Agreement.Near(1, Det(matrix), 1e-14);
        Agreement.Near(r, MatMul(matrix, r), 1e-14);
        Agreement.Near(Transpose(matrix), Rotations.Matrix(-r), 1e-14);
    }

    private static void Agree(BundleProblem problem)
    {
        var (cameras, points, weights, features) = problem.Observations;
        var (residuals, jacobians, weightResiduals, weightDerivatives) = BundleAdjustment.Linearize(cameras, points, weights, features);
        var (n, expected) = (problem.Count, Linearized(problem));
        Numbers.Near(expected[..(2 * n)], [residuals]);
        Numbers.Near(expected[(2 * n)..(32 * n)], [jacobians]);
        Numbers.Near(expected[(32 * n)..], [weightResiduals, weightDerivatives]);
        var values = Numbers.Written(3 * n, results => BundleByHand.Residuals(problem, results));
        Numbers.Near(values, [residuals, weightResiduals]);
    }

    private static double[] Linearized(BundleProblem problem) =>
        Numbers.Written(problem.ResultSize, results => BundleByHand.Linearize(problem, results));
}
