// The memory that a call allocates.

namespace Autodiff.PropertyTests.Compiling;

internal static class Allocation
{
    private const int Calls = 3;

    /// <summary>
    /// The bytes that a call allocates on this thread after the first one: the least of several, since the queue of the runtime's thread pool, which wide
    /// functions are computed by, grows now and then.
    /// </summary>
    public static long Of(Action call)
    {
        call();
        return Enumerable.Range(0, Calls).Min(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            call();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        });
    }
}
