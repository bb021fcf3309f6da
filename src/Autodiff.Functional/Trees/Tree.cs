// Trees of expressions: the parameters of a program, in the types that the program has anyway, are seen as the list of their leaves.

using System.Runtime.CompilerServices;
using Autodiff.Functional.Trees;

namespace Autodiff.Functional;

/// <summary>
/// Functions over trees of expressions. A tree is an <see cref="Expr"/>, or a tuple, record, struct, list, dictionary or
/// option of trees, nested in any way; its leaves are the expressions in it. Everything else in a tree, including nulls,
/// stays unchanged.
/// </summary>
/// <remarks>
/// Lists are arrays of any rank, <see cref="IReadOnlyList{T}"/> of any kind, LanguageExt's <c>Seq</c>, <c>Arr</c> and <c>Lst</c>, and
/// F#'s <c>list</c>; dictionaries are <see cref="IReadOnlyDictionary{TKey, TValue}"/> of any kind, LanguageExt's <c>Map</c> and
/// <c>HashMap</c>, and F#'s <c>Map</c>, with their leaves in the order of the keys. Records and structs are copied and their members
/// set; other objects are made by the constructor that takes their members by name. A value that holds expressions in
/// any other way, or contains itself, cannot be a part of a tree: the error names its type and its path.
/// </remarks>
public static class Tree
{
    // The most characters of a path in an error message. The path to a value that is nested too deeply would fill pages.
    private const int LongestPath = 200;

    /// <summary>The tree of f(leaf) for every leaf.</summary>
    /// <param name="tree">The tree.</param>
    /// <param name="f">A function of one leaf.</param>
    /// <typeparam name="T">The type of the tree.</typeparam>
    /// <returns>A tree of the same structure.</returns>
    /// <exception cref="AutodiffException">The tree or the function is null, or a type in the tree holds expressions where they cannot be replaced.</exception>
    public static T Map<T>(T tree, Func<Expr, Expr> f)
    {
        return f is null
            ? throw AutodiffException.Null("Tree.Map", "the function")
            : With(tree, Array.ConvertAll(Leaves("Tree.Map", tree), leaf => f(leaf)));
    }

    /// <summary>The tree of f(a, b) for every pair of corresponding leaves.</summary>
    /// <param name="first">A tree.</param>
    /// <param name="second">A tree of the same structure.</param>
    /// <param name="f">A function of a leaf of the first tree and its counterpart in the second.</param>
    /// <typeparam name="T">The type of the trees.</typeparam>
    /// <returns>A tree of the same structure; what is not an expression is taken from the first tree.</returns>
    /// <exception cref="AutodiffException">The structures differ: the message shows the path in both trees.</exception>
    public static T Map2<T>(T first, T second, Func<Expr, Expr, Expr> f)
    {
        if (f is null)
        {
            throw AutodiffException.Null("Tree.Map2", "the function");
        }

        var leaves = Leaves("Tree.Map2", first);
        var others = Counterparts("Tree.Map2", ("the first tree", first), ("the second", second));
        return With(first, [.. leaves.Zip(others, f)]);
    }

    /// <summary>The tree of f(a, b, c) for every three corresponding leaves, as in a step of Adam: parameter, mean and variance.</summary>
    /// <param name="first">A tree.</param>
    /// <param name="second">A tree of the same structure.</param>
    /// <param name="third">A tree of the same structure.</param>
    /// <param name="f">A function of a leaf of the first tree and its counterparts in the others.</param>
    /// <typeparam name="T">The type of the trees.</typeparam>
    /// <returns>A tree of the same structure; what is not an expression is taken from the first tree.</returns>
    /// <exception cref="AutodiffException">The structures differ: the message shows the path in both trees.</exception>
    public static T Map3<T>(T first, T second, T third, Func<Expr, Expr, Expr, Expr> f)
    {
        if (f is null)
        {
            throw AutodiffException.Null("Tree.Map3", "the function");
        }

        var leaves = Leaves("Tree.Map3", first);
        var seconds = Counterparts("Tree.Map3", ("the first tree", first), ("the second", second));
        var thirds = Counterparts("Tree.Map3", ("the first tree", first), ("the third", third));
        return With(first, [.. leaves.Zip(seconds, thirds).Select(three => f(three.First, three.Second, three.Third))]);
    }

    /// <summary>The leaves with their paths, such as <c>Layers[2].Bias</c> or <c>Weights["w"]</c>; the path of a bare expression is empty.</summary>
    /// <param name="tree">The tree.</param>
    /// <typeparam name="T">The type of the tree.</typeparam>
    /// <returns>The leaves in the order of members, items and keys.</returns>
    /// <exception cref="AutodiffException">The tree is null, or a type in it holds expressions where they cannot be replaced.</exception>
    public static IReadOnlyList<(string Path, Expr Leaf)> Flatten<T>(T tree)
    {
        var leaves = Leaves("Tree.Flatten", tree);
        return [.. Paths(tree).Zip(leaves)];
    }

    /// <summary>All elements of all leaves as one vector, and the function back to a tree, as optimisers on vectors need them.</summary>
    /// <param name="tree">The tree.</param>
    /// <typeparam name="T">The type of the tree.</typeparam>
    /// <returns>
    /// The vector of the elements, leaf by leaf in the order of <see cref="Flatten"/>, each in row-major order; and a function
    /// from any vector of its length to a tree like this one. Both can be differentiated through.
    /// </returns>
    /// <exception cref="AutodiffException">The tree is null, or a type in it holds expressions where they cannot be replaced.</exception>
    /// <exception cref="ShapeException">When the function back is called: the vector has another length.</exception>
    public static (Expr Vector, Func<Expr, T> Unravel) Ravel<T>(T tree)
    {
        var leaves = Leaves("Tree.Ravel", tree);
        Shape[] shapes = [.. leaves.Select(leaf => leaf.Shape)];
        var length = new Shape(shapes.Sum(shape => shape.Size));
        var vector = leaves.Length == 0 ? Expr.Zeros(0) : Expr.Concat(Array.ConvertAll(leaves, leaf => Expr.Reshape(leaf, leaf.Shape.Size)));
        return (vector, elements => elements is null ? throw AutodiffException.Null("Tree.Ravel", "the vector")
            : elements.Shape == length ? With(tree, Cut(elements, shapes))
            : throw new ShapeException($"Tree.Ravel: the vector has shape {elements.Shape}, but the tree it is to become has {length} elements in its leaves."));
    }

    /// <summary>The leaves in order.</summary>
    internal static Expr[] Leaves(string operation, object? tree, string name = "the tree")
    {
        if (tree is null)
        {
            throw AutodiffException.Null(operation, name);
        }

        var leaves = new List<Expr>();
        return TryCollect(tree, leaves) ? [.. leaves] : throw Unfitting(operation, tree);
    }

    /// <summary>A tree like the given one, with other leaves in the same order.</summary>
    internal static T With<T>(T tree, Expr[] leaves)
    {
        var next = 0;
        return (T)Replaced(tree, leaves, ref next)!;
    }

    /// <summary>The leaves of another tree that correspond to those of a tree; an error that shows both paths if the structures differ.</summary>
    internal static Expr[] Counterparts(string operation, (string Name, object? Tree) one, (string Name, object? Tree) other)
    {
        if (other.Tree is null)
        {
            throw AutodiffException.Null(operation, other.Name);
        }

        var leaves = new List<Expr>();
        if (TryPair(one.Tree, other.Tree, leaves))
        {
            return [.. leaves];
        }

        var found = Leaves(operation, other.Tree);
        string[] wanted = [.. Paths(one.Tree)];
        string[] given = [.. Paths(other.Tree)];
        var differs = wanted.Zip(given, (left, right) => left == right).TakeWhile(same => same).Count();
        return differs == wanted.Length && differs == given.Length
            ? found
            : throw new AutodiffException($"{operation}: the trees have different structures: {one.Name} has {LeafAt(wanted, differs)} where {other.Name} has {LeafAt(given, differs)}.");
    }

    /// <summary>Whether two trees differ only in their leaves. Everything else in them is compared by its <see cref="object.Equals(object?)"/>.</summary>
    internal static bool AreAlike(object? tree, object? other)
    {
        if (tree is null || other is null || tree is Expr || other is Expr)
        {
            return (tree is null && other is null) || (tree is Expr && other is Expr);
        }

        if (tree.GetType() != other.GetType())
        {
            return false;
        }

        var structure = Structure.Of(tree);
        var (parts, others) = (structure.Parts(tree), structure.Parts(other));
        var areAlike = parts.Length == others.Length && structure.Rest(tree).SequenceEqual(structure.Rest(other)) && RuntimeHelpers.TryEnsureSufficientExecutionStack();
        for (var i = 0; i < parts.Length && areAlike; i++)
        {
            areAlike = (!structure.HasKeys || structure.Step(tree, i) == structure.Step(other, i)) && AreAlike(parts[i], others[i]);
        }

        return areAlike;
    }

    /// <summary>What a tree holds beside its leaves.</summary>
    internal static IEnumerable<object?> Rest(object? tree)
    {
        if (tree is null or Expr)
        {
            return [];
        }

        var structure = Structure.Of(tree);
        return [.. structure.Rest(tree), .. structure.Parts(tree).SelectMany(Rest)];
    }

    /// <summary>The path of the i-th leaf.</summary>
    internal static string PathOf(object? tree, int leaf) => Paths(tree)[leaf];

    /// <summary>The error of an operation that is given a tree without leaves.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="where">What the tree is, as in "in this Line to differentiate with respect to".</param>
    /// <param name="tree">The tree.</param>
    /// <param name="isResult">Whether a function returned it.</param>
    internal static AutodiffException NoLeaves(string operation, string where, object tree, bool isResult = false) =>
        new($"{operation}: there is no Expr {where}. {TreeFaults.NoLeaves(tree, isResult)}".TrimEnd());

    private static string LeafAt(string[] paths, int index) =>
        index < paths.Length ? $"a leaf at {(paths[index].Length == 0 ? "its root" : paths[index])}"
        : paths.Length == 0 ? "no leaves"
        : $"no more leaves after {paths[^1]}";

    private static bool TryCollect(object? tree, List<Expr> leaves)
    {
        switch (tree)
        {
            case null:
                return true;
            case Expr leaf:
                leaves.Add(leaf);
                return true;
            default:
                var structure = Structure.Of(tree);
                var isFit = structure is not Unfit && RuntimeHelpers.TryEnsureSufficientExecutionStack();
                foreach (var part in structure.Parts(tree))
                {
                    isFit = isFit && TryCollect(part, leaves);
                }

                return isFit;
        }
    }

    private static bool TryPair(object? tree, object? other, List<Expr> leaves)
    {
        if (tree is null || other is null || tree is Expr || other is Expr)
        {
            if (other is Expr leaf)
            {
                leaves.Add(leaf);
            }

            return (tree is null && other is null) || (tree is Expr && other is Expr);
        }

        var structure = Structure.Of(tree);
        var counterpart = Structure.Of(other);
        var parts = structure.Parts(tree);
        var others = counterpart.Parts(other);
        if (parts.Length != others.Length || counterpart is Unfit)
        {
            return false;
        }

        var alike = structure == counterpart && !structure.HasKeys;
        for (var i = 0; i < parts.Length; i++)
        {
            if ((!alike && structure.Step(tree, i) != counterpart.Step(other, i)) || !TryPair(parts[i], others[i], leaves))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A tree with other leaves. A part that holds no leaf is kept as it is.</summary>
    private static object? Replaced(object? tree, Expr[] leaves, ref int next)
    {
        switch (tree)
        {
            case null:
                return null;
            case Expr:
                return leaves[next++];
            default:
                var structure = Structure.Of(tree);
                var parts = structure.Parts(tree);
                var before = next;
                for (var i = 0; i < parts.Length; i++)
                {
                    parts[i] = Replaced(parts[i], leaves, ref next);
                }

                return next == before ? tree : structure.With(tree, parts);
        }
    }

    private static Expr[] Cut(Expr elements, Shape[] shapes)
    {
        var start = 0;
        return Array.ConvertAll(shapes, shape =>
        {
            var from = start;
            start += shape.Size;
            return shape.Rank == 0 ? elements[from] : Expr.Reshape(elements[from..start], shape);
        });
    }

    private static AutodiffException Unfitting(string operation, object tree)
    {
        var (node, path, fault) = Walk(tree, null)!.Value;
        var at = path.Length == 0 ? "" : path.Length <= LongestPath ? $" at {path}" : $" at {path[..LongestPath]}…";
        return new AutodiffException($"{operation}: {node.GetType()}{at} {fault}");
    }

    private static List<string> Paths(object? tree)
    {
        var paths = new List<string>();
        Walk(tree, paths.Add);
        return paths;
    }

    /// <summary>Calls a function with the path of each leaf. Stops at the first value that cannot be a part of a tree, and returns what is wrong with it.</summary>
    private static (object Node, string Path, string Fault)? Walk(object? tree, Action<string>? onLeaf)
    {
        var owners = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var steps = new List<string>();
        return Visit(tree);

        string Path() => string.Concat(steps).TrimStart('.');

        (object, string, string)? Visit(object? node)
        {
            switch (node)
            {
                case null:
                    return null;
                case Expr:
                    onLeaf?.Invoke(Path());
                    return null;
                default:
                    var structure = Structure.Of(node);
                    var fault = structure is Unfit
                        ? $"keeps expressions where they cannot be replaced. {TreeFaults.Unfit(node.GetType())}"
                        : owners.Contains(node) ? "contains itself, so there is no end of leaves. Refer back by an index or a name."
                        : RuntimeHelpers.TryEnsureSufficientExecutionStack() ? null
                        : "lies deeper than the stack reaches. Keep a long chain as a list.";
                    var found = fault is null ? default((object, string, string)?) : (node, Path(), fault);
                    var parts = fault is null ? structure.Parts(node) : [];
                    owners.Add(node);
                    for (var i = 0; i < parts.Length && found is null; i++)
                    {
                        steps.Add(structure.Step(node, i));
                        found = Visit(parts[i]);
                        steps.RemoveAt(steps.Count - 1);
                    }

                    owners.Remove(node);
                    return found;
            }
        }
    }
}
