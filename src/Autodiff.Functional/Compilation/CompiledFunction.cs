// Compiled code for callers that keep their numbers in arrays of their own.

using Autodiff.Functional.Compilation;

namespace Autodiff.Functional;

/// <summary>
/// A function compiled for arguments of certain shapes, which reads and writes memory of the caller: what
/// <see cref="AD.CompileFor(Func{Expr, Expr}, Shape, CompileOptions?)"/> makes. It may be called
/// from several threads at once. Where all it computes with are numbers, not tensors, it is machine code, and a call allocates nothing.
/// </summary>
public sealed class CompiledFunction
{
    private readonly Executable _code;

    internal CompiledFunction(Executable code)
    {
        _code = code;
        ArgumentShapes = code.Arguments;
        ResultShapes = code.Results;
        ArgumentSize = ArgumentShapes.Sum(shape => shape.Size);
        ResultSize = ResultShapes.Sum(shape => shape.Size);
    }

    /// <summary>The shapes of the arguments; of a tree those of its leaves, in the order of <see cref="Tree.Flatten"/>.</summary>
    public IReadOnlyList<Shape> ArgumentShapes { get; }

    /// <summary>The shapes of the results; of a tree those of its leaves, in the order of <see cref="Tree.Flatten"/>.</summary>
    public IReadOnlyList<Shape> ResultShapes { get; }

    /// <summary>How many numbers all arguments have together.</summary>
    public int ArgumentSize { get; }

    /// <summary>How many numbers all results have together.</summary>
    public int ResultSize { get; }

    /// <summary>Computes the results.</summary>
    /// <param name="arguments">The elements of the arguments one after another, each in row-major order: <see cref="ArgumentSize"/> numbers.</param>
    /// <param name="results">Where the elements of the results are written, likewise: <see cref="ResultSize"/> numbers. It must not overlap the arguments.</param>
    /// <exception cref="ShapeException">There are more or fewer arguments or results than that.</exception>
    public void Invoke(ReadOnlySpan<double> arguments, Span<double> results)
    {
        if (arguments.Length != ArgumentSize || results.Length != ResultSize)
        {
            throw Unfitting(arguments.Length, results.Length);
        }

        _code.Run(arguments, results);
    }

    /// <summary>The program that runs, for a reader: a line for each operation and the shape of its result, equal ones stated once.</summary>
    public string Explain() => _code.Explain();

    private ShapeException Unfitting(int arguments, int results) => new(arguments != ArgumentSize
        ? $"Invoke: {arguments} numbers were given as arguments, but arguments of {Text(ArgumentShapes)} are {ArgumentSize}."
        : $"Invoke: there is room for {results} numbers, but results of {Text(ResultShapes)} are {ResultSize}.");

    private static string Text(IReadOnlyList<Shape> shapes) => $"{(shapes.Count == 1 ? "shape" : "shapes")} {string.Join(", ", shapes)}";
}
