// The principal square root and logarithm of matrices of any number type.

using System.Numerics;

namespace Autodiff.Functional.NumberTypes;

/// <summary>Square roots by the iteration of Denman and Beavers, and logarithms by square roots, until a matrix is near 1, and a series.</summary>
internal static class FieldRoots
{
    /// <summary>Why a matrix has no principal square root, which its logarithm needs too, for an error.</summary>
    public const string NoRoot = "is singular, or has a negative number as an eigenvalue: the iteration for its principal square root does not converge";

    // The iteration halves the distance of logarithms of eigenvalues, and then converges at a quadratic rate: to double precision, and in the last steps to that of
    // types with more digits.
    private const int MostSteps = 1200;
    private const int FinalSteps = 3;
    private const double Converged = 1e-12;

    // A logarithm below 2¹⁰ needs 15 square roots to be near 0; parts beside the diagonal may need more. Of the series Σ 2z²ᵏ⁺¹/(2k + 1), with |z| < 1/32, so many
    // terms reach 10⁻³⁴.
    private const int MostRoots = 60;
    private const double Near = 1.0 / 16;
    private const int Terms = 11;

    /// <summary>The principal square root; null if the iteration does not converge.</summary>
    public static T[]? Root<T>(NumberField<T> field, T[] a, int n)
        where T : INumberBase<T>
    {
        field.RequireApproximate("Sqrtm");
        var (x, y, left) = (a, FieldMatrices.Identity<T>(n), -1);
        for (var step = 0; step < MostSteps && left != 0; step++)
        {
            if (Inverse(field, x, n) is not { } inverseOfX || Inverse(field, y, n) is not { } inverseOfY)
            {
                return null;
            }

            var next = Mean(field, x, inverseOfY);
            y = Mean(field, y, inverseOfX);
            left = left > 0 ? left - 1 : Distance(field, next, x) <= Converged * Distance(field, next, null) ? FinalSteps : left;
            x = next;
        }

        return left == 0 ? x : null;
    }

    /// <summary>The principal logarithm; null if a square root does not converge.</summary>
    public static T[]? Logarithm<T>(NumberField<T> field, T[] a, int n)
        where T : INumberBase<T>
    {
        var (x, one, roots) = (a, FieldMatrices.Identity<T>(n), 0);
        for (; roots < MostRoots && Distance(field, x, one) * n > Near; roots++)
        {
            if (Root(field, x, n) is not { } root)
            {
                return null;
            }

            x = root;
        }

        // log x = 2 artanh z for z = (x + 1)⁻¹(x − 1).
        var (sum, z) = (Combined(x, one, (left, right) => left + right), Combined(x, one, (left, right) => left - right));
        if (FieldMatrices.Eliminate(field, sum, z, n) is null)
        {
            return null;
        }

        var (square, power) = (FieldMatrices.Product<T>(z, z, n, n, n), z);
        var series = Array.ConvertAll(z, element => field.Scaled(element, roots + 1));
        for (var k = 1; k <= Terms; k++)
        {
            power = FieldMatrices.Product<T>(power, square, n, n, n);
            var divisor = field.Constant((2 * k) + 1);
            series = Combined(series, power, (left, right) => left + (field.Scaled(right, roots + 1) / divisor));
        }

        return series;
    }

    private static T[]? Inverse<T>(NumberField<T> field, T[] a, int n)
        where T : INumberBase<T>
    {
        var inverse = FieldMatrices.Identity<T>(n);
        return FieldMatrices.Eliminate(field, [.. a], inverse, n) is null ? null : inverse;
    }

    private static T[] Mean<T>(NumberField<T> field, T[] x, T[] y)
        where T : INumberBase<T> => Combined(x, y, (left, right) => field.Scaled(left + right, -1));

    private static T[] Combined<T>(T[] x, T[] y, Func<T, T, T> combine)
    {
        var combined = new T[x.Length];
        for (var i = 0; i < combined.Length; i++)
        {
            combined[i] = combine(x[i], y[i]);
        }

        return combined;
    }

    /// <summary>The largest magnitude of the elements of x − y, or of x.</summary>
    private static double Distance<T>(NumberField<T> field, T[] x, T[]? y)
        where T : INumberBase<T>
    {
        var largest = 0.0;
        for (var i = 0; i < x.Length; i++)
        {
            largest = Math.Max(largest, field.Magnitude(y is null ? x[i] : x[i] - y[i]));
        }

        return largest;
    }
}
