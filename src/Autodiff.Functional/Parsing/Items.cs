// Several values in brackets or parentheses, before it is known what they are for.

using Autodiff.Functional.Evaluation;

namespace Autodiff.Functional.Parsing;

/// <summary>Values in brackets, which are a tensor, a list of tensors, positions or an indexer; or in parentheses, which are results or a shape.</summary>
/// <param name="Values">Expressions; in an indexer also slices, and items for positions.</param>
/// <param name="IsTuple">Whether they are in parentheses.</param>
internal sealed record Items(object[] Values, bool IsTuple)
{
    /// <summary>The values as one tensor, whose first axis goes over them.</summary>
    public Expr Stacked()
    {
        if (Values.Length == 0)
        {
            return Expr.Zeros(0);
        }

        var parts = Array.ConvertAll(Values, value => value as Expr ?? throw new AutodiffException("a range stands only in an indexer."));
        var shape = parts[0].Shape;
        if (!Array.TrueForAll(parts, part => part.Op == Op.Constant && part.Shape == shape))
        {
            return Expr.Stack(parts);
        }

        var whole = Shape.Of([parts.Length, .. shape.Lengths]);
        var storage = Storage.Uninitialized(whole, out var elements);
        for (var i = 0; i < parts.Length; i++)
        {
            parts[i].Storage.Span.CopyTo(elements[(i * shape.Size)..]);
        }

        return Expr.Constant(storage);
    }
}

/// <summary>A part with the index of its place in brackets, as in scatter((5), [2]: x).</summary>
internal sealed record Placed(Items Place, Expr Part);

/// <summary>A function that is not read yet.</summary>
/// <param name="Node">The part of the formula.</param>
internal sealed record Unapplied(int Node);
