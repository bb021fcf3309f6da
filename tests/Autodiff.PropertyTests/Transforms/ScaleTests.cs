// Long chains and large tensors: no stack overflows, and memory that grows with the work, not with its square. Memory is
// counted, not time: a loop over what need not be looked at allocates for it, and counts repeat exactly.

using Autodiff.PropertyTests.Generators;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Transforms;

public class ScaleTests
{
    [Fact]
    public void A_chain_of_a_million_nodes_has_a_value_and_a_gradient()
    {
        // Each of n steps y → y + y/n multiplies by 1 + 1/n: two nodes a step.
        const int steps = 500_000;
        Expr Chain(Expr x)
        {
            for (var i = 0; i < steps; i++)
            {
                x += x * (1.0 / steps);
            }

            return x;
        }

        var slope = Math.Pow(1 + (1.0 / steps), steps);
        Agreement.Near(2 * slope, Chain(2));
        Agreement.Near(slope, Grad(Chain)(2));
        Agreement.Near(slope, Diff(Chain)(2));
        var x = Variable("x", (Expr)2);
        Agreement.Near(slope, Backward(Chain(x))[x]);
    }

    [Fact]
    public void A_chain_of_a_hundred_thousand_nodes_has_a_second_derivative_in_every_nesting()
    {
        // Each of n steps y → y/(1 + y/n) adds 1/n to 1/y: x becomes x/(1 + x), with the derivatives 1/(1 + x)² and −2/(1 + x)³.
        const int steps = 33_000;
        Expr Chain(Expr x)
        {
            for (var i = 0; i < steps; i++)
            {
                x /= 1 + (x / steps);
            }

            return x;
        }

        Agreement.Near(-0.25, Grad(Grad(Chain))(1));
        Agreement.Near(-0.25, Diff(Diff(Chain))(1));
        Agreement.Near(-0.25, Grad(Diff(Chain))(1));
        Agreement.Near(-0.25, Diff(Grad(Chain))(1));
    }

    [Fact]
    public void A_symbolic_chain_of_a_hundred_thousand_nodes_is_differentiated_and_substituted()
    {
        const int steps = 100_000;
        var x = Variable("x");
        var y = x;
        for (var i = 0; i < steps; i++)
        {
            y = Sin(y);
        }

        var (value, slope) = (0.5, 1.0);
        for (var i = 0; i < steps; i++)
        {
            (value, slope) = (Math.Sin(value), slope * Math.Cos(value));
        }

        Agreement.Near(value, y.Substitute((x, 0.5)), 1e-12);
        Agreement.Near(1e6 * slope, 1e6 * Backward(y)[x].Substitute((x, 0.5)), 1e-12);
    }

    [Fact]
    public void Reading_a_vector_element_by_element_costs_memory_linear_in_its_length()
    {
        const int n = 10_000;
        Expr Neighbours(Expr x)
        {
            Expr sum = 0;
            for (var i = 1; i < x.Shape[0]; i++)
            {
                sum += x[i - 1] * x[i];
            }

            return sum;
        }

        // Σ xᵢ₋₁xᵢ has the gradient xᵢ₋₁ + xᵢ₊₁, which is linear: H·v is the same of v.
        Expr Sides(Expr x) => Concat([x[1..], Zeros(1)]) + Concat([Zeros(1), x[..^1]]);
        void Gradient(int length)
        {
            var x = Tensors.Direction(new(length), 1);
            Agreement.Near(Sides(x), Grad(Neighbours)(x));
        }

        void SecondGradient(int length)
        {
            var (x, v) = (Tensors.Direction(new(length), 1), Tensors.Direction(new(length), 2));
            Agreement.Near(Sides(v), Grad(z => Sum(Grad(Neighbours)(z) * v))(x));
        }

        void Product(int length)
        {
            var (x, v) = (Tensors.Direction(new(length), 1), Tensors.Direction(new(length), 2));
            Agreement.Near(Sides(v), Hvp(Neighbours)(x, v));
        }

        Assert.All([Gradient, SecondGradient, Product], (Action<int> work) =>
        {
            // Arrays that are kept for the next time are not part of the cost, of either length.
            work(2 * n);
            work(n);
            Assert.InRange((double)BytesOf(() => work(2 * n)) / BytesOf(() => work(n)), 1.5, 2.5);
        });
    }

    [Fact]
    public void A_pullback_of_an_elementwise_function_takes_memory_of_a_few_vectors_never_a_Jacobian()
    {
        const int n = 1_000_000;
        const int vectors = 16;
        var (x, cotangent) = (Tensors.Direction(new(n), 1), Tensors.Direction(new(n), 2));
        Expr? pulled = null;
        var bytes = BytesOf(() => pulled = Vjp(v => Sin(v) * Exp(v))(x).Pullback(cotangent));
        Assert.InRange(bytes, 8L * n, vectors * 8L * n);

        // d/dx sin x·eˣ = (sin x + cos x)eˣ.
        Agreement.Near(cotangent * (Sin(x) + Cos(x)) * Exp(x), pulled!, 1e-14);
    }

    private static long BytesOf(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
