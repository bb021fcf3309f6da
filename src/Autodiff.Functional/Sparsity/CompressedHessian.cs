// Dense Hessians with few entries that can be other than 0: a sweep for each colour instead of one for each column.

using Autodiff.Functional.Primitives;
using Autodiff.Functional.Programs;
using Autodiff.Functional.Sweeps;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Sparsity;

internal static class CompressedHessian
{
    // Patterns are looked for in Hessians from this many columns on, up to this many: below, all columns at once cost little, and above, a dense pattern
    // would cost much.
    private const int FewestColumns = 16;
    private const int MostColumns = 4096;

    // How many times fewer sweeps than columns make up for taking the entries apart.
    private const int Saving = 4;

    /// <summary>
    /// The Jacobian of a traced gradient, of shape argument shape ++ argument shape; null if the trace has values (then all that is computed once is the
    /// matrix, and a pattern would not pay) or if colours save too little.
    /// </summary>
    /// <param name="trace">A gradient, traced at a symbolic argument.</param>
    public static Expr? Of(Trace trace)
    {
        var leaf = trace.Leaves[0];
        var n = leaf.Shape.Size;
        if (trace.Result.IsConcrete || n is < FewestColumns or > MostColumns)
        {
            return null;
        }

        var (computations, captured) = Computation.Close("Hessian", [leaf], trace.Results);
        var sets = new IndexSets(n);
        var inputs = new int[]?[1 + captured.Length];
        inputs[0] = IndexSets.OfInputs(n);
        var pattern = SparsityPattern.Of(n, Dependence.Of(computations[0], inputs, sets)[0] ?? new int[n], sets).Symmetric();
        var colouring = HessianColouring.Star(pattern);
        if (pattern.Count == 0 || colouring.Count * Saving > n)
        {
            return null;
        }

        var directions = Reshape(Eq(Reshape(Arange(colouring.Count), colouring.Count, 1), Constant(Array.ConvertAll(colouring.Columns, colour => (double)colour), new Shape(n))), [colouring.Count, .. leaf.Shape.Lengths]);
        var sums = Reshape(new DirectionalSeries("Hessian", trace, directions).Each(1), colouring.Count * n);
        var entries = Compression.StarEntries(pattern, colouring.Columns);
        var places = pattern.Select(entry => (entry.Row * n) + entry.Column).ToArray();
        var values = Take(sums, [.. entries.Select(entry => (entry.Colour * n) + entry.Element)]);
        var whole = new Shape(n * n);
        return Reshape(Scatter(whole, [new Positions(whole, values.Shape, 0, places)], [values]), leaf.Shape.Concat(leaf.Shape));
    }
}
