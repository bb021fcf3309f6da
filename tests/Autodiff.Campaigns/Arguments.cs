// The arguments of a campaign: names, each followed by its value.

using System.Globalization;

namespace Autodiff.Campaigns;

internal static class Arguments
{
    /// <summary>The value after a name, or another one.</summary>
    public static string Text(string[] arguments, string name, string otherwise) =>
        Array.IndexOf(arguments, name) is >= 0 and var at && at + 1 < arguments.Length ? arguments[at + 1] : otherwise;

    /// <summary>The whole number after a name, or another one.</summary>
    public static int Number(string[] arguments, string name, int otherwise) =>
        int.Parse(Text(arguments, name, otherwise.ToString(CultureInfo.InvariantCulture)), CultureInfo.InvariantCulture);
}
