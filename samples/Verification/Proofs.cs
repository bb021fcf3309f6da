// What is proved with intervals: bounds, the one root of a function, and that it rises.

using Autodiff.Functional;
using static Autodiff.Functional.Expr;

namespace Verification;

internal static class Proofs
{
    public static void Show(Page page)
    {
        page.Chapter("Proofs", "An interval holds every result for every number in its operands. So what is found with intervals is true of all points.");
        page.Run(print =>
        {
            Func<Expr, Expr> kepler = e => e - 0.9 * Sin(e) - 1;
            var anomalies = Interval.Of(0, 4);
            print(Interval.BoundDerivative(kepler, anomalies));
            print(Interval.Monotonicity(kepler, anomalies));
            print(Interval.Root(kepler, anomalies).Count);
            print(Interval.Root(kepler, anomalies).Enclosure.Midpoint);
            print(Interval.Root(kepler, anomalies).Enclosure.Width < 1e-14);
            print(Interval.Bound(x => x * (1 - x), Interval.Of(0, 1)));
            print(Interval.Root(x => Exp(x) - x, Interval.Of(-5, 5)).Count);
        });
    }
}
