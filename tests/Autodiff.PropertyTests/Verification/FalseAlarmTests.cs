// Checks of right functions raise no alarm: a small part of the campaign "alarms", at a few points of each.

using System.Reflection;
using System.Text.RegularExpressions;
using Autodiff.PropertyTests.Documentation;

namespace Autodiff.PropertyTests.Verification;

public class FalseAlarmTests
{
    private const int Cases = 10;

    // Functions whose result is no function of a variable's value: constants, variables, what is read from text, .NET code or other libraries.
    private static readonly string[] s_withoutDerivative =
        ["Constant", "From", "FromJson", "FromLambda", "Parse", "Variable", "Zeros"];

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

    [Fact]
    public void Right_functions_raise_no_alarm()
    {
        Assert.InRange(RightFunctions.All.Count, 300, int.MaxValue);
        var alarms = RightFunctions.All
            .Select(function => function.Run(Cases, 1).Match(Succ: _ => "", Fail: error => $"{function.Name}: {error.Message}"))
            .Where(alarm => alarm.Length > 0)
            .ToArray();
        Assert.True(alarms.Length == 0, $"{alarms.Length} alarms:\n{string.Join("\n\n", alarms)}");
    }
}
