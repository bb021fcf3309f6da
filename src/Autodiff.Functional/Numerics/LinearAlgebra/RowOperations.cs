// The inner loops of elimination, reflections and rotations, on contiguous rows. Products and sums are not fused, so that terms that cancel
// exactly for whole numbers cancel here. The loops are optimized at their first call, since a decomposition often runs only once.

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Autodiff.Functional.Numerics;

internal static class RowOperations
{
    /// <summary>The largest size of matrices that fit into the first-level cache without blocking (32×32 doubles are 8 KiB).</summary>
    public const int Small = 32;

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

    /// <summary>y ← x / d; both may be the same.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Divide(ReadOnlySpan<double> x, double d, Span<double> y)
    {
        ref var from = ref MemoryMarshal.GetReference(x);
        ref var to = ref MemoryMarshal.GetReference(y[..x.Length]);
        var divisor = new Vector<double>(d);
        nint i = 0;
        for (; i <= x.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            (Vector.LoadUnsafe(ref from, (nuint)i) / divisor).StoreUnsafe(ref to, (nuint)i);
        }

        for (; i < x.Length; i++)
        {
            Unsafe.Add(ref to, i) = Unsafe.Add(ref from, i) / d;
        }
    }

    /// <summary>max |xᵢ|; 0 if there are no elements, and NaN if one is NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Largest(ReadOnlySpan<double> x)
    {
        ref var from = ref MemoryMarshal.GetReference(x);
        var (sizes, size) = (Vector<double>.Zero, 0.0);
        nint i = 0;
        for (; i <= x.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            sizes = Vector.Max(sizes, Vector.Abs(Vector.LoadUnsafe(ref from, (nuint)i)));
        }

        for (; i < x.Length; i++)
        {
            size = Math.Max(size, Math.Abs(Unsafe.Add(ref from, i)));
        }

        for (var lane = 0; lane < Vector<double>.Count; lane++)
        {
            size = Math.Max(size, sizes[lane]);
        }

        return size;
    }

    /// <summary>x ← c x − s y and y ← s x + c y, both from the old x and y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Turn(Span<double> x, Span<double> y, double c, double s)
    {
        ref var first = ref MemoryMarshal.GetReference(x);
        ref var second = ref MemoryMarshal.GetReference(y[..x.Length]);
        var (cosine, sine) = (new Vector<double>(c), new Vector<double>(s));
        nint i = 0;
        for (; i <= x.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var (a, b) = (Vector.LoadUnsafe(ref first, (nuint)i), Vector.LoadUnsafe(ref second, (nuint)i));
            ((cosine * a) - (sine * b)).StoreUnsafe(ref first, (nuint)i);
            ((sine * a) + (cosine * b)).StoreUnsafe(ref second, (nuint)i);
        }

        for (; i < x.Length; i++)
        {
            var (a, b) = (Unsafe.Add(ref first, i), Unsafe.Add(ref second, i));
            Unsafe.Add(ref first, i) = (c * a) - (s * b);
            Unsafe.Add(ref second, i) = (s * a) + (c * b);
        }
    }

    /// <summary>x ← c (x + f y) and y ← c (y − g x), both from the old x and y.</summary>
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

    /// <summary>The product of small square matrices: up to four registers of a row are computed at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double[] Product(double[] a, double[] b, int n)
    {
        var product = new double[n * n];
        ref var right = ref MemoryMarshal.GetArrayDataReference(b);
        ref var result = ref MemoryMarshal.GetArrayDataReference(product);
        var width = Vector<double>.Count;
        for (var i = 0; i < n; i++)
        {
            ref var left = ref a[i * n];
            var j = 0;
            for (; j <= n - (4 * width); j += 4 * width)
            {
                var (first, second, third, fourth) = (Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero, Vector<double>.Zero);
                for (var k = 0; k < n; k++)
                {
                    var factor = new Vector<double>(Unsafe.Add(ref left, k));
                    ref var row = ref Unsafe.Add(ref right, (k * n) + j);
                    first += factor * Vector.LoadUnsafe(ref row);
                    second += factor * Vector.LoadUnsafe(ref row, (nuint)width);
                    third += factor * Vector.LoadUnsafe(ref row, (nuint)(2 * width));
                    fourth += factor * Vector.LoadUnsafe(ref row, (nuint)(3 * width));
                }

                ref var to = ref Unsafe.Add(ref result, (i * n) + j);
                first.StoreUnsafe(ref to);
                second.StoreUnsafe(ref to, (nuint)width);
                third.StoreUnsafe(ref to, (nuint)(2 * width));
                fourth.StoreUnsafe(ref to, (nuint)(3 * width));
            }

            for (; j <= n - width; j += width)
            {
                var sum = Vector<double>.Zero;
                for (var k = 0; k < n; k++)
                {
                    sum += new Vector<double>(Unsafe.Add(ref left, k)) * Vector.LoadUnsafe(ref Unsafe.Add(ref right, (k * n) + j));
                }

                sum.StoreUnsafe(ref Unsafe.Add(ref result, (i * n) + j));
            }

            for (; j < n; j++)
            {
                var sum = 0.0;
                for (var k = 0; k < n; k++)
                {
                    sum += Unsafe.Add(ref left, k) * Unsafe.Add(ref right, (k * n) + j);
                }

                Unsafe.Add(ref result, (i * n) + j) = sum;
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
