// Tests that every primitive states all that the engines need. A failure names the primitive and what it lacks.

using System.Runtime.CompilerServices;
using Autodiff.Functional.Compilation.CodeGeneration;
using Autodiff.Functional.Elementwise;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;

namespace Autodiff.PropertyTests.Architecture;

public class PrimitiveTests
{
    // All of these are one primitive with several names.
    private static readonly Op[] s_contractions = [Op.Dot, Op.MatMul, Op.Outer, Op.Einsum, Op.Trace, Op.Diag];

    private static readonly Type[] s_types = [.. typeof(TensorPrimitive).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(TensorPrimitive)) && !type.IsAbstract)];

    public static TheoryData<Op> All => [.. Enum.GetValues<Op>()];

    public static TheoryData<Op> Elementwise => [.. Enum.GetValues<Op>().Where(op => op.IsElementwise())];

    [Theory]
    [MemberData(nameof(All))]
    public void A_primitive_is_in_one_family(Op op)
    {
        var stated = s_types.Where(type => OpsOf(type).Contains(op)).Select(type => type.Name).ToArray();
        string[] families =
        [
            .. op.IsLeaf() ? ["a leaf"] : Array.Empty<string>(),
            .. op.IsUnary() ? ["unary"] : Array.Empty<string>(),
            .. op.IsBinary() ? ["binary"] : Array.Empty<string>(),
            .. op.IsTernary() ? ["ternary"] : Array.Empty<string>(),
            .. stated,
        ];
        Assert.True(families.Length == 1, families.Length == 0
            ? $"{op} is in no family: put it into OpSets.IsUnary, IsBinary or IsTernary, or write a {nameof(TensorPrimitive)} whose Op it is."
            : $"{op} is {string.Join(" and ", families)}; a primitive is one of these.");
    }

    [Fact]
    public void Numbers_of_primitives_are_all_different() =>
        Assert.Equal(Enum.GetNames<Op>().Length, Enum.GetValues<Op>().Distinct().Count());

    [Theory]
    [MemberData(nameof(Elementwise))]
    public void An_elementwise_primitive_has_a_line_in_every_table(Op op)
    {
        var region = ElementwiseTable.Describe(op).Region;
        Assert.Equal(op.Arity(), region.Constants.Length + region.Operands.Length);
        double[] point = [.. region.Constants, .. region.Operands.Select(interval => interval.Low + (0.7 * (interval.High - interval.Low)))];
        var value = point switch
        {
            [var a] => ElementwiseTable.Value(op, a),
            [var a, var b] => ElementwiseTable.Value(op, a, b),
            [var a, var b, var c] => ElementwiseTable.Value(op, a, b, c),
            _ => double.NaN,
        };
        Assert.False(double.IsNaN(value), $"{op} is NaN in the region that it states.");
        for (var operand = region.Constants.Length; operand < point.Length; operand++)
        {
            var slope = point switch
            {
                [var a] => ElementwiseTable.UnaryDerivative<Real>(op, a, value),
                [var a, var b] => ElementwiseTable.BinaryDerivative<Real>(op, operand, a, b, value),
                _ => ElementwiseTable.TernaryDerivative<Real>(op, operand, point[0], point[1], point[2]),
            };
            Assert.False(double.IsNaN(slope.Selected.Value), $"{op}: the derivative in operand {operand} is NaN in the region that it states.");
        }
    }

    [Theory]
    [MemberData(nameof(Elementwise))]
    public void A_primitive_of_numbers_is_called_without_a_table(Op op) => Assert.True(
        ScalarCode.IsDirect(op),
        $"{op} is looked up in a table each time that compiled code computes it: let its value line call a function of its name in {nameof(ScalarFunctions)}, "
        + $"or name it in {nameof(OpSets)}.{nameof(OpSets.IsOfMath)} if it is the function of System.Math.");

    [Theory]
    [MemberData(nameof(Elementwise))]
    public void The_function_of_a_primitive_has_the_values_of_the_table(Op op)
    {
        if (ElementwiseTable.NumberMethod(op) is not { } method)
        {
            return;
        }

        double[] numbers = [0.3, -0.3, 2, -2.5, 0, -0.0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1e-310, 1e300, 7];
        foreach (var a in op.HasOrder() ? [0, 1, 2] : numbers)
        {
            foreach (var b in op.Arity() > 1 ? numbers : [0.0])
            {
                foreach (var c in op.Arity() > 2 ? numbers : [0.0])
                {
                    double[] operands = [.. new[] { a, b, c }[..op.Arity()]];
                    var expected = operands switch { [var x] => ElementwiseTable.Value(op, x), [var x, var y] => ElementwiseTable.Value(op, x, y), _ => ElementwiseTable.Value(op, a, b, c) };
                    object[] arguments = [.. operands.Select((operand, i) => i == 0 && op.HasOrder() ? (object)(int)operand : operand)];
                    Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits((double)method.Invoke(null, arguments)!));
                }
            }
        }
    }

    private static Op[] OpsOf(Type type) =>
        type == typeof(ContractionPrimitive) ? s_contractions
        : type == typeof(ConvolutionPrimitive) ? [Op.Conv, Op.ConvTranspose, Op.ConvKernel]
        : type == typeof(MaxPoolPrimitive) ? [Op.MaxPool, Op.MaxPoolPush, Op.MaxPoolPull]
        : [((TensorPrimitive)RuntimeHelpers.GetUninitializedObject(type)).Op];
}
