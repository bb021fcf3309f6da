// The numbers of a tensor: a row-major run of an array that may be shared with other tensors, or one number everywhere.

namespace Autodiff.Functional.Evaluation;

/// <summary>
/// The elements of a tensor. Never written once it has been handed out, so views (a reshaped tensor, a leading slice)
/// share the array. A uniform storage holds one number that stands at every position.
/// </summary>
internal sealed class Storage
{
    private double[] _data;
    private int _offset;
    private volatile bool _uniform;

    public Storage(Shape shape, double[] data)
        : this(shape, data, 0, false)
    {
    }

    private Storage(Shape shape, double[] data, int offset, bool uniform)
    {
        Shape = shape;
        Size = shape.Size;
        _data = data;
        _offset = offset;
        _uniform = uniform;
    }

    public Shape Shape { get; }

    public int Size { get; }

    /// <summary>Whether one number stands at every position, so that nobody need look at each.</summary>
    public bool IsUniform => _uniform;

    public double this[int index] => _uniform ? _data[0] : _data[_offset + index];

    /// <summary>All elements. A uniform storage is written out the first time this is asked.</summary>
    public ReadOnlySpan<double> Span
    {
        get
        {
            if (_uniform)
            {
                WriteOut();
            }

            return new(_data, _offset, Size);
        }
    }

    /// <summary>A shape without elements, for an expression that has no value yet, or a tensor that has none.</summary>
    public static Storage Symbolic(Shape shape) => new(shape, [], 0, false);

    public static Storage Scalar(double value) => new(Shape.Scalar, [value]);

    public static Storage Filled(double value, Shape shape) => new(shape, [value], 0, shape.Size > 1);

    public static Storage Uninitialized(Shape shape, out Span<double> elements)
    {
        var data = GC.AllocateUninitializedArray<double>(shape.Size);
        elements = data;
        return new(shape, data);
    }

    /// <summary>The same elements under another shape of the same size.</summary>
    public Storage Reshaped(Shape shape) => View(shape, 0);

    /// <summary>The run of elements that starts at an offset, under a shape that says how many.</summary>
    public Storage View(Shape shape, int offset) => _uniform ? Filled(_data[0], shape)
        : shape.Size == 0 ? Symbolic(shape)
        : new(shape, _data, _offset + offset, false);

    /// <summary>The array behind a storage that is not uniform, and where in it the elements start.</summary>
    public (double[] Data, int Offset) Run()
    {
        _ = Span;
        return (_data, _offset);
    }

    /// <summary>Two threads may both write it out: they write the same numbers.</summary>
    private void WriteOut()
    {
        var all = new double[Size];
        Array.Fill(all, _data[0]);
        (_data, _offset) = (all, 0);
        _uniform = false;
    }
}
