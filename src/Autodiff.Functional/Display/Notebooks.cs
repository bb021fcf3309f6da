// How notebooks of .NET Interactive show expressions. They find a formatter by the names of an attribute and of members, so that a library needs no reference to them:
// https://github.com/dotnet/interactive/blob/main/docs/formatting.md

using System.Globalization;
using System.Text;
using Autodiff.Functional.Display;

namespace Autodiff.Functional
{
    [TypeFormatterSource(typeof(NotebookFormatters))]
    public sealed partial class Expr;
}

namespace Autodiff.Functional.Display
{
    /// <summary>Names the type that makes the formatters of a type.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    internal sealed class TypeFormatterSourceAttribute(Type formatterSourceType) : Attribute
    {
        public Type FormatterSourceType => formatterSourceType;
    }

    /// <summary>The formatters of expressions: MathML or a table as HTML, and LaTeX.</summary>
    internal sealed class NotebookFormatters
    {
        public static IEnumerable<object> CreateTypeFormatters() =>
            [new NotebookFormatter("text/html", Html), new NotebookFormatter("text/latex", x => $"$${x.ToLatex()}$$")];

        private static string Html(Expr x) =>
            !x.IsConcrete ? x.ToMathML()
            : x.Rank is 1 or 2 ? Table(x)
            : $"<code>{x}</code>";

        /// <summary>The value of a vector, in one row, or of a matrix; of a large one the first rows and columns.</summary>
        private static string Table(Expr x)
        {
            const int mostRows = 20;
            const int mostColumns = 12;
            var (rows, columns) = (x.Rank == 1 ? 1 : x.Shape[0], x.Shape[^1]);
            var values = x.Storage.Span;
            var html = new StringBuilder("<table>");
            for (var i = 0; i < Math.Min(rows, mostRows); i++)
            {
                html.Append("<tr>");
                for (var j = 0; j < Math.Min(columns, mostColumns); j++)
                {
                    html.Append(CultureInfo.InvariantCulture, $"<td>{values[(i * columns) + j]:G6}</td>");
                }

                html.Append(columns > mostColumns ? "<td>…</td></tr>" : "</tr>");
            }

            return html.Append(rows > mostRows ? "<tr><td>…</td></tr>" : "").Append(CultureInfo.InvariantCulture, $"</table><small>{x.Shape}</small>").ToString();
        }
    }

    /// <summary>A formatter for one type of content.</summary>
    internal sealed class NotebookFormatter(string mimeType, Func<Expr, string> text)
    {
        public string MimeType => mimeType;

        /// <summary>Writes an object; false if it is no expression.</summary>
        public bool Format(object instance, TextWriter writer)
        {
            if (instance is not Expr x)
            {
                return false;
            }

            writer.Write(text(x));
            return true;
        }
    }
}
