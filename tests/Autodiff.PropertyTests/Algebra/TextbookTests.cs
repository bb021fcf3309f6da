// Simplified derivatives against the numbers of operations that SymPy needs (simplified.csv, written by make_simplified.py).

using System.Globalization;
using Xunit.Abstractions;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Algebra;

public class TextbookTests(ITestOutputHelper output)
{
    private static readonly Dictionary<string, Func<Expr, Expr>> s_functions = new()
    {
        ["x^5"] = x => Pow(x, 5),
        ["1/x"] = x => 1 / x,
        ["sqrt(x)"] = Sqrt,
        ["x sin x"] = x => x * Sin(x),
        ["x^2 e^x"] = x => Pow(x, 2) * Exp(x),
        ["e^(-x^2/2)"] = x => Exp(-Pow(x, 2) / 2),
        ["sin(e^x)"] = x => Sin(Exp(x)),
        ["1/(1+e^-x)"] = x => 1 / (1 + Exp(-x)),
        ["log(1+e^x)"] = x => Log(1 + Exp(x)),
        ["log(1+x^2)"] = x => Log(1 + (x * x)),
        ["sqrt(1+x^2)"] = x => Sqrt(1 + (x * x)),
        ["1/sqrt(1+x^2)"] = x => 1 / Sqrt(1 + (x * x)),
        ["x/(1+x^2)"] = x => x / (1 + (x * x)),
        ["(x^2-1)/(x^2+1)"] = x => (Pow(x, 2) - 1) / (Pow(x, 2) + 1),
        ["(x+1)^3 (x-2)^2"] = x => Pow(x + 1, 3) * Pow(x - 2, 2),
        ["sin^2 x"] = x => Pow(Sin(x), 2),
        ["sin x cos x"] = x => Sin(x) * Cos(x),
        ["tan x"] = Tan,
        ["sin x / x"] = x => Sin(x) / x,
        ["sin(x^2)"] = x => Sin(x * x),
        ["cos(3x+1)"] = x => Cos((3 * x) + 1),
        ["e^(sin x)"] = x => Exp(Sin(x)),
        ["e^x sin x"] = x => Exp(x) * Sin(x),
        ["e^(2x) cos 3x"] = x => Exp(2 * x) * Cos(3 * x),
        ["x log x"] = x => x * Log(x),
        ["log(x)/x"] = x => Log(x) / x,
        ["log^2 x"] = x => Pow(Log(x), 2),
        ["log(sin x)"] = x => Log(Sin(x)),
        ["log(log x)"] = x => Log(Log(x)),
        ["x sqrt(1-x^2)"] = x => x * Sqrt(1 - (x * x)),
        ["sqrt(x)/(1+x)"] = x => Sqrt(x) / (1 + x),
        ["x^3/3 - x"] = x => (Pow(x, 3) / 3) - x,
        ["(1+sqrt(x))^4"] = x => Pow(1 + Sqrt(x), 4),
        ["sinh^2 x"] = x => Pow(Sinh(x), 2),
        ["cosh x / sinh x"] = x => Cosh(x) / Sinh(x),
        ["x e^-x"] = x => x * Exp(-x),
        ["e^x/(1+x)"] = x => Exp(x) / (1 + x),
        ["1/(x^2+x+1)"] = x => 1 / (Pow(x, 2) + x + 1),
        ["(2x+3)^7"] = x => Pow((2 * x) + 3, 7),
        ["1/(1-x)"] = x => 1 / (1 - x),
    };

    [Fact]
    public void Derivatives_have_about_as_few_operations_as_those_of_SymPy()
    {
        var ratios = new List<double>();
        foreach (var cells in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Algebra", "simplified.csv")).Skip(1).Select(line => line.Split(',')))
        {
            var f = s_functions[cells[0]];
            var derivative = (cells[1] == "1" ? Grad(f) : Grad(Grad(f)))(Variable("x")).Simplify();
            var ratio = Size(derivative) / Math.Max(1, double.Parse(cells[2], CultureInfo.InvariantCulture));
            ratios.Add(ratio);
            output.WriteLine(FormattableString.Invariant($"{ratio:F2} {cells[0]}, order {cells[1]}: {derivative.ToFormula().Replace("\n", "; ", StringComparison.Ordinal)}   SymPy: {cells[3]}"));
        }

        Assert.InRange(ratios.Order().ElementAt(ratios.Count / 2), 0, 1.1);
        Assert.InRange(ratios.Max(), 0, 2);
    }

    /// <summary>The number of operations as they are read, each as often as it is written without abbreviations.</summary>
    private static long Size(Expr formula)
    {
        var sizes = new Dictionary<Expr, long>(ReferenceEqualityComparer.Instance);
        foreach (var node in formula.Nodes())
        {
            sizes.Add(node, node.Operands.Sum(operand => sizes[operand]) + (node.Operands.Count > 0 ? 1 : 0));
        }

        return sizes[formula];
    }
}
