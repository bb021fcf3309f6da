// Derivatives inside functions that are differentiated: the inner one must treat what it closes over as constant, and the
// outer one must see through the inner.

using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.HardCases;

public class PerturbationConfusionTests
{
    /// <summary>The derivative operators for functions of one scalar, which must be interchangeable.</summary>
    public static TheoryData<string, string> Nestings
    {
        get
        {
            var pairs = new TheoryData<string, string>();
            foreach (var outer in Derivative.Names)
            {
                foreach (var inner in Derivative.Names)
                {
                    pairs.Add(outer, inner);
                }
            }

            return pairs;
        }
    }

    // d/dx [x · d/dy (x + y)] = d/dx [x · 1] = 1 (Siskind & Pearlmutter, "Perturbation confusion and referential
    // transparency", 2005, where confusing the two perturbations gives 2).
    [Theory]
    [MemberData(nameof(Nestings))]
    public void What_an_inner_derivative_closes_over_is_constant_to_it(string outer, string inner)
    {
        var (d, e) = (Derivative.Named(outer), Derivative.Named(inner));

        Assert.Equal(1, d(x => x * e(y => x + y)(1))(1).Value);
    }

    // d/dx [x · d/dy (x·y)] = d/dx [x · x] = 2x.
    [Theory]
    [MemberData(nameof(Nestings))]
    public void What_an_inner_derivative_closes_over_is_not_constant_to_the_outer_one(string outer, string inner)
    {
        var (d, e) = (Derivative.Named(outer), Derivative.Named(inner));

        Assert.Equal(6, d(x => x * e(y => x * y)(2))(3).Value);
        Assert.Equal(6, d(x => x * e(y => x * y)(x))(3).Value);
    }

    // Three levels: d/dx [x · d/dy (y · d/dz (x·y·z))] = d/dx [x · d/dy (x·y²)] = d/dx [2x²y] = 4xy at y = 2, x = 3.
    [Theory]
    [MemberData(nameof(Nestings))]
    public void Three_levels_do_not_mix(string outer, string inner)
    {
        var (d, e) = (Derivative.Named(outer), Derivative.Named(inner));

        Assert.Equal(24, d(x => x * e(y => y * d(z => x * y * z)(5))(2))(3).Value);
    }

    // The function that is differentiated is itself made by a derivative: f(x)(y) = x·y curried, so that
    // d/dx [y ↦ x·y] is y ↦ y, whatever y becomes known later (Manzyuk et al., "Perturbation confusion in forward
    // automatic differentiation of higher-order functions", 2019, where the "amazing bug" appears).
    [Theory]
    [MemberData(nameof(Nestings))]
    public void A_shift_operator_differentiated_twice_gives_the_second_derivative(string outer, string inner)
    {
        var (d, e) = (Derivative.Named(outer), Derivative.Named(inner));

        // The derivative at 0 of the shift u ↦ g(y + u) is g′(y); applied twice it is g″(y).
        Func<Expr, Expr> Shifted(Func<Expr, Expr> g, Func<Func<Expr, Expr>, Func<Expr, Expr>> by) => y => by(u => g(y + u))(0);

        Assert.Equal(-Math.Sin(0.7), Shifted(Shifted(Sin, d), e)(0.7).Value, 1e-15);
    }

    [Theory]
    [MemberData(nameof(Nestings))]
    public void Nested_derivatives_of_vectors_do_not_mix(string outer, string inner)
    {
        var (d, e) = (Derivative.Named(outer), Derivative.Named(inner));
        Expr a = new double[] { 1, 2, 3 };

        // d/dt Σᵢ aᵢ · d/ds (t·s·aᵢ)² at s = t is Σ aᵢ · 2t³aᵢ² differentiated: 6t² Σ aᵢ³ = 6 · 4 · 36.
        Expr F(Expr t) => Sum(a * Stack([.. Enumerable.Range(0, 3).Select(i => e(s => Pow(t * s * a[i], 2))(t))]));
        Assert.Equal(6 * 4 * 36, d(F)(2).Value);
    }
}
