// The ways that compiled code is run, all of which must agree.

using Autodiff.PropertyTests.Generators;
using static Autodiff.Functional.AD;

namespace Autodiff.PropertyTests.Compiling;

internal static class Engines
{
    /// <summary>What compiled code and the library's own evaluation of the same program may differ by.</summary>
    public const double Same = 1e-12;

    public static readonly IReadOnlyList<CompileOptions> All = [new(), new(Interpret: true)];

    /// <summary>Functions made by a way to compile have the values of those made by leaving a function as it is.</summary>
    public static void Agree(Expr x, Func<Func<Func<Expr, Expr>, Func<Expr, Expr>>, Func<Expr, Expr>[]> functions)
    {
        Expr[] expected = [.. functions(f => f).Select(f => f(x))];
        foreach (var options in All)
        {
            var compiled = functions(f => Compile(f, options));
            for (var i = 0; i < expected.Length; i++)
            {
                Agreement.Near(expected[i], compiled[i](x), Same);
            }
        }
    }
}
