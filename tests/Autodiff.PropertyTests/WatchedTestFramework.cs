// How a test that hangs is found: xunit's own framework, with a look at which tests have started and not ended.

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestFramework("Autodiff.PropertyTests.WatchedTestFramework", "Autodiff.PropertyTests")]

namespace Autodiff.PropertyTests;

/// <summary>Runs tests as xunit does; one that takes longer than any should is reported as failed, and ends the run, since no thread can be stopped.</summary>
public sealed class WatchedTestFramework(IMessageSink messages) : XunitTestFramework(messages)
{
    /// <summary>Many times what the longest test takes.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assemblyName) =>
        new Executor(assemblyName, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Executor(AssemblyName assemblyName, ISourceInformationProvider source, IMessageSink diagnostics)
        : XunitTestFrameworkExecutor(assemblyName, source, diagnostics)
    {
        protected override void RunTestCases(IEnumerable<IXunitTestCase> testCases, IMessageSink executionMessageSink, ITestFrameworkExecutionOptions executionOptions) =>
            base.RunTestCases(testCases, new Watch(executionMessageSink), executionOptions);
    }

    private sealed class Watch : LongLivedMarshalByRefObject, IMessageSink
    {
        private readonly IMessageSink _runner;
        private readonly ConcurrentDictionary<ITest, Stopwatch> _running = new(ReferenceEqualityComparer.Instance);
        private volatile bool _hasEnded;

        public Watch(IMessageSink runner)
        {
            _runner = runner;
            new Thread(Look) { IsBackground = true, Name = "watch over tests" }.Start();
        }

        public bool OnMessage(IMessageSinkMessage message)
        {
            switch (message)
            {
                case ITestStarting started:
                    _running[started.Test] = Stopwatch.StartNew();
                    break;
                case ITestFinished finished:
                    _running.TryRemove(finished.Test, out var _);
                    break;
                case ITestAssemblyFinished:
                    _hasEnded = true;
                    break;
            }

            return _runner.OnMessage(message);
        }

        private void Look()
        {
            while (!_hasEnded)
            {
                Thread.Sleep(TimeSpan.FromSeconds(1));
                foreach (var (test, time) in _running)
                {
                    if (time.Elapsed > Limit)
                    {
                        Fail(test, time.Elapsed);
                    }
                }
            }
        }

        private void Fail(ITest test, TimeSpan elapsed)
        {
            var seconds = (decimal)elapsed.TotalSeconds;
            var text = $"{test.DisplayName} hangs: it has not ended after {Limit.TotalMinutes} minutes. The run ends here.";
            _runner.OnMessage(new TestFailed(test, seconds, "", [typeof(TimeoutException).FullName], [text], [""], [-1]));
            _runner.OnMessage(new TestFinished(test, seconds, ""));
            _runner.OnMessage(new TestCaseFinished(test.TestCase, seconds, 1, 1, 0));
            Console.Error.WriteLine(text);

            // What has been reported is passed on in batches.
            Thread.Sleep(TimeSpan.FromSeconds(5));
            Environment.Exit(1);
        }
    }
}
