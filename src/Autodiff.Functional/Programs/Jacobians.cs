// Jacobians of a recorded trace. One sweep along a symbolic direction is recorded and batched over all unit directions.

using Autodiff.Functional.Primitives;
using Autodiff.Functional.Sweeps;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Programs;

internal static class Jacobians
{
    // The fewest directions for which one batched sweep is made; below that each direction has its own sweep, because a batched sweep
    // first has to build expressions.
    private const int FewestAtOnce = 8;

    /// <summary>The Jacobian of a function at a point, by forward mode. Its shape is the output shape followed by the input shape.</summary>
    public static Expr Forward(string operation, Func<Expr, Expr> f, Expr x) => ByColumns(new(operation, [x], v => f(v[0])))[0];

    /// <summary>The Jacobians with respect to each argument of a trace, by whichever mode needs fewer sweeps.</summary>
    public static Expr[] ByFewerSweeps(Trace trace) =>
        trace.Leaves.Sum(leaf => leaf.Shape.Size) < trace.Result.Shape.Size ? ByColumns(trace) : ByRows(trace);

    public static Expr[] ByRows(Trace trace) => ByRows(trace, 0);

    public static Expr[] ByColumns(Trace trace) => [.. trace.Leaves.Select((leaf, argument) =>
    {
        var tangents = new Sensitivity?[trace.Leaves.Length];
        var columns = AlongBasis(trace, leaf.Shape, [trace.Result.Shape], flow =>
        {
            tangents[argument] = flow;
            return [trace.Push(tangents)];
        })[0];
        return OfColumns(columns, trace.Result, leaf);
    })];

    /// <summary>For each result of a trace, the Jacobians with respect to each argument, by whichever mode needs fewer sweeps.</summary>
    public static Expr[][] OfAllByFewerSweeps(Trace trace) =>
        trace.Leaves.Sum(leaf => leaf.Shape.Size) < trace.Results.Sum(result => result.Shape.Size)
            ? OfAllByColumns(trace)
            : [.. trace.Results.Select((_, result) => ByRows(trace, result))];

    /// <summary>For each result of a trace, the Jacobians with respect to each argument, by forward mode.</summary>
    public static Expr[][] OfAllByColumns(Trace trace)
    {
        var jacobians = Array.ConvertAll(trace.Results, _ => new Expr[trace.Leaves.Length]);
        for (var argument = 0; argument < trace.Leaves.Length; argument++)
        {
            var (leaf, place) = (trace.Leaves[argument], argument);
            var columns = AlongBasis(trace, leaf.Shape, Array.ConvertAll(trace.Results, result => result.Shape), flow =>
            {
                var tangents = new Sensitivity?[trace.Leaves.Length];
                tangents[place] = flow;
                return trace.PushAll(tangents);
            });
            for (var result = 0; result < columns.Length; result++)
            {
                jacobians[result][argument] = OfColumns(columns[result], trace.Results[result], leaf);
            }
        }

        return jacobians;
    }

    private static Expr[] ByRows(Trace trace, int result)
    {
        var output = trace.Results[result].Shape;
        var rows = AlongBasis(trace, output, Array.ConvertAll(trace.Leaves, leaf => leaf.Shape), flow =>
        {
            var seeds = new Sensitivity?[trace.Results.Length];
            seeds[result] = flow;
            return trace.Pull(seeds);
        });
        return [.. trace.Leaves.Zip(rows, (leaf, stack) => Reshape(stack, output.Concat(leaf.Shape)))];
    }

    private static Expr OfColumns(Expr columns, Expr result, Expr leaf) =>
        Reshape(Batching.MovedAxis(columns, 0, columns.Rank - 1), result.Shape.Concat(leaf.Shape));

    /// <summary>Σᵢ eᵢ·J·eᵢ, the sum of the diagonal elements of J, for a trace whose result has the shape of its argument.</summary>
    public static Expr DiagonalSum(Trace trace, Shape shape) =>
        Trace(Reshape(AlongBasis(trace, shape, [shape], flow => [trace.Push(flow)])[0], shape.Size, shape.Size));

    /// <summary>
    /// The results of a sweep along every unit direction, stacked: by one batched sweep over all directions, several batched sweeps if
    /// the intermediate tensors are large, or one sweep for each direction if there are few.
    /// </summary>
    /// <param name="trace">The trace that is swept.</param>
    /// <param name="shape">The shape of a direction.</param>
    /// <param name="results">The shapes of the results of a sweep.</param>
    /// <param name="sweep">From a direction to those results.</param>
    private static Expr[] AlongBasis(Trace trace, Shape shape, Shape[] results, Func<Sensitivity, Expr[]> sweep)
    {
        if (shape.Size == 0)
        {
            return Array.ConvertAll(results, result => Zeros([0, .. result.Lengths]));
        }

        if (shape.Size < FewestAtOnce)
        {
            return OneByOne(shape, sweep);
        }

        // The zeros of a unit direction are structural, which matters where a derivative is infinite (0·∞ is NaN). On numbers the batched
        // sweep leaves out the mask: a non-finite result shows that it may matter, and then the directions are swept one by one with their
        // masks. A trace that is not numeric carries the mask along.
        Expr[] leaves = trace.IsNumeric ? [Parameter(shape)] : [Parameter(shape), Parameter(shape)];
        var (computations, captured) = Computation.Close("Jacobian", leaves, sweep(new(leaves[0], leaves.ElementAtOrDefault(1))));
        var atOnce = Batching.AtOnce(computations[0], shape.Size);
        var identity = Reshape(Eye(shape.Size), [shape.Size, .. shape.Lengths]);
        var chunks = new List<Expr[]>();
        for (var start = 0; start < shape.Size; start += atOnce)
        {
            var directions = identity[start..Math.Min(start + atOnce, shape.Size)];
            var batching = new Batching(directions.Shape[0]);
            Batched[] arguments = [.. leaves.Select(_ => Batched.Each(directions)), .. captured.Select(Batched.Same)];
            chunks.Add(Array.ConvertAll(batching.Run(computations[0], arguments), column => column.ForEach(directions.Shape[0])));
        }

        Expr[] stacks = [.. Enumerable.Range(0, chunks[0].Length).Select(i => Concat([.. chunks.Select(chunk => chunk[i])]))];
        return trace.IsNumeric && !Array.TrueForAll(stacks, stack => stack.Storage.IsFinite) ? OneByOne(shape, sweep) : stacks;
    }

    private static Expr[] OneByOne(Shape shape, Func<Sensitivity, Expr[]> sweep)
    {
        var slices = new Expr[shape.Size][];
        for (var i = 0; i < slices.Length; i++)
        {
            slices[i] = sweep(Basis(shape, i));
        }

        return [.. Enumerable.Range(0, slices[0].Length).Select(i => Stack([.. slices.Select(slice => slice[i])]))];
    }

    /// <summary>
    /// The i-th unit direction. Its zeros are structural, since those elements do not change at all: so a column of a Jacobian is right
    /// even if the derivative with respect to another element is ∞.
    /// </summary>
    private static Sensitivity Basis(Shape shape, int i)
    {
        var elements = new double[shape.Size];
        elements[i] = 1;
        var unit = Constant(elements, shape);
        return new(unit, shape.Size == 1 ? null : unit);
    }
}
