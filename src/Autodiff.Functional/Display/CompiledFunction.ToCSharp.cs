// Compiled functions as source text.

using Autodiff.Functional.Display;

namespace Autodiff.Functional;

public sealed partial class CompiledFunction
{
    /// <summary>
    /// The function as one file of C#, which refers to nothing but the base library of .NET 10: the same kernels, steps and memory, written as source text.
    /// </summary>
    /// <remarks>
    /// <para>
    /// The file has one public static class. Its method <c>Invoke</c> takes a <see cref="ReadOnlySpan{T}"/> for each argument and a <see cref="Span{T}"/> for each
    /// result, in order, each in row-major order. Arguments have the names of the parameters of the function, or the paths of the leaves of a tree; a
    /// constant for each, such as <c>XSize</c>, is the number of its elements. It may be called from several threads at once, uses one thread in each call, and
    /// allocates nothing after the first call of a thread, except in linear algebra and where a sweep back through a <c>While</c> takes more steps
    /// than in any call before. A matrix that an operation cannot take is an <see cref="InvalidOperationException"/> with the message of the compiled function.
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
        : _code.ToCSharp(@namespace, type, _arguments, _results, TextNotation.Plain);
}
