// What must be equal for a random program: its values in every engine, and its derivatives by every mode and nesting. The test suite and the
// campaigns use it.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.FsCheckPackage;

/// <summary>Two ways to the same numbers that differ.</summary>
/// <param name="Mode">What was computed: the value, or a derivative by a mode.</param>
/// <param name="Engine">By what it was computed.</param>
/// <param name="Message">The numbers.</param>
internal sealed record Disagreement(string Mode, string Engine, string Message);

internal static class ProgramLaws
{
    // Tolerances relative to the largest element (or 1): the same computation in another engine, and another way to the same derivative.
    private const double Repetition = 1e-12;
    private const double Rounding = 1e-10;

    private const int Order = 3;

    private static readonly CompileOptions s_interpreted = new(Interpret: true);

    /// <summary>The modes and the engines in which each is compared; a campaign counts them.</summary>
    public static IEnumerable<(string Mode, string Engine, Func<RandomProgram, string?> Compare)> All { get; } =
    [
        ("value", "compiled", program => Near(program.Function(program.Input), Compile(program.Function)(program.Input), Repetition)),
        ("value", "interpreted", program => Near(program.Function(program.Input), Compile(program.Function, s_interpreted)(program.Input), Repetition)),
        ("value", "batched", program => Near(Looped(program), Vmap(program.Function)(Batch(program)), Rounding)),
        ("value", "batched, compiled", program => Near(Looped(program), Compile(Vmap(program.Function))(Batch(program)), Rounding)),
        ("forward", "eager", program => Near(Grad(Scalar(program))(program.Input), JacobianForward(Scalar(program))(program.Input), Rounding)),
        ("reverse", "compiled", program => Near(Grad(Scalar(program))(program.Input), Compile(Grad(Scalar(program)))(program.Input), Rounding)),
        ("reverse", "of compiled", program => Near(Grad(Scalar(program))(program.Input), Grad(Compile(Scalar(program)))(program.Input), Rounding)),
        ("reverse", "of interpreted", program => Near(Grad(Scalar(program))(program.Input), Grad(Compile(Scalar(program), s_interpreted))(program.Input), Rounding)),
        ("reverse", "batched", program => Near(Looped(program, Grad(Scalar(program))), Vmap(Grad(Scalar(program)))(Batch(program)), Rounding)),
        ("forward", "compiled", program => Near(JacobianForward(Scalar(program))(program.Input), Compile(JacobianForward(Scalar(program)))(program.Input), Rounding)),
        ("forward over reverse", "eager", program => Near(Second(program), Hvp(Scalar(program))(program.Input, Direction(program.Input.Shape)), Rounding)),
        ("reverse over forward", "eager", program => Near(Second(program), Grad(x => Jvp(Scalar(program))(x, Direction(x.Shape)).Tangent)(program.Input), Rounding)),
        ("forward over forward", "eager", program => Near(Second(program), JacobianForward(x => Jvp(Scalar(program))(x, Direction(x.Shape)).Tangent)(program.Input), Rounding)),
        ("series", "eager", Series),

        // A derivative of 1e-20 is lost to finite differences in the rounding of a function near 1. A linear function is added, so that derivatives are
        // compared as parts of a derivative near 1.
        ("finite differences", "eager", program => Failure(Check.Gradients(x => program.Function(x) + Sum(Direction(x.Shape) * x), program.Input, order: 1))),
        ("adjoint", "eager", program => Failure(Check.Adjoint(program.Function, program.Input))),
    ];

    /// <summary>The first disagreement, or null if there is none.</summary>
    /// <param name="program">The program.</param>
    /// <param name="isSecondOrder">Whether derivatives of order 2 and higher are compared too.</param>
    /// <param name="compared">Called before each comparison.</param>
    public static Disagreement? FirstDisagreement(RandomProgram program, bool isSecondOrder = true, Action<string, string>? compared = null)
    {
        foreach (var (mode, engine, compare) in All)
        {
            if (!isSecondOrder && (mode.Contains("over", StringComparison.Ordinal) || mode == "series"))
            {
                continue;
            }

            compared?.Invoke(mode, engine);
            if (Compare(compare, program) is { } message)
            {
                return new(mode, engine, message);
            }
        }

        return null;
    }

    /// <summary>What a comparison finds; an exception is a finding too.</summary>
    public static string? Compare(Func<RandomProgram, string?> compare, RandomProgram program)
    {
        try
        {
            return compare(program);
        }
        catch (Exception exception)
        {
            return exception.ToString();
        }
    }

    /// <summary>The derivatives of orders 2 and 3 along a line: coefficients of the series, and derivatives of derivatives.</summary>
    private static string? Series(RandomProgram program)
    {
        var direction = Direction(program.Input.Shape);
        var series = TaylorAlong(Scalar(program), Order)(program.Input, direction);
        Func<Expr, Expr> line = t => Scalar(program)(program.Input + (t * direction));
        var (second, third) = (Diff(Diff(line)), Diff(Diff(Diff(line))));
        return Near(second(0) / 2, series[2], Rounding) ?? Near(third(0) / 6, series[3], Rounding);
    }

    private static Func<Expr, Expr> Scalar(RandomProgram program) => x => program.Function(x) is var y ? Sum(Direction(y.Shape) * y) : x;

    private static Expr Second(RandomProgram program) => Grad(x => Sum(Direction(x.Shape) * Grad(Scalar(program))(x)))(program.Input);

    private static Expr Batch(RandomProgram program) => Stack([program.Input, program.Input * (1 - 1e-5), program.Input * (1 - 1e-4)]);

    private static Expr Looped(RandomProgram program) => Looped(program, program.Function);

    private static Expr Looped(RandomProgram program, Func<Expr, Expr> f) => Batch(program) is var batch ? Stack([f(batch[0]), f(batch[1]), f(batch[2])]) : batch;

    /// <summary>Numbers between 1/2 and 1 and between −1 and −1/2 that form no pattern.</summary>
    private static Expr Direction(Shape shape) => Constant(
        [.. Enumerable.Range(1, shape.Size).Select(i => (0.5 + (i * 0.6180339887498949 % 0.5)) * (i % 3 == 0 ? -1 : 1))], shape);

    private static string? Failure(LanguageExt.Fin<LanguageExt.Unit> check) => check.Match(_ => (string?)null, error => error.Message);

    /// <summary>Null if two tensors are near, otherwise the elements that are not.</summary>
    private static string? Near(Expr expected, Expr actual, double tolerance)
    {
        if (expected.Shape != actual.Shape)
        {
            return $"shapes {expected.Shape} and {actual.Shape}";
        }

        var (left, right) = (expected.ToArray(), actual.ToArray());
        var scale = left.Where(double.IsFinite).Select(Math.Abs).Append(1).Max();
        var element = Enumerable.Range(0, left.Length).FirstOrDefault(i => !(Math.Abs(left[i] - right[i]) <= tolerance * scale), -1);
        return element < 0 ? null : FormattableString.Invariant($"element {element} of {expected.Shape}: {left[element]:R} and {right[element]:R}, apart by {Math.Abs(left[element] - right[element]):G3} of {scale:G3}");
    }
}
