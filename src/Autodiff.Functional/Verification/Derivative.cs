// A derivative as one nesting of modes computes it, at a point and beside it.

using System.Numerics;

namespace Autodiff.Functional.Verification;

/// <summary>A derivative that one nesting of modes computed.</summary>
/// <param name="Order">Its order k.</param>
/// <param name="Mode">The nesting.</param>
/// <param name="Transform">From a function to this derivative of it.</param>
/// <param name="Value">Its value at the point, of shape result ++ argument, k times.</param>
/// <param name="Rounding">What rounding does to it.</param>
internal sealed record Derivative(int Order, string Mode, Func<Func<Expr, Expr>, Func<Expr, Expr>> Transform, Expr Value, Rescaling Rounding)
{
    // How many ways from the point are looked at for pieces of the function, and how far.
    private const int Neighbours = 8;
    private const double Distance = 1e-6;

    // Distances at which points come closer, in parts of the longest step or of 1.
    private static readonly double[] s_approach = [1e-3, 1e-5, 1e-7];

    // By what part of their range the slopes of pieces may change over that distance.
    private const double Curvature = 1e-4;

    /// <summary>The derivative of each element of the derivative of the order below along a line.</summary>
    public static T[] Along<T>(T[] elements, Line line)
        where T : INumberBase<T>
    {
        var size = line.Tangent.Length;
        var along = new T[size == 0 ? 0 : elements.Length / size];
        for (var i = 0; i < along.Length; i++)
        {
            for (var j = 0; j < size; j++)
            {
                // Elements that do not move may have infinite derivatives.
                along[i] += line.Tangent[j] == 0 ? T.Zero : elements[(i * size) + j] * T.CreateChecked(line.Tangent[j]);
            }
        }

        return along;
    }

    /// <summary>The width of its elements along a line that rounding causes.</summary>
    public double[] Widths(Line line, int samples = Rescaling.Few) => Rounding.Widths(samples, elements => Along(elements, line));

    /// <summary>
    /// Whether the derivative along a line, at points inside the domain that come closer to its end, tends to a slope. Then what differs at the end itself
    /// may be the choice of a slope at a kink, of which the domain has one side only.
    /// </summary>
    /// <param name="slope">The slope.</param>
    /// <param name="atEnd">The derivative at the end itself.</param>
    /// <param name="f">The function.</param>
    /// <param name="line">The line.</param>
    /// <param name="shape">The shape of the argument.</param>
    /// <param name="element">The element of the derivative of the order below.</param>
    public bool TendsTo(double slope, double atEnd, Func<Expr, Expr> f, Line line, Shape shape, int element)
    {
        var inwards = line.Above > -line.Below ? 1 : -1;
        double[] errors = [.. Approaching(f, line, inwards, shape, element).Select(near => Math.Abs(near.Slope - slope))];
        var size = Math.Max(Math.Abs(slope), double.IsFinite(atEnd) ? Math.Abs(atEnd) : 0);
        return errors[2] <= 1e-3 * size && errors[2] <= errors[0] + (1e-9 * size);
    }

    /// <summary>
    /// Whether the derivative along a line grows beyond bounds at points that come closer on one side, as that at the point says, but changes the function by
    /// less than rounding does: 1 + 10⁻³⁰√x.
    /// </summary>
    /// <param name="slope">The derivative at the point, infinite.</param>
    /// <param name="rounding">The rounding of the function.</param>
    /// <param name="f">The function.</param>
    /// <param name="line">The line.</param>
    /// <param name="shape">The shape of the argument.</param>
    /// <param name="element">The element of the derivative of the order below.</param>
    public bool GrowsUnseen(double slope, double rounding, Func<Expr, Expr> f, Line line, Shape shape, int element) => Array.Exists([1, -1], side =>
    {
        (double Distance, double Slope)[] near = [.. Approaching(f, line, side, shape, element)];
        return Array.TrueForAll(near, at => at.Slope * slope > 0 && Math.Abs(at.Slope * at.Distance) <= rounding)
            && near.Zip(near[1..], (far, nearer) => Math.Abs(nearer.Slope) > 2 * Math.Abs(far.Slope)).All(grows => grows);
    });

    /// <summary>
    /// Whether the function is made of pieces that meet at the point, so that its slopes next to it differ, and the derivative is between these: at
    /// (0, 0, 0) the median of three numbers does not change along any coordinate, but it does along others.
    /// </summary>
    public bool IsBetweenPieces(double slope, double expected, Func<Expr, Expr> f, Line line, Neighbourhood point, Shape shape, int element)
    {
        double[] slopes = [.. Beside(Transform(f), point, shape).Select(derivative => Along(derivative, line)[element])];
        if (!Differ(slopes))
        {
            return false;
        }

        // The slopes of a curved piece are a little other next to the point than at it.
        var (least, most) = (slopes.Min(), slopes.Max());
        var margin = Curvature * (most - least);
        return most - least + margin >= Math.Abs(slope - expected) && slope >= least - margin && slope <= most + margin;
    }

    /// <summary>Whether the function itself, a derivative of the order below, is another on each side of the point, so that it has no derivative there.</summary>
    public static bool MeetsPieces(Func<Expr, Expr> below, Neighbourhood point, Shape shape)
    {
        double[][] values = [.. Beside(below, point, shape)];
        return values.Length > 0 && Enumerable.Range(0, values[0].Length).Any(i => Differ(Array.ConvertAll(values, each => each[i])));
    }

    /// <summary>The derivative along a line at points on one side (+1 or −1) that come closer; NaN where it is not defined.</summary>
    private IEnumerable<(double Distance, double Slope)> Approaching(Func<Expr, Expr> f, Line line, int side, Shape shape, int element)
    {
        var longest = Math.Min(1, Math.Max(line.Above, -line.Below));
        return from part in s_approach
               let at = line.At(side * part * longest)
               let there = at is null ? null : Defined.At(() => Transform(f)(Expr.Constant(at, shape)).ToArray())
               select (part * longest, there is null ? double.NaN : Along(there, line)[element]);
    }

    private static bool Differ(double[] values) => values.Length > 0 && values.Max() - values.Min() > 1e-2 * values.Max(Math.Abs);

    /// <summary>
    /// The values of a function next to a point, in directions of random numbers, where it is defined: a rule that is wrong at ties alone is right there.
    /// </summary>
    private static IEnumerable<double[]> Beside(Func<Expr, Expr> f, Neighbourhood point, Shape shape)
    {
        var (random, distance) = (new Random(1), Distance * Math.Max(1, point.Center.Select(Math.Abs).DefaultIfEmpty(0).Max()));
        return
            from _ in Enumerable.Range(0, Neighbours)
            let way = point.Along(Array.ConvertAll(point.Direction(random), part => part * random.NextDouble()))
            from step in new[] { Math.Min(distance, way.Above / 2), Math.Max(-distance, way.Below / 2) }
            where step != 0
            let elements = way.At(step)
            where elements is not null
            let values = Defined.At(() => f(Expr.Constant(elements, shape)).ToArray())
            where values is not null
            select values;
    }

    /// <summary>The shape of the function's result.</summary>
    public Shape ResultShape(ArgumentNames names) =>
        new([.. Value.Shape.Take(Value.Rank - (Order * (names.Leaves is [var leaf] ? leaf.Shape.Rank : 1)))]);
}
