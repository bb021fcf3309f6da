// The Greeks of a call option: six derivatives up to the third order, all by nesting Grad, beside their closed forms.

using System.Globalization;
using Autodiff.Functional;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Tour;

internal static class BlackScholes
{
    private const double Strike = 105, Rate = 0.03, Years = 0.75;

    public static void Show(Page page)
    {
        page.Chapter("Black–Scholes", $"A call with strike {Strike:0} over {Years} years at rate {Rate}; spot S = 100, volatility σ = 0.25.");
        var greeks = page.Run(print =>
        {
            Func<Expr, Expr, Expr> price = Price;
            Func<Expr, Expr, Expr> delta = (s, σ) => Grad(x => price(x, σ))(s);
            Func<Expr, Expr, Expr> vega = (s, σ) => Grad(x => price(s, x))(σ);
            Func<Expr, Expr, Expr> gamma = (s, σ) => Grad(x => delta(x, σ))(s);
            Func<Expr, Expr, Expr> vanna = (s, σ) => Grad(x => delta(s, x))(σ);
            Func<Expr, Expr, Expr> volga = (s, σ) => Grad(x => vega(s, x))(σ);
            Func<Expr, Expr, Expr> speed = (s, σ) => Grad(x => gamma(x, σ))(s);
            return (Func<Expr, Expr, Expr>[])[price, delta, vega, gamma, vanna, volga, speed];
        });

        var (s, σ) = (100.0, 0.25);
        string[] names = ["price", "delta ∂/∂S", "vega  ∂/∂σ", "gamma ∂²/∂S²", "vanna ∂²/∂S∂σ", "volga ∂²/∂σ²", "speed ∂³/∂S³"];
        var closed = ClosedForms(s, σ);
        page.Table(["", "nested Grad", "closed form", "difference"], names.Select((name, i) =>
        {
            var value = greeks[i](s, σ).Value;
            return (string[])[name, Text(value), Text(closed[i]), Math.Abs(value - closed[i]).ToString("0.0E+0", CultureInfo.InvariantCulture)];
        }));
    }

    private static Expr Price(Expr s, Expr σ)
    {
        var (d1, d2) = Moneyness(s, σ);
        return (s * Normal(d1)) - (Strike * Math.Exp(-Rate * Years) * Normal(d2));
    }

    private static (Expr D1, Expr D2) Moneyness(Expr s, Expr σ)
    {
        var deviation = σ * Math.Sqrt(Years);
        var d1 = (Log(s / Strike) + ((Rate + (σ * σ / 2)) * Years)) / deviation;
        return (d1, d1 - deviation);
    }

    /// <summary>The standard normal distribution function.</summary>
    private static Expr Normal(Expr x) => Erfc(-x / Math.Sqrt(2)) / 2;

    /// <summary>The formulas of the textbooks, such as J. C. Hull, Options, Futures and Other Derivatives.</summary>
    private static double[] ClosedForms(double s, double σ)
    {
        var (first, second) = Moneyness(s, σ);
        var (d1, d2) = (first.Value, second.Value);
        var density = Math.Exp(-d1 * d1 / 2) / Math.Sqrt(2 * Math.PI);
        var deviation = σ * Math.Sqrt(Years);
        var vega = s * density * Math.Sqrt(Years);
        var gamma = density / (s * deviation);
        return
        [
            Price(s, σ).Value,
            Normal(d1).Value,
            vega,
            gamma,
            -density * d2 / σ,
            vega * d1 * d2 / σ,
            -gamma / s * ((d1 / deviation) + 1),
        ];
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
