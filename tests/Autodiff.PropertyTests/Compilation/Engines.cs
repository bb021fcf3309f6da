// The two ways to run compiled code, emitted and interpreted, which must both agree with uncompiled evaluation.

using Autodiff.PropertyTests.Generators;
using static Autodiff.Functional.AD;

namespace Autodiff.PropertyTests.Compiling;

internal static class Engines
{
    /// <summary>The tolerance between compiled code and uncompiled evaluation of the same program.</summary>
    public const double Same = 1e-12;

    public static readonly IReadOnlyList<CompileOptions> All = [new(), new(Interpret: true)];

    // About two units in the last place of an argument.
    private const double Rounding = 4e-16;

    /// <summary>Asserts that functions have the same values at x, whether or not parts of them are compiled.</summary>
    /// <param name="x">The argument of the functions.</param>
    /// <param name="functions">Makes the functions, given either a way to compile a function or the identity.</param>
    /// <remarks>
    /// A function that magnifies rounding errors of its argument also magnifies those of its operations. So values may differ by as much as they do
    /// between arguments that are rounded differently.
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
