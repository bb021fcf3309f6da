// Random bits, a function of keys.

using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;

namespace Autodiff.Functional.Primitives;

/// <summary>
/// The first random numbers of each key along the last axis: uniform between 0 and 1, never either, or words of 32 bits, as whole numbers. Keys are whole numbers, so nothing is
/// differentiated in them.
/// </summary>
internal sealed record RandomBitsPrimitive(int Count, bool AreWords) : PositionPrimitive
{
    public override Op Op => Op.RandomBits;

    public static Reader Reader { get; } = new("randombits", call => Read(call.Operand("the key"), call.Integer("count") ?? 1, call.Flag("words")));

    public override Spelling Spelling => new("randombits");

    /// <summary>What is no key is an error.</summary>
    public override bool MayFail => true;

    /// <summary>The node, over keys that have been checked.</summary>
    public static Expr Of(Expr keys, int count, bool areWords = false) =>
        Expr.Make(new RandomBitsPrimitive(count, areWords), Shape.Of([.. keys.Shape.Lengths[..^1], count], "Rng"), [keys]);

    /// <summary>The node of a text or a document, of which nothing is known yet.</summary>
    public static Expr Read(Expr keys, int count, bool areWords) => keys.Rank > 0 && keys.Shape[^1] == 2 && count >= 0 ? Of(keys, count, areWords)
        : throw new ShapeException($"RandomBits: shape {keys.Shape} is not that of keys, (…, 2), or the count {count} is negative.");

    public override RoutineCall Call(Shape shape, ReadOnlySpan<Shape> operands) => new(Numerics.Threefry.Bits, [Count, AreWords ? 1 : 0]);

    public override Expr Batch(Expr node, Batched[] operands, int size) => Of(operands[0].Value, Count, AreWords);

    public override int[] AxesOf(Expr node, int operand)
    {
        int[] map = [.. Enumerable.Range(0, node.Rank)];
        map[^1] = AxisMap.None;
        return map;
    }

    public override IEnumerable<(string Label, string Text)> Attributes(Expr node) => AreWords ? [("count", $"{Count}"), ("words", "true")] : [("count", $"{Count}")];
}
