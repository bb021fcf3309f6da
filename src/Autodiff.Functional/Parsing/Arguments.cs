// The arguments of a call, as the readers of primitives take them.

using Autodiff.Functional.Primitives;

namespace Autodiff.Functional.Parsing;

/// <summary>The arguments of one call.</summary>
internal sealed class Arguments : Reading
{
    private readonly FormulaBuilder _builder;
    private readonly int _call;
    private readonly object[]? _values;
    private readonly List<int> _unlabelled = [];
    private readonly List<int> _labelled = [];
    private int _next;

    /// <summary>The arguments of a call.</summary>
    /// <param name="builder">What evaluates parts of the formula.</param>
    /// <param name="call">The call.</param>
    /// <param name="values">The values of the arguments; null if each is evaluated when it is taken.</param>
    public Arguments(FormulaBuilder builder, int call, object[]? values)
    {
        (_builder, _call, _values) = (builder, call, values);
        for (var i = 0; i < Syntax[call].Children; i++)
        {
            (Syntax[Node(i)].Kind == SyntaxKind.Labelled ? _labelled : _unlabelled).Add(i);
        }
    }

    public override bool HasMore => _next < _unlabelled.Count;

    private Syntax Syntax => _builder.Syntax;

    private string Name => Syntax[_call].Text;

    /// <summary>An error at the first argument that no reader has taken.</summary>
    public void ThrowIfLeft()
    {
        if (HasMore)
        {
            throw Error(Node(_unlabelled[_next]), $"{Name} has {_next} argument(s) without a label, but {_unlabelled.Count} were given.");
        }

        if (_labelled.Count > 0)
        {
            var label = Syntax[Node(_labelled[0])].Text;
            throw Error(Node(_labelled[0]), label.Length > 0 ? $"{Name} has no argument \"{label}\", or has it only once." : $"{Name} has no arguments with places.");
        }
    }

    public override Expr Operand(string what)
    {
        var argument = Next(what);
        return _builder.Operand(Node(argument), Value(argument));
    }

    public override Expr[] List(string what)
    {
        var argument = Next(what);
        return Value(argument) is Items { IsTuple: false } items
            ? Array.ConvertAll(items.Values, item => _builder.Operand(Node(argument), item))
            : throw Error(Node(argument), $"{Name}: {what} stand in brackets, as in {Name}([x, y]).");
    }

    public override Expr[] Tuple(string what)
    {
        var argument = Next(what);
        return _builder.Results(Node(argument), Value(argument));
    }

    public override int[] Integers()
    {
        var argument = Next("whole numbers in parentheses");
        return Integers(Node(argument), Value(argument));
    }

    public override string Quoted(string what)
    {
        var argument = Next(what);
        return Value(argument) as string ?? throw Error(Node(argument), $"{Name}: {what} stand in quotes, as in einsum(\"ij->ji\", x).");
    }

    public override ReadFunction Function(string what)
    {
        var argument = Next(what);
        if (Value(argument) is not Unapplied { Node: var lambda })
        {
            throw Error(Node(argument), $"{Name}: {what} is a function, as in x => x + 1.");
        }

        return new(_builder.ParametersOf(lambda).Length, arguments => _builder.Apply(lambda, arguments.Span));
    }

    public override Func<Expr[]> Branch(string what)
    {
        var argument = Next(what);
        return () => _builder.Results(Node(argument), Value(argument));
    }

    public override (Selection[] Selections, Expr[] Parts) Parts(Shape shape)
    {
        var (selections, parts) = (new List<Selection>(), new List<Expr>());
        foreach (var argument in _labelled.ToArray())
        {
            if (Value(argument) is Placed { Place: var place, Part: var part })
            {
                selections.Add(_builder.At(Node(argument), () => Indexer.Read([.. place.Values.Select(index => AxisIndex(Node(argument), index))], shape, part.Shape)));
                parts.Add(part);
                _labelled.Remove(argument);
            }
        }

        return ([.. selections], [.. parts]);
    }

    public override int? Integer(string label) => Labelled(label) is { } argument ? _builder.Whole(ValueNode(argument), Value(argument)) : null;

    public override int[]? Integers(string label) => Labelled(label) is { } argument
        ? Value(argument) is Items { IsTuple: false } items ? Integers(ValueNode(argument), items) : [_builder.Whole(ValueNode(argument), Value(argument))]
        : null;

    public override Expr[]? LabelledTuple(string label) => Labelled(label) is { } argument ? _builder.Results(ValueNode(argument), Value(argument)) : null;

    public override bool Flag(string label, bool otherwise = false) => Labelled(label) is { } argument
        ? Value(argument) as bool? ?? throw Error(ValueNode(argument), $"{Name}: {label} is true or false.")
        : otherwise;

    private int[] Integers(int node, object value) => value switch
    {
        Items items => Array.ConvertAll(items.Values, item => _builder.Whole(node, item)),
        Expr { Op: Op.Constant, Rank: 1 } vector => Array.ConvertAll(vector.ToArray(), number => _builder.Whole(node, (Expr)number)),
        _ => throw Error(node, $"{Name}: found an expression, where whole numbers would be right, as in (2, 3)."),
    };

    private (Slice? Slice, int[]? Positions) AxisIndex(int node, object index) =>
        index is Expr { Rank: 1 } or Items ? (null, Integers(node, index)) : (_builder.SliceOf(node, index), null);

    private int Node(int argument) => Syntax.Child(_call, argument);

    /// <summary>The part that is the value of a labelled argument, where errors about the value point.</summary>
    private int ValueNode(int argument) => Syntax.Child(Node(argument), 0);

    private object Value(int argument) => _values is null ? _builder.Evaluate(Node(argument)) : _values[argument];

    private int Next(string what) => HasMore ? _unlabelled[_next++]
        : throw Error(_call, $"{Name}: {what} is missing after {_unlabelled.Count} argument(s).");

    /// <summary>Takes a labelled argument.</summary>
    private int? Labelled(string label)
    {
        var place = _labelled.FindIndex(argument => Syntax[Node(argument)].Text == label);
        if (place < 0)
        {
            return null;
        }

        var argument = _labelled[place];
        _labelled.RemoveAt(place);
        return argument;
    }

    private ParseException Error(int node, string message) => _builder.Source.Error(Syntax[node].Position, message);
}
