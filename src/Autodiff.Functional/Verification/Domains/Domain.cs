// The domains of tensors, and how domains are put together.

using Autodiff.Functional.Verification.Domains;

namespace Autodiff.Functional;

/// <summary>Sets of points on which functions and derivatives are checked.</summary>
/// <example><code>
/// var outcome = Check.Gradients(x =&gt; Log(x[0]) * Sin(x[1]), within: Domain.Positive(new Shape(2)));
/// </code></example>
public static class Domain
{
    /// <summary>Tensors of one shape whose elements are between two bounds, the bounds included.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="low">The lower bound; −∞ for none.</param>
    /// <param name="high">The upper bound, at least the lower; +∞ for none. Without a bound, magnitudes from 10⁻³ to 10³ are usual, and from 10⁻³⁰⁰ to 10³⁰⁰ are offered.</param>
    /// <exception cref="AutodiffException">A bound is NaN, or the lower one is above the upper one.</exception>
    public static Domain<Expr> Box(Shape shape, double low, double high) =>
        low <= high && low < double.PositiveInfinity && high > double.NegativeInfinity
            ? BoxDomain.Of(shape, new(low, high))
            : throw new AutodiffException(FormattableString.Invariant($"Domain.Box: there is no number from {low} to {high}; the lower bound comes first, and is at most the upper one."));

    /// <summary>Tensors of one shape whose elements are positive, of magnitudes from 10⁻³ to 10³, and at the extremes from 10⁻³⁰⁰ to 10³⁰⁰.</summary>
    /// <param name="shape">The shape.</param>
    public static Domain<Expr> Positive(Shape shape) => BoxDomain.Of(shape, new(double.Epsilon, double.PositiveInfinity));

    /// <summary>Vectors of n elements, none negative, whose sum is 1: probabilities. A step moves a part from one element to another.</summary>
    /// <param name="n">The number of elements, 1 or more.</param>
    /// <exception cref="AutodiffException"><paramref name="n"/> is less than 1.</exception>
    public static Domain<Expr> Simplex(int n) => SimplexDomain.Of(AtLeastOne("Domain.Simplex", n));

    /// <summary>Tensors of one shape in the ball around 0: the sum of the squares of the elements is at most the square of the radius.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="radius">The radius, positive.</param>
    /// <exception cref="AutodiffException">The radius is not a positive number.</exception>
    public static Domain<Expr> Ball(Shape shape, double radius = 1) => radius > 0 && double.IsFinite(radius)
        ? BallDomain.Of(shape, radius)
        : throw new AutodiffException(FormattableString.Invariant($"Domain.Ball: the radius is {radius}; it is a positive number."));

    /// <summary>
    /// Symmetric positive definite n×n matrices with eigenvalues from 10⁻² to 10², and at the edges multiples of the identity, equal eigenvalues and
    /// condition numbers up to 10⁸. A step moves an element together with the one opposite the diagonal.
    /// </summary>
    /// <param name="n">The number of rows and columns, 1 or more.</param>
    /// <exception cref="AutodiffException"><paramref name="n"/> is less than 1.</exception>
    public static Domain<Expr> PositiveDefinite(int n) => PositiveDefiniteDomain.Of(AtLeastOne("Domain.PositiveDefinite", n));

    /// <summary>Orthogonal n×n matrices, of either sign of the determinant. A step rotates two columns into each other.</summary>
    /// <param name="n">The number of rows and columns, 1 or more.</param>
    /// <exception cref="AutodiffException"><paramref name="n"/> is less than 1.</exception>
    public static Domain<Expr> Orthogonal(int n) => OrthogonalDomain.Of(AtLeastOne("Domain.Orthogonal", n));

    /// <summary>Whole numbers between two bounds, the bounds included: lengths, counts and other data. One cannot step from them.</summary>
    /// <param name="low">The lower bound.</param>
    /// <param name="high">The upper bound, at least the lower.</param>
    /// <exception cref="AutodiffException">The lower bound is above the upper one.</exception>
    public static Domain<int> Integers(int low, int high) => low <= high
        ? IntegerDomain.Of(low, high)
        : throw new AutodiffException($"Domain.Integers: there is no whole number from {low} to {high}; the lower bound comes first, and is at most the upper one.");

    /// <summary>Tensors of whole numbers between two bounds, the bounds included. One cannot step from them, so that no derivative in them is checked.</summary>
    /// <param name="shape">The shape.</param>
    /// <param name="low">The lower bound.</param>
    /// <param name="high">The upper bound, at least the lower.</param>
    /// <exception cref="AutodiffException">The lower bound is above the upper one.</exception>
    public static Domain<Expr> Integers(Shape shape, int low, int high) => low <= high
        ? IntegerDomain.Of(shape, low, high)
        : throw new AutodiffException($"Domain.Integers: there is no whole number from {low} to {high}; the lower bound comes first, and is at most the upper one.");

    /// <summary>The given points and no others. From a tensor one may step any distance, in every element.</summary>
    /// <param name="points">The points, at least one, the simplest first: expressions with values, trees of them, or data.</param>
    /// <typeparam name="T">The type of the points.</typeparam>
    /// <exception cref="AutodiffException">There is no point, or one is null.</exception>
    public static Domain<T> OneOf<T>(params IEnumerable<T> points)
    {
        T[] all = [.. points ?? throw AutodiffException.Null("Domain.OneOf", "the list of points")];
        return all.Length == 0 ? throw new AutodiffException("Domain.OneOf: no point is given; one or more are needed.")
            : Array.Exists(all, point => point is null) ? throw AutodiffException.Null("Domain.OneOf", "a point")
            : GivenPoints.Of(all);
    }

    /// <summary>The given tensors and no others. From each one may step any distance, in every element.</summary>
    /// <param name="points">The points, at least one, the simplest first, with values.</param>
    /// <exception cref="AutodiffException">There is no point, or one is null.</exception>
    public static Domain<Expr> OneOf(params IEnumerable<Expr> points) => OneOf<Expr>(points);

    /// <summary>Pairs of points of two domains.</summary>
    /// <param name="first">The domain of the first.</param>
    /// <param name="second">The domain of the second.</param>
    /// <typeparam name="T1">The type of the first points.</typeparam>
    /// <typeparam name="T2">The type of the second points.</typeparam>
    /// <exception cref="AutodiffException">A domain is null.</exception>
    public static Domain<(T1, T2)> Pair<T1, T2>(Domain<T1> first, Domain<T2> second) =>
        NotNull("Domain.Pair", first).With(NotNull("Domain.Pair", second), (a, b) => (a, b));

    /// <summary>Triples of points of three domains.</summary>
    /// <param name="first">The domain of the first.</param>
    /// <param name="second">The domain of the second.</param>
    /// <param name="third">The domain of the third.</param>
    /// <typeparam name="T1">The type of the first points.</typeparam>
    /// <typeparam name="T2">The type of the second points.</typeparam>
    /// <typeparam name="T3">The type of the third points.</typeparam>
    /// <exception cref="AutodiffException">A domain is null.</exception>
    public static Domain<(T1, T2, T3)> Triple<T1, T2, T3>(Domain<T1> first, Domain<T2> second, Domain<T3> third) =>
        Pair(first, second).With(NotNull("Domain.Triple", third), (pair, c) => (pair.Item1, pair.Item2, c));

    /// <summary>Quadruples of points of four domains.</summary>
    /// <param name="first">The domain of the first.</param>
    /// <param name="second">The domain of the second.</param>
    /// <param name="third">The domain of the third.</param>
    /// <param name="fourth">The domain of the fourth.</param>
    /// <typeparam name="T1">The type of the first points.</typeparam>
    /// <typeparam name="T2">The type of the second points.</typeparam>
    /// <typeparam name="T3">The type of the third points.</typeparam>
    /// <typeparam name="T4">The type of the fourth points.</typeparam>
    /// <exception cref="AutodiffException">A domain is null.</exception>
    public static Domain<(T1, T2, T3, T4)> Quadruple<T1, T2, T3, T4>(Domain<T1> first, Domain<T2> second, Domain<T3> third, Domain<T4> fourth) =>
        Triple(first, second, third).With(NotNull("Domain.Quadruple", fourth), (triple, d) => (triple.Item1, triple.Item2, triple.Item3, d));

    /// <summary>Trees like a given one, each leaf taken from a domain of its own.</summary>
    /// <param name="tree">A tree with the structure of the points; its leaves only tell paths and shapes.</param>
    /// <param name="domain">From the path of a leaf, such as <c>Layers[2].Bias</c>, and its shape to its domain.</param>
    /// <typeparam name="T">The type of the tree (see <see cref="Functional.Tree"/>).</typeparam>
    /// <exception cref="AutodiffException">The tree or the function is null, or there is no expression in the tree.</exception>
    /// <example><code>
    /// var models = Domain.Tree(new Model(Zeros(2, 3), Zeros(2)), (path, shape) =&gt; Domain.Box(shape, -1, 1));
    /// </code></example>
    public static Domain<T> Tree<T>(T tree, Func<string, Shape, Domain<Expr>> domain)
    {
        var leaves = Functional.Tree.Flatten(NotNull("Domain.Tree", tree));
        NotNull("Domain.Tree", domain);
        if (leaves.Count == 0)
        {
            throw new AutodiffException($"Domain.Tree: there is no expression in the {typeof(T).Name}, so it has no domain.");
        }

        var list = OneOf<Expr[]>([[]]);
        foreach (var (path, leaf) in leaves)
        {
            list = list.With(NotNull("Domain.Tree", domain(path, leaf.Shape)), (before, value) => (Expr[])[.. before, value]);
        }

        return list.Select(values => Functional.Tree.With(tree, values));
    }

    private static int AtLeastOne(string operation, int n) => n >= 1 ? n : throw new AutodiffException($"{operation}: the size is {n}; it is 1 or more.");

    private static T NotNull<T>(string operation, T value) => value ?? throw AutodiffException.Null(operation, "an argument");
}
