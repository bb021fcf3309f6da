// Positive definite and orthogonal matrices.

using LanguageExt;
using static Autodiff.Functional.Verification.Domains.Matrices;

namespace Autodiff.Functional.Verification.Domains;

/// <summary>Square matrices as arrays of their elements, row by row.</summary>
internal static class Matrices
{
    /// <summary>The diagonal matrix with the given elements.</summary>
    public static double[] Diagonal(params double[] elements)
    {
        var matrix = new double[elements.Length * elements.Length];
        for (var i = 0; i < elements.Length; i++)
        {
            matrix[(i * elements.Length) + i] = elements[i];
        }

        return matrix;
    }

    public static Expr Tensor(double[] matrix, int n) => Expr.Constant(matrix, new Shape(n, n));

    /// <summary>Q diag(λ) Qᵀ, exactly symmetric.</summary>
    public static double[] WithEigenvalues(double[] q, double[] eigenvalues)
    {
        var n = eigenvalues.Length;
        var matrix = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                for (var k = 0; k < n; k++)
                {
                    matrix[(i * n) + j] += q[(i * n) + k] * eigenvalues[k] * q[(j * n) + k];
                }

                matrix[(j * n) + i] = matrix[(i * n) + j];
            }
        }

        return matrix;
    }

    /// <summary>A random orthogonal matrix: a product of rotations of two columns and reflections, so that it is orthogonal to the last digit.</summary>
    public static double[] Orthogonal(Random random, int n)
    {
        var matrix = Diagonal([.. Enumerable.Range(0, n).Select(_ => random.Next(2) == 0 ? 1.0 : -1)]);
        for (var i = 0; i < n; i++)
        {
            for (var j = i + 1; j < n; j++)
            {
                matrix = Rotated(matrix, n, i, j, 2 * Math.PI * random.NextDouble());
            }
        }

        return matrix;
    }

    /// <summary>The matrix with two columns rotated into each other by an angle.</summary>
    public static double[] Rotated(double[] matrix, int n, int first, int second, double angle)
    {
        double[] rotated = [.. matrix];
        var (sin, cos) = Math.SinCos(angle);
        for (var row = 0; row < n; row++)
        {
            var (x, y) = (matrix[(row * n) + first], matrix[(row * n) + second]);
            (rotated[(row * n) + first], rotated[(row * n) + second]) = ((cos * x) + (sin * y), (cos * y) - (sin * x));
        }

        return rotated;
    }

    /// <summary>The pairs i &lt; j.</summary>
    public static (int First, int Second)[] Pairs(int n) => [.. from i in Enumerable.Range(0, n) from j in Enumerable.Range(i + 1, n - i - 1) select (i, j)];
}

/// <summary>The domain of <see cref="Domain.PositiveDefinite"/>.</summary>
internal static class PositiveDefiniteDomain
{
    public static Domain<Expr> Of(int n) => new(random => Random(random, n), random => Edges(random, n));

    private static DomainPoint<Expr> Random(Random random, int n) =>
        Point(Orthogonal(random, n), [.. Enumerable.Range(0, n).Select(_ => Math.Pow(10, 2 * ((2 * random.NextDouble()) - 1)))]);

    /// <summary>Multiples of the identity of all sizes; equal eigenvalues in a random basis; large condition numbers.</summary>
    private static IEnumerable<DomainPoint<Expr>> Edges(Random random, int n)
    {
        var identity = Diagonal([.. Enumerable.Repeat(1.0, n)]);
        foreach (var scale in new[] { 1, 1e-8, 1e8, 1e-100, 1e100 })
        {
            yield return Point(identity, [.. Enumerable.Repeat(scale, n)]);
        }

        if (n > 1)
        {
            yield return Point(Orthogonal(random, n), [.. Enumerable.Range(0, n).Select(i => i == 0 ? 2.0 : 1)]);
            yield return Point(identity, [.. Enumerable.Range(1, n).Select(i => (double)i)]);
            foreach (var condition in new[] { 1e4, 1e8 })
            {
                yield return Point(Orthogonal(random, n), [.. Enumerable.Range(0, n).Select(i => Math.Pow(condition, -(double)i / (n - 1)))]);
            }
        }
    }

    private static DomainPoint<Expr> Point(double[] q, double[] eigenvalues)
    {
        var (n, matrix) = (eigenvalues.Length, WithEigenvalues(q, eigenvalues));
        (int First, int Second)[] entries = [.. Enumerable.Range(0, n).Select(i => (i, i)), .. Pairs(n)];

        // A change of one element on the diagonal, or of one and its mirror image, moves the eigenvalues by no more than itself (H. Weyl, 1912).
        var room = 0.9 * eigenvalues.Min();
        return new(
            Tensor(matrix, n),
            [.. entries.Select(_ => (-room, room))],
            at =>
            {
                double[] moved = [.. matrix];
                for (var i = 0; i < entries.Length; i++)
                {
                    var (row, column) = entries[i];
                    moved[(row * n) + column] += at[i];
                    moved[(column * n) + row] = moved[(row * n) + column];
                }

                return at.Sum(Math.Abs) <= room * (1 + 1e-12) ? Option<Expr>.Some(Tensor(moved, n)) : Option<Expr>.None;
            },
            () => Simpler(q, eigenvalues));
    }

    private static IEnumerable<DomainPoint<Expr>> Simpler(double[] q, double[] eigenvalues)
    {
        var n = eigenvalues.Length;
        if (n > 1)
        {
            yield return Point([1], [1]);
            yield return Point(Diagonal([.. Enumerable.Repeat(1.0, n - 1)]), eigenvalues[1..]);
        }

        var identity = Diagonal([.. Enumerable.Repeat(1.0, n)]);
        if (!q.SequenceEqual(identity))
        {
            yield return Point(identity, eigenvalues);
        }

        var complexity = TensorPoint.Complexity(eigenvalues);
        foreach (var simpler in TensorPoint.Simpler(eigenvalues).Where(simpler => Array.TrueForAll(simpler, x => x > 0) && TensorPoint.Complexity(simpler) < complexity))
        {
            yield return Point(q, simpler);
        }
    }
}

/// <summary>The domain of <see cref="Domain.Orthogonal"/>.</summary>
internal static class OrthogonalDomain
{
    public static Domain<Expr> Of(int n) => new(random => Point(Orthogonal(random, n), n), _ => Edges(n).Select(matrix => Point(matrix, n)));

    /// <summary>The identity, its negative, a reflection, a cyclic permutation, and rotations by small and by right angles.</summary>
    private static IEnumerable<double[]> Edges(int n)
    {
        var identity = Diagonal([.. Enumerable.Repeat(1.0, n)]);
        yield return identity;
        yield return Array.ConvertAll(identity, x => -x);
        if (n > 1)
        {
            yield return Diagonal([.. Enumerable.Range(0, n).Select(i => i == 0 ? -1.0 : 1)]);
            yield return [.. Enumerable.Range(0, n * n).Select(k => (k / n) == ((k % n) + 1) % n ? 1.0 : 0)];
            yield return Rotated(identity, n, 0, 1, 1e-8);
            yield return Rotated(identity, n, 0, 1, Math.PI / 4);
        }
    }

    private static DomainPoint<Expr> Point(double[] matrix, int n)
    {
        var pairs = Pairs(n);
        return new(
            Tensor(matrix, n),
            [.. pairs.Select(_ => (-Math.PI, Math.PI))],
            at =>
            {
                var moved = matrix;
                for (var i = 0; i < pairs.Length; i++)
                {
                    moved = at[i] == 0 ? moved : Rotated(moved, n, pairs[i].First, pairs[i].Second, at[i]);
                }

                return Option<Expr>.Some(Tensor(moved, n));
            },
            () => Simpler(matrix, n));
    }

    private static IEnumerable<DomainPoint<Expr>> Simpler(double[] matrix, int n)
    {
        for (var length = 1; length < n; length++)
        {
            yield return Point(Diagonal([.. Enumerable.Repeat(1.0, length)]), length);
        }

        // Signed permutations are simpler than other matrices, and the identity is simplest.
        var identity = Diagonal([.. Enumerable.Repeat(1.0, n)]);
        if (!matrix.SequenceEqual(identity))
        {
            yield return Point(identity, n);
            if (!Array.TrueForAll(matrix, x => x is 0 or 1 or -1))
            {
                foreach (var simpler in Edges(n).Where(edge => Array.TrueForAll(edge, x => x is 0 or 1 or -1)))
                {
                    yield return Point(simpler, n);
                }
            }
        }
    }
}
