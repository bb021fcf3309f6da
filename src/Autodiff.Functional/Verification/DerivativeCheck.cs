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
    // Where there are more coordinates, some of them and some lines in which all move are checked.
    private const int MostCoordinates = 8;
    private const int Lines = 3;

    // The relative error from which on differences count as not converged.
    private const double Unconverged = 1e-3;

    // The relative error from which on they do not show that an infinite slope is wrong.
    private const double Imprecise = 1e-6;

    // The relative error up to which rounding may be its reason.
    private const double Hidden = 1e-4;

    // How many times smaller rounding is in double-double than in double, and a margin; for values, divided by the step of their differences.
    private const double RoundingOfTrees = 1e-13;
    private const double RoundingOfValues = 1e-8;

    // Constants of derivatives, such as log 2 and exponents less 1, are doubles in double-double too.
    private const double RoundingOfConstants = 2e-16;

    // A larger number may be the product of factors that overflow.
    private const double Overflowing = 1e100;

    // The part of the largest element by which rounding may move any other: elements are made of the same intermediate values.
    private const double Rounding = 1e-5;

    // How often a difference is repeated with other numbers before it counts as a fault.
    private const int Repetitions = 6;

    private readonly TreeOracle _trees = new(f);

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
            var (verdict, reason, degree) = (Verdict.Open, (CheckError?)null, k - 1);
            var derivativeBelow = Nestings(degree)[0].Derivative;
            var below = derivativeBelow(f);
            if (!Array.TrueForAll(x.ToArray(), double.IsFinite))
            {
                return (Verdict.Open, new NoDerivative("the point is not finite"));
            }

            var differences = new FiniteDifferences(operation, v => below(v[0]), x);
            if (!Array.TrueForAll(differences.Value.ToArray(), double.IsFinite))
            {
                return k > 1 ? (Verdict.Holds, null) : (Verdict.Open, new NoDerivative("f is not finite at the point"));
            }

            var spread = new Lazy<double[]>(() => RoundingOf(derivativeBelow, degree).Widths());
            var largest = new Lazy<double>(() => Intermediates.Largest(below, x));
            natural ??= largest;
            var tree = new Lazy<PreciseDerivative?>(() => _trees.At(degree + 1, x));
            Derivative[] found = [.. Nestings(k).Select(nesting => new Derivative(degree + 1, nesting.Mode, nesting.Derivative, nesting.Derivative(f)(x), RoundingOf(nesting.Derivative, degree + 1)))];
            foreach (var line in Through(point, random))
            {
                var precise = _trees.Along(k - 1, x, line, largest);
                var probe = new Probe(differences, line, largest, spread);
                var estimates = new Lazy<Estimate[]>(() => precise ?? differences.Along(line, 1));
                var along = Verdict.Holds;
                foreach (var derivative in found)
                {
                    var (one, error) = Compare(derivative, probe, estimates.Value, line, x, point);
                    if (one == Verdict.Fails)
                    {
                        return (one, error);
                    }

                    (along, reason) = (Both(along, one), reason ?? error);
                }

                if (along != Verdict.Open && precise is not null && tree.Value is { } exact && CompareTrees(found[0], exact, x, line, point, precise, probe) is { } mismatch)
                {
                    return (Verdict.Fails, mismatch);
                }

                // Where nothing can be said along one line, another may tell; a kink along one is one of the function.
                verdict = along == Verdict.Open || verdict == Verdict.Kink ? verdict : along;
            }

            foreach (var rival in rivals)
            {
                if (CompareRival(rival, found[0], x, new(() => Math.Max(natural.Value / Math.Pow(length, k), Intermediates.LargestAlong(f, x, k)))) is { } error)
                {
                    return (Verdict.Fails, error);
                }
            }

            // Where a derivative could not be checked, or is a choice between two slopes, that of the next order cannot be checked either.
            if (verdict == Verdict.Kink)
            {
                return (Verdict.Holds, null);
            }

            if (verdict == Verdict.Open)
            {
                return k > 1 ? (Verdict.Holds, null) : (Verdict.Open, reason ?? new NoDerivative("one cannot step from the point in any direction"));
            }
        }

        return (Verdict.Holds, null);

        Rescaling RoundingOf(Func<Func<Expr, Expr>, Func<Expr, Expr>> derivative, int k) => new(point, x.Shape, scale, (s, t, at) => derivative(Rescaling.Of(f, s, t))(at) / (t * Math.Pow(s, k)));
    }

    /// <summary>
    /// Another way of computing the derivative against reverse mode. The natural size is that of the change of f's intermediate values over a distance of
    /// the argument's size, or of their derivatives up to the order: terms of the derivative are of this size even where they cancel.
    /// </summary>
    private MethodMismatch? CompareRival(IRival rival, Derivative reverse, Expr x, Lazy<double> natural)
    {
        var (k, size) = (reverse.Order, x.Shape.Size);
        var expected = rival.Expected(k, reverse.Value.ToArray(), size);
        if (!Array.TrueForAll(expected, double.IsFinite) || rival.Compute(k, x) is not { } found)
        {
            return null;
        }

        var largest = expected.Select(Math.Abs).DefaultIfEmpty(0).Max();
        for (var i = 0; i < found.Length; i++)
        {
            if (!double.IsFinite(found[i]) && (Math.Abs(expected[i]) > Overflowing || natural.Value > Overflowing))
            {
                continue;
            }

            var difference = Math.Abs(found[i] - expected[i]);
            if (difference <= Allowed(largest, i))
            {
                continue;
            }

            var allowed = Rescaling.Explained(difference, Allowed(Math.Max(largest, natural.Value), i), samples => reverse.Rounding.Widths(samples, elements => rival.Expected(k, elements, size))[i]);
            if (!(difference <= allowed))
            {
                return new(Place.At(rival.Method, k, rival.Name(k, i, reverse.Value, names), [i]), found[i], expected[i], allowed);
            }
        }

        return null;

        double Allowed(double terms, int i) => tolerance * Math.Max(Math.Abs(expected[i]), Rounding * Math.Max(terms, double.Epsilon));
    }

    /// <summary>
    /// The expression of the derivative against differences of that of the order below, both in double-double: without rounding to speak of, so that
    /// they must agree to 14 digits.
    /// </summary>
    private DerivativeMismatch? CompareTrees(Derivative reverse, PreciseDerivative derivative, Expr x, Line line, Neighbourhood point, Estimate[] expected, Probe probe)
    {
        var along = derivative.Along(line);
        var found = reverse with { Mode = "reverse in double-double", Value = derivative.Rounded };
        var terms = new Lazy<double>(() => Math.Max(probe.Largest, Intermediates.Largest(found.Transform(f), x)));
        var width = new Lazy<double[]>(() => found.Widths(line));
        var precise = new Lazy<double[]>(() => _trees.Widths(found.Order, x, line));
        for (var i = 0; i < along.Length; i++)
        {
            var allowed = (Math.Max(TreeOracle.Tolerance, tolerance > Check.DefaultTolerance ? tolerance : 0) * Math.Abs(expected[i].Value)) + (10 * expected[i].Error);
            if (double.IsFinite(along[i]) && expected[i].Scale <= Math.Abs(expected[i].Value) && Math.Abs(along[i] - expected[i].Value) > allowed
                && Math.Abs(along[i] - expected[i].Value) > allowed + (RoundingOfTrees * width.Value[i]) + (RoundingOfValues * probe.NoiseOf(i)) + TreeOracle.Rounding(probe.Largest, x) + (RoundingOfConstants * terms.Value)
                && !(Math.Abs(along[i] - expected[i].Value) <= allowed + Rescaling.Explaining(precise.Value[i])) && probe.Classify(i) is Smoothness.Smooth
                && !reverse.IsBetweenPieces(along[i], expected[i].Value, f, line, point, x.Shape, i))
            {
                var name = Name(found, i, line, out var index);
                return new(Place.At(found.Mode, found.Order, name, index), along[i], expected[i].Value, allowed);
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

    private (Verdict Verdict, CheckError? Error) Compare(Derivative found, Probe probe, Estimate[] expected, Line line, Expr x, Neighbourhood point)
    {
        var along = Derivative.Along(found.Value.ToArray(), line);
        var widths = new Dictionary<int, double[]>();
        var (verdict, reason) = (Verdict.Holds, (CheckError?)null);
        for (var i = 0; i < along.Length; i++)
        {
            var (slope, estimate) = (along[i], expected[i]);
            var allowed = (tolerance * Math.Abs(estimate.Value)) + estimate.Excused;
            var difference = Math.Abs(slope - estimate.Value);

            // Differences that have not converged say nothing by themselves.
            allowed = estimate.Error > (Unconverged * Math.Max(Math.Abs(estimate.Value), Math.Abs(slope))) + (100 * estimate.Noise) ? -1 : Rescaling.Explained(difference, allowed, samples => (widths.TryGetValue(samples, out var width) ? width : widths[samples] = found.Widths(line, samples))[i]);
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

            (verdict, reason) = (Both(verdict, one), reason ?? error);
        }

        return (verdict, reason);
    }

    /// <summary>The verdict on two elements or modes together, neither of which fails.</summary>
    private static Verdict Both(Verdict one, Verdict other) => (Verdict)Math.Max((int)one, (int)other);

    /// <summary>The verdict on an element that differs from what is expected by more than rounding and errors explain.</summary>
    private (Verdict Verdict, CheckError? Error) Judge(Derivative found, double slope, Estimate expected, double allowed, Probe probe, int element, Line line, Expr x, Neighbourhood point)
    {
        var derivative = Name(found, element, line, out var index);
        var where = Place.At(found.Mode, found.Order, derivative, index);
        if (Intermediates.Staircase(f, x) is { } staircase)
        {
            return (Verdict.Open, new NoDerivative($"{derivative}: the steps of {Blame.NameOf(staircase)} are too short to be resolved next to its operand"));
        }

        if (!double.IsFinite(slope) && Intermediates.Overflow(found.Transform(f), x))
        {
            return (Verdict.Open, new NoDerivative($"{derivative}: a number on the way to it is larger than doubles are"));
        }

        if (!double.IsFinite(slope) && found.Order > 1 && Derivative.MeetsPieces(Nestings(found.Order - 1)[0].Derivative(f), point, x.Shape))
        {
            return (Verdict.Open, new NoDerivative($"{derivative}: pieces of f with different derivatives meet at the point"));
        }

        switch (probe.Classify(element))
        {
            case Smoothness.Jump jump:
                return (Verdict.Open, new JumpFound(where, found.Order - 1, jump.Left, jump.Value, jump.Right));
            case Smoothness.Kink kink:
                if (!double.IsFinite(slope))
                {
                    return (Verdict.Open, new NoDerivative($"{derivative}: there is a kink at the point, and the slope there is {slope}"));
                }

                var margin = allowed + (10 * kink.Error);
                return (slope >= Math.Min(kink.Left, kink.Right) - margin && slope <= Math.Max(kink.Left, kink.Right) + margin)
                    || found.IsBetweenPieces(slope, expected.Value, f, line, point, x.Shape, element)
                    ? (Verdict.Kink, null)
                    : (Verdict.Fails, new KinkMismatch(where, slope, kink.Left, kink.Right));
            case Smoothness.Vertical vertical when slope == vertical.Sign * double.PositiveInfinity:
                return (Verdict.Holds, null);
            case Smoothness.Smooth when line.IsAtEdge && found.TendsTo(expected.Value, slope, f, line, x.Shape, element):
                return (Verdict.Open, new NoDerivative($"{derivative}: there may be a kink at the edge of the domain"));
            case Smoothness.Smooth when double.IsInfinity(slope) && found.GrowsUnseen(slope, probe.Hidden, f, line, x.Shape, element):
            case Smoothness.Vertical:
                return (Verdict.Open, new NoDerivative($"{derivative}: the slope of f is infinite at the point"));
        }

        // Quotients of x^0.999 at 0 grow so slowly that they nearly converge. Beside an infinite slope that of a constant is known well enough.
        var size = Math.Max(Math.Abs(expected.Value), double.IsInfinity(slope) ? Math.Max(expected.Scale, probe.Largest / probe.Own) : expected.Scale);
        var converges = double.IsFinite(expected.Value) && expected.Error <= ((double.IsNaN(slope) ? Unconverged : Imprecise) * size) + Math.Min(100 * expected.Noise, Hidden * size);
        var isWrong = double.IsFinite(slope)
            ? probe.Refutes(element, slope) && !found.IsBetweenPieces(slope, expected.Value, f, line, point, x.Shape, element) && IsRepeatable(found, slope, expected.Value, element, line, x)
            : converges && probe.Refutes(element, double.PositiveInfinity);
        return isWrong
            ? (Verdict.Fails, new DerivativeMismatch(where, slope, expected.Value, allowed))
            : (Verdict.Open, new NoDerivative(double.IsPositiveInfinity(expected.Error)
                ? $"{derivative}: f is defined at the point, but at no step from it"
                : $"{derivative}: differences of f do not converge at the point"));
    }

    /// <summary>
    /// Whether differences of the function with other numbers, in which all products and sums round differently, are as far from the slope: the values
    /// of the determinant of a singular matrix are rounding, which may well be linear in an element.
    /// </summary>
    private bool IsRepeatable(Derivative found, double slope, double expected, int element, Line line, Expr x) => Rescaling.Factors.Take(Repetitions).All(factors =>
    {
        var (s, t) = factors;
        var below = Nestings(found.Order - 1)[0].Derivative(Rescaling.Of(f, s, t));
        var differences = Defined.At(() => new FiniteDifferences(operation, v => below(v[0] / s), x));
        var again = differences is null ? double.NaN : differences.Along(line, 1)[element].Value / (t * Math.Pow(s, found.Order - 1));
        return !(Math.Abs(again - slope) < 0.5 * Math.Abs(expected - slope));
    });

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
