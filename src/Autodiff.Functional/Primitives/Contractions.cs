// Products of tensors, traces and diagonals. All are contractions: one primitive under several names, which only differ in how graphs show them.

using System.Runtime.InteropServices;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Primitives;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// The product of NumPy's dot: the inner product Σ aᵢ bᵢ of two vectors, the product of matrices and vectors, and the product with a scalar. In general it
    /// sums over the last axis of a and the last but one of b, and the result has the other axes of a, then those of b: unlike <see cref="MatMul"/>, which
    /// broadcasts leading axes.
    /// </summary>
    /// <param name="a">Of shape (…, k), or a scalar.</param>
    /// <param name="b">Of shape (k) or (…, k, n), or a scalar.</param>
    /// <exception cref="ShapeException">The lengths that are summed over differ.</exception>
    public static Expr Dot(Expr a, Expr b)
    {
        var (left, right) = (ShapeOf("Dot", a), ShapeOf("Dot", b));
        if (left.IsScalar || right.IsScalar)
        {
            return a * b;
        }

        if (left[^1] != right[^Math.Min(right.Rank, 2)])
        {
            throw new ShapeException($"Dot: shapes {left} and {right} do not multiply; the last axis of the first must be as long as the last but one of the second, or its only one: (…, k) by (k) or (…, k, n).");
        }

        return left.Rank == 1 && right.Rank == 1
            ? Make(new ContractionPrimitive(Op.Dot, new(["i", "i"], "", new Dictionary<char, int> { ['i'] = left[0] })), Shape.Scalar, [a, b])
            : left.Rank <= 2 && right.Rank <= 2 ? MatMul(a, b)
            : SumOfProducts("Dot", a, b, [left.Rank - 1], [Math.Max(right.Rank - 2, 0)]);
    }

    /// <summary>
    /// The matrix product. Matrices may have leading batch axes, which broadcast. A vector on the left is treated as a row, one on the right as a
    /// column, and the result does not have that axis.
    /// </summary>
    /// <param name="a">Of shape (…, m, k) or (k).</param>
    /// <param name="b">Of shape (…, k, n) or (k).</param>
    /// <exception cref="ShapeException">An operand is a scalar or has too many axes, inner lengths differ, or batch axes do not broadcast.</exception>
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
            // A batch axis of length 1 is broadcast to that of the other operand.
            var batch = Shape.TryBroadcast(BatchOf(left), BatchOf(right), "MatMul")
                ?? throw new ShapeException($"MatMul: shapes {left} and {right} do not multiply; the axes before the last two must broadcast: be equal, or one of them 1.");
            (a, b) = (Stretched(a, batch), Stretched(b, batch));
            (left, right) = (a.Shape, b.Shape);
        }

        var contraction = Contraction.OfMatrices(left, right, left.Rank == 1 ? "j" : "ij", right.Rank == 1 ? "j" : "jk");
        return Make(new ContractionPrimitive(Op.MatMul, contraction), contraction.ShapeFor("MatMul"), [a, b]);
    }

    /// <summary>The outer product of two vectors: the matrix aᵢ bⱼ.</summary>
    /// <param name="a">A vector of length m.</param>
    /// <param name="b">A vector of length n.</param>
    /// <exception cref="ShapeException">An operand is not a vector.</exception>
    public static Expr Outer(Expr a, Expr b)
    {
        var (left, right) = (ShapeOf("Outer", a), ShapeOf("Outer", b));
        return left.Rank == 1 && right.Rank == 1
            ? Make(new ContractionPrimitive(Op.Outer, new(["i", "j"], "ij", new Dictionary<char, int> { ['i'] = left[0], ['j'] = right[0] })), Shape.Of([left[0], right[0]], "Outer"), [a, b])
            : throw new ShapeException($"Outer: shapes {left} and {right} are not two vectors.");
    }

    /// <summary>
    /// A sum of products in Einstein's notation. The text names each axis of each operand by a letter, and after <c>-&gt;</c> the axes of the
    /// result; axes that the result does not have are summed over. <c>"ij,jk-&gt;ik"</c> is the matrix product, <c>"ii-&gt;"</c> the trace,
    /// <c>"...ij-&gt;...ji"</c> a batched transpose. The axes that an ellipsis stands for are aligned at the last and broadcast, as in NumPy.
    /// Without an arrow, the result has the letters that occur once, in alphabetical order. Three or more operands are multiplied from left to right.
    /// </summary>
    /// <param name="text">The letters a-z and A-Z, commas, ellipses, and at most one arrow; blanks are ignored.</param>
    /// <param name="operands">As many operands as the text names.</param>
    /// <exception cref="ShapeException">The text cannot be parsed, or a shape does not fit it.</exception>
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
            return Contract(whole, factors);
        }

        var (product, axes) = (factors[0], whole.Inputs[0]);
        for (var i = 1; i < factors.Length; i++)
        {
            // An axis that neither a later operand nor the result has is summed over at once, so that intermediate products are small.
            var later = whole.Output + string.Concat(whole.Inputs.Skip(i + 1));
            var kept = i == factors.Length - 1 ? whole.Output : string.Concat((axes + whole.Inputs[i]).Distinct().Where(later.Contains));
            var step = new Contraction([axes, whole.Inputs[i]], kept, whole.Lengths);
            (product, axes) = (Contract(step, [product, factors[i]]), kept);
        }

        return product;
    }

    /// <summary>The sum of the diagonal of each matrix.</summary>
    /// <param name="x">Of shape (…, m, n).</param>
    /// <exception cref="ShapeException">The operand is a scalar or a vector.</exception>
    public static Expr Trace(Expr x)
    {
        var square = SquareBlock("Trace", x);
        return square.Rank == 2
            ? Make(new ContractionPrimitive(Op.Trace, new(["ii"], "", new Dictionary<char, int> { ['i'] = square.Shape[0] })), Shape.Scalar, [square])
            : Einsum("...ii->...", square);
    }

    /// <summary>The diagonal matrix of a vector, or the diagonal of each matrix.</summary>
    /// <param name="x">A vector, or matrices of shape (…, m, n).</param>
    /// <exception cref="ShapeException">The operand is a scalar.</exception>
    public static Expr Diag(Expr x)
    {
        var shape = ShapeOf("Diag", x);
        if (shape.Rank == 1)
        {
            var contraction = new Contraction(["i"], "ii", new Dictionary<char, int> { ['i'] = shape[0] });
            return Make(new ContractionPrimitive(Op.Diag, contraction), contraction.ShapeFor("Diag"), [x]);
        }

        var square = SquareBlock("Diag", x);
        return square.Rank == 2
            ? Make(new ContractionPrimitive(Op.Diag, new(["ii"], "i", new Dictionary<char, int> { ['i'] = square.Shape[0] })), Shape.Of([square.Shape[0]]), [square])
            : Einsum("...ii->...i", square);
    }

    /// <summary>A contraction under the name <c>Einsum</c>, such as the transpose of another contraction.</summary>
    internal static Expr Contract(Contraction contraction, ReadOnlySpan<Expr> operands) =>
        Make(new ContractionPrimitive(Op.Einsum, contraction), contraction.Shape, operands);

    /// <summary>The sum of products over pairs of axes; the result has the other axes of a, then those of b.</summary>
    internal static Expr SumOfProducts(string operation, Expr a, Expr b, int[] summedOfA, int[] summedOfB)
    {
        var (left, right) = (a.Shape, b.Shape);
        var lengths = new Dictionary<char, int>();
        char New(int length)
        {
            var letter = lengths.Count < Contraction.Letters.Length
                ? Contraction.Letters[lengths.Count]
                : throw new ShapeException($"{operation}: shapes {left} and {right} have more than {Contraction.Letters.Length} axes together; reshape some into one.");
            lengths.Add(letter, length);
            return letter;
        }

        char[] first = [.. left.Select(New)];
        char[] second = [.. right.Select((length, axis) => Array.IndexOf(summedOfB, axis) is var pair and >= 0 ? first[summedOfA[pair]] : New(length))];
        var kept = first.Where((_, axis) => !summedOfA.Contains(axis)).Concat(second.Where((_, axis) => !summedOfB.Contains(axis)));
        var contraction = new Contraction([new(first), new(second)], string.Concat(kept), lengths);
        return Make(new ContractionPrimitive(Op.Einsum, contraction), contraction.ShapeFor(operation), [a, b]);
    }

    /// <summary>The largest square block at the start of each matrix, which has the diagonal of the matrix.</summary>
    private static Expr SquareBlock(string operation, Expr x)
    {
        var shape = ShapeOf(operation, x);
        if (shape.Rank < 2)
        {
            throw new ShapeException($"{operation}: shape {shape} is not that of matrices; give (…, m, n).");
        }

        var length = Math.Min(shape[^2], shape[^1]);
        return Part(Part(x, shape.Rank - 2, 0, length), shape.Rank - 1, 0, length);
    }

    private static Expr Stretched(Expr x, Shape batch)
    {
        var own = x.Shape.Lengths[..^2];
        return own.SequenceEqual(batch.Lengths[^own.Length..]) ? x : BroadcastTo(x, Shape.Of([.. batch.Lengths, .. x.Shape.Lengths[^2..]]));
    }
}

/// <summary>A sum of products over named axes, linear in each operand. The transpose of a contraction is again a contraction.</summary>
/// <param name="Name">Dot, MatMul, Outer, Einsum, Trace or Diag.</param>
/// <param name="Contraction">The letters and lengths of the axes.</param>
internal sealed record ContractionPrimitive(Op Name, Contraction Contraction) : OperandwisePrimitive
{
    public override Op Op => Name;

    public override Spelling Spelling => s_spellings[Name];

    /// <summary>How contractions are read, each by its name.</summary>
    public static Reader[] Readers { get; } =
    [
        Reader.Binary("dot", Dot),
        Reader.Binary("matmul", MatMul),
        Reader.Binary("outer", Outer),
        Reader.Unary("trace", Expr.Trace),
        Reader.Unary("diag", Diag),
        new("einsum", call =>
        {
            var text = call.Quoted("the axes");
            var operands = call.Operands();
            var lengths = new Dictionary<char, int>();
            foreach (var letter in Contraction.StretchedIn(text))
            {
                lengths[letter] = call.Integer($"{letter}") ?? throw new ShapeException(
                    $"Einsum: \"{text}\" has '{letter}' in its result but in no operand; give the length of that axis, as in {letter}: 3.");
            }

            return operands.Length is 1 or 2 && Contraction.TryRead(text, Array.ConvertAll(operands, operand => operand.Shape), lengths) is { } contraction
                ? Contract(contraction, operands)
                : Einsum(text, operands);
        }),
    ];

    private static readonly Dictionary<Op, Spelling> s_spellings = new()
    {
        [Op.Dot] = Spelling.Formed("dot", @"\left\langle ⟨a⟩, ⟨b⟩\right\rangle"),
        [Op.MatMul] = Spelling.Formed("matmul", @"⟨a:Power⟩ \, ⟨b:Power⟩", Level.Product),
        [Op.Outer] = Spelling.Formed("outer", @"⟨a:Power⟩ \otimes ⟨b:Power⟩", Level.Product),
        [Op.Einsum] = new("einsum"),
        [Op.Trace] = Spelling.Named("trace", @"\operatorname{tr}"),
        [Op.Diag] = new("diag"),
    };

    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands) => ContractionKernels.Contract(Contraction, operands);

    public override T[] EvaluateIn<T>(NumberField<T> field, Shape shape, ReadOnlySpan<NumberTensor<T>> operands)
    {
        var kept = string.Concat(Contraction.Output.Distinct());
        var summed = string.Concat(string.Concat(Contraction.Inputs).Distinct().Except(kept));
        int[] Offsets(string tensor, string axes) => AxisMap.Offsets(Contraction.ShapeOf(axes), Contraction.StridesOf(tensor, axes));
        var places = Offsets(Contraction.Output, kept);
        var starts = Array.ConvertAll(Contraction.Inputs, input => Offsets(input, kept));
        var steps = Array.ConvertAll(Contraction.Inputs, input => Offsets(input, summed));
        var sums = new T[shape.Size];
        Array.Fill(sums, T.Zero);
        for (var i = 0; i < places.Length; i++)
        {
            var sum = T.Zero;
            for (var step = 0; step < steps[0].Length; step++)
            {
                var first = operands[0].Elements[starts[0][i] + steps[0][step]];
                sum += operands.Length == 1 ? first : first * operands[1].Elements[starts[1][i] + steps[1][step]];
            }

            sums[places[i]] = sum;
        }

        return sums;
    }

    public override Sensitivity? Push(Point point, Expr node, int operand, Sensitivity tangent) => Contracted(Contraction, operand, tangent, point, node, operand);

    public override PowerSeries? Expand(Expr node, PowerSeries[] operands, Expr primal, SeriesTable table) =>
        operands.Length == 2 && !operands[0].IsConstant && !operands[1].IsConstant ? new BilinearSeries(this, node, operands, primal) : new LinearSeries(this, node, operands, primal);

    public override Sensitivity? Pull(Point point, Expr node, int operand, Sensitivity cotangent) => Contracted(Contraction.Transpose(operand), 0, cotangent, point, node, operand);

    /// <summary>The batch axis becomes one more named axis of the batched operands and of the result.</summary>
    public override Expr Batch(Expr node, Batched[] operands, int size)
    {
        var batch = Contraction.FreeLetter();
        return Contract(
            new(
                [.. Contraction.Inputs.Zip(operands, (axes, operand) => operand.IsBatched ? batch + axes : axes)],
                batch + Contraction.Output,
                new Dictionary<char, int>(Contraction.Lengths) { [batch[0]] = size }),
            Array.ConvertAll(operands, operand => operand.Value));
    }

    /// <summary>
    /// A product with an element that is 0 for all values of the inputs does not depend on them, so that a sparse matrix of numbers times x
    /// depends on x as the matrix says.
    /// </summary>
    public override int[] Depend(Expr node, int[]?[] operands, IndexSets sets)
    {
        int[]? union = null;
        for (var operand = 0; operand < operands.Length; operand++)
        {
            if (operands[operand] is { } own)
            {
                union = sets.Union(union, Depend(node, operand, own, sets));
            }
        }

        return union!;
    }

    public override int[] AxesOf(Expr node, int operand) =>
        [.. Contraction.Inputs[operand].Select(letter => Contraction.Output.IndexOf(letter, StringComparison.Ordinal))];

    public override Fragment Print(Notation notation, Expr node, ReadOnlySpan<Fragment> operands) =>
        Name == Op.Einsum ? notation.Spelled(Spelling, [notation.Quoted(Contraction.ToString()), .. operands], Stretched()) : base.Print(notation, node, operands);

    public override IEnumerable<(string Label, string Text)> Attributes(Expr node) => Name == Op.Einsum ? [("", Contraction.ToString()), .. Stretched()] : [];

    /// <summary>The lengths of axes along which the result is stretched: they do not follow from the operands.</summary>
    private IEnumerable<(string Label, string Text)> Stretched() =>
        Contraction.StretchedIn(Contraction.ToString()).Select(letter => ($"{letter}", $"{Contraction.Lengths[letter]}"));

    private int[] Depend(Expr node, int operand, int[] own, IndexSets sets)
    {
        var mine = Contraction.Inputs[operand];
        var factor = node.OperandCount == 2 && node.Operand(1 - operand) is { IsNumbers: true } other && other.Storage.Span.Contains(0.0) ? other.Storage : null;
        if (factor is null && !Contraction.HasDiagonal && mine.Distinct().Count() == mine.Length)
        {
            return sets.Along(own, node.Operand(operand).Shape, node.Shape, AxesOf(node, operand));
        }

        // The terms of the sum: each element of the factor that is not 0, with all positions along the axes that the factor does not have.
        var its = factor is null ? "" : Contraction.Inputs[1 - operand];
        var fixedAxes = string.Concat(its.Distinct());
        var freeAxes = string.Concat((mine + Contraction.Output).Distinct().Except(fixedAxes));
        int[] Offsets(string axes, string tensor) => AxisMap.Offsets(Contraction.ShapeOf(axes), Contraction.StridesOf(tensor, axes));
        var (itsFixed, mineFixed, resultFixed) = (Offsets(fixedAxes, its), Offsets(fixedAxes, mine), Offsets(fixedAxes, Contraction.Output));
        var (mineFree, resultFree) = (Offsets(freeAxes, mine), Offsets(freeAxes, Contraction.Output));
        var (moving, places) = (new List<int>(), new List<int>());
        for (var i = 0; i < itsFixed.Length; i++)
        {
            for (var j = 0; j < mineFree.Length && (factor is null || factor[itsFixed[i]] != 0); j++)
            {
                moving.Add(own[mineFixed[i] + mineFree[j]]);
                places.Add(resultFixed[i] + resultFree[j]);
            }
        }

        return sets.Union(CollectionsMarshal.AsSpan(moving), CollectionsMarshal.AsSpan(places), node.Shape.Size);
    }

    /// <summary>
    /// The contraction of a sensitivity with the other operand of a node, if the node has two.
    /// </summary>
    /// <param name="contraction">The contraction: that of the node, or its transpose.</param>
    /// <param name="position">Which operand of the contraction the sensitivity is.</param>
    /// <param name="flow">The sensitivity: a tangent of the operand, or a cotangent of the result.</param>
    /// <param name="point">The primal values.</param>
    /// <param name="node">The node.</param>
    /// <param name="operand">The operand of the node to which the derivative belongs, which is not among the factors.</param>
    /// <returns>The tangent of the result, or the cotangent of the operand; null if all its elements are structural zeros.</returns>
    private static Sensitivity? Contracted(Contraction contraction, int position, Sensitivity flow, Point point, Expr node, int operand)
    {
        if (flow.Live is null && contraction.HasDiagonal)
        {
            flow = flow with { Live = Ones(flow.Value.Shape) };
        }

        if (node.OperandCount == 1)
        {
            return flow.Through(x => Contract(contraction, [x]));
        }

        Expr Product(Expr moving, Expr other) => Contract(contraction, position == 0 ? [moving, other] : [other, moving]);
        return Bilinear.Flow(flow, point.Enter(node.Operand(1 - operand)), Product, (live, other) =>
        {
            var (mine, its) = (contraction.Inputs[position], contraction.Inputs[1 - position]);
            var all = string.Concat((mine + its).Distinct());
            Expr Spread(string axes, Expr x) => Contract(new([axes], all, contraction.Lengths), [x]);
            var products = Where(Spread(mine, live), Spread(mine, flow.Value) * Spread(its, other), 0);
            Expr Total(Expr x) => Contract(new([all], contraction.Output, contraction.Lengths), [x]);
            return Sensitivity.Of(Total(products), Total(Spread(mine, live)) > 0);
        });
    }
}
