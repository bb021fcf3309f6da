// The process that runs tests against the mutated library. It reads requests from its input, and writes a line for each answer.

using System.Globalization;
using System.Reflection;

namespace Autodiff.Campaigns.Mutations;

/// <summary>
/// "cover n": which of n mutations each test reaches, and its time. "run id t₁ t₂ …": the tests in this order with the mutation active, until one fails.
/// A test that fails is repeated without the mutation: if it fails then too, the process is not what it was, and says so.
/// </summary>
internal static class MutationWorker
{
    public const string Command = "mutation-worker";

    private static readonly Type s_switch = typeof(Expr).Assembly.GetType("Autodiff.Functional.ActiveMutation", throwOnError: true)!;
    private static readonly FieldInfo s_id = s_switch.GetField("Id")!;
    private static readonly FieldInfo s_reached = s_switch.GetField("Reached")!;

    public static int Run()
    {
        // What the tests print is not an answer.
        var answers = Console.Out;
        Console.SetOut(TextWriter.Null);
        Console.SetError(TextWriter.Null);
        using var suite = new TestSuite();
        answers.WriteLine($"ready {suite.Tests.Count}");
        answers.Flush();
        while (Console.In.ReadLine() is { } line)
        {
            var words = line.Split(' ');
            var numbers = Array.ConvertAll(words[1..], word => int.Parse(word, CultureInfo.InvariantCulture));
            if (words[0] == "cover")
            {
                Cover(suite, numbers[0], answers);
            }
            else
            {
                answers.WriteLine(TryToKill(suite, numbers[0], numbers.AsSpan(1), answers));
            }

            answers.Flush();
        }

        return 0;
    }

    private static void Cover(TestSuite suite, int mutations, TextWriter answers)
    {
        for (var test = 0; test < suite.Tests.Count; test++)
        {
            var reached = new byte[mutations + 1];
            s_reached.SetValue(null, reached);
            var passed = suite.Run(test, out var time);
            s_reached.SetValue(null, null);
            var ids = Enumerable.Range(0, reached.Length).Where(id => reached[id] != 0);
            answers.WriteLine($"test {(passed ? 1 : 0)} {(int)time.TotalMicroseconds} {TestSuite.Method(suite.Tests[test])} {string.Join(' ', ids)}");
            answers.Flush();
        }
    }

    private static string TryToKill(TestSuite suite, int mutation, ReadOnlySpan<int> tests, TextWriter answers)
    {
        foreach (var test in tests)
        {
            // The other process measures the time of each test.
            answers.WriteLine($"start {test}");
            answers.Flush();
            s_id.SetValue(null, mutation);
            var passed = suite.Run(test, out _);
            s_id.SetValue(null, 0);
            if (!passed)
            {
                return suite.Run(test, out _) ? $"killed {test}" : $"spoilt {test}";
            }
        }

        return "survived";
    }
}
