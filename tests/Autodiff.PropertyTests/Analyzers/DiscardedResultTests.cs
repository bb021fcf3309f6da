// ADF004: calls of pure functions as statements.

namespace Autodiff.PropertyTests.Analyzers;

public class DiscardedResultTests
{
    [Theory]
    [InlineData("void F() { AD.Grad(x => x * x); }", "AD.Grad(x => x * x)")]
    [InlineData("void F(Expr x) { Expr.Update(x, 0, 1); }", "Expr.Update(x, 0, 1)")]
    [InlineData("void F(Expr x) { Sin(x); }", "Sin(x)")]
    [InlineData("void F(Expr x) { x.Exp(); }", "x.Exp()")]
    [InlineData("void F(Expr key) { Rng.Split(key); }", "Rng.Split(key)")]
    [InlineData("void F(Expr x) { x.Substitute((x, 1)); }", "x.Substitute((x, 1))")]
    [InlineData("void F(Expr x) { Check.Gradients(Sin, x); }", "Check.Gradients(Sin, x)")]
    [InlineData("void F(Line p) { Tree.Map(p, x => 2 * x); }", "Tree.Map(p, x => 2 * x)")]
    public void AResultThatIsThrownAwayIsFound(string members, string call) => Assert.Equal([$"ADF004 {call}"], new Snippet(members).Alarms());

    [Theory]
    [InlineData("void F(Expr x) { var y = Sin(x); }")]
    [InlineData("void F(Expr x) { _ = Sin(x); }")]
    [InlineData("void F() { AD.Strict(); }")]
    [InlineData("void F(Expr x) { x = Expr.Update(x, 0, 1); }")]
    [InlineData("void F(Expr x) { Action a = () => Sin(x); a(); }")]
    [InlineData("void F(Expr x) { Console.WriteLine(Sin(x)); }")]
    [InlineData("void F(List<Expr> xs, Expr x) { xs.Add(Sin(x)); }")]
    public void AResultThatIsUsedIsNoAlarm(string members) => Assert.Empty(new Snippet(members).Alarms());

    [Fact]
    public void TheMessageNamesTheFunction() => Assert.Equal(
        ["AD.Grad changes nothing and its result is discarded; assign the result, or remove the statement"],
        new Snippet("void F() { AD.Grad(x => x * x); }").Messages());

    [Theory]
    [InlineData("void F(Expr x) { Expr.Update(x, 0, 1); }", "x = Expr.Update(x, 0, 1);")]
    [InlineData("void F(Expr x) { AD.Grad(Sin); }", "var result = AD.Grad(Sin);")]
    [InlineData("void F(Expr result) { AD.Grad(Sin); }", "var result2 = AD.Grad(Sin);")]
    [InlineData("void F(Expr x, Expr w) { x.MatMul(w); }", "x = x.MatMul(w);")]
    [InlineData("void F(Expr x, Expr w) { if (x.Rank == 2) x.MatMul(w); }", "if (x.Rank == 2) x = x.MatMul(w);")]
    public void TheFixKeepsTheResult(string members, string statement) => Assert.Contains(statement, new Snippet(members).Fixed(), StringComparison.Ordinal);

    [Fact]
    public void ADeclarationIsNotOfferedWhereThereCanBeNone() => Assert.Null(new Snippet("void F(bool b) { if (b) AD.Grad(Sin); }").Fixed());
}
