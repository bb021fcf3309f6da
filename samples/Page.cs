// How a chapter of a sample is laid out: code with what it printed beside it, graphs node by node, and tables.

using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using Autodiff.Functional;
using Spectre.Console;
using static Autodiff.Functional.Expr;
using Rule = Spectre.Console.Rule;

namespace Samples;

internal sealed partial class Page
{
    private const int Width = 100;

    private static readonly Style s_code = new(Color.Aqua);
    private static readonly Style s_result = new(Color.Green, decoration: Decoration.Bold);

    private readonly IAnsiConsole _console;
    private readonly string? _pictures;
    private readonly int? _digits;
    private int _chapters;

    private Page(IAnsiConsole console, string? pictures, int? digits) => (_console, _pictures, _digits) = (console, pictures, digits);

    /// <summary>Writes in colour to a terminal, and in plain text of a fixed width to anything else.</summary>
    /// <param name="pictures">The folder where the graphs are drawn, if they are to be.</param>
    /// <param name="write">The chapters.</param>
    /// <param name="digits">How many digits of a decimal number to show; all if left out. The last ones of a long computation are those of the machine.</param>
    public static void Print(string? pictures, Action<Page> write, int? digits = null)
    {
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        if (!Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = Math.Min(AnsiConsole.Profile.Width, Width);
            write(new(AnsiConsole.Console, pictures, digits));
            return;
        }

        using var text = new StringWriter();
        var console = AnsiConsole.Create(new()
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Enrichment = new() { UseDefaultEnrichers = false },
            Out = new AnsiConsoleOutput(text),
        });
        console.Profile.Width = Width;
        console.Profile.Capabilities.Unicode = true;
        write(new(console, pictures, digits));
        foreach (var line in text.ToString().TrimEnd().Split('\n'))
        {
            Console.Out.Write($"{line.TrimEnd()}\n");
        }
    }

    public void Chapter(string title, string text)
    {
        _console.Write(new Rule($"[bold yellow]{++_chapters}. {Markup.Escape(title)}[/]") { Justification = Justify.Left });
        Say(text);
    }

    public void Say(string text)
    {
        _console.Write(new Text(text));
        _console.WriteLine();
        _console.WriteLine();
    }

    /// <summary>Runs a piece of code and shows its text, with what it printed beside each line that prints.</summary>
    public void Run(Action<Action<object>> code, [CallerArgumentExpression(nameof(code))] string text = "") => Run(
        print =>
        {
            code(print);
            return 0;
        },
        text);

    /// <inheritdoc cref="Run(Action{Action{object}}, string)"/>
    public T Run<T>(Func<Action<object>, T> code, [CallerArgumentExpression(nameof(code))] string text = "")
    {
        var printed = new Queue<string>();
        var result = code(value => printed.Enqueue(Rounded(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")));
        var listing = new Grid()
            .AddColumn(new GridColumn().NoWrap().PadLeft(2).PadRight(2))
            .AddColumn(new GridColumn().PadLeft(0).PadRight(1))
            .AddColumn(new GridColumn().PadLeft(0).PadRight(0));
        foreach (var line in BodyOf(text))
        {
            var prints = line.StartsWith("print(", StringComparison.Ordinal);
            listing.AddRow(
                new Text(prints ? line["print(".Length..^");".Length] : line, s_code),
                new Text(prints ? "→" : "", s_result),
                new Text(prints ? printed.Dequeue() : "", s_result));
        }

        _console.Write(listing);
        _console.WriteLine();
        return result;
    }

    /// <summary>The nodes under the swept result, operands first: what each computes, its value and its adjoint.</summary>
    public void Graph(string picture, Adjoints adjoints)
    {
        var nodes = NodesUnder(adjoints.Result).Where(node => node.Op != Op.Constant).ToList();
        var definitions = nodes.Where(IsNamed).Select(node => node.Operands[0]).ToHashSet();
        var symbols = new Dictionary<Expr, Expr>();
        var rows = new List<string[]>();
        foreach (var node in nodes.Where(node => !definitions.Contains(node)))
        {
            var name = node.Name.IfNone(() => ReferenceEquals(node, adjoints.Result) ? "y" : $"v{Subscript(rows.Count(row => row[0][0] == 'v') + 1)}");
            rows.Add([name, Formula(IsNamed(node) ? node.Operands[0] : node, symbols), $"{node}", $"{adjoints[node]}"]);
            symbols.Add(node, Variable(name, node.Shape));
        }

        Table(["node", "computes", "value", "adjoint"], rows);
        if (_pictures is not null)
        {
            File.WriteAllText(Path.Combine(_pictures, $"{picture}.dot"), adjoints.Result.ToDot(adjoints));
        }
    }

    public void Table(string[] header, IEnumerable<string[]> rows)
    {
        var table = new Table().Border(TableBorder.Rounded).BorderColor(Color.Grey);
        foreach (var title in header)
        {
            table.AddColumn(new TableColumn(new Text(title, new Style(decoration: Decoration.Bold))));
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select((cell, column) => new Text(Rounded(cell), column == 0 ? s_code : Style.Plain)));
        }

        _console.Write(new Padder(table).Padding(2, 0, 0, 1));
    }

    /// <summary>Text to be copied as it is, such as the source of a picture.</summary>
    public void Verbatim(string text) => _console.Write(new Padder(new Text(text.TrimEnd(), s_code)).Padding(4, 0, 0, 1));

    /// <summary>The lines between the braces of a lambda, less their indentation and what it returns to the page.</summary>
    private static IEnumerable<string> BodyOf(string lambda)
    {
        var lines = lambda.Split('\n');
        var indentation = lines[1].IndexOf('{', StringComparison.Ordinal) + 4;
        return lines[2..^1]
            .Select(line => line.TrimEnd())
            .Select(line => line.Length > indentation ? line[indentation..] : "")
            .Where(line => !line.StartsWith("return ", StringComparison.Ordinal));
    }

    private static HashSet<Expr> NodesUnder(Expr result)
    {
        var nodes = new HashSet<Expr>();
        var pending = new Stack<(Expr Node, bool IsEntered)>([(result, false)]);
        while (pending.TryPop(out var step))
        {
            if (step.IsEntered)
            {
                nodes.Add(step.Node);
            }
            else
            {
                pending.Push((step.Node, true));
                foreach (var operand in step.Node.Operands.Reverse())
                {
                    pending.Push((operand, false));
                }
            }
        }

        return nodes;
    }

    /// <summary>Whether a node is a name for what its operand computes, as in <c>Variable("a", x - 1)</c>.</summary>
    private static bool IsNamed(Expr node) => node is { Op: Op.Variable, Operands: [{ Op: not Op.Constant }] };

    /// <summary>What a node computes, in terms of the names of its operands; nothing for a free variable.</summary>
    private static string Formula(Expr node, Dictionary<Expr, Expr> symbols) => node.Op == Op.Variable
        ? ""
        : node.WithOperands([.. node.Operands.Select(operand => symbols.GetValueOrDefault(operand, operand))]).ToFormula();

    private string Rounded(string text) => _digits is null ? text : Decimal().Replace(
        text,
        number => double.Parse(number.Value, CultureInfo.InvariantCulture).ToString($"G{_digits}", CultureInfo.InvariantCulture));

    [GeneratedRegex(@"\d+\.\d+(E[+-]\d+)?")]
    private static partial Regex Decimal();

    private static string Subscript(int number) => string.Concat($"{number}".Select(digit => (char)('₀' + digit - '0')));
}
