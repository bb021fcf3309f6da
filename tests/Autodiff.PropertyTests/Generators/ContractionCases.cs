// Random calls of the products of tensors, with one loop over all assignments of positions to axes as the reference.

using FsCheck;
using FsCheck.Fluent;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Generators;

internal static class ContractionCases
{
    private const string Letters = "abcd";
    private const string Hidden = "XY";

    public static IReadOnlyDictionary<string, Gen<StructuralCase>> All { get; } = new Dictionary<string, Gen<StructuralCase>>
    {
        ["Dot"] = from n in Gen.Choose(0, 4)
                  from a in Tensors.Of(new Shape(n))
                  from b in Tensors.Of(new Shape(n))
                  select new StructuralCase("Dot", [a, b], v => Dot(v[0], v[1]), v => Contract(["i", "i"], "", v)),
        ["Outer"] = from m in Gen.Choose(0, 4)
                    from n in Gen.Choose(1, 4)
                    from a in Tensors.Of(new Shape(m))
                    from b in Tensors.Of(new Shape(n))
                    select new StructuralCase("Outer", [a, b], v => Outer(v[0], v[1]), v => Contract(["i", "j"], "ij", v)),
        ["Trace"] = from n in Gen.Choose(0, 4)
                    from x in Tensors.Of(new Shape(n, n))
                    select new StructuralCase("Trace", [x], v => Trace(v[0]), v => Contract(["ii"], "", v)),
        ["Diag of a matrix"] = from n in Gen.Choose(0, 4)
                               from x in Tensors.Of(new Shape(n, n))
                               select new StructuralCase("Diag", [x], v => Diag(v[0]), v => Contract(["ii"], "i", v)),
        ["Diag of a vector"] = from n in Gen.Choose(1, 4)
                               from x in Tensors.Of(new Shape(n))
                               select new StructuralCase("Diag", [x], v => Diag(v[0]), v => Grid.Build([n, n], at => at[0] == at[1] ? v[0][at[0]] : 0)),
        ["MatMul"] = Matrices(),
        ["Einsum"] = Sums(),
    };

    private static Gen<StructuralCase> Matrices() =>
        from m in Gen.Choose(1, 3)
        from k in Gen.Frequency((6, Gen.Choose(1, 3)), (1, Gen.Constant(0)))
        from n in Gen.Choose(1, 3)
        from batch in Gen.Choose(1, 3).ArrayOf(2)
        from leftBatch in Tensors.StretchingTo(new Shape(batch))
        from rightBatch in Tensors.StretchingTo(new Shape(batch))
        from left in Gen.Elements(new Shape(k), new Shape([.. leftBatch, m, k]))
        from right in Gen.Elements(new Shape(k), new Shape([.. rightBatch, k, n]))
        from a in Tensors.Of(left)
        from b in Tensors.Of(right)
        select new StructuralCase("MatMul", [a, b], v => MatMul(v[0], v[1]), v => Product(v[0], v[1]));

    /// <summary>The reference for MatMul: a vector on the left is one row, on the right one column; batch axes broadcast.</summary>
    private static Grid Product(Grid a, Grid b)
    {
        var (rows, columns) = (a.Rank > 1, b.Rank > 1);
        var (left, right) = (a.Lengths[..^(rows ? 2 : 1)], b.Lengths[..^(columns ? 2 : 1)]);
        var rank = Math.Max(left.Length, right.Length);
        int FromEnd(int[] lengths, int axis) => axis <= lengths.Length ? lengths[^axis] : 1;
        var batch = Enumerable.Range(0, rank).Select(axis => Math.Max(FromEnd(left, rank - axis), FromEnd(right, rank - axis)));
        return Grid.Build([.. batch, .. rows ? a.Lengths[^2..^1] : [], .. columns ? b.Lengths[^1..] : []], at =>
        {
            int[] row = rows ? [at[rank]] : [];
            int[] column = columns ? [at[^1]] : [];
            return Enumerable.Range(0, a.Lengths[^1]).Sum(j => a.Stretched([.. at[..rank], .. row, j]) * b.Stretched([.. at[..rank], j, .. column]));
        });
    }

    /// <summary>
    /// Calls of Einsum with 1 to 3 operands. Letters may be repeated within an operand and between operands. Some axes are covered by an ellipsis
    /// instead of a letter, and may then have length 1. The result has some of the letters in any order, or is not stated.
    /// </summary>
    private static Gen<StructuralCase> Sums() =>
        from lengths in Gen.Choose(1, 3).ArrayOf(Letters.Length + Hidden.Length)
        from count in Gen.Choose(1, 3)
        from named in Gen.Choose(0, 3).SelectMany(rank => Gen.Elements(Letters.ToCharArray()).ArrayOf(rank)).ArrayOf(count)
        from hidden in Gen.Frequency((2, Gen.Constant(new int[count])), (1, Gen.Choose(0, Hidden.Length).ArrayOf(count)))
        let ellipsis = hidden.Any(axes => axes > 0)
        let widest = Hidden[(Hidden.Length - hidden.Max())..]
        let inputs = named.Zip(hidden, (letters, axes) => Hidden[(Hidden.Length - axes)..] + new string(letters)).ToArray()
        from output in Gen.SubListOf(named.SelectMany(letters => letters).Distinct().ToArray()).SelectMany(some => Gen.Shuffle(some.ToArray()))
        from isImplicit in Gen.Elements(false, false, true)
        let result = isImplicit ? Once([.. named.SelectMany(letters => letters)]) : new string(output)
        let dots = ellipsis ? "..." : ""
        let text = string.Join(',', named.Select(letters => dots + new string(letters))) + (isImplicit ? "" : $"->{dots}{result}")
        from stretched in Gen.Frequency((3, Gen.Constant("")), (1, Gen.SubListOf(Hidden.ToCharArray()).Select(string.Concat))).ArrayOf(count)
        from operands in Gen.CollectToArray(inputs.Zip(stretched), operand => Tensors.Of(new Shape([.. operand.Item1.Select(letter =>
            operand.Item2.Contains(letter, StringComparison.Ordinal) ? 1 : lengths[(Letters + Hidden).IndexOf(letter, StringComparison.Ordinal)])])))
        select new StructuralCase($"Einsum(\"{text}\")", operands, v => Einsum(text, v), v => Contract(inputs, widest + result, v));

    /// <summary>The result of an einsum without an arrow: the letters that occur once, in alphabetical order.</summary>
    private static string Once(char[] letters) => string.Concat(letters.Where(letter => letters.Count(other => other == letter) == 1).Order());

    /// <summary>The reference: a sum of products over all assignments of positions to letters.</summary>
    private static Grid Contract(string[] inputs, string output, Grid[] operands)
    {
        var letters = string.Concat(inputs.SelectMany(axes => axes).Distinct());
        var lengths = letters.Select(letter =>
            inputs.Zip(operands, (axes, x) => axes.IndexOf(letter, StringComparison.Ordinal) is var axis and >= 0 ? x.Lengths[axis] : 1).FirstOrDefault(length => length != 1, 1)).ToArray();
        int[] Of(string axes, int[] assignment) => [.. axes.Select(letter => assignment[letters.IndexOf(letter, StringComparison.Ordinal)])];
        var terms = Grid.Indices(lengths)
            .Select(assignment => (At: string.Join(' ', Of(output, assignment)), Term: inputs.Zip(operands, (axes, x) => x.Stretched(Of(axes, assignment))).Aggregate(1.0, (product, x) => product * x)))
            .ToLookup(term => term.At, term => term.Term);
        return Grid.Build(output.Select(letter => lengths[letters.IndexOf(letter, StringComparison.Ordinal)]), at => terms[string.Join(' ', at)].Sum());
    }
}
