// Results of hand-written code, which are flat arrays, beside those of the library.

using Autodiff.PropertyTests.Generators;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Workloads;

internal static class Numbers
{
    /// <summary>Elements that differ by at most 10⁻¹⁰ of the largest, however small that is.</summary>
    public static void Near(double[] expected, IEnumerable<Expr> actual, double tolerance = Agreement.Rounding)
    {
        var scale = expected.Select(Math.Abs).Append(double.Epsilon).Max();
        Agreement.Near(Array.ConvertAll(expected, x => x / scale), Flat(actual) / scale, tolerance);
    }

    /// <summary>All elements in one vector.</summary>
    public static Expr Flat(IEnumerable<Expr> results) => Concat([.. results.Select(result => Reshape(result, -1))]);

    /// <summary>What a function writes.</summary>
    public static double[] Written(int length, Action<double[]> function)
    {
        var results = new double[length];
        function(results);
        return results;
    }
}
