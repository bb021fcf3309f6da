// How the elements of an operand of an elementwise primitive correspond to those of the result: the operand is read in blocks, stretched to
// the result, and a cotangent of the result is summed back in blocks. No other code depends on the layout of broadcasting.

using System.Numerics;
using System.Runtime.InteropServices;
using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.Evaluation;

/// <summary>The correspondence between the elements of a broadcast result and those of one operand.</summary>
internal readonly struct Broadcasting
{
    // The longest row, in elements, that is treated inline: below this a call for each row would cost more than the work on its elements.
    private const int ShortRow = 32;

    private readonly Shape _result;
    private readonly int[] _strides;

    /// <summary>How a tensor of one shape is stretched to another.</summary>
    public Broadcasting(Shape operand, Shape result)
    {
        _result = result;
        IsIdentity = operand.Size == result.Size;
        IsSingle = operand.Size == 1;
        if (IsIdentity || IsSingle)
        {
            _strides = [];
            return;
        }

        // For each axis of the result the stride in the operand, 0 where the operand is stretched.
        _strides = new int[result.Rank];
        var own = operand.Strides();
        for (var axis = 0; axis < operand.Rank; axis++)
        {
            _strides[result.Rank - operand.Rank + axis] = operand[axis] == 1 ? 0 : own[axis];
        }
    }

    /// <summary>Whether the elements of operand and result correspond one to one, in order.</summary>
    public bool IsIdentity { get; }

    /// <summary>Whether the operand has one element, which corresponds to all of the result.</summary>
    public bool IsSingle { get; }

    /// <summary>Reads the operand's elements that correspond to a run of the result.</summary>
    public void Read(ReadOnlySpan<double> operand, int start, Span<double> run)
    {
        if (run.IsEmpty)
        {
            return;
        }

        if (IsSingle)
        {
            run.Fill(operand[0]);
            return;
        }

        ForEachRow(start, run.Length, new Reading(operand, run));
    }

    /// <summary>Adds a run of the result to the operand's elements that correspond to it: the transpose of <see cref="Read"/>.</summary>
    public void Accumulate(ReadOnlySpan<double> run, int start, Span<double> operand)
    {
        if (IsSingle)
        {
            operand[0] += Folds.Sum(run);
            return;
        }

        if (IsIdentity)
        {
            var target = operand.Slice(start, run.Length);
            Runs.AddTo(run, target);
            return;
        }

        ForEachRow(start, run.Length, new Accumulation(run, operand));
    }

    /// <summary>Passes the rows that make up a run of the result to an action, in order.</summary>
    private void ForEachRow<TAction>(int start, int length, TAction action)
        where TAction : struct, IRowAction, allows ref struct
    {
        var walk = new Walk(this, start, stackalloc int[_result.Rank]);
        for (var done = 0; done < length;)
        {
            var rows = walk.Next(length - done);
            if (rows.Step == 0)
            {
                action.WithElements(rows, done);
            }
            else
            {
                for (var row = 0; row < rows.Count; row++)
                {
                    action.WithRun(rows.OffsetOf(row), rows.Length, done + (row * rows.Length));
                }
            }

            done += rows.Size;
        }
    }

    /// <summary>Fills each row with the one element that corresponds to it.</summary>
    private static void Fill(ReadOnlySpan<double> operand, in Rows rows, Span<double> result)
    {
        var (length, width) = (rows.Length, Vector<double>.Count);
        var isShort = length >= width && length <= ShortRow;
        ref var start = ref MemoryMarshal.GetReference(result);
        for (var row = 0; row < rows.Count; row++)
        {
            var value = operand[rows.OffsetOf(row)];
            if (!isShort)
            {
                result.Slice(row * length, length).Fill(value);
                continue;
            }

            // The last vector may overlap the one before it.
            var values = new Vector<double>(value);
            var (at, last) = (row * length, ((row + 1) * length) - width);
            for (; at < last; at += width)
            {
                values.StoreUnsafe(ref start, (nuint)at);
            }

            values.StoreUnsafe(ref start, (nuint)last);
        }
    }

    /// <summary>Adds the sum of each row to the one element that corresponds to it.</summary>
    private static void AddSums(ReadOnlySpan<double> run, in Rows rows, Span<double> operand)
    {
        var (length, width) = (rows.Length, Vector<double>.Count);
        var isShort = length >= width && length <= ShortRow;
        ref var start = ref MemoryMarshal.GetReference(run);
        for (var row = 0; row < rows.Count; row++)
        {
            var (at, end) = (row * length, (row + 1) * length);
            if (!isShort)
            {
                operand[rows.OffsetOf(row)] += Folds.Sum(run[at..end]);
                continue;
            }

            var sums = Vector.LoadUnsafe(ref start, (nuint)at);
            for (at += width; at <= end - width; at += width)
            {
                sums += Vector.LoadUnsafe(ref start, (nuint)at);
            }

            var sum = Vector.Sum(sums);
            for (; at < end; at++)
            {
                sum += run[at];
            }

            operand[rows.OffsetOf(row)] += sum;
        }
    }

    /// <summary>
    /// Consecutive rows of equal length in the result. In the operand, the first row starts at an offset; Step is the distance from one element
    /// of a row to the next (0 or 1), RowStep that from one row to the next.
    /// </summary>
    private readonly record struct Rows(int Count, int Length, int Offset, int Step, int RowStep)
    {
        public int Size => Count * Length;

        public int OffsetOf(int row) => Offset + (row * RowStep);
    }

    /// <summary>What is done with the rows of a run of the result and the elements of the operand that correspond to them.</summary>
    private interface IRowAction
    {
        /// <summary>Treats rows to each of which one element of the operand corresponds.</summary>
        /// <param name="rows">The rows.</param>
        /// <param name="at">Where the first row starts in the run.</param>
        void WithElements(in Rows rows, int at);

        /// <summary>Treats a row to which a row of the operand corresponds.</summary>
        /// <param name="offset">Where that row starts in the operand.</param>
        /// <param name="length">The length of both.</param>
        /// <param name="at">Where the row starts in the run.</param>
        void WithRun(int offset, int length, int at);
    }

    /// <summary>Copies elements of the operand to the run.</summary>
    private readonly ref struct Reading(ReadOnlySpan<double> operand, Span<double> run) : IRowAction
    {
        private readonly ReadOnlySpan<double> _operand = operand;
        private readonly Span<double> _run = run;

        public void WithElements(in Rows rows, int at) => Fill(_operand, rows, _run.Slice(at, rows.Size));

        public void WithRun(int offset, int length, int at) => _operand.Slice(offset, length).CopyTo(_run[at..]);
    }

    /// <summary>Adds the run to elements of the operand.</summary>
    private readonly ref struct Accumulation(ReadOnlySpan<double> run, Span<double> operand) : IRowAction
    {
        private readonly ReadOnlySpan<double> _run = run;
        private readonly Span<double> _operand = operand;

        public void WithElements(in Rows rows, int at) => AddSums(_run.Slice(at, rows.Size), rows, _operand);

        public void WithRun(int offset, int length, int at) => Runs.AddTo(_run.Slice(at, length), _operand.Slice(offset, length));
    }

    /// <summary>Steps through the result in rows along its last axis; whole rows are taken together up to the end of the axis before it.</summary>
    private ref struct Walk
    {
        private readonly ReadOnlySpan<int> _lengths;
        private readonly ReadOnlySpan<int> _strides;
        private readonly Span<int> _index;
        private int _row;

        public Walk(in Broadcasting of, int start, Span<int> index)
        {
            _lengths = of._result.Lengths;
            _strides = of._strides;
            _index = index;
            for (var axis = _lengths.Length - 1; axis >= 0; axis--)
            {
                (start, _index[axis]) = Math.DivRem(start, _lengths[axis]);
                _row += axis == _lengths.Length - 1 ? 0 : _index[axis] * _strides[axis];
            }
        }

        public Rows Next(int most)
        {
            var last = _lengths.Length - 1;
            var (at, whole) = (_index[last], _lengths[last]);
            var count = last > 0 && at == 0 && most >= whole ? Math.Min(most / whole, _lengths[last - 1] - _index[last - 1]) : 1;
            var length = Math.Min(most, whole - at);
            var rows = new Rows(count, length, _row + (at * _strides[last]), _strides[last], last > 0 ? _strides[last - 1] : 0);
            _index[last] = at + length;
            if (_index[last] == whole)
            {
                _index[last] = 0;
                Advance(last - 1, count);
            }

            return rows;
        }

        private void Advance(int axis, int count)
        {
            for (; axis >= 0; axis--, count = 1)
            {
                _row += _strides[axis] * count;
                _index[axis] += count;
                if (_index[axis] < _lengths[axis])
                {
                    break;
                }

                _row -= _strides[axis] * _lengths[axis];
                _index[axis] = 0;
            }
        }
    }
}

/// <summary>One operand of an elementwise loop, read a block at a time.</summary>
internal readonly struct BlockReader
{
    private readonly Storage _operand;
    private readonly double[]? _data;
    private readonly int _offset;

    public BlockReader(Storage operand, Shape result)
    {
        _operand = operand;
        Layout = new(operand.Shape, result);
        (_data, _offset) = operand.IsUniform || Layout.IsSingle ? (null, 0) : operand.Run();
    }

    public Broadcasting Layout { get; }

    public Block Read(Block.Scratch scratch, int start)
    {
        if (_data is null)
        {
            return new(_operand[0]);
        }

        if (Layout.IsIdentity)
        {
            return new(scratch, _data, _offset + start);
        }

        var block = scratch.Rent(out var run);
        Layout.Read(_data.AsSpan(_offset, _operand.Size), start, run);
        return block;
    }
}
