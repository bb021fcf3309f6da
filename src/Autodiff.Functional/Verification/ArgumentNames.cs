// The names of the elements of a function's argument, by which reports say where a derivative is wrong.

namespace Autodiff.Functional.Verification;

/// <summary>The leaves of a function's argument, laid end to end.</summary>
/// <param name="Leaves">The name and the shape of each.</param>
internal sealed record ArgumentNames((string Name, Shape Shape)[] Leaves)
{
    /// <summary>The names of one to four arguments are x, y, z, w; those of the leaves of a tree are their paths.</summary>
    public static ArgumentNames Of<T>(T value)
    {
        var leaves = Tree.Flatten(value);
        return new([.. leaves.Select(leaf => (NameOf(leaf.Path), leaf.Leaf.Shape))]);
    }

    /// <summary>An element: <c>x[0, 1]</c>, or <c>Layers[2].Bias[1]</c>.</summary>
    public string this[int element]
    {
        get
        {
            foreach (var (name, shape) in Leaves)
            {
                if (element < shape.Size)
                {
                    return name + Brackets(Position(element, shape));
                }

                element -= shape.Size;
            }

            throw new AutodiffException($"Check: there is no element {element} after the last one.");
        }
    }

    /// <summary>∂ᵏf[i]/∂x[j]…, from the position in the result and the elements of the argument.</summary>
    public string Derivative(int[] result, IReadOnlyList<int> elements)
    {
        var power = elements.Count switch { 1 => "", 2 => "²", 3 => "³", var order => $"^{order}" };
        return $"∂{power}f{Brackets(result)}/{string.Concat(elements.Select(element => $"∂{this[element]}"))}";
    }

    public static int[] Position(int element, Shape shape) =>
        [.. shape.Strides().Zip(shape, (stride, length) => element / stride % length)];

    public static string Brackets(int[] index) => index.Length == 0 ? "" : $"[{string.Join(", ", index)}]";

    private static string NameOf(string path) => path switch
    {
        "" => "x",
        "Item1" => "x",
        "Item2" => "y",
        "Item3" => "z",
        "Item4" => "w",
        _ => path,
    };
}
