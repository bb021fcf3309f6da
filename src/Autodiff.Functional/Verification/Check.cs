// Checks of a function's derivatives: every mode of differentiation, nested in every way, is compared with finite differences of the derivative of
// the order below.

using Autodiff.Functional.Verification;
using LanguageExt;
using static Autodiff.Functional.Expr;

namespace Autodiff.Functional;

/// <summary>Checks of derivatives, for tests of functions that are differentiated and of rules that are written by hand.</summary>
/// <remarks>
/// <para>
/// An element passes if it differs from the result of finite differences by no more than the tolerance times that result, plus 10 times
/// the error that the finite differences estimate of themselves. This error is not granted in full: at most a hundredth of the derivative's scale,
/// so that differences that do not converge excuse nothing, plus 10 times the noise of rounding in the function at their step, which is
/// measured near x. NaN and ∞ never pass, even if both sides have them: where a derivative is not finite there is nothing to check.
/// </para>
/// <para>
/// The derivative is computed with rounding too, and where it cancels to 0, rounding is all that is left of it. So before an element fails, the
/// derivatives of t·f(s·v) at v = x/s, and at points next to it, are computed for several factors s and t between 1 and 2. They round
/// differently at every operation and are equal up to a known factor. 8 times the width of these results is allowed in addition.
/// </para>
/// <para>
/// Points near x where the function throws or is not finite count as outside its domain.
/// </para>
/// <para>
/// Finite differences need a function that is smooth near x. At a kink or a jump they converge to a mean of the derivatives
/// on either side or not at all, and at the edge of a domain they may converge slowly; there a check may fail whatever the
/// derivative is. Check at points beside these.
/// </para>
/// </remarks>
public static class Check
{
    private const double DefaultTolerance = 1e-10;

    // Rounding may have moved a derivative by this many times the width of its samples.
    private const double RoundingFactor = 8;

    private static readonly (string Name, Func<Func<Expr, Expr>, Func<Expr, Expr>> Jacobian)[] Modes =
        [("reverse", AD.JacobianReverse), ("forward", AD.JacobianForward)];

    /// <summary>
    /// Compares all derivatives of f at x up to an order with finite differences: at order 1 the Jacobian by reverse and by
    /// forward mode; at order k each mode over each nesting of order k − 1, 2ᵏ in all, with finite differences of the
    /// derivative of order k − 1, which has been checked by then.
    /// </summary>
    /// <param name="f">A function of any argument and result shapes.</param>
    /// <param name="x">The point, concrete.</param>
    /// <param name="order">The highest order, 1 or more.</param>
    /// <param name="tolerance">The relative difference that is allowed in addition to what the error of the finite differences explains.</param>
    /// <returns>Success, or the first <see cref="DerivativeMismatch"/>.</returns>
    /// <exception cref="AutodiffException">The function, x or the function's result is null, or the order is less than 1.</exception>
    /// <exception cref="NotConcreteException">x or the function's result is symbolic.</exception>
    public static Fin<Unit> Gradients(Func<Expr, Expr> f, Expr x, int order = 2, double tolerance = DefaultTolerance)
    {
        NotNull("Check.Gradients", f, x);
        return Compare(f, x, [x.Shape], order, tolerance);
    }

    /// <summary>The same for a function of two arguments: derivatives in each and mixed derivatives.</summary>
    /// <param name="f">A function of two arguments, of any shapes.</param>
    /// <param name="at">The arguments, concrete.</param>
    /// <param name="order">The highest order, 1 or more.</param>
    /// <returns>Success, or the first <see cref="DerivativeMismatch"/>.</returns>
    /// <exception cref="AutodiffException">The function, an argument or the function's result is null, or the order is less than 1.</exception>
    /// <exception cref="NotConcreteException">An argument or the function's result is symbolic.</exception>
    public static Fin<Unit> Gradients(Func<Expr, Expr, Expr> f, (Expr X, Expr Y) at, int order)
    {
        NotNull("Check.Gradients", f, at.X, at.Y);
        return Compare(v => f(v[0], v[1]), [at.X, at.Y], order);
    }

    /// <summary>The same for a function of three arguments: derivatives in each and mixed derivatives.</summary>
    /// <param name="f">A function of three arguments, of any shapes.</param>
    /// <param name="at">The arguments, concrete.</param>
    /// <param name="order">The highest order, 1 or more.</param>
    /// <returns>Success, or the first <see cref="DerivativeMismatch"/>.</returns>
    /// <exception cref="AutodiffException">The function, an argument or the function's result is null, or the order is less than 1.</exception>
    /// <exception cref="NotConcreteException">An argument or the function's result is symbolic.</exception>
    public static Fin<Unit> Gradients(Func<Expr, Expr, Expr, Expr> f, (Expr X, Expr Y, Expr Z) at, int order)
    {
        NotNull("Check.Gradients", f, at.X, at.Y, at.Z);
        return Compare(v => f(v[0], v[1], v[2]), [at.X, at.Y, at.Z], order);
    }

    /// <summary>The same for a function of four arguments: derivatives in each and mixed derivatives.</summary>
    /// <param name="f">A function of four arguments, of any shapes.</param>
    /// <param name="at">The arguments, concrete.</param>
    /// <param name="order">The highest order, 1 or more.</param>
    /// <returns>Success, or the first <see cref="DerivativeMismatch"/>.</returns>
    /// <exception cref="AutodiffException">The function, an argument or the function's result is null, or the order is less than 1.</exception>
    /// <exception cref="NotConcreteException">An argument or the function's result is symbolic.</exception>
    public static Fin<Unit> Gradients(Func<Expr, Expr, Expr, Expr, Expr> f, (Expr X, Expr Y, Expr Z, Expr W) at, int order)
    {
        NotNull("Check.Gradients", f, at.X, at.Y, at.Z, at.W);
        return Compare(v => f(v[0], v[1], v[2], v[3]), [at.X, at.Y, at.Z, at.W], order);
    }

    /// <summary>
    /// The dot-product test ⟨u, J·v⟩ = ⟨u·J, v⟩ for fixed directions u and v without a pattern: whether forward and reverse mode
    /// are transposes of each other. It needs one sweep of each, whatever the sizes, and no smoothness.
    /// </summary>
    /// <param name="f">A function of any argument and result shapes.</param>
    /// <param name="x">The point, concrete.</param>
    /// <param name="tolerance">The difference that is allowed, relative to the sums of magnitudes, in addition to what rounding in either mode explains.</param>
    /// <returns>Success, or an <see cref="AdjointMismatch"/>. NaN and ∞ never pass.</returns>
    /// <exception cref="AutodiffException">The function, x or the function's result is null.</exception>
    /// <exception cref="NotConcreteException">x or the function's result is symbolic.</exception>
    public static Fin<Unit> Adjoint(Func<Expr, Expr> f, Expr x, double tolerance = DefaultTolerance)
    {
        NotNull("Check.Adjoint", f, x);
        var (value, pullback) = AD.Vjp(f)(x);
        var (u, v) = (Direction(value.Shape), Direction(x.Shape));
        var (forward, reverse) = (u * AD.Jvp(f)(x, v).Tangent, pullback(u) * v);
        var (left, right) = (Sum(forward).Value, Sum(reverse).Value);
        var allowed = tolerance * Math.Max(Sum(Abs(forward)).Value, Sum(Abs(reverse)).Value);
        var (difference, unexplained) = (Math.Abs(left - right), allowed);
        foreach (var samples in Rescaling.Samples(difference))
        {
            if (!(difference > allowed))
            {
                break;
            }

            var width = Rescaling.Spread(
                x,
                samples,
                (s, t, at) => Stack([Sum(u * AD.Jvp(Rescaling.Of(f, s, t))(at, v).Tangent), Sum(AD.Vjp(Rescaling.Of(f, s, t))(at).Pullback(u) * v)]) / (s * t));
            allowed = unexplained + (RoundingFactor * (width[0] + width[1]));
        }

        return difference <= allowed
            ? Fin<Unit>.Succ(default)
            : Fin<Unit>.Fail(new AdjointMismatch(left, right, allowed));
    }

    /// <summary>Checks a function of several arguments as a function of one vector of all their elements.</summary>
    private static Fin<Unit> Compare(Func<Expr[], Expr> f, Expr[] arguments, int order)
    {
        Expr Joined(Expr elements)
        {
            var start = 0;
            return f(Array.ConvertAll(arguments, argument =>
            {
                var part = Reshape(elements[start..(start + argument.Shape.Size)], argument.Shape);
                start += argument.Shape.Size;
                return part;
            }));
        }

        return Compare(
            Joined,
            Concat(Array.ConvertAll(arguments, argument => Reshape(argument, new Shape(argument.Shape.Size))), 0),
            Array.ConvertAll(arguments, argument => argument.Shape),
            order,
            DefaultTolerance);
    }

    private static Fin<Unit> Compare(Func<Expr, Expr> f, Expr x, Shape[] arguments, int order, double tolerance)
    {
        if (order < 1)
        {
            throw new AutodiffException($"Check.Gradients: the order is {order}; derivatives to check have orders 1, 2, ….");
        }

        (string Mode, Func<Func<Expr, Expr>, Func<Expr, Expr>> Derivative)[] nestings = [("", g => g)];
        for (var k = 1; k <= order; k++)
        {
            var below = nestings[0].Derivative(f);
            var differences = new FiniteDifferences("Check.Gradients", v => below(v[0]), x);
            var expected = differences.Jacobian();
            nestings =
            [
                .. from outer in Modes
                   from inner in nestings
                   select (
                       k == 1 ? outer.Name : $"{outer.Name}-over-{inner.Mode}",
                       (Func<Func<Expr, Expr>, Func<Expr, Expr>>)(g => outer.Jacobian(inner.Derivative(g)))),
            ];
            foreach (var (mode, derivative) in nestings)
            {
                var found = derivative(f)(x);
                var elements = found.ToArray();
                var widths = new Dictionary<int, double[]>();
                for (var i = 0; i < elements.Length; i++)
                {
                    var allowed = (tolerance * Math.Abs(expected[i].Value)) + Math.Min(10 * expected[i].Error, (0.01 * expected[i].Scale) + (10 * expected[i].Noise));
                    var difference = Math.Abs(elements[i] - expected[i].Value);
                    var (unexplained, power) = (allowed, k);
                    foreach (var samples in Rescaling.Samples(difference))
                    {
                        if (!(difference > allowed))
                        {
                            break;
                        }

                        if (!widths.TryGetValue(samples, out var width))
                        {
                            width = widths[samples] = Rescaling.Spread(x, samples, (s, t, at) => derivative(Rescaling.Of(f, s, t))(at) / (t * Math.Pow(s, power)));
                        }

                        allowed = unexplained + (RoundingFactor * width[i]);
                    }

                    if (!(difference <= allowed))
                    {
                        var index = Position(i, found.Shape);
                        return Fin<Unit>.Fail(new DerivativeMismatch(
                            mode, k, Formula(index, k, x.Rank, arguments), Prelude.toSeq(index), elements[i], expected[i].Value, allowed));
                    }
                }
            }
        }

        return Fin<Unit>.Succ(default);
    }

    /// <summary>∂ᵏf[i]/∂x[j]…, given the position of the element in the derivative: first the position in the result, then k positions in the argument.</summary>
    private static string Formula(int[] index, int order, int rank, Shape[] arguments)
    {
        var result = index.Length - (order * rank);
        var power = order switch { 1 => "", 2 => "²", 3 => "³", _ => $"^{order}" };
        var variables = Enumerable.Range(0, order).Select(k => Variable(index[(result + (k * rank))..(result + ((k + 1) * rank))], arguments));
        return $"∂{power}f{Brackets(index[..result])}/{string.Concat(variables.Select(variable => $"∂{variable}"))}";
    }

    private static string Variable(int[] index, Shape[] arguments)
    {
        if (arguments.Length == 1)
        {
            return $"x{Brackets(index)}";
        }

        var (argument, element) = (0, index[0]);
        for (; element >= arguments[argument].Size; argument++)
        {
            element -= arguments[argument].Size;
        }

        return $"{"xyzw"[argument]}{Brackets(Position(element, arguments[argument]))}";
    }

    private static string Brackets(int[] index) => index.Length == 0 ? "" : $"[{string.Join(", ", index)}]";

    private static int[] Position(int element, Shape shape) =>
        [.. shape.Strides().Zip(shape, (stride, length) => element / stride % length)];

    /// <summary>Numbers between −1 and 1 that form no pattern: multiples of the golden ratio, modulo 1.</summary>
    private static Expr Direction(Shape shape)
    {
        var elements = new double[shape.Size];
        for (var i = 0; i < elements.Length; i++)
        {
            elements[i] = (2 * ((i + 1) * 0.6180339887498949 % 1)) - 1;
        }

        return Constant(elements, shape);
    }

    private static void NotNull(string operation, Delegate f, params ReadOnlySpan<Expr> arguments)
    {
        if (f is null)
        {
            throw AutodiffException.Null(operation, "the function");
        }

        foreach (var argument in arguments)
        {
            if (argument is null)
            {
                throw AutodiffException.Null(operation, "the argument");
            }
        }
    }
}
