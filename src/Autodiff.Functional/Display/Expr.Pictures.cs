// The methods of Expr that draw its computational graph, for Mermaid and for Graphviz.

using Autodiff.Functional.Display;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// The computational graph as a Mermaid flowchart, from the variables on the left to the result on the right.
    /// Markdown renders it in a block fenced by <c>```mermaid</c>.
    /// </summary>
    /// <remarks>
    /// A node shows its name, what it computes, its value rounded to six digits if it has one, and its shape if it is not
    /// a scalar. Operations are numbered v₁, v₂, … with operands before the operations that use them. An operation that a leaf names, as in
    /// <c>Variable("a", x - 1)</c>, has that name, and the result is called y if no variable has that name. Constants are
    /// drawn at each use. With adjoints, each node that has one shows it: x̄ = ∂y/∂x.
    /// </remarks>
    /// <param name="adjoints">What <see cref="AD.Backward"/> returned for this expression; none for the values alone.</param>
    /// <param name="title">A line above the picture.</param>
    /// <example><c>y.ToMermaid(Backward(y))</c> draws y with its values and adjoints, as a textbook draws reverse mode.</example>
    public string ToMermaid(Adjoints? adjoints = null, string? title = null) => MermaidWriter.Write(new Picture(this, adjoints), title);

    /// <summary>
    /// The computational graph in Graphviz' DOT language, from the variables on the left to the result on the right:
    /// <c>dot -Tsvg</c> draws it.
    /// </summary>
    /// <remarks>Nodes are labelled as <see cref="ToMermaid"/> says. The background is transparent.</remarks>
    /// <param name="adjoints">What <see cref="AD.Backward"/> returned for this expression; none for the values alone.</param>
    /// <param name="title">A line above the picture.</param>
    /// <example><c>File.WriteAllText("y.dot", y.ToDot(Backward(y)))</c>, then <c>dot -Tsvg y.dot -o y.svg</c>.</example>
    public string ToDot(Adjoints? adjoints = null, string? title = null) => DotWriter.Write(new Picture(this, adjoints), title);
}
