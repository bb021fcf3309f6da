// The programs of docs/data.md, in its order. DocumentTests holds the document's text and output against them.

using System.Globalization;
using System.Text.Json;
using MathNet.Numerics.LinearAlgebra;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Documentation;

internal static class DataDocument
{
    public static readonly Snippet[] Snippets =
    [
        new(Console =>
        {
            Expr x = [1, 2, 3];
            Expr m = [[x[0], 2], [3, 4]];
            Expr longer = [0, .. x];
            Console.WriteLine(m); // [[1, 2], [3, 4]]
            Console.WriteLine(longer); // [0, 1, 2, 3]
            Console.WriteLine(Grad(v => Sum(v * v))([1, 2])); // [2, 4]
        }),
        new(Console =>
        {
            Expr counts = new int[] { 1, 2 };
            Expr rows = new double[][] { [1, 2], [3, 4] };
            Expr mask = new bool[] { true, false };
            Expr list = From(new List<double> { 1, 2, 3 });
            Expr vector = Vector<double>.Build.Dense(3, 1.5);
            Console.WriteLine(rows); // [[1, 2], [3, 4]]
            Console.WriteLine(mask); // [1, 0]
            Console.WriteLine(counts.Sum() + list.Sum() + vector.Sum()); // 13.5
        }),
        new(Console =>
        {
            Expr m = [[1, 2], [3, 4]];
            ReadOnlySpan<double> elements = m.AsSpan();
            double[,] array = m.To2D();
            Matrix<double> matrix = m.ToMatrix();
            var copy = new double[4];
            m.CopyTo(copy);
            Console.WriteLine(elements[3] + array[1, 0] + matrix[0, 1] + copy[0]); // 10
            Console.WriteLine((bool)(m[0, 0] > 0)); // True
            Console.WriteLine(m.ToString("F1", CultureInfo.InvariantCulture)); // [[1.0, 2.0], [3.0, 4.0]]
        }),
        new(Console =>
        {
            var code = CompileFor(ValueAndGrad(x => Sum(x * x)), new Shape(3));
            var results = new double[code.ResultSize];
            code.Invoke([1, 2, 3], results);
            Console.WriteLine(code.Result(0, results)[0]); // 14
            Console.WriteLine(From(code.Result(1, results))); // [2, 4, 6]
        }),
        new(Console =>
        {
            Expr points = [[3, 4], [5, 12]];
            var norms = new List<Expr>();
            foreach (Expr row in points)
            {
                norms.Add(row.Norm());
            }

            Console.WriteLine(norms.Stack()); // [5, 13]
            var (a, b) = points;
            Console.WriteLine(a.Dot(b)); // 63
            Console.WriteLine(points.T.Square().Sum(axis: 0).Sqrt()); // [5, 13]
            Console.WriteLine(new List<Expr> { a, b, 1 }.Max()); // [5, 12]
            Console.WriteLine(Grad(x => x.Exp().Sum())([0, 0])); // [1, 1]
        }),
        new(Console =>
        {
            var text = JsonSerializer.Serialize(new Line([[1, 2]], double.NaN));
            Console.WriteLine(text); // {"Slope":[[1,2]],"Offset":"NaN"}
            var line = JsonSerializer.Deserialize<Line>(text)!;
            Console.WriteLine(line.Slope); // [[1, 2]]
        }),
        new(Console =>
        {
            var (first, second) = Rng.Split(Rng.Key(7));
            Console.WriteLine(Rng.Integers(first, new Shape(5), 0, 10)); // [5, 8, 5, 6, 9]
            Console.WriteLine(Rng.Permutation(second, 5)); // [2, 1, 4, 0, 3]
            Console.WriteLine(Rng.Normal(second, Shape.Scalar)); // 0.7185626986819751
            Console.WriteLine(Grad(mean => Rng.Normal(second, Shape.Scalar, mean, 2))(1)); // 1
        }),
        new(Console =>
        {
            Expr draws = Vmap(key => Rng.Normal(key, new Shape(3)))(Rng.Split(Rng.Key(7), 100));
            Console.WriteLine(draws.Shape); // (100, 3)

            Func<Expr, Expr> walk = start => Fold(
                (state, _) =>
                {
                    var (now, later) = Rng.Split(state.Item2);
                    return (state.Item1 + Rng.Normal(now, Shape.Scalar), later);
                },
                ((Expr)0, start),
                Zeros(1000)).Item1;
            Console.WriteLine(Compile(walk)(Rng.Key(7)).ToString("F3", CultureInfo.InvariantCulture)); // -16.042
        }),
    ];
}
