// The structure of lists in trees: arrays, every IReadOnlyList, LanguageExt's Seq, and its Option and Either as lists of at most one item.

using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using LanguageExt;

namespace Autodiff.Functional.Trees;

[UnconditionalSuppressMessage("AOT", "IL3050", Justification = Structure.TypesAreThere)]
[UnconditionalSuppressMessage("Trimming", "IL2060", Justification = Structure.MembersAreKept)]
[UnconditionalSuppressMessage("Trimming", "IL2070", Justification = Structure.MembersAreKept)]
[UnconditionalSuppressMessage("Trimming", "IL2075", Justification = Structure.MembersAreKept)]
[UnconditionalSuppressMessage("Trimming", "IL2090", Justification = Structure.MembersAreKept)]
internal static class Sequences
{
    /// <summary>The item type of a type whose values have an order and can be indexed, or null.</summary>
    public static Type? ItemOf(Type type) =>
        IsA(type, typeof(Seq<>)) || IsA(type, typeof(Option<>)) ? type.GetGenericArguments()[0]
        : Implemented(type, typeof(IReadOnlyList<>)) is { } list ? list.GetGenericArguments()[0]
        : null;

    /// <summary>The type of the items that enumerating a value of a type gives, or null.</summary>
    public static Type? EnumeratedBy(Type type) => Implemented(type, typeof(IEnumerable<>))?.GetGenericArguments()[0];

    public static Structure? TryStructure(Type type) =>
        ItemOf(type) is { } item ? Made(nameof(TryTyped), type, item)
        : type.IsArray ? Grid.Instance
        : IsA(type, typeof(Either<,>)) ? Made(nameof(Sided), type.GetGenericArguments())
        : null;

    /// <summary>The interface that a type is or implements and that is made from a generic definition, or null.</summary>
    public static Type? Implemented(Type type, Type definition) =>
        type.GetInterfaces().Append(type).FirstOrDefault(candidate => IsA(candidate, definition));

    public static bool IsA(Type type, Type definition) => type.IsGenericType && type.GetGenericTypeDefinition() == definition;

    /// <summary>The public constructor of a type that takes a value of the argument type alone, as a compiled function, or null.</summary>
    public static Func<TArgument, object>? ConstructorFrom<TArgument>(Type type)
    {
        var argument = Expression.Parameter(typeof(TArgument));
        return type.GetConstructors().FirstOrDefault(constructor => constructor.GetParameters() is [var only] && only.ParameterType.IsAssignableFrom(typeof(TArgument))) is { } found
            ? Expression.Lambda<Func<TArgument, object>>(Expression.Convert(Expression.New(found, argument), typeof(object)), argument).Compile()
            : null;
    }

    private static Structure? Made(string method, params Type[] types) =>
        (Structure?)typeof(Sequences).GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(types).Invoke(null, null);

    private static OneSide<TLeft, TRight> Sided<TLeft, TRight>() => new();

    private static Sequence<TItem>? TryTyped<TList, TItem>() => TryMaker<TList, TItem>() is { } make
        ? new(make, IsA(typeof(TList), typeof(Option<>)))
        : null;

    /// <summary>A function that makes a list of a type from its items, or null if there is no way to make one.</summary>
    private static Func<TItem[], object>? TryMaker<TList, TItem>()
    {
        // A collection expression [a, b] that is converted to an interface has a compiler-generated type; an array serves as well. Such types have names
        // that no one can write; their attribute is not there in programs compiled ahead of time.
        if (typeof(TList) == typeof(TItem[]) || typeof(TList).Name.StartsWith('<'))
        {
            return items => items;
        }

        // Without reflection, so that it is there in programs compiled ahead of time.
        if (typeof(TList) == typeof(List<TItem>))
        {
            return items => new List<TItem>(items);
        }

        if (typeof(TList).GetCustomAttribute<CollectionBuilderAttribute>() is { } builder)
        {
            var create = builder.BuilderType.GetMethods(BindingFlags.Static | BindingFlags.Public)
                .Single(method => method.Name == builder.MethodName && method.GetParameters() is [var only] && IsA(only.ParameterType, typeof(ReadOnlySpan<>)))
                .MakeGenericMethod(typeof(TItem))
                .CreateDelegate<Builder<TList, TItem>>();
            return items => create(items)!;
        }

        if (ConstructorFrom<TItem[]>(typeof(TList)) is { } construct)
        {
            return construct;
        }

        // F#'s lists: made from the empty list by Cons, which puts a head before a tail.
        var empty = typeof(TList).GetProperty("Empty", BindingFlags.Static | BindingFlags.Public, null, typeof(TList), [], null);
        var cons = typeof(TList).GetMethod("Cons", BindingFlags.Static | BindingFlags.Public, [typeof(TItem), typeof(TList)])?.CreateDelegate<Func<TItem, TList, TList>>();
        return empty is null || cons is null ? null : items => items.Reverse().Aggregate((TList)empty.GetValue(null)!, (tail, head) => cons(head, tail))!;
    }

    private delegate TList Builder<TList, TItem>(ReadOnlySpan<TItem> items);

    private sealed class Sequence<TItem>(Func<TItem[], object> make, bool isOption) : Structure
    {
        // An array of references is converted to an array of objects without a copy.
        public override object?[] Parts(object tree) => ((IEnumerable<TItem>)tree).ToArray() is var items && items is object?[] parts
            ? parts
            : Array.ConvertAll(items, item => (object?)item);

        public override object With(object tree, object?[] parts) => make(parts as TItem[] ?? Array.ConvertAll(parts, part => (TItem)part!));

        public override string Step(object tree, int part) => isOption ? "" : $"[{part}]";
    }

    /// <summary>The structure of an array of several axes: its parts are in row-major order.</summary>
    private sealed class Grid : Structure
    {
        public static readonly Grid Instance = new();

        public override object?[] Parts(object tree) => [.. ((Array)tree).Cast<object?>()];

        public override object With(object tree, object?[] parts)
        {
            var grid = (Array)((Array)tree).Clone();
            for (var i = 0; i < parts.Length; i++)
            {
                grid.SetValue(parts[i], Position(grid, i));
            }

            return grid;
        }

        public override string Step(object tree, int part) => $"[{string.Join(", ", Position((Array)tree, part))}]";

        public override object?[] Rest(object tree) => [.. Enumerable.Range(0, ((Array)tree).Rank).Select(axis => (object?)((Array)tree).GetLength(axis))];

        private static int[] Position(Array grid, int part)
        {
            var position = new int[grid.Rank];
            for (var axis = grid.Rank - 1; axis >= 0; axis--)
            {
                (part, position[axis]) = Math.DivRem(part, grid.GetLength(axis));
                position[axis] += grid.GetLowerBound(axis);
            }

            return position;
        }
    }

    private sealed class OneSide<TLeft, TRight> : Structure
    {
        public override object?[] Parts(object tree) => (Either<TLeft, TRight>)tree is { IsBottom: false } either
            ? [either.Match<object?>(Left: left => left, Right: right => right)]
            : [];

        public override object With(object tree, object?[] parts) => ((Either<TLeft, TRight>)tree).IsLeft
            ? Either<TLeft, TRight>.Left((TLeft)parts[0]!)
            : Either<TLeft, TRight>.Right((TRight)parts[0]!);

        public override string Step(object tree, int part) => "";

        public override object?[] Rest(object tree) => [((Either<TLeft, TRight>)tree).IsLeft];
    }
}
