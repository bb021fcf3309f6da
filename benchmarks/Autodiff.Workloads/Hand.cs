// Hand tracking, the fourth objective of ADBench (arXiv:1807.10129): a skin that follows the bones of a posed hand, and how far
// it is from measured points.

using static Autodiff.Functional.Expr;

namespace Autodiff.Workloads;

/// <summary>A pose of 26 numbers.</summary>
/// <param name="Rotation">The turn of the whole hand, as axis times angle: (3).</param>
/// <param name="Translation">Its place: (3).</param>
/// <param name="Fingers">For each of five fingers the flexion and the spread of its first bone, and the flexion of the next two: (4) each.</param>
public sealed record HandPose(Expr Rotation, Expr Translation, IReadOnlyList<Expr> Fingers)
{
    /// <summary>The pose in a vector of 26.</summary>
    public static HandPose Of(Expr parameters) =>
        new(parameters[..3], parameters[3..6], [.. Enumerable.Range(0, 5).Select(finger => parameters[(6 + (4 * finger))..(10 + (4 * finger))])]);
}

/// <summary>
/// A hand at rest, of 22 bones: the forearm, the palm, and from it five fingers of four bones, of which the last does not bend.
/// </summary>
/// <param name="Forearm">The place of the forearm: (4, 4).</param>
/// <param name="Palm">The palm relative to the forearm: (4, 4).</param>
/// <param name="Fingers">Each bone of a finger relative to the one before, the first to the palm: (4, 4) each.</param>
/// <param name="Carried">
/// For each bone, in the order forearm, palm, first finger and so on, what it carries of each vertex: the vertex at rest in the bone's own
/// coordinates (x, y, z, 1), times its weight: (v, 4).
/// </param>
public sealed record HandModel(Expr Forearm, Expr Palm, IReadOnlyList<IReadOnlyList<Expr>> Fingers, IReadOnlyList<Expr> Carried)
{
    /// <summary>A model from the weights of each bone in each vertex.</summary>
    /// <param name="bones">Each bone relative to its parent, in that order: (22, 4, 4).</param>
    /// <param name="vertices">The vertices at rest: (v, 3).</param>
    /// <param name="weights">The weight of each bone in each vertex: (v, 22).</param>
    public static HandModel Of(Expr bones, Expr vertices, Expr weights)
    {
        var fingers = Enumerable.Range(0, 5).Select(finger => (Expr[])[.. Enumerable.Range(2 + (4 * finger), 4).Select(bone => bones[bone])]).ToArray();
        var homogeneous = Concat([vertices, Ones(vertices.Shape[0], 1)], axis: 1);
        var rest = new HandModel(bones[0], bones[1], fingers, []);
        var places = rest.Places([.. Enumerable.Repeat(Zeros(4), 5)]);
        return rest with
        {
            Carried = [.. places.Select((place, bone) => weights[.., bone..(bone + 1)] * MatMul(homogeneous, Transpose(Inverse(place))))],
        };
    }

    /// <summary>Where the bones are when the fingers are bent: 22 transforms, (4, 4) each.</summary>
    public IReadOnlyList<Expr> Places(IReadOnlyList<Expr> angles)
    {
        var palm = MatMul(Forearm, Palm);
        return [Forearm, palm, .. Fingers.Zip(angles, (bones, bent) => Finger(palm, bones, bent)).SelectMany(places => places)];
    }

    private static IEnumerable<Expr> Finger(Expr palm, IReadOnlyList<Expr> bones, Expr angles)
    {
        var first = MatMul(MatMul(palm, bones[0]), MatMul(Spread(angles[1]), Flexion(angles[0])));
        var second = MatMul(MatMul(first, bones[1]), Flexion(angles[2]));
        var third = MatMul(MatMul(second, bones[2]), Flexion(angles[3]));
        return [first, second, third, MatMul(third, bones[3])];
    }

    /// <summary>A turn about the first axis.</summary>
    private static Expr Flexion(Expr angle)
    {
        var (cosine, sine) = (Cos(angle), Sin(angle));
        return Matrix([[1, 0, 0, 0], [0, cosine, -sine, 0], [0, sine, cosine, 0], [0, 0, 0, 1]]);
    }

    /// <summary>A turn about the third axis.</summary>
    private static Expr Spread(Expr angle)
    {
        var (cosine, sine) = (Cos(angle), Sin(angle));
        return Matrix([[cosine, -sine, 0, 0], [sine, cosine, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]);
    }

    private static Expr Matrix(Expr[][] rows) => Stack([.. rows.Select(row => Stack(row))]);
}

/// <summary>A skin over the bones of a hand.</summary>
public static class Hand
{
    /// <summary>
    /// The residuals and their Jacobian, of shape (n, 3, 3) in rotation and translation and (n, 3, 4) in each finger: a record rather than a vector,
    /// so that a finger's columns are those of its own bones and no others.
    /// </summary>
    public static (Expr Residuals, HandPose Jacobian) Linearize(Func<HandPose, Expr> residuals, HandPose pose) =>
        (residuals(pose), AD.Jacobian(residuals)(pose));

    /// <summary>The measured points less the vertices they belong to: (n, 3).</summary>
    /// <param name="pose">The pose.</param>
    /// <param name="model">The hand.</param>
    /// <param name="points">The measured points: (n, 3).</param>
    /// <param name="vertexOf">The vertex each belongs to.</param>
    public static Expr Residuals(HandPose pose, HandModel model, Expr points, ReadOnlySpan<int> vertexOf)
    {
        var skin = model.Places(pose.Fingers)
            .Zip(model.Carried, (place, carried) => MatMul(carried, Transpose(place[..3])))
            .Aggregate((sum, part) => sum + part);
        var posed = MatMul(skin, Transpose(Rotations.Matrix(pose.Rotation))) + pose.Translation;
        return points - Take(posed, vertexOf);
    }
}
