// The source text of the library's own functions of numbers and registers, for files that do not refer to the library. It is that of the very files
// that the library is compiled from, so no function is stated twice and results have the same bits. A file gets only the members that it needs. The
// library's own exception becomes one of the base library, with the same message.

using System.Text;
using System.Text.RegularExpressions;

namespace Autodiff.Functional.Compilation.SourceGeneration;

/// <summary>The members of the library's types of functions and registers, as source text.</summary>
internal sealed partial class LibrarySource
{
    // The types, in the order in which they are written.
    private static readonly string[] s_files = [.. typeof(LibrarySource).Assembly.GetManifestResourceNames().Where(name => name.EndsWith(".cs", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private static readonly Lazy<LibrarySource> s_all = new(() => new(s_files.Select(TextOf)));

    // The type of another library that a function is computed by.
    private const string Outside = "Normal";

    // The first lines of each type, by its name and the number of its type parameters.
    private readonly Dictionary<string, string> _heads = [];
    private readonly List<Member> _members = [];

    private LibrarySource(IEnumerable<string> files)
    {
        foreach (var file in files)
        {
            Read(file);
        }
    }

    /// <summary>The types with those members that a text needs, directly or by way of other members, as types of one file; and their names.</summary>
    public static (string Text, IEnumerable<string> Types) For(string text)
    {
        var (types, members) = s_all.Value.Needed(text);
        var source = new StringBuilder();
        foreach (var type in s_all.Value._heads.Keys.Where(types.Contains))
        {
            source.Append('\n').Append(s_all.Value._heads[type]).Append("\n{\n");
            source.AppendJoin("\n\n", members.Where(member => member.Type == type).Select(member => member.Text));
            source.Append("\n}\n");
        }

        return (source.ToString(), types.Select(NameOf));
    }

    /// <summary>Whether everything that a text needs is in the text of the library.</summary>
    public static bool IsComplete(string text) =>
        !s_all.Value.Needed(text).Members.Any(member => member.Names.Any(name => name.Of == Outside));

    private static string NameOf(string type) => type[..type.IndexOf('`', StringComparison.Ordinal)];

    private static string TextOf(string file)
    {
        using var reader = new StreamReader(typeof(LibrarySource).Assembly.GetManifestResourceStream(file)!);
        return reader.ReadToEnd().Replace(nameof(AutodiffException), nameof(InvalidOperationException), StringComparison.Ordinal);
    }

    private (HashSet<string> Types, List<Member> Members) Needed(string text)
    {
        var names = new HashSet<Reference>(ReferencesIn(text));
        var (types, members) = (new HashSet<string>(), new HashSet<Member>());
        for (var isGrowing = true; isGrowing;)
        {
            isGrowing = false;
            foreach (var type in _heads.Keys.Where(type => !types.Contains(type) && names.Any(name => name.Of == NameOf(type) || name.Name == NameOf(type))))
            {
                types.Add(type);
                names.UnionWith(ReferencesIn(_heads[type]));
                isGrowing = true;
            }

            foreach (var member in _members)
            {
                if (types.Contains(member.Type) && member.IsNeeded(names) && members.Add(member))
                {
                    names.UnionWith(member.Names);
                    isGrowing = true;
                }
            }
        }

        return (types, [.. _members.Where(members.Contains)]);
    }

    /// <summary>Takes a file apart: its types, which start and end in the first column, and their members.</summary>
    private void Read(string file)
    {
        var lines = file.ReplaceLineEndings("\n").Split('\n');
        string? type = null;
        var (head, member) = (new List<string>(), new List<string>());
        var depth = 0;
        foreach (var line in lines.SkipWhile(line => !line.StartsWith("namespace ", StringComparison.Ordinal)).Skip(1))
        {
            var code = CommentAtEnd().Replace(line, "");
            if (type is null)
            {
                if (line.Length > 0 && line[0] is not ('/' or '{'))
                {
                    head.Add(line);
                }

                if (line == "{")
                {
                    var name = TypeName().Match(head[0]);
                    type = $"{name.Groups[1].Value}`{(name.Groups[2].Success ? name.Groups[2].Value.Split(',').Length : 0)}";
                    _heads.TryAdd(type, "file " + string.Join('\n', head).Replace("internal ", "", StringComparison.Ordinal).Replace("partial ", "", StringComparison.Ordinal));
                }
            }
            else if (line == "}")
            {
                type = null;
                head.Clear();
            }
            else if (!code.TrimStart().StartsWith("///", StringComparison.Ordinal) && (line.Length > 0 || member.Count > 0))
            {
                member.Add(line);
                depth += code.Count(c => c is '{' or '(' or '[') - code.Count(c => c is '}' or ')' or ']');
                if (depth == 0 && code.TrimEnd() is [.., ';' or '}'])
                {
                    _members.Add(new(type, string.Join('\n', member), head[0].Contains(" static ", StringComparison.Ordinal)));
                    member.Clear();
                }
            }
        }
    }

    private static IEnumerable<Reference> ReferencesIn(string text) =>
        Identifier().Matches(Comment().Replace(text, "")).Select(match => new Reference(match.Groups[1].Value, match.Groups[2].Value));

    [GeneratedRegex(@"(?<!/)//(?!/).*$")]
    private static partial Regex CommentAtEnd();

    [GeneratedRegex("//.*$", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"(?:\b(\w+)\.)?\b([A-Za-z_]\w*)")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"(?:class|struct|interface) (\w+)(<[^>]*>)?")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"(\w+)(?:<[^()]*?>)?\(|(\w+)\s*(?:=|;|\{)")]
    private static partial Regex Declared();

    /// <summary>A name in a text, with the name before it that it is a member of.</summary>
    private readonly record struct Reference(string Of, string Name);

    /// <summary>A member of a type.</summary>
    private sealed class Member
    {
        private readonly string? _name;

        public Member(string type, string text, bool isOfFunctions)
        {
            (Type, Text, _isOfFunctions) = (type, text, isOfFunctions);
            var declaration = string.Join('\n', text.Split('\n').Where(line => line.TrimStart() is not ['/' or '[', ..]));
            var match = Declared().Match(declaration);
            _name = declaration.Contains(" operator ", StringComparison.Ordinal) ? null
                : match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value;
            Names = [.. ReferencesIn(text).Where(reference => reference.Name != _name || reference.Of.Length > 0).Distinct()];
        }

        public string Type { get; }

        public string Text { get; }

        public Reference[] Names { get; }

        private bool IsOfRegister => Type.Contains("Lanes", StringComparison.Ordinal);

        // Static classes are collections of functions; other types are needed as a whole.
        private readonly bool _isOfFunctions;

        /// <summary>Whether one of some names may be this member. Operators have no name.</summary>
        public bool IsNeeded(HashSet<Reference> names)
        {
            if (_name is null || !(IsOfRegister || _isOfFunctions))
            {
                return true;
            }

            // T, and the register types themselves, are registers; a name of another type that is in the text is one of its members.
            return names.Contains(new("", _name)) || names.Contains(new(NameOf(Type), _name))
                || (IsOfRegister && names.Any(name => name.Name == _name && (name.Of == "T" || name.Of.Contains("Lanes", StringComparison.Ordinal) || char.IsLower(name.Of.FirstOrDefault('A')))));
        }
    }
}
