// Bundle adjustment, the second objective of ADBench (arXiv:1807.10129): how far the picture of a point is from where it was
// seen. Written for one observation; Vmap makes all of them of it, and their Jacobians.

using static Autodiff.Functional.Expr;

namespace Autodiff.Workloads;

/// <summary>What many observations give; the last axis of a Jacobian is the camera (11), the point (3) and the weight (1).</summary>
/// <param name="Residuals">The residuals: (p, 2).</param>
/// <param name="Jacobians">Their derivatives: (p, 2, 15).</param>
/// <param name="WeightResiduals">The residuals of the weights: (p).</param>
/// <param name="WeightDerivatives">Their derivatives, each in its own weight: (p).</param>
public sealed record Linearized(Expr Residuals, Expr Jacobians, Expr WeightResiduals, Expr WeightDerivatives);

/// <summary>The residuals of observations of points by cameras.</summary>
public static class BundleAdjustment
{
    /// <summary>w·(f·p + u − m) for p the point's picture, distorted by 1 + k₁‖p‖² + k₂‖p‖⁴: (2).</summary>
    /// <param name="camera">Rotation (3), centre (3), focal length, principal point u (2), radial distortion k (2): (11).</param>
    /// <param name="point">The point: (3).</param>
    /// <param name="weight">The weight w.</param>
    /// <param name="feature">Where the point was seen, m: (2).</param>
    public static Expr Residual(Expr camera, Expr point, Expr weight, Expr feature)
    {
        var (rotation, centre, focal, principal) = (camera[..3], camera[3..6], camera[6], camera[7..9]);
        var seen = Rotations.Rotate(rotation, point - centre);
        var picture = seen[..2] / seen[2];
        var square = Dot(picture, picture);
        var distortion = 1 + (camera[9] * square) + (camera[10] * square * square);
        return weight * ((focal * distortion * picture) + principal - feature);
    }

    /// <summary>1 − w², which keeps weights at 1.</summary>
    public static Expr WeightResidual(Expr weight) => 1 - (weight * weight);

    /// <summary>The residuals of observations and of their weights: (p, 2) and (p).</summary>
    /// <param name="cameras">The camera of each observation: (p, 11).</param>
    /// <param name="points">The point of each: (p, 3).</param>
    /// <param name="weights">The weight of each: (p).</param>
    /// <param name="features">Where each was seen: (p, 2).</param>
    public static (Expr Residuals, Expr WeightResiduals) Residuals(Expr cameras, Expr points, Expr weights, Expr features) => (
        AD.Vmap<(Expr Camera, Expr Point, Expr Weight, Expr Feature), Expr>(seen => Residual(seen.Camera, seen.Point, seen.Weight, seen.Feature))((cameras, points, weights, features)),
        AD.Vmap(WeightResidual)(weights));

    /// <summary>The residuals of observations, and their derivatives in camera, point and weight.</summary>
    /// <param name="cameras">The camera of each observation: (p, 11).</param>
    /// <param name="points">The point of each: (p, 3).</param>
    /// <param name="weights">The weight of each: (p).</param>
    /// <param name="features">Where each was seen: (p, 2).</param>
    public static Linearized Linearize(Expr cameras, Expr points, Expr weights, Expr features)
    {
        static (Expr Residual, Expr Jacobian) Of((Expr Camera, Expr Point, Expr Weight, Expr Feature) seen)
        {
            Expr At(Expr x) => Residual(x[..11], x[11..14], x[14], seen.Feature);
            var parameters = Concat([seen.Camera, seen.Point, Reshape(seen.Weight, 1)]);
            return (At(parameters), AD.JacobianReverse(At)(parameters));
        }

        var (residuals, jacobians) = AD.Vmap<(Expr, Expr, Expr, Expr), (Expr Residual, Expr Jacobian)>(Of)((cameras, points, weights, features));
        return new(residuals, jacobians, AD.Vmap(WeightResidual)(weights), AD.Vmap(AD.Grad(WeightResidual))(weights));
    }
}
