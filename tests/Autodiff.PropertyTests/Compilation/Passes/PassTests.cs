// Every pass of the optimiser leaves the values of random programs and their derivatives as they are, whatever numbers they are
// run on, and after a few rounds finds nothing more to do.

using Autodiff.Functional.Compilation;
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

    private static readonly Dictionary<string, Func<Computation, Computation>> s_passes = new()
    {
        ["inline calls"] = Inlining.Expand,
        ["simplify arithmetic"] = Arithmetic.Simplify,
        ["merge masks"] = Masks.Merge,
        ["simplify layout"] = Layout.Simplify,
        ["sink broadcasts"] = Broadcasts.Sink,
        ["merge equal operations"] = CommonSubexpressions.Merge,
        ["simplify contractions"] = Contractions.Simplify,
        ["split short axes"] = ShortAxes.Split,
        ["share exponentials"] = Sigmoids.Share,
        ["decompose"] = Decomposition.Decompose,
        ["all"] = Optimizer.Run,
    };

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
        var expected = body.Code.Run(arguments);
        foreach (var (name, pass) in s_passes)
        {
            var actual = pass(body).Code.Run(arguments);
            foreach (var (left, right) in expected.Zip(actual))
            {
                Near(name, left, right);
            }
        }
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
