// Rodrigues' formula written by hand: R = cos θ I + a [r]× + b r rᵀ with a = sin θ / θ and b = (1 − cos θ) / θ².

namespace Autodiff.Workloads;

/// <summary>The coefficients of a rotation by a vector of length θ.</summary>
internal static class RotationsByHand
{
    /// <summary>cos θ, a and b, from the half of θ, with which nothing cancels.</summary>
    public static (double Cosine, double A, double B) Coefficients(double squaredAngle)
    {
        if (squaredAngle == 0)
        {
            return (1, 1, 0.5);
        }

        var half = 0.5 * Math.Sqrt(squaredAngle);
        var (sine, cosine) = Math.SinCos(half);
        var ratio = sine / half;
        return (1 - (2 * sine * sine), ratio * cosine, 0.5 * ratio * ratio);
    }

    /// <summary>The derivatives of a and b by θ, over θ.</summary>
    public static (double A, double B) Slopes(double squaredAngle, double cosine, double a, double b) =>
        squaredAngle == 0 ? (0, 0) : ((cosine - a) / squaredAngle, (a - (2 * b)) / squaredAngle);
}
