// ADF001: reads of values inside functions that are differentiated or traced, and reads that are meant.

namespace Autodiff.PropertyTests.Analyzers;

public class ValueReadTests
{
    [Theory]
    [InlineData("object F() => AD.Grad(x => x * x.Value);", "x.Value")]
    [InlineData("object F() => AD.Grad(x => x * Math.Exp(x.Value));", "x.Value")]
    [InlineData("object F() => AD.Diff(x => x + Math.Pow((double)x, 2));", "(double)x")]
    [InlineData("object F() => AD.Diff(x => (double)x);", "(double)x")]
    [InlineData("object F() => AD.ValueAndGrad(x => Sum(x * x.ToArray()));", "x.ToArray()")]
    [InlineData("object F() => AD.Vjp(x => x * x.ToTensor());", "x.ToTensor()")]
    [InlineData("object F() => AD.Grad(x => x * x.AsSpan()[0]);", "x.AsSpan()")]
    [InlineData("object F() => AD.Grad(x => Sum(x * x.To2D()));", "x.To2D()")]
    [InlineData("object F() => AD.Grad(x => Sum(x * x.ToVector()));", "x.ToVector()")]
    [InlineData("object F() => AD.Grad(x => Sum(x * x.ToMatrix()));", "x.ToMatrix()")]
    [InlineData("object F() => AD.Grad(x => x * x.Evaluate<double>());", "x.Evaluate<double>()")]
    [InlineData("object F() => AD.Grad(x => Sum(x * x.EvaluateElements<double>()));", "x.EvaluateElements<double>()")]
    [InlineData("object F() => AD.Grad(x => { var buffer = new double[3]; x.CopyTo(buffer); return x * buffer[0]; });", "x.CopyTo(buffer)")]
    [InlineData("object F() => AD.Grad(x => { Span<double> buffer = stackalloc double[3]; x.CopyTo(buffer); return x * buffer[0]; });", "x.CopyTo(buffer)")]
    [InlineData("object F() => AD.Grad(x => x * x.TryValue().IfNone(0));", "x.TryValue()")]
    [InlineData("object F() => AD.Grad(x => x.Exp() * x.Exp().Value);", "x.Exp().Value")]
    [InlineData("object F() => AD.Jvp(x => Sin(x) * Sin(x).Value);", "Sin(x).Value")]
    [InlineData("object F() => AD.Hessian(x => { var y = Sin(x); var v = y.Value; v *= 2; return v * x; });", "y.Value")]
    [InlineData("object F() => AD.Jacobian(x => { Expr s = 0; for (var i = 0; i < 3; i++) { s += x[i].Value; } return s; });", "x[i].Value")]
    [InlineData("object F() => AD.Grad((Line p) => p.Slope * p.Offset.Value);", "p.Offset.Value")]
    [InlineData("object F() => AD.Grad(((Expr A, Expr B) p) => p.A * p.B.Value);", "p.B.Value")]
    [InlineData("object F() { Func<Expr, Expr> f = x => x * x.Value; return AD.Grad(f); }", "x.Value")]
    [InlineData("static readonly Func<Expr, Expr> s_f = x => x * x.Value; object F() => AD.Grad(s_f);", "x.Value")]
    [InlineData("object F() { return AD.Grad(G); Expr G(Expr x) => x * x.Value; }", "x.Value")]
    [InlineData("static Expr G(Expr x) => x * x.Value; object F() => AD.Grad(G);", "x.Value")]
    [InlineData("static Expr G(Expr x) { return x * x.Value; } object F() => AD.Grad(x => G(2 * x));", "x.Value")]
    [InlineData("static double G(Expr x) => x.Value; object F() => AD.Grad(x => x * G(x));", "x.Value")]
    [InlineData("object F() => AD.Grad(x => Full(new Shape(3), x.Value)[0]);", "x.Value")]
    [InlineData("object F() => AD.Grad((List<Expr> xs) => xs.Select(x => x.Value).Sum() * xs[0]);", "x.Value")]
    [InlineData("object F() => AD.Grad(x => x.Value > 0 ? x * x.Value : 1 + x);", "x.Value")]
    [InlineData("object F(Expr w) => AD.Grad(x => x * AD.Grad(y => y * x.Value)(w));", "x.Value")]
    [InlineData("object F() => AD.Grad((Expr x, Expr y) => x * y.Value);", "y.Value")]
    [InlineData("object F() => AD.Grad(x => { double[] a = [x.Value, 1]; return Sum(x * a); });", "x.Value")]
    [InlineData("Expr F() => AD.Root(x => x - Math.Cos(x.Value), 1);", "x.Value")]
    public void ATermThatLosesItsDerivativeIsFound(string members, string read) => Assert.Equal([$"ADF001 {read}"], new Snippet(members).Alarms());

    [Theory]
    [InlineData("object F() => AD.Compile(x => Math.Sin(x.Value) * x);", "x.Value")]
    [InlineData("object F() => AD.Compile(x => x.Value > 0 ? x : -x);", "x.Value")]
    [InlineData("object F() => AD.Compile(AD.Grad(x => (double)x > 0 ? x : -x));", "(double)x")]
    [InlineData("object F() => AD.Vmap(x => x * x.Value);", "x.Value")]
    [InlineData("object F() => AD.Compile(x => (bool)(x > 0) ? x : -x);", "(bool)(x > 0)")]
    [InlineData("object F() => AD.Compile(x => x > 0 ? x : -x);", "x > 0")]
    [InlineData("object F() => AD.Vmap(x => { if (x[0] < 1) { return x; } return 2 * x; });", "x[0] < 1")]
    [InlineData("object F() => AD.Compile(x => { while (x < 1) { x = 2 * x; } return x; });", "x < 1")]
    [InlineData("Expr F(Expr xs) => AD.Fold((s, x) => s + x.Value, (Expr)0, xs);", "x.Value")]
    [InlineData("Expr F() => AD.While(s => s < 10, s => s.Value * 2, (Expr)1);", "s.Value")]
    [InlineData("object F() => AD.Compile(x => Floor(x).Value * x);", "Floor(x).Value")]
    public void AReadWhereThereIsNoValueIsFound(string members, string read) => Assert.Equal([$"ADF001 {read}"], new Snippet(members).Alarms());

    [Theory]
    [InlineData("double F() { Expr x = 2; return Math.Exp(x.Value); }")]
    [InlineData("object F() { Expr c = 2; return AD.Grad(x => x * c.Value); }")]
    [InlineData("object F(Expr c) => AD.Compile(x => x * (double)c);")]
    [InlineData("object F() => AD.Grad(x => x * AD.StopGradient(x).Value);")]
    [InlineData("object F() => AD.Grad(x => x * AD.StopGradient(x.Value));")]
    [InlineData("object F() => AD.Grad(x => x.Value > 0 ? x : -x);")]
    [InlineData("object F() => AD.Grad(x => x > 0 ? x : -x);")]
    [InlineData("object F() => AD.Grad(x => { var isPositive = (bool)(x > 0); return isPositive ? x : -x; });")]
    [InlineData("object F(Expr c) => AD.Compile(x => c > 0 ? x : -x);")]
    [InlineData("object F() => AD.Grad(x => { var buffer = new double[3]; x.CopyTo(buffer); Console.WriteLine(buffer[0]); return x; });")]
    [InlineData("object F() => AD.Grad(x => { while (x.Value > 1) { x /= 2; } return x; });")]
    [InlineData("object F() => AD.Grad(x => { Console.WriteLine(x.Value); return x; });")]
    [InlineData("object F() => AD.Grad(x => { Console.WriteLine($\"{x.Value:G3}\"); return x; });")]
    [InlineData("object F() => AD.Grad(x => x * (x > 0).Value);")]
    [InlineData("object F() => AD.Grad(x => x * Floor(x).Value);")]
    [InlineData("object F() => AD.Grad(x => x * x.Floor().Value);")]
    [InlineData("object F() => AD.Grad(x => x[(int)x[0].Value]);")]
    [InlineData("object F() => AD.Grad(x => x * x.Shape[0]);")]
    [InlineData("object F() => AD.Grad(x => x * x.Rank);")]
    [InlineData("object F() => AD.Grad(x => x)(3).Value;")]
    [InlineData("object F(Func<Expr, Expr> f) => AD.Grad(f);")]
    [InlineData("object F() => AD.Grad((Spring p) => p.Stiffness * p.Mass);")]
    [InlineData("object F() => Numeric.Grad(x => x * x.Value);")]
    [InlineData("struct Box { public double Value; } object F(Box b) => AD.Grad(x => x * b.Value);")]
    [InlineData("object F(Expr a) => AD.Root(x => x * x - a, 1, solver: (f, start) => { var x = start.Value; for (var i = 0; i < 50; i++) { x -= f(x).Value / (2 * x); } return x; });")]
    [InlineData("object F() => AD.Compile(x => x.TryValue().IsSome ? x : 2 * x);")]
    public void AReadThatIsMeantIsNoAlarm(string members) => Assert.Empty(new Snippet(members).Alarms());

    [Fact]
    public void AFunctionInAnotherFileIsFollowed() => Assert.Equal(
        ["ADF001 x.Value"],
        new Snippet("object F() => AD.Grad(Model.Loss);", "using Autodiff.Functional; public static class Model { public static Expr Loss(Expr x) => x * x.Value; }").Alarms());

    [Fact]
    public void APlaceIsReportedOnce() => Assert.Equal(
        ["ADF001 x.Value"],
        new Snippet("object F() { Func<Expr, Expr> f = x => x * x.Value; return (AD.Grad(f), AD.Hessian(f)); }").Alarms());

    [Fact]
    public void TheMessageNamesTheTransformAndTheCure()
    {
        Assert.Equal(
            ["'x.Value' reads the value of an expression that depends on the argument of a function given to Grad; the number is a constant, so the derivative lacks this term: compute with the expression and the functions of Expr, or read StopGradient(…) if a constant is meant"],
            new Snippet("object F() => AD.Grad(x => x * x.Value);").Messages());
        Assert.Equal(
            ["'x.Value' reads the value of an expression that depends on the argument of a function given to Compile; the function is run on symbols, which have no values: compute with the expression and the functions of Expr, and choose by Where, Cond or While"],
            new Snippet("object F() => AD.Compile(AD.Grad(x => x * x.Value));").Messages());
    }

    [Theory]
    [InlineData("x * Math.Exp(x.Value)", "x * Exp(x)")]
    [InlineData("Math.Pow(x.Value, 2) + x", "Pow(x, 2) + x")]
    [InlineData("Math.Sqrt((double)x * (double)x + 1)", "Sqrt(x * x + 1)")]
    [InlineData("x * -Math.Atan2(x.Value, 2)", "x * -Atan2(x, 2)")]
    [InlineData("x * double.Sin((x + 1).Value)", "x * Sin(x + 1)")]
    [InlineData("x * x.Value", "x * x")]
    [InlineData("Sum(x * x.ToArray())", "Sum(x * x)")]
    [InlineData("x * (new[] { 3.0 }[Math.Min(0, 1)] * x.Value)", "x * (new[] { 3.0 }[Math.Min(0, 1)] * x)")]
    public void TheFixComputesWithExpressions(string formula, string cured)
    {
        var text = new Snippet($"object F() => AD.Grad(x => {formula});").Fixed();
        Assert.Contains($"AD.Grad(x => {cured});", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("object F() => AD.Grad(x => { var v = x.Value; return v * x; });")]
    [InlineData("object F() => AD.Grad(x => x * Math.BitIncrement(x.Value));")]
    [InlineData("object F() => AD.Grad(x => x * Math.Log(x.Value, 2));")]
    [InlineData("double Bessel(double x) => x; object F() => AD.Grad(x => x * (Math.Exp(x.Value) + Bessel(x.Value)));")]
    [InlineData("object F() => AD.Grad(x => x * ((x.Value == 0 ? 1.0 : 0.5) * x.Value));")]
    [InlineData("object F() => AD.Grad(x => x * (x.ToArray().Length * x.Value));")]
    public void WhereThereIsNoCounterpartThereIsNoFix(string members) => Assert.Null(new Snippet(members).Fixed());
}
