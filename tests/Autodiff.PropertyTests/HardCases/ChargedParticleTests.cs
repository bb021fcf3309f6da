// The charged particle of Siskind & Pearlmutter, "Nesting forward-mode AD in a functional framework" (2008): the force on
// it is a derivative, and where it lands is minimised with derivatives of its whole path.

using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.HardCases;

public class ChargedParticleTests
{
    // Where the minimum is: a second implementation in plain floating point lands at x = 0, found by bisection.
    private const double Minimum = -0.26652340522414;

    /// <summary>The operators for the two derivatives in w, first and second, and that for the force.</summary>
    public static TheoryData<string, string, string> Nestings => new()
    {
        { "Grad", "Grad", "reverse" },
        { "Diff", "Grad", "reverse" },
        { "Grad", "Diff", "forward" },
    };

    [Theory]
    [MemberData(nameof(Nestings))]
    public void Newtons_method_steers_a_charged_particle_onto_the_axis(string first, string second, string force)
    {
        var error = LandingError(ForceBy(force));
        var slope = Derivative.Named(first)(error);
        var curvature = Derivative.Named(second)(slope);

        var (w, steps) = (0.0, 0);
        for (var down = slope(w).Value; Math.Abs(down) > 1e-8; down = slope(w).Value)
        {
            w -= down / curvature(w).Value;
            Assert.True(++steps < 10, "Newton's method converges in a few steps");
        }

        Assert.Equal(Minimum, w, 1e-10);
        Assert.Equal(0, error(w).Value, 1e-16);
    }

    [Fact]
    public void The_curvature_of_the_landing_error_is_the_same_by_every_nesting()
    {
        var curvatures =
            from first in Derivative.Names
            from second in Derivative.Names
            select Derivative.Named(second)(Derivative.Named(first)(LandingError(Grad, timeStep: 0.5)))(-0.2).Value;

        // The nestings round differently; they agree to ten digits, far beyond what confusing two variables would leave.
        Assert.Equal([curvatures.First()], curvatures.Select(curvature => Math.Round(curvature / curvatures.First(), 10) * curvatures.First()).Distinct());
    }

    // The same plain implementation gives 3.199079002508194 at w = 0.
    [Theory]
    [InlineData("reverse")]
    [InlineData("forward")]
    public void A_charged_particle_lands_where_plain_arithmetic_says(string force) =>
        Assert.Equal(3.199079002508194, LandingError(ForceBy(force))(0).Value, 1e-12);

    /// <summary>w ↦ x² where the particle, started at (0, 8), crosses the axis y = 0 between charges at (10, 10 − w) and (10, 0).</summary>
    private static Func<Expr, Expr> LandingError(Func<Func<Expr, Expr>, Func<Expr, Expr>> gradient, double timeStep = 1e-1) => w =>
    {
        Expr[] charges = [Stack([10, 10 - w]), Stack([10, 0])];
        var slope = gradient(x => (1 / Norm(x - charges[0])) + (1 / Norm(x - charges[1])));
        Expr position = new double[] { 0, 8 };
        Expr velocity = new double[] { 0.75, 0 };
        for (var next = position + (timeStep * velocity); next[1] > 0; next = position + (timeStep * velocity))
        {
            (position, velocity) = (next, velocity - (timeStep * slope(position)));
        }

        // The last step is cut where it meets the axis.
        var landing = position - (position[1] / velocity[1] * velocity);
        return landing[0] * landing[0];
    };

    private static Func<Func<Expr, Expr>, Func<Expr, Expr>> ForceBy(string name) => name == "reverse" ? Grad : JacobianForward;
}
