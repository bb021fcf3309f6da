// Objects of named parts: records, tuples, structs, F# records and unions, and any class that can be made again from
// what it shows. Accessors are compiled once per type.

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

    /// <summary>Records and structs: a copy, whose members are then set, as <c>with</c> does.</summary>
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
    /// Other classes and immutable structs: the constructor that takes members by name, then the members that can be set.
    /// Together they must account for every field, or something would be lost.
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

            // Only a member that can be set can point back at its owner: such objects are entered if they declare expressions.
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

    /// <summary>What an object shows of itself: public properties and fields, inherited ones first.</summary>
    /// <remarks>Each in the order of declaration, which reflection keeps where there are no tokens to tell it: in code compiled ahead of time.</remarks>
    private static List<Member> Members(Type type)
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
    /// An object of the given parts, made by <paramref name="make"/> from the original and from the value that each member
    /// is to have, and of which some members are then set.
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

    private sealed record Member(MemberInfo Info)
    {
        public Type Type => Info is PropertyInfo property ? property.PropertyType : ((FieldInfo)Info).FieldType;

        public bool IsSettable => Info is FieldInfo { IsInitOnly: false } or PropertyInfo { CanWrite: true };

        /// <summary>Whether a constructor's parameter is there for this member; F# puts an underscore before those of unions.</summary>
        public bool Fits(ParameterInfo parameter) => parameter.ParameterType == Type
            && string.Equals(parameter.Name?.TrimStart('_'), Info.Name, StringComparison.OrdinalIgnoreCase);

        public MemberExpression Of(Expression owner) => Expression.MakeMemberAccess(owner, Info);
    }

    private sealed class Object(string[] names, Func<object, object?[]> read, Func<object, object?[], object> write, Lazy<Func<object, object?[]>> rest) : Structure
    {
        public override object?[] Parts(object tree) => read(tree);

        public override object With(object tree, object?[] parts) => write(tree, parts);

        public override string Step(object tree, int part) => $".{names[part]}";

        public override object?[] Rest(object tree) => rest.Value(tree);
    }
}
