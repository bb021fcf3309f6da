// Threads that work on one run of a program. Regions of work follow one another within microseconds, so helpers that have come
// wait a little for the next; and whoever runs the program does alone what no helper comes to in time.

namespace Autodiff.Functional.Compilation.Runtime;

/// <summary>Work in parts that may be done in any order, by any thread.</summary>
internal interface IDivided
{
    /// <summary>Does one part.</summary>
    /// <param name="workspace">The memory to work in.</param>
    /// <param name="thread">The number of the thread that does it.</param>
    /// <param name="part">The number of the part.</param>
    void RunPart(Workspace workspace, int thread, int part);
}

/// <summary>The threads of a workspace. One runs the program, and others of the thread pool help it.</summary>
internal sealed class Team(Workspace workspace) : IThreadPoolWorkItem
{
    // How often a helper without work looks for some before it goes: about as long as it takes a thread to wake up.
    private const int Patience = 2000;

    // The region of work in the upper half, the parts that are left in the lower: whoever takes one away does it.
    private long _left;
    private int _undone;
    private IDivided? _work;
    private int _helpers;
    private readonly int[] _isTaken = new int[workspace.Threads];

    /// <summary>Does all parts of some work, and comes back when they are done.</summary>
    public void Run(IDivided work, int parts)
    {
        _work = work;
        Volatile.Write(ref _undone, parts);
        Volatile.Write(ref _left, (((_left >> 32) + 1) << 32) + parts);
        for (var helpers = Math.Min(workspace.Threads, parts) - 1 - Volatile.Read(ref _helpers); helpers > 0; helpers--)
        {
            Interlocked.Increment(ref _helpers);
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        while (TryRunPart(0))
        {
        }

        var wait = default(SpinWait);
        while (Volatile.Read(ref _undone) > 0)
        {
            wait.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <summary>What a helper does: parts as long as there are some, and for a while after.</summary>
    public void Execute()
    {
        var thread = 1;
        while (Interlocked.CompareExchange(ref _isTaken[thread], 1, 0) != 0)
        {
            thread = thread + 1 < workspace.Threads ? thread + 1 : 1;
        }

        for (var looks = 0; looks < Patience; looks++)
        {
            if (TryRunPart(thread))
            {
                looks = 0;
            }

            Thread.SpinWait(1);
        }

        Volatile.Write(ref _isTaken[thread], 0);
        Interlocked.Decrement(ref _helpers);
    }

    private bool TryRunPart(int thread)
    {
        var left = Volatile.Read(ref _left);
        while ((int)left > 0)
        {
            var seen = Interlocked.CompareExchange(ref _left, left - 1, left);
            if (seen == left)
            {
                // Nobody begins other work before this part is done.
                _work!.RunPart(workspace, thread, (int)left - 1);
                Interlocked.Decrement(ref _undone);
                return true;
            }

            left = seen;
        }

        return false;
    }
}
