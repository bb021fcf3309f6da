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
public sealed class CompiledFunction
{
    private readonly Executable _code;

    private readonly string[] _arguments;
    private readonly string[] _results;

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
        ResultSize = ResultShapes.Sum(shape => shape.Size);
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

    /// <summary>
    /// A description for readers of what was done and what runs: the number of operations before and after each pass of the optimiser; the size of the
    /// memory that is worked in; and the steps in order, which are fused loops (kernels), products of matrices, loops and branches with steps of
    /// their own, and operations that run as they do without compilation.
    /// </summary>
    public string Explain() => _code.Explain();

    /// <summary>
    /// The function as one file of C#, which refers to nothing but the base library of .NET 10: the same kernels, steps and memory, written as source text.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The file has one public static class. Its method <c>Invoke</c> takes a <see cref="ReadOnlySpan{T}"/> for each argument and a <see cref="Span{T}"/> for each
    /// result, in order, each in row-major order. Arguments have the names of the parameters of the function, or the paths of the leaves of a tree; a
    /// constant for each, such as <c>XSize</c>, is the number of its elements. It may be called from several threads at once, uses one thread in each call, and
    /// allocates nothing after the first call of a thread.
    /// </para>
    /// <para>
    /// The text depends on nothing but the function and the number of registers of the processor that it is written on. Loops over samples are there for registers
    /// of 512, 256 and 128 bits, of which the widest that the processor has are used.
    /// </para>
    /// </remarks>
    /// <param name="namespace">The namespace of the class, such as <c>Models.Generated</c>.</param>
    /// <param name="type">The name of the class.</param>
    /// <exception cref="AutodiffException">
    /// A name is null, no identifier or a keyword, or is one that the text needs itself; or an operation cannot be written as source text, which the message names.
    /// </exception>
    /// <example>
    /// <code>
    /// var f = AD.CompileFor(AD.ValueAndGrad(x => Expr.Sum(x * x)), 1000);
    /// File.WriteAllText("SumOfSquares.cs", f.ToCSharp("Models", "SumOfSquares"));
    /// </code>
    /// </example>
    public string ToCSharp(string @namespace, string type) =>
        @namespace is null ? throw AutodiffException.Null("ToCSharp", "the namespace")
        : type is null ? throw AutodiffException.Null("ToCSharp", "the type")
        : _code.ToCSharp(@namespace, type, _arguments, _results);

    private ShapeException Unfitting(int arguments, int results) => new(arguments != ArgumentSize
        ? $"Invoke: {arguments} numbers were given as arguments, but arguments of {Text(ArgumentShapes)} are {ArgumentSize}."
        : $"Invoke: there is room for {results} numbers, but results of {Text(ResultShapes)} are {ResultSize}.");

    private static string Text(IReadOnlyList<Shape> shapes) => $"{(shapes.Count == 1 ? "shape" : "shapes")} {string.Join(", ", shapes)}";
}
