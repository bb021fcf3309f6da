// ADF002: variables that compiled functions keep as they were, and assignments that do no harm.

namespace Autodiff.PropertyTests.Analyzers;

public class CapturedVariableTests
{
    [Theory]
    [InlineData("void F() { var a = 2.0; var f = AD.Compile(x => a * x); f(1); a = 3; f(1); }", "a")]
    [InlineData("void F() { Expr a = 2; var f = AD.Compile(AD.Grad(x => a * x)); for (var i = 0; i < 3; i++) { f(1); a += 1; } }", "a")]
    [InlineData("void F() { var n = 0; var f = AD.Compile(x => n * x); for (var i = 0; i < 3; i++) { n++; f(1); } }", "n")]
    [InlineData("void F(double a) { Func<Expr, Expr> g = x => a * x; var f = AD.Compile(g); a = 3; f(1); }", "a")]
    [InlineData("void F() { var a = 2.0; var f = AD.Compile(G); a = 3; f(1); Expr G(Expr x) => a * x; }", "a")]
    [InlineData("void F() { double[] a = [2]; var f = AD.Compile(x => a * x); f(1); a[0] = 3; f(1); }", "a")]
    [InlineData("static void Set(out double a) => a = 1; void F() { var a = 2.0; var f = AD.CompileScalar(x => a * x); Set(out a); f(1); }", "a")]
    [InlineData("double _a = 1; readonly Func<Expr, Expr> _f; Program() { _f = AD.Compile(x => _a * x); } void Set(double a) => _a = a;", "_a")]
    [InlineData("public double A { get; set; } Func<Expr, Expr> F() => AD.Compile(x => A * x); void Set(double a) => A = a;", "A")]
    [InlineData("static int s_n; Func<Expr, Expr> F() => AD.Compile(x => s_n * x); void Next() => s_n++;", "s_n")]
    public void AVariableThatIsAssignedBesidesIsFound(string members, string variable) => Assert.Equal([$"ADF002 {variable}"], new Snippet(members).Alarms());

    [Theory]
    [InlineData("void F() { var a = 2.0; a = 3; var f = AD.Compile(x => a * x); f(1); }")]
    [InlineData("void F() { var a = 2.0; var f = AD.Compile(x => a * x); f(1); a = 3; Console.WriteLine(a); }")]
    [InlineData("void F() { for (var a = 1.0; a < 4; a += 1) { var f = AD.Compile(x => a * x); f(1); } }")]
    [InlineData("void F() { var a = 1.0; while (a < 4) { var f = AD.Compile(x => a * x); f(1); a += 1; } }")]
    [InlineData("void F() { var a = 2.0; var f = AD.Grad(x => a * x); f(1); a = 3; f(1); }")]
    [InlineData("void F() { var a = 2.0; AD.Compile(x => a * x)(1); a = 3; }")]
    [InlineData("void F() { var f = AD.Compile(x => { var a = 2.0; a = 3; return a * x; }); f(1); }")]
    [InlineData("readonly double _a = 1; Func<Expr, Expr> F() => AD.Compile(x => _a * x);")]
    [InlineData("double _a; Program(double a) => _a = a; Func<Expr, Expr> F() => AD.Compile(x => _a * x);")]
    [InlineData("public double A { get; init; } Func<Expr, Expr> F() => AD.Compile(x => A * x);")]
    [InlineData("void F() { var a = 2.0; var f = AD.Compile(x => a * x); f(1); a = 3; f = AD.Compile(x => a * x); f(1); }")]
    [InlineData("public double A { get; set; } Func<Expr, Expr> F() => AD.Compile(x => A * x); static Program Make() => new() { A = 0.5 };")]
    [InlineData("static readonly Func<Expr, Expr> A = B; static readonly Func<Expr, Expr> B = A; object F() => AD.Compile(A);")]
    public void AnAssignmentThatDoesNoHarmIsNoAlarm(string members) => Assert.Empty(new Snippet(members).Alarms());

    [Fact]
    public void TheMessageNamesTheVariable() => Assert.Equal(
        ["'a' is assigned outside the function given to Compile, which keeps the value that it has at the first call; pass it as an argument, or compile the function again"],
        new Snippet("void F() { var a = 2.0; var f = AD.Compile(x => a * x); f(1); a = 3; f(1); }").Messages());
}
