// A small neural network on Fisher's irises: parameters in records, Adam over their trees, gradients of single examples.

using System.Globalization;
using Autodiff.Functional;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Programs;

internal sealed record Layer(Expr Weights, Expr Bias);

internal sealed record Network(IReadOnlyList<Layer> Layers);

internal static class Iris
{
    public static void Show(Page page)
    {
        page.Chapter("A neural network", "Fisher's 150 irises of 3 species, by 4 measurements; every fifth is kept for testing. The parameters are record Layer(Expr Weights, Expr Bias) and record Network(IReadOnlyList<Layer> Layers).");
        var (training, test) = Flowers();
        var network = Start(4, 8, 3);
        var (scores, loss) = page.Run(print =>
        {
            Func<Network, Expr, Expr> scores = (network, x) =>
            {
                var hidden = network.Layers.SkipLast(1)
                    .Aggregate(x, (h, layer) => Tanh(MatMul(h, layer.Weights) + layer.Bias));
                return MatMul(hidden, network.Layers[^1].Weights) + network.Layers[^1].Bias;
            };
            Func<Network, Expr, Expr, Expr> loss = (network, x, species) =>
                scores(network, x) is var s ? LogSumExp(s) - Dot(s, species) : x;
            var (x, species) = (training.Measurements[0], training.Species[0]);
            print(loss(network, x, species));
            return (scores, loss);
        });

        page.Say("Adam (D. P. Kingma and J. Ba, 2015) is two maps over trees of the network's type.");
        var trained = network;
        page.Table(["epoch", "loss", "right, training", "right, test"], page.Run(print =>
        {
            Func<Network, Expr> objective = network => Mean(
                Vmap(loss, (null, 0, 0))(network, training.Measurements, training.Species));
            Func<Adam, Adam> step = adam =>
            {
                var (t, g) = (adam.Step + 1, Grad(objective)(adam.Network));
                var (fade, fadeSquare) = (1 - Math.Pow(0.9, t), 1 - Math.Pow(0.999, t));
                var mean = Tree.Map2(adam.Mean, g, (m, g) => 0.9 * m + 0.1 * g);
                var square = Tree.Map2(adam.Square, g, (s, g) => 0.999 * s + 0.001 * g * g);
                return new(t, mean, square, Tree.Map3(adam.Network, mean, square, (p, m, s) =>
                    p - 0.05 * (m / fade) / (Sqrt(s / fadeSquare) + 1e-8)));
            };
            return Epochs(step, objective);
        }));

        IEnumerable<string[]> Epochs(Func<Adam, Adam> step, Func<Network, Expr> objective)
        {
            var zero = Tree.Map(network, leaf => Zeros(leaf.Shape));
            var adam = new Adam(0, zero, zero, network);
            for (var epoch = 0; epoch <= 100; epoch++, adam = step(adam))
            {
                if (epoch % 20 == 0)
                {
                    yield return
                    [
                        $"{epoch}",
                        objective(adam.Network).Value.ToString("F4", CultureInfo.InvariantCulture),
                        $"{Right(scores(adam.Network, training.Measurements), training.Species)} of {training.Species.Shape[0]}",
                        $"{Right(scores(adam.Network, test.Measurements), test.Species)} of {test.Species.Shape[0]}",
                    ];
                    trained = adam.Network;
                }
            }
        }

        page.Say("The gradient of every example by itself, at once by Vmap and one after the other:");
        page.Run(print =>
        {
            Func<Network, Expr, Expr, Network> gradient = (network, x, species) =>
                Grad<Network>(n => loss(n, x, species))(network);
            var (x, species) = training;
            var batch = Vmap(gradient, (null, 0, 0))(trained, x, species);
            var rows = Vmap((Network g) => Tree.Ravel(g).Vector)(batch);
            var loop = Stack([.. Enumerable.Range(0, 120)
                .Select(i => Tree.Ravel(gradient(trained, x[i], species[i])).Vector)]);
            print(batch.Layers[0].Weights.Shape);
            print(rows.Shape);
            print(MaxOf(Abs(rows - loop)).Value < 1e-12);
            var norms = Norm(rows, axis: 1);
            print((MinOf(norms), MaxOf(norms)));
        });
    }

    /// <summary>How many rows have their largest score where the species is.</summary>
    private static double Right(Expr scores, Expr species) => Sum(Sum(scores * species, axis: 1) >= MaxOf(scores, axis: 1)).Value;

    /// <summary>The network before training, with weights of deviation 1/√inputs.</summary>
    private static Network Start(params int[] widths)
    {
        var chance = new Chance(1936);
        return new([.. widths.Zip(widths.Skip(1), (inputs, outputs) =>
            new Layer(chance.Normal(inputs, outputs) / Math.Sqrt(inputs), Zeros(outputs)))]);
    }

    /// <summary>The measurements, less the mean and over the deviation of each column, and a column of zeros and ones for each species.</summary>
    private static ((Expr Measurements, Expr Species) Training, (Expr Measurements, Expr Species) Test) Flowers()
    {
        using var reader = new StreamReader(typeof(Iris).Assembly.GetManifestResourceStream("iris.csv")!);
        var rows = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => !line.StartsWith('#'))
            .Skip(1)
            .Select(line => line.Trim().Split(','))
            .ToList();
        string[] names = [.. rows.Select(row => row[^1]).Distinct()];
        var numbers = Stack([.. rows.Select(row => (Expr)row.SkipLast(1).Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray())]);
        var species = Take(Eye(names.Length), [.. rows.Select(row => Array.IndexOf(names, row[^1]))]);
        var centred = numbers - Mean(numbers, axis: 0);
        var measurements = centred / Sqrt(Mean(centred * centred, axis: 0));
        int[] all = [.. Enumerable.Range(0, rows.Count)];
        int[] training = [.. all.Where(i => i % 5 != 4)], test = [.. all.Where(i => i % 5 == 4)];
        return ((Take(measurements, training), Take(species, training)), (Take(measurements, test), Take(species, test)));
    }

    /// <summary>The state of the optimiser: the means of the gradients and of their squares, and the network.</summary>
    private sealed record Adam(int Step, Network Mean, Network Square, Network Network);
}
