// The equation A X + X B = C by Schur forms. (R. H. Bartels and G. W. Stewart, Solution of the matrix equation AX + XB = C, 1972.)

namespace Autodiff.Functional.Numerics;

/// <summary>The matrices A and B of an equation A X + X B = C, in the bases in which they are triangular.</summary>
internal sealed class SylvesterSystem
{
    private readonly SchurForm _left;
    private readonly SchurForm _right;
    private readonly int _rows;
    private readonly int _columns;
    private readonly int _unit;

    private SylvesterSystem(SchurForm left, SchurForm right, int rows, int columns, int unit) =>
        (_left, _right, _rows, _columns, _unit) = (left, right, rows, columns, unit);

    /// <summary>The equation of two matrices; null if the QR algorithm does not reach the Schur form of one.</summary>
    public static SylvesterSystem? Of(in Matrix a, in Matrix b)
    {
        // Both in the unit of the larger one.
        var unit = PowersOfTwo.Unit(Math.Max(PowersOfTwo.Largest(a.Elements), PowersOfTwo.Largest(b.Elements)));
        var (left, right) = (a.Elements.ToArray(), b.Elements.ToArray());
        PowersOfTwo.Scale(left, -unit);
        PowersOfTwo.Scale(right, -unit);
        return SchurForm.Of(left, a.Rows) is { } first && SchurForm.Of(right, b.Rows) is { } second ? new(first, second, a.Rows, b.Rows, unit) : null;
    }

    /// <summary>Solves the equation for a right-hand side; false if A and −B have a common eigenvalue.</summary>
    public bool TrySolve(ReadOnlySpan<double> side, Span<double> solution)
    {
        var unit = PowersOfTwo.Unit(PowersOfTwo.Largest(side));
        var scaled = side.ToArray();
        PowersOfTwo.Scale(scaled, -unit);
        var y = _left.Enter(scaled, _right);
        var (t, s) = (_left.T, _right.T);

        // From the last row up and from the first column on: (tᵢᵢ + sⱼⱼ) yᵢⱼ = cᵢⱼ − Σ tᵢₖ yₖⱼ − Σ yᵢₖ sₖⱼ, with rows below and columns before known.
        for (var i = _rows - 1; i >= 0; i--)
        {
            var row = y.AsSpan(i * _columns, _columns);
            for (var k = i + 1; k < _rows; k++)
            {
                ComplexMatrices.AddMultiple(row, -t[(i * _rows) + k], y.AsSpan(k * _columns, _columns));
            }

            for (var j = 0; j < _columns; j++)
            {
                var sum = t[i * (_rows + 1)] + s[j * (_columns + 1)];
                if (sum == 0)
                {
                    return false;
                }

                row[j] /= sum;
                ComplexMatrices.AddMultiple(row[(j + 1)..], -row[j], s.AsSpan((j * _columns) + j + 1, _columns - j - 1));
            }
        }

        _left.Leave(y, _right, solution);
        PowersOfTwo.Scale(solution, unit - _unit);
        return true;
    }
}
