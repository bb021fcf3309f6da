// Several tensors packed into one vector, so that a node with several results has one value; and how the parts are read from it. A single tensor
// is not packed: it is the value itself.

using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Primitives;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Programs;

/// <summary>The layout of tensors one after another in a vector, each in row-major order; a single tensor is kept in its own shape.</summary>
internal sealed class Packing
{
    private readonly Shape[] _shapes;
    private readonly int[] _starts;

    public Packing(string operation, IEnumerable<Shape> shapes)
    {
        _shapes = [.. shapes];
        _starts = new int[_shapes.Length];
        var size = 0L;
        for (var i = 0; i < _shapes.Length; i++)
        {
            _starts[i] = (int)size;
            size += _shapes[i].Size;
            if (size > Array.MaxLength)
            {
                throw new ShapeException($"{operation}: the results have more than {Array.MaxLength} elements in all, the most one node can hold.");
            }
        }

        Shape = _shapes.Length == 1 ? _shapes[0] : new Shape((int)size);
    }

    /// <summary>The shape of the vector, or of the single tensor.</summary>
    public Shape Shape { get; }

    public int Count => _shapes.Length;

    public Shape ShapeOf(int part) => _shapes[part];

    /// <summary>The position in the vector of the first element of a part.</summary>
    public int Start(int part) => _starts[part];

    /// <summary>Which parts have elements that are not structurally zero, given the mask of a cotangent of the vector.</summary>
    public bool[] Live(Expr? mask)
    {
        var live = new bool[Count];
        for (var part = 0; part < live.Length; part++)
        {
            live[part] = mask is not { IsFixed: true } || Part(mask.Storage, part).Span.ContainsAnyExcept(0.0);
        }

        return live;
    }

    /// <summary>The vector of some tensors.</summary>
    public static Expr Pack(ReadOnlySpan<Expr> parts)
    {
        if (parts.Length < 2)
        {
            return parts.IsEmpty ? Zeros(0) : parts[0];
        }

        var flat = new Expr[parts.Length];
        for (var i = 0; i < flat.Length; i++)
        {
            flat[i] = Reshape(parts[i], new Shape(parts[i].Shape.Size));
        }

        return Concat(flat);
    }

    /// <summary>The vector of some tensors, as numbers.</summary>
    public Storage Pack(ReadOnlySpan<Storage> parts)
    {
        if (parts.Length == 1)
        {
            return parts[0];
        }

        var vector = Storage.Uninitialized(Shape, out var elements);
        for (var part = 0; part < parts.Length; part++)
        {
            parts[part].Span.CopyTo(elements[_starts[part]..]);
        }

        return vector;
    }

    /// <summary>One of the tensors in a vector.</summary>
    public Expr Part(Expr vector, int part)
    {
        if (Count == 1)
        {
            return vector;
        }

        var (start, shape) = (_starts[part], _shapes[part]);
        return shape.IsScalar ? vector[start] : Reshape(vector[start..(start + shape.Size)], shape);
    }

    /// <summary>The sensitivity of the vector, given those of the parts; null if no part has one.</summary>
    public Sensitivity? Pack(Sensitivity?[] parts)
    {
        if (parts.Length == 1 || Array.TrueForAll(parts, part => part is null))
        {
            return parts.FirstOrDefault();
        }

        var value = Pack([.. parts.Zip(_shapes, (part, shape) => part is { } flow ? flow.Value : Zeros(shape))]);
        var live = Pack([.. parts.Zip(_shapes, (part, shape) => part is { } flow ? flow.Live ?? Ones(shape) : Zeros(shape))]);
        return Sensitivity.Of(value, live);
    }

    /// <summary>The sensitivities of the parts, given that of the vector; null for a part that is structurally zero.</summary>
    public Sensitivity?[] Parts(Sensitivity vector)
    {
        var parts = new Sensitivity?[Count];
        for (var part = 0; part < parts.Length; part++)
        {
            parts[part] = Sensitivity.Of(Part(vector.Value, part), vector.Live is { } live ? Part(live, part) : null);
        }

        return parts;
    }

    /// <summary>All tensors in a vector.</summary>
    public Expr[] Parts(Expr vector) => [.. Enumerable.Range(0, Count).Select(part => Part(vector, part))];

    /// <summary>The vectors of each group of tensors in a vector, where a group has the given number of tensors.</summary>
    public Expr[] Groups(Expr vector, int count) => [.. Parts(vector).Chunk(count).Select(group => Pack(group))];

    /// <summary>All tensors in a vector, as numbers.</summary>
    public Storage[] Parts(Storage vector) => [.. Enumerable.Range(0, Count).Select(part => Part(vector, part))];

    /// <summary>One of the tensors in a vector, as numbers.</summary>
    public Storage Part(Storage vector, int part) => vector.View(_shapes[part], _starts[part]);
}
