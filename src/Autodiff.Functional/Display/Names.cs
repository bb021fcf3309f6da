// What nodes are called: every variable and every named part by a name of its own.

namespace Autodiff.Functional.Display;

/// <summary>
/// Hands out names that differ as they are spelled. The first variable of a name gets it as it is, the next ones are
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

    /// <summary>The next of a series: t1, t2, ….</summary>
    public string Next(string stem) => Numbered(stem, 1);

    /// <summary>Takes a name if nobody has it.</summary>
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

/// <summary>How a reader sees the leaves that are computed from others.</summary>
internal static class Leaves
{
    /// <summary>
    /// Whether a node is nothing to a reader but its operand: a transform's fresh leaf, which stands for the argument it was made of, or a
    /// divisor that has lost the sign of −0.
    /// </summary>
    public static bool IsTransparent(this Expr node) => node.IsFreshLeaf || node.Op == Op.PlusZero;

    /// <summary>The node meant by an operand.</summary>
    public static Expr Meant(this Expr node)
    {
        while (node.IsTransparent())
        {
            node = node.Operand(0);
        }

        return node;
    }

    /// <summary>Whether a node is a named leaf computed from others, as <c>Variable("a", x - 1)</c>.</summary>
    public static bool IsDefinition(this Expr node) =>
        node.Op == Op.Variable && !node.IsFreshLeaf && node.OperandCount == 1 && node.Operand(0).Meant().Op != Op.Constant;
}
