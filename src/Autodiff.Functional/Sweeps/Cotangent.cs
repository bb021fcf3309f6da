// The cotangent of one tensor while numbers flow into it.

using System.Buffers;
using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional.Sweeps;

/// <summary>
/// The sum of what has flowed to a tensor so far: nothing, one number everywhere, or an array that is added to in place.
/// Beside it a mask of what nothing has flowed to (see <see cref="Sensitivity"/>), null where everything lives.
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

    /// <summary>The cotangent of a block; one number where it is uniform.</summary>
    public Block Read(Block.Scratch scratch, int start) => _elements is null ? new(_uniform) : new(scratch, _elements, start);

    public Block? ReadLive(Block.Scratch scratch, int start) => _live is null ? null : new Block(scratch, _live, start);

    /// <summary>Makes room for flows added block by block.</summary>
    /// <param name="isElementwise">Whether the flows come in the tensor's own order, so that a first one may be written over what is there.</param>
    /// <param name="spent">A cotangent nobody reads afterwards, whose array may be taken over.</param>
    public void Begin(bool isElementwise, Cotangent? spent)
    {
        if (_elements is not null)
        {
            return;
        }

        if (spent is { _elements: not null } && !isResult)
        {
            // The cotangent keeps reading the array while this one is written, a block behind.
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

    /// <summary>Adds a block of a flow where its mask, if it has one, is not 0; a first one is written.</summary>
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

    /// <summary>Ends a series of flows: what was written now counts.</summary>
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
            // A first flow is stored, not added to 0, which would lose the sign of −0.
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

    /// <summary>Adds to one element; what nothing is added to stays dead.</summary>
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

    /// <summary>Adds a piece where a selection reads it; what no piece covers stays dead.</summary>
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

    /// <summary>A view for the rules; it is valid until <see cref="Release"/>.</summary>
    public Sensitivity ToSensitivity()
    {
        return new(
            Expr.Constant(_elements is null ? Storage.Filled(_uniform, shape) : new(shape, _elements)),
            _live is null ? null : Expr.Constant(new Storage(shape, _live)));
    }

    /// <summary>Gives the arrays back: the cotangent has been handed on.</summary>
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
