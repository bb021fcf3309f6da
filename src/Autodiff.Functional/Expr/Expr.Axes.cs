// Checks of the arguments of functions of tensors.

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>The axes that a reduction folds; an error if one does not exist or is named twice.</summary>
    internal static Folding FoldingOf(string operation, Expr x, Axes axes, bool keepDims)
    {
        var shape = ShapeOf(operation, x);
        if (axes.IsAll)
        {
            return Folding.All(shape, keepDims);
        }

        var indices = Normalize(operation, shape, axes.Indices);
        Array.Sort(indices);
        return new(indices, keepDims);
    }

    /// <summary>Axes as numbers from 0 to rank − 1; an error if one does not exist or is named twice.</summary>
    internal static int[] Normalize(string operation, Shape shape, ReadOnlySpan<int> axes)
    {
        var normal = new int[axes.Length];
        for (var i = 0; i < normal.Length; i++)
        {
            normal[i] = shape.Axis(axes[i], operation);
            if (normal.AsSpan(0, i).Contains(normal[i]))
            {
                throw new ShapeException($"{operation}: axis {axes[i]} of shape {shape} is named twice in ({string.Join(", ", axes.ToArray())}).");
            }
        }

        return normal;
    }

    /// <summary>The shape of a tensor; an error if it is null.</summary>
    internal static Shape ShapeOf(string operation, Expr x) => x is null ? throw AutodiffException.Null(operation, "the tensor") : x.Shape;

    /// <summary>The shape of the first tensor of a list; an error if there is none, or if one is null.</summary>
    internal static Shape FirstOf(string operation, ReadOnlySpan<Expr> tensors)
    {
        foreach (var tensor in tensors)
        {
            _ = ShapeOf(operation, tensor);
        }

        return tensors.IsEmpty ? throw new ShapeException($"{operation}: there is no tensor to join.") : tensors[0].Shape;
    }

    /// <summary>x − y, which is 0 where both are the same infinity.</summary>
    internal static Expr Difference(Expr x, Expr y) => Where(Eq(x, y) & Eq(Abs(x), double.PositiveInfinity), 0, x - y);

    /// <summary>The shape of a batch of matrices: the axes before the last two.</summary>
    internal static Shape BatchOf(Shape shape) => Shape.Of([.. shape.Lengths[..^2]]);
}
