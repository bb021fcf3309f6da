// The notation of formulas as Presentation MathML, which browsers draw. It is set from the LaTeX of the formula, so each form is stated once, as LaTeX,
// and both notations have the same lines, names and parentheses.

using System.Text;
using System.Xml;
using System.Xml.Linq;
using Autodiff.Functional.Formulas;

namespace Autodiff.Functional.Display;

/// <summary>
/// Reads the LaTeX that <see cref="LatexNotation"/> writes, and nothing else. The recursion is as deep as the braces of one line, whose length is bounded.
/// </summary>
internal sealed class MathML
{
    private const char FunctionApplication = '\u2061';
    private const char InvisibleTimes = '\u2062';
    private const string ThinSpace = "0.1667em";

    private static readonly XNamespace s_namespace = "http://www.w3.org/1998/Math/MathML";

    /// <summary>The signs of commands. A command that is neither here nor a Greek letter is the name of a function, such as \sin.</summary>
    private static readonly Dictionary<string, string> s_signs = new()
    {
        ["cdot"] = "⋅",
        ["odot"] = "⊙",
        ["otimes"] = "⊗",
        ["times"] = "×",
        ["le"] = "≤",
        ["ge"] = "≥",
        ["colon"] = ":",
        ["mapsto"] = "↦",
        ["sum"] = "∑",
        ["prod"] = "∏",
        ["ldots"] = "…",
        ["top"] = "⊤",
        ["infty"] = "∞",
        ["lfloor"] = "⌊",
        ["rfloor"] = "⌋",
        ["lceil"] = "⌈",
        ["rceil"] = "⌉",
        ["langle"] = "⟨",
        ["rangle"] = "⟩",
        ["lVert"] = "‖",
        ["rVert"] = "‖",
    };

    private static readonly Dictionary<string, string> s_letters = new()
    {
        ["textasciitilde"] = "~",
        ["textasciicircum"] = "^",
        ["textbackslash"] = @"\",
    };

    private readonly string _latex;
    private int _next;

    private MathML(string latex) => _latex = latex;

    private char Current => _next < _latex.Length ? _latex[_next] : '\0';

    /// <summary>The element of a formula, from its LaTeX.</summary>
    public static string Of(string latex) => new XElement(
        s_namespace + "math", new XAttribute("display", "block"), new MathML(latex).Row()).ToString(SaveOptions.DisableFormatting);

    private static XElement Element(string name, params object[] content) => new(s_namespace + name, content);

    private static XElement Operator(string sign) => Element("mo", sign);

    /// <summary>A name in upright letters, as those of functions are; a browser slants a name of one letter otherwise.</summary>
    private static XElement Upright(string name) => name.Length == 1
        ? Element("mi", new XAttribute("mathvariant", "normal"), name)
        : Element("mi", Valid(name));

    private static XElement Grouped(List<XElement> row) => row.Count == 1 ? row[0] : Element("mrow", row);

    private static bool Is(XElement element, string name) => element.Name.LocalName == name;

    /// <summary>Parts of a formula side by side, up to what ends them.</summary>
    private List<XElement> Row()
    {
        var row = new List<XElement>();
        while (true)
        {
            SkipBlanks();
            if (Current is '\0' or '}' or '&' || IsAt(@"\\") || IsAt(@"\right") || IsAt(@"\end"))
            {
                return row;
            }

            var part = Scripted();
            if (Is(part, "mo") && part.Value == "−" && (row.Count == 0 || Is(row[^1], "mo")))
            {
                part.SetAttributeValue("form", "prefix");
            }

            if (row.Count > 0 && Is(row[^1], "mn") && !Is(part, "mo"))
            {
                row.Add(Operator($"{InvisibleTimes}"));
            }

            row.Add(part);
            if (IsAt(@"\left(") && !Is(part, "mo"))
            {
                row.Add(Operator($"{FunctionApplication}"));
            }
        }
    }

    /// <summary>A part with its subscript, primes and superscript.</summary>
    private XElement Scripted()
    {
        var part = Part();
        XElement? below = null;
        var above = new List<XElement>();
        while (Current is '_' or '^' or '\'')
        {
            var script = Current;
            _next++;
            if (script == '_')
            {
                below = Argument();
            }
            else
            {
                above.Add(script == '^' ? Argument() : Operator("′"));
            }
        }

        var isUnder = (Is(part, "mo") && part.Value is "∑" or "∏") || (Is(part, "mi") && part.Value is "max" or "min");
        return (below, above) switch
        {
            (null, []) => part,
            ({ } under, []) => Element(isUnder ? "munder" : "msub", part, under),
            (null, _) => Element("msup", part, Grouped(above)),
            _ => Element("msubsup", part, below, Grouped(above)),
        };
    }

    private XElement Part()
    {
        var start = _next++;
        var letter = _latex[start];
        if (char.IsAsciiDigit(letter))
        {
            while (char.IsAsciiDigit(Current) || (Current == '.' && _next + 1 < _latex.Length && char.IsAsciiDigit(_latex[_next + 1])))
            {
                _next++;
            }

            return Element("mn", _latex[start.._next]);
        }

        if (letter == '{')
        {
            return Braced();
        }

        if (letter == '\\')
        {
            return Command();
        }

        if (letter == '.' && Current == '.')
        {
            _next++;
            return Element("mo", new XAttribute("lspace", "0"), new XAttribute("rspace", "0"), "..");
        }

        return letter == '-' ? Operator("−")
            : letter is '(' or ')' or '[' or '|' or '/' ? Element("mo", new XAttribute("stretchy", "false"), $"{letter}")
            : char.IsLetter(letter) ? Element("mi", $"{letter}")
            : Operator(Valid($"{letter}"));
    }

    private XElement Command()
    {
        var start = _next;
        while (char.IsAsciiLetter(Current))
        {
            _next++;
        }

        var name = _latex[start.._next];
        if (name.Length == 0)
        {
            // The only command of a sign that is not in a text is \, which is a narrow space.
            _next++;
            return Element("mspace", new XAttribute("width", ThinSpace));
        }

        switch (name)
        {
            case "frac":
                return Element("mfrac", Argument(), Argument());
            case "sqrt" when Current == '[':
                var degree = _latex[(_next + 1).._latex.IndexOf(']', _next)];
                _next += degree.Length + 2;
                return Element("mroot", Argument(), Element("mn", degree));
            case "sqrt":
                return Element("msqrt", Argument());
            case "text":
                return Element("mtext", Text().Replace(' ', '\u00A0'));
            case "mathrm":
                return Upright(Text());
            case "operatorname":
                return _latex[(_next + 1).._latex.IndexOf('}', _next)].All(char.IsAsciiLetterOrDigit) ? Upright(Text()) : Argument();
            case "left":
                return Fenced();
            case "begin":
                return Environment();
            case var _ when s_signs.TryGetValue(name, out var sign):
                return name == "infty" ? Element("mi", sign) : Operator(sign);
            case var _ when GreekLetters.LetterOf(name) is { } greek:
                return char.IsUpper(greek) ? Upright($"{greek}") : Element("mi", $"{greek}");
            default:
                SkipBlanks();
                return IsAt(@"\left(") || Current is '_' or '^' ? Upright(name) : Element("mrow", Upright(name), Element("mspace", new XAttribute("width", ThinSpace)));
        }
    }

    /// <summary>What stands in braces after a command or a script.</summary>
    private XElement Argument()
    {
        _next++;
        return Braced();
    }

    private XElement Braced()
    {
        var row = Row();
        _next++;
        return Grouped(row);
    }

    /// <summary>What stands between \left and \right, with its delimiters.</summary>
    private XElement Fenced()
    {
        var open = Delimiter();
        var row = Row();
        _next += @"\right".Length;
        return Element("mrow", Operator(open), Grouped(row), Operator(Delimiter()));
    }

    private string Delimiter()
    {
        var start = _next++;
        if (_latex[start] != '\\')
        {
            return _latex[start..(start + 1)];
        }

        while (char.IsAsciiLetter(Current))
        {
            _next++;
        }

        return s_signs[_latex[(start + 1).._next]];
    }

    /// <summary>Lines of a formula, cases, or a matrix.</summary>
    private XElement Environment()
    {
        var name = Text();
        var rows = new List<XElement>();
        var cells = new List<XElement>();
        while (true)
        {
            var style = name switch
            {
                "bmatrix" => "text-align: center",
                "cases" => "text-align: left",
                _ => cells.Count == 0 ? "text-align: right; padding-right: 0" : "text-align: left; padding-left: 0",
            };
            cells.Add(Element("mtd", new XAttribute("style", style), Row()));
            if (Current == '&')
            {
                _next++;
                continue;
            }

            rows.Add(Element("mtr", cells));
            cells = [];
            if (!IsAt(@"\\"))
            {
                break;
            }

            _next += 2;
        }

        _next += @"\end".Length;
        _ = Text();
        return name switch
        {
            "bmatrix" => Element("mrow", Operator("["), Element("mtable", rows), Operator("]")),
            "cases" => Element("mrow", Operator("{"), Element("mtable", rows)),
            _ => Element("mtable", new XAttribute("displaystyle", "true"), rows),
        };
    }

    /// <summary>The text in braces, without the commands that stand for single letters.</summary>
    private string Text()
    {
        var text = new StringBuilder();
        for (_next++; Current != '}'; _next++)
        {
            if (Current != '\\')
            {
                text.Append(Current);
                continue;
            }

            var start = ++_next;
            while (char.IsAsciiLetter(Current))
            {
                _next++;
            }

            if (_next == start)
            {
                text.Append(Current);
            }
            else
            {
                // An empty pair of braces ends the command.
                text.Append(s_letters[_latex[start.._next]]);
                _next++;
            }
        }

        _next++;
        return Valid(text.ToString());
    }

    /// <summary>The text with a replacement character for each that XML does not have: halves of surrogate pairs, and code points that are no characters.</summary>
    private static string Valid(string text)
    {
        var valid = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            valid.Append(rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? Rune.ReplacementChar.ToString() : rune.ToString());
        }

        return valid.ToString();
    }

    private void SkipBlanks()
    {
        while (Current is ' ' or '\n')
        {
            _next++;
        }
    }

    private bool IsAt(string text) => string.CompareOrdinal(_latex, _next, text, 0, text.Length) == 0;
}
