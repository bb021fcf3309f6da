// Along which directions a differential operator differentiates: its terms of one degree as a weighted sum of powers of directional derivatives.

using Autodiff.Functional.Algebra;

namespace Autodiff.Functional;

/// <summary>
/// Directions vᵣ and a matrix of weights with ∂ᵐ = Σᵣ W[r, m] (vᵣ·∂)ᵏ/k! for partial derivatives ∂ᵐ of one degree k. A direction moves in variables of the
/// derivative alone, so what is singular in another variable does no harm.
/// </summary>
/// <param name="Directions">The directions, each of a value for each variable; the variables are numbered as in <see cref="Variables"/>.</param>
/// <param name="Weights">For each derivative the weight of each direction.</param>
/// <param name="Variables">The variables that occur, in ascending order.</param>
internal sealed record DirectionPlan(double[][] Directions, double[][] Weights, int[] Variables)
{
    /// <summary>The plan with the fewest directions for some partial derivatives of one degree, 1 or more.</summary>
    public static DirectionPlan For(IReadOnlyList<MultiIndex> indices)
    {
        int[] variables = [.. indices.SelectMany(index => index.Powers).Select(each => each.Variable).Distinct().Order()];
        int[][] powers = [.. indices.Select(index =>
        {
            var own = new int[variables.Length];
            foreach (var (variable, power) in index.Powers)
            {
                own[Array.BinarySearch(variables, variable)] = power;
            }

            return own;
        })];
        var (polarised, interpolated) = (Merged(powers, Polarised), Merged(powers, Interpolated));
        var (directions, weights) = polarised.Directions.Length <= interpolated.Directions.Length ? polarised : interpolated;
        return new(directions, weights, variables);
    }

    /// <summary>
    /// Directions and weights with Σ wᵣ (vᵣ·ξ)² = ξᵀAξ for a symmetric matrix: as many as its rank. Each step subtracts (As)(As)ᵀ/(sᵀAs), which lowers
    /// the rank by one (J. H. M. Wedderburn, Lectures on Matrices, 1934, chapter V).
    /// </summary>
    public static (double[][] Directions, double[] Weights) OfQuadraticForm(double[,] form)
    {
        var n = form.GetLength(0);
        var a = (double[,])form.Clone();
        var scale = a.Cast<double>().Select(Math.Abs).Append(0).Max();
        var (directions, weights) = (new List<double[]>(), new List<double>());
        while (directions.Count < n)
        {
            // s is a unit vector, or the sum of two where no diagonal element is large.
            var (i, j) = (0, 0);
            double Along(int first, int second) => first == second ? a[first, first] : a[first, first] + (2 * a[first, second]) + a[second, second];
            for (var row = 0; row < n; row++)
            {
                for (var column = row; column < n; column++)
                {
                    // A sum of two must be better by far: unit vectors leave zeros where they are.
                    if (Math.Abs(Along(row, column)) * (row == column ? 4 : 1) > Math.Abs(Along(i, j)) * (i == j ? 4 : 1))
                    {
                        (i, j) = (row, column);
                    }
                }
            }

            var square = Along(i, j);
            if (Math.Abs(square) <= 1e-14 * scale)
            {
                break;
            }

            var image = Enumerable.Range(0, n).Select(row => i == j ? a[row, i] : a[row, i] + a[row, j]).ToArray();
            directions.Add(image);
            weights.Add(1 / square);
            for (var row = 0; row < n; row++)
            {
                for (var column = 0; column < n; column++)
                {
                    a[row, column] -= image[row] * image[column] / square;
                }
            }
        }

        return ([.. directions], [.. weights]);
    }

    /// <summary>The distinct directions of several derivatives, and the weights of each in each derivative.</summary>
    private static (double[][] Directions, double[][] Weights) Merged(int[][] indices, Func<int[], IEnumerable<(int[] Direction, Rational Weight)>> expand)
    {
        var places = new Dictionary<string, int>();
        var directions = new List<int[]>();
        var weights = indices.Select(index =>
        {
            var own = new Dictionary<int, Rational>();
            foreach (var (direction, weight) in expand(index).Select(term => Normalised(term.Direction, term.Weight, index.Sum())))
            {
                var key = string.Join(' ', direction);
                if (!places.TryGetValue(key, out var place))
                {
                    places.Add(key, place = directions.Count);
                    directions.Add(direction);
                }

                own[place] = own.GetValueOrDefault(place, 0) + weight;
            }

            return own;
        }).ToArray();
        int[] used = [.. Enumerable.Range(0, directions.Count).Where(place => weights.Any(own => own.TryGetValue(place, out var weight) && !weight.Numerator.IsZero))];
        return (
            [.. used.Select(place => Array.ConvertAll(directions[place], component => (double)component))],
            [.. weights.Select(own => used.Select(place => own.TryGetValue(place, out var weight) ? (double)weight : 0).ToArray())]);
    }

    /// <summary>
    /// ξᵃ = Σ (−1)^|j| Π C(aᵢ, jᵢ)/2ᵏ ((a − 2j)·ξ)ᵏ/k! over 0 ≤ j ≤ a: polarisation, with a variable as often as its power says.
    /// </summary>
    private static IEnumerable<(int[] Direction, Rational Weight)> Polarised(int[] index)
    {
        var degree = index.Sum();
        foreach (var j in Below(index))
        {
            Rational weight = j.Sum() % 2 == 0 ? 1 : -1;
            for (var i = 0; i < j.Length; i++)
            {
                weight *= Rational.Binomial(index[i], j[i]);
            }

            int[] direction = [.. index.Zip(j, (power, less) => power - (2 * less))];
            if (Array.Exists(direction, component => component != 0))
            {
                yield return (direction, weight / ((Rational)2).Power(degree));
            }
        }
    }

    /// <summary>
    /// ∂ᵃ = Σ γ(a, j) (j·∂)ᵏ/k! over all j of degree k in the variables of a, where γ(a, j) is the sum over 0 &lt; m ≤ a of
    /// (−1)^|a − m| Π C(aᵢ, mᵢ) Π C(k mᵢ/|m|, jᵢ) (|m|/k)ᵏ (A. Griewank, J. Utke and A. Walther, Evaluating higher derivative tensors by forward
    /// propagation of univariate Taylor series, Math. Comp. 69, 2000).
    /// </summary>
    private static IEnumerable<(int[] Direction, Rational Weight)> Interpolated(int[] index)
    {
        var degree = index.Sum();
        foreach (var j in OfDegree(degree, index))
        {
            Rational gamma = 0;
            foreach (var m in Below(index))
            {
                var size = m.Sum();
                if (size > 0)
                {
                    Rational term = (degree - size) % 2 == 0 ? 1 : -1;
                    for (var i = 0; i < m.Length; i++)
                    {
                        term *= Rational.Binomial(index[i], m[i]) * Rational.Binomial((Rational)(degree * m[i]) / size, j[i]);
                    }

                    gamma += term * ((Rational)size / degree).Power(degree);
                }
            }

            yield return (j, gamma);
        }
    }

    /// <summary>All indices j with 0 ≤ jᵢ ≤ aᵢ.</summary>
    private static IEnumerable<int[]> Below(int[] index) => index.Aggregate(
        (IEnumerable<int[]>)[[]], (before, power) => before.SelectMany(start => Enumerable.Range(0, power + 1).Select(next => (int[])[.. start, next])));

    /// <summary>All indices of a degree in the variables that occur in an index.</summary>
    private static IEnumerable<int[]> OfDegree(int degree, int[] index) => index
        .Aggregate((IEnumerable<int[]>)[[]], (before, power) => before.SelectMany(start =>
            Enumerable.Range(0, power == 0 ? 1 : degree - start.Sum() + 1).Select(next => (int[])[.. start, next])))
        .Where(all => all.Sum() == degree);

    /// <summary>The direction without common divisors, and with its first component positive: (g·v·ξ)ᵏ = gᵏ (v·ξ)ᵏ.</summary>
    private static (int[] Direction, Rational Weight) Normalised(int[] direction, Rational weight, int degree)
    {
        var divisor = direction.Aggregate(0, (common, component) => (int)System.Numerics.BigInteger.GreatestCommonDivisor(common, component));
        divisor *= Math.Sign(Array.Find(direction, component => component != 0));
        return (Array.ConvertAll(direction, component => component / divisor), weight * ((Rational)divisor).Power(degree));
    }
}
