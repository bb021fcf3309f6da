// A recurrent network over a text: the Scan against the loops by hand, these against finite differences.

using Autodiff.PropertyTests.Generators;
using Autodiff.Workloads;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;

namespace Autodiff.PropertyTests.Workloads;

public class LstmTests
{
    [Property(MaxTest = 30, QuietOnSuccess = true)]
    public void Loss_and_gradient_are_those_by_hand(byte layers, byte characters, byte bits, int seed) =>
        Agree(LstmProblem.Generate(1 + (layers % 4), 2 + (characters % 10), 1 + (bits % 6), seed));

    [Theory]
    [InlineData(2, 1_024)]
    [InlineData(4, 4_096)]
    public void So_they_are_at_the_sizes_of_the_benchmarks(int layers, int characters) => Agree(LstmProblem.Generate(layers, characters, 14));

    [Property(MaxTest = 10, QuietOnSuccess = true)]
    public void The_gradient_by_hand_is_that_of_finite_differences(int seed)
    {
        var problem = LstmProblem.Generate(2, 4, 3, seed);
        var byHand = new LstmByHand(problem);
        Numbers.Near(Gradient(problem)[1..], [Numeric.Grad(x => byHand.Value(x.ToArray()))(problem.Parameters)], 1e-8);
    }

    [Fact]
    public void A_network_without_weights_predicts_all_characters_alike()
    {
        // y = 0, so ŷ = −log(2 + b) for each of the bits, of which half are 1.
        var problem = new LstmProblem(1, 2, new double[22], [0.5, -0.5, 1, 2], [0, 1, 1, 0, 0, 1]);
        var expected = Math.Log(4) / 2;
        Agreement.Near(expected, problem.Loss(problem.Network), 1e-15);
        Assert.Equal(expected, new LstmByHand(problem).Value(problem.Parameters), 1e-15);
    }

    [Fact]
    public void One_step_of_one_cell_is_what_it_is_on_paper()
    {
        // Weights and biases of forget, let in, let out and change; then those of input and output. Input 1·0.5, output 0.25, cell 2.
        double[] parameters = [1, 2, 3, 4, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7];
        var problem = new LstmProblem(1, 1, parameters, [0.25, 2], [1, 1]);
        static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));
        var cell = (2 * Sigmoid(0.5 + 0.1)) + (Sigmoid(0.5 + 0.2) * Math.Tanh(1 + 0.4));
        var y = (Sigmoid(1.5 + 0.3) * Math.Tanh(cell) * 0.6) + 0.7;
        var expected = Math.Log(2 + Math.Exp(y)) - y;
        Agreement.Near(expected, problem.Loss(problem.Network), 1e-15);
        Assert.Equal(expected, new LstmByHand(problem).Value(problem.Parameters), 1e-15);
    }

    private static void Agree(LstmProblem problem)
    {
        var (value, gradient) = ValueAndGrad<LstmParameters>(problem.Loss)(problem.Network);
        var expected = Gradient(problem);
        Numbers.Near(expected[..1], [value]);
        Numbers.Near(expected[1..], Tree.Flatten(gradient).Select(leaf => leaf.Leaf));
    }

    private static double[] Gradient(LstmProblem problem) =>
        Numbers.Written(1 + problem.Parameters.Length, results => new LstmByHand(problem).ValueAndGradient(problem.Parameters, results));
}
