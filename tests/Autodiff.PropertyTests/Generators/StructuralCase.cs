// A call of a function of tensors, with plain loops as the reference, and the laws that every such call must satisfy.

using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Generators;

/// <summary>A function with the operands on which it is called.</summary>
/// <param name="Text">The name of the case in a counterexample.</param>
/// <param name="Operands">The operands.</param>
/// <param name="Apply">The function under test.</param>
/// <param name="Loops">The reference: the same function, element by element.</param>
internal sealed record StructuralCase(string Text, Expr[] Operands, Func<Expr[], Expr> Apply, Func<Grid[], Grid> Loops)
{
    // The accuracy that Numeric states for smooth functions is 1e-12 at unit scale; a hundredfold margin covers larger slopes.
    private const double Differences = 1e-10;

    public Expr Value => Apply(Operands);

    public override string ToString() => $"{Text} on {string.Join(", ", Operands.Select(operand => $"{operand.Shape} {operand}"))}";

    /// <summary>Checks a law on random cases.</summary>
    public static void ForAll(Gen<StructuralCase> cases, int count, Action<StructuralCase> law) =>
        Prop.ForAll(cases.ToArbitrary(), law).Check(Config.QuickThrowOnFailure.WithMaxTest(count));

    public void HasTheValueOfItsLoops() => Agreement.Near(Loops([.. Operands.Select(Grid.Of)]).ToExpr(), Value, 1e-13);

    public void IsTheSameBuiltSymbolically()
    {
        var variables = Operands.Select((operand, i) => Variable($"x{i}", operand.Shape)).ToArray();
        var symbolic = Apply(variables);
        Assert.Equal(Value.Shape, symbolic.Shape);
        Agreement.Repeats(Value, symbolic.Substitute([.. variables.Zip(Operands)]));
    }

    public void HasOneJacobianInEveryMode() => ForEachOperand((f, x) =>
    {
        var reverse = JacobianReverse(f)(x);
        Agreement.Near(reverse, JacobianForward(f)(x));
        Agreement.Near(reverse, Jacobian(f)(x));
        Agreement.Near(Numeric.Jacobian(f)(x), reverse, Differences);
    });

    public void PullsBackByTheTransposeOfPushingForward() => ForEachOperand((f, x) =>
    {
        var (value, pullback) = Vjp(f)(x);
        var tangent = Tensors.Direction(x.Shape, 1);
        var cotangent = Tensors.Direction(value.Shape, 2);
        Agreement.Near(Agreement.Inner(cotangent, Jvp(f)(x, tangent).Tangent), Agreement.Inner(pullback(cotangent), tangent));
    });

    /// <summary>Checks ⟨u, Lx⟩ = ⟨Lᵀu, x⟩ and L(ax + y) = aLx + Ly, where Lx = f(x) − f(0) and f is the function of one operand.</summary>
    public void IsLinearInEachOperand() => ForEachOperand((f, x) =>
    {
        Expr Linear(Expr v) => f(v) - f(Zeros(v.Shape));
        var (value, pullback) = Vjp(f)(x);
        var cotangent = Tensors.Direction(value.Shape, 3);
        var other = Tensors.Direction(x.Shape, 4);
        Agreement.Near(Agreement.Inner(cotangent, Linear(x)), Agreement.Inner(pullback(cotangent), x));
        Agreement.Near((2.5 * Linear(x)) + Linear(other), Linear((2.5 * x) + other));
        Agreement.Near(Linear(other), Jvp(f)(x, other).Tangent);
    });

    /// <summary>
    /// Checks that the four nestings of modes and Numeric agree about the second derivative of a function that is not linear even if the case is.
    /// </summary>
    public void HasOneHessianInEveryNesting() => ForEachOperand((f, x) =>
    {
        Expr Bent(Expr v) => Sum(Tensors.Direction(f(v).Shape, 5) * Sin(f(v)));
        var hessian = JacobianReverse(Grad(Bent))(x);
        Agreement.Near(hessian, JacobianForward(Grad(Bent))(x));
        Agreement.Near(hessian, JacobianReverse(JacobianForward(Bent))(x));
        Agreement.Near(hessian, JacobianForward(JacobianForward(Bent))(x));
        Agreement.Near(Numeric.Jacobian(Grad(Bent))(x), hessian, Differences);
    });

    private void ForEachOperand(Action<Func<Expr, Expr>, Expr> law)
    {
        for (var i = 0; i < Operands.Length; i++)
        {
            var position = i;
            law(x => Apply([.. Operands[..position], x, .. Operands[(position + 1)..]]), Operands[position]);
        }
    }
}
