// The cotangent of one tensor in a numeric reverse sweep, while contributions are added to it.

using System.Buffers;
using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional.Sweeps;

/// <summary>
/// The sum of the cotangents that have reached a tensor so far: nothing, one number for all elements, or an array that is added to in
/// place. With it a mask of its structural zeros (see <see cref="Sensitivity"/>), null if there are none.
/// </summary>
internal sealed class Cotangent(Shape shape, bool isResult)
{
    private double[]? _elements;
    private double[]? _live;
    private double _uniform;
    private bool _isTaken;
    private bool _isUnmasked;

    public int Size { get; } = shape.Size;

    public bool IsZero { get; private set; } = true;

    private Span<double> Elements => _elements.AsSpan(0, Size);

    /// <summary>The elements of a block that starts at a position; one number if the cotangent is uniform.</summary>
    public Block Read(Block.Scratch scratch, int start) => _elements is null ? new(_uniform) : new(scratch, _elements, start);

    public Block? ReadLive(Block.Scratch scratch, int start) => _live is null ? null : new Block(scratch, _live, start);

    /// <summary>Prepares for a cotangent that is added block by block.</summary>
    /// <param name="isElementwise">
    /// Whether the blocks correspond to the tensor's elements in order, so that the first cotangent can be written instead of added.
    /// </param>
    /// <param name="spent">A cotangent that is not needed afterwards, so that its array may be taken over; null if there is none.</param>
    public void Begin(bool isElementwise, Cotangent? spent)
    {
        if (_elements is not null)
        {
            return;
        }

        if (spent is { _elements: not null } && !isResult)
        {
            // The other cotangent still reads the array while this one writes it, but each block is read before it is written.
            _elements = spent._elements;
            spent._isTaken = true;
            return;
        }

        Allocate();
        if (!(IsZero && isElementwise))
        {
            Elements.Fill(IsZero ? 0 : _uniform);
        }
    }

    /// <summary>Adds a block of a cotangent where its mask, if it has one, is not 0; the first cotangent is written instead.</summary>
    public void Add(int start, Block.Scratch scratch, Broadcasting layout, Block flow, Block? live, bool isFirst)
    {
        var target = layout.IsIdentity ? _elements.AsSpan(start, scratch.Length) : Elements;
        if (layout.IsIdentity && isFirst)
        {
            flow.CopyTo(target, live ?? 1);
        }
        else if (layout.IsIdentity)
        {
            flow.Where(live ?? 1).AddTo(target);
        }
        else
        {
            layout.Accumulate(flow.Where(live ?? 1).Written(scratch).Span, start, target);
        }

        if (live is not { } mask)
        {
            _isUnmasked = true;
        }
        else if (!isResult && (IsZero || _live is not null))
        {
            AddLive(start, scratch, layout, mask);
        }
    }

    /// <summary>
    /// Ends a cotangent that was added block by block: from now on the sum is no longer nothing, and a mask without zeros is dropped.
    /// </summary>
    public void End()
    {
        if (_isUnmasked || (_live is not null && !_live.AsSpan(0, Size).Contains(0.0)))
        {
            DropLive();
        }

        (IsZero, _isUnmasked) = (false, false);
    }

    public void Add(Storage flow, Storage? live)
    {
        if (flow.IsUniform && _elements is null && (IsZero || _live is null) && live is null)
        {
            // The first cotangent is stored, not added to 0, which would lose the sign of −0.
            _uniform = IsZero ? flow[0] : _uniform + flow[0];
        }
        else
        {
            Begin(isElementwise: IsZero, spent: null);
            if (IsZero)
            {
                flow.Span.CopyTo(Elements);
            }
            else
            {
                Runs.AddTo(flow.Span, Elements);
            }
        }

        if (live is null)
        {
            _isUnmasked = true;
        }
        else if (!isResult && (IsZero || _live is not null))
        {
            _live ??= RentedZeros();
            ElementwiseTable.Map(Op.Max, new Lane(_live.AsSpan(0, Size)), new Lane(live.Span), _live.AsSpan(0, Size));
        }

        End();
    }

    /// <summary>Adds a number to one element; elements that nothing is added to remain structural zeros.</summary>
    public void Add(int element, double flow)
    {
        Begin(isElementwise: false, spent: null);
        _elements![element] += flow;
        if (!isResult && (IsZero || _live is not null))
        {
            _live ??= RentedZeros();
            _live[element] = 1;
        }

        IsZero = false;
    }

    /// <summary>Adds the cotangent of a selection to the elements that it reads; elements that no selection reads remain structural zeros.</summary>
    public void Add(Selection selection, Sensitivity piece)
    {
        Begin(isElementwise: false, spent: null);
        LayoutKernels.AddTo(Elements, selection, piece.Value.Storage);
        if (!isResult && (IsZero || _live is not null))
        {
            _live ??= RentedZeros();
            if (piece.Live is null)
            {
                LayoutKernels.Fill(_live.AsSpan(0, Size), selection, 1);
            }
            else
            {
                LayoutKernels.AddTo(_live.AsSpan(0, Size), selection, piece.Live.Storage);
            }
        }

        IsZero = false;
    }

    public Storage ToStorage() => _elements is null ? Storage.Filled(_uniform, shape)
        : isResult ? new(shape, _elements)
        : new(shape, Elements.ToArray());

    /// <summary>
    /// The cotangent as constants, for the rules of primitives. They share its arrays, so they are valid only until <see cref="Release"/>.
    /// </summary>
    public Sensitivity ToSensitivity()
    {
        return new(
            Expr.Constant(_elements is null ? Storage.Filled(_uniform, shape) : new(shape, _elements)),
            _live is null ? null : Expr.Constant(new Storage(shape, _live)));
    }

    /// <summary>Returns the arrays to their pool, once the cotangent has been handed on to the operands.</summary>
    public void Release()
    {
        if (_elements is not null && !isResult && !_isTaken)
        {
            ArrayPool<double>.Shared.Return(_elements);
        }

        _elements = null;
        DropLive();
    }

    private void AddLive(int start, Block.Scratch scratch, Broadcasting layout, Block mask)
    {
        _live ??= RentedZeros();
        if (layout.IsIdentity)
        {
            var target = _live.AsSpan(start, scratch.Length);
            ElementwiseTable.Map(Op.Max, new Lane(target), mask.Lane, target);
        }
        else
        {
            layout.Accumulate(mask.Written(scratch).Span, start, _live.AsSpan(0, Size));
        }
    }

    private void Allocate() => _elements = isResult ? GC.AllocateUninitializedArray<double>(Size) : ArrayPool<double>.Shared.Rent(Size);

    private double[] RentedZeros()
    {
        var array = ArrayPool<double>.Shared.Rent(Size);
        array.AsSpan(0, Size).Clear();
        return array;
    }

    private void DropLive()
    {
        if (_live is not null)
        {
            ArrayPool<double>.Shared.Return(_live);
            _live = null;
        }
    }
}
