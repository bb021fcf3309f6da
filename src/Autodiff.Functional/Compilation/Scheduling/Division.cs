// How the work of a group is divided, so that several threads can do it and the results do not depend on how many there are: what
// several parts add to the same numbers, each adds in memory of its own first.

namespace Autodiff.Functional.Compilation;

/// <summary>Numbers that every part of the work has of its own, until they are combined with those of a buffer.</summary>
/// <param name="Buffer">The buffer.</param>
/// <param name="Op">What combines two numbers.</param>
/// <param name="Start">Where they are in the memory of a part.</param>
/// <param name="Lanes">How many there are for each of the buffer.</param>
internal sealed record PartialSums(Buffer Buffer, Op Op, int Start, int Lanes)
{
    public int Size => (int)Buffer.Size * Lanes;
}

/// <summary>The parts of the work of a group.</summary>
/// <param name="Parts">How many there are.</param>
/// <param name="IsByRounds">Whether each takes some rounds of the outermost loop; if not, each takes some of the samples.</param>
/// <param name="Shared">The buffers that several parts add to.</param>
internal sealed record Division(int Parts, bool IsByRounds, IReadOnlySet<Buffer> Shared)
{
    // Parts that add up do not depend on how many threads there are, and so neither do sums.
    private const int SummedParts = 8;
    private const int FewSummed = 240;

    // Others can be more, which lets a thread that comes late take fewer.
    private const int PartsOfThread = 4;
    private const int FewSamples = 2 * AxisClasses.ShortestSamples;

    // Work that is over before another thread has come is one part.
    private const double LittleWork = 1 << 19;

    // What each part adds up is this much less than the work of all.
    private const int LeastWork = 8 * SummedParts;

    private static readonly Division s_one = new(1, false, new HashSet<Buffer>());

    /// <summary>What each part adds up in memory of its own.</summary>
    public IReadOnlyList<PartialSums> Sums { get; private init; } = [];

    /// <summary>How many numbers these are.</summary>
    public int Size => Sums.Sum(sums => sums.Size);

    /// <summary>How many parts have such memory: if none adds to the numbers of another, they can share it.</summary>
    public int SummingParts => IsByRounds && Shared.Count == 0 ? 1 : Parts;

    /// <summary>Divides a group of kernels, and tells them where they add up.</summary>
    public static Division Of(List<IStep> group, int threads)
    {
        Kernel[] kernels = [.. group.OfType<Kernel>()];
        var division = Dividing(kernels, threads);
        var sums = new List<PartialSums>();
        foreach (var kernel in kernels)
        {
            kernel.AddInParts((act, op, buffer) =>
            {
                if (act != Act.Fold && !division.Shared.Contains(buffer))
                {
                    return null;
                }

                var known = sums.Find(known => known.Buffer == buffer);
                if (known is null)
                {
                    sums.Add(known = new(buffer, op, sums.Sum(each => each.Size), act == Act.Fold ? AxisClasses.ShortestSamples : 1));
                }

                return known;
            });
        }

        return division with { Sums = sums };
    }

    private static Division Dividing(Kernel[] kernels, int threads)
    {
        var work = kernels.Sum(kernel => kernel.Work);
        if (work <= LittleWork)
        {
            return s_one;
        }

        var samples = kernels[0].Space.Samples;
        var byRounds = kernels is [{ Space.Lengths: [>= SummedParts and var rounds, ..] }] ? Divided(true, rounds, rounds) : s_one;
        var bySamples = byRounds.Parts > 1 && samples < SummedParts * FewSummed ? s_one : Divided(false, samples / FewSummed, samples / FewSamples);
        return bySamples.Parts > 1 ? bySamples : byRounds;

        Division Divided(bool isByRounds, int mostSummed, int most)
        {
            var shared = new HashSet<Buffer>();
            var isSummed = !isByRounds && Array.Exists(kernels, kernel => kernel.Code.Exists(instruction => instruction.Act == Act.Fold));
            foreach (var kernel in kernels)
            {
                if (isByRounds && !kernel.StoresEveryRound)
                {
                    return s_one;
                }

                shared.UnionWith(isByRounds ? kernel.SharedByRounds : kernel.SharedBySamples);
            }

            var parts = isSummed || shared.Count > 0 ? Math.Min(SummedParts, mostSummed) : Math.Min(PartsOfThread * Math.Max(2, threads), most);
            return parts > 1 && shared.Sum(buffer => buffer.Size) * LeastWork <= work ? new(parts, isByRounds, shared) : s_one;
        }
    }
}
