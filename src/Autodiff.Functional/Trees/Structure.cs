// The structure of a type in trees: which parts of its values may hold expressions, and how a value is made again with other parts. It is found
// by reflection when a type is first met, and kept.

using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;

namespace Autodiff.Functional.Trees;

[UnconditionalSuppressMessage("Trimming", "IL2070", Justification = Structure.MembersAreKept)]
internal abstract class Structure
{
    /// <summary>Why the reflection here works with trimming.</summary>
    internal const string MembersAreKept = "Trimming keeps the fields of tuples; the documentation says how to keep the members of other types. A type that has lost members is refused with an error.";

    /// <summary>Why the reflection here works with compilation ahead of time.</summary>
    internal const string TypesAreThere = "Instantiations over reference types share their code, and expression lambdas are interpreted where dynamic code is not supported.";

    private static readonly ConcurrentDictionary<Type, Structure> s_known = new();

    /// <summary>The structure of the type of a value.</summary>
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicFields, typeof(ValueTuple<>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicFields, typeof(ValueTuple<,>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicFields, typeof(ValueTuple<,,>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicFields, typeof(ValueTuple<,,,>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicFields, typeof(ValueTuple<,,,,>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicFields, typeof(ValueTuple<,,,,,>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicFields, typeof(ValueTuple<,,,,,,>))]
    [DynamicDependency(DynamicallyAccessedMemberTypes.PublicFields, typeof(ValueTuple<,,,,,,,>))]
    public static Structure Of(object tree) => s_known.GetOrAdd(tree.GetType(), WorkedOut);

    /// <summary>The parts that may hold expressions, in a fixed order. The caller may change the array.</summary>
    public abstract object?[] Parts(object tree);

    /// <summary>A value like the given one, with other parts.</summary>
    public abstract object With(object tree, object?[] parts);

    /// <summary>What is appended to a path on the way to a part: <c>.Bias</c>, <c>[2]</c>, <c>["key"]</c>, or nothing.</summary>
    public abstract string Step(object tree, int part);

    /// <summary>Whether two values of this structure with equally many parts may have different keys for them.</summary>
    public virtual bool HasKeys => false;

    /// <summary>What a value holds beside its parts, which stays the same when the parts are replaced.</summary>
    public virtual object?[] Rest(object tree) => [];

    /// <summary>Whether values of a declared type could hold expressions.</summary>
    public static bool MayHold(Type type) =>
        Dictionaries.EntryOf(type) is var (_, value) ? MayHold(value)
        : Sequences.ItemOf(type) is { } item ? MayHold(item)
        : type.IsArray ? MayHold(type.GetElementType()!)
        : !IsAtom(type);

    /// <summary>Whether values of a declared type have a place for expressions, as far as the declarations tell.</summary>
    public static bool Declares(Type type) => Declares(type, []);

    private static bool Declares(Type type, HashSet<Type> seen) => type == typeof(Expr)
        || (!IsAtom(type) && seen.Add(type) && (
            type.IsArray ? Declares(type.GetElementType()!, seen)
            : Dictionaries.EntryOf(type) is var (_, value) ? Declares(value, seen)
            : Sequences.EnumeratedBy(type) is { } item ? Declares(item, seen)
            : Fields(type).Any(field => Declares(field.FieldType, seen))));

    /// <summary>All fields of instances of a type, inherited ones first.</summary>
    public static IEnumerable<FieldInfo> Fields(Type type) => type.BaseType is { } inherited
        ? Fields(inherited).Concat(type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
        : [];

    private static Structure WorkedOut(Type type) =>
        !MayHold(type) ? Opaque.Instance
        : Dictionaries.TryStructure(type) ?? Sequences.TryStructure(type) ?? Objects.TryStructure(type)
        ?? (Declares(type) ? Unfit.Instance : Opaque.Instance);

    /// <summary>Types that cannot hold expressions: numbers, text, functions, and the base library's closed types.</summary>
    private static bool IsAtom(Type type) => type.IsPrimitive || type.IsEnum || type.IsPointer || type.IsByRefLike
        || typeof(Delegate).IsAssignableFrom(type) || typeof(MemberInfo).IsAssignableFrom(type)
        || (type is { IsSealed: true, IsGenericType: false, IsArray: false } && type.Assembly == typeof(object).Assembly);
}

/// <summary>The structure of a value without expressions, which is passed on unchanged.</summary>
internal sealed class Opaque : Structure
{
    public static readonly Opaque Instance = new();

    public override object?[] Parts(object tree) => [];

    public override object With(object tree, object?[] parts) => tree;

    public override string Step(object tree, int part) => "";

    public override object?[] Rest(object tree) => [tree];
}

/// <summary>The structure of a value that holds expressions where they cannot be replaced by others.</summary>
internal sealed class Unfit : Structure
{
    public static readonly Unfit Instance = new();

    public override object?[] Parts(object tree) => [];

    public override object With(object tree, object?[] parts) => tree;

    public override string Step(object tree, int part) => "";
}
