// Writes a picture of a graph as a Mermaid flowchart.

using System.Globalization;
using System.Text;

namespace Autodiff.Functional.Display;

internal static class MermaidWriter
{
    public static string Write(Picture picture, string? title)
    {
        var chart = new StringBuilder(string.IsNullOrWhiteSpace(title) ? "" : $"---\ntitle: \"{Quoted(title)}\"\n---\n").Append("flowchart LR\n");
        for (var i = 0; i < picture.Vertices.Count; i++)
        {
            var vertex = picture.Vertices[i];
            var (open, close) = Shape(vertex.Kind);
            var lines = vertex.Adjoint.Length > 0 ? vertex.Lines.Append(vertex.Adjoint) : vertex.Lines;
            chart.Append(CultureInfo.InvariantCulture, $"  n{i}{open}\"{string.Join("<br/>", lines.Select(Escaped))}\"{close}:::{Class(vertex.Kind)}\n");
        }

        foreach (var (from, to) in picture.Edges)
        {
            chart.Append(CultureInfo.InvariantCulture, $"  n{from} --> n{to}\n");
        }

        foreach (var kind in picture.Vertices.Select(vertex => vertex.Kind).Distinct().Order())
        {
            var (fill, line) = Vertex.Colours(kind);
            chart.Append(CultureInfo.InvariantCulture, $"  classDef {Class(kind)} fill:{fill},stroke:{line},color:{Picture.TextColour}\n");
        }

        return chart.ToString();
    }

    private static string Class(VertexKind kind) => kind.ToString().ToLowerInvariant();

    private static (string Open, string Close) Shape(VertexKind kind) => kind switch
    {
        VertexKind.Variable => ("([", "])"),
        VertexKind.Constant => ("[", "]"),
        VertexKind.Operation => ("(", ")"),
        _ => ("[[", "]]"),
    };

    /// <summary>Escapes text between quotes. Mermaid's entities are like HTML's, with # for &amp;.</summary>
    private static string Escaped(string text) =>
        Escaping.Escape(text, letter => letter is '"' or '#' or '&' or '<' or '>' or '`' or '\\' ? $"#{(int)letter};" : null);

    /// <summary>Escapes text between quotes in YAML, in which a title is written.</summary>
    private static string Quoted(string text) => Escaping.Escape(text, letter => letter is '"' or '\\' ? $"\\{letter}" : null);
}
