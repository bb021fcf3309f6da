// Functions of two to four arguments: each transform against the same transform of one argument at a time, and against
// finite differences.

using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Transforms;

public class ArgumentTests
{
    private static readonly Func<Expr, Expr, Expr> s_two = (x, y) => Stack([Sum(x) * y, Sum(Sin(x) * y)]);
    private static readonly Func<Expr, Expr, Expr, Expr> s_three = (x, y, z) => s_two(x, y) * Exp(z);
    private static readonly Func<Expr, Expr, Expr, Expr, Expr> s_four = (x, y, z, w) => s_three(x, y, z) / (1 + w * w);
    private static readonly Func<Expr, Expr, Expr> s_sumOfTwo = (x, y) => Sum(s_two(x, y) * Cos(s_two(x, y)));
    private static readonly Func<Expr, Expr, Expr, Expr> s_sumOfThree = (x, y, z) => Sum(Sin(s_three(x, y, z)));
    private static readonly Func<Expr, Expr, Expr, Expr, Expr> s_sumOfFour = (x, y, z, w) => Sum(Sin(s_four(x, y, z, w)));

    private static readonly Expr s_x = new double[] { 0.5, -1.25, 2 };
    private static readonly Expr s_y = 0.75;
    private static readonly Expr s_z = new double[] { 0.25, -0.5 };
    private static readonly Expr s_w = -1.5;

    [Property]
    public void Pullbacks_of_several_arguments_are_those_of_each(sbyte seed)
    {
        var cotangent = Sin(Arange(2) + seed);
        var (value, pull2) = Vjp(s_two)(s_x, s_y);
        Equal(s_two(s_x, s_y), value);
        Equal(pull2(cotangent), Along(x => s_two(x, s_y), s_x), Along(y => s_two(s_x, y), s_y));
        Equal(Vjp(s_three)(s_x, s_y, s_z).Pullback(cotangent), Along(x => s_three(x, s_y, s_z), s_x), Along(y => s_three(s_x, y, s_z), s_y), Along(z => s_three(s_x, s_y, z), s_z));
        Equal(Vjp(s_four)(s_x, s_y, s_z, s_w).Pullback(cotangent), Along(x => s_four(x, s_y, s_z, s_w), s_x), Along(y => s_four(s_x, y, s_z, s_w), s_y), Along(z => s_four(s_x, s_y, z, s_w), s_z), Along(w => s_four(s_x, s_y, s_z, w), s_w));

        Expr Along(Func<Expr, Expr> f, Expr at) => Vjp(f)(at).Pullback(cotangent);
    }

    [Property]
    public void Tangents_of_several_arguments_add_up(sbyte seed)
    {
        Expr x = Cos(s_x + seed), y = Cos(s_y + seed), z = Cos(s_z + seed), w = Cos(s_w + seed);
        var by2 = Jvp((Expr a) => s_two(a, s_y))(s_x, x).Tangent + Jvp((Expr b) => s_two(s_x, b))(s_y, y).Tangent;
        Equal(by2, Jvp(s_two)(s_x, s_y, x, y).Tangent, Linearize(s_two)(s_x, s_y).Pushforward(x, y), Numeric.Jvp(s_two)(s_x, s_y, x, y).Tangent);

        var by3 = Jvp((Expr a) => s_three(a, s_y, s_z))(s_x, x).Tangent + Jvp((Expr b) => s_three(s_x, b, s_z))(s_y, y).Tangent + Jvp((Expr c) => s_three(s_x, s_y, c))(s_z, z).Tangent;
        Equal(by3, Jvp(s_three)(s_x, s_y, s_z, x, y, z).Tangent, Linearize(s_three)(s_x, s_y, s_z).Pushforward(x, y, z), Numeric.Jvp(s_three)(s_x, s_y, s_z, x, y, z).Tangent);

        var by4 = Jvp((Expr a, Expr b, Expr c) => s_four(a, b, c, s_w))(s_x, s_y, s_z, x, y, z).Tangent + Jvp((Expr d) => s_four(s_x, s_y, s_z, d))(s_w, w).Tangent;
        Equal(by4, Jvp(s_four)(s_x, s_y, s_z, s_w, x, y, z, w).Tangent, Linearize(s_four)(s_x, s_y, s_z, s_w).Pushforward(x, y, z, w), Numeric.Jvp(s_four)(s_x, s_y, s_z, s_w, x, y, z, w).Tangent);
    }

    [Fact]
    public void Values_come_with_tangents_and_pushforwards()
    {
        Equal(s_four(s_x, s_y, s_z, s_w), Jvp(s_four)(s_x, s_y, s_z, s_w, s_x, s_y, s_z, s_w).Value, Linearize(s_four)(s_x, s_y, s_z, s_w).Value, Vjp(s_four)(s_x, s_y, s_z, s_w).Value);
        Equal(s_three(s_x, s_y, s_z), Jvp(s_three)(s_x, s_y, s_z, s_x, s_y, s_z).Value, Linearize(s_three)(s_x, s_y, s_z).Value, Vjp(s_three)(s_x, s_y, s_z).Value);
    }

    [Fact]
    public void Jacobians_of_several_arguments_are_those_of_finite_differences_in_either_mode()
    {
        Equal(Numeric.Jacobian(s_two)(s_x, s_y), Jacobian(s_two)(s_x, s_y), JacobianForward(s_two)(s_x, s_y), JacobianReverse(s_two)(s_x, s_y));
        Equal(Numeric.Jacobian(s_three)(s_x, s_y, s_z), Jacobian(s_three)(s_x, s_y, s_z), JacobianForward(s_three)(s_x, s_y, s_z), JacobianReverse(s_three)(s_x, s_y, s_z));
        Equal(Numeric.Jacobian(s_four)(s_x, s_y, s_z, s_w), Jacobian(s_four)(s_x, s_y, s_z, s_w), JacobianForward(s_four)(s_x, s_y, s_z, s_w), JacobianReverse(s_four)(s_x, s_y, s_z, s_w));
    }

    [Fact]
    public void A_Jacobian_has_the_result_s_shape_and_then_the_argument_s()
    {
        var (byX, byY) = Jacobian((x, y) => Outer(x, y))(Ones(2), Ones(3));
        Assert.Equal((new Shape(2, 3, 2), new Shape(2, 3, 3)), (byX.Shape, byY.Shape));
        var (none, some) = JacobianForward((x, y) => y * Ones(4))(Zeros(0), 1);
        Assert.Equal((new Shape(4, 0), new Shape(4)), (none.Shape, some.Shape));
    }

    [Fact]
    public void Hessian_vector_products_of_several_arguments_are_those_of_the_whole_Hessian()
    {
        var (vector, unravel) = Tree.Ravel((s_x, s_y, s_z, s_w));
        var direction = Cos(vector);
        var (x, y, z, w) = unravel(direction);

        var expected = unravel(MatMul(Hessian(v => unravel(v) is var p ? s_sumOfFour(p.s_x, p.s_y, p.s_z, p.s_w) : default!)(vector), direction));
        Equal(expected, Hvp(s_sumOfFour)(s_x, s_y, s_z, s_w, x, y, z, w), Hvp(((Expr X, Expr Y, Expr Z, Expr W) p) => s_sumOfFour(p.X, p.Y, p.Z, p.W))((s_x, s_y, s_z, s_w), (x, y, z, w)));

        var ofThree = Hvp(s_sumOfFour)(s_x, s_y, s_z, 0, x, y, z, 0);
        Equal((ofThree.Item1, ofThree.Item2, ofThree.Item3), Hvp(s_sumOfThree)(s_x, s_y, s_z, x, y, z));

        var ofTwo = Jvp((Expr t) => Tree.Ravel(Grad(s_sumOfTwo)(s_x + t * x, s_y + t * y)).Vector)(0, 1).Tangent;
        Equal(ofTwo, Tree.Ravel(Hvp(s_sumOfTwo)(s_x, s_y, x, y)).Vector);
    }

    [Fact]
    public void Gradients_of_functions_that_return_more_hand_it_on()
    {
        var one = GradWithAux(x => (Sum(x * x), "kept"))(s_x);
        Assert.Equal("kept", one.Aux);
        Equal(Sum(s_x * s_x), one.Value);
        Equal(2 * s_x, one.Gradient);

        var two = GradWithAux((x, y) => (s_sumOfTwo(x, y), (Prediction: s_two(x, y), Step: 3)))(s_x, s_y);
        Equal(Grad(s_sumOfTwo)(s_x, s_y), two.Gradient);
        Equal(s_two(s_x, s_y), two.Aux.Prediction);
        Assert.Equal(3, two.Aux.Step);

        Equal(Grad(s_sumOfThree)(s_x, s_y, s_z), GradWithAux((x, y, z) => (s_sumOfThree(x, y, z), z))(s_x, s_y, s_z).Gradient);
        Equal(Grad(s_sumOfFour)(s_x, s_y, s_z, s_w), GradWithAux((x, y, z, w) => (s_sumOfFour(x, y, z, w), (string?)null))(s_x, s_y, s_z, s_w).Gradient);

        var tree = GradWithAux(((Expr X, Expr Y) p) => (s_sumOfTwo(p.X, p.Y), p.X + 1))((s_x, s_y));
        Equal(Grad(s_sumOfTwo)(s_x, s_y), tree.Gradient);
        Equal(s_x + 1, tree.Aux);
    }

    [Fact]
    public void What_a_function_returns_beside_its_value_is_a_value_and_can_be_differentiated_in_an_outer_derivative()
    {
        Assert.Equal(Op.Constant, GradWithAux(x => (x * x, x + 1))(3).Aux.Op);
        Assert.Equal(12, Grad(t => GradWithAux(x => (x * x, x * x * t))(t) is var (_, slope, cube) ? cube - slope * 7.5 : 0)(3).Value);
        Assert.False(GradWithAux(x => (x * x, x + 1))(Variable("x")).Aux.IsConcrete);
    }

    [Fact]
    public void Nothing_flows_from_the_argument_that_is_left_out() =>
        Equal((0.0 * s_x, 1.0), Grad((x, y) => y)(s_x, 2));

    private static void Equal(Expr expected, params Expr[] actual)
    {
        foreach (var found in actual)
        {
            Assert.Equal(expected.Shape, found.Shape);
            Assert.All(expected.ToArray().Zip(found.ToArray()), pair => Assert.Equal(pair.Item1, pair.Item2, 1e-9));
        }
    }

    private static void Equal((Expr, Expr) actual, Expr x, Expr y) => Equal((x, y), actual);

    private static void Equal((Expr, Expr, Expr) actual, Expr x, Expr y, Expr z) => Equal((x, y, z), actual);

    private static void Equal((Expr, Expr, Expr, Expr) actual, Expr x, Expr y, Expr z, Expr w) => Equal((x, y, z, w), actual);

    private static void Equal<T>(T expected, params T[] actual)
        where T : struct
    {
        foreach (var found in actual)
        {
            Assert.Equal(Tree.Flatten(expected).Select(leaf => leaf.Leaf.Shape), Tree.Flatten(found).Select(leaf => leaf.Leaf.Shape));
            Equal(Tree.Ravel(expected).Vector, Tree.Ravel(found).Vector);
        }
    }
}
