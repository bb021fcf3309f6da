// Values of the primitives that only move elements: permutations, slices, gathers and their transposes.

using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.Evaluation;

internal static class LayoutKernels
{
    public static Storage Broadcast(Storage operand, Shape shape)
    {
        if (operand.IsUniform || operand.Size == 1)
        {
            return Storage.Filled(operand[0], shape);
        }

        if (operand.Size == shape.Size)
        {
            return operand.Reshaped(shape);
        }

        var result = Storage.Uninitialized(shape, out var elements);
        new Broadcasting(operand.Shape, shape).Read(operand.Span, 0, elements);
        return result;
    }

    public static Storage Permute(Permutation permutation, Storage operand, Shape shape)
    {
        if (operand.IsUniform || operand.Size <= 1)
        {
            return operand.Reshaped(shape);
        }

        var result = Storage.Uninitialized(shape, out var elements);
        var source = operand.Span;
        var own = operand.Shape.Strides();
        var strides = Array.ConvertAll(permutation.Order, axis => own[axis]);
        var last = shape.Rank - 1;
        var (rowLength, rowStep) = (shape[last], strides[last]);
        var index = new int[last];
        var row = 0;
        for (var done = 0; done < elements.Length; done += rowLength)
        {
            for (var i = 0; i < rowLength; i++)
            {
                elements[done + i] = source[row + (i * rowStep)];
            }

            for (var axis = last - 1; axis >= 0; axis--)
            {
                row += strides[axis];
                if (++index[axis] < shape[axis])
                {
                    break;
                }

                row -= strides[axis] * shape[axis];
                index[axis] = 0;
            }
        }

        return result;
    }

    public static Storage Select(Selection selection, Storage operand)
    {
        if (operand.IsUniform)
        {
            return operand.Reshaped(selection.To);
        }

        if (StartOfRun(selection) is { } start)
        {
            return operand.View(selection.To, start);
        }

        var result = Storage.Uninitialized(selection.To, out var elements);
        var walk = new SelectionWalk(selection);
        while (walk.Next(out var whole, out var part))
        {
            operand.Span.Slice(whole, walk.RunLength).CopyTo(elements[part..]);
        }

        return result;
    }

    public static Storage Scatter(Placement placement, ReadOnlySpan<Storage> operands)
    {
        var elements = new double[placement.Shape.Size];
        for (var i = 0; i < operands.Length; i++)
        {
            AddTo(elements, placement.Selections[i], operands[i]);
        }

        return new(placement.Shape, elements);
    }

    /// <summary>Adds elements to the positions of a tensor from which a selection reads them.</summary>
    public static void AddTo(Span<double> whole, Selection selection, Storage part)
    {
        if (part.Size == 1 && StartOfRun(selection) is { } position)
        {
            whole[position] += part[0];
            return;
        }

        var elements = part.Span;
        var walk = new SelectionWalk(selection);
        while (walk.Next(out var there, out var here))
        {
            var target = whole.Slice(there, walk.RunLength);
            Runs.AddTo(elements.Slice(here, walk.RunLength), target);
        }
    }

    /// <summary>Writes a number to every position of a tensor that a selection reads.</summary>
    public static void Fill(Span<double> whole, Selection selection, double value)
    {
        var walk = new SelectionWalk(selection);
        while (walk.Next(out var there, out _))
        {
            whole.Slice(there, walk.RunLength).Fill(value);
        }
    }

    /// <summary>Joins operands along an axis: for each position of the axes before it, their runs follow one another.</summary>
    public static Storage Join(int axis, ReadOnlySpan<Storage> operands, Shape shape)
    {
        var result = Storage.Uninitialized(shape, out var elements);
        var outer = 1;
        foreach (var length in shape.Lengths[..axis])
        {
            outer *= length;
        }

        if (outer == 0)
        {
            return result;
        }

        var rowLength = elements.Length / outer;
        var column = 0;
        foreach (var operand in operands)
        {
            var width = operand.Size / outer;
            for (var row = 0; row < outer; row++)
            {
                var target = elements.Slice((row * rowLength) + column, width);
                if (operand.IsUniform)
                {
                    target.Fill(operand[0]);
                }
                else
                {
                    operand.Span.Slice(row * width, width).CopyTo(target);
                }
            }

            column += width;
        }

        return result;
    }

    public static Storage Flip(int axis, Storage operand)
    {
        if (operand.IsUniform || operand.Size == 0)
        {
            return operand;
        }

        var result = Storage.Uninitialized(operand.Shape, out var elements);
        var length = operand.Shape[axis];
        var inner = Inner(operand.Shape, axis);
        for (var start = 0; start < elements.Length; start += inner)
        {
            var (outer, position) = Math.DivRem(start / inner, length);
            operand.Span.Slice(((outer * length) + length - 1 - position) * inner, inner).CopyTo(elements[start..]);
        }

        return result;
    }

    /// <summary>The positions 0, step, 2·step, … of an axis.</summary>
    public static Storage Every(int axis, int step, Storage operand, Shape shape)
    {
        if (operand.IsUniform)
        {
            return operand.Reshaped(shape);
        }

        var result = Storage.Uninitialized(shape, out var elements);
        if (elements.IsEmpty)
        {
            return result;
        }

        var inner = Inner(shape, axis);
        var source = operand.Span;
        var there = 0;
        for (var start = 0; start < elements.Length; start += shape[axis] * inner)
        {
            for (var position = 0; position < shape[axis]; position++)
            {
                source.Slice(there + (position * step * inner), inner).CopyTo(elements[(start + (position * inner))..]);
            }

            there += operand.Shape[axis] * inner;
        }

        return result;
    }

    /// <summary>The position at which a selection starts, if it is one contiguous run of elements; otherwise null.</summary>
    public static int? StartOfRun(Selection? selection) => selection switch
    {
        Element element => element.Position,
        Region { Starts: null } region => region.Offset,
        _ => null,
    };

    private static int Inner(Shape shape, int axis)
    {
        var inner = 1;
        foreach (var length in shape.Lengths[(axis + 1)..])
        {
            inner *= length;
        }

        return inner;
    }

    /// <summary>The runs of elements that a selection reads, as offsets in the whole tensor and in the part.</summary>
    private ref struct SelectionWalk
    {
        private readonly Selection _selection;
        private readonly int[] _index = [];
        private readonly int[] _strides = [];
        private readonly int _inner;
        private readonly int _start;
        private int _part;

        public SelectionWalk(Selection selection)
        {
            _selection = selection;
            switch (selection)
            {
                case var run when StartOfRun(run) is { } start:
                    _start = start;
                    RunLength = selection.To.Size;
                    break;
                case Region region:
                    _start = region.Offset;
                    RunLength = region.Lengths![^1];
                    _index = new int[region.Lengths.Length];
                    _strides = region.From.Strides();
                    break;
                case Positions positions:
                    _inner = Inner(positions.From, positions.Axis);
                    RunLength = _inner;
                    break;
            }
        }

        public int RunLength { get; }

        public bool Next(out int whole, out int part)
        {
            (whole, part) = (0, _part);
            if (_part >= _selection.To.Size || RunLength == 0)
            {
                return false;
            }

            if (_selection is Positions positions)
            {
                var (outer, position) = Math.DivRem(_part / _inner, positions.Indices.Length);
                whole = ((outer * positions.From[positions.Axis]) + positions.Indices[position]) * _inner;
            }
            else
            {
                whole = _start;
                for (var axis = 0; axis < _index.Length; axis++)
                {
                    whole += _index[axis] * _strides[axis];
                }

                for (var axis = _index.Length - 2; axis >= 0 && ++_index[axis] == ((Region)_selection).Lengths![axis]; axis--)
                {
                    _index[axis] = 0;
                }
            }

            _part += RunLength;
            return true;
        }
    }
}
