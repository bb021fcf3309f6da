// Derivatives of functions of plain numbers against those of AD, in any number of passes, and their errors.

using System.Numerics;
using FsCheck.Xunit;

namespace Autodiff.PropertyTests.GenericMath;

public class ForwardTests
{
    public static TheoryData<int> Sizes => [0, 1, 2, 15, 16, 17, 32, 40];

    // Products of neighbours and a function of the sum: every derivative of order two may be other than 0.
    private static T Mixed<T>(ReadOnlySpan<T> x)
        where T : IFloatingPointIeee754<T>
    {
        var (sum, products) = (T.One, T.Zero);
        for (var i = 0; i < x.Length; i++)
        {
            sum += x[i] * x[i];
            products += T.Sin(x[i] * x[(i + 1) % x.Length]);
        }

        return products * T.Log(sum);
    }

    private static void Running<T>(ReadOnlySpan<T> x, Span<T> y)
        where T : IFloatingPointIeee754<T>
    {
        for (var row = 0; row < y.Length; row++)
        {
            y[row] = T.Exp(-T.CreateChecked(row)) * Mixed(x[..Math.Min(row, x.Length)]);
        }
    }

    private static Expr Mixed(Expr x) => Mixed<Expr>([.. Enumerable.Range(0, x.Shape[0]).Select(i => x[i])]);

    private static double[] Point(int n) => [.. Enumerable.Range(0, n).Select(i => Math.Cos(3 * i) + 0.1)];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_gradient_is_that_of_reverse_mode_in_any_number_of_passes(int n)
    {
        var x = Point(n);
        var gradient = new double[n];
        var value = Forward.Grad<double>(Mixed, x, gradient);
        Assert.Equal(Mixed<double>(x), value);
        Assert.Equal(gradient, Forward.Grad(jets => Mixed<Jet<double>>(jets))(x));
        var (sameValue, same) = Forward.ValueAndGrad(jets => Mixed<Jet<double>>(jets))(x);
        Assert.Equal(value, sameValue);
        Assert.Equal(gradient, same);
        if (n > 0)
        {
            Near(AD.Grad(Mixed)(x).ToArray(), gradient);
        }

        // Over other numbers: floats agree to their precision, and dual numbers with their own primals.
        var single = Forward.Grad<float>(jets => Mixed<Jet<float>>(jets))([.. x.Select(number => (float)number)]);
        Assert.All(gradient.Zip(single), pair => Assert.Equal(pair.Item1, pair.Item2, 1e-4 * (1 + Math.Abs(pair.Item1))));
        Near(gradient, [.. Forward.Grad<Dual<double>>(jets => Mixed<Jet<Dual<double>>>(jets))([.. x.Select(Dual<double>.Variable)]).Select(dual => dual.Primal)]);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_Jacobian_is_that_of_AD(int n)
    {
        const int Rows = 5;
        var x = Point(n);
        var (results, jacobian) = (new double[Rows], new double[Rows * n]);
        Forward.Jacobian<double>(Running, x, results, jacobian);
        var plain = new double[Rows];
        Running<double>(x, plain);
        Assert.Equal(plain, results);
        var matrix = Forward.Jacobian(OfArrays)(x);
        Assert.Equal((Rows, n), (matrix.GetLength(0), matrix.GetLength(1)));
        Assert.Equal(jacobian, matrix.Cast<double>());
        if (n > 0)
        {
            Near(AD.Jacobian(OfTensors)(x).ToArray(), jacobian);
        }

        static Jet<double>[] OfArrays(Jet<double>[] jets)
        {
            var y = new Jet<double>[Rows];
            Running<Jet<double>>(jets, y);
            return y;
        }

        static Expr OfTensors(Expr tensor)
        {
            var y = new Expr[Rows];
            Running<Expr>([.. Enumerable.Range(0, tensor.Shape[0]).Select(i => tensor[i])], y);
            return Expr.Stack(y);
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_Hessian_is_that_of_AD_and_symmetric(int n)
    {
        var x = Point(n);
        var matrix = Forward.Hessian(jets => Mixed<Jet<Dual<double>>>(jets))(x);
        Assert.Equal((n, n), (matrix.GetLength(0), matrix.GetLength(1)));
        if (n > 0)
        {
            var flat = new double[n * n];
            Assert.Equal(Mixed<double>(x), Forward.Hessian<double>(Mixed, x, flat));
            Assert.Equal(flat, matrix.Cast<double>());
            Near(AD.Hessian(Mixed)(x).ToArray(), flat);
            Assert.All(Enumerable.Range(0, n * n), i => Assert.Equal(flat[i], flat[(i % n * n) + (i / n)]));
        }
    }

    [Property]
    public void Functions_of_a_few_numbers_have_the_gradients_of_AD(sbyte a, sbyte b, sbyte c, sbyte d)
    {
        var (x, y, z, w) = (a / 50.0, b / 50.0, c / 50.0, d / 50.0);
        static T Of<T>(T x, T y, T z, T w)
            where T : IFloatingPointIeee754<T> => T.Sin(x * y) + (T.Exp(z) * w) + T.Hypot(x, T.One + (w * w));
        var two = Forward.Grad((s, t) => Of<Jet<double>>(s, t, z, w))(x, y);
        var three = Forward.Grad((s, t, u) => Of<Jet<double>>(s, t, u, w))(x, y, z);
        var four = Forward.Grad(Of)(x, y, z, w);
        var (byX, byY, byZ, byW) = AD.Grad(Of)(x, y, z, w);
        Near([byX.Value, byY.Value, byZ.Value, byW.Value], [four.Item1, four.Item2, four.Item3, four.Item4]);
        Near([four.Item1, four.Item2, four.Item3], [three.Item1, three.Item2, three.Item3]);
        Near([four.Item1, four.Item2], [two.Item1, two.Item2]);
        Assert.Equal((Math.Sin(x), Math.Cos(x)), Forward.ValueAndDiff(Dual<double>.Sin)(x));
        Assert.Equal(MathF.Cos((float)x), Forward.Diff<float>(Dual<float>.Sin)((float)x));
    }

    [Property]
    public void Derivatives_add_and_multiply_as_they_must(sbyte at, sbyte factor)
    {
        var (x, c) = (at / 40.0, factor / 40.0);
        Func<Dual<double>, Dual<double>> f = Dual<double>.Sin;
        Func<Dual<double>, Dual<double>> g = t => Dual<double>.Exp(t) / (1 + (t * t));
        Near([(c * Forward.Diff(f)(x)) + Forward.Diff(g)(x)], [Forward.Diff(t => (c * f(t)) + g(t))(x)]);
        Near([(Forward.Diff(f)(x) * g(x).Primal) + (f(x).Primal * Forward.Diff(g)(x))], [Forward.Diff(t => f(t) * g(t))(x)]);
        Near([Forward.Diff(f)(g(x).Primal) * Forward.Diff(g)(x)], [Forward.Diff(t => f(g(t)))(x)]);
    }

    [Fact]
    public void A_derivative_of_a_derivative_keeps_the_two_apart_by_their_types()
    {
        // d/dx x · d/dy (x + y) = 1, where numbers that mix up their tangents give 2 (Siskind and Pearlmutter, 2005).
        Assert.Equal(1, Forward.Diff(x => x * Forward.Diff<Dual<double>>(y => x + y)(1.0))(1));
    }

    [Fact]
    public void A_Hessian_of_one_argument_is_structurally_zero_beside_an_infinite_slope()
    {
        var hessian = Forward.Hessian(x => (x[0] * x[0]) + Jet<Dual<double>>.Sqrt(x[1]))([3, 0]);
        Assert.Equal([2, 0, 0, double.NegativeInfinity], hessian.Cast<double>());
    }

    [Fact]
    public void Memory_of_the_caller_is_all_that_is_used()
    {
        Func<ReadOnlySpan<Jet<double>>, Jet<double>> f = Mixed;
        Func<ReadOnlySpan<Jet<Dual<double>>>, Jet<Dual<double>>> second = Mixed;
        Action<ReadOnlySpan<Jet<double>>, Span<Jet<double>>> map = Running;
        var x = Point(20);
        var (gradient, results, jacobian, hessian) = (new double[20], new double[3], new double[60], new double[400]);
        void All()
        {
            Forward.Grad(f, x, gradient);
            Forward.Jacobian(map, x, results, jacobian);
            Forward.Hessian(second, x, hessian);
        }

        All();
        var before = GC.GetAllocatedBytesForCurrentThread();
        All();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_function_that_throws_leaves_the_next_call_as_it_was()
    {
        var gradient = new double[2];
        Assert.Throws<InvalidOperationException>(() => Forward.Grad<double>(_ => throw new InvalidOperationException(), new double[] { 1, 2 }, gradient));
        Forward.Grad<double>(jets => jets[0] * jets[1], [3, 4], gradient);
        Assert.Equal([4, 3], gradient);
    }

    [Fact]
    public void Errors_name_the_operation_and_what_would_work()
    {
        Says<AutodiffException>("Diff: the function is null", () => Forward.Diff(null!));
        Says<AutodiffException>("Diff: the function is null", () => Forward.Diff<float>(null!));
        Says<AutodiffException>("ValueAndDiff: the function is null", () => Forward.ValueAndDiff(null!));
        Says<AutodiffException>("Grad: the function is null", () => Forward.Grad((Func<Jet<double>[], Jet<double>>)null!));
        Says<AutodiffException>("Grad: the function is null", () => Forward.Grad((Func<Jet<double>, Jet<double>, Jet<double>>)null!));
        Says<AutodiffException>("Grad: the function is null", () => Forward.Grad((Func<Jet<double>, Jet<double>, Jet<double>, Jet<double>>)null!));
        Says<AutodiffException>("Grad: the function is null", () => Forward.Grad((Func<Jet<double>, Jet<double>, Jet<double>, Jet<double>, Jet<double>>)null!));
        Says<AutodiffException>("ValueAndGrad: the function is null", () => Forward.ValueAndGrad(null!));
        Says<AutodiffException>("Jacobian: the function is null", () => Forward.Jacobian(null!));
        Says<AutodiffException>("Hessian: the function is null", () => Forward.Hessian(null!));
        Says<AutodiffException>("Grad: the function is null", () => Forward.Grad<double>(null!, [], []));
        Says<AutodiffException>("Jacobian: the function is null", () => Forward.Jacobian<double>(null!, [], [], []));
        Says<AutodiffException>("Hessian: the function is null", () => Forward.Hessian<double>(null!, [], []));
        Says<AutodiffException>("Grad: the argument is null", () => Forward.Grad(x => x[0])(null!));
        Says<AutodiffException>("ValueAndGrad: the argument is null", () => Forward.ValueAndGrad(x => x[0])(null!));
        Says<AutodiffException>("Jacobian: the argument is null", () => Forward.Jacobian(x => x)(null!));
        Says<AutodiffException>("Jacobian: the result of the function is null", () => Forward.Jacobian(_ => null!)([1]));
        Says<AutodiffException>("Hessian: the argument is null", () => Forward.Hessian(x => x[0])(null!));
        Says<ShapeException>("Grad: the gradient has 2 numbers, but there is room for 3", () => Forward.Grad<double>(x => x[0], [1, 2], new double[3]));
        Says<ShapeException>("Jacobian: the Jacobian has 6 numbers, but there is room for 5", () => Forward.Jacobian<double>((_, _) => { }, [1, 2], new double[3], new double[5]));
        Says<ShapeException>("Hessian: the Hessian has 4 numbers, but there is room for 2", () => Forward.Hessian<double>(x => x[0], [1, 2], new double[2]));
        Says<ShapeException>("Hessian: the point has no numbers", () => Forward.Hessian<double>(_ => default, [], []));
        var calls = 0;
        Says<ShapeException>("1 results for the first 16 derivatives and 2 for later ones", () => Forward.Jacobian(x => x[..++calls])(new double[20]));
        static void Says<TException>(string part, Action act)
            where TException : Exception => Assert.Contains(part, Assert.Throws<TException>(act).Message, StringComparison.Ordinal);
    }

    private static void Near(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-12 * (1 + Math.Abs(expected[i])));
        }
    }
}
