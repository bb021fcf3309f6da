// What is costly to make and asked for again and again, such as compiled code for arguments of certain shapes.

namespace Autodiff.Functional.Programs;

/// <summary>
/// The latest values that were made for some keys, so many at most. Values are made outside, while nothing is locked: where
/// two threads make one for the same key, the first to be added serves both.
/// </summary>
internal sealed class BoundedCache<TKey, TValue>
    where TKey : IEquatable<TKey>
    where TValue : class
{
    private const int Most = 64;

    private (TKey Key, TValue Value)[] _entries = [];

    /// <summary>The value for a key, or null.</summary>
    public TValue? Find(TKey key) => Find(Volatile.Read(ref _entries), key);

    /// <summary>Adds a value, unless there is one for the key by now; the one that is kept.</summary>
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
