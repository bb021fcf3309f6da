// The other end of a worker.

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Autodiff.Campaigns.Mutations;

/// <summary>A process with the mutated library. It is started when it is first asked, and again after it has ended.</summary>
internal sealed class WorkerProcess(string folder) : IDisposable
{
    private const string MemoryLimit = "0xC0000000";

    private static readonly TimeSpan s_starting = TimeSpan.FromMinutes(3);

    private Process? _process;
    private BlockingCollection<string> _answers = [];

    /// <summary>How many tests the suite has.</summary>
    public int TestCount { get; private set; }

    public bool IsRunning => _process is { HasExited: false };

    public void Send(string request)
    {
        if (!IsRunning)
        {
            Start(0);
        }

        _process!.StandardInput.WriteLine(request);
        _process.StandardInput.Flush();
    }

    /// <summary>The next answer; null if there is none in time, or the process ended.</summary>
    public string? Receive(TimeSpan limit) => _answers.TryTake(out var answer, limit) ? answer : null;

    public void Start(int mutation)
    {
        Stop();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(folder, "Autodiff.Campaigns.dll"), MutationWorker.Command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment["AUTODIFF_MUTATION"] = $"{mutation}";
        start.Environment["DOTNET_GCHeapHardLimit"] = MemoryLimit;
        start.Environment["DOTNET_gcServer"] = "0";
        var process = Process.Start(start) ?? throw new InvalidOperationException("The worker does not start.");
        var answers = new BlockingCollection<string>();
        new Thread(() =>
        {
            while (process.StandardOutput.ReadLine() is { } line)
            {
                answers.Add(line);
            }

            answers.CompleteAdding();
        })
        { IsBackground = true }.Start();
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        (_process, _answers) = (process, answers);
        if (Receive(s_starting)?.Split(' ') is ["ready", var count])
        {
            TestCount = int.Parse(count, CultureInfo.InvariantCulture);
        }
        else if (mutation == 0)
        {
            throw new InvalidOperationException("The worker does not answer.");
        }
    }

    public void Stop()
    {
        if (IsRunning)
        {
            _process!.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process?.Dispose();
        _process = null;
    }

    public void Dispose() => Stop();
}
