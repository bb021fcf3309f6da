// The programs of docs/functions.md, in its order: a file for each section. DocumentTests holds the document's text and output against them.

namespace Autodiff.PropertyTests.Documentation;

internal static partial class FunctionsDocument
{
    public static readonly Snippet[] Snippets = [.. Indices, .. Order, .. Statistics, .. Shapes, .. Signals, .. Elementwise, .. Special, .. LinearAlgebra, .. Transforms];
}
