// A function of expressions as a formula for intervals, with its gradient: what proofs evaluate.

namespace Autodiff.Functional;

internal sealed class IntervalFunction
{
    private readonly Expr _variable;
    private readonly Expr _value;
    private readonly Expr _gradient;

    public IntervalFunction(string operation, Func<Expr, Expr> f, IReadOnlyList<Interval> box, int bisections)
    {
        if (f is null || box is null)
        {
            throw new AutodiffException($"{operation}: the {(f is null ? "function" : "box")} is null.");
        }

        if (box.Count == 0 || box.Any(side => !double.IsFinite(side.Low) || !double.IsFinite(side.High)) || bisections < 0)
        {
            throw new AutodiffException($"{operation}: the box is {string.Join(" × ", box)} and the number of bisections {bisections}; it needs an interval with finite bounds, or several, and 0 bisections or more.");
        }

        _variable = Expr.Variable("x", new Shape(box.Count));
        _value = f(_variable) ?? throw new AutodiffException($"{operation}: the function returned null.");
        _gradient = AD.Grad(f)(_variable);
    }

    /// <summary>Bounds of the value on a box: the natural ones, and those of the mean-value form f(m) + f′(X)(X − m).</summary>
    public Interval Bound(Interval[] box)
    {
        var natural = _value.EvaluateElements((_variable, box))[0];
        if (Array.TrueForAll(box, side => side.IsPoint))
        {
            return natural;
        }

        var centered = Gradient(box).Zip(box, (slope, side) => slope * (side - side.Midpoint)).Aggregate(At(box), (sum, term) => sum + term);

        // A centre outside of the domain says nothing.
        return centered.IsEmpty ? natural : natural.Intersect(centered);
    }

    /// <summary>The value in the middle of a box.</summary>
    public Interval At(Interval[] box) => _value.EvaluateElements((_variable, Array.ConvertAll(box, side => (Interval)side.Midpoint)))[0];

    /// <summary>Bounds of the derivative of a function of one number.</summary>
    public Interval Slope(Interval[] box) => Gradient(box)[0];

    /// <summary>The halves of a box across its longest side.</summary>
    public static Interval[][] Halves(Interval[] box)
    {
        var longest = Enumerable.Range(0, box.Length).MaxBy(side => box[side].Width);
        var (lower, upper) = box[longest].Bisect();
        return [[.. box[..longest], lower, .. box[(longest + 1)..]], [.. box[..longest], upper, .. box[(longest + 1)..]]];
    }

    private Interval[] Gradient(Interval[] box) => _gradient.EvaluateElements((_variable, box));
}
