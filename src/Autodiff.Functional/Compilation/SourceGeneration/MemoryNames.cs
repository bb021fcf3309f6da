// The names that generated source text has for the memory of a program.

using Autodiff.Functional.Compilation.Kernels;
using Autodiff.Functional.Compilation.Scheduling;

namespace Autodiff.Functional.Compilation.SourceGeneration;

/// <summary>The names of the memory that the steps of a program read and write: of references to the first number of each.</summary>
internal sealed class MemoryNames
{
    private readonly Dictionary<TensorBuffer, string> _constants = [];
    private readonly string[] _arguments;
    private readonly string[] _results;

    /// <summary>Names the memory of a program.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">The names of references to the arguments.</param>
    /// <param name="results">The names of references to the results.</param>
    /// <param name="addConstant">Adds a constant to the file, and returns its name.</param>
    public MemoryNames(ScheduledProgram program, string[] arguments, string[] results, Func<double[], string> addConstant)
    {
        (_arguments, _results) = (arguments, results);
        foreach (var buffer in program.ConstantBuffers)
        {
            _constants.Add(buffer, addConstant(program.Constants[buffer.Start..(buffer.Start + (int)buffer.Size)]));
        }
    }

    /// <summary>Whether a buffer is a constant.</summary>
    public bool IsConstant(TensorBuffer buffer) => _constants.ContainsKey(buffer);

    /// <summary>The name of the memory that an instruction uses: a segment, or a constant.</summary>
    public string Of(Access access) => access.Segment == TensorBuffer.Chunk ? "sums" : Of(access.Buffer);

    /// <summary>The name of the memory that a buffer lies in.</summary>
    public string Of(TensorBuffer buffer) => buffer.Segment switch
    {
        TensorBuffer.Arena => "memory",
        TensorBuffer.Tile => "tile",
        TensorBuffer.Constants => _constants[buffer],
        var segment when segment - TensorBuffer.Constants - 1 is var argument && argument < _arguments.Length => _arguments[argument],
        var segment => _results[segment - TensorBuffer.Constants - 1 - _arguments.Length],
    };

    /// <summary>The distance of a place in a buffer from what <see cref="Of(TensorBuffer)"/> names.</summary>
    public int From(TensorBuffer buffer, int start) => IsConstant(buffer) ? start - buffer.Start : start;

    /// <summary>The place where a tensor starts in memory.</summary>
    public string Of(BufferView view)
    {
        var memory = IsConstant(view.Buffer) ? $"MemoryMarshal.GetReference(Constants.{Of(view.Buffer)})" : Of(view.Buffer);
        return At(memory, From(view.Buffer, view.Buffer.Start) + (view.Element * view.Buffer.Lead) + view.Sample);
    }

    /// <summary>The place some numbers behind another one.</summary>
    public static string At(string memory, long distance) => At(memory, NumberSource.Whole(distance));

    /// <summary>The place some numbers behind another one.</summary>
    public static string At(string memory, string distance) => distance == "0" ? memory : $"Unsafe.Add(ref {memory}, {distance})";
}
