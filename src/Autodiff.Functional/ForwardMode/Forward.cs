// Derivatives of functions of plain numbers, by running them on dual numbers and jets.

using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Autodiff.Functional;

/// <summary>
/// Derivatives of functions of plain numbers, in forward mode: the function is written for <see cref="Dual{T}"/> or <see cref="Jet{T}"/>, or for any
/// number type of .NET's generic math, and its derivatives are computed along with its value. No graph is built.
/// </summary>
/// <remarks>
/// The cost of a derivative by n numbers is that of about n/16 runs on jets, however long the function is; there is no reverse mode here. For functions of many
/// numbers or of tensors, use <see cref="AD"/>. A function must not use numbers with tangents of the same type from outside: their tangents
/// would be taken for its own.
/// </remarks>
public static class Forward
{
    /// <summary>x ↦ f′(x), in one pass.</summary>
    /// <param name="f">A function of one number.</param>
    /// <exception cref="AutodiffException">The function is null.</exception>
    /// <example><code>Console.WriteLine(Forward.Diff(x =&gt; Dual&lt;double&gt;.Exp(x) * x)(1)); // 5.43656365691809</code></example>
    public static Func<double, double> Diff(Func<Dual<double>, Dual<double>> f) => Diff<double>(f);

    /// <summary>x ↦ f′(x), for any type of number. Of a function of nested dual numbers, the derivative is a function of dual numbers, to be differentiated again.</summary>
    /// <typeparam name="T">The type of number.</typeparam>
    /// <param name="f">A function of one number.</param>
    /// <exception cref="AutodiffException">The function is null.</exception>
    /// <example>The second derivative of x³:
    /// <code>Console.WriteLine(Forward.Diff(Forward.Diff&lt;Dual&lt;double&gt;&gt;(x =&gt; x * x * x))(2)); // 12</code></example>
    public static Func<T, T> Diff<T>(Func<Dual<T>, Dual<T>> f)
        where T : IFloatingPointIeee754<T>
    {
        Given("Diff", f);
        return x => f(Dual<T>.Variable(x)).Tangent;
    }

    /// <summary>x ↦ (f(x), f′(x)), in one pass.</summary>
    /// <param name="f">A function of one number.</param>
    /// <exception cref="AutodiffException">The function is null.</exception>
    public static Func<double, (double Value, double Derivative)> ValueAndDiff(Func<Dual<double>, Dual<double>> f) => ValueAndDiff<double>(f);

    /// <summary>x ↦ (f(x), f′(x)), for any type of number, in one pass.</summary>
    /// <typeparam name="T">The type of number.</typeparam>
    /// <param name="f">A function of one number.</param>
    /// <exception cref="AutodiffException">The function is null.</exception>
    public static Func<T, (T Value, T Derivative)> ValueAndDiff<T>(Func<Dual<T>, Dual<T>> f)
        where T : IFloatingPointIeee754<T>
    {
        Given("ValueAndDiff", f);
        return x => f(Dual<T>.Variable(x)) is var (value, derivative) ? (value, derivative) : default;
    }

    /// <summary>(x, y) ↦ (∂f/∂x, ∂f/∂y), in one pass.</summary>
    /// <param name="f">A function of two numbers.</param>
    /// <exception cref="AutodiffException">The function is null.</exception>
    /// <example><code>Console.WriteLine(Forward.Grad((x, y) =&gt; x * x * y)(3, 2)); // (12, 9)</code></example>
    public static Func<double, double, (double, double)> Grad(Func<Jet<double>, Jet<double>, Jet<double>> f)
    {
        Given("Grad", f);
        return (x, y) => f(Jet<double>.Variable(x, 0), Jet<double>.Variable(y, 1)) is var z ? (z.Tangent(0), z.Tangent(1)) : default;
    }

    /// <summary>(x, y, z) ↦ (∂f/∂x, ∂f/∂y, ∂f/∂z), in one pass.</summary>
    /// <param name="f">A function of three numbers.</param>
    /// <exception cref="AutodiffException">The function is null.</exception>
    public static Func<double, double, double, (double, double, double)> Grad(Func<Jet<double>, Jet<double>, Jet<double>, Jet<double>> f)
    {
        Given("Grad", f);
        return (x, y, z) => f(Jet<double>.Variable(x, 0), Jet<double>.Variable(y, 1), Jet<double>.Variable(z, 2)) is var result
            ? (result.Tangent(0), result.Tangent(1), result.Tangent(2))
            : default;
    }

    /// <summary>(x, y, z, w) ↦ (∂f/∂x, ∂f/∂y, ∂f/∂z, ∂f/∂w), in one pass.</summary>
    /// <param name="f">A function of four numbers.</param>
    /// <exception cref="AutodiffException">The function is null.</exception>
    public static Func<double, double, double, double, (double, double, double, double)> Grad(Func<Jet<double>, Jet<double>, Jet<double>, Jet<double>, Jet<double>> f)
    {
        Given("Grad", f);
        return (x, y, z, w) =>
            f(Jet<double>.Variable(x, 0), Jet<double>.Variable(y, 1), Jet<double>.Variable(z, 2), Jet<double>.Variable(w, 3)) is var result
                ? (result.Tangent(0), result.Tangent(1), result.Tangent(2), result.Tangent(3))
                : default;
    }

    /// <summary>x ↦ ∇f(x) for a function of any number of numbers, in one pass for every 16 of them.</summary>
    /// <param name="f">A function of an array to a number.</param>
    /// <exception cref="AutodiffException">The function is null, or the array when the gradient is called.</exception>
    /// <example><code>
    /// var gradient = Forward.Grad(x =&gt; x[0] * x[1] * x[2]);
    /// Console.WriteLine(string.Join(", ", gradient([2, 3, 4]))); // 12, 8, 6
    /// </code></example>
    public static Func<double[], double[]> Grad(Func<Jet<double>[], Jet<double>> f) => Grad<double>(f);

    /// <summary>x ↦ ∇f(x) for any type of number, in one pass for every 16 of them.</summary>
    /// <typeparam name="T">The type of number.</typeparam>
    /// <param name="f">A function of an array to a number.</param>
    /// <exception cref="AutodiffException">The function is null, or the array when the gradient is called.</exception>
    public static Func<T[], T[]> Grad<T>(Func<Jet<T>[], Jet<T>> f)
        where T : IFloatingPointIeee754<T>
    {
        var g = ValueAndGradient("Grad", f);
        return x => g(x).Gradient;
    }

    /// <summary>x ↦ (f(x), ∇f(x)), in one pass for every 16 numbers.</summary>
    /// <param name="f">A function of an array to a number.</param>
    /// <exception cref="AutodiffException">The function is null, or the array when the result is called.</exception>
    public static Func<double[], (double Value, double[] Gradient)> ValueAndGrad(Func<Jet<double>[], Jet<double>> f) => ValueAndGradient("ValueAndGrad", f);

    /// <summary>x ↦ (f(x), ∇f(x)) for any type of number, in one pass for every 16 of them.</summary>
    /// <typeparam name="T">The type of number.</typeparam>
    /// <param name="f">A function of an array to a number.</param>
    /// <exception cref="AutodiffException">The function is null, or the array when the result is called.</exception>
    public static Func<T[], (T Value, T[] Gradient)> ValueAndGrad<T>(Func<Jet<T>[], Jet<T>> f)
        where T : IFloatingPointIeee754<T> => ValueAndGradient("ValueAndGrad", f);

    /// <summary>Writes ∇f(x) into memory of the caller, without allocating, and returns f(x).</summary>
    /// <typeparam name="T">The type of number.</typeparam>
    /// <param name="f">A function of a span to a number. To allocate nothing, it must be made once and not at every call.</param>
    /// <param name="x">The point.</param>
    /// <param name="gradient">Room for as many numbers as x has.</param>
    /// <exception cref="ShapeException">There is room for another number of derivatives.</exception>
    /// <exception cref="AutodiffException">The function is null.</exception>
    public static T Grad<T>(Func<ReadOnlySpan<Jet<T>>, Jet<T>> f, ReadOnlySpan<T> x, Span<T> gradient)
        where T : IFloatingPointIeee754<T>
    {
        Given("Grad", f);
        MustFit("Grad", "gradient", x.Length, gradient.Length);
        var jets = ArrayPool<Jet<T>>.Shared.Rent(x.Length);
        try
        {
            var seeded = jets.AsSpan(0, x.Length);
            var (value, start) = (T.Zero, 0);
            do
            {
                Seed(x, start, seeded);
                var y = f(seeded);
                value = y.Primal;
                y.CopyTangentsTo(Part(gradient, start));
                start += Jet<T>.Count;
            }
            while (start < x.Length);
            return value;
        }
        finally
        {
            Return(jets);
        }
    }

    /// <summary>x ↦ ∂f/∂x, the derivative of each result (row) by each argument (column), in one pass for every 16 arguments.</summary>
    /// <param name="f">A function of an array to an array.</param>
    /// <exception cref="AutodiffException">The function is null, or an array when the Jacobian is called.</exception>
    /// <exception cref="ShapeException">When called: the function gives results of different lengths.</exception>
    /// <example><code>
    /// var jacobian = Forward.Jacobian(p =&gt; [p[0] * Jet&lt;double&gt;.Cos(p[1]), p[0] * Jet&lt;double&gt;.Sin(p[1])])([2, 0]);
    /// Console.WriteLine(jacobian[1, 1]); // 2
    /// </code></example>
    public static Func<double[], double[,]> Jacobian(Func<Jet<double>[], Jet<double>[]> f) => Jacobian<double>(f);

    /// <summary>x ↦ ∂f/∂x for any type of number.</summary>
    /// <typeparam name="T">The type of number.</typeparam>
    /// <param name="f">A function of an array to an array.</param>
    /// <exception cref="AutodiffException">The function is null, or an array when the Jacobian is called.</exception>
    /// <exception cref="ShapeException">When called: the function gives results of different lengths.</exception>
    public static Func<T[], T[,]> Jacobian<T>(Func<Jet<T>[], Jet<T>[]> f)
        where T : IFloatingPointIeee754<T>
    {
        Given("Jacobian", f);
        return x =>
        {
            MustBeGiven("Jacobian", "the argument", x);
            T[,]? jacobian = null;
            var start = 0;
            do
            {
                var y = f(Seeded(x, start));
                MustBeGiven("Jacobian", "the result of the function", y);
                jacobian ??= new T[y.Length, x.Length];
                if (jacobian.GetLength(0) != y.Length)
                {
                    throw new ShapeException(
                        $"Jacobian: the function gave {jacobian.GetLength(0)} results for the first {Jet<T>.Count} derivatives and {y.Length} for later ones; it must always give as many.");
                }

                for (var column = start; column < Math.Min(start + Jet<T>.Count, x.Length); column++)
                {
                    for (var row = 0; row < y.Length; row++)
                    {
                        jacobian[row, column] = y[row].Tangent(column - start);
                    }
                }

                start += Jet<T>.Count;
            }
            while (start < x.Length);
            return jacobian;
        };
    }

    /// <summary>Writes f(x) and ∂f/∂x into memory of the caller, without allocating.</summary>
    /// <typeparam name="T">The type of number.</typeparam>
    /// <param name="f">A function that writes its results into a span. To allocate nothing, it must be made once and not at every call.</param>
    /// <param name="x">The point.</param>
    /// <param name="results">Room for the results.</param>
    /// <param name="jacobian">Room for the derivatives, row by row: that of result i by argument j is at i·n + j, with n the length of x.</param>
    /// <exception cref="ShapeException">There is room for another number of derivatives.</exception>
    /// <exception cref="AutodiffException">The function is null.</exception>
    public static void Jacobian<T>(Action<ReadOnlySpan<Jet<T>>, Span<Jet<T>>> f, ReadOnlySpan<T> x, Span<T> results, Span<T> jacobian)
        where T : IFloatingPointIeee754<T>
    {
        Given("Jacobian", f);
        MustFit("Jacobian", "Jacobian", (long)results.Length * x.Length, jacobian.Length);
        var jets = ArrayPool<Jet<T>>.Shared.Rent(x.Length + results.Length);
        try
        {
            var seeded = jets.AsSpan(0, x.Length);
            var y = jets.AsSpan(x.Length, results.Length);
            var start = 0;
            do
            {
                Seed(x, start, seeded);
                y.Fill(T.Zero);
                f(seeded, y);
                for (var row = 0; row < y.Length; row++)
                {
                    results[row] = y[row].Primal;
                    y[row].CopyTangentsTo(Part(jacobian.Slice(row * x.Length, x.Length), start));
                }

                start += Jet<T>.Count;
            }
            while (start < x.Length);
        }
        finally
        {
            Return(jets);
        }
    }

    /// <summary>x ↦ ∂²f/∂xᵢ∂xⱼ: the gradient (by jets) of the derivative along each argument (by dual numbers).</summary>
    /// <param name="f">A function of an array to a number.</param>
    /// <returns>A function to a matrix that is exactly symmetric. It takes one pass for each argument and every 16 arguments that are not before it.</returns>
    /// <exception cref="AutodiffException">The function is null, or the array when the Hessian is called.</exception>
    /// <example><code>
    /// var hessian = Forward.Hessian(x =&gt; x[0] * x[0] * x[1])([3, 2]);
    /// Console.WriteLine((hessian[0, 0], hessian[0, 1], hessian[1, 1])); // (4, 6, 0)
    /// </code></example>
    public static Func<double[], double[,]> Hessian(Func<Jet<Dual<double>>[], Jet<Dual<double>>> f) => Hessian<double>(f);

    /// <summary>x ↦ ∂²f/∂xᵢ∂xⱼ for any type of number.</summary>
    /// <typeparam name="T">The type of number.</typeparam>
    /// <param name="f">A function of an array to a number.</param>
    /// <returns>A function to a matrix that is exactly symmetric.</returns>
    /// <exception cref="AutodiffException">The function is null, or the array when the Hessian is called.</exception>
    public static Func<T[], T[,]> Hessian<T>(Func<Jet<Dual<T>>[], Jet<Dual<T>>> f)
        where T : IFloatingPointIeee754<T>
    {
        Given("Hessian", f);
        return x =>
        {
            MustBeGiven("Hessian", "the argument", x);
            var hessian = new T[x.Length, x.Length];
            for (var row = 0; row < x.Length; row++)
            {
                for (var start = FirstPart(row); start < x.Length; start += Jet<T>.Count)
                {
                    var jets = new Jet<Dual<T>>[x.Length];
                    Seed(x, row, start, jets);
                    var y = f(jets);
                    for (var column = Math.Max(row, start); column < Math.Min(start + Jet<T>.Count, x.Length); column++)
                    {
                        hessian[row, column] = hessian[column, row] = y.Tangent(column - start).Tangent;
                    }
                }
            }

            return hessian;
        };
    }

    /// <summary>Writes ∂²f/∂xᵢ∂xⱼ into memory of the caller, without allocating, and returns f(x).</summary>
    /// <typeparam name="T">The type of number.</typeparam>
    /// <param name="f">A function of a span to a number. To allocate nothing, it must be made once and not at every call.</param>
    /// <param name="x">The point, of one number at least.</param>
    /// <param name="hessian">Room for the derivatives, row by row.</param>
    /// <exception cref="ShapeException">There is room for another number of derivatives, or the point has no numbers.</exception>
    /// <exception cref="AutodiffException">The function is null.</exception>
    public static T Hessian<T>(Func<ReadOnlySpan<Jet<Dual<T>>>, Jet<Dual<T>>> f, ReadOnlySpan<T> x, Span<T> hessian)
        where T : IFloatingPointIeee754<T>
    {
        Given("Hessian", f);
        MustFit("Hessian", "Hessian", (long)x.Length * x.Length, hessian.Length);
        if (x.IsEmpty)
        {
            throw new ShapeException("Hessian: the point has no numbers, so there is nothing to differentiate by.");
        }

        var value = T.Zero;
        var jets = ArrayPool<Jet<Dual<T>>>.Shared.Rent(x.Length);
        try
        {
            var seeded = jets.AsSpan(0, x.Length);
            for (var row = 0; row < x.Length; row++)
            {
                for (var start = FirstPart(row); start < x.Length; start += Jet<T>.Count)
                {
                    Seed(x, row, start, seeded);
                    var y = f(seeded);
                    value = y.Primal.Primal;
                    for (var column = Math.Max(row, start); column < Math.Min(start + Jet<T>.Count, x.Length); column++)
                    {
                        hessian[(row * x.Length) + column] = hessian[(column * x.Length) + row] = y.Tangent(column - start).Tangent;
                    }
                }
            }
        }
        finally
        {
            Return(jets);
        }

        return value;
    }

    private static Func<T[], (T Value, T[] Gradient)> ValueAndGradient<T>(string operation, Func<Jet<T>[], Jet<T>> f)
        where T : IFloatingPointIeee754<T>
    {
        Given(operation, f);
        return x =>
        {
            MustBeGiven(operation, "the argument", x);
            var (value, gradient) = (T.Zero, new T[x.Length]);
            var start = 0;
            do
            {
                var y = f(Seeded(x, start));
                value = y.Primal;
                y.CopyTangentsTo(Part(gradient, start));
                start += Jet<T>.Count;
            }
            while (start < x.Length);
            return (value, gradient);
        };
    }

    /// <summary>The first of the passes for a row of a symmetric matrix: that of its diagonal element.</summary>
    private static int FirstPart(int row) => row / Jet<double>.Count * Jet<double>.Count;

    /// <summary>The derivatives that one pass computes, from one on.</summary>
    private static Span<T> Part<T>(Span<T> derivatives, int start) =>
        derivatives.Slice(start, Math.Min(Jet<double>.Count, derivatives.Length - start));

    private static Jet<T>[] Seeded<T>(T[] x, int start)
        where T : IFloatingPointIeee754<T>
    {
        var jets = new Jet<T>[x.Length];
        Seed(x, start, jets);
        return jets;
    }

    /// <summary>The numbers as jets: those of one pass as variables, the others as constants.</summary>
    private static void Seed<T>(ReadOnlySpan<T> x, int start, Span<Jet<T>> jets)
        where T : IFloatingPointIeee754<T>
    {
        for (var i = 0; i < x.Length; i++)
        {
            jets[i] = i >= start && i < start + Jet<T>.Count ? Jet<T>.Variable(x[i], i - start) : Jet<T>.Constant(x[i]);
        }
    }

    /// <summary>The same of dual numbers, of which one moves.</summary>
    private static void Seed<T>(ReadOnlySpan<T> x, int direction, int start, Span<Jet<Dual<T>>> jets)
        where T : IFloatingPointIeee754<T>
    {
        for (var i = 0; i < x.Length; i++)
        {
            var number = i == direction ? Dual<T>.Variable(x[i]) : x[i];
            jets[i] = i >= start && i < start + Jet<T>.Count ? Jet<Dual<T>>.Variable(number, i - start) : Jet<Dual<T>>.Constant(number);
        }
    }

    private static void Return<T>(T[] rented) => ArrayPool<T>.Shared.Return(rented, clearArray: RuntimeHelpers.IsReferenceOrContainsReferences<T>());

    private static void Given(string operation, Delegate f) => MustBeGiven(operation, "the function", f);

    private static void MustBeGiven(string operation, string what, object? given)
    {
        if (given is null)
        {
            throw AutodiffException.Null(operation, what);
        }
    }

    private static void MustFit(string operation, string what, long expected, int actual)
    {
        if (actual != expected)
        {
            throw new ShapeException($"{operation}: the {what} has {expected} numbers, but there is room for {actual}; pass a span of that length.");
        }
    }
}
