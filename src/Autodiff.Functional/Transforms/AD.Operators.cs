// Differential operators applied to functions, and tensors of all partial derivatives of one order.

using Autodiff.Functional.Programs;
using Autodiff.Functional.Sweeps;
using static Autodiff.Functional.Expr;
using static Autodiff.Functional.Transforms.Arguments;

namespace Autodiff.Functional;

public static partial class AD
{
    /// <summary>∂ᵢ: the derivative in element i of the argument, counted in row-major order; for a scalar argument i is 0.</summary>
    /// <param name="index">i, 0 or more.</param>
    /// <exception cref="AutodiffException">i is negative.</exception>
    public static DifferentialOperator Partial(int index) => index >= 0
        ? DifferentialOperator.PartialIn(index)
        : throw new AutodiffException($"Partial: the index {index} is negative; the elements of an argument are numbered 0, 1, 2, ….");

    /// <summary>Dⁿ: the operator applied n times.</summary>
    /// <param name="operand">D.</param>
    /// <param name="n">0 or more; 0 is the identity.</param>
    /// <exception cref="AutodiffException">n is negative.</exception>
    public static DifferentialOperator Pow(DifferentialOperator operand, int n)
    {
        if (n < 0)
        {
            throw new AutodiffException($"Pow: the power {n} of a differential operator is negative; it is applied 0, 1, 2, … times.");
        }

        return operand is null ? throw AutodiffException.Null("Pow", "the operator") : operand.ToPower(n);
    }

    /// <summary>x ↦ (L f)(x): a differential operator applied to a function.</summary>
    /// <remarks>
    /// The terms of each degree k are written as a sum of k-th powers of few directional derivatives, which power series along lines give (A. Griewank,
    /// J. Utke and A. Walther, 2000), or as a power of an operator of lower degree, if that propagates fewer tensors. The sum
    /// over the directions is taken before the highest coefficients are propagated, since these depend on each other linearly: so a Laplacian costs one
    /// forward sweep for each direction, and one more (F. Dangel et al., Collapsing Taylor mode automatic differentiation, 2025).
    /// <code>
    /// var plate = Apply(Operators.Biharmonic(2), w);                             // ∂₀⁴w + 2∂₀²∂₁²w + ∂₁⁴w
    /// var wave = Apply(Pow(Partial(0), 2) - (c * c * Pow(Partial(1), 2)), u);     // of u(t, x)
    /// </code>
    /// </remarks>
    /// <param name="L">The operator. Its coefficients do not depend on x; for those that do, pass a function.</param>
    /// <param name="f">A function of any argument and result shapes.</param>
    /// <returns>A function with the argument and result shapes of f.</returns>
    /// <exception cref="AutodiffException">When called: L differentiates in an element that the argument does not have.</exception>
    public static Func<Expr, Expr> Apply(DifferentialOperator L, Func<Expr, Expr> f)
    {
        if (L is null)
        {
            throw AutodiffException.Null("Apply", "the operator");
        }

        NotNull("Apply", f);
        var plan = new OperatorPlan(L, withPowers: true);
        return x => Applied(plan, f, x);
    }

    /// <summary>x ↦ (L(x) f)(x): a differential operator whose coefficients depend on the point, such as <c>x => x[1] * (Partial(0) * Partial(0))</c>.</summary>
    /// <param name="L">The operator at a point. It is called with the argument; its coefficients are differentiated by outer transforms.</param>
    /// <param name="f">A function of any argument and result shapes.</param>
    /// <returns>A function with the argument and result shapes of f.</returns>
    /// <exception cref="AutodiffException">When called: L(x) differentiates in an element that the argument does not have.</exception>
    public static Func<Expr, Expr> Apply(Func<Expr, DifferentialOperator> L, Func<Expr, Expr> f)
    {
        NotNull("Apply", L);
        NotNull("Apply", f);
        return x => Applied(new(L(x) ?? throw AutodiffException.Null("Apply", "the operator"), withPowers: true), f, x);
    }

    /// <summary>
    /// x ↦ an estimate of (L f)(x) with its standard error, from directions drawn at random: of those that <see cref="Apply(DifferentialOperator, Func{Expr, Expr})"/>
    /// would sum over, each with a probability proportional to its weight.
    /// </summary>
    /// <remarks>
    /// The estimate is unbiased, and costs the same for any number of variables (Z. Hu, Z. Shi, G. E. Karniadakis and K. Kawaguchi, Stochastic Taylor derivative
    /// estimator, 2024). The draw depends on the seed alone, so equal calls give equal results, and the estimate has derivatives.
    /// </remarks>
    /// <param name="L">The operator. Its coefficients must have values.</param>
    /// <param name="f">A function of any argument and result shapes.</param>
    /// <param name="samples">The number of directions drawn for each degree, 2 or more.</param>
    /// <param name="seed">The seed of the draw.</param>
    /// <returns>A function to the mean over the samples and its standard error, each of the shape of f(x).</returns>
    /// <exception cref="AutodiffException">There are fewer than 2 samples; or, when called, L differentiates in an element that the argument does not have.</exception>
    /// <exception cref="NotConcreteException">A coefficient has no value.</exception>
    public static Func<Expr, (Expr Value, Expr StandardError)> Estimate(DifferentialOperator L, Func<Expr, Expr> f, int samples, int seed)
    {
        if (L is null)
        {
            throw AutodiffException.Null("Estimate", "the operator");
        }

        NotNull("Estimate", f);
        if (samples < 2)
        {
            throw new AutodiffException($"Estimate: the number of samples {samples} is below 2; a standard error needs two samples or more.");
        }

        var plan = new OperatorPlan(L, withPowers: false);
        return x =>
        {
            var trace = new Trace("Estimate", [x], leaves => f(leaves[0]));
            plan.MustFit("Estimate", trace.Leaves[0].Shape);
            var each = plan.Parts
                .Select(part => part.Drawn(samples, seed) is var (directions, weights)
                    ? new DirectionalSeries("Estimate", trace, part.In(directions, x.Shape)).Each(part.Degree) * Reshape(weights, [samples, .. Enumerable.Repeat(1, trace.Result.Rank)])
                    : x)
                .Aggregate(Zeros([samples, .. trace.Result.Shape.Lengths]), (sum, part) => sum + part);
            var mean = Mean(each, 0);
            return (mean, Norm(each - mean, 0) / Math.Sqrt((double)samples * (samples - 1)));
        };
    }

    /// <summary>
    /// x ↦ T with T[i, j₁, …, jₙ] = ∂ⁿf(x)[i]/∂x[j₁]…∂x[jₙ]: all partial derivatives of one order, of shape output shape ++ input shape ++ … ++ input
    /// shape. Order 0 is f, 1 the Jacobian, 2 the Hessian of each element of the result.
    /// </summary>
    /// <remarks>
    /// The tensor is symmetric in its last n indices, to the last bit from order 3 on: there each distinct element is computed once, as a sum over
    /// directions.
    /// </remarks>
    /// <param name="f">A function of any argument and result shapes.</param>
    /// <param name="order">n, 0 or more.</param>
    /// <exception cref="AutodiffException">The order is negative.</exception>
    public static Func<Expr, Expr> DerivativeTensor(Func<Expr, Expr> f, int order)
    {
        NotNull("DerivativeTensor", f);
        NotNegative("DerivativeTensor", order);
        return order switch
        {
            0 => f,
            1 => Jacobian(f),
            2 => JacobianForward(Jacobian(f)),
            _ => x => SymmetricTensor(f, x, order),
        };
    }

    /// <summary>x ↦ (∂²f/∂xᵢ²)ᵢ: the diagonal of the Hessian, in the shape of x, without the Hessian.</summary>
    /// <param name="f">A function to a scalar.</param>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    public static Func<Expr, Expr> HessianDiagonal(Func<Expr, Expr> f)
    {
        NotNull("HessianDiagonal", f);
        return x =>
        {
            var trace = new Trace("HessianDiagonal", [x], leaves => f(leaves[0]));
            ToScalar("HessianDiagonal", trace);
            return Reshape(2 * new DirectionalSeries("HessianDiagonal", trace, UnitDirections(x.Shape)).Each(2), x.Shape);
        };
    }

    /// <summary>x ↦ Σᵢ ∂²f/∂xᵢ², the trace of the Hessian, without computing the Hessian: <see cref="Operators.Laplacian"/>, applied.</summary>
    /// <param name="f">A function to a scalar.</param>
    /// <exception cref="ShapeException">When called: the result of f is not a scalar.</exception>
    public static Func<Expr, Expr> Laplacian(Func<Expr, Expr> f)
    {
        NotNull("Laplacian", f);
        return x =>
        {
            var trace = new Trace("Laplacian", [x], leaves => f(leaves[0]));
            ToScalar("Laplacian", trace);
            return 2 * new DirectionalSeries("Laplacian", trace, UnitDirections(x.Shape)).Sum(Ones(x.Shape.Size), 2);
        };
    }

    private static Expr Applied(OperatorPlan plan, Func<Expr, Expr> f, Expr x)
    {
        var trace = new Trace("Apply", [x], leaves => f(leaves[0]));
        plan.MustFit("Apply", trace.Leaves[0].Shape);
        var sum = plan.Parts.Select(part => part.Degree == 0
            ? part.Weights[0] * trace.Value
            : new DirectionalSeries("Apply", trace, part.In(part.Directions, x.Shape)).Sum(part.Weights, part.Degree));
        var powers = plan.Powers.Select(part => part.Factor * Enumerable.Repeat(part.Root, part.Power).Aggregate(f, (g, root) => v => Applied(root, g, v))(x));
        return sum.Concat(powers).Aggregate((Expr?)null, (total, part) => total is null ? part : total + part) ?? Zeros(trace.Result.Shape);
    }

    /// <summary>
    /// The tensor of derivatives of an order of 3 or more. Where a derivative along some direction is not finite, it is that of nested Jacobians, in which
    /// what one variable does to others is known by element.
    /// </summary>
    private static Expr SymmetricTensor(Func<Expr, Expr> f, Expr x, int order)
    {
        var trace = new Trace("DerivativeTensor", [x], leaves => f(leaves[0]));
        if (x.Shape.Size > 0 && trace.Result.Shape.Size > 0 && SymmetricTensor(trace, x.Shape, order) is var tensor
            && (!tensor.IsConcrete || tensor.Storage.IsFinite))
        {
            return tensor;
        }

        return JacobianForward(DerivativeTensor(f, order - 1))(x);
    }

    /// <summary>The tensor of derivatives from those along the directions of a plan, of which each distinct element is a weighted sum.</summary>
    private static Expr SymmetricTensor(Trace trace, Shape shape, int order)
    {
        var n = shape.Size;
        var sorted = Enumerable.Range(0, order).Aggregate(
            (IEnumerable<int[]>)[[]], (before, _) => before.SelectMany(start => Enumerable.Range(start.LastOrDefault(), n - start.LastOrDefault()).Select(next => (int[])[.. start, next])));
        MultiIndex[] indices = [.. sorted.Select(variables => variables.Select(MultiIndex.Of).Aggregate((left, right) => left * right))];
        var part = OperatorPart.Of(order, indices);
        var distinct = Einsum("mr,r...->m...", part.WeightsOfEach, new DirectionalSeries("DerivativeTensor", trace, part.In(part.Directions, shape)).Each(order));
        var places = indices.Select((index, place) => (index, place)).ToDictionary(pair => pair.index, pair => pair.place);
        var all = new int[(int)Math.Pow(n, order)];
        for (var position = 0; position < all.Length; position++)
        {
            var (index, rest) = (MultiIndex.None, position);
            for (var i = 0; i < order; i++)
            {
                (rest, var variable) = Math.DivRem(rest, n);
                index *= MultiIndex.Of(variable);
            }

            all[position] = places[index];
        }

        var output = trace.Result.Shape;
        var leading = Take(Reshape(distinct, [indices.Length, output.Size]), all, 0);
        return Reshape(Transpose(leading), [.. output.Lengths, .. Enumerable.Repeat(shape.Lengths.ToArray(), order).SelectMany(lengths => lengths)]);
    }

    /// <summary>The unit directions of a shape, stacked.</summary>
    private static Expr UnitDirections(Shape shape) => Reshape(Eye(shape.Size), [shape.Size, .. shape.Lengths]);

    private static void ToScalar(string operation, Trace trace)
    {
        if (!trace.Result.Shape.IsScalar)
        {
            throw new ShapeException($"{operation}: the function's result has shape {trace.Result.Shape}, but {operation} is that of a function to a scalar; use Apply for other results.");
        }
    }
}
