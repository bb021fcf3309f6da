// Systems of linear equations with matrices of numbers: for each matrix of a batch and its right-hand sides.

namespace Autodiff.Functional.Numerics;

/// <summary>What solves systems of linear equations.</summary>
internal static class SystemKernels
{
    /// <summary>Solves one system.</summary>
    /// <param name="a">The matrix.</param>
    /// <param name="side">The right-hand sides.</param>
    /// <param name="solution">Where the solutions are written.</param>
    /// <param name="system">The factored matrix, if another right-hand side has needed it already; otherwise null.</param>
    public delegate void Kernel(in Matrix a, in Matrix side, Span<double> solution, ref SquareSystem? system);

    /// <summary>Solves the system at each place of a batch, to which matrices and right-hand sides are broadcast.</summary>
    /// <param name="kernel">The operation.</param>
    /// <param name="matrices">The matrices.</param>
    /// <param name="sides">The right-hand sides.</param>
    /// <param name="factors">The matrices factored, as matrices of one row; none if they are to be factored here.</param>
    /// <param name="batch">The lengths of the axes of the batch.</param>
    /// <param name="solutions">Where the solutions are written, one after another.</param>
    public static void ForEach(Kernel kernel, Matrices matrices, Matrices sides, Matrices factors, ReadOnlySpan<int> batch, Span<double> solutions)
    {
        var systems = new SquareSystem?[matrices.Count];
        for (var i = 0; i * sides.Size < solutions.Length; i++)
        {
            // A matrix that is broadcast to several right-hand sides is factored once.
            var own = matrices.Under(batch, i);
            systems[own] ??= factors.Size > 0 ? Unpacked(factors[factors.Under(batch, i)], matrices.Rows) : null;
            kernel(matrices[own], sides[sides.Under(batch, i)], solutions.Slice(i * sides.Size, sides.Size), ref systems[own]);
        }
    }

    /// <summary>Solves by elimination; the solutions of a system with a matrix that is not finite are NaN.</summary>
    public static void Solve(in Matrix a, in Matrix side, Span<double> solution, ref SquareSystem? system)
    {
        if (!a.IsFinite)
        {
            solution.Fill(double.NaN);
            return;
        }

        system ??= new(a.Elements, a.Rows);
        if (system.IsSingular)
        {
            throw a.Singular();
        }

        system.Solve(side.Elements, side.Columns, solution);
    }

    /// <summary>Solves with the lower triangle.</summary>
    public static void SolveLower(in Matrix a, in Matrix side, Span<double> solution, ref SquareSystem? system) => SolveTriangular(a, side, solution, isLower: true, hasUnitDiagonal: false);

    /// <summary>Solves with the upper triangle.</summary>
    public static void SolveUpper(in Matrix a, in Matrix side, Span<double> solution, ref SquareSystem? system) => SolveTriangular(a, side, solution, isLower: false, hasUnitDiagonal: false);

    /// <summary>Solves with the lower triangle, where the diagonal is ones.</summary>
    public static void SolveUnitLower(in Matrix a, in Matrix side, Span<double> solution, ref SquareSystem? system) => SolveTriangular(a, side, solution, isLower: true, hasUnitDiagonal: true);

    /// <summary>Solves with the upper triangle, where the diagonal is ones.</summary>
    public static void SolveUnitUpper(in Matrix a, in Matrix side, Span<double> solution, ref SquareSystem? system) => SolveTriangular(a, side, solution, isLower: false, hasUnitDiagonal: true);

    /// <summary>The X with A X + X B = C at each place of a batch: an error where A and −B have a common eigenvalue.</summary>
    public static void Sylvester(Matrices left, Matrices right, Matrices sides, ReadOnlySpan<int> batch, Span<double> solutions) =>
        Sylvester(left, right, sides, batch, solutions, isNaNWhereSingular: false);

    /// <summary>The same with NaN where A and −B have a common eigenvalue.</summary>
    public static void SylvesterOrNaN(Matrices left, Matrices right, Matrices sides, ReadOnlySpan<int> batch, Span<double> solutions) =>
        Sylvester(left, right, sides, batch, solutions, isNaNWhereSingular: true);

    private static void Sylvester(Matrices left, Matrices right, Matrices sides, ReadOnlySpan<int> batch, Span<double> solutions, bool isNaNWhereSingular)
    {
        var systems = new Dictionary<(int Left, int Right), SylvesterSystem?>();
        for (var i = 0; i * sides.Size < solutions.Length; i++)
        {
            var (a, b) = (left.Under(batch, i), right.Under(batch, i));
            var c = sides[sides.Under(batch, i)];
            var solution = solutions.Slice(i * sides.Size, sides.Size);
            if (!left[a].IsFinite || !right[b].IsFinite || !c.IsFinite)
            {
                solution.Fill(double.NaN);
                continue;
            }

            if (!systems.TryGetValue((a, b), out var system))
            {
                system = systems[(a, b)] = SylvesterSystem.Of(left[a], right[b]);
            }

            if (system is null)
            {
                throw left[a].Error("has a Schur form that the QR algorithm does not reach, or the second matrix has");
            }

            if (!system.TrySolve(c.Elements, solution))
            {
                solution.Fill(isNaNWhereSingular ? double.NaN : throw left[a].Error("has an eigenvalue that is the negative of one of the second matrix, so the equation has no unique solution"));
            }
        }
    }

    /// <summary>The x of least norm among those that make the norm of A x − b least, at each place of a batch.</summary>
    public static void LeastSquares(Matrices matrices, Matrices sides, ReadOnlySpan<int> batch, Span<double> solutions)
    {
        var (rows, columns, count) = (matrices.Rows, matrices.Columns, sides.Columns);
        var rank = Math.Min(rows, columns);
        var decomposed = new double[matrices.Count][];
        for (var i = 0; i * columns * count < solutions.Length; i++)
        {
            var own = matrices.Under(batch, i);
            var side = sides[sides.Under(batch, i)];
            var solution = solutions.Slice(i * columns * count, columns * count);
            if (!matrices[own].IsFinite)
            {
                solution.Fill(double.NaN);
                continue;
            }

            if (decomposed[own] is null)
            {
                decomposed[own] = new double[rank * (rows + 1 + columns)];
                MatrixKernels.Svd(matrices[own], decomposed[own]);
            }

            ReadOnlySpan<double> factors = decomposed[own];
            var u = factors[..(rows * rank)];
            var values = factors.Slice(rows * rank, rank);
            var vt = factors[((rows + 1) * rank)..];
            solution.Clear();
            for (var k = 0; k < rank && !MatrixKernels.IsRounding(values[k], values[0], rows, columns); k++)
            {
                var part = new double[count];
                for (var row = 0; row < rows; row++)
                {
                    RowOperations.AddMultiple(part, u[(row * rank) + k], side.Elements.Slice(row * count, count));
                }

                RowOperations.Divide(part, values[k], part);
                for (var column = 0; column < columns; column++)
                {
                    RowOperations.AddMultiple(solution.Slice(column * count, count), vt[(k * columns) + column], part);
                }
            }
        }
    }

    /// <summary>Solves systems with banded matrices, given by their diagonals, at each place of a batch.</summary>
    public static void Banded(int lower, int upper, bool isTransposed, Matrices bands, Matrices sides, ReadOnlySpan<int> batch, Span<double> solutions)
    {
        var systems = new BandedSystem?[bands.Count];
        for (var i = 0; i * sides.Size < solutions.Length; i++)
        {
            var own = bands.Under(batch, i);
            var solution = solutions.Slice(i * sides.Size, sides.Size);
            var system = systems[own] ??= new(bands[own], lower, upper, isTransposed);
            if (!system.IsFinite)
            {
                solution.Fill(double.NaN);
                continue;
            }

            if (system.IsSingular)
            {
                throw bands[own].Error("holds the diagonals of a singular matrix: elimination comes to a pivot of 0");
            }

            system.Solve(sides[sides.Under(batch, i)].Elements, sides.Columns, solution);
        }
    }

    /// <summary>
    /// The antisymmetric X with H X + X H = B − Bᵀ for symmetric H = V diag(λ) Vᵀ, at each place of a batch: in the basis V, the right-hand side
    /// divided by λᵢ + λⱼ off the diagonal.
    /// </summary>
    public static void Lyapunov(Matrices matrices, Matrices sides, ReadOnlySpan<int> batch, Span<double> solutions)
    {
        var bases = EigenBasis.Of(matrices);
        var (n, size) = (sides.Rows, sides.Size);
        var inside = new double[size];
        for (var i = 0; i * size < solutions.Length; i++)
        {
            var basis = bases[matrices.Under(batch, i)];
            basis.Enter(sides.Elements(sides.Under(batch, i)), inside);
            for (var row = 0; row < n; row++)
            {
                for (var column = 0; column <= row; column++)
                {
                    var (below, above) = ((row * n) + column, (column * n) + row);
                    var solved = row == column ? 0 : (inside[below] - inside[above]) / (basis.Values[row] + basis.Values[column]);
                    (inside[below], inside[above]) = (solved, -solved);
                }
            }

            basis.Leave(inside, -1, solutions.Slice(i * size, size));
        }
    }

    /// <summary>A factored matrix of n rows that has been packed into a row; null if its elements are not all finite.</summary>
    private static SquareSystem? Unpacked(in Matrix row, int n) => double.IsNaN(row.Elements[0]) ? null : SquareSystem.Unpacked(row.Elements, n);

    /// <summary>Solves one system; in equilibrated units if products of elements might overflow or underflow.</summary>
    private static void SolveTriangular(in Matrix a, in Matrix side, Span<double> solution, bool isLower, bool hasUnitDiagonal)
    {
        var n = a.Rows;
        var read = a.Elements.ToArray();
        for (var i = 0; i < read.Length; i++)
        {
            var below = (i / n) - (i % n);
            read[i] = below == 0 ? hasUnitDiagonal ? 1 : read[i] : below > 0 == isLower ? read[i] : 0;
            if (below == 0 && read[i] == 0)
            {
                throw a.Error($"is singular: element {i / n} of its diagonal is 0, so the system has no unique solution");
            }
        }

        if (PowersOfTwo.Unit(PowersOfTwo.Range(read)) == 0 && PowersOfTwo.Unit(PowersOfTwo.Range(side.Elements)) == 0)
        {
            side.Elements.CopyTo(solution);
            Substitute(read, n, solution, isLower);
            return;
        }

        // In these units no element off the diagonal is larger than those on it, because the matching of rows with columns in a nonsingular
        // triangular matrix can only be the diagonal.
        var units = Equilibration.Of(read, n);
        var columns = units.TakeSides(side.Elements, side.Columns, solution);
        Substitute(units.Scaled(read), n, solution, isLower);
        units.ReturnSolutions(solution, columns);
    }

    /// <summary>Solves in place, row by row: every row of the solution is a combination of the right-hand side and of rows found before.</summary>
    private static void Substitute(double[] a, int n, Span<double> x, bool isLower)
    {
        var columns = x.Length / n;
        for (var step = 0; step < n; step++)
        {
            var row = isLower ? step : n - 1 - step;
            var own = x.Slice(row * columns, columns);
            var (first, end) = isLower ? (0, row) : (row + 1, n);
            for (var other = first; other < end; other++)
            {
                RowOperations.AddMultiple(own, -a[(row * n) + other], x.Slice(other * columns, columns));
            }

            RowOperations.Divide(own, a[(row * n) + row], own);
        }
    }
}
