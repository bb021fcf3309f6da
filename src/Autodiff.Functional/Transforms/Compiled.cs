// What AD.Compile makes of a function: it is traced when it is first called with arguments of new shapes, and run ever after.

using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Transforms;

/// <summary>A function with its programs, one for each kind of arguments that it has been called with.</summary>
internal sealed class Compiled<TResult>
{
    private const string Operation = "Compile";

    private readonly BoundedCache<Kind, Traced<TResult>> _programs = new();
    private readonly CompileOptions _options;
    private readonly string? _text;

    /// <summary>A function that has not been called yet.</summary>
    /// <param name="options">How it is compiled.</param>
    /// <param name="text">The text of the function, for messages.</param>
    public Compiled(CompileOptions? options, string? text = null) => (_options, _text) = (CompileOptions.Checked(Operation, options), text);

    /// <summary>The result for some arguments.</summary>
    public TResult Call(Expr[] arguments, Func<Expr[], TResult> f)
    {
        foreach (var argument in arguments)
        {
            if (argument is null)
            {
                throw AutodiffException.Null(Operation, "the argument");
            }
        }

        return Call(arguments, null, _ => null, f);
    }

    /// <summary>The result for a tree.</summary>
    public TResult Call<T>(T tree, Func<T, TResult> f)
    {
        var leaves = Tree.Leaves(Operation, tree, "the argument");
        return leaves.Length > 0
            ? Call(leaves, tree, parameters => Tree.With(tree, parameters), parameters => f(Tree.With(tree, parameters)))
            : throw new AutodiffException($"{Operation}: there is no Expr in this {typeof(T)}, so there is nothing to compile the function for.");
    }

    private TResult Call(Expr[] leaves, object? tree, Func<Expr[], object?> with, Func<Expr[], TResult> f)
    {
        var shapes = Array.ConvertAll(leaves, leaf => leaf.Shape);
        var program = _programs.Find(new(shapes, tree)) ?? Add(shapes, with, f);
        return Tree.With(program.Result, Results(program, leaves));
    }

    /// <summary>
    /// Numbers run the compiled code and give numbers. What may be differentiated becomes a node that runs it, as its derivatives
    /// do; and what has no value yet becomes the formula that the function stands for, for whoever traces that to optimise as a whole.
    /// </summary>
    private static Expr[] Results(Traced<TResult> program, Expr[] leaves)
    {
        var function = program.Function;
        foreach (var captured in program.Captured)
        {
            if (captured.Outlived is { } fault)
            {
                throw new AutodiffException($"{Operation}: when it was traced, the function read an expression from outside that {fault}");
            }
        }

        if (program.Captured.Length == 0 && Array.TrueForAll(leaves, leaf => leaf.IsNumbers) && !Expr.IsDeferred(function))
        {
            return Array.ConvertAll(function.Results(Array.ConvertAll(leaves, leaf => leaf.Storage)), Expr.Constant);
        }

        Expr[] operands = [.. leaves, .. program.Captured];
        return Array.TrueForAll(operands, operand => operand.IsConcrete)
            ? function.Layout.Parts(function.Node(operands))
            : function.Value.Apply(operands);
    }

    /// <summary>Nothing of the arguments is kept but their shapes, and what in a tree is no expression.</summary>
    private Traced<TResult> Add(Shape[] shapes, Func<Expr[], object?> with, Func<Expr[], TResult> f)
    {
        var parameters = Array.ConvertAll(shapes, Expr.Parameter);
        var tree = with(parameters);
        return _programs.Add(new(shapes, tree), Traced<TResult>.Of(Operation, parameters, Tree.Rest(tree), f, _options, _text));
    }

    /// <summary>What decides which program arguments take: shapes, and everything in a tree that is no expression.</summary>
    private readonly struct Kind(Shape[] shapes, object? tree) : IEquatable<Kind>
    {
        private readonly Shape[] _shapes = shapes;
        private readonly object? _tree = tree;

        public bool Equals(Kind other) => _shapes.AsSpan().SequenceEqual(other._shapes) && Tree.AreAlike(_tree, other._tree);

        public override bool Equals(object? obj) => obj is Kind other && Equals(other);

        public override int GetHashCode() => _shapes.Length;
    }
}
