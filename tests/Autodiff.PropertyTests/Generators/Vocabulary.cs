// The operations of random programs. Each maps any two tensors with elements between −2 and 2 to a tensor with elements between −2 and 2, and its
// derivatives there are of moderate size, so every program made of them is well conditioned.

using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Generators;

/// <summary>One operation of random programs.</summary>
/// <param name="Text">The operation in printed programs, with the operands as the words a and b.</param>
/// <param name="Apply">The function of two operands, which may have any shapes, and of a number that chooses an axis.</param>
internal sealed record Operation(string Text, Func<Expr, Expr, int, Expr> Apply);

internal static class Vocabulary
{
    // The height of alternating patterns. Elements are so much smaller that a comparison with a pattern, or after adding one, is far from a tie.
    private const double Decisive = 4;

    public static IReadOnlyList<Operation> Operations { get; } =
    [
        .. new (string Text, Func<Expr, Expr> Apply)[]
        {
            ("-a", x => -x),
            ("Sin a", Sin),
            ("Cos a", Cos),
            ("Tanh a", Tanh),
            ("Tan(a/4)", x => Tan(x / 4)),
            ("Atan a", Atan),
            ("Asin(a/3)", x => Asin(x / 3)),
            ("Acos(a/3)/2", x => Acos(x / 3) / 2),
            ("Asinh a", Asinh),
            ("Sinh(a/2)", x => Sinh(x / 2)),
            ("Cosh(a/2)", x => Cosh(x / 2)),
            ("Acosh(a + 4)/2", x => Acosh(x + 4) / 2),
            ("Atanh(a/3)", x => Atanh(x / 3)),
            ("Sigmoid a", Sigmoid),
            ("Softplus(a)/2", x => Softplus(x) / 2),
            ("Exp(a/3)", x => Exp(x / 3)),
            ("Exp2(a/2)", x => Exp2(x / 2)),
            ("ExpM1(a/3)", x => ExpM1(x / 3)),
            ("Log(a + 4)", x => Log(x + 4)),
            ("Log2(a + 4)/2", x => Log2(x + 4) / 2),
            ("Log10(a + 4)", x => Log10(x + 4)),
            ("LogP1(a/3)", x => LogP1(x / 3)),
            ("Sqrt(a + 4)/2", x => Sqrt(x + 4) / 2),
            ("Cbrt(a + 4)", x => Cbrt(x + 4)),
            ("a³/8", x => Pow(x, 3) / 8),
            ("Abs(a + 3)/3", x => Abs(x + 3) / 3),
            ("Erf a", Erf),
            ("Erfc a", Erfc),
            ("Gamma(a/4 + 2)/2", x => Gamma((x / 4) + 2) / 2),
            ("LogGamma(a + 5)/4", x => LogGamma(x + 5) / 4),
            ("Digamma(a + 5)/2", x => Digamma(x + 5) / 2),
            ("LambertW(a + 3)", x => LambertW(x + 3)),
            ("Sinc a", Sinc),
            ("BesselJ0 a", BesselJ0),
            ("BesselJ1 a", BesselJ1),
            ("BesselI0(a)/2", x => BesselI0(x) / 2),
            ("BesselI1 a", BesselI1),
            ("NormalCdf a", NormalCdf),
            ("LogNormalCdf(a)/3", x => LogNormalCdf(x) / 3),
            ("NormalQuantile(a/5 + 1/2)", x => NormalQuantile((x / 5) + 0.5)),
            ("GammaP(5/2, a + 3)", x => GammaP(2.5, x + 3)),
            ("GammaQ(4, a + 3)", x => GammaQ(4, x + 3)),
            ("ErfInv(a/5)", x => ErfInv(x / 5)),
            ("ErfcInv(a/5 + 1)", x => ErfcInv((x / 5) + 1)),
            ("Erfcx(a + 3)", x => Erfcx(x + 3)),
            ("Dawson a", Dawson),
            ("ExpIntegralE1(a + 3)", x => ExpIntegralE1(x + 3)),
            ("ExpIntegralEi(a/4 + 1)/2", x => ExpIntegralEi((x / 4) + 1) / 2),
            ("BesselJ(2, a)", x => BesselJ(2, x)),
            ("BesselY(1, a/4 + 2)", x => BesselY(1, (x / 4) + 2)),
            ("BesselI(1/2, a/2 + 2)/3", x => BesselI(0.5, (x / 2) + 2) / 3),
            ("BesselIScaled(3/2, a + 3)", x => BesselIScaled(1.5, x + 3)),
            ("BesselK(1/2, a/2 + 2)", x => BesselK(0.5, (x / 2) + 2)),
            ("BesselKScaled(1, a + 3)", x => BesselKScaled(1, x + 3)),
            ("Logit(a/5 + 1/2)/2", x => Logit((x / 5) + 0.5) / 2),
            ("LogSigmoid(a)/2", x => LogSigmoid(x) / 2),
            ("Log1mExp(a/4 - 1)", x => Log1mExp((x / 4) - 1)),
            ("Gelu a", Gelu),
            ("Silu a", Silu),
            ("Elu(a + pattern)/3", x => Elu(x + Pattern(x.Shape)) / 3),
            ("LeakyRelu(a + pattern)/3", x => LeakyRelu(x + Pattern(x.Shape)) / 3),
            ("CopySign(a + 2·pattern, pattern)/6", x => CopySign(x + (2 * Pattern(x.Shape)), Pattern(x.Shape)) / 6),
            ("Relu(a + pattern)/3", x => Relu(x + Pattern(x.Shape)) / 3),
            ("Clamp(a, pattern, 3)/2", x => Clamp(x, Pattern(x.Shape), 3) / 2),
            ("Round(a/5 + pattern)/8 + a/2", x => (Round((x / 5) + Pattern(x.Shape)) / 8) + (x / 2)),
            ("Transpose a", Transpose),
            ("Reshape(a, -1)", x => Reshape(x, -1)),
            ("Diag(diagonal of Outer(a, a))/2", x => Diag(Outer(Reshape(x, -1), Reshape(x, -1))) / 2),
            ("Trace(Diag a)/size", x => Trace(Diag(Reshape(x, -1))) / x.Shape.Size),
            ("Dot(a, a)/(2·size)", x => Dot(Reshape(x, -1), Reshape(x, -1)) / (2 * x.Shape.Size)),
        }.Select(entry => new Operation(entry.Text, (a, _, _) => entry.Apply(a))),

        new("(a + b)/2", (a, b, _) => (a + Fitted(a, b)) / 2),
        new("(a - b)/2", (a, b, _) => (a - Fitted(a, b)) / 2),
        new("a·b/2", (a, b, _) => a * Fitted(a, b) / 2),
        new("a/(3 + b)", (a, b, _) => a / (3 + Fitted(a, b))),
        new("Pow(a + 4, b/3)/2", (a, b, _) => Pow(a + 4, Fitted(a, b) / 3) / 2),
        new("Xlogy(a, b + 4)/2", (a, b, _) => Xlogy(a, Fitted(a, b) + 4) / 2),
        new("LogBeta(a + 3, b + 4)/5", (a, b, _) => LogBeta(a + 3, Fitted(a, b) + 4) / 5),
        new("Beta(a/4 + 1, b/4 + 2)", (a, b, _) => Beta((a / 4) + 1, (Fitted(a, b) / 4) + 2)),
        new("GammaP(a/4 + 2, b/4 + 2)", (a, b, _) => GammaP((a / 4) + 2, (Fitted(a, b) / 4) + 2)),
        new("BetaInc(a/4 + 2, b/4 + 2, 0.4)", (a, b, _) => BetaInc((a / 4) + 2, (Fitted(a, b) / 4) + 2, 0.4)),
        new("BetaInc(2, b/4 + 2, a/5 + 1/2)", (a, b, _) => BetaInc(2, (Fitted(a, b) / 4) + 2, (a / 5) + 0.5)),
        new("Zeta(a/4 + 4, b/4 + 2)", (a, b, _) => Zeta((a / 4) + 4, (Fitted(a, b) / 4) + 2)),
        new("Binomial(a/4 + 5, b/4 + 2)/8", (a, b, _) => Binomial((a / 4) + 5, (Fitted(a, b) / 4) + 2) / 8),
        new("LogAddExp(a, b)/2", (a, b, _) => LogAddExp(a, Fitted(a, b)) / 2),
        new("Mod(a/5 + pattern, b/10 + 3)/2", (a, b, _) => Mod((a / 5) + Pattern(a.Shape), (Fitted(a, b) / 10) + 3) / 2),
        new("Atan2(a, b + 3)", (a, b, _) => Atan2(a, Fitted(a, b) + 3)),
        new("Hypot(a, b + 3)/3", (a, b, _) => Hypot(a, Fitted(a, b) + 3) / 3),
        new("Max(a, b + 2·pattern)/5", (a, b, _) => Max(a, ApartFrom(a, b)) / 5),
        new("Min(a, b + 2·pattern)/5", (a, b, _) => Min(a, ApartFrom(a, b)) / 5),
        new("Clamp(a, b + 2·pattern, b + 2·pattern + 12)/8", (a, b, _) => Clamp(a, ApartFrom(a, b), ApartFrom(a, b) + 12) / 8),
        new("Where(a > pattern, a, b)", (a, b, _) => Where(a > Pattern(a.Shape), a, Fitted(a, b))),

        .. new (string Text, Func<Expr, int, Expr> Apply)[]
        {
            ("Mean(a, axis)", (x, axis) => Mean(x, axis)),
            ("Sum(a, axis, keepDims)/length", (x, axis) => Sum(x, axis, keepDims: true) / x.Shape[axis]),
            ("Prod(a/2, axis)", (x, axis) => Prod(x / 2, axis)),
            ("MaxOf(a + peak, axis) - 8", (x, axis) => MaxOf(x + Peak(x.Shape, axis), axis) - (2 * Decisive)),
            ("MinOf(a - peak, axis) + 8", (x, axis) => MinOf(x - Peak(x.Shape, axis), axis) + (2 * Decisive)),
            ("LogSumExp(a/2, axis) - log length", (x, axis) => LogSumExp(x / 2, axis) - Math.Log(x.Shape[axis])),
            ("Norm(a + 3, axis)/(3·√length)", (x, axis) => Norm(x + 3, axis) / (3 * Math.Sqrt(x.Shape[axis]))),
            ("CumSum(a, axis)/length", (x, axis) => CumSum(x, axis) / x.Shape[axis]),
            ("Var(a, axis)/2", (x, axis) => Var(x, axis) / 2),
            ("Softmax(a, axis)", Softmax),
            ("(LogSoftmax(a/2, axis) + log length)/2", (x, axis) => (LogSoftmax(x / 2, axis) + Math.Log(x.Shape[axis])) / 2),
            ("CumProd(a/2, axis)", (x, axis) => CumProd(x / 2, axis)),
            ("CumLogSumExp(a/2, axis) - log length", (x, axis) => CumLogSumExp(x / 2, axis) - Math.Log(x.Shape[axis])),
            ("Sort(a + ladder, axis) - Sort(ladder, axis)", (x, axis) => Sort(x + Ladder(x.Shape), axis) - Sort(Ladder(x.Shape), axis)),
            ("Median(a + ladder, axis) - Median(ladder, axis)", (x, axis) => Median(x + Ladder(x.Shape), axis) - Median(Ladder(x.Shape), axis)),
            ("CumMax(a + ladder, axis) - CumMax(ladder, axis)", (x, axis) => CumMax(x + Ladder(x.Shape), axis) - CumMax(Ladder(x.Shape), axis)),
            ("TakeAlong(a, ArgSort(a + ladder, axis), axis)", (x, axis) => TakeAlong(x, ArgSort(x + Ladder(x.Shape), axis), axis)),
            ("Take(a, IndexOfMax(a + ladder, …), axis)", (x, axis) => Take(x, Mod(IndexOfMax(x + Ladder(x.Shape)), x.Shape[axis]), axis)),
            ("Roll(a, 1, axis)", (x, axis) => Roll(x, 1, axis)),
            ("Repeat(a, 2, axis)", (x, axis) => Repeat(x, 2, axis)),
            ("Flip(a, axis)", Flip),
            ("Take(a, [last, 0, last], axis)", (x, axis) => Take(x, [x.Shape[axis] - 1, 0, x.Shape[axis] - 1], axis)),
            ("a[axis modulo length]", (x, axis) => x[axis % x.Shape[0]]),
            ("a[axis modulo length ..]", (x, axis) => x[(axis % x.Shape[0])..]),
        }.Select(entry => new Operation(entry.Text, (a, _, choice) => a.Rank == 0 ? a : entry.Apply(a, choice % a.Rank))),

        new("a[.., ^1]", (a, _, _) => a.Rank < 2 ? a : a[.., ^1]),
        new("Permute(a)", (a, _, _) => a.Rank < 2 ? a : Permute(a, [.. Enumerable.Range(1, a.Rank - 1), 0])),
        new("BroadcastTo(a, 2 × shape)", (a, _, _) => BroadcastTo(a, new Shape([2, .. a.Shape]))),
        new("Concat([a, b])", (a, b, _) => Concat([Reshape(a, -1), Reshape(b, -1)])),
        new("Stack([a, b, a], axis)", (a, b, choice) => Stack([a, Like(a, b), a], choice % (a.Rank + 1))),
        new("MatMul(a, Transpose(b))/(2·length)", (a, b, _) => MatMul(Rows(a), Transpose(RowsLike(a, b))) / (2 * Rows(a).Shape[1])),
        new("Einsum(\"ij,kj->jk\", a, b)/(2·rows)", (a, b, _) => Einsum("ij,kj->jk", Rows(a), RowsLike(a, b)) / (2 * Rows(a).Shape[0])),
        new("Outer(a, b)/2", (a, b, _) => Outer(Reshape(a, -1), Reshape(b, -1)) / 2),
    ];

    /// <summary>b if it broadcasts with a, otherwise its mean.</summary>
    private static Expr Fitted(Expr a, Expr b) =>
        a.Shape.Reverse().Zip(b.Shape.Reverse(), (left, right) => left == right || left == 1 || right == 1).All(fits => fits) ? b : Mean(b);

    /// <summary>b if it has the shape of a, otherwise its mean, broadcast to that shape.</summary>
    private static Expr Like(Expr a, Expr b) => a.Shape == b.Shape ? b : BroadcastTo(Mean(b), a.Shape);

    private static Expr Rows(Expr x) => x.Rank == 0 ? Reshape(x, 1, 1) : Reshape(x, -1, x.Shape.Lengths[^1]);

    /// <summary>The rows of b if they are as long as those of a, otherwise the rows of a.</summary>
    private static Expr RowsLike(Expr a, Expr b) => Rows(a).Shape[1] == Rows(b).Shape[1] ? Rows(b) : Rows(a);

    /// <summary>A tensor of elements that alternate between <see cref="Decisive"/> and −<see cref="Decisive"/>.</summary>
    private static Expr Pattern(Shape shape) =>
        Constant([.. Enumerable.Range(0, shape.Size).Select(i => i % 2 == 0 ? Decisive : -Decisive)], shape);

    /// <summary>b plus twice a pattern, so that each element is far above or far below that of a.</summary>
    private static Expr ApartFrom(Expr a, Expr b) => Fitted(a, b) is var fitted ? fitted + (2 * Pattern(fitted.Shape)) : b;

    /// <summary>A tensor of elements that are far apart, not in their order.</summary>
    private static Expr Ladder(Shape shape) => Grid.Build(shape, at => 2 * Decisive * shape.Select((length, axis) => at[axis] % 2 == 0 ? at[axis] : (2 * length) - at[axis])
        .Zip(shape).Aggregate(0, (step, digit) => (step * ((2 * digit.Item2) + 1)) + digit.Item1)).ToExpr();

    /// <summary>A tensor that is high at one position along an axis and 0 elsewhere: after adding it, the largest element is far from a tie.</summary>
    private static Expr Peak(Shape shape, int axis) =>
        Grid.Build(shape, at => at[axis] == shape[axis] / 2 ? 2 * Decisive : 0).ToExpr();
}
