// The names of nodes in formulas and pictures: each variable and each named part has a name of its own.

namespace Autodiff.Functional.Display;

/// <summary>
/// Hands out names whose spellings differ. The first variable of a name has it as it is, the next ones are
/// numbered: x, x_2, x_3.
/// </summary>
internal sealed class Names(Func<string, string> spelling)
{
    private readonly HashSet<string> _taken = [];
    private readonly Dictionary<string, int> _counts = [];

    public string Variable(string name)
    {
        var spelled = spelling(name);
        return _taken.Add(spelled) ? spelled : Numbered($"{name}_", 2);
    }

    /// <summary>The next name of a series: t1, t2, ….</summary>
    public string Next(string stem) => Numbered(stem, 1);

    /// <summary>Takes a name if it is not taken.</summary>
    public bool TryTake(string name) => _taken.Add(spelling(name));

    private string Numbered(string stem, int first)
    {
        var number = _counts.GetValueOrDefault(stem, first);
        string spelled;
        do
        {
            spelled = spelling($"{stem}{number++}");
        }
        while (!_taken.Add(spelled));
        _counts[stem] = number;
        return spelled;
    }
}

/// <summary>Tells which nodes a reader does not need to see, and which leaves are names of what they are computed from.</summary>
internal static class Leaves
{
    /// <summary>
    /// Whether a reader should see the operand instead of the node: a transform's fresh leaf, which stands for the argument that it was made of, or
    /// a divisor to which 0 was added, so that −0 loses its sign.
    /// </summary>
    public static bool IsTransparent(this Expr node) => node.IsFreshLeaf || node.Op == Op.PlusZero;

    /// <summary>The node that a reader sees in place of this one: the first operand that is not transparent.</summary>
    public static Expr Meant(this Expr node)
    {
        while (node.IsTransparent())
        {
            node = node.Operand(0);
        }

        return node;
    }

    /// <summary>Whether a node is a named leaf that is computed from others, such as <c>Variable("a", x - 1)</c>.</summary>
    public static bool IsDefinition(this Expr node) =>
        node.Op == Op.Variable && !node.IsFreshLeaf && node.OperandCount == 1 && node.Operand(0).Meant().Op != Op.Constant;
}
