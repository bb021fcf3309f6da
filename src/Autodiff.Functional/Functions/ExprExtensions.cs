// Sequences of expressions: sums, products, extremes and means over the items, and the items joined to one tensor.

namespace Autodiff.Functional;

/// <summary>
/// The functions of <see cref="Expr"/> as members of their first argument, so that <c>x.Exp().Sum(axis: 0)</c> is <c>Sum(Exp(x), axis: 0)</c>; and functions of sequences
/// of expressions.
/// </summary>
public static partial class ExprExtensions
{
    /// <param name="items">The expressions.</param>
    extension(IEnumerable<Expr> items)
    {
        /// <summary>The elementwise sum of the items, added in order; 0 if there are none. Shapes broadcast.</summary>
        /// <exception cref="AutodiffException">The sequence or an item is null.</exception>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        public Expr Sum() => Items("Sum", items) is [var first, .. var others] ? Expr.Sum(first, others.AsSpan()) : 0;

        /// <summary>The elementwise product of the items, multiplied in order; 1 if there are none. Shapes broadcast.</summary>
        /// <exception cref="AutodiffException">The sequence or an item is null.</exception>
        /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
        public Expr Prod() => Items("Prod", items) is { Length: > 0 } given ? given.Aggregate((product, item) => product * item) : 1;

        /// <summary>The elementwise mean of the items. Shapes broadcast.</summary>
        /// <exception cref="AutodiffException">The sequence or an item is null.</exception>
        /// <exception cref="ShapeException">There is no item, or the shapes do not broadcast.</exception>
        public Expr Mean()
        {
            var given = AtLeastOne("Mean", items);
            return given.Sum() / given.Length;
        }

        /// <summary>The elementwise maximum of the items; NaN where one is. Tied elements share the derivative equally. Shapes broadcast.</summary>
        /// <exception cref="AutodiffException">The sequence or an item is null.</exception>
        /// <exception cref="ShapeException">There is no item, or the shapes do not broadcast.</exception>
        public Expr Max()
        {
            var given = AtLeastOne("Max", items);
            return given is [var a, var b, .. var more] ? Expr.Max(a, b, more) : given[0];
        }

        /// <summary>The elementwise minimum of the items; NaN where one is. Tied elements share the derivative equally. Shapes broadcast.</summary>
        /// <exception cref="AutodiffException">The sequence or an item is null.</exception>
        /// <exception cref="ShapeException">There is no item, or the shapes do not broadcast.</exception>
        public Expr Min()
        {
            var given = AtLeastOne("Min", items);
            return given is [var a, var b, .. var more] ? Expr.Min(a, b, more) : given[0];
        }

        /// <summary>The items, all of one shape, as the slices along a new axis.</summary>
        /// <param name="axis">The new axis in the result, −1 for the last.</param>
        /// <exception cref="AutodiffException">The sequence or an item is null.</exception>
        /// <exception cref="ShapeException">There is no item, there is no such axis, or shapes differ.</exception>
        public Expr Stack(int axis = 0) => Expr.Stack(Items("Stack", items), axis);

        /// <summary>The items joined, one after another, along an axis that they have.</summary>
        /// <param name="axis">The axis, −1 for the last.</param>
        /// <exception cref="AutodiffException">The sequence or an item is null.</exception>
        /// <exception cref="ShapeException">There is no item, there is no such axis, or lengths along another axis differ.</exception>
        public Expr Concat(int axis = 0) => Expr.Concat(Items("Concat", items), axis);
    }

    private static Expr[] Items(string operation, IEnumerable<Expr> items)
    {
        Expr[] given = [.. items ?? throw AutodiffException.Null(operation, "the sequence")];
        return Array.IndexOf(given, null) is var place and >= 0 ? throw AutodiffException.Null(operation, $"item {place}") : given;
    }

    private static Expr[] AtLeastOne(string operation, IEnumerable<Expr> items) => Items(operation, items) is { Length: > 0 } given
        ? given
        : throw new ShapeException($"{operation}: the sequence has no items.");
}
