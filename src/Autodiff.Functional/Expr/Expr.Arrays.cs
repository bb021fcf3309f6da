// The value of an expression as memory, as arrays, and as vectors and matrices of Math.NET.

using System.Runtime.InteropServices;
using MathNet.Numerics.LinearAlgebra;

namespace Autodiff.Functional;

public sealed partial class Expr
{
    /// <summary>
    /// The elements in row-major order, without a copy. Only a tensor that holds one number for all its elements, such as <c>Zeros(shape)</c>, writes them
    /// out, once.
    /// </summary>
    /// <exception cref="NotConcreteException">The expression is symbolic.</exception>
    /// <exception cref="AutodiffException">Within <see cref="AD.Strict"/>: the expression depends on the argument of a function that is being differentiated.</exception>
    /// <example><code>
    /// Expr x = new double[] { 1, 2, 3 };
    /// Console.WriteLine(x.AsSpan()[1]); // 2
    /// </code></example>
    public ReadOnlySpan<double> AsSpan() => !IsConcrete ? throw NotConcrete("AsSpan") : Read("AsSpan").Numbers;

    /// <summary>Copies the elements in row-major order to the start of a span.</summary>
    /// <param name="destination">Where to, at least as long as there are elements.</param>
    /// <exception cref="NotConcreteException">The expression is symbolic.</exception>
    /// <exception cref="AutodiffException">Within <see cref="AD.Strict"/>: the expression depends on the argument of a function that is being differentiated.</exception>
    /// <exception cref="ShapeException">The span is too short.</exception>
    public void CopyTo(Span<double> destination)
    {
        if (!IsConcrete)
        {
            throw NotConcrete("CopyTo");
        }

        var size = Read("CopyTo").Shape.Size;
        if (destination.Length < size)
        {
            throw new ShapeException($"CopyTo: there is room for {destination.Length} numbers, but shape {Shape} holds {size}.");
        }

        if (Elements is { IsUniform: true } uniform)
        {
            destination[..size].Fill(uniform[0]);
        }
        else
        {
            Numbers.CopyTo(destination);
        }
    }

    /// <summary>A copy of the elements of a matrix: element [i, j] is that of row i and column j.</summary>
    /// <exception cref="NotConcreteException">The expression is symbolic.</exception>
    /// <exception cref="AutodiffException">Within <see cref="AD.Strict"/>: the expression depends on the argument of a function that is being differentiated.</exception>
    /// <exception cref="ShapeException">The expression is not a matrix.</exception>
    public double[,] To2D()
    {
        var (rows, columns) = LengthsOfMatrix("To2D");
        var copy = new double[rows, columns];
        if (copy.Length > 0)
        {
            Numbers.CopyTo(MemoryMarshal.CreateSpan(ref copy[0, 0], copy.Length));
        }

        return copy;
    }

    /// <summary>A copy as a dense vector of Math.NET.</summary>
    /// <exception cref="NotConcreteException">The expression is symbolic.</exception>
    /// <exception cref="AutodiffException">Within <see cref="AD.Strict"/>: the expression depends on the argument of a function that is being differentiated.</exception>
    /// <exception cref="ShapeException">The expression is not a vector.</exception>
    public Vector<double> ToVector() => !IsConcrete ? throw NotConcrete("ToVector")
        : Rank == 1 ? Vector<double>.Build.Dense(Read("ToVector").Numbers.ToArray())
        : throw new ShapeException($"ToVector: shape {Shape} is not that of a vector; Reshape(x, -1) makes one of all elements.");

    /// <summary>A copy as a dense matrix of Math.NET.</summary>
    /// <exception cref="NotConcreteException">The expression is symbolic.</exception>
    /// <exception cref="AutodiffException">Within <see cref="AD.Strict"/>: the expression depends on the argument of a function that is being differentiated.</exception>
    /// <exception cref="ShapeException">The expression is not a matrix.</exception>
    public Matrix<double> ToMatrix()
    {
        var (rows, columns) = LengthsOfMatrix("ToMatrix");
        return Matrix<double>.Build.DenseOfRowMajor(rows, columns, Numbers.ToArray());
    }

    /// <summary>Whether a concrete scalar is not 0, as in <c>if (x)</c>. NaN is not 0, so it is true.</summary>
    /// <param name="x">The scalar, usually a comparison.</param>
    /// <exception cref="NotConcreteException">The expression is symbolic; choose with <see cref="Where"/> instead.</exception>
    /// <exception cref="ShapeException">The expression is not a scalar.</exception>
    /// <exception cref="AutodiffException">Within <see cref="AD.Strict"/>: the scalar depends on the argument of a function that is being differentiated.</exception>
    public static explicit operator bool(Expr x) => Truth(x);

    /// <summary>The elements of a concrete node, in row-major order.</summary>
    private ReadOnlySpan<double> Numbers => IsScalar ? MemoryMarshal.CreateReadOnlySpan(in _scalar, 1) : Elements!.Span;

    /// <summary>The lengths of the axes of a matrix whose elements an operation reads.</summary>
    private (int Rows, int Columns) LengthsOfMatrix(string operation) => !IsConcrete ? throw NotConcrete(operation)
        : Rank == 2 ? (Read(operation).Shape[0], Shape[1])
        : throw new ShapeException($"{operation}: shape {Shape} is not that of a matrix; index one of a batch, or Reshape to two axes.");
}
