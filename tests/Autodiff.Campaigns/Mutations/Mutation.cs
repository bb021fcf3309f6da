// One change of the source.

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Autodiff.Campaigns.Mutations;

/// <summary>A node of the source, and the text that takes its place.</summary>
/// <param name="Id">Its number in the mutated library; 0 until it is chosen.</param>
/// <param name="File">The path of the file, relative to the library.</param>
/// <param name="Line">The line of the node, from 1.</param>
/// <param name="Key">What names the mutation as long as the code around it stays as it is: file, member, change, and which of several alike.</param>
/// <param name="Original">An expression, or a statement.</param>
/// <param name="Mutated">The other expression; for a statement the other statement, empty if it is removed.</param>
/// <param name="IsStatic">Whether the code runs once, when its type is initialised.</param>
internal sealed record Mutation(int Id, string File, int Line, string Key, SyntaxNode Original, string Mutated, bool IsStatic)
{
    public bool IsStatement => Original is StatementSyntax;
}
