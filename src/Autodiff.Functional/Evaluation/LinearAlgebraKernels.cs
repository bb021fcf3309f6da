// Linear algebra on numbers, one matrix of a batch after another. Whatever unit a matrix is in, its decomposition is that of the matrix
// in a unit of everyday size: powers of two take it there and back, often one for each row and column, without a rounding. A matrix
// that holds a NaN or an infinity gives NaN throughout.

using System.Numerics.Tensors;

namespace Autodiff.Functional.Evaluation;

internal static class LinearAlgebraKernels
{
    /// <summary>What a primitive does with one matrix.</summary>
    private delegate void Kernel(in Matrix a, Span<double> result);

    public static Storage Evaluate(Op op, object? attribute, Shape shape, ReadOnlySpan<Storage> operands) => op switch
    {
        Op.Solve or Op.SolveTriangular => Solve(op, attribute, shape, operands[0], operands[1]),
        Op.Inverse => OfEach(op, shape, operands[0], (in a, result) => Invert(a, ((Inversion)attribute!).IsNaNWhereSingular, result)),
        Op.Det => OfEach(op, shape, operands[0], (in a, result) => result[0] = new SquareSystem(a.Elements, a.Rows).Determinant.Value),
        Op.LogDet => OfEach(op, shape, operands[0], (in a, result) => result[0] = new SquareSystem(a.Elements, a.Rows).Determinant.LogMagnitude),
        Op.Cofactors => OfEach(op, shape, operands[0], Cofactors.Of),
        Op.Cholesky => OfEach(op, shape, operands[0], Cholesky),
        Op.Qr => OfEach(op, shape, operands[0], Qr),
        Op.Eigh => OfEach(op, shape, operands[0], Eigh),
        Op.Svd => OfEach(op, shape, operands[0], Svd),
        Op.Expm => OfEach(op, shape, operands[0], Exponential.Of),
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
        var systems = new SquareSystem?[matrices.Count];
        for (var i = 0; i < batch.Size; i++)
        {
            // A matrix with right-hand sides all over the batch is factored once.
            var solution = solutions.Slice(i * sides.Size, sides.Size);
            var own = matrices.Under(batch, i);
            var side = sides[sides.Under(batch, i)];
            if (attribute is Triangle triangle)
            {
                SolveTriangular(triangle, matrices[own], side, solution);
            }
            else if (IsFinite(matrices[own].Elements))
            {
                (systems[own] ??= Factored(matrices[own], attribute as RootJacobian)).Solve(side.Elements, side.Columns, solution);
            }
            else
            {
                solution.Fill(double.NaN);
            }
        }

        return result;
    }

    private static SquareSystem Factored(in Matrix a, RootJacobian? root)
    {
        var system = new SquareSystem(a.Elements, a.Rows);
        return system.IsSingular ? throw root?.Singular() ?? Singular(a) : system;
    }

    /// <summary>In units of its own where products of elements might leave the range.</summary>
    private static void SolveTriangular(Triangle triangle, in Matrix a, in Matrix side, Span<double> solution)
    {
        var n = a.Rows;
        var read = a.Copy();
        for (var i = 0; i < read.Length; i++)
        {
            var below = (i / n) - (i % n);
            read[i] = below == 0 ? triangle.HasUnitDiagonal ? 1 : read[i] : below > 0 == triangle.IsLower ? read[i] : 0;
            if (below == 0 && read[i] == 0)
            {
                throw a.Error($"is singular: element {i / n} of its diagonal is 0, so the system has no unique solution");
            }
        }

        if (PowersOfTwo.Unit(PowersOfTwo.Range(read)) == 0 && PowersOfTwo.Unit(PowersOfTwo.Range(side.Elements)) == 0)
        {
            side.Elements.CopyTo(solution);
            Substitute(triangle, read, n, solution);
            return;
        }

        // All elements off the diagonal become no larger than those on it, which are all there is to match rows and columns with.
        var units = Equilibration.Of(read, n);
        var columns = units.TakeSides(side.Elements, side.Columns, solution);
        Substitute(triangle, units.Scaled(read), n, solution);
        units.ReturnSolutions(solution, columns);
    }

    /// <summary>Solves in place, row by row: every row is a combination of the right-hand side and earlier rows.</summary>
    private static void Substitute(Triangle triangle, double[] a, int n, Span<double> x)
    {
        var columns = x.Length / n;
        for (var step = 0; step < n; step++)
        {
            var row = triangle.IsLower ? step : n - 1 - step;
            var own = x.Slice(row * columns, columns);
            var (first, end) = triangle.IsLower ? (0, row) : (row + 1, n);
            for (var other = first; other < end; other++)
            {
                RowOperations.AddMultiple(own, -a[(row * n) + other], x.Slice(other * columns, columns));
            }

            TensorPrimitives.Divide(own, a[(row * n) + row], own);
        }
    }

    private static void Invert(in Matrix a, bool isNaNWhereSingular, Span<double> result)
    {
        var system = new SquareSystem(a.Elements, a.Rows);
        if (!system.IsSingular)
        {
            system.Invert(result);
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

    /// <summary>In units that bring the diagonal to everyday size, if it is not.</summary>
    private static void Cholesky(in Matrix a, Span<double> result)
    {
        var n = a.Rows;
        a.SymmetricPart().CopyTo(result);
        var units = new int[n];
        for (var i = 0; i < n; i++)
        {
            units[i] = PowersOfTwo.Unit(PowersOfTwo.Exponent(result[i * (n + 1)])) / 2;
        }

        for (var i = 0; i < n; i++)
        {
            var row = result.Slice(i * n, n);
            row[(i + 1)..].Clear();
            for (var j = 0; j <= i; j++)
            {
                row[j] = Math.ScaleB(row[j], -units[i] - units[j]);
                var rest = row[j] - RowOperations.Dot(row[..j], result.Slice(j * n, j));
                if (i == j && !(rest > 0))
                {
                    throw a.Error("is not positive definite, so it has no Cholesky factor; Eigh takes any symmetric matrix");
                }

                row[j] = i == j ? Math.Sqrt(rest) : rest / result[j * (n + 1)];
            }
        }

        for (var i = 0; i < n; i++)
        {
            PowersOfTwo.Scale(result.Slice(i * n, i + 1), units[i]);
        }
    }

    private static void Qr(in Matrix a, Span<double> result)
    {
        var (rows, columns) = (a.Rows, a.Columns);
        var factored = new Reflections(a.Transposed(), rows, columns);
        var q = new double[rows * columns];
        var r = result[q.Length..];
        r.Clear();
        for (var k = 0; k < columns; k++)
        {
            var sign = factored.R(k, k) < 0 ? -1 : 1;
            q[k * (rows + 1)] = sign;
            factored.Turn(q.AsSpan(k * rows, rows));
            for (var j = k; j < columns; j++)
            {
                r[(k * columns) + j] = sign * Math.ScaleB(factored.R(k, j), factored.Units[j]);
            }
        }

        Transpose(q, columns, rows, result);
    }

    private static void Eigh(in Matrix a, Span<double> result)
    {
        var n = a.Rows;
        var system = new SymmetricEigen(a.SymmetricPart(), n);
        for (var i = 0; i < n; i++)
        {
            result[i * (n + 1)] = system.Values[i];
            for (var j = 0; j < n; j++)
            {
                result[(j * (n + 1)) + i + 1] = system.Vector(i)[j];
            }
        }
    }

    private static void Svd(in Matrix a, Span<double> result)
    {
        var rank = Math.Min(a.Rows, a.Columns);
        var isTall = a.Rows >= a.Columns;
        var decomposed = isTall ? new JacobiSvd(a.Transposed(), a.Rows, a.Columns) : new JacobiSvd(a.Copy(), a.Columns, a.Rows);
        var (u, v) = isTall ? (decomposed.U, decomposed.V) : (decomposed.V, decomposed.U);
        Transpose(u, rank, a.Rows, result);
        decomposed.S.CopyTo(result[u.Length..]);
        v.CopyTo(result[(u.Length + rank)..]);
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

    private static AutodiffException Singular(in Matrix a) => a.Error("is singular: elimination comes to a pivot of 0; Svd takes matrices of any rank");
}
