// Batching as a transform (Vmap): a function of one sample becomes a function of a stack of samples.

using System.Runtime.CompilerServices;
using Autodiff.Functional.Primitives;
using Autodiff.Functional.Programs;
using static Autodiff.Functional.Expr;
using static Autodiff.Functional.Transforms.Arguments;

namespace Autodiff.Functional;

public static partial class AD
{
    /// <summary>
    /// X ↦ the stack of f(x) over the slices x of X along an axis, computed for all slices at once. The function is run once, on
    /// a symbolic sample; what does not depend on the sample is computed once.
    /// </summary>
    /// <param name="f">A function of one sample, of any shapes. It chooses by <see cref="Expr.Where"/> and <see cref="Cond{T}"/>, not by <c>if</c>.</param>
    /// <param name="inAxes">The axis that samples lie along, −1 for the last; null for an argument that all samples share.</param>
    /// <param name="outAxes">The axis that results are stacked along, −1 for the last.</param>
    /// <exception cref="ShapeException">When called: there is no such axis, or the batches differ in size.</exception>
    /// <exception cref="NotConcreteException">When called: f asks the sample for its value.</exception>
    [OverloadResolutionPriority(1)]
    public static Func<Expr, Expr> Vmap(Func<Expr, Expr> f, int? inAxes = 0, int outAxes = 0)
    {
        NotNull("Vmap", f);
        return x => Mapped([inAxes], [x], outAxes, v => f(v[0]));
    }

    /// <summary>(X, Y) ↦ the stack of f(x, y): see <see cref="Vmap(Func{Expr, Expr}, int?, int)"/>.</summary>
    /// <param name="f">A function of one sample, of any shapes.</param>
    /// <param name="inAxes">For each argument the axis that samples lie along, or null if all samples share it; axis 0 of both if left out.</param>
    /// <param name="outAxes">The axis that results are stacked along, −1 for the last.</param>
    /// <exception cref="ShapeException">When called: there is no such axis, or the batches differ in size.</exception>
    /// <exception cref="NotConcreteException">When called: f asks a sample for its value.</exception>
    [OverloadResolutionPriority(1)]
    public static Func<Expr, Expr, Expr> Vmap(Func<Expr, Expr, Expr> f, (int?, int?)? inAxes = null, int outAxes = 0)
    {
        NotNull("Vmap", f);
        var (a, b) = inAxes ?? (0, 0);
        return (x, y) => Mapped([a, b], [x, y], outAxes, v => f(v[0], v[1]));
    }

    /// <summary>(X, Y, Z) ↦ the stack of f(x, y, z): see <see cref="Vmap(Func{Expr, Expr}, int?, int)"/>.</summary>
    /// <param name="f">A function of one sample, of any shapes.</param>
    /// <param name="inAxes">For each argument the axis that samples lie along, or null if all samples share it; axis 0 of all if left out.</param>
    /// <param name="outAxes">The axis that results are stacked along, −1 for the last.</param>
    /// <exception cref="ShapeException">When called: there is no such axis, or the batches differ in size.</exception>
    /// <exception cref="NotConcreteException">When called: f asks a sample for its value.</exception>
    [OverloadResolutionPriority(1)]
    public static Func<Expr, Expr, Expr, Expr> Vmap(Func<Expr, Expr, Expr, Expr> f, (int?, int?, int?)? inAxes = null, int outAxes = 0)
    {
        NotNull("Vmap", f);
        var (a, b, c) = inAxes ?? (0, 0, 0);
        return (x, y, z) => Mapped([a, b, c], [x, y, z], outAxes, v => f(v[0], v[1], v[2]));
    }

    /// <summary>(X, Y, Z, W) ↦ the stack of f(x, y, z, w): see <see cref="Vmap(Func{Expr, Expr}, int?, int)"/>.</summary>
    /// <param name="f">A function of one sample, of any shapes.</param>
    /// <param name="inAxes">For each argument the axis that samples lie along, or null if all samples share it; axis 0 of all if left out.</param>
    /// <param name="outAxes">The axis that results are stacked along, −1 for the last.</param>
    /// <exception cref="ShapeException">When called: there is no such axis, or the batches differ in size.</exception>
    /// <exception cref="NotConcreteException">When called: f asks a sample for its value.</exception>
    [OverloadResolutionPriority(1)]
    public static Func<Expr, Expr, Expr, Expr, Expr> Vmap(Func<Expr, Expr, Expr, Expr, Expr> f, (int?, int?, int?, int?)? inAxes = null, int outAxes = 0)
    {
        NotNull("Vmap", f);
        var (a, b, c, d) = inAxes ?? (0, 0, 0, 0);
        return (x, y, z, w) => Mapped([a, b, c, d], [x, y, z, w], outAxes, v => f(v[0], v[1], v[2], v[3]));
    }

    /// <summary>The stack of f over trees: every expression of the argument holds samples along one axis, and so does every expression of the result.</summary>
    /// <param name="f">A function from a tree (see <see cref="Tree"/>) that holds one sample to a tree of results.</param>
    /// <param name="inAxes">The axis that samples lie along in every expression of the argument, −1 for the last; null if all samples share it.</param>
    /// <param name="outAxes">The axis that results are stacked along, −1 for the last.</param>
    /// <typeparam name="T">The type of the argument.</typeparam>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <exception cref="ShapeException">When called: there is no such axis, or the batches differ in size.</exception>
    /// <exception cref="NotConcreteException">When called: f asks a sample for its value.</exception>
    public static Func<T, TResult> Vmap<T, TResult>(Func<T, TResult> f, int? inAxes = 0, int outAxes = 0)
    {
        NotNull("Vmap", f);
        return x => Mapped([.. Axes("Vmap", x, inAxes)], Tree.Leaves("Vmap", x), outAxes, leaves => f(Tree.With(x, leaves)));
    }

    /// <summary>The stack of f over trees in which each expression of the argument has an axis of its own that samples lie along, or is shared by all samples.</summary>
    /// <example>
    /// <code>
    /// Vmap(((Expr Weights, Expr Input) p) => MatMul(p.Weights, p.Input), inAxes: [null, 0]) // the same weights for every input
    /// </code>
    /// </example>
    /// <param name="f">A function from a tree (see <see cref="Tree"/>) that holds one sample to a tree of results.</param>
    /// <param name="inAxes">For each expression of the argument, in the order of <see cref="Tree.Flatten"/>, the axis that samples lie along, −1 for the last; null if all samples share it.</param>
    /// <param name="outAxes">The axis that results are stacked along, −1 for the last.</param>
    /// <typeparam name="T">The type of the argument.</typeparam>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <exception cref="AutodiffException">When called: there is not one axis for each expression of the argument.</exception>
    /// <exception cref="ShapeException">When called: there is no such axis, or the batches differ in size.</exception>
    /// <exception cref="NotConcreteException">When called: f asks a sample for its value.</exception>
    [OverloadResolutionPriority(-1)]
    public static Func<T, TResult> Vmap<T, TResult>(Func<T, TResult> f, IReadOnlyList<int?> inAxes, int outAxes = 0)
    {
        NotNull("Vmap", f);
        int?[] axes = inAxes is null ? throw AutodiffException.Null("Vmap", "inAxes") : [.. inAxes];
        return x =>
        {
            var leaves = Tree.Leaves("Vmap", x);
            return axes.Length == leaves.Length
                ? Mapped(axes, leaves, outAxes, v => f(Tree.With(x, v)))
                : throw new AutodiffException($"Vmap: inAxes has {axes.Length} axes, but the argument has {leaves.Length} expressions ({PathsOf(x)}); give one axis, or null, for each.");
        };
    }

    /// <summary>The stack of f over two trees, such as parameters that all samples share and samples.</summary>
    /// <param name="f">A function of two trees (see <see cref="Tree"/>) to a tree of results.</param>
    /// <param name="inAxes">For each argument the axis that samples lie along in all its expressions, or null if all samples share it; axis 0 of both if left out.</param>
    /// <param name="outAxes">The axis that results are stacked along, −1 for the last.</param>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second.</typeparam>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <exception cref="ShapeException">When called: there is no such axis, or the batches differ in size.</exception>
    /// <exception cref="NotConcreteException">When called: f asks a sample for its value.</exception>
    public static Func<T1, T2, TResult> Vmap<T1, T2, TResult>(Func<T1, T2, TResult> f, (int?, int?)? inAxes = null, int outAxes = 0)
    {
        NotNull("Vmap", f);
        var (a, b) = inAxes ?? (0, 0);
        return (x, y) => Mapped(
            [.. Axes("Vmap", x, a), .. Axes("Vmap", y, b)],
            [.. Tree.Leaves("Vmap", x), .. Tree.Leaves("Vmap", y)],
            outAxes,
            leaves => Tree.With((x, y), leaves) is var (first, second) ? f(first, second) : default!);
    }

    /// <summary>The stack of f over three trees.</summary>
    /// <param name="f">A function of three trees (see <see cref="Tree"/>) to a tree of results.</param>
    /// <param name="inAxes">For each argument the axis that samples lie along in all its expressions, or null if all samples share it; axis 0 of all if left out.</param>
    /// <param name="outAxes">The axis that results are stacked along, −1 for the last.</param>
    /// <typeparam name="T1">The type of the first argument.</typeparam>
    /// <typeparam name="T2">The type of the second.</typeparam>
    /// <typeparam name="T3">The type of the third.</typeparam>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <exception cref="ShapeException">When called: there is no such axis, or the batches differ in size.</exception>
    /// <exception cref="NotConcreteException">When called: f asks a sample for its value.</exception>
    public static Func<T1, T2, T3, TResult> Vmap<T1, T2, T3, TResult>(Func<T1, T2, T3, TResult> f, (int?, int?, int?)? inAxes = null, int outAxes = 0)
    {
        NotNull("Vmap", f);
        var (a, b, c) = inAxes ?? (0, 0, 0);
        return (x, y, z) => Mapped(
            [.. Axes("Vmap", x, a), .. Axes("Vmap", y, b), .. Axes("Vmap", z, c)],
            [.. Tree.Leaves("Vmap", x), .. Tree.Leaves("Vmap", y), .. Tree.Leaves("Vmap", z)],
            outAxes,
            leaves => Tree.With((x, y, z), leaves) is var (first, second, third) ? f(first, second, third) : default!);
    }

    /// <summary>The first paths of the expressions of a tree, for messages.</summary>
    private static string PathsOf<T>(T tree)
    {
        const int shown = 6;
        var paths = Tree.Flatten(tree).Select(leaf => leaf.Path.Length == 0 ? "the argument itself" : leaf.Path).ToArray();
        return string.Join(", ", paths.Take(shown)) + (paths.Length > shown ? ", …" : "");
    }

    private static IEnumerable<int?> Axes<T>(string operation, T tree, int? axis) => Tree.Leaves(operation, tree).Select(_ => axis);

    private static TResult Mapped<TResult>(int?[] inAxes, Expr[] arguments, int outAxis, Func<Expr[], TResult> f)
    {
        int? size = null;
        var first = 0;
        var samples = new Expr[arguments.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            var argument = arguments[i] ?? throw AutodiffException.Null("Vmap", "the argument");
            if (inAxes[i] is not { } axis)
            {
                continue;
            }

            samples[i] = Batching.MovedAxis(argument, AxisOf(argument.Shape, axis, "inAxes", "an argument", ", or null if all samples share the argument"), 0);
            if (size is { } known && known != samples[i].Shape[0])
            {
                throw new ShapeException(
                    $"Vmap: by inAxes, an argument of shape {arguments[first].Shape} holds {known} samples along axis {inAxes[first]}, but one of shape {argument.Shape} " +
                    $"holds {samples[i].Shape[0]} along axis {axis}; all batches must be of one size. Give null for an argument that all samples share.");
            }

            (size, first) = size is null ? (samples[i].Shape[0], i) : (size, first);
        }

        if (size is not { } count)
        {
            throw new ShapeException("Vmap: no argument has a batch axis, so the size of the batch is unknown; give inAxes an axis for at least one.");
        }

        var parameters = new List<Expr>();
        var given = new Expr[arguments.Length];
        for (var i = 0; i < given.Length; i++)
        {
            given[i] = samples[i] is { } batch ? Parameter(new Shape(batch.Shape.Lengths[1..])) : arguments[i];
            if (samples[i] is not null)
            {
                parameters.Add(given[i]);
            }
        }

        var result = f(given);
        if (result is null)
        {
            throw AutodiffException.Null("Vmap", "the function's result");
        }

        var (computations, captured) = Computation.Close("Vmap", [.. parameters], Tree.Leaves("Vmap", result));
        var batching = new Batching(count);
        Batched[] operands = [.. samples.Where(sample => sample is not null).Select(Batched.Each), .. captured.Select(Batched.Same)];
        return Tree.With(result, Array.ConvertAll(batching.Run(computations[0], operands), output => Placed(output.ForEach(count), outAxis)));
    }

    /// <summary>The results with the batch axis at the position that the caller asks for.</summary>
    private static Expr Placed(Expr stacked, int outAxis) => Batching.MovedAxis(stacked, 0, AxisOf(stacked.Shape, outAxis, "outAxes", "a batch of results", ""));

    private static int AxisOf(Shape shape, int axis, string parameter, string tensor, string alternative)
    {
        var fromStart = axis < 0 ? axis + shape.Rank : axis;
        return fromStart >= 0 && fromStart < shape.Rank ? fromStart : throw new ShapeException(shape.Rank == 0
            ? $"Vmap: {parameter} is {axis}, but {tensor} is a scalar, which has no axis for samples to lie along; give it one{alternative}."
            : $"Vmap: {parameter} is {axis}, an axis that {tensor} of shape {shape} does not have; use 0 to {shape.Rank - 1}, or -{shape.Rank} to -1 counted from the end{alternative}.");
    }
}
