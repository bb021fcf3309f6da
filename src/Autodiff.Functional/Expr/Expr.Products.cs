// Products of tensors. All are contractions; they differ in the name a reader sees in the graph.

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>The inner product Σ aᵢ bᵢ of two vectors.</summary>
    /// <param name="a">A vector.</param>
    /// <param name="b">A vector of the same length.</param>
    /// <exception cref="ShapeException">An operand is not a vector, or the lengths differ.</exception>
    public static Expr Dot(Expr a, Expr b)
    {
        var (left, right) = (ShapeOf("Dot", a), ShapeOf("Dot", b));
        return left.Rank == 1 && left == right
            ? Make(Op.Dot, new Contraction(["i", "i"], "", new Dictionary<char, int> { ['i'] = left[0] }), Shape.Scalar, [a, b])
            : throw new ShapeException($"Dot: shapes {left} and {right} are not two vectors of one length; for matrices use MatMul, for other sums of products Einsum.");
    }

    /// <summary>
    /// The matrix product. Matrices may have leading batch axes, which broadcast; a vector on the left is a row, on the
    /// right a column, and its axis is dropped from the result.
    /// </summary>
    /// <param name="a">Of shape (…, m, k) or (k).</param>
    /// <param name="b">Of shape (…, k, n) or (k).</param>
    /// <exception cref="ShapeException">An operand is a scalar, the inner lengths differ, or the batch axes do not broadcast.</exception>
    public static Expr MatMul(Expr a, Expr b)
    {
        var (left, right) = (ShapeOf("MatMul", a), ShapeOf("MatMul", b));
        if (left.IsScalar || right.IsScalar || left[left.Rank - 1] != right[Math.Max(right.Rank - 2, 0)])
        {
            throw new ShapeException($"MatMul: shapes {left} and {right} do not multiply; the last axis of the first must be as long as the last but one of the second: (…, m, k) by (…, k, n).");
        }

        if (Math.Max(left.Rank, right.Rank) > Contraction.LargestMatrixRank)
        {
            throw new ShapeException($"MatMul: shapes {left} and {right} have more than {Contraction.LargestMatrixRank} axes; reshape the batch axes into one.");
        }

        if (left.Rank > 2 && right.Rank > 2)
        {
            // A batch axis of length 1 stretches to the other operand's.
            var batch = Shape.TryBroadcast(Batch(left), Batch(right), "MatMul")
                ?? throw new ShapeException($"MatMul: shapes {left} and {right} do not multiply; the axes before the last two must broadcast: be equal, or one of them 1.");
            (a, b) = (Stretched(a, batch), Stretched(b, batch));
            (left, right) = (a.Shape, b.Shape);
        }

        var contraction = Contraction.OfMatrices(left, right, left.Rank == 1 ? "j" : "ij", right.Rank == 1 ? "j" : "jk");
        return Make(Op.MatMul, contraction, contraction.ShapeFor("MatMul"), [a, b]);
    }

    /// <summary>The outer product of two vectors: the matrix aᵢ bⱼ.</summary>
    /// <param name="a">A vector of length m.</param>
    /// <param name="b">A vector of length n.</param>
    /// <exception cref="ShapeException">An operand is not a vector.</exception>
    public static Expr Outer(Expr a, Expr b)
    {
        var (left, right) = (ShapeOf("Outer", a), ShapeOf("Outer", b));
        return left.Rank == 1 && right.Rank == 1
            ? Make(Op.Outer, new Contraction(["i", "j"], "ij", new Dictionary<char, int> { ['i'] = left[0], ['j'] = right[0] }), Shape.Of([left[0], right[0]], "Outer"), [a, b])
            : throw new ShapeException($"Outer: shapes {left} and {right} are not two vectors.");
    }

    /// <summary>
    /// A sum of products in Einstein's notation: the text names every axis of every operand, then after <c>-&gt;</c> those of
    /// the result; what the result does not name is summed over. <c>"ij,jk-&gt;ik"</c> is the matrix product, <c>"ii-&gt;"</c> the
    /// trace, <c>"...ij-&gt;...ji"</c> a batched transpose. The axes that an ellipsis stands for are aligned at the last and
    /// broadcast, as in NumPy. Without an arrow, the result has the letters that stand once, in
    /// alphabetical order. Three or more operands are multiplied from the left.
    /// </summary>
    /// <param name="text">The letters a-z and A-Z, commas, one arrow; blanks are ignored.</param>
    /// <param name="operands">As many as the text names.</param>
    /// <exception cref="ShapeException">The text cannot be read, or a shape does not fit it.</exception>
    public static Expr Einsum(string text, params ReadOnlySpan<Expr> operands)
    {
        var shapes = new Shape[operands.Length];
        for (var i = 0; i < shapes.Length; i++)
        {
            shapes[i] = ShapeOf("Einsum", operands[i]);
        }

        var whole = Contraction.Parse(text, shapes);
        var factors = new Expr[operands.Length];
        for (var i = 0; i < factors.Length; i++)
        {
            factors[i] = Reshape(operands[i], shapes[i]);
        }

        if (factors.Length <= 2)
        {
            return Make(Op.Einsum, whole, whole.Shape, factors);
        }

        var (product, axes) = (factors[0], whole.Inputs[0]);
        for (var i = 1; i < factors.Length; i++)
        {
            // What no later operand needs is summed at once, so that no product is larger than it must be.
            var later = whole.Output + string.Concat(whole.Inputs.Skip(i + 1));
            var kept = i == factors.Length - 1 ? whole.Output : string.Concat((axes + whole.Inputs[i]).Distinct().Where(later.Contains));
            var step = new Contraction([axes, whole.Inputs[i]], kept, whole.Lengths);
            (product, axes) = (Make(Op.Einsum, step, step.Shape, [product, factors[i]]), kept);
        }

        return product;
    }

    /// <summary>The sum of the diagonal of a square matrix.</summary>
    /// <param name="x">The matrix.</param>
    /// <exception cref="ShapeException">The operand is not a square matrix.</exception>
    public static Expr Trace(Expr x)
    {
        var shape = ShapeOf("Trace", x);
        return shape.Rank == 2 && shape[0] == shape[1]
            ? Make(Op.Trace, new Contraction(["ii"], "", new Dictionary<char, int> { ['i'] = shape[0] }), Shape.Scalar, [x])
            : throw new ShapeException($"Trace: shape {shape} is not a square matrix.");
    }

    /// <summary>The diagonal matrix of a vector, or the diagonal of a square matrix.</summary>
    /// <param name="x">A vector or a square matrix.</param>
    /// <exception cref="ShapeException">The operand is neither.</exception>
    public static Expr Diag(Expr x)
    {
        var shape = ShapeOf("Diag", x);
        var contraction = shape.Rank == 1 ? new Contraction(["i"], "ii", new Dictionary<char, int> { ['i'] = shape[0] })
            : shape.Rank == 2 && shape[0] == shape[1] ? new Contraction(["ii"], "i", new Dictionary<char, int> { ['i'] = shape[0] })
            : throw new ShapeException($"Diag: shape {shape} is neither a vector nor a square matrix.");
        return Make(Op.Diag, contraction, contraction.ShapeFor("Diag"), [x]);
    }

    /// <summary>A contraction that arises as the transpose of another.</summary>
    internal static Expr Contract(Contraction contraction, ReadOnlySpan<Expr> operands) =>
        Make(Op.Einsum, contraction, contraction.Shape, operands);

    private static Shape Batch(Shape shape) => new(shape.Lengths[..^2]);

    private static Expr Stretched(Expr x, Shape batch)
    {
        var own = x.Shape.Lengths[..^2];
        return own.SequenceEqual(batch.Lengths[^own.Length..]) ? x : BroadcastTo(x, Shape.Of([.. batch.Lengths, .. x.Shape.Lengths[^2..]]));
    }
}
