// The numbers of a tensor: a row-major run of an array that may be shared with other tensors, or one number for all elements.

namespace Autodiff.Functional.Evaluation;

/// <summary>
/// The elements of a tensor. They are not written any more once the storage has been handed out, so views (a reshaped tensor, a leading
/// slice) share the array. A uniform storage holds a single number, which is the value of all elements.
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

    /// <summary>Whether no element is infinite or NaN.</summary>
    public bool IsFinite => !Span.ContainsAnyExceptInRange(double.MinValue, double.MaxValue);

    /// <summary>Whether all elements are known to be the same number, stored once.</summary>
    public bool IsUniform => _uniform;

    public double this[int index] => _uniform ? _data[0] : _data[_offset + index];

    /// <summary>All elements. A uniform storage allocates and fills its array the first time this is called.</summary>
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

    /// <summary>A shape without elements, for an expression that has no value, or for a tensor of size 0.</summary>
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

    /// <summary>A view of the elements from an offset on, as many as the given shape has.</summary>
    public Storage View(Shape shape, int offset) => _uniform ? Filled(_data[0], shape)
        : shape.Size == 0 ? Symbolic(shape)
        : new(shape, _data, _offset + offset, false);

    /// <summary>The array that holds the elements, and the offset at which they start. A uniform storage fills its array first.</summary>
    public (double[] Data, int Offset) Run()
    {
        _ = Span;
        return (_data, _offset);
    }

    /// <summary>
    /// Replaces the single number of a uniform storage by an array filled with it. Two threads may do so at once: their arrays are equal.
    /// </summary>
    private void WriteOut()
    {
        var all = new double[Size];
        Array.Fill(all, _data[0]);
        (_data, _offset) = (all, 0);
        _uniform = false;
    }
}
