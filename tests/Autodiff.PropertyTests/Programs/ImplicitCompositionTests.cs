// Solutions inside other programs, in batches and in formulas: the same as when each is found on its own.

using Autodiff.PropertyTests.Generators;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Implicit;

[Properties(Arbitrary = [typeof(ImplicitCases)], MaxTest = 10, QuietOnSuccess = true)]
public class ImplicitCompositionTests
{
    private static readonly Expr s_numbers = new double[] { 0.5, 2, 7 };

    private static Expr SquareRoot(Expr a) => Root(x => (x * x) - a, 1 + (a / 2));

    [Property]
    public void Vmap_is_a_loop_over_the_batch(ImplicitCase problem)
    {
        var batch = Stack([problem.Theta, problem.Theta / 3, Sin(problem.Theta)]);
        var shared = problem.Theta;
        Expr Of(Expr theta, Expr start) => FixedPoint(x => problem.Map(x, theta), start);
        Expr RootOf(Expr theta, Expr start) => Root(x => problem.Residual(x, theta), start);
        Expr MinimumOf(Expr theta, Expr start) => ArgMin(x => problem.Objective(x, theta), start);
        foreach (var f in new Func<Expr, Expr, Expr>[] { Of, RootOf, MinimumOf })
        {
            Expr Looped(Expr theta, Expr start) => Stack([f(theta[0], start[0]), f(theta[1], start[1]), f(theta[2], start[2])]);

            Agreement.Near(Looped(batch, batch), Vmap(f)(batch, batch), 1e-13);
            Agreement.Near(Looped(batch, batch), Vmap(theta => f(theta, shared))(batch), 1e-13);
            Agreement.Near(Looped(Stack([shared, shared, shared]), batch), Vmap(start => f(shared, start))(batch), 1e-13);
            Expr Each(Expr theta) => Looped(theta, batch);
            Expr Mapped(Expr theta) => Vmap(f)(theta, batch);
            Agreement.Near(JacobianReverse(Each)(batch), JacobianReverse(Mapped)(batch));
            Agreement.Near(JacobianReverse(Each)(batch), JacobianForward(Mapped)(batch));
            Agreement.Near(Hessian(theta => Sum(Sin(Each(theta))))(batch), Hessian(theta => Sum(Sin(Mapped(theta))))(batch), 1e-9);
            Agreement.Near(
                Stack([Jacobian(theta => f(theta, shared))(batch[0]), Jacobian(theta => f(theta, shared))(batch[1])]),
                Vmap(Jacobian((Expr theta) => f(theta, shared)))(batch[..2]));
        }
    }

    [Property]
    public void A_formula_that_is_given_numbers_later_is_what_numbers_give(ImplicitCase problem)
    {
        var a = Variable("a", problem.Shape);
        Expr F(Expr theta) => ImplicitCase.Loss(Root(x => problem.Residual(x, theta), theta), theta);
        Expr G(Expr theta) => ImplicitCase.Loss(ArgMin(x => problem.Objective(x, theta), Zeros(problem.Shape)), theta);
        foreach (var f in new Func<Expr, Expr>[] { F, G })
        {
            var formula = f(a);
            Assert.False(formula.IsConcrete);
            Agreement.Near(f(problem.Theta), formula.Substitute((a, problem.Theta)), 1e-13);
            Agreement.Near(Grad(f)(problem.Theta), Backward(formula)[a].Substitute((a, problem.Theta)));
            Agreement.Near(Grad(f)(problem.Theta), Grad(f)(a).Substitute((a, problem.Theta)));
            Agreement.Near(Jvp(f)(problem.Theta, problem.Theta).Tangent, Jvp(f)(a, problem.Theta).Tangent.Substitute((a, problem.Theta)));
            Agreement.Near(Hessian(f)(problem.Theta), Hessian(f)(a).Substitute((a, problem.Theta)), 1e-9);
        }
    }

    // A value that is exchanged is solved for anew, from where the first was searched.
    [Fact]
    public void A_named_value_may_be_exchanged()
    {
        var a = Variable("a", 4);
        var root = SquareRoot(a);

        Assert.Equal(2, root.Value, 1e-15);
        Assert.Equal(3, root.Substitute((a, 9)).Value, 1e-15);
        Assert.Equal(0.25, Backward(root)[a].Value, 1e-15);
        Assert.Equal(1.0 / 6, Backward(root, keepGraph: true)[a].Substitute((a, 9)).Value, 1e-15);
    }

    public static TheoryData<string> Programs => ["Fold", "Scan", "Iterate", "While", "Cond", "Checkpoint"];

    [Theory]
    [MemberData(nameof(Programs))]
    public void A_root_inside_a_program_is_that_of_statements(string program)
    {
        Expr Nodes(Expr a) => program switch
        {
            "Fold" => Fold((s, x) => s + SquareRoot((x * a) + s), 1, s_numbers),
            "Scan" => Scan((s, x) => SquareRoot(s + (x * a)) is var next ? (next, next * a) : default, 1, s_numbers) is var (last, all) ? last + Sum(all) : 0,
            "Iterate" => Iterate(3, s => SquareRoot(s + a), 1),
            "While" => While(s => s > 1.5, s => SquareRoot(s * a), 20),
            "Cond" => Cond(a > 1, () => SquareRoot(a), () => a),
            _ => Checkpoint(SquareRoot)(a * a * a),
        };
        Expr Statements(Expr a)
        {
            Expr s = program == "While" ? 20 : 1;
            switch (program)
            {
                case "Fold":
                    foreach (var x in s_numbers.ToArray())
                    {
                        s += Sqrt((x * a) + s);
                    }

                    return s;
                case "Scan":
                    Expr sum = 0;
                    foreach (var x in s_numbers.ToArray())
                    {
                        s = Sqrt(s + (x * a));
                        sum += s * a;
                    }

                    return s + sum;
                case "Iterate":
                    return Sqrt(Sqrt(Sqrt(1 + a) + a) + a);
                case "While":
                    while (s.Value > 1.5)
                    {
                        s = Sqrt(s * a);
                    }

                    return s;
                case "Cond":
                    return Sqrt(a);
                default:
                    return Sqrt(a * a * a);
            }
        }

        var at = program == "While" ? 1.3 : 1.7;
        var symbol = Variable("a");
        Assert.Equal(Statements(at).Value, Nodes(at).Value, 1e-13);
        Assert.Equal(Grad(Statements)(at).Value, Grad(Nodes)(at).Value, 1e-12);
        Assert.Equal(Diff(Statements)(at).Value, Diff(Nodes)(at).Value, 1e-12);
        Assert.Equal(Diff(Statements, 2)(at).Value, Grad(Grad(Nodes))(at).Value, 1e-11);
        Assert.Equal(Diff(Statements, 2)(at).Value, Grad(Diff(Nodes))(at).Value, 1e-11);
        Assert.Equal(Diff(Statements, 3)(at).Value, Diff(Nodes, 3)(at).Value, 1e-10);
        Assert.Equal(Grad(Statements)(at).Value, Backward(Nodes(symbol))[symbol].Substitute((symbol, at)).Value, 1e-12);
    }

    // y(a) solves y³ = x(a)·a with x² = a inside, so y = a^½.
    [Fact]
    public void A_root_inside_the_equations_of_a_root_is_differentiated_through()
    {
        Expr Nested(Expr a) => Root(y => (y * y * y) - (a * SquareRoot(a)), 1);

        // Here the inner root depends on the outer unknown: y + √(y + a) = 3.
        Expr Coupled(Expr a) => Root(y => y + SquareRoot(y + a) - 3, 1);
        Expr Closed(Expr a) => (7 - Sqrt(13 + (4 * a))) / 2;
        for (var order = 1; order <= 3; order++)
        {
            Assert.Equal(Diff(Sqrt, order)(2).Value, Diff(Nested, order)(2).Value, 1e-11);
            Assert.Equal(Diff(Closed, order)(2).Value, Diff(Coupled, order)(2).Value, 1e-11);
        }

        Assert.Equal(Diff(Closed, 2)(2).Value, Grad(Grad(Coupled))(2).Value, 1e-11);
        var a = Variable("a");
        Assert.Equal(Diff(Closed)(2).Value, Backward(Coupled(a))[a].Substitute((a, 2)).Value, 1e-11);
    }

    // The lower level: y*(x) minimises (y − x)² + (y − 1)²·w, y* = (x + w)/(1 + w). The upper: x minimises (y*(x) − 3)² + x²/2.
    [Fact]
    public void A_minimum_of_a_minimiser_is_found_and_moves()
    {
        Expr Lower(Expr x, Expr w) => ArgMin(y => Pow(y - x, 2) + (w * Pow(y - 1, 2)), 0);
        Expr Upper(Expr w) => ArgMin(x => Pow(Lower(x, w) - 3, 2) + (x * x / 2), 0);

        // With s = 1/(1 + w): (s(x + w) − 3)s·2 + x = 0.
        Expr Closed(Expr w) => 1 / (1 + w) is var s ? 2 * s * (3 - (s * w)) / (1 + (2 * s * s)) : 0;
        Assert.Equal(Closed(0.5).Value, Upper(0.5).Value, 1e-13);
        Assert.Equal(Grad(Closed)(0.5).Value, Grad(Upper)(0.5).Value, 1e-12);
        Assert.Equal(Diff(Closed)(0.5).Value, Diff(Upper)(0.5).Value, 1e-12);
        Assert.Equal(Diff(Closed, 2)(0.5).Value, Grad(Diff(Upper))(0.5).Value, 1e-11);
    }

    // The equation has a gradient in it: ∇(x⁴/4 + ax²/2 − x) = x³ + ax − 1, inside a minimisation over a.
    [Fact]
    public void A_root_of_a_gradient_stands_inside_a_minimum()
    {
        Expr Stationary(Expr a) => Root(Grad(x => (Pow(x, 4) / 4) + (a * x * x / 2) - x), 1);
        var slope = Grad(Stationary)(2).Value;
        var x = Stationary(2).Value;
        Assert.Equal(-x / ((3 * x * x) + 2), slope, 1e-14);

        var a = ArgMin(a => Pow(Stationary(a) - 0.5, 2), 1);
        Assert.Equal((1 - 0.125) / 0.5, a.Value, 1e-12);
    }
}
