// Writes a picture of a graph in Graphviz' DOT language.

using System.Globalization;
using System.Text;

namespace Autodiff.Functional.Display;

internal static class DotWriter
{
    public static string Write(Picture picture, string? title)
    {
        var dot = new StringBuilder($$"""
            digraph {
              graph [rankdir=LR, ordering=in, bgcolor=transparent, ranksep=0.5, nodesep=0.3, fontname="Helvetica", fontcolor="{{Picture.EdgeColour}}", labelloc=t{{(string.IsNullOrWhiteSpace(title) ? "" : $", label=<{Escaped(title)}>")}}]
              node [style=filled, fontname="Helvetica", fontsize=13, fontcolor="{{Picture.TextColour}}", margin="0.12,0.06"]
              edge [color="{{Picture.EdgeColour}}", arrowsize=0.7]

            """);
        for (var i = 0; i < picture.Vertices.Count; i++)
        {
            var vertex = picture.Vertices[i];
            var (fill, line) = Vertex.Colours(vertex.Kind);
            dot.Append(CultureInfo.InvariantCulture, $"  n{i} [{Shape(vertex.Kind)}, fillcolor=\"{fill}\", color=\"{line}\", label=<{Label(vertex)}>]\n");
        }

        foreach (var (from, to) in picture.Edges)
        {
            dot.Append(CultureInfo.InvariantCulture, $"  n{from} -> n{to}\n");
        }

        return dot.Append("}\n").ToString();
    }

    private static string Shape(VertexKind kind) => kind switch
    {
        VertexKind.Variable => "shape=ellipse",
        VertexKind.Constant => "shape=box, width=0.3, height=0.3, margin=\"0.06,0.03\"",
        VertexKind.Operation => "shape=box, style=\"filled,rounded\"",
        _ => "shape=box, style=\"filled,rounded\", penwidth=2",
    };

    private static string Label(Vertex vertex) => string.Join("<br/>", vertex.Lines.Select(Escaped))
        + (vertex.Adjoint.Length > 0 ? $"<br/><font color=\"{Picture.AdjointColour}\">{Escaped(vertex.Adjoint)}</font>" : "");

    /// <summary>Escapes text between tags of an HTML-like label.</summary>
    private static string Escaped(string text) => Escaping.Escape(text, letter => letter switch
    {
        '&' => "&amp;",
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => "&quot;",
        '[' => "&#91;",
        ']' => "&#93;",
        _ => null,
    });
}
