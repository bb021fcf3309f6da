// Blocks: pieces of a tensor small enough for the first-level cache. Derivative rules run block by block, so their temporaries stay in the
// cache however long the tensors are: each input is read from memory once and each result written once.

using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.Evaluation;

/// <summary>A run of at most <see cref="Capacity"/> elements of a tensor, or one number that is the value of the whole run.</summary>
internal readonly struct Block : IElementary<Block>
{
    /// <summary>The largest number of elements: 512 doubles are 4 KiB, so several blocks fit into the first-level cache together.</summary>
    public const int Capacity = 512;

    private readonly Scratch? _scratch;
    private readonly double[]? _array;
    private readonly int _offset;
    private readonly double _constant;

    public Block(double constant) => _constant = constant;

    /// <summary>The elements of an array from an offset on, as many as the scratch's current length.</summary>
    public Block(Scratch scratch, double[] array, int offset) => (_scratch, _array, _offset) = (scratch, array, offset);

    public bool IsConstant => _array is null;

    /// <summary>Whether the whole run is the number 1.</summary>
    public bool IsOne => Is(1);

    public ReadOnlySpan<double> Span => _array.AsSpan(_offset, _scratch!.Length);

    public Lane Lane => IsConstant ? new(_constant) : new(Span);

    public static implicit operator Block(double value) => new(value);

    public static Block operator +(Block a, Block b) => Apply(Op.Add, a, b);

    public static Block operator -(Block a, Block b) => Apply(Op.Subtract, a, b);

    public static Block operator *(Block a, Block b) => a.Is(1) ? b : b.Is(1) ? a : Apply(Op.Multiply, a, b);

    public static Block operator /(Block a, Block b) => Apply(Op.Divide, a, b);

    public static Block operator -(Block x) => Apply(Op.Negate, x);

    public static Block Both(Block mask, Block other) => mask.Is(0) || other.Is(1) ? mask : other.Is(0) ? other : mask * other;

    public static Block Apply(Op op, Block x)
    {
        if (x.IsConstant)
        {
            return new(ElementwiseTable.Value(op, x._constant));
        }

        if (op == Op.StopGradient)
        {
            return x;
        }

        var result = x._scratch!.Rent();
        ElementwiseTable.Map(op, x.Span, result.Writable);
        return result;
    }

    public static Block Apply(Op op, Block a, Block b)
    {
        if (a.IsConstant && b.IsConstant)
        {
            return new(ElementwiseTable.Value(op, a._constant, b._constant));
        }

        var result = (a._scratch ?? b._scratch)!.Rent();
        ElementwiseTable.Map(op, a.Lane, b.Lane, result.Writable);
        return result;
    }

    public static Block Apply(Op op, Block a, Block b, Block c)
    {
        if ((a._scratch ?? b._scratch ?? c._scratch) is not { } scratch)
        {
            return new(ElementwiseTable.Value(op, a._constant, b._constant, c._constant));
        }

        var result = scratch.Rent();
        ElementwiseTable.Map(op, a.Lane, b.Lane, c.Lane, result.Writable);
        return result;
    }

    /// <summary>This block where the mask is not 0, and 0 elsewhere.</summary>
    public Block Where(Block mask)
    {
        if (mask.IsConstant)
        {
            return mask._constant == 0 ? new(0) : this;
        }

        var result = mask._scratch!.Rent();
        Runs.Choose(mask.Span, Lane, new(0), result.Writable);
        return result;
    }

    /// <summary>The sum of the elements, given how many there are.</summary>
    public double SumOf(int length) => IsConstant ? _constant * length : Folds.Sum(Span);

    /// <summary>Whether any element is not 0.</summary>
    public bool IsAnywhere => IsConstant ? _constant != 0 : Span.ContainsAnyExcept(0.0);

    /// <summary>The block with every element in memory, also if it is one number for the whole run.</summary>
    public Block Written(Scratch scratch)
    {
        if (!IsConstant)
        {
            return this;
        }

        var block = scratch.Rent(out var elements);
        elements.Fill(_constant);
        return block;
    }

    /// <summary>Writes this block where the mask is not 0, and 0 elsewhere.</summary>
    public void CopyTo(Span<double> target, Block mask)
    {
        if (!mask.IsConstant)
        {
            Runs.Choose(mask.Span, Lane, new(0), target);
        }
        else if (Where(mask) is { IsConstant: true } same)
        {
            target.Fill(same._constant);
        }
        else
        {
            Span.CopyTo(target);
        }
    }

    public void AddTo(Span<double> target)
    {
        ElementwiseTable.Map(Op.Add, new Lane(target), Lane, target);
    }

    private Span<double> Writable => _array.AsSpan(_offset, _scratch!.Length);

    private bool Is(double value) => IsConstant && _constant == value;

    /// <summary>The arrays that hold the blocks of one loop; each step of the loop uses them again.</summary>
    public sealed class Scratch
    {
        [ThreadStatic]
        private static Scratch? s_spare;

        private readonly List<double[]> _arrays = [];
        private int _used;

        /// <summary>How many elements the blocks of this step have.</summary>
        public int Length { get; private set; }

        /// <summary>The scratch of this thread; a new one if it is in use.</summary>
        public static Scratch Take()
        {
            var scratch = s_spare ?? new Scratch();
            s_spare = null;
            return scratch;
        }

        public void Return() => s_spare = this;

        /// <summary>Starts the next step of the loop; the blocks of the previous step must not be used any more.</summary>
        public void Next(int length) => (Length, _used) = (length, 0);

        public Block Rent()
        {
            if (_used == _arrays.Count)
            {
                _arrays.Add(new double[Capacity]);
            }

            return new(this, _arrays[_used++], 0);
        }

        /// <summary>A block to be filled by the caller.</summary>
        public Block Rent(out Span<double> elements)
        {
            var block = Rent();
            elements = block.Writable;
            return block;
        }
    }
}
