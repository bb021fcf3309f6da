// The folders of the sources (rooms) in layers (floors), which give the order in which they may refer to each other.

using System.Text;

namespace Autodiff.PropertyTests.Architecture;

/// <summary>
/// A plan of floors, the lowest first. A floor has one or more rooms, each of which is a folder below that of the sources, or <see cref="Root"/>.
/// The code of a floor may refer to that floor and to the floors below it.
/// </summary>
internal sealed class FloorPlan
{
    /// <summary>The room of the files directly in the folder of the sources.</summary>
    public const string Root = ".";

    private const int MostLines = 10;

    private readonly Dictionary<string, int> _floors = new(StringComparer.Ordinal);

    public FloorPlan(params IReadOnlyList<IReadOnlyList<string>> floors)
    {
        for (var floor = 0; floor < floors.Count; floor++)
        {
            foreach (var room in floors[floor])
            {
                _floors.Add(room, floor);
            }
        }
    }

    public IEnumerable<string> Rooms => _floors.Keys;

    /// <summary>The room of a file: the innermost folder of the plan that contains it; null if there is none.</summary>
    public string? RoomOf(string file)
    {
        if (!file.Contains('/', StringComparison.Ordinal))
        {
            return _floors.ContainsKey(Root) ? Root : null;
        }

        return Rooms.Where(room => file.StartsWith(room + "/", StringComparison.Ordinal)).MaxBy(room => room.Length);
    }

    /// <summary>The files that are in no room.</summary>
    public IReadOnlyList<string> Unplaced(IEnumerable<string> files) => [.. files.Where(file => RoomOf(file) is null)];

    /// <summary>The arrows from a floor to a higher one.</summary>
    public IReadOnlyList<Arrow> Upward(IEnumerable<Arrow> arrows) => [.. arrows.Where(arrow => FloorOf(arrow.File) < FloorOf(arrow.Target))];

    /// <summary>The arrows by pairs of rooms, the most frequent pair first: the number of lines, and the symbols that most of them name.</summary>
    public string Describe(IEnumerable<Arrow> arrows)
    {
        var text = new StringBuilder();
        var pairs = arrows.GroupBy(arrow => (From: Place(arrow.File), To: Place(arrow.Target)));
        foreach (var pair in pairs.OrderByDescending(pair => pair.Count()))
        {
            var ties = pair
                .GroupBy(arrow => (arrow.File, arrow.Symbol, arrow.Target))
                .OrderByDescending(tie => tie.Count())
                .ToList();
            text.Append('\n').Append($"{pair.Key.From} -> {pair.Key.To}: {Lines(pair.Count())}\n");
            foreach (var tie in ties.Take(MostLines))
            {
                var first = tie.First();
                text.Append($"  from {first.File}:{first.Line} {first.Symbol} -> {first.Target} ({Lines(tie.Count())})\n");
            }

            if (ties.Count > MostLines)
            {
                text.Append($"  and {ties.Count - MostLines} more\n");
            }
        }

        return text.ToString();
    }

    private static string Lines(int count) => count == 1 ? "1 line" : $"{count} lines";

    private string Place(string file) => RoomOf(file) ?? throw new ArgumentException($"The file {file} is in no room of the plan.", nameof(file));

    private int FloorOf(string file) => _floors[Place(file)];
}
