// Products of several matrices: in which order they are multiplied.

using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Algebra;

/// <summary>
/// A pass that multiplies the matrices of a product in the order with the fewest multiplications of numbers: (AB)v becomes A(Bv). A product that is
/// used elsewhere too stays as it is.
/// </summary>
internal static class MatrixChains
{
    // The most factors whose order is chosen at once: the choice takes time in proportion to the cube of their number.
    private const int MostFactors = 24;

    /// <summary>The computation with its products of matrices in the cheapest order.</summary>
    public static Computation Apply(Computation computation) => computation.Uses(Op.MatMul) ? Rewriting.Apply(computation, Reordered) : computation;

    private static Expr Reordered(Expr node, Rewriting rewriting)
    {
        var (factors, cost) = IsProduct(node) ? FactorsOf(node, rewriting) : ([], 0);
        var n = factors.Count;
        if (n < 3)
        {
            return node;
        }

        // The factor at i is a matrix of lengths[i] by lengths[i + 1]; a vector is a row if it is the first factor, and a column if it is the last one.
        int[] lengths = [factors[0].Rank == 1 ? 1 : factors[0].Shape[0], .. factors.Select((factor, i) => i > 0 && factor.Rank == 1 ? 1 : factor.Shape[factor.Rank - 1])];

        // least[i, j] is the cost of the product of the factors from i to j, and split[i, j] the last factor of its left operand.
        var (least, split) = (new double[n, n], new int[n, n]);
        for (var count = 2; count <= n; count++)
        {
            for (var i = 0; i + count <= n; i++)
            {
                var j = i + count - 1;
                least[i, j] = double.PositiveInfinity;
                for (var k = i; k < j; k++)
                {
                    var own = least[i, k] + least[k + 1, j] + ((double)lengths[i] * lengths[k + 1] * lengths[j + 1]);
                    if (own < least[i, j])
                    {
                        (least[i, j], split[i, j]) = (own, k);
                    }
                }
            }
        }

        return least[0, n - 1] < cost ? Product(0, n - 1) : node;

        Expr Product(int i, int j) => i == j ? factors[i] : Expr.MatMul(Product(i, split[i, j]), Product(split[i, j] + 1, j));
    }

    /// <summary>The factors of a product from left to right, with products that only it reads taken apart, and its cost as it is.</summary>
    private static (List<Expr> Factors, double Cost) FactorsOf(Expr node, Rewriting rewriting)
    {
        var (factors, open, cost) = (new List<Expr>(), new Stack<Expr>([node.Operand(1), node.Operand(0)]), CostOf(node));
        while (open.TryPop(out var factor))
        {
            if (factors.Count + open.Count + 2 <= MostFactors && IsPart(factor) && rewriting.IsReadOnce(factor))
            {
                open.Push(factor.Operand(1));
                open.Push(factor.Operand(0));
                cost += CostOf(factor);
            }
            else
            {
                factors.Add(factor);
            }
        }

        return (factors, cost);

        // Only the first factor of all may be a row, and only the last one a column.
        bool IsPart(Expr factor) => IsProduct(factor) && (factor.Rank == 2 || (factor.Operand(0).Rank == 1 ? factors.Count == 0 : open.Count == 0));
    }

    private static bool IsProduct(Expr node) => node.Op == Op.MatMul && node.Operand(0).Rank <= 2 && node.Operand(1).Rank <= 2;

    /// <summary>The multiplications of a product of two matrices.</summary>
    private static double CostOf(Expr node) => (double)node.Shape.Size * node.Operand(0).Shape[node.Operand(0).Rank - 1];
}
