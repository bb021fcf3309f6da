// From the parts of a formula to an expression. The walk has a stack of its own; only functions inside functions recurse, to a stated depth.

using System.Text.RegularExpressions;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional.Parsing;

internal sealed partial class FormulaBuilder(SourceText source, Syntax syntax, ParseOptions options, Dictionary<string, Expr> given)
{
    /// <summary>The deepest nesting of loops, branches and other functions with functions inside.</summary>
    private const int DeepestProgram = 64;

    // What names stand for: given variables, definitions, parameters of functions, and variables that the text makes.
    private readonly Dictionary<string, Expr> _names = new(given);
    private readonly Dictionary<string, Expr> _letters = Letters(given);
    private int _programs;

    public SourceText Source => source;

    public Syntax Syntax => syntax;

    /// <summary>The expression of the whole text.</summary>
    public Expr Build()
    {
        var defined = new HashSet<string>();
        foreach (var (name, position, node) in syntax.Definitions)
        {
            if (given.ContainsKey(name) || !defined.Add(name))
            {
                throw source.Error(position, $"\"{name}\" {(given.ContainsKey(name) ? "is given as a variable and cannot be defined again" : "is defined twice")}; choose another name.");
            }

            // Shared terms are printed under the names t1, t2, …; any other definition is a named leaf.
            var value = Operand(node, Evaluate(node));
            _names[name] = SharedTerm().IsMatch(name) ? value : Expr.Variable(name, value);
        }

        return Operand(syntax.Result, Evaluate(syntax.Result));
    }

    /// <summary>The value of a part: an expression, <see cref="Items"/>, a slice, a text or a function.</summary>
    public object Evaluate(int root)
    {
        var path = new Stack<(int Node, int Next)>();
        var values = new Stack<object>();
        path.Push((root, 0));
        while (path.TryPop(out var step))
        {
            var (node, next) = step;
            if (next < Evaluated(node))
            {
                path.Push((node, next + 1));
                path.Push((syntax.Child(node, next), 0));
                continue;
            }

            var children = new object[Evaluated(node)];
            for (var i = children.Length - 1; i >= 0; i--)
            {
                children[i] = values.Pop();
            }

            values.Push(Combine(node, children));
        }

        return values.Pop();
    }

    /// <summary>A value as an expression: one in parentheses is itself, and several in brackets are a tensor.</summary>
    public Expr Operand(int node, object value)
    {
        if (value is Items { IsTuple: true, Values: [var only] })
        {
            value = only;
        }

        return value switch
        {
            Expr x => x,
            Items { IsTuple: false } list => At(node, list.Stacked),
            _ => throw source.Error(syntax[node].Position, value switch
            {
                Items { Values: [] } => "found empty parentheses, where an expression would be right.",
                Items => "found several expressions in parentheses, where one would be right.",
                Unapplied => "found a function, where an expression would be right.",
                string => "found a text in quotes, where an expression would be right.",
                bool => "found a labelled argument, where an expression would be right.",
                _ => "found a range, which stands only in an indexer.",
            }),
        };
    }

    /// <summary>Runs an operation; its errors name the place.</summary>
    public T At<T>(int node, Func<T> operation)
    {
        try
        {
            return operation();
        }
        catch (AutodiffException error) when (error is not ParseException)
        {
            throw source.Error(syntax[node].Position, error.Message, error);
        }
    }

    /// <summary>The results of a function for arguments.</summary>
    public Expr[] Apply(int lambda, ReadOnlySpan<Expr> arguments)
    {
        var (parameters, before) = (ParametersOf(lambda), new Dictionary<string, Expr?>());
        for (var i = 0; i < arguments.Length; i++)
        {
            var name = syntax[parameters[i]].Text;
            before.TryAdd(name, _names.GetValueOrDefault(name));
            _names[name] = arguments[i];
        }

        var body = syntax.Child(lambda, 1);
        var results = Results(body, Evaluate(body));
        foreach (var (name, value) in before)
        {
            _names.Remove(name);
            if (value is not null)
            {
                _names.Add(name, value);
            }
        }

        return results;
    }

    /// <summary>The parts that are the parameters of a function.</summary>
    public int[] ParametersOf(int lambda)
    {
        var parameters = syntax.Child(lambda, 0);
        return syntax[parameters].Kind == SyntaxKind.Tuple ? syntax.Children(parameters).ToArray() : [parameters];
    }

    /// <summary>A value as results: one expression, or several in parentheses.</summary>
    public Expr[] Results(int node, object value) =>
        value is Items { IsTuple: true } items ? Array.ConvertAll(items.Values, item => Operand(node, item)) : [Operand(node, value)];

    /// <summary>How many children are evaluated before a part: all of them, but for what a function reads itself and for what is not a value.</summary>
    private int Evaluated(int node) => syntax[node] switch
    {
        { Kind: SyntaxKind.Lambda } => 0,
        { Kind: SyntaxKind.Labelled, Children: 1 } when TruthOf(node) is not null => 0,
        { Kind: SyntaxKind.Call } call when ReaderOf(node).IsProgram => 0,
        var other => other.Children,
    };

    private object Combine(int node, object[] children)
    {
        var part = syntax[node];
        Expr Child(int index) => Operand(syntax.Child(node, index), children[index]);
        switch (part.Kind)
        {
            case SyntaxKind.Number:
                return (Expr)part.Number;
            case SyntaxKind.Name or SyntaxKind.QuotedName:
                return Named(node);
            case SyntaxKind.Text:
                return part.Text;
            case SyntaxKind.Operation when part.Children == 1:
                var operand = Child(0);
                return At(node, () => Expr.Apply(part.Op, operand));
            case SyntaxKind.Operation:
                var (left, right) = (Child(0), Child(1));
                return At(node, () => part.Op == Op.Pow && IsEuler(syntax.Child(node, 0)) ? Expr.Exp(right) : Expr.Apply(part.Op, left, right));
            case SyntaxKind.Call:
                return Called(node, children);
            case SyntaxKind.List:
                return new Items([.. children.Select((value, index) => value is Slice or Items { IsTuple: false, Values: [] } ? value : Child(index))], IsTuple: false);
            case SyntaxKind.Tuple when children is [Items { IsTuple: true, Values.Length: 1 } inner]:
                return inner;
            case SyntaxKind.Tuple:
                return new Items([.. children.Select((_, index) => (object)Child(index))], IsTuple: true);
            case SyntaxKind.Index:
                return Indexed(node, Child(0), children);
            case SyntaxKind.Absent:
                return new Index(0);
            case SyntaxKind.FromEnd:
                return (Slice)new Index(Position(syntax.Child(node, 0), children[0]), fromEnd: true);
            case SyntaxKind.Range:
                return Range(node, children);
            case SyntaxKind.Lambda:
                return new Unapplied(node);
            case SyntaxKind.Definition:
                return _names.TryAdd(part.Text, Child(0)) ? part.Text : throw source.Error(part.Position, $"\"{part.Text}\" has a meaning already; choose another name.");
            case SyntaxKind.Block:
                foreach (var definition in children[..^1])
                {
                    _names.Remove((string)definition);
                }

                return children[^1];
            default:
                return part.Children == 2 ? new Placed((Items)children[0], Child(1)) : TruthOf(node) is { } truth ? truth : children[0];
        }
    }

    /// <summary>The reader of a call; an error if there is no function of the name.</summary>
    private Reader ReaderOf(int node)
    {
        var (name, position) = (syntax[node].Text, syntax[node].Position);
        if (options.Functions.TryGetValue(name, out var given))
        {
            return Reader.Unary(name, x => given(x) ?? throw new AutodiffException($"{name}: the function returned null."));
        }

        return Vocabulary.Functions.TryGetValue(name, out var reader) ? reader
            : throw source.Error(position, Vocabulary.Unreadable.TryGetValue(name, out var reason)
                ? $"{name} cannot be read: {reason}."
                : $"there is no function {source.Quote(position, name.Length)}{Vocabulary.Suggestion(name, Vocabulary.Functions.Keys.Concat(options.Functions.Keys), "; functions of your own are given in ParseOptions.Functions.")}");
    }

    private Expr Called(int node, object[] children)
    {
        var (part, reader) = (syntax[node], ReaderOf(node));
        if (reader.IsProgram && ++_programs > DeepestProgram)
        {
            throw source.Error(part.Position, $"{part.Text}: loops, branches and functions are nested more than {DeepestProgram} deep.");
        }

        var arguments = new Arguments(this, node, reader.IsProgram ? null : children);
        var value = At(node, () => reader.Make(arguments));
        arguments.ThrowIfLeft();
        _programs -= reader.IsProgram ? 1 : 0;
        return part.Number == 1 ? value : At(node, () => Expr.Pow(value, part.Number));
    }

    private Expr Named(int node)
    {
        var (kind, position, name) = (syntax[node].Kind, syntax[node].Position, syntax[node].Text);
        if (_names.TryGetValue(name, out var known))
        {
            return known;
        }

        // A given variable that is named after a Greek letter is also found by the letter.
        if (kind == SyntaxKind.Name && _letters.TryGetValue(name, out var letter))
        {
            return letter;
        }

        if (kind == SyntaxKind.Name && Identifier.Numbers.TryGetValue(name, out var number))
        {
            return number;
        }

        if (options.GivenVariablesOnly)
        {
            throw source.Error(position, $"{source.Quote(position, name.Length)} is not among the given variables{Vocabulary.Suggestion(name, _names.Keys, ".")}");
        }

        return _names[name] = Expr.Variable(name);
    }

    /// <summary>The given variables whose names start with the name of a Greek letter, by their names with the letter: theta1 by θ1.</summary>
    private static Dictionary<string, Expr> Letters(Dictionary<string, Expr> given)
    {
        var letters = new Dictionary<string, Expr>();
        foreach (var (name, value) in given)
        {
            if (Identifier.IsPlain(name) && GreekLetters.Abbreviated(name) is var letter && letter != name)
            {
                letters.Add(letter, value);
            }
        }

        return letters;
    }

    /// <summary>Whether a part is the base of natural logarithms, by its name.</summary>
    private bool IsEuler(int node) => syntax[node] is { Kind: SyntaxKind.Name, Text: Identifier.Euler } && !_names.ContainsKey(Identifier.Euler);

    private bool? TruthOf(int node) => syntax[syntax.Child(node, 0)] switch
    {
        { Kind: SyntaxKind.Name, Text: "true" } => true,
        { Kind: SyntaxKind.Name, Text: "false" } => false,
        _ => null,
    };

    private Expr Indexed(int node, Expr tensor, object[] children)
    {
        var slices = new Slice[children.Length - 1];
        for (var i = 0; i < slices.Length; i++)
        {
            slices[i] = SliceOf(syntax.Child(node, i + 1), children[i + 1]);
        }

        return At(node, () => slices is [{ IsPosition: true }] && tensor.Rank == 1 ? tensor[slices[0].On(0, tensor.Shape).Start] : tensor[slices]);
    }

    /// <summary>A value as what an indexer keeps of an axis.</summary>
    public Slice SliceOf(int node, object value) => value is Slice slice ? slice : Position(node, value);

    private Slice Range(int node, object[] children)
    {
        Index End(int child, Index absent) => syntax[syntax.Child(node, child)].Kind == SyntaxKind.Absent ? absent
            : children[child] is Slice { IsPosition: true } fromEnd ? fromEnd.Position
            : Position(syntax.Child(node, child), children[child]);
        return End(0, Index.Start)..End(1, Index.End);
    }

    /// <summary>A value as a whole number.</summary>
    public int Whole(int node, object value) =>
        Operand(node, value) is { Op: Op.Constant, IsScalar: true } number && number.Scalar == Math.Floor(number.Scalar) && Math.Abs(number.Scalar) <= int.MaxValue
            ? (int)number.Scalar
            : throw source.Error(syntax[node].Position, "found an expression, where a whole number would be right.");

    /// <summary>A value as a position: a whole number that is 0 or more.</summary>
    private int Position(int node, object value)
    {
        var position = Whole(node, value);
        return position >= 0 ? position : throw source.Error(syntax[node].Position, $"the position {position} is negative; count from the end with ^{-(long)position}.");
    }

    [GeneratedRegex(@"^t\d+$")]
    private static partial Regex SharedTerm();
}
