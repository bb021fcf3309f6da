// How a solution of equations is read.

using Autodiff.Functional.Primitives;

namespace Autodiff.Functional.Parsing;

internal static class RootReader
{
    /// <summary>
    /// root(x => residual, start). The text does not say how the solution was searched for, so it is read as <see cref="AD.Root"/>, which searches by
    /// Newton's method: another solution may be found if there are several.
    /// </summary>
    public static Reader Reader { get; } = Reader.Program("root", call =>
    {
        var (f, start) = (call.Function("the equations"), call.Operand("the start"));
        return f.Parameters == 1
            ? AD.Root(x => f.Apply(new[] { x }) is [var residual] ? residual : throw new AutodiffException("Root: the equations are one tensor."), start)
            : throw new AutodiffException($"Root: the equations have one unknown, but the function has {f.Parameters} parameters.");
    });
}
