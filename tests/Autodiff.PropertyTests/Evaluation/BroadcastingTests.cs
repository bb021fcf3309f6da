// Elementwise functions of several operands whose shapes broadcast: values against plain loops, and derivatives that sum
// over what was stretched; on small shapes and on ones that no block of a kernel holds whole.

using Autodiff.PropertyTests.Generators;
using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Evaluation;

public class BroadcastingTests
{
    private static readonly Dictionary<string, (Func<Expr, Expr, Expr> Apply, Func<double, double, double> Scalar)> s_smooth = new()
    {
        ["+"] = ((a, b) => a + b, (a, b) => a + b),
        ["-"] = ((a, b) => a - b, (a, b) => a - b),
        ["*"] = ((a, b) => a * b, (a, b) => a * b),
        ["/"] = ((a, b) => a / (b + 4), (a, b) => a / (b + 4)),
        ["Pow"] = ((a, b) => Pow(a + 4, b), (a, b) => Math.Pow(a + 4, b)),
        ["Atan2"] = ((a, b) => Atan2(a, b + 4), (a, b) => Math.Atan2(a, b + 4)),
        ["Hypot"] = ((a, b) => Hypot(a, b + 4), (a, b) => double.Hypot(a, b + 4)),
    };

    private static readonly Dictionary<string, (Func<Expr, Expr, Expr> Apply, Func<double, double, double> Scalar)> s_pieced = new()
    {
        ["Min"] = (Min, Math.Min),
        ["Max"] = (Max, Math.Max),
        ["<"] = ((a, b) => a < b, (a, b) => a < b ? 1 : 0),
        ["<="] = ((a, b) => a <= b, (a, b) => a <= b ? 1 : 0),
        [">"] = ((a, b) => a > b, (a, b) => a > b ? 1 : 0),
        [">="] = ((a, b) => a >= b, (a, b) => a >= b ? 1 : 0),
        ["Eq"] = ((a, b) => Eq(Round(a), Round(b)), (a, b) => Math.Round(a) == Math.Round(b) ? 1 : 0),
        ["Clamp"] = ((a, b) => Clamp(2 * a, b, b + 1), (a, b) => Math.Clamp(2 * a, b, b + 1)),
        ["Where"] = ((a, b) => Where(a > b, 2 * a, b), (a, b) => a > b ? 2 * a : b),
    };

    public static TheoryData<string> Functions => [.. s_smooth.Keys.Concat(s_pieced.Keys)];

    public static TheoryData<string> SmoothFunctions => [.. s_smooth.Keys];

    /// <summary>Shapes that broadcast, of more elements than a block of a kernel holds (512).</summary>
    public static (Shape A, Shape B)[] Large { get; } =
    [
        (new(700), new(700)), (new(700), Shape.Scalar), (new(1), new(700)), (new(3, 700), new(3, 1)), (new(3, 700), new(700)), (new(3, 1), new(1, 700)),
        (new(700, 2), new(2)), (new(700, 2), new(700, 1)), (new(2, 600, 3), new(600, 1)), (new(2, 1, 600), new(3, 1)), (new(2, 600, 1), new(2, 1, 3)), (new(512), new(2, 512)), (new(1, 1, 1025), new(1)),
    ];

    public static IEnumerable<object[]> LargeFunctions =>
        from function in s_smooth.Keys.Concat(s_pieced.Keys) from shapes in Enumerable.Range(0, Large.Length) select new object[] { function, shapes };

    [Theory, MemberData(nameof(Functions))]
    public void The_value_is_that_of_plain_loops(string function) =>
        StructuralCase.ForAll(Small(function), 100, x => x.HasTheValueOfItsLoops());

    [Theory, MemberData(nameof(Functions))]
    public void Built_symbolically_and_substituted_it_is_the_same(string function) =>
        StructuralCase.ForAll(Small(function), 50, x => x.IsTheSameBuiltSymbolically());

    [Theory, MemberData(nameof(Functions))]
    public void The_pullback_is_the_transpose_of_the_pushforward(string function) =>
        StructuralCase.ForAll(Small(function), 50, x => x.PullsBackByTheTransposeOfPushingForward());

    [Theory, MemberData(nameof(SmoothFunctions))]
    public void The_Jacobian_is_the_same_in_every_mode_and_by_differences(string function) =>
        StructuralCase.ForAll(Small(function), 25, x => x.HasOneJacobianInEveryMode());

    [Theory, MemberData(nameof(SmoothFunctions))]
    public void The_Hessian_is_the_same_in_every_nesting_and_by_differences(string function) =>
        StructuralCase.ForAll(Small(function), 8, x => x.HasOneHessianInEveryNesting());

    [Theory, MemberData(nameof(LargeFunctions))]
    public void Beyond_the_boundaries_of_blocks_value_and_derivatives_hold(string function, int shapes)
    {
        var (a, b) = (Tensors.Direction(Large[shapes].A, 1), Tensors.Direction(Large[shapes].B, 2));
        var x = Of(function, a, b);
        x.HasTheValueOfItsLoops();
        x.IsTheSameBuiltSymbolically();
        x.PullsBackByTheTransposeOfPushingForward();

        // A tangent that moves elements by their own numbers has in every element the tangent of that element alone.
        var apply = ApplyOf(function);
        var (da, db) = (Tensors.Direction(a.Shape, 3), Tensors.Direction(b.Shape, 4));
        var stretched = apply(a, b).Shape;
        Expr Flat(Expr v) => Reshape(BroadcastTo(v, stretched), -1);
        Agreement.Near(
            AD.Jvp(apply)(Flat(a), Flat(b), Flat(da), Flat(db)).Tangent,
            Reshape(AD.Jvp(apply)(a, b, da, db).Tangent, -1));
    }

    private static Gen<StructuralCase> Small(string function) => Tensors.Pairs.Select(pair => Of(function, pair.A, pair.B));

    private static Func<Expr, Expr, Expr> ApplyOf(string function) => (s_smooth.TryGetValue(function, out var entry) ? entry : s_pieced[function]).Apply;

    private static StructuralCase Of(string function, Expr a, Expr b)
    {
        var (apply, scalar) = s_smooth.TryGetValue(function, out var entry) ? entry : s_pieced[function];
        return new(
            function,
            [a, b],
            v => apply(v[0], v[1]),
            v => Grid.Build(apply(a, b).Shape, at => scalar(v[0].Stretched(at), v[1].Stretched(at))));
    }
}
