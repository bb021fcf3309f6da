// From nodes to forms: what elementwise operations mean as sums of products of powers.

using Autodiff.Functional.Programs;

namespace Autodiff.Functional.Algebra;

/// <summary>
/// A pass over a computation that writes each formula of elementwise operations in its normal form. A sum that is only read by another sum is not written by
/// itself, and neither is a product in a product, so that the cost is that of all terms together.
/// </summary>
internal sealed class Normalization
{
    // The largest whole power that is taken of a coefficient, or of a sum that is multiplied out; and the most terms that this makes.
    private const int LargestPower = 1000;
    private const int MostTerms = 100_000;

    private readonly FormWriter _writer = new();
    private readonly bool _expands;
    private readonly int[] _readers;
    private readonly bool[] _isPart;
    private readonly HashSet<Expr> _parts = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<Atom> _shared = [];
    private readonly Dictionary<Expr, int> _places = new(ReferenceEqualityComparer.Instance);

    private Normalization(Computation computation, bool expands)
    {
        _expands = expands;
        (_readers, _isPart) = ReadersOf(computation);
        for (var i = 0; i < computation.Nodes.Length; i++)
        {
            _places.Add(computation.Nodes[i], i);
        }
    }

    /// <summary>The computation with its formulas in normal form.</summary>
    public static Computation Apply(Computation computation) => new Normalization(computation, expands: false).Run(computation);

    /// <summary>The computation with the operands of single sums and products in order, and otherwise as it is.</summary>
    public static Computation Order(Computation computation)
    {
        var writer = new FormWriter();
        return Rewriting.Apply(computation, node => writer.Interned(
            node.Op.IsCommutative() && string.CompareOrdinal(writer.TextOf(node.Operand(0)), writer.TextOf(node.Operand(1))) > 0 ? node.WithOperands(node.Operand(1), node.Operand(0)) : node));
    }

    /// <summary>The same with products and powers of sums multiplied out.</summary>
    public static Computation Expand(Computation computation) => new Normalization(computation, expands: true).Run(computation);

    /// <summary>The result as a polynomial in a variable, whose coefficients do not contain it as a factor; highest powers first.</summary>
    public static Expr Collect(Computation computation, Expr variable)
    {
        var normalization = new Normalization(computation, expands: true);
        var root = normalization.Run(computation).Results[0];
        var atom = normalization._writer.AtomOf(variable);
        var collected = (Expr?)null;
        foreach (var power in normalization.FormOf(root).Terms.GroupBy(term => term.Monomial.ExponentOf(atom)).OrderByDescending(power => power.Key))
        {
            var coefficient = Form.Of(power.Select(term => (term.Monomial * Monomial.Of(atom, -power.Key), term.Coefficient)));
            var isNegative = coefficient.Single is (_, { Sign: < 0 });
            var written = normalization._writer.Write(isNegative ? -coefficient : coefficient, ShapeOf(coefficient));
            var factor = normalization._writer.Write(Form.Of(Monomial.Of(atom, power.Key), 1), power.Key.IsZero ? Shape.Scalar : variable.Shape);
            var term = power.Key.IsZero ? written : coefficient.Single is ({ Factors: [] }, var number) && (number.IsOne || (-number).IsOne) ? factor : written * factor;
            collected = collected is null ? (isNegative ? -term : term) : isNegative ? collected - term : collected + term;
        }

        return Expr.BroadcastTo(collected ?? 0, root.Shape);
    }

    private Computation Run(Computation computation) => Rewriting.Apply(computation, Rewritten);

    private Expr Rewritten(Expr node, Rewriting rewriting)
    {
        // The leaf of a derivative that is over stands for its argument.
        if (rewriting.Original is { IsFreshLeaf: true, HasEnded: true })
        {
            return node.IsFreshLeaf ? node.Operand(0) : node;
        }

        if (_writer.IsWritten(node) || _parts.Contains(node))
        {
            return node;
        }

        var place = _places[rewriting.Original];
        if (_isPart[place])
        {
            _parts.Add(node);
            return node;
        }

        var form = FormOf(node, out var isElementwise);
        if (_readers[place] > 1 && form.Count > 1 && !_expands)
        {
            _shared.UnionWith(_writer.AsProduct(form).Monomial.Factors.Select(factor => factor.Atom));
        }

        return _writer.Known(isElementwise ? _writer.Write(form, node.Shape) : _writer.Interned(node), form);
    }

    /// <summary>How often each node is read, and which are sums read by one sum alone, or products read by one product alone.</summary>
    private static (int[] Readers, bool[] IsPart) ReadersOf(Computation computation)
    {
        var first = computation.Parameters.Length;
        var (readers, reader) = (new int[first + computation.Nodes.Length], new int[first + computation.Nodes.Length]);
        for (var i = 0; i < computation.Nodes.Length; i++)
        {
            foreach (var slot in computation.OperandSlots[i])
            {
                if (slot != Computation.ConstantSlot)
                {
                    readers[slot]++;
                    reader[slot] = i;
                }
            }
        }

        foreach (var slot in computation.ResultSlots)
        {
            if (slot != Computation.ConstantSlot)
            {
                readers[slot] = int.MaxValue;
            }
        }

        return (readers[first..], [.. computation.Nodes.Select((node, i) => readers[first + i] == 1 && computation.Nodes[reader[first + i]] is var next
            && ((IsSum(node.Op) && IsSum(next.Op)) || (IsProduct(node.Op) && IsProduct(next.Op))))]);
    }

    private static bool IsSum(Op op) => op is Op.Add or Op.Subtract;

    private static bool IsProduct(Op op) => op is Op.Multiply or Op.Divide;

    /// <summary>The form of a node whose operands have been rewritten.</summary>
    private Form FormOf(Expr node, out bool isElementwise)
    {
        isElementwise = true;
        switch (node.Op)
        {
            case Op.Add or Op.Subtract:
                return Identities.Applied(Form.Of(Parts(node, IsSum).SelectMany(part =>
                    (part.IsInverse ? -TermsOf(part.Node) : TermsOf(part.Node)).Terms)), _writer);
            case Op.Negate:
                return -FormOf(node.Operand(0));
            case Op.PlusZero or Op.BroadcastTo:
                return FormOf(node.Operand(0));
            case Op.Multiply or Op.Divide:
                return Product(node);
            case Op.Pow when FormOf(node.Operand(1)).Constant is { } exponent:
                return Power(FormOf(node.Operand(0)), exponent);
            case Op.Pow:
                return Exponential(FormOf(node.Operand(1)), node.Operand(0));
            case Op.Sqrt:
                return Power(FormOf(node.Operand(0)), new(1, 2));
            case Op.Exp:
                return Exponential(FormOf(node.Operand(0)), null);
            case Op.Tan or Op.Tanh when node.Operand(0) is var x:
                return FunctionOf(node.Op == Op.Tan ? Expr.Sin(x) : Expr.Sinh(x)) * Power(FunctionOf(node.Op == Op.Tan ? Expr.Cos(x) : Expr.Cosh(x)), -1);
            default:
                isElementwise = node.Op.IsElementwise();
                return isElementwise ? FunctionOf(node) : FormOf(node);
        }
    }

    private Form FormOf(Expr node) => _writer.FormOf(node);

    /// <summary>
    /// The terms of an operand of a sum, also of a sum times a number. A sum that is used elsewhere too is one term, so that it stays shared, unless sums are
    /// multiplied out; where its terms cancel others, the writer finds that.
    /// </summary>
    private Form TermsOf(Expr node)
    {
        var form = FormOf(node);
        if (form.Count > 1 && !_expands)
        {
            var shared = _writer.AtomOf(node, form);
            _shared.Add(shared);
            return Form.Of(Monomial.Of(shared, 1), 1);
        }

        return form.Single is var (monomial, coefficient) && monomial.Factors is [({ Sum: { } sum } atom, { IsOne: true })] && !_shared.Contains(atom) ? sum.Times(Monomial.One, coefficient) : form;
    }

    /// <summary>What a sum or a product is made of, through the parts that only it reads.</summary>
    private IEnumerable<(Expr Node, bool IsInverse)> Parts(Expr node, Func<Op, bool> isOfKind)
    {
        var open = new Stack<(Expr Node, bool IsInverse)>([(node, false)]);
        while (open.TryPop(out var part))
        {
            if (!ReferenceEquals(part.Node, node) && !(_parts.Contains(part.Node) && isOfKind(part.Node.Op)))
            {
                yield return part;
                continue;
            }

            open.Push((part.Node.Operand(1), part.IsInverse ^ part.Node.Op is Op.Subtract or Op.Divide));
            open.Push((part.Node.Operand(0), part.IsInverse));
        }
    }

    private Form Product(Expr node)
    {
        var (monomial, coefficient, sums) = (Monomial.One, Rational.One, Form.Of(Rational.One));
        foreach (var (factor, isInverse) in Parts(node, IsProduct))
        {
            var form = FormOf(factor);
            if (_expands && !isInverse && form.Count != 1)
            {
                sums = Multiplied(sums, form);
                continue;
            }

            var (own, number) = _writer.AsProduct(form);
            if (number.IsZero && isInverse)
            {
                // A division by 0 has no finite value, and stays.
                return Form.Of(Monomial.Of(_writer.AtomOf(node), 1), 1);
            }

            (monomial, coefficient) = (monomial * (isInverse ? own.Power(-1) : own), coefficient * (isInverse ? number.Inverse() : number));
        }

        return sums.Times(monomial, coefficient);
    }

    private static Form Multiplied(Form a, Form b) => (long)a.Count * b.Count <= MostTerms ? a * b
        : throw new AutodiffException($"Expand: a product of sums with {a.Count} and {b.Count} terms has up to {(long)a.Count * b.Count} terms; at most {MostTerms} are written out.");

    private Form Power(Form form, Rational exponent)
    {
        if (exponent.IsZero)
        {
            return Form.Of(Rational.One);
        }

        if (_expands && form.Count > 1 && exponent.IsInteger && exponent.Sign > 0 && exponent.CompareTo(LargestPower) <= 0)
        {
            var power = Form.Of(Rational.One);
            for (var k = 0; k < (int)exponent.Numerator; k++)
            {
                power = Multiplied(power, form);
            }

            return power;
        }

        var (monomial, coefficient) = _writer.AsProduct(form);
        if (coefficient.IsZero)
        {
            return exponent.Sign > 0 ? Form.Zero : Form.Of(Monomial.Of(_writer.AtomOf(Expr.Pow(0, exponent.Value)), 1), 1);
        }

        if (exponent.IsInteger)
        {
            return exponent.CompareTo(LargestPower) <= 0 && exponent.CompareTo(-LargestPower) >= 0
                ? Form.Of(monomial.Factors.Length == 0 ? Monomial.One : monomial.Power(exponent), coefficient.Power((int)exponent.Numerator))
                : Form.Of(Monomial.Of(_writer.AtomOf(_writer.Write(form, ShapeOf(form))), exponent), 1);
        }

        // (a² b c)^½ = |a| (b c)^½: factors that are never negative leave a root one by one, and so does a single factor.
        var (outside, inside) = (Monomial.One, Monomial.One);
        foreach (var (atom, own) in monomial.Factors)
        {
            var isEven = own.IsEven;
            var whole = own * exponent;
            if (isEven || IsNeverNegative(atom) || !own.Denominator.IsOne)
            {
                outside *= Monomial.Of(isEven && !whole.IsEven && !IsNeverNegative(atom) ? _writer.AtomOf(Expr.Abs(atom.Node)) : atom, whole);
            }
            else
            {
                inside *= Monomial.Of(atom, own);
            }
        }

        var (root, isExact) = RootOf(coefficient, exponent);
        if (coefficient.Sign > 0 && isExact && inside.Factors.Length <= 1)
        {
            return Form.Of(outside * (inside.Factors.Length == 0 ? Monomial.One : inside.Power(exponent)), root);
        }

        var number = isExact ? Rational.One : coefficient;
        var under = Form.Of(inside, coefficient.Sign < 0 ? coefficient : number);
        return Form.Of(outside * Monomial.Of(_writer.AtomOf(_writer.Write(under, ShapeOf(under))), exponent), coefficient.Sign > 0 && isExact ? root : Rational.One);
    }

    private static Shape ShapeOf(Form form)
    {
        var shape = Shape.Scalar;
        foreach (var (monomial, _) in form.Terms)
        {
            foreach (var (atom, _) in monomial.Factors)
            {
                shape = Shape.Broadcast(shape, atom.Node.Shape, Op.Multiply);
            }
        }

        return shape;
    }

    /// <summary>A power of a positive number, and whether it is exact.</summary>
    private static (Rational Power, bool IsExact) RootOf(Rational x, Rational exponent)
    {
        if (x.Sign <= 0 || exponent.Denominator > 64 || exponent.Numerator > 64 || exponent.Numerator < -64)
        {
            return (x, x.IsOne);
        }

        var (n, root) = ((int)exponent.Denominator, Rational.Of(Math.Round(Math.Pow((double)x.Numerator, 1.0 / (int)exponent.Denominator))));
        var below = Rational.Of(Math.Round(Math.Pow((double)x.Denominator, 1.0 / n)));
        return root is { } p && below is { IsZero: false } q && p.Power(n).Equals(new(x.Numerator, 1)) && q.Power(n).Equals(new(x.Denominator, 1))
            ? ((p * q.Inverse()).Power((int)exponent.Numerator), true)
            : (x, false);
    }

    private static bool IsNeverNegative(Atom atom) => atom is { Exponent: not null, Base: null }
        || atom.Node.Op is Op.Abs or Op.Sigmoid or Op.Softplus or Op.Relu or Op.Cosh or Op.Norm or Op.Exp2 or Op.Hypot or Op.NormalCdf or Op.Erfc;

    /// <summary>
    /// e^(a + 2b) as e^a (e^b)², and in the same way for another base, so that powers of one base are collected; e^(n log x) as xⁿ, for the x for which the
    /// logarithm is defined.
    /// </summary>
    private Form Exponential(Form exponent, Expr? @base)
    {
        var product = Form.Of(Rational.One);
        foreach (var (monomial, coefficient) in exponent.Terms)
        {
            var factor =
                @base is null && monomial.Factors is [({ Node.Op: Op.Log } logarithm, { IsOne: true })] ? Power(FormOf(logarithm.Node.Operand(0)), coefficient)
                : @base is not null && monomial.Factors.Length == 0 && FormOf(@base).Single is ({ Factors: [(_, { IsOne: true })] } atom, { IsOne: true }) ? Form.Of(atom.Power(coefficient), 1)
                : Form.Of(Monomial.Of(ExponentialAtom(monomial, @base), coefficient), 1);
            product = Multiplied(product, factor);
        }

        return product;
    }

    private Atom ExponentialAtom(Monomial monomial, Expr? @base)
    {
        var exponent = Form.Of(monomial, 1);
        var written = _writer.Write(exponent, ShapeOf(exponent));
        return _writer.AtomOf(@base is null ? Expr.Exp(written) : Expr.Pow(@base, written), exponent: exponent, @base: @base);
    }

    /// <summary>An elementwise function as an atom; its sign, or the function and its inverse, taken away.</summary>
    private Form FunctionOf(Expr node)
    {
        if (node.OperandCount == 1)
        {
            var x = FormOf(node.Operand(0));
            if (node.Op is Op.Sin or Op.Asin or Op.Atan or Op.Sinh or Op.Asinh or Op.Atanh or Op.Erf or Op.Cbrt or Op.Sign or Op.Cos or Op.Cosh or Op.Abs or Op.Sinc
                && _writer.AsProduct(x) is { Coefficient.Sign: < 0 })
            {
                var positive = FunctionOf(_writer.Interned(node.WithOperands(_writer.Write(-x, node.Shape))));
                return node.Op is Op.Cos or Op.Cosh or Op.Abs or Op.Sinc ? positive : -positive;
            }

            if (x.Single is var (monomial, coefficient) && monomial.Factors is [var (atom, exponent)])
            {
                if (coefficient.IsOne && exponent.IsOne && atom.Node.OperandCount == 1 && AreInverse(node.Op, atom.Node.Op))
                {
                    return FormOf(atom.Node.Operand(0));
                }

                if (node.Op == Op.Log && coefficient.IsOne && atom is { Exponent: { } power, Base: null })
                {
                    return power.Times(Monomial.One, exponent);
                }

                if (node.Op == Op.Abs && (IsNeverNegative(atom) || exponent.IsEven))
                {
                    return x;
                }
            }
        }

        return node.Op == Op.Where && ReferenceEquals(node.Operand(1), node.Operand(2)) ? FormOf(node.Operand(1))
            : Form.Of(Monomial.Of(_writer.AtomOf(node), 1), 1);
    }

    /// <summary>Whether outer(inner(x)) = x where the left side is defined.</summary>
    private static bool AreInverse(Op outer, Op inner) => (outer, inner) is
        (Op.Sin, Op.Asin) or (Op.Cos, Op.Acos) or (Op.Sinh, Op.Asinh) or (Op.Asinh, Op.Sinh) or (Op.Cosh, Op.Acosh)
        or (Op.ExpM1, Op.LogP1) or (Op.LogP1, Op.ExpM1) or (Op.Exp2, Op.Log2) or (Op.Log2, Op.Exp2) or (Op.NormalCdf, Op.NormalQuantile);
}
