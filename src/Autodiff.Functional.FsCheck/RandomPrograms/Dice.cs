// Random numbers that are the same for the same seed on every platform and in every version of .NET (SplitMix64).

namespace Autodiff.Functional.Generation;

internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A number from 0 to below the count.</summary>
    public int Below(int count) => (int)(Next() % (ulong)count);

    public bool IsOneOf(int count) => Below(count) == 0;

    /// <summary>A number between low and high.</summary>
    public double Between(double low, double high) => low + ((high - low) * ((Next() >> 11) * (1.0 / (1UL << 53))));

    public T Of<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    private ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
