// A function of one number with parameters, as a computation: what MatrixFunction applies to the eigenvalues of a matrix; and the functions
// that are derived from it by differentiation.

using System.Globalization;
using Autodiff.Functional.Primitives;
using MathNet.Numerics;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Programs;

/// <summary>
/// (x, θ) ↦ f(x; θ) for a number x and parameters θ, which are the values that the function captured. The derivatives of f are cached
/// with it.
/// </summary>
/// <param name="value">From x and θ to f.</param>
internal sealed class FunctionFamily(Computation value)
{
    private readonly BoundedCache<string, FunctionFamily> _made = new();

    public Computation Value => value;

    /// <summary>The shape of the value of f, which is a scalar unless f is a gradient in a tensor of parameters.</summary>
    public Shape Shape => value.Results[0].Shape;

    /// <summary>How many parameters there are.</summary>
    public int Parameters => value.Parameters.Length - 1;

    /// <summary>∂ᵏf/∂xᵏ for an order k.</summary>
    public FunctionFamily Derivative(int order) => order == 0 ? this : Made(string.Create(CultureInfo.InvariantCulture, $"derivative {order}"), () =>
    {
        var curves = Array.ConvertAll(value.Parameters, _ => new Sensitivity?[order]);
        curves[0][0] = new(1, null);
        return Over(value.Parameters, value.Expand(curves, order)[0][order - 1] is { } coefficient ? coefficient.Value * SpecialFunctions.Factorial(order) : Zeros(Shape));
    });

    /// <summary>∂ᵏf/∂xᵏ for an order k, and beside it the size of its rounding error (see <see cref="RoundingErrors"/>).</summary>
    public Computation Estimated(int order) => Derivative(order).Made("estimated", () => new(RoundingErrors.Of(Derivative(order).Value))).Value;

    /// <summary>
    /// A coefficient of f along a curve of its parameters, whose coefficients are further parameters of the result; null if it is zero.
    /// </summary>
    /// <param name="curves">The coefficients of the parameters, order 1 first; null for those that are zero.</param>
    /// <param name="order">The order of the coefficient.</param>
    public FunctionFamily? Coefficient(Sensitivity?[][] curves, int order) => Found(
        string.Create(CultureInfo.InvariantCulture, $"coefficient {order} of {string.Concat(curves.Select(curve => string.Concat(curve.Select(flow => flow is null ? '0' : '1')) + " "))}"),
        () =>
        {
            var leaves = value.LeavesFor([new Sensitivity?[order], .. curves]);
            return value.Expand(leaves, order)[0][order - 1] is { } coefficient
                ? Over([.. value.Parameters, .. leaves.SelectMany(curve => curve).OfType<Sensitivity>().Select(leaf => leaf.Value)], coefficient.Value)
                : null;
        });

    /// <summary>
    /// The tangent of f, given tangents of some of its parameters, which are further parameters of the result; null if f does not depend on
    /// those.
    /// </summary>
    public FunctionFamily? Along(bool[] moves) => Found($"along {string.Concat(moves.Select(move => move ? '1' : '0'))}", () =>
    {
        Expr?[] tangents = [null, .. moves.Zip(value.Parameters.Skip(1), (move, parameter) => move ? Parameter(parameter.Shape) : null)];
        return Tangent(tangents) is { } tangent ? Over([.. value.Parameters, .. tangents.OfType<Expr>()], tangent) : null;
    });

    /// <summary>The gradient of a scalar f in one of its parameters; null if f does not depend on it.</summary>
    public FunctionFamily? Gradient(int parameter) => Found(string.Create(CultureInfo.InvariantCulture, $"gradient {parameter}"), () =>
    {
        var wanted = new bool[value.Parameters.Length];
        wanted[1 + parameter] = true;
        return value.Pull(wanted, [new Sensitivity(1, null)])[1 + parameter] is { } gradient ? Over(value.Parameters, gradient.Value) : null;
    });

    /// <summary>⟨w, f⟩, with one more parameter w of the shape of f.</summary>
    public FunctionFamily Weighted => Made("weighted", () =>
    {
        var weights = Parameter(Shape);
        return Over([.. value.Parameters, weights], Sum(weights * value.Results[0]));
    });

    // Equal nodes are merged: what a derivative computes twice would be differentiated twice, so the size would grow with each order.
    private static FunctionFamily Over(Expr[] parameters, Expr result) => new(CommonSubexpressions.Merge(Computation.Over(parameters, [result])));

    private Expr? Tangent(Expr?[] tangents) => value.Push(Array.ConvertAll(tangents, tangent => tangent is null ? (Sensitivity?)null : new(tangent, null)))[0]?.Value;

    private FunctionFamily Made(string key, Func<FunctionFamily> make) => _made.Find(key) ?? _made.Add(key, make());

    private FunctionFamily? Found(string key, Func<FunctionFamily?> make) => _made.Find(key) ?? (make() is { } made ? _made.Add(key, made) : null);
}
