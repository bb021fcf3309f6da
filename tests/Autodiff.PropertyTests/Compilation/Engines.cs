// The ways that compiled code is run, all of which must agree.

using Autodiff.PropertyTests.Generators;
using static Autodiff.Functional.AD;

namespace Autodiff.PropertyTests.Compiling;

internal static class Engines
{
    /// <summary>What compiled code and the library's own evaluation of the same program may differ by.</summary>
    public const double Same = 1e-12;

    public static readonly IReadOnlyList<CompileOptions> All = [new(), new(Interpret: true)];

    // What two units in the last place of an argument are, more or less.
    private const double Rounding = 4e-16;

    /// <summary>Functions made by a way to compile have the values of those made by leaving a function as it is.</summary>
    /// <remarks>
    /// A function that magnifies the rounding errors of its argument magnifies those of its operations too: values may be
    /// as far apart as those for arguments that are rounded differently.
    /// </remarks>
    public static void Agree(Expr x, Func<Func<Func<Expr, Expr>, Func<Expr, Expr>>, Func<Expr, Expr>[]> functions)
    {
        var eager = functions(f => f);
        Expr[] expected = [.. eager.Select(f => f(x))];
        foreach (var options in All)
        {
            var compiled = functions(f => Compile(f, options));
            for (var i = 0; i < expected.Length; i++)
            {
                var actual = compiled[i](x);
                if (!IsRoundedDifferently(eager[i], x, expected[i], actual))
                {
                    Agreement.Near(expected[i], actual, Same);
                }
            }
        }
    }

    private static bool IsRoundedDifferently(Func<Expr, Expr> f, Expr x, Expr expected, Expr actual)
    {
        double Apart(Expr other) => expected.ToArray().Zip(other.ToArray(), (a, b) => Math.Abs(a - b)).Append(0).Max();
        return expected.Shape == actual.Shape
            && Apart(actual) is > Same and var apart
            && apart <= Math.Max(Apart(f(x * (1 + Rounding))), Apart(f(x * (1 - Rounding))));
    }
}
