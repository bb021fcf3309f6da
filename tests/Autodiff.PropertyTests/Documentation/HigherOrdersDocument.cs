// The programs of docs/higher-orders.md, in its order. DocumentTests holds the document's text and output against them.

using System.Numerics;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;
using static Autodiff.PropertyTests.GenericMath.Routines;

namespace Autodiff.PropertyTests.Documentation;

internal static class HigherOrdersDocument
{
    public static readonly Snippet[] Snippets =
    [
        new(Console =>
        {
            Func<Expr, Expr> f = x => Sin(Exp(x));
            var derivatives = Derivatives(f, 8)(0.3);
            Console.WriteLine(derivatives[1]); // 0.2958140654990666
            Console.WriteLine(derivatives[8]); // 4185.872106719748
            Console.WriteLine(Diff(f, 8)(0.3)); // 4185.872106719748
            Console.WriteLine(Taylor(x => 1 / (1 - x), 4)(0)); // [1, 1, 1, 1, 1]
        }),
        new(Console =>
        {
            Func<Expr, Expr> root = a => Root(x => x * x - a, x0: 1);
            Func<Expr, Expr> power = x => While(s => s < 100, s => s * s, x);
            Func<Expr, Expr> rotation = t => Trace(Expm(t * (Expr)new double[,] { { 0, 1 }, { -1, 0 } }));
            Console.WriteLine(Taylor(root, 3)(4)); // [2, 0.25, -0.015625, 0.001953125]
            Console.WriteLine(Derivatives(power, 3)(2)); // [256, 1024, 3584, 10752]
            Console.WriteLine(Diff(rotation, 4)(0)); // 2
        }),
        new(Console =>
        {
            Func<Expr, Expr> f = v => v[0] * v[0] * Exp(v[1]);
            Expr x = new double[] { 3, 0 }, direction = new double[] { 1, 2 };
            Console.WriteLine(TaylorAlong(f, 3)(x, direction)); // [9, 24, 31, 26]
            Console.WriteLine(Grad(v => TaylorAlong(f, 3)(v, direction)[3])(x)); // [12, 26]
            Console.WriteLine(Vmap(v => TaylorAlong(f, 3)(v, direction)[3])(Stack([x, 2 * x]))); // [26, 74]
            Console.WriteLine(Compile(v => TaylorAlong(f, 3)(v, direction)[3])(x)); // 26
        }),
        new(Console =>
        {
            var curve = Taylor(Sin, 5)(0.5);
            var image = Series(Asin)(curve);
            Console.WriteLine(image[0]); // 0.5
            Console.WriteLine(Abs(image[1] - 1) < 1e-15); // 1
            Console.WriteLine(Abs(image[5]) < 1e-13); // 1
        }),
        new(Console =>
        {
            var pendulum = TaylorOde(
                s => (Angle: s.Speed, Speed: -Sin(s.Angle)), (Angle: (Expr)1, Speed: (Expr)0), 20);
            var angles = pendulum.Map(s => s.Angle);
            Console.WriteLine(angles[2]); // -0.42073549240394825
            Console.WriteLine(Polynomial(angles, 0.5)); // 0.8960325449102963
            Console.WriteLine(Convergence.Radius(angles) > 2); // True
            Console.WriteLine(Grad(a => TaylorOde(x => a * x, 1, 5)[5])(2)); // 0.6666666666666666
        }),
        new(Console =>
        {
            var logarithm = Taylor(Log, 30)(2);
            Console.WriteLine(Math.Round(Convergence.Radius(logarithm), 6)); // 2
            Console.WriteLine(Convergence.Remainder(logarithm, 1) < 1e-10); // True
            Console.WriteLine(Convergence.Remainder(logarithm, 3)); // Infinity
            Console.WriteLine(Math.Round(Convergence.DigitsLost(Taylor(Exp, 60)(0), -10), 2)); // 8.69
        }),
        new(Console =>
        {
            var (t, x) = (Partial(0), Partial(1));
            Console.WriteLine(Operators.Biharmonic(2)); // ∂₀⁴ + 2∂₀²∂₁² + ∂₁⁴
            Console.WriteLine(Pow(t + x, 3)); // ∂₀³ + 3∂₀²∂₁ + 3∂₀∂₁² + ∂₁³
            Console.WriteLine(Pow(t - x, 2) * (t + x) == Pow(t, 3) - Pow(t, 2) * x - t * Pow(x, 2) + Pow(x, 3)); // True

            Func<Expr, Expr> wave = u => Sin(3 * (u[1] - 2 * u[0]));
            Console.WriteLine(Abs(Apply(Pow(t, 2) - 4 * Pow(x, 2), wave)(new double[] { 0.1, 0.7 })) < 1e-13); // 1
            Func<Expr, Expr> monomial = v => Pow(v[0], 3) * Pow(v[1], 4);
            Console.WriteLine(Apply(v => v[0] * Partial(0) + v[1] * Partial(1), monomial)(new double[] { 2, 1 })); // 56
        }),
        new(Console =>
        {
            Func<Expr, Expr> f = v => Exp(v[0]) * Sin(v[1]) * v[2];
            Expr at = new double[] { 0, 0, 2 };
            Console.WriteLine(Laplacian(v => Sum(Pow(v, 3)))(at)); // 12
            Console.WriteLine(HessianDiagonal(v => Sum(Pow(v, 3)))(at)); // [0, 0, 12]
            Console.WriteLine(DerivativeTensor(f, 3)(at)[0, 0, 1]); // 2
        }),
        new(Console =>
        {
            Func<Expr, Expr> f = v => Sum(Pow(v, 4));
            var (value, error) = Estimate(Operators.Laplacian(100), f, samples: 1000, seed: 1)(Arange(100) / 100);
            var exact = Laplacian(f)(Arange(100) / 100);
            Console.WriteLine(Math.Round(exact.Value, 2)); // 394.02
            Console.WriteLine(Abs(value - exact) < 3 * error); // 1
            Console.WriteLine(error / exact < 0.04); // 1
        }),
        new(Console =>
        {
            var slope = Forward.Diff(x => Dual<double>.Exp(x) * x);
            Console.WriteLine(slope(1)); // 5.43656365691809
            Console.WriteLine(Forward.Grad((x, y) => x * x * y)(3, 2)); // (12, 9)
            var hessian = Forward.Hessian(x => x[0] * x[0] * x[1])([3, 2]);
            Console.WriteLine((hessian[0, 0], hessian[0, 1], hessian[1, 1])); // (4, 6, 0)
        }),
        new(Console =>
        {
            static T Step<T>(T rate)
                where T : IFloatingPointIeee754<T> => RungeKutta((_, y) => rate * y, T.Zero, T.One, T.CreateChecked(0.5));
            Console.WriteLine(Step(0.8)); // 1.4917333333333334
            Console.WriteLine(Step(0.8f)); // 1.4917334
            Console.WriteLine(Step(Dual<double>.Variable(0.8))); // 1.4917333333333334 + 0.7453333333333332ε
            Console.WriteLine(Step<Expr>(0.8)); // 1.4917333333333334

            static T Lambert<T>(T a)
                where T : IFloatingPointIeee754<T> => Brent(z => (z * T.Exp(z)) - a, T.Zero, T.CreateChecked(4));
            Console.WriteLine(Lambert(10.0)); // 1.7455280027406994
            Console.WriteLine(Forward.ValueAndDiff(Lambert)(10)); // (1.7455280027406994, 0.06357713346934511)
            Console.WriteLine(AD.Grad(Lambert<Expr>)(10)); // 0.06357713346934511

            Console.WriteLine(Forward.ValueAndDiff(Tangent)(1.2)); // (2.5721516221263196, 7.6159639672070565)
            Console.WriteLine(Forward.Diff(Forward.Diff<Dual<double>>(Tangent))(1.2)); // 39.17882814461445
        }),
        new(Console =>
        {
            Console.WriteLine(Forward.Diff(Forward.Diff<Dual<double>>(x => x * x * x))(2)); // 12
            Console.WriteLine(Forward.Diff(x => x * Forward.Diff<Dual<double>>(y => x + y)(1.0))(1)); // 1
        }),
        new(Console =>
        {
            var x = Expr.Variable("x");
            Console.WriteLine(Dual<Expr>.Tanh(Dual<Expr>.Variable(x) * x).Primal); // tanh(x * x)
            Console.WriteLine(Dual<Expr>.Sin(Dual<Expr>.Variable(x))); // sin(x) + cos(x)ε
        }),
        new(Console =>
        {
            static Dual<double> Sigmoid(Dual<double> x)
            {
                var y = 1 / (1 + Math.Exp(-x.Primal));
                return x.Chain(y, y * (1 - y));
            }

            Console.WriteLine(Forward.Diff(x => Sigmoid(3 * x))(0)); // 0.75
        }),
        new(Console =>
        {
            Func<ReadOnlySpan<Jet<double>>, Jet<double>> norm = x =>
            {
                Jet<double> sum = 0.0;
                foreach (var element in x)
                {
                    sum += element * element;
                }

                return Jet<double>.Sqrt(sum);
            };
            var gradient = new double[2];
            Console.WriteLine(Forward.Grad<double>(norm, [3, 4], gradient)); // 5
            Console.WriteLine((gradient[0], gradient[1])); // (0.6000000000000001, 0.8)
        }),
        new(Console =>
        {
            Func<Expr, Expr> f = x => Concat([x[..1] * x[1..2], Where(x[1..] > 0, Sin(x[1..]), x[..^1])]);
            Console.WriteLine(SparsityPattern(f, new(4)));
            Console.WriteLine(SparsityPatternAt(f, new double[] { 1, 2, 3, -4 }));
        }),
        new(Console =>
        {
            Func<Expr, Expr> rosenbrock = x => Sum(100 * Pow(x[1..] - x[..^1] * x[..^1], 2) + Pow(1 - x[..^1], 2));
            var hessian = CompileSparseHessian(rosenbrock, new(100_000));
            Console.WriteLine(hessian.Pattern.Count); // 299998
            Console.WriteLine(hessian.Colours); // 2
            var matrix = hessian.Invoke(Ones(100_000));
            Console.WriteLine(matrix[0, 0]); // 802
            Console.WriteLine(matrix[0, 1]); // -400
            Console.WriteLine(matrix[99_999, 99_999]); // 200

            Func<Expr, Expr> arrow = x => Concat([Reshape(Sum(x * x), 1), x[1..] * x[0]]);
            Console.WriteLine(CompileSparseJacobian(arrow, new(1000)).Colours); // 3
        }),
        new(Console =>
        {
            Func<Expr, Expr> residuals = x => Stack([10 * (x[1] - x[0] * x[0]), 1 - x[0]]);
            Expr at = new double[] { 1, 1 }, direction = new double[] { 1, 0 };
            Console.WriteLine(GaussNewton(residuals)(at, direction)); // [401, -200]
            Console.WriteLine(GaussNewton(residuals, r => Sum(r * r) / 2)(at, direction)); // [401, -200]
        }),
    ];
}
