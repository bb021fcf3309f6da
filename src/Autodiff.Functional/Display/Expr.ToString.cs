namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <inheritdoc/>
    public override string ToString() => IsConcrete ? "[" + string.Join(", ", ToArray()) + "]" : "?";
}
