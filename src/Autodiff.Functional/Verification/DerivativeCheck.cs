// The check of a function's derivatives at one point: every mode of differentiation, nested in every way, against values of the derivative of the
// order below, and against each other where they are computed in other ways.

using LanguageExt;

namespace Autodiff.Functional.Verification;

/// <summary>
/// Compares the derivatives of a function up to an order with finite differences of the derivative of the order below, which has been checked by then.
/// A difference counts as a fault only if rounding does not explain it, the error of the finite differences does not, and the remainder of the
/// Taylor expansion shrinks at the order of a wrong derivative; at a kink, only if the derivative is not between the two slopes.
/// </summary>
/// <param name="operation">The name of the operation that the user called, for errors.</param>
/// <param name="f">The function of one tensor, to a tensor.</param>
/// <param name="names">The names of the argument's elements.</param>
/// <param name="order">The highest order.</param>
/// <param name="tolerance">The relative difference that is allowed in addition to what rounding and the error of the finite differences explain.</param>
/// <param name="rivals">Other ways to compute the derivatives, which must agree.</param>
internal sealed class DerivativeCheck(string operation, Func<Expr, Expr> f, ArgumentNames names, int order, double tolerance, IReadOnlyList<IRival> rivals)
{
    private readonly TreeOracle _trees = new(f);

    // Where there are more coordinates, some of them and some lines in which all move are checked.
    private const int MostCoordinates = 8;
    private const int Lines = 3;

    // The part of the derivative's scale that an error of the finite differences excuses at most: differences that do not converge excuse nothing.
    private const double MostExcused = 0.01;

    // The relative error from which on differences count as not converged.
    private const double Unconverged = 1e-3;

    // How many times smaller rounding is in double-double than in double, and a margin; for values, divided by the step of their differences.
    private const double RoundingOfTrees = 1e-13;
    private const double RoundingOfValues = 1e-8;
    private const int Samples = 24;

    // Constants of derivatives, such as log 2 and exponents less 1, are doubles in double-double too.
    private const double RoundingOfConstants = 2e-16;

    // A larger number may be the product of factors that overflow.
    private const double Overflowing = 1e100;

    // The part of the largest element by which rounding may move any other: elements are made of the same intermediate values.
    private const double Rounding = 1e-5;

    public static (string Name, Func<Func<Expr, Expr>, Func<Expr, Expr>> Jacobian)[] Modes { get; } =
        [("reverse", AD.JacobianReverse), ("forward", AD.JacobianForward)];

    /// <summary>The nestings of the modes at an order, reverse over reverse … first, each with its name, outermost mode first.</summary>
    public static (string Mode, Func<Func<Expr, Expr>, Func<Expr, Expr>> Derivative)[] Nestings(int order)
    {
        (string Mode, Func<Func<Expr, Expr>, Func<Expr, Expr>> Derivative)[] nestings = [("", g => g)];
        for (var k = 1; k <= order; k++)
        {
            nestings =
            [
                .. from outer in Modes
                   from inner in nestings
                   select (
                       k == 1 ? outer.Name : $"{outer.Name}-over-{inner.Mode}",
                       (Func<Func<Expr, Expr>, Func<Expr, Expr>>)(g => outer.Jacobian(inner.Derivative(g)))),
            ];
        }

        return nestings;
    }

    /// <summary>Checks a point.</summary>
    /// <param name="x">The point as an argument of f.</param>
    /// <param name="point">The point with its surroundings.</param>
    /// <param name="scale">The least size of an element that distances next to the point are relative to.</param>
    /// <param name="random">Chooses the lines if there are many coordinates.</param>
    /// <returns>The verdict; with the error if it fails, and with the reason if it is open.</returns>
    public (Verdict Verdict, CheckError? Error) At(Expr x, Neighbourhood point, double scale, Random random)
    {
        var (natural, length) = ((Lazy<double>?)null, Math.Max(1, x.ToArray().Select(Math.Abs).DefaultIfEmpty(0).Max()));
        for (var k = 1; k <= order; k++)
        {
            var (verdict, reason, isKink) = (Verdict.Open, (CheckError?)null, false);
            var below = Nestings(k - 1)[0].Derivative(f);
            var differences = new FiniteDifferences(operation, v => below(v[0]), x);
            if (!Array.TrueForAll(differences.Value.ToArray(), double.IsFinite))
            {
                return k > 1 ? (Verdict.Holds, null) : (Verdict.Open, new NoDerivative("f is not finite at the point"));
            }

            var (degree, derivativeBelow) = (k - 1, Nestings(k - 1)[0].Derivative);
            var spread = new Lazy<double[]>(() => Rescaling.Spread(point, x.Shape, scale, Samples, (s, t, at) => derivativeBelow(Rescaling.Of(f, s, t))(at) / (t * Math.Pow(s, degree))));
            var largest = new Lazy<double>(() => Intermediates.Largest(below, x));
            natural ??= largest;
            (string Mode, Expr Value, Func<Func<Expr, Expr>, Func<Expr, Expr>> Derivative)[] found = [.. Nestings(k).Select(nesting => (nesting.Mode, nesting.Derivative(f)(x), nesting.Derivative))];
            foreach (var line in Through(point, random))
            {
                var precise = _trees.Along(k - 1, x, line);
                var probe = new Probe(differences, line, largest, spread);
                var estimates = new Lazy<Estimate[]>(() => precise ?? differences.Along(line, 1));
                var open = false;
                foreach (var (mode, value, derivative) in found)
                {
                    var (one, error) = Compare(new(k, mode, derivative, value), probe, estimates.Value, line, x, point, scale);
                    if (one == Verdict.Fails)
                    {
                        return (one, error);
                    }

                    (open, reason) = (open || one == Verdict.Open, reason ?? error);
                }

                if (!open && precise is not null && CompareTrees(k, x, line, precise, probe, point, scale) is { } mismatch)
                {
                    return (Verdict.Fails, mismatch);
                }

                (verdict, isKink) = (open ? verdict : Verdict.Holds, isKink || probe.FoundKink);
            }

            foreach (var rival in rivals)
            {
                if (CompareRival(rival, k, found[0].Value, x, point, scale, natural.Value / Math.Pow(length, k)) is { } error)
                {
                    return (Verdict.Fails, error);
                }
            }

            // Where a derivative could not be checked, or is a choice between two slopes, that of the next order cannot be checked either.
            if (isKink && verdict == Verdict.Holds)
            {
                return (verdict, null);
            }

            if (verdict == Verdict.Open)
            {
                return k > 1 ? (Verdict.Holds, null) : (Verdict.Open, reason ?? new NoDerivative("one cannot step from the point in any direction"));
            }
        }

        return (Verdict.Holds, null);
    }

    /// <summary>
    /// Another way of computing the derivative against reverse mode. The natural size is that of the change of f's intermediate values over a distance of
    /// the argument's size: terms of the derivative are of this size even where they cancel.
    /// </summary>
    private MethodMismatch? CompareRival(IRival rival, int k, Expr reverse, Expr x, Neighbourhood point, double scale, double natural)
    {
        var expected = rival.Expected(k, reverse, x.Shape.Size);
        if (!Array.TrueForAll(expected, double.IsFinite) || rival.Compute(k, x) is not { } found)
        {
            return null;
        }

        var size = Math.Max(expected.Select(Math.Abs).DefaultIfEmpty(0).Max(), Math.Max(natural, double.Epsilon));
        for (var i = 0; i < found.Length; i++)
        {
            if (!double.IsFinite(found[i]) && Math.Abs(expected[i]) > Overflowing)
            {
                continue;
            }

            var difference = Math.Abs(found[i] - expected[i]);
            var allowed = Rescaling.Explained(difference, tolerance * Math.Max(Math.Abs(expected[i]), Rounding * size), samples => Rescaling.Spread(
                point, x.Shape, scale, samples, (s, t, at) => Expr.Constant(rival.Expected(k, Nestings(k)[0].Derivative(Rescaling.Of(f, s, t))(at), x.Shape.Size), new Shape(expected.Length)) / (t * Math.Pow(s, k)))[i]);
            if (!(difference <= allowed))
            {
                return new(Place.At(rival.Method, k, rival.Name(k, i, reverse, names), [i]), found[i], expected[i], allowed);
            }
        }

        return null;
    }

    /// <summary>
    /// The expression of the derivative against differences of that of the order below, both in double-double: without rounding to speak of, so that
    /// they must agree to 14 digits.
    /// </summary>
    private DerivativeMismatch? CompareTrees(int k, Expr x, Line line, Estimate[] expected, Probe probe, Neighbourhood point, double scale)
    {
        if (_trees.Elements(k, x) is not { } elements || _trees.ElementsAlong(k, x, line) is not { } along)
        {
            return null;
        }

        var found = new Derivative(k, "reverse in double-double", Nestings(k)[0].Derivative, Expr.Constant(elements, _trees.ShapeOf(k, x)));
        var terms = new Lazy<double>(() => Math.Max(probe.Largest, Intermediates.Largest(found.Transform(f), x)));
        var width = new Lazy<double[]>(() => Rescaling.Spread(point, x.Shape, scale, Samples, (s, t, at) => found.Scaled(f, s, t, at, line)));
        for (var i = 0; i < along.Length; i++)
        {
            var allowed = (Math.Max(TreeOracle.Tolerance, tolerance > Check.DefaultTolerance ? tolerance : 0) * Math.Abs(expected[i].Value)) + (10 * expected[i].Error);
            if (double.IsFinite(along[i]) && Math.Abs(along[i] - expected[i].Value) > allowed
                && Math.Abs(along[i] - expected[i].Value) > allowed + (RoundingOfTrees * width.Value[i]) + (RoundingOfValues * probe.NoiseOf(i)) + TreeOracle.Rounding(probe.Largest, x) + (RoundingOfConstants * terms.Value) && probe.Classify(i) is Smoothness.Smooth)
            {
                var name = Name(found, i, line, out var index);
                return new(Place.At(found.Mode, k, name, index), along[i], expected[i].Value, allowed);
            }
        }

        return null;
    }

    /// <summary>The lines along the coordinates, or along some of them and along some in which all move.</summary>
    private static IEnumerable<Line> Through(Neighbourhood point, Random random)
    {
        int[] coordinates = [.. Enumerable.Range(0, point.Dimension)];
        if (coordinates.Length > MostCoordinates)
        {
            for (var i = 0; i < Lines; i++)
            {
                yield return point.Along(point.Direction(random));
            }

            random.Shuffle(coordinates);
            coordinates = coordinates[..MostCoordinates];
        }

        foreach (var coordinate in coordinates)
        {
            if (point.Along(coordinate) is var line && Array.Exists(line.Tangent, x => x != 0))
            {
                yield return line;
            }
        }
    }

    private (Verdict Verdict, CheckError? Error) Compare(Derivative found, Probe probe, Estimate[] expected, Line line, Expr x, Neighbourhood point, double scale)
    {
        var along = Derivative.Along(found.Value, line);
        var widths = new Dictionary<int, double[]>();
        var (verdict, reason) = (Verdict.Holds, (CheckError?)null);
        for (var i = 0; i < along.Length; i++)
        {
            var (slope, estimate) = (along[i], expected[i]);
            var allowed = (tolerance * Math.Abs(estimate.Value)) + Math.Min(10 * estimate.Error, (MostExcused * estimate.Scale) + (10 * estimate.Noise));
            var difference = Math.Abs(slope - estimate.Value);

            // Differences that have not converged say nothing by themselves.
            allowed = estimate.Error > (Unconverged * Math.Max(Math.Abs(estimate.Value), Math.Abs(slope))) + (100 * estimate.Noise) ? -1 : Rescaling.Explained(difference, allowed, samples => widths.TryGetValue(samples, out var width) ? width[i] : (widths[samples] = Rescaling.Spread(
                point, x.Shape, scale, samples, (s, t, at) => found.Scaled(f, s, t, at, line)))[i]);
            if (difference <= allowed)
            {
                continue;
            }

            allowed = Math.Max(allowed, 0);
            var (one, error) = Judge(found, slope, estimate, allowed, probe, i, line, x, point);
            if (one == Verdict.Fails)
            {
                return (one, error);
            }

            (verdict, reason) = one == Verdict.Open ? (one, reason ?? error) : (verdict, reason);
        }

        return (verdict, reason);
    }

    /// <summary>The verdict on an element that differs from what is expected by more than rounding and errors explain.</summary>
    private (Verdict Verdict, CheckError? Error) Judge(Derivative found, double slope, Estimate expected, double allowed, Probe probe, int element, Line line, Expr x, Neighbourhood point)
    {
        var derivative = Name(found, element, line, out var index);
        var where = Place.At(found.Mode, found.Order, derivative, index);
        if (!double.IsFinite(slope) && found.Order > 1 && Derivative.MeetsPieces(Nestings(found.Order - 1)[0].Derivative(f), point, x.Shape))
        {
            return (Verdict.Open, new NoDerivative($"{derivative}: pieces of f with different derivatives meet at the point"));
        }

        switch (probe.Classify(element))
        {
            case Smoothness.Jump jump:
                return (Verdict.Open, new JumpFound(where, found.Order - 1, jump.Left, jump.Value, jump.Right));
            case Smoothness.Kink kink:
                probe.FoundKink = true;
                if (!double.IsFinite(slope))
                {
                    return (Verdict.Open, new NoDerivative($"{derivative}: there is a kink at the point, and the slope there is {slope}"));
                }

                var margin = allowed + (Smoothness.Kink.Precision * (Math.Abs(kink.Left) + Math.Abs(kink.Right)));
                return slope >= Math.Min(kink.Left, kink.Right) - margin && slope <= Math.Max(kink.Left, kink.Right) + margin
                    ? (Verdict.Holds, null)
                    : (Verdict.Fails, new KinkMismatch(where, slope, kink.Left, kink.Right));
            case Smoothness.Vertical vertical when slope == vertical.Sign * double.PositiveInfinity:
                return (Verdict.Holds, null);
            case Smoothness.Smooth when line.IsAtEdge && found.TendsTo(expected.Value, f, line, x.Shape, element):
                return (Verdict.Open, new NoDerivative($"{derivative}: there may be a kink at the edge of the domain"));
            case Smoothness.Vertical when !double.IsFinite(slope):
                return (Verdict.Open, new NoDerivative($"{derivative}: the slope of f is infinite at the point"));
        }

        var converges = double.IsFinite(expected.Value) && expected.Error <= (Unconverged * Math.Max(Math.Abs(expected.Value), expected.Scale)) + (100 * expected.Noise);
        return (double.IsFinite(slope) ? probe.Refutes(element, slope) && !found.IsBetweenPieces(slope, expected.Value, f, line, point, x.Shape, element) : converges)
            ? (Verdict.Fails, new DerivativeMismatch(where, slope, expected.Value, allowed))
            : (Verdict.Open, new NoDerivative($"{derivative}: differences of f do not converge at the point"));
    }

    private string Name(Derivative found, int element, Line line, out int[] index)
    {
        var (result, rest) = (found.ResultShape(names), element);
        var size = names.Leaves.Sum(leaf => leaf.Shape.Size);
        var elements = new int[found.Order];
        elements[^1] = Math.Max(line.Element, 0);
        for (var k = found.Order - 2; k >= 0; k--)
        {
            (elements[k], rest) = (rest % size, rest / size);
        }

        var position = ArgumentNames.Position(rest, result);
        index = [.. position, .. elements.SelectMany(one => names.Leaves is [var leaf] ? ArgumentNames.Position(one, leaf.Shape) : [one])];
        return line.Element >= 0
            ? names.Derivative(position, elements)
            : $"the derivative of {(found.Order == 1 ? $"f{ArgumentNames.Brackets(position)}" : names.Derivative(position, elements[..^1]))} along ({string.Join(", ", line.Tangent.Select(x => x.ToString("G4", System.Globalization.CultureInfo.InvariantCulture)))})";
    }
}

/// <summary>A derivative that one nesting of modes computed.</summary>
/// <param name="Order">Its order k.</param>
/// <param name="Mode">The nesting.</param>
/// <param name="Transform">From a function to this derivative of it.</param>
/// <param name="Value">Its value at the point, of shape result ++ argument, k times.</param>
internal sealed record Derivative(int Order, string Mode, Func<Func<Expr, Expr>, Func<Expr, Expr>> Transform, Expr Value)
{
    // How many ways from the point are looked at for pieces of the function, and how far.
    private const int Neighbours = 8;
    private const double Distance = 1e-6;

    /// <summary>The derivative of each element of the derivative of the order below along a line.</summary>
    public static double[] Along(Expr value, Line line)
    {
        var elements = value.ToArray();
        var size = line.Tangent.Length;
        var along = new double[size == 0 ? 0 : elements.Length / size];
        for (var i = 0; i < along.Length; i++)
        {
            for (var j = 0; j < size; j++)
            {
                // Elements that do not move may have infinite derivatives.
                along[i] += line.Tangent[j] == 0 ? 0 : elements[(i * size) + j] * line.Tangent[j];
            }
        }

        return along;
    }

    /// <summary>The same of t·f(s·v), scaled back to that of f.</summary>
    public Expr Scaled(Func<Expr, Expr> f, double s, double t, Expr at, Line line) =>
        Expr.Constant(Along(Transform(Rescaling.Of(f, s, t))(at), line), new Shape(Value.Shape.Size / Math.Max(1, line.Tangent.Length))) / (t * Math.Pow(s, Order));

    /// <summary>
    /// Whether the derivative along a line, at points inside the domain that come closer to its end, tends to a slope. Then what differs at the end itself
    /// may be the choice of a slope at a kink, of which the domain has one side only.
    /// </summary>
    public bool TendsTo(double slope, Func<Expr, Expr> f, Line line, Shape shape, int element)
    {
        var side = line.Above > -line.Below ? 1 : -1;
        var distances = (double[])[1e-3, 1e-5, 1e-7];
        double[] errors = [.. distances.Select(distance => line.At(side * distance * Math.Min(1, Math.Max(line.Above, -line.Below))) is { } inside
            ? Math.Abs(Along(Transform(f)(Expr.Constant(inside, shape)), line)[element] - slope)
            : double.NaN)];
        return errors[2] <= 1e-3 * Math.Abs(slope) && errors[2] <= errors[0] + (1e-9 * Math.Abs(slope));
    }

    /// <summary>
    /// Whether the function is made of pieces that meet at the point, so that its slopes next to it differ, and the derivative is between these: at
    /// (0, 0, 0) the median of three numbers does not change along any coordinate, but it does along others.
    /// </summary>
    public bool IsBetweenPieces(double slope, double expected, Func<Expr, Expr> f, Line line, Neighbourhood point, Shape shape, int element)
    {
        double[] slopes = [.. Beside(point, shape).Select(x => Along(Transform(f)(x), line)[element])];
        return Differ(slopes) && slopes.Max() - slopes.Min() >= Math.Abs(slope - expected) && slope >= slopes.Min() && slope <= slopes.Max();
    }

    /// <summary>Whether the function itself, a derivative of the order below, is another on each side of the point, so that it has no derivative there.</summary>
    public static bool MeetsPieces(Func<Expr, Expr> below, Neighbourhood point, Shape shape)
    {
        double[][] values = [.. Beside(point, shape).Select(x => below(x).ToArray())];
        return values.Length > 0 && Enumerable.Range(0, values[0].Length).Any(i => Differ(Array.ConvertAll(values, each => each[i])));
    }

    private static bool Differ(double[] values) => values.Length > 0 && values.Max() - values.Min() > 1e-2 * values.Max(Math.Abs);

    /// <summary>Points next to a point, in directions of random numbers: a rule that is wrong at ties alone is right at these.</summary>
    private static IEnumerable<Expr> Beside(Neighbourhood point, Shape shape)
    {
        var (random, distance) = (new Random(1), Distance * Math.Max(1, point.Center.Select(Math.Abs).DefaultIfEmpty(0).Max()));
        return
            from _ in Enumerable.Range(0, Neighbours)
            let way = point.Along(Array.ConvertAll(point.Direction(random), part => part * random.NextDouble()))
            from step in new[] { distance, -distance }
            let elements = way.At(step)
            where elements is not null
            select Expr.Constant(elements, shape);
    }

    /// <summary>The shape of the function's result.</summary>
    public Shape ResultShape(ArgumentNames names) =>
        new([.. Value.Shape.Take(Value.Rank - (Order * (names.Leaves is [var leaf] ? leaf.Shape.Rank : 1)))]);
}
