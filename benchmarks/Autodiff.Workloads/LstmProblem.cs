// Networks and texts as flat numbers.

namespace Autodiff.Workloads;

/// <summary>A network of l layers of b cells, and a text.</summary>
/// <param name="Layers">l.</param>
/// <param name="Bits">b.</param>
/// <param name="Parameters">The leaves of <see cref="LstmParameters"/>, one after another.</param>
/// <param name="State">For each layer b numbers of output and b of its cells.</param>
/// <param name="Text">b numbers for each character.</param>
public sealed record LstmProblem(int Layers, int Bits, double[] Parameters, double[] State, double[] Text)
{
    /// <summary>The number of characters.</summary>
    public int Characters => Text.Length / Bits;

    /// <summary>The parameters as expressions.</summary>
    public LstmParameters Network
    {
        get
        {
            Expr Gates(int start) => Expr.Constant(Parameters.AsSpan(start * Bits, 4 * Bits), new Shape(4, Bits));
            Expr Vector(int start) => Parameters.AsSpan(start * Bits, Bits).ToArray();
            var end = 8 * Layers;
            return new([.. Enumerable.Range(0, Layers).Select(i => new LstmLayer(Gates(8 * i), Gates((8 * i) + 4)))], Vector(end), Vector(end + 1), Vector(end + 2));
        }
    }

    /// <summary>What the layers remember before the text, as expressions.</summary>
    public IReadOnlyList<LstmState> Initial =>
        [.. Enumerable.Range(0, Layers).Select(i => new LstmState(State[(2 * i * Bits)..(((2 * i) + 1) * Bits)], State[(((2 * i) + 1) * Bits)..((2 * (i + 1)) * Bits)]))];

    /// <summary>The loss on expressions.</summary>
    public Expr Loss(LstmParameters parameters) => Lstm.Loss(parameters, Initial, Expr.Constant(Text, new Shape(Characters, Bits)));

    /// <summary>A network and a text of random bits from a seed.</summary>
    public static LstmProblem Generate(int layers, int characters, int bits, int seed = 17)
    {
        var random = new Random(seed);
        return new(
            layers,
            bits,
            random.Normals(((8 * layers) + 3) * bits, 0.5),
            random.Normals(2 * layers * bits, 0.5),
            [.. Enumerable.Range(0, characters * bits).Select(_ => (double)random.Next(2))]);
    }
}
