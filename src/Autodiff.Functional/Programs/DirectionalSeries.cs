// Derivatives of a function along several directions at once: of each, or a weighted sum over all without computing that of each.

using Autodiff.Functional.Primitives;
using Autodiff.Functional.Sweeps;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Programs;

/// <summary>Coefficients of t ↦ f(x + t·vᵣ) for directions vᵣ that are stacked along a leading axis, where f is traced at x.</summary>
/// <remarks>
/// The zeros of a direction are structural, which matters where a derivative is infinite (0·∞ is NaN). On numbers the masks are left out at first; a
/// result that is not finite shows that they may matter.
/// </remarks>
/// <param name="operation">The operation that the user called, for errors.</param>
/// <param name="trace">f, traced at x.</param>
/// <param name="directions">The directions.</param>
internal sealed class DirectionalSeries(string operation, Trace trace, Expr directions)
{
    private readonly Shape _shape = new(directions.Shape.Lengths[1..]);

    private int Count => directions.Shape[0];

    /// <summary>The coefficient of an order along each direction, stacked along a leading axis.</summary>
    public Expr Each(int order) => Unmasked(trace.IsNumeric && directions.IsConcrete, isMasked =>
    {
        var leaves = Leaves(isMasked);
        var coefficient = order == 0 ? trace.Value : trace.Expand([Line(leaves, order)], order)[0][order];
        var chunks = Chunks(leaves, [coefficient]).Select(chunk => chunk.Results[0].ForEach(chunk.Count)).ToArray();
        return chunks.Length == 0 ? Zeros([0, .. trace.Result.Shape.Lengths]) : Concat(chunks);
    });

    /// <summary>The sum over all directions of the coefficient of an order along each, with weights.</summary>
    public Expr Sum(Expr weights, int order) => order switch
    {
        0 => Expr.Sum(weights) * trace.Value,
        1 => trace.Push(Sensitivity.Of(Weighted(weights, directions), Expr.Sum(Abs(directions), 0) > 0)),
        _ => Unmasked(trace.IsNumeric && directions.IsConcrete && weights.IsConcrete, isMasked => Collapsed(weights, order, isMasked)),
    };

    private static Expr Unmasked(bool onNumbers, Func<bool, Expr> compute) =>
        onNumbers && compute(false) is var result && result.Storage.IsFinite ? result : compute(true);

    /// <summary>
    /// The sum is taken before the highest coefficients are pushed on: see <see cref="Trace.Collapse"/>.
    /// </summary>
    private Expr Collapsed(Expr weights, int order, bool isMasked)
    {
        var leaves = Leaves(isMasked);
        return trace.Collapse(Line(leaves, order)[0]!.Value, order, sources =>
        {
            Sensitivity[] some = [.. sources.OfType<Sensitivity>()];
            Expr[]? sums = null;
            foreach (var chunk in Chunks(leaves, [.. some.SelectMany(source => source.Live is { } live ? (Expr[])[source.Value, live] : [source.Value])]))
            {
                var by = weights[chunk.Start..(chunk.Start + chunk.Count)];
                var next = 0;
                Expr[] own = [.. some.SelectMany(source =>
                {
                    var value = Weighted(by, chunk.Results[next++]);
                    return source.Live is null ? (Expr[])[value] : [value, Any(chunk.Results[next++])];
                })];
                sums = sums is null ? own : [.. sums.Zip(own, (left, right) => left + right)];
            }

            var part = 0;
            return Array.ConvertAll(sources, source => source is not { } own || sums is null ? null
                : own.Live is null ? new Sensitivity(sums[part++], null)
                : Sensitivity.Of(sums[part++], sums[part++] > 0));
        });
    }

    /// <summary>A symbol for one direction, and for the mask of its structural zeros if there is one.</summary>
    private Expr[] Leaves(bool isMasked) => isMasked ? [Parameter(_shape), Parameter(_shape)] : [Parameter(_shape)];

    private static Sensitivity?[] Line(Expr[] leaves, int order)
    {
        var curve = new Sensitivity?[order];
        curve[0] = new Sensitivity(leaves[0], leaves.ElementAtOrDefault(1));
        return curve;
    }

    /// <summary>Tensors that depend on the symbol of a direction, for all directions: in batches of so many that no tensor of a batch is too large.</summary>
    private IEnumerable<(int Start, int Count, Batched[] Results)> Chunks(Expr[] leaves, Expr[] tensors)
    {
        if (tensors.Length == 0)
        {
            yield break;
        }

        var (computations, captured) = Computation.Close(operation, leaves, tensors);
        var atOnce = Batching.AtOnce(computations[0], Count);
        for (var start = 0; start < Count; start += atOnce)
        {
            var along = directions[start..Math.Min(start + atOnce, Count)];
            Batched[] arguments = [.. leaves.Select((_, i) => Batched.Each(i == 0 ? along : Abs(along) > 0)), .. captured.Select(Batched.Same)];
            yield return (start, along.Shape[0], new Batching(along.Shape[0]).Run(computations[0], arguments));
        }
    }

    private static Expr Weighted(Expr weights, Batched stack) => stack.IsBatched ? Weighted(weights, stack.Value) : Expr.Sum(weights) * stack.Value;

    /// <summary>Σ wᵣ xᵣ for tensors xᵣ that are stacked along a leading axis.</summary>
    private static Expr Weighted(Expr weights, Expr stack) => Uniform(weights) is { } weight
        ? weight == 1 ? Expr.Sum(stack, 0) : weight * Expr.Sum(stack, 0)
        : Einsum("r,r...->...", weights, stack);

    /// <summary>The number that all weights are; null if they differ, or have no value.</summary>
    private static double? Uniform(Expr weights) =>
        weights is { Op: Op.Constant, Storage: var numbers } && numbers.Shape.Size > 0 && !numbers.Span.ContainsAnyExcept(numbers[0]) ? numbers[0] : null;

    private static Expr Any(Batched live) => live.IsBatched ? Expr.Sum(Abs(live.Value), 0) : Abs(live.Value);
}
