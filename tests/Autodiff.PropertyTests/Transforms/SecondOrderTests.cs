// Values with Jacobians, gradients and Hessians; Hessians of several arguments and over trees; gradients in one argument; Jacobians of tuples.
// Each against the same transform of one argument at a time, or of one vector, and against finite differences.

using Autodiff.PropertyTests.Generators;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Transforms;

public class SecondOrderTests
{
    private static readonly Func<Expr, Expr> s_one = x => Sum(Sin(x) * Sum(x * x));
    private static readonly Func<Expr, Expr, Expr> s_two = (x, y) => Sum(Sin(x) * y) * Sum(x * x);
    private static readonly Func<Expr, Expr, Expr, Expr> s_three = (x, y, z) => s_two(x, y) * Exp(Sum(z * z));
    private static readonly Func<Expr, Expr, Expr, Expr, Expr> s_four = (x, y, z, w) => s_three(x, y, z) / (1 + w * w);

    private static readonly Expr s_x = new double[] { 0.5, -1.25, 2 };
    private static readonly Expr s_y = 0.75;
    private static readonly Expr s_z = new double[,] { { 0.25, -0.5 } };
    private static readonly Expr s_w = -1.5;

    [Property(MaxTest = 20)]
    public void A_gradient_in_one_argument_is_that_part_of_the_gradient_in_all(sbyte seed)
    {
        Expr x = Cos(s_x + seed), y = Cos(s_y + seed), z = Cos(s_z + seed), w = Cos(s_w + seed);
        Parts(Grad(s_two)(x, y), Grad(s_two, argument: 0)(x, y), Grad(s_two, argument: 1)(x, y));
        Parts(Grad(s_three)(x, y, z), Grad(s_three, 0)(x, y, z), Grad(s_three, 1)(x, y, z), Grad(s_three, 2)(x, y, z));
        Parts(Grad(s_four)(x, y, z, w), Grad(s_four, 0)(x, y, z, w), Grad(s_four, 1)(x, y, z, w), Grad(s_four, 2)(x, y, z, w), Grad(s_four, 3)(x, y, z, w));
        Agreement.Near(Hessian(s_two)(x, y).Item2.Item1, Jacobian(v => Grad(s_two, 1)(v, y))(x));
    }

    [Fact]
    public void The_other_arguments_are_not_differentiated()
    {
        Agreement.Near(1, Grad((x, y) => x + Sqrt(y), 0)(2, 0), 0);
        Agreement.Near(new double[] { 3, 3 }, Compile(Grad((x, y) => Sum(x * y), 0))(Ones(2), 3), 0);
        Agreement.Near(6, Grad(x => Grad((a, b) => a * a * b, 0)(x, x))(1.5), 1e-15);
    }

    [Property(MaxTest = 20)]
    public void Blocks_of_a_Hessian_are_those_of_one_vector(sbyte seed)
    {
        Expr x = Cos(s_x + seed), y = Cos(s_y + seed), z = Cos(s_z + seed), w = Cos(s_w + seed);
        var ((xx, xy), (yx, yy)) = Hessian(s_two)(x, y);
        Blocks(OfVector((x, y), p => s_two(p.x, p.y)), [x, y], [[xx, xy], [yx, yy]]);
        var (a, b, c) = Hessian(s_three)(x, y, z);
        Blocks(OfVector((x, y, z), p => s_three(p.x, p.y, p.z)), [x, y, z], [Row(a), Row(b), Row(c)]);
        var (e, f, g, h) = Hessian(s_four)(x, y, z, w);
        Blocks(OfVector((x, y, z, w), p => s_four(p.x, p.y, p.z, p.w)), [x, y, z, w], [Row(e), Row(f), Row(g), Row(h)]);
    }

    [Property(MaxTest = 20)]
    public void Values_gradients_and_Hessians_come_together(sbyte seed)
    {
        Expr x = Cos(s_x + seed), y = Cos(s_y + seed), z = Cos(s_z + seed), w = Cos(s_w + seed);
        var one = ValueGradHessian(s_one)(x);
        Agreement.Near(s_one(x), one.Value, 1e-15);
        Agreement.Near(Grad(s_one)(x), one.Gradient, 1e-14);
        Agreement.Near(Hessian(s_one)(x), one.Hessian, 1e-14);
        Agreement.Near(Numeric.Hessian(s_one)(x), one.Hessian, 1e-8);
        Same((s_two(x, y), Grad(s_two)(x, y), Hessian(s_two)(x, y)), ValueGradHessian(s_two)(x, y));
        Same((s_three(x, y, z), Grad(s_three)(x, y, z), Hessian(s_three)(x, y, z)), ValueGradHessian(s_three)(x, y, z));
        Same((s_four(x, y, z, w), Grad(s_four)(x, y, z, w), Hessian(s_four)(x, y, z, w)), ValueGradHessian(s_four)(x, y, z, w));
    }

    [Property(MaxTest = 20)]
    public void Values_come_with_Jacobians(sbyte seed)
    {
        Expr x = Cos(s_x + seed), y = Cos(s_y + seed), z = Cos(s_z + seed), w = Cos(s_w + seed);
        Func<Expr, Expr> f = v => Outer(v, Sin(v));
        Func<Expr, Expr, Expr> f2 = (a, b) => Outer(a, Sin(a)) * b;
        Func<Expr, Expr, Expr, Expr> f3 = (a, b, c) => f2(a, b) + Sum(c * c);
        Func<Expr, Expr, Expr, Expr, Expr> f4 = (a, b, c, d) => f3(a, b, c) * d;
        Same((f(x), Jacobian(f)(x)), ValueAndJacobian(f)(x));
        Same((f2(x, y), Jacobian(f2)(x, y)), ValueAndJacobian(f2)(x, y));
        Same((f3(x, y, z), Jacobian(f3)(x, y, z)), ValueAndJacobian(f3)(x, y, z));
        Same((f4(x, y, z, w), Jacobian(f4)(x, y, z, w)), ValueAndJacobian(f4)(x, y, z, w));
        Same((f2(x, y), Jacobian(((Expr A, Expr B) p) => f2(p.A, p.B))((x, y))), ValueAndJacobian(((Expr A, Expr B) p) => f2(p.A, p.B))((x, y)));
    }

    [Property(MaxTest = 20)]
    public void The_diagonal_of_a_Hessian_is_that_of_the_whole(sbyte seed)
    {
        Expr x = Cos(s_x + seed), y = Cos(s_y + seed), z = Cos(s_z + seed), w = Cos(s_w + seed);
        Diagonal(OfVector((x, y), p => s_two(p.x, p.y)), Row(HessianDiagonal(s_two)(x, y)));
        Diagonal(OfVector((x, y, z), p => s_three(p.x, p.y, p.z)), Row(HessianDiagonal(s_three)(x, y, z)));
        Diagonal(OfVector((x, y, z, w), p => s_four(p.x, p.y, p.z, p.w)), Row(HessianDiagonal(s_four)(x, y, z, w)));
        var tree = HessianDiagonal((Point p) => s_two(p.X, p.Y))(new(x, y, "p"));
        Assert.Equal("p", tree.Name);
        Diagonal(OfVector((x, y), p => s_two(p.x, p.y)), [tree.X, tree.Y]);
    }

    [Property(MaxTest = 20)]
    public void A_Hessian_over_a_tree_is_that_of_its_vector(sbyte seed)
    {
        var point = new Point(Cos(s_x + seed), Cos(s_y + seed), "p");
        var (vector, unravel) = Tree.Ravel(point);
        Func<Point, Expr> f = p => s_two(p.X, p.Y);
        var expected = Hessian(v => f(unravel(v)))(vector);
        Agreement.Near(expected, Hessian(f)(point), 0);
        var (value, gradient, hessian) = ValueGradHessian(f)(point);
        Agreement.Near(f(point), value, 0);
        Agreement.Near(Tree.Ravel(Grad(f)(point)).Vector, Tree.Ravel(gradient).Vector, 1e-14);
        Agreement.Near(expected, hessian, 1e-14);
        Assert.Equal("p", gradient.Name);
    }

    [Property(MaxTest = 20)]
    public void Jacobians_of_a_tuple_are_those_of_its_parts(sbyte seed)
    {
        var x = Cos(s_x + seed);
        Func<Expr, Expr> few = v => Sum(v * v), many = v => Outer(Sin(v), v), none = v => Ones(2);
        var (a, b) = Jacobian(v => (few(v), few(2 * v)))(x);
        Agreement.Near(Jacobian(few)(x), a, 1e-15);
        Agreement.Near(2 * Jacobian(few)(2 * x), b, 1e-14);
        var (c, d, e) = Jacobian(v => (few(v), many(v), none(v)))(x);
        Agreement.Near(Jacobian(few)(x), c, 1e-15);
        Agreement.Near(Jacobian(many)(x), d, 1e-15);
        Agreement.Near(Zeros(2, 3), e, 0);
        var point = Jacobian(v => new Point(v * v, few(v), "p"))(x);
        Assert.Equal("p", point.Name);
        Agreement.Near(2 * Diag(x), point.X, 1e-15);
        Agreement.Near(2 * x, point.Y, 1e-15);
    }

    [Fact]
    public void All_of_them_nest_batch_and_compile()
    {
        Func<Expr, Expr> trace = x => ValueGradHessian(s_one)(x) is var (value, gradient, hessian) ? value + Sum(gradient * gradient) + Trace(hessian) : x;
        Func<Expr, Expr> whole = x => s_one(x) + Sum(Pow(Grad(s_one)(x), 2)) + Trace(Hessian(s_one)(x));
        Agreement.Near(Grad(whole)(s_x), Grad(trace)(s_x), 1e-13);
        Agreement.Near(Hessian(whole)(s_x), JacobianForward(JacobianForward(trace))(s_x), 1e-12);
        Agreement.Near(Grad(whole)(s_x), Compile(Grad(trace))(s_x), 1e-13);
        var batch = Stack([s_x, 2 * s_x]);
        Agreement.Near(Stack([whole(s_x), whole(2 * s_x)]), Vmap(trace)(batch), 1e-12);
        Agreement.Near(Stack([whole(s_x), whole(2 * s_x)]), Compile(Vmap(trace))(batch), 1e-12);

        Func<Expr, Expr> blocks = x => Hessian(s_two)(x, Sum(x)) is var ((xx, xy), (yx, yy)) ? Sum(xx) + Sum(xy * yx) + yy : x;
        Agreement.Near(Numeric.Jacobian(blocks)(s_x), Grad(blocks)(s_x), 1e-8);
        Agreement.Near(Grad(blocks)(s_x), Compile(Grad(blocks))(s_x), 1e-12);

        Func<Expr, Expr> pair = x => Jacobian(v => (Sum(v * v * v), Sin(v)))(x) is var (a, b) ? Sum(a * a) + Sum(b) : x;
        Agreement.Near(Numeric.Jacobian(pair)(s_x), Grad(pair)(s_x), 1e-8);
        Agreement.Near(Stack([pair(s_x), pair(2 * s_x)]), Vmap(pair)(batch), 1e-12);
    }

    [Fact]
    public void Long_arguments_take_one_batched_sweep_or_one_for_each_colour()
    {
        var x = Sin(Arange(40));
        Func<Expr, Expr> chain = v => Sum(Pow(v[1..] - (v[..^1] * v[..^1]), 2));
        Agreement.Near(Hessian(chain)(x), ValueGradHessian(chain)(x).Hessian, 1e-13);
        Agreement.Near(Hessian(chain)(x), Compile(ValueGradHessian(chain))(x).Hessian, 1e-13);
        var ((xx, xy), _) = Hessian((Expr a, Expr b) => chain(a * b))(x, Cos(x));
        Agreement.Near(Numeric.Jacobian(v => Grad((a, b) => chain(a * b), 0)(v, Cos(x)))(x), xx, 1e-8);
        Agreement.Near(Numeric.Jacobian(v => Grad((a, b) => chain(a * b), 0)(x, v))(Cos(x)), xy, 1e-8);
    }

    [Fact]
    public void An_element_that_nothing_depends_on_leaves_infinite_slopes_alone()
    {
        var ((xx, xy), (yx, yy)) = Hessian((x, y) => Sum(Where(x > 0, Sqrt(x), 0)) + y)(new double[] { 0, 4 }, 1);
        Agreement.Near(new double[,] { { 0, 0 }, { 0, -1.0 / 32 } }, xx, 1e-15);
        Agreement.Near(Zeros(2), xy, 0);
        Agreement.Near(Zeros(2), yx, 0);
        Agreement.Near(0, yy, 0);
    }

    [Fact]
    public void Wrong_use_is_named()
    {
        Says(() => Grad((x, y) => x, 2), "Grad: there is no argument 2; the 2 arguments");
        Says(() => Grad((x, y, z) => x, -1), "Grad: there is no argument -1; the 3 arguments");
        Says(() => Grad((x, y, z, w) => x, 4), "Grad: there is no argument 4; the 4 arguments");
        Says(() => Grad((x, y) => x, 0)(null!, 1), "Grad: the argument is null");
        Says(() => Grad((x, y) => x, 0)(1, null!), "Grad: the argument is null");
        Says(() => Hessian((x, y) => x)(Ones(2), 1), "Hessian: the function's result has shape (2)");
        Says(() => Hessian((x, y) => x)(1, null!), "Hessian: the argument is null");
        Says(() => ValueGradHessian(x => x)(Ones(2)), "ValueGradHessian: the function's result has shape (2)");
        Says(() => ValueGradHessian((x, y, z) => x)(Ones(2), 1, 1), "ValueGradHessian: the function's result has shape (2)");
        Says(() => HessianDiagonal((x, y) => x)(Ones(2), 1), "HessianDiagonal: the function's result has shape (2)");
        Says(() => HessianDiagonal((x, y) => x)(1, null!), "HessianDiagonal: the argument is null");
        Says(() => HessianDiagonal((string p) => 1)("none"), "HessianDiagonal: there is no Expr");
        Says(() => Hessian((string p) => 1)("none"), "Hessian: there is no Expr");
        Says(() => ValueGradHessian((string p) => 1)("none"), "ValueGradHessian: there is no Expr");
        Says(() => ValueAndJacobian((string p) => 1)("none"), "ValueAndJacobian: there is no Expr");
        Says(() => ValueAndJacobian(x => x)(null!), "ValueAndJacobian: the argument is null");
        Says(() => Jacobian(x => "none")(1), "Jacobian: there is no Expr in the System.String that x => \"none\" returned");
        Says(() => Jacobian((Func<Expr, (Expr, Expr)>)null!), "Jacobian: the function is null");
    }

    private static void Says(Func<object?> act, string start) => Assert.StartsWith(start, Assert.IsAssignableFrom<AutodiffException>(Record.Exception(() => act())).Message, StringComparison.Ordinal);

    private static Expr OfVector<T>(T p, Func<T, Expr> f)
    {
        var (vector, unravel) = Tree.Ravel(p);
        return Hessian(v => f(unravel(v)))(vector);
    }

    private static void Blocks(Expr expected, Expr[] arguments, Expr[][] blocks)
    {
        var starts = arguments.Select((_, i) => arguments[..i].Sum(argument => argument.Shape.Size)).ToArray();
        for (var i = 0; i < arguments.Length; i++)
        {
            for (var j = 0; j < arguments.Length; j++)
            {
                var part = expected[starts[i]..(starts[i] + arguments[i].Shape.Size), starts[j]..(starts[j] + arguments[j].Shape.Size)];
                Agreement.Near(Reshape(part, [.. arguments[i].Shape, .. arguments[j].Shape]), blocks[i][j], 1e-12);
            }
        }
    }

    private static void Diagonal(Expr hessian, Expr[] parts) =>
        Agreement.Near(Einsum("ii->i", hessian), Concat([.. parts.Select(part => Reshape(part, part.Shape.Size))]), 1e-11);

    private static Expr[] Row(object tuple) => [.. Tree.Flatten(tuple).Select(leaf => leaf.Leaf)];

    private static void Parts(object expected, params Expr[] parts)
    {
        foreach (var (one, other) in Row(expected).Zip(parts))
        {
            Agreement.Near(one, other, 1e-13);
        }
    }

    private static void Same<T>(T expected, T actual)
    {
        var (left, right) = (Row(expected!), Row(actual!));
        Assert.Equal(left.Length, right.Length);
        foreach (var (one, other) in left.Zip(right))
        {
            Agreement.Near(one, other, 1e-13);
        }
    }

    private sealed record Point(Expr X, Expr Y, string Name);
}
