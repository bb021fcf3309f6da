using static Autodiff.Functional.AD;

namespace Autodiff.PropertyTests;

public class SmokeTests
{
    [Fact]
    public void A_gradient_is_taken() => Assert.Equal(18, (double)Grad(x => Expr.Pow(x - 1, 2) + Expr.Pow(x + 1, 2))(4.5));
}
