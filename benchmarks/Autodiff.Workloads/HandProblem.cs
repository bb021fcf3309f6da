// Hands, poses and measured points as flat numbers.

using static Autodiff.Functional.Expr;

namespace Autodiff.Workloads;

/// <summary>A hand, a pose, and measured points.</summary>
/// <param name="Pose">Rotation (3), translation (3), and 4 angles for each finger.</param>
/// <param name="Bones">The transform of each bone relative to its parent, 4 × 4 numbers for each of 22.</param>
/// <param name="Vertices">The vertices at rest, 3 numbers each.</param>
/// <param name="Weights">For each vertex, the weight of each bone.</param>
/// <param name="Points">The measured points, 3 numbers each.</param>
/// <param name="VertexOf">The vertex that each point belongs to.</param>
public sealed record HandProblem(double[] Pose, double[] Bones, double[] Vertices, double[] Weights, double[] Points, int[] VertexOf)
{
    /// <summary>The number of bones.</summary>
    public const int BoneCount = 22;

    /// <summary>The number of parameters of a pose.</summary>
    public const int Parameters = 26;

    /// <summary>The number of vertices.</summary>
    public int VertexCount => Vertices.Length / 3;

    /// <summary>The residuals on expressions: a function of a pose.</summary>
    public Func<HandPose, Expr> Residuals()
    {
        var model = HandModel.Of(
            Constant(Bones, new Shape(BoneCount, 4, 4)), Constant(Vertices, new Shape(VertexCount, 3)), Constant(Weights, new Shape(VertexCount, BoneCount)));
        var points = Constant(Points, new Shape(VertexOf.Length, 3));
        return pose => Hand.Residuals(pose, model, points, VertexOf);
    }

    /// <summary>
    /// A hand from a seed: each bone turned a little against its parent and set off from it, each vertex moved by one bone and
    /// a little by those before and after it, so that most weights are 0, and a point for each of some vertices.
    /// </summary>
    public static HandProblem Generate(int vertices, int points, int seed = 17)
    {
        var random = new Random(seed);
        var (positions, weights) = (random.Normals(3 * vertices), new double[vertices * BoneCount]);
        for (var vertex = 0; vertex < vertices; vertex++)
        {
            foreach (var (offset, weight) in new[] { (-1, 0.2), (0, 0.6), (1, 0.2) })
            {
                var bone = Math.Clamp((vertex % BoneCount) + offset, 0, BoneCount - 1);
                weights[(vertex * BoneCount) + bone] += weight;
            }
        }

        return new(
            random.Normals(Parameters, 0.3),
            [.. Enumerable.Range(0, BoneCount).SelectMany(_ => Bone(random))],
            positions,
            weights,
            random.Normals(3 * points),
            [.. Enumerable.Range(0, points).Select(_ => random.Next(vertices))]);
    }

    /// <summary>A turn by a random rotation, and a step.</summary>
    private static double[] Bone(Random random)
    {
        var (turn, step) = (Rotations.Matrix(random.Normals(3, 0.2)).ToArray(), random.Normals(3, 0.5));
        return
        [
            turn[0], turn[1], turn[2], step[0],
            turn[3], turn[4], turn[5], step[1],
            turn[6], turn[7], turn[8], step[2],
            0, 0, 0, 1,
        ];
    }
}
