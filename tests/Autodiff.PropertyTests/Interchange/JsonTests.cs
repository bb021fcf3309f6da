// Expressions as JSON: what is read is what was written, node for node and bit for bit, programs included.

using System.Diagnostics;
using System.Text.Json;
using Autodiff.Functional.Interchange;
using Autodiff.Functional.Primitives;
using Autodiff.PropertyTests.Generators;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Interchange;

[Properties(Arbitrary = [typeof(Programs), typeof(Flows), typeof(ImplicitCases)], QuietOnSuccess = true)]
public class JsonTests
{
    public static TheoryData<string> Calls => [.. ProgramCases.All.Keys.Where(name => !name.Contains("user's own", StringComparison.Ordinal))];

    public static TheoryData<string> LinearAlgebra => [.. LinearAlgebraCases.All.Keys];

    public static TheoryData<string> Structural => [.. StructuralCases.WithLoops.Keys];

    [Property(MaxTest = 100)]
    public void Random_programs_and_their_derivatives_are_kept(Program program)
    {
        var x = Variable("x", program.Input.Shape);
        Saved.Keeps(program.Tensor(x), (x, program.Input));
        Saved.Keeps(Grad(program.Scalar)(x), (x, program.Input));
        Saved.Read(program.Tensor(Variable("x", program.Input)));
        Saved.Read(program.Tensor(program.Input));
    }

    [Property(MaxTest = 60)]
    public void Programs_with_loops_and_branches_and_their_derivatives_are_kept(FlowCase flow)
    {
        var (f, x) = (flow.By(Control.Nodes), Variable("x", flow.Point.Shape));
        Saved.Keeps(f(x), (x, flow.Point));
        Saved.Keeps(Grad(f)(x), (x, flow.Point));
        Saved.Keeps(Jvp(Grad(f))(x, Tensors.Direction(x.Shape, 3)).Tangent, (x, flow.Point));
        Saved.Read(Grad(f)(Variable("x", flow.Point)));
    }

    [Property(MaxTest = 60)]
    public void The_derivatives_of_what_was_read_have_the_same_bits(Program program)
    {
        var x = Variable("x", program.Input.Shape);
        var formula = program.Scalar(x);
        var read = FromJson(formula.ToJson(), x);
        Agreement.Identical(Grad(v => formula.Substitute((x, v)))(program.Input), Grad(v => read.Substitute((x, v)))(program.Input));
        var named = Variable("y", program.Input);
        var value = program.Scalar(named);
        var again = FromJson(value.ToJson());
        Agreement.Identical(Backward(value)[named], Backward(again)[again.Ancestry().Single(node => node.Name == "y")]);
    }

    [Property(MaxTest = 40)]
    public void The_derivatives_of_programs_that_were_read_are_those_of_the_programs(FlowCase flow)
    {
        var (f, x) = (flow.By(Control.Nodes), Variable("x", flow.Point.Shape));
        var (formula, read) = (f(x), FromJson(f(x).ToJson(), x));
        Agreement.Repeats(Grad(v => formula.Substitute((x, v)))(flow.Point), Grad(v => read.Substitute((x, v)))(flow.Point));
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void Loops_branches_and_calls_and_their_batches_are_kept(string name) => Prop.ForAll(ProgramCases.Batches(name).ToArbitrary(), batching =>
    {
        if (batching.Size > 0)
        {
            KeepsFunction(batching.F, batching.Samples(batching.Arguments, 0));
        }

        KeepsFunction(batching.Mapped, batching.Arguments);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(15));

    [Theory]
    [MemberData(nameof(LinearAlgebra))]
    public void Linear_algebra_is_kept(string name) => StructuralCase.ForAll(LinearAlgebraCases.All[name], 15, KeepsCase);

    [Theory]
    [MemberData(nameof(Structural))]
    public void Structural_primitives_are_kept(string name) =>
        StructuralCase.ForAll(StructuralCases.WithLoops[name], 15, KeepsCase);

    [Property(MaxTest = 15)]
    public void Solutions_of_equations_and_their_derivatives_are_kept(ImplicitCase equations)
    {
        var theta = Variable("theta", equations.Shape);
        Func<Expr, Expr>[] solutions =
        [
            t => Root(x => equations.Residual(x, t), Zeros(t.Shape)),
            t => FixedPoint(x => equations.Map(x, t), Zeros(t.Shape)),
            t => ArgMin(x => equations.Objective(x, t), Zeros(t.Shape)),
        ];
        foreach (var solution in solutions)
        {
            Saved.Keeps(solution(theta), (theta, equations.Theta));
            Saved.Keeps(Grad(t => ImplicitCase.Loss(solution(t), t))(theta), (theta, equations.Theta));
            Saved.Read(solution(Variable("theta", equations.Theta)));
        }
    }

    [Fact]
    public void Compiled_functions_batches_and_functions_of_matrices_are_kept()
    {
        var (x, a) = (Variable("x", new Shape(3)), Variable("a", new Shape(2, 2)));
        (Expr, Expr)[] at = [(x, new[] { 0.5, -1, 2 }), (a, new double[,] { { 2, 0.5 }, { 0.5, 1 } })];
        var compiled = Compile(v => Sin(v) * Sum(v * v), new CompileOptions(2, Interpret: true));
        Saved.Keeps(compiled(x), at);
        Saved.Keeps(Grad(v => Sum(compiled(v)))(x), at);
        var function = (Functional.Programs.Function)Saved.Read(Compile(v => Sin(v), new CompileOptions(2, Interpret: true))(Variable("y", Ones(3)))).Primitive!;
        Assert.Equal(new Functional.Compilation.MachineBackEnd(new(2, true)), function.BackEnd);

        Saved.Keeps(MatrixFunction(t => Exp(t * x[0]), a), at);
        Saved.Keeps(Grad(v => Sum(MatrixFunction(t => Exp(t * v[0]) + v[1], a)))(x), at);
        Saved.Keeps(Hessian(v => Sum(MatrixFunction(Exp, v)))(a), at);
        Saved.Keeps(Vmap(v => Cond(Sum(v) > 0, () => v, () => -v))(a), at);
        Saved.Keeps(Jacobian(v => v * v)(x), at);
    }

    [Fact]
    public void Every_bit_of_a_number_is_kept()
    {
        double[] numbers =
        [
            0, -0.0, 1, -1.5, 1.0 / 3, double.Epsilon, -double.Epsilon, 1e-310, double.MaxValue, double.MinValue, double.NaN, -double.NaN, double.PositiveInfinity,
            double.NegativeInfinity, BitConverter.UInt64BitsToDouble(0x7FF8_0000_0000_0001), BitConverter.UInt64BitsToDouble(0xFFF4_0000_0000_1234), Math.PI, 1e22,
        ];
        foreach (var number in numbers)
        {
            AssertBits([number], Saved.Read(number).ToArray());
            AssertBits([number, number], Saved.Read(Expr.Constant([number, number], new Shape(2))).ToArray());
            Saved.Read(BroadcastTo(number, new Shape(50, 50)));
        }

        AssertBits(numbers, Saved.Read(numbers).ToArray());
        double[] many = [.. Enumerable.Range(0, 1000).SelectMany(_ => numbers)];
        AssertBits(many, Saved.Read(many).ToArray());
        Assert.InRange(((Expr)many).ToJson().Length, 8 * many.Length, (11 * many.Length) + 300);
        Assert.InRange(Zeros(1000, 1000, 1000).ToJson().Length, 50, 200);
        Assert.Equal(new Shape(0, 3), Saved.Read(Zeros(0, 3)).Shape);
    }

    [Property(MaxTest = 300)]
    public void Random_bits_are_kept(ulong[] bits)
    {
        var numbers = Array.ConvertAll(bits, BitConverter.UInt64BitsToDouble);
        AssertBits(numbers, Saved.Read(numbers).ToArray());
    }

    [Fact]
    public void Variables_keep_their_names_shapes_and_values_and_can_be_given()
    {
        var (x, y) = (Variable("x", new Shape(2)), Variable("größe \"α\"\n", 3));
        var read = FromJson((x * y).ToJson());
        Assert.Equal(("x", "größe \"α\"\n"), (read.Operands[0].Name.IfNone(""), read.Operands[1].Name.IfNone("")));
        Assert.NotSame(x, read.Operands[0]);
        Assert.Equal(3, read.Operands[1].Value);
        Assert.Same(x, FromJson((x * y).ToJson(), x).Operands[0]);
        Assert.Same(x, FromJson(x.ToJson(), Variable("unused"), x));

        var computed = Variable("c", x * x) + 1;
        Assert.Equal(computed.ToFormula(), FromJson(computed.ToJson(), x).ToFormula());
        var nested = Grad(v => Grad(w => w * w * w)(v) * v)(Variable("z"));
        Assert.Equal(nested.ToFormula(abbreviate: false), Saved.Read(nested).ToFormula(abbreviate: false));
    }

    [Fact]
    public void The_serializer_reads_documents_of_formulas()
    {
        var x = Variable("x");
        Assert.Equal("sin(x) * x", JsonSerializer.Deserialize<Expr>((Sin(x) * x).ToJson())!.ToFormula());
        var model = JsonSerializer.Deserialize<Model>($$"""{"Name":"m","Loss":{{Exp(x).ToJson()}},"Weights":[1,{{x.ToJson()}}],"Other":null}""")!;
        Assert.Equal(("m", "exp(x)", 2, true), (model.Name, model.Loss.ToFormula(), model.Weights.Length, model.Other is null));
        var error = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Expr>("""{"format":"other"}"""));
        Assert.Contains("format", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_formula_is_written_to_a_stream_and_read_back()
    {
        var x = Variable("x");
        using var stream = new MemoryStream();
        Sin(x).WriteJson(stream);
        stream.Position = 0;
        Assert.Equal("sin(x)", FromJson(stream, x).ToFormula());
    }

    [Fact]
    public void The_documented_format_is_what_is_written()
    {
        var x = Variable("x");
        Assert.Equal(
            """{"format":"Autodiff.Functional expression","version":1,"programs":[],"nodes":[{"op":"Constant","value":2},{"op":"Variable","name":"x"},{"op":"Sin","of":[1]},{"op":"Multiply","of":[2,0]}],"result":3}""",
            (Sin(x) * 2).ToJson());
        Assert.Equal(
            """{"format":"Autodiff.Functional expression","version":1,"programs":[{"op":"Loop","operation":"Iterate","states":1,"items":0,"steps":3,"stride":1,"step":{"parameters":[[2]],"nodes":[{"op":"Cos","of":[0]}],"results":[1]}}],"nodes":[{"op":"Variable","name":"v","shape":[2]},{"op":"Loop","program":0,"of":[0]},{"op":"Sum","axes":[0],"of":[1]}],"result":2}""",
            Sum(Iterate(3, Cos, Variable("v", new Shape(2)))).ToJson());
    }

    [Fact]
    public void What_is_shared_is_written_once()
    {
        var power = Variable("x");
        for (var i = 0; i < 200; i++)
        {
            power *= power;
        }

        Assert.InRange(power.ToJson().Length, 2000, 8000);
        Saved.Read(power);

        var step = Checkpoint(v => Sin(v) * Cos(v));
        Func<Expr, Expr> twice = v => step(step(v));
        var once = Variable("y");
        var call = (Functional.Programs.Function)step(once).Primitive!;
        Expr repeated = once;
        for (var i = 0; i < 100; i++)
        {
            repeated = call.Node([repeated]);
        }

        Assert.Single(JsonDocument.Parse(repeated.ToJson()).RootElement.GetProperty("programs").EnumerateArray());
        Saved.Keeps(repeated, (once, 0.5));
        Assert.Equal(1, JsonDocument.Parse(Grad(twice)(once).ToJson()).RootElement.GetProperty("version").GetInt32());
    }

    [Fact]
    public void A_hundred_thousand_nodes_are_written_and_read_in_seconds()
    {
        var x = Variable("x");
        var deep = x;
        for (var i = 0; i < 50_000; i++)
        {
            deep = Sin(deep) + (i + 0.5);
        }

        _ = FromJson(deep.ToJson(), x);
        var clock = Stopwatch.StartNew();
        var text = deep.ToJson();
        var written = clock.Elapsed;
        var read = FromJson(text, x);
        var both = clock.Elapsed;
        Assert.Equal(text, read.ToJson());
        Assert.True(written < TimeSpan.FromSeconds(5) && both - written < TimeSpan.FromSeconds(5), $"Written in {written}, read in {both - written}.");
    }

    [Fact]
    public void Programs_nested_a_thousand_deep_are_kept()
    {
        Func<Expr, Expr> f = Sin;
        for (var i = 0; i < 1000; i++)
        {
            var inner = f;
            f = i % 2 == 0 ? Checkpoint(inner) : v => inner(v) + 1;
        }

        var x = Variable("x");
        Saved.Keeps(f(x), (x, 0.5));
    }

    [Fact]
    public void Every_primitive_has_one_JSON_form()
    {
        Type[] types = [.. typeof(TensorPrimitive).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(TensorPrimitive)) && !type.IsAbstract)];
        Type[] stated = [.. PrimitiveForms.All.Select(form => form.Type).Concat(ProgramForms.All.Select(form => form.Type))];
        Assert.All(types, type => Assert.True(stated.Count(other => other == type) == 1, $"{type.Name} needs one line in {nameof(PrimitiveForms)} or {nameof(ProgramForms)}, which says how its attributes are written to JSON and read."));
        var ops = PrimitiveForms.All.SelectMany(form => form.Ops).Concat(ProgramForms.All.Select(form => form.Op));
        Assert.Equal(Enum.GetValues<Op>().Where(op => !op.IsLeaf() && !op.IsElementwise()).Order(), ops.Order());
    }

    private static void KeepsCase(StructuralCase x) => KeepsFunction(x.Apply, x.Operands);

    /// <summary>Asserts that a function, at symbols and at variables with values, and its derivatives are kept.</summary>
    private static void KeepsFunction(Func<Expr[], Expr> f, Expr[] point)
    {
        Expr[] variables = [.. point.Select((operand, i) => Variable($"x{i}", operand.Shape))];
        (Expr, Expr)[] at = [.. variables.Zip(point)];
        Func<Expr, Expr> gradient = Grad(v => Sum(f([v, .. variables[1..]])));
        Saved.Keeps(f(variables), at);
        Saved.Keeps(gradient(variables[0]), at);
        Saved.Keeps(Jvp(gradient)(variables[0], Tensors.Direction(variables[0].Shape, 3)).Tangent, at);
        Saved.Read(f([.. point.Select((operand, i) => Variable($"x{i}", operand))]));
    }

    private static void AssertBits(double[] expected, double[] actual) =>
        Assert.Equal(expected.Select(BitConverter.DoubleToInt64Bits), actual.Select(BitConverter.DoubleToInt64Bits));

    private sealed record Model(string Name, Expr Loss, Expr[] Weights, Expr? Other);
}
