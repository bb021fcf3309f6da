// Observations as flat numbers.

namespace Autodiff.Workloads;

/// <summary>Cameras, points, and which camera saw which point where.</summary>
/// <param name="Cameras">11 numbers for each camera.</param>
/// <param name="Points">3 numbers for each point.</param>
/// <param name="Weights">A weight for each observation.</param>
/// <param name="Features">2 numbers for each observation.</param>
/// <param name="CameraOf">The camera of each observation.</param>
/// <param name="PointOf">The point of each observation.</param>
public sealed record BundleProblem(double[] Cameras, double[] Points, double[] Weights, double[] Features, int[] CameraOf, int[] PointOf)
{
    /// <summary>The number of observations.</summary>
    public int Count => Weights.Length;

    /// <summary>The numbers of a result: residuals, Jacobians, residuals of weights, and their derivatives.</summary>
    public int ResultSize => Count * (2 + 30 + 1 + 1);

    /// <summary>The camera, point, weight and feature of each observation.</summary>
    public (Expr Cameras, Expr Points, Expr Weights, Expr Features) Observations => (
        Expr.Take(Expr.Constant(Cameras, new Shape(Cameras.Length / 11, 11)), CameraOf),
        Expr.Take(Expr.Constant(Points, new Shape(Points.Length / 3, 3)), PointOf),
        Weights,
        Expr.Constant(Features, new Shape(Count, 2)));

    /// <summary>Cameras that look at points in front of them from a seed; observation i is that of camera i mod n and point i mod m.</summary>
    public static BundleProblem Generate(int cameras, int points, int observations, int seed = 17)
    {
        var random = new Random(seed);
        double[] Camera() =>
        [
            .. random.Normals(3, 0.3), .. random.Normals(2), -8 + random.NextDouble(), 400 + (100 * random.NextDouble()),
            .. random.Normals(2, 5), .. random.Normals(2, 0.01),
        ];
        return new(
            [.. Enumerable.Range(0, cameras).SelectMany(_ => Camera())],
            random.Normals(3 * points),
            random.Uniforms(observations),
            random.Normals(2 * observations, 200),
            [.. Enumerable.Range(0, observations).Select(i => i % cameras)],
            [.. Enumerable.Range(0, observations).Select(i => i % points)]);
    }
}
