// Checks of a function's derivatives: every mode of differentiation, nested in every way, is compared with finite differences of the derivative of
// the order below.

using System.Runtime.CompilerServices;
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
/// measured near x. Where the function's expression can be evaluated in <see cref="DoubleDouble"/>, the differences are taken of that: they
/// have no rounding to speak of, and the expression of the derivative must agree with them to 10⁻¹⁴.
/// </para>
/// <para>
/// The derivative is computed with rounding too, and where it cancels to 0, rounding is all that is left of it. So before an element fails, the
/// derivatives of t·f(s·v) at v = x/s, and at points next to it, are computed for several factors s and t between 1 and 2. They round
/// differently at every operation and are equal up to a known factor. 8 times the width of these results is allowed in addition.
/// </para>
/// <para>
/// An element that still differs is wrong only if the remainder f(x + hv) − f(x) − h·slope shrinks no faster than the step h as this is halved. If
/// the slopes on both sides differ, there is a kink, and a derivative between them passes, or one between those at points next to it, as where sorted
/// numbers are equal; an infinite derivative passes if the quotients grow without bound. Where f is not finite or jumps, or where nothing converges, there is nothing to check: a check of one point fails with
/// <see cref="NoDerivative"/> or <see cref="JumpFound"/>.
/// </para>
/// <para>
/// Points where the function throws or is not finite count as outside its domain.
/// </para>
/// </remarks>
public static class Check
{
    internal const double DefaultTolerance = 1e-10;
    private const int DefaultCases = 100;
    private const int DefaultSeed = 1;

    // The digits of a double: a number that is off by half a unit in the last place has at least 15.6.
    private const double MostDigits = 16;

    /// <summary>
    /// Compares all derivatives of f at x up to an order with finite differences: at order 1 the Jacobian by reverse and by
    /// forward mode; at order k each mode over each nesting of order k − 1, 2ᵏ in all, with finite differences of the
    /// derivative of order k − 1, which has been checked by then.
    /// </summary>
    /// <param name="f">A function of any argument and result shapes.</param>
    /// <param name="x">The point, concrete.</param>
    /// <param name="order">The highest order, 1 or more.</param>
    /// <param name="tolerance">The relative difference that is allowed in addition to what the error of the finite differences explains.</param>
    /// <returns>Success, or the first <see cref="DerivativeMismatch"/> or other <see cref="CheckError"/>.</returns>
    /// <exception cref="AutodiffException">The function, x or the function's result is null, the order is less than 1, or the tolerance is negative or NaN.</exception>
    /// <exception cref="NotConcreteException">x or the function's result is symbolic.</exception>
    public static Fin<Unit> Gradients(Func<Expr, Expr> f, Expr x, int order = 2, double tolerance = DefaultTolerance)
    {
        NotNull("Check.Gradients", f, x);
        RequireTolerance("Check.Gradients", tolerance);
        return Compare(f, x, new([("x", x.Shape)]), order, tolerance);
    }

    /// <summary>The same for a function of two arguments: derivatives in each and mixed derivatives.</summary>
    /// <param name="f">A function of two arguments, of any shapes.</param>
    /// <param name="at">The arguments, concrete.</param>
    /// <param name="order">The highest order, 1 or more.</param>
    /// <returns>Success, or the first <see cref="DerivativeMismatch"/> or other <see cref="CheckError"/>.</returns>
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
    /// <returns>Success, or the first <see cref="DerivativeMismatch"/> or other <see cref="CheckError"/>.</returns>
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
    /// <returns>Success, or the first <see cref="DerivativeMismatch"/> or other <see cref="CheckError"/>.</returns>
    /// <exception cref="AutodiffException">The function, an argument or the function's result is null, or the order is less than 1.</exception>
    /// <exception cref="NotConcreteException">An argument or the function's result is symbolic.</exception>
    public static Fin<Unit> Gradients(Func<Expr, Expr, Expr, Expr, Expr> f, (Expr X, Expr Y, Expr Z, Expr W) at, int order)
    {
        NotNull("Check.Gradients", f, at.X, at.Y, at.Z, at.W);
        return Compare(v => f(v[0], v[1], v[2], v[3]), [at.X, at.Y, at.Z, at.W], order);
    }

    /// <summary>
    /// Checks the derivatives of f up to an order at many points of a domain: its edges, extreme magnitudes and random points. At each, reverse mode,
    /// forward mode, all their nestings, power series, and compiled and interpreted code are compared with each other and with finite
    /// differences: in double-double where f can be evaluated so, otherwise in double.
    /// </summary>
    /// <remarks>
    /// <para>
    /// No probe leaves the domain. Where f throws or is not finite it counts as undefined, and nothing is said of that point. At a kink a
    /// derivative between the two slopes is accepted. At a jump nothing is said. If nothing can be said at any point, the check fails with the reason.
    /// </para>
    /// <para>
    /// A difference counts as a fault only if neither rounding, measured at the point, nor the error of the differences explains it, and the remainder of
    /// the Taylor expansion shrinks at the rate of a wrong derivative as the step is halved. The point is then shrunk to a simple one, and each
    /// operation of f is tried by itself to find the one at fault.
    /// </para>
    /// <para>f is run on variables without values too, if it can be, so it is called more often than there are points.</para>
    /// </remarks>
    /// <param name="f">A function of an expression or of a tree of them, to an expression of any shape.</param>
    /// <param name="within">Where f is differentiable, except perhaps at single points.</param>
    /// <param name="order">The highest order, 1 or more.</param>
    /// <param name="cases">The number of points, 1 or more.</param>
    /// <param name="seed">The seed; the same seed checks the same points.</param>
    /// <param name="function">The code of f, for reports; the compiler gives it.</param>
    /// <param name="domain">The code of the domain, for reports; the compiler gives it.</param>
    /// <typeparam name="T">The type of the argument (see <see cref="Tree"/>).</typeparam>
    /// <returns>Success, or a <see cref="Counterexample"/>.</returns>
    /// <exception cref="AutodiffException">The function, the domain or a result of the function is null; or the order or the number of points is less than 1.</exception>
    /// <exception cref="NotConcreteException">The function's result is symbolic though its argument has a value.</exception>
    /// <example><code>
    /// var outcome = Check.Gradients(x =&gt; Log(x[0]) * Sin(x[1]), within: Domain.Positive(new Shape(2)), order: 2);
    /// </code></example>
    public static Fin<Unit> Gradients<T>(
        Func<T, Expr> f,
        Domain<T> within,
        int order = 2,
        int cases = DefaultCases,
        int seed = DefaultSeed,
        [CallerArgumentExpression(nameof(f))] string? function = null,
        [CallerArgumentExpression(nameof(within))] string? domain = null) =>
        DerivativeLaw<T>.On("Check.Gradients", f, within, order, function, domain).Run(cases, seed);

    /// <summary>The same for a function of two arguments, taken from a domain of pairs.</summary>
    /// <inheritdoc cref="Gradients{T}(Func{T, Expr}, Domain{T}, int, int, int, string, string)"/>
    public static Fin<Unit> Gradients(
        Func<Expr, Expr, Expr> f,
        Domain<(Expr X, Expr Y)> within,
        int order = 2,
        int cases = DefaultCases,
        int seed = DefaultSeed,
        [CallerArgumentExpression(nameof(f))] string? function = null,
        [CallerArgumentExpression(nameof(within))] string? domain = null) => f is null
        ? throw AutodiffException.Null("Check.Gradients", "the function")
        : DerivativeLaw<(Expr X, Expr Y)>.On("Check.Gradients", p => f(p.X, p.Y), within, order, function, domain).Run(cases, seed);

    /// <summary>The same for a function of three arguments, taken from a domain of triples.</summary>
    /// <inheritdoc cref="Gradients{T}(Func{T, Expr}, Domain{T}, int, int, int, string, string)"/>
    public static Fin<Unit> Gradients(
        Func<Expr, Expr, Expr, Expr> f,
        Domain<(Expr X, Expr Y, Expr Z)> within,
        int order = 2,
        int cases = DefaultCases,
        int seed = DefaultSeed,
        [CallerArgumentExpression(nameof(f))] string? function = null,
        [CallerArgumentExpression(nameof(within))] string? domain = null) => f is null
        ? throw AutodiffException.Null("Check.Gradients", "the function")
        : DerivativeLaw<(Expr X, Expr Y, Expr Z)>.On("Check.Gradients", p => f(p.X, p.Y, p.Z), within, order, function, domain).Run(cases, seed);

    /// <summary>The same for a function of four arguments, taken from a domain of quadruples.</summary>
    /// <inheritdoc cref="Gradients{T}(Func{T, Expr}, Domain{T}, int, int, int, string, string)"/>
    public static Fin<Unit> Gradients(
        Func<Expr, Expr, Expr, Expr, Expr> f,
        Domain<(Expr X, Expr Y, Expr Z, Expr W)> within,
        int order = 2,
        int cases = DefaultCases,
        int seed = DefaultSeed,
        [CallerArgumentExpression(nameof(f))] string? function = null,
        [CallerArgumentExpression(nameof(within))] string? domain = null) => f is null
        ? throw AutodiffException.Null("Check.Gradients", "the function")
        : DerivativeLaw<(Expr X, Expr Y, Expr Z, Expr W)>.On("Check.Gradients", p => f(p.X, p.Y, p.Z, p.W), within, order, function, domain).Run(cases, seed);

    /// <summary>
    /// The law that <see cref="Gradients{T}(Func{T, Expr}, Domain{T}, int, int, int, string, string)"/> tries, as a value: to run it with several seeds, or
    /// at points of one's own. What it has compiled is kept.
    /// </summary>
    /// <param name="f">A function of an expression or of a tree of them, to an expression of any shape.</param>
    /// <param name="within">Where f is differentiable.</param>
    /// <param name="order">The highest order, 1 or more.</param>
    /// <param name="function">The code of f, for reports; the compiler gives it.</param>
    /// <param name="domain">The code of the domain, for reports; the compiler gives it.</param>
    /// <typeparam name="T">The type of the argument (see <see cref="Tree"/>).</typeparam>
    /// <exception cref="AutodiffException">The function or the domain is null, or the order is less than 1.</exception>
    public static Law<T> GradientLaw<T>(
        Func<T, Expr> f,
        Domain<T> within,
        int order = 2,
        [CallerArgumentExpression(nameof(f))] string? function = null,
        [CallerArgumentExpression(nameof(within))] string? domain = null) =>
        DerivativeLaw<T>.On("Check.GradientLaw", f, within, order, function, domain);

    /// <summary>
    /// How many digits of f(x) are right: −log₁₀ of the relative error of the value in doubles against that of the same expression in double-double, the
    /// least over the elements; at most 16. For the digits of a derivative, pass it: <c>Check.Digits(AD.Grad(f), x)</c>.
    /// </summary>
    /// <remarks>The error is that of rounding on the way from x to f(x). x itself is taken as exact. An element that is 0 in both has 16 digits.</remarks>
    /// <param name="f">A function of any shapes, which can be run on a variable without a value.</param>
    /// <param name="x">The point, concrete.</param>
    /// <exception cref="AutodiffException">The function, x or the result is null; or the function uses an operation that has no form in double-double.</exception>
    /// <exception cref="NotConcreteException">x is symbolic, or f asks its argument for a value.</exception>
    /// <example><code>
    /// Check.Digits(x =&gt; (1 - Cos(x)) / (x * x), 1e-6); // 4.05…: the difference cancels
    /// Check.Digits(x =&gt; Sin(x) / (1 + Exp(x)), 2.0);   // 16
    /// </code></example>
    public static double Digits(Func<Expr, Expr> f, Expr x)
    {
        NotNull("Check.Digits", f, x);
        var value = (f(x) ?? throw AutodiffException.Null("Check.Digits", "the function's result")).ToArray();
        var variable = Variable("x", x.Shape);
        var tree = f(variable);
        var precise = tree.EvaluateElements<DoubleDouble>((variable, [.. x.ToArray().Select(element => (DoubleDouble)element)]));
        return value.Zip(precise, DigitsOf).DefaultIfEmpty(MostDigits).Min();
    }

    private static double DigitsOf(double value, DoubleDouble precise)
    {
        var rounded = (double)precise;
        var error = double.IsFinite(value) && double.IsFinite(rounded) ? Math.Abs((double)(value - precise)) : value.Equals(rounded) ? 0 : double.PositiveInfinity;
        return error == 0 ? MostDigits : Math.Clamp(-Math.Log10(error / Math.Abs(rounded)), 0, MostDigits);
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
        RequireTolerance("Check.Adjoint", tolerance);
        var (value, pullback) = AD.Vjp(f)(x);
        var (u, v) = (Directions.Of(value.Shape), Directions.Of(x.Shape));
        var (forward, reverse) = (u * AD.Jvp(f)(x, v).Tangent, pullback(u) * v);
        var (left, right) = (Sum(forward).Value, Sum(reverse).Value);
        var allowed = tolerance * Math.Max(Sum(Abs(forward)).Value, Sum(Abs(reverse)).Value);
        var difference = Math.Abs(left - right);
        var rounding = new Rescaling(Neighbourhood.Free(x.ToArray()), x.Shape, 1, (s, t, at) =>
            Stack([Sum(u * AD.Jvp(Rescaling.Of(f, s, t))(at, v).Tangent), Sum(AD.Vjp(Rescaling.Of(f, s, t))(at).Pullback(u) * v)]) / (s * t));
        allowed = Rescaling.Explained(difference, allowed, samples => rounding.Widths(samples).Sum());
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
            new([.. arguments.Select((argument, i) => ("xyzw"[i].ToString(), argument.Shape))]),
            order,
            DefaultTolerance);
    }

    private static Fin<Unit> Compare(Func<Expr, Expr> f, Expr x, ArgumentNames names, int order, double tolerance)
    {
        if (order < 1)
        {
            throw new AutodiffException($"Check.Gradients: the order is {order}; derivatives to check have orders 1, 2, ….");
        }

        if (!x.IsConcrete)
        {
            throw new NotConcreteException($"Check.Gradients: an argument of shape {x.Shape} is symbolic, and finite differences need numbers; substitute values for its variables.");
        }

        var check = new DerivativeCheck("Check.Gradients", f, names, order, tolerance, []);
        var (verdict, error) = check.At(x, Neighbourhood.Free(x.ToArray()), 1, new Random(1));
        return verdict == Verdict.Holds || x.Shape.Size == 0 ? Fin<Unit>.Succ(default) : Fin<Unit>.Fail(error!);
    }

    private static void RequireTolerance(string operation, double tolerance)
    {
        if (!(tolerance >= 0))
        {
            throw new AutodiffException(FormattableString.Invariant($"{operation}: the tolerance is {tolerance}; it is 0 or more."));
        }
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
