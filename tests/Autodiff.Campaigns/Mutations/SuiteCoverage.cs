// Which tests reach which mutations, and what each test takes.

using System.Globalization;

namespace Autodiff.Campaigns.Mutations;

/// <summary>What a run of the whole suite with no active mutation shows.</summary>
internal sealed class SuiteCoverage
{
    private readonly List<int>[] _testsOf;

    private SuiteCoverage(int mutations) => _testsOf = [.. Enumerable.Range(0, mutations + 1).Select(_ => new List<int>())];

    public List<string> Methods { get; } = [];

    /// <summary>In microseconds.</summary>
    public List<int> Times { get; } = [];

    public List<int> Failing { get; } = [];

    /// <summary>The tests that reach a mutation, and pass without it.</summary>
    public IReadOnlyList<int> TestsOf(int mutation) => _testsOf[mutation];

    public static SuiteCoverage Measure(WorkerProcess worker, int mutations, int tests)
    {
        var coverage = new SuiteCoverage(mutations);
        worker.Send($"cover {mutations}");
        for (var test = 0; test < tests; test++)
        {
            var line = worker.Receive(TimeSpan.FromMinutes(10)) ?? throw new InvalidOperationException($"Test {test} does not end.");
            coverage.Add(test, line);
            if (test % 500 == 499)
            {
                Console.WriteLine($"{test + 1} of {tests} tests");
            }
        }

        return coverage;
    }

    private void Add(int test, string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Methods.Add(words[3]);
        Times.Add(int.Parse(words[2], CultureInfo.InvariantCulture));
        if (words[1] == "0")
        {
            Failing.Add(test);
            return;
        }

        foreach (var word in words.AsSpan(4))
        {
            _testsOf[int.Parse(word, CultureInfo.InvariantCulture)].Add(test);
        }
    }
}
