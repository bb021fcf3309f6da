// Numbers that look random and are the same everywhere.

using Autodiff.Functional;

namespace Programs;

/// <summary>The linear congruential generator of Knuth's MMIX: s ← 6364136223846793005 s + 1442695040888963407 mod 2⁶⁴.</summary>
internal sealed class Chance(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A number from 0 to 1, of the upper 53 bits.</summary>
    public double Uniform()
    {
        _state = unchecked((6364136223846793005 * _state) + 1442695040888963407);
        return (_state >> 11) * Math.ScaleB(1, -53);
    }

    /// <summary>Numbers of mean 0 and deviation 1, by Box and Muller's method.</summary>
    public Expr Normal(int rows, int columns)
    {
        var numbers = new double[rows, columns];
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                numbers[i, j] = Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());
            }
        }

        return numbers;
    }
}
