// Calls that must come to an end, each within a limit of time, so that one that does not fails its test by name instead of stopping the run.

namespace Autodiff.PropertyTests.Generators;

internal sealed class Watchdog
{
    // Thousands of times what the slowest call takes, so that a busy machine does no harm.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private Func<string>? _current;
    private int _calls;

    private Watchdog()
    {
    }

    /// <summary>Does work on a thread of its own, which makes its calls through the watchdog.</summary>
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

    /// <summary>Makes a call.</summary>
    /// <param name="name">The function and its arguments, for the message.</param>
    /// <param name="call">The call.</param>
    public void Call(Func<string> name, Action call)
    {
        Volatile.Write(ref _current, name);
        Interlocked.Increment(ref _calls);
        call();
    }
}
