// The compiled function that AD.CompileFor returns, for callers that keep their numbers in their own arrays.

using Autodiff.Functional.Compilation;

namespace Autodiff.Functional;

/// <summary>
/// A function compiled for arguments of certain shapes, which reads and writes the caller's memory. It is the result of
/// <see cref="AD.CompileFor(Func{Expr, Expr}, Shape, CompileOptions?)"/>, and may be called from several threads at once.
/// </summary>
/// <remarks>
/// It keeps the memory that it computes in, once for every call that was under way at the same time. So a call after the first allocates
/// nothing, except for operations that run as they do without compilation (linear algebra, root finding, the user's own
/// primitives; <see cref="Explain"/> names them), and for work that is shared among threads.
/// </remarks>
public sealed partial class CompiledFunction
{
    private readonly Executable _code;

    private readonly string[] _arguments;
    private readonly string[] _results;

    // Where the elements of each result start, and where those of the last one end.
    private readonly int[] _starts;

    /// <summary>Wraps compiled code.</summary>
    /// <param name="code">The code.</param>
    /// <param name="arguments">The names of the arguments.</param>
    /// <param name="results">The names of the results.</param>
    internal CompiledFunction(Executable code, string[] arguments, string[] results)
    {
        (_code, _arguments, _results) = (code, arguments, results);
        ArgumentShapes = code.Arguments;
        ResultShapes = code.Results;
        ArgumentSize = ArgumentShapes.Sum(shape => shape.Size);
        _starts = new int[ResultShapes.Count + 1];
        for (var k = 0; k < ResultShapes.Count; k++)
        {
            _starts[k + 1] = _starts[k] + ResultShapes[k].Size;
        }

        ResultSize = _starts[^1];
    }

    /// <summary>The shapes of the arguments; of a tree those of its leaves, in the order of <see cref="Tree.Flatten"/>.</summary>
    public IReadOnlyList<Shape> ArgumentShapes { get; }

    /// <summary>The shapes of the results; of a tree those of its leaves, in the order of <see cref="Tree.Flatten"/>.</summary>
    public IReadOnlyList<Shape> ResultShapes { get; }

    /// <summary>The number of elements of all arguments together.</summary>
    public int ArgumentSize { get; }

    /// <summary>The number of elements of all results together.</summary>
    public int ResultSize { get; }

    /// <summary>Computes the results.</summary>
    /// <param name="arguments">The elements of the arguments one after another, each in row-major order: <see cref="ArgumentSize"/> numbers.</param>
    /// <param name="results">The span that the elements of the results are written to, in the same order: <see cref="ResultSize"/> numbers. It must not overlap the arguments.</param>
    /// <exception cref="ShapeException">There are more or fewer arguments or results than that.</exception>
    /// <exception cref="AutodiffException">An operation fails on these numbers, as it does without compilation: a matrix is singular, a loop does not end.</exception>
    public void Invoke(ReadOnlySpan<double> arguments, Span<double> results)
    {
        if (arguments.Length != ArgumentSize || results.Length != ResultSize)
        {
            throw Unfitting(arguments.Length, results.Length);
        }

        _code.Run(arguments, results);
    }

    /// <summary>The elements of one result, among those that <see cref="Invoke"/> wrote.</summary>
    /// <param name="k">Which result: its place in <see cref="ResultShapes"/>.</param>
    /// <param name="results">The numbers of all results: <see cref="ResultSize"/> of them.</param>
    /// <returns>The part of <paramref name="results"/> that holds the elements, in row-major order.</returns>
    /// <exception cref="ShapeException">There is no such result, or there are more or fewer numbers than results have.</exception>
    /// <example><code>
    /// var code = CompileFor(ValueAndGrad(x => Expr.Sum(x * x)), new Shape(3));
    /// var results = new double[code.ResultSize];
    /// code.Invoke([1, 2, 3], results);
    /// double value = code.Result(0, results)[0]; // 14
    /// ReadOnlySpan&lt;double&gt; gradient = code.Result(1, results); // 2, 4, 6
    /// </code></example>
    public ReadOnlySpan<double> Result(int k, ReadOnlySpan<double> results)
    {
        if (k < 0 || k >= ResultShapes.Count)
        {
            throw new ShapeException($"Result: there is no result {k}; the function has {ResultShapes.Count}, counted from 0.");
        }

        return results.Length == ResultSize
            ? results[_starts[k].._starts[k + 1]]
            : throw new ShapeException($"Result: {results.Length} numbers were given, but results of {Text(ResultShapes)} are {ResultSize}.");
    }

    /// <summary>
    /// A description for readers of what was done and what runs: the number of operations before and after each pass of the optimiser; the size of the
    /// memory that is worked in; and the steps in order, which are fused loops (kernels), products of matrices, loops and branches with steps of
    /// their own, and operations that run as they do without compilation.
    /// </summary>
    public string Explain() => _code.Explain();

    private ShapeException Unfitting(int arguments, int results) => new(arguments != ArgumentSize
        ? $"Invoke: {arguments} numbers were given as arguments, but arguments of {Text(ArgumentShapes)} are {ArgumentSize}."
        : $"Invoke: there is room for {results} numbers, but results of {Text(ResultShapes)} are {ResultSize}.");

    private static string Text(IReadOnlyList<Shape> shapes) => $"{(shapes.Count == 1 ? "shape" : "shapes")} {string.Join(", ", shapes)}";
}
