// The tests of the suite, run one at a time in this process.

using System.Diagnostics;
using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Autodiff.Campaigns.Mutations;

internal sealed class TestSuite : IDisposable
{
    /// <summary>The environment variable with parts of names, between commas, of the tests that run; all of them if it is not set.</summary>
    public const string Filter = "AUTODIFF_MUTATION_TESTS";

    private readonly XunitTestFramework _framework = new(new NullSink());
    private readonly ITestFrameworkExecutor _executor;

    public TestSuite()
    {
        var assembly = typeof(PropertyTests.WatchedTestFramework).Assembly;
        _executor = _framework.GetExecutor(assembly.GetName());
        using var discoverer = _framework.GetDiscoverer(Reflector.Wrap(assembly));
        using var sink = new Collector();
        discoverer.Find(includeSourceInformation: false, sink, new Settings());
        sink.Wait();

        // The order does not depend on that of reflection, so that a number names the same test in every process.
        var parts = (Environment.GetEnvironmentVariable(Filter) ?? "").Split(',');
        Tests = [.. sink.Found.Where(test => Array.Exists(parts, part => Method(test).Contains(part, StringComparison.Ordinal)))
            .OrderBy(test => test.DisplayName, StringComparer.Ordinal).ThenBy(test => test.UniqueID, StringComparer.Ordinal)];
    }

    public IReadOnlyList<ITestCase> Tests { get; }

    /// <summary>The class and method of a test.</summary>
    public static string Method(ITestCase test) => $"{test.TestMethod.TestClass.Class.Name}.{test.TestMethod.Method.Name}";

    /// <summary>Runs one test; whether it passed, or was skipped.</summary>
    public bool Run(int test, out TimeSpan time)
    {
        using var sink = new Outcome();
        var watch = Stopwatch.StartNew();
        _executor.RunTests([Tests[test]], sink, new Settings());
        sink.Wait();
        time = watch.Elapsed;
        return !sink.HasFailed;
    }

    public void Dispose()
    {
        _executor.Dispose();
        _framework.Dispose();
    }

    private sealed class NullSink : LongLivedMarshalByRefObject, IMessageSink
    {
        public bool OnMessage(IMessageSinkMessage message) => true;
    }

    private sealed class Collector : LongLivedMarshalByRefObject, IMessageSink, IDisposable
    {
        private readonly ManualResetEventSlim _ended = new();

        public List<ITestCase> Found { get; } = [];

        public void Wait() => _ended.Wait();

        public void Dispose() => _ended.Dispose();

        public bool OnMessage(IMessageSinkMessage message)
        {
            switch (message)
            {
                case ITestCaseDiscoveryMessage discovered:
                    Found.Add(discovered.TestCase);
                    break;
                case IDiscoveryCompleteMessage:
                    _ended.Set();
                    break;
            }

            return true;
        }
    }

    private sealed class Outcome : LongLivedMarshalByRefObject, IMessageSink, IDisposable
    {
        private readonly ManualResetEventSlim _ended = new();

        public bool HasFailed { get; private set; }

        public void Wait() => _ended.Wait();

        public void Dispose() => _ended.Dispose();

        public bool OnMessage(IMessageSinkMessage message)
        {
            switch (message)
            {
                case ITestFailed or ITestCaseCleanupFailure or ITestClassCleanupFailure or IErrorMessage:
                    HasFailed = true;
                    break;
                case ITestAssemblyFinished:
                    _ended.Set();
                    break;
            }

            return !HasFailed;
        }
    }

    /// <summary>One test at a time.</summary>
    private sealed class Settings : ITestFrameworkDiscoveryOptions, ITestFrameworkExecutionOptions
    {
        private readonly Dictionary<string, object?> _values = new() { ["xunit.execution.DisableParallelization"] = true, ["xunit.execution.SynchronousMessageReporting"] = true };

        public TValue GetValue<TValue>(string name) => _values.TryGetValue(name, out var value) ? (TValue)value! : default!;

        public void SetValue<TValue>(string name, TValue value) => _values[name] = value;
    }
}
