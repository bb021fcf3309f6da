// log Σ eˣ along axes, and log Σx, which replaces it if the operand is a logarithm.

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
    /// <summary>
    /// log Σ eˣ of all elements, or along some axes, without overflow; elements that are −∞ contribute nothing. The derivative is the softmax
    /// eˣ / Σ eˣ; if the largest element is infinite, the elements equal to it share the derivative equally. <c>LogSumExp(Log(x))</c> is
    /// computed as log Σx with the derivative 1/Σx, which is also correct at x = 0.
    /// </summary>
    /// <param name="x">The tensor.</param>
    /// <param name="axis">The axis to reduce, −1 for the last, or several as [0, 1]; all axes if omitted.</param>
    /// <param name="keepDims">Whether the result keeps the reduced axes, with length 1.</param>
    /// <exception cref="ShapeException">An axis does not exist or is named twice.</exception>
    public static Expr LogSumExp(Expr x, Axes axis = default, bool keepDims = false) =>
        x is { Op: Op.Log, OperandCount: 1 }
            ? new LogSumPrimitive(FoldingOf("LogSumExp", x, axis, keepDims)).Of(x.Operand(0))
            : new LogSumExpPrimitive(FoldingOf("LogSumExp", x, axis, keepDims)).Of(x);
}

/// <summary>log Σ eˣ along some axes. The weights of its derivative are the softmax.</summary>
internal sealed record LogSumExpPrimitive(Folding Axes) : WeightedReduction(Axes)
{
    public override Op Op => Op.LogSumExp;

    public static Reader Reader { get; } = Reader.Folding("logsumexp", axes => new LogSumExpPrimitive(axes));

    public override Spelling Spelling => new("logsumexp") { Template = @"\operatorname{logsumexp}⟨axes⟩\left(⟨a⟩\right)" };

    public override bool AreNormalized => true;

    /// <summary>m + log Σ exp(x − m), where m is the largest element, so that no exponential overflows.</summary>
    public override double Fold(ReadOnlySpan<double> run)
    {
        var largest = Folds.Max(run);
        if (!double.IsFinite(largest))
        {
            return largest;
        }

        // The largest term is exactly 1. It is left out of the sum and added by LogP1, so that terms much smaller than 1 are not rounded away.
        var rest = 0.0;
        var at = run.IndexOf(largest);
        Span<double> terms = stackalloc double[Evaluation.Block.Capacity];
        for (var start = 0; start < run.Length; start += terms.Length)
        {
            var part = run[start..Math.Min(start + terms.Length, run.Length)];
            var some = terms[..part.Length];
            ElementwiseTable.Map(Op.Subtract, new Lane(part), new Lane(largest), some);
            ElementwiseTable.Map(Op.Exp, some, some);
            if (at >= start && at < start + part.Length)
            {
                some[at - start] = 0;
            }

            rest += Folds.Sum(some);
        }

        return largest + ScalarFunctions.LogP1(rest);
    }

    protected override T FoldIn<T>(NumberField<T> field, ReadOnlySpan<T> run)
    {
        var at = field.IndexOfLargest(run);
        if (at < 0 || !double.IsFinite(field.Approximate(run[at])))
        {
            return at < 0 ? field.Constant(double.NegativeInfinity) : run[at];
        }

        var rest = T.Zero;
        for (var i = 0; i < run.Length; i++)
        {
            rest += i == at ? T.Zero : field.Apply(Op.Exp, run[i] - run[at]);
        }

        return run[at] + field.Apply(Op.LogP1, rest);
    }

    public override PartialDerivative<T> Share<T>(T x, T y) => T.Apply(Op.Exp, x - T.Apply(Op.StopGradient, y));

    public override bool IsRegular(Storage y) => !y.Span.ContainsAny(double.PositiveInfinity, double.NegativeInfinity);

    protected override PartialDerivative<Term> Weights(Expr x, Expr y, Term beside, bool isRegular)
    {
        if (isRegular)
        {
            return base.Weights(x, y, beside, isRegular);
        }

        // Where the result is infinite, the elements that equal it share the derivative equally.
        var share = Share(new Term(x), beside).Factor.Expr;
        return Normalized(new Term(Where(Eq(Abs(beside.Expr), double.PositiveInfinity), Eq(x, beside.Expr), share)), x.Shape);
    }
}

/// <summary>
/// log Σx along some axes. The weights 1/Σx of its derivative are computed from the sum, which is more precise than the exponential of the
/// result.
/// </summary>
internal sealed record LogSumPrimitive(Folding Axes) : WeightedReduction(Axes)
{
    public override Op Op => Op.LogSum;

    public static Reader Reader { get; } = Reader.Folding("logsum", axes => new LogSumPrimitive(axes));

    public override Spelling Spelling => new("logsum") { Template = @"\log\sum⟨axes⟩\left(⟨a⟩\right)" };

    public override bool AreNormalized => false;

    /// <summary>log m + log Σ x/m, where m is the largest element, so that the sum does not overflow; NaN if an element is negative.</summary>
    public override double Fold(ReadOnlySpan<double> run)
    {
        var largest = run.IsEmpty ? 0 : Folds.Max(run);
        if (!(largest > 0 && double.IsFinite(largest) && Folds.Min(run) >= 0))
        {
            return run.IsEmpty || Folds.Min(run) >= 0 ? Math.Log(largest + 0) : double.NaN;
        }

        var rest = 0.0;
        var at = run.IndexOf(largest);
        for (var i = 0; i < run.Length; i++)
        {
            rest += i == at ? 0 : run[i] / largest;
        }

        return Math.Log(largest) + ScalarFunctions.LogP1(rest);
    }

    protected override T FoldIn<T>(NumberField<T> field, ReadOnlySpan<T> run)
    {
        var at = field.IndexOfLargest(run);
        if (at < 0 || !(field.Approximate(run[at]) > 0 && double.IsFinite(field.Approximate(run[at]))))
        {
            return field.Apply(Op.Log, at < 0 ? T.Zero : run[at]);
        }

        var rest = T.Zero;
        for (var i = 0; i < run.Length; i++)
        {
            rest += i == at ? T.Zero : run[i] / run[at];
        }

        return field.Apply(Op.Log, run[at]) + field.Apply(Op.LogP1, rest);
    }

    public override PartialDerivative<T> Share<T>(T x, T y) => 1 / T.Apply(Op.Exp, y);

    /// <summary>False, because the weights are always computed from the sum and not from the result.</summary>
    public override bool IsRegular(Storage y) => false;

    protected override PartialDerivative<Term> Weights(Expr x, Expr y, Term beside, bool isRegular) =>
        1 / Term.Apply(Op.PlusZero, new(Beside(SumOver(x, Axes), x.Shape)));
}
