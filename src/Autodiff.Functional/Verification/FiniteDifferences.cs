// Derivatives along a line from values of a function alone. Nothing here uses the rules of the library's derivatives, so that the two can be
// compared.

using Autodiff.Functional.Numerics;

namespace Autodiff.Functional.Verification;

/// <summary>
/// A function near one point. Its arguments are taken together as one vector, and its result as another: element k of
/// <see cref="Along"/> belongs to element k of the result, and all elements share each evaluation of the function.
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

    // No last step is smaller, so that it is reached: next to a denormal argument it would be 0.
    private const double SmallestStep = 1e-307;

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
    /// <remarks>
    /// By the central stencil of order n. For elements where no central stencil is finite, such as where f is defined on one
    /// side of x only, it takes the better of the two one-sided stencils.
    /// </remarks>
    public Estimate[] Along(double[] direction, int order)
    {
        var central = Extrapolate(direction, Stencil.Central(order));
        if (central.All(estimate => double.IsFinite(estimate.Value)))
        {
            return central;
        }

        var (right, left) = (Extrapolate(direction, Stencil.OneSided(order, 1)), Extrapolate(direction, Stencil.OneSided(order, -1)));
        return [.. central.Select((estimate, k) =>
            double.IsFinite(estimate.Value) ? estimate : right[k].Error <= left[k].Error ? right[k] : left[k])];
    }

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

    private Estimate[] Extrapolate(double[] direction, Stencil stencil)
    {
        var tableaux = Array.ConvertAll(_center, _ => new RiddersTableau(stencil.Ratio));
        var (step, last, reach) = Steps(direction);
        var noise = Noise(direction, step / FirstStep);
        for (var improving = tableaux.Length > 0; improving && step >= last; step /= Shrink)
        {
            var values = Array.ConvertAll(stencil.Nodes, node => node == 0 ? _center : At(direction, node * step));
            improving = false;
            for (var element = 0; element < tableaux.Length; element++)
            {
                var tableau = tableaux[element];
                var quotient = stencil.Apply(values, _center, element, step, reach, noise[element]);
                tableau.Add(quotient);

                // Once the noise of rounding alone at the next step exceeds the error that has been reached, smaller steps cannot do better.
                improving |= !tableau.IsResolved || !(quotient.Noise * Math.Pow(Shrink, stencil.Order) >= tableau.Best.Error);
            }
        }

        return Array.ConvertAll(tableaux, tableau => tableau.Best);
    }

    /// <summary>The noise of rounding in each element of the result near the point, on a side where the function is defined.</summary>
    private double[] Noise(double[] direction, double unit)
    {
        var samples = Array.ConvertAll(RoundingNoise.Offsets, offset => At(direction, offset * unit));
        if (Array.Exists(samples, sample => !Array.TrueForAll(sample, double.IsFinite)))
        {
            samples = Array.ConvertAll(RoundingNoise.Offsets, offset => At(direction, -offset * unit));
        }

        return [.. _center.Select((_, element) => RoundingNoise.Of(Array.ConvertAll(samples, sample => sample[element])))];
    }

    /// <summary>
    /// The first and the last step along a direction, as fractions of the step that moves the arguments by their own size; and the
    /// largest ratio of an argument to what a step of 1 adds to it.
    /// </summary>
    private (double First, double Last, double Reach) Steps(double[] direction)
    {
        var (first, last, reach) = (double.PositiveInfinity, double.PositiveInfinity, 0.0);
        for (var i = 0; i < direction.Length; i++)
        {
            if (direction[i] != 0)
            {
                var (length, size) = (Math.Abs(direction[i]), Math.Abs(Point[i]));
                first = Math.Min(first, Scale(i) / length);
                last = Math.Min(last, (size == 0 ? 1 : size) / length);
                reach = Math.Max(reach, size / length);
            }
        }

        return double.IsFinite(first) ? (FirstStep * first, Math.Max(LastStep * last, SmallestStep), reach) : (FirstStep, LastStep, 0);
    }

    private double[] At(double[] direction, double step)
    {
        var x = new double[Point.Length];
        for (var i = 0; i < x.Length; i++)
        {
            x[i] = Point[i] + (step * direction[i]);
        }

        Expr y;
        try
        {
            y = Run(x);
        }
        catch (Exception error) when (error is AutodiffException or ArgumentException or ArithmeticException or InvalidOperationException)
        {
            // The function throws where it is not defined, as Solve does for a singular matrix.
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
