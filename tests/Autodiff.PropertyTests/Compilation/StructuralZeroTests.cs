// A call of a compiled or checkpointed function keeps structural zeros as the function itself does: for each element of its argument and its result,
// in both modes.

using Autodiff.PropertyTests.Generators;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Compiling;

public class StructuralZeroTests
{
    private static readonly Expr s_x = new double[] { 0, 1, 4 };
    private static readonly Expr s_many = Concat([s_x, s_x + 1, s_x, s_x]);

    /// <summary>A function of x, a part of which is wrapped by <c>call</c>: left as it is, checkpointed or compiled.</summary>
    private delegate Expr Whole(Expr x, Func<Func<Expr, Expr>, Func<Expr, Expr>> call);

    private static readonly Dictionary<string, Whole> s_cases = new()
    {
        ["a mask inside"] = (x, call) => call(y => Where(y > 0, Sqrt(y), 0))(x),
        ["a mask outside, an infinite derivative inside"] = (x, call) => Where(x > 0, call(Sqrt)(x), 0),
        ["a mask inside, an infinite derivative outside"] = (x, call) => call(y => Where(y > 0, y, 0))(Sqrt(x)),
        ["an element that is not read"] = (x, call) => call(Sqrt)(x)[1..],
        ["an element that is not read inside"] = (x, call) => call(y => y[1..])(Sqrt(x)),
        ["one of two results"] = (x, call) => Where(x > 0, Two(call)(x).Root, Two(call)(x).Square),
        ["a result that is not read"] = (x, call) => Two(call)(x).Square,
        ["a mask that is computed inside"] = (x, call) => call(y => Max(y, 1))(Log(x)),
        ["between two calls"] = (x, call) => call(y => Where(y > 0, y, 2))(call(Sqrt)(x)),
        ["what is computed from the outside"] = (x, call) => Where(x > 0, call(y => Sqrt(x) * y)(x + 1), x),
        ["a plain 0, which is no mask"] = (x, call) => call(y => Sqrt(y) * Sqrt(y))(x),
        ["a plain 0 outside"] = (x, call) => call(Sqrt)(x) * (x > 0),
    };

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    private static Func<Expr, (Expr Root, Expr Square)> Two(Func<Func<Expr, Expr>, Func<Expr, Expr>> call)
    {
        var both = call(y => Stack([Sqrt(y), y * y]));
        return x => both(x) is var y ? (y[0], y[1]) : default;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void First_derivatives_are_those_of_the_function(string name) => Agree(name, (f, call) =>
    [
        Grad(x => Sum(f(x, call)))(s_x),
        Jacobian(x => f(x, call))(s_x),
        JacobianForward(x => f(x, call))(s_x),
        Jvp(x => f(x, call))(s_x, Ones(3)).Tangent,
    ]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Second_derivatives_are_those_of_the_function(string name) => Agree(name, (f, call) =>
    [
        Grad(x => Sum(Grad(z => Sum(f(z, call) * f(z, call)))(x)))(s_x),
        JacobianForward(Grad(z => Sum(f(z, call))))(s_x),
        JacobianReverse(JacobianForward(z => Sum(f(z, call))))(s_x),
        JacobianForward(JacobianForward(z => Sum(f(z, call))))(s_x),
    ]);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Derivatives_at_many_elements_are_those_of_the_function(string name) => Agree(name, (f, call) =>
    [
        JacobianReverse(z => f(z, call))(s_many),
        JacobianForward(z => f(z, call))(s_many),
        Hessian(z => Sum(f(z, call)))(s_many),
        Vmap(Grad(z => Sum(f(z, call))))(Stack([s_x, s_x + 1])),
        Grad(z => Sum(Vmap(v => f(v, call))(z)))(Stack([s_x, s_x + 1])),
    ]);

    [Fact]
    public void A_result_of_several_keeps_its_zeros()
    {
        static Expr F(Expr x, Func<Func<Expr, (Expr, Expr)>, Func<Expr, (Expr, Expr)>> call) =>
            call(y => (Sqrt(y), y * y))(x) is var (root, square) ? Sum(Where(x > 0, root, square)) : x;
        Agreement.Near(new double[] { 0, 0.5, 0.25 }, Grad(x => F(x, f => f))(s_x));
        Agreement.Near(new double[] { 0, 0.5, 0.25 }, Grad(x => F(x, f => Compile(f)))(s_x));
        Agreement.Near(new double[] { 0, 0.5, 0.25 }, JacobianForward(x => F(x, f => Compile(f)))(s_x));
    }

    private static void Agree(string name, Func<Whole, Func<Func<Expr, Expr>, Func<Expr, Expr>>, Expr[]> derivatives)
    {
        var f = s_cases[name];
        var expected = derivatives(f, part => part);
        List<Expr[]> found = [derivatives(f, part => Checkpoint(part))];
        foreach (var options in Engines.All)
        {
            found.Add(derivatives(f, part => Compile(part, options)));
            found.Add(derivatives((x, call) => Compile((Expr v) => f(v, call), options)(x), part => part));
            found.Add(derivatives((x, call) => Compile((Expr v) => f(v, call), options)(x), part => Compile(part, options)));
        }

        foreach (var actual in found)
        {
            for (var i = 0; i < expected.Length; i++)
            {
                Agreement.Near(expected[i], actual[i], Engines.Same);
            }
        }
    }
}
