// Routines that run along an axis, each element of the result from the one before. Their sizes are the length of the axis, the product of the
// lengths after it, and a choice: whether a sum or recurrence runs from the end, or whether the extreme is the smallest number.

using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Autodiff.Functional.Numerics;

internal static class Scans
{
    /// <summary>Running sums: y₀ = x₀, yᵢ = yᵢ₋₁ + xᵢ.</summary>
    public static void Sum(in Operands operands, Span<double> result, Span<double> scratch, ReadOnlySpan<int> sizes)
    {
        operands.First.CopyTo(result);
        var (length, inner, isReversed) = (sizes[0], sizes[1], sizes[2] != 0);
        for (var start = 0; start < result.Length; start += length * inner)
        {
            if (inner == 1)
            {
                Sum(result.Slice(start, length), isReversed);
                continue;
            }

            for (var step = 1; step < length; step++)
            {
                var here = start + ((isReversed ? length - 1 - step : step) * inner);
                RowOperations.AddMultiple(result.Slice(here, inner), 1, result.Slice(isReversed ? here + inner : here - inner, inner));
            }
        }
    }

    /// <summary>Running products: y₀ = x₀, yᵢ = yᵢ₋₁ xᵢ.</summary>
    public static void Product(in Operands operands, Span<double> result, Span<double> scratch, ReadOnlySpan<int> sizes)
    {
        var x = operands.First;
        var (length, inner) = (sizes[0], sizes[1]);
        for (var start = 0; start < result.Length; start += length * inner)
        {
            for (var first = start; first < start + inner; first++)
            {
                var product = 1.0;
                for (var step = 0; step < length; step++)
                {
                    product *= x[first + (step * inner)];
                    result[first + (step * inner)] = product;
                }
            }
        }
    }

    /// <summary>Running maxima or minima: y₀ = x₀, yᵢ = max(yᵢ₋₁, xᵢ). All from the first NaN on are NaN.</summary>
    public static void Extreme(in Operands operands, Span<double> result, Span<double> scratch, ReadOnlySpan<int> sizes)
    {
        var x = operands.First;
        var (length, inner, isSmallest) = (sizes[0], sizes[1], sizes[2] != 0);
        for (var start = 0; start < result.Length; start += length * inner)
        {
            for (var first = start; first < start + inner; first++)
            {
                var extreme = x[first];
                for (var step = 0; step < length; step++)
                {
                    var here = x[first + (step * inner)];
                    extreme = isSmallest ? Math.Min(extreme, here) : Math.Max(extreme, here);
                    result[first + (step * inner)] = extreme;
                }
            }
        }
    }

    /// <summary>
    /// yᵢ = log Σ exp xₖ over k ≤ i, as m + log(1 + rest): m is the largest number so far, and rest the sum of exp(xₖ − m) of all others, so that nothing overflows and terms
    /// much smaller than 1 are not rounded away.
    /// </summary>
    public static void LogSumExp(in Operands operands, Span<double> result, Span<double> scratch, ReadOnlySpan<int> sizes)
    {
        var x = operands.First;
        var (length, inner) = (sizes[0], sizes[1]);
        for (var start = 0; start < result.Length; start += length * inner)
        {
            for (var first = start; first < start + inner; first++)
            {
                var (largest, rest) = (x[first], 0.0);
                result[first] = largest;
                for (var step = 1; step < length; step++)
                {
                    var here = x[first + (step * inner)];
                    var term = Math.Exp(here == largest ? 0 : -Math.Abs(here - largest));
                    (largest, rest) = here > largest ? (here, (1 + rest) * term) : (largest, rest + term);
                    result[first + (step * inner)] = largest + ScalarFunctions.LogP1(rest);
                }
            }
        }
    }

    /// <summary>A linear recurrence of first order: s₀ = b₀, sᵢ = bᵢ + aᵢ sᵢ₋₁.</summary>
    public static void Recurrence(in Operands operands, Span<double> result, Span<double> scratch, ReadOnlySpan<int> sizes) =>
        Recurrence(operands.First, operands.Second, result, sizes, coefficientFromHere: 0);

    /// <summary>The same with each coefficient at the state that it multiplies: s₀ = b₀, sᵢ = bᵢ + aᵢ₋₁ sᵢ₋₁.</summary>
    public static void TransposedRecurrence(in Operands operands, Span<double> result, Span<double> scratch, ReadOnlySpan<int> sizes) =>
        Recurrence(operands.First, operands.Second, result, sizes, coefficientFromHere: -1);

    private static void Recurrence(ReadOnlySpan<double> a, ReadOnlySpan<double> b, Span<double> result, ReadOnlySpan<int> sizes, int coefficientFromHere)
    {
        var (length, inner, isReversed) = (sizes[0], sizes[1], sizes[2] != 0);
        for (var start = 0; start < result.Length; start += length * inner)
        {
            for (var first = start; first < start + inner; first++)
            {
                var (place, along) = isReversed ? (first + ((length - 1) * inner), -inner) : (first, inner);
                var coefficient = place + (coefficientFromHere * along);
                var state = b[place];
                result[place] = state;
                for (var step = 1; step < length; step++)
                {
                    place += along;
                    coefficient += along;
                    state = MultiplyAdd(a[coefficient], state, b[place]);
                    result[place] = state;
                }
            }
        }
    }

    /// <summary>ab + c, in one instruction where the processor has it: each state waits for the one before.</summary>
    private static double MultiplyAdd(double a, double b, double c) => Fma.IsSupported || AdvSimd.Arm64.IsSupported ? Math.FusedMultiplyAdd(a, b, c) : (a * b) + c;

    /// <summary>Replaces the numbers of a run by their running sums.</summary>
    private static void Sum(Span<double> run, bool isReversed)
    {
        var sum = isReversed ? run[^1] : run[0];
        for (var step = 1; step < run.Length; step++)
        {
            ref var element = ref run[isReversed ? run.Length - 1 - step : step];
            sum += element;
            element = sum;
        }
    }
}
