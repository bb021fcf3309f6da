// Numbers with tangents as text.

using System.Numerics;

namespace Autodiff.Functional.ForwardMode;

internal static class ForwardText
{
    /// <summary>A part of a number; in parentheses if it is a sum or a longer formula itself.</summary>
    public static string Of<T>(T part, string? format, IFormatProvider? provider)
        where T : IFloatingPointIeee754<T> => part.ToString(format, provider) is var text && text.Contains(' ', StringComparison.Ordinal) ? $"({text})" : text;

    /// <summary>A term of a sum, after a sign.</summary>
    public static string Signed(string term) => term.StartsWith('-') ? $" - {term[1..]}" : $" + {term}";

    /// <summary>Copies a text if it fits.</summary>
    public static bool TryCopy(string text, Span<char> destination, out int charsWritten)
    {
        var fits = text.TryCopyTo(destination);
        charsWritten = fits ? text.Length : 0;
        return fits;
    }
}
