// A line through a point along which a function is probed, and the surroundings of a point, which say what lines there are.

using LanguageExt;

namespace Autodiff.Functional.Verification;

/// <summary>A line, straight or curved, through a point: from a step to the elements there.</summary>
/// <param name="Tangent">The derivative of the elements in the step, at step 0.</param>
/// <param name="At">From a step to the elements; null outside the domain.</param>
/// <param name="Below">How far one may step down, 0 or negative.</param>
/// <param name="Above">How far one may step up, 0 or positive.</param>
internal sealed record Line(double[] Tangent, Func<double, double[]?> At, double Below, double Above)
{
    /// <summary>The element that alone moves, by as much as the step; −1 if others move.</summary>
    public int Element { get; } = Array.FindAll(Tangent, x => x != 0) is [1] ? Array.IndexOf(Tangent, 1) : -1;

    /// <summary>Whether the point is at the edge of the domain or so close to it that steps to one side must be much smaller than to the other.</summary>
    public bool IsAtEdge => Math.Min(-Below, Above) < 1e-3 * Math.Min(1, Math.Max(-Below, Above));

    /// <summary>A straight line without an end.</summary>
    public static Line Straight(double[] point, double[] direction) => new(
        direction,
        step =>
        {
            var moved = new double[point.Length];
            for (var i = 0; i < moved.Length; i++)
            {
                moved[i] = point[i] + (step * direction[i]);
            }

            return moved;
        },
        double.NegativeInfinity,
        double.PositiveInfinity);
}

/// <summary>A point among its neighbours: the elements of all leaves as one list, and lines through it that stay in the domain.</summary>
internal sealed class Neighbourhood
{
    private readonly Func<double[], double[]?> _at;
    private readonly (double Below, double Above)[] _room;

    private Neighbourhood(double[] center, (double Below, double Above)[] room, Func<double[], double[]?> at) => (Center, _room, _at) = (center, room, at);

    /// <summary>The elements at the point.</summary>
    public double[] Center { get; }

    /// <summary>The number of coordinates.</summary>
    public int Dimension => _room.Length;

    /// <summary>A point from which one may step anywhere, in every element.</summary>
    public static Neighbourhood Free(double[] center) => new(
        center,
        [.. center.Select(_ => (double.NegativeInfinity, double.PositiveInfinity))],
        at => [.. center.Zip(at, (x, dx) => x + dx)]);

    /// <summary>A point of a domain.</summary>
    public static Neighbourhood Of<T>(DomainPoint<T> point) => new(
        Elements(point.Value),
        [.. Enumerable.Range(0, point.Dimension).Select(point.Room)],
        at => point.Move(at).Match(Some: value => Elements(value), None: () => null!));

    /// <summary>The line along one coordinate.</summary>
    public Line Along(int coordinate)
    {
        var direction = new double[Dimension];
        direction[coordinate] = 1;
        return Along(direction);
    }

    /// <summary>The line along a combination of coordinates.</summary>
    public Line Along(double[] direction)
    {
        var (below, above) = (double.NegativeInfinity, double.PositiveInfinity);
        for (var i = 0; i < Dimension; i++)
        {
            if (direction[i] != 0)
            {
                var (one, other) = (_room[i].Below / direction[i], _room[i].Above / direction[i]);
                (below, above) = (Math.Max(below, Math.Min(one, other)), Math.Min(above, Math.Max(one, other)));
            }
        }

        double[]? At(double step) => step < below || step > above ? null : _at(Array.ConvertAll(direction, x => step * x));
        var line = new Line(Secant(At, below, above), At, below, above);
        return Array.TrueForAll(line.Tangent, x => Math.Abs(x - Math.Round(8 * x) / 8) < 1e-6)
            ? line with { Tangent = Array.ConvertAll(line.Tangent, x => Math.Round(8 * x) / 8) }
            : line with { Tangent = Array.ConvertAll(new FiniteDifferences("Domain", x => x[0], Expr.Constant(Center, new Shape(Center.Length))).Along(line, 1), estimate => estimate.Value) };
    }

    /// <summary>
    /// A direction in which all coordinates move, or all but those at an edge of no width: each by a multiple of 1/8 of the power of two below its
    /// element's size, so that the sizes of the steps fit together.
    /// </summary>
    public double[] Direction(Random random)
    {
        var direction = new double[Dimension];
        for (var i = 0; i < Dimension; i++)
        {
            direction[i] = (random.Next(1, 9) / 8.0) * (random.Next(2) == 0 ? 1 : -1);

            // At an edge the line must lead inwards in every coordinate, or it would be empty on both sides.
            direction[i] = _room[i] switch
            {
                (0, 0) => 0,
                (0, _) => Math.Abs(direction[i]),
                (_, 0) => -Math.Abs(direction[i]),
                _ => direction[i],
            };
        }

        return direction;
    }

    /// <summary>A neighbour so close that the function differs by little more than rounding; the point itself if it has none.</summary>
    /// <param name="distance">The relative distance, of the order of rounding.</param>
    /// <param name="scale">The least size of an element that the distance is relative to.</param>
    public double[] Nearby(double distance, double scale)
    {
        var step = new double[Dimension];
        var size = Dimension == Center.Length ? Array.ConvertAll(Center, Math.Abs) : Array.ConvertAll(step, _ => 1.0);
        for (var i = 0; i < step.Length; i++)
        {
            var length = distance * Math.Max(scale, size[i]);
            step[i] = length <= _room[i].Above ? length : length <= -_room[i].Below ? -length : 0;
        }

        return _at(step) ?? Center;
    }

    private static double[] Elements<T>(T value) => Tree.Ravel(value).Vector.ToArray();

    private double[] Secant(Func<double, double[]?> at, double below, double above)
    {
        var size = Math.Max(1e-300, Center.Select(Math.Abs).DefaultIfEmpty(1).Max());
        var longest = Math.Max(above, -below);
        var length = Math.ScaleB(1, Math.ILogB(Math.Min(Math.Max(1, size), 0.5 * longest)) - 10);
        var step = above >= -below ? length : -length;
        return longest > 0 && at(step) is { } moved ? [.. moved.Zip(Center, (x, center) => (x - center) / step)] : new double[Center.Length];
    }
}
