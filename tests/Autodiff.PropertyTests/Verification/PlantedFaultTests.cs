// Each planted fault is found by the defaults of the check, at a point that is made simple, and is blamed on the right operation.

namespace Autodiff.PropertyTests.Verification;

public class PlantedFaultTests
{
    private const int Cases = 200;

    public static TheoryData<string> Names => [.. PlantedFaults.All.Select(Title)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_planted_fault_is_found_shrunk_and_blamed(string name)
    {
        var fault = PlantedFaults.All.Single(fault => Title(fault) == name);
        var outcome = fault.Check(Cases);
        var counterexample = Assert.IsType<Counterexample>(outcome.Match(Succ: _ => null!, Fail: error => error));
        Assert.False(counterexample.Cause.SaysNothing, counterexample.Message);
        Assert.Contains(fault.Blamed, counterexample.Blame.IfNone(""), StringComparison.Ordinal);
        Assert.All(Numbers(counterexample.Point), number => Assert.True(number.TrimStart('-').Length <= 6, counterexample.Point));
    }

    [Fact]
    public void Faults_of_every_kind_are_planted() => Assert.InRange(PlantedFaults.All.Count, 60, int.MaxValue);

    private static string Title(PlantedFault fault) => $"{fault.Kind}: {fault.Name}";

    private static IEnumerable<string> Numbers(string point) =>
        System.Text.RegularExpressions.Regex.Matches(point, @"-?\d+\.\d+(E[-+]?\d+)?").Select(match => match.Value);
}
