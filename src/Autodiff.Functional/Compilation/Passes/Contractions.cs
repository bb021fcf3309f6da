// A pass that brings sums of products to the form that takes the least work. Axes of length 1 are left out; axes that only one operand has are
// summed first; a sum over a contraction becomes part of it; and a contraction that is no sum of products becomes what it is otherwise: a
// product, a sum, or a permutation. This may change the order of additions, and may multiply a common factor in after the sum.

using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Compilation.Passes;

internal static class Contractions
{
    public static Computation Simplify(Computation computation) => Array.Exists(computation.Nodes, node => node.Primitive is SumPrimitive or ContractionPrimitive)
        ? Rewriting.Apply(computation, (node, rewriting) =>
            (node.Primitive is ContractionPrimitive product ? Simpler(node, product.Contraction)
                : node.Primitive is SumPrimitive sum && node.Operand(0).Shape.Size > 0 ? Summed(node, sum.Axes, rewriting)
                : null) ?? node)
        : computation;

    private static Expr? Simpler(Expr node, Contraction contraction)
    {
        if (node.Shape.Size == 0 || HasRepeats(contraction.Output) || Array.Exists(contraction.Inputs, HasRepeats))
        {
            return null;
        }

        for (var i = 0; i < node.OperandCount; i++)
        {
            if (Absorbed(node, contraction, i) is { } absorbed)
            {
                return absorbed;
            }
        }

        if (contraction.Lengths.Values.Contains(0))
        {
            return null;
        }

        string Used(string letters) => string.Concat(letters.Where(letter => contraction.Inputs.Any(input => input.Contains(letter))));
        var trivial = string.Concat(contraction.Inputs.Append(contraction.Output).SelectMany(axes => axes).Distinct().Where(letter => contraction.Lengths[letter] == 1));
        if (trivial.Length > 0)
        {
            string[] inputs = [.. contraction.Inputs.Select(input => string.Concat(input.Except(trivial)))];
            Expr[] operands = [.. node.Operands.Select((operand, i) => Layout.Reshape(operand, contraction.ShapeOf(inputs[i])))];
            return Layout.Reshape(Contract(inputs, string.Concat(contraction.Output.Except(trivial)), contraction, operands), node.Shape);
        }

        if (Used(contraction.Output) is var kept && kept.Length < contraction.Output.Length)
        {
            var narrow = Contract(contraction.Inputs, kept, contraction, node.Operands.ToArray());
            return Layout.BroadcastTo(Layout.Reshape(narrow, contraction.ShapeWithOnes(contraction.Output, kept)), node.Shape);
        }

        for (var i = 0; i < node.OperandCount; i++)
        {
            var elsewhere = contraction.Output + string.Concat(contraction.Inputs.Where((_, other) => other != i));
            if (contraction.Inputs[i].Except(elsewhere).Any())
            {
                var own = contraction.Inputs[i];
                int[] alone = [.. Enumerable.Range(0, own.Length).Where(axis => !elsewhere.Contains(own[axis]))];
                string[] inputs = [.. contraction.Inputs];
                inputs[i] = string.Concat(own.Intersect(elsewhere));
                Expr[] operands = [.. node.Operands];
                operands[i] = Expr.SumOver(operands[i], new Folding(alone, false));
                return Contract(inputs, contraction.Output, contraction, operands);
            }
        }

        return node.OperandCount == 1 ? Arranged(node.Operand(0), contraction.Inputs[0], contraction.Output)
            : Letters(contraction).All(contraction.Output.Contains) ? Product(node, contraction, contraction.Output)
            : contraction.Output.Length > 0 && contraction.Inputs[0].Length == contraction.Inputs[1].Length && !contraction.Inputs[0].Except(contraction.Inputs[1]).Any() ? Products(node, contraction)
            : null;
    }

    private static bool HasRepeats(string axes) => axes.Distinct().Count() < axes.Length;

    private static string Letters(Contraction contraction) => string.Concat(contraction.Inputs.SelectMany(input => input).Distinct());

    private static Expr Contract(string[] inputs, string output, Contraction contraction, Expr[] operands) =>
        Expr.Contract(new(inputs, output, contraction.Lengths), operands);

    /// <summary>A contraction of what an operand was before it was permuted, stretched or negated; null if it was none of these.</summary>
    private static Expr? Absorbed(Expr node, Contraction contraction, int operand)
    {
        var x = node.Operand(operand);
        var axes = contraction.Inputs[operand];
        string[] inputs = [.. contraction.Inputs];
        Expr[] operands = [.. node.Operands];
        operands[operand] = x.OperandCount > 0 ? x.Operand(0) : x;
        if (x.Op == Op.Negate)
        {
            return -node.WithOperands(operands);
        }

        if (x.Primitive is PermutePrimitive permute)
        {
            inputs[operand] = string.Concat(permute.Permutation.Inverse().Order.Select(axis => axes[axis]));
            return Contract(inputs, contraction.Output, contraction, operands);
        }

        if (x.Primitive is not BroadcastPrimitive)
        {
            return null;
        }

        var before = x.Operand(0).Shape;
        var leading = x.Rank - before.Rank;
        var stretched = string.Concat(axes.Where((_, axis) => axis < leading || before[axis - leading] != x.Shape[axis]));
        inputs[operand] = string.Concat(axes.Except(stretched));
        operands[operand] = Layout.Reshape(x.Operand(0), contraction.ShapeOf(inputs[operand]));
        var elsewhere = contraction.Output + string.Concat(inputs);
        var times = stretched.Except(elsewhere).Aggregate(1.0, (product, letter) => product * contraction.Lengths[letter]);
        var narrow = Contract(inputs, contraction.Output, contraction, operands);
        return times == 1 ? narrow : narrow * times;
    }

    /// <summary>A permutation of x to the order of the result, which names the same axes.</summary>
    private static Expr Arranged(Expr x, string axes, string order) => Layout.Permute(x, [.. order.Select(letter => axes.IndexOf(letter))]);

    /// <summary>The elementwise product of both operands, with their axes in an order that names all of them.</summary>
    private static Expr Product(Expr node, Contraction contraction, string order)
    {
        Expr Aligned(int operand)
        {
            var own = string.Concat(order.Where(contraction.Inputs[operand].Contains));
            var from = own.Length == 0 ? order.Length : order.IndexOf(own[0]);
            return Layout.Reshape(Arranged(node.Operand(operand), contraction.Inputs[operand], own), contraction.ShapeWithOnes(order[from..], own));
        }

        return Aligned(0) * Aligned(1);
    }

    /// <summary>Inner products of many vectors, as a sum of elementwise products.</summary>
    private static Expr Products(Expr node, Contraction contraction)
    {
        var order = contraction.Inputs[0];
        int[] summed = [.. Enumerable.Range(0, order.Length).Where(axis => !contraction.Output.Contains(order[axis]))];
        var sum = Expr.SumOver(Product(node, contraction, order), new Folding(summed, false));
        return Arranged(sum, string.Concat(order.Intersect(contraction.Output)), contraction.Output);
    }

    private static Expr? Summed(Expr node, Folding folding, Rewriting rewriting)
    {
        var x = node.Operand(0);
        var axes = folding.Indices;
        Expr Sum(Expr y, IEnumerable<int> indices) => indices.ToArray() is { Length: > 0 } some ? Expr.SumOver(y, new Folding(some, false)) : y;
        Expr? sum = x.Primitive switch
        {
            null when x.Op == Op.Negate => -Sum(x.Operand(0), axes),
            null when x.Op == Op.Multiply && rewriting.IsReadOnce(x) => SumOfProducts(x, axes),
            SumPrimitive { Axes: var inner } => Sum(x.Operand(0), inner.Indices.Concat(axes.Select(axis => inner.KeepDims ? axis : Remaining(x.Operand(0).Rank, inner.Indices)[axis])).Distinct().Order()),
            PermutePrimitive permute => SumOfPermuted(x.Operand(0), permute.Permutation.Order, axes),
            BroadcastPrimitive => SumOfStretched(x, axes),
            ReshapePrimitive when folding.IsAll(x.Shape) => Sum(x.Operand(0), Enumerable.Range(0, x.Operand(0).Rank)),
            ReshapePrimitive when AxesBefore(x.Operand(0).Shape, x.Shape, axes) is { } before => Sum(x.Operand(0), before),
            ContractionPrimitive { Contraction: var contraction } when rewriting.IsReadOnce(x) && !HasRepeats(contraction.Output) && axes.All(axis => Letters(contraction).Contains(contraction.Output[axis])) =>
                Expr.Contract(contraction with { Output = string.Concat(contraction.Output.Where((_, axis) => !axes.Contains(axis))) }, x.Operands.ToArray()),
            _ => null,
        };
        return sum is null ? null : Layout.Reshape(sum, node.Shape);
    }

    private static int[] Remaining(int rank, int[] without) => [.. Enumerable.Range(0, rank).Except(without)];

    private static Expr SumOfPermuted(Expr x, int[] order, int[] axes)
    {
        int[] summed = [.. axes.Select(axis => order[axis]).Order()];
        var remaining = Remaining(x.Rank, summed);
        return Layout.Permute(Expr.SumOver(x, new Folding(summed, false)), [.. order.Where(remaining.Contains).Select(axis => Array.IndexOf(remaining, axis))]);
    }

    /// <summary>The sum over axes of a stretched tensor: along an axis that was stretched it is a multiple.</summary>
    private static Expr SumOfStretched(Expr x, int[] axes)
    {
        var before = x.Operand(0);
        var leading = x.Rank - before.Rank;
        bool IsStretched(int axis) => axis < leading || before.Shape[axis - leading] != x.Shape[axis];
        var times = axes.Where(IsStretched).Aggregate(1.0, (product, axis) => product * x.Shape[axis]);
        int[] own = [.. axes.Where(axis => !IsStretched(axis)).Select(axis => axis - leading)];
        var sum = own.Length == 0 ? before : Expr.SumOver(before, new Folding(own, true));
        var product = times == 1 ? sum : sum * times;

        // The axes that are not summed over are stretched again.
        var shape = x.Shape.Lengths.ToArray();
        Array.ForEach(axes, axis => shape[axis] = 1);
        return Layout.Reshape(Layout.BroadcastTo(product, Shape.Of(shape)), Shape.Of([.. shape.Where((_, axis) => !axes.Contains(axis))]));
    }

    /// <summary>The axes that became some axes when a reshape added or removed axes of length 1; null if the reshape did more.</summary>
    private static int[]? AxesBefore(Shape before, Shape after, int[] axes)
    {
        int[] own = [.. Enumerable.Range(0, before.Rank).Where(axis => before[axis] != 1)];
        int[] later = [.. Enumerable.Range(0, after.Rank).Where(axis => after[axis] != 1)];
        return own.Select(axis => before[axis]).SequenceEqual(later.Select(axis => after[axis]))
            ? [.. axes.Where(axis => after[axis] != 1).Select(axis => own[Array.IndexOf(later, axis)])]
            : null;
    }

    /// <summary>A sum of products as a contraction, if each factor lacks one of the axes; otherwise null.</summary>
    private static Expr? SumOfProducts(Expr product, int[] axes)
    {
        const string Letters = "abcdefghijklmnopqrstuvwxyz";
        var shape = product.Shape;
        if (shape.Rank > Letters.Length)
        {
            return null;
        }

        string Axes(Expr x) => string.Concat(Enumerable.Range(0, shape.Rank).Where(axis => axis >= shape.Rank - x.Rank && x.Shape[axis - (shape.Rank - x.Rank)] == shape[axis]).Select(axis => Letters[axis]));
        var (a, b) = (product.Operand(0), product.Operand(1));
        var (left, right) = (Axes(a), Axes(b));
        var longer = Enumerable.Range(0, shape.Rank).Count(axis => shape[axis] > 1);
        bool Lacks(string operand) => operand.Count(letter => shape[letter - 'a'] > 1) < longer;
        if (!Lacks(left) || !Lacks(right) || left.Length == 0 || right.Length == 0)
        {
            return null;
        }

        var lengths = Enumerable.Range(0, shape.Rank).ToDictionary(axis => Letters[axis], axis => shape[axis]);
        var contraction = new Contraction([left, right], string.Concat(Letters[..shape.Rank].Where((_, axis) => !axes.Contains(axis))), lengths);
        return Expr.Contract(contraction, [Layout.Reshape(a, contraction.ShapeOf(left)), Layout.Reshape(b, contraction.ShapeOf(right))]);
    }
}
