// Checks of right functions raise no alarm: a small part of the campaign "alarms", at a few points of each.

namespace Autodiff.PropertyTests.Verification;

public class FalseAlarmTests
{
    private const int Cases = 10;

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
