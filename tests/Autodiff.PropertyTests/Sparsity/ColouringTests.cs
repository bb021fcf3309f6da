// Colourings of random patterns: each satisfies its definition, and the entries of a random matrix are recovered from the sums of its colours exactly.

using Autodiff.Functional.Sparsity;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace Autodiff.PropertyTests.Sparsity;

[Properties(Arbitrary = [typeof(Patterns)], QuietOnSuccess = true)]
public class ColouringTests
{
    [Property(MaxTest = 500)]
    public void Every_entry_of_a_Jacobian_stands_alone_in_its_sum(SparsityPattern pattern)
    {
        var colouring = JacobianColouring.Of(pattern);
        foreach (var (row, column) in pattern)
        {
            var isByRow = colouring.ReadsRow(row, column);
            var alone = isByRow
                ? pattern.Transpose.Row(column).ToArray().Count(other => colouring.Rows[other] == colouring.Rows[row])
                : pattern.Row(row).ToArray().Count(other => colouring.Columns[other] == colouring.Columns[column]);
            Assert.True(isByRow ? colouring.Rows[row] >= 0 : colouring.Columns[column] >= 0);
            Assert.Equal(1, alone);
        }

        Assert.True(colouring.Columns.All(colour => colour < colouring.ColumnColours) && colouring.Rows.All(colour => colour < colouring.RowColours));
        Assert.True(colouring.Count <= Math.Min(pattern.Rows, pattern.Columns));
    }

    [Property(MaxTest = 500)]
    public void A_star_colouring_has_no_path_of_four_vertices_in_two_colours(Symmetric symmetric)
    {
        var (pattern, colouring) = (symmetric.Pattern, HessianColouring.Star(symmetric.Pattern));
        IsProper(pattern, colouring);
        foreach (var (a, b) in Edges(pattern))
        {
            foreach (var c in Neighbours(pattern, b).Where(c => c != a && colouring.Columns[c] == colouring.Columns[a]))
            {
                Assert.DoesNotContain(Neighbours(pattern, c), d => d != b && colouring.Columns[d] == colouring.Columns[b]);
            }
        }
    }

    [Property(MaxTest = 500)]
    public void An_acyclic_colouring_has_no_cycle_in_two_colours(Symmetric symmetric)
    {
        var (pattern, colouring) = (symmetric.Pattern, HessianColouring.Acyclic(symmetric.Pattern));
        IsProper(pattern, colouring);
        foreach (var pair in Edges(pattern).Where(edge => edge.A < edge.B).GroupBy(edge => (
            Math.Min(colouring.Columns[edge.A], colouring.Columns[edge.B]), Math.Max(colouring.Columns[edge.A], colouring.Columns[edge.B]))))
        {
            var component = Enumerable.Range(0, pattern.Rows).ToArray();
            foreach (var (a, b) in pair)
            {
                var (from, to) = (component[a], component[b]);
                Assert.NotEqual(from, to);
                component = Array.ConvertAll(component, c => c == from ? to : c);
            }
        }
    }

    [Property(MaxTest = 300)]
    public void A_random_symmetric_matrix_is_recovered_exactly(Symmetric symmetric, int seed)
    {
        var pattern = symmetric.Pattern;
        var matrix = new double[pattern.Rows, pattern.Rows];
        var random = new System.Random(seed);
        foreach (var (row, column) in pattern.Where(place => place.Row <= place.Column))
        {
            matrix[row, column] = matrix[column, row] = random.Next(-9, 10);
        }

        double[] expected = [.. pattern.Select(place => matrix[place.Row, place.Column])];
        var star = HessianColouring.Star(pattern);
        var sums = Sums(matrix, star);
        Assert.Equal(expected, Compression.StarEntries(pattern, star.Columns).OrderBy(entry => entry.Place).Select(entry => sums[(entry.Colour * pattern.Rows) + entry.Element]));

        var acyclic = HessianColouring.Acyclic(pattern);
        var (steps, diagonal) = Substitution.Order(pattern, acyclic.Columns, pattern.Rows);
        var found = new double[pattern.Count];
        Substitution.Solve(steps, diagonal, Sums(matrix, acyclic), found);
        Assert.Equal(expected, found);
    }

    [Fact]
    public void Known_patterns_get_as_few_colours_as_possible()
    {
        const int N = 50;
        SparsityPattern Of(Func<int, int, bool> isPlace) => Patterns.Where(N, N, isPlace);
        var band = Of((i, j) => Math.Abs(i - j) <= 1);
        var arrow = Of((i, j) => i == j || i == 0 || j == 0);
        var hub = Of((i, j) => i == j || i == 7 || j == 7);
        Assert.Equal(3, JacobianColouring.Of(band).Count);
        Assert.Equal(3, JacobianColouring.Of(arrow).Count);
        Assert.Equal(3, JacobianColouring.Of(hub).Count);
        Assert.Equal(1, JacobianColouring.Of(Of((i, j) => i == 3)).Count);
        Assert.Equal(1, JacobianColouring.Of(Of((i, j) => j == 3)).Count);
        Assert.Equal(0, JacobianColouring.Of(Of((i, j) => false)).Count);
        Assert.Equal(N, JacobianColouring.Of(Of((i, j) => true)).Count);
        Assert.Equal(3, HessianColouring.Star(band).Count);
        Assert.Equal(2, HessianColouring.Acyclic(band).Count);
        Assert.Equal(2, HessianColouring.Star(arrow).Count);
        Assert.Equal(2, HessianColouring.Star(hub).Count);
        Assert.Equal(1, HessianColouring.Star(Of((i, j) => i == j)).Count);
    }

    private static double[] Sums(double[,] matrix, HessianColouring colouring)
    {
        var n = matrix.GetLength(0);
        var sums = new double[colouring.Count * n];
        for (var column = 0; column < n; column++)
        {
            for (var row = 0; row < n && colouring.Columns[column] >= 0; row++)
            {
                sums[(colouring.Columns[column] * n) + row] += matrix[row, column];
            }
        }

        return sums;
    }

    private static void IsProper(SparsityPattern pattern, HessianColouring colouring)
    {
        Assert.All(pattern, place => Assert.InRange(colouring.Columns[place.Row], 0, colouring.Count - 1));
        Assert.All(Edges(pattern), edge => Assert.NotEqual(colouring.Columns[edge.A], colouring.Columns[edge.B]));
    }

    private static IEnumerable<(int A, int B)> Edges(SparsityPattern pattern) => pattern.Where(place => place.Row != place.Column);

    private static int[] Neighbours(SparsityPattern pattern, int vertex) => [.. pattern.Row(vertex).ToArray().Where(other => other != vertex)];
}

/// <summary>A pattern that is its own transpose.</summary>
public sealed record Symmetric(SparsityPattern Pattern);

/// <summary>Random patterns, some with dense rows and columns.</summary>
public static class Patterns
{
    public static Arbitrary<SparsityPattern> Any { get; } = (
        from rows in Gen.Choose(1, 14)
        from columns in Gen.Choose(1, 14)
        from percent in Gen.Elements(0, 5, 15, 30, 70)
        from dense in Gen.Choose(0, 2)
        from seed in Gen.Choose(0, int.MaxValue)
        select Random(rows, columns, percent, dense, seed)).ToArbitrary();

    public static Arbitrary<Symmetric> AnySymmetric { get; } = (
        from size in Gen.Choose(1, 16)
        from percent in Gen.Elements(0, 5, 12, 25, 60)
        from dense in Gen.Choose(0, 2)
        from seed in Gen.Choose(0, int.MaxValue)
        select new Symmetric(Random(size, size, percent, dense, seed) is var pattern ? Where(size, size, (i, j) => pattern.Contains(i, j) || pattern.Contains(j, i)) : pattern)).ToArbitrary();

    public static SparsityPattern Where(int rows, int columns, Func<int, int, bool> isPlace)
    {
        int[][] all = [.. Enumerable.Range(0, rows).Select(row => Enumerable.Range(0, columns).Where(column => isPlace(row, column)).ToArray())];
        return new(columns, [0, .. all.Select((_, row) => all.Take(row + 1).Sum(places => places.Length))], [.. all.SelectMany(places => places)]);
    }

    private static SparsityPattern Random(int rows, int columns, int percent, int dense, int seed)
    {
        var random = new System.Random(seed);
        return Where(rows, columns, (i, j) => random.Next(100) < percent || i < dense || j < dense - 1);
    }
}
