// The library where no code can be made at run time, as in programs compiled ahead of time and on iOS: derivatives, compiled functions,
// loops and trees, each against its closed form. It ends with 1 if one is wrong.

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using Autodiff.Functional;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var failures = RuntimeFeature.IsDynamicCodeSupported ? 1 : 0;
Console.WriteLine($"code can be made at run time: {RuntimeFeature.IsDynamicCodeSupported}");

Expr x = new double[] { 0.5, -1, 2 };
double[] point = [0.5, -1, 2];
double[] slopes = [.. point.Select(each => 2 * each * Math.Exp(each * each))];
Func<Expr, Expr> f = x => Sum(Exp(x * x));
Agree("gradient", slopes, Grad(f)(x));
Agree("compiled gradient", slopes, Compile(Grad(f))(x));

var compiled = CompileFor(ValueAndGrad(f), x.Shape);
var results = new double[compiled.ResultSize];
compiled.Invoke(point, results);
Agree("compiled for a shape", [point.Sum(each => Math.Exp(each * each)), .. slopes], results);

// The functions of an ONNX model are written by generic code, of which nothing may be missing.
Console.WriteLine($"ONNX model: {CompileFor(x => Erf(x) * Tan(x) + Asinh(x), x.Shape).ToOnnx().Length > 0}");

var (value, (dx, dy)) = CompileScalar(ValueAndGrad((x, y) => Sin(x) * y))(1, 2);
Agree("compiled to numbers", [2 * Math.Sin(1), 2 * Math.Cos(1), Math.Sin(1)], new[] { value, dx, dy });

// s ← 2s + x from s = a ends at 2³a + 4x₀ + 2x₁ + x₂, and its states add up to 14a + 7x₀ + 3x₁ + x₂.
static (Expr, Expr) Doubled(Expr state, Expr item) => (2 * state + item, 2 * state + item);
Agree("scan", [14], Grad(a => Sum(Scan(Doubled, a, x).Outputs))(3));
Agree("scan, compiled", [7, 3, 1], Compile(Grad(x => Sum(Scan(Doubled, 3, x).Outputs)))(x));

var line = Compile(Grad((Line line) => Sum(Pow(line.Slope * x + line.Offset - 1, 2))))(new(2, 1));
Agree("gradient over a record", [21, 6], Stack([line.Slope, line.Offset]));
Agree("gradient over an array", [2, 1], Stack(Grad((Expr[] pair) => pair[0] * pair[1])([1, 2])));
Agree("gradient over a list", [2, 1], Stack([.. Grad((IReadOnlyList<Expr> pair) => pair[0] * pair[1])([1, 2])]));
Agree("gradient over a list that grows", [2, 1], Stack([.. Grad((List<Expr> pair) => pair[0] * pair[1])([1, 2])]));

return failures == 0 ? 0 : 1;

[DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof(Line))]
void Agree(string what, double[] expected, Expr actual)
{
    var isRight = expected.Zip(actual.ToArray(), (right, given) => Math.Abs(given - right) <= 1e-12 * Math.Abs(right)).All(agree => agree);
    failures += isRight && expected.Length == actual.Shape.Size ? 0 : 1;
    Console.WriteLine($"{what}: {actual}{(isRight ? "" : $", which should be [{string.Join(", ", expected)}]")}");
}

/// <summary>A tree of the program's own. Its members are found by reflection, so they must not be trimmed.</summary>
internal sealed record Line(Expr Slope, Expr Offset);
