#:project ../../src/Autodiff.Functional/Autodiff.Functional.csproj

// Writes the derivatives that the program beside this file uses, as C# source:
//   dotnet run -c Release --file samples/GeneratedSource/Derivatives.cs
// The program itself does not refer to the library.

using Autodiff.Functional;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

var folder = args is [var given] ? given : Path.Combine((string)AppContext.GetData("EntryPointFileDirectoryPath")!, "Generated");
Directory.CreateDirectory(folder);
var scalar = new Shape();

// A span has the name of a parameter, or of the member of a record that is returned.
// The price of a European call option, and how it changes with the price of the share, the volatility and the time left.
Write("CallOption", CompileFor(
    (share, volatility, years) =>
    {
        var (price, (delta, vega, theta)) = ValueAndGrad(Price)(share, volatility, years);
        return new Greeks(price, delta, vega, theta);
    },
    scalar, scalar, scalar));

// Himmelblau's function with gradient and Hessian, for Newton's method.
Write("Himmelblau", CompileFor(point => new Derivatives(Energy(point), Grad(Energy)(point), Hessian(Energy)(point)), new Shape(2)));

// The error of a network of one hidden layer on 64 samples, and its gradient over all weights.
Write("Network", CompileFor(weights => new Training(Error(weights), Grad(Error)(weights)), new Shape(3, 16)));

void Write(string name, CompiledFunction function)
{
    File.WriteAllText(Path.Combine(folder, $"{name}.cs"), function.ToCSharp("Derivatives", name));
    Console.WriteLine($"{name}: {function.ArgumentSize} numbers to {function.ResultSize}");
}

static Expr Price(Expr share, Expr volatility, Expr years)
{
    const double strike = 100, rate = 0.03;
    var spread = volatility * Sqrt(years);
    var d = (Log(share / strike) + ((rate + (volatility * volatility / 2)) * years)) / spread;
    return (share * NormalCdf(d)) - (strike * Exp(-rate * years) * NormalCdf(d - spread));
}

static Expr Energy(Expr point) => Pow((point[0] * point[0]) + point[1] - 11, 2) + Pow(point[0] + (point[1] * point[1]) - 7, 2);

static Expr Error(Expr weights)
{
    var inputs = Reshape((6 * Arange(64) / 63) - 3, 64, 1);
    var output = Sum(weights[2] * Tanh((inputs * weights[0]) + weights[1]), axis: 1);
    return Mean(Pow(output - Sin(Reshape(inputs, 64)), 2));
}

internal sealed record Greeks(Expr Price, Expr Delta, Expr Vega, Expr Theta);

internal sealed record Derivatives(Expr Value, Expr Gradient, Expr Hessian);

internal sealed record Training(Expr Error, Expr Gradient);
