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

    public MemoryNames(ScheduledProgram program, string[] arguments, string[] results)
    {
        (_arguments, _results) = (arguments, results);
        foreach (var buffer in program.ConstantBuffers)
        {
            _constants.Add(buffer, $"Constant{_constants.Count + 1}");
        }
    }

    /// <summary>The constants, by the names of properties that hold them.</summary>
    public IReadOnlyDictionary<TensorBuffer, string> Constants => _constants;

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

    /// <summary>The reference to the first number of some memory, where arguments and results are spans of these names.</summary>
    public string ReferenceOf(string memory) => Array.IndexOf(_arguments, memory) >= 0 || Array.IndexOf(_results, memory) >= 0 ? $"{memory}Start" : memory;

    /// <summary>The distance of a place in a buffer from what <see cref="Of(TensorBuffer)"/> names.</summary>
    public int From(TensorBuffer buffer, int start) => IsConstant(buffer) ? start - buffer.Start : start;
}
