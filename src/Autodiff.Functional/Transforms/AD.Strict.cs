// Strict mode, which turns a read that a derivative would not see into an error.

namespace Autodiff.Functional;

public static partial class AD
{
    /// <summary>
    /// Turns strict mode on until the scope is disposed of: to read the value of an expression that depends on the argument of a function that is
    /// being differentiated is an error then. Outside of it such a number is a constant, whose term the derivative lacks.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Reads are <see cref="Expr.Value"/>, <c>(double)x</c>, <see cref="Expr.TryValue"/>, <see cref="Expr.ToArray"/> and its relatives from
    /// <see cref="Expr.AsSpan"/> to <see cref="Expr.ToMatrix"/>, <c>Evaluate</c>, and conditions such as <c>if (x &gt; 0)</c>. <c>StopGradient(x)</c> may be read: a
    /// constant is meant.
    /// </para>
    /// <para>
    /// The scope is that of the calling method and of all that it calls or awaits, tasks that it starts included; other threads are not affected. Scopes nest. Where
    /// none is open, a read costs one check more. The rule ADF001 finds such reads in the source text of C# programs.
    /// </para>
    /// </remarks>
    /// <returns>The scope, to be disposed of by <c>using</c>.</returns>
    /// <example><code>
    /// using (AD.Strict())
    /// {
    ///     AD.Grad(x =&gt; x * x.Value)(2);                  // AutodiffException
    ///     AD.Grad(x =&gt; x * AD.StopGradient(x).Value)(2);  // 2
    /// }
    /// </code></example>
    public static IDisposable Strict() => StrictMode.Begin();
}
