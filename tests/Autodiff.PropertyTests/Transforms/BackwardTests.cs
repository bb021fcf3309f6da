// Reverse mode on a graph: its adjoints against the functional transforms, inside the graph and through further sweeps.

using Autodiff.PropertyTests.Generators;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Transforms;

[Properties(Arbitrary = [typeof(Programs)], MaxTest = 60, QuietOnSuccess = true)]
public class BackwardTests
{
    [Property]
    public void The_adjoint_of_a_variable_is_the_gradient(Program program)
    {
        var x = Variable("x", program.Input);
        var adjoints = Backward(program.Scalar(x));
        Agreement.Near(Grad(program.Scalar)(program.Input), adjoints[x]);
        Assert.Equal([x], adjoints.Keys);
        Assert.Equal(Op.Constant, adjoints[x].Op);
    }

    // The nodes of a graph are looked for by their numbers first, among which those of others may lie.
    [Property(MaxTest = 30)]
    public void Whenever_its_nodes_were_made_a_graph_has_the_same_adjoints(Program f, Program g, ushort between, byte variables)
    {
        var x = Variable("x", f.Input);
        var others = MadeBetween(between / 16);
        Expr[] more = [.. Enumerable.Range(0, variables).Select(i => Variable($"x{i}", i + 0.5))];
        var inner = f.Scalar(x) * 0.5;
        others += MadeBetween(between % 4096);
        var y = Sin(inner) + g.Scalar(inner * g.Input) + more.Aggregate((Expr)0, (sum, variable) => sum + (variable * inner)) + Where(inner, 1, x.Rank);
        others += MadeBetween(3);

        var adjoints = Backward(y);
        var (first, rest) = Grad((v, w) =>
        {
            var value = f.Scalar(v) * 0.5;
            return Sin(value) + g.Scalar(value * g.Input) + Sum(w * value);
        })(f.Input, Arange(variables) + 0.5);
        Agreement.Near(first, adjoints[x]);
        Agreement.Near(rest, variables == 0 ? Zeros(0) : Stack([.. more.Select(variable => adjoints[variable])]));
        Assert.Equal([x, .. more], adjoints.Keys);
        Assert.True(others > 0);

        static int MadeBetween(int count)
        {
            var chain = Variable("other", 1);
            for (var i = 0; i < count; i++)
            {
                chain *= 1;
            }

            return count + 1;
        }
    }

    [Fact]
    public void Variables_come_in_the_order_in_which_the_graph_uses_them_first()
    {
        var (a, b, c, d) = (Variable("a", 1), Variable("b", 2), Variable("c", 3), Variable("d", 4));
        var adjoints = Backward((c * b) + (b * a) + Where(d, c, 0));
        Assert.Equal([c, b, a, d], adjoints.Keys);
        Assert.Equal([c, b, a, d], adjoints.Select(pair => pair.Key));
        Assert.Equal([3, 4, 2, 0], adjoints.Values.Select(value => value.Value));
        Assert.Equal(0, adjoints[d].Value);
    }

    [Property]
    public void With_a_seed_it_is_the_pullback(Program program, int seed)
    {
        var x = Variable("x", program.Input);
        var y = program.Tensor(x);
        var cotangent = Tensors.Direction(y.Shape, seed);
        Agreement.Near(Vjp(program.Tensor)(program.Input).Pullback(cotangent), Backward(y, cotangent)[x]);
    }

    [Property]
    public void With_the_graph_kept_the_adjoints_can_be_swept_again(Program program, int seed)
    {
        var x = Variable("x", program.Input);
        var direction = Tensors.Direction(x.Shape, seed);
        var gradient = Backward(program.Scalar(x), keepGraph: true)[x];
        Agreement.Near(Grad(program.Scalar)(program.Input), gradient);
        Agreement.Near(Hvp(program.Scalar)(program.Input, direction), Backward(Sum(gradient * direction))[x]);

        var product = Backward(Sum(gradient * direction), keepGraph: true)[x];
        var third = Backward(Sum(product * direction))[x];
        Agreement.Near(Grad(v => Sum(Hvp(program.Scalar)(v, direction) * direction))(program.Input), third);
    }

    [Property]
    public void The_adjoint_of_a_node_inside_is_the_gradient_of_what_is_made_of_it(Program f, Program g)
    {
        var x = Variable("x", f.Input);
        var inside = f.Tensor(x) * 0.5;
        var expected = Grad(g.Scalar)(Constant(inside.ToArray(), inside.Shape));
        var y = g.Scalar(inside);
        Agreement.Near(expected, Backward(y)[inside]);
        Agreement.Near(expected, Backward(y, keepGraph: true)[inside]);
        Agreement.Near(1, Backward(y)[y]);
    }

    [Property]
    public void A_named_leaf_inside_a_graph_has_its_own_adjoint_and_lets_derivatives_through(Program f, Program g)
    {
        var x = Variable("x", f.Input);
        var a = Variable("a", f.Tensor(x));
        var adjoints = Backward(g.Scalar(a));
        Agreement.Near(Grad(g.Scalar)(f.Tensor(f.Input)), adjoints[a]);
        Agreement.Near(Grad(v => g.Scalar(f.Tensor(v)))(f.Input), adjoints[x]);
        Assert.Equal(new HashSet<Expr> { x, a }, [.. adjoints.Keys]);
    }

    [Property]
    public void Sweeping_one_graph_twice_gives_the_same_numbers(Program program)
    {
        var x = Variable("x", program.Input);
        var y = program.Scalar(x);
        var first = Backward(y)[x];
        _ = Backward(Sin(y) + Sum(x));
        Agreement.Repeats(first, Backward(y)[x]);
    }

    [Property]
    public void A_pullback_still_holds_after_other_sweeps_over_its_graph(Program program, int seed)
    {
        var x = Variable("x", program.Input);
        var (value, pullback) = Vjp(program.Tensor)(x);
        var cotangent = Tensors.Direction(value.Shape, seed);
        var expected = Vjp(program.Tensor)(program.Input).Pullback(cotangent);
        Agreement.Near(expected, pullback(cotangent));
        _ = Backward(Sum(value) * Sum(x));
        Agreement.Near(expected, pullback(cotangent));
        Agreement.Near(expected, Backward(Sum(value * cotangent))[x]);
    }

    /// <summary>
    /// A kept graph is a formula of its variables: the values they have while it is built must not shape it. So it holds on
    /// the other side of a kink, at a product of 0, and where a sum of exponentials becomes infinite.
    /// </summary>
    [Theory]
    [MemberData(nameof(KinkedFunctions))]
    public void A_kept_graph_holds_at_other_values_of_its_variables(Func<Expr, Expr> f, double[] here, double[] there)
    {
        var x = Variable("x", here);
        var kept = Backward(f(x), keepGraph: true)[x];
        Assert.Equal(Grad(f)(there).ToArray(), kept.Substitute((x, there)).ToArray());
        Assert.Equal(Grad(f)(there).ToArray(), Grad(f)(x).Substitute((x, there)).ToArray());
    }

    public static TheoryData<Func<Expr, Expr>, double[], double[]> KinkedFunctions() => new()
    {
        { x => Sum(Where(x > 0, x * x, -x)), [1, 2], [-1, 2] },
        { x => Sum(Where(x > 0, Sqrt(x), 0)), [1, 4], [0, 4] },
        { x => Sum(Relu(x) + Abs(x)), [1, -2], [-3, 4] },
        { x => Sum(Max(x, x[0] * x[1])), [3, 2], [0.5, 0.25] },
        { x => MaxOf(x) - MinOf(x), [3, 2, 1], [1, 2, 3] },
        { x => Prod(x), [3, 2, 1], [3, 0, 1] },
        { x => LogSumExp(x), [3, 2, 1], [3, double.PositiveInfinity, 1] },
        { x => Norm(x), [3, 4], [0, 0] },
        { x => Sum(Pow(x, x[0])), [3, 4], [2, 0] },
    };
}
