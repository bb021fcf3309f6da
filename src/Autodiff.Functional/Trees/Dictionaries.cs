// The structure of dictionaries in trees, whose parts are ordered by key: every IReadOnlyDictionary, and LanguageExt's Map and HashMap.

using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Reflection;
using LanguageExt;

namespace Autodiff.Functional.Trees;

[UnconditionalSuppressMessage("AOT", "IL3050", Justification = Structure.TypesAreThere)]
[UnconditionalSuppressMessage("Trimming", "IL2060", Justification = Structure.MembersAreKept)]
[UnconditionalSuppressMessage("Trimming", "IL2070", Justification = Structure.MembersAreKept)]
internal static class Dictionaries
{
    /// <summary>The types of the keys and values of a dictionary type, or null.</summary>
    public static (Type Key, Type Value)? EntryOf(Type type)
    {
        var dictionary = Sequences.IsA(type, typeof(Map<,>)) || Sequences.IsA(type, typeof(HashMap<,>))
            ? type
            : Sequences.Implemented(type, typeof(IReadOnlyDictionary<,>));
        return dictionary?.GetGenericArguments() is [var key, var value] ? (key, value) : null;
    }

    public static Structure? TryStructure(Type type) => EntryOf(type) is var (key, value)
        ? (Structure?)typeof(Dictionaries).GetMethod(nameof(TryTyped), BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(key, value).Invoke(null, [type])
        : null;

    private static ByKey<TKey, TValue>? TryTyped<TKey, TValue>(Type type)
        where TKey : notnull => TryMaker<TKey, TValue>(type) is { } make ? new(make) : null;

    /// <summary>A function that makes a dictionary like a given one with other values, or null. Ways that keep the comparer of the keys are preferred.</summary>
    private static Func<object, KeyValuePair<TKey, TValue>[], object>? TryMaker<TKey, TValue>(Type type)
        where TKey : notnull
    {
        if (type == typeof(Dictionary<TKey, TValue>))
        {
            return (like, pairs) => new Dictionary<TKey, TValue>(pairs, ((Dictionary<TKey, TValue>)like).Comparer);
        }

        if (typeof(FrozenDictionary<TKey, TValue>).IsAssignableFrom(type))
        {
            return (like, pairs) => pairs.ToFrozenDictionary(((FrozenDictionary<TKey, TValue>)like).Comparer);
        }

        if (type.GetMethod("SetItems", [typeof(IEnumerable<KeyValuePair<TKey, TValue>>)]) is { } set)
        {
            var (like, pairs) = (Expression.Parameter(typeof(object)), Expression.Parameter(typeof(KeyValuePair<TKey, TValue>[])));
            var changed = Expression.Call(Expression.Convert(like, type), set, pairs);
            return Expression.Lambda<Func<object, KeyValuePair<TKey, TValue>[], object>>(Expression.Convert(changed, typeof(object)), like, pairs).Compile();
        }

        if (Sequences.ConstructorFrom<KeyValuePair<TKey, TValue>[]>(type) is { } fromPairs)
        {
            return (_, pairs) => fromPairs(pairs);
        }

        if (Sequences.ConstructorFrom<Dictionary<TKey, TValue>>(type) is { } fromDictionary)
        {
            return (_, pairs) => fromDictionary(new(pairs));
        }

        return Sequences.ConstructorFrom<Tuple<TKey, TValue>[]>(type) is { } fromTuples
            ? (_, pairs) => fromTuples(Array.ConvertAll(pairs, pair => Tuple.Create(pair.Key, pair.Value)))
            : null;
    }

    private sealed class ByKey<TKey, TValue>(Func<object, KeyValuePair<TKey, TValue>[], object> make) : Structure
        where TKey : notnull
    {
        // Two dictionaries with equal keys may enumerate in different orders; ordered by key, their parts correspond.
        private static readonly IComparer<TKey> s_keys =
            typeof(TKey) == typeof(string) ? (IComparer<TKey>)StringComparer.Ordinal
            : typeof(IComparable).IsAssignableFrom(typeof(TKey)) || typeof(IComparable<TKey>).IsAssignableFrom(typeof(TKey)) ? Comparer<TKey>.Default
            : Comparer<TKey>.Create((a, b) => string.CompareOrdinal(a.ToString(), b.ToString()));

        private static readonly Comparer<KeyValuePair<TKey, TValue>> s_order = Comparer<KeyValuePair<TKey, TValue>>.Create((a, b) => s_keys.Compare(a.Key, b.Key));

        public override bool HasKeys => true;

        public override object?[] Parts(object tree) => Array.ConvertAll(Entries(tree), entry => (object?)entry.Value);

        public override object With(object tree, object?[] parts) =>
            make(tree, [.. Entries(tree).Zip(parts, (entry, part) => KeyValuePair.Create(entry.Key, (TValue)part!))]);

        public override string Step(object tree, int part) =>
            Entries(tree)[part].Key is var key && key is string ? $"[\"{key}\"]" : $"[{key}]";

        private static KeyValuePair<TKey, TValue>[] Entries(object tree)
        {
            var entries = tree is IEnumerable<(TKey Key, TValue Value)> pairs
                ? [.. pairs.Select(pair => KeyValuePair.Create(pair.Key, pair.Value))]
                : ((IEnumerable<KeyValuePair<TKey, TValue>>)tree).ToArray();
            Array.Sort(entries, s_order);
            return entries;
        }
    }
}
