// Higher derivatives by truncated power series (Taylor mode): all orders in one pass, at the cost of about n² operations for each one of f,
// where nested derivatives cost a factor for each order.

using System.Runtime.CompilerServices;
using Autodiff.Functional.Primitives;
using Autodiff.Functional.Sweeps;
using LanguageExt;
using static Autodiff.Functional.Transforms.Arguments;

namespace Autodiff.Functional;

public static partial class AD
{
    // The highest order at which derivatives are found from coefficients along x + t. A derivative of about 1 divided by the factorial of a higher
    // order would be too small for a double, so the coefficients are those along x + 64t.
    private const int HighestAtUnitStep = 150;
    private const double LongStep = 64;

    // Factors of a derivative are multiplied to the coefficient before their product is larger than this.
    private const double LargestFactor = 1e150;

    /// <summary>x ↦ (f(x), f′(x), f″(x)/2, … , f⁽ⁿ⁾(x)/n!): the coefficients of the Taylor polynomial of f about x.</summary>
    /// <remarks>
    /// f is run once, and its operations pass power series on: y′ = p·x′, which states the derivative of a primitive, is also the recurrence
    /// k·yₖ = Σ j·xⱼ·pₖ₋ⱼ (A. Griewank and A. Walther, Evaluating Derivatives, 2008, chapter 13). So n orders cost about n² operations for each one of
    /// f. Loops, branches, linear algebra, solutions of equations and custom rules have series too. The coefficients can be differentiated,
    /// batched and compiled.
    /// <code>
    /// var coefficients = Taylor(x => Sin(Exp(x)), 8)(0.3);   // coefficients[8] is the eighth derivative divided by 8!
    /// </code>
    /// </remarks>
    /// <param name="f">A function of a scalar, of any result shape.</param>
    /// <param name="order">n, 0 or more.</param>
    /// <returns>A function to n + 1 coefficients, each of the shape of f(x).</returns>
    /// <exception cref="AutodiffException">The order is negative.</exception>
    /// <exception cref="ShapeException">When called: x is not a scalar.</exception>
    public static Func<Expr, Seq<Expr>> Taylor(Func<Expr, Expr> f, int order)
    {
        NotNull("Taylor", f);
        NotNegative("Taylor", order);
        return x => OfScalar("Taylor", f, x, order).ToSeq();
    }

    /// <summary>x ↦ the coefficients of the Taylor polynomial of each leaf of a tree f(x), as trees.</summary>
    /// <param name="f">A function of a scalar to a tree (see <see cref="Tree"/>).</param>
    /// <param name="order">The highest order, 0 or more.</param>
    /// <param name="function">The text of f, for messages; the compiler gives it.</param>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <exception cref="AutodiffException">The order is negative; or, when called, there is no expression in the result.</exception>
    /// <exception cref="ShapeException">When called: x is not a scalar.</exception>
    [OverloadResolutionPriority(-1)]
    public static Func<Expr, Seq<TResult>> Taylor<TResult>(Func<Expr, TResult> f, int order, [CallerArgumentExpression(nameof(f))] string? function = null)
    {
        NotNull("Taylor", f);
        NotNegative("Taylor", order);
        return x =>
        {
            ScalarOnly("Taylor", x);
            return Expanded("Taylor", f, function, x, [Line(new Sensitivity(1, null), order)], order);
        };
    }

    /// <summary>x ↦ (f(x), f′(x), f″(x), … , f⁽ⁿ⁾(x)), by <see cref="Taylor(Func{Expr, Expr}, int)"/>.</summary>
    /// <remarks>
    /// Measured for all elementwise functions and many compositions, the relative error is at most 10⁻¹³ up to order 6 and 10⁻¹¹ up to order 20, but
    /// where a relative change of 2⁻⁵³ in x, or in the coefficients of intermediate results, changes the derivative by more than a quarter of that.
    /// Compositions lose more with the gamma functions of negative numbers and with log Φ of a number below −0.45.
    /// </remarks>
    /// <param name="f">A function of a scalar, of any result shape.</param>
    /// <param name="order">n, 0 or more.</param>
    /// <returns>A function to n + 1 derivatives, each of the shape of f(x).</returns>
    /// <exception cref="AutodiffException">The order is negative.</exception>
    /// <exception cref="ShapeException">When called: x is not a scalar.</exception>
    public static Func<Expr, Seq<Expr>> Derivatives(Func<Expr, Expr> f, int order)
    {
        NotNull("Derivatives", f);
        NotNegative("Derivatives", order);
        return x =>
        {
            var step = StepFor(order);
            return OfScalar("Derivatives", f, x, order, step).Select((coefficient, k) => Derivative(coefficient, k, step)).ToSeq();
        };
    }

    /// <summary>x ↦ f⁽ⁿ⁾(x), the n-th derivative of a function of one scalar, of any result shape; from order 2 on by <see cref="Taylor(Func{Expr, Expr}, int)"/>.</summary>
    /// <param name="f">A function of a scalar.</param>
    /// <param name="order">n, 0 or more; 0 is f itself.</param>
    /// <exception cref="AutodiffException">The order is negative.</exception>
    /// <exception cref="ShapeException">When called: x is not a scalar.</exception>
    public static Func<Expr, Expr> Diff(Func<Expr, Expr> f, int order)
    {
        NotNull("Diff", f);
        NotNegative("Diff", order);
        return order switch
        {
            0 => f,
            1 => Diff(f),
            _ => x => Derivative(OfScalar("Diff", f, x, order, StepFor(order))[order], order, StepFor(order)),
        };
    }

    /// <summary>(x, v) ↦ the coefficients of t ↦ f(x + tv) up to an order: coefficient k is the k-th derivative of f along v, divided by k!.</summary>
    /// <param name="f">A function of any argument and result shapes.</param>
    /// <param name="order">The highest order, 0 or more.</param>
    /// <returns>A function of the argument and a direction of its shape, to order + 1 coefficients of the shape of f(x).</returns>
    /// <exception cref="AutodiffException">The order is negative.</exception>
    /// <exception cref="ShapeException">When called: v does not have the shape of x.</exception>
    public static Func<Expr, Expr, Seq<Expr>> TaylorAlong(Func<Expr, Expr> f, int order)
    {
        NotNull("TaylorAlong", f);
        NotNegative("TaylorAlong", order);
        return (x, v) =>
        {
            using var trace = new Trace("TaylorAlong", [x], leaves => f(leaves[0]));
            var directions = Matched("TaylorAlong", "direction", [v], "argument", [x]);
            return trace.Expand([Line(directions[0], order)], order)[0].ToSeq();
        };
    }

    /// <summary>(p, v) ↦ the coefficients of t ↦ f(p + tv) for a tree p and a tree of directions v.</summary>
    /// <param name="f">A function of a tree to a tree (see <see cref="Tree"/>).</param>
    /// <param name="order">The highest order, 0 or more.</param>
    /// <param name="function">The text of f, for messages; the compiler gives it.</param>
    /// <typeparam name="T">The type of the argument and the directions.</typeparam>
    /// <typeparam name="TResult">The type of the result.</typeparam>
    /// <exception cref="AutodiffException">
    /// The order is negative; or, when called: the trees differ in structure (the message shows both paths), or there is no expression in the argument or
    /// the result.
    /// </exception>
    /// <exception cref="ShapeException">When called: a direction does not have the shape of its leaf.</exception>
    [OverloadResolutionPriority(-1)]
    public static Func<T, T, Seq<TResult>> TaylorAlong<T, TResult>(Func<T, TResult> f, int order, [CallerArgumentExpression(nameof(f))] string? function = null)
    {
        NotNull("TaylorAlong", f);
        NotNegative("TaylorAlong", order);
        return (p, v) => Expanded(
            "TaylorAlong", f, function, p, Array.ConvertAll(Matched("TaylorAlong", ("direction", v), ("argument", p)), flow => Line(flow, order)), order);
    }

    /// <summary>
    /// The coefficients of a curve x₀ + x₁t + x₂t² + … to those of its image f(x₀ + x₁t + …), as many. <c>Series(f)</c> after <c>Series(g)</c> is
    /// <c>Series</c> of f after g.
    /// </summary>
    /// <param name="f">A function of any argument and result shapes.</param>
    /// <returns>A function of one coefficient or more, all of one shape.</returns>
    /// <exception cref="AutodiffException">When called: there is no coefficient.</exception>
    /// <exception cref="ShapeException">When called: the shapes of the coefficients differ.</exception>
    public static Func<Seq<Expr>, Seq<Expr>> Series(Func<Expr, Expr> f)
    {
        NotNull("Series", f);
        return curve =>
        {
            var (x, higher) = Curve("Series", curve);
            using var trace = new Trace("Series", [x], leaves => f(leaves[0]));
            return trace.Expand([Array.ConvertAll(higher, coefficient => Matched("Series", "coefficient", [coefficient], "first coefficient", [x])[0])], higher.Length)[0].ToSeq();
        };
    }

    /// <summary>The coefficients of a curve of trees to those of its image, as many.</summary>
    /// <param name="f">A function of a tree to a tree (see <see cref="Tree"/>).</param>
    /// <param name="function">The text of f, for messages; the compiler gives it.</param>
    /// <typeparam name="T">The type of the argument and its coefficients.</typeparam>
    /// <typeparam name="TResult">The type of the result and its coefficients.</typeparam>
    /// <exception cref="AutodiffException">
    /// When called: there is no coefficient, the coefficients differ in structure, or there is no expression in the argument or the result.
    /// </exception>
    /// <exception cref="ShapeException">When called: the shapes of the coefficients differ.</exception>
    [OverloadResolutionPriority(-1)]
    public static Func<Seq<T>, Seq<TResult>> Series<T, TResult>(Func<T, TResult> f, [CallerArgumentExpression(nameof(f))] string? function = null)
    {
        NotNull("Series", f);
        return curve =>
        {
            var (p, higher) = Curve("Series", curve);
            var flows = Array.ConvertAll(higher, coefficient => Matched("Series", ("coefficient", coefficient), ("first coefficient", p)));
            var curves = Enumerable.Range(0, Parameters("Series", p).Length).Select(leaf => Array.ConvertAll(flows, each => each[leaf])).ToArray();
            return Expanded("Series", f, function, p, curves, higher.Length);
        };
    }

    /// <summary>
    /// The coefficients, up to an order, of the solution of x′ = field(x) that starts at x₀: xₖ₊₁ = field(x)ₖ/(k + 1), since the coefficient k of
    /// the field depends on those of the solution up to k only.
    /// </summary>
    /// <remarks>
    /// A field that depends on time is one of a larger state: <c>s => Concat([Ones(1), g(s)])</c> has the time as its first element. See
    /// <see cref="TaylorOde{T}"/> for states of several tensors.
    /// </remarks>
    /// <param name="field">A function whose result has the shape of its argument.</param>
    /// <param name="x0">The start.</param>
    /// <param name="order">The highest order, 0 or more.</param>
    /// <returns>order + 1 coefficients; Σ xₖ hᵏ is the solution after a time h within the radius of convergence.</returns>
    /// <exception cref="AutodiffException">The order is negative.</exception>
    /// <exception cref="ShapeException">The field's result does not have the shape of its argument.</exception>
    public static Seq<Expr> TaylorOde(Func<Expr, Expr> field, Expr x0, int order)
    {
        NotNull("TaylorOde", field);
        NotNegative("TaylorOde", order);
        using var trace = new Trace("TaylorOde", [x0], leaves => field(leaves[0]));
        OfField([x0], trace.Results);
        return trace.Solve(order)[0].ToSeq();
    }

    /// <summary>The coefficients, up to an order, of the solution of p′ = field(p) for a state that is a tree, such as a position and a velocity.</summary>
    /// <param name="field">A function of a tree to a tree of the same structure and shapes (see <see cref="Tree"/>).</param>
    /// <param name="x0">The start.</param>
    /// <param name="order">The highest order, 0 or more.</param>
    /// <typeparam name="T">The type of the state.</typeparam>
    /// <returns>order + 1 coefficients.</returns>
    /// <exception cref="AutodiffException">The order is negative, or the field's result has another structure than its argument.</exception>
    /// <exception cref="ShapeException">A leaf of the field's result does not have the shape of that of the argument.</exception>
    [OverloadResolutionPriority(-1)]
    public static Seq<T> TaylorOde<T>(Func<T, T> field, T x0, int order)
    {
        NotNull("TaylorOde", field);
        NotNegative("TaylorOde", order);
        var start = Parameters("TaylorOde", x0);
        using var trace = new Trace("TaylorOde", start, leaves => Tree.Counterparts("TaylorOde", ("the state", x0), ("the field's result", field(Tree.With(x0, leaves)))));
        OfField(start, trace.Results);
        var coefficients = trace.Solve(order);
        return Enumerable.Range(0, order + 1).Select(k => Tree.With(x0, Array.ConvertAll(coefficients, leaf => leaf[k]))).ToSeq();
    }

    /// <summary>Σ cₖtᵏ: the polynomial with the given coefficients, such as those of <see cref="Taylor(Func{Expr, Expr}, int)"/>, by Horner's rule.</summary>
    /// <param name="coefficients">The coefficients, order 0 first; at least one, of shapes that broadcast with that of t.</param>
    /// <param name="t">The argument.</param>
    /// <exception cref="AutodiffException">There is no coefficient.</exception>
    /// <exception cref="ShapeException">The shapes do not broadcast.</exception>
    public static Expr Polynomial(Seq<Expr> coefficients, Expr t)
    {
        if (t is null)
        {
            throw AutodiffException.Null("Polynomial", "the argument");
        }

        var (first, higher) = Curve("Polynomial", coefficients);
        Expr? sum = null;
        foreach (var coefficient in higher.Reverse())
        {
            sum = (sum is null ? coefficient : coefficient + sum) * t;
        }

        return sum is null ? first : first + sum;
    }

    /// <summary>The coefficients of t ↦ f(x + step · t) for a scalar x.</summary>
    private static Expr[] OfScalar(string operation, Func<Expr, Expr> f, Expr x, int order, double step = 1)
    {
        ScalarOnly(operation, x);
        using var trace = new Trace(operation, [x], leaves => f(leaves[0]));
        return trace.Expand([Line(new Sensitivity(step, null), order)], order)[0];
    }

    private static double StepFor(int order) => order <= HighestAtUnitStep ? 1 : LongStep;

    /// <summary>The derivative from a coefficient along x + step · t, which is k!/stepᵏ times as large.</summary>
    private static Expr Derivative(Expr coefficient, int k, double step)
    {
        var factor = 1.0;
        for (var j = 1; j <= k; j++)
        {
            if (factor > LargestFactor)
            {
                (coefficient, factor) = (coefficient * factor, 1);
            }

            factor *= j / step;
        }

        // The coefficient of a formula is often a quotient by its order, which is a divisor of the factorial.
        if (coefficient is { Op: Op.Divide, IsConcrete: false } && coefficient.Operand(1) is { Op: Op.Constant, Shape.IsScalar: true } divisor && factor % divisor.Value == 0)
        {
            (coefficient, factor) = (coefficient.Operand(0), factor / divisor.Value);
        }

        return factor == 1 ? coefficient : coefficient * factor;
    }

    private static Seq<TResult> Expanded<T, TResult>(string operation, Func<T, TResult> f, string? function, T p, Sensitivity?[][] curves, int order)
    {
        var (trace, value) = Traced(operation, f, function, p);
        using (trace)
        {
            var coefficients = trace.Expand(curves, order);
            return Enumerable.Range(0, order + 1).Select(k => Tree.With(value, Array.ConvertAll(coefficients, leaf => leaf[k]))).ToSeq();
        }
    }

    /// <summary>The coefficients, from order 1 on, of x + tv.</summary>
    private static Sensitivity?[] Line(Sensitivity? v, int order)
    {
        var curve = new Sensitivity?[order];
        if (order > 0)
        {
            curve[0] = v;
        }

        return curve;
    }

    private static (T First, T[] Higher) Curve<T>(string operation, Seq<T> curve) => curve.ToArray() is [var first, .. var higher]
        ? (first, higher)
        : throw new AutodiffException($"{operation}: there is no coefficient; a power series has at least that of order 0, its value.");

    private static void OfField(Expr[] state, Expr[] field)
    {
        foreach (var (x, derivative) in state.Zip(field))
        {
            if (x.Shape != derivative.Shape)
            {
                throw new ShapeException($"TaylorOde: the field takes shape {x.Shape} to {derivative.Shape}; the derivative of a state has the shape of the state.");
            }
        }
    }

    private static void ScalarOnly(string operation, Expr x)
    {
        if (x is not null && !x.Shape.IsScalar)
        {
            throw new ShapeException($"{operation}: the argument has shape {x.Shape}, but {operation} differentiates functions of one scalar; use TaylorAlong or DerivativeTensor for tensors.");
        }
    }

    private static void NotNegative(string operation, int order)
    {
        if (order < 0)
        {
            throw new AutodiffException($"{operation}: the order {order} is negative; derivatives have orders 0, 1, 2, ….");
        }
    }
}
