// Other ways to compute the derivatives of a function, which must agree with reverse mode: power series, and compiled and interpreted code.

using MathNet.Numerics;

namespace Autodiff.Functional.Verification;

/// <summary>A way to compute derivatives.</summary>
internal interface IRival
{
    /// <summary>The derivative as this way computes it; null if the way is not open to the function.</summary>
    /// <param name="order">The order.</param>
    /// <param name="x">The point.</param>
    double[]? Compute(int order, Expr x);

    /// <summary>What reverse mode gives for the same.</summary>
    /// <param name="order">The order.</param>
    /// <param name="derivative">The elements of the derivative by reverse mode.</param>
    /// <param name="size">The number of elements of the argument.</param>
    double[] Expected(int order, double[] derivative, int size);

    /// <summary>What an element is called.</summary>
    string Name(int order, int element, Expr derivative, ArgumentNames names);

    /// <summary>The name of the way.</summary>
    string Method { get; }
}

/// <summary>The derivatives as one function, compiled to machine code or interpreted.</summary>
internal sealed class CompiledRival(Func<Expr, Expr> f, bool interpret) : IRival
{
    // Compiling a derivative of more elements than this takes longer than the rest of a check.
    private const int MostElements = 400;

    private readonly Dictionary<int, Func<Expr, Expr>> _compiled = [];
    private bool _isClosed;

    public string Method => interpret ? "interpreted" : "compiled";

    public double[]? Compute(int order, Expr x)
    {
        if (_isClosed || Math.Pow(x.Shape.Size, order) > MostElements)
        {
            return null;
        }

        try
        {
            if (!_compiled.TryGetValue(order, out var compiled))
            {
                compiled = _compiled[order] = AD.Compile(DerivativeCheck.Nestings(order)[0].Derivative(f), new CompileOptions(Interpret: interpret));
            }

            return compiled(x).ToArray();
        }
        catch (NotConcreteException)
        {
            // The function asks its argument for a value, so it cannot be compiled.
            _isClosed = true;
            return null;
        }
    }

    public double[] Expected(int order, double[] derivative, int size) => derivative;

    public string Name(int order, int element, Expr derivative, ArgumentNames names) =>
        $"element {ArgumentNames.Brackets(ArgumentNames.Position(element, derivative.Shape))} of the derivative of order {order}";
}

/// <summary>The derivative along one fixed direction, from the coefficients of a power series.</summary>
internal sealed class SeriesRival(Func<Expr, Expr> f) : IRival
{
    public string Method => "series";

    public double[]? Compute(int order, Expr x)
    {
        var coefficient = AD.TaylorAlong(f, order)(x, Directions.Of(x.Shape))[order];
        return [.. coefficient.ToArray().Select(element => element * SpecialFunctions.Factorial(order))];
    }

    public double[] Expected(int order, double[] derivative, int size)
    {
        var direction = Directions.Of(new Shape(size)).ToArray();
        var elements = derivative;
        for (var k = 0; k < order; k++)
        {
            var contracted = new double[size == 0 ? 0 : elements.Length / size];
            for (var i = 0; i < elements.Length; i++)
            {
                contracted[i / size] += elements[i] * direction[i % size];
            }

            elements = contracted;
        }

        return elements;
    }

    public string Name(int order, int element, Expr derivative, ArgumentNames names) =>
        $"the derivative of order {order} of element {element} of f along ({string.Join(", ", Directions.Of(new Shape(names.Leaves.Sum(leaf => leaf.Shape.Size))).ToArray().Select(x => x.ToString("G4", System.Globalization.CultureInfo.InvariantCulture)))})";
}

/// <summary>Fixed directions.</summary>
internal static class Directions
{
    /// <summary>Numbers between −1 and 1 that form no pattern: multiples of the golden ratio, modulo 1.</summary>
    public static Expr Of(Shape shape)
    {
        var elements = new double[shape.Size];
        for (var i = 0; i < elements.Length; i++)
        {
            elements[i] = (2 * ((i + 1) * 0.6180339887498949 % 1)) - 1;
        }

        return Expr.Constant(elements, shape);
    }
}
