// Each law passes what is right, and says what is wrong.

using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;
using Property = FsCheck.Property;

namespace Autodiff.PropertyTests.FsCheckPackage;

public class LawsTests
{
    private static readonly Domain<Expr> s_box = Domain.Box(new Shape(3), -2, 2);
    private static readonly Domain<Expr> s_positive = Domain.Box(new Shape(3), 0.5, 3);

    private sealed record Model(Expr Weights, Expr Bias);

    [Property(MaxTest = 60)]
    public Property Derivatives_of_a_function_are_right() => Laws.Gradient(x => Sum(Sin(x) * Exp(x[0])), s_box);

    [Property(MaxTest = 30)]
    public Property Derivatives_in_two_arguments_are_right() => Laws.Gradient((x, y) => Sum(x * Log(y)), Domain.Pair(s_box, s_positive));

    [Property(MaxTest = 10)]
    public Property Derivatives_in_three_arguments_are_right() => Laws.Gradient((x, y, z) => Sum((x * y) + Sin(z)), Domain.Triple(s_box, s_box, s_box), order: 1);

    [Property(MaxTest = 10)]
    public Property Derivatives_in_four_arguments_are_right() => Laws.Gradient((x, y, z, w) => Sum((x * y) + (z * w)), Domain.Quadruple(s_box, s_box, s_box, s_box), order: 1);

    [Property(MaxTest = 20)]
    public Property Derivatives_over_a_tree_are_right() => Laws.Gradient(
        (Model model) => Sum(Tanh(MatMul(model.Weights, Constant([1, 2], new Shape(2, 1)))) + model.Bias),
        from weights in Domain.Box(new Shape(2, 2), -1, 1)
        from bias in Domain.Box(new Shape(2, 1), -1, 1)
        select new Model(weights, bias));

    [Property(MaxTest = 50)]
    public Property Forward_and_reverse_mode_are_adjoint() => Laws.Adjoint(x => Outer(Sin(x), x), s_box);

    [Property(MaxTest = 50)]
    public Property Hessians_are_symmetric() => Laws.SymmetricHessian(x => Prod(x) * LogSumExp(x), s_box);

    [Property(MaxTest = 50)]
    public Property Cumulative_sums_are_linear() => Laws.Linear(x => CumSum(x, 0), s_box);

    [Property(MaxTest = 50)]
    public Property LogSumExp_is_convex() => Laws.Convex(x => LogSumExp(x), s_box);

    [Property(MaxTest = 50)]
    public Property Norms_are_invariant_under_reversal() => Laws.Invariant(x => Norm(x), x => Flip(x, 0), s_box);

    [Property(MaxTest = 50)]
    public Property Elementwise_functions_are_equivariant_under_reversal() => Laws.Equivariant(x => Sin(x) * x, x => Flip(x, 0), s_box);

    [Property(MaxTest = 50)]
    public Property Products_are_homogeneous() => Laws.Homogeneous(x => Prod(x), 3, Domain.Box(new Shape(3), 0.5, 2).Where(x => x.Shape.Size == 3));

    [Property(MaxTest = 30)]
    public Property Batches_are_loops() => Laws.Batched(x => CumSum(Sin(x), 0) / (1 + Norm(x)), s_box);

    [Property(MaxTest = 50)]
    public Property Compiled_code_is_the_function() => Laws.Compiled(x => Sum(Exp(x) * Atan(x)), s_box);

    [Property(MaxTest = 40)]
    public Property A_rule_is_its_reference() => Laws.Rule(CustomVjp(x => (Sin(x), flow => flow * Cos(x)), name: "wave"), Sin, s_box);

    [Property(MaxTest = 40)]
    public Property Sparse_Jacobians_are_dense_ones() => Laws.Sparse(x => x * Flip(Sin(x), 0), s_box);

    [Fact]
    public void A_wrong_gradient_is_blamed_on_the_operation()
    {
        var scaled = CustomVjp(x => (Sin(x), flow => 2 * flow * Cos(x)), name: "scaled");
        Fails(Laws.Gradient(x => Sum(Exp(scaled(x))), s_box), "derivative of your rule `scaled`: factor 2", "Check.Gradients");
        Fails(Laws.Rule(scaled, Sin, s_box), "your rule `scaled`", "factor 2");
    }

    [Fact]
    public void A_leaf_of_a_tree_is_named_by_its_path() => Fails(
        Laws.Gradient(
            (Model model) => Sum(model.Weights * StopGradient(model.Weights)) + Sum(Sin(model.Bias)),
            from weights in Domain.Box(new Shape(2), 1, 2)
            from bias in Domain.Box(new Shape(2), -1, 1)
            select new Model(weights, bias)),
        "∂Weights[");

    [Fact]
    public void What_breaks_a_law_is_found()
    {
        Fails(Laws.Linear(x => CumSum(x, 0) + 1, s_box), "f(ax + by)");
        Fails(Laws.Linear(x => CustomVjp(v => (CumSum(v, 0), flow => CumSum(flow, 0)))(x), s_box), "derivative along y");
        Fails(Laws.Convex(x => -LogSumExp(x), s_box), "t f(x)");
        Fails(Laws.Convex(CustomVjp(x => (Sum(x * x), flow => -2 * flow * x)), s_box), "∇f(x)");
        Fails(Laws.Invariant(x => x[0] + Sum(x), x => Flip(x, 0), s_box.Where(x => x.Shape.Size == 3)), "f(a(x))");
        Fails(Laws.Invariant(CustomVjp(x => (Sum(x), flow => flow * Constant([1, 2, 3], new Shape(3)))), x => Flip(x, 0), s_box.Where(x => x.Shape.Size == 3)), "the derivative");
        Fails(Laws.Equivariant(x => CumSum(x, 0), x => Flip(x, 0), s_box), "f(a(x))");
        Fails(Laws.Homogeneous(x => Sum(x * x), 3, s_positive), "f(0.5x)");
        Fails(Laws.Homogeneous(CustomVjp(x => (Sum(x * x), flow => 3 * flow * x)), 2, s_positive), "∇f");
        Fails(Laws.Rule(CustomVjp(x => (Sin(x) + 1e-6, flow => flow * Cos(x))), Sin, s_box), "the reference");
        Fails(Laws.SymmetricHessian(CustomVjp(x => (Sum(x * x), flow => flow * 2 * x * CumSum(x, 0))), s_box), "transpose");
        Fails(Laws.Adjoint(CustomVjp(x => (x, flow => StopGradient(flow))), s_box), "⟨u");
    }

    [Fact]
    public void What_depends_on_how_it_is_run_is_found()
    {
        // The function knows whether its argument has a value, so compiled code, which runs it on one that has none, computes another function.
        Fails(Laws.Compiled(x => x.IsConcrete ? Sin(x) : 1.001 * Sin(x), s_box), "compiled");
        Fails(Laws.Batched(x => x.IsConcrete ? Sin(x) : 1.001 * Sin(x), s_box), "Vmap");
        Fails(Laws.Sparse(x => x.IsConcrete ? Sin(x) : 1.001 * Sin(x), s_box), "sparse");
    }

    [Fact]
    public void Null_is_refused()
    {
        Assert.Contains("the law is null", Assert.Throws<AutodiffException>(() => Laws.Of<Expr>(null!)).Message, StringComparison.Ordinal);
        Assert.Contains("the domain is null", Assert.Throws<AutodiffException>(() => Laws.Points<Expr>(null!)).Message, StringComparison.Ordinal);
        Assert.Throws<AutodiffException>(() => Laws.Gradient((Func<Expr, Expr>)null!, s_box));
    }

    private static void Fails(Property property, params string[] parts)
    {
        var message = Assert.ThrowsAny<Exception>(() => global::FsCheck.Check.QuickThrowOnFailure(property)).Message;
        Assert.True(Array.TrueForAll(parts, part => message.Contains(part, StringComparison.Ordinal)), message);
    }
}
