// The interface of parts of a program that are written as statements.

namespace Autodiff.Functional.Compilation.SourceGeneration;

/// <summary>A part of a program, written as statements.</summary>
internal interface IStatements
{
    /// <summary>Writes the statements that run it.</summary>
    void Write(SourceWriter writer);
}
