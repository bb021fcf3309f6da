// Functions that pad, repeat, split and rearrange tensors, and products by axes, composed of primitives.

using System.Runtime.CompilerServices;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    // An axis of length 0 can be cut into any number of parts, but more than this is a mistake.
    private const int MostEmptyParts = 1 << 16;

    /// <summary>The tensor with zeros before and after its elements along each axis.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="widths">For each axis, how many zeros stand before and after.</param>
    /// <exception cref="ShapeException">There is not one pair for each axis, or a width is negative.</exception>
    /// <example><code>
    /// Console.WriteLine(Expr.Pad(new double[] { 1, 2 }, (1, 2))); // [0, 1, 2, 0, 0]
    /// </code></example>
    public static Expr Pad(Expr x, params ReadOnlySpan<(int Before, int After)> widths)
    {
        var shape = ShapeOf("Pad", x);
        if (widths.Length != shape.Rank)
        {
            throw new ShapeException($"Pad: {widths.Length} pair(s) of widths are given for shape {shape}, which has {shape.Rank} axes; give one pair (before, after) for each.");
        }

        foreach (var (before, after) in widths)
        {
            if (before < 0 || after < 0)
            {
                throw new ShapeException($"Pad: the widths ({before}, {after}) for shape {shape} are negative; they are 0 or more, and a range as in x[1..^1] cuts elements off.");
            }
        }

        var padded = x;
        for (var axis = shape.Rank - 1; axis >= 0; axis--)
        {
            var (before, after) = widths[axis];
            _ = Times("Pad", shape, (long)before + shape[axis] + after, 1);
            if (before > 0 || after > 0)
            {
                Expr[] parts = [ZerosAlong(padded.Shape, axis, before), padded, ZerosAlong(padded.Shape, axis, after)];
                padded = Concat(Array.FindAll(parts, part => ReferenceEquals(part, padded) || part.Shape[axis] > 0), axis);
            }
        }

        return padded;
    }

    /// <summary>The elements moved along an axis; those that leave it at one end come back at the other.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="shift">By how many positions, backwards if negative.</param>
    /// <param name="axis">The axis, −1 for the last.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    /// <example><code>
    /// Console.WriteLine(Expr.Roll(new double[] { 1, 2, 3 }, 1)); // [3, 1, 2]
    /// </code></example>
    public static Expr Roll(Expr x, int shift, int axis = 0)
    {
        var shape = ShapeOf("Roll", x);
        var along = shape.Axis(axis, "Roll");
        var length = shape[along];
        var first = length == 0 ? 0 : (int)((((long)shift % length) + length) % length);
        return first == 0 ? x : Concat([Part(x, along, length - first, first), Part(x, along, 0, length - first)], along);
    }

    /// <summary>The whole tensor repeated along each axis. Axes are aligned at the last, and missing ones have length 1.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="repeats">How often, for each axis.</param>
    /// <exception cref="ShapeException">A number is negative, or the result is too large.</exception>
    /// <example><code>
    /// Console.WriteLine(Expr.Tile(new double[] { 1, 2 }, 2)); // [1, 2, 1, 2]
    /// Console.WriteLine(Expr.Tile(new double[] { 1, 2 }, 2, 1)); // [[1, 2], [1, 2]]
    /// </code></example>
    public static Expr Tile(Expr x, params ReadOnlySpan<int> repeats)
    {
        var shape = ShapeOf("Tile", x);
        var rank = Math.Max(shape.Rank, repeats.Length);
        var (apart, stretched, lengths) = (new int[2 * rank], new int[2 * rank], new int[rank]);
        for (var axis = 0; axis < rank; axis++)
        {
            var count = axis < rank - repeats.Length ? 1 : repeats[axis - rank + repeats.Length];
            var length = LengthFromEnd(shape, rank - axis);
            if (count < 0)
            {
                throw new ShapeException($"Tile: a tensor cannot be repeated {count} times; the numbers are 0 or more.");
            }

            (apart[2 * axis], apart[(2 * axis) + 1]) = (1, length);
            (stretched[2 * axis], stretched[(2 * axis) + 1]) = (count, length);
            lengths[axis] = Times("Tile", shape, count, length);
        }

        return Reshape(BroadcastTo(Reshape(x, Shape.Of(apart)), Shape.Of(stretched, "Tile")), Shape.Of(lengths, "Tile"));
    }

    /// <summary>Each slice along an axis repeated, one copy beside the other.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="count">How often.</param>
    /// <param name="axis">The axis, −1 for the last.</param>
    /// <exception cref="ShapeException">There is no such axis, the number is negative, or the result is too large.</exception>
    /// <example><code>
    /// Console.WriteLine(Expr.Repeat(new double[] { 1, 2 }, 3)); // [1, 1, 1, 2, 2, 2]
    /// </code></example>
    public static Expr Repeat(Expr x, int count, int axis = 0)
    {
        var shape = ShapeOf("Repeat", x);
        var along = shape.Axis(axis, "Repeat");
        if (count < 0)
        {
            throw new ShapeException($"Repeat: elements cannot be repeated {count} times; the number is 0 or more.");
        }

        var lengths = shape.Lengths.ToArray();
        lengths[along] = Times("Repeat", shape, count, lengths[along]);
        var stretched = Shape.Of([.. shape.Lengths[..(along + 1)], count, .. shape.Lengths[(along + 1)..]], "Repeat");
        return Reshape(BroadcastTo(ExpandDims(x, along + 1), stretched), Shape.Of(lengths, "Repeat"));
    }

    /// <summary>The tensor cut into parts of equal length along an axis.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="parts">The number of parts.</param>
    /// <param name="axis">The axis, −1 for the last.</param>
    /// <exception cref="ShapeException">There is no such axis, or its length is no multiple of the number.</exception>
    /// <example><code>
    /// var halves = Expr.Split(new double[] { 1, 2, 3, 4 }, 2);
    /// Console.WriteLine((halves[0], halves[1])); // ([1, 2], [3, 4])
    /// </code></example>
    public static Expr[] Split(Expr x, int parts, int axis = 0)
    {
        var shape = ShapeOf("Split", x);
        var along = shape.Axis(axis, "Split");
        if (parts < 1 || parts > Math.Max(shape[along], MostEmptyParts) || shape[along] % parts != 0)
        {
            throw new ShapeException($"Split: axis {along} of shape {shape} cannot be cut into {parts} equal parts; give a divisor of {shape[along]}, or the positions to cut at.");
        }

        var length = shape[along] / parts;
        return [.. Enumerable.Range(0, parts).Select(part => Part(x, along, part * length, length))];
    }

    /// <summary>The tensor cut along an axis before each of some positions, into one part more than there are positions.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="positions">The positions, ascending, from 0 to the length of the axis; equal ones cut out an empty part.</param>
    /// <param name="axis">The axis, −1 for the last.</param>
    /// <exception cref="ShapeException">There is no such axis, or the positions are not ascending or outside it.</exception>
    public static Expr[] Split(Expr x, ReadOnlySpan<int> positions, int axis = 0)
    {
        var shape = ShapeOf("Split", x);
        var along = shape.Axis(axis, "Split");
        var parts = new Expr[positions.Length + 1];
        var start = 0;
        for (var part = 0; part < parts.Length; part++)
        {
            var end = part < positions.Length ? positions[part] : shape[along];
            if (end < start || end > shape[along])
            {
                throw new ShapeException($"Split: the positions ({string.Join(", ", positions.ToArray())}) do not ascend from 0 to {shape[along]}, the length of axis {along} of shape {shape}.");
            }

            parts[part] = Part(x, along, start, end - start);
            start = end;
        }

        return parts;
    }

    /// <summary>The tensor without axes of length 1.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The axis to leave out, −1 for the last, or several as [0, 1]; all of length 1 if omitted.</param>
    /// <exception cref="ShapeException">An axis does not exist, is named twice or has another length than 1.</exception>
    public static Expr Squeeze(Expr x, Axes axis = default)
    {
        var shape = ShapeOf("Squeeze", x);
        var left = axis.IsAll ? [.. Enumerable.Range(0, shape.Rank).Where(each => shape[each] == 1)] : Normalize("Squeeze", shape, axis.Indices);
        foreach (var each in left)
        {
            if (shape[each] != 1)
            {
                throw new ShapeException($"Squeeze: axis {each} of shape {shape} has length {shape[each]}; only axes of length 1 can be left out.");
            }
        }

        return Reshape(x, Shape.Of([.. Enumerable.Range(0, shape.Rank).Except(left).Select(each => shape[each])]));
    }

    /// <summary>The tensor with one more axis, of length 1.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The new axis in the result, −1 for the last.</param>
    /// <exception cref="ShapeException">There is no such axis in the result.</exception>
    public static Expr ExpandDims(Expr x, int axis)
    {
        var shape = ShapeOf("ExpandDims", x);
        var along = axis < 0 ? axis + shape.Rank + 1 : axis;
        return along >= 0 && along <= shape.Rank
            ? Reshape(x, Shape.Of([.. shape.Lengths[..along], 1, .. shape.Lengths[along..]]))
            : throw new ShapeException($"ExpandDims: axis {axis} does not exist once shape {shape} has a new one; use 0 to {shape.Rank}, or -{shape.Rank + 1} to -1 counted from the end.");
    }

    /// <summary>The tensor with two axes in each other's place.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="a">One axis, −1 for the last.</param>
    /// <param name="b">The other axis, −1 for the last.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    public static Expr SwapAxes(Expr x, int a, int b)
    {
        var shape = ShapeOf("SwapAxes", x);
        var (first, second) = (shape.Axis(a, "SwapAxes"), shape.Axis(b, "SwapAxes"));
        int[] order = [.. Enumerable.Range(0, shape.Rank)];
        (order[first], order[second]) = (second, first);
        return Permute(x, order);
    }

    /// <summary>The lower triangle of each matrix: zeros above a diagonal. They are structural: what stands there receives no derivative, and may be NaN.</summary>
    /// <param name="x">Of shape (…, m, n).</param>
    /// <param name="offset">The last diagonal that is kept: 0 for the main one, positive ones above it.</param>
    /// <exception cref="ShapeException">The operand is a scalar or a vector.</exception>
    /// <example><code>
    /// Console.WriteLine(Expr.Tril(Expr.Ones(2, 2))); // [[1, 0], [1, 1]]
    /// </code></example>
    public static Expr Tril(Expr x, int offset = 0) => Triangle("Tril", x, (row, column) => column <= (long)row + offset);

    /// <summary>The upper triangle of each matrix: zeros below a diagonal. They are structural: what stands there receives no derivative, and may be NaN.</summary>
    /// <param name="x">Of shape (…, m, n).</param>
    /// <param name="offset">The first diagonal that is kept: 0 for the main one, positive ones above it.</param>
    /// <exception cref="ShapeException">The operand is a scalar or a vector.</exception>
    public static Expr Triu(Expr x, int offset = 0) => Triangle("Triu", x, (row, column) => column >= (long)row + offset);

    /// <summary>
    /// A diagonal of each matrix, or the matrix with a vector on a diagonal, which is as large as that needs, and zeros elsewhere. Like
    /// <see cref="Diag(Expr)"/> for the diagonal 0.
    /// </summary>
    /// <param name="x">A vector, or matrices of shape (…, m, n).</param>
    /// <param name="offset">The diagonal: positive ones are above the main one, negative ones below.</param>
    /// <exception cref="ShapeException">The operand is a scalar.</exception>
    /// <example><code>
    /// Expr x = new double[,] { { 1, 2 }, { 3, 4 } };
    /// Console.WriteLine(Expr.Diag(x, offset: 1)); // [2]
    /// Console.WriteLine(Expr.Diag(new double[] { 5 }, offset: 1)); // [[0, 5], [0, 0]]
    /// </code></example>
    public static Expr Diag(Expr x, int offset)
    {
        var shape = ShapeOf("Diag", x);
        if (shape.Rank != 1)
        {
            return Diag(DiagonalBlock("Diag", x, offset));
        }

        var (above, below) = (Math.Max(offset, 0), offset == int.MinValue ? int.MaxValue : Math.Max(-offset, 0));
        var size = (long)shape[0] + above + below;
        _ = Times("Diag", shape, size, size);
        return Pad(Diag(x), (below, above), (above, below));
    }

    /// <summary>The sum of a diagonal of each matrix.</summary>
    /// <param name="x">Of shape (…, m, n).</param>
    /// <param name="offset">The diagonal: positive ones are above the main one, negative ones below.</param>
    /// <exception cref="ShapeException">The operand is a scalar or a vector.</exception>
    public static Expr Trace(Expr x, int offset) => DiagonalBlock("Trace", x, offset) is { Shape.Size: > 0 } block ? Trace(block) : Zeros(BatchOf(x.Shape));

    /// <summary>
    /// The Kronecker product: each element of a times all of b, in the place of that element. Axes are aligned at the last, and missing ones have length 1.
    /// </summary>
    /// <param name="a">A tensor, usually a matrix.</param>
    /// <param name="b">Another.</param>
    /// <exception cref="ShapeException">The result is too large.</exception>
    /// <example><code>
    /// Console.WriteLine(Expr.Kron(new double[] { 1, 10 }, new double[] { 1, 2 })); // [1, 2, 10, 20]
    /// </code></example>
    public static Expr Kron(Expr a, Expr b)
    {
        var (left, right) = (ShapeOf("Kron", a), ShapeOf("Kron", b));
        var rank = Math.Max(left.Rank, right.Rank);
        var (outer, inner, lengths) = (new int[2 * rank], new int[2 * rank], new int[rank]);
        for (var axis = 0; axis < rank; axis++)
        {
            var (m, n) = (LengthFromEnd(left, rank - axis), LengthFromEnd(right, rank - axis));
            (outer[2 * axis], outer[(2 * axis) + 1]) = (m, 1);
            (inner[2 * axis], inner[(2 * axis) + 1]) = (1, n);
            lengths[axis] = Times("Kron", left, m, n);
        }

        var shape = Shape.Of(lengths, "Kron");
        return Reshape(Reshape(a, Shape.Of(outer)) * Reshape(b, Shape.Of(inner)), shape);
    }

    /// <summary>The cross product of vectors in space, which are the last axis. Other axes broadcast.</summary>
    /// <param name="a">Of shape (…, 3).</param>
    /// <param name="b">Of shape (…, 3).</param>
    /// <exception cref="ShapeException">A last axis has another length than 3, or the others do not broadcast.</exception>
    /// <example><code>
    /// Console.WriteLine(Expr.Cross(new double[] { 1, 0, 0 }, new double[] { 0, 1, 0 })); // [0, 0, 1]
    /// </code></example>
    public static Expr Cross(Expr a, Expr b)
    {
        var (left, right) = (ShapeOf("Cross", a), ShapeOf("Cross", b));
        if (left.IsScalar || right.IsScalar || left[^1] != 3 || right[^1] != 3)
        {
            throw new ShapeException($"Cross: shapes {left} and {right} are not vectors in space; the last axis of each must have length 3.");
        }

        _ = Shape.Broadcast(left, right, "Cross");
        Expr Component(Expr x, int position) => Part(x, x.Rank - 1, position, 1);
        Expr Minor(int first, int second) => (Component(a, first) * Component(b, second)) - (Component(a, second) * Component(b, first));
        return Concat([Minor(1, 2), Minor(2, 0), Minor(0, 1)], axis: -1);
    }

    /// <summary>The sum of products over the last axes of one tensor and the first of another, in that order. The result has the other axes of both.</summary>
    /// <param name="a">A tensor.</param>
    /// <param name="b">Another.</param>
    /// <param name="axes">How many axes are summed over: 0 for the outer product, 1 for the matrix product.</param>
    /// <exception cref="ShapeException">A tensor has fewer axes, or their lengths differ.</exception>
    public static Expr TensorDot(Expr a, Expr b, int axes)
    {
        var (left, right) = (ShapeOf("TensorDot", a), ShapeOf("TensorDot", b));
        return axes >= 0 && axes <= Math.Min(left.Rank, right.Rank)
            ? TensorDot(a, b, ([.. Enumerable.Range(left.Rank - axes, axes)], [.. Enumerable.Range(0, axes)]))
            : throw new ShapeException($"TensorDot: shapes {left} and {right} do not both have {axes} axes to sum over; use 0 to {Math.Min(left.Rank, right.Rank)}.");
    }

    /// <summary>The sum of products over named axes of two tensors. The result has the other axes of the first, then those of the second.</summary>
    /// <param name="a">A tensor.</param>
    /// <param name="b">Another.</param>
    /// <param name="axes">The axes of the first, and for each the axis of the second that it is summed with; −1 is the last.</param>
    /// <exception cref="ShapeException">An axis does not exist or is named twice, the numbers of axes differ, or lengths differ.</exception>
    /// <example><code>
    /// var (a, b) = (Expr.Ones(2, 3), Expr.Ones(4, 3));
    /// Console.WriteLine(Expr.TensorDot(a, b, ([1], [1])).Shape); // (2, 4)
    /// </code></example>
    public static Expr TensorDot(Expr a, Expr b, (int[] A, int[] B) axes)
    {
        var (left, right) = (ShapeOf("TensorDot", a), ShapeOf("TensorDot", b));
        if (axes.A is null || axes.B is null)
        {
            throw AutodiffException.Null("TensorDot", "a list of axes");
        }

        var (first, second) = (Normalize("TensorDot", left, axes.A), Normalize("TensorDot", right, axes.B));
        if (first.Length != second.Length)
        {
            throw new ShapeException($"TensorDot: {first.Length} axes of shape {left} are named, but {second.Length} of shape {right}; each has a partner.");
        }

        for (var i = 0; i < first.Length; i++)
        {
            if (left[first[i]] != right[second[i]])
            {
                throw new ShapeException($"TensorDot: axis {first[i]} of shape {left} and axis {second[i]} of shape {right} have lengths {left[first[i]]} and {right[second[i]]}; they must be equal.");
            }
        }

        return SumOfProducts("TensorDot", a, b, first, second);
    }

    /// <summary>The differences x[i + 1] − x[i] of neighbours along an axis, which is one shorter in the result.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The axis, −1 for the last.</param>
    /// <exception cref="ShapeException">There is no such axis.</exception>
    /// <example><code>
    /// Console.WriteLine(Expr.Differences(new double[] { 1, 4, 9 })); // [3, 5]
    /// </code></example>
    public static Expr Differences(Expr x, int axis = -1)
    {
        var shape = ShapeOf("Differences", x);
        var along = shape.Axis(axis, "Differences");
        var length = shape[along] - 1;
        return length < 0 ? x : Part(x, along, 1, length) - Part(x, along, 0, length);
    }

    /// <summary>
    /// Numbers from start to stop at equal distances, both included: start + i (stop − start)/(n − 1), the last of them exactly stop. Derivatives pass to both
    /// ends.
    /// </summary>
    /// <param name="start">The first number, a scalar.</param>
    /// <param name="stop">The last number, a scalar; left out if n is 1.</param>
    /// <param name="n">The number of elements.</param>
    /// <exception cref="ShapeException">An end is not a scalar, or the number is negative.</exception>
    /// <example><code>
    /// Console.WriteLine(Expr.Linspace(0, 1, 5)); // [0, 0.25, 0.5, 0.75, 1]
    /// </code></example>
    public static Expr Linspace(Expr start, Expr stop, int n)
    {
        var (first, last) = (ShapeOf("Linspace", start), ShapeOf("Linspace", stop));
        if (!first.IsScalar || !last.IsScalar || n < 0)
        {
            throw new ShapeException($"Linspace: there are no {n} numbers from a tensor of shape {first} to one of shape {last}; both ends are scalars, and the number is 0 or more.");
        }

        var positions = Arange(n);
        return n < 2 ? BroadcastTo(start, new Shape(n)) : Where(Eq(positions, n - 1), stop, start + (positions * ((stop - start) / (n - 1))));
    }

    /// <summary>The numbers start + i·step that are before stop: ⌈(stop − start)/step⌉ elements, or none. The values are constants.</summary>
    /// <param name="start">The first number.</param>
    /// <param name="stop">The end, which is left out.</param>
    /// <param name="step">The distance of neighbours, not 0; if it is negative the numbers descend.</param>
    /// <exception cref="AutodiffException">An argument is not finite, or the step is 0.</exception>
    /// <exception cref="ShapeException">There are more elements than a tensor can hold.</exception>
    /// <example><code>
    /// Console.WriteLine(Expr.Arange(1, 2, 0.25)); // [1, 1.25, 1.5, 1.75]
    /// </code></example>
    public static Expr Arange(double start, double stop, double step = 1)
    {
        var count = Math.Ceiling((stop - start) / step);
        if (!double.IsFinite(start) || !double.IsFinite(stop) || !double.IsFinite(step) || step == 0)
        {
            throw new AutodiffException($"Arange: there is no range from {ValueText.Number(start)} to {ValueText.Number(stop)} in steps of {ValueText.Number(step)}; all are finite, and the step is not 0.");
        }

        if (count > Array.MaxLength)
        {
            throw new ShapeException($"Arange: the range from {ValueText.Number(start)} to {ValueText.Number(stop)} in steps of {ValueText.Number(step)} has more than {Array.MaxLength} elements, the most one tensor can hold.");
        }

        var values = new double[Math.Max(0, (int)count)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = start + (i * step);
        }

        return values;
    }

    /// <summary>A tensor with one value everywhere, or a tensor broadcast to a shape.</summary>
    /// <param name="shape">The lengths of the axes.</param>
    /// <param name="value">The value, a scalar or a tensor that broadcasts to the shape. It receives a derivative.</param>
    /// <exception cref="ShapeException">The value does not broadcast to the shape.</exception>
    public static Expr Full(Shape shape, Expr value)
    {
        var from = ShapeOf("Full", value);
        return from.Rank <= shape.Rank && Shape.TryBroadcast(from, shape, "Full") == shape
            ? BroadcastTo(value, shape)
            : throw new ShapeException($"Full: a value of shape {from} does not fill shape {shape}; give a number, or a tensor that broadcasts to it.");
    }

    /// <summary>The tensor broadcast to a shape by NumPy's rule; see <see cref="BroadcastTo(Expr, Shape)"/>.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="lengths">The lengths of the axes.</param>
    /// <exception cref="ShapeException">A length is negative, or the tensor does not broadcast to the shape.</exception>
    [OverloadResolutionPriority(-1)]
    public static Expr BroadcastTo(Expr x, params ReadOnlySpan<int> lengths) => BroadcastTo(x, new Shape(lengths));

    /// <summary>The coordinates of the points of a grid: for each vector a tensor with an axis for every vector, in which it varies along its own.</summary>
    /// <remarks>
    /// As in NumPy, the first vector varies along the second axis and the second along the first, so that of x and y each row has one y
    /// (<c>indexing: "xy"</c>). The other overloads take <c>indexing: "ij"</c>, with the axes in the order of the vectors.
    /// </remarks>
    /// <param name="vectors">The vectors; a scalar is one of length 1.</param>
    /// <exception cref="ShapeException">There is no vector, one has more than one axis, or the grid is too large.</exception>
    /// <example><code>
    /// var grid = Expr.MeshGrid(new double[] { 1, 2, 3 }, new double[] { 4, 5 });
    /// Console.WriteLine(grid[0]); // [[1, 2, 3], [1, 2, 3]]
    /// Console.WriteLine(grid[1]); // [[4, 4, 4], [5, 5, 5]]
    /// </code></example>
    [OverloadResolutionPriority(-1)]
    public static Expr[] MeshGrid(params ReadOnlySpan<Expr> vectors) => MeshGrid(vectors, "xy");

    /// <summary>The coordinates of the points of a grid; see <see cref="MeshGrid(ReadOnlySpan{Expr})"/>.</summary>
    /// <param name="x">The first vector.</param>
    /// <param name="y">The second vector.</param>
    /// <param name="indexing">"xy" or "ij".</param>
    /// <exception cref="ShapeException">An operand has more than one axis, or the grid is too large.</exception>
    /// <exception cref="AutodiffException">The indexing is another text.</exception>
    public static Expr[] MeshGrid(Expr x, Expr y, string indexing) => MeshGrid([x, y], indexing);

    /// <summary>The coordinates of the points of a grid; see <see cref="MeshGrid(ReadOnlySpan{Expr})"/>.</summary>
    /// <param name="x">The first vector.</param>
    /// <param name="y">The second vector.</param>
    /// <param name="z">The third vector.</param>
    /// <param name="indexing">"xy" or "ij".</param>
    /// <exception cref="ShapeException">An operand has more than one axis, or the grid is too large.</exception>
    /// <exception cref="AutodiffException">The indexing is another text.</exception>
    public static Expr[] MeshGrid(Expr x, Expr y, Expr z, string indexing) => MeshGrid([x, y, z], indexing);

    /// <summary>The coordinates of the points of a grid; see <see cref="MeshGrid(ReadOnlySpan{Expr})"/>.</summary>
    /// <param name="vectors">The vectors; a scalar is one of length 1.</param>
    /// <param name="indexing">"xy" for the first two axes in each other's place, "ij" for the order of the vectors.</param>
    /// <exception cref="ShapeException">There is no vector, one has more than one axis, or the grid is too large.</exception>
    /// <exception cref="AutodiffException">The indexing is another text.</exception>
    public static Expr[] MeshGrid(ReadOnlySpan<Expr> vectors, string indexing)
    {
        _ = FirstOf("MeshGrid", vectors);
        if (indexing is not ("xy" or "ij"))
        {
            throw indexing is null
                ? AutodiffException.Null("MeshGrid", "the indexing")
                : new AutodiffException($"MeshGrid: the indexing \"{indexing}\" is not known; it is \"xy\" or \"ij\".");
        }

        int[] axes = [.. Enumerable.Range(0, vectors.Length)];
        if (indexing == "xy" && axes.Length > 1)
        {
            (axes[0], axes[1]) = (1, 0);
        }

        var lengths = new int[vectors.Length];
        for (var i = 0; i < vectors.Length; i++)
        {
            lengths[axes[i]] = vectors[i].Rank < 2 ? vectors[i].Shape.Size : throw new ShapeException($"MeshGrid: operand {i} has shape {vectors[i].Shape}; each is a vector, or a scalar.");
        }

        var shape = Shape.Of(lengths, "MeshGrid");
        var grid = new Expr[vectors.Length];
        for (var i = 0; i < grid.Length; i++)
        {
            var apart = new int[grid.Length];
            Array.Fill(apart, 1);
            apart[axes[i]] = lengths[axes[i]];
            grid[i] = BroadcastTo(Reshape(vectors[i], Shape.Of(apart)), shape);
        }

        return grid;
    }

    private static Expr ZerosAlong(Shape shape, int axis, int length)
    {
        var lengths = shape.Lengths.ToArray();
        lengths[axis] = length;
        return Zeros(Shape.Of(lengths, "Pad"));
    }

    private static int LengthFromEnd(Shape shape, int fromEnd) => fromEnd <= shape.Rank ? shape[^fromEnd] : 1;

    /// <summary>The product of two lengths; an error if no axis can be so long.</summary>
    private static int Times(string operation, Shape shape, long a, long b) => a <= Array.MaxLength && b <= Array.MaxLength && a * b <= Array.MaxLength
        ? (int)(a * b)
        : throw new ShapeException($"{operation}: an axis of {a}·{b} elements, of a tensor of shape {shape}, is longer than {Array.MaxLength}, the most one tensor can hold.");

    private static Expr Triangle(string operation, Expr x, Func<int, int, bool> isKept)
    {
        var shape = ShapeOf(operation, x);
        if (shape.Rank < 2)
        {
            throw new ShapeException($"{operation}: shape {shape} is not that of matrices; give (…, m, n).");
        }

        if (shape.Size == 0)
        {
            return x;
        }

        var (rows, columns) = (shape[^2], shape[^1]);
        var mask = new double[rows * columns];
        for (var i = 0; i < mask.Length; i++)
        {
            mask[i] = isKept(i / columns, i % columns) ? 1 : 0;
        }

        return Where(Constant(mask, new Shape(rows, columns)), x, 0);
    }

    /// <summary>The largest square block of each matrix whose main diagonal is the diagonal of an offset.</summary>
    private static Expr DiagonalBlock(string operation, Expr x, int offset)
    {
        var shape = ShapeOf(operation, x);
        if (shape.Rank < 2)
        {
            throw new ShapeException($"{operation}: shape {shape} is not that of matrices; give (…, m, n).");
        }

        var (row, column) = ((int)Math.Min(Math.Max(-(long)offset, 0), shape[^2]), Math.Min(Math.Max(offset, 0), shape[^1]));
        var length = Math.Min(shape[^2] - row, shape[^1] - column);
        return Part(Part(x, shape.Rank - 2, row, length), shape.Rank - 1, column, length);
    }
}
