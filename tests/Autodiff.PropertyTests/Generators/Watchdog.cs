// Gives each call a time limit, so that a call that does not end fails its test, with its name and arguments, instead of blocking the test run.

namespace Autodiff.PropertyTests.Generators;

internal sealed class Watchdog
{
    // Thousands of times as long as the slowest call takes, so that no call fails because the machine is busy.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private Func<string>? _current;
    private int _calls;

    private Watchdog()
    {
    }

    /// <summary>Does work on a separate thread. The work makes its calls by <see cref="Call"/>, and each must end within the limit.</summary>
    public static void Watch(Action<Watchdog> work)
    {
        var dog = new Watchdog();
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(() => work(dog))) { IsBackground = true };
        thread.Start();
        for (var (calls, since) = (0, DateTime.UtcNow); !thread.Join(TimeSpan.FromMilliseconds(20));)
        {
            if (Volatile.Read(ref dog._calls) is var now && now != calls)
            {
                (calls, since) = (now, DateTime.UtcNow);
            }
            else if (DateTime.UtcNow - since > Limit)
            {
                Assert.Fail($"{Volatile.Read(ref dog._current)?.Invoke() ?? "The work"} has not ended after {Limit.TotalSeconds} s.");
            }
        }

        Assert.True(failure is null, $"{dog._current?.Invoke()}: {failure}");
    }

    /// <summary>Makes a call under the time limit.</summary>
    /// <param name="name">The function and its arguments, for the message of a failure.</param>
    /// <param name="call">The call.</param>
    public void Call(Func<string> name, Action call)
    {
        Volatile.Write(ref _current, name);
        Interlocked.Increment(ref _calls);
        call();
    }
}
