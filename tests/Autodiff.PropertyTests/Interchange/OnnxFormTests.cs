// The ONNX forms of single operations and of typical functions, names and errors; values are those of the compiled functions, which other tests check.

using Autodiff.Functional.Elementwise;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Interchange;

public class OnnxFormTests
{
    private static readonly double[] s_edges =
    [
        0, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1, -1, 0.5, -0.5, 2, 1e-300, -1e-300, 1e300, -1e300, 1e-5, 709.5, -709.5, 710, -745, 37, 1e10, 1e17, 1.5, 2.5, -2.5, 1e-200, 1e200, 0.999, -0.999, 40,
    ];

    private static readonly double[] s_ordinary = [.. Enumerable.Range(0, 300).Select(i => Math.Sin(i * i) * Math.Pow(10, (i % 10) - 6))];

    // Operations of ONNX Runtime whose error is relative to 1, not to the result: they reduce angles with fewer digits than the result may need.
    private static readonly Op[] s_absolute = [Op.Sin, Op.Cos, Op.Sinc];

    private static readonly Dictionary<string, Func<CompiledFunction>> s_functions = new()
    {
        ["a sum over samples"] = () => CompileFor(ValueAndGrad(x => Sum(Exp(x) * Sin(x))), new Shape(1003)),
        ["reductions"] = () => CompileFor(x => (MaxOf(x, 1), MinOf(x, 0), Prod(x, 1), LogSumExp(x)), new Shape(7, 5)),
        ["reductions that keep axes"] = () => CompileFor(x => (MaxOf(x, 0, keepDims: true), Norm(x, 1, keepDims: true), Sum(x, 1, keepDims: true)), new Shape(7, 5)),
        ["derivatives of reductions"] = () => CompileFor(Hessian(x => LogSumExp(x) + Prod(x) + Norm(x) + MaxOf(x) * Sum(x)), new Shape(4)),
        ["every second"] = () => CompileFor(ValueAndGrad(x => Sum(Sin(x[Slice.Every(2, 1..), Slice.Every(3)]))), new Shape(3, 4)),
        ["convolutions"] = () => CompileFor(ValueAndGrad((x, kernel) => Sum(Sin(Conv(x, kernel, stride: [2, 1], padding: 1, groups: 2)))), new Shape(2, 4, 5, 6), new Shape(6, 2, 3, 2)),
        ["largest elements of windows"] = () => CompileFor(ValueAndGrad(x => Sum(Sin(MaxPool(x, [2, 3], stride: [1, 2], padding: 1)))), new Shape(2, 3, 4, 5)),
        ["running sums"] = () => CompileFor(ValueAndGrad(x => Sum(Sin(CumSum(x, 0)) * CumSum(x, 1))), new Shape(3, 4)),
        ["layout"] = () => CompileFor(x => (Flip(x, 1), Permute(x, 2, 0, 1), x[1, .., ^1], x[.., 1..3], Reshape(x, 4, -1), Transpose(x[0])), new Shape(2, 4, 3)),
        ["joined and stacked"] = () => CompileFor(x => (Concat([x, 2 * x], 1), Stack([x, -x], 1), Stack([x[0, 0], x[0, 1]])), new Shape(2, 3)),
        ["positions that are operands"] = () => CompileFor(
            ValueAndGrad(x => Sum(Sin(Take(x, new double[,] { { 2, 0 }, { 2, 1 } }, 0))) + Sum(Cos(TakeAlong(x, new double[,] { { 3, 0 }, { 1, 1 }, { 2, 3 } })))), new Shape(3, 4)),
        ["gathers and scatters"] = () => CompileFor(ValueAndGrad(x => Sum(Sin(Take(x, [0, 3, 1, 3], 1))) + Sum(x[1..] * x[..^1]) + x[0, 0] * x[2, 3]), new Shape(3, 4)),
        ["choices"] = () => CompileFor(Grad(x => Sum(Where(x > 0.5, Log(x), x * x) + Max(x, 0.3) + Clamp(x, -0.1, 0.2))), new Shape(10)),
        ["comparisons"] = () => CompileFor(x => (x < 1) + 2 * (x <= 1) + 4 * (x > 1) + 8 * (x >= 1) + 16 * Eq(x, 1) + Where(x, 32, 0), new Shape(10)),
        ["products of matrices"] = () => CompileFor(ValueAndGrad(x => Sum(Sin(MatMul(x, Transpose(x))))), new Shape(7, 3)),
        ["all products of matrices"] = () => CompileFor(
            (a, b) => (MatMul(a, b), MatMul(Transpose(a), Transpose(b)), MatMul(Transpose(a), a), MatMul(b, Transpose(b)), MatMul(a[0], b), MatMul(a, b[.., 0])), new Shape(3, 3), new Shape(3, 3)),
        ["batched products"] = () => CompileFor((a, b) => (MatMul(a, b), Einsum("bij,kj->bki", a, b[0])), new Shape(2, 3, 4), new Shape(2, 4, 4)),
        ["products and numbers"] = () => CompileFor(x => 0.1 * MatMul(x / 0.3, 0.7 * x) / 1.1, new Shape(3, 3)),
        ["diagonals"] = () => CompileFor(x => (Diag(x[0]), Trace(x), Einsum("ii->i", x), Outer(x[0], x[1])), new Shape(3, 3)),
        ["diagonals of cubes"] = () => CompileFor(Grad(x => Sum(Sin(Einsum("iii->i", x)))), new Shape(3, 3, 3)),
        ["stretched axes"] = () => CompileFor(Grad(x => Sum(Einsum("ij->j", x) * Einsum("ij->", x))), new Shape(3, 2)),
        ["a network of two layers"] = () => CompileFor(
            (w, v, x) => Grad((w, v) => Sum(Softplus(MatMul(v, Tanh(MatMul(w, x)))) + Sigmoid(x[0])))(w, v), new Shape(4, 3), new Shape(2, 4), new Shape(3, 5)),
        ["a Jacobian"] = () => CompileFor(Jacobian(x => Stack([x[0] * x[1], Sin(x[1]), Atan2(x[0], x[1])])), new Shape(2)),
        ["a fold with its gradient"] = () => CompileFor(ValueAndGrad(x => Sum(Fold((state, item) => Sin(state * item) + x[0], Ones(2), x, checkpointEvery: 3))), new Shape(8, 2)),
        ["a reversed scan with its second derivative"] = () => CompileFor(
            Hessian(x => Sum(Scan((state, item) => (Sin(state * item) + x[0], state * item), (Expr)1, x, reverse: true).Outputs)), new Shape(5)),
        ["a loop without items"] = () => CompileFor(ValueAndGrad(x => Sum(Iterate(5, s => Sin(s) * x, x))), new Shape(3)),
        ["a loop of no steps"] = () => CompileFor(ValueAndGrad(x => Sum(Iterate(0, s => Sin(s) * x, x))), new Shape(3)),
        ["a loop with a condition"] = () => CompileFor(ValueAndGrad(x => Sum(While(y => Sum(y * y) < 1000, y => 1.5 * y + 0.1, x))), new Shape(10)),
        ["a condition that never holds"] = () => CompileFor(ValueAndGrad(x => Sum(While(y => Sum(y * y) < 0, y => 1.5 * y + 0.1, x))), new Shape(10)),
        ["a limited loop"] = () => CompileFor(Grad(x => While(y => y < 100, y => y * y + x, Abs(x) + 2, limit: 50)), new Shape()),
        ["loops in loops and branches"] = () => CompileFor(
            Grad(x => Sum(Fold((s, item) => Cond(Sum(s) > 0, () => Iterate(3, t => Sin(t) * item, s), () => s - x), x, Stack([x, 2 * x])))), new Shape(3)),
        ["a branch"] = () => CompileFor(ValueAndGrad(x => Sum(Cond(Sum(x) > 0, () => Exp(x), () => Sin(x) * x))), new Shape(12)),
        ["a batch of loops and branches"] = () => CompileFor(
            Vmap(Grad(x => Cond(x[0] > 1.5, () => While(y => y < 5, y => y * 1.25, Sum(x * x)), () => Fold((s, item) => s * item, (Expr)1, x)))), new Shape(4, 2)),
        ["calls"] = () => CompileFor(Grad(x => Sum(Checkpoint(y => Sin(y) * y)(x)) + Compile(y => Sum(y * y))(x)), new Shape(3)),
        ["a function of numbers"] = () => CompileFor(ValueAndGrad((x, y) => NormalCdf(x) * Tanh(y) + Pow(x, 3) + Pow(Abs(y), x)), new Shape(), new Shape()),
        ["numbers that single precision takes for 0 or 1"] = () => CompileFor(
            x => ((Relu(x - 5) + 1e-100) * 1e100, (Relu(x - 5) - 1e-100) * 1e100, ((x + x) * (1 + 1e-9) - (x + x)) * 1e9, ((x + x) / (1 + 1e-9) - (x + x)) * 1e9, ((1 + 1e-9) / (x + x) - 1 / (x + x)) * 1e9),
            new Shape(3)),
        ["products of quotients of 1"] = () => CompileFor(
            x => 1 / (x + 2) is var r ? (r * (1 / (x + 3)) * x, r * (1 / (x + 4)), Ones(1, 1) / (Sum(x) + 1) * (Ones(1, 1) / (Sum(x) + 2))) : default, new Shape(3)),
        ["only a copy"] = () => CompileFor(x => (x, x, Ones(3), 2.5 + 0 * x[0], Zeros(100)), new Shape(4)),
        ["loops over nothing"] = () => CompileFor(
            x => (Fold((s, item) => s * item, Ones(0), x), Scan((s, item) => (s + Sum(item), item), (Expr)1, x).Outputs, Grad(y => Sum(Fold((s, item) => s * Sum(item), (Expr)1, y)))(x)), new Shape(3, 0)),
        ["nothing"] = () => CompileFor(x => (x * 2, Sum(x), Sum(x, 0), MaxOf(x, 1), MatMul(x, Transpose(x)), Concat([x, Ones(2, 3)])), new Shape(0, 3)),
    };

    public static TheoryData<Op> Elementwise => [.. Enum.GetValues<Op>().Where(op => op.IsElementwise())];

    public static TheoryData<string> Functions => [.. s_functions.Keys];

    [Theory]
    [MemberData(nameof(Elementwise))]
    public void Every_elementwise_operation_has_its_values_or_is_an_error_that_names_it(Op op)
    {
        Expr[] orders = op is Op.Gaussian ? [2, 0.5] : op.HasOrder() ? [1] : [];
        var operands = op.Arity() - orders.Length;
        var points = operands == 1
            ? (double[][])[[.. s_edges, .. s_ordinary]]
            : [.. Enumerable.Range(0, operands).Select(operand => (double[])
                [
                    .. s_edges.SelectMany(a => s_edges.Select((b, i) => operand switch { 0 => a, 1 => b, _ => s_edges[i * 7 % s_edges.Length] })),
                    .. s_ordinary.Select((_, i) => s_ordinary[i * (1 + (6 * operand)) % s_ordinary.Length]),
                ])];
        var shape = new Shape(points[0].Length);
        var function = CompileFor(
            x => (Expr[])[.. orders, .. Enumerable.Range(0, operands).Select(i => x[i])] switch
            {
                [var a] => Expr.Apply(op, a),
                [var a, var b] => Expr.Apply(op, a, b),
                var all => Expr.Apply(op, all[0], all[1], all[2]),
            },
            new Shape(operands, shape.Size));
        if (op.IsLanewise() && op is not (Op.Sinc or Op.Remainder or Op.Mod))
        {
            Assert.Equal(
                $"ToOnnx: {op} cannot be written as an ONNX model, because the standard operators cannot express it with the precision of doubles.",
                Assert.Throws<AutodiffException>(() => function.ToOnnx()).Message);
            return;
        }

        using var model = new OnnxModel(function);
        var found = model.Run([.. points.SelectMany(point => point)]);
        for (var i = 0; i < found.Length; i++)
        {
            double[] x = [.. orders.Select(order => order.Value), .. points.Select(point => point[i])];
            var expected = x.Length switch
            {
                1 => ElementwiseTable.Value(op, x[0]),
                2 => ElementwiseTable.Value(op, x[0], x[1]),
                _ => ElementwiseTable.Value(op, x[0], x[1], x[2]),
            };
            var allowed = Math.Max(double.IsSubnormal(expected) ? 4 * double.Epsilon : 1e-15 * Math.Abs(expected), s_absolute.Contains(op) || op == Op.Gaussian ? 1e-15 : 0);
            Assert.True(
                found[i].Equals(expected) || found[i] == expected || Math.Abs(found[i] - expected) <= allowed,
                $"{op} of {string.Join(", ", x)}: {found[i]:R}, not {expected:R}");
        }
    }

    [Theory]
    [MemberData(nameof(Functions))]
    public void Typical_functions_have_the_values_of_the_compiled_functions(string name)
    {
        var function = s_functions[name]();
        using var model = new OnnxModel(function);
        double[] point = [.. Enumerable.Range(0, function.ArgumentSize).Select(i => Math.Sin(i + 1.3) + 1.5)];
        AssertSame(function, model, point);
        AssertSame(function, model, Array.ConvertAll(point, number => -number / 2));
        Assert.Equal(function.ResultShapes.Select(shape => shape.ToArray()), model.OutputShapes);
        Assert.Equal(function.ToOnnx(), function.ToOnnx());
    }

    [Fact]
    public void NaN_passes_through_reductions()
    {
        var function = CompileFor(x => (MaxOf(x, 0), MinOf(x, 1), MaxOf(x), Sum(x, 0), LogSumExp(x, 1)), new Shape(2, 5));
        using var model = new OnnxModel(function);
        for (var i = 0; i < 10; i++)
        {
            double[] point = [.. Enumerable.Range(0, 10).Select(j => j == i ? double.NaN : j)];
            AssertSame(function, model, point);
        }
    }

    [Fact]
    public void A_model_says_what_made_it_and_computes_with_doubles()
    {
        using var model = new OnnxModel(CompileFor(x => x * 2, new Shape(3)));
        Assert.Equal("Autodiff.Functional", model.Producer);
        Assert.Equal(["x"], model.Inputs);
        Assert.Equal(["result"], model.Outputs);
        Assert.Equal(typeof(double), model.ElementType("x"));

        // The format (field 1) has version 13, the producer (field 2) follows; the standard operators (field 8) have version 26.
        var bytes = CompileFor(x => x * 2, new Shape(3)).ToOnnx();
        Assert.Equal([0x08, 13, 0x12, 19], bytes[..4]);
        Assert.Equal([0x42, 4, 0x0a, 0, 0x10, 26], bytes[^6..]);
    }

    [Fact]
    public void Arguments_and_results_have_the_names_of_parameters_and_paths()
    {
        using var pair = new OnnxModel(CompileFor((weight, t1) => (weight * t1, weight), new Shape(), new Shape()));
        Assert.Equal(["weight", "t1"], pair.Inputs);
        Assert.Equal(["result", "result_2"], pair.Outputs);
        Assert.Equal([6, 2], pair.Run(2, 3));

        var example = new Dictionary<string, Expr[]> { ["bias"] = [1, 2], ["größe"] = [Zeros(3)] };
        var function = CompileFor(p => new Dictionary<string, Expr> { ["loss"] = Sum(p["größe"][0]) * p["bias"][1] + p["bias"][0] }, example);
        using var tree = new OnnxModel(function);
        Assert.Equal(["bias_0", "bias_1", "größe_0"], tree.Inputs);
        Assert.Equal(["loss"], tree.Outputs);
        Assert.Equal([13], tree.Run(1, 2, 1, 2, 3));
    }

    [Fact]
    public void A_name_that_an_argument_and_a_result_share_is_distinguished()
    {
        using var model = new OnnxModel(CompileFor(result => result + 1, new Shape(2)));
        Assert.Equal(["result"], model.Inputs);
        Assert.Equal(["result_2"], model.Outputs);
        Assert.Equal([2, 3], model.Run(1, 2));
    }

    [Fact]
    public void A_limited_loop_that_would_go_on_is_NaN()
    {
        var function = CompileFor(ValueAndGrad(x => While(y => y < 100, y => y + 1, x, limit: 50)), new Shape());
        using var model = new OnnxModel(function);
        Assert.Equal([100, 1], model.Run(50));
        Assert.Equal([double.NaN, double.NaN], model.Run(49));
        Assert.Throws<AutodiffException>(() => function.Invoke([49], new double[2]));
    }

    [Fact]
    public void Functions_that_stand_for_one_operation_are_defined_once()
    {
        static CompiledFunction Repeated(int times) => CompileFor(x => Enumerable.Range(0, times).Aggregate(x, (y, _) => Erf(y)), new Shape(3));
        var (one, hundred) = (Repeated(1).ToOnnx().Length, Repeated(101).ToOnnx().Length);
        Assert.InRange(hundred - one, 1, 100 * 50);
    }

    [Fact]
    public void What_cannot_be_written_is_an_error_that_names_it()
    {
        var matrix = new Shape(3, 3);
        var twice = Primitive.Define("Twice", x => 2 * x, (_, _) => 2);
        foreach (var (function, message) in ((CompiledFunction, string)[])
        [
            (CompileFor(x => Inverse(x), matrix), "ToOnnx: Inverse cannot be written as an ONNX model, because there is no standard operator for it."),
            (CompileFor(Grad(x => Det(x)), matrix), "ToOnnx: Cofactors cannot be written as an ONNX model, because there is no standard operator for it."),
            (CompileFor(x => Root(y => y * y - x, x), new Shape()), "ToOnnx: Root cannot be written as an ONNX model, because there is no standard operator for it."),
            (CompileFor(x => MatrixFunction(Exp, x), matrix), "ToOnnx: MatrixFunction cannot be written as an ONNX model, because there is no standard operator for it."),
            (CompileFor(x => Sum(Fold((s, item) => Gamma(s * item), (Expr)1, x)), new Shape(3)), "ToOnnx: Gamma cannot be written as an ONNX model, because the standard operators cannot express it with the precision of doubles."),
            (CompileFor(x => twice(x), matrix), "ToOnnx: Twice is defined by code of the program (Primitive.Define), which cannot be written; write it with functions of the library, or with CustomVjp."),
            (CompileFor(x => Expr.Apply(Op.Gaussian, x[0], 1, x[1]), new Shape(2)), "ToOnnx: Gaussian cannot be written for an order that is not a constant."),
        ])
        {
            Assert.Equal(message, Assert.Throws<AutodiffException>(() => function.ToOnnx()).Message);
        }
    }

    [Fact]
    public void Graphs_that_are_nested_too_deep_are_an_error()
    {
        static Func<Expr, Expr> Nested(int depth) => depth == 0 ? Sin : x => Iterate(1, Nested(depth - 1), x);
        using var model = new OnnxModel(CompileFor(Nested(30), new Shape()));
        Assert.Equal(Math.Sin(0.5), model.Run(0.5)[0], 1e-15);
        Assert.Equal(
            "ToOnnx: loops and branches are nested more than 30 deep, which readers of ONNX models do not accept.",
            Assert.Throws<AutodiffException>(() => CompileFor(Nested(31), new Shape()).ToOnnx()).Message);
    }

    [Fact]
    public void Names_are_identifiers_that_differ()
    {
        var example = new Dictionary<string, Expr> { ["a-b"] = 1, ["a b"] = 2, ["a\ud800b"] = 3, ["4"] = 4, [" "] = 5 };
        using var model = new OnnxModel(CompileFor(p => p["a-b"] + p["a b"] * p["4"], example));
        Assert.Equal(["a_b", "a_b_2", "a_b_3", "x", "x4"], model.Inputs.Order(StringComparer.Ordinal));
    }

    private static void AssertSame(CompiledFunction function, OnnxModel model, double[] point)
    {
        var expected = new double[function.ResultSize];
        function.Invoke(point, expected);
        var found = model.Run(point);
        Assert.Equal(expected.Length, found.Length);
        var largest = expected.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max();
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.True(
                found[i].Equals(expected[i]) || Math.Abs(found[i] - expected[i]) <= 1e-13 * Math.Max(1, largest), $"element {i}: {expected[i]:R} compiled, {found[i]:R} by ONNX Runtime");
        }
    }
}
