// How an operand of an elementwise primitive lies under the result: read in blocks where it is stretched, and summed
// back in blocks where a cotangent returns to it. This is the only place that knows how broadcasting is laid out.

using System.Numerics.Tensors;

namespace Autodiff.Functional.Evaluation;

/// <summary>The correspondence between the elements of a broadcast result and those of one operand.</summary>
internal readonly struct Broadcasting
{
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

        // The step in the operand for one step along each axis of the result: 0 where the operand is stretched.
        _strides = new int[result.Rank];
        var own = operand.Strides();
        for (var axis = 0; axis < operand.Rank; axis++)
        {
            _strides[result.Rank - operand.Rank + axis] = operand[axis] == 1 ? 0 : own[axis];
        }
    }

    /// <summary>Elements correspond one to one, in order.</summary>
    public bool IsIdentity { get; }

    /// <summary>One element stands for all.</summary>
    public bool IsSingle { get; }

    /// <summary>The operand's elements under a run of the result.</summary>
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

        var walk = new Walk(this, start, stackalloc int[_result.Rank]);
        for (var done = 0; done < run.Length;)
        {
            var (offset, step, length) = walk.Next(run.Length - done);
            if (step == 0)
            {
                run.Slice(done, length).Fill(operand[offset]);
            }
            else
            {
                operand.Slice(offset, length).CopyTo(run[done..]);
            }

            done += length;
        }
    }

    /// <summary>Adds a run of the result onto the operand's elements above it: the transpose of <see cref="Read"/>.</summary>
    public void Accumulate(ReadOnlySpan<double> run, int start, Span<double> operand)
    {
        if (IsSingle)
        {
            operand[0] += TensorPrimitives.Sum(run);
            return;
        }

        var walk = new Walk(this, start, stackalloc int[_result.Rank]);
        for (var done = 0; done < run.Length;)
        {
            var (offset, step, length) = walk.Next(run.Length - done);
            var part = run.Slice(done, length);
            if (step == 0)
            {
                operand[offset] += TensorPrimitives.Sum(part);
            }
            else
            {
                var target = operand.Slice(offset, length);
                TensorPrimitives.Add(target, part, target);
            }

            done += length;
        }
    }

    /// <summary>Steps through the result in runs along its last axis.</summary>
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

        public (int Offset, int Step, int Length) Next(int most)
        {
            var last = _lengths.Length - 1;
            var step = _strides[last];
            var offset = _row + (_index[last] * step);
            var length = Math.Min(most, _lengths[last] - _index[last]);
            _index[last] += length;
            if (_index[last] == _lengths[last])
            {
                _index[last] = 0;
                for (var axis = last - 1; axis >= 0; axis--)
                {
                    _row += _strides[axis];
                    if (++_index[axis] < _lengths[axis])
                    {
                        break;
                    }

                    _row -= _strides[axis] * _lengths[axis];
                    _index[axis] = 0;
                }
            }

            return (offset, step, length);
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
