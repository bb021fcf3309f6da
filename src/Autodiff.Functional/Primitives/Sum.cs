// Sums along axes, and means.

using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Formulas;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>The sum of all elements, or along some axes.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The axis to reduce, −1 for the last, or several as [0, 1]; all axes if omitted.</param>
    /// <param name="keepDims">Whether the result keeps the reduced axes, with length 1.</param>
    /// <exception cref="ShapeException">An axis does not exist or is named twice.</exception>
    public static Expr Sum(Expr x, Axes axis = default, bool keepDims = false) => SumOver(x, FoldingOf("Sum", x, axis, keepDims));

    /// <summary>The mean of all elements, or along some axes.</summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The axis to reduce, −1 for the last, or several as [0, 1]; all axes if omitted.</param>
    /// <param name="keepDims">Whether the result keeps the reduced axes, with length 1.</param>
    /// <exception cref="ShapeException">An axis does not exist or is named twice, or there is no element along the reduced axes.</exception>
    public static Expr Mean(Expr x, Axes axis = default, bool keepDims = false) => Mean(x, FoldingOf("Mean", x, axis, keepDims));

    /// <summary>The sum along some axes.</summary>
    internal static Expr SumOver(Expr x, Folding axes) => new SumPrimitive(axes).Of(x);

    private static Expr Mean(Expr x, Folding axes) => axes.Count(x.Shape) == 0
        ? throw new ShapeException($"Mean: shape {x.Shape} has no element along the folded axes; there is no mean of none.")
        : SumOver(x, axes) / axes.Count(x.Shape);
}

/// <summary>Σx along some axes: a linear map, whose transpose broadcasts.</summary>
internal sealed record SumPrimitive(Folding Axes) : Reduction(Axes)
{
    public override PowerSeries? Expand(Expr node, PowerSeries[] operands, Expr primal, SeriesTable table) => new LinearSeries(this, node, operands, primal);

    public override Op Op => Op.Sum;

    public override Monoid? Monoid => Elementwise.Monoid.Sum;

    public static Reader Reader { get; } = Reader.Folding("sum", axes => new SumPrimitive(axes)) with { Synonym = "Σ" };

    public override Spelling Spelling => new("sum") { Unicode = "Σ", Template = @"\sum⟨axes⟩ ⟨a:Product⟩", TemplateLevel = Level.Sum };

    public override double Fold(ReadOnlySpan<double> run) => Folds.Sum(run);

    protected override T FoldIn<T>(NumberField<T> field, ReadOnlySpan<T> run)
    {
        var sum = T.Zero;
        foreach (var term in run)
        {
            sum += term;
        }

        return sum;
    }

    public override Storage Evaluate(Shape shape, ReadOnlySpan<Storage> operands) => operands[0].IsUniform
        ? Storage.Filled(operands[0][0] * Axes.Count(operands[0].Shape), shape)
        : base.Evaluate(shape, operands);

    public override Sensitivity? Push(Point point, Expr node, int operand, Sensitivity tangent) => tangent.Through(Of);

    public override Sensitivity? Pull(Point point, Expr node, int operand, Sensitivity cotangent)
    {
        var shape = node.Operand(0).Shape;
        return cotangent.Through(y => BroadcastTo(Beside(y, shape), shape));
    }
}
