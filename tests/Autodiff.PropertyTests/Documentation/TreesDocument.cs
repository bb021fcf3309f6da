// The programs of docs/trees.md, in its order. DocumentTests holds the document's text and output against them.

using System.Linq.Expressions;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Documentation;

internal static class TreesDocument
{
    public static readonly Snippet[] Snippets =
    [
        new(Console =>
        {
            var x = Variable("x");
            var slope = Grad(Grad(v => Exp(-v * v / 2)))(x);
            Console.WriteLine(slope.Nodes().Count); // 23
            Console.WriteLine(slope.Simplify().Nodes().Count); // 9
            Console.WriteLine(slope);
            // let t1 = x^2
            // exp(-(t1 / 2)) * (t1 - 1)
        }),
        new(Console =>
        {
            var (x, y) = (Variable("x"), Variable("y"));
            Console.WriteLine((x / 3 * 3 + x - x).Simplify()); // x
            Console.WriteLine((Pow(x, y - 1) * x / Exp(Log(y))).Simplify()); // x^y / y
            Console.WriteLine((1 - Pow(Cos(x), 2)).Simplify()); // sin(x)^2
            Console.WriteLine((Sqrt(x * x) + Sqrt(4 * y)).Simplify()); // abs(x) + 2 * sqrt(y)
            Console.WriteLine((y * x + 3 + x * y + Pow(x, 2)).Simplify()); // x^2 + 2 * x * y + 3
            Console.WriteLine(Grad(v => v / (1 + v * v))(x).Simplify());
            // let t1 = x^2
            // (1 - t1) / (t1 + 1)^2
        }),
        new(Console =>
        {
            var (x, y) = (Variable("x"), Variable("y"));
            Console.WriteLine(Pow(x + 1, 3).Expand()); // x^3 + 3 * x^2 + 3 * x + 1
            Console.WriteLine((Pow(x + y, 2) - Pow(x - y, 2)).Expand()); // 4 * x * y
            Console.WriteLine((x * y + Pow(x, 2) + 3 * x - 1).Collect(x)); // x^2 + (y + 3) * x - 1
        }),
        new(Console =>
        {
            var (x, y) = (Variable("x"), Variable("y"));
            var formula = Sin(x) * Cos(x) + Sin(y) * y;
            Console.WriteLine(string.Join(" ", formula.Nodes().Select(node => node.Op))); // Variable Sin Cos Multiply Variable Sin Multiply Add
            Console.WriteLine(formula.Depth); // 3
            Console.WriteLine(formula.Count(Op.Sin)); // 2
            Console.WriteLine(formula.Rewrite(node => node.Op == Op.Sin ? node.Operands[0] : node)); // x * cos(x) + y * y
        }),
        new(Console =>
        {
            var (x, y) = (Variable("x"), Variable("y"));
            var joined = Rule.Of((a, b) => Exp(a) * Exp(b), (a, b) => Exp(a + b));
            var halved = Rule.Of(a => Sin(a) * Cos(a), a => Sin(2 * a) / 2);
            var odd = Rule.Of((a, n) => Log(Pow(a, n)), (a, n) => n * Log(a), when: (_, n) => n.IsConcrete && n.Value % 2 != 0);
            Console.WriteLine(joined); // exp(a) * exp(b) => exp(a + b)
            Console.WriteLine((Exp(x) * y * Exp(2 * x)).Rewrite(joined)); // exp(x) * y * exp(2 * x)
            Console.WriteLine((Exp(x) * Exp(2 * x) * (Cos(y) * Sin(y))).Rewrite(joined, halved)); // exp(x + 2 * x) * (sin(2 * y) / 2)
            Console.WriteLine((Log(Pow(x, 2)) + Log(Pow(y, 3))).Rewrite(odd)); // log(x^2) + 3 * log(y)
        }),
        new(Console =>
        {
            Expr Formula() => Sin(Variable("x")) + 1;
            Console.WriteLine(Formula() == Formula()); // False
            Console.WriteLine(Comparer.Structural.Equals(Formula(), Formula())); // True

            var v = Variable("v", new Shape(3));
            Expr Loop() => Fold((product, item) => product * item, (Expr)1, v);
            Console.WriteLine(Comparer.Structural.Equals(Loop(), Loop())); // True
        }),
        new(Console =>
        {
            var (x, alpha) = (Variable("x"), Variable("alpha"));
            var y = 2 * Pow(x, 2) - Sqrt(alpha) / Abs(x - 1);
            Console.WriteLine(y); // 2 * x^2 - sqrt(alpha) / abs(x - 1)
            Console.WriteLine(y.ToFormula(FormulaStyle.Unicode)); // 2x² − √α / |x − 1|
            Console.WriteLine(y.ToLatex()); // 2 x^{2} - \frac{\sqrt{\alpha}}{\left|x - 1\right|}
            Console.WriteLine(Sqrt(x).ToMathML()); // <math display="block" xmlns="http://www.w3.org/1998/Math/MathML"><msqrt><mi>x</mi></msqrt></math>
        }),
        new(Console =>
        {
            var x = Variable("x");
            Console.WriteLine(3 * x + 3 * x); // 3 * x + 3 * x
            var slope = Grad(Grad(v => v * v * v))(x);
            Console.WriteLine(slope); // 6 * x
            Console.WriteLine(slope.ToFormula(abbreviate: false)); // x + x + x + x + x + x
            Console.WriteLine(Grad(Atan)(x)); // 1 / (x^2 + 1)
            Console.WriteLine(Grad(Erf)(x)); // 1.1283791670955126 * exp(-x^2)
            Console.WriteLine(Grad(Erf)(x).ToFormula(abbreviate: false)); // where(1 - (abs(x) == Infinity), 1.1283791670955126 * gaussian(0, 1, x), 0)
            Console.WriteLine(Grad(Abs)(x)); // where(x == 0, 0, sign(x))
        }),
        new(Console =>
        {
            var theta = Variable("theta");
            var text = (2 * Pow(theta, 2) * Math.PI).ToFormula(FormulaStyle.Unicode);
            Console.WriteLine(text); // 2θ² · π
            Console.WriteLine(Parse(text, new ParseOptions { ImplicitMultiplication = true }, theta)); // 2 * theta^2 * 3.141592653589793
        }),
        new(Console =>
        {
            Console.WriteLine(Parse("2*x² + sin x")); // 2 * x^2 + sin(x)
            Console.WriteLine(Grad(x => Parse("2*x² + sin x", ("x", x)))(2.0)); // 7.583853163452858
        }),
        new(Console =>
        {
            var v = Variable("v", new Shape(3));
            Console.WriteLine(Parse("√(sum(v^2)) + c", v)); // sqrt(sum(v^2)) + c
            Console.WriteLine(Parse("sum(v) / 3", v).Nodes().Contains(v)); // True
            Console.WriteLine(Parse("a^2 + b", ("a", 3.0), ("b", v + 1))); // 9 + (v + 1)
        }),
        new(Console =>
        {
            var sideBySide = new ParseOptions { ImplicitMultiplication = true };
            Console.WriteLine(Parse("2x² + 3 sin 2x cos y", sideBySide)); // 2 * x^2 + 3 * sin(2 * x) * cos(y)
        }),
        new(Console =>
        {
            try
            {
                Parse("let a = x - 1\nsn(a) + 2");
            }
            catch (ParseException error)
            {
                Console.WriteLine(error.Message);
                // Parse: line 2, column 1: there is no function "sn"; did you mean ln or sin?
                //   sn(a) + 2
                //   ^
            }
        }),
        new(Console =>
        {
            var (x, w) = (Variable("x"), Variable("w"));
            var loop = Iterate(8, s => Sin(s * w) / (1 + Exp(Sin(s * w))) + s * s, x);
            Console.WriteLine(loop); // iterate(8, s => ...(s, w), x)
            var whole = loop.ToFormula(abbreviate: false);
            Console.WriteLine(whole); // iterate(8, s => { let t1 = sin(s * w); t1 / (1 + exp(t1)) + s * s }, x)
            Console.WriteLine(Parse(whole, x, w).ToFormula(abbreviate: false) == whole); // True
        }),
        new(Console =>
        {
            Expression<Func<double, double>> f = x => Math.Sin(x) * x;
            Console.WriteLine(FromLambda(f)); // sin(x) * x
            Console.WriteLine(FromLambda((double r, double h) => Math.PI * r * r * h)); // 3.141592653589793 * r * r * h
            Console.WriteLine(Grad(x => FromLambda(f, x))(1)); // 1.3817732906760363
        }),
        new(Console =>
        {
            var x = Variable("x");
            var slope = Grad(t => Sin(t) * t)(x).ToLambda<Func<double, double>>(x);
            Console.WriteLine(slope); // x => (Sin(x) + (x * Cos(x)))
            Console.WriteLine(slope.Compile()(1)); // 1.3817732906760363
        }),
        new(Console =>
        {
            var x = Variable("x");
            var saved = Grad(t => Sin(t) * t)(x).ToJson();
            var read = FromJson(saved, x);
            Console.WriteLine(read); // sin(x) + x * cos(x)
            Console.WriteLine(read.Substitute((x, 1))); // 1.3817732906760363
        }),
        new(Console =>
        {
            var f = CompileFor((x, y) => (1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x), new Shape(), new Shape());
            var text = f.ToCSharp("Models", "Banana");
            foreach (var line in text.Split('\n').Where(line => line.Contains("var ", StringComparison.Ordinal)))
            {
                Console.WriteLine(line.Trim());
                // var t1 = 1.0 - x[0]; // 1 - x
                // var t2 = t1 * t1; // (1 - x) * (1 - x)
                // var t3 = x[0] * x[0]; // x * x
                // var t4 = y[0] - t3; // y - x * x
                // var t5 = 100.0 * t4; // 100 * (y - x * x)
                // var t6 = t5 * t4; // 100 * (y - x * x) * (y - x * x)
                // var t7 = t2 + t6; // (1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x)
            }
        }),
        new(Console =>
        {
            var (a, b) = (Variable("a"), Variable("b", new Shape(3)));
            Console.WriteLine((a * Sum(b * b)).ToCSharp("Models", "Energy", a, b).Contains("class Energy")); // True
        }),
        new(Console =>
        {
            var solve = CompileFor(ValueAndGrad(m => Sum(Solve(m, Ones(3)))), new Shape(3, 3)).ToCSharp("Models", "Total");
            Console.WriteLine(solve.Contains("SystemKernels.Solve")); // True
            Console.WriteLine(solve.Contains("unsafe")); // False
        }),
        new(Console =>
        {
            var f = CompileFor(ValueAndGrad(x => Sum(Exp(x) * x)), new Shape(3));
            byte[] model = f.ToOnnx();
            Console.WriteLine(model.Length); // 300
        }),
        new(Console =>
        {
            try
            {
                CompileFor(Grad(x => Sum(LogGamma(x))), new Shape(3)).ToOnnx();
            }
            catch (AutodiffException error)
            {
                Console.WriteLine(error.Message);
                // ToOnnx: Digamma cannot be written as an ONNX model, because the standard operators cannot express it with the precision of doubles.
            }
        }),
    ];
}
