// Linear algebra on numbers, one matrix of a batch after another. MathNet factors; it holds matrices by columns, so what it
// is given is a transpose unless that makes no difference. A matrix that holds a NaN or an infinity gives NaN throughout.

using System.Numerics;
using System.Numerics.Tensors;
using MathNet.Numerics;
using MathNet.Numerics.Providers.LinearAlgebra;

namespace Autodiff.Functional.Evaluation;

internal static class LinearAlgebraKernels
{
    private static ILinearAlgebraProvider<double> Provider => LinearAlgebraControl.Provider;

    /// <summary>What a primitive does with one matrix.</summary>
    private delegate void Kernel(in Matrix a, Span<double> result);

    public static Storage Evaluate(Op op, object? attribute, Shape shape, ReadOnlySpan<Storage> operands) => op switch
    {
        Op.Solve or Op.SolveTriangular => Solve(op, attribute, shape, operands[0], operands[1]),
        Op.Inverse => OfEach(op, shape, operands[0], (in a, result) => Invert(a, ((Inversion)attribute!).IsNaNWhereSingular, result)),
        Op.Det => OfEach(op, shape, operands[0], (in a, result) => result[0] = Determinant(a.Copy(), a.Rows)),
        Op.LogDet => OfEach(op, shape, operands[0], LogDet),
        Op.Cofactors => OfEach(op, shape, operands[0], Cofactors),
        Op.Cholesky => OfEach(op, shape, operands[0], Cholesky),
        Op.Qr => OfEach(op, shape, operands[0], Qr),
        Op.Eigh => OfEach(op, shape, operands[0], Eigh),
        Op.Svd => OfEach(op, shape, operands[0], Svd),
        Op.Expm => OfEach(op, shape, operands[0], (in a, result) => Exponential.Of(a, ((Nesting)attribute!).Depth, result)),
        Op.PolarFactor => PolarFactors.Of(shape, operands[0]),
        Op.Lyapunov => PolarFactors.Lyapunov(shape, operands[0], operands[1]),
        _ => throw new ArgumentOutOfRangeException(nameof(op), op, "not a primitive of linear algebra"),
    };

    private static Storage OfEach(Op op, Shape shape, Storage operand, Kernel kernel)
    {
        var result = Storage.Uninitialized(shape, out var results);
        var matrices = new Matrices(op, operand);
        if (matrices.Size == 0)
        {
            // Of no elements: the determinant is an empty product, its logarithm an empty sum.
            results.Fill(op == Op.Det ? 1 : 0);
            return result;
        }

        var length = results.Length / Math.Max(matrices.Count, 1);
        for (var i = 0; i < matrices.Count; i++)
        {
            if (IsFinite(matrices[i].Elements))
            {
                kernel(matrices[i], results.Slice(i * length, length));
            }
            else
            {
                results.Slice(i * length, length).Fill(double.NaN);
            }
        }

        return result;
    }

    private static Storage Solve(Op op, object? attribute, Shape shape, Storage a, Storage b)
    {
        var result = Storage.Uninitialized(shape, out var solutions);
        if (solutions.IsEmpty)
        {
            return result;
        }

        var matrices = new Matrices(op, a);
        var sides = new Matrices(op, b);
        var batch = new Shape(shape.Lengths[..^2]);
        var factors = new (double[] Elements, int[] Pivots)?[matrices.Count];
        for (var i = 0; i < batch.Size; i++)
        {
            // A matrix with right-hand sides all over the batch is factored once.
            var solution = solutions.Slice(i * sides.Size, sides.Size);
            var own = matrices.Under(batch, i);
            var side = sides[sides.Under(batch, i)];
            if (attribute is not Triangle triangle)
            {
                Substitute(factors[own] ??= Factored(matrices[own], attribute as RootJacobian), side, solution);
            }
            else
            {
                side.Elements.CopyTo(solution);
                Substitute(triangle, matrices[own], solution);
            }
        }

        return result;
    }

    private static (double[] Elements, int[] Pivots) Factored(in Matrix a, RootJacobian? root)
    {
        var (elements, pivots) = (a.Transposed(), new int[a.Rows]);
        if (!IsFinite(elements))
        {
            Array.Fill(elements, double.NaN);
        }

        Provider.LUFactor(elements, a.Rows, pivots);
        return IsSingular(elements, a.Rows) ? throw root?.Singular() ?? Singular(a) : (elements, pivots);
    }

    private static void Substitute((double[] Elements, int[] Pivots) factors, in Matrix side, Span<double> solution)
    {
        var columns = side.Transposed();
        Provider.LUSolveFactored(side.Columns, factors.Elements, side.Rows, factors.Pivots, columns);
        Transpose(columns, side.Columns, side.Rows, solution);
    }

    /// <summary>Solves in place, row by row: every row is a combination of the right-hand side and earlier rows.</summary>
    private static void Substitute(Triangle triangle, in Matrix a, Span<double> x)
    {
        var (n, columns) = (a.Rows, x.Length / a.Rows);
        for (var step = 0; step < n; step++)
        {
            var row = triangle.IsLower ? step : n - 1 - step;
            var own = x.Slice(row * columns, columns);
            var (first, end) = triangle.IsLower ? (0, row) : (row + 1, n);
            for (var other = first; other < end; other++)
            {
                TensorPrimitives.MultiplyAdd(x.Slice(other * columns, columns), -a.Elements[(row * n) + other], own, own);
            }

            if (!triangle.HasUnitDiagonal)
            {
                var pivot = a.Elements[(row * n) + row];
                if (pivot == 0)
                {
                    throw a.Error($"is singular: element {row} of its diagonal is 0, so the system has no unique solution");
                }

                TensorPrimitives.Divide(own, pivot, own);
            }
        }
    }

    private static void Invert(in Matrix a, bool isNaNWhereSingular, Span<double> result)
    {
        var (elements, pivots) = (a.Copy(), new int[a.Rows]);
        Provider.LUFactor(elements, a.Rows, pivots);
        if (!IsSingular(elements, a.Rows))
        {
            Provider.LUInverseFactored(elements, a.Rows, pivots);
            elements.CopyTo(result);
        }
        else if (isNaNWhereSingular)
        {
            result.Fill(double.NaN);
        }
        else
        {
            throw Singular(a);
        }
    }

    private static void LogDet(in Matrix a, Span<double> result)
    {
        var elements = a.Copy();
        Provider.LUFactor(elements, a.Rows, new int[a.Rows]);
        result[0] = 0;
        for (var i = 0; i < a.Rows; i++)
        {
            result[0] += Math.Log(Math.Abs(elements[(i * a.Rows) + i]));
        }
    }

    private static double Determinant(double[] elements, int n)
    {
        var pivots = new int[n];
        Provider.LUFactor(elements, n, pivots);
        var product = 1.0;
        for (var i = 0; i < n; i++)
        {
            product *= pivots[i] == i ? elements[(i * n) + i] : -elements[(i * n) + i];
        }

        return product;
    }

    /// <summary>
    /// det(U) det(V) U C Vᵀ, where C holds for each singular value the product of the others: right at any rank. (G. W.
    /// Stewart, On the adjugate matrix, Linear Algebra and its Applications 283, 1998.)
    /// </summary>
    private static void Cofactors(in Matrix a, Span<double> result)
    {
        var n = a.Rows;
        var (u, s, vt) = Decomposed(a);
        var sign = Determinant((double[])u.Clone(), n) * Determinant((double[])vt.Clone(), n);
        for (var j = 0; j < n; j++)
        {
            var others = sign;
            for (var i = 0; i < n; i++)
            {
                others *= i == j ? 1 : s[i];
            }

            TensorPrimitives.Multiply(u.AsSpan(j * n, n), others, u.AsSpan(j * n, n));
        }

        var product = new double[n * n];
        Provider.MatrixMultiply(u, n, n, vt, n, n, product);
        Transpose(product, n, n, result);
    }

    private static void Cholesky(in Matrix a, Span<double> result)
    {
        var n = a.Rows;
        var elements = a.SymmetricPart();
        try
        {
            Provider.CholeskyFactor(elements, n);
        }
        catch (ArgumentException error)
        {
            throw a.Error("is not positive definite, so it has no Cholesky factor; Eigh takes any symmetric matrix", error);
        }

        Transpose(elements, n, n, result);
        for (var i = 0; i < n; i++)
        {
            result.Slice((i * n) + i + 1, n - 1 - i).Clear();
        }
    }

    private static void Qr(in Matrix a, Span<double> result)
    {
        var (rows, columns) = (a.Rows, a.Columns);
        var (q, r) = Orthogonalized(a.Transposed(), rows, columns);
        for (var j = 0; j < columns; j++)
        {
            if (r[(j * columns) + j] < 0)
            {
                TensorPrimitives.Negate(q.AsSpan(j * rows, rows), q.AsSpan(j * rows, rows));
                for (var i = j; i < columns; i++)
                {
                    r[(i * columns) + j] = -r[(i * columns) + j];
                }
            }
        }

        Transpose(q, columns, rows, result);
        Transpose(r, columns, columns, result[q.Length..]);
    }

    private static void Eigh(in Matrix a, Span<double> result)
    {
        var n = a.Rows;
        var elements = a.SymmetricPart();
        var (vectors, values) = (new double[n * n], new Complex[n]);
        try
        {
            Provider.EigenDecomp(true, n, elements, vectors, values, new double[n * n]);
        }
        catch (NonConvergenceException error)
        {
            throw a.Error("has eigenvalues that the iteration does not find", error);
        }

        for (var i = 0; i < n; i++)
        {
            var row = result.Slice(i * (n + 1), n + 1);
            row[0] = values[i].Real;
            for (var j = 0; j < n; j++)
            {
                row[j + 1] = vectors[(j * n) + i];
            }
        }
    }

    private static void Svd(in Matrix a, Span<double> result)
    {
        var rank = Math.Min(a.Rows, a.Columns);
        var (u, s, vt) = Decomposed(a);
        Transpose(u, rank, a.Rows, result);
        s.CopyTo(result[u.Length..]);
        Transpose(vt, a.Columns, rank, result[(u.Length + rank)..]);
    }

    /// <summary>The reduced singular value decomposition, by columns.</summary>
    private static (double[] U, double[] S, double[] Vt) Decomposed(in Matrix a)
    {
        var (rows, columns) = (a.Rows, a.Columns);
        if (rows < columns)
        {
            var (v, values, ut) = DecomposedTall(a, a.Copy(), columns, rows);
            var (u, vt) = (new double[rows * rows], new double[rows * columns]);
            Transpose(ut, rows, rows, u);
            Transpose(v, rows, columns, vt);
            return (u, values, vt);
        }

        return DecomposedTall(a, a.Transposed(), rows, columns);
    }

    /// <summary>The decomposition of elements by columns, at least as many rows as columns: that of R, turned by Q.</summary>
    private static (double[] U, double[] S, double[] Vt) DecomposedTall(in Matrix a, double[] elements, int rows, int columns)
    {
        var (u, s, vt) = (new double[columns * columns], new double[columns], new double[columns * columns]);
        try
        {
            if (rows == columns)
            {
                Provider.SingularValueDecomposition(true, elements, rows, columns, s, u, vt);
                return (u, s, vt);
            }

            var (q, r) = Orthogonalized(elements, rows, columns);
            Provider.SingularValueDecomposition(true, r, columns, columns, s, u, vt);
            var turned = new double[rows * columns];
            Provider.MatrixMultiply(q, rows, columns, u, columns, columns, turned);
            return (turned, s, vt);
        }
        catch (NonConvergenceException error)
        {
            throw a.Error("has singular values that the iteration does not find", error);
        }
    }

    /// <summary>Q, in the place of the elements, and R, both by columns.</summary>
    private static (double[] Q, double[] R) Orthogonalized(double[] elements, int rows, int columns)
    {
        var r = new double[columns * columns];
        Provider.ThinQRFactor(elements, rows, columns, r, new double[columns]);
        return (elements, r);
    }

    public static void Transpose(ReadOnlySpan<double> elements, int rows, int columns, Span<double> result)
    {
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                result[(j * rows) + i] = elements[(i * columns) + j];
            }
        }
    }

    private static bool IsFinite(ReadOnlySpan<double> elements) => !elements.ContainsAnyExceptInRange(double.MinValue, double.MaxValue);

    private static bool IsSingular(double[] factored, int n)
    {
        for (var i = 0; i < n; i++)
        {
            if (factored[(i * n) + i] == 0)
            {
                return true;
            }
        }

        return false;
    }

    private static AutodiffException Singular(in Matrix a) => a.Error("is singular: elimination comes to a pivot of 0; Svd takes matrices of any rank");
}
