// One line of source that names something declared in another file.

namespace Autodiff.PropertyTests.Architecture;

/// <param name="File">The file in which the name stands, with slashes, relative to the folder of the sources.</param>
/// <param name="Line">The line on which it stands, from 1; a line that uses the same symbol twice is one arrow.</param>
/// <param name="Symbol">The type or member that it means, without namespace.</param>
/// <param name="Target">The file that declares the symbol.</param>
internal sealed record Arrow(string File, int Line, string Symbol, string Target);
