// Functions of several numbers, applied element by element, whose derivatives are functions of the same family, known by their orders.

using Autodiff.Functional.Evaluation;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.Primitives;

/// <summary>
/// A member of a family of functions, applied to every element of operands of one shape. What tells it from the others are its orders: the numbers of
/// derivatives in each argument. They are attributes, so there may be as many as there are arguments.
/// </summary>
internal abstract record FamilyPrimitive : OperandwisePrimitive, IRoutine, INumericFunction
{
    /// <summary>The largest order that is read from text or a file: derivatives have orders far below it.</summary>
    public const int LargestOrder = 64;

    /// <summary>The node, of operands that broadcast.</summary>
    public Expr Of(params ReadOnlySpan<Expr> operands)
    {
        var shape = Shape.Scalar;
        foreach (var operand in operands)
        {
            shape = Shape.Broadcast(shape, Expr.ShapeOf(Op.Name(), operand), Op);
        }

        var same = new Expr[operands.Length];
        for (var i = 0; i < same.Length; i++)
        {
            same[i] = Expr.BroadcastTo(operands[i], shape);
        }

        return Expr.Make(this, shape, same);
    }

    /// <summary>What computes the function, from its orders.</summary>
    protected abstract Routine Routine { get; }

    /// <summary>The orders.</summary>
    protected abstract int[] Orders { get; }

    /// <summary>The partial derivative in an operand, as an expression of the operands; null if the function does not depend on it.</summary>
    public abstract Expr? Slope(int operand, Expr[] x);

    public RoutineCall Call(Shape shape, ReadOnlySpan<Shape> operands) => new(Routine, Orders);

    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands)
    {
        var areUniform = shape.Size > 1;
        foreach (var operand in operands)
        {
            areUniform &= operand.IsUniform;
        }

        return areUniform
            ? Storage.Filled(RoutineCall.Evaluate(this, Shape.Scalar, Array.ConvertAll(operands.ToArray(), operand => Storage.Scalar(operand[0])))[0], shape)
            : RoutineCall.Evaluate(this, shape, operands);
    }

    string INumericFunction.Name => Op.Name();

    double INumericFunction.At(ReadOnlySpan<double> x) => RoutineCall.Evaluate(this, Shape.Scalar, Array.ConvertAll(x.ToArray(), Storage.Scalar))[0];

    T INumericFunction.Partial<T>(int argument, T[] x)
    {
        var variables = Array.ConvertAll(x, _ => Expr.Variable("x"));
        return Slope(argument, variables) is { } slope ? slope.Evaluate([.. variables.Zip(x)]) : T.Zero;
    }

    public override T[] EvaluateIn<T>(NumberField<T> field, Shape shape, ReadOnlySpan<NumberTensor<T>> operands) =>
        NumberTensor<T>.Apply(field, this, shape, operands);

    public override Sensitivity? Push(Point point, Expr node, int operand, Sensitivity tangent) => Times(point, node, operand, tangent);

    public override Sensitivity? Pull(Point point, Expr node, int operand, Sensitivity cotangent) => Times(point, node, operand, cotangent);

    public override Expr Batch(Expr node, Batched[] operands, int size) => Of([.. operands.Select(operand => operand.ForEach(size))]);

    public override int[] AxesOf(Expr node, int operand) => AxisMap.Broadcast(node.Shape, node.Shape);

    /// <summary>The argument with the label "order", the number of derivatives; 0 if there is none.</summary>
    /// <exception cref="AutodiffException">It is not a whole number from 0 to <see cref="LargestOrder"/>.</exception>
    protected static int OrderOf(string operation, Reading call) => call.Integer("order") is not { } order ? 0
        : order is >= 0 and <= LargestOrder ? order
        : throw new AutodiffException($"{operation}: the order is {order}; it must be a whole number from 0 to {LargestOrder}.");

    private Sensitivity? Times(Point point, Expr node, int operand, Sensitivity sensitivity) =>
        Slope(operand, point.EnterOperands(node)) is { } slope ? sensitivity.Times(new Term(slope), node.Shape) : null;
}
