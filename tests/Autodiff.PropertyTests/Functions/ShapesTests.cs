// The functions that pad, repeat, split and rearrange tensors, and products by axes: values against plain loops, the laws of linear maps, batches,
// compiled functions, text and JSON; then single values, edges and errors.

using Autodiff.PropertyTests.Generators;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.FunctionGroups;

public class ShapesTests
{
    private static readonly Expr s_vector = new double[] { 1, 2, 3, 4, 5 };
    private static readonly Expr s_matrix = new double[,] { { 1, 2, 3 }, { 4, 5, 6 } };

    public static TheoryData<string> Functions => [.. ShapeCases.All.Keys];

    [Theory, MemberData(nameof(Functions))]
    public void The_value_is_that_of_plain_loops(string function) => ForAll(function, 60, x => x.HasTheValueOfItsLoops());

    [Theory, MemberData(nameof(Functions))]
    public void Built_symbolically_and_substituted_it_is_the_same(string function) => ForAll(function, 20, x => x.IsTheSameBuiltSymbolically());

    [Theory, MemberData(nameof(Functions))]
    public void The_function_is_linear_in_each_operand_and_its_pullback_is_its_transpose(string function) => ForAll(function, 30, x =>
    {
        x.IsLinearInEachOperand();
        x.PullsBackByTheTransposeOfPushingForward();
    });

    [Theory, MemberData(nameof(Functions))]
    public void The_Jacobian_is_the_same_in_every_mode_and_by_differences(string function) => ForAll(function, 8, x => x.HasOneJacobianInEveryMode());

    [Theory, MemberData(nameof(Functions))]
    public void The_Hessian_is_the_same_in_every_nesting(string function) => ForAll(function, 3, x => x.HasOneHessianInEveryNesting());

    [Theory, MemberData(nameof(Functions))]
    public void A_batch_is_the_loop_over_samples(string function) => Batching.ForAll(Batching.Of(ShapeCases.All[function]), 10, x =>
        Agreement.Repeats(x.Looped(x.Arguments), x.Mapped(x.Arguments)));

    [Theory, MemberData(nameof(Functions))]
    public void A_compiled_function_is_the_function_and_its_kernels_are_its_own(string function) => ForAll(function, 3, x =>
    {
        for (var i = 0; i < x.Operands.Length; i++)
        {
            var (position, operand) = (i, x.Operands[i]);
            Expr F(Expr v) => x.Apply([.. x.Operands[..position], v, .. x.Operands[(position + 1)..]]);
            Expr Bent(Expr v) => Sum(Sin(F(v)) * F(v));
            Agreement.Repeats(F(operand), Compile(F)(operand));
            Agreement.Near(Grad(Bent)(operand), Compile(Grad(Bent))(operand));
            Agreement.Repeats(Stack(F(operand), F(2 * operand)), Compile(Vmap(F))(Stack(operand, 2 * operand)));
            if (operand.Shape.Size > 0 && x.Value.Shape.Size > 0)
            {
                Assert.DoesNotContain("without compilation", CompileFor(Grad(Bent), operand.Shape).Explain(), StringComparison.Ordinal);
                Assert.DoesNotContain("without compilation", CompileFor(v => Sin(F(Sin(v))), operand.Shape).Explain(), StringComparison.Ordinal);
            }
        }
    });

    [Theory, MemberData(nameof(Functions))]
    public void What_is_printed_and_what_is_saved_is_read(string function) => ForAll(function, 5, x =>
    {
        Expr[] variables = [.. x.Operands.Select((operand, i) => Variable($"x{i}", operand.Shape))];
        var formula = x.Apply(variables);
        (Expr, Expr)[] values = [.. variables.Zip(x.Operands)];
        Agreement.Identical(x.Value, Parse(formula.ToString(), [.. variables.Select(variable => (variable.Name.IfNone(""), variable))]).Substitute(values));
        var saved = FromJson(formula.ToJson());
        Assert.Equal($"{formula}", $"{saved}");
    });

    [Fact]
    public void A_step_is_a_view_in_kernels()
    {
        var program = CompileFor(x => Sum(x[Slice.Every(2, 1..^1)] * x[Slice.Every(2, 2..)]), new Shape(1001));
        Assert.DoesNotContain("Every", program.Explain(), StringComparison.Ordinal);
        Expr x = Sin(Arange(1001));
        Agreement.Repeats(Sum(x[Slice.Every(2, 1..^1)] * x[Slice.Every(2, 2..)]), Compile(v => Sum(v[Slice.Every(2, 1..^1)] * v[Slice.Every(2, 2..)]))(x));
    }

    [Fact]
    public void Steps_keep_what_they_say()
    {
        Assert.Equal("[1, 3, 5]", $"{s_vector[Slice.Every(2)]}");
        Assert.Equal("[2, 4]", $"{s_vector[Slice.Every(2, 1..^1)]}");
        Assert.Equal("[1]", $"{s_vector[Slice.Every(9)]}");
        Assert.Equal("[]", $"{s_vector[Slice.Every(2, 2..2)]}");
        Assert.Equal("[1, 2, 3, 4, 5]", $"{s_vector[Slice.Every(1)]}");
        Assert.Equal("[[1, 3], [4, 6]]", $"{s_matrix[.., Slice.Every(2)]}");
        Assert.Equal("[4, 6]", $"{s_matrix[1, Slice.Every(2)]}");
        Assert.Equal("every(v[1..4], step: 2, axis: 0)", $"{Variable("v", new Shape(5))[Slice.Every(2, 1..4)]}");
        Assert.Equal(Slice.Every(1), (Slice)(..));
        Assert.True(Slice.Every(2) != Slice.Every(3));
        Assert.Equal("1..^1 by 2", $"{Slice.Every(2, 1..^1)}");
    }

    [Fact]
    public void A_step_keeps_structural_zeros() =>
        Assert.Equal("[0.5, 0, 0.25, 0]", $"{Grad(x => Sum(Sqrt(x)[Slice.Every(2)]))(new double[] { 1, 0, 4, 0 })}");

    [Fact]
    public void Zeros_keep_their_signs_and_NaN_stays_where_it_is()
    {
        Assert.Equal([0, double.NegativeZero, 0], Pad(new double[] { double.NegativeZero }, (1, 1)).ToArray());
        Assert.True(double.IsNegative(Pad(new double[] { double.NegativeZero }, (1, 1)).ToArray()[1]));
        Assert.Equal("[[NaN, 0], [1, 2]]", $"{Tril(new double[,] { { double.NaN, double.NaN }, { 1, 2 } })}");
        Assert.Equal("[[0.5, 0], [0.25, 1]]", $"{Grad(x => Sum(Tril(Sqrt(x))))(new double[,] { { 1, 0 }, { 4, 0.25 } })}");
    }

    [Fact]
    public void Joins_and_shapes_take_several_arguments()
    {
        Assert.Equal("[1, 2, 3]", $"{Stack(1, 2, 3)}");
        Assert.Equal("[1, 2, 3, 1]", $"{Concat(Stack(1, 2), Stack(3, 1))}");
        Assert.Equal("[[1, 3], [2, 4]]", $"{Stack([Stack(1, 2), Stack(3, 4)], axis: 1)}");
        Assert.Equal(new Shape(2, 3), BroadcastTo(1, 2, 3).Shape);
        Assert.Equal(3, new Shape(2, 3)[^1]);
        Assert.Equal(2, new Shape(2, 3)[^2]);
    }

    [Fact]
    public void Ranges_are_NumPys()
    {
        Assert.Equal("[0, 0.1, 0.2, 0.30000000000000004, 0.4, 0.5, 0.6000000000000001, 0.7000000000000001, 0.8, 0.9, 1]", $"{Linspace(0, 1, 11)}");
        Assert.Equal("[2]", $"{Linspace(2, 3, 1)}");
        Assert.Equal("[]", $"{Linspace(2, 3, 0)}");
        Assert.Equal("[3, 2, 1]", $"{Linspace(3, 1, 3)}");
        Assert.Equal("[2, 3, 4]", $"{Arange(2, 5)}");
        Assert.Equal("[5, 3, 1]", $"{Arange(5, 0, -2)}");
        Assert.Equal("[]", $"{Arange(5, 0)}");
        Assert.Equal("[0, 0.1, 0.2]", $"{Arange(0, 0.3, 0.1)}");
        Assert.Equal("[[7, 7]]", $"{Full(new(1, 2), 7)}");
    }

    [Fact]
    public void Dot_is_NumPys()
    {
        Assert.Equal("[14, 32]", $"{Dot(s_matrix, new double[] { 1, 2, 3 })}");
        Assert.Equal("[9, 12, 15]", $"{Dot(new double[] { 1, 2 }, s_matrix)}");
        Assert.Equal("[[14, 32], [32, 77]]", $"{Dot(s_matrix, Transpose(s_matrix))}");
        Assert.Equal("[2, 4, 6, 8, 10]", $"{Dot(2, s_vector)}");
        Assert.Equal("6", $"{Dot(2, 3)}");
        Assert.Equal(new Shape(2, 4, 5), Dot(Ones(2, 3), Ones(4, 3, 5)).Shape);
    }

    [Fact]
    public void Largest_and_smallest_of_several_share_ties()
    {
        Assert.Equal("[3, 5]", $"{Max(new double[] { 1, 5 }, 3, new double[] { 2, 2 })}");
        Assert.Equal("[1, 2]", $"{Min(new double[] { 1, 5 }, 3, new double[] { 2, 2 })}");
        var (a, b, c) = Grad((x, y, z) => Max(x, y, z))(2, 2, 2);
        Assert.All([a, b, c], share => Assert.Equal(1.0 / 3, share.Value, 15));
        Assert.True(double.IsNaN(Max(1, double.NaN, 3).Value));
        Assert.Equal("[3, 6]", $"{Sum(new double[] { 0, 3 }, 1, 2)}");
        Assert.Equal("3", $"{Sum(Stack(1, 2), 0)}");
    }

    public static TheoryData<string, Func<Expr>> Errors => new()
    {
        { "Pad: 1 pair(s)", () => Pad(s_matrix, (1, 1)) },
        { "are negative", () => Pad(s_vector, (1, -1)) },
        { "Roll: axis 1 does not exist", () => Roll(s_vector, 1, 1) },
        { "Roll: axis 0 does not exist in a scalar", () => Roll(1, 1) },
        { "Tile: a tensor cannot be repeated -1 times", () => Tile(s_vector, -1) },
        { "Tile: an axis", () => Tile(s_vector, int.MaxValue) },
        { "Repeat: elements cannot be repeated -1 times", () => Repeat(s_vector, -1) },
        { "Repeat: axis 3 does not exist", () => Repeat(s_matrix, 1, 3) },
        { "cannot be cut into 2 equal parts", () => Split(s_vector, 2)[0] },
        { "cannot be cut into 0 equal parts", () => Split(s_vector, 0)[0] },
        { "do not ascend from 0 to 5", () => Split(s_vector, [3, 2])[0] },
        { "do not ascend from 0 to 5", () => Split(s_vector, [6])[0] },
        { "Squeeze: axis 0 of shape (5) has length 5", () => Squeeze(s_vector, 0) },
        { "Squeeze: axis 3 does not exist", () => Squeeze(s_vector, 3) },
        { "ExpandDims: axis 3 does not exist", () => ExpandDims(s_vector, 3) },
        { "SwapAxes: axis 2 does not exist", () => SwapAxes(s_matrix, 0, 2) },
        { "Tril: shape (5) is not that of matrices", () => Tril(s_vector) },
        { "Triu: shape () is not that of matrices", () => Triu(1) },
        { "Diag: shape () is not that of matrices", () => Diag(1, 1) },
        { "Diag: an axis", () => Diag(s_vector, int.MaxValue) },
        { "Trace: shape (5) is not that of matrices", () => Trace(s_vector, 1) },
        { "Cross: shapes (5) and (3) are not vectors in space", () => Cross(s_vector, Ones(3)) },
        { "Cross: shapes (2, 3) and (3, 3) do not broadcast", () => Cross(s_matrix, Ones(3, 3)) },
        { "TensorDot: shapes (2, 3) and (5) do not both have 2 axes", () => TensorDot(s_matrix, s_vector, 2) },
        { "have lengths 3 and 5", () => TensorDot(s_matrix, s_vector, 1) },
        { "each has a partner", () => TensorDot(s_matrix, s_vector, ([0, 1], [0])) },
        { "named twice", () => TensorDot(s_matrix, s_matrix, ([0, 0], [0, 1])) },
        { "Differences: axis 1 does not exist", () => Differences(s_vector, 1) },
        { "Linspace: there are no -1 numbers", () => Linspace(0, 1, -1) },
        { "both ends are scalars", () => Linspace(s_vector, 1, 2) },
        { "Arange: there is no range", () => Arange(0, 1, 0) },
        { "Arange: there is no range", () => Arange(0, double.PositiveInfinity) },
        { "the most one tensor can hold", () => Arange(0, 1e10) },
        { "Full: a value of shape (5) does not fill shape (2)", () => Full(new(2), s_vector) },
        { "BroadcastTo: shapes (5) and (2) do not broadcast", () => BroadcastTo(s_vector, 2) },
        { "Slice: the step 0 is not positive", () => s_vector[Slice.Every(0)] },
        { "Flip", () => s_vector[Slice.Every(-1)] },
        { "Shape: (5) has no axis ^2", () => new Shape(5)[^2] },
        { "Shape: a scalar has no axis ^1", () => Shape.Scalar[^1] },
        { "MeshGrid: the indexing \"yx\" is not known", () => MeshGrid(s_vector, s_vector, "yx")[0] },
        { "MeshGrid: operand 1 has shape (2, 3)", () => MeshGrid(s_vector, s_matrix)[0] },
        { "Dot: shapes (2, 3) and (5) do not multiply", () => Dot(s_matrix, s_vector) },
        { "Concat: scalars have no axis", () => Concat(1, 2) },
        { "Stack: shapes (5) and () differ", () => Stack(s_vector, 1) },
        { "Pad: an axis", () => Pad(s_vector, (int.MaxValue, int.MaxValue)) },
        { "cannot be cut into", () => Split(Zeros(0), int.MaxValue)[0] },
        { "do not broadcast", () => Max(s_vector, Ones(2), 1) },
    };

    [Theory, MemberData(nameof(Errors))]
    public void A_mistake_is_named(string says, Func<Expr> call)
    {
        var error = Assert.ThrowsAny<AutodiffException>(call);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    private static void ForAll(string function, int count, Action<StructuralCase> law) => StructuralCase.ForAll(ShapeCases.All[function], count, law);
}
