// Names in generated source text: which are allowed for a namespace and a type, and names for arguments and results that collide with nothing.

using System.Globalization;

namespace Autodiff.Functional.Compilation.SourceGeneration;

/// <summary>Checks and makes identifiers of C#.</summary>
internal static class SourceNames
{
    private static readonly HashSet<string> s_keywords =
    [
        "abstract", "as", "base", "bool", "break", "byte", "case", "catch", "char", "checked", "class", "const", "continue", "decimal", "default", "delegate", "do", "double", "else",
        "enum", "event", "explicit", "extern", "false", "finally", "fixed", "float", "for", "foreach", "goto", "if", "implicit", "in", "int", "interface", "internal", "is", "lock",
        "long", "namespace", "new", "null", "object", "operator", "out", "override", "params", "private", "protected", "public", "readonly", "ref", "return", "sbyte", "sealed", "short",
        "sizeof", "stackalloc", "static", "string", "struct", "switch", "this", "throw", "true", "try", "typeof", "uint", "ulong", "unchecked", "unsafe", "ushort", "using", "virtual",
        "void", "volatile", "while",
    ];

    // Words that a type cannot be named by, though variables can.
    private static readonly HashSet<string> s_ofTypes =
        ["await", "dynamic", "extension", "field", "file", "managed", "nameof", "nint", "notnull", "nuint", "partial", "record", "required", "scoped", "unmanaged", "var", "where", "yield"];

    // Types that the generated text refers to by their names, beside those of the library.
    private static readonly HashSet<string> s_types =
    [
        "Action", "ArgumentException", "Array", "ArrayPool", "Avx", "Avx512F", "BitConverter", "BitOperations", "Constants", "Enumerable", "FormattableString", "Func", "GC", "InvalidOperationException", "Invoke", "Kernels", "Kernels128", "Kernels256", "Kernels512",
        "Lanewise", "Math", "MathF", "Memory", "MemoryMarshal", "Products", "Queue", "MethodImpl", "MethodImplAttribute", "MethodImplOptions", "ReadOnlySpan", "Span",
        "System", "ThreadStatic", "ThreadStaticAttribute", "UInt128", "Unsafe", "Vector", "Vector128", "Vector256", "Vector512",
    ];

    // Variables of the generated text.
    private static readonly HashSet<string> s_variables =
    [
        "after", "before", "begin", "chunk", "done", "end", "first", "half", "here", "holds", "i", "j", "kept", "lane", "last", "mask", "memory", "next", "now", "part", "s",
        "start", "state", "step", "stop", "spectrum", "sums", "taken", "target", "tile", "u",
    ];

    /// <summary>Throws unless a namespace and a type can have these names.</summary>
    public static void Check(string @namespace, string type)
    {
        if (Array.Find(@namespace.Split('.'), part => !IsIdentifier(part) || s_keywords.Contains(part)) is { } part)
        {
            throw new AutodiffException($"ToCSharp: '{@namespace}' is no namespace, since {Fault(part)}; a namespace is identifiers with dots between them, such as 'Models.Generated'.");
        }

        if (!IsIdentifier(type) || s_keywords.Contains(type) || s_ofTypes.Contains(type))
        {
            throw new AutodiffException($"ToCSharp: {Fault(type)}, and cannot name the type; an identifier can, such as 'Rosenbrock'.");
        }

        if (s_types.Contains(type) || type.TrimEnd("0123456789".ToCharArray()) is "Program" or "Kept")
        {
            throw Taken(type);
        }
    }

    /// <summary>The letters and digits of a text, such as a path to a leaf of a tree, with underscores between them.</summary>
    public static string Identifier(string text)
    {
        var letters = string.Join('_', string.Concat(text.Select(c => IsPart(c) ? c : '_')).Split('_', StringSplitOptions.RemoveEmptyEntries));
        return letters.Length == 0 ? "x" : char.IsAsciiDigit(letters[0]) ? $"x{letters}" : letters;
    }

    /// <summary>The error of a type that has the name of another type in the text.</summary>
    public static AutodiffException Taken(string type) => new($"ToCSharp: the type cannot be named '{type}', since the generated code refers to another type by that name.");

    /// <summary>Names for variables, each as near to what is wanted as an identifier that differs from all others can be.</summary>
    public static string[] Distinct(IEnumerable<string> wanted)
    {
        var taken = new HashSet<string>();
        var names = new List<string>();
        foreach (var each in wanted)
        {
            var identifier = Identifier(each);
            var stem = char.ToLowerInvariant(identifier[0]) + identifier[1..];
            var name = stem;
            for (var number = 2; IsTaken(name) || !taken.Add(name); number++)
            {
                name = $"{stem}{(char.IsAsciiDigit(stem[^1]) || stem.Length == 1 ? "_" : "")}{number}";
            }

            names.Add(name);
        }

        return [.. names];
    }

    // Variables such as t1, i1, at1, sum1, s12 and xStart are those of the generated text.
    private static bool IsTaken(string name) => s_keywords.Contains(name) || s_ofTypes.Contains(name) || s_variables.Contains(name) || name.EndsWith("Start", StringComparison.Ordinal)
        || name.TrimEnd("0123456789".ToCharArray()) is var stem && stem.Length < name.Length && stem is "given" or "t" or "i" or "r" or "s" or "u" or "at" or "sum" or "sMinus" or "uMinus";

    private static bool IsIdentifier(string text) => text.Length > 0 && !IsDigit(text[0]) && text.All(IsPart);

    private static bool IsPart(char c) => c == '_' || char.IsLetter(c) || IsDigit(c);

    private static bool IsDigit(char c) => char.GetUnicodeCategory(c) == UnicodeCategory.DecimalDigitNumber;

    private static string Fault(string name) => name.Length == 0 ? "'' is empty" : IsIdentifier(name) ? $"'{name}' is a keyword" : $"'{name}' is no identifier";
}
