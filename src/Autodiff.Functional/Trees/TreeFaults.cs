// Why a value is no tree of expressions, for messages: what was looked for, what is there instead, and what to change.

using System.Diagnostics.CodeAnalysis;

namespace Autodiff.Functional.Trees;

[UnconditionalSuppressMessage("Trimming", "IL2070", Justification = Structure.MembersAreKept)]
internal static class TreeFaults
{
    private const string Trees = "an Expr, or a tuple, record, struct, list or dictionary of these";

    // More members than a message has room for.
    private const int MostMembers = 8;

    /// <summary>Why there is no expression in a value, as sentences; empty where the name of its type says all.</summary>
    /// <param name="tree">The value.</param>
    /// <param name="isResult">Whether a function returned it.</param>
    public static string NoLeaves(object tree, bool isResult)
    {
        var type = tree.GetType();
        var item = type.IsArray ? type.GetElementType() : Dictionaries.EntryOf(type)?.Value ?? Sequences.ItemOf(type);
        if (item is not null)
        {
            return Structure.MayHold(item) ? "It is empty, or its items hold none." : "";
        }

        if (!Structure.MayHold(type))
        {
            return isResult ? "" : $"A parameter is {Trees}.";
        }

        var members = Objects.Members(type);
        return members.Count == 0
            ? $"It is looked for in public properties and fields, and {type.Name} has none that can be read. Make them public; in a program that is trimmed or compiled ahead of time, keep them by " +
              $"[DynamicDependency(DynamicallyAccessedMemberTypes.All, typeof({type.Name}))]."
            : $"It is looked for in public properties and fields: {string.Join(", ", members.Take(MostMembers).Select(member => $"{member.Info.Name} ({Kind(member, tree)})"))}{(members.Count > MostMembers ? ", …" : "")}; " +
              $"one of them must be {Trees}.";
    }

    /// <summary>Where a value of a type keeps expressions that cannot be replaced, and what would make it a tree, as sentences.</summary>
    public static string Unfit(Type type)
    {
        if (!Objects.IsCopied(type))
        {
            return "Make it a record, or give it a constructor that takes all it keeps, each under the name of a public property.";
        }

        var members = Objects.Members(type);
        foreach (var field in Structure.Fields(type).Where(field => Structure.Declares(field.FieldType)))
        {
            var property = field.Name is ['<', .. var rest] && rest.IndexOf('>', StringComparison.Ordinal) is > 0 and var end ? rest[..end] : null;
            var member = members.Find(member => member.Info.Name == (property ?? field.Name));
            if (member is { IsSettable: true })
            {
                continue;
            }

            return property is not null
                ? $"A copy with other expressions would keep the old one in the property {property}, which is given its value once and cannot be set: make it {{ get; init; }}, or compute it whenever it is read, {property} => …."
                : $"A copy with other expressions would keep the old one in the field {field.Name}, which {(member is null ? "is not public" : "is read-only")}: make it a public property {{ get; init; }}, or compute it whenever it is read.";
        }

        return "Give each member that holds expressions a public property { get; init; }.";
    }

    private static string Kind(Objects.Member member, object tree) =>
        Structure.MayHold(member.Type) && member.ValueIn(tree) is null ? $"{member.Type}, null" : $"{member.Type}";
}
