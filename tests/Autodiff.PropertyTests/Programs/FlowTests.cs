// Random programs with nested loops and branches: as nodes they have the values and all derivatives they have as C# statements.

using Autodiff.PropertyTests.Generators;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.LoopsAndBranches;

[Properties(Arbitrary = [typeof(Flows)], QuietOnSuccess = true)]
public class FlowTests
{
    /// <summary>Eigh has no value while its branch is traced; its derivative at numbers is none of the function around it all the same.</summary>
    [Fact]
    public void A_derivative_of_numbers_in_a_branch_may_be_read_by_a_function_in_it()
    {
        Expr Branch(Expr x) => Cond(Sum(x) > 0.5, () => x[0], () =>
        {
            Expr matrix = new double[,] { { 1, 2 }, { 3, 4 } };
            var slope = Jvp(a => Pow(Eigh(Diag(Arange(2)) + ((a + Transpose(a)) / 32)).Vectors, 2))(matrix, matrix).Tangent[0, 0];
            return ArgMin(v => Pow(v - slope, 2), 0.5) * x[0];
        });
        Expr x = new[] { 0.1, 0.2 };
        Assert.Equal(Branch(x).Value, Compile(Branch)(x).Value, 1e-15);
        Assert.Equal(Grad(Branch)(x).ToArray(), Compile(Grad(Branch))(x).ToArray());
    }

    /// <summary>What a function that may fail makes of numbers has no value either while its branch is traced, and a symbol without derivative none at all.</summary>
    [Fact]
    public void A_derivative_at_what_has_no_value_yet_may_be_read_by_another()
    {
        Expr matrix = new double[,] { { 0.5, 0 }, { 0.1, 0.2 } };
        static Expr Solved(Expr a) => SolveTriangular(Eye(2) + (a / 8), a, lower: false);
        static Expr Twice(Func<Expr, Expr> slope, Expr at) => Grad(v => Mean(v * v * slope(at)))(slope(at));
        foreach (var slope in (Func<Expr, Expr>[])[Grad(v => Mean(Xlogy(v, v + 4))), v => Jvp(Solved)(v, v).Tangent, v => Hvp(w => Mean(Xlogy(w, w + 4)))(v, v)])
        {
            Expr Branch(Expr x) => Cond(Mean(x) > 0, () => x, () => Twice(slope, Solved(matrix)) * x);
            Agreement.Near(Branch(-Ones(2, 2)), Compile(Branch)(-Ones(2, 2)), 1e-15);
            Agreement.Near(Grad(x => Sum(Branch(x)))(-Ones(2, 2)), Compile(Grad(x => Sum(Branch(x))))(-Ones(2, 2)), 1e-15);

            Func<Expr, Expr> stopped = x => Twice(slope, Solved(StopGradient(x))) * x;
            Agreement.Near(stopped(matrix), Compile(stopped)(matrix), 1e-15);
        }
    }

    /// <summary>Quotients by gaps of eigenvalues are not formed on the diagonal, where a program could not tell their NaN from one that counts.</summary>
    [Fact]
    public void Derivatives_of_vectors_within_a_loop_are_numbers()
    {
        foreach (var vectors in (Func<Expr, Expr>[])[a => Eigh(a).Vectors, a => Svd(a).U])
        {
            var direct = Hvp(v => Mean(Pow(vectors(Diag(Arange(2) + 1) + ((v + Transpose(v)) / 32)), 2)));
            Expr Looped(Expr x) => Scan((s, item) => (direct(x, s), item), x, x).Final;
            var at = Zeros(1, 2);
            foreach (var jacobian in (Func<Func<Expr, Expr>, Func<Expr, Expr>>[])[JacobianReverse, JacobianForward])
            {
                Agreement.Near(jacobian(x => direct(x, x))(at), jacobian(Looped)(at), 1e-15);
                Agreement.Near(jacobian(x => direct(x, x))(at), Compile(jacobian(x => direct(x, x)))(at), 1e-15);
            }
        }
    }

    [Property(MaxTest = 150)]
    public void Values_and_first_derivatives_are_those_of_statements(FlowCase flow)
    {
        var (plain, nodes, point) = (flow.By(Control.Statements), flow.By(Control.Nodes), flow.Point);
        Agreement.Near(plain(point), nodes(point));
        var gradient = Grad(plain)(point);
        Agreement.Near(gradient, Grad(nodes)(point));
        Agreement.Near(gradient, JacobianForward(nodes)(point));
    }

    [Property(MaxTest = 40)]
    public void Second_derivatives_in_all_four_nestings_are_those_of_statements(FlowCase flow)
    {
        var (nodes, point) = (flow.By(Control.Nodes), flow.Point);
        var expected = Hessian(flow.By(Control.Statements))(point);
        Agreement.Near(expected, JacobianReverse(Grad(nodes))(point));
        Agreement.Near(expected, JacobianForward(Grad(nodes))(point));
        Agreement.Near(expected, JacobianReverse(JacobianForward(nodes))(point));
        Agreement.Near(expected, JacobianForward(JacobianForward(nodes))(point));
    }

    [Property(MaxTest = 15)]
    public void Third_derivatives_along_a_line_are_those_of_statements(FlowCase flow)
    {
        var nodes = flow.OnLine(Control.Nodes);
        var expected = Diff(flow.OnLine(Control.Statements), 3)(0);
        Agreement.Near(expected, Diff(nodes, 3)(0));
        Agreement.Near(expected, Grad(Grad(Grad(nodes)))(0));
        Agreement.Near(expected, Grad(Diff(Grad(nodes)))(0));
    }

    [Property(MaxTest = 60)]
    public void A_program_of_symbols_is_differentiated_and_then_given_numbers(FlowCase flow)
    {
        var (nodes, point) = (flow.By(Control.Nodes), flow.Point);
        var x = Variable("x", point.Shape);
        var y = nodes(x);
        var gradient = Grad(flow.By(Control.Statements))(point);
        Agreement.Near(nodes(point), y.Substitute((x, point)));
        Agreement.Near(gradient, Backward(y)[x].Substitute((x, point)));
        Agreement.Near(gradient, Grad(nodes)(x).Substitute((x, point)));
        Agreement.Near(Jvp(nodes)(point, point).Tangent, Jvp(nodes)(x, point).Tangent.Substitute((x, point)));
    }

    // A named value may be exchanged, so both branches stay in the graph, and a loop may come to take other steps.
    [Property(MaxTest = 60)]
    public void A_program_of_named_values_is_given_other_values(FlowCase flow, int seed)
    {
        var (nodes, point) = (flow.By(Control.Nodes), flow.Point);
        var x = Variable("x", 2 * Tensors.Direction(point.Shape, seed));
        var y = nodes(x);
        Agreement.Near(flow.By(Control.Statements)(x), y);
        Agreement.Near(flow.By(Control.Statements)(point), y.Substitute((x, point)));
        Agreement.Near(Grad(flow.By(Control.Statements))(point), Backward(y, keepGraph: true)[x].Substitute((x, point)));
        Agreement.Near(Grad(flow.By(Control.Statements))(x), Backward(y)[x]);
    }

    [Property(MaxTest = 30)]
    public void However_often_states_are_kept_the_derivatives_are_the_same(FlowCase flow)
    {
        var point = flow.Point;
        var gradient = Grad(flow.By(Control.Nodes))(point);
        var curvature = Hvp(flow.By(Control.Nodes))(point, point);
        foreach (var every in new[] { 2, 3, 7 })
        {
            Agreement.Near(gradient, Grad(flow.By(Control.AsNodes(every)))(point));
            Agreement.Near(curvature, Hvp(flow.By(Control.AsNodes(every)))(point, point));
        }
    }

    [Property(MaxTest = 60)]
    public void Checkpoint_of_a_program_is_that_program(FlowCase flow)
    {
        var (nodes, point) = (flow.By(Control.Nodes), flow.Point);
        var kept = Checkpoint(nodes);
        Agreement.Near(nodes(point), kept(point));
        if (!double.IsFinite(nodes(point).Value))
        {
            // There is no derivative. Which elements are NaN then depends on the structural zeros, and a loop within a call does not know those of its operands.
            return;
        }

        Agreement.Near(Grad(nodes)(point), Grad(kept)(point));
        Agreement.Near(JacobianForward(nodes)(point), JacobianForward(kept)(point));
        Agreement.Near(Hvp(nodes)(point, point), Hvp(kept)(point, point));
        Agreement.Near(Hvp(nodes)(point, point), Jvp(Grad(x => Checkpoint<(Expr, Expr), (Expr, Expr)>(p => (p.Item1, nodes(p.Item2)))((x, x)).Item2))(point, point).Tangent);
    }

    [Property(MaxTest = 60)]
    public void Whatever_program_it_is_it_prints_and_its_derivatives_do(FlowCase flow)
    {
        var x = Variable("x", flow.Point.Shape);
        var y = flow.By(Control.Nodes)(x);
        foreach (var expression in new[] { y, Backward(y)[x], Jvp(flow.By(Control.Nodes))(x, flow.Point).Tangent })
        {
            Assert.All($"{expression}\n{expression.ToFormula()}".Split('\n'), line => Assert.InRange(line.Length, 1, 400));
            Assert.All(expression.ToLatex().Split('\n'), line => Assert.InRange(line.Length, 1, 1200));
            Assert.NotEmpty(expression.ToMermaid());
            Assert.NotEmpty(expression.ToDot());
        }

        Assert.NotEmpty(y.ToMermaid(Backward(y)));
    }
}
