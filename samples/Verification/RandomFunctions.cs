// Random differentiable functions: as data, as source, and checked.

using Autodiff.Functional;

namespace Verification;

internal static class RandomFunctions
{
    public static void Show(Page page)
    {
        page.Chapter("Random programs", "RandomPrograms draws functions to try a transform, a compiler or a rule with. One prints itself as C#:");
        var program = RandomPrograms.Generate(seed: 3, new() { LongestProgram = 4, Depth = 1 });
        page.Verbatim(program.ToCSharp());
        page.Run(print =>
        {
            var programs = Enumerable.Range(0, 50).Select(i => RandomPrograms.Generate((ulong)i));
            print(programs.Count(p => Check.Adjoint(p.Function, p.Input).IsSucc));
        });
    }
}
