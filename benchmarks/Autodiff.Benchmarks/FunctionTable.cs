// Compiled functions of large tensors, each in turns with the loop that one would write and with its gradient:
//   dotnet run -c Release --project benchmarks/Autodiff.Benchmarks -- --functions
// prints the table of docs/performance.md.

using static Autodiff.Benchmarks.Timing;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.Benchmarks;

/// <summary>The lower quartile of many times, and ratios of them, as Markdown.</summary>
internal static class FunctionTable
{
    private const int Million = 1_000_000;
    private const int Side = 64;
    private const int Channels = 16;
    private const int Window = 3;

    /// <summary>Prints the table: of the rows whose names contain a text.</summary>
    public static void Print(string part)
    {
        Console.WriteLine("| function, compiled | plain loop | value | value with gradient | value / loop | gradient / value |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|");
        var numbers = Numbers(Million, 1);
        var positions = Array.ConvertAll(Numbers(Million, 2), x => Math.Floor((x + 1) / 2 * Million));
        var whole = Array.ConvertAll(positions, position => (int)position);
        var result = new double[Million];
        void Row(string name, Func<Expr, Expr> f, double[] x, Shape shape, Action loop)
        {
            if (!name.Contains(part, StringComparison.OrdinalIgnoreCase))
            {
                return;
            }

            var value = CompileFor(f, shape);
            var weights = value.ResultShapes[0];
            var gradient = CompileFor(
                (v, w) =>
                {
                    var (y, pullback) = Vjp(f)(v);
                    return (y, pullback(w));
                },
                shape,
                weights);
            double[] both = [.. x, .. Numbers(weights.Size, 3)];
            var (results, all) = (new double[value.ResultSize], new double[gradient.ResultSize]);
            var times = Quartiles(loop, () => value.Invoke(x, results), () => gradient.Invoke(both, all));
            Console.WriteLine($"| {name} | {Text(times[0])} | {Text(times[1])} | {Text(times[2])} | {Ratio(times[1], times[0])} | {Ratio(times[2], times[1])} |");
        }

        Row("Sort of 10⁶ (loop: Array.Sort)", v => Sort(v), numbers, new(Million), () =>
        {
            numbers.CopyTo(result, 0);
            Array.Sort(result);
        });
        Row("gather of 10⁶ from 10⁶", v => Take(v, positions), numbers, new(Million), () =>
        {
            for (var i = 0; i < result.Length; i++)
            {
                result[i] = numbers[whole[i]];
            }
        });
        Row("scatter-add of 10⁶ into 10⁶", v => ScatterAdd(positions, v, Million), numbers, new(Million), () =>
        {
            Array.Clear(result);
            for (var i = 0; i < result.Length; i++)
            {
                result[whole[i]] += numbers[i];
            }
        });
        Row("CumProd of 10⁶", v => CumProd(v), Array.ConvertAll(numbers, x => 1 + (x * 1e-6)), new(Million), () =>
        {
            var product = 1.0;
            for (var i = 0; i < result.Length; i++)
            {
                product *= numbers[i];
                result[i] = product;
            }
        });
        Row("Softmax of 1,000 rows of 1,000", v => Softmax(v), numbers, new(1000, 1000), () =>
        {
            for (var row = 0; row < Million; row += 1000)
            {
                var largest = double.NegativeInfinity;
                for (var i = row; i < row + 1000; i++)
                {
                    largest = Math.Max(largest, numbers[i]);
                }

                var sum = 0.0;
                for (var i = row; i < row + 1000; i++)
                {
                    sum += result[i] = Math.Exp(numbers[i] - largest);
                }

                for (var i = row; i < row + 1000; i++)
                {
                    result[i] /= sum;
                }
            }
        });

        // 9.4 million products; the gradient is that in the image and in the kernel.
        var (image, window) = (new Shape(1, Channels, Side, Side), new Shape(Channels, Channels, Window, Window));
        var operands = Numbers(image.Size + window.Size, 4);
        Row("Conv, 3×3 on 64×64 with 16 channels", v => Conv(Reshape(v[..image.Size], image), Reshape(v[image.Size..], window), padding: 1), operands, new(operands.Length), () => Convolve(operands, result));
    }

    private static void Convolve(double[] operands, double[] result)
    {
        var x = operands.AsSpan(..(Channels * Side * Side));
        var kernel = operands.AsSpan((Channels * Side * Side)..);
        for (var place = 0; place < Channels * Side * Side; place++)
        {
            var (o, i, j) = (place / (Side * Side), place / Side % Side, place % Side);
            var sum = 0.0;
            for (var c = 0; c < Channels; c++)
            {
                for (var k = Math.Max(0, 1 - i); k < Math.Min(Window, Side + 1 - i); k++)
                {
                    for (var l = Math.Max(0, 1 - j); l < Math.Min(Window, Side + 1 - j); l++)
                    {
                        sum += kernel[(((((o * Channels) + c) * Window) + k) * Window) + l] * x[(((c * Side) + i + k - 1) * Side) + j + l - 1];
                    }
                }
            }

            result[place] = sum;
        }
    }

    private static double[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextDouble()) - 1)];
    }
}
