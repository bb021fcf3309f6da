// What became of each mutation: kept in a file to resume a run, and printed as a table.

using System.Globalization;

namespace Autodiff.Campaigns.Mutations;

internal enum Outcome
{
    Killed,
    TimedOut,
    NotCovered,
    Survived,

    /// <summary>No test failed within the budget, but there are more.</summary>
    NotKilledInTime,
}

internal sealed class MutationResults
{
    private readonly IReadOnlyList<Mutation> _mutations;
    private readonly string? _file;
    private readonly Dictionary<string, Outcome> _outcomes = [];
    private readonly Dictionary<string, Outcome> _before;

    /// <param name="mutations">The mutations of this run.</param>
    /// <param name="file">Where results are kept, if anywhere; those that are there are not found again.</param>
    /// <param name="retry">Whether mutations that no test killed are tried again.</param>
    public MutationResults(IReadOnlyList<Mutation> mutations, string? file, bool retry)
    {
        (_mutations, _file) = (mutations, file);
        foreach (var line in file is not null && File.Exists(file) ? File.ReadAllLines(file) : [])
        {
            if (line.Split('\t') is [var outcome, var key, ..])
            {
                _outcomes[key] = Enum.Parse<Outcome>(outcome);
            }
        }

        _before = new(_outcomes);
        if (retry)
        {
            foreach (var (key, _) in _outcomes.Where(pair => pair.Value is not Outcome.Killed and not Outcome.TimedOut))
            {
                _outcomes.Remove(key);
            }
        }
    }

    /// <summary>The mutations that a file has results of.</summary>
    public static HashSet<string> Keys(string file) => [.. File.ReadLines(file).Select(line => line.Split('\t')[1])];

    public int Count => _mutations.Count(IsKnown);

    public bool IsKnown(Mutation mutation) => _outcomes.ContainsKey(mutation.Key);

    /// <summary>What the file says of a mutation, or what is given.</summary>
    public Outcome Before(Mutation mutation, Outcome otherwise) => _before.GetValueOrDefault(mutation.Key, otherwise);

    public void Add(Mutation mutation, Outcome outcome, string test)
    {
        _outcomes[mutation.Key] = outcome;
        if (_file is not null)
        {
            File.AppendAllText(_file, $"{outcome}\t{mutation.Key}\t{test}\n");
        }
    }

    public void Print(int seed)
    {
        Console.WriteLine();
        foreach (var mutation in _mutations.Where(mutation => _outcomes[mutation.Key] is not Outcome.Killed and not Outcome.TimedOut))
        {
            Console.WriteLine($"{_outcomes[mutation.Key],-15} {mutation.File}:{mutation.Line}: {mutation.Key}");
        }

        Console.WriteLine();
        Console.WriteLine($"{"file",-50} {"mutants",8} {"killed",8} {"timeouts",9} {"uncovered",10} {"survived",9} {"in time",8} {"%",6}");
        foreach (var group in _mutations.GroupBy(mutation => mutation.File))
        {
            PrintLine(group.Key, group);
        }

        foreach (var group in _mutations.GroupBy(mutation => mutation.File.Split('/')[0]))
        {
            PrintLine(group.Key + "/", group);
        }

        PrintLine($"all, {DateTime.Now:yyyy-MM-dd}, seed {seed}", _mutations);
    }

    private void PrintLine(string name, IEnumerable<Mutation> mutations)
    {
        var counts = mutations.CountBy(mutation => _outcomes[mutation.Key]).ToDictionary();
        int Count(Outcome outcome) => counts.GetValueOrDefault(outcome);
        var total = counts.Values.Sum();
        var percent = 100.0 * (Count(Outcome.Killed) + Count(Outcome.TimedOut)) / total;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-50} {total,8} {Count(Outcome.Killed),8} {Count(Outcome.TimedOut),9} {Count(Outcome.NotCovered),10} {Count(Outcome.Survived),9} {Count(Outcome.NotKilledInTime),8} {percent,6:f1}"));
    }
}
