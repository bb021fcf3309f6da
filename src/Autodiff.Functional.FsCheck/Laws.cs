// The laws of functions and their derivatives, as properties for FsCheck.

using System.Runtime.CompilerServices;
using FsCheck;
using FsCheck.Fluent;
using LanguageExt;
using static LanguageExt.Prelude;

namespace Autodiff.Functional;

/// <summary>
/// Laws that functions and their derivatives obey, each as a <see cref="Property"/>: return it from a method marked <c>[Property]</c>, or run it by
/// <c>QuickCheckThrowOnFailure</c>.
/// </summary>
/// <remarks>
/// FsCheck draws the points from a <see cref="Domain{T}"/>, edges and extreme magnitudes among them, and shrinks a counterexample within the domain.
/// Points where nothing can be said, such as those where the function is not defined, are discarded. Results are compared up to rounding, which is
/// measured at the point: the same comparison is made at neighbours a few units of rounding away.
/// </remarks>
/// <example><code>
/// [Property]
/// public Property Energy_is_right() =&gt; Laws.Gradient(Energy, Domain.Box(new Shape(3), -2, 2), order: 2);
/// </code></example>
public static class Laws
{
    private const int MostEdges = 200;

    // Where convexity is tried between two points, and the factors by which homogeneity is.
    private static readonly double[] s_parts = [0.25, 0.5, 0.75];
    private static readonly double[] s_factors = [0.5, 1.5, 3];

    /// <summary>
    /// The derivatives of f up to an order are right: reverse mode = forward mode = their nestings = power series = compiled = interpreted = finite
    /// differences. See <see cref="Check.Gradients{T}(Func{T, Expr}, Domain{T}, int, int, int, string, string)"/>; a failure names the operation at fault.
    /// </summary>
    /// <param name="f">A function of an expression or a tree of them, to an expression of any shape.</param>
    /// <param name="domain">Where it is differentiable, except perhaps at single points.</param>
    /// <param name="order">The highest order, 1 or more.</param>
    /// <param name="function">The code of f, for reports; the compiler gives it.</param>
    /// <param name="within">The code of the domain, for reports; the compiler gives it.</param>
    /// <typeparam name="T">The type of the argument.</typeparam>
    public static Property Gradient<T>(
        Func<T, Expr> f,
        Domain<T> domain,
        int order = 2,
        [CallerArgumentExpression(nameof(f))] string? function = null,
        [CallerArgumentExpression(nameof(domain))] string? within = null) => Of(Check.GradientLaw(f, domain, order, function, within));

    /// <summary>The same for a function of two arguments.</summary>
    /// <inheritdoc cref="Gradient{T}(Func{T, Expr}, Domain{T}, int, string, string)"/>
    public static Property Gradient(
        Func<Expr, Expr, Expr> f,
        Domain<(Expr X, Expr Y)> domain,
        int order = 2,
        [CallerArgumentExpression(nameof(f))] string? function = null,
        [CallerArgumentExpression(nameof(domain))] string? within = null) => Of(Check.GradientLaw<(Expr X, Expr Y)>(p => f(p.X, p.Y), domain, order, function, within));

    /// <summary>The same for a function of three arguments.</summary>
    /// <inheritdoc cref="Gradient{T}(Func{T, Expr}, Domain{T}, int, string, string)"/>
    public static Property Gradient(
        Func<Expr, Expr, Expr, Expr> f,
        Domain<(Expr X, Expr Y, Expr Z)> domain,
        int order = 2,
        [CallerArgumentExpression(nameof(f))] string? function = null,
        [CallerArgumentExpression(nameof(domain))] string? within = null) => Of(Check.GradientLaw<(Expr X, Expr Y, Expr Z)>(p => f(p.X, p.Y, p.Z), domain, order, function, within));

    /// <summary>The same for a function of four arguments.</summary>
    /// <inheritdoc cref="Gradient{T}(Func{T, Expr}, Domain{T}, int, string, string)"/>
    public static Property Gradient(
        Func<Expr, Expr, Expr, Expr, Expr> f,
        Domain<(Expr X, Expr Y, Expr Z, Expr W)> domain,
        int order = 2,
        [CallerArgumentExpression(nameof(f))] string? function = null,
        [CallerArgumentExpression(nameof(domain))] string? within = null) => Of(Check.GradientLaw<(Expr X, Expr Y, Expr Z, Expr W)>(p => f(p.X, p.Y, p.Z, p.W), domain, order, function, within));

    /// <summary>Forward and reverse mode are transposes of each other: ⟨u, J·v⟩ = ⟨u·J, v⟩. See <see cref="Check.Adjoint"/>.</summary>
    /// <param name="f">A function to an expression of any shape.</param>
    /// <param name="domain">Its domain.</param>
    /// <typeparam name="T">The type of the argument.</typeparam>
    public static Property Adjoint<T>(Func<T, Expr> f, Domain<T> domain) => Stated("The adjoint", domain, point =>
    {
        var (x, g) = Raveled(f, point.Value);
        return Check.Adjoint(g, x);
    });

    /// <summary>The Hessian of f is symmetric, by reverse over reverse and by forward over reverse mode, and both are the same.</summary>
    /// <param name="f">A function to a scalar.</param>
    /// <param name="domain">Where it is twice differentiable.</param>
    /// <typeparam name="T">The type of the argument.</typeparam>
    public static Property SymmetricHessian<T>(Func<T, Expr> f, Domain<T> domain) => Stated("A symmetric Hessian", domain, point =>
    {
        var g = (T value) => Raveled(f, value);
        return Comparison.Of(
            point,
            ("the Hessian", value => g(value) is var (x, h) ? AD.JacobianReverse(AD.JacobianReverse(h))(x) : null!),
            ("its transpose", value => g(value) is var (x, h) ? Expr.Transpose(AD.JacobianReverse(AD.JacobianReverse(h))(x)) : null!),
            ("forward over reverse", value => g(value) is var (x, h) ? AD.JacobianForward(AD.JacobianReverse(h))(x) : null!));
    });

    /// <summary>f is linear: f(ax + by) = a f(x) + b f(y), and its derivative along y is f(y).</summary>
    /// <param name="f">A function to an expression of any shape, defined for sums of multiples of points.</param>
    /// <param name="domain">The points.</param>
    /// <typeparam name="T">The type of the argument.</typeparam>
    public static Property Linear<T>(Func<T, Expr> f, Domain<T> domain) => Stated("Linearity", Alike(domain), pair =>
    {
        const double a = 0.75, b = -1.25;
        return Comparison.OfSums(
            pair,
            ("f(ax + by)", p => f(Tree.Map2(p.Item1, p.Item2, (x, y) => (a * x) + (b * y)))),
            ("a f(x) + b f(y)", p => (a * f(p.Item1)) + (b * f(p.Item2))),
            p => Expr.Abs(f(p.Item1)) + Expr.Abs(f(p.Item2))).Bind(_ => Comparison.Of(
            pair,
            ("the derivative along y", p => Raveled(f, p.Item1) is var (x, g) ? AD.Jvp(g)(x, Tree.Ravel(p.Item2).Vector).Tangent : null!),
            ("f(y)", p => f(p.Item2))));
    });

    /// <summary>f is convex: f(tx + (1 − t)y) ≤ t f(x) + (1 − t) f(y), and f(y) ≥ f(x) + ⟨∇f(x), y − x⟩.</summary>
    /// <param name="f">A function to a scalar.</param>
    /// <param name="domain">A convex set.</param>
    /// <typeparam name="T">The type of the argument.</typeparam>
    public static Property Convex<T>(Func<T, Expr> f, Domain<T> domain) => Stated("Convexity", Alike(domain), pair =>
    {
        foreach (var t in s_parts)
        {
            var between = Comparison.AtMost(
                pair,
                ("f(tx + (1 − t)y)", p => f(Tree.Map2(p.Item1, p.Item2, (x, y) => (t * x) + ((1 - t) * y)))),
                ("t f(x) + (1 − t) f(y)", p => (t * f(p.Item1)) + ((1 - t) * f(p.Item2))),
                p => Expr.Abs(f(p.Item1)) + Expr.Abs(f(p.Item2)));
            if (between.IsFail)
            {
                return between;
            }
        }

        return Comparison.AtMost(
            pair,
            ("f(x) + ⟨∇f(x), y − x⟩", p => Raveled(f, p.Item1) is var (x, g) ? g(x) + Expr.Sum(AD.Grad(g)(x) * (Tree.Ravel(p.Item2).Vector - x)) : null!),
            ("f(y)", p => f(p.Item2)),
            p => Raveled(f, p.Item1) is var (x, g) ? Expr.Abs(g(x)) + Expr.Sum(Expr.Abs(AD.Grad(g)(x)) * (Expr.Abs(x) + Expr.Abs(Tree.Ravel(p.Item2).Vector))) : null!);
    });

    /// <summary>f does not change under an action: f(a(x)) = f(x), and so do not its derivatives: those of x ↦ f(a(x)) are those of f.</summary>
    /// <param name="f">A function to an expression of any shape.</param>
    /// <param name="action">The action on the argument, such as a rotation or a permutation.</param>
    /// <param name="domain">The points, which the action maps into the domain of f.</param>
    /// <typeparam name="T">The type of the argument.</typeparam>
    public static Property Invariant<T>(Func<T, Expr> f, Func<T, T> action, Domain<T> domain) => Stated("Invariance", domain, point => Comparison.Of(
        point, ("f(a(x))", x => f(action(x))), ("f(x)", f)).Bind(_ => Comparison.Of(
        point, ("the derivative of f(a(x))", x => Jacobian(value => f(action(value)), x)), ("that of f(x)", x => Jacobian(f, x)))));

    /// <summary>f changes with its argument under an action: f(a(x)) = a(f(x)), with derivatives.</summary>
    /// <param name="f">A function.</param>
    /// <param name="action">The action on arguments and results.</param>
    /// <param name="domain">The points.</param>
    public static Property Equivariant(Func<Expr, Expr> f, Func<Expr, Expr> action, Domain<Expr> domain) => Equivariant(f, action, action, domain);

    /// <summary>f changes with its argument under an action: f(a(x)) = b(f(x)), with derivatives.</summary>
    /// <param name="f">A function to an expression of any shape.</param>
    /// <param name="action">The action a on the argument.</param>
    /// <param name="onResult">The action b on the result.</param>
    /// <param name="domain">The points.</param>
    /// <typeparam name="T">The type of the argument.</typeparam>
    public static Property Equivariant<T>(Func<T, Expr> f, Func<T, T> action, Func<Expr, Expr> onResult, Domain<T> domain) => Stated("Equivariance", domain, point => Comparison.Of(
        point, ("f(a(x))", x => f(action(x))), ("b(f(x))", x => onResult(f(x)))).Bind(_ => Comparison.Of(
        point, ("the derivative of f(a(x))", x => Jacobian(value => f(action(value)), x)), ("that of b(f(x))", x => Jacobian(value => onResult(f(value)), x)))));

    /// <summary>f is homogeneous: f(cx) = cᵏ f(x) for c &gt; 0, and ⟨∇f(x), x⟩ = k f(x) (L. Euler).</summary>
    /// <param name="f">A function to an expression of any shape, defined for multiples of points.</param>
    /// <param name="degree">k.</param>
    /// <param name="domain">The points.</param>
    /// <typeparam name="T">The type of the argument.</typeparam>
    public static Property Homogeneous<T>(Func<T, Expr> f, double degree, Domain<T> domain) => Stated(FormattableString.Invariant($"Homogeneity of degree {degree}"), domain, point =>
    {
        foreach (var c in s_factors)
        {
            var scaled = Comparison.Of(point, ($"f({c}x)", x => f(Tree.Map(x, leaf => c * leaf))), ($"{c}ᵏ f(x)", x => Math.Pow(c, degree) * f(x)));
            if (scaled.IsFail)
            {
                return scaled;
            }
        }

        return Comparison.Of(
            point,
            ("⟨∇f(x), x⟩", value => Raveled(f, value) is var (x, g) ? AD.Jvp(g)(x, x).Tangent : null!),
            ("k f(x)", x => degree * f(x)));
    });

    /// <summary>A batch gives what a loop gives: <c>Vmap</c> of f and of its derivative, on three points, against each point by itself.</summary>
    /// <param name="f">A function to an expression of any shape.</param>
    /// <param name="domain">Points of one shape.</param>
    public static Property Batched(Func<Expr, Expr> f, Domain<Expr> domain) => Stated("Batching", Domain.Triple(domain, domain, domain).Where(p => SameShapes(p.Item1, p.Item2) && SameShapes(p.Item1, p.Item3)), point => Comparison.Of(
                point,
                ("Vmap", p => AD.Vmap(f)(Expr.Stack([p.Item1, p.Item2, p.Item3]))),
                ("a loop", p => Expr.Stack([f(p.Item1), f(p.Item2), f(p.Item3)]))).Bind(_ => Comparison.Of(
                point,
                ("Vmap of the derivative", p => AD.Vmap(AD.JacobianReverse(f))(Expr.Stack([p.Item1, p.Item2, p.Item3]))),
                ("a loop over the derivative", p => Expr.Stack([AD.JacobianReverse(f)(p.Item1), AD.JacobianReverse(f)(p.Item2), AD.JacobianReverse(f)(p.Item3)])))));

    /// <summary>Compiled code gives what f gives, and so do interpreted code and compiled derivatives.</summary>
    /// <param name="f">A function to an expression of any shape that can be compiled.</param>
    /// <param name="domain">Its domain.</param>
    /// <typeparam name="T">The type of the argument.</typeparam>
    public static Property Compiled<T>(Func<T, Expr> f, Domain<T> domain)
    {
        var (compiled, interpreted) = (AD.Compile(f), AD.Compile(f, new CompileOptions(Interpret: true)));
        var derivative = AD.Compile<T, Expr>(x => Jacobian(f, x));
        return Stated("Compiling", domain, point => Comparison.Of(point, ("compiled", x => compiled(x)), ("interpreted", x => interpreted(x)), ("f", f))
            .Bind(_ => Comparison.Of(point, ("the compiled derivative", x => derivative(x)), ("the derivative of compiled code", x => Jacobian(compiled, x)), ("the derivative", x => Jacobian(f, x)))));
    }

    /// <summary>
    /// A function with a rule of its own, or a primitive of one's own, is a reference in value and, at every order that its rule allows, in derivative,
    /// and its rule is right by itself: see <see cref="Gradient{T}(Func{T, Expr}, Domain{T}, int, string, string)"/>. A failure says by what factor and where
    /// the pullback or the tangent is wrong.
    /// </summary>
    /// <param name="custom">The function with the rule.</param>
    /// <param name="reference">The same function without it.</param>
    /// <param name="domain">Where they are differentiable.</param>
    /// <param name="order">The highest order that is tried; an order that the rule does not allow is left out.</param>
    /// <param name="function">The code of the function, for reports; the compiler gives it.</param>
    /// <param name="within">The code of the domain, for reports; the compiler gives it.</param>
    /// <typeparam name="T">The type of the argument.</typeparam>
    public static Property Rule<T>(
        Func<T, Expr> custom,
        Func<T, Expr> reference,
        Domain<T> domain,
        int order = 2,
        [CallerArgumentExpression(nameof(custom))] string? function = null,
        [CallerArgumentExpression(nameof(domain))] string? within = null)
    {
        var gradients = Check.GradientLaw(custom, domain, order, function, within);
        return Stated($"The rule of {function ?? "the function"}", domain, point =>
        {
            var outcome = Comparison.Of(point, (function ?? "the function", custom), ("the reference", reference)).Bind(_ => gradients.At(point));
            for (var k = 1; k <= order && outcome.IsSucc; k++)
            {
                try
                {
                    outcome = Comparison.Of(
                        point,
                        ($"derivative {k} by reverse mode", x => Nested(custom, x, k, AD.JacobianReverse)),
                        ($"derivative {k} by forward mode", x => Nested(custom, x, k, AD.JacobianForward)),
                        ($"derivative {k} of the reference", x => Nested(reference, x, k, AD.JacobianReverse)));
                }
                catch (NotDifferentiableException)
                {
                    break;
                }
            }

            return outcome.Match(Succ: Fin<Unit>.Succ, Fail: error => error is CheckError and not (NoDerivative or JumpFound or LawBroken or Counterexample) ? gradients.Explain(point, (CheckError)error) : error);
        });
    }

    /// <summary>The sparse Jacobian of f is the dense one: no element outside the pattern is other than 0.</summary>
    /// <param name="f">A function from a vector to a vector.</param>
    /// <param name="domain">Its domain.</param>
    public static Property Sparse(Func<Expr, Expr> f, Domain<Expr> domain)
    {
        var sparse = AD.SparseJacobian(f);
        return Stated("The sparse Jacobian", domain, point => Comparison.Of(
            point,
            ("sparse", x => sparse(x).ToArray()),
            ("dense", x => AD.JacobianReverse(f)(x))));
    }

    /// <summary>A law as a property: FsCheck draws the points, and shrinks a point at which it fails.</summary>
    /// <param name="law">The law.</param>
    /// <typeparam name="T">The type of the points.</typeparam>
    /// <exception cref="AutodiffException">The law is null.</exception>
    public static Property Of<T>(Law<T> law) => law is null ? throw AutodiffException("Laws.Of: the law is null.") : Prop.ForAll(Points(law.Domain), point =>
        law.At(point).Match(
            Succ: _ => true.ToProperty(),
            Fail: error => error is NoDerivative or JumpFound
                ? true.When(false)
                : false.Label((error is CheckError and not Counterexample ? law.Explain(point, (CheckError)error) : error).Message)));

    /// <summary>The points of a domain for FsCheck: edges and random points, which it shrinks within the domain.</summary>
    /// <param name="domain">The domain.</param>
    /// <typeparam name="T">The type of the points.</typeparam>
    /// <exception cref="AutodiffException">The domain is null.</exception>
    public static Arbitrary<DomainPoint<T>> Points<T>(Domain<T> domain)
    {
        DomainPoint<T>[] edges = [.. (domain ?? throw AutodiffException("Laws.Points: the domain is null.")).Edges.Take(MostEdges)];
        var random = Gen.Choose(0, int.MaxValue).Select(seed => domain.Point(new Random(seed)));
        return Arb.From(edges.Length == 0 ? random : Gen.Frequency((2, random), (1, Gen.Elements(edges))), point => point.Simpler);
    }

    private static AutodiffException AutodiffException(string message) => new(message);

    private static Property Stated<T>(string name, Domain<T> domain, Func<DomainPoint<T>, Fin<Unit>> holds) => Of(Law<T>.OfPoints(name, domain, holds));

    /// <summary>Pairs of points whose leaves have the same shapes.</summary>
    private static Domain<(T, T)> Alike<T>(Domain<T> domain) => Domain.Pair(domain, domain).Where(pair => SameShapes(pair.Item1, pair.Item2));

    private static bool SameShapes<T>(T one, T other) => Tree.Flatten(one).Select(leaf => leaf.Leaf.Shape).SequenceEqual(Tree.Flatten(other).Select(leaf => leaf.Leaf.Shape));

    /// <summary>A function of a tree as one of the vector of its elements.</summary>
    private static (Expr X, Func<Expr, Expr> F) Raveled<T>(Func<T, Expr> f, T value)
    {
        var (vector, unravel) = Tree.Ravel(value);
        return (vector, x => f(unravel(x)));
    }

    private static Expr Jacobian<T>(Func<T, Expr> f, T value) => Nested(f, value, 1, AD.JacobianReverse);

    private static Expr Nested<T>(Func<T, Expr> f, T value, int order, Func<Func<Expr, Expr>, Func<Expr, Expr>> jacobian)
    {
        var (x, g) = Raveled(f, value);
        for (var k = 0; k < order; k++)
        {
            g = jacobian(g);
        }

        return g(x);
    }
}
