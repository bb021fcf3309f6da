// Rotations by a vector whose direction is the axis and whose length is the angle: cameras and hands turn by them.

using static Autodiff.Functional.Expr;

namespace Autodiff.Workloads;

/// <summary>Rodrigues' formula.</summary>
public static class Rotations
{
    /// <summary>
    /// x turned about r by the angle θ = ‖r‖: cos θ x + a r×x + b (r·x) r. The coefficients a = sin θ / θ and b = (1 − cos θ) / θ² come from
    /// the half of θ, with which nothing cancels; at 0 they are 1 and ½.
    /// </summary>
    public static Expr Rotate(Expr r, Expr x)
    {
        var square = Dot(r, r);
        var (half, turns) = (Sqrt(square) / 2, square > 0);
        var ratio = Sin(half) / half;
        var a = Where(turns, ratio * Cos(half), 1);
        var b = Where(turns, ratio * ratio / 2, 0.5);
        return ((1 - (b * square)) * x) + (a * Cross(r, x)) + (b * Dot(r, x) * r);
    }

    /// <summary>The matrix of that rotation: its columns are where the axes go.</summary>
    public static Expr Matrix(Expr r) => AD.Vmap(x => Rotate(r, x), outAxes: 1)(Eye(3));

    private static Expr Cross(Expr a, Expr b) =>
        Stack([(a[1] * b[2]) - (a[2] * b[1]), (a[2] * b[0]) - (a[0] * b[2]), (a[0] * b[1]) - (a[1] * b[0])]);
}
