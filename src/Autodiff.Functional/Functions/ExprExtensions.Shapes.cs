// Functions of shapes, positions and order as members of their first argument: x.Reshape(2, 3) is Reshape(x, 2, 3).

using System.Runtime.CompilerServices;

namespace Autodiff.Functional;

public static partial class ExprExtensions
{
    /// <param name="x">The expression.</param>
    extension(Expr x)
    {
        /// <inheritdoc cref="Expr.Reshape(Expr, Shape)"/>
        public Expr Reshape(Shape shape) => Expr.Reshape(x, shape);

        /// <inheritdoc cref="Expr.Reshape(Expr, ReadOnlySpan{int})"/>
        public Expr Reshape(params ReadOnlySpan<int> lengths) => Expr.Reshape(x, lengths);

        /// <inheritdoc cref="Expr.BroadcastTo(Expr, Shape)"/>
        public Expr BroadcastTo(Shape shape) => Expr.BroadcastTo(x, shape);

        /// <inheritdoc cref="Expr.BroadcastTo(Expr, ReadOnlySpan{int})"/>
        [OverloadResolutionPriority(-1)]
        public Expr BroadcastTo(params ReadOnlySpan<int> lengths) => Expr.BroadcastTo(x, lengths);

        /// <inheritdoc cref="Expr.Transpose(Expr)"/>
        public Expr Transpose() => Expr.Transpose(x);

        /// <inheritdoc cref="Expr.Permute(Expr, ReadOnlySpan{int})"/>
        public Expr Permute(params ReadOnlySpan<int> order) => Expr.Permute(x, order);

        /// <inheritdoc cref="Expr.SwapAxes(Expr, int, int)"/>
        public Expr SwapAxes(int a, int b) => Expr.SwapAxes(x, a, b);

        /// <inheritdoc cref="Expr.Squeeze(Expr, Axes)"/>
        public Expr Squeeze(Axes axis = default) => Expr.Squeeze(x, axis);

        /// <inheritdoc cref="Expr.ExpandDims(Expr, int)"/>
        public Expr ExpandDims(int axis) => Expr.ExpandDims(x, axis);

        /// <inheritdoc cref="Expr.Flip(Expr, int)"/>
        public Expr Flip(int axis = 0) => Expr.Flip(x, axis);

        /// <inheritdoc cref="Expr.Roll(Expr, int, int)"/>
        public Expr Roll(int shift, int axis = 0) => Expr.Roll(x, shift, axis);

        /// <inheritdoc cref="Expr.Pad(Expr, ReadOnlySpan{ValueTuple{int, int}})"/>
        public Expr Pad(params ReadOnlySpan<(int Before, int After)> widths) => Expr.Pad(x, widths);

        /// <inheritdoc cref="Expr.Tile(Expr, ReadOnlySpan{int})"/>
        public Expr Tile(params ReadOnlySpan<int> repeats) => Expr.Tile(x, repeats);

        /// <inheritdoc cref="Expr.Repeat(Expr, int, int)"/>
        public Expr Repeat(int count, int axis = 0) => Expr.Repeat(x, count, axis);

        /// <inheritdoc cref="Expr.Split(Expr, int, int)"/>
        public Expr[] Split(int parts, int axis = 0) => Expr.Split(x, parts, axis);

        /// <inheritdoc cref="Expr.Split(Expr, ReadOnlySpan{int}, int)"/>
        public Expr[] Split(ReadOnlySpan<int> positions, int axis = 0) => Expr.Split(x, positions, axis);

        /// <inheritdoc cref="Expr.Tril(Expr, int)"/>
        public Expr Tril(int offset = 0) => Expr.Tril(x, offset);

        /// <inheritdoc cref="Expr.Triu(Expr, int)"/>
        public Expr Triu(int offset = 0) => Expr.Triu(x, offset);

        /// <inheritdoc cref="Expr.Diag(Expr)"/>
        public Expr Diag() => Expr.Diag(x);

        /// <inheritdoc cref="Expr.Diag(Expr, int)"/>
        public Expr Diag(int offset) => Expr.Diag(x, offset);

        /// <inheritdoc cref="Expr.Trace(Expr)"/>
        public Expr Trace() => Expr.Trace(x);

        /// <inheritdoc cref="Expr.Trace(Expr, int)"/>
        public Expr Trace(int offset) => Expr.Trace(x, offset);

        /// <inheritdoc cref="Expr.Differences(Expr, int)"/>
        public Expr Differences(int axis = -1) => Expr.Differences(x, axis);

        /// <inheritdoc cref="Expr.Sort(Expr, int, bool)"/>
        public Expr Sort(int axis = -1, bool descending = false) => Expr.Sort(x, axis, descending);

        /// <inheritdoc cref="Expr.ArgSort(Expr, int, bool)"/>
        public Expr ArgSort(int axis = -1, bool descending = false) => Expr.ArgSort(x, axis, descending);

        /// <inheritdoc cref="Expr.Take(Expr, Expr, int)"/>
        [OverloadResolutionPriority(-1)]
        public Expr Take(Expr indices, int axis = 0) => Expr.Take(x, indices, axis);

        /// <inheritdoc cref="Expr.Take(Expr, ReadOnlySpan{int}, int)"/>
        public Expr Take(ReadOnlySpan<int> positions, int axis = 0) => Expr.Take(x, positions, axis);
    }
}
