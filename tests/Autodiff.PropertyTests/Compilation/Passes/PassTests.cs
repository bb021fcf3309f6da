// Every pass of the optimiser keeps the values of random programs and of their derivatives, for any numbers, and finds nothing more to do after a
// few rounds.

using Autodiff.Functional.Compilation.Passes;
using Autodiff.Functional.Evaluation;
using Autodiff.Functional.Programs;
using Autodiff.PropertyTests.Generators;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using Program = Autodiff.PropertyTests.Generators.Program;

namespace Autodiff.PropertyTests.Compiling;

[Properties(Arbitrary = [typeof(Programs), typeof(Flows)], QuietOnSuccess = true)]
public class PassTests
{
    private const int MostRounds = 8;

    private static readonly double[] s_numbers =
        [double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0.0, -0.0, double.Epsilon, -double.Epsilon, double.MaxValue, 1, -1, 0.5, -2, 3];

    private static readonly (string Name, Func<Computation, Computation> Apply)[] s_passes = [.. Optimizer.Passes, ("all", Optimizer.Run)];

    [Property(MaxTest = 60)]
    public void Values_stay(Program f) => Assert.All(Computations(f), body => Agree(body, [f.Input.Storage]));

    [Property(MaxTest = 40)]
    public void Values_stay_in_batches(Program f) => Assert.All(Computations(f.Input.Shape, Vmap(Grad(f.Scalar)), 3), body => Agree(body, [Generators.Batching.About(f.Input, 3, 0, 1).Storage]));

    [Property(MaxTest = 40)]
    public void Values_stay_with_loops_and_branches(FlowCase flow) =>
        Assert.All(Computations(flow.Point.Shape, Grad(flow.By(Control.Nodes))), body => Agree(body, [flow.Point.Storage]));

    [Property(MaxTest = 60)]
    public Property Values_stay_for_any_numbers() => Prop.ForAll(
        (from program in Programs.OnInputs(Tensors.Shapes.Where(shape => shape.Size is > 0 and <= 6)).Generator
         from numbers in Gen.Elements(s_numbers).ArrayOf(program.Input.Shape.Size)
         select program with { Input = Expr.Constant(numbers, program.Input.Shape) }).ToArbitrary(),
        program => Assert.All(Computations(program.Input.Shape, program.Tensor), body => Agree(body, [program.Input.Storage])));

    [Property(MaxTest = 30)]
    public void A_pass_soon_finds_nothing_more_to_do(Program f)
    {
        foreach (var body in Computations(f))
        {
            foreach (var (name, pass) in s_passes)
            {
                var (last, rounds) = (pass(body), 1);
                for (var next = pass(last); !ReferenceEquals(next, last) && rounds <= MostRounds; next = pass(last))
                {
                    (last, rounds) = (next, rounds + 1);
                }

                Assert.True(rounds <= MostRounds, $"{name}:\n{Listing(last)}");
            }
        }
    }

    private static IEnumerable<Computation> Computations(Program f) =>
    [
        .. Computations(f.Input.Shape, f.Tensor),
        .. Computations(f.Input.Shape, Grad(f.Scalar)),
        .. Computations(f.Input.Shape, Compile(Grad(Compile(f.Scalar)))),
        .. Computations(f.Input.Shape, x => Grad(y => Expr.Sum(Grad(Compile(f.Scalar))(y)))(x)),
    ];

    private static IEnumerable<Computation> Computations(Shape shape, Func<Expr, Expr> f, int? batch = null) =>
        [Computation.Trace("Compile", [batch is { } size ? new Shape([size, .. shape]) : shape], x => [f(x[0])]).Computation];

    private static void Agree(Computation body, Storage[] arguments)
    {
        var expected = body.Bytecode.Run(arguments);
        foreach (var (name, pass) in s_passes)
        {
            var after = pass(body);
            AssertWellFormed(name, body, after);
            var actual = after.Bytecode.Run(arguments);
            foreach (var (left, right) in expected.Zip(actual))
            {
                Near(name, left, right);
            }
        }
    }

    /// <summary>
    /// Asserts what every pass must keep: the parameters and the shapes of results; operands come before the nodes that use them; slots say where
    /// operands are; shapes fit; and the only leaves are parameters and constants.
    /// </summary>
    private static void AssertWellFormed(string pass, Computation before, Computation after)
    {
        Assert.True(before.Parameters.SequenceEqual(after.Parameters), $"{pass} changed the parameters.");
        Assert.Equal(before.Results.Select(result => result.Shape), after.Results.Select(result => result.Shape));
        var values = after.Parameters.Concat(after.Nodes).ToArray();
        for (var place = 0; place < after.Nodes.Length; place++)
        {
            var (node, slots) = (after.Nodes[place], after.OperandSlots[place].ToArray());
            Assert.Equal(node.OperandCount, slots.Length);
            for (var i = 0; i < slots.Length; i++)
            {
                Assert.True(slots[i] < after.Parameters.Length + place, $"{pass}: {node.Op} at {place} reads what comes later.");
                AssertStands(slots[i], node.Operand(i), $"{pass}: operand {i} of {node.Op} at {place}");
            }

            Assert.True(node.OperandCount > 0, $"{pass}: {node.Op} at {place} is a leaf that is no parameter.");
            Assert.Equal(node.Shape, node.WithOperands([.. node.Operands]).Shape);
        }

        for (var i = 0; i < after.Results.Length; i++)
        {
            AssertStands(after.ResultSlots[i], after.Results[i], $"{pass}: result {i}");
        }

        void AssertStands(int slot, Expr node, string what) =>
            Assert.True(slot == Computation.ConstantSlot ? node.Op == Op.Constant : ReferenceEquals(values[slot], node), $"{what} is not where its slot says.");
    }

    private static void Near(string pass, Storage expected, Storage actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        var scale = expected.Span.ToArray().Where(double.IsFinite).Select(Math.Abs).Append(1).Max();
        for (var i = 0; i < expected.Size; i++)
        {
            var (left, right) = (expected[i], actual[i]);
            Assert.True(left.Equals(right) || Math.Abs(left - right) <= Engines.Same * scale, $"{pass}, element {i} of {expected.Shape}: expected {left:R}, actual {right:R}");
        }
    }

    private static string Listing(Computation body) => string.Join('\n', body.Nodes.Select((node, place) => $"{place}: {node.Op} {node.Shape} of {string.Join(", ", body.OperandSlots[place].ToArray().Select(slot => slot - body.Parameters.Length))}"));
}
