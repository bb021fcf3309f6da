// The series of a function of a symmetric matrix, of its parameters and of the directions of its derivatives.

using Autodiff.Functional.Primitives;
using MathNet.Numerics;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional.Programs;

/// <summary>
/// Dᵐf(A)[E₁, …, Eₘ; θ] along curves of all its operands. It is linear in the directions Eᵢ; and by Taylor's theorem
/// f(A₀ + A₁t + …) = Σ f⁽ˡ⁾(A₀)[A₁t + …, …]/l!, which has one term of order k for each partition of k, in which j occurs mⱼ times: the derivative
/// along Aⱼ, mⱼ times each, divided by Π mⱼ!.
/// </summary>
/// <param name="function">The function.</param>
/// <param name="operands">The primal values of its operands.</param>
/// <param name="curves">The coefficients of its operands, order 1 first; null for those that are zero.</param>
internal sealed class SpectralSeries(SpectralFunction function, Expr[] operands, Sensitivity?[][] curves)
{
    private readonly Expr[] _parameters = operands[function.Matrices..];
    private readonly Sensitivity?[][] _parameterCurves = curves[function.Matrices..];

    /// <summary>The coefficients of the value from order 1 on.</summary>
    public Sensitivity?[] Coefficients() => [.. Enumerable.Range(1, curves[0].Length).Select(Coefficient)];

    private Sensitivity? Coefficient(int order)
    {
        Expr? sum = null;
        foreach (var (directions, left) in Directions(1, order))
        {
            for (var at = 0; at <= left; at++)
            {
                if (FunctionOf(at) is { } family)
                {
                    Expr[] parameters = [.. _parameters, .. _parameterCurves.SelectMany(curve => curve.Take(at)).OfType<Sensitivity>().Select(flow => flow.Value)];
                    foreach (var partition in Partitions(left - at, left - at))
                    {
                        Expr[] matrices = [operands[0], .. directions, .. partition.Select(part => Of(0, part)!)];
                        var derivative = function with { Family = family, Directions = matrices.Length - 1 };
                        var term = derivative.Node([.. matrices, .. parameters]) / Occurrences(partition);
                        sum = sum is null ? term : sum + term;
                    }
                }
            }
        }

        return sum is null ? null : SpectralFunction.Masked(sum, function, Live());
    }

    /// <summary>The coefficient of an operand; null if it is zero.</summary>
    private Expr? Of(int operand, int order) => order == 0 ? operands[operand] : curves[operand][order - 1]?.Value;

    /// <summary>The coefficient of the function along the curve of its parameters; null if it is zero.</summary>
    private FunctionFamily? FunctionOf(int order) =>
        order == 0 ? function.Family : function.Family.Coefficient(Array.ConvertAll(_parameterCurves, curve => curve[..order]), order);

    /// <summary>Coefficients of the directions from a given operand on, with the order that is left for the others: all choices.</summary>
    private IEnumerable<(Expr[] Chosen, int Left)> Directions(int operand, int order)
    {
        if (operand == function.Matrices)
        {
            yield return ([], order);
            yield break;
        }

        for (var at = 0; at <= order; at++)
        {
            if (Of(operand, at) is { } coefficient)
            {
                foreach (var (chosen, left) in Directions(operand + 1, order - at))
                {
                    yield return ([coefficient, .. chosen], left);
                }
            }
        }
    }

    /// <summary>The partitions of a number into orders at which the matrix has a coefficient, of at most a given size, largest first.</summary>
    private IEnumerable<int[]> Partitions(int number, int largest)
    {
        if (number == 0)
        {
            yield return [];
        }

        for (var part = Math.Min(number, largest); part > 0; part--)
        {
            if (Of(0, part) is not null)
            {
                foreach (var rest in Partitions(number - part, part))
                {
                    yield return [part, .. rest];
                }
            }
        }
    }

    private static double Occurrences(int[] partition) => partition.CountBy(part => part).Aggregate(1.0, (product, part) => product * SpecialFunctions.Factorial(part.Value));

    /// <summary>The matrices of the batch of which some operand moves; null if all may.</summary>
    private Expr? Live()
    {
        Expr? any = null;
        for (var operand = 0; operand < operands.Length; operand++)
        {
            if (Array.Exists(curves[operand], flow => flow is not null))
            {
                if (operand >= function.Matrices || PowerSeries.LiveIn(curves[operand]) is not { } live)
                {
                    return null;
                }

                live = SpectralFunction.Any(live, 2);
                any = any is null ? live : Max(any, live);
            }
        }

        return any;
    }
}
