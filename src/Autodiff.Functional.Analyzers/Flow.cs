// What is known about the value of an operation in a function that is differentiated.

using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Autodiff.Functional.Analyzers;

/// <summary>What the value of an operation is made of.</summary>
/// <param name="depends">Whether it is, or holds, an expression that depends on the function's argument.</param>
/// <param name="reads">For a number: the operations that read it from such an expression.</param>
internal readonly struct Flow(bool depends, ImmutableHashSet<IOperation> reads)
{
    public static Flow None { get; } = new(false, ImmutableHashSet<IOperation>.Empty);

    public static Flow Argument { get; } = new(true, ImmutableHashSet<IOperation>.Empty);

    public bool Depends { get; } = depends;

    public ImmutableHashSet<IOperation> Reads { get; } = reads;

    public static Flow operator |(Flow a, Flow b) => new(a.Depends || b.Depends, a.Reads.Union(b.Reads));

    public static Flow ReadBy(IOperation read) => new(false, ImmutableHashSet.Create(read));

    /// <summary>The part of this that a value of a type can carry.</summary>
    public Flow In(ITypeSymbol? type, Library library) =>
        new(Depends && library.MayHold(type), Library.IsNumeric(type) || library.MayHold(type) ? Reads : ImmutableHashSet<IOperation>.Empty);
}
