// Gaussian mixtures: the library against the loops by hand, these against finite differences, both against numbers worked out on paper.

using Autodiff.PropertyTests.Generators;
using Autodiff.Workloads;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;

namespace Autodiff.PropertyTests.Workloads;

public class GmmTests
{
    [Property(MaxTest = 40, QuietOnSuccess = true)]
    public void Value_and_gradient_are_those_by_hand(byte dimension, byte components, byte count, int seed) =>
        Agree(Prior(GmmProblem.Generate(1 + (dimension % 6), 1 + (components % 5), 1 + (count % 12), seed), seed));

    [Theory]
    [InlineData(2, 5)]
    [InlineData(10, 25)]
    [InlineData(64, 25)]
    [InlineData(128, 25)]
    public void So_they_are_at_the_sizes_of_the_benchmarks(int dimension, int components) =>
        Agree(GmmProblem.Generate(dimension, components, 1_000));

    [Property(MaxTest = 10, QuietOnSuccess = true)]
    public void The_gradient_by_hand_is_that_of_finite_differences(int seed)
    {
        var problem = Prior(GmmProblem.Generate(3, 2, 5, seed), seed);
        var byHand = new GmmByHand(problem);
        Numbers.Near(Gradient(problem)[1..], [Numeric.Grad(x => byHand.Value(x.ToArray()))(problem.Parameters)], 1e-8);
    }

    [Fact]
    public void One_sample_at_the_mean_of_a_standard_normal_has_the_value_on_paper()
    {
        // −½ log 2π + ½γ² − (N log γ − ½N log 2 − log Γ(N/2)) with D = 1, N = 2 and γ = 1, where Γ(1) = 1.
        var problem = new GmmProblem(1, 1, [0.3, 0.7, 0], [0.7], Gamma: 1, M: 0);
        var expected = (-0.5 * Math.Log(2 * Math.PI)) + 0.5 + Math.Log(2);
        Agreement.Near(expected, problem.Objective(problem.Mixture), 1e-14);
        Assert.Equal(expected, new GmmByHand(problem).Value(problem.Parameters), 1e-14);
    }

    [Fact]
    public void Factors_are_read_column_by_column()
    {
        // Q = (1 0 0; 2 1 0; 3 5 1): Q·(1, 10, 100) = (1, 12, 153).
        var problem = new GmmProblem(3, 1, [0, 0, 0, 0, 0, 0, 0, 2, 3, 5], [1, 10, 100], Gamma: 1, M: 0);
        var standard = problem with { Parameters = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0] };
        var change = (-0.5 * (1 + (12 * 12) + (153 * 153) - 10_101)) + (0.5 * (4 + 9 + 25));
        Assert.Equal(change, problem.Objective(problem.Mixture).Value - standard.Objective(standard.Mixture).Value, 1e-9);
        Assert.Equal(change, new GmmByHand(problem).Value(problem.Parameters) - new GmmByHand(standard).Value(standard.Parameters), 1e-9);
    }

    [Fact]
    public void The_sample_whose_terms_are_far_from_all_components_has_finite_derivatives()
    {
        var problem = GmmProblem.Generate(2, 3, 2) with { Samples = [1e3, -1e3, 0, 0] };
        Assert.All(Gradient(problem), x => Assert.True(double.IsFinite(x)));
        Agree(problem);
    }

    private static void Agree(GmmProblem problem)
    {
        var (value, gradient) = ValueAndGrad<GmmParameters>(problem.Objective)(problem.Mixture);
        var expected = Gradient(problem);
        Numbers.Near(expected[..1], [value]);
        Numbers.Near(expected[1..], [gradient.Alphas, gradient.Means, gradient.Factors]);
        Assert.Equal(expected[0], new GmmByHand(problem).Value(problem.Parameters));
    }

    private static double[] Gradient(GmmProblem problem) =>
        Numbers.Written(1 + problem.Parameters.Length, results => new GmmByHand(problem).ValueAndGradient(problem.Parameters, results));

    private static GmmProblem Prior(GmmProblem problem, int seed) =>
        problem with { Gamma = 0.5 + (Math.Abs(seed % 7) / 4.0), M = Math.Abs(seed % 3) };
}
