// The node of the computational graph: what it holds, how it is made, and how its value is read.

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
/// Equality (<c>==</c>, <see cref="object.Equals(object?)"/>) is identity of nodes, but that scalar constants of the same number are equal;
/// <see cref="Eq"/> compares elements.
/// Instances are immutable and may be used from any number of threads at once.
/// </remarks>
[DebuggerDisplay("{Op} {Shape}: {Display,nq}")]
public sealed partial class Expr
{
    // Code on scalars makes nodes by the million, and its speed is limited by memory traffic, so a node is kept at 64 bytes.

    // The value of a concrete scalar.
    private readonly double _scalar;

    // The operands, if there are one or two; if there are more, they are in _rest.
    private readonly Expr? _a;
    private readonly Expr? _b;

    // What few nodes have: a tensor (shape and, if there is one, value), if the node is not a scalar; an attribute; and three or more operands.
    // If the node has only the tensor or only the attribute, that is here itself; otherwise a Rest holds all of them.
    private readonly object? _rest;

    // The leaves under the node and the thread that made it; and the serial number, in which that thread counts the nodes it makes. So operands
    // made by the same thread have lower numbers than the nodes made of them, which ActiveGraph relies on.
    private readonly Lineage _lineage;
    private readonly uint _number;

    // The number of operands; 3 stands for three or more.
    private readonly byte _arity;
    private readonly Traits _traits;

    /// <summary>A scalar constant.</summary>
    private Expr(double value)
    {
        Op = Op.Constant;
        _traits = Traits.Number | Traits.Fixed | Traits.Primal;
        _scalar = value;
        _lineage = Lineage.None;
    }

    /// <summary>A scalar primitive of scalars that have values.</summary>
    private Expr(Op op, double value, Expr a, Expr? b)
    {
        Op = op;
        _scalar = value;
        _a = a;
        _b = b;
        var lineage = Lineage.None;
        (_arity, _traits) = (1, a._traits);
        if (b is not null)
        {
            (_arity, _traits, lineage) = (2, a._traits & b._traits, b._lineage);
        }

        var maker = Maker.Current;
        _traits &= maker.Traits;
        _lineage = op.StopsDerivatives() ? maker.Leafless : maker.Join(a._lineage, lineage);
        _number = maker.Next();
    }

    /// <summary>One element of a concrete vector.</summary>
    private Expr(double value, Expr x, NodePrimitive element)
    {
        Op = Op.Slice;
        _scalar = value;
        _a = x;
        _rest = element;
        _arity = 1;
        var maker = Maker.Current;
        _traits = Traits.Number | (x._traits & (Traits.Fixed | Traits.Primal) & maker.Traits);
        _lineage = maker.Join(x._lineage, Lineage.None);
        _number = maker.Next();
    }

    /// <summary>Any other node. <paramref name="value"/> is null if the node has no value, because an operand has none or it is deferred.</summary>
    private Expr(Op op, object? attribute, Shape shape, Storage? value, ReadOnlySpan<Expr> operands)
    {
        Op = op;
        var tensor = shape.IsScalar ? null : value ?? Storage.Symbolic(shape);
        var many = operands.Length > 2 ? operands.ToArray() : null;
        _rest = many is null && (tensor is null || attribute is null) ? tensor ?? attribute : new Rest(tensor, attribute, many);
        _arity = (byte)Math.Min(operands.Length, 3);
        _a = operands.Length is 1 or 2 ? operands[0] : null;
        _b = operands.Length == 2 ? operands[1] : null;
        _scalar = shape.IsScalar && value is not null ? value[0] : 0;

        var maker = Maker.Current;
        var (isFixed, isPrimal, lineage) = (value is not null && !(op == Op.Variable && attribute is not null), operands.IsEmpty ? Traits.Primal : maker.Traits & Traits.Primal, maker.Leafless);
        foreach (var operand in operands)
        {
            isFixed &= operand.IsFixed;
            isPrimal &= operand._traits;
            lineage = maker.Join(lineage, operand._lineage);
        }

        _traits = (shape.IsScalar ? Traits.Scalar : 0) | (value is not null ? Traits.Concrete : 0) | (isFixed ? Traits.Fixed : 0) | isPrimal;
        _lineage = op == Op.Variable ? maker.Leaf(lineage) : op.StopsDerivatives() ? maker.Leafless : lineage;
        _number = maker.Next();
    }

    [Flags]
    internal enum Traits : byte
    {
        Concrete = 1,
        Scalar = 2,

        /// <summary>A scalar that has a value.</summary>
        Number = Concrete | Scalar,

        /// <summary>The value can never change: there is one, and there is no named variable under the node that Substitute could replace.</summary>
        Fixed = 4,

        /// <summary>Neither this node nor one under it was made by a sweep: it is no part of a derivative.</summary>
        Primal = 8,
    }

    /// <summary>The primitive at this node.</summary>
    public Op Op { get; }

    /// <summary>The lengths of the axes.</summary>
    public Shape Shape => IsScalar ? Shape.Scalar : Elements!.Shape;

    /// <summary>The number of axes; 0 for a scalar.</summary>
    public int Rank => Shape.Rank;

    /// <summary>Whether this node has a value: there is no symbolic variable under it.</summary>
    public bool IsConcrete => (_traits & Traits.Concrete) != 0;

    /// <summary>The name given to a variable; none for every other node.</summary>
    public Option<string> Name => Op == Op.Variable && Attribute is string name ? Option<string>.Some(name) : Option<string>.None;

    /// <summary>The nodes this one is computed from, left to right; none for a constant or a free variable.</summary>
    public OperandList Operands => new(this);

    /// <summary>The value of a scalar.</summary>
    /// <exception cref="NotConcreteException">The expression is symbolic.</exception>
    /// <exception cref="ShapeException">The expression is not a scalar.</exception>
    /// <exception cref="AutodiffException">Within <see cref="AD.Strict"/>: the expression depends on the argument of a function that is being differentiated.</exception>
    public double Value =>
        !IsScalar ? throw new ShapeException($"Value: the expression has shape {Shape}, not (); use ToArray() or ToTensor(), or index one element.")
        : IsConcrete ? Read("Value")._scalar
        : throw NotConcrete("Value");

    /// <summary>The primitive with its attributes, or the name of a variable; null for elementwise primitives and constants.</summary>
    internal object? Attribute => _rest is Rest rest ? rest.Attribute : _rest is Storage ? null : _rest;

    /// <summary>
    /// The primitive with its attributes; null for elementwise primitives, variables and constants, which <see cref="Op"/> describes
    /// completely.
    /// </summary>
    internal NodePrimitive? Primitive => Attribute as NodePrimitive;

    internal int OperandCount => _arity < 3 ? _arity : ((Rest)_rest!).Operands!.Length;

    internal bool IsScalar => (_traits & Traits.Scalar) != 0;

    /// <summary>Whether this is an elementwise primitive whose operands and result are scalars.</summary>
    internal bool IsOnNumbers => IsScalar && Op.IsElementwise();

    /// <summary>
    /// Whether the value can never change, so that a derivative may be simplified by looking at it. A value that
    /// <see cref="Substitute(ReadOnlySpan{ValueTuple{Expr, Expr}})"/> could change must not shape the expressions built on it.
    /// </summary>
    internal bool IsFixed => (_traits & Traits.Fixed) != 0;

    /// <summary>Whether a derivative was taken on the way to this expression, so that its formula is one that no person wrote.</summary>
    internal bool IsDerivative => (_traits & Traits.Primal) == 0;

    /// <summary>
    /// Whether this is a constant for every purpose: the value can never change, and there is no leaf under the node that a derivative could
    /// reach.
    /// </summary>
    internal bool IsNumbers => IsFixed && NewestLeaf == 0;

    /// <summary>The transform that is differentiating a function whose argument is the newest or the oldest leaf under this node; null if there is none.</summary>
    internal string? RunningIn => _lineage.RunningIn;

    internal long OldestLeaf => _lineage.Oldest;

    internal long NewestLeaf => _lineage.Newest;

    /// <summary>
    /// The end of a sentence for an error about an expression that reads a leaf whose function has returned; null if the expression does
    /// not. Only the oldest leaf counts in general: the result of a transform may read its fresh leaf, but then it also reads an older one.
    /// </summary>
    internal string? Outlived => _lineage.EscapedFrom is { } origin ? Escaped(origin)
        : _lineage.EndedIn is { } operation
            ? $"is the variable that {operation} ran a function on, or is made of it. That function has returned, so nothing is differentiated in that variable here: " +
              "pass what is meant as an argument, or as a constant with StopGradient."
        : null;

    /// <summary>For a leaf: notes that an operation is about to run a function on it, to differentiate it.</summary>
    internal void Begin(string operation) => _lineage.Begin(operation);

    /// <summary>For a leaf: notes that the function that this leaf was made for has returned.</summary>
    /// <remarks>
    /// A derivative at a value that reads no leaf reads none either, unless something has no value yet: what a branch leaves so while it is traced, and what
    /// StopGradient made of a symbol. Then its leaf may be read, which stands for that value.
    /// </remarks>
    internal void End(string operation) => _lineage.End(
        OperandCount == 1 && Operand(0) is { NewestLeaf: 0 } value && (Maker.Current.Defers || !value.IsConcrete) ? null : operation, isSymbol: !IsConcrete && OperandCount == 0);

    /// <summary>The value of a concrete scalar, without a check: for callers that know that the node is one.</summary>
    internal double Scalar => _scalar;

    /// <summary>The value of a concrete node of any rank.</summary>
    internal Storage Storage => !IsConcrete ? throw NotConcrete("Value") : Elements ?? Storage.Scalar(_scalar);

    /// <summary>A copy of the elements in row-major order.</summary>
    /// <exception cref="NotConcreteException">The expression is symbolic.</exception>
    /// <exception cref="AutodiffException">Within <see cref="AD.Strict"/>: the expression depends on the argument of a function that is being differentiated.</exception>
    public double[] ToArray() => IsConcrete ? Read("ToArray").Storage.Span.ToArray() : throw NotConcrete("ToArray");

    /// <summary>A copy of the elements as a tensor of the same shape.</summary>
    /// <exception cref="NotConcreteException">The expression is symbolic.</exception>
    /// <exception cref="AutodiffException">Within <see cref="AD.Strict"/>: the expression depends on the argument of a function that is being differentiated.</exception>
    public Tensor<double> ToTensor() => IsConcrete
        ? Tensor.Create(Read("ToTensor").Storage.Span.ToArray(), [.. Shape.Select(length => (nint)length)])
        : throw NotConcrete("ToTensor");

    /// <summary>The value of a concrete scalar, or none if the expression is symbolic or not a scalar.</summary>
    /// <exception cref="AutodiffException">Within <see cref="AD.Strict"/>: the expression depends on the argument of a function that is being differentiated.</exception>
    public Option<double> TryValue() => IsConcrete && IsScalar ? Option<double>.Some(Read("TryValue")._scalar) : Option<double>.None;

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
        return Constant(new Storage(ShapeOf(values.Lengths), copy));
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
    /// A named leaf with a value. If that value is itself computed from variables, derivatives pass through to them,
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
    /// A fresh leaf with the value of <paramref name="x"/>: the variable that a derivative is taken in. It is a new node, so whatever a
    /// function closes over is constant with respect to it; and it keeps <paramref name="x"/> as its operand, so the derivatives of an outer
    /// transform pass through it.
    /// </summary>
    internal static Expr Leaf(string? name, Expr x) => new(Op.Variable, name, x.Shape, x.IsConcrete ? x.Storage : null, [x]);

    /// <summary>A symbolic leaf that a function is traced on: a parameter of a computation.</summary>
    internal static Expr Parameter(Shape shape) => new(Op.Variable, "v", shape, null, []);

    internal static Expr Constant(Storage value) => value.Shape.IsScalar ? Number(value[0]) : new(Op.Constant, null, value.Shape, value, []);

    internal static Expr Filled(double value, Shape shape) => shape.IsScalar ? Number(value) : Constant(Storage.Filled(value, shape));

    /// <summary>This node's value as a constant, without the node's operands.</summary>
    internal Expr Detached() => Op == Op.Constant ? this : IsScalar ? Number(_scalar) : Constant(Elements!);

    internal Expr Operand(int index) => _arity == 3 ? ((Rest)_rest!).Operands![index] : index == 0 ? _a! : _b!;

    /// <summary>For a leaf: whether the function that it was made for has returned, so that it stands for its operand.</summary>
    internal bool HasEnded => _lineage.HasEnded;

    /// <summary>Whether this is the leaf that a transform made of its argument.</summary>
    internal bool IsFreshLeaf => Op == Op.Variable && _a is not null && Attribute is null;

    /// <summary>The thread that made the node; null for a scalar constant.</summary>
    internal Maker? Maker => _lineage.Maker;

    /// <summary>The lineage of the oldest leaf under this node.</summary>
    internal Lineage OfOldestLeaf => _lineage.OfOldest;

    /// <summary>The lineage of the newest leaf under this node.</summary>
    internal Lineage OfNewestLeaf => _lineage.OfNewest;

    /// <summary>The serial number: how many nodes the thread had made when it made this one, including it, modulo 2³².</summary>
    internal uint SerialNumber => _number;

    /// <summary>Whether this thread made the node, and after the node with a given serial number.</summary>
    internal bool IsMadeSince(uint serialNumber) => Maker == Maker.Current && (int)(_number - serialNumber) > 0;

    private Storage? Elements => _rest as Storage ?? (_rest as Rest)?.Elements;

    private static Expr Number(double value)
    {
        // Small whole numbers are most of the literals in formulas, so their nodes are shared.
        var whole = (int)value;
        return whole == value && (uint)(whole - SmallNumbers.Lowest) < (uint)SmallNumbers.All.Length && (whole != 0 || !double.IsNegative(value))
            ? SmallNumbers.All[whole - SmallNumbers.Lowest]
            : new(value);
    }

    private static string Named(string name) => string.IsNullOrWhiteSpace(name)
        ? throw new AutodiffException("Variable: the name is null or blank; give the name it prints as.")
        : name;

    /// <summary>This node, which has a value that the caller reads: an error in strict mode if a derivative would not see it.</summary>
    private Expr Read(string operation)
    {
        if (StrictMode.MayBeOn)
        {
            StrictMode.Check(operation, this, isCondition: operation == "Condition");
        }

        return this;
    }

    /// <summary>The error of an operation that asks this expression for its value.</summary>
    private NotConcreteException NotConcrete(string operation) => new(_lineage.EscapedFrom is { } origin
        ? $"{operation}: the expression {Escaped(origin)}"
        : $"{operation}: the expression is symbolic, so it has no value yet. Substitute values for its variables, {Instead(operation)} " +
        "instead of branching on a value.");

    /// <summary>What to write in place of an operation that needs a value.</summary>
    private static string Instead(string operation) => operation == "Condition"
        ? "or build the choice into the expression with Where(mask, a, b), Cond(mask, then, otherwise) or While"
        : "compute with the expression itself, as Expr.Sin(x) does and Math.Sin(x.Value) does not, " +
        "or build the choice into the expression with Where(mask, a, b), Cond(mask, then, otherwise) or While";

    private static string Escaped(string origin) =>
        $"is a symbol that {origin} ran a function on, or is made of it. That function has returned, so the symbol will never have a value: " +
        "return what is needed from the function (Scan stacks outputs of its steps) instead of keeping it.";

    private sealed record Rest(Storage? Elements, object? Attribute, Expr[]? Operands);

    private static class SmallNumbers
    {
        public const int Lowest = -16;
        public static readonly Expr[] All = [.. Enumerable.Range(Lowest, 272).Select(whole => new Expr((double)whole))];
    }
}
