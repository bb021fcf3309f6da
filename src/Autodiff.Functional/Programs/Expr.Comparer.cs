// Equality of expressions other than that of nodes.

using Autodiff.Functional.Programs;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>Equality of expressions other than identity of nodes.</summary>
    public static class Comparer
    {
        /// <summary>
        /// Equality of structure: the same primitives with the same attributes and shapes, over equal operands; constants with the same bits; variables with the
        /// same names, shapes and values that correspond one to one. Programs (loops, branches, calls) are equal up to the names of what is inside.
        /// Which nodes are shared makes no difference. The cost is linear in the number of nodes.
        /// </summary>
        /// <example><code>
        /// Expr Formula() =&gt; Expr.Sin(Expr.Variable("x")) + 1;
        /// Console.WriteLine(Formula() == Formula()); // False: other nodes
        /// Console.WriteLine(Expr.Comparer.Structural.Equals(Formula(), Formula())); // True
        /// </code></example>
        public static IEqualityComparer<Expr> Structural => StructuralComparer.Instance;
    }
}
