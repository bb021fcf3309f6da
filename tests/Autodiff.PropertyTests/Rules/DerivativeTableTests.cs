// Derivatives of orders 0 to 6 over the whole range of doubles, against derivatives.csv, which make_derivatives.py beside it computes with
// thousands of digits. They test the relative precision of every order near the zeros of odd functions, in the tails, and up to overflow and
// underflow.

using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Rules;

public class DerivativeTableTests
{
    // Reverse mode of reverse mode takes time exponential in the order.
    private const int OrdersInReverse = 3;

    /// <summary>The relative error that a derivative may have if each intermediate value has an error of a few units in the last place.</summary>
    private const double Tolerance = 2e-14;

    private static readonly Dictionary<string, Func<Expr, Expr>> Others = new()
    {
        ["Reciprocal"] = x => 1 / x,
        ["HypotOne"] = x => Hypot(x, 1),
        ["Atan2One"] = x => Atan2(1, x),
        ["PowHalf"] = x => Pow(x, 2.5),
        ["PowThird"] = x => Pow(x, -3),
    };

    private static readonly ILookup<string, Row> Table = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Rules", "derivatives.csv"))
        .Skip(1)
        .Select(line => line.Split(','))
        .ToLookup(fields => fields[0], fields => new Row(Number(fields[1]), Array.ConvertAll(fields[2..], Number)));

    public static TheoryData<string> Names => [.. Table.Select(rows => rows.Key)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Derivatives_of_numbers_keep_their_relative_precision(string name)
    {
        var f = FunctionOf(name);
        foreach (var row in Table[name])
        {
            var reverse = f;
            for (var order = 0; order <= OrdersOf(name); order++)
            {
                AssertClose(name, row, order, "forward", Diff(f, order)(row.X).Value);
                if (order <= OrdersInReverse)
                {
                    AssertClose(name, row, order, "reverse", reverse(row.X).Value);
                    reverse = Grad(reverse);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Derivatives_of_vectors_keep_their_relative_precision(string name)
    {
        Row[] rows = [.. Table[name]];
        Expr at = Array.ConvertAll(rows, row => row.X);
        var f = FunctionOf(name);
        for (var order = 0; order <= OrdersInReverse; order++)
        {
            var found = f(at).ToArray();
            for (var i = 0; i < rows.Length; i++)
            {
                AssertClose(name, rows[i], order, "reverse, in a vector", found[i]);
            }

            var lower = f;
            f = x => Grad(v => Sum(lower(v)))(x);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Compiled_derivatives_keep_their_relative_precision(string name)
    {
        for (var order = 0; order <= OrdersInReverse; order++)
        {
            var derivative = Diff(FunctionOf(name), order);
            var (one, many) = (CompileScalar(derivative), Compile(Vmap(derivative)));
            Row[] rows = [.. Table[name]];
            var found = many((Expr)Array.ConvertAll(rows, row => row.X)).ToArray();
            for (var i = 0; i < rows.Length; i++)
            {
                AssertClose(name, rows[i], order, "compiled", one(rows[i].X));
                AssertClose(name, rows[i], order, "compiled, in a batch", found[i]);
            }
        }
    }

    // The derivatives of LogNormalCdf from order 5 on have zeros near 0, and a larger error, which their implementation states.
    private static int OrdersOf(string name) => name == "LogNormalCdf" ? 4 : 6;

    /// <summary>At c·x instead of x, the derivatives of a length are multiplied by c⁰, c⁻¹, …, and those of an angle by c⁻¹, c⁻², ….</summary>
    [Property(MaxTest = 100)]
    public Property Derivatives_of_lengths_and_angles_do_not_depend_on_the_unit_of_measure() => Prop.ForAll(
        (from x in Gen.Choose(-1_000_000, 1_000_000).Where(x => x != 0).Two() from power in Gen.Elements(-900, -500, 500, 900, 1003) select (x, power)).ToArbitrary(),
        sample =>
        {
            Expr x = new[] { sample.x.Item1 / 1e3, sample.x.Item2 / 1e3 };
            foreach (var (f, dimension) in new (Func<Expr, Expr>, int)[] { (v => Hypot(v[0], v[1]), 1), (v => Norm(v), 1), (v => Atan2(v[0], v[1]), 0) })
            {
                AssertScaled(Grad(f), sample.power, dimension - 1, 1e-15);
                if (Math.Abs(sample.power) <= 500)
                {
                    AssertScaled(Hessian(f), sample.power, dimension - 2, 1e-14);
                }
            }

            void AssertScaled(Func<Expr, Expr> derivative, int power, int dimension, double tolerance)
            {
                var (expected, found) = (derivative(x).ToArray(), derivative(x * Math.ScaleB(1, power)).ToArray());
                var size = expected.Max(Math.Abs);
                Assert.All(expected.Zip(found), pair => Assert.Equal(pair.Item1, Math.ScaleB(pair.Item2, -dimension * power), tolerance * size));
            }
        });

    [Fact]
    public void The_direction_of_a_vector_whose_length_overflows_is_known()
    {
        Expr x = new double[,] { { 1.5e308, 1.5e308 }, { 3, 4 }, { 1e308, double.PositiveInfinity } };
        double[] directions = [Math.Sqrt(0.5), Math.Sqrt(0.5), 0.6, 0.8, 0, 1];
        Assert.All(Grad(v => Sum(Norm(v, 1)))(x).ToArray().Zip(directions), pair => Assert.Equal(pair.Item2, pair.Item1, 1e-15));
        Assert.All(JacobianForward(v => Norm(v))(x[0]).ToArray(), slope => Assert.Equal(Math.Sqrt(0.5), slope, 1e-15));
    }

    private static Func<Expr, Expr> FunctionOf(string name) =>
        Others.TryGetValue(name, out var f) ? f : typeof(Expr).GetMethod(name, [typeof(Expr)])!.CreateDelegate<Func<Expr, Expr>>();

    private static void AssertClose(string name, Row row, int order, string mode, double found)
    {
        var expected = row.Derivatives[order];

        // The effect of a rounding error of the argument is allowed too, since near a zero of the derivative no more precision is possible. A number
        // that nearly underflows may come out as any tiny one.
        var allowed = Math.Max(1e-299, Tolerance * (Math.Abs(expected) + Math.Abs(row.X * row.Derivatives[order + 1])));
        Assert.True(
            double.IsInfinity(expected) ? found == expected : Math.Abs(found - expected) <= allowed,
            $"Order {order} of {name} at {row.X:R}, {mode}, is {found:R}, but the table has {expected:R}; {allowed:G3} is allowed.");
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private sealed record Row(double X, double[] Derivatives);
}
