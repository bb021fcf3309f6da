// Checks of right functions raise no alarm: a small part of the campaign "alarms", at a few points of each.

using System.Reflection;
using System.Text.RegularExpressions;
using Autodiff.PropertyTests.Documentation;

namespace Autodiff.PropertyTests.Verification;

public class FalseAlarmTests
{
    private const int Cases = 10;

    // In several tests, each far from the time after which a test counts as one that hangs.
    private const int Parts = 12;

    // What makes constants, variables, and expressions from text, .NET code and other libraries.
    private static readonly string[] s_withoutDerivative =
        ["Constant", "From", "FromJson", "FromLambda", "Parse", "Variable", "Zeros"];

    public static TheoryData<int> AllParts => [.. Enumerable.Range(0, Parts)];

    [Fact]
    public void Every_function_is_among_the_right_functions()
    {
        var table = string.Concat(Array.ConvertAll(["", ".Tensors", ".Programs"], part => DocumentTests.Read($"tests/Autodiff.PropertyTests/Verification/RightFunctions{part}.cs")));
        var functions = typeof(Expr).GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Where(function => !function.IsSpecialName)
            .Select(function => function.Name)
            .Distinct()
            .Except(s_withoutDerivative)
            .Where(function => !Regex.IsMatch(table, $@"\b{function}(<|\(|,|\))"));
        Assert.Empty(functions);
    }

    [Theory]
    [MemberData(nameof(AllParts))]
    public void Right_functions_raise_no_alarm(int part)
    {
        Assert.InRange(RightFunctions.All.Count, 700, int.MaxValue);
        var alarms = RightFunctions.All
            .Where((_, i) => i % Parts == part)
            .Select(function => function.Run(Cases, 1).Match(Succ: _ => "", Fail: error => $"{function.Name}: {error.Message}"))
            .Where(alarm => alarm.Length > 0)
            .ToArray();
        Assert.True(alarms.Length == 0, $"{alarms.Length} alarms:\n{string.Join("\n\n", alarms)}");
    }
}
