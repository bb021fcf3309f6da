// A function whose derivatives are right, so that a check that finds a fault in it raises a false alarm.

using LanguageExt;

namespace Autodiff.PropertyTests.Verification;

/// <summary>A function whose derivatives are right on a domain.</summary>
/// <param name="Name">Its formula, and where it is checked.</param>
/// <param name="Run">Checks its derivatives up to order 2 at a number of points, with a seed.</param>
internal sealed record RightFunction(string Name, Func<int, int, Fin<Unit>> Run)
{
    public static RightFunction On<T>(string name, Domain<T> domain, Func<T, Expr> f)
    {
        var law = Functional.Check.GradientLaw(f, domain, order: 2);
        return new(name, (cases, seed) => law.Run(cases, seed));
    }
}
