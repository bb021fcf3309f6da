// The cotangent that a reduction hands on to the elements of its operand, in one pass over blocks of them: an elementwise loop in which the
// result and its cotangent are broadcast to the elements that were folded into it.

using System.Buffers;
using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional.Sweeps;

/// <summary>
/// The cotangents from a reduction whose result is regular (see <see cref="WeightedReduction.IsRegular"/>), block by block. If the weights
/// are shares divided by their sum, the cotangent is divided by the sum instead, since it has fewer elements: in the same step if whole
/// groups fit into a block, otherwise after a first pass that only computes the sums.
/// </summary>
internal readonly struct ReductionFlow : IDisposable
{
    private readonly WeightedReduction _reduction;
    private readonly BlockReader _x;
    private readonly BlockReader _y;
    private readonly BlockReader _flow;
    private readonly BlockReader? _live;

    // The cotangent of the result, and an array for its quotients by the sums of shares (null if the shares are the weights).
    private readonly Storage _cotangent;
    private readonly double[]? _quotients;

    // The size of a group, the smallest run of elements none of which is folded with an element outside it, and the number of its results.
    private readonly int _group = 1;
    private readonly int _groupResults = 1;

    public ReductionFlow(Expr node, WeightedReduction reduction, Sensitivity cotangent)
    {
        var shape = node.Operand(0).Shape;
        var axes = reduction.Axes;
        var kept = axes.Kept(shape);
        _reduction = reduction;
        _x = new(node.Operand(0).Storage, shape);
        _y = new(node.Storage.Reshaped(kept), shape);
        _live = cotangent.Live is { } live ? new(live.Storage.Reshaped(kept), shape) : null;
        _cotangent = cotangent.Value.Storage.Reshaped(kept);
        for (var axis = axes.Indices.Length > 0 ? axes.Indices[0] : shape.Rank; axis < shape.Rank; axis++)
        {
            _group *= shape[axis];
            _groupResults *= kept[axis];
        }

        Step = IsOneStep ? Block.Capacity / _group * _group : Block.Capacity;
        if (!reduction.AreNormalized)
        {
            _flow = new(_cotangent, shape);
            return;
        }

        _quotients = ArrayPool<double>.Shared.Rent(kept.Size);
        _quotients.AsSpan(0, kept.Size).Clear();
        _flow = new(new Storage(kept, _quotients), shape);
        if (!IsOneStep)
        {
            SumShares(shape.Size);
            Divide(0, kept.Size);
        }
    }

    /// <summary>How many elements are read at a time: as many whole groups as fit into a block, or one block if a group is larger.</summary>
    public int Step { get; }

    private bool IsOneStep => _group is > 0 and <= Block.Capacity;

    /// <summary>For a block of the operand's elements: the cotangent of the result, its mask, and the shares that it is to be multiplied by.</summary>
    public (Block Flow, Block? Live, PartialDerivative<Block> Share) Read(Block.Scratch scratch, int start)
    {
        var share = Share(scratch, start);
        if (_quotients is not null && IsOneStep)
        {
            AddToSums(share, scratch, start);
            Divide(start / _group * _groupResults, scratch.Length / _group * _groupResults);
        }

        return (_flow.Read(scratch, start), _live?.Read(scratch, start), share);
    }

    public void Dispose()
    {
        if (_quotients is not null)
        {
            ArrayPool<double>.Shared.Return(_quotients);
        }
    }

    private PartialDerivative<Block> Share(Block.Scratch scratch, int start) =>
        _reduction.Share(_x.Read(scratch, start), _y.Read(scratch, start));

    private void SumShares(int size)
    {
        var scratch = Block.Scratch.Take();
        for (var start = 0; start < size; start += Step)
        {
            scratch.Next(Math.Min(Step, size - start));
            AddToSums(Share(scratch, start), scratch, start);
        }

        scratch.Return();
    }

    private void AddToSums(PartialDerivative<Block> share, Block.Scratch scratch, int start) =>
        _flow.Layout.Accumulate(share.Selected.Written(scratch).Span, start, _quotients);

    /// <summary>Replaces sums by the quotients of the cotangent by them.</summary>
    private void Divide(int first, int count)
    {
        var sums = _quotients.AsSpan(first, count);
        var cotangent = _cotangent.IsUniform ? new Lane(_cotangent[0]) : new Lane(_cotangent.Span.Slice(first, count));
        ElementwiseTable.Map(Op.Divide, cotangent, new Lane(sums), sums);
    }
}
