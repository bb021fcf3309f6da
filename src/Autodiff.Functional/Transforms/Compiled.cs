// The function that AD.Compile returns: it is traced and compiled when it is first called with arguments of new shapes, and runs the program from then on.

using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Transforms;

/// <summary>A function with its programs, one for each kind of arguments that it has been called with.</summary>
internal sealed class Compiled<TResult>
{
    private const string Operation = "Compile";

    private readonly BoundedCache<Signature, Traced<TResult>> _programs = new();
    private readonly CompileOptions _options;
    private readonly string? _text;

    /// <summary>Makes a function that has not been called yet.</summary>
    /// <param name="options">How it is compiled.</param>
    /// <param name="text">The source text of the function, for error messages.</param>
    public Compiled(CompileOptions? options, string? text = null) => (_options, _text) = (CompileOptions.Checked(Operation, options), text);

    /// <summary>The function's result for some arguments.</summary>
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

    /// <summary>The function's result for a tree.</summary>
    public TResult Call<T>(T tree, Func<T, TResult> f)
    {
        var leaves = Tree.Leaves(Operation, tree, "the argument");
        return leaves.Length > 0
            ? Call(leaves, tree, parameters => Tree.With(tree, parameters), parameters => f(Tree.With(tree, parameters)))
            : throw Tree.NoLeaves(Operation, $"in this {typeof(T)}, so there is nothing to compile the function for", tree!);
    }

    private TResult Call(Expr[] leaves, object? tree, Func<Expr[], object?> with, Func<Expr[], TResult> f)
    {
        var shapes = Array.ConvertAll(leaves, leaf => leaf.Shape);
        var program = _programs.Find(new(shapes, tree)) ?? Add(shapes, with, f);
        return Tree.With(program.Result, Results(program, leaves));
    }

    /// <summary>
    /// The program's results for some leaves. If the leaves are numbers, the compiled code runs and gives numbers. If they have values but may be
    /// differentiated, the result is a node that runs the compiled code, as do its derivatives. If some have no value yet, the result is the formula
    /// of the function, so that whoever traces it can optimise it as a whole.
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

    /// <summary>Traces and compiles the function. Of the arguments only their shapes are kept, and what a tree holds beside expressions.</summary>
    private Traced<TResult> Add(Shape[] shapes, Func<Expr[], object?> with, Func<Expr[], TResult> f)
    {
        var parameters = Array.ConvertAll(shapes, Expr.Parameter);
        var tree = with(parameters);
        return _programs.Add(new(shapes, tree), Traced<TResult>.Of(Operation, parameters, Tree.Rest(tree), f, _options, _text));
    }

    /// <summary>The key of a program: the shapes of the arguments, and everything in a tree beside expressions.</summary>
    private readonly struct Signature(Shape[] shapes, object? tree) : IEquatable<Signature>
    {
        private readonly Shape[] _shapes = shapes;
        private readonly object? _tree = tree;

        public bool Equals(Signature other) => _shapes.AsSpan().SequenceEqual(other._shapes) && Tree.AreAlike(_tree, other._tree);

        public override bool Equals(object? obj) => obj is Signature other && Equals(other);

        public override int GetHashCode() => _shapes.Length;
    }
}
