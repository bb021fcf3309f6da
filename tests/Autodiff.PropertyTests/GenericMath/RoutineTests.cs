// One body on every type of number: the same value to the last bit, and derivatives that are known in closed form.

using System.Numerics;
using FsCheck.Xunit;

namespace Autodiff.PropertyTests.GenericMath;

public class RoutineTests
{
    private const double Scale = 64;

    // The same routines, of two numbers: a step from y = x with the rate y; the root of z eᶻ = 1 + x² + y²; tan x.
    private static T Step<T>(T x, T y)
        where T : IFloatingPointIeee754<T> => Routines.RungeKutta((t, z) => (y * z) - (t * t), T.CreateChecked(0.25), x, T.CreateChecked(0.125));

    private static T Root<T>(T x, T y)
        where T : IFloatingPointIeee754<T> => Routines.Brent(z => (z * T.Exp(z)) - (T.One + (x * x) + (y * y)), T.Zero, T.CreateChecked(4));

    private static T Fraction<T>(T x, T y)
        where T : IFloatingPointIeee754<T> => y * Routines.Tangent(x);

    [Property]
    public void A_step_of_Runge_and_Kutta_is_the_same_for_every_number(sbyte x, sbyte y) => AreTheSame(x, y, Step<double>, Step<float>, Step<Dual<double>>, Step<Dual<float>>, Step<Jet<double>>, Step<Jet<float>>, Step<Dual<Dual<double>>>, Step<Expr>, 1e-13);

    [Property(MaxTest = 40)]
    public void Brent_s_root_is_the_same_for_every_number(sbyte x, sbyte y) => AreTheSame(x, y, Root<double>, Root<float>, Root<Dual<double>>, Root<Dual<float>>, Root<Jet<double>>, Root<Jet<float>>, Root<Dual<Dual<double>>>, Root<Expr>, 1e-10);

    [Property]
    public void A_continued_fraction_is_the_same_for_every_number(sbyte x, sbyte y) => AreTheSame(x, y, Fraction<double>, Fraction<float>, Fraction<Dual<double>>, Fraction<Dual<float>>, Fraction<Jet<double>>, Fraction<Jet<float>>, Fraction<Dual<Dual<double>>>, Fraction<Expr>, 1e-11);

    private static void AreTheSame(
        sbyte atX,
        sbyte atY,
        Func<double, double, double> f,
        Func<float, float, float> single,
        Func<Dual<double>, Dual<double>, Dual<double>> dual,
        Func<Dual<float>, Dual<float>, Dual<float>> singleDual,
        Func<Jet<double>, Jet<double>, Jet<double>> jet,
        Func<Jet<float>, Jet<float>, Jet<float>> singleJet,
        Func<Dual<Dual<double>>, Dual<Dual<double>>, Dual<Dual<double>>> nested,
        Func<Expr, Expr, Expr> expression,
        double tolerance)
    {
        var (x, y) = (atX / Scale, atY / Scale);
        var value = f(x, y);
        var byX = dual(Dual<double>.Variable(x), y);
        var byBoth = jet(Jet<double>.Variable(x, 0), Jet<double>.Variable(y, 1));
        var (slopeX, slopeY) = AD.Grad(expression)(x, y);
        Assert.Equal(value, byX.Primal);
        Assert.Equal(value, byBoth.Primal);
        Assert.Equal(value, nested(Dual<double>.Variable(x), Dual<double>.Variable(y)).Primal.Primal);
        Assert.Equal(value, expression(x, y).Value);
        Assert.Equal(single((float)x, (float)y), singleDual(Dual<float>.Variable((float)x), (float)y).Primal);
        Assert.Equal(single((float)x, (float)y), singleJet(Jet<float>.Variable((float)x, 0), Jet<float>.Variable((float)y, 1)).Primal);

        // Near a pole of the tangent slopes are large, and so are their rounding errors.
        var (scaleX, scaleY) = (Math.Max(1, Math.Abs(slopeX.Value)), Math.Max(1, Math.Abs(slopeY.Value)));
        Assert.Equal(byX.Tangent, byBoth.Tangent(0), tolerance * scaleX);
        Assert.Equal(slopeX.Value, byBoth.Tangent(0), tolerance * scaleX);
        Assert.Equal(slopeY.Value, byBoth.Tangent(1), tolerance * scaleY);
    }

    [Fact]
    public void The_root_moves_as_Lambert_s_function_does()
    {
        // The root of z eᶻ = a is W(a), with W′ = W/(a(1 + W)).
        static T Lambert<T>(T a)
            where T : IFloatingPointIeee754<T> => Routines.Brent(z => (z * T.Exp(z)) - a, T.Zero, T.CreateChecked(4));
        foreach (var a in new[] { 0.5, 1, Math.E, 10, 100 })
        {
            var (w, slope) = Forward.ValueAndDiff(Lambert)(a);
            Assert.Equal(Expr.LambertW(a).Value, w, 1e-15 * (1 + w));
            Assert.Equal(w / (a * (1 + w)), slope, 1e-10 * slope);
        }
    }

    [Fact]
    public void The_continued_fraction_has_the_derivatives_of_tan()
    {
        foreach (var x in new[] { -1.5, -0.3, 0, 0.1, 1, 2 })
        {
            var (sum, square) = (1 + (Math.Tan(x) * Math.Tan(x)), Math.Tan(x));
            Assert.Equal(sum, Forward.Diff(Routines.Tangent)(x), 1e-12 * sum);
            Assert.Equal(2 * square * sum, Forward.Diff(Forward.Diff<Dual<double>>(Routines.Tangent))(x), 1e-11 * sum * sum);
        }
    }

    [Fact]
    public void A_solution_moves_with_its_start_and_its_rate()
    {
        // y′ = ry from y₀ has y(1) = y₀eʳ, with derivatives eʳ and y₀eʳ; 100 steps have an error of about 10⁻¹⁰.
        static T Growth<T>(T start, T rate)
            where T : IFloatingPointIeee754<T>
        {
            var (y, h) = (start, T.CreateChecked(0.01));
            for (var i = 0; i < 100; i++)
            {
                y = Routines.RungeKutta((_, z) => rate * z, T.Zero, y, h);
            }

            return y;
        }

        var (byStart, byRate) = Forward.Grad(Growth)(2, 0.5);
        Assert.Equal(Math.Exp(0.5), byStart, 1e-10);
        Assert.Equal(2 * Math.Exp(0.5), byRate, 1e-10);
    }
}
