// The programs of docs/guide.md, in its order. DocumentTests holds the document's text and output against them.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Documentation;

internal static class Guide
{
    public static readonly Snippet[] Snippets =
    [
        new(Console =>
        {
            Expr scalar = 2;
            Expr vector = new double[] { 1, 2, 3 };
            Expr matrix = new double[,] { { 1, 2 }, { 3, 4 } };
            Console.WriteLine(scalar * vector + 1); // [3, 5, 7]
            Console.WriteLine(matrix.Shape); // (2, 2)
            Console.WriteLine(MatMul(matrix, matrix)); // [[7, 10], [15, 22]]
            Console.WriteLine(Sum(vector).Value); // 6
        }),
        new(Console =>
        {
            var (x, y) = (Variable("x"), Variable("y"));
            var e = Exp(x - y);
            Console.WriteLine((x + 1) * (x - y) / 2); // (x + 1) * (x - y) / 2
            Console.WriteLine(e / (1 + e));
            // let t1 = exp(x - y)
            // t1 / (1 + t1)
            Console.WriteLine((e / (1 + e)).Substitute((x, 1), (y, 1))); // 0.5
            Console.WriteLine((e / 2).Substitute((y, x * x))); // exp(x - x * x) / 2
            Console.WriteLine((1 / Sqrt(1 + Pow(x, 2))).ToLatex()); // \frac{1}{\sqrt{1 + x^{2}}}
        }),
        new(Console =>
        {
            var x = Variable("x", 4.5);
            var a = Variable("a", x - 1);
            var y = a * a;
            Console.WriteLine(y); // 12.25
            Console.WriteLine(y.ToFormula());
            // let a = x - 1
            // a * a
        }),
        new(Console =>
        {
            var (x, y) = (Variable("x"), Variable("y"));
            var e = x * Sin(y);
            if (e is { Op: Op.Multiply, Operands: [var factor, { Op: Op.Sin, Operands: [var angle] }] })
            {
                Console.WriteLine((factor, angle)); // (x, y)
            }

            Console.WriteLine(e.WithOperands(x + 1, y)); // (x + 1) * y
            Console.WriteLine((e.IsConcrete, e.Shape, x.Name)); // (False, (), Some(x))
        }),
        new(Console =>
        {
            var x = Variable("x", 4.5);
            var y = Pow(x - 1, 2);
            Console.WriteLine(y.ToMermaid(Backward(y)));
        }),
        new(Console =>
        {
            Func<Expr, Expr> f = x => Sin(x) * Exp(-x);
            Console.WriteLine(Grad(f)(1)); // -0.11079376530669924
            Console.WriteLine(Grad(Grad(f))(1)); // -0.39753222069282595
            Console.WriteLine(Diff(f, 4)(1)); // -1.2382395026124489
            Console.WriteLine(ValueAndGrad(f)(1)); // (0.3095598756531122, -0.11079376530669924)
            Console.WriteLine(Grad(x => Sum(x * x))(new double[] { 1, 2, 3 })); // [2, 4, 6]
        }),
        new(Console =>
        {
            Console.WriteLine(Grad((x, t) => (x + t) * (x - t))(4.5, 2.5)); // (9, -5)
            Console.WriteLine(Grad((x, y) => Sum(x))(Ones(2), Ones(3))); // ([1, 1], [0, 0, 0])
        }),
        new(Console =>
        {
            var (value, gradient, prediction) = GradWithAux(w =>
            {
                var prediction = w * new double[] { 1, 2 };
                return (Sum(Pow(prediction - new double[] { 2, 5 }, 2)), prediction);
            })(2);
            Console.WriteLine((value, gradient, prediction)); // (1, -4, [2, 4])
        }),
        new(Console =>
        {
            Func<Expr, Expr> f = x => x * x;
            double[] x = [1, 2, 3], v = [-1, 1, 2];
            var (y, pullback) = Vjp(f)(x);
            Console.WriteLine(y); // [1, 4, 9]
            Console.WriteLine(pullback(v)); // [-2, 4, 12]
            Console.WriteLine(Jvp(f)(x, v)); // ([1, 4, 9], [-2, 4, 12])
            Console.WriteLine(Linearize(f)(x).Pushforward(v)); // [-2, 4, 12]
        }),
        new(Console =>
        {
            Func<Expr, Expr> polar = p => Stack([p[0] * Cos(p[1]), p[0] * Sin(p[1])]);
            Func<Expr, Expr> f = x => x[0] * x[0] * x[1];
            double[] at = [2, 3];
            Console.WriteLine(Jacobian(polar)(new double[] { 2, 0 })); // [[1, 0], [0, 2]]
            Console.WriteLine(Hessian(f)(at)); // [[6, 4], [4, 0]]
            Console.WriteLine(Hvp(f)(at, new double[] { 1, 0 })); // [6, 4]
            Console.WriteLine(Laplacian(f)(at)); // 6
            Console.WriteLine(Divergence(x => x * x)(at)); // 10
            Console.WriteLine(Curl(x => Stack([-x[1], x[0]]))(at)); // 2
        }),
        new(Console =>
        {
            Func<Expr, Expr, Expr> f = (x, y) => x * x * y;
            Console.WriteLine(Jvp(f)(3, 2, 1, 0)); // (18, 12)
            Console.WriteLine(Linearize(f)(3, 2).Pushforward(0, 1)); // 9
            Console.WriteLine(Jacobian((x, y) => x * Sum(y))(new double[] { 1, 2 }, new double[] { 3, 4 })); // ([[7, 0], [0, 7]], [[1, 1], [2, 2]])
            Console.WriteLine(Hvp(f)(3, 2, 1, 0)); // (4, 6)

            var (vector, unravel) = Tree.Ravel(((Expr)3, (Expr)2));
            Console.WriteLine(Hessian(v => unravel(v) is var (x, y) ? f(x, y) : v)(vector)); // [[4, 6], [6, 0]]
        }),
        new(Console =>
        {
            var x = Variable("x", new double[] { 1, 2, 3 });
            var y = x * x;
            var z = Sum(y);
            Console.WriteLine(Backward(z)[x]); // [2, 4, 6]
            Console.WriteLine(Backward(z)[y]); // [1, 1, 1]
            Console.WriteLine(Backward(y, seed: new double[] { -1, 1, 2 })[x]); // [-2, 4, 12]
        }),
        new(Console =>
        {
            var x = Variable("x");
            Console.WriteLine(Backward(x * Sin(x))[x]); // x * cos(x) + sin(x)

            var t = Variable("t", 2);
            var slope = Backward(Pow(t, 3), keepGraph: true)[t];
            Console.WriteLine(slope.ToFormula()); // 3 * t^2
            Console.WriteLine(Backward(slope)[t]); // 12
        }),
        new(Console =>
        {
            double[] x = [0, 1, 2, 3], y = [1, 3, 5, 7];
            Func<Line, Expr> loss = line => Mean(Pow(line.Slope * x + line.Offset - y, 2));
            var line = new Line(0, 0);
            Console.WriteLine(loss(line)); // 21
            Console.WriteLine(Grad(loss)(line)); // Line { Slope = -17, Offset = -8 }

            line = Tree.Map2(line, Grad(loss)(line), (p, slope) => p - 0.1 * slope);
            Console.WriteLine(loss(line)); // 0.5349999999999997
        }),
        new(Console =>
        {
            Func<Line, Expr> loss = line => Mean(Pow(line.Slope * new double[] { 0, 1, 2, 3 } + line.Offset - new double[] { 1, 3, 5, 7 }, 2));
            var p = new Line(0, 0);
            var (mean, square) = (Tree.Map(p, Zero), Tree.Map(p, Zero));
            for (var step = 1; step <= 1000; step++)
            {
                var (fade, fadeSquare) = (1 - Math.Pow(0.9, step), 1 - Math.Pow(0.999, step));
                var slope = Grad(loss)(p);
                mean = Tree.Map2(mean, slope, (m, g) => 0.9 * m + 0.1 * g);
                square = Tree.Map2(square, slope, (s, g) => 0.999 * s + 0.001 * g * g);
                p = Tree.Map3(p, mean, square, (x, m, s) => x - 0.1 * (m / fade) / (Sqrt(s / fadeSquare) + 1e-8));
            }

            Console.WriteLine(Tree.Map(p, Rounded)); // Line { Slope = 2, Offset = 1 }

            Expr Zero(Expr leaf) => Zeros(leaf.Shape);
            Expr Rounded(Expr leaf) => Round(1000 * leaf) / 1000;
        }),
        new(Console =>
        {
            Func<Line, (Expr Root, Expr Height)> points = line => (-line.Offset / line.Slope, line.Slope * 10 + line.Offset);
            var (value, pullback) = Vjp(points)(new Line(2, 1));
            Console.WriteLine(value); // (-0.5, 21)
            Console.WriteLine(pullback((1, 0))); // Line { Slope = 0.25, Offset = -0.5 }
            Console.WriteLine(pullback((0, 1))); // Line { Slope = 10, Offset = 1 }
            Console.WriteLine(Jvp(points)(new Line(2, 1), new Line(1, 0)).Tangent); // (0.25, 10)
        }),
        new(Console =>
        {
            Func<Expr, Expr, Expr> loss = (w, x) => Pow(Dot(w, x) - 1, 2);
            Expr weights = new double[] { 1, 2 };
            Expr examples = new double[,] { { 1, 0 }, { 0, 1 }, { 2, -1 } };

            var perExample = Vmap((w, x) => Grad(v => loss(v, x))(w), inAxes: (null, 0));
            Console.WriteLine(perExample(weights, examples)); // [[0, 0], [0, 2], [-4, 2]]

            var looped = Enumerable.Range(0, 3).Select(i => Grad(w => loss(w, examples[i]))(weights));
            Console.WriteLine(Stack([.. looped])); // [[0, 0], [0, 2], [-4, 2]]
        }),
        new(Console =>
        {
            Expr points = new double[,] { { 1, 0 }, { 0, 1 }, { 2, -1 } };
            Console.WriteLine(Vmap(Hessian(x => x[0] * x[0] * x[1]))(points)); // [[[0, 2], [2, 0]], [[2, 0], [0, 0]], [[-2, 4], [4, 0]]]
            Console.WriteLine(Vmap(x => x / Norm(x), inAxes: 1, outAxes: 1)(new double[,] { { 3, 0 }, { 4, 2 } })); // [[0.6, 0], [0.8, 1]]
            Console.WriteLine(Vmap(x => Vmap(y => x * y)(new double[] { 1, 2 }))(new double[] { 3, 4 })); // [[3, 6], [4, 8]]

            Func<Expr, Expr> root = x => Cond(x > 0, () => Sqrt(x), () => 0);
            Console.WriteLine(Vmap(root)(new double[] { 4, 0, -1 })); // [2, 0, 0]
            Console.WriteLine(Vmap(Grad(root))(new double[] { 4, 0, -1 })); // [0.25, 0, 0]
        }),
        new(Console =>
        {
            Expr column = new double[,] { { 10 }, { 20 } };
            Expr row = new double[] { 1, 2, 3 };
            Console.WriteLine(column + row); // [[11, 12, 13], [21, 22, 23]]
            Console.WriteLine(Grad((a, b) => Sum(a * b))(column, row)); // ([[6], [6]], [30, 30, 30])
        }),
        new(Console =>
        {
            var x = Reshape(Arange(6), 2, 3);
            Console.WriteLine(x); // [[0, 1, 2], [3, 4, 5]]
            Console.WriteLine(x[0]); // [0, 1, 2]
            Console.WriteLine(x[^1, 1..]); // [4, 5]
            Console.WriteLine(x[.., 0]); // [0, 3]
            Console.WriteLine(Take(x, [2, 0, 0], axis: 1)); // [[2, 0, 0], [5, 3, 3]]
            Console.WriteLine(Grad(x => x[0] * x[^1])(new double[] { 1, 2, 3 })); // [3, 0, 1]
        }),
        new(Console =>
        {
            var x = Reshape(Arange(6), 2, 3);
            Console.WriteLine(Sum(x)); // 15
            Console.WriteLine(Sum(x, axis: 0)); // [3, 5, 7]
            Console.WriteLine(Mean(x, axis: -1, keepDims: true)); // [[1], [4]]
            Console.WriteLine(MaxOf(x, axis: [0, 1])); // 5
            Console.WriteLine(LogSumExp(new double[] { 1000, 1000 })); // 1000.6931471805599
            Console.WriteLine(CumSum(x, axis: 1)); // [[0, 1, 3], [3, 7, 12]]
        }),
        new(Console =>
        {
            Expr a = new double[,] { { 1, 2 }, { 3, 4 } };
            Expr b = new double[] { 1, -1 };
            Console.WriteLine(MatMul(a, b)); // [-1, -1]
            Console.WriteLine(Outer(b, b)); // [[1, -1], [-1, 1]]
            Console.WriteLine(Einsum("ij,ij->i", a, a)); // [5, 25]
            Console.WriteLine(Einsum("i,ij,j->", b, a, b)); // 0
            Console.WriteLine(Grad(x => Einsum("i,ij,j->", x, a, x))(b)); // [-3, -3]
        }),
        new(Console =>
        {
            Expr a = new double[,] { { 2, 0 }, { 0, 4 } };
            Expr b = new double[] { 2, 2 };
            Console.WriteLine(Solve(a, b)); // [1, 0.5]
            Console.WriteLine(Grad(b => Sum(Solve(a, b)))(b)); // [0.5, 0.25]
            Console.WriteLine(Grad(LogDet)(a)); // [[0.5, 0], [0, 0.25]]
            Console.WriteLine(Grad(Det)(new double[,] { { 1, 0 }, { 0, 0 } })); // [[0, 0], [0, 1]]
            Console.WriteLine(Eigh(a).Values); // [2, 4]
            Console.WriteLine(Grad(a => Eigh(a).Values[1])(a)); // [[0, 0], [0, 1]]
            Console.WriteLine(Solve(Stack([a, 2 * a]), b)); // [[1, 0.5], [0.5, 0.25]]
        }),
        new(Console =>
        {
            Expr a = 4 * Eye(2);
            Expr turn = new double[,] { { 0, -1 }, { 3, 0 } };
            Console.WriteLine(MatrixFunction(Sqrt, a)); // [[2, 0], [0, 2]]
            Console.WriteLine(Hvp(a => Trace(MatrixFunction(Log, a)))(a, turn)); // [[0, -0.0625], [-0.0625, 0]]
            Console.WriteLine(Grad(p => Trace(MatrixFunction(x => Pow(x, p), a)))(0.5)); // 5.545177444479562
            Console.WriteLine(PolarFactor(turn)); // [[0, -1], [1, 0]]
            Console.WriteLine(Jvp(PolarFactor)(Eye(2), turn).Tangent); // [[0, -2], [2, 0]]
        }),
        new(Console =>
        {
            Expr Cube(Expr x)
            {
                var guess = x;
                while (Abs(guess * guess * guess - x) > 1e-12)
                {
                    guess -= (guess - x / (guess * guess)) / 3;
                }

                return guess;
            }

            Console.WriteLine(Cube(8)); // 2
            Console.WriteLine(Grad(Cube)(8)); // 0.08333333333333334
        }),
        new(Console =>
        {
            var x = Variable("x");
            Console.WriteLine(Where(x > 0, x, Exp(x) - 1)); // where(x > 0, x, exp(x) - 1)

            try
            {
                Console.WriteLine(x > 0 ? x : -x);
            }
            catch (NotConcreteException error)
            {
                Console.WriteLine(error.Message);
                // Condition: the expression is symbolic, so it has no value yet. Substitute values for its variables, or build the choice into the expression with Where(mask, a, b), Cond(mask, then, otherwise) or While instead of branching on a value. (asked for at Program.cs:12)
            }
        }),
        new(Console =>
        {
            var w = Variable("w");
            var y = Fold((s, x) => s * w + x, 0, new double[] { 1, 2, 3 });
            Console.WriteLine(y); // fold((s, x) => s * w + x, 0, [1, 2, 3])
            Console.WriteLine(Backward(y)[w].Substitute((w, 2))); // 6
            Console.WriteLine(Scan((s, x) => (s + x, s * x), 0, Arange(4)).Outputs); // [0, 0, 2, 9]
            Console.WriteLine(Grad(x => While(s => s < 10, s => s * s, x))(2)); // 32
            Console.WriteLine(Cond(w > 0, () => Sqrt(w), () => 0 * w)); // cond(w > 0, sqrt(w), 0 * w)

            var round = CustomVjp(x => (Round(x), z => z));
            Console.WriteLine(Grad(x => round(x) * x)(1.7)); // 3.7
        }),
        new(Console =>
        {
            Console.WriteLine(Grad(x => Where(x > 0, Sqrt(x), 0))(0)); // 0
            Console.WriteLine(Grad(x => Sqrt(x) * Sqrt(x))(0)); // NaN
            Console.WriteLine(Grad(x => Norm(x))(Zeros(2))); // [0, 0]
            Console.WriteLine(Grad((a, b) => Max(a, b))(1, 1)); // (0.5, 0.5)
        }),
        new(Console =>
        {
            Console.WriteLine(Grad(x => x * Grad(y => x + y)(1))(1)); // 1
            Console.WriteLine(Grad(x => x * Grad(y => x * y)(2))(3)); // 6

            Func<Expr, Expr> f = x => Sum(Pow(x, 3));
            double[] x = [1, 2], v = [1, 1];
            Console.WriteLine(Jvp(Grad(f))(x, v).Tangent); // [6, 12]
            Console.WriteLine(Grad(x => Jvp(f)(x, v).Tangent)(x)); // [6, 12]
        }),
        new(Console =>
        {
            Console.WriteLine(Grad(x => x * x)(3)); // 6
            Console.WriteLine(Grad(x => x * StopGradient(x))(3)); // 3
        }),
        new(Console =>
        {
            Func<Expr, Expr> f = x => Exp(Sin(x));
            Console.WriteLine(Grad(f)(1)); // 1.253380767493447
            Console.WriteLine(Numeric.Grad(f)(1)); // 1.2533807674934343
        }),
        new(Console =>
        {
            Console.WriteLine(Check.Gradients(x => LogSumExp(x * x), new double[] { 1, 2 }, order: 2).IsSucc); // True
            Console.WriteLine(Check.Gradients(x => LogSumExp(x * x), within: Domain.Box(new Shape(2), -5, 5)).IsSucc); // True
            Console.WriteLine(Check.Adjoint(x => CumSum(Exp(x)), Zeros(1000)).IsSucc); // True

            var wrong = Check.Gradients(x => x * StopGradient(x), 2);
            Console.WriteLine(wrong.Match(_ => "right", error => error.Message));
            // reverse mode, order 1: ∂f/∂x is 2, but finite differences give 4; they differ by 2, and 4.01E-10 is allowed.
        }),
        new(Console =>
        {
            Console.WriteLine(Check.Gradients(x => Mean(x - Mean(x)), new double[] { 0.1, 0.2, 0.4 }).IsSucc); // True
            Console.WriteLine(Check.Gradients(x => Sin(x) + 1e-6 * StopGradient(Sin(x)), 1).IsSucc); // False
        }),
        new(Console =>
        {
            try
            {
                Console.WriteLine(MatMul(Ones(2, 3), Ones(2, 3)));
            }
            catch (ShapeException error)
            {
                Console.WriteLine(error.Message);
                // MatMul: shapes (2, 3) and (2, 3) do not multiply; the last axis of the first must be as long as the last but one of the second: (…, m, k) by (…, k, n).
            }
        }),
    ];
}

internal sealed record Line(Expr Slope, Expr Offset);
