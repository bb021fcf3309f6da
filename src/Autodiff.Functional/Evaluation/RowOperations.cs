// The inner loops of elimination, reflections and rotations, on rows that lie contiguously. No product is fused with a sum: what
// cancels exactly in whole numbers cancels here. Compiled optimised at once, since a decomposition often runs but once.

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Autodiff.Functional.Evaluation;

internal static class RowOperations
{
    /// <summary>y ← y + f x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void AddMultiple(Span<double> y, double f, ReadOnlySpan<double> x)
    {
        ref var to = ref MemoryMarshal.GetReference(y);
        ref var from = ref MemoryMarshal.GetReference(x[..y.Length]);
        var factor = new Vector<double>(f);
        nint i = 0;
        for (; i <= y.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            (Vector.LoadUnsafe(ref to, (nuint)i) + (factor * Vector.LoadUnsafe(ref from, (nuint)i))).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < y.Length; i++)
        {
            Unsafe.Add(ref to, i) += f * Unsafe.Add(ref from, i);
        }
    }

    /// <summary>Σ xᵢ yᵢ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Dot(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        ref var left = ref MemoryMarshal.GetReference(x);
        ref var right = ref MemoryMarshal.GetReference(y[..x.Length]);
        var (sums, sum) = (Vector<double>.Zero, 0.0);
        nint i = 0;
        for (; i <= x.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            sums += Vector.LoadUnsafe(ref left, (nuint)i) * Vector.LoadUnsafe(ref right, (nuint)i);
        }

        for (; i < x.Length; i++)
        {
            sum += Unsafe.Add(ref left, i) * Unsafe.Add(ref right, i);
        }

        return Vector.Sum(sums) + sum;
    }

    /// <summary>x ← c (x + f y) and y ← c (y − g x), with the x from before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rotate(Span<double> x, Span<double> y, double c, double f, double g)
    {
        ref var first = ref MemoryMarshal.GetReference(x);
        ref var second = ref MemoryMarshal.GetReference(y[..x.Length]);
        var (cosine, forth, back) = (new Vector<double>(c), new Vector<double>(f), new Vector<double>(g));
        nint i = 0;
        for (; i <= x.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var (a, b) = (Vector.LoadUnsafe(ref first, (nuint)i), Vector.LoadUnsafe(ref second, (nuint)i));
            (cosine * (a + (forth * b))).StoreUnsafe(ref first, (nuint)i);
            (cosine * (b - (back * a))).StoreUnsafe(ref second, (nuint)i);
        }

        for (; i < x.Length; i++)
        {
            var (a, b) = (Unsafe.Add(ref first, i), Unsafe.Add(ref second, i));
            Unsafe.Add(ref first, i) = c * (a + (f * b));
            Unsafe.Add(ref second, i) = c * (b - (g * a));
        }
    }

    /// <summary>The product of square matrices. A factor 0 takes its row away, even one of infinities.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double[] Product(double[] a, double[] b, int n)
    {
        var product = new double[n * n];
        for (var i = 0; i < n; i++)
        {
            var row = product.AsSpan(i * n, n);
            for (var k = 0; k < n; k++)
            {
                if (a[(i * n) + k] is not 0 and var factor)
                {
                    AddMultiple(row, factor, b.AsSpan(k * n, n));
                }
            }
        }

        return product;
    }

    public static void Swap(double[] rows, int length, int i, int j)
    {
        for (var at = 0; i != j && at < length; at++)
        {
            (rows[(i * length) + at], rows[(j * length) + at]) = (rows[(j * length) + at], rows[(i * length) + at]);
        }
    }
}
