// A cache of the most recent values that are costly to make and needed repeatedly, such as compiled code for arguments of certain shapes.

namespace Autodiff.Functional.Programs;

/// <summary>
/// The values that were added last, at most 64, by key. The caller makes a value before it adds it, and no lock is held meanwhile: if
/// two threads make a value for the same key, both get the one that was added first.
/// </summary>
internal sealed class BoundedCache<TKey, TValue>
    where TKey : IEquatable<TKey>
    where TValue : class
{
    // The largest number of entries; adding another one drops the oldest. A look-up is a linear search, so the cache must stay small.
    private const int Most = 64;

    private (TKey Key, TValue Value)[] _entries = [];

    /// <summary>The value for a key, or null.</summary>
    public TValue? Find(TKey key) => Find(Volatile.Read(ref _entries), key);

    /// <summary>Adds a value unless there is one for the key already; returns the one that is kept.</summary>
    public TValue Add(TKey key, TValue value)
    {
        while (true)
        {
            var before = Volatile.Read(ref _entries);
            if (Find(before, key) is { } known)
            {
                return known;
            }

            (TKey, TValue)[] after = [(key, value), .. before.AsSpan(0, Math.Min(before.Length, Most - 1))];
            if (ReferenceEquals(Interlocked.CompareExchange(ref _entries, after, before), before))
            {
                return value;
            }
        }
    }

    private static TValue? Find((TKey Key, TValue Value)[] entries, TKey key)
    {
        foreach (var entry in entries)
        {
            if (entry.Key.Equals(key))
            {
                return entry.Value;
            }
        }

        return null;
    }
}
