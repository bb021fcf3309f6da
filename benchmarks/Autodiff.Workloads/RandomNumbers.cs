// Data from a seed.

namespace Autodiff.Workloads;

/// <summary>Arrays of random numbers.</summary>
internal static class RandomNumbers
{
    /// <summary>Numbers from 0 to 1.</summary>
    public static double[] Uniforms(this Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextDouble())];

    /// <summary>Numbers of mean 0 and a deviation, by Box and Muller's method.</summary>
    public static double[] Normals(this Random random, int count, double deviation = 1) =>
        [.. Enumerable.Range(0, count).Select(_ => deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))];
}
