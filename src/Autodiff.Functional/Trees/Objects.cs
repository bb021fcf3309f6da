// The structure of objects with named parts in trees: records, tuples, structs, F# records and unions, and any class that can be constructed
// again from its public members. Accessors are compiled once for each type.

using System.Diagnostics.CodeAnalysis;
using System.Linq.Expressions;
using System.Reflection;

namespace Autodiff.Functional.Trees;

[UnconditionalSuppressMessage("AOT", "IL3050", Justification = Structure.TypesAreThere)]
[UnconditionalSuppressMessage("Trimming", "IL2070", Justification = Structure.MembersAreKept)]
internal static class Objects
{
    private const BindingFlags OfInstances = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>The structure of a type whose values can be made again with other parts, or null.</summary>
    public static Structure? TryStructure(Type type) => type.IsArray ? null : TryCopying(type) ?? TryConstructing(type);

    /// <summary>For records and structs: makes a copy and sets its members, as <c>with</c> does.</summary>
    private static Structure? TryCopying(Type type)
    {
        var clone = type.GetMethod("<Clone>$", Type.EmptyTypes);
        Member[] parts = [.. Members(type).Where(member => member.IsSettable && Structure.MayHold(member.Type))];
        var places = Structure.Fields(type).Count(field => Structure.Declares(field.FieldType));
        return (clone is null && (!type.IsValueType || parts.Length == 0)) || places != parts.Count(member => Structure.Declares(member.Type))
            ? null
            : Compiled(type, parts, parts, (original, _) => clone is null ? original : Expression.Convert(Expression.Call(original, clone), type));
    }

    /// <summary>
    /// For other classes and immutable structs: calls the constructor that takes members by name, then sets the members that can be set.
    /// Together they must cover every field; otherwise something would be lost.
    /// </summary>
    private static Structure? TryConstructing(Type type)
    {
        var members = Members(type);
        var fields = Structure.Fields(type).Count();
        foreach (var constructor in type.GetConstructors(OfInstances).OrderByDescending(constructor => constructor.GetParameters().Length))
        {
            Member[] taken = [.. constructor.GetParameters().SelectMany(parameter => members.Where(member => member.Fits(parameter)))];
            Member[] rest = [.. members.Where(member => member.IsSettable && !taken.Contains(member))];
            if (taken.Length != constructor.GetParameters().Length || taken.Length + rest.Length != fields)
            {
                continue;
            }

            // Only a member that can be set can refer back to its owner: such objects are entered only if they declare expressions.
            return rest.Length > 0 && !Structure.Declares(type)
                ? Opaque.Instance
                : Compiled(
                    type,
                    [.. members.Where(member => (taken.Contains(member) || rest.Contains(member)) && Structure.MayHold(member.Type))],
                    rest,
                    (_, valueOf) => Expression.New(constructor, taken.Select(valueOf)));
        }

        return null;
    }

    /// <summary>The members of an object that are visible: public properties and fields, inherited ones first.</summary>
    /// <remarks>They are in the order of declaration. Code compiled ahead of time has no metadata tokens to order by, but there reflection keeps that order.</remarks>
    public static List<Member> Members(Type type)
    {
        List<Member> members = type.BaseType is { } inherited ? Members(inherited) : [];
        foreach (var info in type.GetMembers(OfInstances | BindingFlags.DeclaredOnly).OrderBy(info => info.HasMetadataToken() ? info.MetadataToken : 0))
        {
            if (info is FieldInfo { IsPublic: true } || (info is PropertyInfo { GetMethod.IsPublic: true } property && property.GetIndexParameters().Length == 0))
            {
                var overridden = members.FindIndex(member => member.Info.Name == info.Name);
                if (overridden >= 0)
                {
                    members[overridden] = new(info);
                }
                else
                {
                    members.Add(new(info));
                }
            }
        }

        return members;
    }

    /// <summary>
    /// The structure of a type with the given parts. An object is made by <paramref name="make"/>, from the original and from the value that each
    /// member is to have; then some of its members are set.
    /// </summary>
    private static Structure Compiled(Type type, Member[] parts, Member[] set, Func<Expression, Func<Member, Expression>, Expression> make)
    {
        if (parts.Length == 0)
        {
            return Opaque.Instance;
        }

        var tree = Expression.Parameter(typeof(object));
        var original = Expression.Convert(tree, type);
        var read = Expression.Lambda<Func<object, object?[]>>(
            Expression.NewArrayInit(typeof(object), parts.Select(part => Expression.Convert(part.Of(original), typeof(object)))), tree);

        var values = Expression.Parameter(typeof(object?[]));
        var made = Expression.Variable(type);
        Expression ValueOf(Member member) => Array.IndexOf(parts, member) is var index and >= 0
            ? Expression.Convert(Expression.ArrayIndex(values, Expression.Constant(index)), member.Type)
            : member.Of(original);
        var write = Expression.Lambda<Func<object, object?[], object>>(
            Expression.Block(
                [made],
                [
                    Expression.Assign(made, make(original, ValueOf)),
                    .. set.Select(member => Expression.Assign(member.Of(made), ValueOf(member))),
                    Expression.Convert(made, typeof(object)),
                ]),
            tree,
            values);
        Lazy<Func<object, object?[]>> rest = new(() => Expression.Lambda<Func<object, object?[]>>(
            Expression.NewArrayInit(
                typeof(object),
                Structure.Fields(type).Where(field => !Structure.MayHold(field.FieldType)).Select(field => Expression.Convert(Expression.Field(original, field), typeof(object)))),
            tree).Compile());
        return new Object(Array.ConvertAll(parts, part => part.Info.Name), read.Compile(), write.Compile(), rest);
    }

    /// <summary>Whether values of a type are copied, and the members of the copy set: records and structs.</summary>
    public static bool IsCopied(Type type) => type.IsValueType || type.GetMethod("<Clone>$", Type.EmptyTypes) is not null;

    /// <summary>A public property or field.</summary>
    public sealed record Member(MemberInfo Info)
    {
        public Type Type => Info is PropertyInfo property ? property.PropertyType : ((FieldInfo)Info).FieldType;

        public bool IsSettable => Info is FieldInfo { IsInitOnly: false } or PropertyInfo { CanWrite: true };

        /// <summary>Whether a constructor's parameter is for this member; F# puts an underscore before the names of those of unions.</summary>
        public bool Fits(ParameterInfo parameter) => parameter.ParameterType == Type
            && string.Equals(parameter.Name?.TrimStart('_'), Info.Name, StringComparison.OrdinalIgnoreCase);

        public MemberExpression Of(Expression owner) => Expression.MakeMemberAccess(owner, Info);

        /// <summary>The value of the member; null too where reading it throws.</summary>
        public object? ValueIn(object owner)
        {
            try
            {
                return Info is PropertyInfo property ? property.GetValue(owner) : ((FieldInfo)Info).GetValue(owner);
            }
            catch (TargetInvocationException)
            {
                return null;
            }
        }
    }

    private sealed class Object(string[] names, Func<object, object?[]> read, Func<object, object?[], object> write, Lazy<Func<object, object?[]>> rest) : Structure
    {
        public override object?[] Parts(object tree) => read(tree);

        public override object With(object tree, object?[] parts) => write(tree, parts);

        public override string Step(object tree, int part) => $".{names[part]}";

        public override object?[] Rest(object tree) => rest.Value(tree);
    }
}
