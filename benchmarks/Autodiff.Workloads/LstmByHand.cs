// The network's loss and gradient written by hand: a forward pass that stores what the backward pass reads.

namespace Autodiff.Workloads;

/// <summary>Loops over numbers. It has its own work space: one for each thread.</summary>
public sealed class LstmByHand(LstmProblem problem)
{
    private readonly int _b = problem.Bits;
    private readonly int _stride = problem.Layers * problem.Bits;
    private readonly int _steps = problem.Characters - 1;

    // One block of l × b for each character.
    private readonly double[] _forget = Stored(problem);
    private readonly double[] _letIn = Stored(problem);
    private readonly double[] _letOut = Stored(problem);
    private readonly double[] _change = Stored(problem);
    private readonly double[] _squashed = Stored(problem);

    // The same, with the state before the first character in front.
    private readonly double[] _cell = [.. Initial(problem, 1), .. Stored(problem)];
    private readonly double[] _hidden = [.. Initial(problem, 0), .. Stored(problem)];

    // ∂loss/∂y for each character.
    private readonly double[] _slopes = new double[(problem.Characters - 1) * problem.Bits];
    private readonly double[] _hiddenSlope = new double[problem.Layers * problem.Bits];
    private readonly double[] _cellSlope = new double[problem.Layers * problem.Bits];

    /// <summary>The loss.</summary>
    /// <param name="parameters">The parameters, as in <see cref="LstmProblem.Parameters"/>.</param>
    public double Value(ReadOnlySpan<double> parameters)
    {
        var (loss, scale) = (0.0, -1.0 / (_b * _steps));
        var outputs = parameters.Slice(8 * _stride, 3 * _b);
        for (var t = 0; t < _steps; t++)
        {
            Step(parameters, t);
            var output = _hidden.AsSpan(((t + 2) * _stride) - _b, _b);
            var next = problem.Text.AsSpan((t + 1) * _b, _b);
            var slopes = _slopes.AsSpan(t * _b, _b);
            var (sum, gain, count) = (2.0, 0.0, 0.0);
            for (var i = 0; i < slopes.Length; i++)
            {
                var y = (output[i] * outputs[_b + i]) + outputs[(2 * _b) + i];
                slopes[i] = Math.Exp(y);
                sum += slopes[i];
                gain += next[i] * y;
                count += next[i];
            }

            loss += gain - (count * Math.Log(sum));
            for (var i = 0; i < slopes.Length; i++)
            {
                slopes[i] = scale * (next[i] - (count * slopes[i] / sum));
            }
        }

        return scale * loss;
    }

    /// <summary>The loss and its gradient, which goes to the end of the results.</summary>
    /// <param name="parameters">The parameters.</param>
    /// <param name="results">The value, and a number for each parameter.</param>
    public void ValueAndGradient(ReadOnlySpan<double> parameters, Span<double> results)
    {
        results.Clear();
        results[0] = Value(parameters);
        Array.Clear(_hiddenSlope);
        Array.Clear(_cellSlope);
        var gradient = results[1..];
        var outputs = parameters.Slice(8 * _stride, 3 * _b);
        var outputGradients = gradient.Slice(8 * _stride, 3 * _b);
        var last = _hiddenSlope.AsSpan(_stride - _b, _b);
        for (var t = _steps - 1; t >= 0; t--)
        {
            var output = _hidden.AsSpan(((t + 2) * _stride) - _b, _b);
            var slopes = _slopes.AsSpan(t * _b, _b);
            for (var i = 0; i < slopes.Length; i++)
            {
                last[i] += slopes[i] * outputs[_b + i];
                outputGradients[_b + i] += slopes[i] * output[i];
                outputGradients[(2 * _b) + i] += slopes[i];
            }

            for (var layer = problem.Layers - 1; layer >= 0; layer--)
            {
                BackStep(parameters, gradient, t, layer);
            }
        }
    }

    /// <summary>All layers at one character.</summary>
    private void Step(ReadOnlySpan<double> parameters, int t)
    {
        var inputWeights = parameters.Slice(8 * _stride, _b);
        for (var layer = 0; layer < problem.Layers; layer++)
        {
            var gates = parameters.Slice(8 * layer * _b, 8 * _b);
            var (before, at) = ((t * _stride) + (layer * _b), ((t + 1) * _stride) + (layer * _b));
            for (var i = 0; i < _b; i++)
            {
                var input = layer == 0 ? problem.Text[(t * _b) + i] * inputWeights[i] : _hidden[at - _b + i];
                var hidden = _hidden[before + i];
                var forget = Sigmoid((input * gates[i]) + gates[(4 * _b) + i]);
                var letIn = Sigmoid((hidden * gates[_b + i]) + gates[(5 * _b) + i]);
                var letOut = Sigmoid((input * gates[(2 * _b) + i]) + gates[(6 * _b) + i]);
                var change = Math.Tanh((hidden * gates[(3 * _b) + i]) + gates[(7 * _b) + i]);
                var cell = (_cell[before + i] * forget) + (letIn * change);
                var squashed = Math.Tanh(cell);
                (_forget[before + i], _letIn[before + i], _letOut[before + i]) = (forget, letIn, letOut);
                (_change[before + i], _squashed[before + i]) = (change, squashed);
                (_cell[at + i], _hidden[at + i]) = (cell, letOut * squashed);
            }
        }
    }

    /// <summary>One layer at one character, backwards: from the slopes of its state to those of the state before, of its input and its parameters.</summary>
    private void BackStep(ReadOnlySpan<double> parameters, Span<double> gradient, int t, int layer)
    {
        var inputWeights = parameters.Slice(8 * _stride, _b);
        var inputGradients = gradient.Slice(8 * _stride, _b);
        var gates = parameters.Slice(8 * layer * _b, 8 * _b);
        var slopes = gradient.Slice(8 * layer * _b, 8 * _b);
        var (before, own) = ((t * _stride) + (layer * _b), layer * _b);
        for (var i = 0; i < _b; i++)
        {
            var (forget, letIn, letOut) = (_forget[before + i], _letIn[before + i], _letOut[before + i]);
            var (change, squashed) = (_change[before + i], _squashed[before + i]);
            var hidden = _hidden[before + i];
            var input = layer == 0 ? problem.Text[(t * _b) + i] * inputWeights[i] : _hidden[before + _stride - _b + i];

            var hiddenSlope = _hiddenSlope[own + i];
            var cellSlope = _cellSlope[own + i] + (hiddenSlope * letOut * (1 - (squashed * squashed)));
            var ofForget = cellSlope * _cell[before + i] * forget * (1 - forget);
            var ofLetIn = cellSlope * change * letIn * (1 - letIn);
            var ofLetOut = hiddenSlope * squashed * letOut * (1 - letOut);
            var ofChange = cellSlope * letIn * (1 - (change * change));
            slopes[i] += ofForget * input;
            slopes[_b + i] += ofLetIn * hidden;
            slopes[(2 * _b) + i] += ofLetOut * input;
            slopes[(3 * _b) + i] += ofChange * hidden;
            slopes[(4 * _b) + i] += ofForget;
            slopes[(5 * _b) + i] += ofLetIn;
            slopes[(6 * _b) + i] += ofLetOut;
            slopes[(7 * _b) + i] += ofChange;

            _cellSlope[own + i] = cellSlope * forget;
            _hiddenSlope[own + i] = (ofLetIn * gates[_b + i]) + (ofChange * gates[(3 * _b) + i]);
            var ofInput = (ofForget * gates[i]) + (ofLetOut * gates[(2 * _b) + i]);
            if (layer == 0)
            {
                inputGradients[i] += ofInput * problem.Text[(t * _b) + i];
            }
            else
            {
                _hiddenSlope[own - _b + i] += ofInput;
            }
        }
    }

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    private static double[] Stored(LstmProblem problem) => new double[(problem.Characters - 1) * problem.Layers * problem.Bits];

    /// <summary>The outputs (part 0) or cells (part 1) of all layers before the first character.</summary>
    private static IEnumerable<double> Initial(LstmProblem problem, int part) =>
        Enumerable.Range(0, problem.Layers).SelectMany(layer => problem.State.AsSpan(((2 * layer) + part) * problem.Bits, problem.Bits).ToArray());
}
