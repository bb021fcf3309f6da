// The loss of a recurrent network that predicts the next character of a text, the third objective of ADBench
// (arXiv:1807.10129): a Scan over the characters. Its gates are element by element, without matrices.

using static Autodiff.Functional.Expr;

namespace Autodiff.Workloads;

/// <summary>A layer of b cells.</summary>
/// <param name="Weights">The weights of the gates that forget, let in, let out, and of the change: (4, b).</param>
/// <param name="Biases">Their biases: (4, b).</param>
public sealed record LstmLayer(Expr Weights, Expr Biases);

/// <summary>The parameters of a network: its layers, and how characters come in and predictions go out.</summary>
/// <param name="Layers">The layers, the first one first.</param>
/// <param name="InputWeights">What a character is multiplied by: (b).</param>
/// <param name="OutputWeights">What the last layer is multiplied by: (b).</param>
/// <param name="OutputBiases">What is then added: (b).</param>
public sealed record LstmParameters(IReadOnlyList<LstmLayer> Layers, Expr InputWeights, Expr OutputWeights, Expr OutputBiases);

/// <summary>What a layer remembers, b numbers each.</summary>
public sealed record LstmState(Expr Hidden, Expr Cell);

/// <summary>A long short-term memory.</summary>
public static class Lstm
{
    /// <summary>Minus the mean of x(t + 1) ŷ(t), with ŷ = y − log(2 + Σ exp y) and y what the network makes of the characters up to t.</summary>
    /// <param name="parameters">The network.</param>
    /// <param name="initial">What each layer remembers before the first character.</param>
    /// <param name="text">The characters, of b bits each: (c, b).</param>
    public static Expr Loss(LstmParameters parameters, IReadOnlyList<LstmState> initial, Expr text)
    {
        var (_, outputs) = AD.Scan((states, character) => Step(parameters, states, character), initial, text[..^1]);
        var y = (outputs * parameters.OutputWeights) + parameters.OutputBiases;
        return -Mean(text[1..] * (y - Log(2 + Sum(Exp(y), axis: 1, keepDims: true))));
    }

    /// <summary>What the layers remember after one more character, and what the last one puts out.</summary>
    private static (IReadOnlyList<LstmState> States, Expr Output) Step(LstmParameters parameters, IReadOnlyList<LstmState> states, Expr character)
    {
        var (next, input) = (new List<LstmState>(), character * parameters.InputWeights);
        foreach (var (layer, state) in parameters.Layers.Zip(states))
        {
            next.Add(Next(layer, state, input));
            input = next[^1].Hidden;
        }

        return (next, input);
    }

    private static LstmState Next(LstmLayer layer, LstmState state, Expr input)
    {
        Expr Gate(int i, Expr x) => (x * layer.Weights[i]) + layer.Biases[i];
        var forget = Sigmoid(Gate(0, input));
        var letIn = Sigmoid(Gate(1, state.Hidden));
        var letOut = Sigmoid(Gate(2, input));
        var change = Tanh(Gate(3, state.Hidden));
        var cell = (state.Cell * forget) + (letIn * change);
        return new(letOut * Tanh(cell), cell);
    }
}
