// The options of a command: --name value, or --name alone for true.

using System.Globalization;

namespace Autodiff.Campaigns;

internal sealed class Options
{
    private readonly Dictionary<string, string> _values = [];

    public Options(string[] arguments, params string[] known)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            var name = arguments[i].StartsWith("--", StringComparison.Ordinal) ? arguments[i][2..] : "";
            if (!known.Contains(name))
            {
                throw new ArgumentException($"Unknown option '{arguments[i]}'; the options are {string.Join(", ", known.Select(option => "--" + option))}.");
            }

            _values[name] = i + 1 < arguments.Length && !arguments[i + 1].StartsWith("--", StringComparison.Ordinal) ? arguments[++i] : "true";
        }
    }

    public bool Has(string name) => _values.ContainsKey(name);

    public string? Text(string name) => _values.GetValueOrDefault(name);

    public int Number(string name, int otherwise) => Text(name) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
