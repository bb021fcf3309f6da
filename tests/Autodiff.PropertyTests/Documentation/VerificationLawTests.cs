// The properties that docs/verification.md shows, word for word.

using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Documentation;

public class VerificationLawTests
{
    [Property]
    public FsCheck.Property The_derivatives_of_the_loss_are_right() =>
        Laws.Gradient(x => Log(x[0]) * Sqrt(x[1]), Domain.Positive(new Shape(2)));

    [Property]
    public FsCheck.Property Norms_are_homogeneous() =>
        Laws.Homogeneous(x => Norm(x), degree: 1, Domain.Box(new Shape(3), 0.5, 2));

    [Property]
    public FsCheck.Property A_rule_by_hand_agrees_with_the_formula() =>
        Laws.Rule(
            CustomVjp(x => (x / (1 + x * x), c => c * (1 - x * x) / Pow(1 + x * x, 2)), "squash"),
            x => x / (1 + x * x),
            Domain.Box(Shape.Scalar, -8, 8));
}
