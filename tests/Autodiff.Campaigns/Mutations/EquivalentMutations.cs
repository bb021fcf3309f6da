// The list of mutations that change nothing that a test could see.

using System.Text.RegularExpressions;

namespace Autodiff.Campaigns.Mutations;

/// <summary>Lines "key ⇒ reason" of equivalent-mutants.txt. An ellipsis in a key stands for any text.</summary>
internal sealed class EquivalentMutations
{
    private readonly List<Regex> _keys = [];

    private EquivalentMutations()
    {
    }

    public static EquivalentMutations Read()
    {
        var list = new EquivalentMutations();
        foreach (var line in File.ReadLines(Path.Combine(Repository.Campaigns, "equivalent-mutants.txt")))
        {
            if (line.Split(" ⇒ ", 2) is [var key, _] && !line.StartsWith('#'))
            {
                list._keys.Add(new Regex($@"\A{Regex.Escape(key).Replace("…", ".*", StringComparison.Ordinal)}\z"));
            }
        }

        return list;
    }

    public bool Contains(string key) => _keys.Exists(pattern => pattern.IsMatch(key));
}
