// Residuals of observations and their derivatives written by hand.

namespace Autodiff.Workloads;

/// <summary>Loops over observations, each with its derivatives in closed form.</summary>
public static class BundleByHand
{
    private const int Columns = 15;

    /// <summary>The residuals, and those of the weights behind them.</summary>
    public static void Residuals(BundleProblem problem, Span<double> results)
    {
        for (var i = 0; i < problem.Count; i++)
        {
            Residual(
                problem.Cameras.AsSpan(problem.CameraOf[i] * 11, 11),
                problem.Points.AsSpan(problem.PointOf[i] * 3, 3),
                problem.Weights[i],
                problem.Features.AsSpan(i * 2, 2),
                results.Slice(i * 2, 2));
            results[(2 * problem.Count) + i] = 1 - (problem.Weights[i] * problem.Weights[i]);
        }
    }

    /// <summary>The residuals, their Jacobians, the residuals of the weights and their derivatives, in the order of <see cref="Linearized"/>.</summary>
    public static void Linearize(BundleProblem problem, Span<double> results)
    {
        var n = problem.Count;
        for (var i = 0; i < n; i++)
        {
            Linearize(
                problem.Cameras.AsSpan(problem.CameraOf[i] * 11, 11),
                problem.Points.AsSpan(problem.PointOf[i] * 3, 3),
                problem.Weights[i],
                problem.Features.AsSpan(i * 2, 2),
                results.Slice(i * 2, 2),
                results.Slice((2 * n) + (i * 2 * Columns), 2 * Columns));
            results[(32 * n) + i] = 1 - (problem.Weights[i] * problem.Weights[i]);
            results[(33 * n) + i] = -2 * problem.Weights[i];
        }
    }

    private static void Residual(ReadOnlySpan<double> camera, ReadOnlySpan<double> point, double weight, ReadOnlySpan<double> feature, Span<double> residual)
    {
        var (rx, ry, rz) = (camera[0], camera[1], camera[2]);
        var (x, y, z) = (point[0] - camera[3], point[1] - camera[4], point[2] - camera[5]);
        var (cosine, a, b) = RotationsByHand.Coefficients((rx * rx) + (ry * ry) + (rz * rz));
        var along = b * ((rx * x) + (ry * y) + (rz * z));
        var px = (cosine * x) + (a * ((ry * z) - (rz * y))) + (along * rx);
        var py = (cosine * y) + (a * ((rz * x) - (rx * z))) + (along * ry);
        var pz = (cosine * z) + (a * ((rx * y) - (ry * x))) + (along * rz);
        var (u, v) = (px / pz, py / pz);
        var square = (u * u) + (v * v);
        var scale = camera[6] * (1 + (camera[9] * square) + (camera[10] * square * square));
        residual[0] = weight * ((scale * u) + camera[7] - feature[0]);
        residual[1] = weight * ((scale * v) + camera[8] - feature[1]);
    }

    private static void Linearize(ReadOnlySpan<double> camera, ReadOnlySpan<double> point, double weight, ReadOnlySpan<double> feature, Span<double> residual, Span<double> jacobian)
    {
        var (rx, ry, rz) = (camera[0], camera[1], camera[2]);
        var (x, y, z) = (point[0] - camera[3], point[1] - camera[4], point[2] - camera[5]);

        // P = cos θ X + a r×X + b (r·X) r with a = sin θ / θ and b = (1 − cos θ) / θ².
        var squaredAngle = (rx * rx) + (ry * ry) + (rz * rz);
        var (cosine, a, b) = RotationsByHand.Coefficients(squaredAngle);
        var (cx, cy, cz) = ((ry * z) - (rz * y), (rz * x) - (rx * z), (rx * y) - (ry * x));
        var along = (rx * x) + (ry * y) + (rz * z);
        var px = (cosine * x) + (a * cx) + (b * along * rx);
        var py = (cosine * y) + (a * cy) + (b * along * ry);
        var pz = (cosine * z) + (a * cz) + (b * along * rz);

        // The picture, its distortion, and the residual.
        var inverse = 1 / pz;
        var (u, v) = (px * inverse, py * inverse);
        var square = (u * u) + (v * v);
        var (k1, k2, focal) = (camera[9], camera[10], camera[6]);
        var distortion = 1 + (k1 * square) + (k2 * square * square);
        var (du, dv) = (distortion * u, distortion * v);
        residual[0] = weight * ((focal * du) + camera[7] - feature[0]);
        residual[1] = weight * ((focal * dv) + camera[8] - feature[1]);

        // ∂residual/∂(u, v) is a symmetric matrix, and ∂(u, v)/∂P is (1, 0, −u; 0, 1, −v) / P_z.
        var bend = 2 * (k1 + (2 * k2 * square));
        var scale = weight * focal;
        var uu = scale * (distortion + (bend * u * u));
        var uv = scale * bend * u * v;
        var vv = scale * (distortion + (bend * v * v));
        var (xx, xy, xz) = (uu * inverse, uv * inverse, -((uu * u) + (uv * v)) * inverse);
        var (yx, yy, yz) = (uv * inverse, vv * inverse, -((uv * u) + (vv * v)) * inverse);

        // ∂P/∂rⱼ = rⱼ (−a X + a′ r×X + b′ (r·X) r) + a eⱼ×X + b Xⱼ r + b (r·X) eⱼ, where a′ and b′ are derivatives by θ, over θ.
        var (slopeA, slopeB) = RotationsByHand.Slopes(squaredAngle, cosine, a, b);
        var (tx, ty, tz) = (
            (slopeA * cx) - (a * x) + (slopeB * along * rx),
            (slopeA * cy) - (a * y) + (slopeB * along * ry),
            (slopeA * cz) - (a * z) + (slopeB * along * rz));
        var turned = b * along;
        Column(0, (rx * tx) + (b * x * rx) + turned, (rx * ty) - (a * z) + (b * x * ry), (rx * tz) + (a * y) + (b * x * rz), jacobian);
        Column(1, (ry * tx) + (a * z) + (b * y * rx), (ry * ty) + (b * y * ry) + turned, (ry * tz) - (a * x) + (b * y * rz), jacobian);
        Column(2, (rz * tx) - (a * y) + (b * z * rx), (rz * ty) + (a * x) + (b * z * ry), (rz * tz) + (b * z * rz) + turned, jacobian);

        // ∂P/∂X is the rotation's matrix, and ∂P/∂centre its negative.
        Column(11, cosine + (b * rx * rx), (b * rx * ry) + (a * rz), (b * rx * rz) - (a * ry), jacobian);
        Column(12, (b * rx * ry) - (a * rz), cosine + (b * ry * ry), (b * ry * rz) + (a * rx), jacobian);
        Column(13, (b * rx * rz) + (a * ry), (b * ry * rz) - (a * rx), cosine + (b * rz * rz), jacobian);
        for (var j = 0; j < 3; j++)
        {
            jacobian[3 + j] = -jacobian[11 + j];
            jacobian[Columns + 3 + j] = -jacobian[Columns + 11 + j];
        }

        (jacobian[6], jacobian[Columns + 6]) = (weight * du, weight * dv);
        (jacobian[7], jacobian[Columns + 7]) = (weight, 0);
        (jacobian[8], jacobian[Columns + 8]) = (0, weight);
        (jacobian[9], jacobian[Columns + 9]) = (scale * square * u, scale * square * v);
        (jacobian[10], jacobian[Columns + 10]) = (scale * square * square * u, scale * square * square * v);
        (jacobian[14], jacobian[Columns + 14]) = ((focal * du) + camera[7] - feature[0], (focal * dv) + camera[8] - feature[1]);

        void Column(int column, double dx, double dy, double dz, Span<double> jacobian)
        {
            jacobian[column] = (xx * dx) + (xy * dy) + (xz * dz);
            jacobian[Columns + column] = (yx * dx) + (yy * dy) + (yz * dz);
        }
    }
}
