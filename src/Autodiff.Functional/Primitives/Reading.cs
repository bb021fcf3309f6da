// The interface by which primitives are made from their formulas: the counterpart of Notation, by which they are printed.

namespace Autodiff.Functional.Primitives;

/// <summary>How a function of formulas is read.</summary>
/// <param name="Name">The name that is printed.</param>
/// <param name="Make">Makes the node from the arguments of a call.</param>
internal sealed record Reader(string Name, Func<Reading, Expr> Make)
{
    /// <summary>Another name under which it is read.</summary>
    public string? Synonym { get; init; }

    /// <summary>Whether it takes one expression and nothing else, so that parentheses around a short argument may be left out: <c>sin x</c>.</summary>
    public bool IsUnary { get; init; }

    /// <summary>Whether arguments are functions or branches, which are read when the node is made and not before.</summary>
    public bool IsProgram { get; init; }

    /// <summary>A function of one tensor, without attributes.</summary>
    public static Reader Unary(string name, Func<Expr, Expr> make) => new(name, call => make(call.Operand("the operand"))) { IsUnary = true };

    /// <summary>A function of two tensors, without attributes.</summary>
    public static Reader Binary(string name, Func<Expr, Expr, Expr> make) => new(name, call => make(call.Operand("the first operand"), call.Operand("the second operand")));

    /// <summary>A primitive that folds axes.</summary>
    public static Reader Folding(string name, Func<Folding, Reduction> make) => new(name, call =>
    {
        var x = call.Operand("the operand");
        return make(Expr.FoldingOf(name, x, call.Integers("axis"), call.Flag("keepdims"))).Of(x);
    });

    /// <summary>A primitive that holds computations.</summary>
    public static Reader Program(string name, Func<Reading, Expr> make) => new(name, make) { IsProgram = true };
}

/// <summary>
/// The arguments of a call in a formula. A reader takes the unlabelled ones in order, and the labelled ones by their labels; what it leaves is an
/// error, as is an argument that is missing or of another kind. <c>what</c> names an argument in these errors.
/// </summary>
internal abstract class Reading
{
    /// <summary>Whether there are unlabelled arguments that have not been taken.</summary>
    public abstract bool HasMore { get; }

    /// <summary>The next argument, an expression.</summary>
    public abstract Expr Operand(string what);

    /// <summary>The next argument: expressions in brackets.</summary>
    public abstract Expr[] List(string what);

    /// <summary>The next argument: one expression, or several in parentheses.</summary>
    public abstract Expr[] Tuple(string what);

    /// <summary>The next argument: whole numbers, in parentheses like a shape or in brackets like positions.</summary>
    public abstract int[] Integers();

    /// <summary>The next argument: a text in quotes.</summary>
    public abstract string Quoted(string what);

    /// <summary>The next argument, a function; it is read each time it is applied.</summary>
    public abstract ReadFunction Function(string what);

    /// <summary>The next argument, an expression or several in parentheses, which is read each time it is called.</summary>
    public abstract Func<Expr[]> Branch(string what);

    /// <summary>The parts of a scatter: the selection of each from a tensor of a shape, and the part.</summary>
    public abstract (Selection[] Selections, Expr[] Parts) Parts(Shape shape);

    /// <summary>A labelled argument that is one whole number; null if there is none.</summary>
    public abstract int? Integer(string label);

    /// <summary>A labelled argument that is one whole number or several in brackets; null if there is none.</summary>
    public abstract int[]? Integers(string label);

    /// <summary>A labelled argument that is one expression or several in parentheses; null if there is none.</summary>
    public abstract Expr[]? LabelledTuple(string label);

    /// <summary>A labelled argument that is <c>true</c> or <c>false</c>.</summary>
    public abstract bool Flag(string label, bool otherwise = false);

    /// <summary>The next argument, whole numbers, as a shape.</summary>
    public Shape Shape() => new(Integers());

    /// <summary>All unlabelled arguments that have not been taken, as expressions.</summary>
    public Expr[] Operands()
    {
        var operands = new List<Expr>();
        while (HasMore)
        {
            operands.Add(Operand("an operand"));
        }

        return [.. operands];
    }
}

/// <summary>A function in a formula: how many parameters it has, and its results for arguments.</summary>
internal sealed record ReadFunction(int Parameters, Func<ReadOnlyMemory<Expr>, Expr[]> Apply);
