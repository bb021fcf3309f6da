// Special functions that are composed of others.

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>x! = Γ(x + 1) of a real number: exact for whole x up to 22, NaN at −1, −2, …. Derivative x! ψ(x + 1).</summary>
    /// <param name="x">The argument, of any shape.</param>
    public static Expr Factorial(Expr x) => Gamma(x + 1);

    /// <summary>
    /// The logarithm of the multivariate gamma function of dimension d, d(d − 1)/4 log π + Σ log Γ(x − j/2), j = 0 … d − 1, for x &gt; (d − 1)/2; +∞ at the bound,
    /// NaN below. It normalizes the Wishart distribution. Derivative Σ ψ(x − j/2).
    /// </summary>
    /// <param name="x">The argument, of any shape.</param>
    /// <param name="dimension">d, 1 or more.</param>
    /// <exception cref="AutodiffException">The dimension is less than 1.</exception>
    public static Expr LogMultigamma(Expr x, int dimension)
    {
        var shape = ShapeOf("LogMultigamma", x);
        if (dimension is < 1 or > 10_000)
        {
            throw new AutodiffException($"LogMultigamma: the dimension is {dimension}; it must be from 1 to 10000.");
        }

        var bound = 0.5 * (dimension - 1);
        var logarithms = Sum(LogGamma(Reshape(x, new Shape([.. shape.Lengths, 1])) - (0.5 * Arange(dimension))), -1);
        return Where(x >= bound, (0.5 * bound * dimension * Math.Log(Math.PI)) + logarithms, double.NaN);
    }
}
