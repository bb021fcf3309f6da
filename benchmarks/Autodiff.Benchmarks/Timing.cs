// Times of actions that take turns, so that what else the machine does falls on all alike.

using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Autodiff.Benchmarks;

internal static class Timing
{
    // The time that all rounds of one row take, but for the fewest rounds of those that take longer.
    private const double Seconds = 1.5;

    // Before that each is called for so long, until the runtime has compiled it to its best code.
    private const double WarmUpSeconds = 0.25;
    private const int FewestRounds = 12;
    private const int MostRounds = 2_000;

    // A call is repeated until a round takes so long: much longer than it takes to read the clock.
    private const double RoundSeconds = 50e-6;
    private const int Tries = 5;

    /// <summary>The time that a quarter of the rounds of each of some actions stay under, in nanoseconds; the actions take turns.</summary>
    public static double[] Quartiles(params Action[] actions)
    {
        Array.ForEach(actions, WarmUp);
        var repeats = Array.ConvertAll(actions, Repeats);
        var times = Array.ConvertAll(actions, _ => new List<double>());
        var start = Stopwatch.GetTimestamp();
        for (var round = 0; round < FewestRounds || (round < MostRounds && Stopwatch.GetElapsedTime(start).TotalSeconds < Seconds); round++)
        {
            for (var i = 0; i < actions.Length; i++)
            {
                times[i].Add(Time(actions[i], repeats[i]));
            }
        }

        return Array.ConvertAll(times, each => each.Order().ElementAt(each.Count / 4));
    }

    private static void WarmUp(Action action)
    {
        var start = Stopwatch.GetTimestamp();
        do
        {
            action();
        }
        while (Stopwatch.GetElapsedTime(start).TotalSeconds < WarmUpSeconds);
    }

    private static int Repeats(Action action)
    {
        var repeats = 1;
        // The shortest of some times: a pause of the machine in a short round would be taken for work.
        while (Enumerable.Range(0, Tries).Min(_ => Time(action, repeats)) * repeats < RoundSeconds * 1e9)
        {
            repeats *= 2;
        }

        return repeats;
    }

    // Optimised at once: the runtime would else learn which action comes most often, and make that one part of the loop, and no other.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Time(Action action, int repeats)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < repeats; i++)
        {
            action();
        }

        return Stopwatch.GetElapsedTime(start).TotalNanoseconds / repeats;
    }

    public static string Ratio(double time, double other) => (time / other).ToString("0.00", CultureInfo.InvariantCulture);

    public static string Text(double nanoseconds) => nanoseconds switch
    {
        < 1e3 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds:0.0} ns"),
        < 1e6 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e3:0.0} µs"),
        < 1e9 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e6:0.0} ms"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e9:0.0} s"),
    };
}
