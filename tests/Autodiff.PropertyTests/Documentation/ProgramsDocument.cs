// The programs of docs/programs.md, in its order. DocumentTests holds the document's text and output against them.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Documentation;

internal static class ProgramsDocument
{
    public static readonly Snippet[] Snippets =
    [
        new(Console =>
        {
            Expr sales = new double[] { 1, 3, 2, 4 };
            Func<Expr, Expr> loss = α => Fold(
                (state, x) =>
                {
                    var error = x - state.Level;
                    return (state.Level + α * error, state.Loss + error * error);
                },
                (Level: (Expr)1, Loss: (Expr)0),
                sales).Loss;
            Console.WriteLine(loss(0.5)); // 8
            Console.WriteLine(Grad(loss)(0.5)); // -4
            Console.WriteLine(Diff(loss, 2)(0.5)); // 26
            Console.WriteLine(Vmap(loss)(new double[] { 0, 0.5, 1 })); // [14, 8, 9]
        }),
        new(Console =>
        {
            Func<Expr, Expr> returns = discount => Scan(
                (later, reward) =>
                {
                    var now = reward + discount * later;
                    return (now, now);
                },
                0, new double[] { 1, 0, 2 }, reverse: true).Outputs;
            Console.WriteLine(returns(0.5)); // [1.5, 1, 2]
            Console.WriteLine(Jacobian(returns)(0.5)); // [2, 2, 0]
            Console.WriteLine(Grad(x => Iterate(3, s => s * s, x, checkpointEvery: 2))(2)); // 1024
        }),
        new(Console =>
        {
            Func<Expr, Expr> halved = x => While(s => s > 1, s => s / 2, x);
            Console.WriteLine(halved(20)); // 0.625
            Console.WriteLine(Grad(halved)(20)); // 0.03125
            Console.WriteLine(Jvp(halved)(20, 1)); // (0.625, 0.03125)
            Console.WriteLine(Vmap(Grad(halved))(new double[] { 1, 3, 20 })); // [1, 0.25, 0.03125]
        }),
        new(Console =>
        {
            Func<Expr, Expr> f = x => Cond(x > 0, () => Sqrt(x) * Log(x), () => 0);
            Console.WriteLine(Vmap(Grad(f))(new double[] { -1, 0, 1 })); // [0, 0, 1]
            Console.WriteLine(Grad(w => Fold((s, x) => s + Where(x > 0, Sqrt(w * x), 0), 0, new double[] { 0, 1, 4 }))(1)); // 1.5

            double[] items = [1, -2, 3];
            try
            {
                Console.WriteLine(Fold((s, x) => x > 0 ? s + x : s, 0, items));
            }
            catch (NotConcreteException error)
            {
                Console.WriteLine(error.Message);
                // Condition: the expression is symbolic, so it has no value yet. Substitute values for its variables, or build the choice into the expression with Where(mask, a, b), Cond(mask, then, otherwise) or While instead of branching on a value. (asked for at Program.cs:12)
            }

            Console.WriteLine(Fold((s, x) => Cond(x > 0, () => s + x, () => s), 0, items)); // 4
        }),
        new(Console =>
        {
            var log1pExp = CustomJvp((x, dx) => (Max(x, 0) + LogP1(Exp(-Abs(x))), dx * Sigmoid(x)));
            Console.WriteLine(Grad(x => Log(1 + Exp(x)))(1000)); // NaN
            Console.WriteLine(Grad(log1pExp)(1000)); // 1
            Console.WriteLine(Diff(log1pExp, 2)(0)); // 0.25
            Console.WriteLine(Check.Gradients(log1pExp, new double[] { -1, 0.5 }, order: 2).IsSucc); // True

            var straight = CustomVjp(x => (Round(x), cotangent => cotangent));
            Console.WriteLine(Grad(x => straight(x) * x)(1.7)); // 3.7
            Console.WriteLine(Jvp(straight)(1.7, 1)); // (2, 1)
        }),
        new(Console =>
        {
            Func<Expr, Expr, Expr> scaled = (x, t) => CustomVjp(x => (t * x, cotangent => cotangent * t))(x);
            Console.WriteLine(Grad(x => scaled(x, 3))(2)); // 3
            try
            {
                Console.WriteLine(Grad(t => scaled(2, t))(3));
            }
            catch (NotDifferentiableException error)
            {
                Console.WriteLine(error.Message);
                // CustomVjp: the rule reads an expression from outside that the derivative is taken in, and does not say how the result depends on it. Pass that expression as part of the argument, or wrap it in StopGradient.
            }

            var product = CustomVjp((x, t) => (t * x, cotangent => (cotangent * t, cotangent * x)));
            Console.WriteLine(Grad(product)(2, 3)); // (3, 2)
        }),
        new(Console =>
        {
            var gd = Primitive.Define("gd", value: x => 2 * Math.Atan(Math.Tanh(x / 2)), derivative: (x, y) => Cos(y));
            Console.WriteLine(Diff(gd, 5)(0)); // 5
            Console.WriteLine(gd(2 * Variable("x"))); // gd(2 * x)
        }),
        new(Console =>
        {
            Func<Expr, Expr> f = x => Tanh(Sin(x) * Exp(x));
            Console.WriteLine(Grad(f)(1)); // 0.15174382310218826
            Console.WriteLine(Grad(Checkpoint(f))(1)); // 0.15174382310218826
        }),
        new(Console =>
        {
            Func<Expr, Expr> cube = a => Root(x => x * x * x - a, x0: 1);
            Console.WriteLine(cube(8)); // 2
            Console.WriteLine(Grad(cube)(8)); // 0.08333333333333333
            Console.WriteLine(Diff(cube, 2)(8)); // -0.006944444444444444

            Func<Expr, Expr> heron = a => FixedPoint(x => (x + a / x) / 2, x0: 1);
            Console.WriteLine(Vmap(Grad(heron))(new double[] { 1, 4, 16 })); // [0.5, 0.25, 0.125]
        }),
        new(Console =>
        {
            Expr x = new double[,] { { 1, 0 }, { 0, 1 }, { 1, 1 } };
            Expr y = new double[] { 1, 2, 3 };
            Func<Expr, Expr> ridge = λ => ArgMin(
                w => Sum(Pow(MatMul(x, w) - y, 2)) + λ * Dot(w, w), x0: Zeros(2));
            Console.WriteLine(ridge(1)); // [0.875, 1.375]
            Console.WriteLine(Jacobian(ridge)(1)); // [-0.15625, -0.40625]
        }),
        new(Console =>
        {
            Func<Expr, Expr> root = a => Root(x => x * x - a, x0: 0, solver: (f, low) =>
            {
                var high = low + 16;
                for (var step = 0; step < 60; step++)
                {
                    var middle = (low + high) / 2;
                    (low, high) = f(middle) > 0 ? (low, middle) : (middle, high);
                }

                return high;
            });
            Console.WriteLine(root(4)); // 2
            Console.WriteLine(Grad(root)(4)); // 0.25
        }),
    ];
}
