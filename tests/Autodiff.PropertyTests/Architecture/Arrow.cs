// A reference from one line of source to a type or member that another file declares.

namespace Autodiff.PropertyTests.Architecture;

/// <param name="File">The file that contains the reference, with slashes, relative to the folder of the sources.</param>
/// <param name="Line">The line of the reference, counted from 1; a line that uses the same symbol twice is one arrow.</param>
/// <param name="Symbol">The type or member that is referred to, without namespace.</param>
/// <param name="Target">The file that declares the symbol.</param>
internal sealed record Arrow(string File, int Line, string Symbol, string Target);
