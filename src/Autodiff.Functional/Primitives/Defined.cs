// Elementwise primitives defined by the user: a name, a function of numbers, and expressions for the derivatives.

using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

/// <summary>An elementwise primitive that the user has defined. Higher derivatives are obtained by differentiating its derivatives.</summary>
/// <param name="Name">The name in printed formulas.</param>
/// <param name="Value">The function f, on as many numbers as there are operands.</param>
/// <param name="Derivatives">From operands, broadcast to the shape of the result, and the result, to the partial derivative in each operand.</param>
internal sealed record DefinedPrimitive(string Name, Func<double[], double> Value, Func<Expr[], Expr, Expr[]> Derivatives) : OperandwisePrimitive, INumericFunction
{
    public override Op Op => Op.Defined;

    public override Spelling Spelling => new(Name);

    public override bool MayFail => true;

    /// <summary>The node over operands that broadcast.</summary>
    public Expr Of(params Expr[] operands)
    {
        for (var i = 0; i < operands.Length; i++)
        {
            if (operands[i] is null)
            {
                throw AutodiffException.Null(Name, operands.Length == 1 ? "the operand" : $"the {PlaceName(i)} operand");
            }
        }

        return Expr.Make(this, operands.Aggregate(Shape.Scalar, (shape, operand) => Shape.Broadcast(shape, operand.Shape, Name)), operands);
    }

    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands)
    {
        var numbers = new double[operands.Length];
        if (Array.TrueForAll(operands.ToArray(), operand => operand.IsUniform))
        {
            return Storage.Filled(At(0, operands.ToArray(), numbers), shape);
        }

        var result = Storage.Uninitialized(shape, out var elements);
        var sources = Array.ConvertAll(operands.ToArray(), operand => operand.Shape == shape ? operand : Expr.BroadcastTo(Expr.Constant(operand), shape).Storage);
        for (var i = 0; i < elements.Length; i++)
        {
            elements[i] = At(i, sources, numbers);
        }

        return result;
    }

    string INumericFunction.Name => Name;

    double INumericFunction.At(ReadOnlySpan<double> x) => Value(x.ToArray());

    T INumericFunction.Partial<T>(int argument, T[] x)
    {
        var variables = Array.ConvertAll(x, _ => Expr.Variable("x"));
        return SlopeAt(variables, Of(variables), argument).Evaluate([.. variables.Zip(x)]);
    }

    public override T[] EvaluateIn<T>(NumberField<T> field, Shape shape, ReadOnlySpan<NumberTensor<T>> operands) =>
        NumberTensor<T>.Apply(field, this, shape, operands);

    public override Sensitivity? Push(Point point, Expr node, int operand, Sensitivity tangent) => tangent.Times(Slope(point, node, operand), node.Shape);

    public override Sensitivity? Pull(Point point, Expr node, int operand, Sensitivity cotangent) =>
        cotangent.Times(Slope(point, node, operand), node.Shape)?.SumTo(node.Operand(operand).Shape);

    public override Expr Batch(Expr node, Batched[] operands, int size) => Of(Array.ConvertAll(operands, operand => operand.Aligned(node.Rank)));

    public override int[] AxesOf(Expr node, int operand) => AxisMap.Broadcast(node.Operand(operand).Shape, node.Shape);

    public override IEnumerable<(string Label, string Text)> Attributes(Expr node) => [("", Name)];

    public override Fragment Print(Notation notation, Expr node, ReadOnlySpan<Fragment> operands) => notation.Call(notation.Function(Name), operands);

    /// <summary>The value at an element of the operands.</summary>
    private double At(int element, Storage[] operands, double[] numbers)
    {
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = operands[i][element];
        }

        return Value(numbers);
    }

    /// <summary>The partial derivative in an operand at the point, of the shape of the result or one that broadcasts to it.</summary>
    private PartialDerivative<Term> Slope(Point point, Expr node, int operand)
    {
        var operands = point.EnterOperands(node);
        return new Term(SlopeAt(operands, point.Enter(node), operand));
    }

    /// <summary>The partial derivative in an operand, as the user states it.</summary>
    private Expr SlopeAt(Expr[] operands, Expr node, int operand)
    {
        var slope = Derivatives(operands, node)[operand];
        var name = operands.Length == 1 ? "the derivative" : $"the derivative in the {PlaceName(operand)} operand";
        if (slope is null)
        {
            throw AutodiffException.Null(Name, name);
        }

        return slope.IsScalar || Shape.TryBroadcast(slope.Shape, node.Shape, Name) == node.Shape
            ? slope
            : throw new ShapeException($"{Name}: {name} has shape {slope.Shape} at {Arguments(operands)}; it is taken element by element, so the shapes must be equal.");
    }

    private static string Arguments(Expr[] operands) => operands.Length == 1
        ? $"an argument of shape {operands[0].Shape}"
        : $"arguments of shapes {string.Join(", ", operands.Select(operand => operand.Shape))}";

    private static string PlaceName(int operand) => operand == 0 ? "first" : operand == 1 ? "second" : "third";
}
