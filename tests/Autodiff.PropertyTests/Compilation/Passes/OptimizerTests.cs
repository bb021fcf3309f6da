// The effect of each pass on small programs: which operations remain, and which must remain because without them a value would change.

using Autodiff.Functional.Compilation.Passes;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Programs;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Compiling;

public class OptimizerTests
{
    private static readonly Shape s_matrix = new(40, 3);
    private static readonly Expr s_mask = new double[] { 1, 0, 1 };

    private static readonly Dictionary<string, (Func<Computation, Computation> Pass, Shape Shape, Func<Expr, Expr> Program, Op[] Left)> s_cases = new()
    {
        ["a call"] = (Inlining.Expand, new(3), Compile<Expr, Expr>(x => Sin(x)), [Op.Sin]),
        ["a call in a call"] = (Inlining.Expand, new(3), Compile<Expr, Expr>(x => Compile<Expr, Expr>(y => Sin(y))(Cos(x))), [Op.Cos, Op.Sin]),
        ["a checkpoint stays"] = (Inlining.Expand, new(3), Checkpoint((Expr x) => Sin(x)), [Op.Call]),
        ["one part of a call"] = (Optimizer.Run, new(3), x => Compile<Expr, (Expr, Expr)>(y => (Sin(y), Cos(y)))(x).Item1, [Op.Sin]),
        ["equal operations"] = (CommonSubexpressions.Merge, new(3), x => Sin(x) * Sin(x), [Op.Sin, Op.Multiply]),
        ["sums the other way round"] = (CommonSubexpressions.Merge, new(3), x => (x + Sin(x)) * (Sin(x) + x), [Op.Sin, Op.Add, Op.Multiply]),
        ["differences the other way round stay"] = (CommonSubexpressions.Merge, new(3), x => (x - Sin(x)) * (Sin(x) - x), [Op.Sin, Op.Subtract, Op.Subtract, Op.Multiply]),
        ["equal axes"] = (CommonSubexpressions.Merge, s_matrix, x => Sum(x, 0) * Sum(x, 0), [Op.Sum, Op.Multiply]),
        ["other axes stay"] = (CommonSubexpressions.Merge, new(3, 3), x => Sum(x, 0) * Sum(x, 1), [Op.Sum, Op.Sum, Op.Multiply]),
        ["equal constants"] = (CommonSubexpressions.Merge, new(3), x => (x + new double[] { 1, 2, 3 }) * (x + new double[] { 1, 2, 3 }), [Op.Add, Op.Multiply]),
        ["zeros of either sign stay"] = (CommonSubexpressions.Merge, new(3), x => (x + 0.0) * (x + -0.0), [Op.Add, Op.Add, Op.Multiply]),
        ["times 1"] = (Arithmetic.Simplify, new(3), x => x * 1 / 1, []),
        ["times 0 stays"] = (Arithmetic.Simplify, new(3), x => x * 0, [Op.Multiply]),
        ["plus 0 stays"] = (Arithmetic.Simplify, new(3), x => x + 0, [Op.Add]),
        ["minus 0, plus −0"] = (Arithmetic.Simplify, new(3), x => x - 0 + -0.0, []),
        ["twice negated"] = (Arithmetic.Simplify, new(3), x => -(-x), []),
        ["signs"] = (Arithmetic.Simplify, new(3), x => -x * -Sin(x), [Op.Sin, Op.Multiply]),
        ["a square"] = (Arithmetic.Simplify, new(3), x => Pow(x, 2), [Op.Multiply]),
        ["a known mask"] = (Arithmetic.Simplify, new(3), x => Where(Ones(3), x, Sin(x)), []),
        ["a mask known to vary stays"] = (Arithmetic.Simplify, new(3), x => Where(s_mask, x, 0), [Op.Where]),
        ["masks in masks"] = (Masks.Merge, new(3), x => x > 0 is var m ? Where(m, Where(m, x, 1) * Where(m, x, 2), 0) : x, [Op.Greater, Op.Multiply, Op.Where]),
        ["reshapes"] = (Layout.Simplify, s_matrix, x => Reshape(Reshape(x, -1), 40, 3), []),
        ["permutations"] = (Layout.Simplify, s_matrix, x => Transpose(Transpose(x)), []),
        ["a moved axis of length 1"] = (Layout.Simplify, new(1, 3), x => Transpose(x), [Op.Reshape]),
        ["slices of slices"] = (Layout.Simplify, s_matrix, x => x[2..][..5, 1..][3], [Op.Slice]),
        ["a part of what is joined"] = (Layout.Simplify, s_matrix, x => Concat([Sin(x), Cos(x)])[50..60, 2], [Op.Cos, Op.Slice]),
        ["one of what is stacked"] = (Layout.Simplify, s_matrix, x => Stack([Sin(x), Cos(x)], axis: 1)[.., 1], [Op.Cos]),
        ["a part of what is stretched"] = (Layout.Simplify, new(3), x => BroadcastTo(x, s_matrix)[7], []),
        ["positions in a row"] = (Layout.Simplify, s_matrix, x => Take(x, [3, 4, 5]), [Op.Slice]),
        ["the sum of one"] = (Layout.Simplify, new(40, 1), x => Sum(x, 1), [Op.Reshape]),
        ["stretched before"] = (Broadcasts.Sink, new(3), x => Sin(BroadcastTo(x, s_matrix)), [Op.Sin, Op.BroadcastTo]),
        ["stretched anyway"] = (Optimizer.Run, new(3), x => BroadcastTo(x, s_matrix) * Ones(40, 1) + Arange(3), [Op.Add, Op.BroadcastTo]),
        ["a sum of a product of matrices"] = (Contractions.Simplify, s_matrix, x => Sum(MatMul(x, Transpose(x))), [Op.Sum, Op.Sum, Op.Einsum]),
        ["a product of matrices written out"] = (Contractions.Simplify, s_matrix, x => Sum(Reshape(x, 40, 1, 3) * Sin(x), 2), [Op.Sin, Op.Einsum]),
        ["a sum of what is stretched"] = (Contractions.Simplify, new(3), x => Sum(BroadcastTo(x, s_matrix), 0), [Op.Multiply]),
        ["an outer product"] = (Contractions.Simplify, new(3), x => Outer(x, Sin(x)), [Op.Reshape, Op.Sin, Op.Multiply]),
        ["a transposed operand"] = (Contractions.Simplify, s_matrix, x => MatMul(Transpose(x), Sin(x)), [Op.Sin, Op.Einsum]),
        ["a norm of each of many points"] = (Optimizer.Run, s_matrix, x => Sqrt(Sum(x * x, 1)), [Op.Slice, Op.Multiply, Op.Slice, Op.Multiply, Op.Add, Op.Slice, Op.Multiply, Op.Add, Op.Sqrt]),
        ["points turned by a matrix"] = (Optimizer.Run, s_matrix, x => MatMul(x, x[..3])[.., 1], [Op.Slice, Op.Slice, Op.Multiply, Op.Slice, Op.Slice, Op.Multiply, Op.Add, Op.Slice, Op.Slice, Op.Multiply, Op.Add]),
        ["points that are not combined"] = (ShortAxes.Split, s_matrix, x => Sin(x) * x, [Op.Sin, Op.Multiply]),
        ["the derivative of Tanh"] = (Optimizer.Run, new(3), x => Jvp(Tanh)(x, Ones(3)).Tangent, [Op.Multiply, Op.LogisticDensity, Op.Multiply]),
        ["a sigmoid and its derivative"] = (Optimizer.Run, new(3), x => Sigmoid(x) + Jvp(Sigmoid)(x, Ones(3)).Tangent, [Op.Abs, Op.Negate, Op.Exp, Op.Add, Op.Less, Op.Where, Op.Divide, Op.Multiply, Op.Divide, Op.Add]),
    };

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_pass_leaves(string name)
    {
        var (pass, shape, program, left) = s_cases[name];
        var body = pass(Traced(shape, program));
        Assert.Equal(left.Order(), body.Nodes.Select(node => node.Op).Where(op => op != Op.Reshape || left.Contains(Op.Reshape)).Order());
    }

    [Fact]
    public void LogSumExp_keeps_what_small_terms_add_to_the_largest()
    {
        var body = Decomposition.Decompose(Traced(new(2), x => LogSumExp(x)));
        Assert.DoesNotContain(body.Nodes, node => node.Op == Op.LogSumExp);
        foreach (var (x, y) in new[] { (0.0, -50.0), (-3, -3), (1e-3, -40), (double.NegativeInfinity, double.NegativeInfinity), (double.PositiveInfinity, 1), (double.NaN, 1), (-700, 0) })
        {
            double[] point = [x, y];
            var (expected, actual) = (LogSumExp(point).Value, body.Bytecode.Run([new Storage(new(2), point)])[0][0]);
            Assert.True(expected.Equals(actual) || Math.Abs(expected - actual) <= 1e-15 * Math.Abs(expected), $"{x}, {y}: expected {expected:R}, actual {actual:R}");
        }
    }

    [Fact]
    public void The_softmax_of_a_gradient_is_made_of_the_exponentials_of_the_value()
    {
        var body = Optimizer.Run(Computation.Trace("Compile", [new(5)], x => ValueAndGrad(y => LogSumExp(y))(x[0]) is var (value, gradient) ? [value, gradient] : []).Computation);
        Assert.Single(body.Nodes, node => node.Op == Op.Exp);
    }

    [Fact]
    public void Reading_every_part_of_a_large_join_takes_linear_time()
    {
        const int Parts = 20_000;
        var body = Traced(new(Parts), x => Enumerable.Range(0, Parts).Select(i => Concat([.. Enumerable.Range(0, 1).Select(_ => x), Sin(x)])[Parts + i]).Aggregate((sum, term) => sum + term));
        Assert.Equal(Parts, Optimizer.Run(body).Nodes.Count(node => node.Op == Op.Slice));
    }

    [Fact]
    public void Steps_say_what_each_pass_has_done()
    {
        var body = Traced(new(3), x => Sin(x) * 1 + Sin(x));
        Assert.Equal(["simplify arithmetic: 3 -> 2 operations"], Optimizer.Explain(body));
        Assert.Empty(Optimizer.Explain(Optimizer.Run(body)));
    }

    private static Computation Traced(Shape shape, Func<Expr, Expr> program) => Computation.Trace("Compile", [shape], x => [program(x[0])]).Computation;
}
