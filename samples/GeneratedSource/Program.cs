// Derivatives as source text, in a program that does not refer to the library: greeks of an option, Newton's method, and a network that learns the sine.
// Derivatives.cs wrote the classes; this program can be compiled ahead of time, trimmed, or run where no code can be made at run time.

using System.Globalization;
using Derivatives;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;

// A call option on a share of 105 with a strike of 100: the price, and its slope in each of the arguments.
var (price, delta, vega, theta) = (0.0, 0.0, 0.0, 0.0);
CallOption.Invoke([105], [0.2], [0.5], new(ref price), new(ref delta), new(ref vega), new(ref theta));
Console.WriteLine($"option: price {price:0.0000}, delta {delta:0.0000}, vega {vega:0.0000}, theta {theta:0.0000}");

// Newton's method on Himmelblau's function: x ← x − H⁻¹∇f.
double[] point = [4, 1];
var (value, gradient, hessian) = (0.0, new double[Himmelblau.GradientSize], new double[Himmelblau.HessianSize]);
for (var step = 0; step < 20; step++)
{
    Himmelblau.Invoke(point, new(ref value), gradient, hessian);
    var determinant = (hessian[0] * hessian[3]) - (hessian[1] * hessian[2]);
    point[0] -= ((hessian[3] * gradient[0]) - (hessian[1] * gradient[1])) / determinant;
    point[1] -= ((hessian[0] * gradient[1]) - (hessian[2] * gradient[0])) / determinant;
}

Console.WriteLine($"minimum: f({point[0]:0.######}, {point[1]:0.######}) = {value:0.######}");

// Gradient descent with momentum on the 48 weights of a network of 16 hidden neurons.
double[] weights = [.. Enumerable.Range(0, Network.WeightsSize).Select(i => Math.Sin(2 * i + 1))];
var (slopes, velocity, error) = (new double[Network.WeightsSize], new double[Network.WeightsSize], 0.0);
for (var step = 0; step <= 3000; step++)
{
    Network.Invoke(weights, new(ref error), slopes);
    if (step % 1000 == 0)
    {
        Console.WriteLine($"network: error {error:0.0000} after {step} steps");
    }

    for (var i = 0; i < weights.Length; i++)
    {
        velocity[i] = (0.9 * velocity[i]) - (0.02 * slopes[i]);
        weights[i] += velocity[i];
    }
}

return error < 1e-3 && value < 1e-12 && Math.Abs(price - 10.0) < 2 ? 0 : 1;
