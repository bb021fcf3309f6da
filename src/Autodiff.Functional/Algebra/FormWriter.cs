// From forms to expressions, in a canonical order, and the choice between ways to write a sum.

using System.Numerics;
using Autodiff.Functional.Primitives;
using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Algebra;

/// <summary>Makes atoms of nodes and nodes of forms. Equal formulas become one node.</summary>
internal sealed class FormWriter
{
    // The most terms of a sum whose product with another is written out to see whether that is shorter, the most terms of the result, and the
    // largest power.
    private const int MostExpanded = 8;
    private const int MostTerms = 64;
    private const int LargestPower = 3;

    // Formulas with more operations than this, each counted as often as it is written, count as equally long.
    private const long Longest = long.MaxValue / 4;

    // The operations by which the length of a form may be estimated too high.
    private const int Slack = 3;

    // Fractions with a longer decimal number are written as fractions.
    private const int LongestDecimal = 8;

    // How many characters of a term its place in the order depends on.
    private const int OrderLength = 60;

    private readonly DistinctNodes _distinct = new(64);
    private readonly Dictionary<Expr, Atom> _atoms = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Expr, long> _sizes = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Expr, (string Text, int Hash)> _texts = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Expr, Form> _forms = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Form, Expr> _written = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(Monomial, Rational), Expr> _products = [];
    private readonly Dictionary<Form, Form> _reduced = new(ReferenceEqualityComparer.Instance);

    /// <summary>The node itself, or the one equal to it that has been met before.</summary>
    public Expr Interned(Expr node) => node.Op == Op.Constant ? node : _distinct.FirstLike(node);

    /// <summary>The atom of a node.</summary>
    public Atom AtomOf(Expr node, Form? sum = null, Form? exponent = null, Expr? @base = null)
    {
        node = Interned(node);
        if (!_atoms.TryGetValue(node, out var atom))
        {
            var rank = node.Op == Op.Variable ? '0' : sum is null ? '1' : '2';
            _atoms.Add(node, atom = new(node, _atoms.Count, $"{rank}{TextOf(node)}") { Sum = sum, Exponent = exponent, Base = @base });
        }

        return atom;
    }

    /// <summary>Whether a node has been written from a form.</summary>
    public bool IsWritten(Expr node) => _forms.ContainsKey(node);

    /// <summary>A node, whose form is known from now on.</summary>
    public Expr Known(Expr node, Form form)
    {
        _forms.TryAdd(node, form);
        return node;
    }

    /// <summary>The form of a node: a number, what is known of it, or an atom.</summary>
    public Form FormOf(Expr node) =>
        _forms.TryGetValue(node, out var form) ? form
        : node.Op == Op.Constant && node.Shape.Size > 0 && !node.Storage.Span.ContainsAnyExcept(node.Storage[0]) && Rational.OfFraction(node.Storage[0]) is { } number ? Form.Of(number)
        : Form.Of(Monomial.Of(AtomOf(node), 1), 1);

    /// <summary>A form as a node of a shape.</summary>
    public Expr Write(Form form, Shape shape) => Interned(Expr.BroadcastTo(Written(Reduced(form)), shape));

    /// <summary>A node times 2; of a sum the product, which is not searched for a shorter form again.</summary>
    public Expr Twice(Expr node) =>
        Written(FormOf(node) is { Count: 1 } term ? term.Times(Monomial.One, 2) : Form.Of(Monomial.Of(AtomOf(node, FormOf(node)), 1), 2));

    /// <summary>A form as one term: a sum of several terms becomes an atom, less what all its terms have in common.</summary>
    public (Monomial Monomial, Rational Coefficient) AsProduct(Form form)
    {
        if (form.Count == 0)
        {
            return (Monomial.One, Rational.Zero);
        }

        var reduced = Reduced(form);
        if (reduced.Single is { } term)
        {
            return term;
        }

        var common = CommonTo(reduced, overDenominators: false);
        return Factored(Divided(reduced, common), common);
    }

    /// <summary>The shortest of several equal forms: as it is, over a common factor or denominator, and with products of sums written out.</summary>
    public Form Reduced(Form form)
    {
        if (form.Count == 0 || form.Single is { Monomial.Factors.Length: < 2 })
        {
            return form;
        }

        if (!_reduced.TryGetValue(form, out var best))
        {
            best = form;
            var least = SizeOf(Written(form));
            foreach (var start in (Form?[])(least < Longest ? [form, Expanded(form, onlySums: true), Expanded(form)] : []))
            {
                if (start is null)
                {
                    continue;
                }

                Consider(start);
                Consider(Identities.DoubleAngles(start, this));
                var common = CommonTo(start, overDenominators: true);
                var rest = Divided(start, common);
                if (start.Count > 1 && (!ReferenceEquals(rest, start) || !ContentOf(rest).IsOne) && IsShort(rest))
                {
                    Consider(Form.Of([Factored(rest, common)]));
                }
            }

            // Forms are only written if they may be shorter.
            bool IsShort(Form candidate) => LengthOf(candidate) < least + Slack;

            void Consider(Form candidate)
            {
                if (!ReferenceEquals(candidate, best) && IsShort(candidate) && SizeOf(Written(candidate)) is var size && size < least)
                {
                    (best, least) = (candidate, size);
                }
            }

            _reduced.Add(form, best);
        }

        return best;
    }

    /// <summary>The number of operations of a tree, each counted as often as it is written.</summary>
    public long SizeOf(Expr root)
    {
        PostOrder.Walk(root, node => !_sizes.ContainsKey(node), node =>
        {
            var size = node.OperandCount == 0 ? 0L : 1;
            foreach (var operand in node.Operands)
            {
                size = Math.Min(Longest, size + _sizes[operand]);
            }

            _sizes[node] = size;
        });
        return _sizes[root];
    }

    /// <summary>About the number of operations that a form is written in, without writing it.</summary>
    private long LengthOf(Form form)
    {
        var sum = Math.Max(0, form.Count - 1L);
        foreach (var (monomial, coefficient) in form.Terms)
        {
            // A coefficient is multiplied by, but for a sign; a product of reciprocals is divided by.
            var isReciprocal = true;
            var length = coefficient.IsOne || (-coefficient).IsOne ? 0L : 1;
            foreach (var (atom, exponent) in monomial.Factors)
            {
                isReciprocal &= exponent.Sign < 0;
                length += 1 + SizeOf(atom.Node) + (exponent.IsOne || (-exponent).IsOne ? 0 : 1) - Identities.Saved(monomial, atom, exponent, this);
            }

            sum = Math.Min(Longest, sum + Math.Max(0, isReciprocal && length > 0 ? length : length - 1));
        }

        return sum;
    }

    /// <summary>
    /// Products with powers of sums written out, as long as there are few terms, and with identities applied; null if there are none.
    /// </summary>
    /// <param name="form">The form.</param>
    /// <param name="onlySums">Whether only sums times numbers are written out.</param>
    private Form? Expanded(Form form, bool onlySums = false)
    {
        bool IsWritten(Monomial product) => product.Factors.Any(IsExpandable) && !(onlySums && product.Factors.Length > 1);
        if (form.Count > MostTerms || !form.Terms.Any(term => IsWritten(term.Monomial)))
        {
            return null;
        }

        var sum = Form.Zero;
        foreach (var (monomial, coefficient) in form.Terms)
        {
            var product = IsWritten(monomial) ? Form.Of(coefficient) : Form.Of(monomial, coefficient);
            foreach (var factor in IsWritten(monomial) ? monomial.Factors : [])
            {
                for (var k = 0; IsExpandable(factor) && k < (int)factor.Exponent.Numerator; k++)
                {
                    product *= factor.Atom.Sum!;
                }

                product = IsExpandable(factor) ? product : product.Times(Monomial.Of(factor.Atom, factor.Exponent), 1);
                if (product.Count > MostTerms)
                {
                    return null;
                }
            }

            sum += product;
        }

        return Identities.Applied(sum, this);
    }

    private static bool IsExpandable((Atom Atom, Rational Exponent) factor) =>
        factor.Atom.Sum is { Count: <= MostExpanded } && factor.Exponent.IsInteger && factor.Exponent.Sign > 0 && factor.Exponent.CompareTo(LargestPower) <= 0;

    /// <summary>
    /// The factors that all terms have in common; with denominators, also those that some have as a denominator.
    /// </summary>
    private static Monomial CommonTo(Form form, bool overDenominators)
    {
        var counts = new Dictionary<Atom, (int Terms, Rational Least)>();
        foreach (var (monomial, _) in form.Terms)
        {
            foreach (var (atom, exponent) in monomial.Factors)
            {
                counts[atom] = counts.TryGetValue(atom, out var before)
                    ? (before.Terms + 1, exponent.CompareTo(before.Least) < 0 ? exponent : before.Least)
                    : (1, exponent);
            }
        }

        return Monomial.Of(counts
            .Where(count => count.Value.Terms == form.Count || (overDenominators && count.Value.Least.Sign < 0))
            .Select(count => (count.Key, count.Value.Least)));
    }

    /// <summary>What is left of a sum without a factor.</summary>
    private Form Divided(Form form, Monomial factor)
    {
        var rest = factor.Factors.Length == 0 ? form : form.Times(factor.Power(-1), 1);
        return Expanded(rest) is { } expanded && LengthOf(expanded) <= LengthOf(rest) ? expanded : Identities.Applied(rest, this);
    }

    /// <summary>A sum times a factor as a coefficient times a monomial, in which the sum is an atom.</summary>
    private (Monomial Monomial, Rational Coefficient) Factored(Form sum, Monomial factor)
    {
        if (sum.Count == 0)
        {
            return (Monomial.One, Rational.Zero);
        }

        if (sum.Single is var (monomial, coefficient))
        {
            return (monomial * factor, coefficient);
        }

        var content = ContentOf(sum);
        if (Sorted(sum)[0].Coefficient.Sign < 0)
        {
            content = -content;
        }

        return (factor * Monomial.Of(SumAtom(sum.Times(Monomial.One, content.Inverse())), 1), content);
    }

    /// <summary>The largest number that all coefficients are whole multiples of; 1 for numbers such as log 2, which have none to speak of.</summary>
    private static Rational ContentOf(Form sum)
    {
        var content = Rational.Zero;
        foreach (var (_, coefficient) in sum.Terms)
        {
            if (!coefficient.IsSimple)
            {
                return 1;
            }

            content = Rational.GreatestCommonDivisor(content, coefficient);
        }

        return content;
    }

    private Atom SumAtom(Form sum) => AtomOf(Written(sum), sum);

    private Expr Written(Form form) => _written.TryGetValue(form, out var known) ? known : _written[form] = Sum(form);

    private Expr Sum(Form form)
    {
        if (form.Count == 0)
        {
            return 0;
        }

        // A sum starts with a term that is added, if there is one; −(x − y) z is (y − x) z, and −1/(x − y) is 1/(y − x).
        var terms = Sorted(form.Single is var (only, number) && number.Sign < 0 && Flipped(only) is { } flipped ? Form.Of(flipped, -number) : form);
        var first = Math.Max(0, terms.FindIndex(term => term.Coefficient.Sign > 0));
        var sum = (Expr?)null;
        foreach (var (monomial, coefficient) in terms.Skip(first).Take(1).Concat(terms.Take(first)).Concat(terms.Skip(first + 1)))
        {
            var isNegative = coefficient.Sign < 0;
            var term = Product(monomial, isNegative ? -coefficient : coefficient);
            sum = Interned(sum is null ? (isNegative ? -term : term) : isNegative ? sum - term : sum + term);
        }

        return sum!;
    }

    /// <summary>The product with one factor, an odd power of a sum of terms with both signs, negated; null if there is none.</summary>
    private Monomial? Flipped(Monomial product)
    {
        foreach (var (atom, exponent) in product.Factors)
        {
            if (exponent.IsInteger && !exponent.IsEven && atom.Sum is { } sum && sum.Terms.Any(term => term.Coefficient.Sign < 0) && sum.Terms.Any(term => term.Coefficient.Sign > 0))
            {
                return product * Monomial.Of(atom, -exponent) * Monomial.Of(SumAtom(-sum), exponent);
            }
        }

        return null;
    }

    /// <summary>Terms of higher degree first, then in the order of their factors; the constant last.</summary>
    private static List<(Monomial Monomial, Rational Coefficient)> Sorted(Form form)
    {
        var terms = form.Terms.ToList();
        terms.Sort((a, b) => a.Monomial.Factors.Length == 0 || b.Monomial.Factors.Length == 0 ? (a.Monomial.Factors.Length == 0).CompareTo(b.Monomial.Factors.Length == 0)
            : b.Monomial.Degree.CompareTo(a.Monomial.Degree) is var byDegree && byDegree != 0 ? byDegree
            : string.CompareOrdinal(a.Monomial.Order, b.Monomial.Order));
        return terms;
    }

    /// <summary>A term, written once: so functions of functions, however deep, are not entered again.</summary>
    private Expr Product(Monomial monomial, Rational coefficient) =>
        _products.TryGetValue((monomial, coefficient), out var known) ? known : _products[(monomial, coefficient)] = NewProduct(monomial, coefficient);

    private Expr NewProduct(Monomial monomial, Rational coefficient)
    {
        var factors = Identities.Quotients(monomial, this).ToList();
        var (above, below) = (new List<(string Order, Expr Node)>(), new List<(string Order, Expr Node)>());
        var exponential = Form.Of(factors.Where(factor => factor.Atom.Exponent is not null && factor.Atom.Base is null).SelectMany(factor => factor.Atom.Exponent!.Times(Monomial.One, factor.Exponent).Terms));
        if (exponential.Count > 0)
        {
            above.Add(("1exp", Interned(Expr.Exp(Written(Reduced(exponential))))));
        }

        foreach (var powers in factors.Where(factor => factor.Atom.Base is not null).GroupBy(factor => factor.Atom.Base!, ReferenceEqualityComparer.Instance))
        {
            var exponent = Form.Of(powers.SelectMany(factor => factor.Atom.Exponent!.Times(Monomial.One, factor.Exponent).Terms));
            var ownExponent = monomial.ExponentOf(AtomOf((Expr)powers.Key!));
            exponent += Form.Of(ownExponent);
            factors.RemoveAll(factor => ReferenceEquals(factor.Atom.Node, powers.Key));
            above.Add((powers.First().Atom.Order, Interned(Expr.Pow((Expr)powers.Key!, Written(Reduced(exponent))))));
        }

        foreach (var equal in factors.Where(factor => factor.Atom.Exponent is null).GroupBy(factor => factor.Exponent))
        {
            var size = equal.Key.Sign < 0 ? -equal.Key : equal.Key;
            var side = equal.Key.Sign < 0 ? below : above;
            var atoms = equal.Select(factor => factor.Atom).OrderBy(atom => atom.Order, StringComparer.Ordinal).ToArray();
            if (size.IsOne)
            {
                side.AddRange(atoms.Select(atom => (atom.Order, atom.Node)));
            }
            else
            {
                var product = atoms.Select(atom => atom.Node).Aggregate((a, b) => Interned(a * b));
                side.Add((atoms[0].Order, Interned(size.Equals(new(1, 2)) ? Expr.Sqrt(product) : Expr.Pow(product, size.Value))));
            }
        }

        var (numerator, denominator) = IsFraction(coefficient) ? ((double)coefficient.Numerator, (double)coefficient.Denominator) : (coefficient.Value, 1);
        var top = Chain(numerator, above);
        return denominator == 1 && below.Count == 0 ? top : Interned(top / Chain(denominator, below));
    }

    /// <summary>Whether a number is written as a fraction of whole numbers: 1/3 and 2/7, but 0.3.</summary>
    private static bool IsFraction(Rational x) =>
        x.IsSimple && (BigInteger.Abs(x.Numerator).IsOne || x.IsInteger || ValueText.Number(x.Value).Length > LongestDecimal);

    private Expr Chain(double coefficient, List<(string Order, Expr Node)> factors)
    {
        var nodes = factors.OrderBy(factor => factor.Order, StringComparer.Ordinal).Select(factor => factor.Node).ToList();
        if (coefficient != 1 || nodes.Count == 0)
        {
            nodes.Insert(0, coefficient);
        }

        return nodes.Aggregate((a, b) => Interned(a * b));
    }

    /// <summary>
    /// A text that orders nodes: the beginning of the formula, and after it a hash of the whole of it, attributes such as axes and the functions of programs
    /// included, whatever the order of operands is.
    /// </summary>
    public string TextOf(Expr root)
    {
        PostOrder.Walk(root, node => !_texts.ContainsKey(node), node =>
        {
            var operands = node.Operands.Select(operand => _texts[operand]).ToArray();
            if (node.Op.IsCommutative())
            {
                Array.Sort(operands, (a, b) => string.CompareOrdinal(a.Text, b.Text) is var order && order != 0 ? order : a.Hash.CompareTo(b.Hash));
            }

            var text = node.Op == Op.Constant ? ValueText.Tensor(node.Storage, ValueText.Number, 4)
                : node.Name.Case is string name ? name
                : $"{node.Op.Name()}({string.Join(',', operands.Select(operand => operand.Text))})";
            var last = node.Op == Op.Constant && node.Shape.Size > 0 ? BitConverter.DoubleToInt64Bits(node.Storage[node.Shape.Size - 1]).GetHashCode() : 0;
            var hash = text.Aggregate(Mixed((int)node.Op, last), (sum, letter) => Mixed(sum, letter));
            foreach (var (label, attribute) in (node.Primitive as TensorPrimitive)?.Attributes(node) ?? [])
            {
                hash = label.Concat(attribute).Aggregate(hash, (sum, letter) => Mixed(sum, letter));
            }

            foreach (var result in (node.Primitive as ProgramPrimitive)?.Computations.SelectMany(computation => computation.Results) ?? [])
            {
                TextOf(result);
                hash = Mixed(hash, _texts[result].Hash);
            }

            hash = operands.Aggregate(node.Shape.Aggregate(hash, Mixed), (sum, operand) => Mixed(sum, operand.Hash));

            _texts[node] = (text.Length <= OrderLength ? text : text[..OrderLength], hash);
        });
        return $"{_texts[root].Text}#{_texts[root].Hash:x8}";
    }

    // Unlike that of the runtime, this hash is the same in every process, and so is the order.
    private static int Mixed(int hash, int number) => unchecked((hash * 16777619) ^ number);
}
