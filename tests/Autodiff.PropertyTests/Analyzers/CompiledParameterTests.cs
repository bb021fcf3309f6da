// ADF003: plain values in the parameters of compiled functions.

namespace Autodiff.PropertyTests.Analyzers;

public class CompiledParameterTests
{
    [Fact]
    public void NumbersAndTruthValuesOfARecordAreFound() => Assert.Equal(
        [
            "'Mass' of the parameter 'p' is a double, so Compile compiles the function anew for each of its values; make it an Expr, or keep it outside the parameter",
            "'IsDamped' of the parameter 'p' is a bool, so Compile compiles the function anew for each of its values; make it an Expr, or keep it outside the parameter",
        ],
        new Snippet("object F() => AD.Compile((Spring p) => p.Stiffness * 2);").Messages());

    [Theory]
    [InlineData("object F() => AD.Compile(((Expr X, double T) p) => p.X * p.T);", "'T' of the parameter 'p' is a double")]
    [InlineData("object F() => AD.Compile(((Expr X, (Expr Y, int N) Z) p) => p.X * p.Z.N);", "'Z.N' of the parameter 'p' is a int")]
    [InlineData("static Expr G((Expr X, double T) p) => p.X; object F() => AD.Compile<(Expr X, double T), Expr>(G);", "'T' of the parameter")]
    public void PlainValuesOfTuplesAreFound(string members, string message) => Assert.StartsWith(message, Assert.Single(new Snippet(members).Messages()), StringComparison.Ordinal);

    [Theory]
    [InlineData("object F() => AD.Compile((Line p) => p.Slope * p.Offset);")]
    [InlineData("object F() => AD.Compile(((Expr X, Expr Y) p) => p.X * p.Y);")]
    [InlineData("object F() => AD.Grad((Spring p) => p.Stiffness * p.Mass);")]
    [InlineData("object F() => AD.Compile(x => 2 * x);")]
    [InlineData("object F() => AD.Compile((Expr[] x) => x[0] * x[1]);")]
    public void ExpressionsAloneAreNoAlarm(string members) => Assert.Empty(new Snippet(members).Alarms());
}
