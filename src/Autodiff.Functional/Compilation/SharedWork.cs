// Pieces of a compilation that do not depend on each other.

using System.Runtime.ExceptionServices;

namespace Autodiff.Functional.Compilation;

/// <summary>Independent pieces of work, done by the calling thread and by threads of the pool that are free.</summary>
/// <remarks>
/// Only pieces that have begun are waited for. Parallel.For also waits for tasks that it has queued, which a busy pool may start half a minute later.
/// </remarks>
internal sealed class SharedWork : IThreadPoolWorkItem
{
    private readonly int _count;
    private readonly Action<int> _work;
    private int _next;
    private int _done;
    private Exception? _failure;

    private SharedWork(int count, Action<int> work) => (_count, _work) = (count, work);

    /// <summary>Does all pieces, and returns when they are done; the error of one that fails is thrown then.</summary>
    public static void Do(int count, Action<int> work)
    {
        var shared = new SharedWork(count, work);
        for (var helpers = Math.Min(Environment.ProcessorCount, count) - 1; helpers > 0; helpers--)
        {
            ThreadPool.UnsafeQueueUserWorkItem(shared, preferLocal: false);
        }

        shared.Execute();
        var wait = default(SpinWait);
        while (Volatile.Read(ref shared._done) < count)
        {
            wait.SpinOnce();
        }

        if (shared._failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>Does pieces as long as some are left.</summary>
    public void Execute()
    {
        for (var piece = Interlocked.Increment(ref _next) - 1; piece < _count; piece = Interlocked.Increment(ref _next) - 1)
        {
            try
            {
                _work(piece);
            }
            catch (Exception error)
            {
                _failure ??= error;
            }

            Interlocked.Increment(ref _done);
        }
    }
}
