// Gradients of reductions at numbers, which are computed in blocks of 512 elements, against the same rules on expressions: for every layout of the
// folded axes, with lengths around the size of a block, and with masks on the cotangents of the result and of the operand.

using Autodiff.PropertyTests.Generators;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Rules;

public class ReductionFlowTests
{
    private delegate Expr Reduction(Expr x, Axes axis, bool keepDims);

    private static readonly Dictionary<string, Reduction> s_reductions = new()
    {
        ["Sum"] = Sum,
        ["Prod"] = Prod,
        ["MaxOf"] = MaxOf,
        ["MinOf"] = MinOf,
        ["LogSumExp"] = LogSumExp,
        ["Norm"] = (x, axis, keepDims) => Norm(x, axis, keepDims),
    };

    private static readonly (int[] Shape, int[] Axes)[] s_layouts =
    [
        ([511], [0]), ([512], [0]), ([513], [0]), ([1025], [0]), ([700], []), ([1, 700], [0]), ([700, 1], [1]), ([1], [0]),
        ([60, 10], [1]), ([60, 10], [0]), ([300, 2], [1]), ([2, 300], [0]), ([200, 3], [1]), ([40, 33], [1]),
        ([3, 511], [1]), ([3, 512], [1]), ([3, 513], [1]), ([512, 3], [0]), ([513, 3], [0]), ([3, 600], [0]),
        ([7, 5, 40], [1]), ([7, 5, 40], [0, 2]), ([2, 300, 3], [1]), ([2, 300, 3], [0, 2]), ([2, 3, 4, 50], [0, 2]), ([2, 3, 4, 50], [1, 3]), ([2, 3, 4, 50], [1, 2]),
        ([0], [0]), ([3, 0], [0]), ([0, 3], [1]),
    ];

    public static IEnumerable<object[]> Layouts =>
        from reduction in s_reductions.Keys
        from layout in Enumerable.Range(0, s_layouts.Length)
        where reduction is not ("MaxOf" or "MinOf") || s_layouts[layout] is not ([0, ..], [0])
        select new object[] { reduction, layout };

    public static TheoryData<string> Reductions => [.. s_reductions.Keys];

    [Theory, MemberData(nameof(Layouts))]
    public void In_every_layout_the_gradient_is_that_of_the_rule_on_expressions(string reduction, int layout)
    {
        var (lengths, axes) = s_layouts[layout];
        var x = 1 + (0.1 * Tensors.Direction(new Shape(lengths), 1));
        foreach (var keepDims in new[] { false, true })
        {
            Expr Folded(Expr v) => s_reductions[reduction](v, axes, keepDims);
            AgreesWithExpressions(v => Sum(Tensors.Direction(Folded(v).Shape, 2) * Folded(v)), x);

            // The operand has a second cotangent, which is added after or before that of the reduction.
            AgreesWithExpressions(v => Sum(Folded(v)) + Sum(v * v), x);
            AgreesWithExpressions(v => Sum(v * v) + Sum(Folded(v)), x);
            AgreesWithExpressions(v => Sum(Folded(v) * Folded(2 - v)), x);
        }
    }

    [Theory, MemberData(nameof(Layouts))]
    public void Of_one_number_everywhere_the_gradient_is_the_same(string reduction, int layout)
    {
        var (lengths, axes) = s_layouts[layout];
        AgreesWithExpressions(v => Sum(s_reductions[reduction](v, axes, false)), Ones(lengths));
        AgreesWithExpressions(v => Sum(s_reductions[reduction](BroadcastTo(v, new Shape(lengths)), axes, false)), 0.5);
    }

    [Theory, MemberData(nameof(Reductions))]
    public void A_row_that_is_not_taken_gets_nothing_whatever_stands_in_it(string reduction)
    {
        foreach (var length in new[] { 3, 10, 512, 513 })
        {
            Expr taken = Tensors.Direction(new Shape(1, length), 1);
            var x = Concat([taken, BroadcastTo(double.NaN, new Shape(1, length)), taken]);
            var gradient = Grad(v => Sum(Where(new double[] { 1, 0, 1 }, s_reductions[reduction](v, 1, false), 0)))(x);
            Assert.Equal(new double[length], gradient[1].ToArray());
            Agreement.Near(Grad(v => s_reductions[reduction](v, default, false))(taken[0]), gradient[2]);
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(512)]
    [InlineData(513)]
    [InlineData(1500)]
    public void An_element_that_loses_gets_nothing_on_the_way_back(int length)
    {
        // √ has an infinite derivative at 0, and all elements but the last are 0.
        var x = Concat([Zeros(length - 1), Ones(1)]);
        var expected = Concat([Zeros(length - 1), (Expr)new[] { 0.5 }]);
        Agreement.Identical(expected, Grad(v => MaxOf(Sqrt(v)))(x));
        Agreement.Identical(expected, Grad(v => -MinOf(-Sqrt(v)))(x));
        Agreement.Identical(Stacked(expected), Grad(v => Sum(MaxOf(Sqrt(v), 1)))(Stacked(x)));
        Agreement.Identical(Transpose(Stacked(expected)), Grad(v => Sum(MaxOf(Sqrt(v), 0)))(Transpose(Stacked(x))));
        Agreement.Identical(Stacked(Zeros(length)), Grad(v => Sum(Norm(Sqrt(v), 1)))(Stacked(Zeros(length))));

        Expr Stacked(Expr row) => Stack([row, row, row]);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(10)]
    [InlineData(600)]
    public void Ties_share_equally_in_every_layout(int length)
    {
        var x = Stack([Ones(length), Zeros(length), Ones(length)]);
        var rows = Constant([.. x.ToArray().Select((_, i) => i / length == 1 ? 0 : 0.5)], x.Shape);
        Agreement.Near(rows, Grad(v => Sum(MaxOf(v, 0)))(x));
        Agreement.Near(Ones(3, length) / length, Grad(v => Sum(MaxOf(v, 1)))(x));
        Agreement.Near(rows / length, Grad(v => MaxOf(v))(x));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(700)]
    public void Irregular_rows_among_regular_ones_are_right(int length)
    {
        Expr row = 1 + (0.1 * Tensors.Direction(new Shape(length), 1));
        var zeros = Stack([row, Concat([Zeros(1), row[1..]]), Concat([Zeros(2), row[2..]])]);
        AgreesWithExpressions(v => Sum(Prod(v, 1)), zeros);
        Assert.Equal(Prod(row[1..]).Value, Grad(v => Sum(Prod(v, 1)))(zeros)[1, 0].Value, 1e-12);

        var infinite = Stack([row, Concat([(Expr)new[] { double.PositiveInfinity }, row[1..]]), BroadcastTo(double.NegativeInfinity, row.Shape)]);
        AgreesWithExpressions(v => Sum(LogSumExp(v, 1)), infinite);
    }

    /// <summary>A tensor and its reshapes share one cotangent, to which the cotangents of all of them are added.</summary>
    [Fact]
    public void Flows_to_a_tensor_and_to_its_reshapes_meet()
    {
        foreach (var rows in new[] { 2, 300 })
        {
            var x = 1 + (0.1 * Tensors.Direction(new Shape(rows, 3), 1));
            AgreesWithExpressions(v => Sum(v * Reshape(Reshape(v, 3, -1), rows, 3)), x);
            AgreesWithExpressions(v => Sum(Reshape(v, -1) * Reshape(Reshape(v, 3, -1), -1)) + Sum(v), x);
            AgreesWithExpressions(v => Sum(Sin(Reshape(Exp(v), -1))) + Sum(Exp(v)[0]) + Sum(Reshape(Exp(v), -1)[1..]), x);
            AgreesWithExpressions(v => Sum(Reshape(v, rows, 3, 1) * Reshape(v, rows, 1, 3)), x);
            AgreesWithExpressions(v => Reshape(Sum(v), 1, 1)[0, 0] * Reshape(v[0, 0], 1)[0], x);
        }

        // An element that no slice of a reshape reads is still a structural zero.
        var gradient = Grad(v => Sum(Reshape(Sqrt(v), 2, 2)[1]))(new double[] { 0, 0, 1, 4 });
        Agreement.Identical(new double[] { 0, 0, 0.5, 0.25 }, gradient);
    }

    /// <summary>Checks that the gradient at numbers is the symbolic gradient after the numbers have been substituted.</summary>
    private static void AgreesWithExpressions(Func<Expr, Expr> f, Expr x)
    {
        var variable = Variable("x", x.Shape);
        Agreement.Near(Grad(f)(variable).Substitute((variable, x)), Grad(f)(x), 1e-12);
    }
}
