// The log-likelihood of a Gaussian mixture with a Wishart prior, the first objective of ADBench (Šrajer, Kukelova and
// Fitzgibbon, arXiv:1807.10129), as a user of the library would write it: a function of one sample, and Vmap.

using static Autodiff.Functional.Expr;

namespace Autodiff.Workloads;

/// <summary>The parameters of K components in D dimensions.</summary>
/// <param name="Alphas">The logarithms of the weights, up to a constant: (K).</param>
/// <param name="Means">The means: (K, D).</param>
/// <param name="Factors">
/// For each component the D logarithms of the diagonal of a lower-triangular matrix Q with QᵀQ = Σ⁻¹, then its entries below the
/// diagonal column by column: (K, D(D + 1)/2).
/// </param>
public sealed record GmmParameters(Expr Alphas, Expr Means, Expr Factors);

/// <summary>A mixture's log-likelihood and its prior.</summary>
public static class Gmm
{
    /// <summary>
    /// −nD/2 log 2π + Σᵢ log Σₖ exp(αₖ + Σ qₖ − ½‖Qₖ(xᵢ − μₖ)‖²) − n log Σ exp α, plus the logarithm of the prior.
    /// </summary>
    /// <param name="parameters">The mixture.</param>
    /// <param name="samples">The samples: (n, D).</param>
    /// <param name="gamma">The scale γ of the Wishart prior.</param>
    /// <param name="m">Its surplus of degrees of freedom.</param>
    public static Expr Objective(GmmParameters parameters, Expr samples, double gamma, int m)
    {
        var (alphas, means, factors) = parameters;
        var (n, d) = (samples.Shape[0], samples.Shape[1]);
        var matrices = Matrices(factors, d);
        var logWeights = alphas + Sum(factors[.., ..d], axis: 1);

        Expr LogLikelihood(Expr x)
        {
            var whitened = Einsum("kij,kj->ki", matrices, x - means);
            return LogSumExp(logWeights - (0.5 * Sum(whitened * whitened, axis: 1)));
        }

        return Sum(AD.Vmap(LogLikelihood)(samples)) - (n * LogSumExp(alphas)) - (0.5 * n * d * Math.Log(2 * Math.PI))
            + LogPrior(factors, d, gamma, m);
    }

    /// <summary>The matrices Qₖ, (K, D, D).</summary>
    private static Expr Matrices(Expr factors, int d)
    {
        var (k, last) = (factors.Shape[0], factors.Shape[1]);
        var entries = Concat([Exp(factors[.., ..d]), factors[.., d..], Zeros(k, 1)], axis: 1);
        var table =
            from row in Enumerable.Range(0, d)
            from column in Enumerable.Range(0, d)
            select row == column ? row : row > column ? d + (column * ((2 * d) - column - 1) / 2) + row - column - 1 : last;
        return Reshape(Take(entries, [.. table], axis: 1), k, d, d);
    }

    /// <summary>The logarithm of the Wishart prior's density: Σₖ ½γ²‖Qₖ‖² − m Σ qₖ, less its constant.</summary>
    private static Expr LogPrior(Expr factors, int d, double gamma, int m)
    {
        var (logDiagonals, lower) = (factors[.., ..d], factors[.., d..]);
        var freedom = d + m + 1;
        var logGamma = Sum(LogGamma(0.5 * (freedom - Arange(d)))) + (0.25 * d * (d - 1) * Math.Log(Math.PI));
        var constant = (freedom * d * (Math.Log(gamma) - (0.5 * Math.Log(2)))) - logGamma;
        return (0.5 * gamma * gamma * (Sum(Exp(2 * logDiagonals)) + Sum(lower * lower))) - (m * Sum(logDiagonals))
            - (factors.Shape[0] * constant);
    }
}
