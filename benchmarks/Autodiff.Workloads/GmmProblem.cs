// Mixtures and samples as flat numbers: the data of a benchmark, and what the hand-written code computes on.

namespace Autodiff.Workloads;

/// <summary>A mixture of K components in D dimensions, and samples.</summary>
/// <param name="Dimension">D.</param>
/// <param name="Components">K.</param>
/// <param name="Parameters">The leaves of <see cref="GmmParameters"/>, one after another.</param>
/// <param name="Samples">The samples, row by row.</param>
/// <param name="Gamma">The scale of the prior.</param>
/// <param name="M">The prior's surplus of degrees of freedom.</param>
public sealed record GmmProblem(int Dimension, int Components, double[] Parameters, double[] Samples, double Gamma, int M)
{
    /// <summary>The number of samples.</summary>
    public int Count => Samples.Length / Dimension;

    /// <summary>The entries of a factor: the diagonal, and what is below it.</summary>
    public int FactorSize => Dimension * (Dimension + 1) / 2;

    /// <summary>The parameters as expressions.</summary>
    public GmmParameters Mixture => new(
        Expr.Constant(Parameters.AsSpan(0, Components), new Shape(Components)),
        Expr.Constant(Parameters.AsSpan(Components, Components * Dimension), new Shape(Components, Dimension)),
        Expr.Constant(Parameters.AsSpan(Components * (1 + Dimension)), new Shape(Components, FactorSize)));

    /// <summary>The samples as one expression, (n, D).</summary>
    public Expr Points => Expr.Constant(Samples, new Shape(Count, Dimension));

    /// <summary>The objective on expressions.</summary>
    public Expr Objective(GmmParameters parameters) => Gmm.Objective(parameters, Points, Gamma, M);

    /// <summary>Parameters and samples from a seed: means from 0 to 1, everything else of deviation 1.</summary>
    public static GmmProblem Generate(int dimension, int components, int count, int seed = 17)
    {
        var random = new Random(seed);
        var factors = dimension * (dimension + 1) / 2;
        return new(
            dimension,
            components,
            [.. random.Normals(components), .. random.Uniforms(components * dimension), .. random.Normals(components * factors)],
            random.Normals(count * dimension),
            Gamma: 1,
            M: 0);
    }
}
