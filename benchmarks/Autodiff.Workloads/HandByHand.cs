// The hand's residuals and their Jacobian written by hand. An angle of a finger moves the bones behind it and no others.

using static Autodiff.Functional.Expr;

namespace Autodiff.Workloads;

/// <summary>Loops over numbers. It has its own work space: one for each thread.</summary>
public sealed class HandByHand
{
    private const int Bones = HandProblem.BoneCount;
    private const int Parameters = HandProblem.Parameters;
    private const int Angles = 4;

    // A transform is 3 rows of 4 numbers.
    private const int Size = 12;

    private readonly HandProblem _problem;
    private readonly double[] _relative;
    private readonly double[] _inverseRest;
    private readonly double[] _places = new double[Bones * Size];
    private readonly double[] _placeSlopes = new double[Bones * Angles * Size];
    private readonly double[] _carry = new double[Bones * Size];
    private readonly double[] _carrySlopes = new double[Bones * Angles * Size];
    private readonly double[] _vertices;
    private readonly double[] _vertexSlopes;

    /// <summary>Makes the work space for a hand.</summary>
    public HandByHand(HandProblem problem)
    {
        _problem = problem;
        _relative = [.. Enumerable.Range(0, Bones).SelectMany(bone => problem.Bones.AsSpan(bone * 16, Size).ToArray())];
        var rest = new Expr[Bones];
        for (var bone = 0; bone < Bones; bone++)
        {
            var relative = Constant(problem.Bones.AsSpan(bone * 16, 16), new Shape(4, 4));
            rest[bone] = bone == 0 ? relative : MatMul(rest[Parent(bone)], relative);
        }

        _inverseRest = [.. rest.SelectMany(place => Inverse(place)[..3].ToArray())];
        _vertices = new double[problem.VertexCount * 3];
        _vertexSlopes = new double[problem.VertexCount * 3 * Parameters];
    }

    /// <summary>The residuals.</summary>
    /// <param name="pose">The pose.</param>
    /// <param name="residuals">3 numbers for each point.</param>
    public void Residuals(ReadOnlySpan<double> pose, Span<double> residuals)
    {
        Span<double> rotation = stackalloc double[9];
        Turn(pose, rotation, default);
        Pose(pose, withSlopes: false);
        Skin(pose, rotation);
        Subtract(residuals);
    }

    /// <summary>The residuals and their Jacobian.</summary>
    /// <param name="pose">The pose.</param>
    /// <param name="residuals">3 numbers for each point.</param>
    /// <param name="jacobian">26 numbers for each residual.</param>
    public void Linearize(ReadOnlySpan<double> pose, Span<double> residuals, Span<double> jacobian)
    {
        Span<double> rotation = stackalloc double[9], rotationSlopes = stackalloc double[27];
        Turn(pose, rotation, rotationSlopes);
        Pose(pose, withSlopes: true);
        for (var bone = 2; bone < Bones; bone++)
        {
            for (var angle = 0; angle < Moving(bone); angle++)
            {
                Rotate(rotation, _carrySlopes.AsSpan(((bone * Angles) + angle) * Size, Size));
            }
        }

        SkinSlopes(rotationSlopes);
        Skin(pose, rotation);
        Subtract(residuals);
        for (var i = 0; i < _problem.VertexOf.Length; i++)
        {
            _vertexSlopes.AsSpan(_problem.VertexOf[i] * 3 * Parameters, 3 * Parameters).CopyTo(jacobian[(i * 3 * Parameters)..]);
        }
    }

    private static int Parent(int bone) => bone < 2 ? 0 : (bone - 2) % 4 == 0 ? 1 : bone - 1;

    /// <summary>How many of the angles of its finger move a bone.</summary>
    private static int Moving(int bone) => bone < 2 ? 0 : Math.Min(2 + ((bone - 2) % 4), Angles);

    /// <summary>The transform of each bone and its derivatives by the angles that move it, from vertices at rest.</summary>
    private void Pose(ReadOnlySpan<double> pose, bool withSlopes)
    {
        Span<double> bent = stackalloc double[Size];
        for (var bone = 0; bone < Bones; bone++)
        {
            var place = _places.AsSpan(bone * Size, Size);
            var relative = _relative.AsSpan(bone * Size, Size);
            if (bone == 0)
            {
                relative.CopyTo(place);
            }
            else
            {
                Multiply(_places.AsSpan(Parent(bone) * Size, Size), relative, place);
            }

            if (bone >= 2)
            {
                var (finger, joint) = Math.DivRem(bone - 2, 4);
                var angles = pose.Slice(6 + (finger * Angles), Angles);
                place.CopyTo(bent);
                Bend(joint, angles, place);
                for (var angle = 0; withSlopes && angle < Moving(bone); angle++)
                {
                    var slope = _placeSlopes.AsSpan(((bone * Angles) + angle) * Size, Size);
                    if (angle < Moving(Parent(bone)))
                    {
                        Multiply(_placeSlopes.AsSpan(((Parent(bone) * Angles) + angle) * Size, Size), relative, slope);
                        Bend(joint, angles, slope);
                    }
                    else
                    {
                        bent.CopyTo(slope);
                        BendSlope(angle, angles, slope);
                    }

                    Multiply(slope, _inverseRest.AsSpan(bone * Size, Size), _carrySlopes.AsSpan(((bone * Angles) + angle) * Size, Size));
                }
            }

            Multiply(place, _inverseRest.AsSpan(bone * Size, Size), _carry.AsSpan(bone * Size, Size));
        }
    }

    /// <summary>Multiplies by the rotations of a joint from the right.</summary>
    private static void Bend(int joint, ReadOnlySpan<double> angles, Span<double> place)
    {
        switch (joint)
        {
            case 0:
                TurnColumns(place, 0, 1, Math.SinCos(angles[1]));
                TurnColumns(place, 1, 2, Math.SinCos(angles[0]));
                break;
            case 1 or 2:
                TurnColumns(place, 1, 2, Math.SinCos(angles[joint + 1]));
                break;
        }
    }

    /// <summary>The same for the derivative by one of the angles of that joint, which has no translation.</summary>
    private static void BendSlope(int angle, ReadOnlySpan<double> angles, Span<double> place)
    {
        switch (angle)
        {
            case 0:
                TurnColumns(place, 0, 1, Math.SinCos(angles[1]));
                TurnColumns(place, 1, 2, Derivative(angles[0]));
                (place[0], place[4], place[8]) = (0, 0, 0);
                break;
            case 1:
                TurnColumns(place, 0, 1, Derivative(angles[1]));
                (place[2], place[6], place[10]) = (0, 0, 0);
                TurnColumns(place, 1, 2, Math.SinCos(angles[0]));
                break;
            default:
                TurnColumns(place, 1, 2, Derivative(angles[angle]));
                (place[0], place[4], place[8]) = (0, 0, 0);
                break;
        }

        (place[3], place[7], place[11]) = (0, 0, 0);

        static (double Sin, double Cos) Derivative(double angle) => Math.SinCos(angle) is var (sine, cosine) ? (cosine, -sine) : default;
    }

    /// <summary>Multiplies by a rotation in the plane of two axes from the right.</summary>
    private static void TurnColumns(Span<double> place, int first, int second, (double Sin, double Cos) turn)
    {
        for (var row = 0; row < Size; row += 4)
        {
            var (a, b) = (place[row + first], place[row + second]);
            place[row + first] = (turn.Cos * a) + (turn.Sin * b);
            place[row + second] = (turn.Cos * b) - (turn.Sin * a);
        }
    }

    /// <summary>The product of two transforms; a derivative of one has no 1 in its last row.</summary>
    private static void Multiply(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> product)
    {
        for (var row = 0; row < Size; row += 4)
        {
            for (var column = 0; column < 4; column++)
            {
                product[row + column] = (a[row] * b[column]) + (a[row + 1] * b[4 + column]) + (a[row + 2] * b[8 + column]);
            }

            product[row + 3] += a[row + 3];
        }
    }

    /// <summary>Multiplies by a rotation from the left.</summary>
    private static void Rotate(ReadOnlySpan<double> rotation, Span<double> place)
    {
        for (var column = 0; column < 4; column++)
        {
            var (x, y, z) = (place[column], place[4 + column], place[8 + column]);
            place[column] = (rotation[0] * x) + (rotation[1] * y) + (rotation[2] * z);
            place[4 + column] = (rotation[3] * x) + (rotation[4] * y) + (rotation[5] * z);
            place[8 + column] = (rotation[6] * x) + (rotation[7] * y) + (rotation[8] * z);
        }
    }

    /// <summary>The vertices that the bones carry, turned and moved with the hand.</summary>
    private void Skin(ReadOnlySpan<double> pose, ReadOnlySpan<double> rotation)
    {
        for (var vertex = 0; vertex < _problem.VertexCount; vertex++)
        {
            var (x, y, z) = Carried(vertex);
            var at = _vertices.AsSpan(vertex * 3, 3);
            at[0] = (rotation[0] * x) + (rotation[1] * y) + (rotation[2] * z) + pose[3];
            at[1] = (rotation[3] * x) + (rotation[4] * y) + (rotation[5] * z) + pose[4];
            at[2] = (rotation[6] * x) + (rotation[7] * y) + (rotation[8] * z) + pose[5];
        }
    }

    /// <summary>A vertex as its bones carry it, before the hand is turned.</summary>
    private (double X, double Y, double Z) Carried(int vertex)
    {
        var rest = _problem.Vertices.AsSpan(vertex * 3, 3);
        var weights = _problem.Weights.AsSpan(vertex * Bones, Bones);
        var (x, y, z) = (0.0, 0.0, 0.0);
        for (var bone = 0; bone < Bones; bone++)
        {
            var weight = weights[bone];
            if (weight != 0)
            {
                var carry = _carry.AsSpan(bone * Size, Size);
                x += weight * Row(carry[..4], rest);
                y += weight * Row(carry.Slice(4, 4), rest);
                z += weight * Row(carry.Slice(8, 4), rest);
            }
        }

        return (x, y, z);
    }

    /// <summary>Minus the derivatives of each vertex.</summary>
    private void SkinSlopes(ReadOnlySpan<double> rotationSlopes)
    {
        Array.Clear(_vertexSlopes);
        for (var vertex = 0; vertex < _problem.VertexCount; vertex++)
        {
            var rest = _problem.Vertices.AsSpan(vertex * 3, 3);
            var weights = _problem.Weights.AsSpan(vertex * Bones, Bones);
            var slopes = _vertexSlopes.AsSpan(vertex * 3 * Parameters, 3 * Parameters);
            var (x, y, z) = Carried(vertex);
            for (var row = 0; row < 3; row++)
            {
                for (var j = 0; j < 3; j++)
                {
                    var slope = rotationSlopes.Slice((j * 9) + (row * 3), 3);
                    slopes[(row * Parameters) + j] = -((slope[0] * x) + (slope[1] * y) + (slope[2] * z));
                }

                slopes[(row * Parameters) + 3 + row] = -1;
            }

            for (var bone = 2; bone < Bones; bone++)
            {
                var weight = weights[bone];
                for (var angle = 0; weight != 0 && angle < Moving(bone); angle++)
                {
                    var carry = _carrySlopes.AsSpan(((bone * Angles) + angle) * Size, Size);
                    var column = 6 + ((bone - 2) / 4 * Angles) + angle;
                    slopes[column] -= weight * Row(carry[..4], rest);
                    slopes[Parameters + column] -= weight * Row(carry.Slice(4, 4), rest);
                    slopes[(2 * Parameters) + column] -= weight * Row(carry.Slice(8, 4), rest);
                }
            }
        }
    }

    private void Subtract(Span<double> residuals)
    {
        for (var i = 0; i < _problem.VertexOf.Length; i++)
        {
            var vertex = 3 * _problem.VertexOf[i];
            for (var j = 0; j < 3; j++)
            {
                residuals[(3 * i) + j] = _problem.Points[(3 * i) + j] - _vertices[vertex + j];
            }
        }
    }

    private static double Row(ReadOnlySpan<double> row, ReadOnlySpan<double> point) =>
        (row[0] * point[0]) + (row[1] * point[1]) + (row[2] * point[2]) + row[3];

    /// <summary>The rotation by r, and its derivatives in r unless there is no room for them.</summary>
    private static void Turn(ReadOnlySpan<double> r, Span<double> rotation, Span<double> slopes)
    {
        var square = (r[0] * r[0]) + (r[1] * r[1]) + (r[2] * r[2]);
        var (cosine, a, b) = RotationsByHand.Coefficients(square);
        Fill(rotation, cosine, a, b, r);
        var (slopeA, slopeB) = RotationsByHand.Slopes(square, cosine, a, b);
        for (var j = 0; j < 3 && !slopes.IsEmpty; j++)
        {
            var slope = slopes.Slice(j * 9, 9);
            Fill(slope, -a * r[j], slopeA * r[j], slopeB * r[j], r);
            for (var i = 0; i < 3; i++)
            {
                slope[(3 * i) + j] += b * r[i];
                slope[(3 * j) + i] += b * r[i];
            }

            var (next, last) = ((j + 1) % 3, (j + 2) % 3);
            slope[(3 * last) + next] += a;
            slope[(3 * next) + last] -= a;
        }

        static void Fill(Span<double> matrix, double diagonal, double skew, double symmetric, ReadOnlySpan<double> r)
        {
            for (var i = 0; i < 9; i++)
            {
                matrix[i] = symmetric * r[i / 3] * r[i % 3];
            }

            for (var i = 0; i < 3; i++)
            {
                var (next, last) = ((i + 1) % 3, (i + 2) % 3);
                matrix[4 * i] += diagonal;
                matrix[(3 * last) + next] += skew * r[i];
                matrix[(3 * next) + last] -= skew * r[i];
            }
        }
    }
}
