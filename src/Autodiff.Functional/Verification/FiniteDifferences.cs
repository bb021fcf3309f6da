// Derivatives along a line from values of a function alone. Nothing here uses the rules of the library's derivatives, so that the two can be
// compared.

using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.Verification;

/// <summary>
/// A function near one point. Its arguments are taken together as one vector, and its result as another: element k of
/// <see cref="Along(Line, int)"/> belongs to element k of the result, and all elements share each evaluation of the function.
/// </summary>
internal sealed class FiniteDifferences
{
    /// <summary>
    /// The ratio of a step to the next one. It is not a whole number: otherwise all steps would be multiples of the last one and could all be
    /// multiples of a period of the function, which would then look constant.
    /// </summary>
    public const double Shrink = 1.9;

    private const double FirstStep = 0.35;

    // The last step, as a fraction of the argument. A smaller step would be lost in the argument's rounding.
    private const double LastStep = 1e-12;

    private const double SmallestNormal = 2.2250738585072014e-308;

    // The most steps after the first that resolve the function.
    private const int MostSteps = 80;

    private readonly string _operation;
    private readonly Func<Expr[], Expr> _f;
    private readonly Expr[] _arguments;
    private readonly double[] _center;

    public FiniteDifferences(string operation, Func<Expr[], Expr> f, params Expr[] arguments)
    {
        (_operation, _f, _arguments) = (operation, f, arguments);
        foreach (var argument in arguments)
        {
            if (argument is null)
            {
                throw AutodiffException.Null(operation, "the argument");
            }

            if (!argument.IsConcrete)
            {
                throw new NotConcreteException($"{operation}: an argument of shape {argument.Shape} is symbolic, and finite differences need numbers; substitute values for its variables, or use the transforms of AD, which differentiate formulas.");
            }
        }

        Point = [.. arguments.SelectMany(argument => argument.ToArray())];
        Value = Run(Point);
        _center = Value.ToArray();
    }

    /// <summary>The elements of all arguments, in order.</summary>
    public double[] Point { get; }

    /// <summary>f(x), a constant.</summary>
    public Expr Value { get; }

    /// <summary>The derivative dⁿ/dtⁿ f(x + t·direction) at t = 0, of every element of the result.</summary>
    public Estimate[] Along(double[] direction, int order) => Along(Line.Straight(Point, direction), order);

    /// <summary>The derivative dⁿ/dtⁿ f(line(t)) at t = 0, of every element of the result.</summary>
    /// <remarks>
    /// By the central stencil of order n. For elements where no central stencil is finite, such as where f is defined on one
    /// side of x only, it takes the better of the two one-sided stencils; at the edge of a domain it takes the best of the three.
    /// </remarks>
    public Estimate[] Along(Line line, int order)
    {
        var central = Extrapolate(line, Stencil.Central(order));
        if (!line.IsAtEdge && central.All(estimate => double.IsFinite(estimate.Value)))
        {
            return central;
        }

        var (right, left) = (OnOneSide(line, order, 1), OnOneSide(line, order, -1));
        return [.. central.Select((estimate, k) =>
        {
            var oneSided = right[k].Error <= left[k].Error ? right[k] : left[k];
            return double.IsFinite(estimate.Value) && !(line.IsAtEdge && oneSided.Error < estimate.Error) ? estimate : oneSided;
        })];
    }

    /// <summary>The derivative from values on one side (+1 or −1) of the point.</summary>
    public Estimate[] OnOneSide(Line line, int order, int side) => Extrapolate(line, Stencil.OneSided(order, side));

    /// <summary>The values at a step along a line; NaN outside the domain and where the function throws.</summary>
    public double[] At(Line line, double step) => line.At(step) is { } x ? Values(x) : Array.ConvertAll(_center, _ => double.NaN);

    /// <summary>
    /// The first and the last step that are worth taking along a line: a third of the size of the elements or of 1, and their rounding; and between
    /// them the step that moves one of the elements by its own size.
    /// </summary>
    public (double First, double Own, double Last) Range(Line line) => Steps(line.Tangent) is var (first, own, last, _) ? (first, own, last) : default;

    /// <summary>Whether all elements that move along a line are 0 at the point, so that they are no less exact at small steps.</summary>
    public bool IsAtZero(Line line) => line.Tangent.Zip(Point, (tangent, x) => tangent == 0 || x == 0).All(isAtZero => isAtZero);

    /// <summary>The noise of rounding in each element of the result near the point.</summary>
    public double[] Noise(Line line) => Noise(line, Steps(line.Tangent).First / FirstStep);

    /// <summary>∂fᵢ/∂xⱼ for all elements of the result and the arguments, row-major.</summary>
    public Estimate[] Jacobian()
    {
        var jacobian = new Estimate[_center.Length * Point.Length];
        for (var j = 0; j < Point.Length; j++)
        {
            var column = Along(Axis((j, 1)), 1);
            for (var i = 0; i < column.Length; i++)
            {
                jacobian[(i * Point.Length) + j] = column[i];
            }
        }

        return jacobian;
    }

    /// <summary>∂²f/∂xᵢ∂xⱼ of every element of the result: ¼ (D²₊ − D²₋) along the diagonals xᵢ ± xⱼ.</summary>
    public Estimate[] SecondPartial(int i, int j)
    {
        if (i == j)
        {
            return Along(Axis((i, 1)), 2);
        }

        var (a, b) = (Scale(i), Scale(j));
        return [.. Along(Axis((i, a), (j, b)), 2).Zip(Along(Axis((i, a), (j, -b)), 2), (plus, minus) => (plus - minus) / (4 * a * b))];
    }

    /// <summary>
    /// Estimates of which each is one: an error if the function is finite at the point, but no step on either side leads to where it has a finite value.
    /// </summary>
    /// <param name="estimates">For each element of the result equally many estimates, row-major.</param>
    public Estimate[] Found(Estimate[] estimates)
    {
        for (var k = 0; k < estimates.Length; k++)
        {
            var element = k * _center.Length / estimates.Length;
            if (double.IsPositiveInfinity(estimates[k].Error) && double.IsFinite(_center[element]) && Array.TrueForAll(Point, double.IsFinite))
            {
                throw new AutodiffException(
                    $"{_operation}: the function is defined at the point, but at no step from it: at steps of all sizes and to either side it throws, or its differences are NaN or infinite, so there is nothing to tell a derivative from. " +
                    "Take a point inside its domain.");
            }
        }

        return estimates;
    }

    private double Scale(int element) => Math.Max(1, Math.Abs(Point[element]));

    private double[] Axis(params ReadOnlySpan<(int Element, double Length)> components)
    {
        var direction = new double[Point.Length];
        foreach (var (element, length) in components)
        {
            direction[element] = length;
        }

        return direction;
    }

    private Estimate[] Extrapolate(Line line, Stencil stencil)
    {
        var tableaux = Array.ConvertAll(_center, _ => new RiddersTableau(stencil.Ratio));
        var (step, _, last, reach) = Steps(line.Tangent);
        var noise = Noise(line, step / FirstStep);
        var taken = 0;
        for (var improving = tableaux.Length > 0; improving && step >= last && taken < MostSteps; step /= Shrink)
        {
            var values = Array.ConvertAll(stencil.Nodes, node => node == 0 ? _center : At(line, node * step));
            improving = false;
            for (var element = 0; element < tableaux.Length; element++)
            {
                var tableau = tableaux[element];
                taken += element == 0 && tableau.IsResolved ? 1 : 0;
                var quotient = stencil.Apply(values, _center, element, step, reach, noise[element]);
                tableau.Add(quotient);

                // Once the noise of rounding alone at the next step exceeds the error that has been reached, smaller steps cannot do better.
                improving |= !tableau.IsResolved || !(quotient.Noise * Math.Pow(Shrink, stencil.Order) >= tableau.Best.Error);
            }
        }

        return Array.ConvertAll(tableaux, tableau => tableau.Best);
    }

    /// <summary>
    /// The noise of rounding in each element of the result near the point, on a side where the function is defined, from values at small multiples of a unit.
    /// </summary>
    public double[] Noise(Line line, double unit)
    {
        var samples = Array.ConvertAll(RoundingNoise.Offsets, offset => At(line, offset * unit));
        if (Array.Exists(samples, sample => !Array.TrueForAll(sample, double.IsFinite)))
        {
            samples = Array.ConvertAll(RoundingNoise.Offsets, offset => At(line, -offset * unit));
        }

        return [.. _center.Select((_, element) => RoundingNoise.Of(Array.ConvertAll(samples, sample => sample[element])))];
    }

    /// <summary>
    /// The first and the last step along a direction, and between them the step that moves one of the arguments by its own size; and the
    /// largest ratio of an argument to what a step of 1 adds to it.
    /// </summary>
    private (double First, double Own, double Last, double Reach) Steps(double[] direction)
    {
        var (first, own, reach) = (double.PositiveInfinity, double.PositiveInfinity, 0.0);
        for (var i = 0; i < direction.Length; i++)
        {
            if (direction[i] != 0)
            {
                var (length, size) = (Math.Abs(direction[i]), Math.Abs(Point[i]));
                first = Math.Min(first, Scale(i) / length);
                own = Math.Min(own, (size == 0 ? 1 : size) / length);
                reach = Math.Max(reach, size / length);
            }
        }

        // Below the smallest normal number a step does not shrink any more when it is divided.
        return double.IsFinite(first) ? (FirstStep * first, own, Math.Max(LastStep * own, SmallestNormal), reach) : (FirstStep, 1, LastStep, 0);
    }

    private double[] Values(double[] x)
    {
        if (Defined.At(() => Run(x)) is not { } y)
        {
            return Array.ConvertAll(_center, _ => double.NaN);
        }

        return y.Shape == Value.Shape
            ? y.ToArray()
            : throw new ShapeException($"{_operation}: the function's result has shape {Value.Shape} at the point, but {y.Shape} near it; a derivative needs one shape.");
    }

    private Expr Run(double[] x)
    {
        var start = 0;
        var values = Array.ConvertAll(_arguments, argument =>
        {
            var value = Expr.Constant(x.AsSpan(start, argument.Shape.Size), argument.Shape);
            start += argument.Shape.Size;
            return value;
        });
        var y = _f(values) ?? throw AutodiffException.Null(_operation, "the function's result");
        return y.IsConcrete
            ? y.Detached()
            : throw new NotConcreteException($"{_operation}: the function's result is symbolic, and finite differences need numbers; substitute values for the variables that it closes over.");
    }
}
