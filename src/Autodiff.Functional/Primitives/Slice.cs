// Parts of a tensor: an element or a box of elements. Take reads positions along an axis. All three read the elements of a selection; Scatter is
// their transpose.

using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>The slice at a position of the first axis, without that axis: an element of a vector, or a row of a matrix.</summary>
    /// <param name="position">The position, 0 or more; <c>x[^1]</c> counts from the end.</param>
    /// <exception cref="ShapeException">The expression is a scalar, or the position is outside the axis.</exception>
    public Expr this[int position] => Elements is { Shape.Rank: 1 } vector && (uint)position < (uint)vector.Size
        ? Element(vector, position)
        : this[new ReadOnlySpan<Slice>([position])];

    /// <summary>
    /// Part of a tensor, such as <c>x[0]</c>, <c>x[^1]</c>, <c>x[1..]</c>, <c>x[.., 0]</c> or <c>x[Slice.Every(2)]</c>. A position drops its axis, a range keeps
    /// it; axes that are not mentioned are kept whole.
    /// </summary>
    /// <param name="slices">One for each axis from the first on, at most as many as there are axes.</param>
    /// <exception cref="ShapeException">There are more slices than axes, or a slice is outside its axis.</exception>
    public Expr this[params ReadOnlySpan<Slice> slices]
    {
        get
        {
            if (slices.Length > Rank)
            {
                throw new ShapeException(Rank == 0
                    ? $"Slice: the expression is a scalar, of shape (), which has 0 axes, so there is nothing to index by [{string.Join(", ", slices.ToArray())}]; leave the index out, or make a vector of it with Reshape(x, 1)."
                    : $"Slice: {slices.Length} slice(s) [{string.Join(", ", slices.ToArray())}] of shape {Shape}, which has {Rank} axes.");
            }

            var starts = new int[Rank];
            var lengths = Shape.Lengths.ToArray();
            var kept = new List<int>(Rank);
            var (steps, isWhole) = (new List<(int Axis, int Step)>(), true);
            for (var axis = 0; axis < Rank; axis++)
            {
                if (axis < slices.Length)
                {
                    (starts[axis], lengths[axis]) = slices[axis].On(axis, Shape);
                    isWhole &= lengths[axis] == Shape[axis] && !slices[axis].IsPosition;
                    if (slices[axis].Step > 1)
                    {
                        steps.Add((kept.Count, slices[axis].Step));
                    }
                }

                if (axis >= slices.Length || !slices[axis].IsPosition)
                {
                    kept.Add(lengths[axis]);
                }
            }

            var shape = Shape.Of([.. kept]);
            var part = steps.Count > 0 && isWhole ? this : Make(new SlicePrimitive(Region.Of(Shape, shape, starts, lengths)), shape, [this]);
            foreach (var (axis, step) in steps)
            {
                part = EveryPrimitive.Of(part, axis, step);
            }

            return part;
        }
    }

    /// <summary>The positions of a range along an axis; the tensor itself if that is all of them.</summary>
    internal static Expr Part(Expr x, int axis, int start, int length)
    {
        if (start == 0 && length == x.Shape[axis])
        {
            return x;
        }

        var slices = new Slice[axis + 1];
        Array.Fill(slices, ..);
        slices[axis] = start..(start + length);
        return x[slices];
    }

    /// <summary>One element of a vector, without the work for general slices: programs on scalars read thousands of elements.</summary>
    private Expr Element(Storage vector, int position)
    {
        if (Op == Op.Constant)
        {
            return Number(vector[position]);
        }

        var element = SlicePrimitive.OfElement(position);
        return IsConcrete ? new(vector[position], this, element) : new(Op.Slice, element, Shape.Scalar, null, [this]);
    }
}

/// <summary>Reads the elements of a selection: a linear map, whose transpose is a <see cref="ScatterPrimitive"/> of one part.</summary>
internal abstract record SelectionPrimitive(Selection Selection) : View
{
    /// <summary>The primitive that reads a selection.</summary>
    public static SelectionPrimitive Of(Selection selection) => selection switch
    {
        Positions positions => new TakePrimitive(positions),
        Element element => SlicePrimitive.OfElement(element.Position),
        _ => new SlicePrimitive(selection),
    };

    /// <summary>The elements that a selection reads from a tensor.</summary>
    public static Expr Read(Selection selection, Expr x) => Expr.Make(Of(selection), selection.To, [x]);

    public sealed override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands) => LayoutKernels.Select(Selection, operands[0]);

    public sealed override Sensitivity? Push(Point point, Expr node, int operand, Sensitivity tangent) => tangent.Through(x => Expr.Make(this, node.Shape, [x]));

    public sealed override Sensitivity? Pull(Point point, Expr node, int operand, Sensitivity cotangent) =>
        Sensitivity.Gathered(node.Operand(0).Shape, [(Selection, cotangent)]);

    public sealed override Expr Batch(Expr node, Batched[] operands, int size) => Read(Selection.Batched(node.Operand(0).Shape, size), operands[0].Value);

    public sealed override int[] AxesOf(Expr node, int operand) => AxisMap.Selected(Selection, node.Operand(0).Shape, node.Shape);

    public sealed override (int Operand, int[] Index) Source(Expr node, int[] index) => (0, AxisMap.IndexIn(Selection, node.Operand(0).Shape, node.Shape, index));
}

/// <summary>Reads one element, or a box of elements.</summary>
internal sealed record SlicePrimitive(Selection Selection) : SelectionPrimitive(Selection)
{
    // The primitives for the first positions are shared, because programs on scalars read thousands of elements.
    private static readonly SlicePrimitive[] s_ofElements = [.. Enumerable.Range(0, 1024).Select(position => new SlicePrimitive(new Element(position)))];

    public override Op Op => Op.Slice;

    public override Spelling Spelling => new("slice");

    /// <summary>The primitive that reads one element of a vector.</summary>
    public static SlicePrimitive OfElement(int position) => position < s_ofElements.Length ? s_ofElements[position] : new(new Element(position));

    public override TMemory? Seen<TMemory>(Expr node, TMemory memory)
        where TMemory : class => AxisMap.Part(memory, Selection, node.Operand(0).Shape, node.Shape);

    public override IEnumerable<(string Label, string Text)> Attributes(Expr node) => [("", Indexer.Text(Selection))];

    public override Fragment Print(Notation notation, Expr node, ReadOnlySpan<Fragment> operands) =>
        notation.Indexed(operands[0], Indexer.Text(Selection, notation.LargestList));
}
