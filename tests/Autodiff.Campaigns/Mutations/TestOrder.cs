// In which order tests are tried on a mutation: most likely to fail for the time they take first.

namespace Autodiff.Campaigns.Mutations;

/// <param name="coverage">Which tests reach which mutations.</param>
/// <param name="all">All mutations.</param>
internal sealed class TestOrder(SuiteCoverage coverage, IReadOnlyList<Mutation> all)
{
    /// <summary>What a test is trusted with that has killed nothing yet; what running a test costs beside its own time, in microseconds.</summary>
    private const double Trust = 0.05;
    private const double Overhead = 2000;

    private readonly Dictionary<(string File, string Method), int> _killsInFile = [];
    private readonly Dictionary<string, int> _kills = [];

    /// <summary>The tests that reach a mutation, as many as fit the budget, at least one.</summary>
    public List<int> For(Mutation mutation, TimeSpan budget, out bool isComplete)
    {
        var sorted = TestsOf(mutation).OrderByDescending(test => Score(mutation, test)).ToList();

        // The cases of one method mostly fail together: the first of each method come before the second of any.
        var turns = new Dictionary<string, int>();
        sorted = [.. sorted.Select(test => (Test: test, Turn: turns[coverage.Methods[test]] = turns.GetValueOrDefault(coverage.Methods[test]) + 1))
            .OrderByDescending(pair => Score(mutation, pair.Test) / pair.Turn).Select(pair => pair.Test)];
        var total = 0.0;
        var count = sorted.TakeWhile(test => (total += Overhead + coverage.Times[test]) <= budget.TotalMicroseconds).Count();
        isComplete = count == sorted.Count;
        return sorted[..Math.Max(count, Math.Min(1, sorted.Count))];
    }

    /// <summary>What is computed once is reached by the test that is first in the process, but may matter to every test that reaches its file.</summary>
    private IEnumerable<int> TestsOf(Mutation mutation) =>
        mutation.IsStatic ? all.Where(other => other.File == mutation.File).SelectMany(other => coverage.TestsOf(other.Id)).Distinct() : coverage.TestsOf(mutation.Id);

    public void HasKilled(Mutation mutation, int test)
    {
        var method = coverage.Methods[test];
        _kills[method] = _kills.GetValueOrDefault(method) + 1;
        _killsInFile[(mutation.File, method)] = _killsInFile.GetValueOrDefault((mutation.File, method)) + 1;
    }

    private double Score(Mutation mutation, int test)
    {
        var method = coverage.Methods[test];
        var trust = Trust + _killsInFile.GetValueOrDefault((mutation.File, method)) + (0.1 * _kills.GetValueOrDefault(method));
        return trust / (Overhead + coverage.Times[test]);
    }
}
