// The programs of docs/verification.md, in its order. DocumentTests holds the document's text and output against them.

using System.Numerics;
using FsCheck.Fluent;
using LanguageExt.Common;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;
using static LanguageExt.Prelude;

namespace Autodiff.PropertyTests.Documentation;

internal static class VerificationDocument
{
    public static readonly Snippet[] Snippets =
    [
        new(Console =>
        {
            Console.WriteLine(Check.Gradients(x => Log(x[0]) * Sqrt(x[1]), within: Domain.Positive(new Shape(2))).IsSucc); // True
        }),
        new(Console =>
        {
            Func<Expr, Expr> squash = CustomVjp(x => (x / (1 + x * x), c => c * (1 - x * x) / (1 + x * x)), "squash");
            Console.WriteLine(Check.Gradients(squash, 0).IsSucc); // True
            Console.WriteLine(Check.Gradients(squash, within: Domain.Box(Shape.Scalar, -8, 8)).IsSucc); // False
        }),
        new(Console =>
        {
            foreach (var point in Domain.Box(new Shape(2), -2, 2).Points(seed: 1).Take(8))
            {
                Console.WriteLine(point);
            }
        }),
        new(Console =>
        {
            Console.WriteLine(Check.Gradients(x => LogDet(x), within: Domain.PositiveDefinite(3)).IsSucc); // True
            Console.WriteLine(Check.Gradients(p => -Sum(p * Log(p)), within: Domain.Simplex(4)).IsSucc); // True
            Console.WriteLine(Check.Gradients(MatMul, within: Domain.Pair(Domain.Box(new Shape(2, 2), -1, 1), Domain.Box(new Shape(2), -1, 1))).IsSucc); // True

            var lines =
                from count in Domain.Integers(1, 5)
                from x in Domain.Box(new Shape(count), -1, 1)
                from line in Domain.Tree(new Line(Slope: 0, Offset: 0), (path, shape) => Domain.Box(shape, -10, 10))
                select (line, x);
            Console.WriteLine(Check.Gradients(at => Mean(Tanh(at.line.Slope * at.x + at.line.Offset)), within: lines).IsSucc); // True

            var rising = Domain.Box(new Shape(2), 0, 9).Where(x => x[0].Value < x[1].Value);
            Console.WriteLine(Check.Gradients(x => Sqrt(x[1] - x[0]), within: rising).IsSucc); // True
        }),
        new(Console =>
        {
            Func<Expr, Expr> squash = CustomVjp(x => (x / (1 + x * x), c => c * (1 - x * x) / (1 + x * x)), "squash");
            var outcome = Check.Gradients(x => Sum(squash(x) * x), within: Domain.Box(new Shape(2), -8, 8), order: 1);
            Console.WriteLine(outcome.Match(_ => "right", error => error.Message));
        }),
        new(Console =>
        {
            Func<Expr, Expr> rule = CustomVjp(x => (x * x, c => 3 * c * x), "square");
            var error = Check.Gradients(rule, within: Domain.Box(Shape.Scalar, 1, 4)).Match(_ => null!, error => (Counterexample)error);
            Console.WriteLine(error.Point); // (Expr)1.0
            Console.WriteLine(error.Blame.IfNone("unknown")); // the derivative of your rule `square`: factor 1.5
            var mismatch = (DerivativeMismatch)error.Cause;
            Console.WriteLine((mismatch.Mode, mismatch.Order, mismatch.Element, mismatch.Found, Math.Round(mismatch.FiniteDifference, 9))); // (reverse, 1, ∂f/∂x, 3, 2)
        }),
        new(Console =>
        {
            Func<Expr, Expr> loss = x => Sum(Abs(x) + Relu(x - 1));
            Console.WriteLine(Check.Gradients(loss, within: Domain.Box(new Shape(2), -2, 2)).IsSucc);
            Console.WriteLine(Check.Gradients(Abs, 0).IsSucc);

            Func<Expr, Expr> steep = CustomVjp(x => (Abs(x), c => 2 * c));
            Func<Expr, Expr> step = x => Where(x < 0, x - 1, x + 1);
            Func<Expr, Expr> wave = x => x * Sin(1 / x);
            foreach (var f in new[] { steep, step, wave })
            {
                Console.WriteLine(Check.Gradients(f, 0).Match(_ => "right", error => $"{error.GetType().Name}: {error.Message}"));
            }
        }),
        new(Console =>
        {
            Func<double, Func<Expr, Expr>> sine = factor => CustomVjp(x => (Sin(x), c => factor * c * Cos(x)));
            Console.WriteLine(Check.Gradients(sine(1), within: Domain.Box(Shape.Scalar, -3, 3)).IsSucc); // True
            Console.WriteLine(Check.Gradients(sine(1 + 1e-6), within: Domain.Box(Shape.Scalar, -3, 3)).IsSucc); // False
            Console.WriteLine(Check.Gradients(sine(1 + 1e-12), within: Domain.Box(Shape.Scalar, -3, 3)).IsSucc); // False
        }),
        new(Console =>
        {
            Func<Expr, Expr> cancels = x => (1 - Cos(x)) / (x * x);
            Func<Expr, Expr> rewritten = x => Pow(Sinc(x / 2), 2) / 2;
            Console.WriteLine(Math.Round(Check.Digits(cancels, 1e-6))); // 4
            Console.WriteLine(Math.Round(Check.Digits(Grad(cancels), 1e-6))); // 0
            Console.WriteLine(Math.Round(Check.Digits(rewritten, 1e-6))); // 16
            Console.WriteLine(Math.Round(Check.Digits(Grad(rewritten), 1e-6))); // 16
        }),
        new(Console =>
        {
            var x = Variable("x");
            var y = (x * x - 1) / (x + 3);
            Console.WriteLine(y.Evaluate<float>((x, 0.1f))); // -0.31935486
            Console.WriteLine(y.Evaluate<decimal>((x, 0.1m))); // -0.3193548387096774193548387097
            Console.WriteLine(y.Evaluate<Dual<double>>((x, Dual<double>.Variable(0.1)))); // -0.3193548387096774 + 0.16753381893860558ε
            Console.WriteLine(y.Evaluate<DoubleDouble>((x, DoubleDouble.Parse("0.1", null)))); // -0.31935483870967741935483870967742
            Console.WriteLine(y.Evaluate<Complex>((x, new(0.1, 1e-30))).Imaginary / 1e-30); // 0.1675338189386056

            var m = Variable("m", new Shape(2, 2));
            Console.WriteLine(string.Join(", ", Inverse(m).EvaluateElements<decimal>((m, [2, 1, 1, 3])))); // 0.6, -0.2, -0.2, 0.4
        }),
        new(Console =>
        {
            var vectors =
                from length in Domain.Integers(1, 5)
                from x in Domain.Box(new Shape(length), -1000, 1000)
                select x;
            Law<Expr> SumsToOne(Func<Expr, Expr> softmax) => new("The softmax", vectors, x =>
                Sum(softmax(x)) is var sum && Math.Abs(sum.Value - 1) < 1e-12 ? unit : Error.New($"its sum is {sum}"));
            Console.WriteLine(SumsToOne(x => Exp(x - LogSumExp(x))).Run(cases: 200).IsSucc);
            Console.WriteLine(SumsToOne(x => Exp(x) / Sum(Exp(x))).Run().Match(_ => "holds", error => error.Message));
        }),
        new(Console =>
        {
            var program = RandomPrograms.Generate(seed: 61, new() { LongestProgram = 4, LongestBody = 2, Depth = 1, Loops = 9 });
            Console.WriteLine(program.ToCSharp());
        }),
        new(Console =>
        {
            var adjoints = Prop.ForAll(RandomPrograms.Arbitrary(), program => Check.Adjoint(program.Function, program.Input).IsSucc);
            FsCheck.Check.QuickThrowOnFailure(adjoints);
        }),
        new(Console =>
        {
            Func<Expr, Expr> kepler = e => e - 0.9 * Sin(e) - 1;
            var anomalies = Interval.Of(0, 4);
            Console.WriteLine(Interval.BoundDerivative(kepler, anomalies)); // [0.09999999999999998, 1.9000000000000001]
            Console.WriteLine(Interval.Monotonicity(kepler, anomalies)); // Increasing
            var (count, root) = Interval.Root(kepler, anomalies);
            Console.WriteLine(count); // One
            Console.WriteLine(root); // [1.8620866868745318, 1.8620866868745327]

            Console.WriteLine(Interval.Bound(x => x * (1 - x), Interval.Of(0, 1))); // [0, 0.25018310546875]
            Console.WriteLine(Interval.Bound(x => x * (1 - x), Interval.Of(0, 1), bisections: 0)); // [0, 0.75]
            Console.WriteLine(Interval.Root(x => Exp(x) - x, Interval.Of(-5, 5)).Count); // None
        }),
    ];
}
