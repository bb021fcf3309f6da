// A pass that replaces LogSumExp and Norm by the primitives they consist of, so that kernels compute them together with what surrounds them.
// LogSumExp and its derivative, the softmax, are decomposed together, since both need the same exponentials.

using Autodiff.Functional.Programs;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Compilation.Passes;

internal static class Decomposition
{
    public static Computation Decompose(Computation computation)
    {
        if (!Array.Exists(computation.Nodes, node => node.Primitive is LogSumExpPrimitive or LogSumPrimitive or NormPrimitive))
        {
            return computation;
        }

        var known = new Dictionary<Expr, Terms>(ReferenceEqualityComparer.Instance);
        var norms = new Dictionary<Expr, Norm>(ReferenceEqualityComparer.Instance);
        return Rewriting.Apply(computation, node =>
        {
            if (node.Primitive is NormPrimitive reduction && node.Operand(0).Shape.Size > 0)
            {
                var norm = new Norm(node.Operand(0), reduction.Axes);
                var length = Layout.Reshape(norm.Length, node.Shape);
                norms[BeforeReshape(length)] = norm;
                return length;
            }

            if (node is { Op: Op.Where, Operands: [_, _, { Op: Op.ShareOfNorm, Operands: [var element, var whole] }] }
                && node.Operand(0) is { Op: Op.Equal, Operands: [var compared, { Op: Op.Constant, IsScalar: true, Scalar: double.PositiveInfinity }] }
                && ReferenceEquals(compared, whole) && norms.TryGetValue(BeforeReshape(whole), out var that) && ReferenceEquals(that.X, element))
            {
                return that.Direction;
            }

            if (node.Primitive is Reduction and (LogSumExpPrimitive or LogSumPrimitive) and { Axes: var folding } && folding.Count(node.Operand(0).Shape) > 0)
            {
                var terms = new Terms(node.Primitive is LogSumPrimitive ? Log(node.Operand(0)) : node.Operand(0), folding);
                var sum = Layout.Reshape(terms.LogSum, node.Shape);
                known[BeforeReshape(sum)] = terms;
                return sum;
            }

            return node.Op == Op.Divide && SoftmaxOf(node.Operand(0), node.Operand(1)) is var (x, logSum)
                && known.TryGetValue(logSum, out var those) && ReferenceEquals(those.X, x) ? those.Softmax : node;
        });
    }

    /// <summary>
    /// Recognises a softmax in the form in which the derivative of LogSumExp states it, and returns x and log Σ eˣ. The numerator is e^(x − log Σ eˣ), or,
    /// where log Σ eˣ is infinite, whether x equals it; the denominator is the sum of the numerators.
    /// </summary>
    private static (Expr X, Expr LogSum)? SoftmaxOf(Expr numerator, Expr denominator) =>
        numerator is { Op: Op.Where, Operands: [_, { Op: Op.Equal } equal, { Op: Op.Exp } power] }
        && power.Operand(0) is { Op: Op.Subtract, Operands: [var x, var logSum] }
        && ReferenceEquals(equal.Operand(0), x) && ReferenceEquals(equal.Operand(1), logSum)
        && numerator.Operand(0) is { Op: Op.Equal, Operands: [{ Op: Op.Abs } size, { Op: Op.Constant, IsScalar: true, Scalar: double.PositiveInfinity }] }
        && ReferenceEquals(size.Operand(0), logSum)
        && BeforeReshape(denominator) is { Op: Op.Sum } sum && ReferenceEquals(sum.Operand(0), numerator)
            ? (x, BeforeReshape(logSum))
            : null;

    private static Expr BeforeReshape(Expr x)
    {
        while (x.Op == Op.Reshape)
        {
            x = x.Operand(0);
        }

        return x;
    }

    /// <summary>√Σx² = m·√Σ(x/m)² with m the largest of all |x|, so that no square overflows or vanishes; m = 1 where the largest is 0 or infinite.</summary>
    private sealed class Norm
    {
        private readonly Expr _ratio;
        private readonly Expr _root;

        public Norm(Expr x, Folding folding)
        {
            X = x;
            var kept = folding with { KeepDims = true };
            var largest = new MaxOfPrimitive(kept).Of(Abs(x));
            var scale = Where((largest > 0) * (largest < double.PositiveInfinity), largest, 1);
            _ratio = x / scale;
            _root = Sqrt(SumOver(_ratio * _ratio, kept));
            Length = scale * _root;
        }

        public Expr X { get; }

        public Expr Length { get; }

        /// <summary>x/√Σx², correct even where the length is beyond the largest number.</summary>
        public Expr Direction => Apply(Op.ShareOfNorm, _ratio, _root);
    }

    /// <summary>
    /// log Σ eˣ and the softmax. The largest elements, whose terms e^(x − max) are exactly 1, are counted, and the terms of the others are summed
    /// separately, so that small terms are not lost beside a 1. If elements are infinite, only the largest count.
    /// </summary>
    private sealed class Terms
    {
        private readonly Expr _isLargest;
        private readonly Expr _others;
        private readonly Expr _count;
        private readonly Expr _rest;

        public Terms(Expr x, Folding folding)
        {
            X = x;
            var kept = folding with { KeepDims = true };
            var largest = new MaxOfPrimitive(kept).Of(x);
            _isLargest = Eq(x, largest);
            _others = Where(_isLargest, 0, Exp(x - largest));
            _count = SumOver(_isLargest, kept);
            _rest = SumOver(_others, kept);
            LogSum = largest + LogP1(_rest + (_count - 1));
        }

        public Expr X { get; }

        public Expr LogSum { get; }

        public Expr Softmax => Where(_isLargest, 1, _others) / (_rest + _count);
    }
}
