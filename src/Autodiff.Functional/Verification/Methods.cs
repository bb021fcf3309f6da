// The number that a check found to be wrong, as every method computes it, for reports.

using System.Numerics;

namespace Autodiff.Functional.Verification;

/// <summary>One number of a derivative as every method computes it.</summary>
internal static class Methods
{
    private const double ComplexStep = 1e-30;

    /// <summary>The derivative along a fixed direction, summed with fixed weights over the results, or the element that a check found.</summary>
    public static IReadOnlyList<MethodResult> Of(string operation, Func<Expr, Expr> f, Expr x, CheckError cause)
    {
        var order = cause switch { DerivativeMismatch mismatch => mismatch.Order, MethodMismatch mismatch => mismatch.Place.Order, _ => 1 };
        var below = DerivativeCheck.Nestings(order - 1)[0].Derivative(f);
        var rank = x.Rank;
        var place = cause is DerivativeMismatch { Index: var index } && index.Count > 0 && !cause.Message.Contains("along", StringComparison.Ordinal) ? index.ToArray() : null;
        var results = new List<(string Method, double Value)>();
        void Add(string method, Func<double> value)
        {
            try
            {
                results.Add((method, value()));
            }
            catch (AutodiffException)
            {
                // The method is not open to the function.
            }
        }

        // The element: a position in the derivative of the order below, and the direction in which that is differentiated.
        var direction = place is null ? Directions.Of(x.Shape) : Unit(x.Shape, x.Rank == 0 ? [] : place.Length >= rank ? place[^rank..] : [place[^1]]);
        double Element(Expr result) => result.Rank == 0 ? result.Value : place is null ? Expr.Sum(result * Directions.Of(result.Shape)).Value : result.ToArray()[Offset(result.Shape, place[..^rank])];
        var line = Line.Straight(x.ToArray(), direction.ToArray());
        double Contracted(Expr jacobian) => Element(Expr.Constant(Derivative.Along(jacobian.ToArray(), line), new Shape([.. jacobian.Shape.Take(jacobian.Rank - rank)])));
        var trees = new TreeOracle(f);
        if (trees.Along(order - 1, x, line, new(() => Intermediates.Largest(below, x))) is { } precise)
        {
            Add("double-double differences", () => Element(Expr.Constant(Array.ConvertAll(precise, estimate => estimate.Value), below(x).Shape)));
        }

        Add("finite differences", () => Element(Expr.Constant(Array.ConvertAll(new FiniteDifferences(operation, v => below(v[0]), x).Along(line, 1), estimate => estimate.Value), below(x).Shape)));
        Add("complex step", () =>
        {
            var variable = Expr.Variable("x", x.Shape);
            var values = below(variable).EvaluateElements<Complex>((variable, [.. x.ToArray().Zip(direction.ToArray(), (real, part) => new Complex(real, ComplexStep * part))]));
            return Element(Expr.Constant([.. values.Select(value => value.Imaginary / ComplexStep)], below(x).Shape));
        });
        foreach (var (mode, derivative) in DerivativeCheck.Nestings(order))
        {
            Add(mode, () => Contracted(derivative(f)(x)));
        }

        if (trees.At(order, x) is { } derived)
        {
            Add("reverse in double-double", () => Contracted(derived.Rounded));
        }

        Add("series", () => Element(AD.TaylorAlong(below, 1)(x, direction)[1]));
        foreach (var interpret in new[] { false, true })
        {
            Add(interpret ? "interpreted" : "compiled", () => new CompiledRival(f, interpret).Compute(order, x) is { } compiled
                ? Contracted(Expr.Constant(compiled, DerivativeCheck.Nestings(order)[0].Derivative(f)(x).Shape))
                : throw new AutodiffException("Check: the function is not compiled."));
        }

        var reference = results.Count > 0 ? results[0].Value : double.NaN;
        return [.. results.Select(result => new MethodResult(result.Method, result.Value, Ulps(result.Value, reference)))];
    }

    private static double Ulps(double value, double reference) =>
        value.Equals(reference) ? 0 : Math.Abs(value - reference) / Math.Max(double.Epsilon, Math.BitIncrement(Math.Abs(reference)) - Math.Abs(reference));

    private static Expr Unit(Shape shape, int[] position)
    {
        var elements = new double[shape.Size];
        elements[Offset(shape, position)] = 1;
        return Expr.Constant(elements, shape);
    }

    private static int Offset(Shape shape, int[] position) => shape.Strides().Zip(position, (stride, index) => stride * index).Sum();
}
