// Compiled sums of products with few and many terms and any letters, which become kernels or products of matrices.

using Autodiff.PropertyTests.Generators;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using static Autodiff.Functional.AD;
using static Autodiff.Functional.Expr;

namespace Autodiff.PropertyTests.Compiling;

public class EinsumTests
{
    private static readonly string[] s_texts =
    [
        "i,i->", "i,j->ij", "i,j->ji", "ij,j->i", "ij,i->j", "ij,ij->", "ij,ij->i", "ij,ji->", "ij,jk->ik", "ij,kj->ik", "ji,jk->ik", "ji,kj->ki",
        "bij,bjk->bik", "bij,bkj->bik", "bij,jk->bik", "bij,jk->ibk", "ijb,jkb->ikb", "bi,bij->bj", "bi,bj->bij", "bi,bj->ij", "bij,bij->b", "bij,i->bj",
        "ij->ji", "ij->i", "ij->", "ii->", "ii->i", "iij->j", "ij,jk,k->i", "bi,ij,bj->b", "ai,bi->ab", "abi,abi->ab", "abi,bi->a", "ij,k->ijk", "ij,j->ij", "i,ij->ji",
        "ijk,ijl->kl", "ijk,jil->kl", "ijk,jil->lk", "ijk,kl->ijl", "ijk,lk->jli", "abij,abjk->abik", "abij,bajk->aikb", "ij,kl->ikjl", "aij,bji->ab", "ijkl,klm->ijm",
        "ijk,ijk->", "ijk,kji->", "iij,jk->ik", "ij,jj->i", "iji,j->ij", "iijj->ij", "ij,ij->ji", "ijk->ki", "ijk->j",
    ];

    [Property(MaxTest = 150, QuietOnSuccess = true)]
    public Property Values_and_derivatives_are_those_of_the_function() => Prop.ForAll(Cases.ToArbitrary(), c =>
    {
        var (first, rest) = (c.Operands[0], c.Operands[1..]);
        Agree(first, x => Einsum(c.Text, [x, .. rest]));
        if (rest.Length > 0)
        {
            Agree(rest[^1], x => Einsum(c.Text, [first, .. rest[..^1], x]));
        }
    });

    [Property(MaxTest = 60, QuietOnSuccess = true)]
    public Property With_elementwise_functions_around_them() => Prop.ForAll(Cases.ToArbitrary(), c =>
    {
        var rest = c.Operands[1..];
        Agree(c.Operands[0], x => Sin(Einsum(c.Text, [Sin(x) + Mean(x), .. rest.Select(y => y * 2)]) / 10));
    });

    [Property(MaxTest = 40, QuietOnSuccess = true)]
    public Property Of_operands_moved_before() => Prop.ForAll(Cases.ToArbitrary(), c =>
    {
        var rest = c.Operands[1..];
        Agree(Flip(Transpose(c.Operands[0])), x => Transpose(Einsum(c.Text, [Flip(Transpose(x)), .. rest])));
    });

    [Property(MaxTest = 40, QuietOnSuccess = true)]
    public Property In_batches() => Prop.ForAll(Cases.Where(c => c.Operands.Sum(x => x.Shape.Size) < 3000).ToArbitrary(), Gen.Elements(2, 9).ToArbitrary(), (c, count) =>
    {
        var rest = c.Operands[1..];
        var batch = Batching.About(c.Operands[0], count, 0, 1);
        Func<Expr, Expr> f = x => Einsum(c.Text, [x, .. rest]);
        Func<Expr, Expr> scalar = x => Sum(Sin(f(x) / 10));
        Engines.Agree(batch, compile => [compile(Vmap(f)), Vmap(compile(f)), compile(Vmap(Grad(scalar))), compile(Vmap(x => f(x) * Mean(x)))]);
    });

    private sealed record Case(string Text, Expr[] Operands)
    {
        public override string ToString() => $"{Text} of {string.Join(", ", Operands.Select(x => x.Shape))}";
    }

    private static Gen<Case> Cases { get; } =
        from text in Gen.Elements(s_texts)
        let letters = text.Where(char.IsAsciiLetter).Distinct().ToArray()
        from lengths in Gen.Frequency((3, Gen.Choose(1, 12)), (1, Gen.Elements(16, 17, 31, 33)), (1, Gen.Choose(13, 70))).ArrayOf(letters.Length)
        where lengths.Aggregate(1L, (product, length) => product * length) < 200_000
        from operands in Gen.CollectToArray(text.Split("->")[0].Split(','), axes => Tensors.Of(new Shape([.. axes.Select(letter => lengths[Array.IndexOf(letters, letter)])])))
        select new Case(text, operands);

    private static void Agree(Expr at, Func<Expr, Expr> f)
    {
        var weights = Tensors.Direction(f(at).Shape, 3);
        var direction = Tensors.Direction(at.Shape, 5);
        Func<Expr, Expr> scalar = x => Sum(Sin(f(x) / 10) * weights);
        Engines.Agree(at, compile =>
        [
            compile(f),
            compile(Grad(scalar)),
            compile(x => Jvp(f)(x, direction).Tangent),
            compile(x => Jvp(Grad(scalar))(x, direction).Tangent),
        ]);
    }
}
