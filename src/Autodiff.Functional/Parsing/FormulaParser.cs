// From the words of a formula to its parts. Operators and brackets that are not complete wait on a stack of their own, so that no formula is too
// deep, and every word is looked at once: the time is linear.

using System.Runtime.InteropServices;
using Autodiff.Functional.Formulas;

namespace Autodiff.Functional.Parsing;

/// <summary>
/// Reads the grammar that <see cref="Level"/> states, with what people write besides: a minus sign before any operand, superscripts, roots, bars,
/// functions without parentheses and, as an option, products without a sign.
/// </summary>
internal sealed class FormulaParser
{
    // The deepest nesting of brackets: no tensor has more axes.
    private const int DeepestList = 64;

    // How tightly operators bind that are not primitives, on the scale of Binding: labels, functions, ranges, and factors side by side. Factors
    // before a function bind less than others, so that the argument of a function without parentheses ends there.
    private const int OfDefinition = -16;
    private const int OfLabel = -12;
    private const int OfArrow = -8;
    private const int OfRange = -4;
    private static readonly int s_beforeFunction = Binding(Level.Product) + 1;
    private static readonly int s_sideBySide = Binding(Level.Product) + 2;

    private readonly SourceText _source;
    private readonly ParseOptions _options;
    private readonly HashSet<string> _variables;
    private readonly List<Token> _tokens;
    private readonly Syntax _syntax = new();
    private readonly List<int> _operands = [];
    private readonly Stack<Waiting> _waiting = new();
    private readonly Stack<Waiting> _frames = new();
    private int _next;
    private int _lists;

    private FormulaParser(SourceText source, ParseOptions options, IEnumerable<string> variables)
    {
        (_source, _options, _variables) = (source, options, [.. variables]);
        _tokens = Lexer.Read(source);
    }

    private enum WaitingKind
    {
        Operation,

        /// <summary>A function before an argument without parentheses.</summary>
        Function,
        FromEnd,
        Range,
        Lambda,
        Label,
        Definition,

        // Brackets that are open.
        Call,
        List,
        Tuple,
        Index,
        Bars,
        Block,
    }

    private Token Current => _tokens[_next];

    /// <summary>Reads a text.</summary>
    /// <param name="source">The text.</param>
    /// <param name="options">What may be written.</param>
    /// <param name="variables">The names of the variables that are given: they are no functions unless parentheses follow.</param>
    public static Syntax Read(SourceText source, ParseOptions options, IEnumerable<string> variables)
    {
        var parser = new FormulaParser(source, options, variables);
        parser.ReadAll();
        return parser._syntax;
    }

    /// <summary>How tightly an operator binds; between the levels there is room for factors side by side.</summary>
    private static int Binding(Level level) => 4 * (int)level;

    private void ReadAll()
    {
        while (StartsDefinition())
        {
            var name = DefinedName();
            _syntax.Definitions.Add((name.Text, name.Start, ReadStatement(isDefinition: true)));
            _variables.Add(name.Text);
        }

        _syntax.Result = ReadStatement(isDefinition: false);
        while (Current.Kind is TokenKind.Semicolon or TokenKind.LineBreak)
        {
            _next++;
        }

        if (Current.Kind != TokenKind.End)
        {
            throw Unexpected("the end, because the result is the last line; definitions stand before it, each after \"let\"");
        }
    }

    private bool StartsDefinition()
    {
        while (Current.Kind is TokenKind.LineBreak or TokenKind.Semicolon)
        {
            _next++;
        }

        return Current is { Kind: TokenKind.Name, Text: Identifier.Let };
    }

    /// <summary>Reads the start of a definition, "let name =".</summary>
    private Token DefinedName()
    {
        _next++;
        var name = Current;
        if (name.Kind is not (TokenKind.Name or TokenKind.QuotedName))
        {
            throw Unexpected("a name after \"let\"");
        }

        _next++;
        if (Current is not { Kind: TokenKind.Operator, Text: "=" })
        {
            throw Unexpected("\"=\" after the name");
        }

        _next++;
        return name;
    }

    /// <summary>Reads one expression, up to the end of the line if it is a definition.</summary>
    private int ReadStatement(bool isDefinition)
    {
        var isComplete = false;
        while (true)
        {
            if (_frames.Count == 0 && isComplete && (Current.Kind is TokenKind.End or TokenKind.Semicolon || (isDefinition && Current.Kind == TokenKind.LineBreak)))
            {
                break;
            }

            if (Current.Kind == TokenKind.LineBreak)
            {
                _next++;
            }
            else
            {
                isComplete = isComplete ? ReadAfterOperand() : ReadOperand();
            }
        }

        ReduceAll();
        var result = _operands[^1];
        _operands.Clear();
        return result;
    }

    /// <summary>Reads a word where an operand may start; returns whether an operand is complete.</summary>
    private bool ReadOperand()
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.Number:
                return Leaf(SyntaxKind.Number);
            case TokenKind.Text:
                return Leaf(SyntaxKind.Text);
            case TokenKind.Name or TokenKind.QuotedName:
                return ReadName();
            case TokenKind.Root:
                return _tokens[_next + 1].Kind == TokenKind.OpenParenthesis ? OpenCall(token.Text, 1, 2) : Wait(new(WaitingKind.Function, token.Start, Binding(Level.Power), token.Text, 1));
            case TokenKind.OpenParenthesis:
                return Open(WaitingKind.Tuple, token.Start, 1);
            case TokenKind.OpenBracket:
                return Open(WaitingKind.List, token.Start, 1);
            case TokenKind.OpenBrace:
                return Open(WaitingKind.Block, token.Start, 1);
            case TokenKind.Bar:
                return Open(WaitingKind.Bars, token.Start, 1);
            case TokenKind.CloseParenthesis or TokenKind.CloseBracket when _waiting.TryPeek(out var frame) && frame.IsClosedBy(token.Kind) && frame.First == _operands.Count && !frame.HasItems:
                return Close();
            case TokenKind.Range when IsIndexing():
                _operands.Add(_syntax.Add(SyntaxKind.Absent, token.Start, []));
                return OpenRange();
            case TokenKind.Operator when token.Text == "+":
                _next++;
                return false;
            case TokenKind.Operator when Vocabulary.Prefix.TryGetValue(token.Text, out var prefix):
                return Wait(new(WaitingKind.Operation, token.Start, Binding(prefix.Fixity.Right), Op: prefix.Op));
            case TokenKind.Operator when token.Text == "^" && IsIndexing():
                return Wait(new(WaitingKind.FromEnd, token.Start, Binding(Level.Comparison)));
            case TokenKind.Operator when token.Text == "*":
                throw Unexpected("a number, a name or an opening parenthesis; a power is written with ^");
            default:
                throw Unexpected("a number, a name or an opening parenthesis");
        }
    }

    /// <summary>A variable, a call, or a function whose argument has no parentheses.</summary>
    private bool ReadName()
    {
        var (token, next) = (Current, _tokens[_next + 1]);
        if (token is { Kind: TokenKind.Name, Text: Identifier.Let } && _waiting.TryPeek(out var before) && before.Kind == WaitingKind.Block)
        {
            var name = DefinedName();
            return Wait(new(WaitingKind.Definition, name.Start, OfDefinition, name.Text), 0);
        }

        if (token is { Kind: TokenKind.Name, Text: Identifier.Let })
        {
            throw Unexpected("a number, a name or an opening parenthesis; a definition stands on a line of its own before the result");
        }

        var isFunction = _options.Functions.ContainsKey(token.Text) || (token.Kind == TokenKind.Name && Vocabulary.Functions.ContainsKey(token.Text));
        if (next.Kind == TokenKind.OpenParenthesis && (isFunction || Vocabulary.Unreadable.ContainsKey(token.Text) || !_options.ImplicitMultiplication))
        {
            return OpenCall(token.Text, 1, 2);
        }

        var isUnary = isFunction && (_options.Functions.ContainsKey(token.Text) || Vocabulary.Functions[token.Text].IsUnary) && !_variables.Contains(token.Text);
        if (isUnary && next.Kind == TokenKind.Superscript)
        {
            var after = _tokens[_next + 2];
            if (after.Kind == TokenKind.OpenParenthesis || StartsArgument(after))
            {
                var power = next.Number > 0 ? next.Number
                    : throw _source.Error(next.Start, $"{token.Text} with the exponent {next.Number} may mean the inverse function or a reciprocal; write which, as in asin(x) or 1 / sin(x).");
                return after.Kind == TokenKind.OpenParenthesis ? OpenCall(token.Text, power, 3) : Wait(new(WaitingKind.Function, token.Start, s_sideBySide, token.Text, power), 2);
            }
        }

        return isUnary && StartsArgument(next)
            ? Wait(new(WaitingKind.Function, token.Start, s_sideBySide, token.Text, 1))
            : Leaf(token.Kind == TokenKind.Name ? SyntaxKind.Name : SyntaxKind.QuotedName);
    }

    /// <summary>Whether a word can start the argument of a function without parentheses: one that cannot also follow a variable of that name.</summary>
    private bool StartsArgument(Token token) => token.Kind is TokenKind.Number or TokenKind.Name or TokenKind.QuotedName or TokenKind.Root
        || (token.Kind == TokenKind.Bar && !(_frames.TryPeek(out var frame) && frame.Kind == WaitingKind.Bars));

    /// <summary>Reads a word after a complete operand; returns whether an operand is complete again.</summary>
    private bool ReadAfterOperand()
    {
        var token = Current;
        switch (token.Kind)
        {
            case TokenKind.Operator when Vocabulary.Infix.TryGetValue(token.Text, out var infix):
                return ReadInfix(infix.Op, infix.Fixity);
            case TokenKind.Superscript:
                _next++;
                var exponent = _syntax.Add(SyntaxKind.Number, token.Start, [], number: token.Number);
                _operands[^1] = _syntax.Add(SyntaxKind.Operation, token.Start, [_operands[^1], exponent], op: Op.Pow);
                return true;
            case TokenKind.Transposed:
                _next++;
                _operands[^1] = _syntax.Add(SyntaxKind.Call, token.Start, [_operands[^1]], PermutePrimitive.TransposeReader.Name, 1);
                return true;
            case TokenKind.OpenBracket:
                return Open(WaitingKind.Index, token.Start, 1, _operands.Count - 1);
            case TokenKind.Semicolon when _frames.TryPeek(out var frame) && frame.Kind == WaitingKind.Block && IsDefinition():
                ReduceAll();
                _next++;
                return false;
            case TokenKind.CloseBrace when _frames.TryPeek(out var frame) && frame.IsClosedBy(token.Kind) && !IsDefinition():
                return Close();
            case TokenKind.Comma when _frames.TryPeek(out var frame) && frame.Kind is not (WaitingKind.Bars or WaitingKind.Block):
                ReduceAll();
                _waiting.Push(_waiting.Pop() with { HasItems = true });
                _frames.Push(_frames.Pop() with { HasItems = true });
                _next++;
                return false;
            case TokenKind.Colon when _frames.TryPeek(out var frame) && frame.Kind == WaitingKind.Call:
                Reduce(OfLabel);
                return Wait(new(WaitingKind.Label, token.Start, OfArrow));
            case TokenKind.Arrow when _frames.TryPeek(out var frame) && frame.Kind == WaitingKind.Call:
                Reduce(OfArrow);
                return Wait(new(WaitingKind.Lambda, token.Start, OfArrow));
            case TokenKind.Range when IsIndexing():
                Reduce(OfRange);
                return OpenRange();
            case TokenKind.CloseParenthesis or TokenKind.CloseBracket when _frames.TryPeek(out var frame) && frame.IsClosedBy(token.Kind):
                return Close();
            case TokenKind.Bar when _frames.TryPeek(out var frame) && frame.Kind == WaitingKind.Bars:
                return Close();
            case TokenKind.Number or TokenKind.Name or TokenKind.QuotedName or TokenKind.Root or TokenKind.OpenParenthesis or TokenKind.Bar when _options.ImplicitMultiplication:
                return SideBySide();
            case TokenKind.Number or TokenKind.Name or TokenKind.QuotedName or TokenKind.Root or TokenKind.OpenParenthesis:
                throw Unexpected("an operator; a product is written with *, or without a sign if ParseOptions.ImplicitMultiplication allows it");
            default:
                throw Unexpected(_frames.TryPeek(out var open) ? $"an operator or {open.Closing}" : "an operator or the end");
        }
    }

    private bool ReadInfix(Op op, Fixity fixity)
    {
        var token = Current;
        Reduce(fixity.Result == Level.Comparison ? Binding(fixity.Left) : Binding(fixity.Result));
        if (fixity.Result == Level.Comparison && _waiting.TryPeek(out var before) && before.Kind == WaitingKind.Operation && before.Op.IsComparison())
        {
            throw _source.Error(token.Start, $"{_source.Quote(token.Start, token.Length)} follows another comparison, whose value is 0 or 1; write parentheses around the comparison that comes first.");
        }

        // The right operand of * and / may be factors side by side.
        return Wait(new(WaitingKind.Operation, token.Start, fixity == Fixity.Product ? s_beforeFunction : Binding(fixity.Right), Op: op));
    }

    /// <summary>A product without a sign.</summary>
    private bool SideBySide()
    {
        var token = Current;
        var isFunction = token.Kind == TokenKind.Name && !_variables.Contains(token.Text) && (Vocabulary.Functions.ContainsKey(token.Text) || _options.Functions.ContainsKey(token.Text))
            && (_tokens[_next + 1].Kind is TokenKind.OpenParenthesis or TokenKind.Superscript || StartsArgument(_tokens[_next + 1]));
        Reduce(isFunction ? s_beforeFunction : s_sideBySide);
        if (_waiting.TryPeek(out var before) && before.Kind == WaitingKind.Operation && before.Op == Op.Divide)
        {
            throw _source.Error(token.Start, "factors side by side in a divisor, as in 1/2x, may mean (1/2)x or 1/(2x); write parentheses.");
        }

        _waiting.Push(new(WaitingKind.Operation, token.Start, Binding(Level.Power), Op: Op.Multiply));
        return false;
    }

    private bool OpenRange()
    {
        Wait(new(WaitingKind.Range, Current.Start, Binding(Level.Comparison)));
        if (Current.Kind is not (TokenKind.Comma or TokenKind.CloseBracket))
        {
            return false;
        }

        _operands.Add(_syntax.Add(SyntaxKind.Absent, Current.Start, []));
        return true;
    }

    /// <summary>Whether the innermost brackets may be those of an indexer.</summary>
    private bool IsIndexing() => _frames.TryPeek(out var frame) && frame.Kind is WaitingKind.Index or WaitingKind.List;

    /// <summary>Whether what has been read last in braces is a definition, and not the result.</summary>
    private bool IsDefinition()
    {
        Reduce(OfDefinition);
        return _waiting.Peek().Kind == WaitingKind.Definition;
    }

    private bool Leaf(SyntaxKind kind)
    {
        var token = Current;
        _next++;
        _operands.Add(_syntax.Add(kind, token.Start, [], token.Text, token.Number));
        return true;
    }

    /// <summary>Puts an operator on the stack; its operand comes next.</summary>
    private bool Wait(Waiting waiting, int tokens = 1)
    {
        _next += tokens;
        _waiting.Push(waiting);
        return false;
    }

    private bool OpenCall(string name, double power, int tokens) => Open(WaitingKind.Call, Current.Start, tokens, _operands.Count, name, power);

    private bool Open(WaitingKind kind, int position, int tokens, int first = -1, string text = "", double power = 1)
    {
        if (kind == WaitingKind.List && ++_lists > DeepestList)
        {
            throw _source.Error(position, $"brackets are nested more than {DeepestList} deep; no tensor has so many axes.");
        }

        var frame = new Waiting(kind, position, int.MinValue, text, power, First: first < 0 ? _operands.Count : first);
        _frames.Push(frame);
        return Wait(frame, tokens);
    }

    /// <summary>Closes the innermost brackets: what is in them becomes one operand.</summary>
    private bool Close()
    {
        ReduceAll();
        _next++;
        var frame = _waiting.Pop();
        _frames.Pop();
        var items = CollectionsMarshal.AsSpan(_operands)[frame.First..];
        var node = frame.Kind switch
        {
            WaitingKind.Call => _syntax.Add(SyntaxKind.Call, frame.Position, items, frame.Text, frame.Number),
            WaitingKind.List => _syntax.Add(SyntaxKind.List, frame.Position, items),
            WaitingKind.Index => _syntax.Add(SyntaxKind.Index, frame.Position, items),
            WaitingKind.Block => _syntax.Add(SyntaxKind.Block, frame.Position, items),
            WaitingKind.Bars => _syntax.Add(SyntaxKind.Operation, frame.Position, items, op: Op.Abs),
            _ => _syntax.Add(SyntaxKind.Tuple, frame.Position, items),
        };
        _lists -= frame.Kind == WaitingKind.List ? 1 : 0;
        _operands.RemoveRange(frame.First, _operands.Count - frame.First);
        _operands.Add(node);
        return true;
    }

    /// <summary>Completes the operators on the stack whose operands do not extend over an operator that binds as tightly as given.</summary>
    private void Reduce(int binding)
    {
        while (_waiting.TryPeek(out var top) && binding < top.Right)
        {
            Complete(_waiting.Pop());
        }
    }

    /// <summary>Completes all operators since the innermost open brackets.</summary>
    private void ReduceAll() => Reduce(int.MinValue + 1);

    private void Complete(Waiting waiting)
    {
        int right = Pop();
        _operands.Add(waiting.Kind switch
        {
            WaitingKind.Operation when waiting.Op.IsUnary() => _syntax.Add(SyntaxKind.Operation, waiting.Position, [right], op: waiting.Op),
            WaitingKind.Operation => _syntax.Add(SyntaxKind.Operation, waiting.Position, [Pop(), right], op: waiting.Op),
            WaitingKind.Function => _syntax.Add(SyntaxKind.Call, waiting.Position, [right], waiting.Text, waiting.Number),
            WaitingKind.Definition => _syntax.Add(SyntaxKind.Definition, waiting.Position, [right], waiting.Text),
            WaitingKind.FromEnd => _syntax.Add(SyntaxKind.FromEnd, waiting.Position, [right]),
            WaitingKind.Range => _syntax.Add(SyntaxKind.Range, waiting.Position, [Pop(), right]),
            WaitingKind.Lambda => _syntax.Add(SyntaxKind.Lambda, waiting.Position, [Parameters(Pop()), right]),
            _ => Labelled(Pop(), right),
        });
    }

    private int Labelled(int label, int value)
    {
        var node = _syntax[label];
        return node.Kind switch
        {
            SyntaxKind.Name => _syntax.Add(SyntaxKind.Labelled, node.Position, [value], node.Text),
            SyntaxKind.List => _syntax.Add(SyntaxKind.Labelled, node.Position, [label, value]),
            _ => throw _source.Error(node.Position, "before a colon stands the name of an argument, as in axis: 0, or a place in brackets, as in [2]: x."),
        };
    }

    private int Parameters(int parameters)
    {
        var node = _syntax[parameters];
        var areNames = node.Kind is SyntaxKind.Name or SyntaxKind.QuotedName;
        if (node is { Kind: SyntaxKind.Tuple, Children: > 0 })
        {
            areNames = true;
            foreach (var item in _syntax.Children(parameters))
            {
                areNames &= _syntax[item].Kind is SyntaxKind.Name or SyntaxKind.QuotedName;
            }
        }

        return areNames ? parameters : throw _source.Error(node.Position, "before => stand the parameters of a function: a name, or names in parentheses, as in (s, x) => s + x.");
    }

    private int Pop()
    {
        var operand = _operands[^1];
        _operands.RemoveAt(_operands.Count - 1);
        return operand;
    }

    private ParseException Unexpected(string expected)
    {
        var token = Current;
        var found = token.Kind == TokenKind.End ? "the text ends" : token.Kind == TokenKind.LineBreak ? "the line ends" : $"found {_source.Quote(token.Start, token.Length)}";
        return _source.Error(token.Start, $"{found}, where {expected} would be right.");
    }

    /// <summary>An operator whose right operand is not complete, or brackets that are open.</summary>
    /// <param name="Kind">What it is.</param>
    /// <param name="Position">Where errors point.</param>
    /// <param name="Right">How tightly an operator must bind to belong to the right operand; the smallest number for brackets.</param>
    /// <param name="Text">The name of a function.</param>
    /// <param name="Number">The power of a function.</param>
    /// <param name="Op">The primitive of an operator.</param>
    /// <param name="First">The place of the first item of brackets on the stack of operands.</param>
    /// <param name="HasItems">Whether a comma was read in the brackets.</param>
    private readonly record struct Waiting(WaitingKind Kind, int Position, int Right, string Text = "", double Number = 0, Op Op = Op.Constant, int First = 0, bool HasItems = false)
    {
        /// <summary>What closes the brackets.</summary>
        public string Closing => Kind switch
        {
            WaitingKind.Call => "a comma or \")\"",
            WaitingKind.Bars => "\"|\"",
            WaitingKind.Block => "\"}\", or \";\" after a definition",
            WaitingKind.Tuple => "\")\"",
            _ => "a comma or \"]\"",
        };

        /// <summary>Whether these are brackets that a word closes.</summary>
        public bool IsClosedBy(TokenKind token) => Kind switch
        {
            WaitingKind.Call or WaitingKind.Tuple => token == TokenKind.CloseParenthesis,
            WaitingKind.List or WaitingKind.Index => token == TokenKind.CloseBracket,
            WaitingKind.Block => token == TokenKind.CloseBrace,
            _ => false,
        };
    }
}
