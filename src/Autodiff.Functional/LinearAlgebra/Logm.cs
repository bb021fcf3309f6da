// The principal logarithm of a matrix.

using Autodiff.Functional.Formulas;
using Autodiff.Functional.NumberTypes;
using Autodiff.Functional.Numerics;
using Autodiff.Functional.Primitives;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// The principal logarithm of a general real matrix: the x with <c>Expm(x)</c> = a whose eigenvalues have imaginary parts between −π and π. It is real if no
    /// eigenvalue of a is a negative number or 0. The derivatives, of every order, are right also where eigenvalues coincide.
    /// </summary>
    /// <param name="a">Square matrices, of shape (…, n, n).</param>
    /// <exception cref="ShapeException">a is not square.</exception>
    /// <exception cref="AutodiffException">A matrix is singular, or has a negative number as an eigenvalue.</exception>
    public static Expr Logm(Expr a) => new LogmPrimitive().OfSquare(a);
}

/// <summary>log a; with directions below the matrix, also its derivatives.</summary>
internal sealed record LogmPrimitive : NilpotentPrimitive
{
    public override Op Op => Op.Logm;

    public static Reader Reader { get; } = Reader.Unary("logm", a => new LogmPrimitive().OfStacked(a));

    public override Spelling Spelling => Spelling.Named("logm", @"\log");

    protected override Expr? Transpose(int operand, Expr a, Expr cotangent) => Reversed(Nested(EachTransposed(a), Reversed(cotangent)));

    protected override T[] ComputeIn<T>(NumberField<T> field, T[] a, int rows, int columns)
    {
        // The first columns of the logarithm of the representation are the coefficients.
        var logarithm = FieldRoots.Logarithm(field, FieldMatrices.Represented(a, columns), rows)
            ?? throw Error(rows, columns, FieldRoots.NoRoot);
        var result = new T[a.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = logarithm[(i / columns * rows) + (i % columns)];
        }

        return result;
    }

    protected override MatrixKernels.Kernel KernelFor(int rows, int columns) => MatrixKernels.Logm;
}
