// ONNX models of compiled functions, run by ONNX Runtime.

using Microsoft.ML.OnnxRuntime;

namespace Autodiff.PropertyTests.Interchange;

/// <summary>A model that ONNX Runtime has loaded, with its usual optimisations.</summary>
internal sealed class OnnxModel : IDisposable
{
    private readonly SessionOptions _options = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, IntraOpNumThreads = 1, InterOpNumThreads = 1 };
    private readonly InferenceSession _session;
    private readonly IReadOnlyList<Shape> _shapes;

    public OnnxModel(CompiledFunction function)
        : this(function, function.ToOnnx())
    {
    }

    public OnnxModel(CompiledFunction function, byte[] bytes) => (_session, _shapes) = (new(bytes, _options), function.ArgumentShapes);

    public IReadOnlyList<string> Inputs => _session.InputNames;

    public IReadOnlyList<string> Outputs => _session.OutputNames;

    public IReadOnlyList<int[]> OutputShapes => [.. Outputs.Select(name => _session.OutputMetadata[name].Dimensions)];

    public Type ElementType(string input) => _session.InputMetadata[input].ElementType;

    public string Producer => _session.ModelMetadata.ProducerName;

    /// <summary>The elements of all results, for those of all arguments.</summary>
    public double[] Run(params double[] point)
    {
        var (inputs, start) = (new Dictionary<string, OrtValue>(), 0);
        for (var i = 0; i < _shapes.Count; i++)
        {
            var elements = point.AsSpan(start, _shapes[i].Size).ToArray();
            inputs.Add(Inputs[i], OrtValue.CreateTensorValueFromMemory(elements, [.. _shapes[i].Select(length => (long)length)]));
            start += elements.Length;
        }

        using var run = new RunOptions();
        using var results = _session.Run(run, inputs, Outputs);
        double[] all = [.. results.SelectMany(result => result.GetTensorDataAsSpan<double>().ToArray())];
        foreach (var input in inputs.Values)
        {
            input.Dispose();
        }

        return all;
    }

    public void Dispose()
    {
        _session.Dispose();
        _options.Dispose();
    }
}
