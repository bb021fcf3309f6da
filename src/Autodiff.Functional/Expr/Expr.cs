// The node: what one vertex of a computation holds, how it is made, and how its value is read.

using System.Diagnostics;
using System.Numerics.Tensors;
using Autodiff.Functional.Evaluation;
using LanguageExt;

namespace Autodiff.Functional;

/// <summary>
/// One tensor-valued expression: an immutable node of a computational graph. It holds its primitive, its operands, its
/// shape and, if all its operands have one, its value, computed when the node was made. Elements are doubles in
/// row-major order; a scalar has rank 0.
/// </summary>
/// <remarks>
/// Equality (<c>==</c>, <see cref="object.Equals(object?)"/>) is identity of nodes; <see cref="Eq"/> compares elements.
/// Instances are immutable and may be used from any number of threads at once.
/// </remarks>
[DebuggerDisplay("{Op} {Shape}: {ToString(),nq}")]
public sealed partial class Expr
{
    private static long s_leaves;

    // A scalar's value stands in _scalar, and _tensor is null. Of any other rank, _tensor holds the shape and the value, if
    // there is one. Programs on scalars make these by the million: every word here is memory they wait for.
    private readonly double _scalar;
    private readonly Storage? _tensor;

    // One or two operands stand in _a and _b; more of them stand in _extra, as Many. Otherwise _extra is the attribute.
    private readonly Expr? _a;
    private readonly Expr? _b;
    private readonly object? _extra;

    // How many operands there are; 3 or more stand in Many, and say so there.
    private readonly byte _arity;

    // Whether the value can never change: there is one, and no named variable is under it that Substitute could replace.
    private readonly bool _isFixed;

    // The numbers of the oldest and the newest leaf that a derivative can reach from here. A leaf is numbered when it
    // is made, so a sweep to leaf v need not enter a node whose newest leaf is older than v, and may treat a node whose
    // oldest leaf is v or newer as a plain number.
    private readonly long _oldest;
    private readonly long _newest;

    // Every thread numbers the nodes it makes, so operands have lower numbers than what is made of them. The place is
    // scratch of Transforms.Schedule: a node's place in the latest schedule that its own thread made.
    private readonly int _thread;
    private readonly uint _number;
    private int _place;

    [ThreadStatic]
    private static uint t_made;

    /// <summary>A number.</summary>
    private Expr(double value)
    {
        Op = Op.Constant;
        IsConcrete = true;
        _isFixed = true;
        _scalar = value;
        _oldest = long.MaxValue;
    }

    /// <summary>A scalar primitive of scalars that have values.</summary>
    private Expr(Op op, double value, Expr a, Expr? b)
    {
        Op = op;
        IsConcrete = true;
        _scalar = value;
        _a = a;
        _b = b;
        _arity = b is null ? (byte)1 : (byte)2;
        _isFixed = a._isFixed;
        (_oldest, _newest) = (a._oldest, a._newest);
        if (b is not null)
        {
            _isFixed &= b._isFixed;
            _oldest = Math.Min(_oldest, b._oldest);
            _newest = Math.Max(_newest, b._newest);
        }

        if (op.StopsDerivatives())
        {
            (_oldest, _newest) = (long.MaxValue, 0);
        }

        _thread = Environment.CurrentManagedThreadId;
        _number = ++t_made;
    }

    /// <summary>One element of a concrete vector.</summary>
    private Expr(double value, Expr x, Element element)
        : this(Op.Slice, value, x, null) => _extra = element;

    /// <summary>Any other node. <paramref name="value"/> is null where an operand has no value.</summary>
    private Expr(Op op, object? attribute, Shape shape, Storage? value, ReadOnlySpan<Expr> operands)
    {
        Op = op;
        _extra = operands.Length > 2 ? new Many(operands.ToArray(), attribute) : attribute;
        _arity = (byte)Math.Min(operands.Length, 3);
        _a = operands.Length is 1 or 2 ? operands[0] : null;
        _b = operands.Length == 2 ? operands[1] : null;
        if (value is not null)
        {
            IsConcrete = true;
            _scalar = shape.IsScalar ? value[0] : 0;
        }

        if (!shape.IsScalar)
        {
            _tensor = value ?? Storage.Symbolic(shape);
        }

        _oldest = long.MaxValue;
        _isFixed = IsConcrete && !(op == Op.Variable && attribute is not null);
        foreach (var operand in operands)
        {
            _isFixed &= operand._isFixed;
            if (!op.StopsDerivatives())
            {
                _oldest = Math.Min(_oldest, operand._oldest);
                _newest = Math.Max(_newest, operand._newest);
            }
        }

        if (op == Op.Variable)
        {
            _newest = Interlocked.Increment(ref s_leaves);
            _oldest = Math.Min(_oldest, _newest);
        }

        _thread = Environment.CurrentManagedThreadId;
        _number = ++t_made;
    }

    /// <summary>The primitive at this node.</summary>
    public Op Op { get; }

    /// <summary>The lengths of the axes.</summary>
    public Shape Shape => _tensor is null ? Shape.Scalar : _tensor.Shape;

    /// <summary>The number of axes; 0 for a scalar.</summary>
    public int Rank => Shape.Rank;

    /// <summary>Whether this node has a value now: no symbolic variable stands under it.</summary>
    public bool IsConcrete { get; }

    /// <summary>The name given to a variable; none for every other node.</summary>
    public Option<string> Name => Op == Op.Variable && _extra is string name ? Option<string>.Some(name) : Option<string>.None;

    /// <summary>The nodes this one is computed from, left to right; none for a constant or a free variable.</summary>
    public OperandList Operands => new(this);

    /// <summary>The value of a scalar.</summary>
    /// <exception cref="NotConcreteException">The expression is symbolic.</exception>
    /// <exception cref="ShapeException">The expression is not a scalar.</exception>
    public double Value =>
        !IsScalar ? throw new ShapeException($"Value: the expression has shape {Shape}, not (); use ToArray() or ToTensor(), or index one element.")
        : IsConcrete ? _scalar
        : throw Symbolic("Value");

    /// <summary>The attribute of the primitive: axes, region, permutation … (null for elementwise primitives).</summary>
    internal object? Attribute => _arity < 3 ? _extra : ((Many)_extra!).Attribute;

    internal int OperandCount => _arity < 3 ? _arity : ((Many)_extra!).Operands.Length;

    internal bool IsScalar => _tensor is null;

    /// <summary>
    /// Whether the value can never change, so that a derivative may be simplified by looking at it. A value that
    /// <see cref="Substitute"/> could change must not shape the expressions built on it.
    /// </summary>
    internal bool IsFixed => _isFixed;

    internal long OldestLeaf => _oldest;

    internal long NewestLeaf => _newest;

    /// <summary>The value of a concrete scalar, unchecked: for loops that have made sure of it.</summary>
    internal double Scalar => _scalar;

    /// <summary>The value of a concrete node of any rank.</summary>
    internal Storage Storage => !IsConcrete ? throw Symbolic("Value") : _tensor ?? Storage.Scalar(_scalar);

    /// <summary>A copy of the elements in row-major order.</summary>
    /// <exception cref="NotConcreteException">The expression is symbolic.</exception>
    public double[] ToArray() => IsConcrete ? Storage.Span.ToArray() : throw Symbolic("ToArray");

    /// <summary>A copy of the elements as a tensor of the same shape.</summary>
    /// <exception cref="NotConcreteException">The expression is symbolic.</exception>
    public Tensor<double> ToTensor() => IsConcrete
        ? Tensor.Create(Storage.Span.ToArray(), [.. Shape.Select(length => (nint)length)])
        : throw Symbolic("ToTensor");

    /// <summary>The value of a concrete scalar, or none if the expression is symbolic or not a scalar.</summary>
    public Option<double> TryValue() => IsConcrete && IsScalar ? Option<double>.Some(_scalar) : Option<double>.None;

    /// <summary>A number as a constant of rank 0.</summary>
    /// <param name="value">The number.</param>
    public static implicit operator Expr(double value) => Number(value);

    /// <summary>A vector of rank 1. The array is copied.</summary>
    /// <param name="values">The elements.</param>
    /// <exception cref="AutodiffException">The array is null.</exception>
    public static implicit operator Expr(double[] values) => values is null
        ? throw AutodiffException.Null("Constant", "the array")
        : Constant(values, Shape.Of([values.Length]));

    /// <summary>A matrix of rank 2. The array is copied.</summary>
    /// <param name="values">The elements.</param>
    /// <exception cref="AutodiffException">The array is null.</exception>
    public static implicit operator Expr(double[,] values)
    {
        if (values is null)
        {
            throw AutodiffException.Null("Constant", "the array");
        }

        var copy = new double[values.Length];
        Buffer.BlockCopy(values, 0, copy, 0, copy.Length * sizeof(double));
        return Constant(new Storage(Shape.Of([values.GetLength(0), values.GetLength(1)]), copy));
    }

    /// <summary>A tensor of the same shape. The elements are copied.</summary>
    /// <param name="values">The elements.</param>
    /// <exception cref="AutodiffException">The tensor is null.</exception>
    public static implicit operator Expr(Tensor<double> values)
    {
        if (values is null)
        {
            throw AutodiffException.Null("Constant", "the tensor");
        }

        var copy = new double[values.FlattenedLength];
        values.FlattenTo(copy);
        var lengths = new int[values.Rank];
        for (var axis = 0; axis < lengths.Length; axis++)
        {
            lengths[axis] = checked((int)values.Lengths[axis]);
        }

        return Constant(new Storage(new Shape(lengths), copy));
    }

    /// <summary>The value of a concrete scalar.</summary>
    /// <param name="x">The scalar.</param>
    /// <exception cref="NotConcreteException">The expression is symbolic.</exception>
    /// <exception cref="ShapeException">The expression is not a scalar.</exception>
    public static explicit operator double(Expr x) => x is null ? throw AutodiffException.Null("Value", "the expression") : x.Value;

    /// <summary>A symbolic scalar: no value, so that what is built on it is a formula.</summary>
    /// <param name="name">How it prints.</param>
    public static Expr Variable(string name) => Variable(name, Shape.Scalar);

    /// <summary>A symbolic variable of a given shape: no values, so that what is built on it is a formula.</summary>
    /// <param name="name">How it prints.</param>
    /// <param name="shape">The lengths of its axes.</param>
    public static Expr Variable(string name, Shape shape) => new(Op.Variable, Named(name), shape, null, []);

    /// <summary>
    /// A named leaf with a value. If that value is itself computed from variables, derivatives flow through to them,
    /// and <see cref="AD.Backward"/> reports the adjoint of the leaf too.
    /// </summary>
    /// <param name="name">How it prints.</param>
    /// <param name="value">Its value.</param>
    /// <exception cref="AutodiffException">The name or the value is null.</exception>
    public static Expr Variable(string name, Expr value) => Leaf(Named(name), value ?? throw AutodiffException.Null("Variable", "the value"));

    /// <summary>A constant tensor.</summary>
    /// <param name="values">The elements in row-major order, copied.</param>
    /// <param name="shape">The lengths of the axes.</param>
    /// <exception cref="ShapeException">The number of elements is not that of the shape.</exception>
    public static Expr Constant(ReadOnlySpan<double> values, Shape shape) => values.Length == shape.Size
        ? Constant(new Storage(shape, values.ToArray()))
        : throw new ShapeException($"Constant: shape {shape} holds {shape.Size} elements, but {values.Length} were given.");

    /// <summary>A tensor of zeros.</summary>
    /// <param name="shape">The lengths of the axes.</param>
    public static Expr Zeros(Shape shape) => Filled(0, shape);

    /// <summary>A tensor of zeros.</summary>
    /// <param name="lengths">The lengths of the axes; none for a scalar.</param>
    /// <exception cref="ShapeException">A length is negative.</exception>
    public static Expr Zeros(params ReadOnlySpan<int> lengths) => Zeros(new Shape(lengths));

    /// <summary>A tensor of ones.</summary>
    /// <param name="shape">The lengths of the axes.</param>
    public static Expr Ones(Shape shape) => Filled(1, shape);

    /// <summary>A tensor of ones.</summary>
    /// <param name="lengths">The lengths of the axes; none for a scalar.</param>
    /// <exception cref="ShapeException">A length is negative.</exception>
    public static Expr Ones(params ReadOnlySpan<int> lengths) => Ones(new Shape(lengths));

    /// <summary>The n×n identity matrix.</summary>
    /// <param name="n">The number of rows and columns.</param>
    /// <exception cref="ShapeException"><paramref name="n"/> is negative.</exception>
    public static Expr Eye(int n)
    {
        var shape = new Shape(n, n);
        var values = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            values[(i * n) + i] = 1;
        }

        return Constant(new Storage(shape, values));
    }

    /// <summary>The vector 0, 1, …, n−1.</summary>
    /// <param name="n">The number of elements.</param>
    /// <exception cref="ShapeException"><paramref name="n"/> is negative.</exception>
    public static Expr Arange(int n)
    {
        var shape = new Shape(n);
        var values = new double[n];
        for (var i = 0; i < n; i++)
        {
            values[i] = i;
        }

        return Constant(new Storage(shape, values));
    }

    /// <summary>
    /// A fresh leaf with the value of <paramref name="x"/>: the variable a derivative is taken in. It is another node
    /// than every other, so whatever a function closes over is constant with respect to it; and it keeps
    /// <paramref name="x"/> as its operand, so the derivatives of an outer transform flow through.
    /// </summary>
    internal static Expr Leaf(string? name, Expr x) => new(Op.Variable, name, x.Shape, x.IsConcrete ? x.Storage : null, [x]);

    /// <summary>A symbolic leaf that a function is traced on, to become the body of a program.</summary>
    internal static Expr Parameter(Shape shape) => new(Op.Variable, "v", shape, null, []);

    internal static Expr Constant(Storage value) => value.Shape.IsScalar ? Number(value[0]) : new(Op.Constant, null, value.Shape, value, []);

    internal static Expr Filled(double value, Shape shape) => shape.IsScalar ? Number(value) : Constant(Storage.Filled(value, shape));

    /// <summary>This node's value without its history: a constant to every derivative.</summary>
    internal Expr Detached() => Op == Op.Constant ? this : IsScalar ? Number(_scalar) : Constant(_tensor!);

    internal Expr Operand(int index) => _arity == 3 ? ((Many)_extra!).Operands[index] : index == 0 ? _a! : _b!;

    /// <summary>Whether this is the leaf that a transform made of its argument.</summary>
    internal bool IsFreshLeaf => Op == Op.Variable && _a is not null && _extra is null;

    internal ref int Place => ref _place;

    /// <summary>The thread that made the node; 0 for a constant number, which no schedule holds.</summary>
    internal int Thread => _thread;

    /// <summary>How many nodes the thread had made by then, modulo 2³².</summary>
    internal uint SerialNumber => _number;

    /// <summary>The serial number of the latest node of this thread.</summary>
    internal static uint LatestSerialNumber => t_made;

    /// <summary>Whether this thread has made the node since it made the one of a serial number.</summary>
    internal bool IsMadeSince(uint serialNumber) => _thread == Environment.CurrentManagedThreadId && (int)(_number - serialNumber) > 0;

    private static Expr Number(double value)
    {
        // Small whole numbers are most of the literals in formulas: they are made once.
        var whole = (int)value;
        return whole == value && (uint)(whole - SmallNumbers.Lowest) < (uint)SmallNumbers.All.Length && (whole != 0 || !double.IsNegative(value))
            ? SmallNumbers.All[whole - SmallNumbers.Lowest]
            : new(value);
    }

    private static string Named(string name) => string.IsNullOrWhiteSpace(name)
        ? throw new AutodiffException("Variable: the name is null or blank; give the name it prints as.")
        : name;

    private static NotConcreteException Symbolic(string operation) => new(
        $"{operation}: the expression is symbolic, so it has no value yet. Substitute values for its variables, " +
        "or build the choice into the expression with Where(mask, a, b) instead of branching on a value.");

    private sealed record Many(Expr[] Operands, object? Attribute);

    private static class SmallNumbers
    {
        public const int Lowest = -16;
        public static readonly Expr[] All = [.. Enumerable.Range(Lowest, 272).Select(whole => new Expr((double)whole))];
    }
}
