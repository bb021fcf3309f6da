// The threads that work on one run of a program. Pieces of shared work follow one another within microseconds, so a helper that has arrived
// waits a little for the next one; and the thread that runs the program does all chunks that no helper takes in time.

namespace Autodiff.Functional.Compilation.Runtime;

/// <summary>Work in chunks that may be done in any order, by any thread.</summary>
internal interface IChunkedWork
{
    /// <summary>Does one chunk.</summary>
    /// <param name="workspace">The memory to work in.</param>
    /// <param name="thread">The number of the thread that does it; 0 runs the program.</param>
    /// <param name="chunk">The number of the chunk.</param>
    void RunChunk(Workspace workspace, int thread, int chunk);
}

/// <summary>The threads of a workspace: the one that runs the program, and helpers from the thread pool.</summary>
internal sealed class Team(Workspace workspace) : IThreadPoolWorkItem
{
    // How many times a helper looks for work in vain before it leaves: this takes about as long as waking up a thread.
    private const int Patience = 2000;

    // The upper 32 bits number the pieces of shared work, the lower 32 bits count the chunks that nobody has taken: a thread takes one by decreasing it.
    private long _left;
    private int _undone;
    private IChunkedWork? _work;
    private int _helpers;
    private readonly int[] _isTaken = new int[workspace.Threads];

    /// <summary>Does all chunks of some work, and returns when they are done.</summary>
    public void Run(IChunkedWork work, int chunks)
    {
        _work = work;
        Volatile.Write(ref _undone, chunks);
        Volatile.Write(ref _left, (((_left >> 32) + 1) << 32) + chunks);
        for (var helpers = Math.Min(workspace.Threads, chunks) - 1 - Volatile.Read(ref _helpers); helpers > 0; helpers--)
        {
            Interlocked.Increment(ref _helpers);
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        while (TryRunChunk(0))
        {
        }

        var wait = default(SpinWait);
        while (Volatile.Read(ref _undone) > 0)
        {
            wait.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <summary>Runs on a helper: does chunks as long as there are some, and waits for more for a while.</summary>
    public void Execute()
    {
        var thread = 1;
        while (Interlocked.CompareExchange(ref _isTaken[thread], 1, 0) != 0)
        {
            thread = thread + 1 < workspace.Threads ? thread + 1 : 1;
        }

        for (var looks = 0; looks < Patience; looks++)
        {
            if (TryRunChunk(thread))
            {
                looks = 0;
            }

            Thread.SpinWait(1);
        }

        Volatile.Write(ref _isTaken[thread], 0);
        Interlocked.Decrement(ref _helpers);
    }

    private bool TryRunChunk(int thread)
    {
        var left = Volatile.Read(ref _left);
        while ((int)left > 0)
        {
            var seen = Interlocked.CompareExchange(ref _left, left - 1, left);
            if (seen == left)
            {
                // Run does not return, and so no other work begins, before this chunk is done.
                _work!.RunChunk(workspace, thread, (int)left - 1);
                Interlocked.Decrement(ref _undone);
                return true;
            }

            left = seen;
        }

        return false;
    }
}
