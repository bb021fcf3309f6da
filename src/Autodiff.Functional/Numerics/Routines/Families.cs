// Routines of functions of several numbers with orders, applied element by element. Their sizes are the orders.

namespace Autodiff.Functional.Numerics;

internal static class Families
{
    public static void BetaInc(in Operands operands, Span<double> result, Span<double> scratch, ReadOnlySpan<int> orders)
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = ScalarFunctions.BetaIncDerivative(orders[0], orders[1], orders[2], operands.First[i], operands.Second[i], operands.Third[i]);
        }
    }

    public static void Binomial(in Operands operands, Span<double> result, Span<double> scratch, ReadOnlySpan<int> orders)
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = ScalarFunctions.BinomialDerivative(orders[0], orders[1], operands.First[i], operands.Second[i]);
        }
    }

    public static void Zeta(in Operands operands, Span<double> result, Span<double> scratch, ReadOnlySpan<int> orders)
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = ScalarFunctions.HurwitzZeta(orders[0], operands.First[i], operands.Second[i]);
        }
    }

    public static void BesselY(in Operands operands, Span<double> result, Span<double> scratch, ReadOnlySpan<int> orders)
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = ScalarFunctions.BesselY(orders[0], operands.First[i]);
        }
    }

    public static void BesselIOfRealOrder(in Operands operands, Span<double> result, Span<double> scratch, ReadOnlySpan<int> orders)
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = ScalarFunctions.BesselIOfRealOrder(operands.First[i], operands.Second[i]);
        }
    }

    public static void BesselIScaled(in Operands operands, Span<double> result, Span<double> scratch, ReadOnlySpan<int> orders)
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = ScalarFunctions.BesselIScaled(orders[0], operands.First[i], operands.Second[i]);
        }
    }

    public static void BesselK(in Operands operands, Span<double> result, Span<double> scratch, ReadOnlySpan<int> orders)
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = ScalarFunctions.BesselK(operands.First[i], operands.Second[i]);
        }
    }

    public static void BesselKScaled(in Operands operands, Span<double> result, Span<double> scratch, ReadOnlySpan<int> orders)
    {
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = ScalarFunctions.BesselKScaled(orders[0], operands.First[i], operands.Second[i]);
        }
    }
}
